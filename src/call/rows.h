/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the table of calls, by topic; each array ends with a row whose name is NULL. */
#ifndef SOCKSHELL_CALL_ROWS_H
#define SOCKSHELL_CALL_ROWS_H

#include <errno.h>

#include "call/call.h"

extern const struct call calls_socket[], calls_connection[], calls_option[], calls_data[], calls_message[],
    calls_wait[], calls_epoll[], calls_fd[], calls_process[], calls_signal[], calls_names[], calls_bytes[],
    calls_memory[], calls_text[], calls_stdio[];

/* What some errors mean for most calls. */
#define NOT_OPEN {EBADF, "The descriptor is not open: it was never made, or it has been closed already."}
#define NOT_SOCKET {ENOTSOCK, "The descriptor is open, but it is a file or a pipe and not a socket."}
#define BAD_POINTER {EFAULT, "A pointer was given that points to no memory of this process."}

#endif

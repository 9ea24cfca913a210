/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of the table of calls, by topic; each array ends with a row whose name is NULL. */
#ifndef SOCKSHELL_CALL_ROWS_H
#define SOCKSHELL_CALL_ROWS_H

#include "call/call.h"

extern const struct call calls_socket[], calls_option[], calls_data[], calls_message[], calls_wait[],
    calls_epoll[], calls_fd[], calls_process[], calls_signal[], calls_names[], calls_bytes[], calls_text[],
    calls_stdio[];

#endif

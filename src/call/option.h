/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket options: their names by level, and their values in words. */
#ifndef SOCKSHELL_CALL_OPTION_H
#define SOCKSHELL_CALL_OPTION_H

#include "call/call.h"

/* SO_* for SOL_SOCKET, TCP_* for IPPROTO_TCP…; NULL for levels without names here. */
const struct constant_set *option_set(int level);
/* Bytes that the value of an option has at most. */
size_t option_room(int level, int option);
/* Does its value hold addresses of memory, or a length that is not in bytes?  The kernel would follow them
 * past our checks, so such options are refused. */
bool option_points(int level, int option, size_t length);
/* "[1]", "{onoff=1, linger=5}", "[ECONNREFUSED]", "\"cubic\"". */
void option_show(int level, int option, const void *bytes, size_t length, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call's prototype, read: the types that its arguments are converted to. */
#ifndef SOCKSHELL_CALL_PROTOTYPE_H
#define SOCKSHELL_CALL_PROTOTYPE_H

#include "call/call.h"

struct signature {
    const struct type *result;
    const struct type *params[CALL_ARGS_MAX];
    size_t count;
    bool more; /* ends with ... */
};

/* "int listen(int sockfd, int backlog)".  False when it is no prototype, or
 * names an integer type that nobody knows; unknown types behind a * are taken
 * as void. */
bool prototype_read(const char *prototype, struct types *types, struct signature *signature);

#endif

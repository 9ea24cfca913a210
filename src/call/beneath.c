/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The system call beneath printf() and its like.  What a program prints to the
 * shell is told as output; but once it has put something else at descriptor 1 or
 * 2, a pipe or a socket, its C library makes a write() there that can send, fail
 * and sleep as any other, and is told as any other.
 */
#include <errno.h>
#include <unistd.h>

#include "call/caller.h"

ssize_t caller_write(struct caller *caller, int fd, const void *bytes, size_t length) {
    struct invocation *above = caller->announced; /* fgets(), which flushes before it reads */
    struct value answer = {0};
    struct error error = {0};
    struct invocation inv = {
        .caller = caller,
        .interp = caller->interp,
        .memory = interp_memory(caller->interp),
        .call = call_find("write"),
        .count = 3,
        .raw = {{.i = fd}, {.cp = bytes}, {.i = (int64_t)length}},
        .saved_errno = caller->error_number,
        .answer = &answer,
        .error = &error,
    };

    print_integer(&inv.call->args[0], inv.raw[0].i, &inv.texts[0]);
    print_bytes(bytes, length, &inv.texts[1]);
    print_integer(&inv.call->args[2], inv.raw[2].i, &inv.texts[2]);
    invocation_enter(&inv);
    ssize_t result = write(fd, bytes, length);
    int number = errno;
    invocation_leave(&inv, result, result < 0 ? number : 0);
    invocation_end(&inv);
    if (above != NULL)
        invocation_enter(above);
    errno = number;
    return result;
}

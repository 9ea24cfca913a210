/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tying actors to the shell's life; see lifeline.h. */
#include "actor/lifeline.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

bool lifeline_new(int ends[2]) {
    return pipe2(ends, O_CLOEXEC) == 0;
}

/* The kernel signals a change only: one that came before we asked must be looked for. */
static void end_if_cut(int fd) {
    struct pollfd line = {.fd = fd};

    if (poll(&line, 1, 0) > 0 && (line.revents & POLLHUP))
        _exit(0);
}

bool lifeline_hold(int read_end, int number) {
    char path[sizeof("/proc/self/fd/") + 3 * sizeof(int)];

    snprintf(path, sizeof(path), "/proc/self/fd/%d", read_end);
    int own = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (own < 0) {
        /* Still the inherited one, so that number never becomes the learner's. */
        if (read_end != number)
            dup3(read_end, number, O_CLOEXEC);
        end_if_cut(number);
        return false;
    }
    bool tied = fcntl(own, F_SETOWN, getpid()) == 0 && fcntl(own, F_SETSIG, SIGKILL) == 0 &&
                fcntl(own, F_SETFL, O_NONBLOCK | O_ASYNC) == 0 && dup3(own, number, O_CLOEXEC) >= 0;
    close(own);
    end_if_cut(number);
    return tied;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sockshell FILE.c without a terminal: standard input is the program's, as it
 * would be for the same program compiled.
 */
#include "session/program.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "view/plain.h"

/* Bytes that are given to a program before it asks for them, as a pipe would (pipe(7)): who waits for input in
 * poll() does not ask in any other way.  Then it gets as much as it asks for. */
#define AHEAD (64 << 10)

struct feeding {
    struct shell *shell;
    struct actor *actor;
    size_t given;
    bool ended; /* there is nothing more to come */
};

static bool runs(const struct feeding *feeding) {
    enum actor_state state = actor_state(feeding->actor);
    return state == ACTOR_RUNNING || state == ACTOR_BLOCKED;
}

/* The end of file is no bytes.  A program that reads no more is no mistake of anybody's. */
static void give(struct feeding *feeding, const char *bytes, size_t count) {
    struct error ignored = {0};
    feeding->ended = !actor_input(feeding->actor, bytes, count, &ignored) || count == 0;
    feeding->given += count;
    error_free(&ignored);
}

static void feed(struct feeding *feeding) {
    char bytes[4096];
    ssize_t got = read(STDIN_FILENO, bytes, sizeof(bytes));
    if (got >= 0)
        give(feeding, bytes, (size_t)got);
    else if (errno != EINTR && errno != EAGAIN)
        give(feeding, bytes, 0);
}

int program_run(struct shell *shell, const char *line) {
    struct feeding feeding = {.shell = shell, .actor = shell->current};
    bool written = true;
    shell_line(shell, line, strlen(line), "");
    shell_settle(shell); /* so that what it does with its input is told behind it, each time anew */
    written = view_flush(shell->view);
    while (written && runs(&feeding)) {
        bool wanted = !feeding.ended && (feeding.given < AHEAD || actor_wants_input(feeding.actor));
        struct pollfd input = {.fd = wanted ? STDIN_FILENO : -1, .events = POLLIN};
        shell_poll(shell, &input, 1);
        shell_listen(shell);
        written = view_flush(shell->view);
        if (input.revents == 0)
            continue;
        feed(&feeding);
        shell_settle(shell);
    }
    shell_settle(shell);
    bool failed = shell->misused || actor_failed(feeding.actor);
    if (view_flush(shell->view) && written)
        return failed ? 1 : 0;
    if (errno != EPIPE)
        fprintf(stderr, "sockshell: standard output cannot be written: %s\n", strerror(errno));
    return 1;
}

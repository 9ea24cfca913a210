/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines from a pipe or a file.  One loop waits for the next line and for the
 * actors alike, so that what they do is told when it happens, even while the
 * other end of the pipe is thinking.
 */
#include "session/script.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "lang/parse.h"
#include "shell/await.h"
#include "shell/queue.h"
#include "view/plain.h"

#define READ_SIZE 65536

struct script {
    struct shell *shell;
    int fd;
    const char *name;
    struct buf input;
    unsigned line; /* of the line being carried out, from 1 */
    bool ended, too_long;
    int failed; /* errno of a read that did */
};

/* Sleep until there is more input or an actor has something to say. */
static void wait_for_something(struct script *script) {
    struct shell *shell = script->shell;
    struct pollfd input = {.fd = script->fd, .events = POLLIN};
    shell_poll(shell, &input, 1);
    shell_listen(shell);
    view_flush(shell->view);
    if (input.revents == 0)
        return;
    char bytes[READ_SIZE];
    ssize_t got = read(script->fd, bytes, sizeof(bytes));
    if (got > 0)
        buf_add(&script->input, bytes, (size_t)got);
    else if (got == 0)
        script->ended = true;
    else if (errno != EINTR && errno != EAGAIN) {
        script->failed = errno;
        script->ended = true;
    }
}

/* A line without end would fill our memory: what is past the limit is dropped, and told once. */
static void drop_excess(struct script *script) {
    size_t limit = PARSE_SOURCE_MAX + READ_SIZE;
    if (script->input.length <= limit || memchr(script->input.data, '\n', script->input.length) != NULL)
        return;
    script->too_long = true;
    script->input.length = limit;
}

/* The next line and its length without the newline; false at the end of the input. */
static bool next_line(struct script *script, size_t *length, size_t *taken) {
    size_t searched = 0;
    for (;;) {
        const char *start = script->input.data;
        const char *newline = start != NULL && script->input.length > searched
                                  ? memchr(start + searched, '\n', script->input.length - searched)
                                  : NULL;
        if (newline != NULL) {
            *length = (size_t)(newline - start);
            *taken = *length + 1;
            break;
        }
        if (script->ended) {
            *length = *taken = script->input.length;
            if (*length == 0)
                return false;
            break;
        }
        searched = script->input.length;
        wait_for_something(script);
        drop_excess(script);
        if (searched > script->input.length)
            searched = script->input.length;
    }
    size_t mark = script->line == 0 ? utf8_mark(script->input.data, *length) : 0;
    buf_consume(&script->input, mark);
    *length -= mark;
    *taken -= mark;
    if (*length > 0 && script->input.data[*length - 1] == '\r')
        (*length)--;
    script->line++;
    return true;
}

static void finish(struct script *script) {
    struct shell *shell = script->shell;
    shell_drop_pending(shell, true);
    shell_settle(shell);
    struct actor *actor;
    for (size_t i = 0; (actor = crew_at(shell->crew, i)) != NULL; i++) {
        if (actor_state(actor) == ACTOR_RUNNING) /* computes, and was not in the way of other actors' lines */
            shell_wait_until_calm(shell, actor);
        if (actor_state(actor) == ACTOR_BLOCKED && await_may_end(shell, actor)) {
            if (!shell_wait(shell, actor))
                return;
            queue_feed(shell);
            shell_settle(shell);
            i = (size_t)-1; /* others may have been woken, or given their queued lines: begin again */
        }
    }
    for (const struct queued *at = shell->queue; at != NULL; at = at->next) {
        struct error error = {0};
        error_set(&error, ERROR_USAGE, (struct span){0}, "the script ended before %s was free for this queued line",
                  actor_name(at->actor));
        error_hint(&error, "end the script with .wait %s", actor_name(at->actor));
        shell_fault(shell, at->source, at->place, &error);
    }
}

int script_run(struct shell *shell, int fd, const char *name) {
    struct script script = {.shell = shell, .fd = fd, .name = name};
    bool written = true;
    size_t length, taken;
    while (!shell->quit && written && next_line(&script, &length, &taken)) {
        char *place = mem_format("%s:%u", name, script.line);
        shell_line(shell, script.too_long ? "" : script.input.data, script.too_long ? 0 : length, place);
        if (script.too_long) {
            struct error error = {0};
            error_set(&error, ERROR_LIMIT, (struct span){0}, "this line is longer than %d bytes", PARSE_SOURCE_MAX);
            error_hint(&error, "split it into several lines");
            shell_fault(shell, "", place, &error);
            script.too_long = false;
        }
        free(place);
        buf_consume(&script.input, taken);
        shell_settle(shell);
        written = view_flush(shell->view);
    }
    if (script.failed != 0) {
        fprintf(stderr, "sockshell: %s cannot be read: %s\n", name, strerror(script.failed));
        shell->misused = true;
    }
    if (written && !shell->quit)
        finish(&script);
    buf_free(&script.input);
    if (!view_flush(shell->view) || !written) {
        if (errno != EPIPE)
            fprintf(stderr, "sockshell: standard output cannot be written: %s\n", strerror(errno));
        return 1;
    }
    return shell->misused ? 1 : 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the program prints.  The C library does the buffering, line by line on
 * standard output and not at all on standard error, as on a terminal; below it
 * the bytes are counted on their way into the pipe, so that every message can
 * say what was printed before it.  What goes elsewhere, because the program has
 * put something else at 1 or 2, is a system call like any other.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "actor/serve_parts.h"

static bool is_its_pipe(const struct print *print, int fd) {
    struct stat facts;

    return fstat(fd, &facts) == 0 && facts.st_ino == print->pipe && facts.st_dev == print->device;
}

/* The two pipes do not tell which was written to first; when the program turns from one to the other, we do.
 */
static void note_turn(struct print *print) {
    struct server *server = print->server;

    if (server->printed_last && server->printed_last != print)
        serve_say(server, (struct message){.type = MESSAGE_WROTE}, NULL, 0);
    server->printed_last = print;
}

/* Which of them lies at fd?  NULL: something that the learner has put there. */
static struct print *at_descriptor(struct server *server, int fd) {
    for (int i = 0; i < 2; i++)
        if (is_its_pipe(&server->prints[i], fd))
            return &server->prints[i];
    return NULL;
}

/* The shell empties its pipes whatever happens, so that nothing is to be told of a write() there.
 * Anything else may be full for ever, or nobody's: that write() is announced before it can sleep.  (To try
 * first without sleeping would be told of less: RWF_NOWAIT is refused for pipes before Linux 6.4, poll()
 * is for PIPE_BUF bytes and for a moment in which no other process writes, and O_NONBLOCK would be
 * everybody's who shares the descriptor.) */
static ssize_t write_once(struct print *print, struct print *pipe, const char *bytes, size_t length) {
    if (!pipe)
        return caller_write(print->server->caller, print->fd, bytes, length);
    ssize_t written = write(print->fd, bytes, length);
    pipe->count += written > 0 ? written : 0;
    return written;
}

/* The write function of a stream (fopencookie(3)): 0 is failure, with errno. */
static ssize_t print_bytes(void *cookie, const char *bytes, size_t length) {
    struct print *print = cookie;
    struct print *pipe = at_descriptor(print->server, print->fd);
    size_t done = 0;

    if (pipe)
        note_turn(pipe);
    while (done < length) {
        ssize_t written = write_once(print, pipe, bytes + done, length - done);
        if (written < 0)
            break;
        done += (size_t)written;
    }
    return (ssize_t)done;
}

static void look_at_pipe(struct print *print) {
    struct stat facts = {0};

    fstat(print->fd, &facts);
    print->device = facts.st_dev;
    print->pipe = facts.st_ino;
    print->count = 0;
}

void serve_print_restart(struct server *server) {
    for (int i = 0; i < 2; i++)
        look_at_pipe(&server->prints[i]);
    server->printed_last = NULL;
}

bool serve_print_open(struct server *server) {
    const cookie_io_functions_t functions = {.write = print_bytes};
    FILE *streams[2];

    for (int i = 0; i < 2; i++) {
        server->prints[i] = (struct print){.server = server, .fd = i + 1};
        streams[i] = fopencookie(&server->prints[i], "w", functions);
        if (!streams[i])
            return false;
    }
    serve_print_restart(server);
    setvbuf(streams[0], NULL, _IOLBF, BUFSIZ);
    setvbuf(streams[1], NULL, _IONBF, 0);
    stdout = streams[0];
    stderr = streams[1];
    return true;
}

void serve_print_direct(struct server *server, int fd, int64_t count) {
    struct print *pipe = at_descriptor(server, fd);

    if (!pipe)
        return;
    pipe->count += count;
    server->printed_last = pipe;
}

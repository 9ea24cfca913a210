/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fork() in an actor.  All that the child needs for a connection of its own is
 * made beforehand; the parent passes the shell's ends on, and both wait for
 * the shell's answer: the child, so that it does not run on unseen; the parent,
 * so that it can take fork() back as failed (EAGAIN) if the shell has no room.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor/lifeline.h"
#include "actor/serve_parts.h"

/* The child's ends, beside the shell's (enum link_carried). */
struct connection {
    int theirs[CARRIED_MAX];
    int control, input, output, errors;
};

static void close_if(int fd) {
    if (fd >= 0)
        close(fd);
}

static void close_theirs(struct connection *connection) {
    for (size_t i = 0; i < CARRIED_MAX; i++)
        close_if(connection->theirs[i]);
}

static void close_its(struct connection *connection) {
    close_if(connection->control);
    close_if(connection->input);
    close_if(connection->output);
    close_if(connection->errors);
}

static bool connection_open(struct connection *c) {
    int pair[2];

    *c = (struct connection){{-1, -1, -1, -1, -1, -1}, -1, -1, -1, -1};
    if (!link_pair(pair))
        return false;
    c->theirs[CARRIED_CONTROL] = pair[0];
    c->control = pair[1];
    if (pipe2(pair, O_CLOEXEC) < 0)
        return false;
    c->input = pair[0];
    c->theirs[CARRIED_STDIN] = pair[1];
    if (pipe2(pair, O_CLOEXEC) < 0)
        return false;
    c->theirs[CARRIED_STDOUT] = pair[0];
    c->output = pair[1];
    if (pipe2(pair, O_CLOEXEC) < 0)
        return false;
    c->theirs[CARRIED_STDERR] = pair[0];
    c->errors = pair[1];
    c->theirs[CARRIED_BOARD] = board_new_file();
    return c->theirs[CARRIED_BOARD] >= 0;
}

/* The shell's answer, 0 or an errno. */
static int await_answer(struct server *server) {
    struct message message;
    struct error error = {0};
    int carried[CARRIED_MAX];
    size_t count;

    for (;;) {
        switch (link_receive(server->control, 0, server->room, &message, carried, &count, &error)) {
        case LINK_NONE: /* a signal; there is nothing that it could interrupt */
            continue;
        case LINK_MESSAGE: {
            int number = message.type == MESSAGE_ADOPTED ? (int)message.error : EPROTO;
            message_free(&message);
            return number;
        }
        case LINK_CUT: /* the shell passes nothing on */
        case LINK_CLOSED:
        case LINK_BROKEN:
            _exit(EXIT_FAILURE);
        }
    }
}

/* The child's first steps: everything that tied it to the shell as its parent is replaced. */
static void become_actor(struct server *server, struct connection *connection) {
    struct board_memory *board = board_map(connection->theirs[CARRIED_BOARD]);

    if (!board)
        _exit(EXIT_FAILURE);
    board_unmap(server->board); /* the parent's */
    server->board = board;
    close_theirs(connection);
    setpgid(0, 0);
    serve_take_place(connection->control, server->control);
    serve_take_place(connection->input, STDIN_FILENO);
    serve_take_place(connection->output, STDOUT_FILENO);
    serve_take_place(connection->errors, STDERR_FILENO);
    lifeline_hold(server->lifeline, server->lifeline);
    serve_interrupted = 0;
    serve_print_restart(server);
    await_answer(server);
    serve_say(server, (struct message){.type = MESSAGE_HELLO, .number = getpid()}, NULL, 0);
    server->never_noted = true;
    serve_note_variables(server);
}

/* Tell the shell and hear what it says; a child that it will not have never was. */
static int hand_over(struct server *server, struct connection *connection, pid_t child) {
    connection->theirs[CARRIED_PIDFD] = (int)syscall(SYS_pidfd_open, child, 0);
    int number = connection->theirs[CARRIED_PIDFD] < 0 ? errno : 0;
    if (number == 0) {
        serve_say(server, (struct message){.type = MESSAGE_FORKED, .number = child}, connection->theirs,
                  CARRIED_MAX);
        number = await_answer(server);
    }
    if (number != 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        errno = number;
        return -1;
    }
    return child;
}

int serve_fork(void *context) {
    struct server *server = context;
    struct connection connection;
    int result = -1;

    board_fork(server->board);
    if (!connection_open(&connection))
        goto done;
    result = fork();
    if (result == 0) {
        become_actor(server, &connection);
        return 0;
    }
    if (result > 0) {
        close_its(&connection);
        connection.control = connection.input = connection.output = connection.errors = -1;
        result = hand_over(server, &connection, result);
    }
done:;
    int number = errno;
    close_its(&connection);
    close_theirs(&connection);
    board_fork(server->board);
    errno = number;
    return result;
}

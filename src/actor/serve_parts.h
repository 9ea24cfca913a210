/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of the actor's own side; nobody else includes it.
 *
 *     serve.c        becoming an actor, and its loop: statement in, DONE out
 *     serve_host.c   what the interpreter and the calls tell and ask
 *     serve_print.c  standard output and standard error, counted
 *     serve_fork.c   fork(), and the child's own connection
 *     board_collect.c  the variables, noted down
 */
#ifndef SOCKSHELL_ACTOR_SERVE_PARTS_H
#define SOCKSHELL_ACTOR_SERVE_PARTS_H

#include <signal.h>
#include <sys/stat.h>

#include "actor/link.h"
#include "actor/serve.h"
#include "call/engine.h"

/* One of the two streams a program prints to. */
struct print {
    struct server *server;
    int fd; /* 1 or 2 */
    /* The pipe to the shell; the learner may put something else at fd, whose bytes are not the shell's to
     * show. */
    dev_t device;
    ino_t pipe;
    int64_t count; /* bytes that went into it */
};

struct server {
    int control, lifeline;
    char *room; /* MESSAGE_MAX bytes to receive into */
    struct caller *caller;
    struct print prints[2];
    const struct print *printed_last;

    struct board_memory *board;
    struct board_notes notes;
    uint64_t noted; /* interp_changes() when the board was last written */
    bool never_noted;

    int64_t statement;
    enum watch_level watch; /* of its calls */
    uint64_t cookie;        /* of the socket that the call under way is about; 0: none */
    unsigned calls, steps; /* of this statement */
    uint64_t moved;        /* bytes sent and received by it */
    int64_t entered_ns;    /* CLOCK_MONOTONIC: when the last system call began */
    struct cpu cpu;
    bool spread;
};

/* serve.c */
void serve_take_place(int fd, int number); /* dup2, fd closed; ends the actor when that fails */
/* Set by the handler of ACTOR_SIGNAL_INTERRUPT, which can reach nothing but a variable like this one
 * (C17 7.14.1.1); cleared when a statement begins. */
extern volatile sig_atomic_t serve_interrupted;

/* serve_host.c */
struct call_host serve_host(struct server *server);
/* Send, with the counts.  Texts too long for a message are cut.  Ends the process when the shell is gone. */
void serve_say(struct server *server, struct message message, const int *carried, size_t count);
void serve_note_variables(struct server *server);
void serve_exit(void *context, int status) __attribute__((noreturn));

/* serve_print.c */
bool serve_print_open(struct server *server);    /* stdout and stderr, as on a terminal */
void serve_print_restart(struct server *server); /* other pipes are at 1 and 2 now */
void serve_print_direct(struct server *server, int fd, int64_t count); /* a system call wrote to fd */

/* serve_fork.c */
int serve_fork(void *context);

#endif

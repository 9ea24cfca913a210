/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Namespaces by the system calls: a user namespace around a network namespace,
 * entered by this process; and further network and UTS namespaces, one for each
 * host, in which it only ever is for the moment of a question.
 *
 * No PID namespace: its only gain would be that the death of its first process
 * takes all others along, which the lifeline (actor/lifeline.h) does already.
 * Its price: the shell is not in it and the actors are, so that getpid(), fork()
 * and kill() would speak of other numbers than /proc, ps, strace and ss, which
 * the learner uses beside the shell.
 */
#ifndef SOCKSHELL_NET_NAMESPACES_H
#define SOCKSHELL_NET_NAMESPACES_H

#include <stdbool.h>
#include <sys/types.h>
#include "net/preset.h"

enum namespace_step {
    STEP_NONE,
    STEP_PROBE,
    STEP_UNSHARE,
    STEP_SETGROUPS,
    STEP_UID_MAP,
    STEP_GID_MAP,
    STEP_LOOPBACK,
};

/* How far it went: STEP_NONE when all was done, else the step refused and its errno. */
struct namespace_outcome {
    enum namespace_step step;
    int error;
};

/* A child process that makes namespaces and waits to be followed there. */
struct ahead {
    pid_t child; /* -1: there is none */
    int end;     /* of a socket to it */
    int error;   /* why there is none */
    bool user_namespace; /* of one's own: what capabilities this process has then reach no further */
    unsigned uid, gid;   /* this process's, before */
};

/* Move this process, and all its children to come, into a network namespace of their own whose loopback is
 * up: a child goes ahead, which takes 1 ms, and meanwhile there is time for something else; then this process
 * follows. It must have one thread only. When refused nothing has changed. */
struct ahead namespaces_begin(void);
struct namespace_outcome namespaces_follow(struct ahead *ahead, struct preset *preset);
/* … or does not. Once it has followed this does nothing. */
void namespaces_abandon(struct ahead *ahead);
/* Could it? Tried in a child. */
struct namespace_outcome namespaces_probe(void);

/* From namespaces that were entered so to a network namespace that is as fresh. When refused nothing has
 * changed. */
struct namespace_outcome namespaces_renew(struct preset *preset);

/* Two descriptors, close-on-exec, that setns(2) takes; -1: there is none. */
struct place {
    int network, names; /* network and UTS namespace */
};
#define NO_PLACE ((struct place){-1, -1})

/* Where this process is. False with errno. */
bool place_here(struct place *place);
/* New namespaces of both kinds, made while this process is in `back` and returns there; loopback is up in
 * it. False with errno. */
bool place_new(struct place *place, const struct place *back, struct preset *preset);
/* Go there. False with errno: this process is where it was, or for the UTS namespace alone. */
bool place_go(const struct place *place);
void place_close(struct place *place);

#endif

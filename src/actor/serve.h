/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The actor's own side: a child of the shell that has forked but not exec'ed
 * becomes a clean process of its own, takes statements from its control socket,
 * runs them, and tells what comes of it.
 */
#ifndef SOCKSHELL_ACTOR_SERVE_H
#define SOCKSHELL_ACTOR_SERVE_H

#include <sys/types.h>

#include "actor/board.h"
#include "base/cpu.h"
#include "call/confine.h"

struct crew_surroundings;

struct serve_setup {
    const char *name;
    pid_t shell;
    int control, input, output, errors; /* the actor's ends; moved to where they belong */
    int lifeline;                       /* its read end */
    struct board_memory *board;
    const struct cpu *cpu;
    const struct confinement *bounds;
    long slack; /* the timer slack that a process normally has */
    size_t place;
    const struct crew_surroundings *surroundings; /* NULL: there are none */
};

/* Called in the child with all signals blocked.  Ends with the actor. */
void serve(const struct serve_setup *setup) __attribute__((noreturn));

/* Where the control socket and the lifeline are, out of the learner's way: 900 and 901, or the two highest
 * numbers when the system allows fewer. */
int serve_control_number(void);

#endif

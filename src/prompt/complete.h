/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What Tab offers, as a pure function of the line and of what exists: calls,
 * constants that fit the argument's place, variables, fields, actors, commands.
 */
#ifndef SOCKSHELL_PROMPT_COMPLETE_H
#define SOCKSHELL_PROMPT_COMPLETE_H

#include <stddef.h>
#include <stdbool.h>
#include "actor/crew.h"

/* What a command is about, for what is offered behind it. */
enum command_argument {
    ARGUMENT_NONE,
    ARGUMENT_TOPIC,    /* as for .help */
    ARGUMENT_ACTOR,
    ARGUMENT_VARIABLE, /* or an actor */
    ARGUMENT_SWITCH,   /* on, off */
    ARGUMENT_FILTER,   /* of packets, as for .wire */
};

/* What exists. */
struct world {
    const struct board *board; /* the current actor's variables, or NULL */
    const char *const *actors; /* NULL-ended */
    /* The shell's commands, one after the other; NULL ends. */
    const char *(*command)(size_t i, enum command_argument *argument);
};

struct candidates {
    char **words; /* sorted, each once; NULL-ended; NULL when there are none */
    size_t count;
    size_t start; /* the byte of the line where the word to be completed begins */
    char append;  /* what follows a single candidate: ' ', '(', or 0 */
};

void complete_line(const struct world *world, const char *line, size_t point, struct candidates *candidates);
void candidates_free(struct candidates *candidates);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shell's own commands.  One row a command: lookup, usage, help and
 * completion are read from it, as with the calls.
 */
#ifndef SOCKSHELL_SHELL_COMMAND_H
#define SOCKSHELL_SHELL_COMMAND_H

#include "shell/shell.h"

/* What a command was given. */
struct command_line {
    struct shell *shell;
    struct actor *actor;    /* whom it is about unless it names another */
    const char *text;       /* the whole line, for carets */
    const char *argument;   /* what follows the name, blanks trimmed; "" */
    const char *place;
    struct error *error;
};

enum command_takes {
    TAKES_NOTHING,
    TAKES_ACTOR,
    TAKES_VARIABLE, /* or an actor */
    TAKES_FILTER,   /* of packets */
    TAKES_TOPIC,
    TAKES_STATEMENT,
    TAKES_SWITCH,
    TAKES_NUMBER,
    TAKES_PROGRAM, /* a file with C in it, and arguments */
    TAKES_TEXT,
};

struct command {
    const char *name;      /* without the dot */
    const char *arguments; /* "[NAME]" */
    const char *summary;   /* a line */
    const char *details;   /* for .help .NAME; paragraphs, or NULL */
    enum command_takes takes;
    bool lesson_only;      /* makes sense only while a lesson is played */
    bool (*run)(struct command_line *line); /* false: error is filled in */
};

const struct command *command_at(size_t i); /* NULL ends */
const struct command *command_find(const char *name);

/* Carry out a line such as ".help bind" or "quit". False: refused, and told. */
bool command_run(struct shell *shell, struct actor *actor, const char *text, const char *place);

/* For commands: the actor that the argument names, or the line's own when it
 * names none; NULL and error when there is no such actor. */
struct actor *command_actor(struct command_line *line);
/* Fill in an error about the argument. Always false. */
bool command_misused(struct command_line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of line it is. */
#ifndef SOCKSHELL_SHELL_LINE_H
#define SOCKSHELL_SHELL_LINE_H

#include <stdbool.h>
#include <stddef.h>

struct shell;

enum line_kind {
    LINE_EMPTY,
    LINE_COMMAND,   /* .name …, or help, quit, exit alone */
    LINE_INPUT,     /* NAME< text */
    LINE_STATEMENT, /* C, perhaps after NAME> */
    LINE_RESULT,    /* a line of a transcript that is only a result: NAME| … */
};

struct line_parts {
    enum line_kind kind;
    char actor[64];  /* the NAME before > or <, or "" */
    size_t text;     /* where the rest begins */
};

/* is_actor says whether a name is an actor's: `x> 3` is C unless x is one. */
struct line_parts line_split(const char *line, size_t length, bool (*is_actor)(void *context, const char *name),
                             void *context);
/* With the shell's actors (line.c). */
struct line_parts shell_line_parts(struct shell *shell, const char *line, size_t length);

#endif

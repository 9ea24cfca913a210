/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line being typed: the one place that knows GNU readline, by its callback
 * interface, so that actors are heard while someone types.  readline keeps its
 * state in globals, hence one prompt a process.
 */
#ifndef SOCKSHELL_PROMPT_PROMPT_H
#define SOCKSHELL_PROMPT_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"

struct prompt_host {
    void *context;
    /* A line was entered (the callee owns it), or end of file (NULL). */
    void (*line)(void *context, char *line);
    /* Candidates for completing line up to byte `point`: words that replace it from
     * *start on, as a malloc'd NULL-ended list of malloc'd texts; NULL when there are none.
     * *append: the character to add after a single one, or 0. */
    char **(*complete)(void *context, const char *line, size_t point, size_t *start, char *append);
};

/* Take over standard input and output. History comes from the file if it can be read. */
void prompt_open(const struct prompt_host *host, const char *history_path);
/* Give the terminal back as it was and write the history; false and error when that was impossible. */
bool prompt_close(struct error *error);

/* Show a prompt with `ready` standing in the line. */
void prompt_show(const char *text, const char *ready);
bool prompt_is_shown(void);
/* Standard input is readable: take what was typed. */
void prompt_read(void);
/* Make room for output above the line; the next prompt_redraw() puts it back. */
void prompt_lift(void);
void prompt_redraw(void);
/* Ctrl-C: forget the line; true when there was something in it. */
bool prompt_drop_line(void);
/* Take the prompt away without a trace, to show another; what was typed is forgotten. */
void prompt_drop_quietly(void);
/* Ctrl-Z: give the terminal back, stop this process, and take up where it was left. */
void prompt_suspend(void);
void prompt_resized(void);
size_t prompt_columns(void);
void prompt_remember(const char *line);
/* In an emergency: the terminal as it was, nothing else. */
void prompt_restore_terminal(void);

#endif

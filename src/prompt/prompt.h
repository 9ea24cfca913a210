/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line being typed: the one place that knows GNU readline, by its callback
 * interface, so that actors are heard while someone types.  readline keeps its
 * state in globals, hence one prompt a process.
 *
 * It is shown in one of two ways: by readline itself where the cursor stands, or,
 * in panes, by the caller, who asks prompt_look() for it; then readline writes
 * nothing and leaves the terminal's settings alone.
 */
#ifndef SOCKSHELL_PROMPT_PROMPT_H
#define SOCKSHELL_PROMPT_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "prompt/keys.h"

struct prompt_host {
    void *context;
    int attention; /* a descriptor that is readable when something waits that half a key must not keep waiting */
    /* A line was entered (the callee owns it), or end of file (NULL). */
    void (*line)(void *context, char *line);
    /* Candidates for completing line up to byte `point`: words that replace it from
     * *start on, as a malloc'd NULL-ended list of malloc'd texts; NULL when there are none.
     * *append: the character to add after a single one, or 0. */
    char **(*complete)(void *context, const char *line, size_t point, size_t *start, char *append);
    /* A key that is not readline's; of those that inputrc gives another meaning, none in plain lines. The
     * prompt is not to be touched in there. */
    void (*key)(void *context, enum screen_key key);
    /* Something was done with the mouse at a place of the screen (from 0). */
    void (*mouse)(void *context, enum mouse_act act, size_t row, size_t column);
    /* In panes: text that was typed, before readline sees it; true: it was taken (a search is being typed). */
    bool (*typed)(void *context, const char *text, size_t length);
};

/* Take over standard input and output. */
void prompt_open(const struct prompt_host *host, const char *history_path);
/* Before prompt_read(): what is not needed for a first prompt to be there. The history is read from the file, if
 * that can be done (2,000 lines take longer than showing one), and without this none is written. In panes readline
 * itself waits until now as well: its terminal and inputrc take a fifth of the time from start to prompt. */
void prompt_make_ready(void);
/* Give the terminal back as it was and write the history; false and error when that was impossible. */
bool prompt_close(struct error *error);

/* Show a prompt with `ready` standing in the line: an offer, that gives way to what is typed (offer.h). */
void prompt_show(const char *text, const char *ready);
/* It has, since the prompt was shown. */
bool prompt_offer_gave_way(void);
bool prompt_is_shown(void);
/* Standard input is readable, or prompt_waits(): take what was typed. */
void prompt_read(void);
/* Something was typed ahead that can be taken now. */
bool prompt_waits(void);
/* Nanoseconds until that is so although nothing more is typed; -1: never. */
int64_t prompt_due_ns(void);
/* The line as it stands; "" when none is shown. Valid until the next call of anything here. */
const char *prompt_line(void);
/* As if it had been typed, and as if Enter had been. Only while the prompt is shown. */
void prompt_insert(const char *text);
void prompt_enter(void);
/* Make room for output above the line; the next prompt_redraw() puts it back. */
void prompt_lift(void);
void prompt_redraw(void);
/* Ctrl-C: forget the line; true when there was something in it. */
bool prompt_drop_line(void);
/* Take the prompt away without a trace, to show another; what was typed is forgotten. */
void prompt_drop_quietly(void);
/* The line stays as it stands; what is written next begins on another. */
void prompt_leave_line(void);
/* Before this process is stopped, and when it goes on: give the terminal back, and take it again. */
void prompt_suspend(void);
void prompt_resume(void);
void prompt_resized(void);
size_t prompt_columns(void);
void prompt_remember(const char *line);

/* From plain lines to panes or back; the line being typed is kept. False and error when it cannot be. */
bool prompt_in_panes(bool panes, struct error *error);
/* What the terminal sends for a key of ours, besides what is known already (keys.h). */
void prompt_add_key(const char *sequence, enum screen_key key);
/* The line as it is to be shown; valid until the next call of anything here. */
struct prompt_look {
    const char *prompt;
    const char *line;
    size_t point;        /* the cursor, bytes into line */
    const char *message; /* what readline shows in the prompt's place, as in (reverse-i-search); or NULL */
    char *const *candidates; /* what Tab could mean, NULL-ended; NULL: none */
    size_t candidate_count;
};
void prompt_look(struct prompt_look *look);

/* In an emergency: the terminal as it was, nothing else. */
void prompt_restore_terminal(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal as plain lines, for pipes, plain terminals and screen readers:
 *
 *     server> socket(AF_INET, SOCK_STREAM, 0) = 3        a system call
 *         // the peer has closed …                       its explanation
 *     server: (int) 42                                   a value
 *     server is blocked in accept(3, …)                  what happens to an actor
 *     client< hello                                      input for its program
 *     server| Client disconnected                        its standard output
 *     server! bind failed: Address already in use        its standard error
 *
 * Everything that can be pasted back does the same again; shell/split.c knows
 * these forms and reads over those that are only results.
 */
#ifndef SOCKSHELL_VIEW_PLAIN_H
#define SOCKSHELL_VIEW_PLAIN_H

#include <stdbool.h>
#include <stdio.h>
#include "journal/journal.h"
#include "view/styled.h"

struct view_options {
    bool colour;
    bool interactive; /* a person reads along: births, inputs and notes of courtesy as well */
    bool packets;     /* a line for each packet, under the call that caused it: .wire on */
    size_t columns;   /* width for prose and explanations; 0: 80 */
    /* Called before lines are written, to lift a prompt out of the way; may be NULL. */
    void (*before)(void *context);
    void *context;
};
#define COLUMNS_USUAL 80
static inline size_t view_columns(const struct view_options *options) {
    return options->columns > 0 ? options->columns : COLUMNS_USUAL;
}

/* A view reads the journal from now on. `out` gets what happened, `messages`
 * what was not understood. Both stay the caller's. */
struct view;
struct view *view_new(struct journal *journal, FILE *out, FILE *messages, struct view_options options);
void view_free(struct view *view);
void view_resize(struct view *view, size_t columns);
/* Stop or go on showing (a lesson under --check shows nothing). */
void view_mute(struct view *view, bool muted);
/* Tell of packets from now on, or no more. */
void view_show_packets(struct view *view, bool shown);
/* Show the events after this one that are still kept (they were muted, and are wanted now). */
void view_catch_up(struct view *view, const struct journal *journal, uint64_t after);
/* End a line of program output that has no newline yet, and write everything
 * out. False when the output could not be written (a full disk, a closed pipe). */
bool view_flush(struct view *view);

/* The lines of one event, each ended by a newline. Pure; program output is given as whole lines. */
void plain_styled(const struct event *event, const struct view_options *options, struct styled *out);
/* The same lines as text for a terminal. */
void plain_event(const struct event *event, const struct view_options *options, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal's own settings: how they were, how a screen wants them, and what
 * undoes everything that we may have switched on.
 */
#ifndef SOCKSHELL_SCREEN_TERMINAL_H
#define SOCKSHELL_SCREEN_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#define TERMINAL_UNDO_MAX 256

/* What the guardian needs to know, in memory that it shares with the shell. */
struct terminal_state {
    struct termios before;          /* the settings that the terminal had */
    bool known;                     /* …and they could be read */
    char undo[TERMINAL_UNDO_MAX];   /* what to write to have the terminal's modes as they were; "" : nothing */
};

/* Keys come one by one, unechoed and untranslated; Ctrl-C, Ctrl-\ and Ctrl-Z stay signals. False: not a terminal
 * any more. */
bool terminal_raw(const struct termios *before);
/* Output that was stopped (Ctrl-S) goes on. Not from the background: it was not ours that was stopped. */
void terminal_go_on(void);
/* Write the undoing sequences and set the settings; safe in a signal handler and at the worst of times. From the
 * background the settings are left alone: the terminal is somebody else's by then. */
void terminal_restore(const struct terminal_state *state);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line that stands ready when a prompt is shown (a lesson's next step) is an
 * offer until somebody touches it.  Enter takes it; a first character that would
 * be put behind it takes its place instead, and so does a paste; for Ctrl-D it
 * counts as an empty line.  Any other key takes it up for editing: cursor keys,
 * Backspace, Ctrl-E … and from then on it is a line like any other.
 *
 * So does the text that a form or an address bar holds selected.  fish and zsh
 * show what they suggest behind the cursor, and an own key takes it: there Enter
 * runs what was typed, while here Enter must do the step.  Clearing the line by
 * Ctrl-U first is what those do not know who need a lesson.
 */
#ifndef SOCKSHELL_PROMPT_OFFER_H
#define SOCKSHELL_PROMPT_OFFER_H

#include <stdbool.h>

/* The line that is shown now is one, or is not. */
void offer_begin(bool offered);
bool offer_stands(void);
/* What stood there has given way since offer_begin(). */
bool offer_gave_way(void);
/* A byte on its way to readline; returned as it is. */
int offer_pass(int byte);
/* The key that readline has just taken had nothing to do with the line. */
void offer_keep(void);
/* Text is put into the line by other ways than keys: it takes the offer's place. With `by_key`, the key that began it
 * went to readline. */
void offer_replace(bool by_key);

#endif

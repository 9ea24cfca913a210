/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One step of readline's callback interface, mended.  Two things readline 8.2
 * does not do right (prefix.h has a third):
 *
 * - A line of the history that is edited and left keeps its list of changes, for
 *   undoing.  Such a list comes to be in two places (an edited line, PgUp, Ctrl-R
 *   and Enter, twice) and is freed twice.  So none is kept by a line that is left;
 *   it is lost rather than freed, because nobody knows who else has it.
 * - Enter behind a number for it (ESC 5 Enter) ends the line, which is delivered
 *   only after the next key, when that has begun something else.
 */
#ifndef SOCKSHELL_PROMPT_STEP_H
#define SOCKSHELL_PROMPT_STEP_H

#include <stdbool.h>

/* rl_callback_read_char(). True: the line is done, and was not delivered. */
bool step_read_char(bool (*shown)(void));
/* The first of the two, after anything else that makes readline leave a line: a search that is broken off. (There can
 * be many lines, so not at every key.) */
void step_forget_changes(void);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The half of the adapter that lets somebody else show the line; only prompt.c includes this, see prompt.h. */
#ifndef SOCKSHELL_PROMPT_PROMPT_PANES_H
#define SOCKSHELL_PROMPT_PROMPT_PANES_H

#include "prompt/prompt.h"

/* Turn readline's ways in and out round to us, or back. No handler may be installed. */
bool panes_begin(struct error *error);
void panes_end(void);
bool panes_are_on(void);
/* The prompt to be looked at while readline has none yet (it stays the caller's); NULL: readline has. */
void panes_show_early(const char *prompt);
/* A line was entered, or another prompt is shown: the candidates of the last Tab are no longer of interest. */
void panes_forget_candidates(void);
/* Ctrl-C: what was typed and not taken yet goes, a paste without end as well. */
void panes_forget_typed(void);
/* readline has come upon the beginning of a paste: what follows is its text. */
void panes_begin_paste(void);
/* Standard input is readable, or prompt_waits(). `deliver` a line that readline has, but does not deliver. */
void panes_read(const struct prompt_host *host, bool (*shown)(void), void (*deliver)(void));

#endif

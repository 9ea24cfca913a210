/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is pasted into plain lines, between the marks that a terminal puts around
 * it when asked to (bracketed paste, keys.h): collected here, as it comes, and put
 * into readline's line as one piece.
 *
 * readline's own way is kept from it. It reads on until the end mark comes, while
 * everything else stands still; where that is given up, as Ctrl-C wants it, 8.2
 * reads what lies behind the pasted bytes in memory. And it does so in searches as
 * well, where no key can be bound to anything better.
 */
#ifndef SOCKSHELL_PROMPT_PASTE_H
#define SOCKSHELL_PROMPT_PASTE_H

#include <stdbool.h>
#include <stddef.h>

/* Ask the terminal for the marks, unless the person's inputrc or the terminal's kind says that readline would not;
 * and ask it no longer. Around what readline does to the terminal, at every prompt. */
void paste_marks_on(void);
void paste_marks_off(void);
/* The terminal is given to somebody else (we are stopped), or for good: then it is told once more, because a Ctrl-C
 * may have thrown away that it was. */
void paste_leave_terminal(void);
void paste_close(void);

/* The mark of the beginning has come. Until the end has, paste_is_open(), and what is typed is for paste_read(). */
void paste_begin(void);
bool paste_is_open(void);
/* Take what has come of it; once it is whole, or longer than any (KEYS_PASTE_MOST), it stands in the line. */
void paste_read(void);
/* It is broken off: as if it had not begun. */
void paste_forget(void);
/* What was pasted, into readline's line; from panes as well. */
void paste_insert(const char *text, size_t length);

#endif

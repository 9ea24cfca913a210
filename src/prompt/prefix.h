/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A key of several bytes (Ctrl-X Ctrl-U) that ends a search in the history.
 * With its callback interface readline 8.2 goes on with it in memory that is
 * gone, and dies.  So the search is ended first, by an ESC with nothing behind
 * it, and only then the key is passed on.
 *
 * In the other kind of search, whose words are typed before it looks (Alt-P), an
 * arrow or a paste would be one more of them, marks and all: it ends that as well.
 */
#ifndef SOCKSHELL_PROMPT_PREFIX_H
#define SOCKSHELL_PROMPT_PREFIX_H

#include <stdbool.h>

/* What readline is to be given for this byte: the byte, or what ends the search, and then the byte is held back. An ESC is the
 * beginning of a key only when there is more behind it. */
int prefix_pass(int byte, bool more);
/* What it is to be given when it asks for a byte in the middle of something and nobody may wait for one: Ctrl-G, and
 * the end of input should that end nothing. */
int prefix_abandon(void);
/* Is one held back?  Then readline is to be called again; and nothing else is there to be read until then. */
bool prefix_is_held(void);
/* The byte that was held back, which no longer is. */
int prefix_take(void);

#endif

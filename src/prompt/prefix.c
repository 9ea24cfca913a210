/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of several bytes within a search; see prefix.h. */
#include "prompt/prefix.h"

#include <stdio.h>

#include <readline/readline.h>

#define NONE (-1)

#define ABANDON_MOST 100

/* readline's callbacks carry no context: see prompt.c */
static int held = NONE;
static unsigned abandoned; /* in a row */

static bool is_prefix(int byte, bool more) {
    if (byte == ESC)
        return more;
    return byte >= 0 && byte < KEYMAP_SIZE - 1 && rl_get_keymap()[byte].type == ISKMAP;
}

/* What ends the search; 0: there is none that this byte would end. */
static int search_end(int byte, bool more) {
    if (RL_ISSTATE(RL_STATE_ISEARCH) && is_prefix(byte, more))
        return ESC;
    return RL_ISSTATE(RL_STATE_NSEARCH) && byte == ESC && more ? CTRL('G') : 0;
}

int prefix_pass(int byte, bool more) {
    abandoned = 0;
    int end = search_end(byte, more);
    if (end == 0)
        return byte;
    held = byte;
    return end;
}

/* Who takes even that for text asks for more and more of it. */
int prefix_abandon(void) {
    return ++abandoned > ABANDON_MOST ? EOF : CTRL('G');
}

bool prefix_is_held(void) {
    return held != NONE;
}

int prefix_take(void) {
    int byte = held;
    held = NONE;
    return byte;
}

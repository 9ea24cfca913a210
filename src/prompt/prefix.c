/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Keys of several bytes within a search; see prefix.h. */
#include "prompt/prefix.h"

#include <stdio.h>

#include <readline/readline.h>

#define NONE (-1)

static int held = NONE; /* readline's callbacks carry no context: see prompt.c */

/* ESC is one as well, but ends the search by itself. */
static bool is_prefix(int byte) {
    return byte >= 0 && byte < KEYMAP_SIZE - 1 && byte != ESC && rl_get_keymap()[byte].type == ISKMAP;
}

int prefix_pass(int byte) {
    if (!RL_ISSTATE(RL_STATE_ISEARCH) || !is_prefix(byte))
        return byte;
    held = byte;
    return ESC;
}

bool prefix_is_held(void) {
    return held != NONE;
}

int prefix_take(void) {
    int byte = held;
    held = NONE;
    return byte;
}

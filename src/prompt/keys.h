/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a terminal sends, taken apart: text for readline, keys that are ours,
 * pastes, the mouse.  A pure function of the bytes that wait.
 */
#ifndef SOCKSHELL_PROMPT_KEYS_H
#define SOCKSHELL_PROMPT_KEYS_H

#include <stdbool.h>
#include <stddef.h>

#include "view/keys.h"

/* The sequences that mean keys of ours: those that xterm, screen, tmux, rxvt and the Linux console send, and
 * what the terminal's own description adds. Start with {0}. */
#define KEYS_ADDED_MOST 12
#define KEY_SEQUENCE_MAX 16
struct keys {
    struct key_added {
        char sequence[KEY_SEQUENCE_MAX];
        enum screen_key key;
    } added[KEYS_ADDED_MOST];
    size_t count;
};
/* What a terminal puts around what is pasted, and how much of it is believed: one that never ends its paste must not
 * take all memory. */
#define KEYS_PASTE_BEGIN "\033[200~"
#define KEYS_PASTE_END "\033[201~"
#define KEYS_PASTE_MOST ((size_t)1 << 20)
/* How it is asked to, and to leave it. */
#define KEYS_PASTE_MARKS_ON "\033[?2004h"
#define KEYS_PASTE_MARKS_OFF "\033[?2004l"
/* Those that are known without the terminal's description, by number; NULL: there are no more. */
const char *keys_usual(size_t i);
/* One more; NULL, too long, or not beginning with ESC: passed over. */
void keys_add(struct keys *keys, const char *sequence, enum screen_key key);

struct key_found {
    enum { FOUND_NOTHING, /* more bytes must come first */
           FOUND_TEXT,    /* for readline */
           FOUND_KEY,
           FOUND_MOUSE,
           FOUND_PASTE, } kind;
    size_t length;        /* bytes that this takes from the beginning */
    enum screen_key key;
    enum mouse_act act;   /* what was done with the mouse, */
    size_t row, column;   /* and where, from 0 */
    const char *text;     /* what was pasted: within the bytes */
    size_t text_length;
};

enum keys_wait {
    KEYS_WAIT_NOT = 0,
    KEYS_WAIT_UTF8 = 1,   /* half a character waits for the rest of it */
    KEYS_WAIT_ESCAPE = 2, /* and so does an ESC with nothing behind it, which else is text */
};
/* What stands at the beginning of the bytes. The beginnings of longer sequences and of a paste wait for the rest. */
struct key_found keys_next(const struct keys *keys, const char *bytes, size_t length, enum keys_wait wait);

#endif

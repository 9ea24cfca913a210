/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The keys of the screen: one table for whoever reads them, the line at the
 * bottom, and the help.  All other keys are the prompt's (readline).
 */
#ifndef SOCKSHELL_VIEW_KEYS_H
#define SOCKSHELL_VIEW_KEYS_H

#include <stddef.h>

enum screen_key {
    SCREEN_KEY_NONE,
    SCREEN_KEY_HELP,
    SCREEN_KEY_ZOOM,
    SCREEN_KEY_NEXT_PANE,
    SCREEN_KEY_HEX,
    SCREEN_KEY_STREAM,
    SCREEN_KEY_LARGE,
    SCREEN_KEY_PLAIN,
    SCREEN_KEY_SEARCH,
    SCREEN_KEY_WIRE,
    SCREEN_KEY_PAGE_UP,
    SCREEN_KEY_PAGE_DOWN,
    SCREEN_KEY_REDRAW,
    SCREEN_KEY_INTERRUPT,
    SCREEN_KEY_SUSPEND,
    SCREEN_KEYS_END,
};

struct key_row {
    enum screen_key key; /* SCREEN_KEY_NONE: it is the line's, but where it is said here */
    const char *name;  /* "F2", "PgUp" */
    const char *brief; /* for the line of keys, one word; NULL: not in it */
    const char *help;  /* what it does, one line */
};

/* In the order in which they are shown. */
const struct key_row *key_rows(size_t *count);

#endif

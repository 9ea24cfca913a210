/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of keys; see keys.h. */
#include "view/keys.h"

static const struct key_row rows[] = {
    {SCREEN_KEY_HELP, "F1", "help", "these keys, and away again"},
    {SCREEN_KEY_ZOOM, "F2", "zoom", "the pane in [ ] alone, and all of them again"},
    {SCREEN_KEY_NEXT_PANE, "F3", "pane", "[ ] go to the next pane: the one that is zoomed and scrolled"},
    {SCREEN_KEY_HEX, "F4", "hex", "bytes in hex and text, or as text"},
    {SCREEN_KEY_STREAM, "F5", "stream", "the next connection's or UDP socket's bytes and packets, then all"},
    {SCREEN_KEY_LARGE, "F6", "big", "fewer and roomier lines, for a projector"},
    {SCREEN_KEY_PLAIN, "F7", "plain", "plain lines, as with --plain, and back"},
    {SCREEN_KEY_SEARCH, "F8", "find", "find a text in the transcript (packets: [wire]); again: before it"},
    {SCREEN_KEY_WIRE, "F9", "wire", "the ladder of packets; again: [ ] to it; again: away"},
    {SCREEN_KEY_NONE, "Up Down", NULL, "in [wire]: choose a packet; Enter opens it, Esc goes back"},
    {SCREEN_KEY_PAGE_UP, "PgUp", NULL, "scroll back in the pane in [ ]"},
    {SCREEN_KEY_PAGE_DOWN, "PgDn", NULL, "scroll forward"},
    {SCREEN_KEY_REDRAW, "Ctrl-L", NULL, "draw the whole screen anew"},
    {SCREEN_KEY_INTERRUPT, "Ctrl-C", NULL, "interrupt the blocked call, or forget the line"},
    {SCREEN_KEY_SUSPEND, "Ctrl-Z", NULL, "back to the shell beneath; fg returns"},
};

const struct key_row *key_rows(size_t *count) {
    *count = sizeof(rows) / sizeof(*rows);
    return rows;
}

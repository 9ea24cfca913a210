/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A canvas on the terminal: the one place that knows ncurses, which is used for
 * output only (keys are read by src/prompt/).  ncurses keeps its state in
 * globals, hence one screen a process.
 */
#ifndef SOCKSHELL_SCREEN_SCREEN_H
#define SOCKSHELL_SCREEN_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "view/canvas.h"

#define SCREEN_ROWS_LEAST 5
#define SCREEN_COLUMNS_LEAST 20

struct screen;
struct guardian;

/* Take the terminal (standard input and output) over: its alternate screen where it has one, keys at once and
 * without echo. NULL and error when it cannot show panes: an unknown terminal, one that cannot place the
 * cursor, one that is too small. The guardian (or NULL) is told how to undo it. */
struct screen *screen_open(bool colour, struct guardian *guardian, struct error *error);
/* Everything as it was before screen_open(). */
void screen_close(struct screen *screen);

/* The terminal's size, asked anew. */
void screen_resize(struct screen *screen);
size_t screen_rows(const struct screen *screen);
size_t screen_columns(const struct screen *screen);

/* Show the canvas (of the screen's size; what lies outside is passed over) and the cursor. Only what is other
 * than last time goes to the terminal. */
void screen_paint(struct screen *screen, const struct canvas *canvas, bool cursor, size_t row, size_t column);
/* Another program has written on the screen: paint everything next time. */
void screen_spoilt(struct screen *screen);
/* What was written may not have arrived, a mode or half a sequence included: write everything next time. */
void screen_lost(struct screen *screen);

/* The terminal as it was before, and back again, for being stopped. */
void screen_leave(struct screen *screen);
void screen_return(struct screen *screen);

/* Report the wheel (and with it all buttons: selecting text then takes Shift). */
void screen_mouse(struct screen *screen, bool on);
/* What the terminal sends for a key, by its name in terminfo(5) ("kf1"); NULL: nothing. Asked without a screen
 * opened too. The terminal's, for good. */
const char *screen_key(const char *name);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A rectangle of character cells in memory: what a screen is going to show.
 * Panes draw into it, src/screen/ brings it to the terminal, tests compare it
 * with text.  Nothing here knows a terminal.
 */
#ifndef SOCKSHELL_VIEW_CANVAS_H
#define SOCKSHELL_VIEW_CANVAS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "view/style.h"

#define CELL_BYTES 16 /* a character with its combining marks, UTF-8, NUL */

struct cell {
    char text[CELL_BYTES]; /* "" in the second half of a wide character */
    enum style style;
    bool bright; /* stands out: what just changed (bold or reverse; never by colour alone) */
};

/* Part of a canvas; everything is clipped to it. */
struct area {
    size_t row, column, rows, columns;
};

struct canvas;
struct canvas *canvas_new(size_t rows, size_t columns); /* blanks; the caller frees */
void canvas_free(struct canvas *canvas);
size_t canvas_rows(const struct canvas *canvas);
size_t canvas_columns(const struct canvas *canvas);
const struct cell *canvas_cell(const struct canvas *canvas, size_t row, size_t column);
struct area canvas_all(const struct canvas *canvas);
void canvas_clear(struct canvas *canvas, struct area area);

/* Write text (safe for terminals already: base/escape.h) at a place of the area, cut at its right edge, a wide
 * character never in half.  Returns the column behind it. */
size_t canvas_put(struct canvas *canvas, struct area area, size_t row, size_t column, enum style style,
                  bool bright, const char *text);

/* The same for the first `length` bytes of a text. */
size_t canvas_put_n(struct canvas *canvas, struct area area, size_t row, size_t column, enum style style,
                    bool bright, const char *text, size_t length);
/* Let cells stand out that are drawn already. */
void canvas_mark(struct canvas *canvas, struct area area, size_t row, size_t column, size_t columns);
/* From now on every character that is not ASCII is put as ?; a terminal of another encoding would garble it.
 * Panes write ASCII themselves where they can (view/panes.h); this is the last net. */
void canvas_set_ascii(struct canvas *canvas, bool ascii);

/* As text, a line a row, without blanks at the ends: for tests. With `marks`, bright cells' rows are followed by a
 * row of ^ under them. */
void canvas_dump(const struct canvas *canvas, bool marks, struct buf *out);

#endif

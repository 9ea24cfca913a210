/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Styled text broken into rows of a pane. */
#ifndef SOCKSHELL_VIEW_WRAP_H
#define SOCKSHELL_VIEW_WRAP_H

#include "view/canvas.h"
#include "view/styled.h"

struct wrapped_row {
    size_t from, length; /* bytes of the text */
    size_t indent;       /* columns left free before it: it goes on with the line above */
};

/* Start with {0}; wrap_free() in the end. */
struct wrapped {
    struct styled text;
    struct wrapped_row *rows;
    size_t count, room;
};

/* Break the text, at blanks where there are some, into rows of at most `columns` columns. A line's second row and
 * those after it stand `hanging` columns further right than its first, where there is room for that. */
void wrap(struct wrapped *wrapped, size_t columns, size_t hanging);
#define WRAP_HANGING 4
void wrap_free(struct wrapped *wrapped);
/* Draw one row of it; what is found of `search` (NULL: nothing; ASCII letters in either case) stands out. */
void wrap_put(const struct wrapped *wrapped, size_t row, const char *search, struct canvas *canvas,
              struct area area, size_t to);

#endif

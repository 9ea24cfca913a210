/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words filled into lines of a width: help and explanations.  0 columns are 80, and at least 20 are used. */
#ifndef SOCKSHELL_BASE_TEXT_H
#define SOCKSHELL_BASE_TEXT_H

#include <stdbool.h>

#include "base/buf.h"

/* Wrap text at `columns` with `indent` blanks before each line; paragraphs at
 * \n\n; lines with leading blanks stay as they are. */
void text_wrap(const char *text, size_t columns, size_t indent, struct buf *out);
/* A row of a list: "    NAME       text, which goes on under itself". `at` blanks, the name in `width` columns. */
void text_row(const char *name, size_t at, size_t width, const char *text, size_t columns, struct buf *out);

/* Word by word: */
struct text_filling {
    struct buf *out;
    size_t columns; /* of a line */
    size_t indent;  /* of a line that begins because the one before is full */
    size_t column;  /* where the line stands */
    bool empty;     /* nothing but blanks on it yet */
};
struct text_filling text_filling(struct buf *out, size_t columns, size_t indent);
void text_word(struct text_filling *filling, const char *word, size_t length);
void text_line(struct text_filling *filling); /* ends a line, if one has begun */

#endif

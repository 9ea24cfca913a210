/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text and how each part of it is to look: what the plain view writes with
 * escape sequences and the screen puts into cells.
 */
#ifndef SOCKSHELL_VIEW_STYLED_H
#define SOCKSHELL_VIEW_STYLED_H

#include "base/buf.h"
#include "view/style.h"

struct run {
    enum style style;
    size_t length; /* bytes */
};

/* Start with {0}. The runs cover the text from its beginning, none is empty, neighbours differ in style. */
struct styled {
    struct buf text;
    struct run *runs;
    size_t run_count, run_room;
};

void styled_add(struct styled *out, enum style style, const char *text);
void styled_add_n(struct styled *out, enum style style, const char *bytes, size_t length);
/* A text that came from elsewhere, made fit for a terminal. */
void styled_escaped(struct styled *out, enum style style, const char *bytes, size_t length);
/* Text line by line, wrapped at `columns`, each line led by `lead` and ended by a newline. */
void styled_wrapped(struct styled *out, enum style style, const char *lead, const char *text, size_t columns);
/* Bytes of another text, in their styles. */
void styled_add_part(struct styled *out, const struct styled *from, size_t at, size_t length);
/* Take the last byte off again (the newline of a line that is not ended yet). */
void styled_drop_last(struct styled *out);
void styled_free(struct styled *out);

/* As text for a terminal with escape sequences, or just the text when colour is off. */
void styled_show(const struct styled *text, bool colour, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colour from the terminal's own palette; never the only sign of anything. */
#ifndef SOCKSHELL_VIEW_STYLE_H
#define SOCKSHELL_VIEW_STYLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

enum style {
    STYLE_PLAIN,
    STYLE_ACTOR,
    STYLE_FAILURE,
    STYLE_NOTE,
    STYLE_HEADING,
    STYLE_EVENT,
    STYLE_CHANGE,
    STYLE_CODE, /* in a lesson's prose */
    STYLE_EMPHASIS,
    STYLE_FRAME, /* borders and what else may stand back */
    STYLE_KEY,   /* a key's name */
    STYLES_END,
};

/* ECMA-48 SGR parameters that 8-colour terminals have, readable on light and dark; "" for plain. */
const char *style_code(enum style style);

/* Add text line by line, wrapped at `columns`, each line led by `lead`; in colour or without. */
void style_wrapped(struct buf *out, bool colour, enum style style, const char *lead, const char *text,
                   size_t columns);

#endif

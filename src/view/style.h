/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colour from the terminal's own palette; never the only sign of anything. */
#ifndef SOCKSHELL_VIEW_STYLE_H
#define SOCKSHELL_VIEW_STYLE_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"

enum style { STYLE_PLAIN, STYLE_ACTOR, STYLE_FAILURE, STYLE_NOTE, STYLE_HEADING, STYLE_EVENT, STYLE_CHANGE,
             STYLE_CODE, STYLE_EMPHASIS };

/* Add text in a style, or just the text when colour is off. */
void style_add(struct buf *out, bool colour, enum style style, const char *text);
/* Add text line by line, wrapped at `columns`, each line led by `lead`. */
void style_wrapped(struct buf *out, bool colour, enum style style, const char *lead, const char *text, size_t columns);

#endif

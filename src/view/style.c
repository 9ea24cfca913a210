/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Styles and wrapped lines; see style.h. */
#include "view/style.h"

#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"

/* ECMA-48 SGR parameters that 8-colour terminals have, readable on light and dark. */
static const char *style_code(enum style style) {
    switch (style) {
    case STYLE_PLAIN: return "";
    case STYLE_ACTOR: return "1";
    case STYLE_FAILURE: return "31";
    case STYLE_NOTE: return "36";
    case STYLE_HEADING: return "1;4";
    case STYLE_EVENT: return "35";
    case STYLE_CHANGE: return "32";
    case STYLE_CODE: return "1";
    case STYLE_EMPHASIS: return "4";
    }
    return "";
}

void style_add(struct buf *out, bool colour, enum style style, const char *text) {
    if (!colour || style == STYLE_PLAIN) {
        buf_add_text(out, text);
        return;
    }
    buf_addf(out, "\033[%sm%s\033[0m", style_code(style), text);
}

/* How much of text goes on a line of `room` columns; at least one word. */
static size_t line_of(const char *text, size_t room) {
    size_t end = 0, at = 0;
    while (text[at] != '\0' && text[at] != '\n') {
        size_t word = at + strcspn(text + at, " \n");
        if (end > 0 && utf8_columns(text, word) > room)
            return end;
        end = word;
        at = word + strspn(text + word, " ");
    }
    return end > 0 ? end : at;
}

void style_wrapped(struct buf *out, bool colour, enum style style, const char *lead, const char *text,
                   size_t columns) {
    struct buf line = {0};
    size_t taken = utf8_columns(lead, strlen(lead));
    size_t room = columns > taken + 20 ? columns - taken : 20;
    while (*text != '\0') {
        size_t length = line_of(text, room);
        buf_clear(&line);
        buf_add_text(&line, lead);
        escape_text(&line, text, length);
        style_add(out, colour, style, buf_text(&line));
        buf_add_char(out, '\n');
        text += length + strspn(text + length, " ");
        text += *text == '\n';
    }
    buf_free(&line);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in runs of one style; see styled.h. */
#include "view/styled.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/utf8.h"

/* The text has grown by `length` bytes. */
static void cover(struct styled *out, enum style style, size_t length) {
    if (length == 0)
        return;
    if (out->run_count > 0 && out->runs[out->run_count - 1].style == style) {
        out->runs[out->run_count - 1].length += length;
        return;
    }
    if (out->run_count == out->run_room) {
        out->run_room = out->run_room > 0 ? out->run_room * 2 : 16;
        out->runs = mem_grow(out->runs, out->run_room, sizeof(*out->runs));
    }
    out->runs[out->run_count++] = (struct run){style, length};
}

void styled_add_n(struct styled *out, enum style style, const char *bytes, size_t length) {
    buf_add(&out->text, bytes, length);
    cover(out, style, length);
}

void styled_add(struct styled *out, enum style style, const char *text) {
    styled_add_n(out, style, text, strlen(text));
}

void styled_escaped(struct styled *out, enum style style, const char *bytes, size_t length) {
    size_t before = out->text.length;
    escape_text(&out->text, bytes, length);
    cover(out, style, out->text.length - before);
}

void styled_wrapped(struct styled *out, enum style style, const char *lead, const char *text,
                    size_t columns) {
    size_t taken = utf8_columns(lead, strlen(lead));
    size_t room = columns > taken + 20 ? columns - taken : 20;
    while (*text != '\0') {
        size_t length = utf8_line(text, strcspn(text, "\n"), room);
        styled_add(out, style, lead);
        styled_escaped(out, style, text, length);
        styled_add(out, STYLE_PLAIN, "\n");
        text += length + strspn(text + length, " ");
        text += *text == '\n';
    }
}

void styled_add_part(struct styled *out, const struct styled *from, size_t at, size_t length) {
    size_t begins = 0, end = at + length;
    for (size_t i = 0; i < from->run_count && begins < end; i++) {
        size_t ends = begins + from->runs[i].length;
        size_t first = begins > at ? begins : at, last = ends < end ? ends : end;
        if (first < last)
            styled_add_n(out, from->runs[i].style, from->text.data + first, last - first);
        begins = ends;
    }
}

void styled_drop_last(struct styled *out) {
    if (out->text.length == 0)
        return;
    out->text.data[--out->text.length] = '\0';
    if (--out->runs[out->run_count - 1].length == 0)
        out->run_count--;
}

void styled_free(struct styled *out) {
    buf_free(&out->text);
    free(out->runs);
    *out = (struct styled){0};
}

void styled_show(const struct styled *text, bool colour, struct buf *out) {
    const char *at = buf_text(&text->text);
    for (size_t i = 0; i < text->run_count; i++) {
        const struct run *run = &text->runs[i];
        bool coded = colour && run->style != STYLE_PLAIN;
        if (coded)
            buf_addf(out, "\033[%sm", style_code(run->style));
        buf_add(out, at, run->length);
        if (coded)
            buf_add_text(out, "\033[0m");
        at += run->length;
    }
}

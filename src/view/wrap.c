/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a pane from styled text; see wrap.h. */
#include "view/wrap.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"

static void add_row(struct wrapped *wrapped, struct wrapped_row row) {
    if (wrapped->count == wrapped->room) {
        wrapped->room = wrapped->room > 0 ? wrapped->room * 2 : 8;
        wrapped->rows = mem_grow(wrapped->rows, wrapped->room, sizeof(*wrapped->rows));
    }
    wrapped->rows[wrapped->count++] = row;
}

/* How many bytes of the line go into a row: at least one character, up to the last blank in its latter half. */
static size_t row_length(const char *line, size_t length, size_t columns) {
    size_t blank = 0;
    for (size_t i = 0, used, taken = 0; i < length; i += used) {
        uint32_t code = utf8_decode(line + i, length - i, &used);
        int width = code == UTF8_INVALID ? 1 : utf8_width(code);
        taken += width > 0 ? (size_t)width : 0;
        if (taken > columns && i > 0)
            return code == ' ' ? i : blank > 0 ? blank : i;
        if (code == ' ' && taken > columns / 2)
            blank = i + 1;
    }
    return length;
}

static void wrap_line(struct wrapped *wrapped, size_t from, size_t length, size_t columns, size_t more) {
    const char *text = buf_text(&wrapped->text.text);
    size_t own = 0, end = from + length;
    while (own < length && text[from + own] == ' ')
        own++;
    size_t indent = 0, hanging = own + more <= columns / 3 ? own + more : 0;
    do {
        size_t taken = row_length(text + from, end - from, columns - indent);
        add_row(wrapped, (struct wrapped_row){from, taken, indent});
        from += taken;
        while (from < end && text[from] == ' ')
            from++;
        indent = hanging;
    } while (from < end);
}

void wrap(struct wrapped *wrapped, size_t columns, size_t hanging) {
    const char *text = buf_text(&wrapped->text.text);
    size_t length = wrapped->text.text.length;
    wrapped->count = 0;
    for (size_t from = 0; from < length && columns > 0;) {
        const char *newline = memchr(text + from, '\n', length - from);
        size_t end = newline != NULL ? (size_t)(newline - text) : length;
        wrap_line(wrapped, from, end - from, columns, hanging);
        from = end + 1;
    }
}

void wrap_free(struct wrapped *wrapped) {
    styled_free(&wrapped->text);
    free(wrapped->rows);
    *wrapped = (struct wrapped){0};
}

/* Everything found that lies, be it in part, in this row: a word may be broken over two. */
static void mark_found(const struct wrapped *wrapped, const struct wrapped_row *row, const char *search,
                       struct canvas *canvas, struct area area, size_t to) {
    const char *text = buf_text(&wrapped->text.text);
    size_t length = strlen(search), end = row->from + row->length;
    size_t at = row->from >= length ? row->from - length + 1 : 0;
    for (; at < end && at + length <= wrapped->text.text.length; at++) {
        if (strncasecmp(text + at, search, length) != 0)
            continue;
        size_t first = at > row->from ? at : row->from, last = at + length < end ? at + length : end;
        canvas_mark(canvas, area, to, row->indent + utf8_columns(text + row->from, first - row->from),
                    utf8_columns(text + first, last - first));
    }
}

void wrap_put(const struct wrapped *wrapped, size_t number, const char *search, struct canvas *canvas,
              struct area area, size_t to) {
    const struct wrapped_row *row = &wrapped->rows[number];
    const char *text = buf_text(&wrapped->text.text);
    size_t column = row->indent, end = row->from + row->length, begins = 0;
    for (size_t i = 0; i < wrapped->text.run_count && begins < end; i++) {
        size_t ends = begins + wrapped->text.runs[i].length;
        size_t first = begins > row->from ? begins : row->from, last = ends < end ? ends : end;
        if (first < last)
            column = canvas_put_n(canvas, area, to, column, wrapped->text.runs[i].style, false, text + first,
                                  last - first);
        begins = ends;
    }
    if (search != NULL && search[0] != '\0')
        mark_found(wrapped, row, search, canvas, area, to);
}

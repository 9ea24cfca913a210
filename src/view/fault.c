/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mistake and its place; see fault.h. */
#include "view/fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/escape.h"
#include "base/utf8.h"

#define CARET_UNBOUND 180 /* columns of a source line, where no screen bounds them */

/* How many columns these bytes take on the screen. */
static size_t columns_shown(const char *text, size_t length) {
    struct buf shown = {0};
    escape_text(&shown, text, length);
    size_t columns = utf8_columns(buf_text(&shown), shown.length);
    buf_free(&shown);
    return columns;
}

static size_t next_character(const char *text, size_t length) {
    size_t used = 1;
    while (used < length && ((unsigned char)text[used] & 0xC0) == 0x80)
        used++;
    return used;
}

/* As much of the beginning as fits. */
static size_t bytes_fitting(const char *text, size_t length, size_t columns) {
    size_t at = 0, taken = 0;
    while (at < length) {
        size_t used = next_character(text + at, length - at);
        taken += columns_shown(text + at, used);
        if (taken > columns)
            break;
        at += used;
    }
    return at;
}

/* As much of the end as fits: where it begins. */
static size_t end_fitting(const char *text, size_t length, size_t columns) {
    size_t at = length > 4 * columns ? length - 4 * columns : 0;
    while (at < length && ((unsigned char)text[at] & 0xC0) == 0x80)
        at++;
    while (at < length && columns_shown(text + at, length - at) > columns)
        at += next_character(text + at, length - at);
    return at;
}

/* The source line that holds byte `at`, and under it a caret with ~ for the rest of the span. Where the line
 * is too long for the screen only the neighbourhood is shown: caret and text have to stand together. */
static void add_caret(const struct event *event, const struct view_options *options, struct styled *out) {
    static const char gap[] = "..."; /* in every character set as wide */
    const size_t gap_columns = sizeof(gap) - 1;
    const char *source = event->source;
    size_t length = strlen(source), at = event->where.at < length ? event->where.at : length;
    size_t start = at, end = at;
    while (start > 0 && source[start - 1] != '\n')
        start--;
    while (end < length && source[end] != '\n')
        end++;
    size_t room = options->columns == 0 ? CARET_UNBOUND : options->columns > 20 ? options->columns - 4 : 16;
    size_t stop = at + bytes_fitting(source + at, end - at, room);
    size_t before = columns_shown(source + start, at - start), after = columns_shown(source + at, stop - at);
    bool cut_left = before + after > room || stop < end, cut_right = false;
    if (cut_left) { /* what is meant begins at the caret: that side has more than half of the room */
        size_t left = after < room * 2 / 3 ? room - after : room / 3;
        cut_left = before > left;
        if (cut_left) {
            start += end_fitting(source + start, at - start, left - gap_columns);
            before = gap_columns + columns_shown(source + start, at - start);
        }
        cut_right = stop < end || before + after > room;
        if (cut_right)
            stop = at + bytes_fitting(source + at, stop - at, room - before - gap_columns);
    }

    styled_add(out, STYLE_PLAIN, "    ");
    styled_add(out, STYLE_PLAIN, cut_left ? gap : "");
    styled_escaped(out, STYLE_PLAIN, source + start, stop - start);
    styled_add(out, STYLE_PLAIN, cut_right ? gap : "");
    styled_add(out, STYLE_PLAIN, "\n    ");
    for (size_t i = before; i > 0; i--)
        styled_add(out, STYLE_PLAIN, " ");
    styled_add(out, STYLE_PLAIN, "^");
    size_t span = event->where.length < stop - at ? event->where.length : stop - at;
    for (size_t i = 1; i < columns_shown(source + at, span); i++)
        styled_add(out, STYLE_PLAIN, "~");
    styled_add(out, STYLE_PLAIN, "\n");
}

void fault_add(const struct event *event, const struct view_options *options, struct styled *out) {
    char *place = error_place_in(event->place, event->source, event->where.at);
    if (place[0] != '\0') {
        styled_escaped(out, STYLE_PLAIN, place, strlen(place));
        styled_add(out, STYLE_PLAIN, ": ");
    }
    free(place);
    struct buf text = {0};
    if (event->actor[0] != '\0')
        buf_addf(&text, "%s: ", event->actor);
    buf_add_text(&text, event->text);
    styled_escaped(out, STYLE_FAILURE, buf_text(&text), text.length);
    buf_free(&text);
    styled_add(out, STYLE_PLAIN, "\n");
    if (event->source[0] != '\0')
        add_caret(event, options, out);
    if (event->note[0] != '\0')
        styled_wrapped(out, STYLE_PLAIN, "    ", event->note, view_columns(options));
    if (event->extra[0] != '\0')
        styled_wrapped(out, STYLE_NOTE, "    ", event->extra, view_columns(options));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line being typed.  A long one is scrolled sideways so that the cursor
 * is seen; characters that are no text are shown as readline shows them (^A).
 */
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "view/panes.h"

#define KEPT 8 /* columns that stay visible on either side of the cursor */

/* One character of the line as it is shown. */
static size_t add_shown(const struct scene *scene, const char *bytes, size_t length, struct buf *out) {
    size_t used;
    unsigned char c = (unsigned char)bytes[0];
    uint32_t code = utf8_decode(bytes, length, &used);
    if (c < 0x20 || c == 0x7F)
        buf_addf(out, "^%c", c ^ 0x40);
    else if (c < 0x80)
        buf_add_char(out, (char)c);
    else if (!scene->unicode) { /* another encoding: a byte is a character */
        buf_add_char(out, '?');
        return 1;
    } else if (code == UTF8_INVALID || utf8_width(code) < 0)
        buf_add_text(out, "\xEF\xBF\xBD"); /* U+FFFD REPLACEMENT CHARACTER */
    else
        buf_add(out, bytes, used);
    return used;
}

/* The whole line, and the column of the cursor in it. */
static size_t show_line(const struct scene *scene, const char *line, size_t point, struct buf *out) {
    size_t length = strlen(line), cursor = SIZE_MAX;
    for (size_t i = 0; i < length;) {
        if (cursor == SIZE_MAX && i >= point)
            cursor = utf8_columns(buf_text(out), out->length);
        i += add_shown(scene, line + i, length - i, out);
    }
    return cursor != SIZE_MAX ? cursor : utf8_columns(buf_text(out), out->length);
}

/* Bytes that take up the first `columns` columns, or one less before a wide character. */
static size_t bytes_of_columns(const char *text, size_t columns, size_t *taken) {
    size_t i = 0, length = strlen(text), used;
    *taken = 0;
    while (i < length) {
        uint32_t code = utf8_decode(text + i, length - i, &used);
        int width = code == UTF8_INVALID ? 1 : utf8_width(code);
        size_t more = width > 0 ? (size_t)width : 0;
        if (*taken + more > columns)
            break;
        *taken += more;
        i += used;
    }
    return i;
}

/* How many columns of the line are out of sight to the left. */
static size_t scrolled(size_t cursor, size_t whole, size_t columns) {
    size_t kept = columns > 4 * KEPT ? KEPT : columns / 4;
    if (whole < columns || cursor + kept < columns)
        return 0;
    size_t left = cursor + kept + 1 - columns, most = whole + 1 - columns;
    return left < most ? left : most;
}

void pane_prompt(const struct scene *scene, struct canvas *canvas, struct area area,
                 struct scene_result *result) {
    const struct scene_prompt *prompt = &scene->prompt;
    const char *label = prompt->message != NULL  ? prompt->message
                        : prompt->prompt != NULL ? prompt->prompt
                                                 : "";
    struct buf shown = {0}, line = {0};
    if (area.rows == 0 || area.columns == 0)
        return;
    show_line(scene, label, SIZE_MAX, &shown);
    size_t room = area.columns, most = room / 2, taken;
    size_t skip = text_columns(buf_text(&shown));
    skip = skip > most ? bytes_of_columns(buf_text(&shown), skip - most, &taken)
                       : 0; /* its end is what matters */
    size_t column = canvas_put(canvas, area, 0, 0, STYLE_ACTOR, false, buf_text(&shown) + skip);
    room -= column;
    size_t cursor = show_line(scene, prompt->line != NULL ? prompt->line : "", prompt->point, &line);
    size_t left = scrolled(cursor, text_columns(buf_text(&line)), room);
    struct area rest = {area.row, area.column + column, area.rows, room};
    skip = bytes_of_columns(buf_text(&line), left, &taken);
    if (taken < left) { /* half of a wide character is out of sight: so is all of it */
        size_t more;
        skip += bytes_of_columns(buf_text(&line) + skip, 2, &more);
        taken += more;
    }
    canvas_put(canvas, rest, 0, 0, STYLE_PLAIN, false, buf_text(&line) + skip);
    if (left > 0)
        canvas_put(canvas, rest, 0, 0, STYLE_FRAME, false, "<");
    if (text_columns(buf_text(&line) + skip) > room)
        canvas_put(canvas, rest, 0, room - 1, STYLE_FRAME, false, ">");
    result->cursor_shown = true;
    result->cursor_row = area.row;
    result->cursor_column = area.column + column + (cursor > taken ? cursor - taken : 0);
    if (result->cursor_column >= area.column + area.columns)
        result->cursor_column = area.column + area.columns - 1;
    buf_free(&shown);
    buf_free(&line);
}

/* ---- Completions ---- */

void pane_candidates(const struct scene *scene, struct canvas *canvas, struct area above) {
    const struct scene_prompt *prompt = &scene->prompt;
    size_t widest = 1;
    if (prompt->candidates == NULL || prompt->candidate_count == 0 || above.rows < 2)
        return;
    for (size_t i = 0; i < prompt->candidate_count && i < 4096; i++) {
        size_t columns = text_columns(prompt->candidates[i]);
        widest = columns > widest ? columns : widest;
    }
    size_t across = above.columns / (widest + 2) > 0 ? above.columns / (widest + 2) : 1;
    size_t rows = (prompt->candidate_count + across - 1) / across;
    size_t most = above.rows - 1 < 10 ? above.rows - 1 : 10;
    bool all = rows <= most;
    rows = all ? rows : most;
    struct area title = {above.row + above.rows - rows - 1, above.column, 1, above.columns};
    struct area list = {title.row + 1, above.column, rows, above.columns};
    struct buf text = {0};
    canvas_clear(canvas, (struct area){title.row, title.column, rows + 1, title.columns});
    buf_addf(&text, "%zu completions%s", prompt->candidate_count, all ? "" : ", the first of them");
    pane_title(scene, canvas, title, false, buf_text(&text), NULL);
    for (size_t i = 0; i < prompt->candidate_count && i < rows * across; i++) {
        buf_clear(&text);
        show_line(scene, prompt->candidates[i], SIZE_MAX, &text);
        pane_put_cut(scene, canvas, list, i / across, i % across * (widest + 2), widest, STYLE_PLAIN, false,
                     buf_text(&text));
    }
    buf_free(&text);
}

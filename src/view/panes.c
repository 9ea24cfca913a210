/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all panes share; see panes.h. */
#include "view/panes.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"

const struct glyphs *glyphs_of(const struct scene *scene) {
    static const struct glyphs unicode = {"─", "│", "→", "…", "▮", "▯", "▶", "↑", "↓"};
    static const struct glyphs ascii = {"-", "|", "->", "...", "#", "-", ">", "^", "v"};
    return scene->unicode ? &unicode : &ascii;
}

/* ---- ASCII ---- */

static const struct {
    const char *unicode, *ascii;
} in_ascii[] = {
    {"→", "->"}, {"…", "..."}, {"µ", "u"}, {"×", "x"}, {"▮", "#"}, {"▯", "-"},  {"─", "-"}, {"│", "|"},
    {"“", "\""}, {"”", "\""},  {"’", "'"}, {"‘", "'"}, {"–", "-"}, {"—", "--"}, {"▶", ">"},
};

/* What stands for the character there; sets its length in bytes. */
static const char *ascii_of(const char *text, size_t length, size_t *used) {
    uint32_t code = utf8_decode(text, length, used);
    if (code < 0x80)
        return NULL;
    for (size_t i = 0; i < sizeof(in_ascii) / sizeof(*in_ascii); i++)
        if (strlen(in_ascii[i].unicode) == *used && memcmp(text, in_ascii[i].unicode, *used) == 0)
            return in_ascii[i].ascii;
    int width = code == UTF8_INVALID ? 1 : utf8_width(code);
    return width == 0 ? "" : width == 2 ? "??" : "?";
}

static void add_ascii(const char *text, size_t length, struct buf *out) {
    for (size_t i = 0, used; i < length; i += used) {
        const char *instead = ascii_of(text + i, length - i, &used);
        if (instead != NULL)
            buf_add_text(out, instead);
        else
            buf_add(out, text + i, used);
    }
}

static bool is_ascii(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] >= 0x80)
            return false;
    return true;
}

void text_fit_screen(const struct scene *scene, struct buf *text) {
    struct buf fitted = {0};
    if (scene->unicode || is_ascii(buf_text(text), text->length))
        return;
    add_ascii(text->data, text->length, &fitted);
    buf_free(text);
    *text = fitted;
}

void styled_fit_screen(const struct scene *scene, struct styled *text) {
    struct styled fitted = {0};
    struct buf run = {0};
    if (scene->unicode || is_ascii(buf_text(&text->text), text->text.length))
        return;
    const char *at = text->text.data;
    for (size_t i = 0; i < text->run_count; at += text->runs[i].length, i++) {
        buf_clear(&run);
        add_ascii(at, text->runs[i].length, &run);
        styled_add_n(&fitted, text->runs[i].style, buf_text(&run), run.length);
    }
    buf_free(&run);
    styled_free(text);
    *text = fitted;
}

/* ---- Text ---- */

size_t text_columns(const char *text) {
    return utf8_columns(text, strlen(text));
}

size_t text_fitting(const char *text, size_t columns) {
    size_t i = 0, length = strlen(text);
    for (size_t used, taken = 0; i < length; i += used) {
        uint32_t code = utf8_decode(text + i, length - i, &used);
        int width = code == UTF8_INVALID ? 1 : utf8_width(code);
        taken += width > 0 ? (size_t)width : 0;
        if (taken > columns)
            break;
    }
    return i;
}

size_t pane_put_cut(const struct scene *scene, struct canvas *canvas, struct area area, size_t row,
                    size_t column, size_t columns, enum style style, bool bright, const char *text) {
    if (text_columns(text) <= columns)
        return canvas_put(canvas, area, row, column, style, bright, text);
    const char *ellipsis = glyphs_of(scene)->ellipsis;
    size_t taken = text_columns(ellipsis);
    if (taken >= columns) /* no room to say that something is missing */
        return canvas_put_n(canvas, area, row, column, style, bright, text, text_fitting(text, columns));
    column =
        canvas_put_n(canvas, area, row, column, style, bright, text, text_fitting(text, columns - taken));
    return canvas_put(canvas, area, row, column, style, bright, ellipsis);
}

void pane_duration(int64_t ns, struct buf *out) {
    int64_t seconds = ns / SECOND_NS;
    if (seconds >= 3600)
        buf_addf(out, "%" PRId64 " h %" PRId64 " min", seconds / 3600, seconds / 60 % 60);
    else if (seconds >= 60)
        buf_addf(out, "%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
    else if (seconds > 0)
        buf_addf(out, "%" PRId64 " s", seconds);
}

/* ---- Titles ---- */

void pane_title(const struct scene *scene, struct canvas *canvas, struct area area, bool focused,
                const char *title, const char *right) {
    const struct glyphs *glyphs = glyphs_of(scene);
    struct buf text = {0};
    if (area.rows == 0)
        return;
    for (size_t column = 0; column < area.columns; column++)
        canvas_put(canvas, area, 0, column, STYLE_FRAME, false, glyphs->horizontal);
    buf_addf(&text, focused ? "[%s]" : "%s", title != NULL ? title : "");
    text_fit_screen(scene, &text);
    size_t end = 2;
    if (title != NULL && area.columns > 6) {
        canvas_put(canvas, area, 0, 2, STYLE_FRAME, false, " ");
        end = pane_put_cut(scene, canvas, area, 0, 3, area.columns - 6, focused ? STYLE_HEADING : STYLE_ACTOR,
                           false, buf_text(&text));
        end = canvas_put(canvas, area, 0, end, STYLE_FRAME, false, " ");
    }
    buf_clear(&text);
    buf_addf(&text, " %s ", right != NULL ? right : "");
    text_fit_screen(scene, &text);
    size_t taken = text_columns(buf_text(&text));
    if (right != NULL && right[0] != '\0' && end + taken + 3 <= area.columns)
        canvas_put(canvas, area, 0, area.columns - taken - 2, STYLE_FRAME, false, buf_text(&text));
    buf_free(&text);
}

static bool is_frame(const struct canvas *canvas, size_t row, size_t column, const char *text) {
    if (row >= canvas_rows(canvas) || column >= canvas_columns(canvas))
        return false;
    const struct cell *cell = canvas_cell(canvas, row, column);
    return cell->style == STYLE_FRAME && strcmp(cell->text, text) == 0;
}

void pane_join_borders(const struct scene *scene, struct canvas *canvas, struct area divider, struct area except) {
    /* By which neighbours are there: up 8, down 4, left 2, right 1. */
    static const char *const joints[16] = {[7] = "┬", [11] = "┴", [13] = "├", [14] = "┤", [15] = "┼"};
    const struct glyphs *glyphs = glyphs_of(scene);
    size_t column = divider.column;
    if (divider.rows == 0)
        return;
    for (size_t row = 0; row < divider.row + divider.rows; row++) {
        bool inside = row >= except.row && row < except.row + except.rows;
        if (inside || (!is_frame(canvas, row, column, glyphs->vertical) &&
                       !is_frame(canvas, row, column, glyphs->horizontal)))
            continue;
        unsigned around = (row > 0 && !is_frame(canvas, row - 1, column, glyphs->horizontal) &&
                                   canvas_cell(canvas, row - 1, column)->style == STYLE_FRAME
                               ? 8U
                               : 0U) |
                          (is_frame(canvas, row + 1, column, glyphs->vertical) ? 4U : 0U) |
                          (column > 0 && is_frame(canvas, row, column - 1, glyphs->horizontal) ? 2U : 0U) |
                          (is_frame(canvas, row, column + 1, glyphs->horizontal) ? 1U : 0U);
        if (joints[around] != NULL)
            canvas_put(canvas, canvas_all(canvas), row, column, STYLE_FRAME, false,
                       scene->unicode ? joints[around] : "+");
    }
}

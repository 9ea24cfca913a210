/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A rectangle of cells; see canvas.h. */
#include "view/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

struct canvas {
    size_t rows, columns;
    bool ascii;
    struct cell cells[];
};

static const struct cell blank = {.text = " ", .style = STYLE_PLAIN};

struct canvas *canvas_new(size_t rows, size_t columns) {
    struct canvas *canvas = mem_alloc(sizeof(*canvas) + rows * columns * sizeof(struct cell));
    canvas->rows = rows;
    canvas->columns = columns;
    canvas_clear(canvas, canvas_all(canvas));
    return canvas;
}

void canvas_free(struct canvas *canvas) {
    free(canvas);
}

size_t canvas_rows(const struct canvas *canvas) {
    return canvas->rows;
}

size_t canvas_columns(const struct canvas *canvas) {
    return canvas->columns;
}

void canvas_set_ascii(struct canvas *canvas, bool ascii) {
    canvas->ascii = ascii;
}

const struct cell *canvas_cell(const struct canvas *canvas, size_t row, size_t column) {
    return &canvas->cells[row * canvas->columns + column];
}

static struct cell *at(struct canvas *canvas, size_t row, size_t column) {
    return &canvas->cells[row * canvas->columns + column];
}

struct area canvas_all(const struct canvas *canvas) {
    return (struct area){0, 0, canvas->rows, canvas->columns};
}

/* The part of it that is on the canvas. */
static struct area clip(const struct canvas *canvas, struct area area) {
    if (area.row >= canvas->rows || area.column >= canvas->columns)
        return (struct area){0};
    if (area.rows > canvas->rows - area.row)
        area.rows = canvas->rows - area.row;
    if (area.columns > canvas->columns - area.column)
        area.columns = canvas->columns - area.column;
    return area;
}

/* A wide character that loses one half loses the other too. */
static void clear_halves(struct canvas *canvas, size_t row, size_t column) {
    struct cell *cell = at(canvas, row, column);
    if (cell->text[0] == '\0' && column > 0)
        *at(canvas, row, column - 1) = blank;
    if (column + 1 < canvas->columns && at(canvas, row, column + 1)->text[0] == '\0')
        *at(canvas, row, column + 1) = blank;
}

static void set(struct canvas *canvas, size_t row, size_t column, const struct cell *cell) {
    clear_halves(canvas, row, column);
    *at(canvas, row, column) = *cell;
}

void canvas_clear(struct canvas *canvas, struct area area) {
    area = clip(canvas, area);
    for (size_t row = area.row; row < area.row + area.rows; row++)
        for (size_t column = area.column; column < area.column + area.columns; column++) {
            bool edge = column == area.column || column + 1 == area.column + area.columns;
            if (edge)
                set(canvas, row, column, &blank);
            else
                *at(canvas, row, column) = blank;
        }
}

/* A mark of no width goes on the character before it, as long as there is room. */
static void combine(struct canvas *canvas, size_t row, size_t first, size_t column, const char *bytes,
                    size_t length) {
    if (column == first)
        return; /* nothing to stand on */
    struct cell *cell = at(canvas, row, column - 1);
    if (cell->text[0] == '\0' && column >= first + 2)
        cell = at(canvas, row, column - 2);
    size_t used = strlen(cell->text);
    if (used == 0 || used + length >= CELL_BYTES)
        return;
    memcpy(cell->text + used, bytes, length);
    cell->text[used + length] = '\0';
}

/* One character into one or two cells; false: no room for it. */
static bool put_character(struct canvas *canvas, size_t row, size_t column, size_t end, size_t width,
                          const struct cell *cell) {
    static const struct cell second_half = {.text = ""};
    if (column + width > end)
        return false;
    set(canvas, row, column, cell);
    if (width == 2) {
        set(canvas, row, column + 1, &blank);
        *at(canvas, row, column + 1) = second_half;
        at(canvas, row, column + 1)->style = cell->style;
        at(canvas, row, column + 1)->bright = cell->bright;
    }
    return true;
}

size_t canvas_put_n(struct canvas *canvas, struct area area, size_t row, size_t column, enum style style,
                    bool bright, const char *text, size_t length) {
    struct area shown = clip(canvas, area);
    struct cell cell = {.style = style, .bright = bright};
    if (row >= shown.rows || column >= shown.columns)
        return column;
    size_t first = shown.column + column, to = first, end = shown.column + shown.columns;
    for (size_t i = 0, used; i < length; i += used) {
        uint32_t code = utf8_decode(text + i, length - i, &used);
        int width = code == UTF8_INVALID ? -1 : utf8_width(code);
        if (width == 0) {
            if (!canvas->ascii)
                combine(canvas, shown.row + row, first, to, text + i, used);
            continue;
        }
        bool shows = width > 0 && (!canvas->ascii || code < 0x80);
        memset(cell.text, 0, sizeof(cell.text));
        memcpy(cell.text, shows ? text + i : "?", shows ? used : 1);
        for (int left = shows ? 1 : width > 0 ? width : 1; left > 0; left--) {
            size_t wide = shows ? (size_t)width : 1;
            if (!put_character(canvas, shown.row + row, to, end, wide, &cell))
                return to - shown.column;
            to += wide;
        }
    }
    return to - shown.column;
}

size_t canvas_put(struct canvas *canvas, struct area area, size_t row, size_t column, enum style style,
                  bool bright, const char *text) {
    return canvas_put_n(canvas, area, row, column, style, bright, text, strlen(text));
}

void canvas_mark(struct canvas *canvas, struct area area, size_t row, size_t column, size_t columns) {
    area = clip(canvas, area);
    if (row >= area.rows)
        return;
    for (size_t i = column; i < column + columns && i < area.columns; i++)
        at(canvas, area.row + row, area.column + i)->bright = true;
}

static void dump_row(const struct canvas *canvas, size_t row, struct buf *out) {
    for (size_t column = 0; column < canvas->columns; column++)
        buf_add_text(out, canvas_cell(canvas, row, column)->text);
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    buf_add_char(out, '\n');
}

static void dump_marks(const struct canvas *canvas, size_t row, struct buf *out) {
    size_t end = canvas->columns;
    while (end > 0 && !canvas_cell(canvas, row, end - 1)->bright)
        end--;
    if (end == 0)
        return;
    for (size_t column = 0; column < end; column++)
        buf_add_char(out, canvas_cell(canvas, row, column)->bright ? '^' : ' ');
    buf_add_char(out, '\n');
}

void canvas_dump(const struct canvas *canvas, bool marks, struct buf *out) {
    for (size_t row = 0; row < canvas->rows; row++) {
        dump_row(canvas, row, out);
        if (marks)
            dump_marks(canvas, row, out);
    }
}

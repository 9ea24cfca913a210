/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Drawing the ladder; see ladder.h.  A row is three cells of several lines
 * each: the left end's notes, the arrow with its words, the right end's notes.
 * With more than two ends the arrow's cell has them all, and notes are lines of
 * their own; with more than there is room for, each packet is a line of prose.
 */
#include "view/ladder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/utf8.h"

#define COLUMNS_LEAST 40
#define SIDE_LEAST 10
#define SIDE_MOST 30
#define GAP_LEAST 22  /* between two of several ends */
#define SECONDS_LEAST 2 /* digits; so that nothing moves after ten of them */
#define TIME_FRACTION 7 /* ".000123" */
#define LINES_MOST 12 /* of a cell; the rest is not shown */
#define ARROW_EXTRA 7 /* "── " before the words, " ──▶" behind */

struct drawing {
    const struct ladder *ladder;
    size_t number_width, left, middle, right; /* columns */
    size_t time_width;                        /* likewise, with a blank behind; 0: none is shown */
    struct buf *out;
};

/* Lines of text, each as wide as its cell at most. */
struct cell {
    char *lines[LINES_MOST];
    size_t count;
};

static size_t width(const char *text) {
    return utf8_columns(text, strlen(text));
}

static void cell_add(struct cell *cell, char *line) {
    if (cell->count < LINES_MOST)
        cell->lines[cell->count++] = line;
    else
        free(line);
}

static void cell_free(struct cell *cell) {
    for (size_t i = 0; i < cell->count; i++)
        free(cell->lines[i]);
    *cell = (struct cell){0};
}

/* How many bytes of text take up so many columns at most. */
static size_t fit(const char *text, size_t columns) {
    size_t at = 0, used, taken = 0, length = strlen(text);
    while (at < length) {
        int wide = utf8_width(utf8_decode(text + at, length - at, &used));
        if (taken + (size_t)(wide > 0 ? wide : 0) > columns)
            break;
        taken += (size_t)(wide > 0 ? wide : 0);
        at += used;
    }
    return at;
}

/* Words as far as they fit, a long one cut where it must be; each further line behind `indent` blanks. */
static void wrap(struct cell *cell, const char *text, size_t columns, size_t indent) {
    for (size_t lead = 0; *text != '\0' && cell->count < LINES_MOST; lead = indent) {
        size_t room = columns - lead, most = fit(text, room), end = most;
        if (text[most] != '\0') {
            while (end > 0 && text[end] != ' ')
                end--;
            if (end == 0)
                end = most > 0 ? most : strlen(text);
        }
        cell_add(cell, mem_format("%*s%.*s", (int)lead, "", (int)end, text));
        text += end + strspn(text + end, " ");
    }
}

static void pad(struct buf *out, size_t columns) {
    for (size_t i = 0; i < columns; i++)
        buf_add_char(out, ' ');
}

/* ASCII for those places that have no other character. */
static const char *symbol(const struct ladder *ladder, const char *utf8, const char *ascii) {
    return ladder->ascii ? ascii : utf8;
}

/* Text that may have characters of ours in it: → and … have their ASCII forms, all else is escaped by the
 * caller. */
static char *plain_form(const struct ladder *ladder, const char *text) {
    struct buf out = {0};
    if (!ladder->ascii)
        return mem_string(text);
    for (size_t used; *text != '\0'; text += used) {
        uint32_t code = utf8_decode(text, strlen(text), &used);
        if (code < 0x80)
            buf_add_char(&out, (char)code);
        else
            buf_add_text(&out, code == 0x2192 ? "->" : code == 0x2026 ? "..." : code == 0x2013 ? "-" : "?");
    }
    return buf_take(&out);
}

/* ---- The arrow ---- */

static void dashes(const struct drawing *drawing, size_t count, struct buf *out) {
    for (size_t i = 0; i < count; i++)
        buf_add_text(out, symbol(drawing->ladder, "─", "-"));
}

static const char *head(const struct drawing *drawing, const struct ladder_rung *rung, bool rightwards) {
    const struct ladder *ladder = drawing->ladder;
    switch (rung->arrow) {
    case LADDER_ARRIVES:
        return rightwards ? symbol(ladder, "▶", ">") : symbol(ladder, "◀", "<");
    case LADDER_FLIES:
        return symbol(ladder, "…", "~");
    case LADDER_HELD:
        return symbol(ladder, "║", "|");
    case LADDER_LOST:
        return symbol(ladder, "✗", "X");
    case LADDER_UNTOLD:
        return "?";
    }
    return "";
}

/* So many of the parts as stand on the arrow itself; what is left goes below it. */
static size_t parts_on_arrow(const struct ladder_rung *rung, char *const *parts, size_t columns,
                             struct buf *words) {
    size_t taken = 0, room = columns > ARROW_EXTRA ? columns - ARROW_EXTRA : 1;
    while (taken < rung->part_count) {
        size_t wide = width(buf_text(words)) + (taken > 0) + width(parts[taken]);
        if (taken > 0 && wide > room)
            break;
        if (taken > 0)
            buf_add_char(words, ' ');
        buf_add(words, parts[taken], taken > 0 ? strlen(parts[taken]) : fit(parts[taken], room));
        taken++;
    }
    return taken;
}

/* "─── SYN seq 0 ───▶" of exactly so many columns, and the other parts on further lines. */
static void draw_arrow(const struct drawing *drawing, const struct ladder_rung *rung, size_t columns,
                       bool rightwards, struct cell *cell) {
    char *parts[LADDER_PARTS_MOST];
    struct buf words = {0}, line = {0}, rest = {0};
    for (size_t i = 0; i < rung->part_count; i++)
        parts[i] = plain_form(drawing->ladder, rung->parts[i]);
    size_t taken = parts_on_arrow(rung, parts, columns, &words), used = width(buf_text(&words));
    size_t line_length = columns - 1, before = rightwards ? 3 : 2;
    if (!rightwards)
        buf_add_text(&line, head(drawing, rung, false));
    else if (rung->arrow == LADDER_UNTOLD) /* at both ends */
        buf_add_text(&line, head(drawing, rung, true));
    dashes(drawing, rung->arrow == LADDER_UNTOLD ? 2 : before, &line);
    buf_addf(&line, " %s ", buf_text(&words));
    dashes(drawing, line_length > before + used + 2 ? line_length - before - used - 2 : 0, &line);
    if (rightwards)
        buf_add_text(&line, head(drawing, rung, true));
    cell_add(cell, buf_take(&line));
    for (size_t i = taken; i < rung->part_count; i++)
        buf_addf(&rest, "%s%s", i > taken ? " " : "", parts[i]);
    struct cell below = {0};
    wrap(&below, buf_text(&rest), columns > 8 ? columns - 4 : 4, 0);
    for (size_t i = 0; i < below.count; i++)
        cell_add(cell, mem_format("    %s", below.lines[i]));
    cell_free(&below);
    for (size_t i = 0; i < rung->part_count; i++)
        free(parts[i]);
    buf_free(&words);
    buf_free(&rest);
}

/* ---- Rows ---- */

static void add_line(struct drawing *drawing, const char *number, const char *time,
                     const struct cell cells[3], size_t i, const size_t widths[3]) {
    struct buf line = {0};
    size_t at = 0, want = 0;
    buf_addf(&line, "%*s ", (int)drawing->number_width, number);
    if (drawing->time_width > 0)
        buf_addf(&line, "%*s ", (int)drawing->time_width - 1, time);
    at = want = drawing->number_width + 1 + drawing->time_width;
    for (size_t k = 0; k < 3; k++) {
        if (i < cells[k].count && cells[k].lines[i][0] != '\0') {
            pad(&line, want > at ? want - at : 0);
            buf_add_text(&line, cells[k].lines[i]);
            at = want + width(cells[k].lines[i]);
        }
        want += widths[k] > 0 ? widths[k] + 1 : 0;
    }
    while (line.length > 0 && line.data[line.length - 1] == ' ')
        line.data[--line.length] = '\0';
    buf_addf(drawing->out, "%s\n", buf_text(&line));
    buf_free(&line);
}

static void add_row(struct drawing *drawing, const struct ladder_rung *rung, const struct cell cells[3]) {
    char number[24] = "", time[32] = "";
    const size_t widths[3] = {drawing->left, drawing->middle, drawing->right};
    size_t lines = 0;
    for (size_t k = 0; k < 3; k++)
        lines = cells[k].count > lines ? cells[k].count : lines;
    if (rung->number != 0) {
        if (rung->label != NULL)
            snprintf(number, sizeof(number), "%s", rung->label);
        else
            snprintf(number, sizeof(number), "%llu", (unsigned long long)rung->number);
        snprintf(time, sizeof(time), "%lld.%06lld", (long long)(rung->time_ns / SECOND_NS),
                 (long long)(rung->time_ns % SECOND_NS / 1000));
    }
    for (size_t i = 0; i < lines; i++)
        add_line(drawing, i == 0 ? number : "", i == 0 ? time : "", cells, i, widths);
}

static void draw_note(const struct drawing *drawing, const struct ladder_note *note, size_t columns,
                      struct cell *cell) {
    char *text = plain_form(drawing->ladder, note->text);
    wrap(cell, text, columns, 1);
    free(text);
}

/* ---- Two ends ---- */

static void draw_between_two(struct drawing *drawing, const struct ladder_rung *rung) {
    struct cell cells[3] = {0};
    if (rung->number != 0)
        draw_arrow(drawing, rung, drawing->middle, rung->from < rung->to, &cells[1]);
    for (size_t i = 0; i < rung->note_count; i++) {
        const struct ladder_note *note = &rung->notes[i];
        if (note->end == 0)
            draw_note(drawing, note, drawing->left, &cells[0]);
        else if (note->end == 1)
            draw_note(drawing, note, drawing->right, &cells[2]);
        else
            draw_note(drawing, note, drawing->middle, &cells[1]);
    }
    add_row(drawing, rung, cells);
    for (size_t k = 0; k < 3; k++)
        cell_free(&cells[k]);
}

/* The right title ends where the line ends; either may reach over the arrow. */
static void titles_of_two(struct drawing *drawing) {
    const struct ladder *ladder = drawing->ladder;
    char *left = plain_form(ladder, ladder->ends[0]), *right = plain_form(ladder, ladder->ends[1]);
    struct cell cells[3] = {0};
    size_t gaps = ladder->bare ? 0 : 2, all = drawing->left + drawing->middle + drawing->right + gaps, half = all / 2;
    wrap(&cells[0], left, half - 1, 1);
    wrap(&cells[1], right, all - half, 1);
    for (size_t i = 0; i < cells[0].count || i < cells[1].count; i++) {
        const char *first = i < cells[0].count ? cells[0].lines[i] : "",
                   *second = i < cells[1].count ? cells[1].lines[i] : "";
        size_t used = width(first) + width(second);
        pad(drawing->out, drawing->number_width + 1 + drawing->time_width);
        buf_add_text(drawing->out, first);
        pad(drawing->out, *second != '\0' && all > used ? all - used : 0);
        buf_addf(drawing->out, "%s\n", second);
    }
    cell_free(&cells[0]);
    cell_free(&cells[1]);
    free(left);
    free(right);
}

/* ---- Several ends ---- */

/* "server: accept() = 4": a note with the first word of its end's title. */
static char *whose(const struct ladder *ladder, const struct ladder_note *note, const char *lead) {
    if (note->end >= ladder->end_count)
        return mem_format("%s%s", lead, note->text);
    const char *title = ladder->ends[note->end];
    return mem_format("%s%.*s: %s", lead, (int)strcspn(title, " "), title, note->text);
}

static void draw_among_several(struct drawing *drawing, const struct ladder_rung *rung, size_t gap) {
    const struct ladder *ladder = drawing->ladder;
    struct cell cells[3] = {0}, arrow = {0};
    if (rung->number != 0 && rung->from != rung->to) {
        size_t from = rung->from < rung->to ? rung->from : rung->to,
               to = rung->from < rung->to ? rung->to : rung->from;
        draw_arrow(drawing, rung, (to - from) * gap - 1, rung->from < rung->to, &arrow);
        for (size_t i = 0; i < arrow.count; i++)
            cell_add(&cells[1], mem_format("%*s%s", (int)(from * gap), "", arrow.lines[i]));
    }
    for (size_t i = 0; i < rung->note_count; i++) {
        const struct ladder_note *note = &rung->notes[i];
        char *whole = whose(ladder, note, "");
        draw_note(drawing, &(struct ladder_note){.end = note->end, .text = whole}, drawing->middle, &cells[1]);
        free(whole);
    }
    add_row(drawing, rung, cells);
    cell_free(&cells[1]);
    cell_free(&arrow);
}

static void titles_of_several(struct drawing *drawing, size_t gap) {
    const struct ladder *ladder = drawing->ladder;
    pad(drawing->out, drawing->number_width + 1 + drawing->time_width);
    for (size_t i = 0; i < ladder->end_count; i++) {
        char *title = plain_form(ladder, ladder->ends[i]);
        size_t room = i + 1 < ladder->end_count ? gap - 1 : GAP_LEAST, length = fit(title, room);
        buf_addf(drawing->out, "%.*s", (int)length, title);
        if (i + 1 < ladder->end_count)
            pad(drawing->out, gap - utf8_columns(title, length));
        free(title);
    }
    buf_add_char(drawing->out, '\n');
}

/* ---- Prose ---- */

static void draw_line(struct drawing *drawing, const struct ladder_rung *rung) {
    const struct ladder *ladder = drawing->ladder;
    struct buf text = {0};
    struct cell cells[3] = {0};
    if (rung->number != 0) {
        buf_addf(&text, rung->arrow == LADDER_UNTOLD ? "%s – %s" : "%s → %s", ladder->ends[rung->from],
                 ladder->ends[rung->to]);
        for (size_t i = 0; i < rung->part_count; i++)
            buf_addf(&text, " %s", rung->parts[i]);
        if (rung->arrow != LADDER_ARRIVES && rung->arrow != LADDER_UNTOLD)
            buf_addf(&text, " (%s)",
                     rung->arrow == LADDER_LOST   ? "lost"
                     : rung->arrow == LADDER_HELD ? "held"
                                                  : "on its way");
        draw_note(drawing, &(struct ladder_note){.text = buf_text(&text)}, drawing->middle, &cells[1]);
    }
    for (size_t i = 0; i < rung->note_count; i++) {
        char *whole = whose(ladder, &rung->notes[i], "  ");
        draw_note(drawing, &(struct ladder_note){.text = whole}, drawing->middle, &cells[1]);
        free(whole);
    }
    add_row(drawing, rung, cells);
    cell_free(&cells[1]);
    buf_free(&text);
}

/* ---- All ---- */

static size_t digits(uint64_t number) {
    size_t count = 1;
    while (number >= 10) {
        number /= 10;
        count++;
    }
    return count;
}

static size_t number_columns(const struct ladder_rung *rung) {
    return rung->label != NULL ? width(rung->label) : digits(rung->number);
}

static size_t time_columns(const struct ladder *ladder) {
    size_t seconds = SECONDS_LEAST;
    for (size_t i = 0; i < ladder->rung_count; i++) {
        size_t whole = digits((uint64_t)(ladder->rungs[i].time_ns / SECOND_NS));
        seconds = whole > seconds ? whole : seconds;
    }
    return seconds + TIME_FRACTION;
}

/* Between two of several ends; behind the last there is room for its title. */
static size_t gap_between(const struct ladder *ladder, size_t room) {
    if (ladder->end_count <= 2)
        return 0;
    size_t last = width(ladder->ends[ladder->end_count - 1]);
    return (room - (last < GAP_LEAST ? last : GAP_LEAST)) / (ladder->end_count - 1);
}

/* Two thirds of the room for the arrow: its words are the longer ones. */
static void lay_out_two(struct drawing *drawing, size_t room) {
    if (drawing->ladder->bare) {
        drawing->middle = room;
        return;
    }
    size_t side = (room - 2) / 5 + 1;
    side = side < SIDE_LEAST ? SIDE_LEAST : side > SIDE_MOST ? SIDE_MOST : side;
    drawing->left = drawing->right = side;
    drawing->middle = room > 2 * side + 2 + ARROW_EXTRA + 3 ? room - 2 * side - 2 : ARROW_EXTRA + 3;
}

void ladder_show(const struct ladder *ladder, struct buf *out) {
    struct drawing drawing = {.ladder = ladder, .number_width = 1, .out = out};
    size_t columns = ladder->columns < COLUMNS_LEAST ? COLUMNS_LEAST : ladder->columns;
    for (size_t i = 0; i < ladder->rung_count; i++)
        if (number_columns(&ladder->rungs[i]) > drawing.number_width)
            drawing.number_width = number_columns(&ladder->rungs[i]);
    drawing.time_width = ladder->bare ? 0 : time_columns(ladder) + 1;
    size_t room = columns - drawing.number_width - 1 - drawing.time_width;
    size_t gap = gap_between(ladder, room);
    bool two = ladder->end_count == 2 && room >= 2 * SIDE_LEAST + 2 + ARROW_EXTRA + 3;
    if (two) {
        lay_out_two(&drawing, room);
        titles_of_two(&drawing);
    } else {
        drawing.middle = room;
        if (gap >= GAP_LEAST)
            titles_of_several(&drawing, gap);
    }
    for (size_t i = 0; i < ladder->rung_count; i++) {
        if (two && (ladder->rungs[i].number == 0 || ladder->rungs[i].from != ladder->rungs[i].to))
            draw_between_two(&drawing, &ladder->rungs[i]);
        else if (!two && gap >= GAP_LEAST &&
                 (ladder->rungs[i].number == 0 || ladder->rungs[i].from != ladder->rungs[i].to))
            draw_among_several(&drawing, &ladder->rungs[i], gap);
        else
            draw_line(&drawing, &ladder->rungs[i]);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing a rung; see wire_rung.h. */
#include "view/wire_rung.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"

#define TIME_FRACTION 7   /* ".345678" */
#define TIMED_COLUMNS 100 /* from so many on there is room for times */
#define SIDE_LEAST 12
#define SIDE_MOST 34
#define ARROW_LEAST 18
#define ROOMY 90        /* columns; on less, notes need their share */
#define GAP_LEAST 14    /* between the rails of more than two ends */
#define ENDS_COLUMNS 48 /* from so many on there are rails at all */
#define EXCERPT_LEAST 6 /* columns in which something of an excerpt can be read */

struct rung_drawing {
    const struct scene *scene;
    const struct ladder *ladder;
    const struct wire_columns *at;
    const struct ladder_rung *rung;
    struct canvas *canvas;
    struct area area;
    size_t row;
};

/* ---- Where ---- */

static size_t digits(uint64_t number) {
    size_t count = 1;
    for (; number >= 10; number /= 10)
        count++;
    return count;
}

static void place_two(struct wire_columns *at, size_t columns) {
    size_t room = columns - at->lead, side = room < ROOMY ? room / 4 : room * 2 / 9;
    side = side < SIDE_LEAST ? SIDE_LEAST : side > SIDE_MOST ? SIDE_MOST : side;
    if (room < 2 * side + ARROW_LEAST + 4)
        side = (room - ARROW_LEAST - 4) / 2;
    at->count = 2;
    at->rails[0] = at->lead + side + 1;
    at->rails[1] = columns - side - 2;
    at->notes[0] = at->lead;
    at->notes[1] = at->rails[1] + 2;
    at->widths[0] = at->widths[1] = side;
}

static void place_several(struct wire_columns *at, size_t ends, size_t columns) {
    size_t room = columns - at->lead, notes = room / 4;
    notes = notes < SIDE_LEAST ? SIDE_LEAST : notes > SIDE_MOST ? SIDE_MOST : notes;
    size_t gap = (room - notes - 2) / (ends - 1);
    if (gap < GAP_LEAST)
        return;
    at->count = ends;
    for (size_t i = 0; i < ends; i++)
        at->rails[i] = at->lead + i * gap;
    at->notes[1] = at->rails[ends - 1] + 2;
    at->widths[1] = columns - at->notes[1];
}

void wire_columns_find(const struct ladder *ladder, size_t columns, struct wire_columns *at) {
    size_t seconds = 2; /* so that the ladder does not move after ten of them */
    *at = (struct wire_columns){.number = 2};
    for (size_t i = 0; i < ladder->rung_count; i++) {
        size_t number = digits(ladder->rungs[i].number),
               whole = digits((uint64_t)(ladder->rungs[i].time_ns / SECOND_NS));
        at->number = number > at->number ? number : at->number;
        seconds = whole > seconds ? whole : seconds;
    }
    at->time = columns >= TIMED_COLUMNS ? seconds + TIME_FRACTION : 0;
    at->lead = 1 + at->number + 1 + (at->time > 0 ? at->time + 1 : 0);
    if (columns < ENDS_COLUMNS || columns < at->lead + ENDS_COLUMNS / 2)
        return;
    if (ladder->end_count == 2)
        place_two(at, columns);
    else if (ladder->end_count > 2)
        place_several(at, ladder->end_count, columns);
}

/* ---- The ends ---- */

void wire_put_ends(const struct scene *scene, const struct ladder *ladder, const struct wire_columns *at,
                   struct canvas *canvas, struct area area) {
    for (size_t i = 0; i < at->count; i++) {
        struct buf title = {0};
        buf_add_text(&title, ladder->ends[i]);
        text_fit_screen(scene, &title);
        size_t wide = text_columns(buf_text(&title)), from = at->rails[i], room;
        if (at->count > 2) {
            room = (i + 1 < at->count ? at->rails[i + 1] : area.columns) - from - 1;
        } else {
            room = (area.columns - at->lead) / 2 - 1;
            if (i == 0)
                from = at->notes[0] + (at->widths[0] > wide ? at->widths[0] - wide : 0);
            else if (at->notes[1] + wide <= area.columns)
                from = at->notes[1];
            else
                from = area.columns - (wide < room ? wide : room);
        }
        pane_put_cut(scene, canvas, area, 0, from, room, STYLE_ACTOR, false, buf_text(&title));
        buf_free(&title);
    }
}

/* ---- Notes ---- */

/* At the left or the right of the rails; notes of nobody's, and where there are no rails, have rows of their own. */
static bool is_aside(const struct wire_columns *at, const struct ladder_note *note) {
    return at->count > 0 && note->end < at->count;
}

static size_t side_of(const struct wire_columns *at, const struct ladder_note *note) {
    return at->count == 2 && note->end == 0 ? 0 : 1;
}

/* "accept queue 0/3 → 1/3" → "accept queue → 1/3": what it was is the first that can be missed. */
static void shorten(struct buf *text, size_t columns) {
    const char *arrow = strstr(buf_text(text), " → ");
    if (arrow == NULL)
        arrow = strstr(buf_text(text), " -> ");
    if (arrow == NULL || text_columns(buf_text(text)) <= columns)
        return;
    size_t from = (size_t)(arrow - text->data);
    while (from > 0 && text->data[from - 1] != ' ')
        from--;
    struct buf shorter = {0};
    buf_add(&shorter, text->data, from);
    buf_add_text(&shorter, arrow + 1);
    buf_free(text);
    *text = shorter;
}

/* As it stands there: in two rows where one would lose something. */
struct note_rows {
    struct buf text;
    size_t split; /* bytes of it in the first row; 0: all of them */
};

static void lay_note(const struct scene *scene, const struct ladder *ladder, const struct wire_columns *at,
                     const struct ladder_note *note, struct note_rows *rows) {
    size_t width = at->widths[side_of(at, note)];
    *rows = (struct note_rows){0};
    if (at->count > 2) { /* whose it is */
        const char *title = ladder->ends[note->end];
        buf_addf(&rows->text, "%.*s: ", (int)strcspn(title, " "), title);
    }
    buf_add_text(&rows->text, note->text);
    text_fit_screen(scene, &rows->text);
    shorten(&rows->text, width);
    const char *text = buf_text(&rows->text);
    if (text_columns(text) <= width)
        return;
    for (rows->split = text_fitting(text, width); rows->split > 0 && text[rows->split] != ' ';)
        rows->split--;
}

static void put_note_row(const struct rung_drawing *drawing, const struct ladder_note *note,
                         const char *bytes, size_t length, size_t row) {
    const struct wire_columns *at = drawing->at;
    size_t side = side_of(at, note), width = at->widths[side], from = at->notes[side];
    struct buf text = {0};
    buf_add(&text, bytes, length);
    size_t wide = text_columns(buf_text(&text));
    if (side == 0 && wide < width)
        from += width - wide;
    pane_put_cut(drawing->scene, drawing->canvas, drawing->area, row, from, width,
                 note->change ? STYLE_CHANGE : STYLE_PLAIN, note->fresh, buf_text(&text));
    buf_free(&text);
}

/* Returns how many rows it has. */
static size_t put_note(const struct rung_drawing *drawing, const struct ladder_note *note, size_t row) {
    struct note_rows rows;
    lay_note(drawing->scene, drawing->ladder, drawing->at, note, &rows);
    const char *text = buf_text(&rows.text);
    size_t split = rows.split, count = split > 0 ? 2 : 1;
    put_note_row(drawing, note, text, split > 0 ? split : strlen(text), row);
    if (split > 0)
        put_note_row(drawing, note, text + split + 1, strlen(text) - split - 1, row + 1);
    buf_free(&rows.text);
    return count;
}

size_t wire_rung_rows(const struct scene *scene, const struct ladder *ladder, const struct wire_columns *at,
                      const struct ladder_rung *rung) {
    size_t sides[2] = {0}, own = 0;
    for (size_t i = 0; i < rung->note_count; i++) {
        const struct ladder_note *note = &rung->notes[i];
        struct note_rows rows;
        if (!is_aside(at, note)) {
            own++;
            continue;
        }
        lay_note(scene, ladder, at, note, &rows);
        sides[side_of(at, note)] += rows.split > 0 ? 2 : 1;
        buf_free(&rows.text);
    }
    size_t rows = sides[0] > sides[1] ? sides[0] : sides[1];
    return (rows > 0 || rung->number == 0 ? rows : 1) + own;
}

/* A line of its own. */
static void put_own_note(const struct rung_drawing *drawing, const struct ladder_note *note, size_t row) {
    struct buf text = {0};
    if (note->end < drawing->ladder->end_count) {
        const char *title = drawing->ladder->ends[note->end];
        buf_addf(&text, "  %.*s: ", (int)strcspn(title, " "), title);
    }
    buf_add_text(&text, note->text);
    text_fit_screen(drawing->scene, &text);
    enum style style = note->change ? STYLE_CHANGE : note->end == SIZE_MAX ? STYLE_EVENT : STYLE_PLAIN;
    if (drawing->at->lead < drawing->area.columns)
        pane_put_cut(drawing->scene, drawing->canvas, drawing->area, row, drawing->at->lead,
                     drawing->area.columns - drawing->at->lead, style, note->fresh, buf_text(&text));
    buf_free(&text);
}

/* ---- The arrow ---- */

static enum style part_style(const char *part, bool first) {
    if (strstr(part, "RST") != NULL && first)
        return STYLE_FAILURE;
    return first ? STYLE_ACTOR : part[0] == '(' ? STYLE_EVENT : STYLE_PLAIN;
}

/* Data, a remark, or what ARP and ICMP say can be read in part; a number cannot. */
static bool can_be_cut(const char *part) {
    const char *blank = strchr(part, ' ');
    return part[0] == '"' || part[0] == '(' ||
           (part[0] != '<' && blank != NULL && strchr(blank + 1, ' ') != NULL);
}

/* How much data a packet carries says more than what it acknowledges by the way: where there is no room for both, the
 * latter gives way. SIZE_MAX: nothing has to. */
static size_t given_up(const struct rung_drawing *drawing, size_t room) {
    const struct ladder_rung *rung = drawing->rung;
    size_t wide = 0, ack = SIZE_MAX;
    for (size_t i = 0; i < rung->part_count; i++) {
        wide += (i > 0) + text_columns(rung->parts[i]);
        if (strncmp(rung->parts[i], "ack ", 4) == 0)
            ack = i;
        if (strncmp(rung->parts[i], "len ", 4) == 0)
            return wide > room ? ack : SIZE_MAX;
    }
    return SIZE_MAX;
}

/* As many of the parts as there is room for, the important first; of data as much as can be. With a canvas they are
 * drawn. Returns how many columns they take. */
static size_t put_parts(const struct rung_drawing *drawing, struct canvas *canvas, size_t column,
                        size_t room) {
    const struct ladder_rung *rung = drawing->rung;
    size_t used = 0, without = given_up(drawing, room);
    for (size_t i = 0; i < rung->part_count; i++) {
        struct buf part = {0};
        if (i == without)
            continue;
        buf_add_text(&part, rung->parts[i]);
        text_fit_screen(drawing->scene, &part);
        size_t wide = text_columns(buf_text(&part)), gap = i > 0,
               left = room > used + gap ? room - used - gap : 0;
        bool data = rung->parts[i][0] == '"';
        if (wide > left && i > 0 && (!can_be_cut(rung->parts[i]) || left < EXCERPT_LEAST)) {
            buf_free(&part);
            if (data) /* what stands behind it is less important */
                break;
            continue;
        }
        if (wide > left)
            wide = left;
        if (canvas != NULL && gap > 0)
            canvas_put(canvas, drawing->area, drawing->row, column + used, STYLE_PLAIN, rung->fresh, " ");
        if (canvas != NULL)
            pane_put_cut(drawing->scene, canvas, drawing->area, drawing->row, column + used + gap, wide,
                         part_style(rung->parts[i], i == 0), rung->fresh, buf_text(&part));
        used += gap + wide;
        buf_free(&part);
    }
    return used;
}

struct ending {
    const char *head, *word; /* the word: what has become of it, if it has not arrived */
    enum style style;
};

static struct ending ending_of(const struct scene *scene, enum ladder_arrow arrow, bool rightwards) {
    bool unicode = scene->unicode;
    switch (arrow) {
    case LADDER_ARRIVES:
        return (struct ending){rightwards ? (unicode ? "▶" : ">") : unicode ? "◀" : "<", "", STYLE_PLAIN};
    case LADDER_FLIES:
        return (struct ending){unicode ? "…" : "~", "on its way", STYLE_NOTE};
    case LADDER_HELD:
        return (struct ending){unicode ? "║" : "|", "held", STYLE_EVENT};
    case LADDER_LOST:
        return (struct ending){unicode ? "✗" : "X", "lost", STYLE_FAILURE};
    case LADDER_UNTOLD:
        return (struct ending){"?", "", STYLE_PLAIN};
    }
    return (struct ending){"", "", STYLE_PLAIN};
}

/* Between two columns; none when they have crossed. */
static void put_dashes(const struct rung_drawing *drawing, size_t from, size_t to) {
    const char *dash = glyphs_of(drawing->scene)->horizontal;
    for (size_t column = from; column < to; column++)
        canvas_put(drawing->canvas, drawing->area, drawing->row, column, STYLE_FRAME, false, dash);
}

/* Between the rails of its ends. What has not arrived ends on the way, with a word on it. */
static void put_arrow(const struct rung_drawing *drawing) {
    const struct ladder_rung *rung = drawing->rung;
    struct canvas *canvas = drawing->canvas;
    bool rightwards = rung->from < rung->to, unicode = drawing->scene->unicode;
    size_t left = drawing->at->rails[rightwards ? rung->from : rung->to],
           right = drawing->at->rails[rightwards ? rung->to : rung->from];
    struct ending ending = ending_of(drawing->scene, rung->arrow, rightwards);
    size_t word = ending.word[0] != '\0' ? strlen(ending.word) + 2 : 0;
    size_t room = right - left - 1 - word;                               /* of the arrow, head and all */
    size_t words = put_parts(drawing, NULL, 0, room > 8 ? room - 8 : 1); /* "─── ", " ───▶" */
    size_t length = word > 0 && room * 2 / 3 > words + 8 ? room * 2 / 3 : room;
    size_t tail = rightwards ? left : right, from = rightwards ? left + 1 : right - length,
           head = rightwards ? left + length : right - length;
    canvas_put(canvas, drawing->area, drawing->row, tail, STYLE_FRAME, false,
               !unicode     ? "|"
               : rightwards ? "├"
                            : "┤");
    put_dashes(drawing, from, from + length);
    canvas_put(canvas, drawing->area, drawing->row, head, ending.style, false, ending.head);
    if (word > 0)
        canvas_put(canvas, drawing->area, drawing->row, rightwards ? head + 2 : head + 1 - word, ending.style,
                   rung->fresh, ending.word);
    canvas_put(canvas, drawing->area, drawing->row, from + 3, STYLE_PLAIN, false, " ");
    put_parts(drawing, canvas, from + 4, room > 8 ? room - 8 : 1);
    canvas_put(canvas, drawing->area, drawing->row, from + 4 + words, STYLE_PLAIN, false, " ");
}

static void put_rails(const struct rung_drawing *drawing, size_t rows) {
    const char *rail = glyphs_of(drawing->scene)->vertical;
    for (size_t row = drawing->row; row < drawing->row + rows; row++)
        for (size_t i = 0; i < drawing->at->count; i++)
            canvas_put(drawing->canvas, drawing->area, row, drawing->at->rails[i], STYLE_FRAME, false, rail);
}

/* ---- A rung ---- */

/* "client → server SYN seq 0": where there are no rails, or it goes to itself. */
static void put_prose(const struct rung_drawing *drawing) {
    const struct ladder *ladder = drawing->ladder;
    const struct ladder_rung *rung = drawing->rung;
    struct buf ends = {0};
    bool brief = drawing->area.columns < ENDS_COLUMNS; /* names without addresses */
    const char *from = ladder->ends[rung->from], *to = ladder->ends[rung->to];
    buf_addf(&ends, "%.*s → %.*s ", (int)(brief ? strcspn(from, " ") : strlen(from)), from,
             (int)(brief ? strcspn(to, " ") : strlen(to)), to);
    text_fit_screen(drawing->scene, &ends);
    struct ending ending = ending_of(drawing->scene, rung->arrow, true);
    size_t word = ending.word[0] != '\0' ? strlen(ending.word) + 1 : 0, end = drawing->area.columns;
    size_t column = drawing->at->lead;
    if (column + word >= end)
        return;
    column = pane_put_cut(drawing->scene, drawing->canvas, drawing->area, drawing->row, column,
                          end - column - word, STYLE_PLAIN, rung->fresh, buf_text(&ends));
    if (column + word < end)
        column += put_parts(drawing, drawing->canvas, column, end - column - word);
    if (word > 0 && column + word <= end)
        canvas_put(drawing->canvas, drawing->area, drawing->row, column + 1, ending.style, rung->fresh,
                   ending.word);
    buf_free(&ends);
}

static void put_number(const struct rung_drawing *drawing) {
    const struct ladder_rung *rung = drawing->rung;
    bool chosen = drawing->scene->wishes.chosen == rung->number;
    char text[64];
    if (chosen)
        canvas_put(drawing->canvas, drawing->area, drawing->row, 0, STYLE_KEY, false,
                   glyphs_of(drawing->scene)->current);
    snprintf(text, sizeof(text), "%*llu", (int)drawing->at->number, (unsigned long long)rung->number);
    canvas_put(drawing->canvas, drawing->area, drawing->row, 1, chosen ? STYLE_KEY : STYLE_PLAIN, false,
               text);
    if (drawing->at->time == 0)
        return;
    snprintf(text, sizeof(text), "%*lld.%06lld", (int)(drawing->at->time - TIME_FRACTION),
             (long long)(rung->time_ns / SECOND_NS), (long long)(rung->time_ns % SECOND_NS / 1000));
    canvas_put(drawing->canvas, drawing->area, drawing->row, 2 + drawing->at->number, STYLE_FRAME, false,
               text);
}

void wire_put_rung(const struct scene *scene, const struct ladder *ladder, const struct wire_columns *at,
                   const struct ladder_rung *rung, struct canvas *canvas, struct area area, size_t row) {
    const struct rung_drawing drawing = {scene, ladder, at, rung, canvas, area, row};
    size_t sides[2] = {0}, own = 0, rows = wire_rung_rows(scene, ladder, at, rung);
    bool rails = at->count > 0 && rung->from < at->count && rung->to < at->count;
    for (size_t i = 0; i < rung->note_count; i++)
        own += !is_aside(at, &rung->notes[i]);
    if (rails)
        put_rails(&drawing, rows - own);
    if (rung->number != 0) {
        put_number(&drawing);
        if (rails && rung->from != rung->to)
            put_arrow(&drawing);
        else
            put_prose(&drawing);
    }
    own = rows - own;
    for (size_t i = 0; i < rung->note_count; i++) {
        const struct ladder_note *note = &rung->notes[i];
        if (is_aside(at, note))
            sides[side_of(at, note)] += put_note(&drawing, note, row + sides[side_of(at, note)]);
        else
            put_own_note(&drawing, note, row + own++);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ladder of a question: with letters, with blanks, as it was, as it was drawn; see quiz.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/quiz.h"

#define LABEL_MAX 24 /* bytes of a number */
#define BLANK_MAX 16 /* bytes of "from _a_" */

/* A ladder that is being made of the sheet's. */
struct drawing {
    struct ladder ladder;
    struct ladder_rung rungs[LESSON_RUNG_MAX];
    char labels[LESSON_RUNG_MAX][LABEL_MAX];
    char blanks[LESSON_BLANKS_MAX][BLANK_MAX];
};

static struct drawing *drawing_new(const struct sheet *sheet, size_t columns) {
    struct drawing *drawing = mem_alloc(sizeof(*drawing));
    drawing->ladder = sheet->rungs.ladder;
    drawing->ladder.columns = columns;
    drawing->ladder.bare = true;
    drawing->ladder.rungs = drawing->rungs;
    drawing->ladder.rung_count = 0;
    return drawing;
}

static struct ladder_rung *add_rung(struct drawing *drawing, const char *label) {
    size_t at = drawing->ladder.rung_count++;
    struct ladder_rung *rung = &drawing->rungs[at];
    snprintf(drawing->labels[at], LABEL_MAX, "%s", label);
    *rung = (struct ladder_rung){.number = 1, .label = drawing->labels[at]};
    return rung;
}

static struct ladder_rung *add_packet(struct drawing *drawing, const struct sheet_packet *packet,
                                      const char *label) {
    struct ladder_rung *rung = add_rung(drawing, label);
    rung->from = packet->rung->from;
    rung->to = packet->rung->to;
    rung->arrow = packet->rung->arrow;
    for (size_t i = 0; i < packet->part_count; i++)
        rung->parts[rung->part_count++] = packet->parts[i].text;
    return rung;
}

static struct ladder_rung *add_numbered(struct drawing *drawing, const struct sheet *sheet, size_t i) {
    char label[LABEL_MAX];
    snprintf(label, sizeof(label), "%zu", i + 1);
    return add_packet(drawing, &sheet->packets[i], label);
}

/* ---- Blanks ---- */

/* "ack ___", or where there are several "ack _a_", "len _b_" … */
static const char *blank_text(const struct sheet *sheet, size_t blank, struct drawing *drawing) {
    static const char *const words[BLANKS] = {
        [FIGURE_SEQ] = "seq ",    [FIGURE_ACK] = "ack ", [FIGURE_LENGTH] = "len ",
        [FIGURE_WINDOW] = "win ", [BLANK_FLAGS] = "",    [BLANK_SENDER] = "from "};
    char letter = sheet->quiz->blank_count > 1 ? (char)('a' + blank) : '_';
    snprintf(drawing->blanks[blank], BLANK_MAX, "%s_%c_", words[sheet->quiz->blanks[blank].what], letter);
    return drawing->blanks[blank];
}

/* The blank of this packet (from 0) that hides such a part; blank_count: none does. */
static size_t blank_of(const struct quiz *quiz, size_t packet, unsigned what) {
    size_t i = 0;
    while (i < quiz->blank_count && (quiz->blanks[i].rung != packet + 1 || quiz->blanks[i].what != what))
        i++;
    return i;
}

/* Parts that would tell give way to the blank: the first of them stands for all. What is not among the parts (a length
 * of 0, a window) comes last. */
static void add_blanked(struct drawing *drawing, const struct sheet *sheet, size_t number) {
    const struct quiz *quiz = sheet->quiz;
    const struct sheet_packet *packet = &sheet->packets[number];
    struct ladder_rung *rung = add_numbered(drawing, sheet, number);
    bool shown[LESSON_BLANKS_MAX] = {false};
    rung->part_count = 0;
    for (size_t i = 0; i < packet->part_count; i++) {
        size_t blank = blank_of(quiz, number, packet->parts[i].what);
        if (blank < quiz->blank_count && shown[blank])
            continue;
        rung->parts[rung->part_count++] =
            blank < quiz->blank_count ? blank_text(sheet, blank, drawing) : packet->parts[i].text;
        if (blank < quiz->blank_count)
            shown[blank] = true;
    }
    for (size_t i = 0; i < quiz->blank_count; i++) {
        if (quiz->blanks[i].rung != number + 1)
            continue;
        if (!shown[i] && rung->part_count < LADDER_PARTS_MOST)
            rung->parts[rung->part_count++] = blank_text(sheet, i, drawing);
        if (quiz->blanks[i].what != BLANK_SENDER)
            continue;
        rung->arrow = LADDER_UNTOLD;
        if (rung->from > rung->to) {
            rung->from = packet->rung->to;
            rung->to = packet->rung->from;
        }
    }
}

/* ---- Whole ladders ---- */

static void show(struct drawing *drawing, struct buf *out) {
    ladder_show(&drawing->ladder, out);
    free(drawing);
}

static size_t shown_of(const struct sheet *sheet) {
    return sheet->count < LESSON_RUNG_MAX ? sheet->count : LESSON_RUNG_MAX;
}

void sheet_show_question(const struct sheet *sheet, size_t columns, struct buf *out) {
    struct drawing *drawing = drawing_new(sheet, columns);
    switch (sheet->quiz->kind) {
    case QUIZ_ORDER:
        for (size_t i = 0; i < sheet->shuffled; i++) {
            const char label[] = {(char)('a' + i), ')', '\0'};
            add_packet(drawing, &sheet->packets[sheet->low + sheet->letters[i]], label);
        }
        break;
    case QUIZ_BLANK:
        for (size_t i = 0; i < shown_of(sheet); i++)
            add_blanked(drawing, sheet, i);
        break;
    case QUIZ_DRAW:
    case QUIZ_NONE:
        free(drawing);
        return;
    }
    show(drawing, out);
}

void sheet_show(const struct sheet *sheet, size_t columns, struct buf *out) {
    struct drawing *drawing = drawing_new(sheet, columns);
    for (size_t i = 0; i < shown_of(sheet); i++)
        add_numbered(drawing, sheet, i);
    show(drawing, out);
}

/* ---- The learner's ---- */

/* The column of whoever sends such packets; SIZE_MAX: nobody of that name did. */
static size_t end_of(const struct sheet *sheet, const char *drawn) {
    size_t length = strcspn(drawn, " \t");
    for (size_t i = 0; i < sheet->count; i++) {
        const char *sender = quiz_sender(&sheet->packets[i]);
        if (strlen(sender) == length && memcmp(sender, drawn, length) == 0)
            return sheet->packets[i].rung->from;
    }
    return SIZE_MAX;
}

static bool has_two_ends(const struct sheet *sheet, char *const *drawn, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (end_of(sheet, drawn[i]) == SIZE_MAX)
            return false;
    return sheet->rungs.ladder.end_count == 2;
}

/* Between two it can be drawn; whom else a packet is for, its words do not say. */
void sheet_show_drawing(const struct sheet *sheet, char *const *drawn, size_t count, size_t columns,
                        struct buf *out) {
    if (!has_two_ends(sheet, drawn, count)) {
        for (size_t i = 0; i < count; i++)
            buf_addf(out, "%zu %s\n", i + 1, drawn[i]);
        return;
    }
    struct drawing *drawing = drawing_new(sheet, columns);
    for (size_t i = 0; i < count && i < LESSON_RUNG_MAX; i++) {
        char label[LABEL_MAX];
        snprintf(label, sizeof(label), "%zu", i + 1);
        struct ladder_rung *rung = add_rung(drawing, label);
        rung->from = end_of(sheet, drawn[i]);
        rung->to = 1 - rung->from;
        const char *what = drawn[i] + strcspn(drawn[i], " \t");
        rung->parts[rung->part_count++] = what + strspn(what, " \t");
    }
    show(drawing, out);
}

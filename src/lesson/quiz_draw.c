/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ladder drawn by the learner, compared with what was captured: the two are
 * laid side by side so that as much as possible fits (edit distance), and what does not is told at its place.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/load.h"
#include "lesson/quiz_parts.h"
#include "packet/packet.h"

#define COST_NUMBER 1 /* the packet with another number */
#define COST_SENDER 3 /* from another sender */
#define COST_ALONE 2  /* one that the other does not have */
#define TOLD_MOST 8   /* sentences; the rest would not be read */

/* ---- Comparing ---- */

/* A bare ACK is drawn as one; whatever carries data says so, by its len, its bytes or PSH. */
static bool is_like(const struct expected_packet *drawn, const struct wire_packet *packet) {
    bool data = drawn->has[FIGURE_LENGTH] || drawn->data != NULL || (drawn->flags & TCP_PSH) != 0;
    bool tcp = packet->has[FIGURE_SEQ];
    return wire_is_like(drawn, packet) && (!tcp || data || packet->numbers[FIGURE_LENGTH] == 0);
}

/* Is it all but its sender? */
static bool is_of_another(const struct expected_packet *drawn, const struct wire_packet *packet) {
    struct wire_packet same = *packet;
    same.sender = drawn->actor;
    return strcmp(drawn->actor, packet->sender) != 0 && is_like(drawn, &same);
}

/* The numbers that are others, or that should have been given, 1 << FIGURE_…; 1 << FIGURES: its data. */
static unsigned differences(const struct sheet *sheet, const struct expected_packet *drawn,
                            const struct wire_packet *packet) {
    unsigned other = wire_others(drawn, packet);
    for (unsigned i = 0; i < FIGURES; i++)
        if ((sheet->quiz->figures & 1U << i) && packet->has[i] && !drawn->has[i])
            other |= 1U << i;
    return other | (wire_has_data(drawn, packet) ? 0 : 1U << FIGURES);
}

/* Two ladders side by side. */
struct comparison {
    const struct sheet *sheet;
    struct sheet named; /* the sheet, with the names that packets have in the drawing */
    const struct expectation *drawn;
    unsigned costs[LESSON_PACKETS_MAX + 1][LESSON_PACKETS_MAX + 1]; /* from so many drawn and captured on */
    size_t of_drawn[LESSON_PACKETS_MAX];    /* the captured one that it is; SIZE_MAX: none */
    size_t of_captured[LESSON_PACKETS_MAX]; /* and the other way round; as sheet.drawn_as */
};

static unsigned cost_together(const struct comparison *c, size_t drawn, size_t captured) {
    const struct expected_packet *mine = &c->drawn->packets[drawn];
    const struct wire_packet *packet = &c->sheet->packets[captured].packet;
    if (is_of_another(mine, packet))
        return COST_SENDER;
    if (!is_like(mine, packet))
        return 2 * COST_ALONE + 1;
    return differences(c->sheet, mine, packet) != 0 ? COST_NUMBER : 0;
}

static void compare(struct comparison *c) {
    size_t n = c->drawn->packet_count, m = c->sheet->count;
    for (size_t i = n + 1; i-- > 0;)
        for (size_t k = m + 1; k-- > 0;) {
            unsigned best = (unsigned)(i < n ? n - i : m - k) * COST_ALONE;
            if (i < n && k < m) {
                unsigned both = c->costs[i + 1][k + 1] + cost_together(c, i, k);
                unsigned extra = c->costs[i + 1][k] + COST_ALONE, missing = c->costs[i][k + 1] + COST_ALONE;
                best = both < extra ? both : extra;
                best = best < missing ? best : missing;
            }
            c->costs[i][k] = best;
        }
    for (size_t i = 0; i < n; i++)
        c->of_drawn[i] = SIZE_MAX;
    for (size_t k = 0; k < m; k++)
        c->of_captured[k] = SIZE_MAX;
    for (size_t i = 0, k = 0; i < n && k < m;) {
        if (c->costs[i][k] == c->costs[i + 1][k + 1] + cost_together(c, i, k)) {
            c->of_drawn[i] = k;
            c->of_captured[k++] = i++;
        } else if (c->costs[i][k] == c->costs[i + 1][k] + COST_ALONE) {
            i++;
        } else {
            k++;
        }
    }
}

/* ---- Telling ---- */

static void add_numbers(unsigned other, struct buf *out) {
    static const char *const words[] = {[FIGURE_SEQ] = "seq",
                                        [FIGURE_ACK] = "ack",
                                        [FIGURE_LENGTH] = "len",
                                        [FIGURE_WINDOW] = "win",
                                        [FIGURES] = "data"};
    for (unsigned i = 0, told = 0; i <= FIGURES; i++)
        if (other & 1U << i)
            buf_addf(out, "%s%s", told++ > 0 ? " and " : "", words[i]);
}

static void tell_other(const struct comparison *c, size_t drawn, size_t captured, struct buf *why) {
    const struct expected_packet *mine = &c->drawn->packets[drawn];
    unsigned other = differences(c->sheet, mine, &c->sheet->packets[captured].packet), missing = 0;
    for (unsigned i = 0; i < FIGURES; i++)
        missing |= (other & 1U << i) && !mine->has[i] ? 1U << i : 0;
    buf_addf(why, "- %zu: ", drawn + 1);
    if (is_of_another(mine, &c->sheet->packets[captured].packet)) {
        bool nobody = c->sheet->packets[captured].sender[0] == '\0';
        buf_addf(why, "that came, sent by %s%s.\n", quiz_sender(&c->sheet->packets[captured]),
                 nobody ? ": no program has a socket for it" : "");
        return;
    }
    if (missing != 0) {
        buf_add_text(why, "that came; its ");
        add_numbers(missing, why);
        buf_addf(why, " %s to be given as well.", missing & (missing - 1) ? "are" : "is");
    } else {
        buf_add_text(why, "that came, with another ");
        add_numbers(other, why);
        buf_add_char(why, '.');
    }
    for (unsigned i = 0; i < FIGURES && missing == 0; i++)
        if (other & 1U << i) {
            struct buf reason = {0};
            if (why_value(c->sheet, captured, i, &reason))
                buf_addf(why, " %s", buf_text(&reason));
            buf_free(&reason);
            break;
        }
    buf_add_char(why, '\n');
}

/* The captured packet that it is in another place; SIZE_MAX: none. */
static size_t elsewhere(const struct comparison *c, size_t drawn) {
    for (size_t k = 0; k < c->sheet->count; k++)
        if (c->of_captured[k] == SIZE_MAX && is_like(&c->drawn->packets[drawn], &c->sheet->packets[k].packet))
            return k;
    return SIZE_MAX;
}

/* How many of the drawn ones stand before it, were it where it came. */
static size_t drawn_before(const struct comparison *c, size_t captured) {
    while (captured-- > 0)
        if (c->of_captured[captured] < c->drawn->packet_count)
            return c->of_captured[captured] + 1;
    return 0;
}

/* One of those that it was drawn on the wrong side of may have a reason. */
static void tell_why_moved(const struct comparison *c, size_t drawn, size_t there, struct buf *why) {
    struct buf reason = {0};
    for (size_t k = 0; k < c->sheet->count && reason.length == 0; k++) {
        if (c->of_captured[k] >= c->drawn->packet_count || (c->of_captured[k] < drawn) != (k > there))
            continue;
        if (k > there ? why_after(c->sheet, k, there, &reason) : why_after(c->sheet, there, k, &reason))
            buf_addf(why, " %s", buf_text(&reason));
    }
    buf_free(&reason);
}

static void tell_extra(struct comparison *c, size_t drawn, struct buf *why) {
    const struct expected_packet *mine = &c->drawn->packets[drawn];
    size_t there = elsewhere(c, drawn);
    buf_addf(why, "- %zu: ", drawn + 1);
    if (there == SIZE_MAX) {
        buf_add_text(why, "no such packet came there.");
        for (size_t k = 0; k < c->sheet->count; k++)
            if (c->of_captured[k] == SIZE_MAX && wire_is_like(mine, &c->sheet->packets[k].packet)) {
                buf_add_text(why, " One that carries data is told by its len.");
                break;
            }
        buf_add_char(why, '\n');
        return;
    }
    c->of_captured[there] = c->drawn->packet_count + drawn; /* told */
    size_t before = drawn_before(c, there);
    if (before > 0)
        buf_addf(why, "that came, in another place: behind your %zu.", before);
    else
        buf_add_text(why, "that came, in another place: first of all.");
    tell_why_moved(c, drawn, there, why);
    buf_add_char(why, '\n');
}

/* Those from this one on that are missing in the same place; returns how many. */
static size_t tell_missing(const struct comparison *c, size_t captured, struct buf *why) {
    size_t before = drawn_before(c, captured), count = 1;
    while (captured + count < c->sheet->count && c->of_captured[captured + count] == SIZE_MAX)
        count++;
    if (before == 0)
        buf_add_text(why, "- Before your first");
    else if (before == c->drawn->packet_count)
        buf_add_text(why, "- Behind your last");
    else
        buf_addf(why, "- Between your %zu and %zu", before, before + 1);
    if (count == 1)
        buf_add_text(why, " a packet is missing, sent by");
    else
        buf_addf(why, " %zu packets are missing, sent by", count);
    for (size_t i = 0; i < count; i++)
        buf_addf(why, "%s %s",
                 i == 0           ? ""
                 : i + 1 == count ? " and"
                                  : ",",
                 quiz_sender(&c->sheet->packets[captured + i]));
    buf_add_text(why, ".\n");
    return count;
}

static size_t tell_all(struct comparison *c, struct buf *why) {
    size_t told = 0;
    for (size_t i = 0; i < c->drawn->packet_count; i++) {
        if (c->of_drawn[i] != SIZE_MAX && cost_together(c, i, c->of_drawn[i]) == 0)
            continue;
        if (told++ >= TOLD_MOST)
            continue;
        if (c->of_drawn[i] != SIZE_MAX)
            tell_other(c, i, c->of_drawn[i], why);
        else
            tell_extra(c, i, why);
    }
    for (size_t k = 0; k < c->sheet->count; k++)
        if (c->of_captured[k] == SIZE_MAX) {
            k += tell_missing(c, k, why) - 1;
            told++;
        }
    if (why->length > 0 && why->data[why->length - 1] == '\n')
        why->data[--why->length] = '\0';
    return told;
}

static bool begin(const struct sheet *sheet, const char *answer, struct expectation *made,
                  struct comparison **c, struct buf *why) {
    *c = NULL;
    if (!quiz_read_line(sheet, answer, made, NULL, why))
        return false;
    *c = mem_alloc(sizeof(**c));
    (*c)->named = *sheet;
    (*c)->named.drawn_as = (*c)->of_captured;
    (*c)->named.drawn_count = made->packet_count;
    (*c)->sheet = &(*c)->named;
    (*c)->drawn = made;
    compare(*c);
    return true;
}

bool quiz_judge_drawing(const struct sheet *sheet, const char *answer, bool *understood, struct buf *why) {
    struct expectation made;
    struct comparison *c;
    *understood = begin(sheet, answer, &made, &c, why);
    bool right = *understood && tell_all(c, why) == 0;
    free(c);
    expectation_free(&made);
    return right;
}

/* ---- Answers ---- */

/* As the learner would have to draw it; `more` is added to its seq. */
static void add_packet(const struct sheet *sheet, size_t number, uint32_t more, struct buf *out) {
    const struct sheet_packet *packet = &sheet->packets[number];
    const struct wire_packet *wire = &packet->packet;
    buf_addf(out, "%s%s ", out->length > 0 ? ", " : "", quiz_sender(packet));
    if (wire->has[FIGURE_SEQ]) {
        packet_flags(wire->flags, out);
        buf_addf(out, " seq %u", wire->numbers[FIGURE_SEQ] + more);
        if (wire->has[FIGURE_ACK])
            buf_addf(out, " ack %u", wire->numbers[FIGURE_ACK]);
    } else {
        buf_add_text(out, wire->kind);
    }
    if (wire->has[FIGURE_LENGTH] &&
        (wire->numbers[FIGURE_LENGTH] > 0 || sheet->quiz->figures & 1U << FIGURE_LENGTH))
        buf_addf(out, " len %u", wire->numbers[FIGURE_LENGTH]);
    if (wire->has[FIGURE_WINDOW] && sheet->quiz->figures & 1U << FIGURE_WINDOW)
        buf_addf(out, " win %u", wire->numbers[FIGURE_WINDOW]);
}

void quiz_answer_drawing(const struct sheet *sheet, struct buf *out) {
    for (size_t i = 0; i < sheet->count; i++)
        add_packet(sheet, i, 0, out);
}

/* One that is not there; one too few; another number. */
bool quiz_wrong_drawing(const struct sheet *sheet, size_t wanted, struct buf *out) {
    size_t last = sheet->count - 1;
    bool tcp = sheet->packets[0].packet.has[FIGURE_SEQ];
    if (wanted > 2 || (wanted == 1 && last == 0) || (wanted == 2 && !tcp))
        return false;
    for (size_t i = 0; i < sheet->count - (wanted == 1); i++)
        add_packet(sheet, i, wanted == 2 && i == 0, out);
    if (wanted == 0 && sheet->count < LESSON_PACKETS_MAX)
        add_packet(sheet, last, 0, out);
    else if (wanted == 0) /* no room for more: two are one */
        return false;
    return true;
}

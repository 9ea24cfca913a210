/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What of a packet follows from another one (RFC 9293, 3.4): an acknowledgement
 * names the number that it waits for next, each byte takes up one number, and so do SYN and FIN.
 */
#include <ctype.h>
#include <string.h>

#include "lesson/quiz_parts.h"
#include "packet/packet.h"

static uint32_t takes_up(const struct wire_packet *packet) {
    return packet->numbers[FIGURE_LENGTH] + ((packet->flags & TCP_SYN) != 0) +
           ((packet->flags & TCP_FIN) != 0);
}

static uint32_t ends_at(const struct wire_packet *packet) {
    return packet->numbers[FIGURE_SEQ] + takes_up(packet);
}

static bool same_connection(const struct wire_packet *a, const struct wire_packet *b) {
    return a->connection != 0 && a->connection == b->connection && a->has[FIGURE_SEQ] && b->has[FIGURE_SEQ];
}

/* Does `packet` say that everything up to the end of `other` has come? */
static bool acknowledges(const struct wire_packet *packet, const struct wire_packet *other) {
    return same_connection(packet, other) && packet->side != other->side && packet->has[FIGURE_ACK] &&
           takes_up(other) > 0 && packet->numbers[FIGURE_ACK] == ends_at(other);
}

/* Sent later by the same end. Numbers begin anew after 2^32. */
static bool is_behind(const struct wire_packet *packet, const struct wire_packet *other) {
    uint32_t ahead = packet->numbers[FIGURE_SEQ] - other->numbers[FIGURE_SEQ];
    return same_connection(packet, other) && packet->side == other->side && ahead != 0 &&
           ahead < UINT32_MAX / 2;
}

static bool goes_on_from(const struct wire_packet *packet, const struct wire_packet *other) {
    return same_connection(packet, other) && packet->side == other->side &&
           packet->numbers[FIGURE_SEQ] == ends_at(other) && takes_up(other) > 0;
}

/* ---- Names ---- */

static bool is_blanked(const struct quiz *quiz, size_t packet, unsigned what) {
    for (size_t i = 0; i < quiz->blank_count; i++)
        if (quiz->blanks[i].rung == packet + 1 && quiz->blanks[i].what == what)
            return true;
    return false;
}

/* Its letter where it has one; else its number and what it is, without what is asked. */
void why_name(const struct sheet *sheet, size_t packet, struct buf *out) {
    const struct sheet_packet *named = &sheet->packets[packet];
    bool first = true;
    for (size_t i = 0; i < sheet->shuffled; i++)
        if (sheet->low + sheet->letters[i] == packet) {
            buf_addf(out, "%c", (char)('a' + i));
            return;
        }
    if (sheet->drawn_as != NULL) {
        if (sheet->drawn_as[packet] != SIZE_MAX)
            buf_addf(out, "your %zu", sheet->drawn_as[packet] % sheet->drawn_count + 1);
        else
            buf_add_text(out, "one that is missing in your ladder");
        return;
    }
    buf_addf(out, "packet %zu (", packet + 1);
    if (!is_blanked(sheet->quiz, packet, BLANK_SENDER)) {
        buf_add_text(out, quiz_sender(named));
        first = false;
    }
    for (size_t i = 0; i < named->part_count; i++) {
        if (is_blanked(sheet->quiz, packet, named->parts[i].what))
            continue;
        buf_addf(out, "%s%s", first ? "" : " ", named->parts[i].text);
        first = false;
    }
    buf_add_char(out, ')');
}

/* Which numbers it takes up. */
static const char *taken_words(const struct wire_packet *packet) {
    const unsigned both = packet->flags & (TCP_SYN | TCP_FIN);
    if (packet->numbers[FIGURE_LENGTH] > 0)
        return both != 0 ? "each byte of its data takes up a number, and its FIN one more"
                         : "each byte of its data takes up a number";
    if (both == 0)
        return "without data, SYN or FIN it takes up no number";
    return both & TCP_SYN ? "its SYN takes up a number, as a byte does"
                          : "its FIN takes up a number, as a byte does";
}

/* ---- Order ---- */

bool why_after(const struct sheet *sheet, size_t later, size_t earlier, struct buf *out) {
    const struct wire_packet *after = &sheet->packets[later].packet,
                             *before = &sheet->packets[earlier].packet;
    struct buf a = {0}, b = {0};
    why_name(sheet, later, &a);
    why_name(sheet, earlier, &b);
    bool answers = acknowledges(after, before), behind = is_behind(after, before);
    if (sheet->drawn_as != NULL)
        a.data[0] = (char)toupper((unsigned char)a.data[0]);
    if (answers)
        buf_addf(out,
                 "%s has ack %u, and so acknowledges %s with its seq %u (%s): it cannot have come before it.",
                 buf_text(&a), after->numbers[FIGURE_ACK], buf_text(&b), before->numbers[FIGURE_SEQ],
                 taken_words(before));
    else if (behind)
        buf_addf(out, "%s has seq %u, and %s, of the same sender, has seq %u: that was sent before.",
                 buf_text(&a), after->numbers[FIGURE_SEQ], buf_text(&b), before->numbers[FIGURE_SEQ]);
    buf_free(&a);
    buf_free(&b);
    return answers || behind;
}

/* ---- Values ---- */

typedef bool relation(const struct wire_packet *packet, const struct wire_packet *other);

/* The packet nearest to this one, on that side of it, that stands so to it; count: none. */
static size_t nearest(const struct sheet *sheet, size_t packet, bool before, relation *holds,
                      bool of_packet) {
    const struct wire_packet *own = &sheet->packets[packet].packet;
    for (size_t at = packet; before ? at-- > 0 : ++at < sheet->count;) {
        const struct wire_packet *other = &sheet->packets[at].packet;
        if (of_packet ? holds(own, other) : holds(other, own))
            return at;
    }
    return sheet->count;
}

static bool same_sender(const struct wire_packet *packet, const struct wire_packet *other) {
    return same_connection(packet, other) && packet->side == other->side;
}

/* "What it does to packet 2 (server SYN ACK seq 0): its SYN takes up a number." */
static bool tell(const struct sheet *sheet, size_t other, const char *what, const char *behind,
                 struct buf *out) {
    if (other == sheet->count)
        return false;
    buf_addf(out, "%s ", what);
    why_name(sheet, other, out);
    buf_addf(out, "%s%s.", *behind ? ": " : "", behind);
    return true;
}

static bool why_seq(const struct sheet *sheet, size_t packet, struct buf *out) {
    size_t before = nearest(sheet, packet, true, goes_on_from, true);
    if (before < sheet->count)
        return tell(sheet, before, "It goes on where its sender ended with",
                    taken_words(&sheet->packets[before].packet), out);
    if (nearest(sheet, packet, true, same_sender, true) == sheet->count &&
        sheet->packets[packet].packet.flags & TCP_SYN) {
        buf_add_text(out, "It is its sender's first packet, and numbers are counted from there.");
        return true;
    }
    return tell(sheet, nearest(sheet, packet, false, acknowledges, false), "It is acknowledged by",
                taken_words(&sheet->packets[packet].packet), out);
}

static bool why_ack(const struct sheet *sheet, size_t packet, struct buf *out) {
    size_t before = nearest(sheet, packet, true, acknowledges, true);
    return before < sheet->count && tell(sheet, before, "It asks for the number that follows on",
                                         taken_words(&sheet->packets[before].packet), out);
}

static bool why_sender(const struct sheet *sheet, size_t packet, struct buf *out) {
    return tell(sheet, nearest(sheet, packet, true, acknowledges, true),
                "It acknowledges, for the other side,", "", out) ||
           tell(sheet, nearest(sheet, packet, false, acknowledges, false),
                "The other side acknowledges it with", "", out) ||
           tell(sheet, nearest(sheet, packet, true, goes_on_from, true), "By its seq it goes on from", "",
                out);
}

bool why_value(const struct sheet *sheet, size_t packet, unsigned what, struct buf *out) {
    switch (what) {
    case FIGURE_SEQ:
        return why_seq(sheet, packet, out);
    case FIGURE_ACK:
        return why_ack(sheet, packet, out);
    case FIGURE_LENGTH:
        return tell(sheet, nearest(sheet, packet, false, acknowledges, false), "It is acknowledged by", "",
                    out) ||
               tell(sheet, nearest(sheet, packet, false, goes_on_from, false), "Its sender goes on with", "",
                    out);
    case BLANK_SENDER:
        return why_sender(sheet, packet, out);
    default: /* what nothing else follows from: flags, a window */
        return false;
    }
}

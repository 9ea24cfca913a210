/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Were the expected packets seen?  The journal has them, decoded anew here. */
#include <string.h>

#include "lesson/judge_parts.h"
#include "packet/words.h"
#include "shell/packets.h"
#include "view/rungs.h"

/* SYN, FIN and RST must be just those that are named. ACK must be there where it is named; where only a SYN
 * is, it must not: a SYN is no SYN ACK. PSH and the rest matter where they are named: whether a sender
 * pushes is its own affair. */
static bool flags_match(unsigned wanted, unsigned flags) {
    const unsigned main = TCP_SYN | TCP_FIN | TCP_RST;
    if ((wanted & main) != (flags & main) || (wanted & ~flags) != 0)
        return false;
    return !(wanted & TCP_SYN) || (wanted & TCP_ACK) == (flags & TCP_ACK);
}

static bool data_matches(const struct expected_packet *wanted, const struct event *event,
                         const struct packet *packet) {
    return wanted->data == NULL || memmem(event->data + packet->payload_at, packet->payload_kept,
                                          wanted->data, wanted->data_length) != NULL;
}

static bool packet_matches(const struct expected_packet *wanted, const struct event *event,
                           enum judge_how how) {
    struct packet packet;
    struct track_note note;
    if (!rungs_packet(event, &packet, &note) || strcmp(wanted->actor, event->actor) != 0 ||
        strcmp(wanted->kind != NULL ? wanted->kind : "TCP", event->name) != 0)
        return false;
    if (wanted->kind == NULL && wanted->flags != 0 && !flags_match(wanted->flags, packet.tcp.flags))
        return false;
    if ((wanted->marks & ~note.marks) != 0)
        return false;
    if (how == JUDGE_OWN_WORDS) /* other words have other lengths, and so other numbers */
        return true;
    const uint32_t figures[FIGURES] = {[FIGURE_SEQ] = note.seq,
                                       [FIGURE_ACK] = note.ack,
                                       [FIGURE_LENGTH] = (uint32_t)packet.payload,
                                       [FIGURE_WINDOW] = note.window};
    for (size_t i = 0; i < FIGURES; i++)
        if (wanted->has[i] && wanted->numbers[i] != figures[i])
            return false;
    return data_matches(wanted, event, &packet);
}

/* "client SYN seq 0, server SYN ACK seq 0 ack 1" */
static void see_packet(struct judging *judging, const struct event *event) {
    struct packet packet;
    struct track_note note;
    struct packet_parts parts;
    struct buf *seen = &judging->seen;
    if (seen->length >= SEEN_MAX || !rungs_packet(event, &packet, &note))
        return;
    packet_parts(&packet, &note, event->data, &parts);
    buf_addf(seen, "%s%s", seen->length > 0 ? ", " : "", event->actor[0] != '\0' ? event->actor : "nobody");
    for (size_t i = 0; i < parts.count && i < 4; i++)
        buf_addf(seen, " %s", parts.parts[i]);
    packet_parts_free(&parts);
}

bool judge_wire(struct judging *judging, const struct expectation *e) {
    struct shell *shell = judging->evidence->shell;
    const struct event *event;
    size_t found = 0, seen = 0;
    if (shell != NULL && !packets_are_seen(shell)) {
        /* Nobody is to be held up by what this machine cannot show; --check skips such a lesson. */
        buf_add_text(&judging->seen, "packets cannot be seen here");
        return !e->negated;
    }
    for (uint64_t number = judging->before; (event = next_event(judging, EVENT_PACKET, NULL, &number));) {
        if (event->data_length == 0)
            continue;
        seen++;
        see_packet(judging, event);
        if (found < e->packet_count && packet_matches(&e->packets[found], event, judging->how))
            found++;
    }
    if (seen == 0)
        buf_add_text(&judging->seen, "no packets");
    if (e->packet_count == 0)
        return seen == 0;
    return found == e->packet_count && (!e->any || seen == found);
}

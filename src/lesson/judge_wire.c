/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Were the expected packets seen?  The journal has them, decoded anew here. */
#include <string.h>

#include "lesson/judge_parts.h"
#include "lesson/wire.h"
#include "packet/words.h"
#include "shell/packets.h"
#include "view/rungs.h"

bool wire_packet(const struct event *event, struct wire_packet *packet) {
    struct packet decoded;
    struct track_note note;
    if (!rungs_packet(event, &decoded, &note))
        return false;
    bool tcp = decoded.kind == PACKET_TCP, ports = tcp || decoded.kind == PACKET_UDP;
    *packet = (struct wire_packet){
        .sender = event->actor,
        .kind = event->name,
        .flags = decoded.tcp.flags,
        .marks = note.marks,
        .numbers = {[FIGURE_SEQ] = note.seq,
                    [FIGURE_ACK] = note.ack,
                    [FIGURE_LENGTH] = (uint32_t)decoded.payload,
                    [FIGURE_WINDOW] = note.window},
        .has = {[FIGURE_SEQ] = tcp,
                [FIGURE_ACK] = tcp && (decoded.tcp.flags & TCP_ACK) != 0,
                [FIGURE_LENGTH] = ports,
                [FIGURE_WINDOW] = tcp},
        .data = event->data + decoded.payload_at,
        .data_length = decoded.payload_kept,
        .number = event->packet.number,
        .connection = note.connection,
        .side = note.side,
    };
    return true;
}

static bool flags_match(unsigned wanted, unsigned flags) {
    const unsigned main = TCP_SYN | TCP_FIN | TCP_RST;
    if ((wanted & main) != (flags & main) || (wanted & ~flags) != 0)
        return false;
    return !(wanted & TCP_SYN) || (wanted & TCP_ACK) == (flags & TCP_ACK);
}

bool wire_is_like(const struct expected_packet *wanted, const struct wire_packet *packet) {
    if (strcmp(wanted->actor, packet->sender) != 0 ||
        strcmp(wanted->kind != NULL ? wanted->kind : "TCP", packet->kind) != 0)
        return false;
    if (wanted->kind == NULL && wanted->flags != 0 && !flags_match(wanted->flags, packet->flags))
        return false;
    return (wanted->marks & ~packet->marks) == 0;
}

unsigned wire_others(const struct expected_packet *wanted, const struct wire_packet *packet) {
    unsigned others = 0;
    for (unsigned i = 0; i < FIGURES; i++)
        if (wanted->has[i] && wanted->numbers[i] != packet->numbers[i])
            others |= 1U << i;
    return others;
}

bool wire_has_data(const struct expected_packet *wanted, const struct wire_packet *packet) {
    return wanted->data == NULL ||
           memmem(packet->data, packet->data_length, wanted->data, wanted->data_length) != NULL;
}

/* Other words have other lengths, and so other numbers. */
static bool packet_matches(const struct expected_packet *wanted, const struct event *event,
                           enum judge_how how) {
    struct wire_packet packet;
    if (!wire_packet(event, &packet) || !wire_is_like(wanted, &packet))
        return false;
    return how == JUDGE_OWN_WORDS || (wire_others(wanted, &packet) == 0 && wire_has_data(wanted, &packet));
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

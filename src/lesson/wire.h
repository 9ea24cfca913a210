/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A captured packet as expectations and @ladder questions see it, and whether
 * it is one that somebody described: the author under a step, or the learner in a drawing.
 */
#ifndef SOCKSHELL_LESSON_WIRE_H
#define SOCKSHELL_LESSON_WIRE_H

#include "journal/journal.h"
#include "lesson/lesson.h"

/* Texts and data are the event's. */
struct wire_packet {
    const char *sender; /* an actor; "": nobody's */
    const char *kind;   /* "TCP", "UDP" … */
    unsigned flags;     /* enum tcp_flag (packet/packet.h) */
    unsigned marks;     /* enum track_mark (packet/track.h) */
    uint32_t numbers[FIGURES];
    bool has[FIGURES]; /* a SYN has no ack, a datagram only a len */
    const char *data;  /* what of it was kept */
    size_t data_length;
    uint64_t number, connection; /* as in event_packet */
    unsigned side;
};

/* False: the event is no packet, or tells of one's fate. */
bool wire_packet(const struct event *event, struct wire_packet *packet);

/* Who sends it, what kind it is, flags, marks: SYN, FIN and RST must be just those that are named. ACK must be there
 * where it is named; where only a SYN is, it must not: a SYN is no SYN ACK. PSH and the rest matter where they are
 * named: whether a sender pushes is its own affair. */
bool wire_is_like(const struct expected_packet *wanted, const struct wire_packet *packet);
/* The expected numbers that it has otherwise, 1 << FIGURE_… or-ed. */
unsigned wire_others(const struct expected_packet *wanted, const struct wire_packet *packet);
bool wire_has_data(const struct expected_packet *wanted, const struct wire_packet *packet);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The book of the wire: which of the journal's events make up the ladder of
 * packets, in its order.  Between two packets there may be a hundred thousand
 * events of another kind; whoever draws a dozen rungs wants to look at a dozen
 * entries.  An entry has numbers only, what is said of it is the journal's.
 */
#ifndef SOCKSHELL_JOURNAL_WIRE_H
#define SOCKSHELL_JOURNAL_WIRE_H

#include "journal/journal.h"

enum wire_kind {
    WIRE_PACKET, /* a packet was seen */
    WIRE_LOST,   /* of so many packets nothing is told */
    WIRE_RETURN, /* a call returned that had slept, or could have, until a packet came */
    WIRE_CHANGE, /* the kernel did something with a socket when a call sent packets */
};

struct wire_entry {
    uint64_t event;      /* its number in the journal */
    uint64_t cause;      /* of PACKET and CHANGE: the event of the call, or death, that brought it about; 0: none */
    uint64_t packet;     /* its number */
    uint64_t connection; /* struct event_packet has more on this; 0: none */
    uint64_t cookie;     /* of RETURN and CHANGE: the socket's */
    enum wire_kind kind;
    unsigned fate; /* enum frame_fate: what became of the packet last */
};

struct wire;
/* A reader of the journal from now on, while that is there. */
struct wire *wire_new(struct journal *journal);
void wire_free(struct wire *wire);

/* Entries are numbered from 1; NULL: not yet, or no longer, kept (as long as the journal may have its event). */
uint64_t wire_last(const struct wire *wire);
const struct wire_entry *wire_at(const struct wire *wire, uint64_t number);
/* When the first packet that is kept was seen; 0: there is none. */
int64_t wire_began_ns(const struct wire *wire);

#endif

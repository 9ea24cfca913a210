/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The book of the wire; see wire.h. */
#include "journal/wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "call/call.h"

/* A link tells what became of a packet while it still holds it; that many entries may have come meanwhile. */
#define FATE_MOST 4096

struct wire {
    struct journal *journal;
    struct wire_entry *ring; /* `room` places; entry n stands at n % room */
    size_t room, count;
    uint64_t last;
    /* The last call that began or returned, or death; what comes with it has its time. */
    uint64_t cause;
    int64_t cause_ns;
    bool sent;        /* it has sent a packet */
    int64_t began_ns; /* when the first packet was seen */
};

/* ---- Entries ---- */

static const struct wire_entry *oldest(const struct wire *wire) {
    return &wire->ring[(wire->last - wire->count + 1) % wire->room];
}

static void make_room(struct wire *wire) {
    if (wire->count < wire->room)
        return;
    size_t room = wire->room > 0 ? 2 * wire->room : 256;
    struct wire_entry *ring = mem_alloc(room * sizeof(*ring));
    for (uint64_t n = wire->last - wire->count + 1; n <= wire->last && wire->count > 0; n++)
        ring[n % room] = wire->ring[n % wire->room];
    free(wire->ring);
    wire->ring = ring;
    wire->room = room;
}

/* An entry is of one event, and of those the journal keeps JOURNAL_KEEP at most: so does the ring. */
static void add(struct wire *wire, const struct wire_entry *entry) {
    while (wire->count > 0 && oldest(wire)->event + JOURNAL_KEEP <= entry->event)
        wire->count--;
    make_room(wire);
    wire->ring[++wire->last % wire->room] = *entry;
    wire->count++;
}

uint64_t wire_last(const struct wire *wire) {
    return wire->last;
}

const struct wire_entry *wire_at(const struct wire *wire, uint64_t number) {
    bool kept = number > wire->last - wire->count && number <= wire->last;
    return kept ? &wire->ring[number % wire->room] : NULL;
}

int64_t wire_began_ns(const struct wire *wire) {
    return wire->began_ns;
}

/* ---- Events ---- */

/* It slept until a packet came, or found it there. A call that acts stands beside the packets that it sent. */
static bool has_waited(const struct event *event) {
    const struct call *call = call_find(event->name);
    return event->cookie != 0 && call != NULL && (call->flags & CALL_BLOCKS) && !(call->flags & CALL_ACTS);
}

static bool is_caused(const struct wire *wire, const struct event *event) {
    return wire->cause != 0 && wire->cause_ns == event->happened_ns;
}

/* What became of a packet that is in the book already. */
static void take_fate(struct wire *wire, const struct event *event) {
    for (uint64_t n = wire->last; n > wire->last - wire->count && n + FATE_MOST > wire->last; n--) {
        struct wire_entry *entry = &wire->ring[n % wire->room];
        if (entry->kind != WIRE_PACKET || entry->packet != event->packet.number)
            continue;
        entry->fate = event->packet.fate;
        return;
    }
}

static void take_packet(struct wire *wire, const struct event *event) {
    struct wire_entry entry = {.event = event->number,
                               .kind = WIRE_PACKET,
                               .packet = event->packet.number,
                               .connection = event->packet.connection,
                               .fate = event->packet.fate};
    if (event->packet.number != 0 && strcmp(event->name, "lost") == 0) {
        add(wire, &(struct wire_entry){.event = event->number, .kind = WIRE_LOST});
        return;
    }
    if (event->data_length == 0) {
        take_fate(wire, event);
        return;
    }
    if (event->packet.caused && is_caused(wire, event)) {
        entry.cause = wire->cause;
        wire->sent = true;
    }
    if (wire->began_ns == 0)
        wire->began_ns = event->packet.seen_ns;
    add(wire, &entry);
}

static void take(void *context, const struct event *event) {
    struct wire *wire = context;
    switch (event->type) {
    case EVENT_ENTERED:
    case EVENT_RETURNED:
    case EVENT_DIED:
        if (event->type == EVENT_RETURNED && wire->began_ns != 0 && has_waited(event))
            add(wire, &(struct wire_entry){.event = event->number, .kind = WIRE_RETURN, .cookie = event->cookie});
        wire->cause = event->number;
        wire->cause_ns = event->happened_ns;
        wire->sent = false;
        break;
    case EVENT_CHANGE:
        if (wire->sent && is_caused(wire, event) && event->cookie != 0)
            add(wire, &(struct wire_entry){.event = event->number,
                                           .kind = WIRE_CHANGE,
                                           .cause = wire->cause,
                                           .cookie = event->cookie});
        break;
    case EVENT_PACKET:
        take_packet(wire, event);
        break;
    case EVENT_LINE:
    case EVENT_BORN:
    case EVENT_BLOCKED:
    case EVENT_VALUE:
    case EVENT_OUTPUT:
    case EVENT_INPUT:
    case EVENT_FAULT:
    case EVENT_DONE:
    case EVENT_EXITING:
    case EVENT_PROSE:
    case EVENT_CHECK:
    case EVENT_NOTE:
    case EVENT_TYPES_END: /* these have no place beside a packet */
        break;
    }
}

struct wire *wire_new(struct journal *journal) {
    struct wire *wire = mem_alloc(sizeof(*wire));
    wire->journal = journal;
    journal_read(journal, take, wire);
    return wire;
}

void wire_free(struct wire *wire) {
    if (wire == NULL)
        return;
    journal_unread(wire->journal, take, wire);
    free(wire->ring);
    free(wire);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Following connections; see track.h.  A table of sets: the hash of both ends
 * gives the set, in which the longest silent gives way. Sequence numbers are
 * compared modulo 2^32 (RFC 9293, 3.4).
 */
#include "packet/track.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define WAYS 4
#define SETS (TRACK_MOST / WAYS)
#define HOLES_MOST 4 /* stretches of a stream that were leapt over; of more, the oldest are forgotten */

/* What one end of a connection has sent, as far as it was seen. */
struct direction {
    bool begun; /* `isn` is known, or inferred from the first packet seen */
    bool syn_seen;
    uint32_t isn, next; /* the number behind the last that was seen */
    bool acked;         /* `ack` and `window` are those of its last packet */
    uint32_t ack, window;
    bool has_scale;
    uint8_t scale;
    bool asked; /* its last packet was a keepalive */
    size_t hole_count;
    struct {
        uint32_t from, to;
    } holes[HOLES_MOST];
};

struct flow {
    uint64_t number, used; /* used 0: the place is free */
    int family;
    uint8_t protocol;
    uint8_t host[2][16];
    uint16_t port[2];
    uint32_t network;
    struct direction ways[2];
    char names[2][TRACK_NAME_MAX];
    uint64_t asked;
};

struct tracker {
    struct flow flows[SETS][WAYS];
    uint64_t clock, last_number;
};

struct tracker *tracker_new(void) {
    return mem_alloc(sizeof(struct tracker));
}

void tracker_free(struct tracker *tracker) {
    free(tracker);
}

/* ---- The table ---- */

/* FNV-1a. */
static uint32_t hash(uint32_t sum, const void *bytes, size_t length) {
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++)
        sum = (sum ^ at[i]) * 16777619u;
    return sum;
}

/* The same for both directions. */
static size_t set_of(const struct packet *packet, uint32_t network) {
    const uint32_t basis = 2166136261u;
    uint32_t from = hash(hash(basis, packet->from, 16), &packet->from_port, 2);
    uint32_t to = hash(hash(basis, packet->to, 16), &packet->to_port, 2);
    uint32_t sum = (from + to) ^ network ^ packet->protocol;
    return (sum ^ sum >> 16) % SETS;
}

static bool is_end(const struct flow *flow, unsigned side, const uint8_t host[16], uint16_t port) {
    return flow->port[side] == port && memcmp(flow->host[side], host, 16) == 0;
}

static bool is_of(const struct flow *flow, const struct packet *packet, uint32_t network, unsigned side) {
    return flow->used != 0 && flow->family == packet->family && flow->protocol == packet->protocol &&
           flow->network == network && is_end(flow, side, packet->from, packet->from_port) &&
           is_end(flow, !side, packet->to, packet->to_port);
}

static void begin(struct tracker *tracker, struct flow *flow, const struct packet *packet, uint32_t network) {
    *flow = (struct flow){.number = ++tracker->last_number,
                          .family = packet->family,
                          .protocol = packet->protocol,
                          .network = network,
                          .port = {packet->from_port, packet->to_port}};
    memcpy(flow->host[0], packet->from, 16);
    memcpy(flow->host[1], packet->to, 16);
}

static struct flow *find(struct tracker *tracker, const struct packet *packet, uint32_t network,
                         unsigned *side, bool *fresh) {
    struct flow *set = tracker->flows[set_of(packet, network)], *oldest = set;
    *fresh = false;
    for (size_t i = 0; i < WAYS; i++) {
        for (*side = 0; *side < 2; ++*side)
            if (is_of(&set[i], packet, network, *side))
                return &set[i];
        if (set[i].used < oldest->used)
            oldest = &set[i];
    }
    *side = 0;
    *fresh = true;
    begin(tracker, oldest, packet, network);
    return oldest;
}

/* ---- Sequence numbers ---- */

static bool before(uint32_t a, uint32_t b) {
    return (int32_t)(a - b) < 0;
}

static void add_hole(struct direction *way, uint32_t from, uint32_t to) {
    if (way->hole_count == HOLES_MOST)
        memmove(way->holes, way->holes + 1, --way->hole_count * sizeof(*way->holes));
    way->holes[way->hole_count].from = from;
    way->holes[way->hole_count++].to = to;
}

/* Does it bring what was leapt over?  Then it is there no more. */
static bool fills_hole(struct direction *way, uint32_t from, uint32_t to) {
    for (size_t i = 0; i < way->hole_count; i++) {
        uint32_t first = way->holes[i].from, last = way->holes[i].to;
        if (before(from, first) || before(last, to))
            continue;
        memmove(way->holes + i, way->holes + i + 1, (way->hole_count - i - 1) * sizeof(*way->holes));
        way->hole_count--;
        if (from != first)
            add_hole(way, first, from);
        if (to != last)
            add_hole(way, to, last);
        return true;
    }
    return false;
}

/* Of what takes up sequence numbers: data, SYN, FIN. */
static unsigned place_marks(struct direction *way, uint32_t seq, uint32_t end) {
    unsigned marks = 0;
    if (before(way->next, seq)) {
        add_hole(way, way->next, seq);
        marks = MARK_GAP;
    } else if (before(seq, way->next)) {
        marks = fills_hole(way, seq, end) ? MARK_OUT_OF_ORDER
                : before(way->next, end)  ? 0
                                          : MARK_RETRANSMISSION;
    }
    if (before(way->next, end))
        way->next = end;
    return marks;
}

/* Of what does not: a pure acknowledgement. */
static unsigned ack_marks(const struct direction *own, const struct direction *other,
                          const struct packet *packet, uint32_t window) {
    const struct packet_tcp *tcp = &packet->tcp;
    if (tcp->flags != TCP_ACK || !own->acked)
        return 0;
    if (tcp->seq + 1 == own->next)
        return other->acked && other->window == 0 ? MARK_WINDOW_PROBE : MARK_KEEPALIVE;
    if (tcp->seq != own->next || tcp->ack != own->ack)
        return 0;
    if (other->asked)
        return window == own->window ? MARK_KEEPALIVE_ANSWER : MARK_WINDOW_UPDATE;
    /* What it says of later data is news enough, whatever its window (RFC 6675). */
    if (window != own->window && tcp->sack_count == 0)
        return MARK_WINDOW_UPDATE;
    return before(tcp->ack, other->next) ? MARK_DUPLICATE_ACK : 0;
}

/* The first packet of this direction says where it begins; that of a connection under way, as if it began
 * there. */
static void learn_beginning(struct direction *own, struct direction *other, const struct packet_tcp *tcp) {
    if (tcp->flags & TCP_SYN && !own->syn_seen) {
        own->begun = own->syn_seen = true;
        own->isn = own->next = tcp->seq;
        own->has_scale = tcp->has_scale;
        own->scale = tcp->scale > 14 ? 14 : tcp->scale; /* RFC 7323, 2.3 */
    } else if (!own->begun && !(tcp->flags & TCP_RST)) {
        own->begun = true;
        own->isn = tcp->seq - 1;
        own->next = tcp->seq;
    }
    if (tcp->flags & TCP_ACK && !other->begun && !(tcp->flags & TCP_RST)) {
        other->begun = true;
        other->isn = tcp->ack - 1;
        other->next = tcp->ack;
    }
}

static uint32_t window_of(const struct direction *own, const struct direction *other,
                          const struct packet_tcp *tcp) {
    bool scaled = own->has_scale && other->has_scale && !(tcp->flags & TCP_SYN);
    return (uint32_t)tcp->window << (scaled ? own->scale : 0);
}

/* One byte, or none, from before what comes next: it asks for an answer, and has one to ask for. */
static unsigned question_mark(const struct direction *own, const struct direction *other,
                              const struct packet *packet) {
    const struct packet_tcp *tcp = &packet->tcp;
    if (packet->payload != 1 || tcp->flags & (TCP_SYN | TCP_FIN | TCP_RST))
        return 0;
    if (tcp->seq == own->next && other->acked && other->window == 0)
        return MARK_WINDOW_PROBE;
    return own->begun && tcp->seq + 1 == own->next && other->acked && other->ack == own->next ? MARK_KEEPALIVE
                                                                                              : 0;
}

static void see_tcp(struct flow *flow, const struct packet *packet, unsigned side, struct track_note *note) {
    struct direction *own = &flow->ways[side], *other = &flow->ways[!side];
    const struct packet_tcp *tcp = &packet->tcp;
    uint32_t taken = (uint32_t)packet->payload + !!(tcp->flags & TCP_SYN) + !!(tcp->flags & TCP_FIN);
    learn_beginning(own, other, tcp);
    note->window = window_of(own, other, tcp);
    unsigned question = question_mark(own, other, packet);
    if (question != 0)
        note->marks = question;
    else if (taken > 0)
        note->marks = place_marks(own, tcp->seq, tcp->seq + taken);
    else
        note->marks = ack_marks(own, other, packet, note->window);
    /* Both have sent a SYN: each repeats its own when it acknowledges the other's (RFC 9293, 3.5). */
    if (tcp->flags & TCP_SYN && tcp->flags & TCP_ACK && !own->acked)
        note->marks &= ~(unsigned)MARK_RETRANSMISSION;
    if (note->window == 0 && !(tcp->flags & (TCP_SYN | TCP_FIN | TCP_RST)))
        note->marks |= MARK_ZERO_WINDOW;
    own->asked = (note->marks & MARK_KEEPALIVE) != 0;
    other->asked = false;
    if (tcp->flags & TCP_ACK && !(tcp->flags & TCP_RST)) {
        own->acked = true;
        own->ack = tcp->ack;
        own->window = note->window;
    }
    /* A reset that refuses a SYN has number 0 where nothing was sent before. */
    note->relative = own->begun || other->begun;
    note->seq = own->begun ? tcp->seq - own->isn : tcp->seq;
    note->ack = tcp->flags & TCP_ACK ? other->begun ? tcp->ack - other->isn : tcp->ack : 0;
    for (size_t i = 0; i < tcp->sack_count; i++) {
        note->sacks[i][0] = tcp->sacks[i].from - (other->begun ? other->isn : 0);
        note->sacks[i][1] = tcp->sacks[i].to - (other->begun ? other->isn : 0);
    }
}

/* The same ports once more: a connection of its own. */
static bool begins_anew(const struct flow *flow, const struct packet *packet, unsigned side) {
    const struct direction *own = &flow->ways[side];
    return packet->kind == PACKET_TCP && packet->tcp.flags & TCP_SYN && own->begun &&
           !(own->syn_seen && own->isn == packet->tcp.seq) &&
           !(packet->tcp.flags & TCP_ACK && !own->syn_seen);
}

void tracker_see(struct tracker *tracker, const struct packet *packet, const char *network,
                 struct track_note *note) {
    bool tcp = packet->kind == PACKET_TCP && packet->transport_length >= 20;
    *note = (struct track_note){.seq = packet->tcp.seq, .ack = packet->tcp.ack, .window = packet->tcp.window};
    if (!tcp && !(packet->kind == PACKET_UDP && packet->transport_length == 8))
        return;
    uint32_t where = network != NULL ? hash(1, network, strlen(network)) : 0;
    unsigned side;
    struct flow *flow = find(tracker, packet, where, &side, &note->fresh);
    if (begins_anew(flow, packet, side)) {
        begin(tracker, flow, packet, where);
        side = 0;
        note->fresh = true;
    }
    flow->used = ++tracker->clock;
    note->side = side;
    note->connection = flow->number;
    note->names = flow->names;
    note->asked = &flow->asked;
    if (tcp)
        see_tcp(flow, packet, side, note);
}

/* ---- Names ---- */

static const struct {
    unsigned mark;
    const char *name, *typed, *means;
} marks[] = {
    {MARK_RETRANSMISSION, "retransmission", "retransmission",
     "everything in it was seen before: its sender got no acknowledgement in time"},
    {MARK_DUPLICATE_ACK, "duplicate ACK", "duplicate-ack",
     "it acknowledges no more than the one before, although more is on its way: something is missing"},
    {MARK_ZERO_WINDOW, "zero window", "zero-window",
     "its sender's receive buffer is full: nothing more may be sent to it"},
    {MARK_WINDOW_UPDATE, "window update", "window-update",
     "it acknowledges nothing new, and says only how much room there is now"},
    {MARK_KEEPALIVE, "keepalive", "keepalive",
     "its number is one too low on purpose: whoever is still there will answer"},
    {MARK_KEEPALIVE_ANSWER, "answer to a keepalive", "keepalive-answer", "it is still there"},
    {MARK_WINDOW_PROBE, "window probe", "window-probe",
     "the window was closed: it asks whether there is room by now"},
    {MARK_OUT_OF_ORDER, "out of order", "out-of-order", "what belongs behind it came before it"},
    {MARK_GAP, "gap before it", "gap", "what belongs before it was not seen here"},
};
enum { MARKS = sizeof(marks) / sizeof(*marks) };

const char *track_mark_name(unsigned mark) {
    for (size_t i = 0; i < MARKS; i++)
        if (marks[i].mark == mark)
            return marks[i].name;
    return NULL;
}

const char *track_mark_means(unsigned mark) {
    for (size_t i = 0; i < MARKS; i++)
        if (marks[i].mark == mark)
            return marks[i].means;
    return "";
}

unsigned track_mark(const char *name, size_t length) {
    for (size_t i = 0; i < MARKS; i++)
        if (strlen(marks[i].typed) == length && memcmp(marks[i].typed, name, length) == 0)
            return marks[i].mark;
    return 0;
}

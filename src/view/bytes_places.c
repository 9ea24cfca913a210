/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far the bytes of one direction have come; see bytes.h.
 *
 *     0 ── read ── in the receive queue ── lost ── in flight ── not sent yet ── total
 *          └────── the reader's kernel ──┘         └── the writer's send queue ──┘
 *
 * The lengths of the queues and TCP's count of received bytes are the kernel's.
 * A byte may be received and not acknowledged yet (delayed ACK): then it is in
 * both queues, and counts as received.
 */
#include "view/bytes.h"

/* Has the peer's FIN come?  TCP counts it as a received byte. */
static bool has_fin(enum socket_state state) {
    return state == SOCKET_CLOSE_WAIT || state == SOCKET_LAST_ACK || state == SOCKET_CLOSING ||
           state == SOCKET_TIME_WAIT;
}

/* Bytes that the reader's kernel has received in all. False: it does not say. */
static bool received_by_kernel(const struct socket_facts *facts, uint64_t *received) {
    if (facts == NULL || !facts->has_tcp || facts->state == SOCKET_TIME_WAIT)
        return false;
    uint64_t fin = has_fin(facts->state) && facts->tcp.bytes_received > 0 ? 1 : 0;
    *received = facts->tcp.bytes_received - fin;
    return true;
}

static uint64_t least(uint64_t a, uint64_t b) {
    return a < b ? a : b;
}

static uint64_t most(uint64_t a, uint64_t b) {
    return a > b ? a : b;
}

static uint64_t sum(uint64_t a, uint64_t b) {
    uint64_t result;
    return __builtin_add_overflow(a, b, &result) ? UINT64_MAX : result;
}

static void add_place(struct bytes_flow *flow, enum bytes_place place, uint64_t end) {
    uint64_t before = flow->place_count > 0 ? flow->places[flow->place_count - 1].end : 0;
    end = least(end, flow->total);
    if (end <= before)
        return;
    flow->places[flow->place_count].place = place;
    flow->places[flow->place_count++].end = end;
}

/* In the writer's send queue, sent or not; UNIX sockets' is memory and says nothing of bytes. After a reset
 * TCP still counts what it has thrown away. */
static uint64_t send_queue(const struct bytes_end *writer) {
    const struct socket_facts *facts = writer->facts;
    bool lives = facts != NULL && facts->queues_known && socket_is_tcp(facts) && facts->state != SOCKET_CLOSE;
    return lives ? socket_send_bytes(facts) : 0;
}

static uint64_t not_sent(const struct bytes_end *writer, uint64_t queue) {
    const struct socket_facts *facts = writer->facts;
    return facts != NULL && facts->has_tcp ? least(facts->tcp.not_sent, queue) : 0;
}

/* What the calls of a program have read of it, the urgent bytes not among them; and with them. */
static uint64_t recorded_read(const struct bytes_end *reader) {
    return reader->stream != NULL ? reader->stream->received.total : 0;
}

static uint64_t recorded_taken(const struct bytes_end *reader) {
    return sum(recorded_read(reader), reader->stream != NULL ? reader->stream->received.urgent : 0);
}

static void choose_content(struct bytes_flow *flow) {
    const struct stream *from = flow->writer->stream, *to = flow->reader->stream;
    flow->recorded_written = from != NULL ? from->sent.total : 0;
    flow->recorded_read = recorded_read(flow->reader);
    if (from != NULL && from->sent.total >= flow->recorded_read)
        flow->content = &from->sent;
    else if (to != NULL)
        flow->content = &to->received;
}

/* The reader's kernel knows: read and received. Where it cannot be asked, the record does. */
static void count_at_reader(struct bytes_flow *flow, uint64_t *read, uint64_t *received) {
    const struct bytes_end *reader = flow->reader, *writer = flow->writer;
    const struct socket_facts *facts = reader->facts;
    uint64_t queue = facts != NULL && facts->queues_known ? socket_receive_bytes(facts) : 0;
    bool ours = writer->stream != NULL && flow->recorded_written > 0;
    if (reader->standing == END_WAITING &&
        facts == NULL) /* UNIX: it is all there, and nobody can have read */
        queue = flow->recorded_written;
    if (!received_by_kernel(facts, received)) {
        bool local = facts != NULL && !socket_is_tcp(facts) && reader->standing != END_CLOSED;
        *received = sum(recorded_taken(reader), queue);
        if (local &&
            ours) /* there is no way between; more than was written is a call's that has not returned */
            *received = most(flow->recorded_written, *received);
    }
    *read = *received - least(*received, queue);
}

/* A byte sent urgent is read apart from the others, or passed over. */
static bool is_urgent_only(const struct bytes_flow *flow, uint64_t read) {
    uint64_t apart = flow->reader->stream != NULL ? flow->reader->stream->received.urgent : 0;
    uint64_t sent = flow->writer->stream != NULL ? flow->writer->stream->sent.urgent : 0;
    return read > flow->recorded_read && read - flow->recorded_read <= most(apart, sent);
}

static void place_for_known_reader(struct bytes_flow *flow, uint64_t queue, uint64_t unsent) {
    bool open = flow->reader->standing != END_CLOSED;
    uint64_t read, received;
    count_at_reader(flow, &read, &received);
    bool counted = flow->reader->facts != NULL && flow->reader->facts->queues_known;
    flow->kernel_read = read;
    flow->differs = open && counted && read != flow->recorded_read && !is_urgent_only(flow, read);
    if (!open) /* what is in its queue goes with it */
        received = read;
    flow->total = most(most(flow->recorded_written, flow->recorded_read), received);
    if (open) /* a call that has not returned yet has written a part already */
        flow->total = most(flow->total, sum(received, unsent));
    flow->extra = flow->writer->stream != NULL && flow->writer->standing != END_ELSEWHERE
                      ? flow->total - flow->recorded_written
                      : 0;
    add_place(flow, BYTES_READ, read);
    add_place(flow, BYTES_RECEIVED, received);
    add_place(flow, BYTES_LOST, flow->total - least(flow->total, queue));
    add_place(flow, BYTES_FLYING, flow->total - least(flow->total, unsent));
    add_place(flow, BYTES_UNSENT, flow->total);
}

/* Only the writer's kernel can be asked; it knows what was acknowledged. */
static void place_for_stranger(struct bytes_flow *flow, uint64_t queue, uint64_t unsent) {
    const struct socket_facts *facts = flow->writer->facts;
    bool counts =
        facts != NULL && socket_is_tcp(facts) && facts->queues_known && facts->state != SOCKET_CLOSE;
    flow->total = flow->recorded_written;
    if (counts && facts->has_tcp) {
        /* A SYN and a FIN are acknowledged too. */
        uint64_t kernel = sum(facts->tcp.bytes_acknowledged, queue);
        flow->extra = kernel > sum(flow->total, 2) ? kernel - flow->total - 1 : 0;
        flow->total = sum(flow->total, flow->extra);
    }
    add_place(flow, counts ? BYTES_ACKNOWLEDGED : BYTES_WRITTEN, flow->total - least(flow->total, queue));
    add_place(flow, BYTES_FLYING, flow->total - least(flow->total, unsent));
    add_place(flow, BYTES_UNSENT, flow->total);
}

void bytes_find_places(const struct bytes_end *writer, const struct bytes_end *reader,
                       struct bytes_flow *flow) {
    *flow = (struct bytes_flow){.writer = writer, .reader = reader};
    choose_content(flow);
    uint64_t queue = send_queue(writer), unsent = not_sent(writer, queue);
    if (reader->standing == END_ELSEWHERE)
        place_for_stranger(flow, queue, unsent);
    else
        place_for_known_reader(flow, queue, unsent);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much one call has moved, where it surprises: less than asked, several sends at once, a cut datagram. */
#include <string.h>

#include "explain/find.h"
#include "explain/rows.h"
#include "explain/story.h"

#define SENDS "send sendto sendmsg write"
#define RECEIVES "recv recvfrom recvmsg read"

/* ---- Sending ---- */

static bool short_send(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct event *event = inquiry->event;
    struct subject subject;
    struct end peer;
    const struct socket_facts *facts = story_socket(inquiry, &subject, blanks);
    if (facts == NULL || !socket_is_stream(facts) || event->result <= 0 || event->result >= event->asked ||
        !(story_descriptor(&subject)->nonblocking || story_has_flag(event, "MSG_DONTWAIT")))
        return false;
    buf_addf(blank(blanks, "asked"), "%lld", (long long)event->asked);
    story_say_bytes((uint64_t)event->result, blank(blanks, "taken"));
    buf_addf(blank(blanks, "rest"), "%lld", (long long)(event->asked - event->result));
    struct buf *where = blank(blanks, "where");
    if (socket_is_tcp(facts) && facts->queues_known) {
        buf_add_text(where, " ");
        story_say_bytes(socket_send_bytes(facts), where);
        buf_addf(where, " wait in its send queue.");
    }
    if (story_peer(inquiry, &subject, &peer) && peer.facts_known && peer.facts.queues_known) {
        buf_add_text(where, " ");
        story_say_bytes(socket_receive_bytes(&peer.facts), where);
        buf_add_text(where, " are unread at ");
        story_say_end(inquiry, &peer, where);
        buf_add_char(where, '.');
    }
    return true;
}

/* ---- The sends that a stream was made of ---- */

#define SENDS_MOST 512

/* What arrived in one recv(), beside the sends that it came from. */
struct arrival {
    const struct event *sends[SENDS_MOST]; /* newest first */
    size_t count;
    size_t first;    /* among them, the oldest of which something came */
    size_t parts;    /* of so many sends something came */
    uint64_t begun;  /* bytes of `first` that had come before */
    uint64_t left;   /* bytes of the newest of which something came, that did not come */
    uint64_t behind; /* bytes of later sends */
};

/* All that was sent on the other end, newest first. False: too much, or not all of it is known. */
static bool collect_sends(const struct inquiry *inquiry, const struct end *peer, struct arrival *arrival,
                          uint64_t *total) {
    const struct event *event;
    arrival->count = 0;
    for (uint64_t n = 0; n < STORY_MOST && (event = past_at(&inquiry->past, n)) != NULL; n++) {
        if (event->type != EVENT_RETURNED || event->cookie != peer->cookie || !event->data_out ||
            event->data_total <= 0)
            continue;
        if (arrival->count == SENDS_MOST)
            return false;
        arrival->sends[arrival->count++] = event;
    }
    return story_bytes(inquiry, peer->cookie, true, 0, total);
}

/* Are these the bytes of that send, from `from` on?  As far as both are kept. */
static bool same_bytes(const struct event *received, uint64_t at, const struct event *send, uint64_t from,
                       uint64_t length) {
    if (at >= received->data_length || from >= send->data_length)
        return true;
    size_t most = (size_t)length;
    if (most > received->data_length - at)
        most = received->data_length - (size_t)at;
    if (most > send->data_length - from)
        most = send->data_length - (size_t)from;
    return memcmp(received->data + at, send->data + from, most) == 0;
}

/* Where in what was sent the bytes lie that have just come. False if the two do not agree: part of it was sent
 * in ways that the journal has no bytes of. */
static bool match(const struct event *event, uint64_t read_before, struct arrival *arrival) {
    uint64_t at = 0, from = read_before, to = read_before + (uint64_t)event->result;
    arrival->parts = 0;
    arrival->left = arrival->behind = 0;
    for (size_t i = arrival->count; i-- > 0;) {
        uint64_t size = (uint64_t)arrival->sends[i]->data_total;
        uint64_t low = from > at ? from : at, high = to < at + size ? to : at + size;
        if (low < high) {
            if (!same_bytes(event, low - from, arrival->sends[i], low - at, high - low))
                return false;
            if (arrival->parts++ == 0) {
                arrival->first = i;
                arrival->begun = low - at;
            }
            arrival->left = at + size - high;
        } else if (at >= to) {
            arrival->behind += size;
        }
        at += size;
    }
    return arrival->parts > 0 && at >= to;
}

/* What a recv() on a stream was made of; {peer}. */
static bool find_arrival(const struct inquiry *inquiry, struct blanks *blanks, struct arrival *arrival) {
    const struct event *event = inquiry->event;
    struct subject subject;
    struct end peer;
    uint64_t sent, read;
    const struct socket_facts *facts = story_socket(inquiry, &subject, blanks);
    if (event->result <= 0 || facts == NULL || facts->type != SOCK_STREAM ||
        story_has_flag(event, "MSG_PEEK") || story_has_flag(event, "MSG_OOB") ||
        !story_peer(inquiry, &subject, &peer) || !collect_sends(inquiry, &peer, arrival, &sent) ||
        !story_bytes(inquiry, subject.cookie, false, 0, &read) || !match(event, read, arrival))
        return false;
    buf_add_text(blank(blanks, "who"), peer.actor[0] != '\0' ? peer.actor : "the peer");
    buf_addf(blank(blanks, "count"), "%zu", arrival->parts);
    story_say_bytes((uint64_t)event->result, blank(blanks, "got"));
    return true;
}

#define SIZES_SHOWN 4

static void say_sizes(const struct arrival *arrival, struct buf *out) {
    for (size_t i = 0; i < arrival->parts && i < SIZES_SHOWN; i++) {
        const char *between = i == 0 ? "" : i + 1 == arrival->parts ? " and " : ", ";
        buf_addf(out, "%s%lld", between, (long long)arrival->sends[arrival->first - i]->data_total);
    }
    if (arrival->parts > SIZES_SHOWN)
        buf_addf(out, " and %zu more", arrival->parts - SIZES_SHOWN);
    buf_add_text(out, arrival->parts > SIZES_SHOWN ? "" : " bytes");
}

/* The buffer was full, and of what was sent at once there is more. */
static bool small_buffer(const struct inquiry *inquiry, struct blanks *blanks) {
    struct arrival arrival;
    if (!find_arrival(inquiry, blanks, &arrival) || inquiry->event->result != inquiry->event->asked ||
        arrival.left == 0 || arrival.parts > 1)
        return false;
    buf_addf(blank(blanks, "sent"), "%lld", (long long)arrival.sends[arrival.first]->data_total);
    story_say_bytes(arrival.left, blank(blanks, "left"));
    if (arrival.begun > 0)
        buf_add_text(blank(blanks, "again"), "again ");
    return true;
}

/* There was room for more, but it had not come yet. */
static bool part_of_send(const struct inquiry *inquiry, struct blanks *blanks) {
    struct arrival arrival;
    if (!find_arrival(inquiry, blanks, &arrival) || inquiry->event->result >= inquiry->event->asked ||
        arrival.left == 0 || arrival.parts > 1)
        return false;
    buf_addf(blank(blanks, "sent"), "%lld", (long long)arrival.sends[arrival.first]->data_total);
    story_say_bytes(arrival.left, blank(blanks, "left"));
    return true;
}

static bool sends_merged(const struct inquiry *inquiry, struct blanks *blanks) {
    struct arrival arrival;
    if (!find_arrival(inquiry, blanks, &arrival) || arrival.parts < 2)
        return false;
    say_sizes(&arrival, blank(blanks, "sizes"));
    if (arrival.left > 0) {
        buf_add_text(blank(blanks, "rest"), " (of the last, ");
        story_say_bytes(arrival.left, blank(blanks, "rest"));
        buf_add_text(blank(blanks, "rest"), " are still to come)");
    }
    return true;
}

/* ---- Datagrams ---- */

/* Every send whose bytes begin with those that came had the same length: that. 0: not known. */
static uint64_t length_sent(const struct inquiry *inquiry) {
    const struct event *received = inquiry->event, *event;
    uint64_t length = 0;
    for (uint64_t n = 0; n < STORY_MOST && (event = past_at(&inquiry->past, n)) != NULL; n++) {
        bool longer = event->type == EVENT_RETURNED && event->data_out &&
                      event->data_total >= received->result && event->data_total > 0 && event->cookie != 0;
        if (!longer || !same_bytes(received, 0, event, 0, (uint64_t)received->result))
            continue;
        if (length != 0 && length != (uint64_t)event->data_total)
            return 0;
        length = (uint64_t)event->data_total;
    }
    return length;
}

static bool datagram_cut(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct event *event = inquiry->event;
    struct subject subject;
    const struct socket_facts *facts = story_socket(inquiry, &subject, blanks);
    if (facts == NULL || facts->type == SOCK_STREAM || event->asked <= 0 || event->result < event->asked)
        return false;
    /* With MSG_TRUNC the kernel itself tells the length. */
    uint64_t asked = (uint64_t)event->asked, result = (uint64_t)event->result;
    uint64_t length = result > asked ? result : length_sent(inquiry);
    if (length <= asked)
        return false;
    buf_addf(blank(blanks, "length"), "%llu", (unsigned long long)length);
    buf_addf(blank(blanks, "asked"), "%lld", (long long)event->asked);
    story_say_bytes(length - asked, blank(blanks, "lost"));
    bool peek = story_has_flag(event, "MSG_PEEK");
    buf_add_text(blank(blanks, "end"), peek ? "do not show, but MSG_PEEK has left the datagram in the queue"
                                            : "are lost, for the next recv() takes the next datagram");
    return true;
}

/* ---- The rows ---- */

const struct explanation explanations_amount[] = {
    {"*-short-nonblocking", SENDS, EXPLAIN_SURPRISE, short_send,
     "Only {taken} of {asked} found room, and on fd {fd} this call does not wait for more.{where} The "
     "other {rest} must be sent again, when poll() says POLLOUT."},
    {"*-merged", RECEIVES, EXPLAIN_SURPRISE, sends_merged,
     "{count} sends of {who} came in one piece: {sizes}{rest}. A stream keeps no boundaries between "
     "messages; a program that needs them sends lengths or ends of line with its data."},
    {"*-buffer-small", RECEIVES, EXPLAIN_SURPRISE, small_buffer,
     "The buffer is full {again}with {got} of the {sent} that {who} sent at once. {left} of them are still "
     "in the queue, for the next call."},
    {"*-part", RECEIVES, EXPLAIN_SURPRISE, part_of_send,
     "These are {got} of the {sent} that {who} sent at once; {left} of them are still on their way. A "
     "stream gives what there is: receive in a loop until all has come."},
    {"*-cut", RECEIVES, EXPLAIN_SURPRISE, datagram_cut,
     "The datagram had {length} bytes, and there was room for {asked}: the other {lost} {end}. Each "
     "datagram must find room in one call."},
    {0},
};

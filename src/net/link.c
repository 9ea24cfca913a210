/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of a link; see link.h. */
#include "net/link.h"

#include <net/ethernet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip6.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct queue {
    struct link_frame *first;
    size_t count;
};

struct net_link {
    link_told *told;
    void *context;
    uint64_t *numbers;
    uint64_t random;
    struct link_rules rules;
    struct queue moving; /* by due_ns */
    struct queue held;   /* in the order of their coming */
    size_t bytes;        /* of both */
    int64_t busy_ns[2];  /* until when each way is busy with sending, at a limited rate */
    struct link_counts counts;
};

/* ---- Queues ---- */

static void put_last(struct queue *queue, struct link_frame *frame) {
    struct link_frame **at = &queue->first;
    while (*at != NULL)
        at = &(*at)->next;
    frame->next = NULL;
    *at = frame;
    queue->count++;
}

static void put_by_time(struct queue *queue, struct link_frame *frame) {
    struct link_frame **at = &queue->first;
    while (*at != NULL && (*at)->due_ns <= frame->due_ns)
        at = &(*at)->next;
    frame->next = *at;
    *at = frame;
    queue->count++;
}

static struct link_frame *take_first(struct queue *queue) {
    struct link_frame *frame = queue->first;
    if (frame != NULL) {
        queue->first = frame->next;
        queue->count--;
    }
    return frame;
}

static void free_all(struct queue *queue) {
    struct link_frame *frame;
    while ((frame = take_first(queue)) != NULL)
        free(frame);
}

/* ---- A link ---- */

struct net_link *link_new(link_told *told, void *context, uint64_t *numbers, uint64_t seed) {
    struct net_link *link = mem_alloc(sizeof(*link));
    link->told = told;
    link->context = context;
    link->numbers = numbers;
    link_seed(link, seed);
    return link;
}

void link_free(struct net_link *link) {
    if (link == NULL)
        return;
    free_all(&link->moving);
    free_all(&link->held);
    free(link);
}

const struct link_rules *link_rules(const struct net_link *link) {
    return &link->rules;
}

/* splitmix64: any seed will do, and few bits of state. */
static uint64_t random_bits(struct net_link *link) {
    uint64_t z = link->random += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

void link_seed(struct net_link *link, uint64_t seed) {
    link->random = seed;
}

static bool is_lost(struct net_link *link) {
    return link->rules.loss > 0 && (double)(random_bits(link) >> 11) * 0x1p-53 * 100 < link->rules.loss;
}

static void finish(struct net_link *link, struct link_frame *frame, enum frame_fate fate, enum frame_why why,
                   int64_t now_ns) {
    link->bytes -= frame->length;
    if (fate == FRAME_DELIVERED)
        link->counts.delivered++;
    else
        link->counts.dropped++;
    link->told(link->context, frame, fate, why, now_ns);
    free(frame);
}

/* On its way: at once, or through rate and delay. */
static void send_on(struct net_link *link, struct link_frame *frame, int64_t now_ns) {
    int64_t start = now_ns, *busy = &link->busy_ns[frame->back];
    if (link->rules.rate > 0) {
        start = *busy > now_ns ? *busy : now_ns;
        start += (int64_t)((double)frame->length * 8e9 / (double)link->rules.rate);
        *busy = start;
    }
    frame->due_ns = start + link->rules.delay_ns;
    if (frame->due_ns > now_ns)
        link->told(link->context, frame, FRAME_SENT, frame->why, now_ns);
    put_by_time(&link->moving, frame);
}

void link_set(struct net_link *link, const struct link_rules *rules, int64_t now_ns) {
    bool lets_go = link->rules.hold && !rules->hold;
    link->rules = *rules;
    while (lets_go && link_deliver(link, now_ns))
        continue;
}

/* ARP, and the part of ICMPv6 that takes its place (RFC 4861). */
static bool finds_neighbours(const unsigned char *bytes, size_t length) {
    const struct ether_header *header = (const void *)bytes;
    size_t at = sizeof(*header);
    if (length < at || ntohs(header->ether_type) == ETHERTYPE_IP)
        return false;
    if (ntohs(header->ether_type) != ETHERTYPE_IPV6)
        return true;
    if (length <= at + sizeof(struct ip6_hdr) || bytes[at + 6] != IPPROTO_ICMPV6)
        return false;
    unsigned char type = bytes[at + sizeof(struct ip6_hdr)];
    return type >= ND_ROUTER_SOLICIT && type <= ND_REDIRECT;
}

static struct link_frame *make_frame(struct net_link *link, bool back, const void *bytes, size_t length,
                                     int64_t now_ns) {
    struct link_frame *frame = mem_alloc(sizeof(*frame) + length);
    frame->number = ++*link->numbers;
    frame->back = back;
    frame->sent_ns = now_ns;
    frame->length = length;
    memcpy(frame->bytes, bytes, length);
    frame->exempt = finds_neighbours(frame->bytes, length);
    link->bytes += length;
    return frame;
}

static bool is_full(const struct net_link *link, size_t length) {
    return link->moving.count + link->held.count >= LINK_FRAMES_MAX || link->bytes + length > LINK_BYTES_MAX;
}

void link_take(struct net_link *link, bool back, const void *bytes, size_t length, int64_t now_ns) {
    bool full = is_full(link, length);
    struct link_frame *frame = make_frame(link, back, bytes, length, now_ns);
    if (full) {
        finish(link, frame, FRAME_DROPPED, FRAME_BY_OVERFLOW, now_ns);
    } else if (!frame->exempt && is_lost(link)) {
        finish(link, frame, FRAME_DROPPED, FRAME_BY_LOSS, now_ns);
    } else if (!frame->exempt && link->rules.hold) {
        put_last(&link->held, frame);
        link->told(link->context, frame, FRAME_HELD, FRAME_BY_ITSELF, now_ns);
    } else {
        send_on(link, frame, now_ns);
    }
}

void link_run(struct net_link *link, int64_t now_ns) {
    while (link->moving.first != NULL && link->moving.first->due_ns <= now_ns) {
        struct link_frame *frame = take_first(&link->moving);
        finish(link, frame, FRAME_DELIVERED, frame->why, now_ns);
    }
}

int64_t link_next_ns(const struct net_link *link) {
    return link->moving.first != NULL ? link->moving.first->due_ns : -1;
}

/* ---- By hand ---- */

size_t link_held(const struct net_link *link) {
    return link->held.count;
}

const struct link_frame *link_held_at(const struct net_link *link, size_t i) {
    const struct link_frame *frame = link->held.first;
    while (frame != NULL && i-- > 0)
        frame = frame->next;
    return frame;
}

bool link_deliver(struct net_link *link, int64_t now_ns) {
    struct link_frame *frame = take_first(&link->held);
    if (frame == NULL)
        return false;
    frame->why = FRAME_BY_LEARNER;
    send_on(link, frame, now_ns);
    return true;
}

bool link_drop(struct net_link *link, int64_t now_ns) {
    struct link_frame *frame = take_first(&link->held);
    if (frame == NULL)
        return false;
    finish(link, frame, FRAME_DROPPED, FRAME_BY_LEARNER, now_ns);
    return true;
}

bool link_duplicate(struct net_link *link, int64_t now_ns) {
    struct link_frame *first = link->held.first;
    if (first == NULL || is_full(link, first->length))
        return false;
    struct link_frame *copy = make_frame(link, first->back, first->bytes, first->length, now_ns);
    copy->next = first->next;
    first->next = copy;
    link->held.count++;
    link->told(link->context, copy, FRAME_HELD, FRAME_BY_LEARNER, now_ns);
    return true;
}

bool link_swap(struct net_link *link) {
    struct link_frame *first = link->held.first;
    if (first == NULL || first->next == NULL)
        return false;
    struct link_frame *second = first->next;
    first->next = second->next;
    second->next = first;
    link->held.first = second;
    return true;
}

struct link_counts link_counts(const struct net_link *link) {
    return link->counts;
}

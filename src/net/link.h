/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A link between two hosts: what befalls a frame on it, by rules and by the
 * learner's hand.  It knows no sockets and no clock; it is told the time.
 *
 *     link_take() ──▶ loss? ──▶ hold? ──▶ rate, delay ──▶ link_run(now) ──▶ delivered
 *                                │ ▲
 *                       link_deliver(), _drop(), _duplicate(), _swap()
 *
 * Loss and hold are for IPv4 and IPv6 packets, not for what finds a neighbour's
 * hardware address (ARP, neighbour discovery): so what waits is what a program
 * has sent, and a lost packet stands for itself.
 */
#ifndef SOCKSHELL_NET_LINK_H
#define SOCKSHELL_NET_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "net/frame.h"

#define LINK_FRAMES_MAX 4096 /* under way and held; more are dropped */
#define LINK_BYTES_MAX (8 << 20)

struct link_rules {
    int64_t delay_ns; /* each way */
    double loss;      /* percent, 0 to 100 */
    uint64_t rate;    /* bits a second, each way; 0: no limit */
    bool hold;        /* frames wait for the learner */
};

struct link_frame {
    struct link_frame *next;
    uint64_t number;
    bool back;          /* from the link's second host to its first */
    int64_t sent_ns;    /* CLOCK_MONOTONIC */
    int64_t due_ns;     /* when it arrives; held: not known yet */
    bool exempt;        /* from loss and hold */
    enum frame_why why; /* by whom it goes on */
    size_t length;
    unsigned char bytes[];
};

/* What became of a frame: FRAME_DELIVERED asks for it to be handed over. The frame is the link's. */
typedef void link_told(void *context, const struct link_frame *frame, enum frame_fate fate,
                       enum frame_why why, int64_t now_ns);

struct net_link;
/* `numbers`: the last number given to any frame; shared by links. The same seed loses the same frames of a sequence. */
struct net_link *link_new(link_told *told, void *context, uint64_t *numbers, uint64_t seed);
void link_free(struct net_link *link); /* with all that is on it, untold */

const struct link_rules *link_rules(const struct net_link *link);
/* For frames that come from now on; but with hold gone, what was held goes on. */
void link_set(struct net_link *link, const struct link_rules *rules, int64_t now_ns);
void link_seed(struct net_link *link, uint64_t seed);

/* A frame was sent into it. */
void link_take(struct net_link *link, bool back, const void *bytes, size_t length, int64_t now_ns);
/* Deliver all that is due. */
void link_run(struct net_link *link, int64_t now_ns);
/* When the next is due, CLOCK_MONOTONIC; -1: none is under way. */
int64_t link_next_ns(const struct net_link *link);

/* What waits for the learner, oldest first; NULL ends. */
size_t link_held(const struct net_link *link);
const struct link_frame *link_held_at(const struct net_link *link, size_t i);
/* The first one goes on, is lost, is there twice, changes places with the second. False: there is none (no second). */
bool link_deliver(struct net_link *link, int64_t now_ns);
bool link_drop(struct net_link *link, int64_t now_ns);
bool link_duplicate(struct net_link *link, int64_t now_ns);
bool link_swap(struct net_link *link);

struct link_counts {
    uint64_t delivered, dropped;
};
struct link_counts link_counts(const struct net_link *link);

#endif

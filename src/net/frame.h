/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A frame as whoever watches a network is told of it: by the wire between
 * hosts (net/wire.h), or by what listens on a loopback interface.
 */
#ifndef SOCKSHELL_NET_FRAME_H
#define SOCKSHELL_NET_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What becomes of a frame.  A link that holds frames, or needs time for them, tells of the same frame more than
 * once: first FRAME_HELD or FRAME_SENT, at last FRAME_DELIVERED or FRAME_DROPPED. */
enum frame_fate {
    FRAME_SENT,      /* it is on its way: the link has a delay, or is slow */
    FRAME_HELD,      /* it waits on the link until the learner lets it through */
    FRAME_DELIVERED, /* handed to the receiving interface */
    FRAME_DROPPED,   /* it gets no further */
};

enum frame_why {
    FRAME_BY_ITSELF,
    FRAME_BY_LEARNER,  /* .deliver, .drop, .duplicate, .swap */
    FRAME_BY_LOSS,     /* the link's rule */
    FRAME_BY_OVERFLOW, /* the link had no room for one more */
    FRAME_BY_SYSTEM,   /* the receiving interface did not take it */
};

/* Valid during the call in which it is offered. */
struct net_frame {
    int64_t time_ns; /* CLOCK_MONOTONIC: when this fate befell it */
    int64_t sent_ns; /* …when it left the sending interface */
    uint64_t number; /* one frame on one link keeps its number; from 1 on, never given twice. A broadcast
                               is a frame of its own on each link, a duplicate a frame of its own too */
    enum frame_fate fate;
    enum frame_why why;
    const char *from, *to; /* hosts; the same one for loopback. "": a network without named hosts */
    bool loopback;
    bool checksum_missing; /* the kernel had left the checksum for a network card to fill in */
    const void *bytes;     /* from the Ethernet header on */
    size_t kept;           /* so many of them */
    size_t length;         /* the frame's own */
};

typedef void net_frame_seen(void *context, const struct net_frame *frame);

#endif

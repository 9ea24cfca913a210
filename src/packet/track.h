/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections as a capture shows them: the sequence numbers of each packet
 * counted from the connection's beginning, and what is remarkable about it.
 * Nothing is asked of the kernel, so that it says of any frames the same.
 *
 * The table is bounded; the connection that was silent for the longest gives way.
 */
#ifndef SOCKSHELL_PACKET_TRACK_H
#define SOCKSHELL_PACKET_TRACK_H

#include "packet/packet.h"

#define TRACK_MOST 1024 /* connections, and pairs of UDP's ends */
#define TRACK_NAME_MAX 32

enum track_mark {
    MARK_RETRANSMISSION = 1, /* all of it was seen before */
    MARK_DUPLICATE_ACK = 2,  /* it acknowledges nothing new, and something is outstanding */
    MARK_ZERO_WINDOW = 4,    /* its sender has no room left */
    MARK_WINDOW_UPDATE = 8,  /* nothing but another window */
    MARK_KEEPALIVE = 16,     /* a question whether the other is still there */
    MARK_KEEPALIVE_ANSWER = 32,
    MARK_WINDOW_PROBE = 64,  /* a question whether there is room by now */
    MARK_OUT_OF_ORDER = 128, /* it comes later than what belongs behind it */
    MARK_GAP = 256,          /* what belongs before it was not seen */
    MARKS_END = 512,
};

/* What is said of one packet. */
struct track_note {
    bool relative; /* the numbers are counted from the connection's beginning; else as they stand there */
    uint32_t seq, ack;
    uint32_t sacks[PACKET_SACKS_MOST][2]; /* likewise */
    uint32_t window;                      /* bytes: scaled, once both ends have said that they scale */
    unsigned marks;
    bool fresh;          /* the first packet of this connection, or pair of ends, that was seen */
    unsigned side;       /* which of its ends sent it: 0 or 1 */
    uint64_t connection; /* from 1, another one for each; 0: it belongs to none */
    char (
        *names)[TRACK_NAME_MAX]; /* of the two ends, for whoever knows them, "" at first; valid until the next
                                      packet; NULL: it belongs to none */
    uint64_t *asked; /* likewise: for who looks for them to remember when; 0 at first */
};

struct tracker;
struct tracker *tracker_new(void);
void tracker_free(struct tracker *tracker);
/* `network`: two frames belong together only where this is the same (a link's name, or NULL). */
void tracker_see(struct tracker *tracker, const struct packet *packet, const char *network,
                 struct track_note *note);

/* "retransmission"; NULL: no single mark. */
const char *track_mark_name(unsigned mark);
/* The mark of this name, with - for blanks; 0: none. */
unsigned track_mark(const char *name, size_t length);
/* What it says, in a sentence. */
const char *track_mark_means(unsigned mark);

#endif

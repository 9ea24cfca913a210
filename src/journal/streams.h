/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The book of streams: for every socket the bytes that its program wrote to
 * it and read from it, each with its place in the stream.  Made from the
 * journal's EVENT_RETURNED alone, so it knows what calls that have returned
 * moved; what is under way, and what reached the other side, the kernel knows.
 *
 * Memory is bounded: of each direction the beginning and the newest bytes are
 * kept, of all together so many, of sockets so many; those that moved nothing
 * for the longest give way.  Totals are exact whatever is kept.
 */
#ifndef SOCKSHELL_JOURNAL_STREAMS_H
#define SOCKSHELL_JOURNAL_STREAMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "journal/journal.h"

/* Bytes, those that each chunk costs beside its data included. */
#define STREAMS_KEEP_FIRST ((size_t)8 << 10)   /* of a direction: its beginning */
#define STREAMS_KEEP_NEWEST ((size_t)56 << 10) /* …and its newest chunks, of which one always stays */
#define STREAMS_KEEP ((size_t)16 << 20)        /* of all sockets */
#define STREAMS_MOST 4096                      /* sockets */
#define STREAM_HOLDERS_MOST 4
#define STREAM_NAME_MAX 32

/* What one call moved. */
struct stream_chunk {
    struct stream_chunk *next; /* NULL: the newest. Where offsets leap, chunks were not kept */
    uint64_t event;            /* its number in the journal: orders the chunks of all sockets */
    uint64_t offset, length;   /* its place in the stream */
    size_t kept;               /* so many of its bytes are here; the first ones */
    uint64_t whole;            /* a datagram that was cut: how long it was (MSG_TRUNC); else `length` */
    bool urgent;               /* sent with MSG_OOB */
    char actor[STREAM_NAME_MAX], call[12];
    size_t address_length; /* to whom or from whom: a struct sockaddr; 0: not said */
    const char *address;   /* aligned for it */
    const char *bytes;
};

struct stream_history {
    uint64_t total;     /* bytes; what was thrown away (recv() with MSG_TRUNC on TCP) is among them */
    uint64_t calls;     /* that moved them */
    uint64_t discarded; /* of the total: read, but thrown away */
    uint64_t peeked;    /* calls with MSG_PEEK, which take nothing */
    uint64_t urgent;    /* bytes read apart with MSG_OOB (not in the total), or sent so (in the total) */
    struct stream_chunk *first, *newest;
    /* The book's own. */
    struct stream_chunk *early; /* last of the beginning; NULL: none yet */
    bool begun;                 /* the beginning is full */
    size_t bytes_early, bytes_newer;
    uint64_t dropped; /* chunks that were not kept */
};

/* An actor's descriptor that was the socket when a call was last made on it. */
struct stream_holder {
    char actor[STREAM_NAME_MAX]; /* "": none */
    int fd;
    bool open;
    uint64_t event;
};

struct stream {
    uint64_t cookie; /* its name for life */
    uint64_t peer;   /* cookie of its other end; 0: not known */
    unsigned asked;  /* how often streams_want_peer() said yes */
    int type;        /* SOCK_STREAM …; 0: no call has moved anything yet */
    struct stream_holder holders[STREAM_HOLDERS_MOST];
    struct stream_history sent, received;
    /* The book's own. */
    struct stream *newer, *older; /* by when anything was last done with it */
    struct stream *chain;
};

struct streams;
/* A reader of the journal from now on. */
struct streams *streams_new(struct journal *journal);
/* While the journal is there. */
void streams_free(struct streams *streams);

/* NULL: the book has nothing of it (any more). Valid until the next event. */
const struct stream *streams_find(const struct streams *streams, uint64_t cookie);
/* The socket that the actor's descriptor was when it was last used. NULL: not known. */
const struct stream *streams_held(const struct streams *streams, const char *actor, int fd);
/* All of them: the one with which something was done last, and the one before. NULL ends. */
const struct stream *streams_newest(const struct streams *streams);
const struct stream *stream_older(const struct stream *stream);
/* Who used it last. NULL: nobody is known. */
const struct stream_holder *stream_last_holder(const struct stream *stream);

/* Two ends of one connection: from now on known, also when both are gone. */
void streams_pair(struct streams *streams, uint64_t cookie, uint64_t peer);
/* Is it worth finding out who the other end is?  Yes a few times only, for many have none here. */
bool streams_want_peer(struct streams *streams, uint64_t cookie);

size_t streams_bytes(const struct streams *streams); /* kept, with what chunks cost; for tests */

#endif

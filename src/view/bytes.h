/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What went through a connection, or a datagram socket, as .bytes shows it.
 * Pure: what is shown is what is passed in.
 *
 *     bytes_places.c     how far the bytes of one direction have come: calls' record, kernel's counts
 *     bytes.c            a direction as offsets, hex and text
 *     bytes_datagrams.c  a datagram socket, message by message
 */
#ifndef SOCKSHELL_VIEW_BYTES_H
#define SOCKSHELL_VIEW_BYTES_H

#include "base/buf.h"
#include "journal/streams.h"
#include "observe/facts.h"

/* One end of a connection, or a datagram socket. */
struct bytes_end {
    const char *name; /* "server fd 4", "127.0.0.1:80", "somebody" */
    const char *note; /* "closed", "shared with child fd 4"; or "" */
    const char *who;  /* whose program it is: "server", "the peer" */
    enum bytes_standing {
        END_OPEN,      /* an actor has it */
        END_WAITING,   /* nobody has accepted it yet */
        END_CLOSED,    /* no program can read from it or write to it any more */
        END_ELSEWHERE, /* another program's: what it does is not seen here */
    } standing;
    const struct stream *stream; /* what its program wrote and read; NULL: nothing is recorded */
    /* What the kernel says of it now, TCP's with its detail; NULL: nothing. */
    const struct socket_facts *facts;
};

struct bytes_options {
    size_t columns;
    size_t rows; /* of data in each direction, for a datagram socket in all; the beginning and the end are
                    shown. 0: without bound */
    bool text;   /* as C strings; else as hex and text side by side */
    const char *more; /* how all rows are had: ".bytes 4 all"; NULL: not said */
};

/* Both directions of a connection, the own end's first. */
void bytes_show_stream(const struct bytes_end *own, const struct bytes_end *peer,
                       const struct bytes_options *options, struct buf *out);
/* A datagram socket's messages in the order in which they came and went. `others`: where they may have gone
 * to or come from, as far as it is known. */
void bytes_show_datagrams(const struct bytes_end *own, const struct bytes_end *others, size_t other_count,
                          const struct bytes_options *options, struct buf *out);

/* ---- How far the bytes have come ---- */

enum bytes_place {
    BYTES_READ,         /* by the reader's program */
    BYTES_RECEIVED,     /* in its receive queue */
    BYTES_ACKNOWLEDGED, /* by a peer that is not ours: in its receive queue or read */
    BYTES_WRITTEN,      /* and how far they came cannot be known */
    BYTES_LOST,         /* nobody will read them */
    BYTES_FLYING,       /* sent, not acknowledged */
    BYTES_UNSENT,       /* in the send queue, not sent yet */
    BYTES_PLACES_END,
};

struct bytes_flow {
    const struct bytes_end *writer, *reader;
    /* Whose chunks are the bytes: what was written, else what was read; or NULL. */
    const struct stream_history *content;
    uint64_t total;
    struct {
        enum bytes_place place;
        uint64_t end; /* offset behind its last byte; ascending */
    } places[BYTES_PLACES_END];
    size_t place_count;
    uint64_t recorded_written, recorded_read; /* by calls that have returned */
    uint64_t kernel_read;
    bool differs;   /* the kernel has handed out another number than the calls have read */
    uint64_t extra; /* bytes that the kernel has and no call that returned has written */
};
void bytes_find_places(const struct bytes_end *writer, const struct bytes_end *reader,
                       struct bytes_flow *flow);

/* ---- Shared by the two views ---- */

/* So many bytes of these are one line. */
size_t bytes_line_length(const struct bytes_options *options, const char *bytes, size_t length);
/* One line of them; `begins`: a call began to write here. */
void bytes_add_line(const struct bytes_options *options, uint64_t offset, bool begins, const char *bytes,
                    size_t length, struct buf *out);
/* A line of prose, or several of them, each behind `lead`; frees the text. */
void bytes_add_prose(const struct bytes_options *options, const char *lead, struct buf *text,
                     struct buf *out);
/* "12 bytes", "1 byte", "1073741824 bytes (1.0 GiB)". */
void bytes_add_count(uint64_t bytes, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal: everything that happened, in one order.  Views, lessons and
 * exports read it; none keeps facts of its own.
 */
#ifndef SOCKSHELL_JOURNAL_JOURNAL_H
#define SOCKSHELL_JOURNAL_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/error.h"

enum event_type {
    EVENT_LINE,     /* a line was given: text; place (file and line, or ""); a statement's actor; name: of a
                       command the actor that it is about, if it names none; of an answer in a lesson "answer" */
    EVENT_BORN,     /* an actor began: result (pid), extra (the parent's name after fork(), or "") */
    EVENT_ENTERED,  /* a call that may block began: name, text (its arguments as far as they are known), note (in
                       step mode, and then for every call: what it is about to ask) */
    EVENT_BLOCKED,  /* and verifiably sleeps: name, text */
    EVENT_RETURNED, /* name, text, extra (result in words), result, error, fd, cookie, address, asked, data…,
                       socket_type, flags; id, note (explanation) */
    EVENT_VALUE,    /* name (type), text */
    EVENT_OUTPUT,   /* data; stream 1 or 2 */
    EVENT_INPUT,    /* data given to stdin; data_length 0: end of file */
    EVENT_FAULT,    /* kind, where, text, extra (hint), source (the statement's text, or the line of a function given
                       earlier), place (of that); note (how that function came to be called, a line a call) */
    EVENT_DONE,     /* the statement has ended */
    EVENT_EXITING,  /* result (status) */
    EVENT_DIED,  /* result: wait status as of waitpid(2), or -1 unknown; text in words: "was killed by SIGPIPE
                    (Broken pipe)"; name and extra: the call it was in and its text, or ""; id, note */
    EVENT_PROSE, /* text of a lesson; name: "title", "heading", "text", "step" (a statement or listing),
                    "choices"; "reply": what is said to the learner's answers */
    EVENT_CHECK, /* a lesson's expectation: result 1 met, 0 not; text expected, extra seen; place */
    EVENT_CHANGE, /* the kernel did something with a socket: fd (-1: none), cookie, peer, name (which change: "state",
                     "receive-queue" …, see observe/difference.h), extra (where they are several, the names of all, with
                     blanks between; else ""), text (in words, without the actor); when it came with a call it
                     stands behind it */
    EVENT_PACKET, /* a packet was seen: name ("TCP" …; "lost": of packet.number of them nothing is told), text
                     (in words), id (its ends, with which text begins: "127.0.0.1:40000 → 127.0.0.1:8888"),
                     actor and extra (who sent it, for whom it is; "": not known), source (the link, "lo"),
                     data (its bytes, PACKET_KEEP of them), data_total (its length), packet. Stands behind the
                     call that caused it. A link that delays or drops tells of it once more, without data */
    EVENT_NOTE,  /* the shell itself says something: text */
    EVENT_TYPES_END,
};

#define PACKET_KEEP 1600 /* bytes of a packet that an event has at most */

/* Of EVENT_PACKET: what the capture shows of it, packet/track.h. */
struct event_packet {
    uint64_t number;       /* from 1, one for each packet; a second event about the same one has it too. 0: no packet */
    int64_t seen_ns;       /* CLOCK_MONOTONIC: when it was seen. happened_ns may be that of the call behind which it
                              stands */
    uint64_t connection;   /* from 1, another one for each; 0: it belongs to none */
    uint32_t seq, ack, window; /* counted from the connection's beginning; bytes */
    unsigned marks;        /* enum track_mark, or-ed */
    unsigned side;         /* 0: sent by the end that was seen first */
    unsigned fate, why;    /* enum frame_fate, enum frame_why of net/frame.h */
    bool relative;         /* seq and ack are counted so; else as they stand in the packet */
    bool checksum_missing; /* the kernel had left its checksum for a network card to fill in */
    bool caused;           /* it stands behind the call that caused it; else it came by itself */
    uint64_t link_number;  /* the link's own number for it, by which it can be let through or dropped; 0: none */
};

struct event {
    enum event_type type;
    uint64_t number;     /* from 1, set by the journal */
    int64_t happened_ns; /* CLOCK_MONOTONIC when it happened; 0: now. Given by who adds it */
    int64_t time_ns;     /* the same, since the journal began; set by the journal */
    const char *actor;   /* name, or "" */
    /* Text or "": inside the journal never NULL. */
    const char *name, *text, *extra, *id, *note, *source, *place;
    int64_t result, error, fd, asked, data_total;
    uint64_t cookie;     /* SO_COOKIE of the socket that fd was when the call began: its name for life; 0: none */
    uint64_t peer;       /* EVENT_CHANGE: that of the other end, when a connection came about; else 0 */
    bool data_out;
    int socket_type; /* SOCK_STREAM …, when the call moves bytes through a socket; else 0 */
    int flags;       /* the MSG_* flags that such a call was given */
    int stream;
    enum error_kind kind;
    struct span where;
    bool replayed; /* a lesson does its steps again: nobody is told of it. Set by the journal */
    const char *data;
    size_t data_length;
    struct event_packet packet;
    const char *address; /* a struct sockaddr, aligned: given to the call, or filled in by it; length 0: none */
    size_t address_length;
};

/* How much is kept in memory, whichever is reached first; older events are gone from
 * memory, not from --journal's file.  The newest one is always kept. */
#define JOURNAL_KEEP 100000
#define JOURNAL_KEEP_BYTES ((size_t)64 << 20)

struct journal;
struct journal *journal_new(void);
void journal_free(struct journal *journal);

/* Add an event (texts may be NULL; everything is copied) and tell the readers. */
void journal_add(struct journal *journal, const struct event *event);
/* While it is held, events that are added wait, and those that happened first come
 * first when it is released (equal times: first added, first out): actors are heard one after the other, but
 * what they did is told in the order in which it happened. */
void journal_hold(struct journal *journal);
void journal_release(struct journal *journal);
/* Release and hold again, when an event has waited for so long, or too many wait; did it? */
bool journal_release_old(struct journal *journal, int64_t age_ns);
/* The events that wait, in the order in which they happened; what is added meanwhile is not among them until
 * this is called anew. The list and its events are the journal's, valid until then or until journal_release(). */
size_t journal_held(struct journal *journal, const struct event *const **events);
/* Give the i-th of them an explanation: the list has another event in its place afterwards. `id` and `note` are copied,
 * and may be those of the old one. */
void journal_explain_held(struct journal *journal, size_t i, const char *id, const char *note);
/* From now on events are marked as `replayed`, or no longer. */
void journal_replay(struct journal *journal, bool replayed);
/* Readers are called in the order they were added, inside journal_add(). They may not add. */
typedef void journal_reader(void *context, const struct event *event);
void journal_read(struct journal *journal, journal_reader *reader, void *context);
/* Not this one any more. */
void journal_unread(struct journal *journal, journal_reader *reader, void *context);
/* The last event's number; an event by its number (NULL when it is no longer, or not yet, kept). */
uint64_t journal_last(const struct journal *journal);
const struct event *journal_at(const struct journal *journal, uint64_t number);
/* The cookie of the socket that the actor's descriptor was when a call was last made on it; 0: none is known. */
uint64_t journal_last_cookie(const struct journal *journal, const char *actor, int fd);

/* --journal FILE: every event from now on as JSON Lines (fields: journal_json.c and
 * sockshell(1), JOURNAL).  Written out at each settle (crew_settle() flushes), every
 * 64 KiB and at the end.  A full disk ends the writing after the last whole line that
 * fitted, not the shell; whoever runs the loop asks journal_trouble() and says so once. */
bool journal_write_to(struct journal *journal, const char *path, struct error *error);
void journal_flush(struct journal *journal);
/* What went wrong while writing, once: NULL when all is well or it was told already.  The journal's. */
const char *journal_trouble(struct journal *journal);
void event_to_json(const struct event *event, struct buf *out);
const char *event_type_name(enum event_type type);

#endif

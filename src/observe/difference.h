/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What changed from one snapshot to the next: a value, and the sentence for each change. */
#ifndef SOCKSHELL_OBSERVE_DIFFERENCE_H
#define SOCKSHELL_OBSERVE_DIFFERENCE_H

#include "base/buf.h"
#include "observe/snapshot.h"

enum change_type {
    CHANGE_APPEARED,        /* a descriptor; `text` says of what kind, `ends` its addresses or NULL; `is`: bytes that
                               waited in an accepted one */
    CHANGE_SHARED,          /* a descriptor of a socket that somebody has already: `text` says who */
    CHANGE_CLOSED,          /* a descriptor; `left` says whether its socket lives on */
    CHANGE_STATE,           /* from → to; with a listener's queue (is, most) where it begins to listen; `was`: so many
                               bytes were unread at the other end when that was closed, which reset it */
    CHANGE_LOCAL,           /* it has got an address: `text` */
    CHANGE_PEER,            /* it has got a peer, another, or none: `text` has both addresses, NULL */
    CHANGE_ACCEPT_QUEUE,    /* was → is, of `most` */
    CHANGE_RECEIVE_QUEUE,   /* was → is */
    CHANGE_SEND_QUEUE,
    CHANGE_SHUTDOWN,        /* one direction was closed without a change of state (UDP, UNIX) */
    CHANGE_PEER_GONE,       /* UNIX: the other end was closed */
    CHANGE_NONBLOCKING,     /* is: 0 or 1 */
    CHANGE_OPTION,          /* a program has set one: `text` */
    CHANGE_WAITING,         /* a connection waits to be accepted; without descriptor. `is`: bytes that wait in it */
    CHANGE_WAITING_QUEUE,   /* and was sent bytes: was → is */
    CHANGE_UNOWNED,         /* a socket goes on without owner */
    CHANGE_UNOWNED_STATE,   /* and is in another state */
    CHANGE_UNOWNED_GONE,    /* and is gone */
};

struct change {
    enum change_type type;
    char actor[SNAPSHOT_NAME_MAX]; /* "": a socket of nobody known */
    int fd;                        /* -1: none */
    uint64_t cookie;
    enum socket_state from, to;
    bool tcp;                      /* its states are TCP's */
    bool listens;
    bool shut;                     /* it came with a shutdown() of this very socket; whoever knows of calls says so */
    bool left;                     /* CHANGE_CLOSED: others hold it still */
    bool waited;                   /* in a listener's queue, without descriptor: it was accepted, or is gone */
    bool memory;                   /* the queue is measured in memory, overhead included, not in bytes sent */
    uint64_t was, is, most;
    uint32_t timer_ms;             /* TIME_WAIT: time left */
    char *text, *ends;             /* owned; NULL or words for the sentence */
};

struct difference {
    struct change *changes;
    size_t count;
};

/* `before` NULL: everything has appeared. Descriptors 0 to 2 that are no sockets count as any other. */
void difference_find(const struct snapshot *before, const struct snapshot *after, struct difference *difference);
void difference_free(struct difference *difference);

/* "fd 3: CLOSE → LISTEN, accept queue 0/3", without newline. `actor` is spoken of anyway; for any other the
 * sentence begins with its name: "client fd 3: ESTABLISHED → CLOSE_WAIT (the peer's FIN has arrived)".
 * NULL: always with the name. */
void change_words(const struct change *change, const char *actor, struct buf *out);
/* The same without saying of what: "CLOSE → LISTEN, accept queue 0/3". */
void change_detail(const struct change *change, struct buf *out);
/* Is it about a socket that no descriptor has? */
bool change_is_unowned(enum change_type type);
/* "state", "receive-queue": for the journal. */
const char *change_name(enum change_type type);

#endif

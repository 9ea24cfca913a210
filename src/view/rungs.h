/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal's packets as a ladder: which of them, between whom, with the calls and changes beside them. */
#ifndef SOCKSHELL_VIEW_RUNGS_H
#define SOCKSHELL_VIEW_RUNGS_H

#include "journal/wire.h"
#include "observe/facts.h"
#include "packet/track.h"
#include "view/ladder.h"

/* Which packets are wanted, all that is set must hold; and how they are shown. */
struct rungs_filter {
    const char *actor; /* to or from it; NULL: anybody */
    const char *kind;  /* "TCP" …; NULL: any, */
    bool no_arp;       /* but this */
    unsigned port;     /* of either end; 0: any */
    const struct socket_facts
        *own; /* of this socket's connection; of a listener or UDP: of its port; NULL: any */
    uint64_t
        connection; /* of this one, as struct event_packet numbers them; 0: any. Asked first: it costs nothing */
    uint64_t cookies[2];  /* with it: of its ends; calls on other sockets are left out. 0: not known */
    uint64_t after;       /* events behind this number */
    uint64_t since;       /* those behind this number have just happened */
    size_t most;          /* the newest so many packets; 0: all. Or: */
    uint64_t first, last; /* these entries of the book, as rungs_window() finds them; 0: none are chosen so */
    const char *const *actors; /* the order in which actors have their lifelines, from left to right (lifelines.h) */
    size_t actor_count;
};

struct rungs {
    struct ladder ladder;
    struct ladder_rung *rungs;
    size_t packets; /* among the rungs */
    size_t earlier; /* that were wanted, and for which there was no room */
    char **texts;   /* what the rungs point to */
    size_t text_count;
};

void rungs_gather(const struct journal *journal, const struct wire *book, const struct rungs_filter *filter,
                  size_t columns, struct rungs *wire);
void rungs_free(struct rungs *wire);

/* A part of the ladder by rungs, going back from its end, without a look at any packet: what the filter says of
 * more than connection and event is passed over. */
struct rungs_window {
    size_t skip, most; /* wanted: beyond the newest so many, so many rungs at most */
    uint64_t until;    /* the newest is this entry of the book, or older; 0: the last there is */
    uint64_t chosen;   /* a packet's number; 0: none */
    /* Found: */
    size_t chosen_at;     /* so many rungs are newer than it; SIZE_MAX: it is not among those looked at */
    uint64_t first, last; /* entries of the book; 0: there are none */
    size_t count;         /* all rungs there are, or skip + 2 * most when there are more */
};
void rungs_find(const struct journal *journal, const struct wire *book, const struct rungs_filter *filter,
                struct rungs_window *window);
/* What stands behind an entry of the book: counted up to `most` of either. */
struct rungs_newer {
    size_t rungs, packets;
};
struct rungs_newer rungs_behind(const struct wire *book, const struct rungs_filter *filter, uint64_t entry, size_t most);
/* The event of the packet that comes before that one in the ladder, or behind it; of the newest when the number is 0.
 * NULL: there is none. */
const struct event *rungs_neighbour(const struct journal *journal, const struct wire *book,
                                    const struct rungs_filter *filter, uint64_t number, bool back);
/* The connection of the newest packet between the socket's ends; 0: none was seen. */
uint64_t rungs_connection(const struct journal *journal, const struct wire *book,
                          const struct socket_facts *facts);
/* The connection of the newest packet that a call on this socket brought about, also when the kernel has forgotten it;
 * 0: there is none. */
uint64_t rungs_connection_of(const struct journal *journal, const struct wire *book, uint64_t cookie);
/* The entry of a packet, and its event; 0 and NULL: it has not been seen, or is forgotten. */
uint64_t rungs_place(const struct wire *book, uint64_t number);
const struct event *rungs_event(const struct journal *journal, const struct wire *book, uint64_t number);

/* A packet of the journal, decoded again, with what was said of it. False: the event has none. */
bool rungs_packet(const struct event *event, struct packet *packet, struct track_note *note);
/* Can UTF-8 be shown? */
bool rungs_is_utf8(void);

#endif

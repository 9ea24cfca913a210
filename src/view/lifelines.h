/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who has a lifeline on the ladder, in which order they stand, and how each is
 * called: decided here and nowhere else, for .wire, for the pane, and for
 * lessons' questions, so that no two ladders on one screen are mirrored.
 *
 *   - An actor has one, whichever of its sockets is meant. Where it talks to
 *     itself, each of the two addresses has one.
 *   - A host has one: what its kernel says for itself (ARP, ICMP) and what its
 *     ports answer that nobody has opened. ARP and ICMP stand at an actor's of
 *     that host, if one is on the ladder: the one whose call brought it about,
 *     or else the first.
 *   - Actors stand in the order that is given, others behind them, by address.
 *     Of two lifelines the actor keeps its side: the second stays at the right.
 */
#ifndef SOCKSHELL_VIEW_LIFELINES_H
#define SOCKSHELL_VIEW_LIFELINES_H

#include <stdbool.h>
#include <stddef.h>

#include "view/ladder.h"

/* One end of a packet. Texts are copied. */
struct packet_end {
    const char *actor;    /* whose socket it is; "": nobody's, */
    const char *cause;    /* and the actor whose call brought the packet about, or "" */
    const char *endpoint; /* "10.0.0.1:80", or an address alone */
    const char *host;     /* its name; "": not known */
    size_t host_length;   /* bytes of it */
    bool has_port;
    bool linked; /* it was seen between hosts; else on a loopback, where every address is of the same host */
};

struct lifelines;
struct lifelines *lifelines_new(void);
void lifelines_free(struct lifelines *lifelines);
/* Where this end stands, in a numbering that holds until lifelines_arrange(): below LADDER_ENDS_MOST; beyond that many
 * the last is everybody's. */
size_t lifelines_add(struct lifelines *lifelines, const struct packet_end *end);
size_t lifelines_of_actor(const struct lifelines *lifelines, const char *actor); /* SIZE_MAX: it has none */
/* Number i of those becomes to[i]. Returns how many lifelines there are then, and for each its title, safe for a
 * terminal, which the caller frees. `actors`: names, in the order in which they are to stand. */
size_t lifelines_arrange(const struct lifelines *lifelines, const char *const *actors, size_t actor_count,
                         size_t to[LADDER_ENDS_MOST], char *titles[LADDER_ENDS_MOST]);

#endif

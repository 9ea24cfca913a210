/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which socket stands in the way of bind(), listen() or connect(): the kernel's own rules, looked at from
 * outside. */
#ifndef SOCKSHELL_EXPLAIN_IN_USE_H
#define SOCKSHELL_EXPLAIN_IN_USE_H

#include "explain/find.h"

/* Could sockets with these two addresses not both be bound, options apart?  Same port, and the same host or
 * one that stands for all; a socket for IPv6 that stands for all takes IPv4's as well, unless it is
 * IPV6_V6ONLY. */
struct named {
    const struct sockaddr_storage *address;
    socklen_t length;
    bool v6only;
    uint32_t interface;
};
bool in_use_overlap(const struct named *a, const struct named *b);

/* Who is in the way of the event's bind(): the one that most forbids it. False: nobody who can be found. */
bool in_use_by(const struct inquiry *inquiry, struct found *found);
/* Who is in the way where the event's socket is bound already, so that it may not listen there. */
bool in_use_listening(const struct inquiry *inquiry, struct found *found);

/* Was SO_REUSEADDR set on the socket that a TIME_WAIT is left of?  The kernel does not tell, the journal may.
 */
enum reuse { REUSE_NO, REUSE_YES, REUSE_UNKNOWN };
enum reuse in_use_old_reuse(const struct inquiry *inquiry, const struct found *found);
/* And has the event's own socket it? */
bool in_use_own_reuse(const struct inquiry *inquiry);

#endif

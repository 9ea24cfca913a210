/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ends of connections, named and with all that is known of them: by a
 * snapshot (NULL: nothing was looked at yet) and the book of streams.
 */
#ifndef SOCKSHELL_VIEW_ENDS_H
#define SOCKSHELL_VIEW_ENDS_H

#include "observe/peer.h"
#include "view/bytes.h"

/* A bytes_end with what it points to. Its facts are the snapshot's, until end_ask(). */
struct known_end {
    struct bytes_end end;
    struct buf name, note, who;
    struct socket_facts asked;
};

/* The socket of this cookie. Where several descriptors are it, that of `actor` (may be NULL) comes first.
 * `known` is empty before, and afterwards to be freed with end_free(). */
void end_find(const struct snapshot *snapshot, const struct streams *streams, uint64_t cookie, const char *actor,
              int fd, struct known_end *known);
/* The other end of a connection; false: `own` has none, and never had. end_free() in any case. */
bool end_find_other(const struct snapshot *snapshot, const struct streams *streams, const struct known_end *own,
                    struct known_end *other);
/* Ask the kernel for more: TCP's detail. */
void end_ask(struct observer *observer, struct known_end *known);
void end_free(struct known_end *known);
/* Messages with boundaries and no connection, rather than a stream? */
bool end_is_datagram(const struct known_end *known);
/* The other end of a socket, as the kernel says. Never PEER_STRANGER: the book may know that it was an actor's, else
 * it is taken for PEER_ELSEWHERE. */
struct peer end_peer(const struct snapshot *snapshot, const struct streams *streams,
                     const struct socket_facts *facts);
/* The cookie of the other end: the book has it from when it was learnt, else the kernel may say. 0: not known. */
uint64_t end_other_cookie(const struct snapshot *snapshot, const struct streams *streams,
                          const struct stream *stream);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other end of a connection, as far as a snapshot has it. */
#ifndef SOCKSHELL_OBSERVE_PEER_H
#define SOCKSHELL_OBSERVE_PEER_H

#include "observe/snapshot.h"

enum peer_kind {
    PEER_NONE,      /* it is not connected */
    PEER_HELD,      /* an actor has it */
    PEER_UNOWNED,   /* no descriptor has it: not accepted yet, or closed */
    PEER_STRANGER,  /* the same, and nothing says that it is an actor's: another program may have yet to accept it, or
                       have closed it, just as well */
    PEER_WAITING,   /* a UNIX stream not accepted yet: its other end has no inode to be found by */
    PEER_GONE,      /* UNIX: it was closed */
    PEER_ELSEWHERE, /* another program's, or gone */
};

struct peer {
    enum peer_kind kind;
    size_t actor; /* PEER_HELD: whose, and as what */
    int fd;
    const struct socket_facts *facts; /* PEER_HELD, PEER_UNOWNED, PEER_STRANGER; else NULL. The snapshot's */
};

/* Looks through all descriptors; about 1 µs for a hundred. */
struct peer snapshot_peer(const struct snapshot *snapshot, const struct socket_facts *facts);
/* What the snapshot says of the socket with this cookie, whoever has it; NULL: it is not there. */
const struct socket_facts *snapshot_facts(const struct snapshot *snapshot, uint64_t cookie);

#endif

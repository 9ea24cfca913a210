/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Both ends of a connection mirror each other's addresses, or name each other's inode; see peer.h. */
#include "observe/peer.h"

static bool mirrors(const struct socket_facts *facts, const struct socket_facts *other) {
    if (other->cookie == facts->cookie || other->type != facts->type || other->protocol != facts->protocol)
        return false;
    if (facts->family == AF_UNIX)
        return other->family == AF_UNIX && facts->unix_peer != 0 && facts->unix_peer == other->inode;
    /* The ports first: they settle it for all but a few, at a fraction of the cost. */
    return other->family != AF_UNIX && address_port(&other->local) == address_port(&facts->peer) &&
           address_port(&other->peer) == address_port(&facts->local) && socket_has_peer(other) && socket_meets(facts, other) &&
           address_same(&other->local, other->local_length, &facts->peer, facts->peer_length) &&
           address_same(&other->peer, other->peer_length, &facts->local, facts->local_length);
}

/* Has this listener accepted the other end, or is it about to? */
static bool listens_for(const struct socket_facts *listener, const struct socket_facts *facts) {
    return listener->state == SOCKET_LISTEN && facts->family != AF_UNIX &&
           address_port(&listener->local) == address_port(&facts->peer);
}

static enum peer_kind kind_unfound(const struct socket_facts *facts) {
    if (facts->family != AF_UNIX || facts->unix_peer != 0)
        return PEER_ELSEWHERE;
    /* unix_release_sock(): the end that stays is shut in both directions. */
    return facts->shutdown_known && facts->shutdown_receive && facts->shutdown_send ? PEER_GONE
                                                                                    : PEER_WAITING;
}

struct peer snapshot_peer(const struct snapshot *snapshot, const struct socket_facts *facts) {
    if (!socket_has_peer(facts) && !(facts->family == AF_UNIX && facts->state == SOCKET_ESTABLISHED))
        return (struct peer){.kind = PEER_NONE, .fd = -1};
    bool ours = snapshot_is_private(snapshot); /* what no descriptor has is an actor's */
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while ((at = snapshot_walk(snapshot, &holder)) != NULL) {
        if (at->kind != DESCRIPTOR_SOCKET || !at->facts_known)
            continue;
        if (mirrors(facts, &at->socket))
            return (struct peer){PEER_HELD, holder.actor, holder.fd, &at->socket};
        ours |= listens_for(&at->socket, facts);
    }
    for (size_t i = 0; i < snapshot_unowned_count(snapshot); i++) {
        const struct unowned *unowned = snapshot_unowned(snapshot, i);
        if (mirrors(facts, &unowned->facts))
            return (struct peer){ours || unowned->actor[0] != '\0' ? PEER_UNOWNED : PEER_STRANGER, SIZE_MAX, -1,
                                 &unowned->facts};
    }
    return (struct peer){.kind = kind_unfound(facts), .fd = -1};
}

const struct socket_facts *snapshot_facts(const struct snapshot *snapshot, uint64_t cookie) {
    struct holder holder;
    if (cookie == 0)
        return NULL;
    if (snapshot_holders(snapshot, cookie, &holder, 1) > 0)
        return &snapshot_get(snapshot, holder.actor, holder.fd)->socket;
    const struct unowned *unowned = snapshot_unowned_find(snapshot, cookie);
    return unowned != NULL ? &unowned->facts : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose packets they are; see packets_names.h. */
#include "shell/packets_names.h"

#include <netinet/in.h>
#include <string.h>

#include "net/network.h"
#include "observe/facts.h"
#include "shell/watch.h"

struct end {
    uint32_t place; /* the host's number, as in struct socket_facts */
    struct sockaddr_storage local, peer;
    socklen_t local_length, peer_length;
    int protocol;
};

/* 0 where there are no hosts. */
static uint32_t place_of(const struct shell *shell, const char *host) {
    size_t place = shell->network != NULL ? network_host_named(shell->network, host) : SIZE_MAX;
    return place != SIZE_MAX ? (uint32_t)place : 0;
}

const char *packet_network(const struct shell *shell, const struct net_frame *frame) {
    return frame->loopback && place_of(shell, frame->from) > 0 ? frame->from : NULL;
}

/* 0.0.0.0 and :: stand for every address of the machine. */
static bool is_any(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET)
        return ((const struct sockaddr_in *)address)->sin_addr.s_addr == INADDR_ANY;
    return address->ss_family == AF_INET6 &&
           IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)address)->sin6_addr);
}

/* How surely is this socket that end?  0: it is not; 1: it listens there, or has no peer; 2: it is connected
 * so. */
static int likeness(const struct socket_facts *facts, const struct end *end) {
    bool tcp = end->protocol == IPPROTO_TCP;
    if (facts->place != end->place || facts->local_length == 0 || (facts->type == SOCK_STREAM) != tcp ||
        (facts->type != SOCK_STREAM && facts->type != SOCK_DGRAM) ||
        address_port(&facts->local) != address_port(&end->local))
        return 0;
    struct sockaddr_storage local = facts->local, peer = facts->peer;
    socklen_t local_length = facts->local_length, peer_length = facts->peer_length;
    address_unmap(&local, &local_length);
    if (!is_any(&local) && !address_same(&local, local_length, &end->local, end->local_length))
        return 0;
    if (!socket_has_peer(facts))
        return 1;
    address_unmap(&peer, &peer_length);
    return address_same(&peer, peer_length, &end->peer, end->peer_length) ? 2 : 0;
}

static void look_at_owned(const struct snapshot *snapshot, const struct end *end, const char **name,
                          int *best) {
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while (*best < 2 && (at = snapshot_walk(snapshot, &holder)) != NULL) {
        int like = at->kind == DESCRIPTOR_SOCKET ? likeness(&at->socket, end) : 0;
        if (like <= *best)
            continue;
        *best = like;
        *name = snapshot_actor(snapshot, holder.actor);
    }
}

static const char *find_in(const struct snapshot *snapshot, const struct end *end, int *best) {
    const char *name = "";
    if (snapshot == NULL)
        return name;
    look_at_owned(snapshot, end, &name, best);
    for (size_t i = 0; i < snapshot_unowned_count(snapshot) && *best < 2; i++) {
        const struct unowned *unowned = snapshot_unowned(snapshot, i);
        if (unowned->actor[0] == '\0' || likeness(&unowned->facts, end) <= *best)
            continue;
        *best = likeness(&unowned->facts, end);
        name = unowned->actor;
    }
    return name;
}

/* The kernel is looked at for a connection's first packet, and where a call may have changed whose it is and nobody has
 * looked since: at all descriptors, which takes its time where there are thousands. */
static void look_for(struct packet_naming *naming, bool fresh) {
    bool wanted = fresh || naming->count > 0 || naming->before == NULL;
    if (naming->now == NULL && naming->taken == NULL && wanted)
        naming->taken = shell_snapshot(naming->shell);
}

/* The actor at one end of it; "": nobody's. */
static const char *find_name(struct packet_naming *naming, const struct packet *packet, bool source,
                             const char *host) {
    struct end end = {.protocol = packet->protocol, .place = place_of(naming->shell, host)};
    end.local_length = source ? packet_source(packet, &end.local) : packet_target(packet, &end.local);
    end.peer_length = source ? packet_target(packet, &end.peer) : packet_source(packet, &end.peer);
    address_unmap(&end.local, &end.local_length);
    address_unmap(&end.peer, &end.peer_length);
    int best = 0, then = 0;
    const char *name = find_in(naming->now != NULL ? naming->now : naming->taken, &end, &best);
    if (best == 2)
        return name;
    const char *earlier = find_in(naming->before, &end, &then);
    return then > best ? earlier : name;
}

static void keep(char *place, const char *name) {
    strncpy(place, name, TRACK_NAME_MAX - 1);
    place[TRACK_NAME_MAX - 1] = '\0';
}

/* Did the call name this packet's target?  0.0.0.0 is the machine itself. */
static bool is_addressed(const struct event *cause, const struct packet *packet) {
    struct sockaddr_storage wanted = {0}, target;
    socklen_t length = (socklen_t)cause->address_length, target_length = packet_target(packet, &target);
    if (length > sizeof(wanted) || length == 0)
        return false;
    memcpy(&wanted, cause->address, length);
    address_unmap(&wanted, &length);
    address_unmap(&target, &target_length);
    return is_any(&wanted) ? address_port(&wanted) == address_port(&target)
                           : address_same(&wanted, length, &target, target_length);
}

/* Who sends the first packet of a connection is who called connect() or sendto(): where nobody else is, that was the
 * call which was being made; else it must have said so. */
static const char *sender_of_first(const struct packet_naming *naming, const struct packet *packet,
                                   const struct event *cause) {
    bool known = cause != NULL && cause->type != EVENT_DIED &&
                 (naming->shell->private_network || is_addressed(cause, packet));
    return known ? cause->actor : "";
}

/* For everybody, or for a group: it goes out on each link, and whoever takes it is not the only one. */
static bool is_for_many(const struct net_frame *frame) {
    return frame->kept > 0 && (*(const unsigned char *)frame->bytes & 1);
}

bool packet_is_copy(const struct shell *shell, const struct net_frame *frame) {
    return is_for_many(frame) && shell->network != NULL && network_hosts(shell->network) > 2;
}

static void find_names(struct packet_naming *naming, const struct packet *packet,
                       const struct net_frame *frame, const struct track_note *note,
                       const struct event *cause) {
    bool asks = packet->kind == PACKET_UDP || (packet->tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN;
    for (unsigned i = 0; i < 2; i++) {
        bool source = i == note->side;
        if (note->names[i][0] != '\0' || (!source && is_for_many(frame)))
            continue;
        look_for(naming, note->fresh);
        keep(note->names[i], find_name(naming, packet, source, source ? frame->from : frame->to));
        if (note->names[i][0] == '\0' && source && asks && note->fresh)
            keep(note->names[i], sender_of_first(naming, packet, cause));
    }
}

struct packet_names packet_names(struct packet_naming *naming, struct tracker *tracker,
                                 const struct packet *packet, const struct net_frame *frame,
                                 struct track_note *note, const struct event *cause) {
    struct packet_names names = {.from = "", .to = ""};
    struct packet quoted;
    if (packet->kind == PACKET_ICMP || packet->kind == PACKET_ICMPV6) {
        packet_decode_quoted(packet, frame->bytes, &quoted);
        if (quoted.kind == PACKET_UDP && quoted.transport_length == 8) {
            tracker_see(tracker, &quoted, packet_network(naming->shell, frame), note);
            note->side = !note->side;
        }
    } else if (note->names != NULL && *note->asked != naming->round) {
        find_names(naming, packet, frame, note, cause);
        *note->asked = naming->round;
    }
    if (note->names != NULL) {
        names.from = note->names[note->side];
        names.to = note->names[!note->side];
    }
    return names;
}

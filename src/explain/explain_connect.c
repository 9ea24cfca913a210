/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why connecting failed, or surprises. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "call/constant.h"
#include "explain/find.h"
#include "explain/in_use.h"
#include "explain/rows.h"
#include "explain/shared.h"
#include "observe/machine.h"

/* ---- Who is, or is not, at the port that was asked for ---- */

struct target {
    const struct inquiry *inquiry;
    const struct descriptor *own;
    struct sockaddr_storage address;
    socklen_t length;
    unsigned port;
    bool reaches; /* would a listener of this family and address get this connection? */
    enum socket_state state;
    bool any;
    struct found found;
};

/* Whoever has sockets at that address, we can see them. */
static bool is_among_us(const struct inquiry *inquiry, const struct sockaddr_storage *address) {
    uint32_t place;
    return observer_place_of(inquiry->observer, 0, address, &place) || machine_is_here(address);
}

/* Fills in {address}, {port}, {fd}. False: it is not a TCP connection to an address of this machine. */
static bool aim(const struct inquiry *inquiry, struct blanks *blanks, struct target *target) {
    *target = (struct target){.inquiry = inquiry, .own = find_own(inquiry)};
    if (target->own == NULL || !socket_is_tcp(&target->own->socket) ||
        !find_address(inquiry, &target->address, &target->length) || !is_among_us(inquiry, &target->address))
        return false;
    target->port = address_port(&target->address);
    find_say_address(&target->address, target->length, blank(blanks, "address"));
    buf_addf(blank(blanks, "port"), "%u", target->port);
    buf_addf(blank(blanks, "fd"), "%d", target->own->fd);
    return true;
}

static bool look_for(void *context, const struct found *found) {
    struct target *target = context;
    const struct socket_facts *facts = &found->facts;
    struct named there = {&facts->local, facts->local_length, facts->v6only_known && facts->v6only, 0};
    struct named asked = {&target->address, target->length, true, 0};
    if (facts->state != target->state || facts->cookie == target->own->socket.cookie ||
        in_use_overlap(&there, &asked) != target->reaches)
        return true;
    target->any = true;
    target->found = *found;
    return false;
}

/* {whose}, {there}. */
static bool somebody(struct target *target, enum socket_state state, bool reaches, int protocol,
                     unsigned port, struct blanks *blanks) {
    target->state = state;
    target->reaches = reaches;
    find_at_port(target->inquiry, protocol, port, &target->address, look_for, target);
    if (!target->any)
        return false;
    find_say_whose(target->inquiry, &target->found, blank(blanks, "whose"));
    find_say_address(&target->found.facts.local, target->found.facts.local_length, blank(blanks, "there"));
    return true;
}

static bool port_zero(const struct inquiry *inquiry, struct blanks *blanks) {
    struct target target;
    return aim(inquiry, blanks, &target) && target.port == 0;
}

/* One side forgot htons(). */
static bool listens_swapped(const struct inquiry *inquiry, struct blanks *blanks) {
    struct target target;
    if (!aim(inquiry, blanks, &target))
        return false;
    unsigned swapped = (target.port & 0xff) << 8 | target.port >> 8;
    ((struct sockaddr_in *)(void *)&target.address)->sin_port = htons((uint16_t)swapped);
    if (swapped == target.port || !somebody(&target, SOCKET_LISTEN, true, IPPROTO_TCP, swapped, blanks))
        return false;
    buf_addf(blank(blanks, "swapped"), "%u", swapped);
    return target.found.held;
}

static bool listens_elsewhere(const struct inquiry *inquiry, struct blanks *blanks, bool same_family) {
    struct target target;
    if (!aim(inquiry, blanks, &target) ||
        !somebody(&target, SOCKET_LISTEN, false, IPPROTO_TCP, target.port, blanks))
        return false;
    address_unmap(&target.address, &target.length);
    find_say_family(target.address.ss_family, blank(blanks, "asked"));
    find_say_family(target.found.facts.family, blank(blanks, "family"));
    return (target.found.facts.family == target.address.ss_family) == same_family;
}

static bool listens_at_other_address(const struct inquiry *inquiry, struct blanks *blanks) {
    return listens_elsewhere(inquiry, blanks, true);
}

static bool listens_in_other_family(const struct inquiry *inquiry, struct blanks *blanks) {
    return listens_elsewhere(inquiry, blanks, false);
}

static bool bound_only(const struct inquiry *inquiry, struct blanks *blanks) {
    struct target target;
    return aim(inquiry, blanks, &target) &&
           somebody(&target, SOCKET_CLOSE, true, IPPROTO_TCP, target.port, blanks);
}

static bool bound_as_udp(const struct inquiry *inquiry, struct blanks *blanks) {
    struct target target;
    return aim(inquiry, blanks, &target) &&
           somebody(&target, SOCKET_CLOSE, true, IPPROTO_UDP, target.port, blanks);
}

#define OTHERS_MOST 3 /* listeners that are named where none is at the port */

static void say_listeners(const struct inquiry *inquiry, const struct target *target, struct buf *out) {
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    size_t count = 0;
    uint32_t place;
    observer_place_of(inquiry->observer, target->own->socket.place, &target->address, &place);
    while ((at = snapshot_walk(inquiry->now, &holder)) != NULL) {
        if (at->kind != DESCRIPTOR_SOCKET || at->socket.state != SOCKET_LISTEN || at->socket.place != place ||
            !socket_is_tcp(&at->socket) || ++count > OTHERS_MOST)
            continue;
        buf_add_text(out, count == 1 ? " Those who listen: " : ", ");
        find_say_descriptor(inquiry, &holder, out);
        buf_add_text(out, " on ");
        find_say_address(&at->socket.local, at->socket.local_length, out);
    }
    if (count > OTHERS_MOST)
        buf_addf(out, ", and %zu more", count - OTHERS_MOST);
    if (count > 0)
        buf_add_char(out, '.');
}

/* On another host of the network that the actors are in. */
static bool is_elsewhere(const struct inquiry *inquiry, const struct target *target) {
    uint32_t own = target->own->socket.place, place;
    return observer_place_of(inquiry->observer, own, &target->address, &place) && place != own;
}

static bool nobody_listens(const struct inquiry *inquiry, struct blanks *blanks) {
    struct target target;
    if (!aim(inquiry, blanks, &target))
        return false;
    if (somebody(&target, SOCKET_LISTEN, true, IPPROTO_TCP, target.port, blanks))
        return false; /* it came in between, or refuses for reasons of its own */
    say_listeners(inquiry, &target, blank(blanks, "others"));
    buf_add_text(blank(blanks, "here"), is_elsewhere(inquiry, &target) ? "of that host" : "of this machine");
    return true;
}

/* ---- AF_UNIX ---- */

static bool unix_target(const struct inquiry *inquiry, struct blanks *blanks, struct found *found, bool *lives) {
    const struct descriptor *own = find_own(inquiry);
    return own != NULL && own->socket.family == AF_UNIX && shared_unix_name(inquiry, blanks, found, lives);
}

static bool unix_not_listening(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    bool lives;
    return unix_target(inquiry, blanks, &found, &lives) && lives && found.facts.state != SOCKET_LISTEN;
}

static bool unix_dead(const struct inquiry *inquiry, struct blanks *blanks, enum machine_path kind) {
    char path[SHARED_PATH_MAX];
    struct found found;
    bool lives;
    return unix_target(inquiry, blanks, &found, &lives) && !lives && shared_path(inquiry, path) &&
           shared_path_kind(inquiry, path) == kind;
}

static bool unix_left_behind(const struct inquiry *inquiry, struct blanks *blanks) {
    return unix_dead(inquiry, blanks, PATH_SOCKET);
}

static bool unix_file(const struct inquiry *inquiry, struct blanks *blanks) {
    return unix_dead(inquiry, blanks, PATH_OTHER);
}

static bool unix_abstract(const struct inquiry *inquiry, struct blanks *blanks) {
    char path[SHARED_PATH_MAX];
    struct found found;
    bool lives;
    return unix_target(inquiry, blanks, &found, &lives) && !lives && !shared_path(inquiry, path);
}

static bool unix_missing(const struct inquiry *inquiry, struct blanks *blanks) {
    return unix_dead(inquiry, blanks, PATH_MISSING);
}

static bool unix_other_type(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    struct found found;
    bool lives;
    if (!unix_target(inquiry, blanks, &found, &lives) || !lives || found.facts.type == own->socket.type)
        return false;
    const char *there = constant_name(&constants_type, found.facts.type);
    const char *here = constant_name(&constants_type, own->socket.type);
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    buf_add_text(blank(blanks, "there"), there != NULL ? there : "another type");
    buf_add_text(blank(blanks, "type"), here != NULL ? here : "another type");
    return true;
}

static bool queue_is_full(const struct socket_facts *listener) {
    return listener->queues_known && listener->receive_queue > listener->send_queue;
}

static void say_queue(const struct inquiry *inquiry, const struct found *listener, struct blanks *blanks) {
    buf_addf(blank(blanks, "waiting"), "%u", listener->facts.receive_queue);
    buf_addf(blank(blanks, "backlog"), "%u", listener->facts.send_queue);
    buf_clear(blank(blanks, "whose"));
    find_say_whose(inquiry, listener, blank(blanks, "whose"));
}

static bool unix_queue_full(const struct inquiry *inquiry, struct blanks *blanks) {
    struct found found;
    bool lives;
    if (!unix_target(inquiry, blanks, &found, &lives) || !lives || !queue_is_full(&found.facts))
        return false;
    say_queue(inquiry, &found, blanks);
    return true;
}

/* ---- A handshake without end ---- */

static bool tcp_queue_full(const struct inquiry *inquiry, struct blanks *blanks) {
    struct target target;
    if (!aim(inquiry, blanks, &target) ||
        !somebody(&target, SOCKET_LISTEN, true, IPPROTO_TCP, target.port, blanks) ||
        !queue_is_full(&target.found.facts))
        return false;
    say_queue(inquiry, &target.found, blanks);
    return true;
}

static const struct descriptor *own_state(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    struct sockaddr_storage address;
    socklen_t length;
    if (own == NULL || !find_address(inquiry, &address, &length))
        return NULL;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    find_say_address(&address, length, blank(blanks, "address"));
    return own;
}

static bool sending_timed_out(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_state(inquiry, blanks);
    return own != NULL && !own->nonblocking && own->socket.state == SOCKET_SYN_SENT;
}

static bool has_state(const struct inquiry *inquiry, struct blanks *blanks, enum socket_state state) {
    const struct descriptor *own = own_state(inquiry, blanks);
    return own != NULL && own->socket.state == state;
}

static bool is_established(const struct inquiry *inquiry, struct blanks *blanks) {
    return has_state(inquiry, blanks, SOCKET_ESTABLISHED);
}

static bool has_failed(const struct inquiry *inquiry, struct blanks *blanks) {
    return has_state(inquiry, blanks, SOCKET_CLOSE);
}

static bool is_waiting(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_state(inquiry, blanks);
    if (own == NULL || own->socket.state != SOCKET_SYN_SENT)
        return false;
    /* getpeername(2) knows no peer yet; the connect() that began it does. */
    const struct event *begun;
    uint64_t n = 0;
    while ((begun = past_call(&inquiry->past, inquiry->event->actor, "connect", own->fd, &n)) != NULL &&
           (begun->cookie != own->socket.cookie || begun->error != EINPROGRESS))
        n++;
    if (begun == NULL)
        return false;
    find_say_address((const void *)begun->address, (socklen_t)begun->address_length, blank(blanks, "peer"));
    return true;
}

static bool own_listens(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_state(inquiry, blanks);
    if (own == NULL || own->socket.state != SOCKET_LISTEN)
        return false;
    find_say_address(&own->socket.local, own->socket.local_length, blank(blanks, "there"));
    return true;
}

/* ---- Addresses and ports ---- */

static bool only_loopback(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_state(inquiry, blanks);
    struct sockaddr_storage address;
    socklen_t length;
    bool loopback = false;
    if (own == NULL || !find_address(inquiry, &address, &length))
        return false;
    address_unmap(&address, &length);
    return machine_addresses(address.ss_family, blank(blanks, "addresses"), &loopback) && loopback;
}

struct ports {
    const struct inquiry *inquiry;
    const struct sockaddr_storage *address;
    socklen_t length;
    long low, high;
    unsigned char taken[65536 / 8];
};

static void take_port(void *context, const struct socket_facts *facts) {
    struct ports *ports = context;
    unsigned port = address_port(&facts->local);
    /* A port is taken for good by a bind(), and for one destination by a connection. */
    bool same = address_same(&facts->peer, facts->peer_length, ports->address, ports->length);
    if (socket_is_tcp(facts) && (same || facts->peer_length == 0) && (long)port >= ports->low &&
        (long)port <= ports->high)
        ports->taken[port / 8] |= (unsigned char)(1u << port % 8);
}

static void take_actors_ports(struct ports *ports) {
    const struct snapshot *now = ports->inquiry->now;
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while ((at = snapshot_walk(now, &holder)) != NULL)
        if (at->kind == DESCRIPTOR_SOCKET &&
            snapshot_place(now, holder.actor) == snapshot_place(now, ports->inquiry->actor))
            take_port(ports, &at->socket);
}

static bool no_port_left(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    long range[2];
    const struct descriptor *own = own_state(inquiry, blanks);
    if (own == NULL || !socket_is_tcp(&own->socket) || address_port(&own->socket.local) != 0 ||
        !find_address(inquiry, &address, &length) || !machine_setting("ipv4/ip_local_port_range", range, 2))
        return false;
    struct ports ports = {
        .inquiry = inquiry, .address = &address, .length = length, .low = range[0], .high = range[1]};
    observer_all(inquiry->observer, own->socket.place, AF_INET, IPPROTO_TCP, take_port, &ports);
    observer_all(inquiry->observer, own->socket.place, AF_INET6, IPPROTO_TCP, take_port, &ports);
    take_actors_ports(&ports);
    for (long port = range[0]; port <= range[1]; port++)
        if (!(ports.taken[port / 8] & 1u << port % 8))
            return false;
    buf_addf(blank(blanks, "low"), "%ld", range[0]);
    buf_addf(blank(blanks, "high"), "%ld", range[1]);
    return true;
}

/* Both addresses and both ports the same as another's. */
struct pair {
    const struct socket_facts *own;
    const struct sockaddr_storage *address;
    socklen_t length;
    bool any;
    struct found found;
};

static bool is_same_pair(void *context, const struct found *found) {
    struct pair *pair = context;
    const struct socket_facts *facts = &found->facts;
    if (facts->cookie == pair->own->cookie ||
        !address_same(&facts->peer, facts->peer_length, pair->address, pair->length))
        return true;
    pair->any = true;
    pair->found = *found;
    return false;
}

static bool pair_exists(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    const struct descriptor *own = own_state(inquiry, blanks);
    if (own == NULL || !find_address(inquiry, &address, &length))
        return false;
    struct pair pair = {.own = &own->socket, .address = &address, .length = length};
    find_at_port(inquiry, IPPROTO_TCP, address_port(&own->socket.local), NULL, is_same_pair, &pair);
    if (!pair.any)
        return false;
    find_say_address(&pair.found.facts.local, pair.found.facts.local_length, blank(blanks, "there"));
    buf_add_text(blank(blanks, "state"), socket_condition(&pair.found.facts));
    if (pair.found.facts.state == SOCKET_TIME_WAIT)
        buf_addf(blank(blanks, "state"), " for another %u s", (pair.found.facts.timer_ms + 999) / 1000);
    find_say_whose(inquiry, &pair.found, blank(blanks, "whose"));
    return true;
}

/* ---- Surprises ---- */

static bool dissolves(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    const struct descriptor *own = own_state(inquiry, blanks);
    if (own == NULL || !find_address(inquiry, &address, &length) || address.ss_family != AF_UNSPEC)
        return false;
    find_say_family(own->socket.family, blank(blanks, "family"));
    return true;
}

/* Is this a listener that the own socket's peer address names, with a full queue? */
static bool is_full_listener(const struct socket_facts *own, const struct descriptor *at) {
    const struct socket_facts *facts = &at->socket;
    if (at->kind != DESCRIPTOR_SOCKET || facts->state != SOCKET_LISTEN || !queue_is_full(facts) ||
        (facts->family == AF_UNIX) != (own->family == AF_UNIX) || !socket_meets(own, facts))
        return false;
    if (facts->family == AF_UNIX)
        return address_same(&facts->local, facts->local_length, &own->peer, own->peer_length);
    return in_use_overlap(
        &(struct named){&facts->local, facts->local_length, facts->v6only_known && facts->v6only, 0},
        &(struct named){&own->peer, own->peer_length, true, 0});
}

/* The actors' listeners only: every successful connect() comes by here. */
static bool one_more_waits(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_state(inquiry, blanks), *at;
    struct holder holder = SNAPSHOT_BEGIN;
    if (own == NULL || !socket_is_stream(&own->socket) || own->socket.peer_length == 0)
        return false;
    while ((at = snapshot_walk(inquiry->now, &holder)) != NULL) {
        if (!is_full_listener(&own->socket, at))
            continue;
        say_queue(inquiry, &(struct found){.facts = at->socket, .held = true, .holder = holder}, blanks);
        return true;
    }
    return false;
}

const struct explanation explanations_connect[] = {
    {"connect-ECONNREFUSED-port-0", "connect", ECONNREFUSED, port_zero,
     "Port 0 is nobody's: as a destination it means nothing. Was sin_port never filled in, or filled in "
     "with htonl() in place of htons()?"},
    {"connect-ECONNREFUSED-byte-order", "connect", ECONNREFUSED, listens_swapped,
     "Nobody listens on port {port}, but {whose} listens on {swapped}, which is the same number with its "
     "two bytes exchanged. One side has left out htons(), or used it twice."},
    {"connect-ECONNREFUSED-address", "connect", ECONNREFUSED, listens_at_other_address,
     "Nobody listens on {address}. {whose} listens on {there}: it takes connections to that address alone. "
     "Connect to that one, or let the server bind to INADDR_ANY."},
    {"connect-ECONNREFUSED-family", "connect", ECONNREFUSED, listens_in_other_family,
     "Port {port} is listened to for {family} alone ({whose}, {there}), and this connection is {asked}. "
     "Use the same family on both sides; a server on :: without IPV6_V6ONLY takes both."},
    {"connect-ECONNREFUSED-bound", "connect", ECONNREFUSED, bound_only,
     "{whose} is bound to {there} but does not listen. Its program has to call listen()."},
    {"connect-ECONNREFUSED-udp", "connect", ECONNREFUSED, bound_as_udp,
     "No TCP socket listens on port {port}; {whose} is a UDP socket there ({there}). The two have ports of "
     "their own: make both sockets of the same type."},
    {"connect-ECONNREFUSED-nobody", "connect", ECONNREFUSED, nobody_listens,
     "Nobody listens on port {port} {here}.{others} Start the server first: socket(), bind(), "
     "listen()."},
    {"connect-ECONNREFUSED-unix-bound", "connect", ECONNREFUSED, unix_not_listening,
     "{path} is there, and {whose} is bound to it but does not listen. Its program has to call listen()."},
    {"connect-ECONNREFUSED-unix-left", "connect", ECONNREFUSED, unix_left_behind,
     "{path} is there, but left behind: the socket that was bound to it is gone. The server has to "
     "unlink() it, bind() and listen() anew."},
    {"connect-ECONNREFUSED-unix-file", "connect", ECONNREFUSED, unix_file,
     "{path} is there, but it is no socket. The server's bind() would make one."},
    {"connect-ECONNREFUSED-unix-abstract", "connect", ECONNREFUSED, unix_abstract,
     "No socket has the abstract name {path}. It is compared byte for byte, over the whole length given; "
     "the server has to bind() and listen() first."},
    {"connect-ENOENT-unix", "connect", ENOENT, unix_missing,
     "There is no {path}: no server has made it with bind() yet, or it was removed. Both sides must mean "
     "the same path."},
    {"connect-EPROTOTYPE-unix", "connect", EPROTOTYPE, unix_other_type,
     "{whose} at {path} is {there}, and fd {fd} is {type}. Make both of the same type."},
    {"connect-EAGAIN-unix-full", "connect", EAGAIN, unix_queue_full,
     "{whose} listens on {path}, but its accept queue is full: {waiting} wait, with a backlog of "
     "{backlog}. Its program has to accept(); a blocking connect() would wait for that."},
    {"connect-ETIMEDOUT-full", "connect", ETIMEDOUT, tcp_queue_full,
     "{whose} listens on {there}, but its accept queue is full: {waiting} wait, with a backlog of "
     "{backlog}. While it is, the kernel there drops every SYN without a word. Its program has to accept()."},
    {"connect-EINPROGRESS-timeout", "connect", EINPROGRESS, sending_timed_out,
     "fd {fd} blocks, but SO_SNDTIMEO is set on it and that time is over. The handshake with {address} "
     "goes on by itself."},
    {"connect-EINPROGRESS-established", "connect", EINPROGRESS, is_established,
     "fd {fd} is non-blocking, so connect() did not wait for the answer. It has come by now: the socket is "
     "ESTABLISHED. Programs wait with poll() for POLLOUT, then ask getsockopt() for SO_ERROR; 0 is success."},
    {"connect-EINPROGRESS-failed", "connect", EINPROGRESS, has_failed,
     "fd {fd} is non-blocking, so connect() did not wait for the answer. It has come by now, and is no: "
     "getsockopt() with SO_ERROR tells the error, once."},
    {"connect-EINPROGRESS-full", "connect", EINPROGRESS, tcp_queue_full,
     "SYN was sent, but {whose} has a full accept queue ({waiting} wait, backlog {backlog}), and its "
     "kernel drops it; it is sent again after a second. The connection comes about when somebody calls "
     "accept() there."},
    {"connect-EALREADY-waiting", "connect", EALREADY, is_waiting,
     "The connect() of before is still under way: fd {fd} is in SYN_SENT, waiting for an answer from "
     "{peer}. Wait with poll() for POLLOUT."},
    {"connect-EISCONN-listening", "connect", EISCONN, own_listens,
     "fd {fd} listens on {there}. A socket either listens or connects: make another with socket()."},
    {"connect-EISCONN-connected", "connect", EISCONN, shared_is_connected,
     "fd {fd} is connected already ({state}{with}). Each connection has a socket of its own: make another "
     "with socket()."},
    {"connect-EINVAL-listening", "connect", EINVAL, own_listens,
     "fd {fd} listens on {there}. A socket either listens or connects: make another with socket()."},
    {"connect-EINVAL-length", "connect", EINVAL, shared_length_short, SHARED_LENGTH_SHORT},
    {"connect-EINVAL-family", "connect", EINVAL, shared_family_differs, SHARED_FAMILY_DIFFERS},
    {"connect-EAFNOSUPPORT-byte-order", "connect", EAFNOSUPPORT, shared_family_swapped,
     SHARED_FAMILY_SWAPPED},
    {"connect-EAFNOSUPPORT-family", "connect", EAFNOSUPPORT, shared_family_differs, SHARED_FAMILY_DIFFERS},
    {"connect-ENETUNREACH-loopback", "connect", ENETUNREACH, only_loopback,
     "There is no way to {address} from here: this network has the loopback interface only, with "
     "{addresses}. Nothing leads out of a private network; sockshell --network=host works on the machine's "
     "own."},
    {"connect-EADDRNOTAVAIL-pair", "connect", EADDRNOTAVAIL, pair_exists,
     "A connection from {there} to {address} exists already: {whose}, {state}. Two connections may not "
     "have both addresses and both ports the same: bind to another port, or do not bind at all."},
    {"connect-EADDRNOTAVAIL-ports", "connect", EADDRNOTAVAIL, no_port_left,
     "No local port is left for a connection to {address}: all from {low} to {high} "
     "(net.ipv4.ip_local_port_range) are taken, TIME_WAIT included. Close connections, or wait."},
    {"connect-unspec", "connect", EXPLAIN_SURPRISE, dissolves,
     "The address's family is AF_UNSPEC, and that dissolves a connection instead of making one: fd {fd} "
     "has no peer now. If the family was forgotten, set it to {family}."},
    {"connect-backlog", "connect", EXPLAIN_SURPRISE, one_more_waits,
     "The accept queue of {whose} holds {waiting} now, with a backlog of {backlog}: Linux lets one more "
     "wait than was asked for. The next one gets no answer until somebody calls accept()."},
    {"connect-byte-order", "connect", EXPLAIN_SURPRISE, shared_port_swapped, SHARED_PORT_SWAPPED},
    {0},
};

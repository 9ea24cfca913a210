/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The facts of a socket; see facts.h. */
#include "observe/facts.h"

#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "base/address.h"

const char *socket_state_name(enum socket_state state) {
    switch (state) {
    case SOCKET_ESTABLISHED: return "ESTABLISHED";
    case SOCKET_SYN_SENT: return "SYN_SENT";
    case SOCKET_SYN_RECV: return "SYN_RECV";
    case SOCKET_FIN_WAIT1: return "FIN_WAIT1";
    case SOCKET_FIN_WAIT2: return "FIN_WAIT2";
    case SOCKET_TIME_WAIT: return "TIME_WAIT";
    case SOCKET_CLOSE: return "CLOSE";
    case SOCKET_CLOSE_WAIT: return "CLOSE_WAIT";
    case SOCKET_LAST_ACK: return "LAST_ACK";
    case SOCKET_LISTEN: return "LISTEN";
    case SOCKET_CLOSING: return "CLOSING";
    case SOCKET_STATE_UNKNOWN:
    case SOCKET_STATES_END: break;
    }
    return "?";
}

bool socket_is_tcp(const struct socket_facts *facts) {
    return (facts->family == AF_INET || facts->family == AF_INET6) && facts->type == SOCK_STREAM &&
           (facts->protocol == IPPROTO_TCP || facts->protocol == 0);
}

bool socket_is_stream(const struct socket_facts *facts) {
    return facts->type == SOCK_STREAM || facts->type == SOCK_SEQPACKET;
}

const char *socket_condition(const struct socket_facts *facts) {
    if (socket_is_tcp(facts))
        return socket_state_name(facts->state);
    switch (facts->state) {
    case SOCKET_LISTEN: return "LISTEN";
    case SOCKET_ESTABLISHED: return "connected";
    case SOCKET_CLOSE: return "unconnected";
    case SOCKET_SYN_SENT: return "connecting"; /* a UNIX stream whose listener's queue is full */
    default: return socket_state_name(facts->state);
    }
}

static const char *protocol_name(const struct socket_facts *facts) {
    if (socket_is_tcp(facts))
        return "TCP";
    if (facts->type == SOCK_DGRAM && (facts->protocol == IPPROTO_UDP || facts->protocol == 0))
        return "UDP";
    if (facts->type == SOCK_DGRAM && (facts->protocol == IPPROTO_ICMP || facts->protocol == IPPROTO_ICMPV6))
        return "ping";
    return facts->type == SOCK_RAW ? "raw" : "other";
}

static const char *unix_type(int type) {
    switch (type) {
    case SOCK_STREAM: return "stream";
    case SOCK_DGRAM: return "dgram";
    case SOCK_SEQPACKET: return "seqpkt";
    default: return "?";
    }
}

void socket_kind(const struct socket_facts *facts, struct buf *out) {
    switch (facts->family) {
    case AF_INET:
        buf_add_text(out, protocol_name(facts));
        return;
    case AF_INET6:
        buf_addf(out, "%s/IPv6", protocol_name(facts));
        return;
    case AF_UNIX:
        buf_addf(out, "UNIX %s", unix_type(facts->type));
        return;
    default: {
        const char *name = address_family_name((unsigned)facts->family);
        if (name != NULL)
            buf_add_text(out, name + 3); /* behind AF_ */
        else
            buf_addf(out, "family %d", facts->family);
    }
    }
}

uint32_t socket_receive_bytes(const struct socket_facts *facts) {
    bool fin = facts->state == SOCKET_CLOSE_WAIT || facts->state == SOCKET_LAST_ACK ||
               facts->state == SOCKET_CLOSING;
    /* Once recv() has returned 0 for it, it is counted no more. */
    return socket_is_tcp(facts) && fin && facts->receive_queue > 0 ? facts->receive_queue - 1
                                                                   : facts->receive_queue;
}

uint32_t socket_send_bytes(const struct socket_facts *facts) {
    bool one = facts->state == SOCKET_SYN_SENT || facts->state == SOCKET_FIN_WAIT1 ||
               facts->state == SOCKET_CLOSING || facts->state == SOCKET_LAST_ACK;
    return socket_is_tcp(facts) && one && facts->send_queue > 0 ? facts->send_queue - 1 : facts->send_queue;
}

unsigned address_port(const struct sockaddr_storage *address) {
    /* Both have it at the same place. */
    _Static_assert(offsetof(struct sockaddr_in, sin_port) == offsetof(struct sockaddr_in6, sin6_port), "ports");
    if (address->ss_family != AF_INET && address->ss_family != AF_INET6)
        return 0;
    return ntohs(((const struct sockaddr_in *)(const void *)address)->sin_port);
}

bool socket_is_moving(const struct socket_facts *facts) {
    if (facts->timer_known && facts->timer != TIMER_NONE && facts->timer != TIMER_KEEPALIVE)
        return true;
    switch (facts->state) {
    case SOCKET_SYN_SENT:
    case SOCKET_SYN_RECV:
    case SOCKET_FIN_WAIT1:
    case SOCKET_CLOSING:
    case SOCKET_LAST_ACK:
    case SOCKET_TIME_WAIT:
        return true;
    case SOCKET_STATE_UNKNOWN:
    case SOCKET_ESTABLISHED:
    case SOCKET_FIN_WAIT2:
    case SOCKET_CLOSE:
    case SOCKET_CLOSE_WAIT:
    case SOCKET_LISTEN:
    case SOCKET_STATES_END:
        break;
    }
    return false;
}

bool socket_is_reachable(const struct socket_facts *facts) {
    return (facts->family == AF_INET || facts->family == AF_INET6) && socket_has_local(facts);
}

bool socket_is_named_unix(const struct socket_facts *facts) {
    return facts->family == AF_UNIX && facts->local_length > sizeof(sa_family_t);
}

/* A raw socket's "port" is its protocol, and only its address says whether it is bound. */
static bool has_host(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET)
        return ((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr != INADDR_ANY;
    return !IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

/* netlink(7): who talks to nobody but the kernel, port 0 and no group, and has not been bound. */
static bool is_kernel(const struct sockaddr_storage *address) {
    const struct sockaddr_nl *netlink = (const void *)address;
    return netlink->nl_pid == 0 && netlink->nl_groups == 0;
}

bool socket_has_local(const struct socket_facts *facts) {
    if (facts->local_length == 0)
        return false;
    if (facts->family == AF_INET || facts->family == AF_INET6)
        return facts->type == SOCK_RAW ? has_host(&facts->local) : address_port(&facts->local) != 0;
    if (facts->family == AF_NETLINK)
        return !is_kernel(&facts->local);
    if (facts->family == AF_VSOCK)
        return ((const struct sockaddr_vm *)(const void *)&facts->local)->svm_port != VMADDR_PORT_ANY;
    return facts->local_length > sizeof(sa_family_t);
}

bool socket_has_peer(const struct socket_facts *facts) {
    if (facts->unix_peer != 0)
        return true;
    if (facts->peer_length == 0)
        return false;
    if (facts->family == AF_INET || facts->family == AF_INET6)
        return facts->type == SOCK_RAW ? has_host(&facts->peer) : address_port(&facts->peer) != 0;
    if (facts->family == AF_NETLINK)
        return !is_kernel(&facts->peer);
    return true; /* an unnamed UNIX peer is one too */
}

void socket_ends(const struct socket_facts *facts, struct buf *out) {
    bool has_peer = facts->peer_length != 0 && socket_has_peer(facts);
    /* An end without a name ("unnamed") is told only beside one that has one. */
    if (facts->family == AF_UNIX && facts->local_length <= sizeof(sa_family_t) &&
        facts->peer_length <= sizeof(sa_family_t))
        return;
    if (socket_has_local(facts) || has_peer)
        address_endpoint(&facts->local, facts->local_length, out);
    if (!has_peer)
        return;
    buf_add_text(out, " → ");
    address_endpoint(&facts->peer, facts->peer_length, out);
}

void address_unmap(struct sockaddr_storage *address, socklen_t *length) {
    struct sockaddr_in6 in6;
    struct sockaddr_in in = {.sin_family = AF_INET};
    if (address->ss_family != AF_INET6 || *length < sizeof(in6))
        return;
    memcpy(&in6, address, sizeof(in6));
    if (!IN6_IS_ADDR_V4MAPPED(&in6.sin6_addr))
        return;
    in.sin_port = in6.sin6_port;
    memcpy(&in.sin_addr, &in6.sin6_addr.s6_addr[12], sizeof(in.sin_addr));
    memset(address, 0, sizeof(*address));
    memcpy(address, &in, sizeof(in));
    *length = sizeof(in);
}

bool address_same(const struct sockaddr_storage *a, socklen_t a_length, const struct sockaddr_storage *b,
                  socklen_t b_length) {
    struct sockaddr_storage x = *a, y = *b;
    address_unmap(&x, &a_length);
    address_unmap(&y, &b_length);
    if (a_length == 0 || b_length == 0)
        return a_length == b_length;
    if (x.ss_family != y.ss_family)
        return false;
    if (x.ss_family == AF_INET) {
        const struct sockaddr_in *i = (const void *)&x, *j = (const void *)&y;
        return i->sin_port == j->sin_port && i->sin_addr.s_addr == j->sin_addr.s_addr;
    }
    if (x.ss_family == AF_INET6) {
        const struct sockaddr_in6 *i = (const void *)&x, *j = (const void *)&y;
        return i->sin6_port == j->sin6_port && memcmp(&i->sin6_addr, &j->sin6_addr, sizeof(i->sin6_addr)) == 0;
    }
    return a_length == b_length && memcmp(a, b, a_length) == 0;
}

static bool is_loopback(const struct sockaddr_storage *address) {
    struct sockaddr_storage plain = *address;
    socklen_t length = sizeof(plain);
    address_unmap(&plain, &length);
    if (plain.ss_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)&plain)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return plain.ss_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)&plain)->sin6_addr);
}

bool socket_meets(const struct socket_facts *facts, const struct socket_facts *other) {
    return facts->place == other->place || !is_loopback(&facts->local);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the kernel says of one socket at one moment: a plain value, whoever
 * told it (sock_diag, or getsockopt on a borrowed descriptor).
 */
#ifndef SOCKSHELL_OBSERVE_FACTS_H
#define SOCKSHELL_OBSERVE_FACTS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/buf.h"

/* The kernel's own numbers (include/net/tcp_states.h). Sockets of other protocols use some of them too:
 * ESTABLISHED for connected, CLOSE for not, LISTEN. */
enum socket_state {
    SOCKET_STATE_UNKNOWN = 0,
    SOCKET_ESTABLISHED = 1,
    SOCKET_SYN_SENT,
    SOCKET_SYN_RECV,
    SOCKET_FIN_WAIT1,
    SOCKET_FIN_WAIT2,
    SOCKET_TIME_WAIT,
    SOCKET_CLOSE,
    SOCKET_CLOSE_WAIT,
    SOCKET_LAST_ACK,
    SOCKET_LISTEN,
    SOCKET_CLOSING,
    SOCKET_STATES_END,
};

enum socket_timer { TIMER_NONE, TIMER_RETRANSMIT, TIMER_KEEPALIVE, TIMER_TIME_WAIT, TIMER_ZERO_WINDOW };

/* From struct tcp_info, which <netinet/tcp.h> and <linux/tcp.h> both define, and differently: here once, with units. */
struct tcp_detail {
    uint32_t rtt_us, rtt_variance_us, rto_us, min_rtt_us;
    uint32_t send_mss, receive_mss, path_mtu;           /* bytes */
    uint32_t congestion_window;                         /* segments */
    uint32_t slow_start_threshold;                      /* segments; from 0x7fffffff on: none yet */
    uint32_t unacknowledged, lost, retransmitting;      /* segments */
    uint32_t retransmits, probes;                       /* in a row, of the first unacknowledged segment */
    uint32_t retransmits_total;                         /* segments in the connection's life */
    uint32_t last_sent_ms, last_received_ms;            /* ago */
    uint32_t not_sent;                                  /* bytes in the send queue that have never been sent */
    uint32_t peer_window;                               /* bytes; 0 on kernels before 5.4 too */
    uint64_t bytes_acknowledged, bytes_received;
    uint32_t segments_out, segments_in;
};

struct socket_memory { /* bytes, as the kernel accounts them: with its own overhead */
    uint32_t receive_used, receive_limit;
    uint32_t send_used, send_limit;
    uint32_t drops; /* packets thrown away for want of room */
};

#define SOCKET_WAITING_MAX 8

struct socket_facts {
    uint64_t cookie; /* its name from birth to disappearance; 0: not known */
    uint32_t inode;  /* 0: no descriptor has it */
    int family, type, protocol;
    enum socket_state state;
    struct sockaddr_storage local, peer;
    socklen_t local_length, peer_length; /* 0: not known; a peer of length 0: none */
    uint32_t interface;                  /* it is bound to one; else 0 */
    uint32_t place;                      /* the network it was found in: see observer_add_place() */

    /* A listener: waiting connections and backlog. TCP: unread and unacknowledged bytes (a FIN counts as one).
     * Datagrams: memory, not payload. */
    bool queues_known;
    uint32_t receive_queue, send_queue;

    bool timer_known;
    enum socket_timer timer;
    uint32_t timer_ms; /* left */
    uint32_t retransmits;

    bool uid_known;
    uint32_t uid;
    bool shutdown_known, shutdown_receive, shutdown_send;
    bool v6only_known, v6only;
    uint32_t unix_peer; /* inode of the other end; 0: none */
    /* A UNIX listener: inodes of the ends that have connected and wait, the first of them (receive_queue says how many
     * there are); 0: that one is closed already. */
    uint32_t unix_waiting[SOCKET_WAITING_MAX];

    bool has_memory, has_tcp;
    struct socket_memory memory;
    struct tcp_detail tcp;
};

/* "LISTEN", "TIME_WAIT": as in RFC 9293 with underscores; "?" for what is no state. */
const char *socket_state_name(enum socket_state state);
/* The same where TCP's names would mislead: "connected", "unconnected" for other protocols. */
const char *socket_condition(const struct socket_facts *facts);
/* What sort of socket: "TCP", "UDP/IPv6", "UNIX stream", "NETLINK". */
void socket_kind(const struct socket_facts *facts, struct buf *out);
bool socket_is_tcp(const struct socket_facts *facts);
bool socket_is_stream(const struct socket_facts *facts); /* or seqpacket: it has connections */

/* The queues without the SYN or FIN that TCP counts in them as one byte. */
uint32_t socket_receive_bytes(const struct socket_facts *facts);
uint32_t socket_send_bytes(const struct socket_facts *facts);

/* Does it have an address (a port, a path) of its own? */
bool socket_has_local(const struct socket_facts *facts);
bool socket_has_peer(const struct socket_facts *facts);
/* "127.0.0.1:8888 → 127.0.0.1:40123"; of one end only what there is, "" where there is neither. */
void socket_ends(const struct socket_facts *facts, struct buf *out);

/* May it be in another state soon, without anybody's doing: by a timer, or by the other kernel's answer? */
bool socket_is_moving(const struct socket_facts *facts);
/* Can another program, or another machine, do something to it? */
bool socket_is_reachable(const struct socket_facts *facts);

bool socket_is_named_unix(const struct socket_facts *facts);

/* Can a packet of one reach the other, by where they are?  What is on loopback does not leave its network. */
bool socket_meets(const struct socket_facts *facts, const struct socket_facts *other);

/* Port of an AF_INET or AF_INET6 address in host order, else 0. */
unsigned address_port(const struct sockaddr_storage *address);
/* ::ffff:127.0.0.1 → 127.0.0.1, so that both ends of a connection can be compared. */
void address_unmap(struct sockaddr_storage *address, socklen_t *length);
bool address_same(const struct sockaddr_storage *a, socklen_t a_length, const struct sockaddr_storage *b,
                  socklen_t b_length);

#endif

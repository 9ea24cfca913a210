/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sockets of AF_INET and AF_INET6 in sock_diag's words, linux/inet_diag.h. */
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>

#include "observe/diag_parts.h"

#define ASK(extension) (1u << ((extension)-1))

static void put_address(const struct sockaddr_storage *address, __be16 *port, __be32 host[4]) {
    if (address->ss_family == AF_INET) {
        const struct sockaddr_in *in = (const void *)address;
        *port = in->sin_port;
        host[0] = in->sin_addr.s_addr;
    } else {
        const struct sockaddr_in6 *in6 = (const void *)address;
        *port = in6->sin6_port;
        memcpy(host, &in6->sin6_addr, sizeof(in6->sin6_addr));
    }
}

static uint32_t scope_of(const struct sockaddr_storage *address) {
    return address->ss_family == AF_INET6 ? ((const struct sockaddr_in6 *)(const void *)address)->sin6_scope_id : 0;
}

static void put_id(struct inet_diag_sockid *id, int protocol, const struct diag_address *address) {
    struct sockaddr_storage nobody = {.ss_family = address->local->ss_family};
    const struct sockaddr_storage *source = address->local,
                                  *target = address->peer != NULL ? address->peer : &nobody;
    /* The UDP table is looked up as for an arriving datagram: its destination is our local address.
     * (net/ipv4/udp_diag.c keeps that for the sake of old programs.) */
    if (protocol != IPPROTO_TCP) {
        const struct sockaddr_storage *swap = source;
        source = target;
        target = swap;
    }
    put_address(source, &id->idiag_sport, id->idiag_src);
    put_address(target, &id->idiag_dport, id->idiag_dst);
    id->idiag_if = address->interface != 0 ? address->interface : scope_of(address->local);
    id->idiag_cookie[0] = address->cookie != 0 ? (uint32_t)address->cookie : DIAG_NO_COOKIE;
    id->idiag_cookie[1] = address->cookie != 0 ? (uint32_t)(address->cookie >> 32) : DIAG_NO_COOKIE;
}

void diag_ask_inet(struct nlmsghdr *message, int family, int protocol, const struct diag_address *address) {
    struct inet_diag_req_v2 *request = mnl_nlmsg_put_extra_header(message, sizeof(*request));
    request->sdiag_family = (uint8_t)family;
    request->sdiag_protocol = (uint8_t)protocol; /* IPPROTO_RAW: the raw sockets of all protocols */
    request->idiag_ext = ASK(INET_DIAG_SKMEMINFO) | ASK(INET_DIAG_SHUTDOWN);
    if (protocol == IPPROTO_TCP) /* in the same answer as the queues: figures of one moment */
        request->idiag_ext |= ASK(INET_DIAG_INFO);
    request->idiag_states = UINT32_MAX;
    if (address != NULL)
        put_id(&request->id, protocol, address);
    else
        request->id.idiag_cookie[0] = request->id.idiag_cookie[1] = DIAG_NO_COOKIE;
}

static socklen_t get_address(int family, __be16 port, const __be32 host[4], uint32_t interface,
                             struct sockaddr_storage *address) {
    if (family == AF_INET) {
        struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = port, .sin_addr = {host[0]}};
        memcpy(address, &in, sizeof(in));
        return sizeof(in);
    }
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = port};
    memcpy(&in6.sin6_addr, host, sizeof(in6.sin6_addr));
    if (IN6_IS_ADDR_LINKLOCAL(&in6.sin6_addr))
        in6.sin6_scope_id = interface;
    memcpy(address, &in6, sizeof(in6));
    return sizeof(in6);
}

static bool is_zero(const struct inet_diag_sockid *id) {
    return id->idiag_dport == 0 && (id->idiag_dst[0] | id->idiag_dst[1] | id->idiag_dst[2] | id->idiag_dst[3]) == 0;
}

static void read_tcp(const struct nlattr *attribute, struct socket_facts *facts) {
    struct tcp_info info = {0};
    size_t length = mnl_attr_get_payload_len(attribute);
    memcpy(&info, mnl_attr_get_payload(attribute), length < sizeof(info) ? length : sizeof(info));
    facts->has_tcp = true;
    facts->tcp = (struct tcp_detail){
        .rtt_us = info.tcpi_rtt,
        .rtt_variance_us = info.tcpi_rttvar,
        .rto_us = info.tcpi_rto,
        .min_rtt_us = info.tcpi_min_rtt,
        .send_mss = info.tcpi_snd_mss,
        .receive_mss = info.tcpi_rcv_mss,
        .path_mtu = info.tcpi_pmtu,
        .congestion_window = info.tcpi_snd_cwnd,
        .slow_start_threshold = info.tcpi_snd_ssthresh,
        .unacknowledged = info.tcpi_unacked,
        .lost = info.tcpi_lost,
        .retransmitting = info.tcpi_retrans,
        .retransmits = info.tcpi_retransmits,
        .probes = info.tcpi_probes,
        .retransmits_total = info.tcpi_total_retrans,
        .last_sent_ms = info.tcpi_last_data_sent,
        .last_received_ms = info.tcpi_last_data_recv,
        .not_sent = info.tcpi_notsent_bytes,
        .peer_window = info.tcpi_snd_wnd,
        .bytes_acknowledged = info.tcpi_bytes_acked,
        .bytes_received = info.tcpi_bytes_received,
        .segments_out = info.tcpi_segs_out,
        .segments_in = info.tcpi_segs_in,
    };
}

static void read_attribute(const struct nlattr *attribute, struct socket_facts *facts) {
    size_t length = mnl_attr_get_payload_len(attribute);
    switch (mnl_attr_get_type(attribute)) {
    case INET_DIAG_SKMEMINFO:
        diag_memory(attribute, facts);
        break;
    case INET_DIAG_INFO: /* for raw sockets and UDP it is something else, or empty */
        if (facts->protocol == IPPROTO_TCP && length >= 104) /* what the first struct tcp_info had */
            read_tcp(attribute, facts);
        break;
    case INET_DIAG_SHUTDOWN:
        if (length >= 1) {
            uint8_t mask = mnl_attr_get_u8(attribute);
            facts->shutdown_known = true;
            facts->shutdown_receive = mask & 1; /* RCV_SHUTDOWN, SEND_SHUTDOWN of net/sock.h */
            facts->shutdown_send = mask & 2;
        }
        break;
    case INET_DIAG_SKV6ONLY:
        if (length >= 1) {
            facts->v6only_known = true;
            facts->v6only = mnl_attr_get_u8(attribute) != 0;
        }
        break;
    case INET_DIAG_PROTOCOL:
        if (length >= 1)
            facts->protocol = mnl_attr_get_u8(attribute);
        break;
    default:
        break;
    }
}

static int type_of(int protocol) {
    switch (protocol) {
    case IPPROTO_TCP: return SOCK_STREAM;
    case IPPROTO_UDP: return SOCK_DGRAM;
    default: return SOCK_RAW;
    }
}

static enum socket_timer timer_of(unsigned number) {
    return number <= TIMER_ZERO_WINDOW ? (enum socket_timer)number : TIMER_NONE;
}

bool diag_parse_inet(const void *payload, size_t length, int protocol, struct socket_facts *facts) {
    struct inet_diag_msg message;
    if (length < sizeof(message))
        return false;
    memcpy(&message, payload, sizeof(message));
    if (message.idiag_family != AF_INET && message.idiag_family != AF_INET6)
        return false;
    *facts = (struct socket_facts){
        .cookie = diag_cookie(message.id.idiag_cookie),
        .inode = message.idiag_inode,
        .family = message.idiag_family,
        .type = type_of(protocol),
        .protocol = protocol,
        .state = diag_state(message.idiag_state),
        .interface = message.id.idiag_if,
        .queues_known = true,
        .receive_queue = message.idiag_rqueue,
        .send_queue = message.idiag_wqueue,
        .timer_known = protocol == IPPROTO_TCP,
        .timer = timer_of(message.idiag_timer),
        .timer_ms = message.idiag_expires,
        .retransmits = message.idiag_retrans,
        .uid_known = message.idiag_inode != 0,
        .uid = message.idiag_uid,
    };
    facts->local_length = get_address(facts->family, message.id.idiag_sport, message.id.idiag_src,
                                      message.id.idiag_if, &facts->local);
    if (!is_zero(&message.id))
        facts->peer_length = get_address(facts->family, message.id.idiag_dport, message.id.idiag_dst,
                                         message.id.idiag_if, &facts->peer);
    diag_attributes((const char *)payload + sizeof(message), length - sizeof(message), read_attribute, facts);
    return true;
}

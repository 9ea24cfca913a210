/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A frame, decoded: what stands in its headers, as values.  Any bytes at all
 * may be in it.  What is not there, because the frame was cut or a header says
 * nonsense, is said in `trouble`, and everything behind it is left at zero.
 *
 *     capture.c ──▶ decode.c ──▶ track.c ──▶ words.c    in one line
 *     (a frame)     decode_tcp.c  (relative    fields.c   field by field
 *                   (values)       numbers)
 */
#ifndef SOCKSHELL_PACKET_PACKET_H
#define SOCKSHELL_PACKET_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/buf.h"

enum packet_kind {
    PACKET_OTHER, /* none of these: `ethertype` and `protocol` say what */
    PACKET_ARP,
    PACKET_IP, /* IPv4 or IPv6 with something in it that is not looked into, or a later fragment */
    PACKET_TCP,
    PACKET_UDP,
    PACKET_ICMP,
    PACKET_ICMPV6,
};

/* In the order of the header's bits. */
enum tcp_flag {
    TCP_FIN = 1,
    TCP_SYN = 2,
    TCP_RST = 4,
    TCP_PSH = 8,
    TCP_ACK = 16,
    TCP_URG = 32,
    TCP_ECE = 64,
    TCP_CWR = 128
};

#define PACKET_SACKS_MOST 4 /* as many as fit into a header */

struct packet_tcp {
    uint32_t seq, ack;
    unsigned flags;  /* enum tcp_flag, or-ed */
    uint16_t window; /* as it stands there, not scaled */
    uint16_t checksum, urgent;
    /* Options. */
    bool has_mss, has_scale, has_timestamps, sack_permitted;
    uint16_t mss;
    uint8_t scale;
    uint32_t time_value, time_echo;
    size_t sack_count;
    struct {
        uint32_t from, to;
    } sacks[PACKET_SACKS_MOST];
};

struct packet_icmp {
    uint8_t type, code;
    uint16_t checksum;
    uint32_t rest;        /* bytes 4 to 7: identifier and number of an echo, MTU … */
    size_t quoted_at;     /* the packet that an error is about: where it begins; 0: there is none */
    size_t quoted_length; /* bytes of it that are there */
};

struct packet_arp {
    uint16_t operation; /* 1 request, 2 reply */
    uint8_t sender_mac[6], sender[4], target_mac[6], target[4];
};

/* Places are offsets into the frame's bytes, lengths in bytes. */
struct packet {
    enum packet_kind kind;
    size_t kept, length; /* of the frame: here, and on the wire */
    const char *trouble; /* static: "cut in its TCP header", "its IPv4 header says …"; NULL: none */

    uint8_t mac_to[6], mac_from[6];
    uint16_t ethertype;

    int family;               /* AF_INET, AF_INET6; 0: neither */
    uint8_t from[16], to[16]; /* the first 4, or all */
    uint8_t ttl;              /* IPv6 calls it hop limit */
    uint8_t protocol;         /* of what is inside: IPPROTO_TCP … */
    uint16_t identification;
    bool dont_fragment, more_fragments;
    unsigned fragment_offset;          /* bytes; not 0: this is not the first fragment */
    size_t network_at, network_length; /* its header, with its options or extension headers */

    uint16_t from_port, to_port;           /* TCP, UDP */
    size_t transport_at, transport_length; /* its header */
    size_t payload_at;
    size_t payload;      /* bytes of it on the wire */
    size_t payload_kept; /* and here */

    struct packet_tcp tcp;
    uint16_t udp_checksum;
    struct packet_icmp icmp;
    struct packet_arp arp;
};

#define PACKET_ETHERNET_LENGTH 14

/* `bytes` are the first `kept` of a frame of `length`, from its Ethernet header on. */
void packet_decode(const void *bytes, size_t kept, size_t length, struct packet *packet);
/* The packet that an ICMP error quotes, mostly cut behind the first 8 bytes of what is in it: the network
 * header on, without Ethernet's. `bytes` are the frame's. */
void packet_decode_quoted(const struct packet *packet, const void *bytes, struct packet *quoted);
/* For decode.c: the TCP header at packet->transport_at; `end`: where what is there of the segment ends. */
void packet_decode_tcp(const uint8_t *bytes, size_t end, size_t segment, struct packet *packet);

/* The addresses as a struct sockaddr (with ports); returns its length, 0 when there is none. */
socklen_t packet_source(const struct packet *packet, struct sockaddr_storage *address);
socklen_t packet_target(const struct packet *packet, struct sockaddr_storage *address);

/* "TCP", "UDP", "ICMP", "ICMPv6", "ARP", "IPv4", "IPv6", "frame" */
const char *packet_kind_name(const struct packet *packet);
/* "SYN ACK"; "no flags" */
void packet_flags(unsigned flags, struct buf *out);
/* The flag of this name; 0: none. */
unsigned packet_flag(const char *name, size_t length);

#endif

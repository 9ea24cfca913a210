/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From bytes to values; see packet.h. Ethernet, ARP (RFC 826), IPv4 (RFC 791), IPv6 (RFC 8200), UDP, ICMP. */
#include "packet/packet.h"

#include <linux/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "packet/octets.h"

/* More extension headers in a row than any sane packet has. */
#define EXTENSIONS_MOST 8

/* What is known to be there: `end` is where the captured bytes end, `total` where those of the wire do. */
struct reading {
    const uint8_t *bytes;
    size_t at, end, total;
    struct packet *packet;
};

/* Are so many bytes there, from `at` on? */
static bool need(const struct reading *reading, size_t count, const char *trouble) {
    if (reading->end - reading->at >= count)
        return true;
    reading->packet->trouble = trouble;
    return false;
}

/* What is behind the header that ends at `at` is payload. */
static void take_payload(const struct reading *reading) {
    struct packet *packet = reading->packet;
    packet->payload_at = reading->at;
    packet->payload = reading->total - reading->at;
    packet->payload_kept = reading->end - reading->at;
}

static void decode_udp(struct reading *reading) {
    struct packet *packet = reading->packet;
    packet->kind = PACKET_UDP;
    if (!need(reading, 8, "cut in its UDP header"))
        return;
    const uint8_t *header = reading->bytes + reading->at;
    size_t length = read16(header + 4);
    packet->from_port = read16(header);
    packet->to_port = read16(header + 2);
    packet->udp_checksum = read16(header + 6);
    packet->transport_length = 8;
    size_t rest = reading->total - reading->at;
    /* The first of several fragments has less than the datagram's length. */
    if (length < 8 || (length > rest && !packet->more_fragments))
        packet->trouble = "its UDP header gives a length that cannot be";
    else if (length < rest) {
        reading->total = reading->at + length;
        reading->end = reading->end < reading->total ? reading->end : reading->total;
    }
    reading->at += 8;
    take_payload(reading);
}

/* Errors quote the packet that they are about, behind 8 bytes (RFC 792, RFC 4443). */
static bool is_error(const struct packet *packet) {
    uint8_t type = packet->icmp.type;
    if (packet->kind == PACKET_ICMPV6)
        return type >= 1 && type <= 4;
    return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

static void decode_icmp(struct reading *reading, enum packet_kind kind) {
    struct packet *packet = reading->packet;
    packet->kind = kind;
    if (!need(reading, 8, "cut in its ICMP header"))
        return;
    const uint8_t *header = reading->bytes + reading->at;
    packet->icmp = (struct packet_icmp){
        .type = header[0], .code = header[1], .checksum = read16(header + 2), .rest = read32(header + 4)};
    packet->transport_length = 8;
    reading->at += 8;
    take_payload(reading);
    if (is_error(packet) && packet->payload_kept > 0) {
        packet->icmp.quoted_at = packet->payload_at;
        packet->icmp.quoted_length = packet->payload_kept;
    }
}

static void decode_transport(struct reading *reading) {
    struct packet *packet = reading->packet;
    packet->transport_at = reading->at;
    if (packet->fragment_offset == 0) {
        switch (packet->protocol) {
        case IPPROTO_TCP:
            packet->kind = PACKET_TCP;
            packet_decode_tcp(reading->bytes, reading->end, reading->total - reading->at, packet);
            return;
        case IPPROTO_UDP:
            decode_udp(reading);
            return;
        case IPPROTO_ICMP:
            if (packet->family == AF_INET) {
                decode_icmp(reading, PACKET_ICMP);
                return;
            }
            break;
        case IPPROTO_ICMPV6:
            if (packet->family == AF_INET6) {
                decode_icmp(reading, PACKET_ICMPV6);
                return;
            }
            break;
        default:
            break;
        }
    }
    take_payload(reading);
}

/* The network's header gives the packet's length; what is behind it is padding of the Ethernet frame. */
static bool limit(struct reading *reading, size_t length, const char *trouble) {
    if (length > reading->total - reading->packet->network_at) {
        reading->packet->trouble = trouble;
        return false;
    }
    reading->total = reading->packet->network_at + length;
    if (reading->end > reading->total)
        reading->end = reading->total;
    return true;
}

static void decode_ipv4(struct reading *reading) {
    struct packet *packet = reading->packet;
    const uint8_t *header = reading->bytes + reading->at;
    if (!need(reading, 20, "cut in its IPv4 header"))
        return;
    size_t header_length = (size_t)(header[0] & 15) * 4, total = read16(header + 2);
    if (header[0] >> 4 != 4 || header_length < 20) {
        packet->trouble = "its IPv4 header gives another version, or a length below 20";
        return;
    }
    /* With segmentation offload Linux leaves the length of a packet beyond 64 KiB at 0. */
    if (total == 0)
        total = reading->total - reading->at;
    packet->kind = PACKET_IP;
    packet->family = AF_INET;
    packet->identification = read16(header + 4);
    packet->dont_fragment = (header[6] & 0x40) != 0;
    packet->more_fragments = (header[6] & 0x20) != 0;
    packet->fragment_offset = (read16(header + 6) & 0x1fffu) * 8;
    packet->ttl = header[8];
    packet->protocol = header[9];
    memcpy(packet->from, header + 12, 4);
    memcpy(packet->to, header + 16, 4);
    packet->network_length = header_length;
    if (total < header_length ||
        !limit(reading, total, "its IPv4 header gives more bytes than the frame has")) {
        packet->trouble = "its IPv4 header gives a length that cannot be";
        return;
    }
    if (!need(reading, header_length, "cut in the options of its IPv4 header"))
        return;
    reading->at += header_length;
    decode_transport(reading);
}

/* Length of an extension header, 0: it is none (RFC 8200, 4). */
static size_t extension_length(uint8_t protocol, const uint8_t *header) {
    switch (protocol) {
    case IPPROTO_HOPOPTS:
    case IPPROTO_ROUTING:
    case IPPROTO_DSTOPTS:
        return ((size_t)header[1] + 1) * 8;
    case IPPROTO_FRAGMENT:
        return 8;
    default:
        return 0;
    }
}

static void decode_ipv6(struct reading *reading) {
    struct packet *packet = reading->packet;
    const uint8_t *header = reading->bytes + reading->at;
    if (!need(reading, 40, "cut in its IPv6 header"))
        return;
    if (header[0] >> 4 != 6) {
        packet->trouble = "its IPv6 header gives another version";
        return;
    }
    packet->kind = PACKET_IP;
    packet->family = AF_INET6;
    packet->protocol = header[6];
    packet->ttl = header[7];
    memcpy(packet->from, header + 8, 16);
    memcpy(packet->to, header + 24, 16);
    packet->network_length = 40;
    size_t payload = read16(header + 4);
    if (payload != 0 && !limit(reading, 40 + payload, "its IPv6 header gives more bytes than the frame has"))
        return;
    reading->at += 40;
    for (int i = 0; i < EXTENSIONS_MOST; i++) {
        static const uint8_t none[8];
        const uint8_t *at = reading->bytes + reading->at;
        if (extension_length(packet->protocol, none) == 0)
            break;
        if (!need(reading, 8, "cut in an IPv6 extension header") ||
            !need(reading, extension_length(packet->protocol, at), "cut in an IPv6 extension header"))
            return;
        size_t length = extension_length(packet->protocol, at);
        if (packet->protocol == IPPROTO_FRAGMENT) {
            packet->fragment_offset = read16(at + 2) & 0xfff8u;
            packet->more_fragments = (at[3] & 1) != 0;
        }
        packet->protocol = at[0];
        packet->network_length += length;
        reading->at += length;
    }
    decode_transport(reading);
}

static void decode_arp(struct reading *reading) {
    struct packet *packet = reading->packet;
    const uint8_t *header = reading->bytes + reading->at;
    packet->kind = PACKET_ARP;
    if (!need(reading, 28, "cut in ARP"))
        return;
    if (read16(header) != 1 || read16(header + 2) != ETH_P_IP || header[4] != 6 || header[5] != 4) {
        packet->trouble = "ARP for something else than IPv4 on Ethernet";
        return;
    }
    packet->arp.operation = read16(header + 6);
    memcpy(packet->arp.sender_mac, header + 8, 6);
    memcpy(packet->arp.sender, header + 14, 4);
    memcpy(packet->arp.target_mac, header + 18, 6);
    memcpy(packet->arp.target, header + 24, 4);
    packet->network_length = 28;
}

void packet_decode(const void *bytes, size_t kept, size_t length, struct packet *packet) {
    if (length < kept)
        length = kept;
    *packet = (struct packet){.kept = kept, .length = length};
    struct reading reading = {.bytes = bytes, .end = kept, .total = length, .packet = packet};
    if (!need(&reading, PACKET_ETHERNET_LENGTH, "cut in its Ethernet header"))
        return;
    memcpy(packet->mac_to, reading.bytes, 6);
    memcpy(packet->mac_from, reading.bytes + 6, 6);
    packet->ethertype = read16(reading.bytes + 12);
    reading.at = packet->network_at = PACKET_ETHERNET_LENGTH;
    switch (packet->ethertype) {
    case ETH_P_IP:
        decode_ipv4(&reading);
        break;
    case ETH_P_IPV6:
        decode_ipv6(&reading);
        break;
    case ETH_P_ARP:
        decode_arp(&reading);
        break;
    default:
        take_payload(&reading);
        break;
    }
}

void packet_decode_quoted(const struct packet *packet, const void *bytes, struct packet *quoted) {
    size_t length = packet->icmp.quoted_length;
    *quoted = (struct packet){.kept = length, .length = length};
    if (packet->icmp.quoted_at == 0)
        return;
    /* Its header gives the length that it had, which is not what is here: nothing is said of that. */
    struct reading reading = {.bytes = (const uint8_t *)bytes + packet->icmp.quoted_at,
                              .end = length,
                              .total = SIZE_MAX / 2,
                              .packet = quoted};
    if (packet->kind == PACKET_ICMPV6)
        decode_ipv6(&reading);
    else
        decode_ipv4(&reading);
}

static socklen_t make_address(int family, const uint8_t *host, uint16_t port,
                              struct sockaddr_storage *address) {
    *address = (struct sockaddr_storage){0};
    if (family == AF_INET) {
        struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
        memcpy(&v4.sin_addr, host, 4);
        memcpy(address, &v4, sizeof(v4));
        return sizeof(v4);
    }
    if (family == AF_INET6) {
        struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
        memcpy(&v6.sin6_addr, host, 16);
        memcpy(address, &v6, sizeof(v6));
        return sizeof(v6);
    }
    return 0;
}

socklen_t packet_source(const struct packet *packet, struct sockaddr_storage *address) {
    if (packet->kind == PACKET_ARP && packet->network_length != 0)
        return make_address(AF_INET, packet->arp.sender, 0, address);
    return make_address(packet->family, packet->from, packet->from_port, address);
}

socklen_t packet_target(const struct packet *packet, struct sockaddr_storage *address) {
    if (packet->kind == PACKET_ARP && packet->network_length != 0)
        return make_address(AF_INET, packet->arp.target, 0, address);
    return make_address(packet->family, packet->to, packet->to_port, address);
}

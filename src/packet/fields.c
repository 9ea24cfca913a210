/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fields of the headers; see fields.h. What they mean is said for a second-year student: see the RFCs
 * for the rest. */
#include "packet/fields.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>

#include "packet/octets.h"
#include "packet/words.h"

struct walk {
    const struct packet *packet;
    const struct track_note *note;
    const uint8_t *bytes;
    bool checksum_missing;
    const struct packet_visitor *visitor;
};

static void header(const struct walk *walk, const char *name, size_t at, size_t length) {
    walk->visitor->header(walk->visitor->context, name, at, length);
}

/* The value is a format. */
static void field(const struct walk *walk, const char *name, size_t at, size_t length, const char *means,
                  const char *format, ...) __attribute__((format(printf, 6, 7)));
static void field(const struct walk *walk, const char *name, size_t at, size_t length, const char *means,
                  const char *format, ...) {
    struct buf value = {0};
    va_list arguments;
    if (at + length > walk->packet->kept)
        return;
    va_start(arguments, format);
    buf_addv(&value, format, arguments);
    va_end(arguments);
    walk->visitor->field(walk->visitor->context,
                         &(struct packet_field){name, at, length, buf_text(&value), means});
    buf_free(&value);
}

static void field_mac(const struct walk *walk, const char *name, size_t at, const char *means) {
    struct buf text = {0};
    if (at + 6 > walk->packet->kept)
        return;
    packet_mac(walk->bytes + at, &text);
    field(walk, name, at, 6, means, "%s", buf_text(&text));
    buf_free(&text);
}

static void field_host(const struct walk *walk, const char *name, size_t at, int family, const char *means) {
    struct buf text = {0};
    size_t length = family == AF_INET ? 4 : 16;
    if (at + length > walk->packet->kept)
        return;
    packet_host(family, walk->bytes + at, &text);
    field(walk, name, at, length, means, "%s", buf_text(&text));
    buf_free(&text);
}

/* ---- Ethernet and ARP ---- */

static const char *ethertype_name(unsigned type) {
    return type == 0x0800 ? "IPv4" : type == 0x0806 ? "ARP" : type == 0x86dd ? "IPv6" : "something else";
}

static void walk_ethernet(const struct walk *walk) {
    const struct packet *packet = walk->packet;
    static const uint8_t nothing[6], all[6] = {255, 255, 255, 255, 255, 255};
    if (packet->kept < PACKET_ETHERNET_LENGTH)
        return;
    header(walk, "Ethernet", 0, PACKET_ETHERNET_LENGTH);
    field_mac(walk, "destination", 0,
              memcmp(packet->mac_to, nothing, 6) == 0
                  ? "loopback is no network card, and has no hardware address"
              : memcmp(packet->mac_to, all, 6) == 0 ? "everybody on the link: a broadcast"
                                                    : "the interface on this link that is to take it");
    field_mac(walk, "source", 6, "");
    field(walk, "type", 12, 2, "what is inside", "0x%04x, %s", packet->ethertype,
          ethertype_name(packet->ethertype));
}

static void walk_arp(const struct walk *walk) {
    const struct packet *packet = walk->packet;
    size_t at = packet->network_at;
    if (packet->network_length == 0)
        return;
    header(walk, "ARP", at, 28);
    field(walk, "hardware type", at, 2, "", "%u, Ethernet", read16(walk->bytes + at));
    field(walk, "protocol type", at + 2, 2, "", "0x%04x, IPv4", read16(walk->bytes + at + 2));
    field(walk, "lengths", at + 4, 2, "of a hardware address, of a protocol's", "%u and %u",
          walk->bytes[at + 4], walk->bytes[at + 5]);
    field(walk, "operation", at + 6, 2,
          packet->arp.operation == 1
              ? "whoever has the target's IPv4 address is asked for its hardware address"
              : "the sender's two addresses below are the answer",
          "%u, %s", packet->arp.operation,
          packet->arp.operation == 1   ? "request"
          : packet->arp.operation == 2 ? "reply"
                                       : "neither request nor reply");
    field_mac(walk, "sender's hardware", at + 8, "");
    field_host(walk, "sender's IPv4", at + 14, AF_INET, "");
    field_mac(walk, "target's hardware", at + 18,
              packet->arp.operation == 1 ? "this is what is asked for" : "");
    field_host(walk, "target's IPv4", at + 24, AF_INET, "");
}

/* ---- IP ---- */

static const char *protocol_name(unsigned protocol) {
    switch (protocol) {
    case IPPROTO_ICMP:
        return "ICMP";
    case IPPROTO_TCP:
        return "TCP";
    case IPPROTO_UDP:
        return "UDP";
    case IPPROTO_ICMPV6:
        return "ICMPv6";
    default:
        return "something else";
    }
}

/* RFC 1071: the header's 16-bit words, the checksum among them, add up to 0xffff. */
static bool sum_is_right(const uint8_t *bytes, size_t length) {
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < length; i += 2)
        sum += read16(bytes + i);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}

static void walk_ipv4(const struct walk *walk) {
    const struct packet *packet = walk->packet;
    size_t at = packet->network_at, length = packet->network_length;
    const uint8_t *bytes = walk->bytes + at;
    bool whole = at + length <= packet->kept;
    header(walk, "IPv4", at, whole ? length : packet->kept - at);
    field(walk, "version, length", at, 1, "the header's length is in words of 4 bytes", "%u, %u × 4 = %u",
          bytes[0] >> 4, bytes[0] & 15, (bytes[0] & 15) * 4u);
    field(walk, "service", at + 1, 1, "priority, and congestion marks of routers (ECN)", "0x%02x", bytes[1]);
    field(walk, "total length", at + 2, 2, "of header and content; behind it, Ethernet may have padded", "%u",
          read16(bytes + 2));
    field(walk, "identification", at + 4, 2, "fragments of the same packet have the same", "%u",
          packet->identification);
    field(walk, "flags, offset", at + 6, 2,
          packet->dont_fragment ? "a router that has to cut it must drop it and say so (path MTU discovery)"
                                : "",
          "%s%s, %u", packet->dont_fragment ? "don't fragment" : "may be fragmented",
          packet->more_fragments ? ", more fragments follow" : "", packet->fragment_offset);
    field(walk, "time to live", at + 8, 1, "each router takes 1 off; at 0 it is dropped", "%u", packet->ttl);
    field(walk, "protocol", at + 9, 1, "what is inside", "%u, %s", packet->protocol,
          protocol_name(packet->protocol));
    if (whole)
        field(walk, "checksum", at + 10, 2, "over this header alone", "0x%04x, %s", read16(bytes + 10),
              sum_is_right(bytes, length) ? "right" : "wrong");
    field_host(walk, "source", at + 12, AF_INET, "");
    field_host(walk, "destination", at + 16, AF_INET, "");
    if (length > 20 && whole)
        field(walk, "options", at + 20, length - 20, "", "%zu bytes", length - 20);
}

static void walk_ipv6(const struct walk *walk) {
    const struct packet *packet = walk->packet;
    size_t at = packet->network_at;
    const uint8_t *bytes = walk->bytes + at;
    header(walk, "IPv6", at, packet->network_length);
    field(walk, "version, class, flow", at, 4, "packets of one connection have the same flow label",
          "%u, 0x%02x, 0x%05x", bytes[0] >> 4, (read16(bytes) >> 4) & 0xffu, read32(bytes) & 0xfffffu);
    field(walk, "payload length", at + 4, 2, "without this header", "%u", read16(bytes + 4));
    field(walk, "next header", at + 6, 1, "what is inside", "%u, %s", bytes[6], protocol_name(bytes[6]));
    field(walk, "hop limit", at + 7, 1, "each router takes 1 off; at 0 it is dropped", "%u", packet->ttl);
    field_host(walk, "source", at + 8, AF_INET6, "");
    field_host(walk, "destination", at + 24, AF_INET6, "");
    if (packet->network_length > 40)
        field(walk, "extension headers", at + 40, packet->network_length - 40, "", "%zu bytes",
              packet->network_length - 40);
}

/* ---- TCP ---- */

static void field_ports(const struct walk *walk, size_t at) {
    field(walk, "source port", at, 2, "", "%u", walk->packet->from_port);
    field(walk, "destination port", at + 2, 2, "", "%u", walk->packet->to_port);
}

static void field_checksum(const struct walk *walk, size_t at, unsigned checksum) {
    if (walk->checksum_missing)
        field(walk, "checksum", at, 2,
              "not complete, and not wrong: the kernel leaves it to the network card, and this packet has "
              "met none",
              "0x%04x", checksum);
    else
        field(walk, "checksum", at, 2, "over the addresses, this header and the data", "0x%04x", checksum);
}

static const char *flags_mean(unsigned flags) {
    if (flags & TCP_RST)
        return "RST: there is no such connection, or not any more";
    if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
        return "SYN: my numbers begin here; ACK: I have yours";
    if (flags & TCP_SYN)
        return "SYN: I want a connection, and my numbers begin here";
    if (flags & TCP_FIN)
        return "FIN: I shall send no more data";
    if (flags & TCP_PSH)
        return "PSH: what I had to send ends here, give it to the program; ACK: the next field counts";
    return flags & TCP_ACK ? "ACK: the acknowledgement number counts" : "";
}

static void walk_option(const struct walk *walk, size_t at, size_t length) {
    const uint8_t *option = walk->bytes + at;
    switch (option[0]) {
    case 2:
        if (length == 4)
            field(walk, "option: MSS", at, length, "the most data that I take in one segment", "%u",
                  read16(option + 2));
        return;
    case 3:
        if (length == 3)
            field(walk, "option: window scale", at, length,
                  "my windows, from the next packet on, are to be shifted left so often", "%u", option[2]);
        return;
    case 4:
        field(walk, "option: SACK permitted", at, length,
              "you may tell me which later data you have when some is missing", " ");
        return;
    case 5: {
        struct buf text = {0};
        for (size_t i = 0; i < walk->packet->tcp.sack_count; i++)
            buf_addf(&text, "%s%u-%u", i > 0 ? ", " : "", walk->note->sacks[i][0], walk->note->sacks[i][1]);
        field(walk, "option: SACK", at, length, "I have these too, although something before them is missing",
              "%s", buf_text(&text));
        buf_free(&text);
        return;
    }
    case 8:
        if (length == 10)
            field(walk, "option: timestamps", at, length,
                  "my clock, and the last that I got of yours: measures the round trip", "%u, %u",
                  read32(option + 2), read32(option + 6));
        return;
    default:
        field(walk, "option", at, length, "", "kind %u", option[0]);
        return;
    }
}

/* They were found to fit into the header, or the header was cut. */
static void walk_options(const struct walk *walk, size_t at, size_t end) {
    while (at < end) {
        size_t length = walk->bytes[at] <= 1 ? 1 : at + 1 < end ? walk->bytes[at + 1] : 0;
        if (length == 0 || length > end - at || (walk->bytes[at] > 1 && length < 2))
            return;
        if (walk->bytes[at] == 0)
            field(walk, "end of the options", at, end - at, "", " ");
        else if (walk->bytes[at] == 1)
            field(walk, "padding", at, 1, "", " ");
        else
            walk_option(walk, at, length);
        if (walk->bytes[at] == 0)
            return;
        at += length;
    }
}

/* As it stands there, and counted from the connection's beginning. */
static void field_number(const struct walk *walk, const char *name, size_t at, uint32_t number,
                         uint32_t relative, const char *means) {
    if (number == relative || !walk->note->relative)
        field(walk, name, at, 4, means, "%u", number);
    else
        field(walk, name, at, 4, means, "%u: %u", number, relative);
}

static void walk_tcp(const struct walk *walk) {
    const struct packet *packet = walk->packet;
    const struct packet_tcp *tcp = &packet->tcp;
    size_t at = packet->transport_at;
    struct buf flags = {0};
    if (packet->transport_length < 20)
        return;
    header(walk, "TCP", at, packet->transport_length);
    field_ports(walk, at);
    packet_flags(tcp->flags, &flags);
    field_number(walk, "sequence number", at + 4, tcp->seq, walk->note->seq,
                 tcp->flags & TCP_SYN  ? "where this direction's numbers begin, chosen at random"
                 : packet->payload > 0 ? "of the first byte of its data"
                                       : "of the byte that would come next");
    field_number(walk, "acknowledgement", at + 8, tcp->ack, walk->note->ack,
                 tcp->flags & TCP_ACK ? "the number of the byte that is expected next: all before it has come"
                                      : "means nothing without ACK");
    field(walk, "header length, flags", at + 12, 2, flags_mean(tcp->flags), "%u × 4 = %u, %s",
          walk->bytes[at + 12] >> 4, (walk->bytes[at + 12] >> 4) * 4u, buf_text(&flags));
    if (walk->note->window != tcp->window)
        field(walk, "window", at + 14, 2, "so many bytes more the sender of this has room for",
              "%u, scaled: %u", tcp->window, walk->note->window);
    else
        field(walk, "window", at + 14, 2, "so many bytes more the sender of this has room for", "%u",
              tcp->window);
    field_checksum(walk, at + 16, tcp->checksum);
    field(walk, "urgent pointer", at + 18, 2,
          tcp->flags & TCP_URG ? "the urgent byte ends there" : "means nothing without URG", "%u",
          tcp->urgent);
    walk_options(walk, at + 20, at + packet->transport_length);
    buf_free(&flags);
}

/* ---- UDP, ICMP, and what they carry ---- */

static void walk_udp(const struct walk *walk) {
    size_t at = walk->packet->transport_at;
    if (walk->packet->transport_length < 8)
        return;
    header(walk, "UDP", at, 8);
    field_ports(walk, at);
    field(walk, "length", at + 4, 2, "of this header and the datagram", "%u", read16(walk->bytes + at + 4));
    field_checksum(walk, at + 6, walk->packet->udp_checksum);
}

static void walk_icmp(const struct walk *walk) {
    const struct packet *packet = walk->packet;
    size_t at = packet->transport_at;
    const char *type = icmp_type_name(packet), *code = icmp_code_name(packet), *means = icmp_means(packet);
    bool echo = type != NULL && strncmp(type, "echo", 4) == 0;
    if (packet->transport_length < 8)
        return;
    header(walk, packet_kind_name(packet), at, 8);
    field(walk, "type", at, 1, code == NULL && means != NULL ? means : "", "%u, %s", packet->icmp.type,
          type != NULL ? type : "unknown");
    field(walk, "code", at + 1, 1, code != NULL && means != NULL ? means : "", "%u%s%s", packet->icmp.code,
          code != NULL ? ", " : "", code != NULL ? code : "");
    field(walk, "checksum", at + 2, 2, "", "0x%04x", packet->icmp.checksum);
    if (echo)
        field(walk, "identifier, number", at + 4, 4, "by which an answer is known", "%u, %u",
              packet->icmp.rest >> 16, packet->icmp.rest & 0xffffu);
    else
        field(walk, "rest", at + 4, 4, "", "0x%08x", packet->icmp.rest);
}

static void walk_payload(const struct walk *walk) {
    const struct packet *packet = walk->packet;
    if (packet->payload_kept == 0)
        return;
    bool quoted = packet->icmp.quoted_at != 0;
    header(walk, quoted ? "the packet that it is about" : "data", packet->payload_at, packet->payload_kept);
    if (quoted) {
        struct packet about;
        struct buf text = {0};
        packet_decode_quoted(packet, walk->bytes, &about);
        packet_ends(&about, &text);
        field(walk, "its beginning", packet->payload_at, packet->payload_kept,
              "by which its sender knows which socket to tell", "%s %s", packet_kind_name(&about),
              buf_text(&text));
        buf_free(&text);
        return;
    }
    if (packet->payload_kept < packet->payload)
        field(walk, "data", packet->payload_at, packet->payload_kept, "", "%zu bytes, of which %zu are kept",
              packet->payload, packet->payload_kept);
    else
        field(walk, "data", packet->payload_at, packet->payload_kept, "", "%zu byte%s", packet->payload,
              packet->payload == 1 ? "" : "s");
}

void packet_fields(const struct packet *packet, const struct track_note *note, const void *bytes,
                   bool checksum_missing, const struct packet_visitor *visitor) {
    const struct walk walk = {packet, note, bytes, checksum_missing, visitor};
    walk_ethernet(&walk);
    if (packet->family == AF_INET)
        walk_ipv4(&walk);
    else if (packet->family == AF_INET6)
        walk_ipv6(&walk);
    switch (packet->kind) {
    case PACKET_ARP:
        walk_arp(&walk);
        break;
    case PACKET_TCP:
        walk_tcp(&walk);
        break;
    case PACKET_UDP:
        walk_udp(&walk);
        break;
    case PACKET_ICMP:
    case PACKET_ICMPV6:
        walk_icmp(&walk);
        break;
    case PACKET_IP:
    case PACKET_OTHER:
        break;
    }
    walk_payload(&walk);
}

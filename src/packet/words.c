/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A packet in one line; see words.h. The manner of tcpdump(8), with fewer riddles. */
#include "packet/words.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/mem.h"
#include "net/frame.h"

/* ---- Addresses ---- */

void packet_mac(const uint8_t mac[6], struct buf *out) {
    buf_addf(out, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4], mac[5]);
}

void packet_host(int family, const uint8_t *host, struct buf *out) {
    char text[INET6_ADDRSTRLEN];
    if (inet_ntop(family, host, text, sizeof(text)) != NULL)
        buf_add_text(out, text);
}

void packet_end(const struct packet *packet, bool source, struct buf *out) {
    struct sockaddr_storage address;
    bool ports = packet->kind == PACKET_TCP || packet->kind == PACKET_UDP;
    if (packet->kind == PACKET_ARP && packet->network_length != 0)
        packet_host(AF_INET, source ? packet->arp.sender : packet->arp.target, out);
    else if (packet->family == 0)
        packet_mac(source ? packet->mac_from : packet->mac_to, out);
    else if (!ports || packet->transport_length == 0)
        packet_host(packet->family, source ? packet->from : packet->to, out);
    else {
        socklen_t length = source ? packet_source(packet, &address) : packet_target(packet, &address);
        address_endpoint(&address, length, out);
    }
}

void packet_ends(const struct packet *packet, struct buf *out) {
    packet_end(packet, true, out);
    buf_add_text(out, " → ");
    packet_end(packet, false, out);
}

/* ---- ICMP ---- */

struct icmp_row {
    uint8_t type;
    int code; /* -1: any */
    const char *name, *means;
};

static const struct icmp_row icmp_rows[] = {
    {0, -1, "echo reply", "the answer to ping"},
    {3, -1, "destination unreachable", NULL},
    {3, 0, "network unreachable", "a router knows no way to that network"},
    {3, 1, "host unreachable", "the last router got no answer to its ARP question for that host"},
    {3, 2, "protocol unreachable", "the host is there, and does not speak this protocol"},
    {3, 3, "port unreachable",
     "the host is there, and no socket is bound to that UDP port: the sender's next call fails "
     "with ECONNREFUSED, if it is connected"},
    {3, 4, "fragmentation needed",
     "the packet is larger than the next link's MTU and must not be cut into fragments"},
    {3, 13, "administratively prohibited", "a firewall refuses it, and says so"},
    {5, -1, "redirect", "another router would be the shorter way"},
    {8, -1, "echo request", "ping: whoever gets it sends the same back"},
    {11, -1, "time exceeded", "its TTL reached 0 on the way: traceroute lives on this"},
    {12, -1, "parameter problem", "a header that cannot be understood"},
    {13, -1, "timestamp request", NULL},
    {14, -1, "timestamp reply", NULL},
};

static const struct icmp_row icmpv6_rows[] = {
    {1, -1, "destination unreachable", NULL},
    {1, 0, "no route", "a router knows no way to that network"},
    {1, 1, "administratively prohibited", "a firewall refuses it, and says so"},
    {1, 3, "address unreachable", "nobody answered for that address on the last link"},
    {1, 4, "port unreachable",
     "the host is there, and no socket is bound to that UDP port: the sender's next call fails "
     "with ECONNREFUSED, if it is connected"},
    {2, -1, "packet too big", "it is larger than the next link's MTU: the sender has to make smaller ones"},
    {3, -1, "time exceeded", "its hop limit reached 0 on the way"},
    {4, -1, "parameter problem", "a header that cannot be understood"},
    {128, -1, "echo request", "ping: whoever gets it sends the same back"},
    {129, -1, "echo reply", "the answer to ping"},
    {130, -1, "multicast listener query", NULL},
    {131, -1, "multicast listener report", NULL},
    {133, -1, "router solicitation", "who is a router here?"},
    {134, -1, "router advertisement", "a router tells the network's prefix"},
    {135, -1, "neighbour solicitation", "who has this address? What ARP asks for IPv4"},
    {136, -1, "neighbour advertisement", "I have it, and this is my hardware address"},
    {137, -1, "redirect", "another router would be the shorter way"},
    {143, -1, "multicast listener report", NULL},
};

static const struct icmp_row *find_icmp(const struct packet *packet, bool with_code) {
    bool v6 = packet->kind == PACKET_ICMPV6;
    const struct icmp_row *rows = v6 ? icmpv6_rows : icmp_rows;
    size_t count = v6 ? sizeof(icmpv6_rows) / sizeof(*rows) : sizeof(icmp_rows) / sizeof(*rows);
    for (size_t i = 0; i < count; i++)
        if (rows[i].type == packet->icmp.type && rows[i].code == (with_code ? packet->icmp.code : -1))
            return &rows[i];
    return NULL;
}

const char *icmp_type_name(const struct packet *packet) {
    const struct icmp_row *row = find_icmp(packet, false);
    return row != NULL ? row->name : NULL;
}

const char *icmp_code_name(const struct packet *packet) {
    const struct icmp_row *row = find_icmp(packet, true);
    return row != NULL ? row->name : NULL;
}

const char *icmp_means(const struct packet *packet) {
    const struct icmp_row *row = find_icmp(packet, true);
    if (row == NULL)
        row = find_icmp(packet, false);
    return row != NULL ? row->means : NULL;
}

/* ---- Fates ---- */

const char *packet_fate_name(unsigned fate) {
    switch ((enum frame_fate)fate) {
    case FRAME_SENT:
        return "sent";
    case FRAME_HELD:
        return "held";
    case FRAME_DELIVERED:
        return "delivered";
    case FRAME_DROPPED:
        return "dropped";
    }
    return "unknown";
}

/* ---- Parts ---- */

static void add_part(struct packet_parts *parts, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add_part(struct packet_parts *parts, const char *format, ...) {
    struct buf text = {0};
    va_list arguments;
    if (parts->count == PACKET_PARTS_MOST)
        return;
    va_start(arguments, format);
    buf_addv(&text, format, arguments);
    va_end(arguments);
    parts->parts[parts->count++] = buf_take(&text);
}

static void add_options(const struct packet *packet, const struct track_note *note,
                        struct packet_parts *parts) {
    const struct packet_tcp *tcp = &packet->tcp;
    struct buf text = {0};
    if (tcp->has_mss)
        buf_addf(&text, ", mss %u", tcp->mss);
    if (tcp->sack_permitted)
        buf_add_text(&text, ", SACK permitted");
    if (tcp->has_scale)
        buf_addf(&text, ", window scale %u", tcp->scale);
    for (size_t i = 0; i < tcp->sack_count; i++)
        buf_addf(&text, ", SACK %u-%u", note->sacks[i][0], note->sacks[i][1]);
    if (text.length > 0)
        add_part(parts, "<%s>", buf_text(&text) + 2);
    buf_free(&text);
}

static void add_tcp(const struct packet *packet, const struct track_note *note, struct packet_parts *parts) {
    const struct packet_tcp *tcp = &packet->tcp;
    struct buf flags = {0};
    packet_flags(tcp->flags, &flags);
    add_part(parts, "%s", buf_text(&flags));
    buf_free(&flags);
    for (unsigned mark = 1; mark < MARKS_END; mark <<= 1)
        if (note->marks & mark)
            add_part(parts, "(%s)", track_mark_name(mark));
    add_part(parts, "seq %u", note->seq);
    if (tcp->flags & TCP_ACK)
        add_part(parts, "ack %u", note->ack);
    add_part(parts, "len %zu", packet->payload);
    if (!(tcp->flags & TCP_RST))
        add_part(parts, "win %u", note->window);
    add_options(packet, note, parts);
}

static void add_icmp(const struct packet *packet, const void *bytes, struct packet_parts *parts) {
    const char *type = icmp_type_name(packet), *code = icmp_code_name(packet);
    add_part(parts, "%s", packet_kind_name(packet));
    if (code != NULL)
        add_part(parts, "%s", code);
    else if (type != NULL)
        add_part(parts, "%s", type);
    else
        add_part(parts, "type %u code %u", packet->icmp.type, packet->icmp.code);
    if (packet->icmp.quoted_at == 0) {
        add_part(parts, "len %zu", packet->payload);
        return;
    }
    struct packet quoted;
    struct buf ends = {0};
    packet_decode_quoted(packet, bytes, &quoted);
    if (quoted.family != 0) {
        packet_ends(&quoted, &ends);
        add_part(parts, "about %s %s", packet_kind_name(&quoted), buf_text(&ends));
    }
    buf_free(&ends);
}

static void add_arp(const struct packet *packet, struct packet_parts *parts) {
    struct buf text = {0};
    add_part(parts, "ARP");
    if (packet->network_length == 0)
        return;
    if (packet->arp.operation == 1) {
        buf_add_text(&text, "who has ");
        packet_host(AF_INET, packet->arp.target, &text);
        buf_add_text(&text, "? tell ");
        packet_host(AF_INET, packet->arp.sender, &text);
    } else if (packet->arp.operation == 2) {
        packet_host(AF_INET, packet->arp.sender, &text);
        buf_add_text(&text, " is at ");
        packet_mac(packet->arp.sender_mac, &text);
    } else {
        buf_addf(&text, "operation %u", packet->arp.operation);
    }
    add_part(parts, "%s", buf_text(&text));
    buf_free(&text);
}

void packet_parts(const struct packet *packet, const struct track_note *note, const void *bytes,
                  struct packet_parts *parts) {
    *parts = (struct packet_parts){0};
    switch (packet->kind) {
    case PACKET_TCP:
        if (packet->transport_length >= 20)
            add_tcp(packet, note, parts);
        else
            add_part(parts, "TCP");
        break;
    case PACKET_UDP:
        add_part(parts, "UDP");
        if (packet->transport_length != 0)
            add_part(parts, "len %zu", packet->payload);
        break;
    case PACKET_ICMP:
    case PACKET_ICMPV6:
        if (packet->transport_length != 0)
            add_icmp(packet, bytes, parts);
        else
            add_part(parts, "%s", packet_kind_name(packet));
        break;
    case PACKET_ARP:
        add_arp(packet, parts);
        break;
    case PACKET_IP:
        add_part(parts, "%s", packet_kind_name(packet));
        if (packet->fragment_offset == 0)
            add_part(parts, "protocol %u", packet->protocol);
        add_part(parts, "len %zu", packet->payload);
        break;
    case PACKET_OTHER:
        add_part(parts, "type 0x%04x", packet->ethertype);
        add_part(parts, "len %zu", packet->length);
        break;
    }
    if (packet->fragment_offset != 0)
        add_part(parts, "fragment from byte %u on", packet->fragment_offset);
    else if (packet->more_fragments)
        add_part(parts, "first fragment");
    if (packet->trouble != NULL)
        add_part(parts, "[%s]", packet->trouble);
}

void packet_parts_free(struct packet_parts *parts) {
    for (size_t i = 0; i < parts->count; i++)
        free(parts->parts[i]);
    *parts = (struct packet_parts){0};
}

void packet_line(const struct packet *packet, const struct track_note *note, const void *bytes,
                 struct buf *out) {
    struct packet_parts parts;
    packet_ends(packet, out);
    packet_parts(packet, note, bytes, &parts);
    for (size_t i = 0; i < parts.count; i++)
        buf_addf(out, " %s", parts.parts[i]);
    packet_parts_free(&parts);
}

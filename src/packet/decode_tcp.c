/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TCP's header and its options (RFC 9293, RFC 7323, RFC 2018); and the names of its flags. See packet.h. */
#include "packet/packet.h"

#include <string.h>

#include "packet/octets.h"

/* One option with its kind and length, which is right for it or else the option is passed over. */
static void take_option(const uint8_t *option, struct packet_tcp *tcp) {
    size_t length = option[1];
    switch (option[0]) {
    case 2:
        tcp->has_mss = length == 4;
        tcp->mss = length == 4 ? read16(option + 2) : 0;
        break;
    case 3:
        tcp->has_scale = length == 3;
        tcp->scale = length == 3 ? option[2] : 0;
        break;
    case 4:
        tcp->sack_permitted = length == 2;
        break;
    case 5:
        tcp->sack_count = 0;
        for (size_t at = 2; at + 8 <= length && tcp->sack_count < PACKET_SACKS_MOST; at += 8) {
            tcp->sacks[tcp->sack_count].from = read32(option + at);
            tcp->sacks[tcp->sack_count++].to = read32(option + at + 4);
        }
        break;
    case 8:
        tcp->has_timestamps = length == 10;
        if (length == 10) {
            tcp->time_value = read32(option + 2);
            tcp->time_echo = read32(option + 6);
        }
        break;
    default:
        break;
    }
}

/* False: they do not fit into the header. */
static bool take_options(const uint8_t *options, size_t length, struct packet_tcp *tcp) {
    for (size_t at = 0; at < length;) {
        if (options[at] == 0) /* end of the list */
            return true;
        if (options[at] == 1) { /* padding */
            at++;
            continue;
        }
        if (length - at < 2 || options[at + 1] < 2 || options[at + 1] > length - at)
            return false;
        take_option(options + at, tcp);
        at += options[at + 1];
    }
    return true;
}

void packet_decode_tcp(const uint8_t *bytes, size_t end, size_t segment, struct packet *packet) {
    size_t there = end - packet->transport_at;
    const uint8_t *header = bytes + packet->transport_at;
    struct packet_tcp *tcp = &packet->tcp;
    if (there >= 8) { /* so much an ICMP error quotes at least (RFC 792) */
        packet->from_port = read16(header);
        packet->to_port = read16(header + 2);
        tcp->seq = read32(header + 4);
        packet->transport_length = there;
    }
    if (there < 20) {
        packet->trouble = "cut in its TCP header";
        return;
    }
    size_t length = (size_t)(header[12] >> 4) * 4;
    tcp->ack = read32(header + 8);
    tcp->flags = header[13];
    tcp->window = read16(header + 14);
    tcp->checksum = read16(header + 16);
    tcp->urgent = read16(header + 18);
    packet->transport_length = 20;
    if (length < 20 || length > segment) {
        packet->trouble = "its TCP header gives a length that cannot be";
        return;
    }
    packet->transport_length = length;
    if (there < length) {
        take_options(header + 20, there - 20, tcp);
        packet->trouble = "cut in the options of its TCP header";
        packet->transport_length = there;
        packet->payload = segment - length;
        return;
    }
    if (!take_options(header + 20, length - 20, tcp))
        packet->trouble = "the options of its TCP header do not fit into it";
    packet->payload_at = packet->transport_at + length;
    packet->payload = segment - length;
    packet->payload_kept = there - length;
}

static const struct {
    unsigned flag;
    const char *name;
} flags_in_order[] = {
    {TCP_SYN, "SYN"}, {TCP_FIN, "FIN"}, {TCP_RST, "RST"}, {TCP_PSH, "PSH"},
    {TCP_URG, "URG"}, {TCP_ECE, "ECE"}, {TCP_CWR, "CWR"}, {TCP_ACK, "ACK"},
};

void packet_flags(unsigned flags, struct buf *out) {
    const char *between = "";
    for (size_t i = 0; i < sizeof(flags_in_order) / sizeof(*flags_in_order); i++) {
        if (!(flags & flags_in_order[i].flag))
            continue;
        buf_addf(out, "%s%s", between, flags_in_order[i].name);
        between = " ";
    }
    if (*between == '\0')
        buf_add_text(out, "no flags");
}

unsigned packet_flag(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof(flags_in_order) / sizeof(*flags_in_order); i++)
        if (strlen(flags_in_order[i].name) == length && memcmp(name, flags_in_order[i].name, length) == 0)
            return flags_in_order[i].flag;
    return 0;
}

const char *packet_kind_name(const struct packet *packet) {
    switch (packet->kind) {
    case PACKET_OTHER:
        return "frame";
    case PACKET_ARP:
        return "ARP";
    case PACKET_IP:
        return packet->family == AF_INET ? "IPv4" : "IPv6";
    case PACKET_TCP:
        return "TCP";
    case PACKET_UDP:
        return "UDP";
    case PACKET_ICMP:
        return "ICMP";
    case PACKET_ICMPV6:
        return "ICMPv6";
    }
    return "frame";
}

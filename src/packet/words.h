/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A packet in one line. What came from the network is escaped. */
#ifndef SOCKSHELL_PACKET_WORDS_H
#define SOCKSHELL_PACKET_WORDS_H

#include "packet/packet.h"
#include "packet/track.h"

/* "127.0.0.1:40000 → 127.0.0.1:8888"; hardware addresses where there are no others. */
void packet_ends(const struct packet *packet, struct buf *out);
/* One of them: "127.0.0.1:40000", "127.0.0.1" (ICMP), "[::1]:80", "02:00:00:00:00:01". */
void packet_end(const struct packet *packet, bool source, struct buf *out);

/* What it is, in the order of importance: a caller with little room takes the first ones only.
 *     TCP     "SYN", "seq 0", "ack 1", "len 0", "win 65495", "<mss 65495, …>", "retransmission"
 *     UDP     "UDP", "len 5"
 *     ICMP    "ICMP", "port unreachable", "about 127.0.0.1:40000 → 127.0.0.1:9 UDP"
 *     ARP     "ARP", "who has 10.0.0.2? tell 10.0.0.1"  */
#define PACKET_PARTS_MOST 16
struct packet_parts {
    char *parts[PACKET_PARTS_MOST];
    size_t count;
};
void packet_parts(const struct packet *packet, const struct track_note *note, const void *bytes,
                  struct packet_parts *parts);
void packet_parts_free(struct packet_parts *parts);

/* "127.0.0.1:40000 → 127.0.0.1:8888 SYN seq 0 …": the ends and all parts. */
void packet_line(const struct packet *packet, const struct track_note *note, const void *bytes,
                 struct buf *out);

/* "delivered", "dropped"; of enum frame_fate (net/frame.h). */
const char *packet_fate_name(unsigned fate);
/* "echo request", "destination unreachable: port unreachable"; NULL: unknown. */
const char *icmp_type_name(const struct packet *packet);
const char *icmp_code_name(const struct packet *packet); /* NULL: the type has none, or not this one */
const char *icmp_means(const struct packet *packet);     /* a sentence, or NULL */
/* "ff:ff:ff:ff:ff:ff" */
void packet_mac(const uint8_t mac[6], struct buf *out);
void packet_host(int family, const uint8_t *host, struct buf *out);

#endif

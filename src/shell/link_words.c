/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links and what waits on them, in words; see link_words.h. */
#include "shell/link_words.h"

#include <inttypes.h>

#include "packet/packet.h"

#define HELD_SHOWN 20

static void say_time(int64_t ns, struct buf *out) {
    if (ns % 1000000 == 0)
        buf_addf(out, "%" PRId64 " ms", ns / 1000000);
    else
        buf_addf(out, "%g ms", (double)ns / 1e6);
}

static void say_rate(uint64_t rate, struct buf *out) {
    if (rate % 1000000 == 0)
        buf_addf(out, "%" PRIu64 " Mbit/s", rate / 1000000);
    else if (rate % 1000 == 0)
        buf_addf(out, "%" PRIu64 " kbit/s", rate / 1000);
    else
        buf_addf(out, "%" PRIu64 " bit/s", rate);
}

/* "delay 20 ms, loss 30%": "" when frames go as they come. */
static void say_rules(const struct link_rules *rules, struct buf *out) {
    const char *comma = "";
    if (rules->delay_ns > 0) {
        buf_add_text(out, "delay ");
        say_time(rules->delay_ns, out);
        comma = ", ";
    }
    if (rules->loss > 0) {
        buf_addf(out, "%sloss %g%%", comma, rules->loss);
        comma = ", ";
    }
    if (rules->rate > 0) {
        buf_addf(out, "%srate ", comma);
        say_rate(rules->rate, out);
        comma = ", ";
    }
    if (rules->hold)
        buf_addf(out, "%shold", comma);
}

void link_say(const struct network *network, size_t first, size_t second, struct buf *out) {
    struct net_link *link = net_wire_link(network_wire(network), first, second);
    struct link_counts counts = link_counts(link);
    buf_addf(out, "    link %s-%s: ", network_host(network, first)->name,
             network_host(network, second)->name);
    size_t before = out->length;
    say_rules(link_rules(link), out);
    if (out->length == before)
        buf_add_text(out, "no rules");
    if (counts.dropped > 0)
        buf_addf(out, "; %" PRIu64 " dropped so far", counts.dropped);
    if (link_held(link) > 0)
        buf_addf(out, "; %zu held", link_held(link));
    buf_add_char(out, '\n');
}

void link_say_all(const struct network *network, struct buf *out) {
    for (size_t i = 0; i < network_hosts(network); i++)
        for (size_t j = i + 1; j < network_hosts(network); j++)
            link_say(network, i, j, out);
}

static void say_protocol(const struct link_frame *frame, struct buf *out) {
    struct packet packet;
    packet_decode(frame->bytes, frame->length, frame->length, &packet);
    buf_add_text(out, packet_kind_name(&packet));
    if (packet.kind != PACKET_TCP)
        return;
    buf_add_char(out, ' ');
    packet_flags(packet.tcp.flags, out);
}

void link_say_frame(const struct network *network, const size_t ends[2], const struct link_frame *frame,
                    struct buf *out) {
    size_t low = ends[0] < ends[1] ? ends[0] : ends[1], high = ends[0] < ends[1] ? ends[1] : ends[0];
    buf_addf(out, "%s → %s, ", network_host(network, frame->back ? high : low)->name,
             network_host(network, frame->back ? low : high)->name);
    say_protocol(frame, out);
    buf_addf(out, ", %zu bytes", frame->length);
}

void link_say_held(const struct network *network, const size_t ends[2], struct buf *out) {
    const struct net_link *link = net_wire_link(network_wire(network), ends[0], ends[1]);
    const struct link_frame *frame = link_held_at(link, 0);
    for (size_t i = 0; frame != NULL && i < HELD_SHOWN; i++, frame = frame->next) {
        buf_addf(out, "    %zu  ", i + 1);
        link_say_frame(network, ends, frame, out);
        buf_add_char(out, '\n');
    }
    if (link_held(link) > HELD_SHOWN)
        buf_addf(out, "    … and %zu more\n", link_held(link) - HELD_SHOWN);
}

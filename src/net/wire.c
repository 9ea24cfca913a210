/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames in, frames out; see wire.h. */
#include "net/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/ip6.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "net/tap.h"

/* Longer ones cannot be sent on; there are none at an MTU of 1500. */
#define FRAME_MOST 2048
/* Frames that one net_wire_run() takes, so that it comes to an end. */
#define RUN_MOST 4096

struct port {
    char *host;
    unsigned interface;
};

struct joint {
    struct net_wire *wire;
    size_t first, second;
    struct net_link *link;
};

struct net_wire {
    int epoll, timer;
    int packets;      /* one for all cables: it keeps their frames in order */
    int64_t armed_ns; /* what the timer is set to; 0: nothing */
    int64_t real_ns;  /* clock_real_offset_ns(), for the kernel's time stamps */
    struct port ports[SWITCH_PORTS_MAX];
    size_t count;
    struct mac_switch mac_switch;
    struct joint joints[SWITCH_PORTS_MAX][SWITCH_PORTS_MAX]; /* [smaller][greater] */
    uint64_t numbers, missed;
    bool noise; /* what IPv6 says on its own account is passed on */
    net_frame_seen *seen;
    void *context;
};

static bool watch(const struct net_wire *wire, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(wire->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool open_packets(struct net_wire *wire) {
    wire->packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    return wire->packets >= 0 && tap_start(wire->packets, NULL) == NULL;
}

struct net_wire *net_wire_new(void) {
    struct net_wire *wire = mem_alloc(sizeof(*wire));
    wire->packets = -1;
    wire->epoll = epoll_create1(EPOLL_CLOEXEC);
    wire->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (wire->epoll >= 0 && wire->timer >= 0 && open_packets(wire) && watch(wire, wire->timer) &&
        watch(wire, wire->packets))
        return wire;
    int saved = errno;
    net_wire_free(wire);
    errno = saved;
    return NULL;
}

void net_wire_free(struct net_wire *wire) {
    if (wire == NULL)
        return;
    for (size_t i = 0; i < wire->count; i++) {
        free(wire->ports[i].host);
        for (size_t j = i + 1; j < wire->count; j++)
            link_free(wire->joints[i][j].link);
    }
    const int fds[] = {wire->packets, wire->timer, wire->epoll};
    for (size_t i = 0; i < sizeof(fds) / sizeof(*fds); i++)
        if (fds[i] >= 0)
            close(fds[i]);
    free(wire);
}

/* ---- Telling ---- */

/* Hand a frame over to the host at the other end. */
static bool send_out(const struct net_wire *wire, const struct port *port, const struct link_frame *frame) {
    const struct sockaddr_ll cable = {.sll_family = AF_PACKET, .sll_ifindex = (int)port->interface};
    ssize_t sent;
    do
        sent = sendto(wire->packets, frame->bytes, frame->length, MSG_DONTWAIT,
                      (const struct sockaddr *)&cable, sizeof(cable));
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)frame->length;
}

static void told(void *context, const struct link_frame *frame, enum frame_fate fate, enum frame_why why,
                 int64_t now_ns) {
    const struct joint *joint = context;
    struct net_wire *wire = joint->wire;
    const struct port *from = &wire->ports[frame->back ? joint->second : joint->first];
    const struct port *to = &wire->ports[frame->back ? joint->first : joint->second];
    const struct net_frame net_frame = {
        .time_ns = now_ns,
        .sent_ns = frame->sent_ns,
        .number = frame->number,
        .fate = fate,
        .why = why,
        .from = from->host,
        .to = to->host,
        .bytes = frame->bytes,
        .kept = frame->length,
        .length = frame->length,
    };
    /* Told first: what the receiver answers comes after it. */
    if (wire->seen != NULL)
        wire->seen(wire->context, &net_frame);
    if (fate != FRAME_DELIVERED || send_out(wire, to, frame))
        return;
    struct net_frame refused = net_frame;
    refused.fate = FRAME_DROPPED;
    refused.why = FRAME_BY_SYSTEM;
    if (wire->seen != NULL)
        wire->seen(wire->context, &refused);
}

void net_wire_watch(struct net_wire *wire, net_frame_seen *seen, void *context) {
    wire->seen = seen;
    wire->context = context;
}

/* ---- Ports ---- */

bool net_wire_add(struct net_wire *wire, const char *host, unsigned interface) {
    if (wire->count == SWITCH_PORTS_MAX) {
        errno = ENOSPC;
        return false;
    }
    wire->ports[wire->count] = (struct port){mem_string(host), interface};
    for (size_t i = 0; i < wire->count; i++) {
        struct joint *joint = &wire->joints[i][wire->count];
        *joint = (struct joint){wire, i, wire->count, NULL};
        joint->link = link_new(told, joint, &wire->numbers, 1);
    }
    wire->count++;
    return true;
}

struct net_link *net_wire_link(struct net_wire *wire, size_t port, size_t other) {
    size_t first = port < other ? port : other, second = port < other ? other : port;
    return wire->joints[first][second].link;
}

void net_wire_pass_noise(struct net_wire *wire, bool pass) {
    wire->noise = pass;
}

int net_wire_fd(const struct net_wire *wire) {
    return wire->epoll;
}

/* ---- Frames ---- */

/* The port at this interface, or how many there are. */
static size_t port_at(const struct net_wire *wire, unsigned interface) {
    size_t port = 0;
    while (port < wire->count && wire->ports[port].interface != interface)
        port++;
    return port;
}

/* What IPv6 says on its own account when it gets an address: that it listens to the group in which it can be asked for
 * (MLDv2, RFC 3810, for ff02::1:ff00:0/104). No router is there to care. */
static bool is_noise(const unsigned char *bytes, size_t length) {
    static const unsigned char solicited[13] = {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff};
    const struct ether_header *header = (const void *)bytes;
    const unsigned char *options = bytes + sizeof(*header) + sizeof(struct ip6_hdr), *report = options + 8;
    return length >= sizeof(*header) + sizeof(struct ip6_hdr) + 8 + 8 + 20 &&
           ntohs(header->ether_type) == ETHERTYPE_IPV6 && bytes[sizeof(*header) + 6] == IPPROTO_HOPOPTS &&
           options[0] == IPPROTO_ICMPV6 && options[1] == 0 && report[0] == 143 &&
           memcmp(report + 8 + 4, solicited, sizeof(solicited)) == 0;
}

static void forward(struct net_wire *wire, size_t from, const unsigned char *bytes, size_t length,
                    int64_t sent_ns) {
    uint32_t targets = switch_forward(&wire->mac_switch, from, wire->count, bytes, length);
    for (size_t to = 0; to < wire->count; to++)
        if (targets >> to & 1)
            link_take(net_wire_link(wire, from, to), from > to, bytes, length, sent_ns);
}

static void run_links(struct net_wire *wire) {
    int64_t now = clock_now_ns();
    for (size_t i = 0; i < wire->count; i++)
        for (size_t j = i + 1; j < wire->count; j++)
            link_run(wire->joints[i][j].link, now);
}

static bool take_one(struct net_wire *wire) {
    unsigned char bytes[FRAME_MOST];
    struct tap_frame frame;
    if (!tap_next(wire->packets, bytes, sizeof(bytes), &frame))
        return false;
    size_t port = port_at(wire, frame.interface);
    if (frame.kept < frame.length)
        wire->missed++;
    else if (port < wire->count && (wire->noise || !is_noise(bytes, frame.kept)))
        forward(wire, port, bytes, frame.kept, frame.time_ns - wire->real_ns);
    return true;
}

/* ---- Time ---- */

static int64_t next_ns(const struct net_wire *wire) {
    int64_t next = -1;
    for (size_t i = 0; i < wire->count; i++)
        for (size_t j = i + 1; j < wire->count; j++) {
            int64_t due = link_next_ns(wire->joints[i][j].link);
            if (due >= 0 && (next < 0 || due < next))
                next = due;
        }
    return next;
}

static void arm(struct net_wire *wire) {
    int64_t next = next_ns(wire);
    next = next < 0 ? 0 : next > 0 ? next : 1; /* a timer of 0 is none */
    if (next == wire->armed_ns)
        return;
    const struct itimerspec when = {.it_value = clock_timespec(next)};
    timerfd_settime(wire->timer, TFD_TIMER_ABSTIME, &when, NULL);
    wire->armed_ns = next;
}

static void hear_timer(struct net_wire *wire) {
    uint64_t times;
    if (wire->armed_ns != 0 && read(wire->timer, &times, sizeof(times)) == (ssize_t)sizeof(times))
        wire->armed_ns = 0;
}

void net_wire_run(struct net_wire *wire) {
    wire->real_ns = clock_real_offset_ns();
    hear_timer(wire);
    run_links(wire);
    for (size_t i = 0; i < RUN_MOST && take_one(wire); i++)
        run_links(wire);
    arm(wire);
}

void net_wire_changed(struct net_wire *wire) {
    run_links(wire);
    arm(wire);
}

bool net_wire_quiet(struct net_wire *wire) {
    return next_ns(wire) < 0 && !tap_waits(wire->packets);
}

uint64_t net_wire_missed(struct net_wire *wire) {
    wire->missed += tap_lost(wire->packets);
    return wire->missed;
}

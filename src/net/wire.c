/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Packet sockets (packet(7)) with a ring each; see wire.h. */
#include "net/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <netinet/ip6.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

/* A ring of 512 frames of up to 1,900 bytes: a plain socket loses frames after 256. */
#define RING_FRAME 2048
#define RING_BLOCK (1 << 16)
#define RING_FRAMES 512
#define RING_BYTES (RING_FRAME * RING_FRAMES)
/* Frames that one wire_run() takes, so that it comes to an end. */
#define RUN_MOST 4096

struct port {
    char *host;
    int fd;
    unsigned char *ring; /* RING_FRAMES of RING_FRAME bytes, shared with the kernel */
    size_t next;         /* where the kernel's next frame will be */
};

struct joint {
    struct wire *wire;
    size_t first, second;
    struct net_link *link;
};

struct wire {
    int epoll, timer;
    int64_t armed_ns; /* what the timer is set to; 0: nothing */
    int64_t real_ns;  /* CLOCK_REALTIME, of the kernel's time stamps, less CLOCK_MONOTONIC */
    struct port ports[SWITCH_PORTS_MAX];
    size_t count;
    struct mac_switch mac_switch;
    struct joint joints[SWITCH_PORTS_MAX][SWITCH_PORTS_MAX]; /* [smaller][greater] */
    uint64_t numbers, missed;
    net_frame_seen *seen;
    void *context;
};

static int64_t clock_ns(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time); /* cannot fail with these clocks */
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

int64_t wire_now_ns(void) {
    return clock_ns(CLOCK_MONOTONIC);
}

static bool watch(const struct wire *wire, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(wire->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

struct wire *wire_new(void) {
    struct wire *wire = mem_alloc(sizeof(*wire));
    wire->epoll = epoll_create1(EPOLL_CLOEXEC);
    wire->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (wire->epoll >= 0 && wire->timer >= 0 && watch(wire, wire->timer))
        return wire;
    int saved = errno;
    wire_free(wire);
    errno = saved;
    return NULL;
}

static void close_port(struct port *port) {
    if (port->ring != NULL)
        munmap(port->ring, RING_BYTES);
    if (port->fd >= 0)
        close(port->fd);
    free(port->host);
}

void wire_free(struct wire *wire) {
    if (wire == NULL)
        return;
    for (size_t i = 0; i < wire->count; i++) {
        close_port(&wire->ports[i]);
        for (size_t j = i + 1; j < wire->count; j++)
            link_free(wire->joints[i][j].link);
    }
    if (wire->timer >= 0)
        close(wire->timer);
    if (wire->epoll >= 0)
        close(wire->epoll);
    free(wire);
}

/* ---- Telling ---- */

/* Hand a frame over to the host at the other end. */
static bool send_out(const struct port *port, const struct link_frame *frame) {
    ssize_t sent;
    do
        sent = send(port->fd, frame->bytes, frame->length, MSG_DONTWAIT);
    while (sent < 0 && errno == EINTR);
    return sent == (ssize_t)frame->length;
}

static void told(void *context, const struct link_frame *frame, enum frame_fate fate, enum frame_why why,
                 int64_t now_ns) {
    const struct joint *joint = context;
    struct wire *wire = joint->wire;
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
    if (fate != FRAME_DELIVERED || send_out(to, frame))
        return;
    struct net_frame refused = net_frame;
    refused.fate = FRAME_DROPPED;
    refused.why = FRAME_BY_SYSTEM;
    if (wire->seen != NULL)
        wire->seen(wire->context, &refused);
}

void wire_watch(struct wire *wire, net_frame_seen *seen, void *context) {
    wire->seen = seen;
    wire->context = context;
}

/* ---- Ports ---- */

static bool open_ring(struct port *port, unsigned interface) {
    const struct tpacket_req ring = {.tp_block_size = RING_BLOCK,
                                     .tp_block_nr = RING_BYTES / RING_BLOCK,
                                     .tp_frame_size = RING_FRAME,
                                     .tp_frame_nr = RING_FRAMES};
    const struct sockaddr_ll where = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int)interface};
    int version = TPACKET_V2, yes = 1;
    /* Protocol 0: no frame comes before bind() has said from which interface. */
    port->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (port->fd < 0 || setsockopt(port->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
        /* Else it would be given what it sends. */
        setsockopt(port->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof(yes)) < 0 ||
        setsockopt(port->fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)) < 0)
        return false;
    void *memory = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, port->fd, 0);
    if (memory == MAP_FAILED)
        return false;
    port->ring = memory;
    return bind(port->fd, (const struct sockaddr *)&where, sizeof(where)) == 0;
}

bool wire_add(struct wire *wire, const char *host, unsigned interface) {
    struct port port = {.fd = -1};
    if (wire->count == SWITCH_PORTS_MAX) {
        errno = ENOSPC;
        return false;
    }
    if (!open_ring(&port, interface) || !watch(wire, port.fd)) {
        int saved = errno;
        close_port(&port);
        errno = saved;
        return false;
    }
    port.host = mem_string(host);
    wire->ports[wire->count] = port;
    for (size_t i = 0; i < wire->count; i++) {
        struct joint *joint = &wire->joints[i][wire->count];
        *joint = (struct joint){wire, i, wire->count, NULL};
        joint->link = link_new(told, joint, &wire->numbers, 1);
    }
    wire->count++;
    return true;
}

size_t wire_ports(const struct wire *wire) {
    return wire->count;
}

struct net_link *wire_link(struct wire *wire, size_t port, size_t other) {
    size_t first = port < other ? port : other, second = port < other ? other : port;
    return wire->joints[first][second].link;
}

int wire_fd(const struct wire *wire) {
    return wire->epoll;
}

/* ---- Frames ---- */

/* The next frame of a port, or NULL. The kernel writes the status last. */
static struct tpacket2_hdr *head(const struct port *port) {
    struct tpacket2_hdr *header = (void *)(port->ring + port->next * RING_FRAME);
    return __atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER ? header : NULL;
}

static int64_t stamp_ns(const struct tpacket2_hdr *header) {
    return header->tp_sec * INT64_C(1000000000) + header->tp_nsec;
}

/* Of all that wait, the one that was sent first. */
static size_t first_waiting(const struct wire *wire) {
    size_t best = wire->count;
    int64_t best_ns = 0;
    for (size_t i = 0; i < wire->count; i++) {
        const struct tpacket2_hdr *header = head(&wire->ports[i]);
        if (header == NULL || (best < wire->count && stamp_ns(header) >= best_ns))
            continue;
        best = i;
        best_ns = stamp_ns(header);
    }
    return best;
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

static void forward(struct wire *wire, size_t from, const unsigned char *bytes, size_t length,
                    int64_t sent_ns) {
    uint32_t targets = switch_forward(&wire->mac_switch, from, wire->count, bytes, length);
    for (size_t to = 0; to < wire->count; to++)
        if (targets >> to & 1)
            link_take(wire_link(wire, from, to), from > to, bytes, length, sent_ns);
}

static void run_links(struct wire *wire) {
    int64_t now = wire_now_ns();
    for (size_t i = 0; i < wire->count; i++)
        for (size_t j = i + 1; j < wire->count; j++)
            link_run(wire->joints[i][j].link, now);
}

static void take_one(struct wire *wire, size_t at) {
    struct port *port = &wire->ports[at];
    struct tpacket2_hdr *header = head(port);
    const unsigned char *bytes = (const unsigned char *)header + header->tp_mac;
    /* One that is longer than its place cannot be sent on; there is none at an MTU of 1500. */
    if (header->tp_snaplen < header->tp_len)
        wire->missed++;
    else if (!is_noise(bytes, header->tp_snaplen))
        forward(wire, at, bytes, header->tp_snaplen, stamp_ns(header) - wire->real_ns);
    __atomic_store_n(&header->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    port->next = (port->next + 1) % RING_FRAMES;
}

/* ---- Time ---- */

static int64_t next_ns(const struct wire *wire) {
    int64_t next = -1;
    for (size_t i = 0; i < wire->count; i++)
        for (size_t j = i + 1; j < wire->count; j++) {
            int64_t due = link_next_ns(wire->joints[i][j].link);
            if (due >= 0 && (next < 0 || due < next))
                next = due;
        }
    return next;
}

static void arm(struct wire *wire) {
    int64_t next = next_ns(wire);
    next = next < 0 ? 0 : next > 0 ? next : 1; /* a timer of 0 is none */
    if (next == wire->armed_ns)
        return;
    const struct itimerspec when = {.it_value = {next / 1000000000, next % 1000000000}};
    timerfd_settime(wire->timer, TFD_TIMER_ABSTIME, &when, NULL);
    wire->armed_ns = next;
}

static void hear_timer(struct wire *wire) {
    uint64_t times;
    if (wire->armed_ns != 0 && read(wire->timer, &times, sizeof(times)) == (ssize_t)sizeof(times))
        wire->armed_ns = 0;
}

void wire_run(struct wire *wire) {
    wire->real_ns = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
    hear_timer(wire);
    run_links(wire);
    size_t at;
    for (size_t i = 0; i < RUN_MOST && (at = first_waiting(wire)) < wire->count; i++) {
        take_one(wire, at);
        run_links(wire);
    }
    arm(wire);
}

void wire_changed(struct wire *wire) {
    run_links(wire);
    arm(wire);
}

bool wire_quiet(struct wire *wire) {
    return first_waiting(wire) == wire->count && next_ns(wire) < 0;
}

uint64_t wire_missed(struct wire *wire) {
    for (size_t i = 0; i < wire->count; i++) {
        struct tpacket_stats counts = {0};
        socklen_t length = sizeof(counts);
        if (getsockopt(wire->ports[i].fd, SOL_PACKET, PACKET_STATISTICS, &counts, &length) == 0)
            wire->missed += counts.tp_drops; /* reading them sets them to 0 */
    }
    return wire->missed;
}

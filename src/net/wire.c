/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A packet socket (packet(7)) with a ring; see wire.h. */
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

#include "base/clock.h"
#include "base/mem.h"

/* A ring of 1024 frames of up to 1,900 bytes: a plain socket loses frames after 256. One for all cables: it keeps their
 * frames in order, and the kernel takes some 10 ms to make one and again to close it. */
#define RING_FRAME 2048
#define RING_BLOCK (1 << 16)
#define RING_FRAMES 1024
#define RING_BYTES (RING_FRAME * RING_FRAMES)
/* Where a frame's struct sockaddr_ll is: TPACKET_ALIGN() of the header before it. */
#define PACKET_ADDRESS_AT \
    ((sizeof(struct tpacket2_hdr) + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT * TPACKET_ALIGNMENT)
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
    int epoll, timer, packets;
    unsigned char *ring; /* RING_FRAMES of RING_FRAME bytes, shared with the kernel */
    size_t next;         /* where the kernel's next frame will be */
    int64_t armed_ns;    /* what the timer is set to; 0: nothing */
    int64_t real_ns;     /* clock_real_offset_ns(), for the kernel's time stamps */
    struct port ports[SWITCH_PORTS_MAX];
    size_t count;
    struct mac_switch mac_switch;
    struct joint joints[SWITCH_PORTS_MAX][SWITCH_PORTS_MAX]; /* [smaller][greater] */
    uint64_t numbers, missed;
    net_frame_seen *seen;
    void *context;
};

static bool watch(const struct net_wire *wire, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(wire->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

static bool open_ring(struct net_wire *wire) {
    const struct tpacket_req ring = {.tp_block_size = RING_BLOCK,
                                     .tp_block_nr = RING_BYTES / RING_BLOCK,
                                     .tp_frame_size = RING_FRAME,
                                     .tp_frame_nr = RING_FRAMES};
    const struct sockaddr_ll everywhere = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    int version = TPACKET_V2, yes = 1;
    /* Protocol 0: no frame comes before bind(). */
    wire->packets = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (wire->packets < 0 ||
        setsockopt(wire->packets, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
        /* Else it would be given what it sends. */
        setsockopt(wire->packets, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof(yes)) < 0 ||
        setsockopt(wire->packets, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)) < 0)
        return false;
    void *memory = mmap(NULL, RING_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, wire->packets, 0);
    if (memory == MAP_FAILED)
        return false;
    wire->ring = memory;
    return bind(wire->packets, (const struct sockaddr *)&everywhere, sizeof(everywhere)) == 0;
}

struct net_wire *net_wire_new(void) {
    struct net_wire *wire = mem_alloc(sizeof(*wire));
    wire->packets = -1;
    wire->epoll = epoll_create1(EPOLL_CLOEXEC);
    wire->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (wire->epoll >= 0 && wire->timer >= 0 && open_ring(wire) && watch(wire, wire->timer) &&
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
    if (wire->ring != NULL)
        munmap(wire->ring, RING_BYTES);
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

int net_wire_fd(const struct net_wire *wire) {
    return wire->epoll;
}

/* ---- Frames ---- */

/* The next frame, or NULL. The kernel writes the status last. */
static struct tpacket2_hdr *head(const struct net_wire *wire) {
    struct tpacket2_hdr *header = (void *)(wire->ring + wire->next * RING_FRAME);
    return __atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER ? header : NULL;
}

/* The port that a frame came in by, or how many there are. */
static size_t port_of(const struct net_wire *wire, const struct tpacket2_hdr *header) {
    const unsigned char *behind = (const unsigned char *)header + PACKET_ADDRESS_AT;
    const struct sockaddr_ll *from = (const void *)behind;
    size_t port = 0;
    while (port < wire->count && wire->ports[port].interface != (unsigned)from->sll_ifindex)
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

static void take_one(struct net_wire *wire, struct tpacket2_hdr *header) {
    const unsigned char *bytes = (const unsigned char *)header + header->tp_mac;
    int64_t sent_ns = header->tp_sec * SECOND_NS + header->tp_nsec - wire->real_ns;
    size_t port = port_of(wire, header);
    /* One that is longer than its place cannot be sent on; there is none at an MTU of 1500. */
    if (header->tp_snaplen < header->tp_len)
        wire->missed++;
    else if (port < wire->count && !is_noise(bytes, header->tp_snaplen))
        forward(wire, port, bytes, header->tp_snaplen, sent_ns);
    __atomic_store_n(&header->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
    wire->next = (wire->next + 1) % RING_FRAMES;
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
    struct tpacket2_hdr *header;
    for (size_t i = 0; i < RUN_MOST && (header = head(wire)) != NULL; i++) {
        take_one(wire, header);
        run_links(wire);
    }
    arm(wire);
}

void net_wire_changed(struct net_wire *wire) {
    run_links(wire);
    arm(wire);
}

bool net_wire_quiet(struct net_wire *wire) {
    return head(wire) == NULL && next_ns(wire) < 0;
}

uint64_t net_wire_missed(struct net_wire *wire) {
    struct tpacket_stats counts = {0};
    socklen_t length = sizeof(counts);
    if (getsockopt(wire->packets, SOL_PACKET, PACKET_STATISTICS, &counts, &length) == 0)
        wire->missed += counts.tp_drops; /* reading them sets them to 0 */
    return wire->missed;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ring of TPACKET_V2; see capture.h.  V3 gathers frames in blocks and hands
 * out a block after a millisecond or more, which is too late here; a socket
 * without ring loses frames beyond some 256 (its receive buffer).
 */
#include "packet/capture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

#define SLOT 2048 /* bytes a frame, the kernel's header included */
_Static_assert(SLOT >= sizeof(struct tpacket2_hdr) + sizeof(struct sockaddr_ll) + 128 + CAPTURE_KEEP,
               "a frame of the length that is kept fits with its headers");
#define BLOCK (64 << 10)

struct capture {
    int fd;
    uint8_t *ring;
    size_t next;              /* slot */
    struct tpacket2_hdr *out; /* given out, to be returned to the kernel; NULL: none */
    uint64_t number;
    uint64_t lost;     /* known, and not told yet */
    size_t in_a_row;   /* read since the ring was last found empty */
    int64_t clocks_ns; /* CLOCK_REALTIME minus CLOCK_MONOTONIC, as of the first frame of this row */
};

/* ---- Time ---- */

static int64_t read_clock(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* The kernel stamps frames with CLOCK_REALTIME, which may be set at any time; the journal has
 * CLOCK_MONOTONIC. Of three tries, that with the least time between the two readings. */
static int64_t clock_difference(void) {
    int64_t best = 0, least = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        int64_t before = read_clock(CLOCK_MONOTONIC), real = read_clock(CLOCK_REALTIME);
        int64_t after = read_clock(CLOCK_MONOTONIC);
        if (after - before < least) {
            least = after - before;
            best = real - before - (after - before) / 2;
        }
    }
    return best;
}

/* ---- Opening ---- */

static struct capture *refuse(struct capture *capture, const char *what, const char *interface,
                              struct error *error) {
    int number = errno;
    error_set(error, ERROR_SYSTEM, (struct span){0}, "packets of %s cannot be seen: %s: %s", interface, what,
              strerror(number));
    if (number == EPERM || number == EACCES)
        error_hint(error,
                   "it takes the capability CAP_NET_RAW. In a private network everybody has it: sockshell "
                   "--network=private. On the machine's own: start as root, or give it to the program with "
                   "setcap cap_net_raw+ep");
    else if (number == EAFNOSUPPORT)
        error_hint(error, "this kernel was built without CONFIG_PACKET");
    else if (number == ENODEV)
        error_hint(error, "ip link lists the interfaces");
    capture_close(capture);
    return NULL;
}

/* Until bind() the socket gets nothing: time stamps and ring are there before the first frame is. */
struct capture *capture_open(const char *interface, struct error *error) {
    struct capture *capture = mem_alloc(sizeof(*capture));
    int on = 1, version = TPACKET_V2;
    struct tpacket_req ring = {.tp_block_size = BLOCK,
                               .tp_block_nr = CAPTURE_FRAMES / (BLOCK / SLOT),
                               .tp_frame_size = SLOT,
                               .tp_frame_nr = CAPTURE_FRAMES};
    struct sockaddr_ll here = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    capture->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (capture->fd < 0)
        return refuse(capture, "socket(AF_PACKET)", interface, error);
    here.sll_ifindex = (int)if_nametoindex(interface);
    if (here.sll_ifindex == 0)
        return refuse(capture, "no such interface", interface, error);
    /* On loopback every frame goes out and comes in. */
    if (setsockopt(capture->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) < 0 ||
        setsockopt(capture->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0 ||
        setsockopt(capture->fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) < 0 ||
        setsockopt(capture->fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)) < 0)
        return refuse(capture, "setsockopt(SOL_PACKET)", interface, error);
    void *mapped =
        mmap(NULL, (size_t)CAPTURE_FRAMES * SLOT, PROT_READ | PROT_WRITE, MAP_SHARED, capture->fd, 0);
    if (mapped == MAP_FAILED)
        return refuse(capture, "mmap", interface, error);
    capture->ring = mapped;
    madvise(mapped, (size_t)CAPTURE_FRAMES * SLOT, MADV_DONTFORK); /* it is not the actors' */
    if (bind(capture->fd, (struct sockaddr *)&here, sizeof(here)) < 0)
        return refuse(capture, "bind", interface, error);
    return capture;
}

void capture_close(struct capture *capture) {
    if (capture == NULL)
        return;
    if (capture->ring != NULL)
        munmap(capture->ring, (size_t)CAPTURE_FRAMES * SLOT);
    if (capture->fd >= 0)
        close(capture->fd);
    free(capture);
}

int capture_fd(const struct capture *capture) {
    return capture->fd;
}

/* ---- Reading ---- */

/* The status word is how kernel and reader pass a slot to and fro. */
static uint32_t status_of(struct tpacket2_hdr *slot) {
    return atomic_load_explicit((_Atomic uint32_t *)&slot->tp_status, memory_order_acquire);
}

static void give_back(struct capture *capture) {
    if (capture->out == NULL)
        return;
    atomic_store_explicit((_Atomic uint32_t *)&capture->out->tp_status, TP_STATUS_KERNEL,
                          memory_order_release);
    capture->out = NULL;
}

/* Asking sets the kernel's counts to zero. */
static void count_losses(struct capture *capture) {
    struct tpacket_stats stats;
    socklen_t length = sizeof(stats);
    if (getsockopt(capture->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &length) == 0)
        capture->lost += stats.tp_drops;
}

bool capture_next(struct capture *capture, struct net_frame *frame) {
    give_back(capture);
    struct tpacket2_hdr *slot = (struct tpacket2_hdr *)(void *)(capture->ring + capture->next * SLOT);
    uint32_t status = status_of(slot);
    if (!(status & TP_STATUS_USER)) {
        /* The ring was full, or nearly: what came then is not in it. */
        if (capture->in_a_row >= CAPTURE_FRAMES - 1)
            count_losses(capture);
        capture->in_a_row = 0;
        return false;
    }
    if (status & TP_STATUS_LOSING)
        count_losses(capture);
    if (capture->in_a_row++ == 0)
        capture->clocks_ns = clock_difference();
    capture->out = slot;
    capture->next = (capture->next + 1) % CAPTURE_FRAMES;
    size_t kept = slot->tp_snaplen < CAPTURE_KEEP ? slot->tp_snaplen : CAPTURE_KEEP;
    int64_t time = slot->tp_sec * INT64_C(1000000000) + slot->tp_nsec - capture->clocks_ns;
    *frame = (struct net_frame){
        .time_ns = time,
        .sent_ns = time,
        .number = ++capture->number,
        .fate = FRAME_DELIVERED,
        .from = "",
        .to = "",
        .loopback = true,
        .checksum_missing = (status & TP_STATUS_CSUMNOTREADY) != 0,
        .bytes = (const uint8_t *)slot + slot->tp_mac,
        .kept = slot->tp_mac + kept <= SLOT ? kept : 0,
        .length = slot->tp_len,
    };
    return true;
}

uint64_t capture_lost(struct capture *capture) {
    uint64_t lost = capture->lost;
    capture->lost = 0;
    return lost;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading an AF_PACKET socket; see capture.h. */
#include "packet/capture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

/* When so many were read in a row, the buffer may have been full. */
#define MANY 64

struct capture {
    int fd;
    uint64_t number;
    uint64_t lost;     /* known, and not told yet */
    size_t in_a_row;   /* read since nothing was there to be read */
    int64_t clocks_ns; /* clock_real_offset_ns() as of the first frame of this row: the kernel stamps frames
                        * with CLOCK_REALTIME */
    uint8_t bytes[CAPTURE_KEEP];
};

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

/* In a private network the limit for everybody (net.core.rmem_max) does not hold for us; elsewhere it may. */
static void enlarge(int fd) {
    int size = CAPTURE_BUFFER;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/* Until bind() the socket gets nothing: time stamps and room are there before the first frame is. */
struct capture *capture_open(const char *interface, struct error *error) {
    struct capture *capture = mem_alloc(sizeof(*capture));
    int on = 1;
    struct sockaddr_ll here = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    capture->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (capture->fd < 0)
        return refuse(capture, "socket(AF_PACKET)", interface, error);
    here.sll_ifindex = (int)if_nametoindex(interface);
    if (here.sll_ifindex == 0)
        return refuse(capture, "no such interface", interface, error);
    enlarge(capture->fd);
    /* On loopback every frame goes out and comes in. */
    if (setsockopt(capture->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) < 0 ||
        setsockopt(capture->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0 ||
        setsockopt(capture->fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) < 0)
        return refuse(capture, "setsockopt()", interface, error);
    if (bind(capture->fd, (struct sockaddr *)&here, sizeof(here)) < 0)
        return refuse(capture, "bind()", interface, error);
    return capture;
}

void capture_close(struct capture *capture) {
    if (capture == NULL)
        return;
    if (capture->fd >= 0)
        close(capture->fd);
    free(capture);
}

int capture_fd(const struct capture *capture) {
    return capture->fd;
}

/* ---- Reading ---- */

/* Asking sets the kernel's counts to zero. */
static void count_losses(struct capture *capture) {
    struct tpacket_stats stats;
    socklen_t length = sizeof(stats);
    if (getsockopt(capture->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &length) == 0)
        capture->lost += stats.tp_drops;
}

/* What came along with the bytes: when, and whether the checksum is complete. */
static void read_control(const struct capture *capture, struct msghdr *message, struct net_frame *frame) {
    for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at != NULL; at = CMSG_NXTHDR(message, at)) {
        struct timespec time;
        struct tpacket_auxdata auxiliary;
        if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_TIMESTAMPNS) {
            memcpy(&time, CMSG_DATA(at), sizeof(time));
            frame->time_ns = clock_ns(time) - capture->clocks_ns;
        } else if (at->cmsg_level == SOL_PACKET && at->cmsg_type == PACKET_AUXDATA) {
            memcpy(&auxiliary, CMSG_DATA(at), sizeof(auxiliary));
            frame->checksum_missing = (auxiliary.tp_status & TP_STATUS_CSUMNOTREADY) != 0;
        }
    }
}

bool capture_next(struct capture *capture, struct net_frame *frame) {
    _Alignas(struct cmsghdr) char control[256];
    struct iovec room = {capture->bytes, sizeof(capture->bytes)};
    struct msghdr message = {
        .msg_iov = &room, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
    /* With MSG_TRUNC the result is the frame's own length. */
    ssize_t length = recvmsg(capture->fd, &message, MSG_TRUNC);
    if (length < 0) {
        if (capture->in_a_row >= MANY)
            count_losses(capture);
        capture->in_a_row = 0;
        return false;
    }
    if (capture->in_a_row++ == 0)
        capture->clocks_ns = clock_real_offset_ns();
    *frame = (struct net_frame){
        .number = ++capture->number,
        .fate = FRAME_DELIVERED,
        .from = "",
        .to = "",
        .loopback = true,
        .bytes = capture->bytes,
        .kept = (size_t)length < sizeof(capture->bytes) ? (size_t)length : sizeof(capture->bytes),
        .length = (size_t)length,
    };
    read_control(capture, &message, frame);
    frame->sent_ns = frame->time_ns;
    return true;
}

uint64_t capture_lost(struct capture *capture) {
    uint64_t lost = capture->lost;
    capture->lost = 0;
    return lost;
}

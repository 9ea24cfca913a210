/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames from a packet socket; see tap.h. */
#include "net/tap.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/clock.h"

/* In a private network the limit for everybody (net.core.rmem_max) does not hold for us; elsewhere it may. */
static void enlarge(int fd) {
    int size = TAP_BUFFER;
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/* Asked by this very socket: its network need not be the one that this process is in. */
static int index_of(int fd, const char *interface) {
    struct ifreq request = {0};
    strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    return ioctl(fd, SIOCGIFINDEX, &request) == 0 ? request.ifr_ifindex : 0;
}

/* Until bind() the socket gets nothing: time stamps and room are there before the first frame is. */
const char *tap_start(int fd, const char *interface) {
    struct sockaddr_ll here = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    int on = 1;
    if (interface != NULL && (here.sll_ifindex = index_of(fd, interface)) == 0)
        return "no such interface";
    enlarge(fd);
    /* On loopback every frame goes out and comes in; and what is passed on is not to come back. */
    if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on)) < 0 ||
        setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0 ||
        setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) < 0)
        return "setsockopt()";
    return bind(fd, (struct sockaddr *)&here, sizeof(here)) < 0 ? "bind()" : NULL;
}

/* What came along with the bytes: when, and whether the checksum is complete. */
static void read_control(struct msghdr *message, struct tap_frame *frame) {
    for (struct cmsghdr *at = CMSG_FIRSTHDR(message); at != NULL; at = CMSG_NXTHDR(message, at)) {
        struct timespec time;
        struct tpacket_auxdata auxiliary;
        if (at->cmsg_level == SOL_SOCKET && at->cmsg_type == SCM_TIMESTAMPNS) {
            memcpy(&time, CMSG_DATA(at), sizeof(time));
            frame->time_ns = clock_ns(time);
        } else if (at->cmsg_level == SOL_PACKET && at->cmsg_type == PACKET_AUXDATA) {
            memcpy(&auxiliary, CMSG_DATA(at), sizeof(auxiliary));
            frame->checksum_missing = (auxiliary.tp_status & TP_STATUS_CSUMNOTREADY) != 0;
        }
    }
}

bool tap_next(int fd, void *room, size_t size, struct tap_frame *frame) {
    _Alignas(struct cmsghdr) char control[256];
    struct sockaddr_ll from = {0};
    struct iovec place = {room, size};
    struct msghdr message = {.msg_name = &from,
                             .msg_namelen = sizeof(from),
                             .msg_iov = &place,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof(control)};
    ssize_t length;
    do /* with MSG_TRUNC the result is the frame's own length */
        length = recvmsg(fd, &message, MSG_TRUNC | MSG_DONTWAIT);
    while (length < 0 && errno == EINTR);
    if (length < 0)
        return false;
    *frame = (struct tap_frame){.interface = (unsigned)from.sll_ifindex,
                                .kept = (size_t)length < size ? (size_t)length : size,
                                .length = (size_t)length};
    read_control(&message, frame);
    return true;
}

bool tap_waits(int fd) {
    struct pollfd socket = {.fd = fd, .events = POLLIN};
    return poll(&socket, 1, 0) > 0 && (socket.revents & POLLIN);
}

/* Asking sets the kernel's count to zero. */
uint64_t tap_lost(int fd) {
    struct tpacket_stats counts = {0};
    socklen_t length = sizeof(counts);
    return getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, &counts, &length) == 0 ? counts.tp_drops : 0;
}

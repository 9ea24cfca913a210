/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket options: which value is of which type.  socket(7), tcp(7), ip(7), ipv6(7), unix(7). */
#include "call/option.h"

#include <inttypes.h>
#include <stddef.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/escape.h"

#define OTHER_ROOM 256

const struct constant_set *option_set(int level) {
    switch (level) {
    case SOL_SOCKET:
        return &constants_option;
    case IPPROTO_TCP:
        return &constants_tcp;
    case IPPROTO_IP:
        return &constants_ip;
    case IPPROTO_IPV6:
        return &constants_ipv6;
    default:
        return NULL;
    }
}

enum option_type {
    OPTION_INT,
    OPTION_ERRNO,
    OPTION_FAMILY,
    OPTION_KIND,
    OPTION_LINGER,
    OPTION_TIME,
    OPTION_CREDENTIALS,
    OPTION_TEXT,
    OPTION_TCP_INFO,
    OPTION_OTHER
};

static enum option_type type_of(int level, int option) {
    if (level == IPPROTO_TCP)
        return option == TCP_INFO ? OPTION_TCP_INFO : option == TCP_CONGESTION ? OPTION_TEXT : OPTION_INT;
    if (level != SOL_SOCKET)
        return OPTION_INT;
    switch (option) {
    case SO_ERROR:
        return OPTION_ERRNO;
    case SO_DOMAIN:
        return OPTION_FAMILY;
    case SO_TYPE:
        return OPTION_KIND;
    case SO_LINGER:
        return OPTION_LINGER;
    case SO_RCVTIMEO:
    case SO_SNDTIMEO:
        return OPTION_TIME;
    case SO_PEERCRED:
        return OPTION_CREDENTIALS;
    case SO_BINDTODEVICE:
        return OPTION_TEXT;
#ifdef SO_COOKIE
    case SO_COOKIE:
        return OPTION_OTHER;
#endif
    default:
        return OPTION_INT;
    }
}

size_t option_room(int level, int option) {
    switch (type_of(level, option)) {
    case OPTION_INT:
    case OPTION_ERRNO:
    case OPTION_FAMILY:
    case OPTION_KIND:
        return sizeof(int);
    case OPTION_LINGER:
        return sizeof(struct linger);
    case OPTION_TIME:
        return sizeof(struct timeval);
    case OPTION_CREDENTIALS:
        return sizeof(struct ucred);
    case OPTION_TCP_INFO:
        return sizeof(struct tcp_info);
    case OPTION_TEXT:
    case OPTION_OTHER:
        break;
    }
    return OTHER_ROOM;
}

bool option_points(int level, int option, size_t length) {
    const struct constant_set *set = option_set(level);

    /* struct sock_fprog has a pointer, and SO_GET_FILTER counts in instructions. */
    if (level == SOL_SOCKET && (option == SO_ATTACH_FILTER || option == SO_ATTACH_REUSEPORT_CBPF))
        return true;
    if (level == IPPROTO_TCP && option == TCP_ZEROCOPY_RECEIVE)
        return true;
    /* What nobody has looked at may be an int; no address fits that. */
    return length > sizeof(int) && (set == NULL || constant_name(set, option) == NULL);
}

static void show_number(enum option_type type, int number, struct buf *out) {
    const char *name = NULL;

    if (type == OPTION_ERRNO && number != 0)
        name = errno_name(number);
    else if (type == OPTION_FAMILY)
        name = constant_name(&constants_family, number);
    else if (type == OPTION_KIND)
        name = constant_name(&constants_type, number);
    if (name != NULL)
        buf_addf(out, "[%s]", name);
    else
        buf_addf(out, "[%d]", number);
}

/* tcpi_state is a number of the kernel's; the names are those of netinet/tcp.h. */
static const char *tcp_state(unsigned state) {
    static const char *const names[] = {
        [TCP_ESTABLISHED] = "TCP_ESTABLISHED",
        [TCP_SYN_SENT] = "TCP_SYN_SENT",
        [TCP_SYN_RECV] = "TCP_SYN_RECV",
        [TCP_FIN_WAIT1] = "TCP_FIN_WAIT1",
        [TCP_FIN_WAIT2] = "TCP_FIN_WAIT2",
        [TCP_TIME_WAIT] = "TCP_TIME_WAIT",
        [TCP_CLOSE] = "TCP_CLOSE",
        [TCP_CLOSE_WAIT] = "TCP_CLOSE_WAIT",
        [TCP_LAST_ACK] = "TCP_LAST_ACK",
        [TCP_LISTEN] = "TCP_LISTEN",
        [TCP_CLOSING] = "TCP_CLOSING",
    };

    return state < sizeof names / sizeof *names && names[state] != NULL ? names[state] : "0";
}

static bool show_struct(enum option_type type, const void *bytes, size_t length, struct buf *out) {
    struct linger linger;
    struct timeval time;
    struct ucred peer;
    struct tcp_info info;

    if (type == OPTION_LINGER && length == sizeof linger) {
        memcpy(&linger, bytes, sizeof linger);
        buf_addf(out, "{onoff=%d, linger=%d}", linger.l_onoff, linger.l_linger);
    } else if (type == OPTION_TIME && length == sizeof time) {
        memcpy(&time, bytes, sizeof time);
        buf_addf(out, "{tv_sec=%" PRId64 ", tv_usec=%" PRId64 "}", (int64_t)time.tv_sec,
                 (int64_t)time.tv_usec);
    } else if (type == OPTION_CREDENTIALS && length == sizeof peer) {
        memcpy(&peer, bytes, sizeof peer);
        buf_addf(out, "{pid=%d, uid=%u, gid=%u}", peer.pid, peer.uid, peer.gid);
    } else if (type == OPTION_TCP_INFO && length >= offsetof(struct tcp_info, tcpi_total_retrans)) {
        memset(&info, 0, sizeof info);
        memcpy(&info, bytes, length < sizeof info ? length : sizeof info);
        buf_addf(out, "{tcpi_state=%s, tcpi_retransmits=%u, tcpi_rtt=%u, tcpi_snd_cwnd=%u, ...}",
                 tcp_state(info.tcpi_state), info.tcpi_retransmits, info.tcpi_rtt, info.tcpi_snd_cwnd);
    } else {
        return false;
    }
    return true;
}

void option_show(int level, int option, const void *bytes, size_t length, struct buf *out) {
    enum option_type type = type_of(level, option);
    uint64_t wide;
    int number;

    if (type == OPTION_TEXT)
        escape_c_quoted(out, bytes, strnlen(bytes, length), 32);
    else if (show_struct(type, bytes, length, out))
        return;
    else if (length == sizeof number) {
        memcpy(&number, bytes, sizeof number);
        show_number(type, number, out);
    } else if (type == OPTION_OTHER && length == sizeof wide) {
        memcpy(&wide, bytes, sizeof wide);
        buf_addf(out, "[%" PRIu64 "]", wide);
    } else {
        escape_c_quoted(out, bytes, length, 32);
    }
}

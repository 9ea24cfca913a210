/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options that a program has set; see sockopt.h. */
#include "observe/sockopt.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/mem.h"

#ifndef SO_BINDTOIFINDEX
#define SO_BINDTOIFINDEX 62
#endif
#ifndef SO_BUF_LOCK
#define SO_BUF_LOCK 72 /* Linux 5.14: which buffer sizes were set; 1 that for sending, 2 for receiving */
#endif

#define NOT_THERE INT32_MIN
#define BY_KERNEL (-1)

enum kind {
    KIND_FLAG,
    KIND_NUMBER,
    KIND_LINGER, /* seconds; -1: off */
    KIND_TIME,   /* milliseconds */
    KIND_SEND_ROOM,
    KIND_RECEIVE_ROOM,
};

struct option {
    int level, option;
    enum kind kind;
    const char *name;
    bool no_stream; /* a connection takes other values by itself */
};

#define O(level, option, kind) {level, option, kind, #option, false}
#define MULTICAST(level, option, kind) {level, option, kind, #option, true}
static const struct option options[] = {
    O(SOL_SOCKET, SO_REUSEADDR, KIND_FLAG),
    O(SOL_SOCKET, SO_REUSEPORT, KIND_FLAG),
    O(SOL_SOCKET, SO_KEEPALIVE, KIND_FLAG),
    O(SOL_SOCKET, SO_LINGER, KIND_LINGER),
    O(SOL_SOCKET, SO_RCVTIMEO, KIND_TIME),
    O(SOL_SOCKET, SO_SNDTIMEO, KIND_TIME),
    O(SOL_SOCKET, SO_RCVBUF, KIND_RECEIVE_ROOM),
    O(SOL_SOCKET, SO_SNDBUF, KIND_SEND_ROOM),
    O(SOL_SOCKET, SO_RCVLOWAT, KIND_NUMBER),
    O(SOL_SOCKET, SO_BROADCAST, KIND_FLAG),
    O(SOL_SOCKET, SO_OOBINLINE, KIND_FLAG),
    O(SOL_SOCKET, SO_DONTROUTE, KIND_FLAG),
    {SOL_SOCKET, SO_BINDTOIFINDEX, KIND_NUMBER, "SO_BINDTODEVICE", false},
    O(SOL_SOCKET, SO_PRIORITY, KIND_NUMBER),
    O(SOL_SOCKET, SO_MARK, KIND_NUMBER),
    O(SOL_SOCKET, SO_PASSCRED, KIND_FLAG),
    O(SOL_SOCKET, SO_TIMESTAMP, KIND_FLAG),
    O(SOL_SOCKET, SO_TIMESTAMPNS, KIND_FLAG),
    O(SOL_SOCKET, SO_DEBUG, KIND_FLAG),
    O(SOL_SOCKET, SO_BUSY_POLL, KIND_NUMBER),
    O(SOL_SOCKET, SO_ZEROCOPY, KIND_FLAG),
    O(IPPROTO_TCP, TCP_NODELAY, KIND_FLAG),
    O(IPPROTO_TCP, TCP_CORK, KIND_FLAG),
    O(IPPROTO_TCP, TCP_KEEPIDLE, KIND_NUMBER),
    O(IPPROTO_TCP, TCP_KEEPINTVL, KIND_NUMBER),
    O(IPPROTO_TCP, TCP_KEEPCNT, KIND_NUMBER),
    O(IPPROTO_TCP, TCP_SYNCNT, KIND_NUMBER),
    O(IPPROTO_TCP, TCP_LINGER2, KIND_NUMBER),
    O(IPPROTO_TCP, TCP_DEFER_ACCEPT, KIND_NUMBER),
    O(IPPROTO_TCP, TCP_USER_TIMEOUT, KIND_NUMBER),
    O(IPPROTO_TCP, TCP_FASTOPEN, KIND_NUMBER),
    O(IPPROTO_TCP, TCP_FASTOPEN_CONNECT, KIND_FLAG),
    O(IPPROTO_TCP, TCP_NOTSENT_LOWAT, KIND_NUMBER),
    O(IPPROTO_IP, IP_TTL, KIND_NUMBER),
    O(IPPROTO_IP, IP_TOS, KIND_NUMBER),
    O(IPPROTO_IP, IP_MTU_DISCOVER, KIND_NUMBER),
    O(IPPROTO_IP, IP_HDRINCL, KIND_FLAG),
    O(IPPROTO_IP, IP_RECVERR, KIND_FLAG),
    O(IPPROTO_IP, IP_RECVTTL, KIND_FLAG),
    O(IPPROTO_IP, IP_RECVTOS, KIND_FLAG),
    O(IPPROTO_IP, IP_PKTINFO, KIND_FLAG),
    MULTICAST(IPPROTO_IP, IP_MULTICAST_TTL, KIND_NUMBER),
    MULTICAST(IPPROTO_IP, IP_MULTICAST_LOOP, KIND_FLAG),
    O(IPPROTO_IP, IP_FREEBIND, KIND_FLAG),
    O(IPPROTO_IP, IP_TRANSPARENT, KIND_FLAG),
    O(IPPROTO_IPV6, IPV6_V6ONLY, KIND_FLAG),
    O(IPPROTO_IPV6, IPV6_UNICAST_HOPS, KIND_NUMBER),
    MULTICAST(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, KIND_NUMBER),
    MULTICAST(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, KIND_FLAG),
    O(IPPROTO_IPV6, IPV6_MTU_DISCOVER, KIND_NUMBER),
    O(IPPROTO_IPV6, IPV6_RECVERR, KIND_FLAG),
    O(IPPROTO_IPV6, IPV6_RECVPKTINFO, KIND_FLAG),
    O(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, KIND_FLAG),
    O(IPPROTO_IPV6, IPV6_RECVTCLASS, KIND_FLAG),
    O(IPPROTO_IPV6, IPV6_TCLASS, KIND_NUMBER),
};
#undef O
#undef MULTICAST
#define COUNT (sizeof(options) / sizeof(*options))
_Static_assert(COUNT <= SOCKOPT_MAX && SOCKOPT_MAX <= 64, "a bit for each");

const char *sockopt_name(size_t i) {
    return i < COUNT ? options[i].name : NULL;
}

/* ---- Asking ---- */

static bool applies(const struct socket_facts *facts, const struct option *option) {
    if (option->no_stream && socket_is_stream(facts))
        return false;
    switch (option->level) {
    case IPPROTO_TCP:
        return socket_is_tcp(facts);
    case IPPROTO_IP:
        return facts->family == AF_INET;
    case IPPROTO_IPV6:
        return facts->family == AF_INET6;
    default:
        return true;
    }
}

static int32_t number_of(int copy, const struct option *option) {
    int number = 0;
    socklen_t length = sizeof(number);
    if (getsockopt(copy, option->level, option->option, &number, &length) < 0)
        return NOT_THERE;
    /* Some of IPv4's are single bytes, and come as such when there is room for no more. */
    return length == sizeof(number) ? number : *(unsigned char *)&number;
}

static int32_t linger_of(int copy) {
    struct linger linger;
    socklen_t length = sizeof(linger);
    if (getsockopt(copy, SOL_SOCKET, SO_LINGER, &linger, &length) < 0)
        return NOT_THERE;
    return linger.l_onoff ? linger.l_linger : -1;
}

static int32_t time_of(int copy, const struct option *option) {
    struct timeval time;
    socklen_t length = sizeof(time);
    if (getsockopt(copy, option->level, option->option, &time, &length) < 0)
        return NOT_THERE;
    int64_t ms = time.tv_sec < INT32_MAX / 1000 ? time.tv_sec * INT64_C(1000) + (time.tv_usec + 999) / 1000
                                                : INT32_MAX;
    return (int32_t)(ms < INT32_MAX ? ms : INT32_MAX);
}

static int32_t room_of(int copy, const struct option *option, int locks) {
    int lock = option->kind == KIND_SEND_ROOM ? 1 : 2;
    return locks & lock ? number_of(copy, option) : BY_KERNEL;
}

static int32_t value_of(int copy, const struct option *option, int locks) {
    switch (option->kind) {
    case KIND_FLAG:
    case KIND_NUMBER:
        return number_of(copy, option);
    case KIND_LINGER:
        return linger_of(copy);
    case KIND_TIME:
        return time_of(copy, option);
    case KIND_SEND_ROOM:
    case KIND_RECEIVE_ROOM:
        return room_of(copy, option, locks);
    }
    return NOT_THERE;
}

/* A socket that is bound to one IPv6 address is IPV6_V6ONLY from then on. */
static bool is_moot(const struct socket_facts *facts, const struct option *option) {
    return option->level == IPPROTO_IPV6 && option->option == IPV6_V6ONLY && socket_has_local(facts) &&
           !IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)(const void *)&facts->local)->sin6_addr);
}

void sockopt_read(int copy, const struct socket_facts *facts, const struct option_facts *usual,
                  struct option_facts *out) {
    int32_t locks = number_of(copy, &(struct option){.level = SOL_SOCKET, .option = SO_BUF_LOCK});
    *out = (struct option_facts){.known = true};
    for (size_t i = 0; i < COUNT; i++) {
        out->values[i] = applies(facts, &options[i])
                             ? value_of(copy, &options[i], locks == NOT_THERE ? 0 : locks)
                             : NOT_THERE;
        if (is_moot(facts, &options[i]))
            out->moot |= UINT64_C(1) << i;
        else if (usual != NULL && out->values[i] != usual->values[i])
            out->unusual |= UINT64_C(1) << i;
    }
}

/* ---- Words ---- */

void sockopt_value_words(size_t i, int32_t value, struct buf *out) {
    enum kind kind = options[i].kind;
    bool room = kind == KIND_SEND_ROOM || kind == KIND_RECEIVE_ROOM;
    if (value == NOT_THERE)
        buf_add_text(out, "none");
    else if (room && value == BY_KERNEL)
        buf_add_text(out, "automatic");
    else if (kind == KIND_LINGER && value < 0)
        buf_add_text(out, "off");
    else if (kind == KIND_LINGER || (kind == KIND_TIME && value % 1000 == 0 && value != 0))
        buf_addf(out, "%d s", kind == KIND_TIME ? value / 1000 : value);
    else if (kind == KIND_TIME && value == 0)
        buf_add_text(out, "off");
    else if (kind == KIND_TIME)
        buf_addf(out, "%d ms", value);
    else
        buf_addf(out, "%d", value);
}

void sockopt_words(size_t i, int32_t value, struct buf *out) {
    buf_add_text(out, options[i].name);
    if (options[i].kind == KIND_FLAG && value == 1)
        return;
    buf_add_char(out, ' ');
    sockopt_value_words(i, value, out);
}

/* ---- What is usual ---- */

struct usual_kind {
    int family, type, protocol;
    bool known; /* one could be made */
    struct option_facts options;
};

const struct option_facts *sockopt_usual(struct usual_sockopts *usual, const struct socket_facts *facts) {
    for (size_t i = 0; i < usual->count; i++) {
        struct usual_kind *kind = &usual->kinds[i];
        if (kind->family == facts->family && kind->type == facts->type && kind->protocol == facts->protocol)
            return kind->known ? &kind->options : NULL;
    }
    struct usual_kind kind = {.family = facts->family, .type = facts->type, .protocol = facts->protocol};
    /* With a protocol an AF_PACKET socket would receive at once. */
    int fd = socket(kind.family, kind.type | SOCK_CLOEXEC, kind.family == AF_PACKET ? 0 : kind.protocol);
    kind.known = fd >= 0;
    if (fd >= 0) {
        sockopt_read(fd, facts, NULL, &kind.options);
        close(fd);
    }
    usual->kinds = mem_grow(usual->kinds, usual->count + 1, sizeof(*usual->kinds));
    struct usual_kind *kept = &usual->kinds[usual->count++];
    *kept = kind;
    return kept->known ? &kept->options : NULL;
}

void sockopt_usual_free(struct usual_sockopts *usual) {
    free(usual->kinds);
    *usual = (struct usual_sockopts){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What may stand in a template: the forms of an argument, and what can be asked
 * of an address or of a descriptor.  Descriptors are asked at this moment, in
 * the process that is about to make the call; of one that is not open, or is the
 * host's own, nothing holds.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/escape.h"
#include "call/about.h"
#include "call/caller.h"

#define KIND(kind) (1u << (kind))
#define NUMBERS (KIND(ARG_INT) | KIND(ARG_SIZE) | KIND(ARG_LENGTH))
#define NAMES (KIND(ARG_CONST) | KIND(ARG_FLAGS) | KIND(ARG_POINTER))

void about_argument(const struct invocation *inv, size_t i, struct buf *out) {
    if (inv->texts[i].length > 0)
        buf_add(out, inv->texts[i].data, inv->texts[i].length);
    else
        invocation_show_pointer(inv, i, out);
}

/* ---- Addresses ---- */

struct address {
    sa_family_t family; /* AF_UNSPEC also when there is no address */
    uint16_t port;
    struct in_addr ip;
    struct in6_addr ip6;
    char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
    size_t path_length; /* of AF_UNIX: bytes that count */
};

static bool take_address(const struct invocation *inv, size_t i, struct address *address) {
    size_t length = (size_t)inv->raw[inv->call->args[i].other].i;
    struct sockaddr_storage bytes = {0};
    *address = (struct address){0};
    if (inv->raw[i].cp == NULL || length < sizeof(sa_family_t) || length > sizeof bytes)
        return false;
    memcpy(&bytes, inv->raw[i].cp, length);
    address->family = bytes.ss_family;
    if (address->family == AF_INET && length >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in in;
        memcpy(&in, &bytes, sizeof in);
        address->port = ntohs(in.sin_port);
        address->ip = in.sin_addr;
        return true;
    }
    if (address->family == AF_INET6 && length >= offsetof(struct sockaddr_in6, sin6_scope_id)) {
        struct sockaddr_in6 in6;
        memcpy(&in6, &bytes, sizeof in6);
        address->port = ntohs(in6.sin6_port);
        address->ip6 = in6.sin6_addr;
        return true;
    }
    if (address->family == AF_UNIX && length <= sizeof(struct sockaddr_un)) {
        address->path_length = length - offsetof(struct sockaddr_un, sun_path);
        memcpy(address->path, (const char *)&bytes + offsetof(struct sockaddr_un, sun_path),
               address->path_length);
        return true;
    }
    return address->family == AF_UNSPEC;
}

static bool is_ip(const struct invocation *inv, size_t i) {
    struct address a;
    return take_address(inv, i, &a) && (a.family == AF_INET || a.family == AF_INET6);
}

static bool is_ip6(const struct invocation *inv, size_t i) {
    struct address a;
    return take_address(inv, i, &a) && a.family == AF_INET6;
}

static bool is_any(const struct invocation *inv, size_t i) {
    struct address a;
    if (!take_address(inv, i, &a))
        return false;
    return (a.family == AF_INET && a.ip.s_addr == htonl(INADDR_ANY)) ||
           (a.family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&a.ip6));
}

static bool is_loopback(const struct invocation *inv, size_t i) {
    struct address a;
    if (!take_address(inv, i, &a))
        return false;
    return (a.family == AF_INET && ntohl(a.ip.s_addr) >> IN_CLASSA_NSHIFT == IN_LOOPBACKNET) ||
           (a.family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&a.ip6));
}

static bool has_port(const struct invocation *inv, size_t i) {
    struct address a;
    return take_address(inv, i, &a) && a.port != 0;
}

/* A port that somebody has chosen: 80, 443, 8080, 8888, 5000, 12345. */
static bool looks_chosen(unsigned port) {
    bool same = port >= 1000;
    for (unsigned rest = port; rest >= 10; rest /= 10)
        same &= rest % 10 == rest / 10 % 10;
    return same || (port > 0 && port % 1000 == 0) || port == 80 || port == 443 || port == 8080 ||
           port == 1234 || port == 12345;
}

/* 47138 is 8888 without htons() on a machine that has the low byte first. */
static bool is_swapped(const struct invocation *inv, size_t i) {
    struct address a;
    return take_address(inv, i, &a) && ntohs(a.port) != a.port && looks_chosen(ntohs(a.port)) &&
           !looks_chosen(a.port);
}

static bool is_path(const struct invocation *inv, size_t i) {
    struct address a;
    return take_address(inv, i, &a) && a.path_length > 0 && a.path[0] != '\0';
}

static bool is_abstract(const struct invocation *inv, size_t i) {
    struct address a;
    return take_address(inv, i, &a) && a.path_length > 0 && a.path[0] == '\0';
}

/* unix(7), autobind: nothing behind the family. */
static bool is_unnamed(const struct invocation *inv, size_t i) {
    struct address a;
    return take_address(inv, i, &a) && a.family == AF_UNIX && a.path_length == 0;
}

static bool is_unspec(const struct invocation *inv, size_t i) {
    struct address a;
    return take_address(inv, i, &a) && a.family == AF_UNSPEC;
}

static void write_host(const struct invocation *inv, size_t i, struct buf *out) {
    char text[INET6_ADDRSTRLEN] = "";
    struct address a;
    take_address(inv, i, &a);
    if (a.family == AF_INET)
        inet_ntop(AF_INET, &a.ip, text, sizeof text);
    else if (a.family == AF_INET6)
        inet_ntop(AF_INET6, &a.ip6, text, sizeof text);
    buf_add_text(out, text);
}

static void write_port(const struct invocation *inv, size_t i, struct buf *out) {
    struct address a;
    take_address(inv, i, &a);
    buf_addf(out, "%u", a.port);
}

static void write_swapped(const struct invocation *inv, size_t i, struct buf *out) {
    struct address a;
    take_address(inv, i, &a);
    buf_addf(out, "%u", ntohs(a.port));
}

static void write_short(const struct invocation *inv, size_t i, struct buf *out) {
    struct address a;
    if (is_ip(inv, i)) {
        bool six = is_ip6(inv, i);
        buf_add_text(out, six ? "[" : "");
        write_host(inv, i, out);
        buf_add_text(out, six ? "]:" : ":");
        write_port(inv, i, out);
    } else if (take_address(inv, i, &a) && a.path_length > 0) {
        bool abstract = a.path[0] == '\0';
        size_t length = abstract ? a.path_length - 1 : strnlen(a.path, a.path_length);
        buf_add_text(out, abstract ? "@" : "");
        escape_c_quoted(out, a.path + abstract, length, sizeof a.path);
    } else {
        about_argument(inv, i, out);
    }
}

/* ---- Descriptors ---- */

static int descriptor(const struct invocation *inv, size_t i) {
    int fd = (int)inv->raw[i].i;
    return caller_reserved(inv->caller, fd) ? -1 : fd;
}

/* -1: it is no socket, or has no such option. */
static int option(const struct invocation *inv, size_t i, int level, int name) {
    int value = -1;
    socklen_t length = sizeof value;
    return getsockopt(descriptor(inv, i), level, name, &value, &length) == 0 ? value : -1;
}

static bool is_open(const struct invocation *inv, size_t i) {
    return fcntl(descriptor(inv, i), F_GETFD) >= 0;
}

static bool is_socket(const struct invocation *inv, size_t i) {
    return option(inv, i, SOL_SOCKET, SO_TYPE) >= 0;
}

static bool is_datagram(const struct invocation *inv, size_t i) {
    return option(inv, i, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM;
}

static bool is_stream(const struct invocation *inv, size_t i) {
    return option(inv, i, SOL_SOCKET, SO_TYPE) == SOCK_STREAM;
}

static bool is_seqpacket(const struct invocation *inv, size_t i) {
    return option(inv, i, SOL_SOCKET, SO_TYPE) == SOCK_SEQPACKET;
}

static bool is_internet(const struct invocation *inv, size_t i) {
    int domain = option(inv, i, SOL_SOCKET, SO_DOMAIN);
    return domain == AF_INET || domain == AF_INET6;
}

static bool is_tcp(const struct invocation *inv, size_t i) {
    return is_internet(inv, i) && is_stream(inv, i) && option(inv, i, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_TCP;
}

static bool is_unix(const struct invocation *inv, size_t i) {
    return option(inv, i, SOL_SOCKET, SO_DOMAIN) == AF_UNIX;
}

static bool is_listening(const struct invocation *inv, size_t i) {
    return option(inv, i, SOL_SOCKET, SO_ACCEPTCONN) == 1;
}

static bool is_nonblocking(const struct invocation *inv, size_t i) {
    int flags = fcntl(descriptor(inv, i), F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK);
}

static bool is_connected(const struct invocation *inv, size_t i) {
    struct sockaddr_storage peer;
    socklen_t length = sizeof peer;
    return getpeername(descriptor(inv, i), (struct sockaddr *)&peer, &length) == 0;
}

/* Has it a local address: a port, or a name? */
static bool is_bound(const struct invocation *inv, size_t i) {
    struct sockaddr_storage own = {0};
    socklen_t length = sizeof own;
    if (getsockname(descriptor(inv, i), (struct sockaddr *)&own, &length) != 0)
        return false;
    struct sockaddr_in in; /* sin_port and sin6_port stand at the same place */
    memcpy(&in, &own, sizeof in);
    bool internet = own.ss_family == AF_INET || own.ss_family == AF_INET6;
    return internet ? in.sin_port != 0 : length > sizeof(sa_family_t);
}

/* tcp(7) and unix(7), SIOCINQ: bytes have come and were not read. close() answers them with RST, or makes the
 * peer's next call fail with ECONNRESET. */
static bool is_unread(const struct invocation *inv, size_t i) {
    int bytes = 0;
    return is_socket(inv, i) && !is_listening(inv, i) &&
           ioctl(descriptor(inv, i), FIONREAD, &bytes) == 0 && bytes > 0;
}

/* socket(7), SO_LINGER with no time to linger: close() breaks the connection off. */
static bool is_abortive(const struct invocation *inv, size_t i) {
    struct linger linger = {0};
    socklen_t length = sizeof linger;
    return getsockopt(descriptor(inv, i), SOL_SOCKET, SO_LINGER, &linger, &length) == 0 &&
           linger.l_onoff != 0 && linger.l_linger == 0;
}

/* Has TCP's FIN gone out already? */
static bool is_ended(const struct invocation *inv, size_t i) {
    struct tcp_info info = {0};
    socklen_t length = sizeof info;
    if (!is_tcp(inv, i) || getsockopt(descriptor(inv, i), IPPROTO_TCP, TCP_INFO, &info, &length) != 0)
        return false;
    return info.tcpi_state == TCP_FIN_WAIT1 || info.tcpi_state == TCP_FIN_WAIT2 ||
           info.tcpi_state == TCP_CLOSING || info.tcpi_state == TCP_LAST_ACK;
}

/* ---- Other forms ---- */

/* A count of bytes; of an ARG_LENGTH, the room that it names. */
static void write_bytes(const struct invocation *inv, size_t i, struct buf *out) {
    int64_t count = inv->call->args[i].kind == ARG_LENGTH ? inv->length_before : inv->raw[i].i;
    buf_addf(out, "%" PRId64 " byte%s", count, count == 1 ? "" : "s");
}

/* The names of constants in a text, each with its meaning where it first stands. */
static void write_means(const struct invocation *inv, size_t i, struct buf *out) {
    struct buf text = {0};
    about_argument(inv, i, &text);
    const char *start = buf_text(&text);
    for (const char *at = start; *at != '\0';) {
        char name[64];
        size_t length = 0;
        while (isalnum((unsigned char)at[length]) || at[length] == '_')
            length++;
        if (length == 0) {
            if (*at == '|')
                buf_add_text(out, ", ");
            else
                buf_add_char(out, *at);
            at++;
            continue;
        }
        buf_add(out, at, length);
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        const struct call_arg *arg = &inv->call->args[i];
        const struct constant *constant = arg->set != NULL ? constant_in(arg->set, name) : NULL;
        constant = constant != NULL ? constant : constant_find(name);
        if (constant != NULL && constant->means != NULL &&
            memmem(start, (size_t)(at - start), at, length) == NULL)
            buf_addf(out, " (%s)", constant->means);
        at += length;
    }
    buf_free(&text);
}

/* "[1]" is how strace writes what a pointer points to; in a sentence it is 1. */
static void write_bare(const struct invocation *inv, size_t i, struct buf *out) {
    struct buf text = {0};
    about_argument(inv, i, &text);
    bool brackets = text.length > 2 && text.data[0] == '[' && text.data[text.length - 1] == ']';
    buf_add(out, buf_text(&text) + brackets, text.length - 2 * (size_t)brackets);
    buf_free(&text);
}

/* ---- The tables ---- */

static const struct about_form forms[] = {
    {"means", NAMES, write_means},
    {"bytes", NUMBERS, write_bytes},
    {"bare", KIND(ARG_POINTER), write_bare},
    {"short", KIND(ARG_ADDRESS_IN), write_short},
    {"host", KIND(ARG_ADDRESS_IN), write_host},
    {"port", KIND(ARG_ADDRESS_IN), write_port},
    {"swapped", KIND(ARG_ADDRESS_IN), write_swapped},
};

static const struct about_word words[] = {
    {"ip", ARG_ADDRESS_IN, is_ip},
    {"ip6", ARG_ADDRESS_IN, is_ip6},
    {"any", ARG_ADDRESS_IN, is_any},
    {"loopback", ARG_ADDRESS_IN, is_loopback},
    {"port", ARG_ADDRESS_IN, has_port},
    {"swapped", ARG_ADDRESS_IN, is_swapped},
    {"path", ARG_ADDRESS_IN, is_path},
    {"abstract", ARG_ADDRESS_IN, is_abstract},
    {"unnamed", ARG_ADDRESS_IN, is_unnamed},
    {"unspec", ARG_ADDRESS_IN, is_unspec},
    {"open", ARG_FD, is_open},
    {"socket", ARG_FD, is_socket},
    {"stream", ARG_FD, is_stream},
    {"datagram", ARG_FD, is_datagram},
    {"seqpacket", ARG_FD, is_seqpacket},
    {"ip", ARG_FD, is_internet},
    {"tcp", ARG_FD, is_tcp},
    {"unix", ARG_FD, is_unix},
    {"listening", ARG_FD, is_listening},
    {"connected", ARG_FD, is_connected},
    {"bound", ARG_FD, is_bound},
    {"nonblocking", ARG_FD, is_nonblocking},
    {"unread", ARG_FD, is_unread},
    {"abortive", ARG_FD, is_abortive},
    {"ended", ARG_FD, is_ended},
};

static bool same(const char *name, const char *text, size_t length) {
    return strlen(name) == length && memcmp(name, text, length) == 0;
}

const struct about_form *about_form_find(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (same(forms[i].name, name, length))
            return &forms[i];
    return NULL;
}

const struct about_word *about_word_find(const char *name, size_t length, enum arg_kind kind) {
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].kind == kind && same(words[i].name, name, length))
            return &words[i];
    return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket addresses in words.  The bytes may come from anywhere: each is copied out before it is looked at. */
#include "base/address.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/escape.h"

#define SHOWN_MAX 128 /* bytes of a path or of raw bytes */

const char *address_family_name(unsigned family) {
    switch (family) {
    case AF_UNSPEC:
        return "AF_UNSPEC";
    case AF_UNIX:
        return "AF_UNIX";
    case AF_INET:
        return "AF_INET";
    case AF_INET6:
        return "AF_INET6";
    case AF_NETLINK:
        return "AF_NETLINK";
    case AF_PACKET:
        return "AF_PACKET";
    case AF_VSOCK:
        return "AF_VSOCK";
    case AF_BLUETOOTH:
        return "AF_BLUETOOTH";
    case AF_ALG:
        return "AF_ALG";
    case AF_CAN:
        return "AF_CAN";
    default:
        return NULL;
    }
}

static void show_inet(const void *sockaddr, struct buf *out) {
    struct sockaddr_in in;
    char text[INET_ADDRSTRLEN];

    memcpy(&in, sockaddr, sizeof(in));
    inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text));
    buf_addf(out, "{AF_INET, %s:%u}", text, ntohs(in.sin_port));
}

/* The same long and short. */
static void endpoint_inet6(const void *sockaddr, struct buf *out) {
    struct sockaddr_in6 in6;
    char text[INET6_ADDRSTRLEN];

    memcpy(&in6, sockaddr, sizeof(in6));
    inet_ntop(AF_INET6, &in6.sin6_addr, text, sizeof(text));
    buf_addf(out, "[%s", text);
    if (in6.sin6_scope_id != 0)
        buf_addf(out, "%%%u", in6.sin6_scope_id);
    buf_addf(out, "]:%u", ntohs(in6.sin6_port));
}

static void show_inet6(const void *sockaddr, struct buf *out) {
    buf_add_text(out, "{AF_INET6, ");
    endpoint_inet6(sockaddr, out);
    buf_add_char(out, '}');
}

/* unix(7): a path ends at its NUL or at the address's length; a first byte of
 * 0 makes it an abstract name, all of whose bytes count. */
static void show_unix(const char *path, size_t length, struct buf *out) {
    if (length == 0) {
        buf_add_text(out, "{AF_UNIX}");
    } else if (path[0] == '\0') {
        buf_add_text(out, "{AF_UNIX, @");
        escape_c_quoted(out, path + 1, length - 1, SHOWN_MAX);
        buf_add_char(out, '}');
    } else {
        buf_add_text(out, "{AF_UNIX, ");
        escape_c_quoted(out, path, strnlen(path, length), SHOWN_MAX);
        buf_add_char(out, '}');
    }
}

/* netlink(7): a port number of each socket's own, 0 for the kernel's, and multicast groups, a bit each. */
static void show_netlink(const void *sockaddr, struct buf *out) {
    struct sockaddr_nl netlink;

    memcpy(&netlink, sockaddr, sizeof(netlink));
    buf_addf(out, "{AF_NETLINK, pid=%u, groups=%#x}", netlink.nl_pid, netlink.nl_groups);
}

/* packet(7): frames of which protocol (an EtherType; 3 is all), on which interface (0: all), and of a frame also its
 * hardware address. */
static void show_packet(const void *sockaddr, size_t length, struct buf *out) {
    struct sockaddr_ll link = {0};

    memcpy(&link, sockaddr, length < sizeof(link) ? length : sizeof(link));
    buf_addf(out, "{AF_PACKET, protocol=%#06x, ifindex=%d", ntohs(link.sll_protocol), link.sll_ifindex);
    for (unsigned i = 0; i < link.sll_halen && i < sizeof(link.sll_addr); i++)
        buf_addf(out, "%s%02x", i == 0 ? ", " : ":", link.sll_addr[i]);
    buf_add_char(out, '}');
}

static void show_raw(sa_family_t family, const char *bytes, size_t length, struct buf *out) {
    const char *name = address_family_name(family);

    buf_add_char(out, '{');
    if (name)
        buf_add_text(out, name);
    else
        buf_addf(out, "%u", family);
    if (length > 0) {
        buf_add_text(out, ", ");
        escape_c_quoted(out, bytes, length, SHOWN_MAX);
    }
    buf_add_char(out, '}');
}

void address_show(const void *sockaddr, size_t length, struct buf *out) {
    const char *bytes = sockaddr;
    sa_family_t family;

    if (length < sizeof(family)) {
        buf_add_text(out, "{}");
        return;
    }
    memcpy(&family, bytes, sizeof(family));
    if (family == AF_INET && length >= sizeof(struct sockaddr_in))
        show_inet(sockaddr, out);
    else if (family == AF_INET6 && length >= sizeof(struct sockaddr_in6))
        show_inet6(sockaddr, out);
    else if (family == AF_UNIX)
        show_unix(bytes + sizeof(family), length - sizeof(family), out);
    else if (family == AF_NETLINK && length >= sizeof(struct sockaddr_nl))
        show_netlink(sockaddr, out);
    else if (family == AF_PACKET && length >= offsetof(struct sockaddr_ll, sll_addr))
        show_packet(sockaddr, length, out);
    else if (family == AF_UNSPEC)
        buf_add_text(out, "{AF_UNSPEC}");
    else
        show_raw(family, bytes + sizeof(family), length - sizeof(family), out);
}

static void endpoint_inet(const void *sockaddr, struct buf *out) {
    struct sockaddr_in in;
    char text[INET_ADDRSTRLEN];

    memcpy(&in, sockaddr, sizeof(in));
    inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text));
    buf_addf(out, "%s:%u", in.sin_addr.s_addr == INADDR_ANY ? "*" : text, ntohs(in.sin_port));
}

static void endpoint_unix(const char *path, size_t length, struct buf *out) {
    if (length == 0) {
        buf_add_text(out, "unnamed");
    } else if (path[0] == '\0') {
        buf_add_char(out, '@');
        escape_text(out, path + 1, length - 1);
    } else {
        escape_text(out, path, strnlen(path, length));
    }
}

void address_endpoint(const void *sockaddr, size_t length, struct buf *out) {
    const char *bytes = sockaddr;
    sa_family_t family = AF_UNSPEC;

    if (length >= sizeof(family))
        memcpy(&family, bytes, sizeof(family));
    if (family == AF_INET && length >= sizeof(struct sockaddr_in))
        endpoint_inet(sockaddr, out);
    else if (family == AF_INET6 && length >= sizeof(struct sockaddr_in6))
        endpoint_inet6(sockaddr, out);
    else if (family == AF_UNIX)
        endpoint_unix(bytes + sizeof(family), length - sizeof(family), out);
    else
        address_show(sockaddr, length, out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The short forms of socket addresses:
 *
 *     127.0.0.1:8888  *:8888  :8888  host:8888     AF_INET (or what the name has)
 *     [::1]:8888      [fe80::1%eth0]:80  [*]:80    AF_INET6
 *     /tmp/x  ./x                                  AF_UNIX, a path
 *     @name                                        AF_UNIX, an abstract name (Linux)
 *
 * With the family of a socket known, any text is a path for AF_UNIX, and an
 * IPv4 address for AF_INET6 becomes the mapped ::ffff:a.b.c.d (ipv6(7)).
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/escape.h"
#include "call/engine.h"

#define HOST_MAX 256

static const struct span nowhere = {0};

/* What is being understood; result is where it goes. */
struct reading {
    const char *text;
    int family; /* of the socket, or AF_UNSPEC */
    bool resolve;
    struct sockaddr_storage address;
    size_t length;
    struct error *error;
};

static bool refuse(struct reading *r, const char *why) {
    struct buf shown = {0};

    escape_c_quoted(&shown, r->text, strlen(r->text), 64);
    error_set(r->error, ERROR_TYPE, nowhere, "%s is no address: %s", buf_text(&shown), why);
    buf_free(&shown);
    if (r->family == AF_UNIX)
        error_hint(r->error, "an address of this socket is a path, as \"/tmp/x.sock\", or \"@name\"");
    else if (r->family == AF_INET6)
        error_hint(r->error, "an address of this socket is as \"[::1]:8888\" or \"host:8888\"");
    else
        error_hint(r->error,
                   "an address is as \"127.0.0.1:8888\", \"*:8888\", \"[::1]:8888\", \"host:8888\" or "
                   "\"/tmp/x.sock\"");
    return false;
}

static bool read_unix(struct reading *r) {
    struct sockaddr_un *un = (struct sockaddr_un *)&r->address;
    size_t length = strlen(r->text);
    bool abstract = r->text[0] == '@';

    if (length == 0)
        return refuse(r, "the path is empty");
    /* An abstract name needs no NUL: its length is in the length of the address. */
    if (length + (abstract ? 0 : 1) > sizeof un->sun_path) {
        error_set(r->error, ERROR_TYPE, nowhere,
                  "a path of %zu bytes does not fit: sun_path has %zu, with the NUL", length,
                  sizeof un->sun_path);
        return false;
    }
    un->sun_family = AF_UNIX;
    memcpy(un->sun_path, r->text, length);
    if (abstract)
        un->sun_path[0] = '\0';
    r->length = offsetof(struct sockaddr_un, sun_path) + length + (abstract ? 0 : 1);
    return true;
}

static void set_ipv4(struct reading *r, struct in_addr host, in_port_t port) {
    struct sockaddr_in *in = (struct sockaddr_in *)&r->address;

    *in = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port, .sin_addr = host};
    r->length = sizeof *in;
}

static void set_ipv6(struct reading *r, const struct in6_addr *host, in_port_t port, uint32_t scope) {
    struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)&r->address;

    *in6 = (struct sockaddr_in6){
        .sin6_family = AF_INET6, .sin6_port = port, .sin6_addr = *host, .sin6_scope_id = scope};
    r->length = sizeof *in6;
}

static void set_mapped(struct reading *r, struct in_addr host, in_port_t port) {
    struct in6_addr mapped = {.s6_addr = {[10] = 0xff, [11] = 0xff}};

    memcpy(&mapped.s6_addr[12], &host, sizeof host);
    set_ipv6(r, &mapped, port, 0);
}

static bool set_any(struct reading *r, in_port_t port) {
    if (r->family == AF_INET6)
        set_ipv6(r, &in6addr_any, port, 0);
    else
        set_ipv4(r, (struct in_addr){INADDR_ANY}, port);
    return true;
}

static bool read_port(struct reading *r, const char *text, in_port_t *port) {
    size_t digits = strspn(text, "0123456789");

    if (digits == 0 || digits > 5 || text[digits] != '\0' || strtoul(text, NULL, 10) > UINT16_MAX)
        return refuse(r, "its port must be a number from 0 to 65535");
    *port = htons((uint16_t)strtoul(text, NULL, 10));
    return true;
}

/* [host]:port */
static bool read_bracketed(struct reading *r) {
    char host[HOST_MAX];
    const char *close = strchr(r->text, ']');
    struct in6_addr address;
    in_port_t port;
    uint32_t scope = 0;

    if (close == NULL || close[1] != ':' || (size_t)(close - r->text) > sizeof host)
        return refuse(r, "after [ comes an IPv6 address, then ]:PORT");
    if (r->family == AF_INET)
        return refuse(r, "it is an IPv6 address, and the socket is AF_INET");
    memcpy(host, r->text + 1, (size_t)(close - r->text - 1));
    host[close - r->text - 1] = '\0';
    if (!read_port(r, close + 2, &port))
        return false;
    char *percent = strchr(host, '%');
    if (percent != NULL) {
        *percent = '\0';
        scope = if_nametoindex(percent + 1);
        if (scope == 0)
            scope = (uint32_t)strtoul(percent + 1, NULL, 10);
        if (scope == 0)
            return refuse(r, "no such interface stands behind %");
    }
    if (strcmp(host, "*") == 0)
        address = in6addr_any;
    else if (inet_pton(AF_INET6, host, &address) != 1)
        return refuse(r, "between [ and ] stands no IPv6 address");
    set_ipv6(r, &address, port, scope);
    return true;
}

/* Ask as a program would, with getaddrinfo(); its first answer is used. */
static bool read_name(struct reading *r, const char *host, in_port_t port) {
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {
        .ai_family = r->family == AF_INET6 ? AF_INET6 : AF_INET,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = r->family == AF_INET6 ? AI_V4MAPPED : 0,
    };

    if (!r->resolve)
        return refuse(r, "the host is no number");
    int failed = getaddrinfo(host, NULL, &hints, &found);
    if (failed != 0) {
        struct buf shown = {0};
        escape_text(&shown, host, strlen(host));
        error_set(r->error, ERROR_TYPE, nowhere, "the host %s is unknown here: %s", buf_text(&shown),
                  gai_strerror(failed));
        error_hint(r->error, "a number works without asking anybody: \"127.0.0.1:%u\"", ntohs(port));
        buf_free(&shown);
        return false;
    }
    memcpy(&r->address, found->ai_addr, found->ai_addrlen);
    r->length = found->ai_addrlen;
    freeaddrinfo(found);
    /* The port stands at the same place in both. */
    _Static_assert(offsetof(struct sockaddr_in, sin_port) == offsetof(struct sockaddr_in6, sin6_port),
                   "sin_port and sin6_port");
    ((struct sockaddr_in *)&r->address)->sin_port = port;
    return true;
}

static bool read_internet(struct reading *r) {
    char host[HOST_MAX];
    const char *colon = strrchr(r->text, ':');
    struct in_addr address;
    in_port_t port;

    if (r->text[0] == '[')
        return read_bracketed(r);
    if (colon == NULL)
        return refuse(r, "a port is missing, as in :8888");
    if (strchr(r->text, ':') != colon)
        return refuse(r, "an IPv6 address stands in brackets, as in [::1]:8888");
    if ((size_t)(colon - r->text) >= sizeof host)
        return refuse(r, "no host has so long a name");
    memcpy(host, r->text, (size_t)(colon - r->text));
    host[colon - r->text] = '\0';
    if (!read_port(r, colon + 1, &port))
        return false;
    if (host[0] == '\0' || strcmp(host, "*") == 0)
        return set_any(r, port);
    if (inet_pton(AF_INET, host, &address) != 1)
        return read_name(r, host, port);
    if (r->family == AF_INET6)
        set_mapped(r, address, port);
    else
        set_ipv4(r, address, port);
    return true;
}

static bool read_address(struct reading *r) {
    switch (r->family) {
    case AF_UNIX:
        return read_unix(r);
    case AF_INET:
    case AF_INET6:
        return read_internet(r);
    case AF_UNSPEC:
        if (r->text[0] == '/' || r->text[0] == '@' || strncmp(r->text, "./", 2) == 0)
            return read_unix(r);
        return read_internet(r);
    default: {
        const char *family = constant_name(&constants_family, r->family);
        error_set(r->error, ERROR_TYPE, nowhere, "addresses of %s have no short form",
                  family ? family : "this family");
        error_hint(r->error, "fill in its struct, and give its address and size");
        return false;
    }
    }
}

static bool parse_address(const char *text, int family, bool resolve, void *sockaddr, size_t room,
                          size_t *length, struct error *error) {
    struct reading reading = {.text = text, .family = family, .resolve = resolve, .error = error};

    if (!read_address(&reading))
        return false;
    if (reading.length > room)
        return error_set(error, ERROR_MEMORY, nowhere,
                         "the address needs %zu bytes, and there is room for %zu", reading.length, room);
    memcpy(sockaddr, &reading.address, reading.length);
    *length = reading.length;
    return true;
}

bool address_parse(const char *text, int family, void *sockaddr, size_t room, size_t *length,
                   struct error *error) {
    return parse_address(text, family, true, sockaddr, room, length, error);
}

bool address_parse_numeric(const char *text, int family, void *sockaddr, size_t room, size_t *length,
                           struct error *error) {
    return parse_address(text, family, false, sockaddr, room, length, error);
}

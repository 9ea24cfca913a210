/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causes that several calls have in common; see shared.h. */
#include "explain/shared.h"

#include <netinet/in.h>
#include <string.h>

#include "base/escape.h"
#include "call/constant.h"
#include "explain/find.h"
#include "observe/machine.h"

bool shared_path(const struct inquiry *inquiry, char path[SHARED_PATH_MAX]) {
    struct sockaddr_storage address;
    socklen_t length;
    size_t before = offsetof(struct sockaddr_un, sun_path);
    if (!find_address(inquiry, &address, &length) || address.ss_family != AF_UNIX || length <= before ||
        length > sizeof(struct sockaddr_un))
        return false;
    memcpy(path, (const char *)&address + before, length - before);
    path[length - before] = '\0';
    return path[0] != '\0';
}

enum machine_path shared_path_kind(const struct inquiry *inquiry, const char *path) {
    if (path[0] == '/' || inquiry->actor == SIZE_MAX)
        return machine_path(path);
    struct buf from = {0};
    buf_addf(&from, "/proc/%d/cwd/%s", (int)snapshot_pid(inquiry->now, inquiry->actor), path);
    enum machine_path kind = machine_path(buf_text(&from));
    buf_free(&from);
    return kind;
}

bool shared_unix_name(const struct inquiry *inquiry, struct blanks *blanks, struct found *found, bool *lives) {
    struct sockaddr_storage address;
    socklen_t length;
    if (!find_address(inquiry, &address, &length) || address.ss_family != AF_UNIX)
        return false;
    find_say_address(&address, length, blank(blanks, "path"));
    *lives = find_at_name(inquiry, &address, length, found);
    if (*lives)
        find_say_whose(inquiry, found, blank(blanks, "whose"));
    return true;
}

bool shared_descriptor_limit(const struct inquiry *inquiry, struct blanks *blanks) {
    unsigned long limit;
    if (inquiry->actor == SIZE_MAX ||
        !machine_descriptor_limit(snapshot_pid(inquiry->now, inquiry->actor), &limit))
        return false;
    buf_addf(blank(blanks, "limit"), "%lu", limit);
    return true;
}

/* ---- Addresses that do not fit their socket ---- */

static socklen_t least_length(int family) {
    if (family == AF_INET)
        return sizeof(struct sockaddr_in);
    /* Without sin6_scope_id it is accepted too (RFC 2133). */
    return family == AF_INET6 ? offsetof(struct sockaddr_in6, sin6_scope_id) : 0;
}

static const struct descriptor *address_and_socket(const struct inquiry *inquiry,
                                                   struct sockaddr_storage *address, socklen_t *length,
                                                   struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    if (own == NULL || !find_address(inquiry, address, length))
        return NULL;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    find_say_family(own->socket.family, blank(blanks, "family"));
    return own;
}

bool shared_length_short(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    const struct descriptor *own = address_and_socket(inquiry, &address, &length, blanks);
    if (own == NULL || length >= least_length(own->socket.family) || address.ss_family != own->socket.family)
        return false;
    buf_addf(blank(blanks, "given"), "%u", length);
    buf_addf(blank(blanks, "needed"), "%zu",
             own->socket.family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
    return true;
}

bool shared_family_differs(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    const struct descriptor *own = address_and_socket(inquiry, &address, &length, blanks);
    if (own == NULL || address.ss_family == own->socket.family)
        return false;
    find_say_family(address.ss_family, blank(blanks, "given"));
    return true;
}

bool shared_family_unset(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    return address_and_socket(inquiry, &address, &length, blanks) != NULL && address.ss_family == AF_UNSPEC;
}

bool shared_family_swapped(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    const struct descriptor *own = address_and_socket(inquiry, &address, &length, blanks);
    if (own == NULL || address.ss_family != htons((uint16_t)own->socket.family) ||
        address.ss_family == own->socket.family)
        return false;
    buf_addf(blank(blanks, "given"), "%u", address.ss_family);
    return true;
}

#define WELL_KNOWN_END 1024
#define LINE_SHOWN 60 /* bytes of a line that are quoted */

bool shared_port_swapped(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    if (!find_address(inquiry, &address, &length))
        return false;
    unsigned port = address_port(&address), meant = (port & 0xff) << 8 | port >> 8;
    if (meant == port || meant == 0)
        return false;
    const char *line = find_typed(inquiry, meant, meant < WELL_KNOWN_END ? "port" : NULL);
    if (line == NULL || find_typed(inquiry, port, NULL) != NULL)
        return false;
    buf_addf(blank(blanks, "port"), "%u", port);
    buf_addf(blank(blanks, "meant"), "%u", meant);
    size_t shown = strcspn(line, "\n");
    escape_text(blank(blanks, "line"), line, shown < LINE_SHOWN ? shown : LINE_SHOWN);
    if (line[shown < LINE_SHOWN ? shown : LINE_SHOWN] != '\0')
        buf_add_text(blank(blanks, "line"), " …");
    return true;
}

/* ---- What the socket is ---- */

bool shared_is_connected(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    struct found other;
    if (own == NULL || !socket_has_peer(&own->socket))
        return false;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    buf_add_text(blank(blanks, "state"), socket_condition(&own->socket));
    struct buf *with = blank(blanks, "with");
    if (own->socket.family != AF_UNIX || own->socket.peer_length > sizeof(sa_family_t)) {
        buf_add_text(with, " with ");
        find_say_address(&own->socket.peer, own->socket.peer_length, with);
    }
    if (find_other_end(inquiry, &own->socket, &other) && other.held) {
        buf_add_text(with, ", ");
        find_say_descriptor(inquiry, &other.holder, with);
    }
    return true;
}

bool shared_type_without_connections(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    const char *name = own != NULL ? constant_name(&constants_type, own->socket.type) : NULL;
    if (own == NULL || socket_is_stream(&own->socket) || name == NULL)
        return false;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    buf_add_text(blank(blanks, "type"), name);
    return true;
}

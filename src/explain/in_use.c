/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who is in the way; see in_use.h.  The rules are those of Linux, measured and
 * in ip(7), socket(7): two sockets of the same protocol and port go together if
 * both had SO_REUSEADDR when they were bound and neither listens (UDP: both had
 * it), or both had SO_REUSEPORT and the same user.
 */
#include "explain/in_use.h"

#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

/* ---- Addresses ---- */

static bool stands_for_all(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET)
        return ((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr == INADDR_ANY;
    return IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

bool in_use_overlap(const struct named *a, const struct named *b) {
    struct sockaddr_storage x = *a->address, y = *b->address;
    socklen_t x_length = a->length, y_length = b->length;
    address_unmap(&x, &x_length);
    address_unmap(&y, &y_length);
    if (address_port(&x) != address_port(&y) ||
        (a->interface != 0 && b->interface != 0 && a->interface != b->interface))
        return false;
    if (x.ss_family == y.ss_family)
        return stands_for_all(&x) || stands_for_all(&y) || address_same(&x, x_length, &y, y_length);
    const struct named *six = x.ss_family == AF_INET6 ? a : b;
    return stands_for_all(x.ss_family == AF_INET6 ? &x : &y) && !six->v6only;
}

/* ---- Which of them ---- */

struct contest {
    const struct inquiry *inquiry;
    const struct descriptor *own;
    struct named wanted;
    bool own_reuse, own_reuse_port;
    int rank;
    struct found found;
};

/* Both had an option that lets them go together. */
static bool goes_along(const struct contest *contest, const struct found *found) {
    int value = 0;
    if (!found->held)
        return false;
    if (contest->own_reuse_port &&
        find_option(contest->inquiry, &found->holder, SOL_SOCKET, SO_REUSEPORT, &value) && value != 0)
        return true;
    return contest->own_reuse && found->facts.state != SOCKET_LISTEN &&
           find_option(contest->inquiry, &found->holder, SOL_SOCKET, SO_REUSEADDR, &value) && value != 0;
}

static int rank_of(const struct contest *contest, const struct found *found) {
    bool mine = found->held && found->holder.actor == contest->inquiry->actor;
    if (found->facts.state == SOCKET_LISTEN)
        return 8 + mine;
    if (found->facts.inode != 0)
        return (found->facts.state == SOCKET_CLOSE ? 6 : 4) + mine;
    return found->facts.state == SOCKET_TIME_WAIT ? 1 : 2;
}

static bool compare(void *context, const struct found *found) {
    struct contest *contest = context;
    const struct socket_facts *facts = &found->facts;
    struct named there = {&facts->local, facts->local_length, facts->v6only_known && facts->v6only,
                          facts->interface};
    int rank = rank_of(contest, found);
    /* A connection that waits to be accepted is its listener's. */
    bool waiting = facts->inode == 0 && facts->state != SOCKET_TIME_WAIT && found->unowned != NULL &&
                   found->unowned->why == UNOWNED_WAITING;
    if (facts->cookie == contest->own->socket.cookie || waiting || rank <= contest->rank ||
        !in_use_overlap(&contest->wanted, &there) || goes_along(contest, found))
        return true;
    contest->rank = rank;
    contest->found = *found;
    return true;
}

static bool has_option(const struct inquiry *inquiry, int option) {
    struct holder own = {inquiry->actor, (int)inquiry->event->fd};
    int value = 0;
    return find_option(inquiry, &own, SOL_SOCKET, option, &value) && value != 0;
}

static bool hold(struct contest *contest, const struct sockaddr_storage *address, socklen_t length,
                 struct found *found) {
    const struct socket_facts *facts = &contest->own->socket;
    if (facts->family != AF_INET && facts->family != AF_INET6)
        return false;
    contest->wanted = (struct named){address, length, facts->v6only_known && facts->v6only, facts->interface};
    contest->own_reuse = has_option(contest->inquiry, SO_REUSEADDR);
    contest->own_reuse_port = has_option(contest->inquiry, SO_REUSEPORT);
    find_at_port(contest->inquiry, socket_is_tcp(facts) ? IPPROTO_TCP : facts->protocol,
                 address_port(address), NULL, compare, contest);
    *found = contest->found;
    return contest->rank > 0;
}

bool in_use_by(const struct inquiry *inquiry, struct found *found) {
    struct contest contest = {.inquiry = inquiry, .own = find_own(inquiry)};
    struct sockaddr_storage address;
    socklen_t length;
    return contest.own != NULL && find_address(inquiry, &address, &length) &&
           hold(&contest, &address, length, found);
}

bool in_use_listening(const struct inquiry *inquiry, struct found *found) {
    struct contest contest = {.inquiry = inquiry, .own = find_own(inquiry)};
    return contest.own != NULL &&
           hold(&contest, &contest.own->socket.local, contest.own->socket.local_length, found);
}

/* ---- SO_REUSEADDR ---- */

bool in_use_own_reuse(const struct inquiry *inquiry) {
    return has_option(inquiry, SO_REUSEADDR);
}

static bool sets_reuse(const struct event *event) {
    return event->error == 0 && strcmp(event->name, "setsockopt") == 0 &&
           strstr(event->text, "SO_REUSEADDR") != NULL;
}

/* Of one socket: what was last said before it was bound. Set afterwards it counts too, but not for
 * connections that there were before; and what the journal no longer has is not known. */
static enum reuse reuse_of(const struct inquiry *inquiry, uint64_t cookie) {
    const struct event *event;
    bool bound = false;
    for (uint64_t n = 0; (event = past_at(&inquiry->past, n)) != NULL; n++) {
        if (event->type != EVENT_RETURNED || event->cookie != cookie)
            continue;
        bound = bound || (event->error == 0 && strcmp(event->name, "bind") == 0);
        if (sets_reuse(event) && bound)
            return strstr(event->text, "[0]") != NULL ? REUSE_NO : REUSE_YES;
        if (sets_reuse(event))
            return REUSE_UNKNOWN;
    }
    return bound && past_is_whole(&inquiry->past) ? REUSE_NO : REUSE_UNKNOWN;
}

/* A connection that was accepted has it from the listener, which the last bind() to that port made. */
static uint64_t bound_as(const struct inquiry *inquiry, const char *actor, unsigned port) {
    const struct event *event;
    for (uint64_t n = 0; (event = past_call(&inquiry->past, actor, "bind", -1, &n)) != NULL; n++) {
        const struct sockaddr_storage *address = (const void *)event->address;
        if (event->error == 0 && event->address_length >= sizeof(struct sockaddr_in) &&
            address_port(address) == port)
            return event->cookie;
    }
    return 0;
}

enum reuse in_use_old_reuse(const struct inquiry *inquiry, const struct found *found) {
    if (found->unowned == NULL || found->unowned->actor[0] == '\0')
        return REUSE_UNKNOWN;
    const char *actor = found->unowned->actor;
    enum reuse own = reuse_of(inquiry, found->facts.cookie);
    if (own != REUSE_UNKNOWN)
        return own;
    uint64_t listener = bound_as(inquiry, actor, address_port(&found->facts.local));
    return listener != 0 ? reuse_of(inquiry, listener) : REUSE_UNKNOWN;
}

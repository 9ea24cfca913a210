/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding the socket that is to blame; see find.h. */
#include "explain/find.h"

#include <ctype.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/address.h"
#include "base/escape.h"
#include "observe/foreign.h"
#include "observe/peer.h"

/* ---- In what order they are found ---- */

struct search {
    const struct inquiry *inquiry;
    uint32_t place;
    int protocol;
    unsigned port;                       /* or: */
    const struct sockaddr_storage *name; /* NULL: by port */
    socklen_t name_length;
    find_each *each;
    void *context;
    bool done;
};

static bool is_wanted(const struct search *search, const struct socket_facts *facts) {
    if (search->name != NULL)
        return facts->family == AF_UNIX && facts->local_length > sizeof(sa_family_t) &&
               address_same(&facts->local, facts->local_length, search->name, search->name_length);
    if ((facts->family != AF_INET && facts->family != AF_INET6) || facts->place != search->place)
        return false;
    bool same = search->protocol == IPPROTO_TCP ? socket_is_tcp(facts) : facts->protocol == search->protocol;
    return same && address_port(&facts->local) == search->port;
}

static void search_descriptors(struct search *search) {
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while (!search->done && (at = snapshot_walk(search->inquiry->now, &holder)) != NULL) {
        if (at->kind != DESCRIPTOR_SOCKET || !is_wanted(search, &at->socket))
            continue;
        struct found found = {.facts = at->socket, .held = true, .holder = holder};
        search->done = !search->each(search->context, &found);
    }
}

static void search_told(void *context, const struct socket_facts *facts) {
    struct search *search = context;
    if (search->done || !is_wanted(search, facts) ||
        snapshot_holders(search->inquiry->now, facts->cookie, NULL, 0) > 0)
        return;
    struct found found = {.facts = *facts,
                          .unowned = snapshot_unowned_find(search->inquiry->now, facts->cookie)};
    search->done = !search->each(search->context, &found);
}

void find_at_port(const struct inquiry *inquiry, int protocol, unsigned port,
                  const struct sockaddr_storage *target, find_each *each, void *context) {
    struct search search = {
        .inquiry = inquiry, .protocol = protocol, .port = port, .each = each, .context = context};
    search.place = snapshot_place(inquiry->now, inquiry->actor);
    if (target != NULL)
        observer_place_of(inquiry->observer, search.place, target, &search.place);
    if (port == 0)
        return;
    search_descriptors(&search);
    if (!search.done)
        observer_all(inquiry->observer, search.place, AF_INET, protocol, search_told, &search);
    if (!search.done)
        observer_all(inquiry->observer, search.place, AF_INET6, protocol, search_told, &search);
}

/* The first, until a listener comes. */
struct best {
    bool any;
    struct found found;
};

static bool prefer_listener(void *context, const struct found *found) {
    struct best *best = context;
    if (!best->any || found->facts.state == SOCKET_LISTEN)
        *best = (struct best){true, *found};
    return found->facts.state != SOCKET_LISTEN;
}

bool find_at_name(const struct inquiry *inquiry, const struct sockaddr_storage *name, socklen_t length,
                  struct found *found) {
    struct best best = {.any = false};
    struct search search = {
        .inquiry = inquiry, .name = name, .name_length = length, .each = prefer_listener, .context = &best};
    if (name->ss_family != AF_UNIX || length <= sizeof(sa_family_t))
        return false;
    search.place = snapshot_place(inquiry->now, inquiry->actor);
    search_descriptors(&search);
    if (!search.done)
        observer_all(inquiry->observer, search.place, AF_UNIX, 0, search_told, &search);
    *found = best.found;
    return best.any;
}

bool find_other_end(const struct inquiry *inquiry, const struct socket_facts *facts, struct found *found) {
    struct peer peer = snapshot_peer(inquiry->now, facts);
    if (peer.facts == NULL)
        return false;
    *found = (struct found){.facts = *peer.facts};
    if (peer.kind == PEER_HELD) {
        found->held = true;
        found->holder = (struct holder){peer.actor, peer.fd};
    } else {
        found->unowned = snapshot_unowned_find(inquiry->now, peer.facts->cookie);
    }
    return true;
}

const struct descriptor *find_own(const struct inquiry *inquiry) {
    int64_t fd = inquiry->event->fd;
    const struct descriptor *own =
        fd >= 0 && fd <= INT32_MAX ? snapshot_get(inquiry->now, inquiry->actor, (int)fd) : NULL;
    return own != NULL && own->kind == DESCRIPTOR_SOCKET && own->facts_known ? own : NULL;
}

/* A path ends at its NUL, however large a struct was given: so the kernel keeps it, unix(7). */
static socklen_t path_length(const struct sockaddr_storage *address, socklen_t length) {
    const struct sockaddr_un *un = (const void *)address;
    const size_t before = offsetof(struct sockaddr_un, sun_path);
    if (length <= before || un->sun_path[0] == '\0')
        return length;
    size_t end = before + strnlen(un->sun_path, length - before) + 1;
    return end < length ? (socklen_t)end : length;
}

bool find_address(const struct inquiry *inquiry, struct sockaddr_storage *address, socklen_t *length) {
    const struct event *event = inquiry->event;
    if (event->address_length < sizeof(sa_family_t) || event->address_length > sizeof(*address))
        return false;
    memset(address, 0, sizeof(*address));
    memcpy(address, event->address, event->address_length);
    *length = address->ss_family == AF_UNIX ? path_length(address, (socklen_t)event->address_length)
                                            : (socklen_t)event->address_length;
    return true;
}

/* ---- What the learner wrote ---- */

bool find_argument(const struct event *event, size_t i, struct buf *out) {
    const char *at = strchr(event->text, '(');
    size_t number = 0, depth = 0;
    bool quoted = false;
    if (at == NULL)
        return false;
    for (at++; *at != '\0'; at++) {
        if (*at == '"')
            quoted = !quoted;
        else if (quoted && *at == '\\' && at[1] != '\0')
            at++;
        else if (!quoted && strchr("([{", *at) != NULL)
            depth++;
        else if (!quoted && strchr(")]}", *at) != NULL && depth-- == 0)
            break;
        else if (!quoted && depth == 0 && *at == ',') {
            number++;
            at += at[1] == ' ';
            continue;
        }
        if (number == i)
            buf_add_char(out, *at);
    }
    return number >= i;
}

/* Lines older than this many events are not what is being typed now. */
#define TYPED_WITHIN 5000

static bool has_number(const char *text, unsigned number) {
    for (const char *at = text; *at != '\0';) {
        if (isalpha((unsigned char)*at) || *at == '_') {
            while (isalnum((unsigned char)*at) || *at == '_')
                at++;
        } else if (isdigit((unsigned char)*at)) {
            char *end;
            unsigned long value = strtoul(at, &end, 0);
            if (value == number)
                return true;
            at = end;
        } else {
            at++;
        }
    }
    return false;
}

const char *find_typed(const struct inquiry *inquiry, unsigned number, const char *word) {
    const struct event *event;
    for (uint64_t n = 0; n < TYPED_WITHIN && (event = past_at(&inquiry->past, n)) != NULL; n++)
        if (event->type == EVENT_LINE && strcmp(event->actor, inquiry->event->actor) == 0 &&
            has_number(event->text, number) && (word == NULL || strcasestr(event->text, word) != NULL))
            return event->text;
    return NULL;
}

bool find_told(const struct inquiry *inquiry, const char *id) {
    const struct event *event;
    for (uint64_t n = 0; (event = past_at(&inquiry->past, n)) != NULL; n++)
        if (strcmp(event->id, id) == 0)
            return true;
    return false;
}

/* ---- In words ---- */

void find_say_descriptor(const struct inquiry *inquiry, const struct holder *holder, struct buf *out) {
    if (holder->actor != inquiry->actor)
        buf_addf(out, "%s's ", snapshot_actor(inquiry->now, holder->actor));
    buf_addf(out, "fd %d", holder->fd);
}

static void say_program(const struct socket_facts *facts, struct buf *out) {
    struct foreign foreign;
    if (foreign_find(facts->inode, &foreign)) {
        buf_add_text(out, "another program, ");
        escape_text(out, foreign.name, strlen(foreign.name));
        buf_addf(out, " (pid %d)", (int)foreign.pid);
    } else if (facts->uid_known && facts->uid != geteuid()) {
        buf_addf(out, "a program of another user (uid %u)", facts->uid);
    } else {
        buf_add_text(out, "a program that cannot be seen from here");
    }
}

void find_say_whose(const struct inquiry *inquiry, const struct found *found, struct buf *out) {
    if (found->held) {
        find_say_descriptor(inquiry, &found->holder, out);
    } else if (found->facts.inode != 0) {
        say_program(&found->facts, out);
    } else {
        buf_add_text(out, "a socket that nobody has any more");
        if (found->unowned != NULL && found->unowned->fd >= 0)
            buf_addf(out, " (it was %s's fd %d)", found->unowned->actor, found->unowned->fd);
    }
}

void find_say_address(const struct sockaddr_storage *address, socklen_t length, struct buf *out) {
    address_endpoint(address, length, out);
}

void find_say_host(const struct sockaddr_storage *address, socklen_t length, struct buf *out) {
    struct buf whole = {0};
    find_say_address(address, length, &whole);
    const char *colon = strrchr(buf_text(&whole), ':');
    if (colon != NULL && address->ss_family != AF_UNIX)
        buf_add(out, whole.data, (size_t)(colon - whole.data));
    else
        buf_add_text(out, buf_text(&whole));
    buf_free(&whole);
}

void find_say_family(int family, struct buf *out) {
    const char *name = address_family_name((unsigned)family);
    if (name != NULL)
        buf_add_text(out, name);
    else
        buf_addf(out, "family %d", family);
}

bool find_option(const struct inquiry *inquiry, const struct holder *holder, int level, int option,
                 int *value) {
    struct watched watched = {.name = snapshot_actor(inquiry->now, holder->actor),
                              .place = snapshot_place(inquiry->now, holder->actor),
                              .pid = snapshot_pid(inquiry->now, holder->actor)};
    struct depth depth;
    bool found = false;
    if (observe_depth(inquiry->observer, &watched, holder->fd, &depth))
        for (size_t i = 0; i < depth.option_count; i++)
            if (depth.options[i].level == level && depth.options[i].option == option &&
                depth.options[i].length == sizeof(*value)) {
                memcpy(value, depth.options[i].bytes, sizeof(*value));
                found = true;
            }
    depth_free(&depth);
    return found;
}

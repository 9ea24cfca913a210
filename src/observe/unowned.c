/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What belongs to the actors beyond the descriptors that were looked at: the
 * other ends of their connections, and sockets that no descriptor has.  A
 * socket is followed by its cookie, which it keeps from before accept() through
 * the death of its owner and TIME_WAIT.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "observe/snapshot_parts.h"

#define UNOWNED_MOST \
    1024            /* in a snapshot; a loop can leave thousands in TIME_WAIT, and nobody reads them all */
#define ASK_MOST 64 /* unowned sockets asked for in one snapshot when not everything is looked at */

static bool is_held(const struct snapshot *snapshot, uint64_t cookie) {
    return snapshot_holders(snapshot, cookie, NULL, 0) > 0;
}

/* Whoever holds this socket: let the descriptors say what is known now. */
static bool update_holders(struct snapshot *now, const struct socket_facts *facts) {
    bool any = false;
    for (size_t i = 0; i < now->actor_count; i++) {
        struct descriptor_table *table = &now->actors[i].table;
        const struct descriptor *at = table_find(table, facts->cookie, 0);
        for (; at != NULL; at = table_find(table, facts->cookie, at->fd + 1)) {
            struct descriptor changed = *at;
            facts_refine(&changed.socket, facts);
            any = true;
            if (memcmp(&changed, at, sizeof(changed)) == 0)
                continue;
            table_set(table, &changed);
            at = table_get(table, changed.fd);
        }
    }
    return any;
}

static void push_unowned(struct snapshot *now, const struct unowned *unowned) {
    if (now->unowned_count == UNOWNED_MOST) {
        now->unowned_more++;
        return;
    }
    if (now->unowned_count == now->unowned_room)
        now->unowned =
            mem_grow(now->unowned, now->unowned_room = now->unowned_room * 2 + 8, sizeof(*now->unowned));
    now->unowned[now->unowned_count++] = *unowned;
}

/* Who had it, as far as the snapshot before knows. */
static bool remember(const struct snapshot *before, struct unowned *unowned) {
    struct holder holder;
    uint64_t cookie = unowned->facts.cookie;
    const struct unowned *old = before != NULL ? snapshot_unowned_find(before, cookie) : NULL;
    if (old != NULL) {
        if (unowned->why == UNOWNED_WAITING) /* else it was accepted, and closed, in between */
            unowned->why = old->why;
        memcpy(unowned->actor, old->actor, sizeof(unowned->actor));
        unowned->fd = old->fd;
        return true;
    }
    if (before == NULL || snapshot_holders(before, cookie, &holder, 1) == 0)
        return false;
    unowned->why = UNOWNED_CLOSED;
    memcpy(unowned->actor, before->actors[holder.actor].name, sizeof(unowned->actor));
    unowned->fd = holder.fd;
    return true;
}

static enum unowned_why why_by_state(enum socket_state state) {
    switch (state) {
    case SOCKET_ESTABLISHED:
    case SOCKET_SYN_RECV:
    case SOCKET_CLOSE_WAIT: /* its peer has closed before it was accepted */
        return UNOWNED_WAITING;
    default:
        return UNOWNED_CLOSED;
    }
}

/* A socket was found: whose is it? */
static void settle(struct snapshot *now, const struct snapshot *before, const struct socket_facts *facts) {
    struct unowned unowned = {.why = why_by_state(facts->state), .fd = -1, .facts = *facts};
    if (update_holders(now, facts) || facts->inode != 0)
        return;
    if (snapshot_unowned_find(now, facts->cookie) != NULL)
        return;
    remember(before, &unowned);
    push_unowned(now, &unowned);
}

static int compare(const void *a, const void *b) {
    const struct unowned *x = a, *y = b;
    if (x->why != y->why)
        return x->why < y->why ? -1 : 1;
    unsigned p = address_port(&x->facts.local), q = address_port(&y->facts.local);
    if (p == q) {
        p = address_port(&x->facts.peer);
        q = address_port(&y->facts.peer);
    }
    if (p != q)
        return p < q ? -1 : 1;
    return x->facts.cookie < y->facts.cookie ? -1 : x->facts.cookie > y->facts.cookie;
}

static void sort_unowned(struct snapshot *now) {
    if (now->unowned_count > 1)
        qsort(now->unowned, now->unowned_count, sizeof(*now->unowned), compare);
}

/* ---- What a touched descriptor is tied to ---- */

/* Seen from a socket in `from`: what it reaches at address->local. */
static bool find_and_settle(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                            uint32_t from, int protocol, const struct diag_address *address) {
    struct socket_facts found;
    uint32_t place;
    observer_place_of(observer, from, address->local, &place);
    struct diag *diag = observer_diag(observer, place);
    if (diag == NULL || diag_find_inet(diag, protocol, address, &found) != DIAG_FOUND)
        return false;
    settle(now, before, &found);
    return true;
}

/* A socket that was reset is in none of the kernel's tables: whoever was at these addresses is asked by
 * descriptor. */
static void refresh_tcp_at(struct observer *observer, struct snapshot *now,
                           const struct diag_address *address) {
    for (size_t i = 0; i < now->actor_count; i++) {
        struct descriptor_table *table = &now->actors[i].table;
        const struct process *process = observer_process(observer, now->actors[i].pid);
        const struct descriptor *at = process != NULL ? table_next(table, 0) : NULL;
        for (; at != NULL; at = table_next(table, at->fd + 1)) {
            struct descriptor known = *at, changed;
            if (at->kind != DESCRIPTOR_SOCKET || !socket_is_tcp(&at->socket) ||
                address_port(&at->socket.local) != address_port(address->local) ||
                !address_same(&at->socket.peer, at->socket.peer_length, address->peer,
                              sizeof(*address->peer)))
                continue;
            if (look_at(observer, process, known.fd, &known, NULL, false, &changed))
                table_set(table, &changed);
            at = table_get(table, known.fd);
            if (at == NULL)
                break;
        }
    }
}

/* The other end, and where a connection began or ended the listener there: its accept queue has changed. */
static void follow_tcp(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                       const struct socket_facts *facts, bool changed) {
    struct diag_address mirror = {
        .local = &facts->peer, .peer = &facts->local, .interface = facts->interface};
    struct diag_address listener = {.local = &facts->peer, .interface = facts->interface};
    if (!socket_has_peer(facts) || !socket_has_local(facts))
        return;
    bool found = find_and_settle(observer, now, before, facts->place, IPPROTO_TCP, &mirror);
    if (!found && changed)
        refresh_tcp_at(observer, now, &mirror);
    if (changed)
        find_and_settle(observer, now, before, facts->place, IPPROTO_TCP, &listener);
}

/* Whoever gets a datagram from here to there. */
static void follow_udp(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                       const struct socket_facts *facts, const struct sockaddr_storage *to,
                       socklen_t to_length) {
    struct sockaddr_storage source = facts->local, target = *to;
    socklen_t source_length = facts->local_length;
    uint32_t place;
    address_unmap(&target, &to_length);
    bool leaves = observer_place_of(observer, facts->place, &target, &place) && place != facts->place;
    address_unmap(&source, &source_length);
    struct diag_address address = {.local = &target, .peer = &source, .interface = facts->interface};
    if (source.ss_family != target.ss_family)
        address.peer = NULL;
    else if (source.ss_family == AF_INET) {
        struct sockaddr_in *in = (void *)&source;
        /* Unbound to a host, it sends from the address of the route; on loopback that is the target's. */
        if (in->sin_addr.s_addr == INADDR_ANY)
            in->sin_addr = leaves ? observer->places[facts->place].ipv4
                                  : ((const struct sockaddr_in *)(const void *)&target)->sin_addr;
    } else if (source.ss_family == AF_INET6) {
        struct sockaddr_in6 *in6 = (void *)&source;
        if (IN6_IS_ADDR_UNSPECIFIED(&in6->sin6_addr))
            in6->sin6_addr = leaves ? observer->places[facts->place].ipv6
                                    : ((const struct sockaddr_in6 *)(const void *)&target)->sin6_addr;
    }
    find_and_settle(observer, now, before, facts->place, IPPROTO_UDP, &address);
}

/* All UNIX sockets of ours that are bound to this name; sock_diag finds them by inode only. */
static void refresh_unix_at(struct observer *observer, struct snapshot *now,
                            const struct sockaddr_storage *name, socklen_t length) {
    for (size_t i = 0; i < now->actor_count; i++) {
        const struct descriptor *at = table_next_named_unix(&now->actors[i].table, 0);
        for (; at != NULL; at = table_next_named_unix(&now->actors[i].table, at->fd + 1)) {
            struct descriptor changed = *at;
            if (!address_same(&at->socket.local, at->socket.local_length, name, length))
                continue;
            if (facts_ask(observer, &changed.socket) == DIAG_FOUND)
                update_holders(now, &changed.socket);
            at = table_get(&now->actors[i].table, changed.fd);
        }
    }
}

static void follow_unix(struct observer *observer, struct snapshot *now, const struct socket_facts *facts,
                        bool changed, const struct touched *touched) {
    struct socket_facts found;
    struct diag *diag = observer_diag(observer, facts->place);
    if (facts->unix_peer != 0 && diag != NULL && diag_find_unix(diag, facts->unix_peer, &found) == DIAG_FOUND)
        update_holders(now, &found);
    if (changed && socket_is_stream(facts) && facts->peer_length > sizeof(sa_family_t))
        refresh_unix_at(observer, now, &facts->peer, facts->peer_length);
    if (touched != NULL && touched->to_length > sizeof(sa_family_t))
        refresh_unix_at(observer, now, &touched->to, touched->to_length);
}

static void follow(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                   const struct socket_facts *facts, bool changed, const struct touched *touched) {
    bool has_target = touched != NULL && touched->to_length > 0 &&
                      (touched->to.ss_family == AF_INET || touched->to.ss_family == AF_INET6);
    if (facts->family == AF_UNIX)
        follow_unix(observer, now, facts, changed, touched);
    else if (socket_is_tcp(facts))
        follow_tcp(observer, now, before, facts, changed);
    else if (facts->protocol == IPPROTO_UDP && has_target)
        follow_udp(observer, now, before, facts, &touched->to, touched->to_length);
    else if (facts->protocol == IPPROTO_UDP && socket_has_peer(facts))
        follow_udp(observer, now, before, facts, &facts->peer, facts->peer_length);
}

/* A descriptor is gone. Has somebody else its socket, or the kernel alone? */
static void follow_lost(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                        const struct descriptor *lost) {
    struct socket_facts facts = lost->socket;
    if (lost->kind != DESCRIPTOR_SOCKET || !lost->facts_known)
        return;
    if ((is_held(now, facts.cookie) || (socket_is_tcp(&facts) && socket_has_peer(&facts))) &&
        facts_ask(observer, &facts) == DIAG_FOUND)
        settle(now, before, &facts);
    follow(observer, now, before, &facts, true, NULL);
}

static const struct seen_actor *same_in(const struct snapshot *snapshot, const struct seen_actor *actor) {
    for (size_t i = 0; i < snapshot->actor_count; i++)
        if (snapshot->actors[i].pid == actor->pid && strcmp(snapshot->actors[i].name, actor->name) == 0)
            return &snapshot->actors[i];
    return NULL;
}

static void follow_dead(struct observer *observer, struct snapshot *now, const struct snapshot *before) {
    for (size_t i = 0; i < before->actor_count; i++) {
        const struct seen_actor *actor = &before->actors[i];
        if (same_in(now, actor) != NULL)
            continue;
        const struct descriptor *at = table_next(&actor->table, 0);
        for (; at != NULL; at = table_next(&actor->table, at->fd + 1))
            follow_lost(observer, now, before, at);
    }
}

static bool is_touched(const struct snapshot *now, const struct touched *touched, size_t count,
                       uint64_t cookie) {
    for (size_t i = 0; i < count; i++) {
        const struct descriptor *at = table_get(&now->actors[touched[i].actor].table, touched[i].fd);
        if (at != NULL && at->socket.cookie == cookie)
            return true;
    }
    return false;
}

/* Those that were without an owner before: still there? Many of them (TIME_WAIT after a loop) take turns. */
static void follow_unowned(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                           const struct touched *touched, size_t touched_count) {
    size_t count = before->unowned_count, first = count > ASK_MOST ? observer->turn++ * ASK_MOST % count : 0;
    size_t settled = now->unowned_count;
    uint32_t passed_ms = (uint32_t)((now->time_ns - before->time_ns) / 1000000);
    for (size_t i = 0; i < count; i++) {
        struct unowned unowned = before->unowned[i];
        bool done = false;
        for (size_t j = 0; j < settled && !done; j++)
            done = now->unowned[j].facts.cookie == unowned.facts.cookie;
        if (done)
            continue;
        if ((i + count - first) % count < ASK_MOST) {
            if (facts_ask(observer, &unowned.facts) == DIAG_FOUND)
                settle(now, before, &unowned.facts);
            else if (unowned.why == UNOWNED_WAITING &&
                     socket_is_tcp(&unowned.facts)) /* its listener was closed */
                refresh_tcp_at(
                    observer, now,
                    &(struct diag_address){.local = &unowned.facts.peer, .peer = &unowned.facts.local});
        } else if (!is_touched(now, touched, touched_count, unowned.facts.cookie)) {
            unowned.facts.timer_ms -= unowned.facts.timer_ms < passed_ms ? unowned.facts.timer_ms : passed_ms;
            push_unowned(now, &unowned);
        }
    }
}

static bool is_changed(const struct descriptor *old, const struct descriptor *new) {
    return old == NULL || old->inode != new->inode || old->socket.state != new->socket.state;
}

void follow_touched(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                    const struct touched *touched, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct seen_actor *old_actor = same_in(before, &now->actors[touched[i].actor]);
        const struct descriptor *old = old_actor != NULL ? table_get(&old_actor->table, touched[i].fd) : NULL;
        const struct descriptor *new = table_get(&now->actors[touched[i].actor].table, touched[i].fd);
        if (old != NULL && (new == NULL || new->inode != old->inode))
            follow_lost(observer, now, before, old);
        if (new != NULL &&new->kind == DESCRIPTOR_SOCKET &&new->facts_known) {
            struct socket_facts facts = new->socket; /* following may replace it in the table */
            follow(observer, now, before, &facts, is_changed(old, new), &touched[i]);
        }
    }
    follow_dead(observer, now, before);
    follow_unowned(observer, now, before, touched, count);
    sort_unowned(now);
}

/* ---- After looking at everything ---- */

/* The actors' connections by their ports, to find the other end of each. */
struct ends {
    uint32_t *ports; /* peer's << 16 | own: as the other end would say it */
    size_t count, room;
    unsigned char listens[65536 / 8];
};

static int compare_ports(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void ends_collect(struct ends *ends, const struct snapshot *now) {
    for (size_t i = 0; i < now->actor_count; i++) {
        const struct descriptor *at = table_next(&now->actors[i].table, 0);
        for (; at != NULL; at = table_next(&now->actors[i].table, at->fd + 1)) {
            unsigned own = address_port(&at->socket.local), peer = address_port(&at->socket.peer);
            if (at->kind != DESCRIPTOR_SOCKET || !socket_is_tcp(&at->socket) || own == 0)
                continue;
            if (at->socket.state == SOCKET_LISTEN)
                ends->listens[own / 8] |= (unsigned char)(1u << own % 8);
            if (peer == 0)
                continue;
            if (ends->count == ends->room)
                ends->ports = mem_grow(ends->ports, ends->room = ends->room * 2 + 16, sizeof(*ends->ports));
            ends->ports[ends->count++] = peer << 16 | own;
        }
    }
    if (ends->count > 1)
        qsort(ends->ports, ends->count, sizeof(*ends->ports), compare_ports);
}

/* Both ports the same in a foreign connection between other hosts: possible, and then it is shown too. */
static bool ends_have(const struct ends *ends, const struct socket_facts *facts) {
    unsigned own = address_port(&facts->local), peer = address_port(&facts->peer);
    uint32_t key = own << 16 | peer;
    if (ends->listens[own / 8] >> own % 8 & 1)
        return true;
    return ends->count > 0 &&
           bsearch(&key, ends->ports, ends->count, sizeof(*ends->ports), compare_ports) != NULL;
}

void follow_all(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                const struct dump *dump) {
    struct ends *ends = mem_alloc(sizeof(*ends));
    if (!observer->private_network)
        ends_collect(ends, now);
    for (size_t i = 0; i < dump->count; i++) {
        const struct socket_facts *facts = &dump->facts[i];
        struct unowned unowned = {.why = why_by_state(facts->state), .fd = -1, .facts = *facts};
        if (facts->inode != 0 || !socket_is_tcp(facts) || is_held(now, facts->cookie))
            continue;
        bool known = remember(before, &unowned);
        if (known || observer->private_network || ends_have(ends, facts))
            push_unowned(now, &unowned);
    }
    free(ends->ports);
    free(ends);
    sort_unowned(now);
}

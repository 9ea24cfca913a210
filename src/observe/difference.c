/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing two snapshots; see difference.h. */
#include "observe/difference.h"

#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/escape.h"
#include "base/mem.h"
#include "observe/peer.h"
#include "observe/snapshot_parts.h"

/* ---- Collecting ---- */

struct comparison {
    const struct snapshot *before, *after;
    struct difference *difference;
    size_t room;
};

static struct change *add(struct comparison *c, enum change_type type, const char *actor, int fd,
                          const struct socket_facts *facts) {
    struct difference *d = c->difference;
    if (d->count == c->room)
        d->changes = mem_grow(d->changes, c->room = c->room * 2 + 8, sizeof(*d->changes));
    struct change *change = &d->changes[d->count++];
    *change = (struct change){.type = type, .fd = fd};
    strncpy(change->actor, actor, sizeof(change->actor) - 1);
    if (facts != NULL) {
        change->cookie = facts->cookie;
        change->from = change->to = facts->state;
        change->tcp = socket_is_tcp(facts);
        change->listens = facts->state == SOCKET_LISTEN;
    }
    return change;
}

static char *address_text(const struct sockaddr_storage *address, socklen_t length) {
    struct buf text = {0};
    address_endpoint(address, length, &text);
    return buf_take(&text);
}

/* NULL: it has no address at all. */
static char *ends_text(const struct socket_facts *facts) {
    struct buf text = {0};
    socket_ends(facts, &text);
    return text.length > 0 ? buf_take(&text) : NULL;
}

/* "TCP", "pipe, read end": what has appeared. */
static char *kind_text(const struct descriptor *descriptor) {
    struct buf text = {0};
    if (descriptor->kind == DESCRIPTOR_SOCKET && descriptor->facts_known) {
        socket_kind(&descriptor->socket, &text);
    } else if (descriptor->kind == DESCRIPTOR_SOCKET) {
        buf_add_text(&text, "socket");
    } else if (descriptor->kind == DESCRIPTOR_PIPE) {
        buf_addf(&text, "pipe, %s end", descriptor->access == 0 ? "read" : "write");
    } else if (descriptor->kind == DESCRIPTOR_EPOLL) {
        buf_add_text(&text, "epoll");
    } else {
        escape_text(&text, descriptor->target, strlen(descriptor->target));
    }
    return buf_take(&text);
}

/* The others who hold a socket, "fd 5, client fd 3"; NULL: nobody. */
static char *holders_text(const struct snapshot *snapshot, uint64_t cookie, const char *actor, int fd) {
    struct holder holders[8];
    struct buf text = {0};
    size_t count = snapshot_holders(snapshot, cookie, holders, 8);
    for (size_t i = 0; i < count && i < 8; i++) {
        const char *name = snapshot_actor(snapshot, holders[i].actor);
        if (strcmp(name, actor) == 0 && holders[i].fd == fd)
            continue;
        bool own = strcmp(name, actor) == 0;
        buf_addf(&text, "%s%s%sfd %d", text.length > 0 ? ", " : "", own ? "" : name, own ? "" : " ", holders[i].fd);
    }
    if (count > 8)
        buf_addf(&text, " and %zu more", count - 8);
    return text.length > 0 ? buf_take(&text) : NULL;
}

static void note_appeared(struct comparison *c, const char *actor, const struct descriptor *new) {
    const struct unowned *waited =
        c->before != NULL ? snapshot_unowned_find(c->before, new->socket.cookie) : NULL;
    bool is_socket = new->kind == DESCRIPTOR_SOCKET;
    char *others = is_socket ? holders_text(c->after, new->socket.cookie, actor, new->fd) : NULL;
    struct change *change = add(c, others != NULL ? CHANGE_SHARED : CHANGE_APPEARED, actor, new->fd,
                                is_socket ? &new->socket : NULL);
    change->text = others != NULL ? others : kind_text(new);
    change->waited = waited != NULL && waited->why == UNOWNED_WAITING;
    change->is = change->waited && new->socket.queues_known ? socket_receive_bytes(&new->socket) : 0;
    if (is_socket && others == NULL)
        change->ends = ends_text(&new->socket);
}

static void note_closed(struct comparison *c, const char *actor, const struct descriptor *old) {
    bool is_socket = old->kind == DESCRIPTOR_SOCKET;
    struct change *change = add(c, CHANGE_CLOSED, actor, old->fd, is_socket ? &old->socket : NULL);
    if (!is_socket || !old->facts_known)
        return;
    change->text = holders_text(c->after, old->socket.cookie, actor, -1);
    change->left = change->text != NULL;
}

/* What the other end had not read when it was closed, which makes its kernel send RST instead of FIN (RFC 2525
 * section 2.17); 0: that is not what happened, or not known. */
static uint64_t left_unread(const struct comparison *c, const struct socket_facts *old,
                            const struct socket_facts *new) {
    if (c->before == NULL || new->state != SOCKET_CLOSE || !socket_is_tcp(new))
        return 0;
    struct peer peer = snapshot_peer(c->before, old);
    bool closed = peer.kind == PEER_HELD && peer.facts->queues_known &&
                  snapshot_facts(c->after, peer.facts->cookie) == NULL;
    return closed ? peer.facts->receive_queue : 0;
}

static void note_state(struct comparison *c, const char *actor, int fd, const struct socket_facts *old,
                       const struct socket_facts *new) {
    if (old->state == new->state)
        return;
    struct change *change = add(c, CHANGE_STATE, actor, fd, new);
    change->from = old->state;
    change->timer_ms = new->timer == TIMER_TIME_WAIT ? new->timer_ms : 0;
    change->was = left_unread(c, old, new);
    change->is = new->receive_queue;
    change->most = new->send_queue;
}

static void note_queue(struct comparison *c, enum change_type type, uint32_t was, uint32_t is,
                       const char *actor, int fd, const struct socket_facts *facts) {
    if (was == is)
        return;
    struct change *change = add(c, type, actor, fd, facts);
    change->was = was;
    change->is = is;
    change->memory = facts->family != AF_UNIX && !socket_is_stream(facts);
}

static void note_queues(struct comparison *c, const char *actor, int fd, const struct socket_facts *old,
                        const struct socket_facts *new) {
    if (!new->queues_known || (old->state == SOCKET_LISTEN) != (new->state == SOCKET_LISTEN))
        return;
    if (new->state == SOCKET_LISTEN) {
        if (old->receive_queue == new->receive_queue && old->send_queue == new->send_queue)
            return;
        struct change *change = add(c, CHANGE_ACCEPT_QUEUE, actor, fd, new);
        change->was = old->receive_queue;
        change->is = new->receive_queue;
        change->most = new->send_queue;
        return;
    }
    if (socket_is_tcp(new) && new->state == SOCKET_CLOSE)
        return; /* what was in them is gone with the connection */
    note_queue(c, CHANGE_RECEIVE_QUEUE, socket_receive_bytes(old), socket_receive_bytes(new), actor, fd, new);
    /* Of a UNIX socket it is memory that the peer's unread bytes take up: told there. */
    if (new->family != AF_UNIX)
        note_queue(c, CHANGE_SEND_QUEUE, socket_send_bytes(old), socket_send_bytes(new), actor, fd, new);
}

static void note_addresses(struct comparison *c, const char *actor, int fd, const struct socket_facts *old,
                           const struct socket_facts *new) {
    bool other_local = socket_has_local(new) &&
                       !address_same(&old->local, old->local_length, &new->local, new->local_length);
    /* Each connect() that fails leaves another port behind, or by chance the same: nobody's choice, and no news. */
    if (socket_is_tcp(new) && new->state == SOCKET_CLOSE && old->state == SOCKET_CLOSE && socket_has_local(old))
        other_local = false;
    bool other_peer = !address_same(&old->peer, old->peer_length, &new->peer, new->peer_length);
    bool has_peer = new->peer_length != 0;
    char *ends = other_peer && has_peer ? ends_text(new) : NULL;
    if (ends != NULL)
        add(c, CHANGE_PEER, actor, fd, new)->text = ends;
    else if (other_local)
        add(c, CHANGE_LOCAL, actor, fd, new)->text = address_text(&new->local, new->local_length);
    /* TCP's CLOSE says it already. */
    if (other_peer && !has_peer && (!socket_is_tcp(new) || old->state == new->state))
        add(c, CHANGE_PEER, actor, fd, new);
    if (old->unix_peer != 0 && new->unix_peer == 0)
        add(c, CHANGE_PEER_GONE, actor, fd, new);
}

static void note_shutdown(struct comparison *c, const char *actor, int fd, const struct socket_facts *old,
                          const struct socket_facts *new) {
    bool receive = new->shutdown_receive && !old->shutdown_receive;
    bool send = new->shutdown_send && !old->shutdown_send;
    /* A change of TCP's state says it already, and of a UNIX socket that its peer is gone. */
    if (!new->shutdown_known || (!receive && !send) || old->state != new->state ||
        (old->unix_peer != 0 && new->unix_peer == 0))
        return;
    struct change *change = add(c, CHANGE_SHUTDOWN, actor, fd, new);
    change->was = receive;
    change->is = send;
}

static void note_options(struct comparison *c, const char *actor, const struct descriptor *old,
                         const struct descriptor *new) {
    if (!old->options.known || !new->options.known)
        return;
    for (size_t i = 0; sockopt_name(i) != NULL; i++) {
        struct buf text = {0};
        if (old->options.values[i] == new->options.values[i] || ((old->options.moot | new->options.moot) >> i & 1))
            continue;
        buf_addf(&text, "%s ", sockopt_name(i));
        sockopt_value_words(i, old->options.values[i], &text);
        buf_add_text(&text, " → ");
        sockopt_value_words(i, new->options.values[i], &text);
        add(c, CHANGE_OPTION, actor, new->fd, &new->socket)->text = buf_take(&text);
    }
}

static void compare_descriptors(struct comparison *c, const char *actor, const struct descriptor *old,
                                const struct descriptor *new) {
    const struct socket_facts *was = &old->socket, *is = &new->socket;
    bool same = old->kind == new->kind && old->inode == new->inode && strcmp(old->target, new->target) == 0;
    if (!same) {
        note_closed(c, actor, old);
        note_appeared(c, actor, new);
        return;
    }
    if (old->flags_known && new->flags_known && old->nonblocking != new->nonblocking)
        add(c, CHANGE_NONBLOCKING, actor, new->fd, is)->is = new->nonblocking;
    if (new->kind != DESCRIPTOR_SOCKET || !old->facts_known || !new->facts_known)
        return;
    note_state(c, actor, new->fd, was, is);
    note_addresses(c, actor, new->fd, was, is);
    note_queues(c, actor, new->fd, was, is);
    note_shutdown(c, actor, new->fd, was, is);
    note_options(c, actor, old, new);
}

static void compare_tables(struct comparison *c, const char *actor, const struct descriptor_table *before,
                           const struct descriptor_table *after) {
    for (int fd = table_differs(before, after, 0); fd >= 0; fd = table_differs(before, after, fd + 1)) {
        const struct descriptor *old = table_get(before, fd), *new = table_get(after, fd);
        if (old != NULL && new != NULL)
            compare_descriptors(c, actor, old, new);
        else if (old != NULL)
            note_closed(c, actor, old);
        else if (new != NULL)
            note_appeared(c, actor, new);
    }
}

static const struct seen_actor *counterpart(const struct snapshot *snapshot, const struct seen_actor *actor) {
    for (size_t i = 0; snapshot != NULL && i < snapshot->actor_count; i++)
        if (snapshot->actors[i].pid == actor->pid && strcmp(snapshot->actors[i].name, actor->name) == 0)
            return &snapshot->actors[i];
    return NULL;
}

static void compare_actors(struct comparison *c) {
    static const struct descriptor_table nothing = {0};
    for (size_t i = 0; c->before != NULL && i < c->before->actor_count; i++)
        if (counterpart(c->after, &c->before->actors[i]) == NULL)
            compare_tables(c, c->before->actors[i].name, &c->before->actors[i].table, &nothing);
    for (size_t i = 0; i < c->after->actor_count; i++) {
        const struct seen_actor *old = counterpart(c->before, &c->after->actors[i]);
        compare_tables(c, c->after->actors[i].name, old != NULL ? &old->table : &nothing,
                       &c->after->actors[i].table);
    }
}

/* ---- Sockets without an owner ---- */

/* By whom it comes from, if it waits; else by its own address. */
static void name_unowned(struct change *change, const struct unowned *unowned) {
    const struct socket_facts *facts = &unowned->facts;
    change->waited = unowned->why == UNOWNED_WAITING;
    change->text = change->waited ? address_text(&facts->peer, facts->peer_length)
                                  : address_text(&facts->local, facts->local_length);
}

/* Nobody can read from it yet, but its peer can send. */
static void note_waiting_queue(struct comparison *c, const struct unowned *old, const struct unowned *new) {
    uint32_t was = socket_receive_bytes(&old->facts), is = socket_receive_bytes(&new->facts);
    if (new->why != UNOWNED_WAITING || !old->facts.queues_known || !new->facts.queues_known || was == is)
        return;
    struct change *change = add(c, CHANGE_WAITING_QUEUE, new->actor, new->fd, &new->facts);
    change->was = was;
    change->is = is;
    name_unowned(change, new);
}

static void compare_unowned_pair(struct comparison *c, const struct unowned *old, const struct unowned *new) {
    note_waiting_queue(c, old, new);
    if (old->facts.state == new->facts.state)
        return;
    struct change *change = add(c, CHANGE_UNOWNED_STATE, new->actor, new->fd, &new->facts);
    change->from = old->facts.state;
    change->timer_ms = new->facts.timer_ms;
    name_unowned(change, new);
}

static void compare_unowned(struct comparison *c) {
    for (size_t i = 0; i < c->after->unowned_count; i++) {
        const struct unowned *new = &c->after->unowned[i];
        const struct unowned *old = c->before != NULL ? snapshot_unowned_find(c->before, new->facts.cookie) : NULL;
        if (old != NULL) {
            compare_unowned_pair(c, old, new);
            continue;
        }
        bool waits = new->why == UNOWNED_WAITING;
        struct change *change = add(c, waits ? CHANGE_WAITING : CHANGE_UNOWNED, new->actor, new->fd, &new->facts);
        change->timer_ms = new->facts.timer_ms;
        change->is = waits && new->facts.queues_known ? socket_receive_bytes(&new->facts) : 0;
        name_unowned(change, new);
    }
    for (size_t i = 0; c->before != NULL && i < c->before->unowned_count; i++) {
        const struct unowned *old = &c->before->unowned[i];
        if (snapshot_unowned_find(c->after, old->facts.cookie) != NULL ||
            snapshot_holders(c->after, old->facts.cookie, NULL, 0) > 0)
            continue;
        struct change *change = add(c, CHANGE_UNOWNED_GONE, old->actor, old->fd, &old->facts);
        name_unowned(change, old);
    }
}

void difference_find(const struct snapshot *before, const struct snapshot *after, struct difference *difference) {
    struct comparison comparison = {before, after, difference, 0};
    *difference = (struct difference){0};
    compare_actors(&comparison);
    compare_unowned(&comparison);
}

void difference_free(struct difference *difference) {
    for (size_t i = 0; i < difference->count; i++) {
        free(difference->changes[i].text);
        free(difference->changes[i].ends);
    }
    free(difference->changes);
    *difference = (struct difference){0};
}

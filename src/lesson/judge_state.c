/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is so in the kernel, and what went through a socket.  A socket is found
 * by the name that a lesson gives it:
 *
 *     client.sock ──▶ the board: sock is 3 ──▶ descriptor 3, if it is open
 *                                         └──▶ else the socket that was 3, by its cookie: it may live on
 *
 * An open descriptor is asked alone (about 5 µs), and so is a socket that was
 * asked for when it had one. Only for a stranger is everything looked at, once a
 * step: that can take a millisecond, since the kernel goes through a table with
 * room for all connections of the machine.
 */
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/escape.h"
#include "base/mem.h"
#include "call/option.h"
#include "lesson/judge_parts.h"
#include "shell/descriptor.h"
#include "shell/shell.h"
#include "shell/watch.h"

/* ---- Which descriptor, which socket ---- */

/* The number that a name stands for now; else what is seen instead. */
static bool find_number(struct judging *judging, const struct named_socket *named, int *fd) {
    const struct shell *shell = judging->evidence->shell;
    const struct actor *actor = shell ? crew_find(shell->crew, named->actor) : NULL;
    *fd = named->fd;
    if (!named->variable || (actor && descriptor_named(actor, named->variable, fd)))
        return true;
    buf_addf(&judging->seen, "%s has no int %s", named->actor, named->variable);
    return false;
}

void acquaintance_free(struct acquaintance *acquaintance) {
    free(acquaintance->sockets);
    *acquaintance = (struct acquaintance){0};
}

/* One more, or what is new of one. */
static void meet(struct acquaintance *known, const struct socket_facts *facts) {
    size_t i = 0;
    while (i < known->count && known->sockets[i].cookie != facts->cookie)
        i++;
    if (i == known->count)
        known->sockets = mem_grow(known->sockets, ++known->count, sizeof(*known->sockets));
    known->sockets[i] = *facts;
}

static struct socket_facts *acquainted(struct acquaintance *known, uint64_t cookie) {
    for (size_t i = 0; cookie != 0 && i < known->count; i++)
        if (known->sockets[i].cookie == cookie && socket_has_peer(&known->sockets[i]))
            return &known->sockets[i];
    return NULL;
}

/* Among all that have none. */
static const struct socket_facts *find_stranger(struct evidence *evidence, const char *actor, int fd,
                                                uint64_t cookie) {
    const struct unowned *unowned;
    if (!evidence->now)
        evidence->now = shell_look(evidence->shell);
    for (size_t i = 0; (unowned = snapshot_unowned(evidence->now, i)) != NULL; i++) {
        /* No call may have been made on it, and it may have been seen all the same. */
        bool same = unowned->fd == fd && strcmp(unowned->actor, actor) == 0;
        if (cookie != 0 ? unowned->facts.cookie == cookie : same)
            return &unowned->facts;
    }
    return NULL;
}

/* A socket whose descriptor is gone. */
static const struct socket_facts *find_unowned(struct evidence *evidence, const char *actor, int fd) {
    uint64_t cookie = journal_last_cookie(evidence->journal, actor, fd);
    struct socket_facts *known = acquainted(evidence->known, cookie);
    if (!known)
        return find_stranger(evidence, actor, fd, cookie);
    return observe_again(shell_observer(evidence->shell), known) ? known : NULL;
}

/* In TIME_WAIT the kernel keeps something smaller in the socket's place, under its cookie: an open descriptor's own
 * socket says CLOSE then, and has forgotten the peer by whose address that other could be found. */
static bool waits_behind(struct evidence *evidence, const struct socket_facts *asked, struct socket_facts *facts) {
    struct socket_facts *known = acquainted(evidence->known, asked->cookie);
    if (!known || asked->state != SOCKET_CLOSE || !socket_is_tcp(asked))
        return false;
    if (!observe_again(shell_observer(evidence->shell), known) || known->state != SOCKET_TIME_WAIT)
        return false;
    *facts = *known;
    return true;
}

enum whereabouts { IS_OPEN, IS_UNOWNED, IS_CLOSED, IS_UNKNOWN };

/* Ask the kernel. IS_UNKNOWN: what is the matter stands in judging->seen. */
static enum whereabouts find_socket(struct judging *judging, const struct named_socket *named,
                                    struct socket_facts *facts) {
    struct shell *shell = judging->evidence->shell;
    struct actor *actor = shell ? crew_find(shell->crew, named->actor) : NULL;
    struct watched watched;
    struct descriptor descriptor;
    int fd;
    if (!actor) {
        buf_add_text(&judging->seen, "nobody who could be asked");
        return IS_UNKNOWN;
    }
    if (!find_number(judging, named, &fd))
        return IS_UNKNOWN;
    watch_actor(actor, &watched);
    if (!observe_descriptor(shell_observer(shell), &watched, fd, &descriptor)) {
        const struct socket_facts *unowned = find_unowned(judging->evidence, named->actor, fd);
        if (unowned)
            *facts = *unowned;
        return unowned ? IS_UNOWNED : IS_CLOSED;
    }
    if (descriptor.kind != DESCRIPTOR_SOCKET) {
        buf_addf(&judging->seen, "fd %d of %s is no socket: %s", fd, named->actor,
                 descriptor.kind == DESCRIPTOR_PIPE ? "a pipe" : descriptor.target);
        return IS_UNKNOWN;
    }
    if (!descriptor.facts_known) {
        buf_add_text(&judging->seen, "a socket that the kernel does not let us ask");
        return IS_UNKNOWN;
    }
    if (waits_behind(judging->evidence, &descriptor.socket, facts))
        return IS_OPEN;
    *facts = descriptor.socket;
    meet(judging->evidence->known, facts);
    return IS_OPEN;
}

/* For those expectations that need a socket which still exists. */
static bool need_socket(struct judging *judging, const struct named_socket *named,
                        struct socket_facts *facts) {
    switch (find_socket(judging, named, facts)) {
    case IS_OPEN:
    case IS_UNOWNED:
        return true;
    case IS_CLOSED:
        buf_add_text(&judging->seen, "closed");
        return false;
    case IS_UNKNOWN:
        break;
    }
    return false;
}

/* ---- State, queues, addresses, options ---- */

bool judge_state(struct judging *judging, const struct expectation *e) {
    struct socket_facts facts;
    enum whereabouts where = find_socket(judging, &e->socket, &facts);
    if (where != IS_UNKNOWN)
        buf_add_text(&judging->instead, where == IS_CLOSED ? "closed" : socket_condition(&facts));
    bool wants_closed = strcmp(e->wanted, "closed") == 0;
    switch (where) {
    case IS_OPEN:
        buf_add_text(&judging->seen, socket_condition(&facts));
        break;
    case IS_UNOWNED:
        buf_addf(&judging->seen, "%s, without descriptor", socket_condition(&facts));
        break;
    case IS_CLOSED:
        buf_add_text(&judging->seen, "closed");
        return wants_closed;
    case IS_UNKNOWN:
        return false;
    }
    return wants_closed ? where == IS_UNOWNED : strcmp(socket_condition(&facts), e->wanted) == 0;
}

static bool number_meets(const struct judging *judging, const struct expectation *e, int64_t number) {
    if (e->any)
        return number > 0;
    if (judging->how == JUDGE_OWN_WORDS)
        return (number > 0) == (e->number > 0);
    return number == e->number;
}

bool judge_queue(struct judging *judging, const struct expectation *e) {
    struct socket_facts facts;
    if (!need_socket(judging, &e->socket, &facts))
        return false;
    bool listens = facts.state == SOCKET_LISTEN;
    if (!facts.queues_known || listens != (e->queue == QUEUE_ACCEPT)) {
        buf_addf(&judging->seen, "%s: no such queue%s", socket_condition(&facts),
                 facts.queues_known ? "" : " is known");
        return false;
    }
    switch (e->queue) {
    case QUEUE_RECEIVE:
        buf_addf(&judging->seen, "receive %u", socket_receive_bytes(&facts));
        buf_addf(&judging->instead, "%u", socket_receive_bytes(&facts));
        return number_meets(judging, e, socket_receive_bytes(&facts));
    case QUEUE_SEND:
        buf_addf(&judging->seen, "send %u", socket_send_bytes(&facts));
        buf_addf(&judging->instead, "%u", socket_send_bytes(&facts));
        return number_meets(judging, e, socket_send_bytes(&facts));
    case QUEUE_ACCEPT:
        buf_addf(&judging->seen, "accept %u of %u", facts.receive_queue, facts.send_queue);
        buf_addf(&judging->instead, "%u of %u", facts.receive_queue, facts.send_queue);
        return number_meets(judging, e, facts.receive_queue) && (e->of < 0 || e->of == facts.send_queue);
    }
    return false;
}

bool judge_address(struct judging *judging, const struct expectation *e) {
    struct socket_facts facts, other;
    if (!need_socket(judging, &e->socket, &facts))
        return false;
    bool local = e->kind == EXPECT_LOCAL;
    const struct sockaddr_storage *address = local ? &facts.local : &facts.peer;
    socklen_t length = local ? facts.local_length : facts.peer_length;
    if (!(local ? socket_has_local(&facts) : socket_has_peer(&facts)) || length == 0) {
        buf_add_text(&judging->seen, local ? "no address" : "no peer");
        return false;
    }
    address_show(address, length, &judging->seen);
    if (e->wanted)
        return matches(e->wanted, buf_text(&judging->seen));
    buf_add_text(&judging->seen, ", and for the other ");
    if (!need_socket(judging, &e->other, &other))
        return false;
    address_show(&other.local, other.local_length, &judging->seen);
    return address_same(address, length, &other.local, other.local_length);
}

/* "[1]" of a getsockopt() in a transcript is 1 here. */
static void see_value(struct buf *seen, const struct option_value *value) {
    struct buf shown = {0};
    option_show(value->level, value->option, value->bytes, value->length, &shown);
    bool bare = shown.length > 2 && shown.data[0] == '[';
    buf_add(seen, buf_text(&shown) + bare, shown.length - (bare ? 2 : 0));
    buf_free(&shown);
}

bool judge_option(struct judging *judging, const struct expectation *e) {
    struct shell *shell = judging->evidence->shell;
    struct socket_facts facts;
    struct watched watched;
    struct depth depth;
    int fd;
    bool met = false, known = false;
    if (!need_socket(judging, &e->socket, &facts) || !find_number(judging, &e->socket, &fd))
        return false;
    watch_actor(crew_find(shell->crew, e->socket.actor), &watched);
    if (observe_depth(shell_observer(shell), &watched, fd, &depth)) {
        for (size_t i = 0; i < depth.option_count && !known; i++) {
            known = strcmp(depth.options[i].name, e->option) == 0;
            if (known)
                see_value(&judging->seen, &depth.options[i]);
        }
        met = known && strcmp(buf_text(&judging->seen), e->wanted) == 0;
        buf_add_text(&judging->instead, buf_text(&judging->seen));
    }
    if (!known)
        buf_addf(&judging->seen, "a socket that has no %s to read", e->option);
    depth_free(&depth);
    return met;
}

/* ---- What went through a socket, and what changed in it: the journal tells ---- */

bool judge_traffic(struct judging *judging, const struct expectation *e) {
    struct buf bytes = {0};
    const struct event *event;
    int fd;
    if (!find_number(judging, &e->socket, &fd))
        return false;
    uint64_t cookie = journal_last_cookie(judging->journal, e->socket.actor, fd);
    for (uint64_t number = judging->before; (event = next_event(judging, EVENT_RETURNED, e->actor, &number));)
        if (event->data_out == (e->kind == EXPECT_SENT) && event->fd == fd && event->cookie == cookie)
            buf_add(&bytes, event->data, event->data_length);
    bool met = judging->how == JUDGE_OWN_WORDS
                   ? bytes.length > 0
                   : memmem(buf_text(&bytes), bytes.length, e->wanted, e->wanted_length) != NULL;
    if (bytes.length > 0)
        escape_c_quoted(&judging->seen, bytes.data, bytes.length, SEEN_MAX);
    if (bytes.length > 0 && bytes.length <= SEEN_MAX)
        buf_add_text(&judging->instead, buf_text(&judging->seen));
    if (bytes.length == 0)
        buf_addf(&judging->seen, "nothing was %s", e->kind == EXPECT_SENT ? "sent" : "received");
    buf_free(&bytes);
    return met;
}

bool judge_changes(struct judging *judging, const struct expectation *e) {
    const struct event *event;
    int fd = -1;
    if (e->socket.actor && !find_number(judging, &e->socket, &fd))
        return false;
    for (uint64_t number = judging->before;
         (event = next_event(judging, EVENT_CHANGE, e->socket.actor, &number));) {
        if (fd >= 0 && event->fd != fd)
            continue;
        if (judging->seen.length < SEEN_MAX)
            buf_addf(&judging->seen, "%s%s", judging->seen.length > 0 ? "; " : "", event->text);
        if (matches(e->wanted, event->text))
            return true;
    }
    if (judging->seen.length == 0)
        buf_add_text(&judging->seen, "nothing changed");
    return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ends of a connection; see ends.h. */
#include "shell/ends.h"

#include <string.h>

#include "base/address.h"
#include "journal/streams.h"
#include "observe/peer.h"
#include "shell/watch.h"

#define HOLDERS_MOST 8

void end_free(struct known_end *end) {
    buf_free(&end->name);
    buf_free(&end->note);
    buf_free(&end->who);
}

bool end_is_datagram(const struct known_end *end) {
    int type = end->end.facts != NULL    ? end->end.facts->type
               : end->end.stream != NULL ? end->end.stream->type
                                         : 0;
    return type != 0 && type != SOCK_STREAM && type != SOCK_SEQPACKET;
}

/* ---- Names ---- */

static bool is_mentioned(const struct known_end *end, const char *name) {
    size_t length = strlen(name);
    for (const char *at = buf_text(&end->who); (at = strstr(at, name)) != NULL; at += length)
        if ((at == buf_text(&end->who) || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

static void add_holder(struct known_end *end, const char *actor, int fd) {
    if (end->name.length == 0)
        buf_addf(&end->name, "%s fd %d", actor, fd);
    else
        buf_addf(&end->note, "%s%s fd %d", end->note.length == 0 ? "shared with " : ", ", actor, fd);
    if (!is_mentioned(end, actor))
        buf_addf(&end->who, "%s%s", end->who.length == 0 ? "" : " or ", actor);
}

static void name_holders(const struct snapshot *snapshot, const struct holder *holders, size_t count,
                         const char *actor, int fd, struct known_end *end) {
    size_t first = 0;
    for (size_t i = 0; actor != NULL && i < count; i++)
        if (holders[i].fd == fd && strcmp(snapshot_actor(snapshot, holders[i].actor), actor) == 0)
            first = i;
    add_holder(end, snapshot_actor(snapshot, holders[first].actor), holders[first].fd);
    for (size_t i = 0; i < count; i++)
        if (i != first)
            add_holder(end, snapshot_actor(snapshot, holders[i].actor), holders[i].fd);
}

static void name_closed(const struct unowned *unowned, const char *actor, int fd, struct known_end *end) {
    const struct stream_holder *last = end->end.stream != NULL ? stream_last_holder(end->end.stream) : NULL;
    end->end.standing = END_CLOSED;
    buf_add_text(&end->note, "closed");
    if (actor != NULL)
        buf_addf(&end->name, "%s fd %d", actor, fd);
    else if (last != NULL)
        buf_addf(&end->name, "%s fd %d", last->actor, last->fd);
    else if (unowned != NULL && unowned->actor[0] != '\0')
        buf_addf(&end->name, "%s fd %d", unowned->actor, unowned->fd);
    else
        buf_add_text(&end->name, "the other end");
    buf_add_text(&end->who, actor != NULL ? actor : last != NULL ? last->actor : "the peer");
}

static void name_waiting(struct known_end *end) {
    end->end.standing = END_WAITING;
    buf_add_text(&end->name, "a connection not accepted yet");
    buf_add_text(&end->who, "anybody");
}

static void name_elsewhere(const struct socket_facts *own, struct known_end *end) {
    end->end.standing = END_ELSEWHERE;
    if (own != NULL && own->peer_length > sizeof(sa_family_t)) {
        address_endpoint(&own->peer, own->peer_length, &end->name);
        buf_add_text(&end->note, "no actor's");
    } else {
        buf_add_text(&end->name, "the other end");
        buf_add_text(&end->note, "gone");
    }
    buf_add_text(&end->who, "the peer");
}

/* ---- Peers ---- */

static bool listens_at(const struct snapshot *snapshot, unsigned port) {
    for (size_t i = 0; i < snapshot_actors(snapshot); i++)
        for (const struct descriptor *at = snapshot_next(snapshot, i, 0); at != NULL;
             at = snapshot_next(snapshot, i, at->fd + 1))
            if (at->kind == DESCRIPTOR_SOCKET && at->socket.state == SOCKET_LISTEN &&
                address_port(&at->socket.local) == port)
                return true;
    return false;
}

/* A connection that waits to be accepted, or that its owner has closed, may be another program's just as well. */
static bool is_ours(const struct shell *shell, const struct snapshot *snapshot, const struct peer *peer) {
    if (peer->kind != PEER_UNOWNED || shell->private_network)
        return true;
    const struct unowned *unowned = snapshot_unowned_find(snapshot, peer->facts->cookie);
    const struct stream *stream = streams_find(shell->streams, peer->facts->cookie);
    return (unowned != NULL && unowned->actor[0] != '\0') ||
           (stream != NULL && stream_last_holder(stream) != NULL) ||
           listens_at(snapshot, address_port(&peer->facts->local));
}

static struct peer find_peer(const struct shell *shell, const struct snapshot *snapshot,
                             const struct socket_facts *facts) {
    struct peer peer = snapshot_peer(snapshot, facts);
    return is_ours(shell, snapshot, &peer) ? peer : (struct peer){.kind = PEER_ELSEWHERE, .fd = -1};
}

/* ---- Ends ---- */

/* After the names are complete: nothing moves any more. */
static void seal(struct known_end *end) {
    end->end.name = buf_text(&end->name);
    end->end.note = buf_text(&end->note);
    end->end.who = buf_text(&end->who);
}

static void take_facts(struct shell *shell, const struct socket_facts *facts, struct known_end *end) {
    if (facts == NULL)
        return;
    end->facts = *facts;
    if (socket_is_tcp(facts) && facts->state != SOCKET_LISTEN)
        observe_detail(shell_observer(shell), &end->facts);
    end->end.facts = &end->facts;
}

void end_of(struct shell *shell, const struct snapshot *snapshot, uint64_t cookie, const char *actor, int fd,
            struct known_end *end) {
    struct holder holders[HOLDERS_MOST];
    size_t count = snapshot_holders(snapshot, cookie, holders, HOLDERS_MOST);
    const struct unowned *unowned = snapshot_unowned_find(snapshot, cookie);
    *end = (struct known_end){.end = {.standing = END_OPEN, .stream = streams_find(shell->streams, cookie)}};
    if (count > 0)
        name_holders(snapshot, holders, count < HOLDERS_MOST ? count : HOLDERS_MOST, actor, fd, end);
    else if (unowned != NULL && unowned->why == UNOWNED_WAITING)
        name_waiting(end);
    else
        name_closed(unowned, actor, fd, end);
    take_facts(shell, snapshot_facts(snapshot, cookie), end);
    seal(end);
}

bool end_other(struct shell *shell, const struct snapshot *snapshot, const struct known_end *own,
               struct known_end *other) {
    const struct stream *stream = own->end.stream;
    struct peer peer = {.kind = PEER_NONE};
    *other = (struct known_end){0};
    if (stream != NULL && stream->peer != 0) {
        end_of(shell, snapshot, stream->peer, NULL, -1, other);
        return true;
    }
    if (own->end.facts != NULL)
        peer = find_peer(shell, snapshot, own->end.facts);
    if (peer.facts != NULL) {
        streams_pair(shell->streams, own->facts.cookie, peer.facts->cookie);
        end_of(shell, snapshot, peer.facts->cookie, NULL, -1, other);
        return true;
    }
    bool moved = stream != NULL && stream->sent.calls + stream->received.calls > 0;
    if (peer.kind == PEER_NONE && !moved)
        return false;
    if (peer.kind == PEER_WAITING)
        name_waiting(other);
    else
        name_elsewhere(own->end.facts, other);
    seal(other);
    return true;
}

/* The socket whose peer a call makes known: the one that data went through, that connected, or that was
 * accepted; -1: none.  A peer may be gone before anything is sent. */
static int64_t socket_of(const struct event *event) {
    bool accepts = strcmp(event->name, "accept") == 0 || strcmp(event->name, "accept4") == 0;
    if (accepts)
        return event->result;
    return event->socket_type != 0 || strcmp(event->name, "connect") == 0 ? event->fd : -1;
}

void ends_learn(struct shell *shell, const struct snapshot *now, const struct event *const *events,
                size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct event *event = events[i];
        int64_t fd = event->type == EVENT_RETURNED ? socket_of(event) : -1;
        size_t actor = snapshot_actor_named(now, event->actor);
        if (fd < 0 || fd > INT32_MAX || actor == SIZE_MAX)
            continue;
        const struct descriptor *own = snapshot_get(now, actor, (int)fd);
        if (own == NULL || own->kind != DESCRIPTOR_SOCKET || !own->facts_known ||
            (fd == event->fd && own->socket.cookie != event->cookie) ||
            !streams_want_peer(shell->streams, own->socket.cookie))
            continue;
        struct peer peer = find_peer(shell, now, &own->socket);
        if (peer.facts != NULL)
            streams_pair(shell->streams, own->socket.cookie, peer.facts->cookie);
    }
}

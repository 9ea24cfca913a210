/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ends of connections, named; see ends.h. */
#include "view/ends.h"

#include <string.h>

#include "base/address.h"

#define HOLDERS_MOST 8

void end_free(struct known_end *known) {
    buf_free(&known->name);
    buf_free(&known->note);
    buf_free(&known->who);
}

bool end_is_datagram(const struct known_end *known) {
    int type = known->end.facts != NULL    ? known->end.facts->type
               : known->end.stream != NULL ? known->end.stream->type
                                           : 0;
    return type != 0 && type != SOCK_STREAM && type != SOCK_SEQPACKET;
}

/* ---- Names ---- */

static bool is_mentioned(const struct known_end *known, const char *name) {
    size_t length = strlen(name);
    for (const char *at = buf_text(&known->who); (at = strstr(at, name)) != NULL; at += length)
        if ((at == buf_text(&known->who) || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

static void add_holder(struct known_end *known, const char *actor, int fd) {
    if (known->name.length == 0)
        buf_addf(&known->name, "%s fd %d", actor, fd);
    else
        buf_addf(&known->note, "%s%s fd %d", known->note.length == 0 ? "shared with " : ", ", actor, fd);
    if (!is_mentioned(known, actor))
        buf_addf(&known->who, "%s%s", known->who.length == 0 ? "" : " or ", actor);
}

static void name_holders(const struct snapshot *snapshot, const struct holder *holders, size_t count,
                         const char *actor, int fd, struct known_end *known) {
    size_t first = 0;
    for (size_t i = 0; actor != NULL && i < count; i++)
        if (holders[i].fd == fd && strcmp(snapshot_actor(snapshot, holders[i].actor), actor) == 0)
            first = i;
    add_holder(known, snapshot_actor(snapshot, holders[first].actor), holders[first].fd);
    for (size_t i = 0; i < count; i++)
        if (i != first)
            add_holder(known, snapshot_actor(snapshot, holders[i].actor), holders[i].fd);
}

static void name_end(struct known_end *known, const char *actor, int fd) {
    buf_addf(&known->name, "%s fd %d", actor, fd);
    buf_add_text(&known->who, actor);
}

static void name_closed(const struct unowned *unowned, const char *actor, int fd, struct known_end *known) {
    const struct stream_holder *last = known->end.stream != NULL ? stream_last_holder(known->end.stream) : NULL;
    known->end.standing = END_CLOSED;
    buf_add_text(&known->note, "closed");
    if (actor != NULL) {
        name_end(known, actor, fd);
    } else if (last != NULL) {
        name_end(known, last->actor, last->fd);
    } else if (unowned != NULL && unowned->actor[0] != '\0') {
        name_end(known, unowned->actor, unowned->fd);
    } else {
        buf_add_text(&known->name, "the other end");
        buf_add_text(&known->who, "the peer");
    }
}

static void name_waiting(struct known_end *known) {
    known->end.standing = END_WAITING;
    buf_add_text(&known->name, "a connection not accepted yet");
    buf_add_text(&known->who, "anybody");
}

static void name_elsewhere(const struct socket_facts *own, struct known_end *known) {
    known->end.standing = END_ELSEWHERE;
    if (own != NULL && own->peer_length > sizeof(sa_family_t)) {
        address_endpoint(&own->peer, own->peer_length, &known->name);
        buf_add_text(&known->note, "no actor's");
    } else {
        buf_add_text(&known->name, "the other end");
        buf_add_text(&known->note, "gone");
    }
    buf_add_text(&known->who, "the peer");
}

/* ---- Who is whose other end ---- */

struct peer end_peer(const struct snapshot *snapshot, const struct streams *streams,
                     const struct socket_facts *facts) {
    struct peer peer = snapshot_peer(snapshot, facts);
    if (peer.kind != PEER_STRANGER)
        return peer;
    /* An actor may have had it, and no snapshot was taken meanwhile. */
    const struct stream *stream = streams_find(streams, peer.facts->cookie);
    if (stream != NULL && stream_last_holder(stream) != NULL) {
        peer.kind = PEER_UNOWNED;
        return peer;
    }
    return (struct peer){.kind = PEER_ELSEWHERE, .fd = -1};
}

uint64_t end_other_cookie(const struct snapshot *snapshot, const struct streams *streams,
                          const struct stream *stream) {
    const struct socket_facts *facts =
        stream->peer == 0 && snapshot != NULL ? snapshot_facts(snapshot, stream->cookie) : NULL;
    if (facts == NULL)
        return stream->peer;
    struct peer peer = end_peer(snapshot, streams, facts);
    return peer.facts != NULL ? peer.facts->cookie : 0;
}

/* ---- Ends ---- */

/* After the names are complete: nothing moves any more. */
static void seal(struct known_end *known) {
    known->end.name = buf_text(&known->name);
    known->end.note = buf_text(&known->note);
    known->end.who = buf_text(&known->who);
}

void end_find(const struct snapshot *snapshot, const struct streams *streams, uint64_t cookie, const char *actor,
              int fd, struct known_end *known) {
    struct holder holders[HOLDERS_MOST];
    size_t count = snapshot != NULL ? snapshot_holders(snapshot, cookie, holders, HOLDERS_MOST) : 0;
    const struct unowned *unowned = snapshot != NULL ? snapshot_unowned_find(snapshot, cookie) : NULL;
    *known = (struct known_end){.end = {.standing = END_OPEN, .stream = streams_find(streams, cookie)}};
    if (count > 0)
        name_holders(snapshot, holders, count < HOLDERS_MOST ? count : HOLDERS_MOST, actor, fd, known);
    else if (unowned != NULL && unowned->why == UNOWNED_WAITING)
        name_waiting(known);
    else
        name_closed(unowned, actor, fd, known);
    known->end.facts = snapshot != NULL ? snapshot_facts(snapshot, cookie) : NULL;
    seal(known);
}

void end_ask(struct observer *observer, struct known_end *known) {
    const struct socket_facts *facts = known->end.facts;
    if (facts == NULL || !socket_is_tcp(facts) || facts->state == SOCKET_LISTEN)
        return;
    known->asked = *facts;
    observe_detail(observer, &known->asked);
    known->end.facts = &known->asked;
}

bool end_find_other(const struct snapshot *snapshot, const struct streams *streams, const struct known_end *own,
                    struct known_end *other) {
    const struct stream *stream = own->end.stream;
    const struct socket_facts *facts = own->end.facts;
    struct peer peer = {.kind = PEER_NONE};
    *other = (struct known_end){0};
    if (stream != NULL && stream->peer != 0) {
        end_find(snapshot, streams, stream->peer, NULL, -1, other);
        return true;
    }
    if (facts != NULL)
        peer = end_peer(snapshot, streams, facts);
    if (peer.facts != NULL) {
        end_find(snapshot, streams, peer.facts->cookie, NULL, -1, other);
        return true;
    }
    bool moved = stream != NULL && stream->sent.calls + stream->received.calls > 0;
    if (peer.kind == PEER_NONE && !moved)
        return false;
    if (peer.kind == PEER_WAITING)
        name_waiting(other);
    else
        name_elsewhere(facts, other);
    seal(other);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two ends of a connection; see stream_ends.h. */
#include "view/stream_ends.h"

#include <string.h>

#include "base/address.h"
#include "observe/peer.h"
#include "view/panes.h"

static bool moved(const struct stream *stream) {
    return stream->sent.calls > 0 || stream->received.calls > 0;
}

/* The other end's cookie, 0: not known. The book has it from when it was learnt; else the kernel may say. */
static uint64_t other_end(const struct scene *scene, const struct stream *stream) {
    const struct socket_facts *facts =
        stream->peer == 0 && scene->snapshot != NULL ? snapshot_facts(scene->snapshot, stream->cookie) : NULL;
    if (facts == NULL)
        return stream->peer;
    struct peer peer = snapshot_peer(scene->snapshot, facts);
    return peer.facts != NULL ? peer.facts->cookie : 0;
}

/* Both ends are one choice: the older socket speaks for them. */
static uint64_t spokesman(const struct scene *scene, const struct stream *stream) {
    uint64_t other = other_end(scene, stream);
    return other != 0 && other < stream->cookie ? other : stream->cookie;
}

static bool is_held(const struct scene *scene, uint64_t cookie) {
    struct holder holder;
    return cookie != 0 && snapshot_holders(scene->snapshot, cookie, &holder, 1) > 0;
}

/* Has anybody a descriptor for either end?  Not known before anything was looked at. */
static bool is_alive(const struct scene *scene, const struct stream *stream) {
    return scene->snapshot == NULL || is_held(scene, stream->cookie) ||
           is_held(scene, other_end(scene, stream));
}

static const struct stream *choose(const struct scene *scene) {
    const struct stream *wished =
        scene->wishes.stream != 0 ? streams_find(scene->streams, scene->wishes.stream) : NULL;
    if (wished != NULL)
        return wished;
    /* The one touched last; one that both ends have closed gives way to any that is alive. */
    const struct stream *dead = NULL;
    for (const struct stream *at = streams_newest(scene->streams); at != NULL; at = stream_older(at)) {
        if (moved(at) && is_alive(scene, at))
            return at;
        if (moved(at) && dead == NULL)
            dead = at;
    }
    return dead;
}

bool bytes_want(const struct scene *scene) {
    return scene->streams != NULL && choose(scene) != NULL;
}

/* ---- An end ---- */

static const struct socket_facts *facts_of(const struct snapshot *snapshot, const struct holder *holder) {
    const struct descriptor *descriptor = snapshot_get(snapshot, holder->actor, holder->fd);
    return descriptor != NULL && descriptor->facts_known ? &descriptor->socket : NULL;
}

static void name_end(struct stream_end *end, const char *actor, int fd) {
    buf_addf(&end->name, "%s fd %d", actor, fd);
    buf_add_text(&end->who, actor);
}

/* Nobody has a descriptor for it. */
static void find_closed(const struct scene *scene, uint64_t cookie, struct stream_end *end) {
    const struct unowned *unowned =
        scene->snapshot != NULL ? snapshot_unowned_find(scene->snapshot, cookie) : NULL;
    const struct stream_holder *last = end->end.stream != NULL ? stream_last_holder(end->end.stream) : NULL;
    end->end.facts = unowned != NULL ? &unowned->facts : NULL;
    end->end.standing = unowned != NULL && unowned->why == UNOWNED_WAITING ? END_WAITING : END_CLOSED;
    if (end->end.standing == END_WAITING)
        buf_add_text(&end->name, "not accepted yet"), buf_add_text(&end->who, "anybody");
    else if (last != NULL)
        name_end(end, last->actor, last->fd);
    else if (unowned != NULL && unowned->actor[0] != '\0')
        name_end(end, unowned->actor, unowned->fd);
    else
        buf_add_text(&end->name, "the other end"), buf_add_text(&end->who, "the peer");
    if (end->end.standing == END_CLOSED)
        buf_add_text(&end->name, " (closed)");
}

static void find_end(const struct scene *scene, uint64_t cookie, struct stream_end *end) {
    struct holder holder;
    end->end.stream = streams_find(scene->streams, cookie);
    if (scene->snapshot != NULL && snapshot_holders(scene->snapshot, cookie, &holder, 1) > 0) {
        end->end.standing = END_OPEN;
        end->end.facts = facts_of(scene->snapshot, &holder);
        name_end(end, snapshot_actor(scene->snapshot, holder.actor), holder.fd);
    } else {
        find_closed(scene, cookie, end);
    }
}

/* Another program's, or one of which nobody knows any more. */
static void find_elsewhere(const struct socket_facts *own, struct stream_end *end) {
    end->end.standing = END_ELSEWHERE;
    if (own != NULL && own->peer_length > sizeof(sa_family_t))
        address_endpoint(&own->peer, own->peer_length, &end->name);
    else
        buf_add_text(&end->name, "the other end");
    buf_add_text(&end->who, "the peer");
}

static void seal(struct stream_end *end) {
    end->end.name = buf_text(&end->name);
    end->end.note = buf_text(&end->note);
    end->end.who = buf_text(&end->who);
}

bool stream_ends_find(const struct scene *scene, struct stream_ends *ends) {
    const struct stream *stream = scene->streams != NULL ? choose(scene) : NULL;
    *ends = (struct stream_ends){0};
    if (stream == NULL)
        return false;
    uint64_t own = spokesman(scene, stream),
             other = stream->cookie == own ? other_end(scene, stream) : stream->cookie;
    find_end(scene, own, &ends->own);
    const struct socket_facts *facts = ends->own.end.facts;
    int type = facts != NULL ? facts->type : stream->type;
    ends->datagrams = other == 0 && type != SOCK_STREAM && type != SOCK_SEQPACKET;
    if (other != 0)
        find_end(scene, other, &ends->other);
    else if (!ends->datagrams)
        find_elsewhere(facts, &ends->other);
    seal(&ends->own);
    seal(&ends->other);
    return true;
}

static void end_free(struct stream_end *end) {
    buf_free(&end->name);
    buf_free(&end->note);
    buf_free(&end->who);
}

void stream_ends_free(struct stream_ends *ends) {
    end_free(&ends->own);
    end_free(&ends->other);
}

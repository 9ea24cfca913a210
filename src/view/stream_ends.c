/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which connection the bytes' pane shows; see stream_ends.h. */
#include "view/stream_ends.h"

#include "view/panes.h"

static bool moved(const struct stream *stream) {
    return stream->sent.calls > 0 || stream->received.calls > 0;
}

static uint64_t other_end(const struct scene *scene, const struct stream *stream) {
    return end_other_cookie(scene->snapshot, scene->streams, stream);
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

bool stream_ends_find(const struct scene *scene, struct stream_ends *ends) {
    const struct stream *stream = scene->streams != NULL ? choose(scene) : NULL;
    *ends = (struct stream_ends){0};
    if (stream == NULL)
        return false;
    uint64_t own = spokesman(scene, stream),
             other = stream->cookie == own ? other_end(scene, stream) : stream->cookie;
    end_find(scene->snapshot, scene->streams, own, NULL, -1, &ends->own);
    ends->datagrams = other == 0 && end_is_datagram(&ends->own);
    if (other != 0)
        end_find(scene->snapshot, scene->streams, other, NULL, -1, &ends->other);
    else if (!ends->datagrams)
        end_find_other(scene->snapshot, scene->streams, &ends->own, &ends->other);
    return true;
}

void stream_ends_free(struct stream_ends *ends) {
    end_free(&ends->own);
    end_free(&ends->other);
}

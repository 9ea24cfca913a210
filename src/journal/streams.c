/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The book of streams; see streams.h. */
#include "journal/streams.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"

#define SLOTS 1024 /* of the hash by cookie; a power of two */
#define ASK_MOST 3 /* looks for a peer */
#define ADDRESS_MAX sizeof(struct sockaddr_storage)

struct streams {
    struct journal *journal;
    struct stream *slots[SLOTS];
    struct stream *newest, *oldest;
    size_t count, bytes;
};

/* ---- Sockets ---- */

static struct stream **slot_of(struct streams *streams, uint64_t cookie) {
    return &streams->slots[(cookie * 0x9E3779B97F4A7C15u >> 32) & (SLOTS - 1)];
}

static struct stream *find(const struct streams *streams, uint64_t cookie) {
    struct stream *stream = *slot_of((struct streams *)streams, cookie);
    while (stream != NULL && stream->cookie != cookie)
        stream = stream->chain;
    return stream;
}

static void unlink_age(struct streams *streams, struct stream *stream) {
    *(stream->newer != NULL ? &stream->newer->older : &streams->newest) = stream->older;
    *(stream->older != NULL ? &stream->older->newer : &streams->oldest) = stream->newer;
}

static void link_newest(struct streams *streams, struct stream *stream) {
    stream->newer = NULL;
    stream->older = streams->newest;
    *(streams->newest != NULL ? &streams->newest->newer : &streams->oldest) = stream;
    streams->newest = stream;
}

static size_t cost_of(const struct stream_chunk *chunk) {
    return sizeof(*chunk) + chunk->address_length + chunk->kept;
}

/* Totals stay. */
static void drop_history(struct streams *streams, struct stream_history *history) {
    for (struct stream_chunk *chunk = history->first, *next; chunk != NULL; chunk = next) {
        next = chunk->next;
        streams->bytes -= cost_of(chunk);
        history->dropped++;
        free(chunk);
    }
    history->first = history->newest = history->early = NULL;
    history->bytes_early = history->bytes_newer = 0;
    history->begun = true;
}

static void forget(struct streams *streams, struct stream *stream) {
    struct stream **at = slot_of(streams, stream->cookie);
    while (*at != stream)
        at = &(*at)->chain;
    *at = stream->chain;
    unlink_age(streams, stream);
    drop_history(streams, &stream->sent);
    drop_history(streams, &stream->received);
    streams->count--;
    free(stream);
}

/* The socket, new or not, as the newest. */
static struct stream *take(struct streams *streams, uint64_t cookie) {
    struct stream *stream = find(streams, cookie);
    if (stream == NULL) {
        if (streams->count == STREAMS_MOST)
            forget(streams, streams->oldest);
        stream = mem_alloc(sizeof(*stream));
        stream->cookie = cookie;
        stream->chain = *slot_of(streams, cookie);
        *slot_of(streams, cookie) = stream;
        streams->count++;
    } else {
        unlink_age(streams, stream);
    }
    link_newest(streams, stream);
    return stream;
}

/* ---- Who has it ---- */

static bool is_holder(const struct stream_holder *holder, const char *actor, int64_t fd) {
    return holder->actor[0] != '\0' && holder->fd == fd && strcmp(holder->actor, actor) == 0;
}

/* Its place among the holders, or whose may be taken: that of one who has closed it, else the one longest
 * unused. */
static struct stream_holder *holder_place(struct stream *stream, const char *actor, int64_t fd) {
    struct stream_holder *worst = &stream->holders[0];
    for (size_t i = 0; i < STREAM_HOLDERS_MOST; i++) {
        struct stream_holder *at = &stream->holders[i];
        if (is_holder(at, actor, fd))
            return at;
        if (at->open != worst->open ? !at->open : at->event < worst->event)
            worst = at;
    }
    return worst;
}

static void set_holder(struct stream *stream, const char *actor, int64_t fd, bool open, uint64_t event) {
    if (fd < 0 || fd > INT32_MAX || strlen(actor) >= STREAM_NAME_MAX)
        return;
    struct stream_holder *holder = holder_place(stream, actor, fd);
    *holder = (struct stream_holder){.fd = (int)fd, .open = open, .event = event};
    memcpy(holder->actor, actor, strlen(actor));
}

/* A child of fork() has what its parent has; who is started anew has nothing of what its name had before. */
static void note_birth(struct streams *streams, const struct event *event) {
    for (struct stream *stream = streams->newest; stream != NULL; stream = stream->older) {
        for (size_t i = 0; i < STREAM_HOLDERS_MOST; i++)
            if (strcmp(stream->holders[i].actor, event->actor) == 0)
                stream->holders[i].open = false;
        for (size_t i = 0; event->extra[0] != '\0' && i < STREAM_HOLDERS_MOST; i++) {
            const struct stream_holder *parent = &stream->holders[i];
            if (parent->open && strcmp(parent->actor, event->extra) == 0) {
                set_holder(stream, event->actor, parent->fd, true, parent->event);
                break;
            }
        }
    }
}

const struct stream_holder *stream_last_holder(const struct stream *stream) {
    const struct stream_holder *last = NULL;
    for (size_t i = 0; i < STREAM_HOLDERS_MOST; i++)
        if (stream->holders[i].actor[0] != '\0' && (last == NULL || stream->holders[i].event > last->event))
            last = &stream->holders[i];
    return last;
}

/* ---- Bytes ---- */

static uint64_t sum(uint64_t a, uint64_t b) {
    uint64_t result;
    return __builtin_add_overflow(a, b, &result) ? UINT64_MAX : result;
}

static struct stream_chunk *chunk_new(const struct event *event, const struct stream_history *history,
                                      uint64_t length) {
    size_t kept = event->data_length < length ? event->data_length : (size_t)length;
    size_t address = event->address_length < ADDRESS_MAX ? event->address_length : ADDRESS_MAX;
    struct stream_chunk *chunk = mem_alloc(sizeof(*chunk) + address + kept);
    char *behind = (char *)(chunk + 1);
    *chunk = (struct stream_chunk){
        .event = event->number,
        .offset = history->total,
        .length = length,
        .kept = kept,
        .whole = length,
        .urgent = (event->flags & MSG_OOB) != 0,
        .address_length = address,
        .address = behind,
        .bytes = behind + address,
    };
    if (event->socket_type != SOCK_STREAM && (event->flags & MSG_TRUNC) && event->result > (int64_t)length)
        chunk->whole = (uint64_t)event->result;
    strncpy(chunk->actor, event->actor, sizeof(chunk->actor) - 1);
    strncpy(chunk->call, event->name, sizeof(chunk->call) - 1);
    if (address > 0)
        memcpy(behind, event->address, address);
    if (kept > 0)
        memcpy(behind + address, event->data, kept);
    return chunk;
}

/* The oldest behind the beginning goes first, and never the newest. */
static void make_room(struct streams *streams, struct stream_history *history) {
    while (history->bytes_newer > STREAMS_KEEP_NEWEST) {
        struct stream_chunk **place = history->early != NULL ? &history->early->next : &history->first;
        struct stream_chunk *oldest = *place;
        if (oldest == history->newest)
            return;
        *place = oldest->next;
        history->bytes_newer -= cost_of(oldest);
        streams->bytes -= cost_of(oldest);
        history->dropped++;
        free(oldest);
    }
}

static void append(struct streams *streams, struct stream_history *history, struct stream_chunk *chunk) {
    size_t cost = cost_of(chunk);
    *(history->newest != NULL ? &history->newest->next : &history->first) = chunk;
    history->newest = chunk;
    streams->bytes += cost;
    history->begun |= history->bytes_early + cost > STREAMS_KEEP_FIRST;
    if (!history->begun) {
        history->early = chunk;
        history->bytes_early += cost;
        return;
    }
    history->bytes_newer += cost;
    make_room(streams, history);
}

/* Whoever moved nothing for the longest gives up what was kept of it; enough at once that it is seldom done.
 */
static void make_room_for_all(struct streams *streams, const struct stream *current) {
    if (streams->bytes <= STREAMS_KEEP)
        return;
    for (struct stream *at = streams->oldest; at != NULL && streams->bytes > STREAMS_KEEP / 4 * 3;
         at = at->newer) {
        if (at == current)
            continue;
        drop_history(streams, &at->sent);
        drop_history(streams, &at->received);
    }
}

static bool keeps_boundaries(int type) {
    return type != SOCK_STREAM;
}

static void note_data(struct streams *streams, struct stream *stream, const struct event *event) {
    struct stream_history *history = event->data_out ? &stream->sent : &stream->received;
    uint64_t moved = event->data_total > 0 ? (uint64_t)event->data_total : 0;
    bool urgent = (event->flags & MSG_OOB) != 0;
    if (!event->data_out && (event->flags & MSG_PEEK)) {
        history->peeked++;
        return;
    }
    if (!event->data_out && urgent) {
        history->urgent = sum(history->urgent, moved);
        return;
    }
    if (urgent && moved > 0)
        history->urgent = sum(history->urgent, 1); /* tcp(7): the last byte is */
    if (!event->data_out && moved == 0 && event->result > 0 && (event->flags & MSG_TRUNC)) {
        moved = (uint64_t)event->result; /* TCP has thrown them away */
        history->discarded = sum(history->discarded, moved);
    }
    if (moved == 0 && (!keeps_boundaries(stream->type) || event->result != 0))
        return;
    struct stream_chunk *chunk = chunk_new(event, history, moved);
    history->total = sum(history->total, moved);
    history->calls++;
    append(streams, history, chunk);
    make_room_for_all(streams, stream);
}

static void notice(void *context, const struct event *event) {
    struct streams *streams = context;
    if (event->type == EVENT_BORN)
        note_birth(streams, event);
    if (event->type != EVENT_RETURNED || event->cookie == 0)
        return;
    struct stream *stream = take(streams, event->cookie);
    bool closed = event->error == 0 && strcmp(event->name, "close") == 0;
    set_holder(stream, event->actor, event->fd, !closed, event->number);
    if (event->socket_type == 0)
        return;
    stream->type = event->socket_type;
    if (event->error == 0)
        note_data(streams, stream, event);
}

/* ---- For others ---- */

struct streams *streams_new(struct journal *journal) {
    struct streams *streams = mem_alloc(sizeof(*streams));
    streams->journal = journal;
    journal_read(journal, notice, streams);
    return streams;
}

void streams_free(struct streams *streams) {
    if (streams == NULL)
        return;
    journal_unread(streams->journal, notice, streams);
    while (streams->newest != NULL)
        forget(streams, streams->newest);
    free(streams);
}

const struct stream *streams_find(const struct streams *streams, uint64_t cookie) {
    return find(streams, cookie);
}

const struct stream *streams_held(const struct streams *streams, const char *actor, int fd) {
    const struct stream *found = NULL;
    uint64_t when = 0;
    for (const struct stream *stream = streams->newest; stream != NULL; stream = stream->older) {
        for (size_t i = 0; i < STREAM_HOLDERS_MOST; i++) {
            if (!is_holder(&stream->holders[i], actor, fd) || stream->holders[i].event <= when)
                continue;
            found = stream;
            when = stream->holders[i].event;
        }
    }
    return found;
}

const struct stream *streams_newest(const struct streams *streams) {
    return streams->newest;
}

const struct stream *stream_older(const struct stream *stream) {
    return stream->older;
}

void streams_pair(struct streams *streams, uint64_t cookie, uint64_t peer) {
    if (cookie == 0 || peer == 0 || cookie == peer)
        return;
    struct stream *own = take(streams, cookie);
    struct stream *other = take(streams, peer); /* which may make room, but not by forgetting the newest */
    own->peer = peer;
    other->peer = cookie;
}

bool streams_want_peer(struct streams *streams, uint64_t cookie) {
    if (cookie == 0)
        return false;
    struct stream *stream = take(streams, cookie);
    return stream->peer == 0 && stream->asked++ < ASK_MOST;
}

size_t streams_bytes(const struct streams *streams) {
    return streams->bytes;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .bytes: what went through a connection, and how far it has come. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "journal/streams.h"
#include "observe/peer.h"
#include "shell/commands.h"
#include "shell/descriptor.h"
#include "shell/watch.h"
#include "view/ends.h"

#define ROWS 24        /* of data in a direction, unless all are wanted */
#define LISTED_MOST 40 /* streams in the list */
#define OTHERS_MOST 64 /* sockets where a datagram may have gone to */

/* What was asked for. */
struct request {
    struct actor *actor;
    char *target;     /* "server.4", "conn"; owned; "" */
    const char *rest; /* of it: without the actor */
    bool whole_actor; /* it is an actor's name */
    int fd;
    struct bytes_options options;
};

/* ---- What was asked for ---- */

/* Words from the end: how it is to be shown. */
static void take_options(struct command_line *line, struct request *request) {
    static const char *const words[] = {"text", "all"};
    request->options = (struct bytes_options){.columns = line->shell->columns, .rows = ROWS};
    request->target = mem_string(line->argument);
    for (bool taken = true; taken;) {
        taken = false;
        size_t end = strlen(request->target);
        while (end > 0 && request->target[end - 1] == ' ')
            request->target[--end] = '\0';
        for (size_t i = 0; i < 2; i++) {
            size_t length = strlen(words[i]);
            if (end < length || strcmp(request->target + end - length, words[i]) != 0 ||
                (end > length && request->target[end - length - 1] != ' '))
                continue;
            request->target[end - length] = '\0';
            request->options.text |= i == 0;
            request->options.rows = i == 1 ? 0 : request->options.rows;
            taken = true;
            break;
        }
    }
}

/* An actor, or a descriptor of one. */
static void split_actor(struct command_line *line, struct request *request) {
    struct crew *crew = line->shell->crew;
    request->actor = line->actor;
    struct actor *named = crew_find(crew, request->target);
    if (named != NULL) {
        request->actor = named;
        request->rest = request->target;
        request->whole_actor = true;
        return;
    }
    request->rest = descriptor_owner(crew, request->target, &request->actor);
}

static bool not_found(struct command_line *line, const struct request *request) {
    command_misused(line, "%s is neither an actor nor a variable of %s that holds a descriptor",
                    request->rest, actor_name(request->actor));
    error_hint(line->error, ".bytes lists what has moved bytes; .bytes 4 and .bytes server.4 show one");
    return false;
}

/* ---- Ends ---- */

static void find_end(struct shell *shell, const struct snapshot *snapshot, uint64_t cookie, const char *actor, int fd,
                     struct known_end *end) {
    end_find(snapshot, shell->streams, cookie, actor, fd, end);
    end_ask(shell_observer(shell), end);
}

/* The other end; what the kernel says of it is put into the book. False: it has none, and never had. */
static bool find_other(struct shell *shell, const struct snapshot *snapshot, const struct known_end *own,
                       struct known_end *other) {
    const struct socket_facts *facts = own->end.facts;
    if (facts != NULL && (own->end.stream == NULL || own->end.stream->peer == 0)) {
        struct peer peer = end_peer(snapshot, shell->streams, facts);
        if (peer.facts != NULL)
            streams_pair(shell->streams, facts->cookie, peer.facts->cookie);
    }
    bool found = end_find_other(snapshot, shell->streams, own, other);
    end_ask(shell_observer(shell), other);
    return found;
}

/* ---- The list ---- */

static bool belongs_to(const struct stream *stream, const struct actor *actor) {
    for (size_t i = 0; i < STREAM_HOLDERS_MOST; i++)
        if (strcmp(stream->holders[i].actor, actor_name(actor)) == 0)
            return true;
    return false;
}

static void add_listed(struct shell *shell, const struct snapshot *snapshot, const struct stream *stream,
                       const struct actor *only, struct buf *out) {
    struct known_end own, other = {0};
    const struct stream_holder *last = NULL;
    for (size_t i = 0; only != NULL && i < STREAM_HOLDERS_MOST; i++)
        if (strcmp(stream->holders[i].actor, actor_name(only)) == 0)
            last = &stream->holders[i];
    find_end(shell, snapshot, stream->cookie, last != NULL ? last->actor : NULL, last != NULL ? last->fd : -1, &own);
    buf_addf(out, "%s%s%s%s", own.end.name, own.end.note[0] != '\0' ? " (" : "", own.end.note,
             own.end.note[0] != '\0' ? ")" : "");
    if (!end_is_datagram(&own) && find_other(shell, snapshot, &own, &other))
        buf_addf(out, ", connected with %s", other.end.name);
    buf_add_text(out, ": ");
    bytes_add_count(stream->sent.total, out);
    buf_add_text(out, " written, ");
    bytes_add_count(stream->received.total, out);
    buf_add_text(out, " read\n");
    end_free(&own);
    end_free(&other);
}

/* Those of `only` (NULL: everybody's) that have moved anything; the one that did last comes last. */
static void list_streams(struct shell *shell, const struct snapshot *snapshot, const struct actor *only,
                         struct buf *out) {
    uint64_t cookies[LISTED_MOST];
    size_t count = 0, more = 0;
    const struct stream *at = streams_newest(shell->streams);
    for (; at != NULL; at = stream_older(at)) {
        if (at->sent.calls + at->received.calls == 0 || (only != NULL && !belongs_to(at, only)))
            continue;
        if (count < LISTED_MOST)
            cookies[count++] = at->cookie;
        else
            more++;
    }
    if (more > 0)
        buf_addf(out, "… %zu more\n", more);
    while (count-- > 0)
        if ((at = streams_find(shell->streams, cookies[count])) != NULL)
            add_listed(shell, snapshot, at, only, out);
    if (out->length > 0)
        return;
    if (only != NULL)
        buf_addf(out, "%s has moved no bytes through a socket yet", actor_name(only));
    else
        buf_add_text(out, "no bytes have gone through a socket yet");
}

/* ---- One ---- */

static bool show_datagrams(struct shell *shell, const struct snapshot *snapshot, const struct known_end *own,
                           const struct bytes_options *options, struct buf *out) {
    struct known_end *ends = mem_alloc(OTHERS_MOST * sizeof(*ends));
    struct bytes_end others[OTHERS_MOST];
    uint64_t cookies[OTHERS_MOST];
    size_t count = 0;
    const struct stream *at = streams_newest(shell->streams);
    for (; at != NULL && count < OTHERS_MOST; at = stream_older(at)) {
        const struct socket_facts *facts = snapshot_facts(snapshot, at->cookie);
        if (at->cookie != own->end.stream->cookie &&
            (facts != NULL ? facts->type : at->type) == own->end.stream->type)
            cookies[count++] = at->cookie;
    }
    for (size_t i = 0; i < count; i++) {
        find_end(shell, snapshot, cookies[i], NULL, -1, &ends[i]);
        others[i] = ends[i].end;
    }
    bytes_show_datagrams(&own->end, others, count, options, out);
    for (size_t i = 0; i < count; i++)
        end_free(&ends[i]);
    free(ends);
    return true;
}

static bool show_end(struct command_line *line, const struct snapshot *snapshot, const struct known_end *own,
                     const struct bytes_options *options, struct buf *out) {
    struct known_end other;
    if (end_is_datagram(own) && own->end.stream != NULL && own->end.stream->type != 0)
        return show_datagrams(line->shell, snapshot, own, options, out);
    if (end_is_datagram(own)) {
        bytes_show_datagrams(&own->end, NULL, 0, options, out);
        return true;
    }
    if (own->end.facts != NULL && own->end.facts->state == SOCKET_LISTEN) {
        command_misused(line, "%s listens, and no bytes go through it", own->end.name);
        error_hint(line->error, "a connection has a descriptor of its own, which accept() gives");
        return false;
    }
    bool connected = find_other(line->shell, snapshot, own, &other);
    if (connected)
        bytes_show_stream(&own->end, &other.end, options, out);
    else
        command_misused(line, "%s is not connected, and nothing has gone through it", own->end.name);
    end_free(&other);
    return connected;
}

/* The socket that a descriptor is, or was last; 0 and an error: none. */
static uint64_t cookie_of(struct command_line *line, const struct snapshot *snapshot,
                          const struct request *request) {
    const char *actor = actor_name(request->actor);
    const struct descriptor *now = snapshot_get(snapshot, snapshot_actor_named(snapshot, actor), request->fd);
    const struct stream *before = streams_held(line->shell->streams, actor, request->fd);
    if (now != NULL && now->kind == DESCRIPTOR_SOCKET && now->socket.cookie != 0)
        return now->socket.cookie;
    if (now != NULL)
        command_misused(line, "%s's descriptor %d is no socket that the kernel lets us ask", actor,
                        request->fd);
    else if (before == NULL)
        command_misused(line, "%s has no descriptor %d, and no bytes are recorded of one", actor,
                        request->fd);
    else
        return before->cookie;
    error_hint(line->error, ".bytes lists what has moved bytes; .state shows all descriptors");
    return 0;
}

static bool show_one(struct command_line *line, const struct snapshot *snapshot, struct request *request,
                     struct buf *out) {
    struct known_end own;
    uint64_t cookie = cookie_of(line, snapshot, request);
    if (cookie == 0)
        return false;
    char *more = mem_format(".bytes %s.%d%s all", actor_name(request->actor), request->fd,
                            request->options.text ? " text" : "");
    request->options.more = more;
    find_end(line->shell, snapshot, cookie, actor_name(request->actor), request->fd, &own);
    bool shown = show_end(line, snapshot, &own, &request->options, out);
    end_free(&own);
    free(more);
    return shown;
}

/* The actor's only connected socket; false: it has none, or several. */
static bool only_connected(const struct snapshot *snapshot, const struct actor *actor, int *fd) {
    size_t number = snapshot_actor_named(snapshot, actor_name(actor)), count = 0;
    const struct descriptor *at = snapshot_next(snapshot, number, 0);
    for (; at != NULL; at = snapshot_next(snapshot, number, at->fd + 1)) {
        if (at->fd <= 2 || at->kind != DESCRIPTOR_SOCKET || !at->facts_known || !socket_has_peer(&at->socket))
            continue;
        *fd = at->fd;
        count++;
    }
    return count == 1;
}

bool command_bytes(struct command_line *line) {
    struct shell *shell = line->shell;
    struct request request = {0};
    struct buf out = {0};
    bool fine = true;
    shell_settle(shell);
    take_options(line, &request);
    split_actor(line, &request);
    const struct snapshot *snapshot = shell_look(shell);
    if (request.whole_actor)
        list_streams(shell, snapshot, request.actor, &out);
    else if (request.target[0] == '\0' && !only_connected(snapshot, request.actor, &request.fd))
        list_streams(shell, snapshot, NULL, &out);
    else if (request.target[0] != '\0' && !descriptor_named(request.actor, request.rest, &request.fd))
        fine = not_found(line, &request);
    else
        fine = show_one(line, snapshot, &request, &out);
    observer_complaints(shell_observer(shell), &out);
    if (fine)
        shell_note(shell, "%s", buf_text(&out));
    free(request.target);
    buf_free(&out);
    return fine;
}

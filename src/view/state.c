/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All descriptors, a line each; see state.h. */
#include "view/state.h"

#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"

#define VARIABLE_COLUMN 5
#define KIND_COLUMN 17
#define STATE_COLUMN 29
#define REST_COLUMN 41

/* ---- A line ---- */

/* Pieces with ", " between them; one that does not fit begins a line of its own. */
struct line {
    struct buf *out;
    size_t start; /* of the current line in out */
    size_t columns;
    bool any;
};

static size_t columns_used(const struct line *line) {
    return line->out->length > line->start
               ? utf8_columns(line->out->data + line->start, line->out->length - line->start)
               : 0;
}

static void to_column(struct line *line, size_t column) {
    size_t used = columns_used(line);
    do
        buf_add_char(line->out, ' ');
    while (++used < column);
}

static void new_line(struct line *line) {
    buf_add_char(line->out, '\n');
    line->start = line->out->length;
    to_column(line, KIND_COLUMN);
}

static void add_piece(struct line *line, const char *piece) {
    size_t used = columns_used(line);
    if (line->any)
        buf_add_char(line->out, ',');
    if (line->any && used + 2 + utf8_columns(piece, strlen(piece)) > line->columns) {
        new_line(line);
    } else if (line->any) {
        buf_add_char(line->out, ' ');
    }
    buf_add_text(line->out, piece);
    line->any = true;
}

static void add_number(struct line *line, const char *what, uint64_t number, const char *more) {
    struct buf piece = {0};
    buf_addf(&piece, "%s %llu%s", what, (unsigned long long)number, more);
    add_piece(line, buf_text(&piece));
    buf_free(&piece);
}

static void add_protocol(struct line *line, const struct socket_facts *facts) {
    struct buf piece = {0};
    if (state_protocol(facts, &piece))
        add_piece(line, buf_text(&piece));
    buf_free(&piece);
}

/* "127.0.0.1:8888 → 127.0.0.1:40123"; two long ones get a line each. */
static void add_addresses(struct line *line, const struct socket_facts *facts) {
    struct buf local = {0}, peer = {0};
    bool has_peer = facts->peer_length != 0 && socket_has_peer(facts);
    if (socket_has_local(facts) || has_peer)
        state_endpoint(facts, &facts->local, facts->local_length, &local);
    if (has_peer) {
        buf_add_text(&peer, " → ");
        state_endpoint(facts, &facts->peer, facts->peer_length, &peer);
    }
    if (local.length > 0)
        add_piece(line, buf_text(&local));
    if (peer.length > 0 && columns_used(line) + utf8_columns(peer.data, peer.length) > line->columns) {
        new_line(line);
        buf_add_text(line->out, buf_text(&peer) + 1);
    } else {
        buf_add_text(line->out, buf_text(&peer));
    }
    buf_free(&local);
    buf_free(&peer);
}

const char *state_receive_mark(const struct socket_facts *facts) {
    return socket_receive_bytes(facts) != facts->receive_queue ? " and a FIN" : "";
}

bool state_send_queue_counts(const struct socket_facts *facts) {
    return facts->family != AF_UNIX;
}

const char *state_send_mark(const struct socket_facts *facts) {
    return !state_send_queue_counts(facts)                ? " bytes of memory"
           : socket_send_bytes(facts) == facts->send_queue ? ""
           : facts->state == SOCKET_SYN_SENT             ? " and a SYN"
                                                         : " and a FIN";
}

/* After a refused connect() or a reset TCP still counts what it has thrown away. */
bool state_queues_count(const struct socket_facts *facts) {
    return facts->queues_known && !(socket_is_tcp(facts) && facts->state == SOCKET_CLOSE);
}

static void add_queues(struct line *line, const struct socket_facts *facts) {
    struct buf piece = {0};
    if (!state_queues_count(facts))
        return;
    if (facts->state == SOCKET_LISTEN) {
        buf_addf(&piece, "accept queue %u/%u", facts->receive_queue, facts->send_queue);
        add_piece(line, buf_text(&piece));
    } else {
        if (facts->receive_queue != 0)
            add_number(line, "receive queue", socket_receive_bytes(facts), state_receive_mark(facts));
        if (facts->send_queue != 0)
            add_number(line, "send queue", socket_send_bytes(facts), state_send_mark(facts));
    }
    buf_free(&piece);
}

static void add_shutdown(struct line *line, const struct socket_facts *facts) {
    /* TCP's state says it already. */
    if (!facts->shutdown_known || socket_is_tcp(facts))
        return;
    if (facts->shutdown_receive)
        add_piece(line, "shut for receiving");
    if (facts->shutdown_send)
        add_piece(line, "shut for sending");
}

static void add_sharers(struct line *line, const struct snapshot *snapshot, size_t actor,
                        const struct descriptor *descriptor) {
    struct holder holders[8];
    struct buf piece = {0};
    size_t count = snapshot_holders(snapshot, descriptor->socket.cookie, holders, 8);
    if (descriptor->kind != DESCRIPTOR_SOCKET || count < 2)
        return;
    buf_add_text(&piece, "shared with");
    for (size_t i = 0; i < count && i < 8; i++)
        if (holders[i].actor != actor || holders[i].fd != descriptor->fd)
            buf_addf(&piece, " %s %d", snapshot_actor(snapshot, holders[i].actor), holders[i].fd);
    if (count > 8)
        buf_addf(&piece, " and %zu more", count - 8);
    add_piece(line, buf_text(&piece));
    buf_free(&piece);
}

/* What the program has set. */
static void add_options(struct line *line, const struct option_facts *options) {
    for (size_t i = 0; options->known && sockopt_name(i) != NULL; i++) {
        struct buf piece = {0};
        if (!(options->unusual >> i & 1))
            continue;
        sockopt_words(i, options->values[i], &piece);
        add_piece(line, buf_text(&piece));
        buf_free(&piece);
    }
}

static void add_other(struct line *line, const struct descriptor *descriptor) {
    struct buf piece = {0};
    if (descriptor->kind == DESCRIPTOR_PIPE && descriptor->flags_known)
        buf_add_text(&piece, descriptor->access == 0 ? "read end" : "write end");
    else if (descriptor->kind == DESCRIPTOR_EVENT || descriptor->kind == DESCRIPTOR_FILE)
        escape_text(&piece, descriptor->target, strlen(descriptor->target));
    if (piece.length > 0)
        add_piece(line, buf_text(&piece));
    buf_free(&piece);
}

/* What there is to say beside addresses and queues. */
static void add_remarks(struct line *line, const struct snapshot *snapshot, size_t actor,
                        const struct descriptor *descriptor) {
    if (descriptor->kind == DESCRIPTOR_SOCKET && descriptor->facts_known)
        add_shutdown(line, &descriptor->socket);
    add_other(line, descriptor);
    if (descriptor->nonblocking)
        add_piece(line, "O_NONBLOCK");
    if (descriptor->close_on_exec)
        add_piece(line, "FD_CLOEXEC");
    add_options(line, &descriptor->options);
    add_sharers(line, snapshot, actor, descriptor);
}

void state_remarks(const struct snapshot *snapshot, size_t actor, const struct descriptor *descriptor,
                   struct buf *out) {
    struct line line = {out, out->length, SIZE_MAX, false};
    if (descriptor->kind == DESCRIPTOR_SOCKET && descriptor->facts_known)
        add_protocol(&line, &descriptor->socket);
    add_remarks(&line, snapshot, actor, descriptor);
}

static void add_descriptor(const struct snapshot *snapshot, size_t actor, const struct descriptor *descriptor,
                           const struct state_context *context, struct buf *out) {
    struct line line = {out, out->length, context->columns, false};
    const char *variable =
        context->variable != NULL
            ? context->variable(context->context, snapshot_actor(snapshot, actor), descriptor->fd)
            : NULL;
    buf_addf(out, " %3d", descriptor->fd);
    to_column(&line, VARIABLE_COLUMN);
    if (variable != NULL)
        escape_text(out, variable, strnlen(variable, KIND_COLUMN - VARIABLE_COLUMN - 1));
    to_column(&line, KIND_COLUMN);
    state_kind(descriptor, out);
    to_column(&line, STATE_COLUMN);
    if (descriptor->kind == DESCRIPTOR_SOCKET && descriptor->facts_known) {
        buf_add_text(out, socket_condition(&descriptor->socket));
        to_column(&line, REST_COLUMN);
        add_protocol(&line, &descriptor->socket);
        add_addresses(&line, &descriptor->socket);
        add_queues(&line, &descriptor->socket);
    }
    add_remarks(&line, snapshot, actor, descriptor);
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    buf_add_char(out, '\n');
}

/* ---- All of it ---- */

bool state_is_standard(const struct descriptor *descriptor) {
    return descriptor->fd <= 2 && descriptor->kind == DESCRIPTOR_PIPE;
}

static void add_actor(const struct snapshot *snapshot, size_t actor, const struct state_context *context,
                      struct buf *out) {
    const char *name = snapshot_actor(snapshot, actor);
    size_t shown = 0;
    buf_add_text(out, name);
    if (context->doing != NULL)
        context->doing(context->context, name, out);
    size_t heading = out->length;
    buf_add_char(out, '\n');
    const struct descriptor *at = snapshot_next(snapshot, actor, 0);
    for (; at != NULL; at = snapshot_next(snapshot, actor, at->fd + 1)) {
        if (state_is_standard(at))
            continue;
        add_descriptor(snapshot, actor, at, context, out);
        shown++;
    }
    if (shown == 0 && snapshot_pid(snapshot, actor) != 0) {
        out->length = heading;
        buf_add_text(out, ": no descriptor but 0, 1 and 2\n");
    }
}

void state_unowned_name(const struct unowned *unowned, struct buf *out) {
    if (unowned->why == UNOWNED_WAITING)
        buf_add_text(out, "not accepted");
    else if (unowned->actor[0] != '\0')
        buf_addf(out, "was %s %d", unowned->actor, unowned->fd);
    else
        buf_add_text(out, "closed");
}

bool state_has_time_left(const struct socket_facts *facts) {
    return facts->state == SOCKET_TIME_WAIT || facts->timer == TIMER_TIME_WAIT;
}

void state_time_left(const struct socket_facts *facts, struct buf *out) {
    if (state_has_time_left(facts))
        buf_addf(out, "for another %u s", (facts->timer_ms + 999) / 1000);
}

static void add_unowned(const struct unowned *unowned, const struct state_context *context, struct buf *out) {
    struct line line = {out, out->length, context->columns, false};
    struct buf piece = {0};
    buf_add_text(out, "  ");
    state_unowned_name(unowned, out);
    to_column(&line, KIND_COLUMN);
    socket_kind(&unowned->facts, out);
    to_column(&line, STATE_COLUMN);
    buf_add_text(out, socket_condition(&unowned->facts));
    to_column(&line, REST_COLUMN);
    add_addresses(&line, &unowned->facts);
    add_queues(&line, &unowned->facts);
    state_time_left(&unowned->facts, &piece);
    if (piece.length > 0)
        add_piece(&line, buf_text(&piece));
    buf_free(&piece);
    buf_add_char(out, '\n');
}

void state_show(const struct snapshot *snapshot, size_t only, const struct state_context *context,
                struct buf *out) {
    for (size_t i = 0; i < snapshot_actors(snapshot); i++)
        if (only == SIZE_MAX || only == i)
            add_actor(snapshot, i, context, out);
    size_t count = snapshot_unowned_count(snapshot), shown = 0;
    for (size_t i = 0; i < count; i++) {
        const struct unowned *unowned = snapshot_unowned(snapshot, i);
        if (only != SIZE_MAX && strcmp(unowned->actor, snapshot_actor(snapshot, only)) != 0)
            continue;
        if (shown++ == 0)
            buf_add_text(out, "without a descriptor\n");
        add_unowned(unowned, context, out);
    }
    if (snapshot_unowned_more(snapshot) > 0)
        buf_addf(out, "  … and %zu more\n", snapshot_unowned_more(snapshot));
}

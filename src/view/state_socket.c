/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One descriptor in depth; see state.h. */
#include <inttypes.h>
#include <string.h>

#include "base/address.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "call/option.h"
#include "observe/facts.h"
#include "observe/peer.h"
#include "view/state.h"

#define LABEL_COLUMNS 22
#define OPTION_COLUMNS 23
#define VALUE_COLUMNS 8

static void label(struct buf *out, const char *text) {
    buf_addf(out, "    %-*s ", LABEL_COLUMNS, text);
}

static void add_bytes(struct buf *out, uint64_t bytes) {
    if (bytes >= 10 * 1024 * 1024)
        buf_addf(out, "%" PRIu64 " MiB", bytes / (1024 * 1024));
    else if (bytes >= 10 * 1024)
        buf_addf(out, "%" PRIu64 " KiB", bytes / 1024);
    else
        buf_addf(out, "%" PRIu64 " byte%s", bytes, bytes == 1 ? "" : "s");
}

static void add_time(struct buf *out, uint32_t us) {
    if (us >= 10000000)
        buf_addf(out, "%u s", us / 1000000);
    else if (us >= 10000)
        buf_addf(out, "%u ms", us / 1000);
    else
        buf_addf(out, "%u µs", us);
}

static void count(struct buf *out, const char *title, uint64_t number, const char *unit) {
    label(out, title);
    buf_addf(out, "%" PRIu64 " %s%s\n", number, unit, number == 1 ? "" : "s");
}

/* The actor who has the other end of the connection. */
static void add_peer_holder(const struct snapshot *snapshot, const struct socket_facts *facts, struct buf *out) {
    struct peer peer = snapshot_peer(snapshot, facts);
    if (peer.kind == PEER_HELD)
        buf_addf(out, " (%s fd %d)", snapshot_actor(snapshot, peer.actor), peer.fd);
}

static void add_addresses(const struct snapshot *snapshot, const struct socket_facts *facts, struct buf *out) {
    struct buf protocol = {0};
    if (state_protocol(facts, &protocol)) {
        label(out, "protocol");
        buf_addf(out, "%s\n", buf_text(&protocol) + strlen("protocol "));
    }
    buf_free(&protocol);
    label(out, "local address");
    if (socket_has_local(facts))
        state_endpoint(facts, &facts->local, facts->local_length, out);
    else
        buf_add_text(out, "none yet");
    buf_add_char(out, '\n');
    label(out, "peer");
    if (!socket_has_peer(facts)) {
        buf_add_text(out, "none\n");
        return;
    }
    if (facts->peer_length != 0)
        state_endpoint(facts, &facts->peer, facts->peer_length, out);
    else
        buf_add_text(out, "unnamed");
    add_peer_holder(snapshot, facts, out);
    buf_add_char(out, '\n');
}

/* Who has this UNIX socket, by its inode? */
static void add_holder(const struct snapshot *snapshot, uint32_t inode, struct buf *out) {
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while ((at = snapshot_walk(snapshot, &holder)) != NULL)
        if (at->kind == DESCRIPTOR_SOCKET && at->facts_known && at->socket.family == AF_UNIX &&
            at->socket.inode == inode) {
            buf_addf(out, "the other end of %s fd %d\n", snapshot_actor(snapshot, holder.actor), holder.fd);
            return;
        }
    buf_add_text(out, "the other end of another program's\n");
}

/* The kernel says this of UNIX sockets only; and nothing of what was received for them (sock_diag(7) knows sockets by
 * inodes, and those that are not accepted yet have none). */
static void add_waiting(const struct snapshot *snapshot, const struct socket_facts *facts, struct buf *out) {
    if (facts->family != AF_UNIX)
        return;
    for (uint32_t i = 0; i < facts->receive_queue && i < SOCKET_WAITING_MAX; i++) {
        label(out, i == 0 ? "accept() gives" : "then");
        if (facts->unix_waiting[i] == 0)
            buf_add_text(out, "one whose other end is closed already\n");
        else
            add_holder(snapshot, facts->unix_waiting[i], out);
    }
}

static void add_queues(const struct snapshot *snapshot, const struct socket_facts *facts, struct buf *out) {
    if (!facts->queues_known)
        return;
    if (facts->state == SOCKET_LISTEN) {
        label(out, "accept queue");
        buf_addf(out, "%u waiting; a backlog of %u lets %u wait\n", facts->receive_queue, facts->send_queue,
                 facts->send_queue + 1);
        add_waiting(snapshot, facts, out);
        return;
    }
    const char *unit = facts->family != AF_UNIX && !socket_is_stream(facts) ? "byte of memory" : "byte";
    label(out, "receive queue");
    buf_addf(out, "%u %s%s\n", facts->receive_queue, unit,
             facts->receive_queue == 1 || strchr(unit, ' ') != NULL ? "" : "s");
    label(out, "send queue");
    unit = state_send_queue_counts(facts) ? unit : "byte of memory";
    if (strchr(unit, ' ') != NULL)
        buf_addf(out, "%u byte%s of memory\n", facts->send_queue, facts->send_queue == 1 ? "" : "s");
    else
        buf_addf(out, "%u %s%s%s\n", facts->send_queue, unit,
             facts->send_queue == 1 || strchr(unit, ' ') != NULL ? "" : "s",
             socket_is_tcp(facts) ? " not yet acknowledged" : "");
}

static void add_memory(const struct socket_facts *facts, struct buf *out) {
    if (!facts->has_memory)
        return;
    label(out, "receive buffer");
    add_bytes(out, facts->memory.receive_used);
    buf_add_text(out, " of ");
    add_bytes(out, facts->memory.receive_limit);
    buf_add_text(out, " used, the kernel's overhead included\n");
    label(out, "send buffer");
    add_bytes(out, facts->memory.send_used);
    buf_add_text(out, " of ");
    add_bytes(out, facts->memory.send_limit);
    buf_add_text(out, " used\n");
    if (facts->memory.drops != 0)
        count(out, "thrown away", facts->memory.drops, "packet");
}

static void add_timer(const struct socket_facts *facts, struct buf *out) {
    static const char *const names[] = {[TIMER_NONE] = "none",
                                        [TIMER_RETRANSMIT] = "retransmission",
                                        [TIMER_KEEPALIVE] = "keep-alive",
                                        [TIMER_TIME_WAIT] = "the end of TIME_WAIT",
                                        [TIMER_ZERO_WINDOW] = "a probe of the peer's closed window"};
    if (!facts->timer_known || facts->timer == TIMER_NONE)
        return;
    label(out, "timer");
    buf_addf(out, "%s in ", names[facts->timer]);
    add_time(out, facts->timer_ms > 4000000 ? UINT32_MAX : facts->timer_ms * 1000);
    buf_add_char(out, '\n');
}

static void add_tcp(const struct socket_facts *facts, struct buf *out) {
    const struct tcp_detail *tcp = &facts->tcp;
    if (!facts->has_tcp || facts->state == SOCKET_LISTEN || facts->state == SOCKET_CLOSE)
        return;
    buf_add_text(out, "  what TCP knows\n");
    label(out, "round trip (rtt)");
    add_time(out, tcp->rtt_us);
    buf_add_text(out, ", give or take ");
    add_time(out, tcp->rtt_variance_us);
    buf_add_char(out, '\n');
    label(out, "sends again after");
    add_time(out, tcp->rto_us);
    buf_add_text(out, " without acknowledgement (rto)\n");
    count(out, "congestion window", tcp->congestion_window, "segment");
    label(out, "segment size (mss)");
    buf_addf(out, "%u bytes to send, %u to receive; path MTU %u\n", tcp->send_mss, tcp->receive_mss, tcp->path_mtu);
    label(out, "peer's window");
    add_bytes(out, tcp->peer_window);
    buf_add_char(out, '\n');
    count(out, "unacknowledged", tcp->unacknowledged, "segment");
    count(out, "never sent yet", tcp->not_sent, "byte");
    label(out, "retransmitted");
    buf_addf(out, "%u segment%s in all, %u in a row now\n", tcp->retransmits_total,
             tcp->retransmits_total == 1 ? "" : "s", tcp->retransmits);
    label(out, "so far");
    buf_addf(out, "%" PRIu64 " byte%s acknowledged, %" PRIu64 " received\n", tcp->bytes_acknowledged,
             tcp->bytes_acknowledged == 1 ? "" : "s", tcp->bytes_received);
    label(out, "segments");
    buf_addf(out, "%u out, %u in\n", tcp->segments_out, tcp->segments_in);
}

/* Under the value, or as far to the right as it fits. */
static size_t indent(size_t length, size_t columns) {
    size_t most = 2 + OPTION_COLUMNS + 1;
    return length + most <= columns ? most : length + 4 < columns ? columns - length : 4;
}

static void trim(struct buf *out) {
    while (out->length > 0 && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
}

static void add_options(const struct depth *depth, const struct state_context *context, struct buf *out) {
    if (depth->option_count > 0)
        buf_add_text(out, "  options (getsockopt)\n");
    for (size_t i = 0; i < depth->option_count; i++) {
        const struct option_value *option = &depth->options[i];
        size_t start = out->length;
        struct buf value = {0};
        option_show(option->level, option->option, option->bytes, option->length, &value);
        const char *text = buf_text(&value);
        size_t length = strlen(text);
        if (length >= 2 && text[0] == '[') { /* "[1]": the brackets are for calls */
            text++;
            length -= 2;
        }
        buf_addf(out, "  %-*s %-*.*s", OPTION_COLUMNS, option->name, VALUE_COLUMNS, (int)length, text);
        size_t used = utf8_columns(out->data + start, out->length - start);
        size_t means = option->means != NULL ? utf8_columns(option->means, strlen(option->means)) : 0;
        if (means > 0 && used + 1 + means <= context->columns)
            buf_addf(out, " %s", option->means);
        trim(out);
        if (means > 0 && used + 1 + means > context->columns)
            buf_addf(out, "\n%*s%s", (int)indent(means, context->columns), "", option->means);
        buf_add_char(out, '\n');
        buf_free(&value);
    }
}

static void add_sharers(const struct snapshot *snapshot, size_t actor, const struct descriptor *descriptor,
                        struct buf *out) {
    struct holder holders[16];
    size_t total = snapshot_holders(snapshot, descriptor->socket.cookie, holders, 16);
    for (size_t i = 0; i < total && i < 16; i++) {
        if (holders[i].actor == actor && holders[i].fd == descriptor->fd)
            continue;
        label(out, "shared with");
        buf_addf(out, "%s fd %d\n", snapshot_actor(snapshot, holders[i].actor), holders[i].fd);
    }
}

static void add_heading(const char *actor, const struct descriptor *descriptor, const struct state_context *context,
                        struct buf *out) {
    const char *variable =
        context->variable != NULL ? context->variable(context->context, actor, descriptor->fd) : NULL;
    buf_addf(out, "%s fd %d", actor, descriptor->fd);
    if (variable != NULL) {
        buf_add_text(out, " (");
        escape_text(out, variable, strlen(variable));
        buf_add_char(out, ')');
    }
    buf_add_text(out, ": ");
    state_kind(descriptor, out);
    if (descriptor->kind == DESCRIPTOR_SOCKET && descriptor->facts_known)
        buf_addf(out, ", %s", socket_condition(&descriptor->socket));
    buf_add_char(out, '\n');
}

void state_show_depth(const struct snapshot *snapshot, size_t actor, const struct depth *depth,
                      const struct state_context *context, struct buf *out) {
    const struct descriptor *descriptor = &depth->descriptor;
    const struct socket_facts *facts = &descriptor->socket;
    add_heading(snapshot_actor(snapshot, actor), descriptor, context, out);
    if (descriptor->flags_known) {
        label(out, "flags");
        buf_addf(out, "%s%s\n",
                 descriptor->nonblocking ? "O_NONBLOCK: its calls do not wait" : "none: its calls wait",
                 descriptor->close_on_exec ? "; FD_CLOEXEC" : "");
    }
    if (descriptor->kind != DESCRIPTOR_SOCKET) {
        label(out, "what it is");
        escape_text(out, descriptor->target, strlen(descriptor->target));
        buf_add_char(out, '\n');
        return;
    }
    if (!descriptor->facts_known) {
        buf_add_text(out, "    the kernel does not let us ask it\n");
        return;
    }
    add_addresses(snapshot, facts, out);
    add_sharers(snapshot, actor, descriptor, out);
    add_queues(snapshot, facts, out);
    add_memory(facts, out);
    add_timer(facts, out);
    add_tcp(facts, out);
    add_options(depth, context, out);
}

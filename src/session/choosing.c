/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing what is shown; see choosing.h. */
#include "session/choosing.h"

#include <string.h>
#include <sys/socket.h>

#include "journal/streams.h"
#include "observe/peer.h"
#include "shell/packets.h"
#include "view/rungs.h"

/* ---- A connection, or a socket for datagrams ---- */

/* Both ends of a connection are one choice: that whose socket is older speaks for them. */
static bool is_connection(const struct snapshot *snapshot, const struct socket_facts *facts) {
    if (facts->state != SOCKET_ESTABLISHED && !socket_has_peer(facts))
        return false;
    struct peer peer = snapshot_peer(snapshot, facts);
    return peer.facts == NULL || peer.facts->cookie == 0 || facts->cookie < peer.facts->cookie;
}

/* Datagrams belong to a socket, whoever they come from; one that has moved none has nothing to show. Of two that are
 * connected to each other the older speaks. */
static bool has_datagrams(const struct streams *streams, const struct socket_facts *facts) {
    const struct stream *stream = streams != NULL ? streams_find(streams, facts->cookie) : NULL;
    return stream != NULL && stream->sent.calls + stream->received.calls > 0 &&
           (stream->peer == 0 || facts->cookie < stream->peer);
}

static bool is_choice(const struct shell *shell, const struct descriptor *descriptor) {
    const struct socket_facts *facts = &descriptor->socket;
    if (descriptor->kind != DESCRIPTOR_SOCKET || !descriptor->facts_known || facts->cookie == 0)
        return false;
    return facts->type == SOCK_STREAM  ? is_connection(shell->seen, facts)
           : facts->type == SOCK_DGRAM ? has_datagrams(shell->streams, facts)
                                       : false;
}

/* The first one behind that which is shown. */
static const struct socket_facts *next_choice(const struct shell *shell, uint64_t shown) {
    bool passed = shown == 0;
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while (shell->seen != NULL && (at = snapshot_walk(shell->seen, &holder)) != NULL) {
        if (!is_choice(shell, at))
            continue;
        if (passed)
            return &at->socket;
        passed = at->socket.cookie == shown;
    }
    return NULL;
}

/* The actor's socket for datagrams at this port; 0: it has none. */
static uint64_t datagram_socket(const struct snapshot *snapshot, const char *actor, uint16_t port) {
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while ((at = snapshot_walk(snapshot, &holder)) != NULL)
        if (at->kind == DESCRIPTOR_SOCKET && at->facts_known && at->socket.type == SOCK_DGRAM &&
            address_port(&at->socket.local) == port && strcmp(snapshot_actor(snapshot, holder.actor), actor) == 0)
            return at->socket.cookie;
    return 0;
}

/* Nothing connects two sockets for datagrams but what they have sent: the other end of the newest packet. */
static uint64_t other_end(const struct shell *shell, const struct socket_facts *facts, uint64_t connection) {
    const struct rungs_filter filter = {.connection = connection};
    const struct event *event =
        connection != 0 ? rungs_neighbour(shell->journal, shell->wire, &filter, 0, true) : NULL;
    struct packet packet;
    struct track_note note;
    if (facts->type != SOCK_DGRAM || event == NULL || !rungs_packet(event, &packet, &note))
        return 0;
    uint64_t from = datagram_socket(shell->seen, event->actor, packet.from_port),
             to = datagram_socket(shell->seen, event->extra, packet.to_port);
    return from == facts->cookie ? to : from;
}

bool choose_stream(const struct shell *shell, struct scene_wishes *wishes) {
    const struct socket_facts *facts = next_choice(shell, wishes->stream);
    wishes->stream = facts != NULL ? facts->cookie : 0;
    wishes->connection = facts != NULL ? rungs_connection(shell->journal, shell->wire, facts) : 0;
    wishes->other = facts != NULL ? other_end(shell, facts, wishes->connection) : 0;
    choose_nothing(wishes);
    return next_choice(shell, 0) != NULL;
}

/* ---- The ladder ---- */

void choose_wire(struct scene_wishes *wishes, bool seen) {
    choose_nothing(wishes);
    if (!seen) {
        wishes->wire = WISH_SHOWN;
        wishes->zoomed = false;
    } else if (wishes->focus != PANE_WIRE) {
        wishes->wire = WISH_SHOWN;
        wishes->focus = PANE_WIRE;
    } else {
        wishes->wire = WISH_HIDDEN;
        wishes->focus = PANE_TRANSCRIPT;
        wishes->zoomed = false;
    }
}

/* ---- A packet ---- */

void choose_nothing(struct scene_wishes *wishes) {
    wishes->chosen = 0;
    wishes->opened = false;
    if (wishes->focus == PANE_PACKET)
        wishes->focus = PANE_WIRE;
}

void choose_found(struct scene_wishes *wishes, uint64_t packet) {
    if (packet == 0)
        choose_nothing(wishes);
    wishes->chosen = packet;
}

/* False: there is none. */
static bool go(const struct shell *shell, struct scene_wishes *wishes, bool back) {
    const struct rungs_filter filter = {.connection = wishes->connection, .after = packets_hidden(shell)};
    uint64_t number = wishes->chosen;
    const struct event *event = rungs_neighbour(shell->journal, shell->wire, &filter, number, back);
    if (event != NULL)
        wishes->chosen = event->packet.number;
    else if (!back && !wishes->opened)
        choose_nothing(wishes); /* below the newest one */
    return event != NULL || number != 0;
}

static void open_or_close(struct scene_wishes *wishes) {
    wishes->opened = !wishes->opened;
    wishes->focus = wishes->opened ? PANE_PACKET : PANE_WIRE;
}

void choose_clicked(struct scene_wishes *wishes, uint64_t packet) {
    if (wishes->chosen == packet)
        open_or_close(wishes);
    wishes->chosen = packet;
}

/* The packet is closed first, and then not chosen any more. */
static void step_back(struct scene_wishes *wishes) {
    if (wishes->opened)
        open_or_close(wishes);
    else
        choose_nothing(wishes);
}

/* Terminals send them in one of two ways (DECCKM). */
static bool is_cursor_key(const char *typed, size_t length, char letter) {
    return length >= 3 && typed[0] == '\033' && (typed[1] == '[' || typed[1] == 'O') && typed[2] == letter;
}

/* Returns how many bytes the key has; 0: it is none of these. */
static size_t take_one(const struct shell *shell, struct scene_wishes *wishes, const char *typed,
                       size_t length) {
    bool up = is_cursor_key(typed, length, 'A'), down = is_cursor_key(typed, length, 'B');
    if (up || down)
        return (wishes->chosen != 0 || up) && go(shell, wishes, up) ? 3 : 0;
    if (wishes->chosen == 0)
        return 0;
    if (typed[0] == '\r' || typed[0] == '\n')
        open_or_close(wishes);
    else if (typed[0] == '\033' && length == 1)
        step_back(wishes);
    else
        return 0;
    return 1;
}

bool choose_packet(const struct shell *shell, struct scene_wishes *wishes, const char *typed, size_t length) {
    while (length > 0) {
        size_t taken = take_one(shell, wishes, typed, length);
        if (taken == 0) {
            choose_nothing(wishes);
            return false;
        }
        typed += taken;
        length -= taken;
    }
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choosing what is shown; see choosing.h. */
#include "session/choosing.h"

#include <string.h>
#include <sys/socket.h>

#include "observe/peer.h"
#include "shell/packets.h"
#include "view/rungs.h"

/* ---- A connection ---- */

/* Both ends of a connection are one choice: that whose socket is older speaks for them. */
static bool is_connection(const struct snapshot *snapshot, const struct descriptor *descriptor) {
    const struct socket_facts *facts = &descriptor->socket;
    if (descriptor->kind != DESCRIPTOR_SOCKET || !descriptor->facts_known || facts->type != SOCK_STREAM ||
        facts->cookie == 0)
        return false;
    if (facts->state != SOCKET_ESTABLISHED && !socket_has_peer(facts))
        return false;
    struct peer peer = snapshot_peer(snapshot, facts);
    return peer.facts == NULL || peer.facts->cookie == 0 || facts->cookie < peer.facts->cookie;
}

/* The first one behind that which is shown. */
static const struct socket_facts *next_connection(const struct snapshot *snapshot, uint64_t shown) {
    bool passed = shown == 0;
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while (snapshot != NULL && (at = snapshot_walk(snapshot, &holder)) != NULL) {
        if (!is_connection(snapshot, at))
            continue;
        if (passed)
            return &at->socket;
        passed = at->socket.cookie == shown;
    }
    return NULL;
}

bool choose_stream(const struct shell *shell, struct scene_wishes *wishes) {
    const struct socket_facts *facts = next_connection(shell->seen, wishes->stream);
    wishes->stream = facts != NULL ? facts->cookie : 0;
    wishes->connection = facts != NULL ? rungs_connection(shell->journal, shell->wire, facts) : 0;
    choose_nothing(wishes);
    return next_connection(shell->seen, 0) != NULL;
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
static size_t take_one(const struct shell *shell, struct scene_wishes *wishes, const char *typed, size_t length) {
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

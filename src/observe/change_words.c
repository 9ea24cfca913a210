/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A change as a sentence; see difference.h. */
#include <stddef.h>
#include <string.h>

#include "observe/difference.h"

/* What brought a TCP socket from one state to another, RFC 9293 section 3.3.2; NULL: the names say it. */
struct reason {
    enum socket_state from, to; /* SOCKET_STATE_UNKNOWN: any */
    const char *words;
};
static const struct reason reasons[] = {
    {SOCKET_ESTABLISHED, SOCKET_CLOSE_WAIT, "the peer's FIN has arrived"},
    {SOCKET_FIN_WAIT1, SOCKET_FIN_WAIT2, "its FIN is acknowledged"},
    {SOCKET_ESTABLISHED, SOCKET_FIN_WAIT2, "its FIN is acknowledged"},
    {SOCKET_ESTABLISHED, SOCKET_FIN_WAIT1, "its FIN is on its way"},
    {SOCKET_CLOSE_WAIT, SOCKET_LAST_ACK, "its FIN is on its way, the peer's had come"},
    {SOCKET_FIN_WAIT1, SOCKET_CLOSING, "both FINs crossed"},
    {SOCKET_FIN_WAIT1, SOCKET_TIME_WAIT, "the peer's FIN came"},
    {SOCKET_FIN_WAIT2, SOCKET_TIME_WAIT, "the peer's FIN came"},
    {SOCKET_ESTABLISHED, SOCKET_CLOSE, "reset, or given up"},
    {SOCKET_SYN_SENT, SOCKET_ESTABLISHED, "the peer's kernel has answered"},
    {SOCKET_SYN_SENT, SOCKET_CLOSE, "nothing came of connect()"},
    {SOCKET_CLOSE, SOCKET_SYN_SENT, "its SYN is on its way"},
    {SOCKET_CLOSE_WAIT, SOCKET_CLOSE, "reset by the peer"},
    {SOCKET_FIN_WAIT1, SOCKET_CLOSE, "reset, or given up"},
    {SOCKET_FIN_WAIT2, SOCKET_CLOSE, "reset, or it has waited for long enough"},
    {SOCKET_LAST_ACK, SOCKET_CLOSE, "its FIN is acknowledged: the end"},
    {SOCKET_LISTEN, SOCKET_CLOSE, "it does not listen any more; who waited was reset"},
};

static const char *reason_of(const struct change *change) {
    /* Both ends at once: with the other end's FIN there already, LAST_ACK is over before anybody looks. What a reset
     * leaves behind looks the same (tcp_done() in both cases), so that only the call tells. */
    if (change->tcp && change->shut && change->from == SOCKET_CLOSE_WAIT && change->to == SOCKET_CLOSE)
        return "its FIN is acknowledged: the end";
    for (size_t i = 0; change->tcp && i < sizeof(reasons) / sizeof(*reasons); i++)
        if (reasons[i].from == change->from && reasons[i].to == change->to)
            return reasons[i].words;
    return NULL;
}

static const char *state_words(const struct change *change, enum socket_state state) {
    struct socket_facts facts = {.family = AF_UNIX, .state = state};
    return change->tcp ? socket_state_name(state) : socket_condition(&facts);
}

static void add_time_left(const struct change *change, struct buf *out) {
    if (change->to == SOCKET_TIME_WAIT && change->timer_ms > 0)
        buf_addf(out, " for %u s", (change->timer_ms + 999) / 1000);
}

static void add_state(const struct change *change, struct buf *out) {
    const char *reason = reason_of(change);
    buf_addf(out, "%s → %s", state_words(change, change->from), state_words(change, change->to));
    if (change->to == SOCKET_LISTEN)
        buf_addf(out, ", accept queue %llu/%llu", (unsigned long long)change->is, (unsigned long long)change->most);
    add_time_left(change, out);
    if (change->was > 0)
        buf_addf(out, " (reset by the peer: it closed with %llu byte%s unread)", (unsigned long long)change->was,
                 change->was == 1 ? "" : "s");
    else if (reason != NULL)
        buf_addf(out, " (%s)", reason);
}

static void add_appeared(const struct change *change, struct buf *out) {
    buf_addf(out, "%s, %s", change->waited ? "accepted" : "new", change->text);
    if (change->to != SOCKET_STATE_UNKNOWN)
        buf_addf(out, ", %s", state_words(change, change->to));
    if (change->ends != NULL)
        buf_addf(out, ", %s", change->ends);
}

static void add_shutdown(const struct change *change, struct buf *out) {
    if (change->was && change->is)
        buf_add_text(out, "shut down in both directions");
    else
        buf_addf(out, "shut down for %s", change->was ? "receiving" : "sending");
}

static void add_queue(const struct change *change, const char *what, struct buf *out) {
    buf_addf(out, "%s %llu → %llu%s", what, (unsigned long long)change->was, (unsigned long long)change->is,
             change->memory ? " bytes of memory" : "");
}

/* "server's old fd 4", or what is known of it. */
static void add_unowned_name(const struct change *change, struct buf *out) {
    if (change->waited)
        buf_addf(out, "the connection from %s that waited", change->text);
    else if (change->actor[0] != '\0')
        buf_addf(out, "%s's old fd %d", change->actor, change->fd);
    else
        buf_addf(out, "a closed socket at %s", change->text);
}

bool change_is_unowned(enum change_type type) {
    return type == CHANGE_WAITING || type == CHANGE_UNOWNED || type == CHANGE_UNOWNED_STATE ||
           type == CHANGE_UNOWNED_GONE;
}

static void add_unowned(const struct change *change, struct buf *out) {
    add_unowned_name(change, out);
    buf_addf(out, " goes on without a descriptor, in %s", state_words(change, change->to));
    add_time_left(change, out);
}

static void add_unowned_state(const struct change *change, struct buf *out) {
    add_unowned_name(change, out);
    buf_add_text(out, ": ");
    add_state(change, out);
}

static void add_unowned_gone(const struct change *change, struct buf *out) {
    add_unowned_name(change, out);
    buf_add_text(out, change->from == SOCKET_TIME_WAIT ? " is gone: TIME_WAIT has ended" : " is gone");
}

void change_detail(const struct change *change, struct buf *out) {
    switch (change->type) {
    case CHANGE_APPEARED:
        add_appeared(change, out);
        return;
    case CHANGE_CLOSED:
        buf_add_text(out, "closed");
        if (change->left)
            buf_addf(out, "; the socket stays open: %s", change->text);
        return;
    case CHANGE_STATE:
        add_state(change, out);
        return;
    case CHANGE_LOCAL:
        buf_addf(out, "local address %s", change->text);
        return;
    case CHANGE_PEER:
        buf_add_text(out, change->text != NULL ? change->text : "no peer any more");
        return;
    case CHANGE_ACCEPT_QUEUE:
        buf_addf(out, "accept queue %llu/%llu → %llu/%llu", (unsigned long long)change->was,
                 (unsigned long long)change->most, (unsigned long long)change->is, (unsigned long long)change->most);
        return;
    case CHANGE_RECEIVE_QUEUE:
        add_queue(change, "receive queue", out);
        return;
    case CHANGE_SEND_QUEUE:
        add_queue(change, "send queue", out);
        return;
    case CHANGE_SHUTDOWN:
        add_shutdown(change, out);
        return;
    case CHANGE_PEER_GONE:
        buf_add_text(out, "the peer has closed");
        return;
    case CHANGE_NONBLOCKING:
        buf_add_text(out, change->is ? "O_NONBLOCK set" : "O_NONBLOCK cleared");
        return;
    case CHANGE_OPTION:
        buf_add_text(out, change->text);
        return;
    case CHANGE_WAITING:
        buf_addf(out, "a connection from %s waits to be accepted (%s)", change->text, state_words(change, change->to));
        return;
    case CHANGE_UNOWNED:
        add_unowned(change, out);
        return;
    case CHANGE_UNOWNED_STATE:
        add_unowned_state(change, out);
        return;
    case CHANGE_UNOWNED_GONE:
        add_unowned_gone(change, out);
        return;
    case CHANGE_SHARED:
        buf_addf(out, "the same socket as %s", change->text);
        return;
    }
}

void change_words(const struct change *change, const char *actor, struct buf *out) {
    if (!change_is_unowned(change->type)) {
        if (actor == NULL || strcmp(actor, change->actor) != 0)
            buf_addf(out, "%s ", change->actor);
        buf_addf(out, "fd %d: ", change->fd);
    }
    change_detail(change, out);
}

const char *change_name(enum change_type type) {
    static const char *const names[] = {
        [CHANGE_APPEARED] = "appeared",
        [CHANGE_CLOSED] = "closed",
        [CHANGE_STATE] = "state",
        [CHANGE_LOCAL] = "local",
        [CHANGE_PEER] = "peer",
        [CHANGE_ACCEPT_QUEUE] = "accept-queue",
        [CHANGE_RECEIVE_QUEUE] = "receive-queue",
        [CHANGE_SEND_QUEUE] = "send-queue",
        [CHANGE_SHUTDOWN] = "shutdown",
        [CHANGE_PEER_GONE] = "peer-gone",
        [CHANGE_NONBLOCKING] = "nonblocking",
        [CHANGE_OPTION] = "option",
        [CHANGE_WAITING] = "waiting",
        [CHANGE_UNOWNED] = "unowned",
        [CHANGE_UNOWNED_STATE] = "unowned-state",
        [CHANGE_UNOWNED_GONE] = "unowned-gone",
        [CHANGE_SHARED] = "shared",
    };
    return names[type];
}

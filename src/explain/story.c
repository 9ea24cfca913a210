/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened to a connection before; see story.h. */
#include "explain/story.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/escape.h"
#include "explain/find.h"
#include "explain/rows.h"
#include "observe/peer.h"

static const struct event *event_at(const struct inquiry *inquiry, uint64_t back) {
    return back < STORY_MOST ? past_at(&inquiry->past, back) : NULL;
}

/* ---- The two ends ---- */

static const struct descriptor *descriptor_of(const struct snapshot *snapshot, const char *actor,
                                              int64_t fd) {
    size_t number = snapshot != NULL ? snapshot_actor_named(snapshot, actor) : SIZE_MAX;
    return number != SIZE_MAX && fd >= 0 && fd <= INT32_MAX ? snapshot_get(snapshot, number, (int)fd) : NULL;
}

/* The first argument of a call that did not return: "send(4, …)". */
static int64_t first_argument(const char *text) {
    const char *open = text != NULL ? strchr(text, '(') : NULL;
    char *end = NULL;
    long number = open != NULL ? strtol(open + 1, &end, 10) : -1;
    return open != NULL && end != open + 1 ? number : -1;
}

bool story_subject(const struct inquiry *inquiry, struct subject *subject) {
    const struct event *event = inquiry->event;
    bool died = event->type == EVENT_DIED;
    *subject =
        (struct subject){.fd = died ? first_argument(event->extra) : event->fd, .cookie = event->cookie};
    if (subject->fd < 0)
        return false;
    subject->before = descriptor_of(inquiry->before, event->actor, subject->fd);
    subject->now = descriptor_of(inquiry->now, event->actor, subject->fd);
    if (subject->cookie == 0 && died && subject->before != NULL)
        subject->cookie = subject->before->socket.cookie;
    if (subject->before != NULL && subject->before->socket.cookie != subject->cookie)
        subject->before = NULL; /* the number has come to stand for another */
    if (subject->now != NULL && subject->now->socket.cookie != subject->cookie)
        subject->now = NULL;
    return true;
}

const struct descriptor *story_descriptor(const struct subject *subject) {
    return subject->now != NULL ? subject->now : subject->before;
}

static const struct socket_facts *story_facts(const struct subject *subject) {
    const struct descriptor *descriptor = story_descriptor(subject);
    return descriptor != NULL && descriptor->kind == DESCRIPTOR_SOCKET && descriptor->facts_known
               ? &descriptor->socket
               : NULL;
}

const struct socket_facts *story_socket(const struct inquiry *inquiry, struct subject *subject,
                                        struct blanks *blanks) {
    const struct socket_facts *facts = story_subject(inquiry, subject) ? story_facts(subject) : NULL;
    if (facts != NULL && blank(blanks, "fd")->length == 0)
        buf_addf(blank(blanks, "fd"), "%lld", (long long)subject->fd);
    return facts;
}

static uint64_t peer_in(const struct snapshot *snapshot, const struct descriptor *descriptor) {
    if (snapshot == NULL || descriptor == NULL || descriptor->kind != DESCRIPTOR_SOCKET ||
        !descriptor->facts_known)
        return 0;
    struct peer peer = snapshot_peer(snapshot, &descriptor->socket);
    return peer.facts != NULL ? peer.facts->cookie : 0;
}

/* The change that told of the connection, from either side. */
static uint64_t peer_told(const struct inquiry *inquiry, uint64_t cookie) {
    const struct event *event;
    for (uint64_t n = 0; cookie != 0 && (event = event_at(inquiry, n)) != NULL; n++) {
        if (event->type != EVENT_CHANGE || event->peer == 0)
            continue;
        if (event->cookie == cookie)
            return event->peer;
        if (event->peer == cookie)
            return event->cookie;
    }
    return 0;
}

static void note_holder(const struct snapshot *snapshot, const struct holder *holder, struct end *end) {
    strncpy(end->actor, snapshot_actor(snapshot, holder->actor), sizeof(end->actor) - 1);
    end->fd = holder->fd;
    end->facts = snapshot_get(snapshot, holder->actor, holder->fd)->socket;
    end->facts_known = true;
}

/* Who has had this socket: the last call about it, or the change that told of its end. */
static void note_past_owner(const struct inquiry *inquiry, struct end *end) {
    const struct event *event;
    for (uint64_t n = 0; (event = event_at(inquiry, n)) != NULL; n++) {
        bool tells = event->type == EVENT_RETURNED || event->type == EVENT_CHANGE;
        if (!tells || event->cookie != end->cookie || event->fd < 0 || event->actor[0] == '\0')
            continue;
        strncpy(end->actor, event->actor, sizeof(end->actor) - 1);
        end->fd = (int)event->fd;
        return;
    }
}

static void note_owner(const struct inquiry *inquiry, struct end *end) {
    struct holder holder;
    const struct unowned *unowned = snapshot_unowned_find(inquiry->now, end->cookie);
    end->fd = -1;
    if (snapshot_holders(inquiry->now, end->cookie, &holder, 1) > 0) {
        end->held = true;
        note_holder(inquiry->now, &holder, end);
        return;
    }
    if (inquiry->before != NULL && snapshot_holders(inquiry->before, end->cookie, &holder, 1) > 0)
        note_holder(inquiry->before, &holder, end);
    else
        note_past_owner(inquiry, end);
    if (unowned != NULL) {
        end->facts = unowned->facts;
        end->facts_known = true;
    }
}

bool story_peer(const struct inquiry *inquiry, const struct subject *subject, struct end *peer) {
    *peer = (struct end){.cookie = peer_in(inquiry->now, subject->now)};
    if (peer->cookie == 0)
        peer->cookie = peer_in(inquiry->before, subject->before);
    if (peer->cookie == 0)
        peer->cookie = peer_told(inquiry, subject->cookie);
    if (peer->cookie != 0)
        note_owner(inquiry, peer);
    return peer->cookie != 0;
}

bool story_was_connected(const struct inquiry *inquiry, const struct subject *subject) {
    const struct event *event;
    for (int i = 0; i < 2; i++) {
        const struct descriptor *at = i == 0 ? subject->now : subject->before;
        if (at != NULL && at->kind == DESCRIPTOR_SOCKET && at->facts_known && socket_has_peer(&at->socket))
            return true;
    }
    if (peer_told(inquiry, subject->cookie) != 0)
        return true;
    for (uint64_t n = 0; (event = event_at(inquiry, n)) != NULL; n++)
        if (event->type == EVENT_RETURNED && event->cookie == subject->cookie && event->error == 0 &&
            strcmp(event->name, "connect") == 0)
            return true;
    return false;
}

/* ---- What was done ---- */

static bool second_is(const struct event *event, const char *words) {
    struct buf argument = {0};
    bool is = find_argument(event, 1, &argument) && word_among(words, buf_text(&argument));
    buf_free(&argument);
    return is;
}

bool story_last(const struct inquiry *inquiry, uint64_t cookie, const char *calls, const char *argument,
                struct deed *deed) {
    const struct event *event;
    for (uint64_t n = 0; cookie != 0 && (event = event_at(inquiry, n)) != NULL; n++)
        if (event->type == EVENT_RETURNED && event->error == 0 && event->cookie == cookie &&
            word_among(calls, event->name) && (argument == NULL || second_is(event, argument))) {
            *deed = (struct deed){event, n};
            return true;
        }
    return false;
}

/* The death or dup2() with which a change "closed" came. */
static bool cause_before(const struct inquiry *inquiry, uint64_t n, struct deed *deed) {
    const struct event *change = event_at(inquiry, n), *event;
    while ((event = event_at(inquiry, ++n)) != NULL && event->happened_ns == change->happened_ns)
        if (event->type == EVENT_DIED || event->type == EVENT_RETURNED) {
            *deed = (struct deed){event, n};
            return true;
        }
    return false;
}

/* Whoever died had it, and the journal does not tell yet what that changed. */
static bool death_took(const struct inquiry *inquiry, const struct event *event, uint64_t cookie) {
    struct holder holders[8];
    size_t count = inquiry->before != NULL ? snapshot_holders(inquiry->before, cookie, holders, 8) : 0;
    for (size_t i = 0; i < count && i < 8; i++)
        if (strcmp(snapshot_actor(inquiry->before, holders[i].actor), event->actor) == 0)
            return true;
    return false;
}

/* The newest close() or death after which nobody had it. */
static bool last_close(const struct inquiry *inquiry, uint64_t cookie, struct deed *deed) {
    const struct event *event;
    for (size_t i = inquiry->past.held_count + 1; i < inquiry->past.held_total; i++)
        if (inquiry->past.held[i]->type == EVENT_DIED && death_took(inquiry, inquiry->past.held[i], cookie)) {
            *deed = (struct deed){inquiry->past.held[i], 0};
            return true;
        }
    for (uint64_t n = 0; (event = event_at(inquiry, n)) != NULL; n++) {
        bool closed = event->type == EVENT_RETURNED && event->error == 0 && event->cookie == cookie &&
                      strcmp(event->name, "close") == 0;
        bool died =
            event->type == EVENT_DIED && n < inquiry->past.held_count && death_took(inquiry, event, cookie);
        if (closed || died) {
            *deed = (struct deed){event, n};
            return true;
        }
        if (event->type == EVENT_CHANGE && event->cookie == cookie && strcmp(event->name, "closed") == 0)
            return cause_before(inquiry, n, deed);
    }
    return false;
}

bool story_closing(const struct inquiry *inquiry, const struct end *end, struct deed *deed) {
    return !end->held && last_close(inquiry, end->cookie, deed);
}

bool story_ending(const struct inquiry *inquiry, const struct end *end, struct deed *deed) {
    if (story_last(inquiry, end->cookie, "shutdown", "SHUT_WR SHUT_RDWR", deed))
        return true;
    return story_closing(inquiry, end, deed);
}

bool story_has_flag(const struct event *event, const char *flag) {
    struct buf flags = {0};
    size_t i = strcmp(event->name, "recvmsg") == 0 || strcmp(event->name, "sendmsg") == 0 ? 2 : 3;
    bool reads = strcmp(event->name, "read") != 0 && strcmp(event->name, "write") != 0;
    bool has = reads && find_argument(event, i, &flags) && strstr(buf_text(&flags), flag) != NULL;
    buf_free(&flags);
    return has;
}

/* The change that tells of connect(): no byte was sent before. */
static bool is_birth(const struct event *event, uint64_t cookie) {
    return event->type == EVENT_CHANGE && event->peer != 0 &&
           (event->cookie == cookie || event->peer == cookie) && strcmp(event->name, "state") == 0;
}

bool story_bytes(const struct inquiry *inquiry, uint64_t cookie, bool out, uint64_t back, uint64_t *bytes) {
    const struct event *event, *oldest = NULL;
    *bytes = 0;
    for (uint64_t n = back; (event = event_at(inquiry, n)) != NULL; n++) {
        oldest = event;
        if (is_birth(event, cookie))
            return true;
        if (event->type == EVENT_RETURNED && event->cookie == cookie && event->data_out == out &&
            event->data_total > 0 && !story_has_flag(event, "MSG_PEEK"))
            *bytes += (uint64_t)event->data_total;
    }
    return cookie != 0 && (oldest == NULL || oldest->number <= 1);
}

bool story_timeout(const struct inquiry *inquiry, int64_t fd, int option, uint64_t *ms) {
    struct depth depth;
    struct timeval time = {0};
    if (inquiry->actor == SIZE_MAX || fd < 0 || fd > INT32_MAX)
        return false;
    struct watched watched = {.name = inquiry->event->actor,
                              .pid = snapshot_pid(inquiry->now, inquiry->actor)};
    if (observe_depth(inquiry->observer, &watched, (int)fd, &depth))
        for (size_t i = 0; i < depth.option_count; i++)
            if (depth.options[i].level == SOL_SOCKET && depth.options[i].option == option &&
                depth.options[i].length == sizeof(time))
                memcpy(&time, depth.options[i].bytes, sizeof(time));
    depth_free(&depth);
    *ms = (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_usec / 1000;
    return *ms > 0;
}

/* ---- In words ---- */

void story_say_end(const struct inquiry *inquiry, const struct end *end, struct buf *out) {
    if (end->actor[0] == '\0')
        buf_add_text(out, "the other end");
    else if (strcmp(end->actor, inquiry->event->actor) == 0)
        buf_addf(out, "fd %d", end->fd);
    else
        buf_addf(out, "%s's fd %d", end->actor, end->fd);
}

static uint64_t calls_since(const struct inquiry *inquiry, const struct deed *deed) {
    uint64_t calls = 1;
    for (uint64_t n = 0; n < deed->back; n++) {
        const struct event *event = past_at(&inquiry->past, n);
        const struct call *call = event->type == EVENT_RETURNED ? call_find(event->name) : NULL;
        calls += call != NULL && call->flags & CALL_SYSTEM;
    }
    return calls;
}

static void say_ago(const struct inquiry *inquiry, const struct deed *deed, struct buf *out) {
    uint64_t calls = calls_since(inquiry, deed);
    if (calls == 1)
        buf_add_text(out, ", just before");
    else
        buf_addf(out, ", %llu calls ago", (unsigned long long)calls);
}

void story_say_deed(const struct inquiry *inquiry, const struct deed *deed, struct buf *out) {
    const struct event *event = deed->event;
    bool own = strcmp(event->actor, inquiry->event->actor) == 0;
    if (event->type == EVENT_DIED) {
        buf_addf(out, "the end of %s (it %s)", event->actor, event->text);
    } else {
        buf_addf(out, "%s%s ", event->actor, own ? "'s own" : "'s");
        escape_text(out, event->text, strlen(event->text));
    }
    say_ago(inquiry, deed, out);
}

void story_say_bytes(uint64_t bytes, struct buf *out) {
    buf_addf(out, "%llu byte%s", (unsigned long long)bytes, bytes == 1 ? "" : "s");
}

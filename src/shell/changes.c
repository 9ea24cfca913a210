/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From settled actors to changes and explanations in the journal; see changes.h and watch.h. */
#include "shell/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "explain/explain.h"
#include "observe/difference.h"
#include "observe/peer.h"
#include "shell/packets.h"
#include "shell/watch.h"
#include "view/ends.h"

/* Descriptors touched by the calls of one settling; where there are more, everything is looked at. */
#define TOUCHED_MOST 256

/* One settling: what was said, and what the kernel says now. */
struct settling {
    struct shell *shell;
    const struct event *const *events; /* as the journal holds them, in the order in which they happened */
    size_t count;
    struct touched touched[TOUCHED_MOST];
    size_t touched_count;
    bool everything; /* cannot be told from the calls: look at all */
    bool options;    /* some may have been set */
    bool anything;   /* happened at all */
    const struct snapshot *before;
    struct snapshot *now;
};

static size_t actor_number(const struct shell *shell, const char *name) {
    const struct actor *actor;
    for (size_t i = 0; (actor = crew_at(shell->crew, i)) != NULL; i++)
        if (strcmp(actor_name(actor), name) == 0)
            return i;
    return SIZE_MAX;
}

/* ---- What was touched ---- */

static bool is_touched(const struct settling *settling, const struct touched *touched) {
    for (size_t i = settling->touched_count; i-- > 0;)
        if (settling->touched[i].actor == touched->actor && settling->touched[i].fd == touched->fd &&
            settling->touched[i].to_length == 0 && settling->touched[i].options == touched->options)
            return true;
    return false;
}

static void touch(struct settling *settling, const struct event *event, const struct call *call, int64_t fd) {
    size_t actor = actor_number(settling->shell, event->actor);
    if (fd < 0 || fd > INT32_MAX || actor == SIZE_MAX)
        return;
    bool options = (call->flags & CALL_SETS) != 0, sends_to = event->data_out && event->address_length > 0;
    struct touched wanted = {.actor = actor, .fd = (int)fd, .options = options};
    if (!sends_to && is_touched(settling, &wanted))
        return;
    if (settling->touched_count == TOUCHED_MOST) {
        settling->everything = true;
        return;
    }
    struct touched *touched = &settling->touched[settling->touched_count++];
    *touched = wanted;
    if (sends_to) {
        size_t most = sizeof touched->to;
        touched->to_length = (socklen_t)(event->address_length < most ? event->address_length : most);
        memcpy(&touched->to, event->address, touched->to_length);
    }
}

/* It sleeps in a call that has reached others already: a SYN is on its way. */
static bool is_still_in(const struct settling *settling, size_t entered) {
    const struct event *event = settling->events[entered];
    const struct call *call = event->type == EVENT_ENTERED ? call_find(event->name) : NULL;
    bool still = call != NULL && call->flags & CALL_ACTS;
    for (size_t i = entered + 1; i < settling->count && still; i++)
        still = settling->events[i]->type != EVENT_RETURNED ||
                strcmp(settling->events[i]->actor, event->actor) != 0;
    return still;
}

static void collect(struct settling *settling) {
    for (size_t i = 0; i < settling->count; i++) {
        const struct event *event = settling->events[i];
        if (is_still_in(settling, i))
            settling->everything = settling->anything = true;
        const struct call *call = event->type == EVENT_RETURNED ? call_find(event->name) : NULL;
        if (event->type == EVENT_DIED || event->type == EVENT_BORN)
            settling->everything = settling->anything = true;
        if (call == NULL || !(call->flags & CALL_SYSTEM))
            continue;
        settling->anything = true;
        settling->everything |= (call->flags & CALL_GIVES_MORE) != 0 && event->error == 0;
        settling->options |= (call->flags & CALL_SETS) != 0;
        touch(settling, event, call, event->fd);
        if (call->flags & CALL_GIVES)
            touch(settling, event, call, event->result);
    }
}

/* ---- Who is whose other end ---- */

/* The socket whose peer a call makes known: the one that data went through, that connected, or that was
 * accepted; -1: none.  A peer may be gone before anything is sent. */
static int64_t socket_of(const struct event *event) {
    bool accepts = strcmp(event->name, "accept") == 0 || strcmp(event->name, "accept4") == 0;
    if (accepts)
        return event->result;
    return event->socket_type != 0 || strcmp(event->name, "connect") == 0 ? event->fd : -1;
}

/* Put into the book of streams who is whose other end. */
static void learn_peers(const struct settling *settling) {
    struct streams *streams = settling->shell->streams;
    const struct snapshot *now = settling->now;
    for (size_t i = 0; i < settling->count; i++) {
        const struct event *event = settling->events[i];
        int64_t fd = event->type == EVENT_RETURNED ? socket_of(event) : -1;
        size_t actor = snapshot_actor_named(now, event->actor);
        if (fd < 0 || fd > INT32_MAX || actor == SIZE_MAX)
            continue;
        const struct descriptor *own = snapshot_get(now, actor, (int)fd);
        if (own == NULL || own->kind != DESCRIPTOR_SOCKET || !own->facts_known ||
            (fd == event->fd && own->socket.cookie != event->cookie) ||
            !streams_want_peer(streams, own->socket.cookie))
            continue;
        struct peer peer = end_peer(now, streams, &own->socket);
        if (peer.facts != NULL)
            streams_pair(streams, own->socket.cookie, peer.facts->cookie);
    }
}

/* ---- Under which call a change stands ---- */

/* Does the call speak of this descriptor, or has it given it? */
static bool is_about(const struct event *cause, const struct change *change) {
    const struct call *call = call_find(cause->name);
    return cause->type == EVENT_RETURNED && strcmp(cause->actor, change->actor) == 0 &&
           (cause->fd == change->fd || (call != NULL && call->flags & CALL_GIVES && cause->result == change->fd));
}

/* The call about this very descriptor; else the first, of which everything else is a consequence; else a death.
 * NULL: it came by itself. */
static const struct event *cause_of(const struct settling *settling, const struct change *change) {
    const struct event *first = NULL, *death = NULL;
    for (size_t i = 0; i < settling->count; i++) {
        const struct event *event = settling->events[i];
        if (event->type == EVENT_DIED && (death == NULL || strcmp(event->actor, change->actor) == 0))
            death = event;
        const struct call *call = event->type == EVENT_RETURNED ? call_find(event->name) : NULL;
        if (call == NULL || !(call->flags & CALL_SYSTEM))
            continue;
        if (change->fd >= 0 && is_about(event, change))
            return event;
        if (first == NULL)
            first = event;
    }
    if (death != NULL && (first == NULL || strcmp(death->actor, change->actor) == 0))
        return death;
    return first != NULL ? first : death;
}

/* All that is told of one descriptor is one line. */
static bool goes_with(const struct change *change, const struct change *next) {
    return change->fd >= 0 && next->fd == change->fd && strcmp(next->actor, change->actor) == 0 &&
           next->cookie == change->cookie && !change_is_unowned(change->type) && !change_is_unowned(next->type);
}

/* The pipes that every actor has as 0, 1 and 2 come and go with it: nobody wants to read that. */
static bool is_furniture(const struct change *change, const struct event *cause) {
    return (change->type == CHANGE_APPEARED || change->type == CHANGE_CLOSED) && change->fd >= 0 &&
           change->fd <= 2 && change->cookie == 0 && (cause == NULL || !is_about(cause, change));
}

/* The changes that make one line. */
struct line {
    const struct change *changes;
    size_t count, order;
    const struct event *cause;
};

/* From what the call was about outwards: its own descriptors, those of others, what has none. */
static int distance(const struct line *line) {
    const struct change *change = line->changes;
    if (change_is_unowned(change->type))
        return 3;
    if (line->cause == NULL || strcmp(line->cause->actor, change->actor) != 0)
        return 2;
    return is_about(line->cause, change) ? 0 : 1;
}

static int nearest_first(const void *left, const void *right) {
    const struct line *a = left, *b = right;
    int difference = distance(a) - distance(b);
    return difference != 0 ? difference : a->order < b->order ? -1 : 1;
}

/* The other end of a connection that has come about with one of these changes. */
static uint64_t peer_of(const struct settling *settling, const struct line *line) {
    const struct change *change = line->changes;
    bool began = change->type == CHANGE_WAITING;
    for (size_t i = 0; i < line->count; i++)
        began |= change[i].type == CHANGE_APPEARED || change[i].type == CHANGE_PEER ||
                 (change[i].type == CHANGE_STATE && change[i].to == SOCKET_ESTABLISHED);
    const struct socket_facts *facts = began ? snapshot_facts(settling->now, change->cookie) : NULL;
    const struct socket_facts *other = facts != NULL ? snapshot_peer(settling->now, facts).facts : NULL;
    return other != NULL ? other->cookie : 0;
}

static void tell(struct settling *settling, const struct line *line) {
    const struct change *changes = line->changes;
    struct buf text = {0}, names = {0};
    for (size_t i = 0; i < line->count; i++) {
        buf_addf(&names, "%s%s", i > 0 ? " " : "", change_name(changes[i].type));
        if (i > 0)
            buf_add_text(&text, ", ");
        if (i == 0)
            change_words(&changes[i], line->cause != NULL ? line->cause->actor : NULL, &text);
        else
            change_detail(&changes[i], &text);
    }
    journal_add(settling->shell->journal, &(struct event){
                                              .type = EVENT_CHANGE,
                                              .happened_ns = line->cause != NULL ? line->cause->happened_ns : 0,
                                              .actor = changes->actor,
                                              .name = change_name(changes->type),
                                              .text = buf_text(&text),
                                              .extra = line->count > 1 ? buf_text(&names) : NULL,
                                              .fd = changes->fd,
                                              .cookie = changes->cookie,
                                              .peer = peer_of(settling, line),
                                          });
    buf_free(&names);
    buf_free(&text);
}

static void tell_changes(struct settling *settling) {
    struct difference difference;
    difference_find(settling->before, settling->now, &difference);
    struct line *lines = mem_alloc((difference.count + 1) * sizeof(*lines));
    size_t count = 0;
    for (size_t i = 0, next; i < difference.count; i = next) {
        const struct change *change = &difference.changes[i];
        for (next = i + 1; next < difference.count; next++)
            if (!goes_with(change, &difference.changes[next]))
                break;
        const struct event *cause = cause_of(settling, change);
        for (size_t j = i; cause != NULL && j < next; j++)
            difference.changes[j].shut = is_about(cause, change) && strcmp(cause->name, "shutdown") == 0;
        if (is_furniture(change, cause))
            continue;
        lines[count] = (struct line){change, next - i, count, cause};
        count++;
    }
    if (count > 1)
        qsort(lines, count, sizeof(*lines), nearest_first);
    for (size_t i = 0; i < count; i++)
        tell(settling, &lines[i]);
    free(lines);
    difference_free(&difference);
}

/* ---- Why ---- */

static bool find_cause(struct settling *settling, size_t i, char id[EXPLANATION_ID_MAX], struct buf *text) {
    const struct event *event = settling->events[i];
    struct inquiry inquiry = {
        .event = event,
        .call = call_find(event->name),
        .before = settling->before,
        .now = settling->now,
        .actor = snapshot_actor_named(settling->now, event->actor),
        .observer = shell_observer(settling->shell),
        .past = {settling->shell->journal, journal_last(settling->shell->journal), settling->events, i,
                 settling->count},
    };
    return explain_because(&inquiry, id, text);
}

/* In step mode a success is explained too. */
static const char *success_of(const struct shell *shell, const struct event *event) {
    const struct call *call = event->type == EVENT_RETURNED ? call_find(event->name) : NULL;
    bool wanted = watch_get(shell) == WATCH_STEPS && call != NULL && event->error == 0 && event->note[0] == '\0';
    return wanted ? call->success : NULL;
}

/* Has the same been explained for the call just before, of the same actor in the same statement?  A loop that reads
 * a stream in pieces, or polls in vain, is told so once. */
static bool told_just_now(const struct settling *settling, size_t i) {
    const struct event *event = settling->events[i], *last;
    const struct past past = {settling->shell->journal, journal_last(settling->shell->journal), settling->events, i,
                              settling->count};
    for (uint64_t n = 0; (last = past_at(&past, n)) != NULL; n++) {
        bool same = strcmp(last->actor, event->actor) == 0;
        if (same && last->type == EVENT_DONE)
            return false;
        if (same && last->type == EVENT_RETURNED)
            return event->id[0] != '\0' && strcmp(last->id, event->id) == 0;
    }
    return false;
}

/* An actor that is watched makes one call and waits; when there are several, it is past that and runs on.  Of
 * what went well then only the last is of interest, as the kernel is asked now. */
static bool is_overtaken(const struct settling *settling, size_t i) {
    const struct event *event = settling->events[i];
    if (event->type != EVENT_RETURNED || event->error != 0 || event->result <= 0)
        return false;
    for (size_t later = i + 1; later < settling->count; later++) {
        const struct event *other = settling->events[later];
        if (other->type == EVENT_RETURNED && other->error == 0 && strcmp(other->actor, event->actor) == 0 &&
            strcmp(other->name, event->name) == 0)
            return true;
    }
    return false;
}

static void explain_each(struct settling *settling) {
    for (size_t i = 0; i < settling->count; i++) {
        const struct event *event = settling->events[i];
        char id[EXPLANATION_ID_MAX] = "";
        struct buf text = {0};
        if ((event->type != EVENT_RETURNED && event->type != EVENT_DIED) || is_overtaken(settling, i))
            continue;
        if (find_cause(settling, i, id, &text))
            journal_explain_held(settling->shell->journal, i, id, buf_text(&text));
        else if (success_of(settling->shell, event) != NULL)
            journal_explain_held(settling->shell->journal, i, "", success_of(settling->shell, event));
        if (told_just_now(settling, i))
            journal_explain_held(settling->shell->journal, i, settling->events[i]->id, "");
        buf_free(&text);
    }
}

/* ---- The two occasions ---- */

/* Calls are not watched, packets are seen. */
static void only_packets(struct shell *shell) {
    const struct event *const *events;
    size_t count = journal_held(shell->journal, &events);
    packets_settled(shell, events, count, shell->seen, NULL);
}

void changes_settled(void *context, bool missed) {
    struct shell *shell = context;
    if (watch_get(shell) == WATCH_OFF) {
        only_packets(shell);
        return;
    }
    struct settling *settling = mem_alloc(sizeof(*settling));
    settling->shell = shell;
    settling->before = shell->seen;
    settling->everything = missed || shell->seen == NULL;
    settling->count = journal_held(shell->journal, &settling->events);
    collect(settling);
    if (settling->anything || missed) {
        bool all = settling->everything;
        settling->now = watch_take(shell, all ? NULL : settling->touched, settling->touched_count,
                                   all && settling->options ? OPTIONS_ALL : OPTIONS_NEW);
        learn_peers(settling);
        explain_each(settling); /* the journal holds nothing new until then */
        packets_settled(shell, settling->events, settling->count, settling->before, settling->now);
        if (settling->before != NULL)
            tell_changes(settling);
        watch_keep(shell, settling->now);
    } else {
        packets_settled(shell, settling->events, settling->count, shell->seen, NULL);
    }
    free(settling);
}

void changes_by_themselves(struct shell *shell, const struct snapshot *now) {
    struct settling settling = {.shell = shell, .before = shell->seen, .now = (struct snapshot *)now};
    if (shell->seen != NULL)
        tell_changes(&settling);
}

bool watch_because(struct shell *shell, const struct event *event, char id[], struct buf *text) {
    struct snapshot *now = shell_snapshot(shell);
    struct inquiry inquiry = {
        .event = event,
        .call = call_find(event->name),
        .before = shell->seen,
        .now = now,
        .actor = snapshot_actor_named(now, event->actor),
        .observer = shell_observer(shell),
        .past = {.journal = shell->journal, .last = event->number - 1},
    };
    bool found = explain_because(&inquiry, id, text);
    snapshot_free(now);
    return found;
}

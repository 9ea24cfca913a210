/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From events to expectations.  Only what is the same at the next playing: no
 * process numbers, no ports that the kernel chose.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "call/constant.h"
#include "lesson/lesson.h"
#include "lesson/skeleton_parts.h"
#include "observe/facts.h"

#define NUMBER_MOST 32767 /* beyond are ports of the kernel's choice, process numbers, addresses */
#define DIGITS_MOST 4
#define PRINTED_MOST 120
#define SOCKETS_MOST 32

static const struct event *event_in(const struct segment *segment, uint64_t number) {
    static const struct event none = {.type = EVENT_TYPES_END, .actor = ""};
    const struct event *event = journal_at(segment->journal, number);
    return event != NULL ? event : &none;
}

/* One expectation; the step's own actor need not be named. */
static void add_lead(const struct segment *segment, const char *actor, struct buf *out) {
    buf_add_text(out, "      ");
    if (strcmp(actor, segment->actor) != 0)
        buf_addf(out, "%s ", actor);
}

/* ---- Calls ---- */

static void add_result(const struct event *event, struct buf *out) {
    static const char *const numbers[] = {"fork", "vfork",  "getpid",  "getppid", "wait",    "waitpid",
                                          "time", "getuid", "geteuid", "getgid",  "getegid", NULL};
    bool varies = event->result > NUMBER_MOST;
    for (size_t i = 0; numbers[i] != NULL; i++)
        varies = varies || strcmp(numbers[i], event->name) == 0;
    const char *error = event->error != 0 ? constant_name(&constants_errno, (int)event->error) : NULL;
    if (event->error == 0 && varies)
        buf_add_text(out, "ANY\n");
    else
        buf_addf(out, "%lld%s%s\n", (long long)event->result, error != NULL ? " " : "",
                 error != NULL ? error : "");
}

/* Does the actor sleep in a call when the segment begins?  What it returned from first is worth telling. */
static bool was_blocked(const struct segment *segment, const char *actor) {
    for (uint64_t number = segment->from; number-- > 1;) {
        const struct event *event = journal_at(segment->journal, number);
        if (event == NULL)
            return false;
        if (strcmp(event->actor, actor) == 0 && (event->type == EVENT_RETURNED || event->type == EVENT_DONE))
            return false;
        if (strcmp(event->actor, actor) == 0 && event->type == EVENT_BLOCKED)
            return true;
    }
    return false;
}

static bool is_last_return(const struct segment *segment, uint64_t at) {
    const char *actor = event_in(segment, at)->actor;
    for (uint64_t number = at + 1; number < segment->to; number++) {
        const struct event *event = event_in(segment, number);
        if (event->type == EVENT_RETURNED && strcmp(event->actor, actor) == 0)
            return false;
    }
    return true;
}

static bool is_first_return(const struct segment *segment, uint64_t at) {
    const char *actor = event_in(segment, at)->actor;
    for (uint64_t number = segment->from; number < at; number++) {
        const struct event *event = event_in(segment, number);
        if (event->type == EVENT_RETURNED && strcmp(event->actor, actor) == 0)
            return false;
    }
    return true;
}

/* Failures must be expected, or a check would complain of them. */
static void add_return(const struct segment *segment, uint64_t at, struct buf *out) {
    const struct event *event = event_in(segment, at);
    bool own = strcmp(event->actor, segment->actor) == 0;
    if (own && is_last_return(segment, at)) {
        buf_add_text(out, "      = ");
        add_result(event, out);
    } else if (!own && is_first_return(segment, at) && was_blocked(segment, event->actor)) {
        add_lead(segment, event->actor, out);
        buf_add_text(out, "returns ");
        add_result(event, out);
    } else if (event->error != 0) {
        add_lead(segment, event->actor, out);
        buf_addf(out, "calls %s(...) = ", event->name);
        add_result(event, out);
    }
}

/* It sleeps still when the segment ends. */
static void add_blocked(const struct segment *segment, uint64_t at, struct buf *out) {
    const struct event *event = event_in(segment, at);
    for (uint64_t number = at + 1; number < segment->to; number++) {
        const struct event *later = event_in(segment, number);
        if (strcmp(later->actor, event->actor) == 0 &&
            (later->type == EVENT_RETURNED || later->type == EVENT_DIED || later->type == EVENT_BLOCKED))
            return;
    }
    add_lead(segment, event->actor, out);
    buf_addf(out, "blocks in %s\n", event->name);
}

/* ---- The program ---- */

static bool has_long_number(const char *text, size_t length) {
    size_t digits = 0;
    for (size_t i = 0; i < length && digits <= DIGITS_MOST; i++)
        digits = text[i] >= '0' && text[i] <= '9' ? digits + 1 : 0;
    return digits > DIGITS_MOST;
}

/* All that one actor printed, told where it began. */
static void add_printed(const struct segment *segment, uint64_t at, struct buf *out) {
    const char *actor = event_in(segment, at)->actor;
    struct buf printed = {0};
    for (uint64_t number = segment->from; number < segment->to; number++) {
        const struct event *event = event_in(segment, number);
        if (event->type != EVENT_OUTPUT || strcmp(event->actor, actor) != 0)
            continue;
        if (number < at) {
            buf_free(&printed);
            return;
        }
        buf_add(&printed, event->data, event->data_length);
    }
    size_t length = printed.length < PRINTED_MOST ? printed.length : PRINTED_MOST;
    while (length > 0 && length < printed.length && ((unsigned char)printed.data[length] & 0xC0) == 0x80)
        length--;
    if (length > 0 && !has_long_number(printed.data, length)) {
        add_lead(segment, actor, out);
        buf_add_text(out, "prints \"");
        escape_c(out, printed.data, length);
        buf_add_text(out, "\"\n");
    }
    buf_free(&printed);
}

/* Of numbers the short ones: a long one may be an address or a port. */
static void add_value(const struct segment *segment, const struct event *event, struct buf *out) {
    size_t sign = event->text[0] == '-', length = strlen(event->text);
    bool number = length > sign && length - sign <= DIGITS_MOST &&
                  strspn(event->text + sign, "0123456789") == length - sign;
    if (!number)
        return;
    add_lead(segment, event->actor, out);
    buf_addf(out, "value %s\n", event->text);
}

static void add_death(const struct segment *segment, const struct event *event, struct buf *out) {
    int status = (int)event->result;
    const char *name =
        event->result >= 0 && WIFSIGNALED(status) ? constant_name(&constants_signal, WTERMSIG(status)) : NULL;
    if (segment->restart && strcmp(event->actor, segment->actor) == 0)
        return;
    if (name == NULL && (event->result < 0 || !WIFEXITED(status)))
        return;
    add_lead(segment, event->actor, out);
    if (name != NULL)
        buf_addf(out, "killed %s\n", name);
    else
        buf_addf(out, "exits %d\n", WEXITSTATUS(status));
}

/* ---- Sockets ---- */

struct seen_state {
    const char *actor;
    int64_t fd;
    const char *state; /* NULL: its descriptor was closed */
};

/* The state behind the last arrow that has states on both sides, or NULL. */
static const char *last_state(const char *text) {
    static const char arrow[] = " → ";
    const char *found = NULL;
    for (const char *at = text; (at = strstr(at, arrow)) != NULL;) {
        const char *before = at;
        at += strlen(arrow);
        for (int i = 1; i < SOCKET_STATES_END; i++) {
            const char *name = socket_state_name((enum socket_state)i);
            size_t length = strlen(name);
            bool whole =
                strncmp(at, name, length) == 0 && strchr("_ABCDEFGHIJKLMNOPQRSTUVWXYZ12", at[length]) == NULL;
            if ((whole || (strncmp(at, name, length) == 0 && at[length] == '\0')) && before[-1] >= '1' &&
                before[-1] <= 'Z')
                found = name;
        }
    }
    return found;
}

static bool names_change(const struct event *event, const char *name) {
    size_t length = strlen(name);
    for (const char *at = event->extra; (at = strstr(at, name)) != NULL; at += length)
        if ((at == event->extra || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return strcmp(event->name, name) == 0;
}

static void note_state(struct seen_state *states, size_t *count, const struct event *event) {
    bool closed = names_change(event, "closed");
    const char *state = names_change(event, "state") ? last_state(event->text) : NULL;
    if (event->fd < 0 || *event->actor == '\0' || (state == NULL && !closed))
        return;
    size_t i = 0;
    while (i < *count && (states[i].fd != event->fd || strcmp(states[i].actor, event->actor) != 0))
        i++;
    if (i == SOCKETS_MOST)
        return;
    states[i] = (struct seen_state){event->actor, event->fd, closed ? NULL : state};
    *count += i == *count;
}

/* Where each socket had come to at the end. Most ways there take the kernel a moment. */
static void add_states(const struct segment *segment, struct buf *out) {
    struct seen_state states[SOCKETS_MOST + 1];
    size_t count = 0;
    for (uint64_t number = segment->from; number < segment->to; number++)
        if (event_in(segment, number)->type == EVENT_CHANGE)
            note_state(states, &count, event_in(segment, number));
    for (size_t i = 0; i < count; i++)
        if (states[i].state != NULL)
            buf_addf(out, "      %sstate %s.%lld %s\n",
                     strcmp(states[i].state, "LISTEN") == 0 ? "" : "within 2s ", states[i].actor,
                     (long long)states[i].fd, states[i].state);
}

/* ---- All of it ---- */

void skeleton_seen(const struct segment *segment, struct buf *out) {
    for (uint64_t number = segment->from; number < segment->to; number++) {
        const struct event *event = event_in(segment, number);
        if (event->type == EVENT_RETURNED)
            add_return(segment, number, out);
        else if (event->type == EVENT_BLOCKED)
            add_blocked(segment, number, out);
        else if (event->type == EVENT_OUTPUT)
            add_printed(segment, number, out);
        else if (event->type == EVENT_VALUE)
            add_value(segment, event, out);
        else if (event->type == EVENT_DIED)
            add_death(segment, event, out);
        else if (event->type == EVENT_FAULT && *event->actor != '\0') {
            add_lead(segment, event->actor, out);
            buf_addf(out, "fault %s\n", error_kind_name(event->kind));
        }
    }
    add_states(segment, out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an actor says, and what its program prints, into the journal in their true order. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actor/actor.h"
#include "base/clock.h"
#include "base/mem.h"
#include "call/explain.h"

/* At a time, so that an actor that talks without end cannot keep us from the others. */
#define MESSAGES_AT_ONCE 256

static bool odd(struct error *error, const char *what) {
    return error_set(error, ERROR_SYSTEM, (struct span){0}, "%s", what);
}

static void enter_call(struct actor *actor, const struct message *m) {
    actor_leave_call(actor);
    actor->state = ACTOR_RUNNING;
    actor->call = call_find(m->name);
    actor->call_name = mem_string(m->name);
    actor->call_text = mem_string(m->text);
    actor->call_since_ns = clock_now_ns();
    if (m->extra[0] != '\0' || (actor->call && actor->call->flags & CALL_BLOCKS))
        actor_journal(actor, (struct event){.type = EVENT_ENTERED,
                                            .name = m->name,
                                            .text = m->text,
                                            .note = m->extra,
                                            .fd = -1});
}

static void return_from_call(struct actor *actor, const struct message *m) {
    char id[48] = "";
    const struct call *call = call_find(m->name);
    const struct outcome outcome = {
        .call = call,
        .text = m->text,
        .result = m->result,
        .error = (int)m->error,
        .asked = m->asked > 0 ? (size_t)m->asked : 0,
    };
    const char *note = call ? explain_short(&outcome, id) : NULL;

    actor_leave_call(actor);
    actor->state = ACTOR_RUNNING;
    actor->waits = m->waits;
    actor->runs_on = !m->waits && actor->crew->watch != WATCH_OFF;
    actor_journal(actor, (struct event){.type = EVENT_RETURNED,
                                        .name = m->name,
                                        .text = m->text,
                                        .extra = m->extra,
                                        .result = m->result,
                                        .error = m->error,
                                        .fd = m->fd,
                                        .asked = m->asked,
                                        .data_total = m->data_total,
                                        .data_out = m->data_out,
                                        .data = m->data,
                                        .data_length = m->data_length,
                                        .cookie = (uint64_t)m->cookie,
                                        .socket_type = (int)m->socket_type,
                                        .flags = (int)m->flags,
                                        .address = m->address,
                                        .address_length = m->address_length,
                                        .id = note ? id : "",
                                        .note = note});
    adopt_let_go(actor);
    if (strcmp(m->name, "kill") == 0)
        crew_signalled(actor->crew);
}

static void tell_fault(struct actor *actor, const struct message *m) {
    bool own = m->source[0] == '\0'; /* else it is in a text that was given earlier */

    actor_leave_call(actor);
    actor->state = ACTOR_RUNNING;
    char *elsewhere = m->kind == ERROR_NAME && own ? elsewhere_hint(actor, m->where, m->extra) : NULL;
    actor_journal(actor, (struct event){.type = EVENT_FAULT,
                                        .kind = m->kind,
                                        .where = m->where,
                                        .text = m->text,
                                        .extra = elsewhere != NULL ? elsewhere : m->extra,
                                        .source = own ? actor->source : m->source,
                                        .place = own ? actor->place : m->place,
                                        .note = m->calls});
    free(elsewhere);
}

static void tell_defined(struct actor *actor, const struct message *m) {
    bool is_main = strcmp(m->name, "main") == 0;
    char *text = mem_format("    // %s has %s() now%s%s", actor->name, m->name,
                            m->result ? ", in the place of the one before" : "",
                            is_main ? "; .run runs it" : "");

    actor_journal(actor, (struct event){.type = EVENT_NOTE, .text = text});
    free(text);
}

static bool end_statement(struct actor *actor, const struct message *m, struct error *error) {
    if (m->number != actor->statement)
        return odd(error, "it ended a statement that it was not given");
    actor_journal(actor, (struct event){.type = EVENT_DONE});
    actor_end_statement(actor);
    return true;
}

/* False: the actor broke the rules, *error says how. */
static bool take(struct actor *actor, const struct message *m, int carried[CARRIED_MAX], size_t count,
                 struct error *error) {
    bool working = actor->state == ACTOR_RUNNING || actor->state == ACTOR_BLOCKED;

    if (m->time_ns > actor->said_ns)
        actor->said_ns = m->time_ns < clock_now_ns() ? m->time_ns : clock_now_ns();
    stream_tell_to(actor, &actor->streams[0], m->out_count);
    stream_tell_to(actor, &actor->streams[1], m->err_count);
    if (!working && m->type != MESSAGE_HELLO)
        return odd(error, "it spoke without having been given a statement");
    if (actor->waits)
        return odd(error, "it went on without being let go");
    if (count > 0 && m->type != MESSAGE_FORKED)
        return odd(error, "it passed on a descriptor with a message that carries none");
    switch (m->type) {
    case MESSAGE_HELLO:
        actor->greeted = true;
        return true;
    case MESSAGE_WROTE:
        return true; /* the counts are all there is to it */
    case MESSAGE_ENTERED:
        enter_call(actor, m);
        return m->number == actor->statement ||
               odd(error, "it made a call for a statement that it was not given");
    case MESSAGE_RETURNED:
        return_from_call(actor, m);
        return true;
    case MESSAGE_VALUE:
        actor_journal(actor, (struct event){.type = EVENT_VALUE, .name = m->name, .text = m->text});
        return true;
    case MESSAGE_FAULT:
        tell_fault(actor, m);
        return true;
    case MESSAGE_DEFINED:
        tell_defined(actor, m);
        return true;
    case MESSAGE_FORKED:
        return (m->number > 0 && m->number <= INT32_MAX &&
                adopt(actor, (pid_t)m->number, carried, count, error)) ||
               odd(error, "it told of a child that is none");
    case MESSAGE_EXITING:
        actor_leave_call(actor);
        actor->said_status = m->result & 0xff;
        actor_journal(actor, (struct event){.type = EVENT_EXITING, .result = actor->said_status});
        return true;
    case MESSAGE_DONE:
        return end_statement(actor, m, error);
    case MESSAGE_RUN:
    case MESSAGE_GO:
    case MESSAGE_ADOPTED:
    case MESSAGE_TYPES_END:
        break;
    }
    return odd(error, "it sent what only the shell may send");
}

static void close_all(int carried[CARRIED_MAX], size_t count) {
    for (size_t i = 0; i < count; i++)
        if (carried[i] >= 0)
            close(carried[i]);
}

static void end_for_violation(struct actor *actor, const struct error *error) {
    /* Where there is a remedy, it was not the actor's doing. */
    char *text = error->hint != NULL
                     ? mem_format("%s had to be ended: %s; %s", actor->name, error->text, error->hint)
                     : mem_format("%s was ended, because it broke the rules between actor and shell: %s",
                                  actor->name, error->text);

    actor_journal(actor, (struct event){.type = EVENT_NOTE, .text = text});
    free(text);
    actor_signal(actor, SIGKILL);
    crew_forget(actor->crew, &actor->control);
}

/* One message; false when there is none (any more). */
static bool hear_one(struct actor *actor) {
    struct error error = {0};
    struct message message;
    int carried[CARRIED_MAX];
    size_t count = 0;
    bool good = false;

    if (actor->control < 0)
        return false;
    switch (link_receive(actor->control, MSG_DONTWAIT, actor->crew->room, &message, carried, &count,
                         &error)) {
    case LINK_MESSAGE:
        actor->crew->heard += !actor->restless;
        good = take(actor, &message, carried, count, &error);
        close_all(carried, count);
        message_free(&message);
        break;
    case LINK_CUT:
        good = message.type == MESSAGE_FORKED;
        if (good)
            adopt_refuse(actor, error.text, error.hint);
        message_free(&message);
        break;
    case LINK_NONE:
        return false;
    case LINK_CLOSED:
        /* It is on its way out; and if it only closed its end, it is of no use any more. */
        actor_signal(actor, SIGKILL);
        crew_forget(actor->crew, &actor->control);
        return false;
    case LINK_BROKEN:
        break;
    }
    if (!good)
        end_for_violation(actor, &error);
    error_free(&error);
    return true;
}

static bool has_ended(const struct actor *actor) {
    struct pollfd process = {.fd = actor->pidfd, .events = POLLIN};

    return poll(&process, 1, 0) > 0 && process.revents != 0;
}

bool actor_hear(struct actor *actor) {
    int messages = 0;

    if (actor->state == ACTOR_DEAD)
        return false;
    bool ended = has_ended(actor); /* asked first: whatever it said is there then */
    for (size_t i = 0; i < 2; i++)
        stream_hold(actor, &actor->streams[i]);
    while (messages < MESSAGES_AT_ONCE && hear_one(actor))
        messages++;
    bool more = messages == MESSAGES_AT_ONCE;
    bool printed = actor->streams[0].held.length + actor->streams[1].held.length > 0;
    if (printed && !more)
        actor->said_ns = clock_now_ns();
    for (size_t i = 0; i < 2 && !more; i++)
        stream_tell_held(actor, &actor->streams[i]);
    if (actor->input_waits.length > 0)
        actor_feed(actor);
    if (ended && !more)
        actor_bury(actor);
    if (messages > 0 || printed || ended)
        actor->crew->heard_ns = clock_now_ns();
    return messages > 0 || printed || ended;
}

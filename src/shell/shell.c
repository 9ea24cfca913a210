/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell's life, and waiting for the actors; see shell.h. */
#include "shell/shell.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/mem.h"
#include "call/call.h"
#include "journal/streams.h"
#include "journal/wire.h"
#include "lang/parse.h"
#include "net/network.h"
#include "shell/hosts.h"
#include "shell/packets.h"
#include "shell/queue.h"
#include "shell/watch.h"

/* Whoever tells of a mistake, the line was not understood or was misused; only Ctrl-C's is none. */
static void notice_fault(void *context, const struct event *event) {
    struct shell *shell = context;
    if (event->type == EVENT_FAULT && event->kind != ERROR_INTERRUPTED)
        shell->misused = true;
}

bool shell_populate(struct shell *shell, const char *const *actors, const char *const *hosts,
                    struct error *error) {
    shell->crew = crew_new(shell->journal);
    if (!hosts_surround(shell, error))
        return false;
    crew_confine(shell->crew, &shell->bounds.within);
    for (size_t i = 0; actors[i] != NULL; i++) {
        size_t place = 0;
        if (hosts != NULL && hosts[i] != NULL && !hosts_find(shell, hosts[i], &place, error))
            return false;
        struct actor *actor = crew_spawn_at(shell->crew, actors[i], place, error);
        if (actor == NULL)
            return false;
        if (i == 0)
            shell->current = actor;
    }
    return true;
}

bool shell_start(struct shell *shell, enum shell_mode mode, const char *const *actors,
                 const char *const *hosts, struct error *error) {
    shell->mode = mode;
    if (shell->columns == 0)
        shell->columns = 80;
    if (shell->journal == NULL)
        shell->journal = journal_new();
    journal_read(shell->journal, notice_fault, shell);
    shell->streams = streams_new(shell->journal);
    shell->wire = wire_new(shell->journal);
    return shell_populate(shell, actors, hosts, error);
}

void shell_end(struct shell *shell) {
    queue_clear(&shell->queue);
    packets_end(shell);
    watch_end(shell);
    crew_free(shell->crew);
    shell->crew = NULL;
    streams_free(shell->streams);
    shell->streams = NULL;
    wire_free(shell->wire);
    shell->wire = NULL;
    buf_free(&shell->pending);
    free(shell->pending_place);
    free(shell->network_note);
    free(shell->no_hosts);
    network_free(shell->network);
    shell->network = NULL;
    shell->pending_place = shell->network_note = shell->no_hosts = NULL;
}

void shell_note(struct shell *shell, const char *format, ...) {
    struct buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    buf_addv(&text, format, arguments);
    va_end(arguments);
    journal_add(shell->journal, &(struct event){.type = EVENT_NOTE, .text = buf_text(&text)});
    buf_free(&text);
}

void shell_fault(struct shell *shell, const char *source, const char *place, struct error *error) {
    journal_add(shell->journal, &(struct event){.type = EVENT_FAULT,
                                                .kind = error->kind,
                                                .where = error->where,
                                                .text = error->text,
                                                .extra = error->hint,
                                                .source = source,
                                                .place = place});
    error_free(error);
}

/* For poll(2), which passes over -1. */
static int wake_fd(const struct shell *shell) {
    return shell->wake_fd > 0 ? shell->wake_fd : -1;
}

/* Whose calls are watched, or whose packets are seen, must have settled before anything is told of them. */
void shell_hear(struct shell *shell) {
    if (watch_get(shell) != WATCH_OFF || packets_are_seen(shell))
        crew_settle(shell->crew, wake_fd(shell));
    else
        crew_listen(shell->crew);
}

void shell_listen(struct shell *shell) {
    shell_hear(shell);
    queue_feed(shell);
    watch_by_itself(shell);
    if (crew_settled(shell->crew))
        crew_tell_blocked(shell->crew);
}

void shell_settle(struct shell *shell) {
    do
        crew_settle(shell->crew, wake_fd(shell));
    while (queue_feed(shell));
    crew_tell_blocked(shell->crew);
}

int shell_poll(struct shell *shell, struct pollfd *own, size_t count) {
    return shell_poll_for(shell, own, count, -1);
}

int shell_poll_for(struct shell *shell, struct pollfd *own, size_t count, int64_t most_ns) {
    struct pollfd fds[SHELL_POLL_OWN + 2];
    memcpy(fds, own, count * sizeof(*own));
    size_t all = count + crew_pollfds(shell->crew, fds + count, 1); /* it needs one, see actor/crew.h */
    fds[all++] = (struct pollfd){.fd = packets_fd(shell), .events = POLLIN};
    int64_t look = crew_next_look(shell->crew), state = watch_next_look(shell);
    if (look < 0 || (state >= 0 && state < look))
        look = state;
    if (look < 0 || (most_ns >= 0 && most_ns < look))
        look = most_ns;
    struct timespec timeout = clock_timespec(look >= 0 ? look : 0);
    int ready = ppoll(fds, all, look >= 0 ? &timeout : NULL, NULL);
    for (size_t i = 0; i < count; i++)
        own[i].revents = ready > 0 ? fds[i].revents : 0;
    return ready;
}

/* Sleep until an actor says something or is worth another look; false when a person
 * wants attention, or nothing can be waited for. */
static bool wait_briefly(struct shell *shell) {
    struct pollfd attention = {.fd = wake_fd(shell), .events = POLLIN};
    if (shell_poll(shell, &attention, 1) < 0)
        return errno == EINTR;
    return attention.revents == 0;
}

bool shell_wait(struct shell *shell, struct actor *actor) {
    /* Feeding the queue may give this actor its next statement: that is waited for as well. */
    while (shell_hear(shell), queue_feed(shell), actor_state(actor) != ACTOR_IDLE && actor_state(actor) != ACTOR_DEAD) {
        watch_by_itself(shell);
        if (crew_settled(shell->crew))
            crew_tell_blocked(shell->crew);
        if (!wait_briefly(shell) || actor_is_stopped(actor))
            return false;
    }
    return true;
}

void shell_wait_until_calm(struct shell *shell, struct actor *actor) {
    while (actor_state(actor) == ACTOR_RUNNING && !actor_is_stopped(actor)) {
        wait_briefly(shell);
        shell_settle(shell);
    }
}

/* A name that a line could not tell from C. */
static bool name_is_taken(const char *name) {
    if (call_find(name) != NULL || constant_find(name) != NULL)
        return true;
    for (size_t i = 0; lex_keyword(i) != NULL; i++)
        if (strcmp(lex_keyword(i), name) == 0)
            return true;
    return false;
}

bool shell_start_actor(struct shell *shell, const char *name, size_t host, struct error *error) {
    struct span nowhere = {0};
    if (!actor_name_valid(name)) {
        error_set(error, ERROR_USAGE, nowhere, "an actor cannot be called that");
        error_hint(error, "a letter, then letters, digits, _, - or ., at most %d in all", ACTOR_NAME_MAX - 1);
        return false;
    }
    if (name_is_taken(name)) {
        error_set(error, ERROR_USAGE, nowhere, "%s already means something in C", name);
        error_hint(error, "choose another name, such as my-%s", name);
        return false;
    }
    struct actor *actor = crew_spawn_at(shell->crew, name, host, error);
    if (actor == NULL)
        return false;
    shell->current = actor;
    return true;
}

bool shell_switch(struct shell *shell, const char *name, struct error *error) {
    struct actor *actor = crew_find(shell->crew, name);
    if (actor == NULL)
        return shell_start_actor(shell, name, 0, error);
    shell->current = actor;
    return true;
}

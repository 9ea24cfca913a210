/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A crew with a server and a client, for the tests of real actors.  Nothing here
 * waits for a time to pass; what must end is waited for by its pidfd.
 */
#ifndef SOCKSHELL_TESTS_ONE_CREW_H
#define SOCKSHELL_TESTS_ONE_CREW_H

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "actor/crew.h"

/* Longer than anything takes; only a failing test ever waits for it. */
#define PATIENCE_MS 20000

struct world {
    struct journal *journal;
    struct crew *crew;
    struct actor *server, *client;
    uint64_t before; /* the journal's last event before the last statement */
};

static inline struct actor *spawn(struct world *world, const char *name) {
    struct error error = {0};
    struct actor *actor = crew_spawn(world->crew, name, &error);

    if (!actor)
        fail_msg("%s", error.text);
    return actor;
}

static inline void open_world(struct world *world) {
    *world = (struct world){.journal = journal_new()};
    world->crew = crew_new(world->journal);
    world->server = spawn(world, "server");
    world->client = spawn(world, "client");
}

static inline void close_world(struct world *world) {
    crew_free(world->crew);
    journal_free(world->journal);
}

static inline int start(void **state) {
    struct world *world = malloc(sizeof(*world));

    open_world(world);
    *state = world;
    return 0;
}

static inline int stop(void **state) {
    close_world(*state);
    free(*state);
    return 0;
}

static inline void settle(struct world *world) {
    crew_settle(world->crew, -1);
    crew_tell_blocked(world->crew);
}

static inline void give(struct world *world, struct actor *actor, const char *source) {
    struct error error = {0};

    world->before = journal_last(world->journal);
    if (!actor_run(actor, source, "test:1", &error))
        fail_msg("%s", error.text);
}

static inline void run(struct world *world, struct actor *actor, const char *source) {
    give(world, actor, source);
    settle(world);
}

static inline void input(struct actor *actor, const char *text) {
    struct error error = {0};

    assert_true(actor_input(actor, text, strlen(text), &error));
}

/* The last such event of that actor (NULL: of anyone) since the last statement. */
static const struct event *find(struct world *world, enum event_type type, const char *actor) {
    for (uint64_t n = journal_last(world->journal); n > world->before; n--) {
        const struct event *event = journal_at(world->journal, n);
        if (event && event->type == type && (!actor || strcmp(event->actor, actor) == 0))
            return event;
    }
    return NULL;
}

static const struct event *must_find(struct world *world, enum event_type type, const char *actor) {
    const struct event *event = find(world, type, actor);

    if (!event)
        fail_msg("no event '%s' of %s", event_type_name(type), actor);
    return event;
}

static inline void assert_returned(struct world *world, const char *actor, const char *call, int64_t result,
                            int64_t error) {
    const struct event *event = must_find(world, EVENT_RETURNED, actor);

    assert_string_equal(event->name, call);
    assert_int_equal(event->result, result);
    assert_int_equal(event->error, error);
}

/* All that an actor printed since the last statement. */
static inline char *printed(struct world *world, const char *actor, int stream) {
    struct buf all = {0};

    for (uint64_t n = world->before + 1; n <= journal_last(world->journal); n++) {
        const struct event *event = journal_at(world->journal, n);
        if (event && event->type == EVENT_OUTPUT && event->stream == stream &&
            strcmp(event->actor, actor) == 0)
            buf_add(&all, event->data, event->data_length);
    }
    return buf_take(&all);
}

static inline void assert_printed(struct world *world, const char *actor, int stream, const char *text) {
    char *all = printed(world, actor, stream);

    assert_string_equal(all, text);
    free(all);
}

static inline int watch(pid_t pid) {
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

    assert_true(pidfd >= 0);
    return pidfd;
}

/* Wait for the end of a process; its zombie may be another's to wait for. */
static inline void assert_ends(int pidfd) {
    struct pollfd process = {.fd = pidfd, .events = POLLIN};

    assert_int_equal(poll(&process, 1, PATIENCE_MS), 1);
    close(pidfd);
}

/* Until this actor is in this state: for what happens outside of any statement. */
static inline void await(struct world *world, const struct actor *actor, enum actor_state wanted) {
    struct pollfd fds[4];

    for (int rounds = 0; rounds < PATIENCE_MS; rounds++) {
        crew_listen(world->crew);
        if (actor_state(actor) == wanted)
            return;
        poll(fds, crew_pollfds(world->crew, fds, 4), 1);
    }
    fail_msg("%s never came into state %d", actor_name(actor), (int)wanted);
}

static inline void listen_somewhere(struct world *world) {
    char source[128];

    snprintf(source, sizeof(source),
             "s = socket(AF_UNIX, SOCK_STREAM, 0); bind(s, \"@test-crew-%d\"); listen(s, 3)", (int)getpid());
    run(world, world->server, source);
    assert_returned(world, "server", "listen", 0, 0);
    run(world, world->client, "k = socket(AF_UNIX, SOCK_STREAM, 0)");
    assert_returned(world, "client", "socket", 3, 0);
}

static inline void connect_client(struct world *world) {
    char source[128];

    snprintf(source, sizeof(source), "connect(k, \"@test-crew-%d\")", (int)getpid());
    run(world, world->client, source);
    assert_returned(world, "client", "connect", 0, 0);
}

static inline const struct board_entry *entry(const struct board *board, const char *name) {
    for (size_t i = 0; i < board->count; i++)
        if (strcmp(board->entries[i].name, name) == 0)
            return &board->entries[i];
    fail_msg("no variable %s", name);
    return NULL;
}

#endif

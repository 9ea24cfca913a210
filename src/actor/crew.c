/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All actors: who there is, from the first to the last. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/lifeline.h"
#include "base/clock.h"
#include "base/mem.h"

struct crew *crew_new(struct journal *journal) {
    struct crew *crew = mem_alloc(sizeof(*crew));
    int subreaper = 0;

    crew->journal = journal;
    crew->surroundings.fd = -1;
    crew->actors = mem_alloc(CREW_MAX * sizeof(*crew->actors));
    crew->room = mem_alloc(MESSAGE_MAX);
    crew->heard_ns = clock_now_ns();
    /* Should one of these two fail, crew_spawn() says so. */
    crew->poll = epoll_create1(EPOLL_CLOEXEC);
    if (!lifeline_new(crew->lifeline))
        crew->lifeline[0] = crew->lifeline[1] = -1;
    prctl(PR_GET_CHILD_SUBREAPER, &subreaper);
    crew->was_subreaper = subreaper != 0;
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* actors' orphans become ours, to be waited for */
    crew->was_slack = prctl(PR_GET_TIMERSLACK);
    prctl(PR_SET_TIMERSLACK, 1); /* else the shortest look comes after 50 µs more */
    cpu_pin(&crew->cpu);
    return crew;
}

void crew_confine(struct crew *crew, const struct confinement *bounds) {
    crew->bounds = *bounds;
}

/* Children that an actor forked and was killed before it could tell of them: our own by now, and killed by
 * the lifeline.  They are known by the name that all processes of an actor have. */
static bool is_actors_child(const struct crew *crew, pid_t pid) {
    char path[64], name[32] = "";

    snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
    FILE *file = getpgid(pid) != getpgrp() ? fopen(path, "re") : NULL;
    bool read = file && fgets(name, sizeof(name), file);
    if (file)
        fclose(file);
    name[strcspn(name, "\n")] = '\0';
    for (size_t i = 0; read && i < crew->count; i++)
        if (strncmp(name, crew->actors[i]->name, 15) == 0)
            return true;
    return false;
}

static void reap_unknown(const struct crew *crew) {
    char path[64];
    int pid;

    snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
    FILE *file = fopen(path, "re");
    while (file && fscanf(file, "%d", &pid) == 1)
        if (is_actors_child(crew, pid) && kill(pid, SIGKILL) == 0)
            waitpid(pid, NULL, 0);
    if (file)
        fclose(file);
}

static void restore_process(const struct crew *crew) {
    cpu_spread(&crew->cpu);
    prctl(PR_SET_TIMERSLACK, crew->was_slack > 0 ? crew->was_slack : 0);
    prctl(PR_SET_CHILD_SUBREAPER, crew->was_subreaper);
}

void crew_free(struct crew *crew) {
    if (!crew)
        return;
    for (size_t i = 0; i < crew->count; i++)
        if (crew->actors[i]->state != ACTOR_DEAD)
            actor_signal(crew->actors[i], SIGKILL);
    if (crew->lifeline[1] >= 0)
        close(crew->lifeline[1]);
    /* First all must have ended, then all can be waited for: what a dead actor left is ours. */
    for (size_t i = 0; i < crew->count; i++)
        actor_await_end(crew->actors[i]);
    for (size_t i = 0; i < crew->count; i++)
        actor_reap(crew->actors[i]);
    for (size_t i = 0; i < crew->gone_count; i++)
        actor_reap(crew->gone[i]);
    reap_unknown(crew);
    restore_process(crew);

    while (crew->count > 0)
        actor_free(crew->actors[--crew->count]);
    while (crew->gone_count > 0)
        actor_free(crew->gone[--crew->gone_count]);
    if (crew->lifeline[0] >= 0)
        close(crew->lifeline[0]);
    if (crew->poll >= 0)
        close(crew->poll);
    free(crew->actors);
    free(crew->gone);
    free(crew->room);
    free(crew);
}

struct actor *crew_find(struct crew *crew, const char *name) {
    for (size_t i = 0; i < crew->count; i++)
        if (strcmp(crew->actors[i]->name, name) == 0)
            return crew->actors[i];
    return NULL;
}

struct actor *crew_at(struct crew *crew, size_t i) {
    return i < crew->count ? crew->actors[i] : NULL;
}

/* The oldest dead child of a fork() makes room. */
static void make_room(struct crew *crew) {
    for (size_t i = 0; i < crew->count; i++) {
        struct actor *actor = crew->actors[i];
        if (actor->state != ACTOR_DEAD || actor->parent[0] == '\0')
            continue;
        crew->gone = mem_grow(crew->gone, crew->gone_count + 1, sizeof(*crew->gone));
        crew->gone[crew->gone_count++] = actor;
        board_unmap(actor->board); /* of these there may be very many */
        actor->board = NULL;
        memmove(&crew->actors[i], &crew->actors[i + 1], (crew->count - i - 1) * sizeof(*crew->actors));
        crew->count--;
        return;
    }
}

struct actor *crew_add(struct crew *crew, const char *name) {
    if (crew->count == CREW_MAX)
        make_room(crew);
    if (crew->count == CREW_MAX)
        return NULL;
    struct actor *actor = mem_alloc(sizeof(*actor));
    actor->crew = crew;
    strncpy(actor->name, name, sizeof(actor->name) - 1);
    actor->state = ACTOR_DEAD;
    actor->fresh = true;
    actor->pidfd = actor->control = actor->input = actor->proc_syscall = actor->proc_stat = -1;
    for (int i = 0; i < 2; i++)
        actor->streams[i] = (struct stream){.fd = -1, .number = i + 1};
    actor->said_status = -1;
    crew->actors[crew->count++] = actor;
    return actor;
}

bool crew_watch(struct crew *crew, int fd, struct actor *actor, uint32_t events) {
    struct epoll_event event = {.events = events, .data.ptr = actor};

    return epoll_ctl(crew->poll, EPOLL_CTL_MOD, fd, &event) == 0 ||
           (errno == ENOENT && epoll_ctl(crew->poll, EPOLL_CTL_ADD, fd, &event) == 0);
}

/* Among the actors' descriptors that with no actor's pointer is the surroundings'. */
bool crew_surround(struct crew *crew, const struct crew_surroundings *surroundings) {
    crew->surroundings = *surroundings;
    return surroundings->fd < 0 || crew_watch(crew, surroundings->fd, NULL, EPOLLIN);
}

void crew_signalled(struct crew *crew) {
    for (size_t i = 0; i < crew->count; i++)
        crew->actors[i]->signalled = crew->actors[i]->state != ACTOR_DEAD;
}

void crew_watch_calls(struct crew *crew, enum watch_level level, const struct crew_watcher *watcher) {
    crew->watch = level;
    crew->watcher = watcher ? *watcher : (struct crew_watcher){0};
    crew->missed = false;
}

enum watch_level crew_watch_level(const struct crew *crew) {
    return crew->watch;
}

bool crew_waits(const struct crew *crew) {
    bool waits = false;

    for (size_t i = 0; i < crew->count; i++)
        waits |= crew->actors[i]->waits;
    return waits;
}

void crew_unwatch(struct crew *crew, int fd) {
    epoll_ctl(crew->poll, EPOLL_CTL_DEL, fd, NULL);
}

void crew_forget(struct crew *crew, int *fd) {
    if (*fd < 0)
        return;
    crew_unwatch(crew, *fd);
    close(*fd);
    *fd = -1;
}

size_t crew_pollfds(struct crew *crew, struct pollfd *fds, size_t most) {
    if (most == 0)
        return 0;
    fds[0] = (struct pollfd){.fd = crew->poll, .events = POLLIN};
    return 1;
}

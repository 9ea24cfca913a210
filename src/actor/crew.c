/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All actors: who there is, hearing them, and whether they have settled. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/lifeline.h"
#include "base/clock.h"
#include "base/mem.h"

/* Between two looks at an actor that works: a quarter of the time for which nothing was heard, within these.
 */
#define LOOK_LEAST_NS 20000
#define LOOK_MOST_NS 10000000
/* How often one crew_listen() goes round, so that it comes to an end. */
#define ROUNDS_MAX 8
/* How long events may be held back for the sake of their order while the actors do not settle. */
#define HELD_MOST_NS SECOND_NS
/* Descriptors of all actors together, and the surroundings'. */
#define TALKING_MAX (CREW_MAX * 5 + 1)

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

/* Who has something to say?  At most one per descriptor; returns how many.  NULL stands for the surroundings. */
static size_t ready(struct crew *crew, struct actor *actors[TALKING_MAX]) {
    struct epoll_event events[TALKING_MAX];
    int count = epoll_wait(crew->poll, events, TALKING_MAX, 0);

    for (int i = 0; i < count; i++)
        actors[i] = events[i].data.ptr;
    return count > 0 ? (size_t)count : 0;
}

static bool among(struct actor *const *actors, size_t count, const struct actor *actor) {
    for (size_t i = 0; i < count; i++)
        if (actors[i] == actor)
            return true;
    return false;
}

/* They share one CPU, and so the patience for those who are busy. */
static int64_t busy_limit(const struct crew *crew) {
    int64_t working = 0;

    for (size_t i = 0; i < crew->count; i++)
        working += crew->actors[i]->state == ACTOR_RUNNING;
    return CREW_BUSY_NS / (working > 0 ? working : 1);
}

/* Look at one that works: the first two tests of blocked.c. */
static enum look look_at(struct actor *actor, int64_t limit) {
    enum look look = blocked_look(actor, limit);

    if (look == LOOK_ASLEEP && actor->state != ACTOR_BLOCKED)
        actor->busy_from_ns = blocked_cpu_ns(actor);
    actor->state = look == LOOK_ASLEEP ? ACTOR_BLOCKED : ACTOR_RUNNING;
    return look;
}

static bool surroundings_are_quiet(const struct crew *crew) {
    return crew->surroundings.fd < 0 || crew->surroundings.quiet(crew->surroundings.context);
}

/* The third test, after the others have been made of everyone: nothing waits to be read.  Whoever was woken
 * since he was looked at, by whomever, has said something by now; or he is still on his way, and was then
 * found runnable. Those who are busy may talk on. */
static bool is_quiet(struct crew *crew, struct actor *const *busy, size_t busy_count) {
    struct actor *talking[TALKING_MAX];
    size_t count = ready(crew, talking);
    bool quiet = true;

    for (size_t i = 0; i < count; i++) {
        if (among(busy, busy_count, talking[i]))
            continue;
        /* What the busy send each other is on its way for ever. */
        if (talking[i] == NULL && busy_count > 0)
            continue;
        quiet = false;
        if (talking[i] != NULL && talking[i]->state == ACTOR_BLOCKED)
            talking[i]->state = ACTOR_RUNNING;
    }
    return quiet && (busy_count > 0 || surroundings_are_quiet(crew));
}

bool crew_settled(struct crew *crew) {
    struct actor *busy[CREW_MAX];
    size_t busy_count = 0;
    int64_t limit = busy_limit(crew);

    for (size_t i = 0; i < crew->count; i++) {
        struct actor *actor = crew->actors[i];
        if (actor->state == ACTOR_DEAD)
            continue;
        if (actor->control < 0 || actor->dying || !actor->greeted)
            return false;
        if (actor->state == ACTOR_IDLE) {
            actor->signalled = actor->signalled && !blocked_is_still(actor);
            if (actor->signalled)
                return false;
            continue;
        }
        if (actor->waits)
            continue;
        enum look look = look_at(actor, limit);
        if (look == LOOK_AWAKE || (actor->interrupting && look != LOOK_STOPPED))
            return false;
        if (look == LOOK_BUSY)
            busy[busy_count++] = actor;
    }
    return is_quiet(crew, busy, busy_count);
}

static void interrupt_again(const struct crew *crew) {
    for (size_t i = 0; i < crew->count; i++)
        if (crew->actors[i]->interrupting)
            actor_signal(crew->actors[i], ACTOR_SIGNAL_INTERRUPT);
}

/* Read all that waits. */
static void hear_all(struct crew *crew) {
    struct actor *talking[TALKING_MAX];
    size_t count;

    for (int round = 0; round < ROUNDS_MAX && (count = ready(crew, talking)) > 0; round++) {
        for (size_t i = 0; i < crew->count; i++) /* adopting one adds to them */
            if (among(talking, count, crew->actors[i]))
                actor_hear(crew->actors[i]);
        /* What they have sent goes on after they have said that they sent it. */
        if (among(talking, count, NULL))
            crew->surroundings.run(crew->surroundings.context);
    }
    interrupt_again(crew);
}

static void let_all_go(struct crew *crew) {
    for (size_t i = 0; i < crew->count; i++)
        actor_let_go(crew->actors[i]);
}

void crew_listen(struct crew *crew) {
    bool looked = false;
    uint64_t last = journal_last(crew->journal);

    journal_hold(crew->journal);
    hear_all(crew);
    journal_release(crew->journal);
    crew->missed |= journal_last(crew->journal) != last;
    /* A statement is watched as it was when it was given, and nobody may ask for crew_settle() any more. */
    if (!crew->watcher.settled)
        let_all_go(crew);
    int64_t limit = busy_limit(crew);
    for (size_t i = 0; i < crew->count; i++)
        if (crew->actors[i]->state == ACTOR_RUNNING)
            looked |= look_at(crew->actors[i], limit) == LOOK_ASLEEP;
    if (looked)
        is_quiet(crew, NULL, 0);
}

int64_t crew_next_look(struct crew *crew) {
    for (size_t i = 0; i < crew->count; i++) {
        const struct actor *actor = crew->actors[i];
        if (actor->state != ACTOR_RUNNING && !actor->interrupting && !actor->signalled)
            continue;
        int64_t quarter = (clock_now_ns() - crew->heard_ns) / 4;
        return quarter < LOOK_LEAST_NS ? LOOK_LEAST_NS : quarter > LOOK_MOST_NS ? LOOK_MOST_NS : quarter;
    }
    return -1;
}

void crew_tell_blocked(struct crew *crew) {
    for (size_t i = 0; i < crew->count; i++) {
        struct actor *actor = crew->actors[i];
        if (actor->state != ACTOR_BLOCKED || actor->blocked_told)
            continue;
        actor->blocked_told = true;
        actor_journal(
            actor, (struct event){
                       .type = EVENT_BLOCKED, .name = actor->call_name, .text = actor->call_text, .fd = -1});
    }
}

/* False: something else is ready that the caller waits for, or waiting is impossible. */
static bool wait_for(struct crew *crew, struct pollfd *fds, nfds_t count, const struct pollfd *wake) {
    int64_t look = crew_next_look(crew);
    struct timespec timeout = clock_timespec(look >= 0 ? look : 0);

    if (ppoll(fds, count, look >= 0 ? &timeout : NULL, NULL) < 0 && errno != EINTR)
        return false;
    return wake->revents == 0;
}

/* Everybody stands still: the moment to look at the kernel.  False when nobody goes on afterwards. */
static bool look_and_let_go(struct crew *crew) {
    bool goes_on = crew_waits(crew);

    if (crew->watcher.settled)
        crew->watcher.settled(crew->watcher.context, crew->missed);
    crew->missed = false;
    if (!goes_on)
        return false;
    journal_release(crew->journal);
    journal_hold(crew->journal);
    let_all_go(crew);
    return true;
}

void crew_settle(struct crew *crew, int wake_fd) {
    struct pollfd fds[2] = {{.fd = crew->poll, .events = POLLIN}, {.fd = wake_fd, .events = POLLIN}};
    bool waiting = true, settled = false;

    journal_hold(crew->journal);
    while (waiting) {
        hear_all(crew);
        crew->missed |= journal_release_old(crew->journal, HELD_MOST_NS);
        settled = crew_settled(crew);
        waiting = settled ? look_and_let_go(crew) : wait_for(crew, fds, 2, &fds[1]);
    }
    uint64_t last = journal_last(crew->journal);
    journal_release(crew->journal);
    crew->missed |= !settled && journal_last(crew->journal) != last;
    journal_flush(crew->journal);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hearing all actors, and whether they have settled: the crew's part of the one poll loop. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>

#include "actor/actor.h"
#include "base/clock.h"

/* Between two looks at an actor that works: a quarter of the time for which nothing was heard, within
 * these. */
#define LOOK_LEAST_NS 20000
#define LOOK_MOST_NS 10000000
/* How often one crew_listen() goes round, so that it comes to an end. */
#define ROUNDS_MAX 8
/* How long events may be held back for the sake of their order while the actors do not settle. */
#define HELD_MOST_NS SECOND_NS
/* Messages from one settling to the next after which those who are still at it are taken to be without rest.
 * A second's worth of fork() and wait(), a fifth of one of send() and recv(). */
#define HEARD_MOST 10000
/* Those who run on are heard so often only: each time takes a CPU from them, and a look at the kernel.  What they say
 * meanwhile has room in their sockets. */
#define PAUSE_NS (2 * MILLISECOND_NS)
#define RUNS_ON_NS (20 * MILLISECOND_NS)
/* And the kernel is looked at so often only, and so the screen drawn: as fast as anyone can follow. */
#define LOOKS_APART_NS (SECOND_NS / 20)
/* Descriptors of all actors together, and the surroundings'. */
#define TALKING_MAX (CREW_MAX * 5 + 1)

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

/* Its part in "everybody has settled". Who is busy, and may talk on, is added to `busy`. */
static bool has_settled(struct actor *actor, int64_t limit, struct actor **busy, size_t *busy_count) {
    if (actor->control < 0 || actor->dying || !actor->greeted)
        return false;
    if (actor->state == ACTOR_IDLE) {
        actor->signalled = actor->signalled && !blocked_is_still(actor);
        return !actor->signalled;
    }
    if (actor->waits)
        return true;
    enum look look = look_at(actor, limit);
    if (look == LOOK_BUSY)
        busy[(*busy_count)++] = actor;
    return look != LOOK_AWAKE && (!actor->interrupting || look == LOOK_STOPPED);
}

/* Those without rest are excused, as the busy are, or as good as anybody. */
static bool have_settled(struct crew *crew, bool excuse) {
    struct actor *busy[CREW_MAX];
    size_t busy_count = 0;
    int64_t limit = busy_limit(crew);

    for (size_t i = 0; i < crew->count; i++) {
        struct actor *actor = crew->actors[i];
        if (actor->state == ACTOR_DEAD)
            continue;
        if (excuse && actor->restless && !actor->interrupting)
            busy[busy_count++] = actor;
        else if (!has_settled(actor, limit, busy, &busy_count))
            return false;
    }
    return is_quiet(crew, busy, busy_count);
}

static void note_restless(struct crew *crew, bool restless) {
    crew->heard = 0;
    crew->restless = restless;
    for (size_t i = 0; i < crew->count; i++) {
        enum actor_state state = crew->actors[i]->state;
        crew->actors[i]->restless = restless && (state == ACTOR_RUNNING || state == ACTOR_BLOCKED);
    }
}

/* Some keep each other going for ever: a loop of fork() and wait(), two that answer each other.  Each sleeps now and
 * then, so that it never uses up the CPU time it may, and yet there is always one awake.  They are told by how much
 * they say: a count, so that the machine's speed does not matter. */
bool crew_settled(struct crew *crew) {
    bool settled = have_settled(crew, false);

    if (!settled && crew->heard > HEARD_MOST)
        note_restless(crew, true);
    else if (settled && (crew->heard > 0 || crew->restless))
        note_restless(crew, false);
    return settled || (crew->restless && have_settled(crew, true));
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
        if (actor->state != ACTOR_BLOCKED || actor->blocked_told || actor->restless)
            continue;
        actor->blocked_told = true;
        actor_journal(
            actor, (struct event){
                       .type = EVENT_BLOCKED, .name = actor->call_name, .text = actor->call_text, .fd = -1});
    }
}

/* Is somebody in the midst of bulk work?  Who stands still in a call for longer is not. */
static bool somebody_runs_on(const struct crew *crew) {
    int64_t now = clock_now_ns();
    for (size_t i = 0; i < crew->count; i++)
        if (crew->actors[i]->runs_on && now - crew->actors[i]->said_ns < RUNS_ON_NS)
            return true;
    return false;
}

/* How long it still is until the kernel may be looked at again; 0: now.  Whoever waits for it need not. */
static int64_t too_soon_ns(const struct crew *crew) {
    int64_t left = crew->looked_ns + LOOKS_APART_NS - clock_now_ns();
    return left > 0 && somebody_runs_on(crew) && !crew_waits(crew) ? left : 0;
}

static void pause_for_bulk(const struct crew *crew, struct pollfd *wake) {
    const struct timespec pause = clock_timespec(PAUSE_NS);
    if (somebody_runs_on(crew) && !crew_waits(crew))
        ppoll(wake, 1, &pause, NULL);
}

/* False: something else is ready that the caller waits for, or waiting is impossible. */
static bool wait_for(struct crew *crew, struct pollfd *fds, nfds_t count, const struct pollfd *wake) {
    pause_for_bulk(crew, &fds[1]);
    int64_t look = crew_next_look(crew), left = too_soon_ns(crew);
    if (left > 0 && (look < 0 || look > left))
        look = left;
    struct timespec timeout = clock_timespec(look >= 0 ? look : 0);

    if (ppoll(fds, count, look >= 0 ? &timeout : NULL, NULL) < 0 && errno != EINTR)
        return false;
    return wake->revents == 0;
}

static bool is_ready(int fd) {
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    return poll(&ready, 1, 0) > 0;
}

/* Everybody stands still: the moment to look at the kernel.  False when nobody goes on afterwards. */
static bool look_and_let_go(struct crew *crew) {
    bool goes_on = crew_waits(crew);

    if (crew->watcher.settled)
        crew->watcher.settled(crew->watcher.context, crew->missed);
    crew->missed = false;
    crew->looked_ns = clock_now_ns();
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

    pause_for_bulk(crew, &fds[1]);
    journal_hold(crew->journal);
    while (waiting) {
        hear_all(crew);
        crew->missed |= journal_release_old(crew->journal, HELD_MOST_NS);
        settled = too_soon_ns(crew) == 0 && crew_settled(crew);
        waiting = settled ? look_and_let_go(crew) && !is_ready(wake_fd) : wait_for(crew, fds, 2, &fds[1]);
    }
    uint64_t last = journal_last(crew->journal);
    journal_release(crew->journal);
    crew->missed |= !settled && journal_last(crew->journal) != last;
    journal_flush(crew->journal);
}

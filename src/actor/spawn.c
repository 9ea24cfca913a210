/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How an actor is born: pipes and sockets, fork(), and a place in the poll loop. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/serve.h"
#include "base/clock.h"

#define NOWHERE ((struct span){0})
/* What the shell keeps for its own work: /proc, sock_diag, copies of descriptors for a moment, files that it writes. */
#define DESCRIPTORS_SPARE 12

/* [0] is the shell's end, [1] the actor's; close-on-exec all of them. */
struct ends {
    int control[2], input[2], output[2], errors[2];
};

static const struct ends no_ends = {{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};

static void close_pair(int pair[2]) {
    for (int i = 0; i < 2; i++)
        if (pair[i] >= 0)
            close(pair[i]);
}

static void close_ends(struct ends *ends) {
    close_pair(ends->control);
    close_pair(ends->input);
    close_pair(ends->output);
    close_pair(ends->errors);
}

static bool open_ends(struct ends *ends) {
    int input[2];

    if (pipe2(input, O_CLOEXEC) < 0)
        return false;
    ends->input[0] = input[1]; /* the shell writes to it */
    ends->input[1] = input[0];
    return link_pair(ends->control) && pipe2(ends->output, O_CLOEXEC) == 0 &&
           pipe2(ends->errors, O_CLOEXEC) == 0;
}

/* With the last descriptor gone to an actor, the shell could not look at any. */
static bool are_descriptors_left(int one) {
    int spare[DESCRIPTORS_SPARE], count = 0;

    while (count < DESCRIPTORS_SPARE && (spare[count] = fcntl(one, F_DUPFD_CLOEXEC, 0)) >= 0)
        count++;
    bool left = count == DESCRIPTORS_SPARE;
    while (count > 0)
        close(spare[--count]);
    if (!left)
        errno = EMFILE;
    return left;
}

bool spawn_attach(struct actor *actor, const int ends[CARRIED_MAX]) {
    struct crew *crew = actor->crew;

    actor->control = ends[CARRIED_CONTROL];
    actor->input = ends[CARRIED_STDIN];
    actor->streams[0].fd = ends[CARRIED_STDOUT];
    actor->streams[1].fd = ends[CARRIED_STDERR];
    actor->pidfd = ends[CARRIED_PIDFD];
    blocked_open(actor);
    if ((actor->proc_stat < 0 && (errno == EMFILE || errno == ENFILE)) || !are_descriptors_left(actor->control))
        return false;
    const int watched[] = {actor->control, actor->streams[0].fd, actor->streams[1].fd, actor->pidfd};
    for (size_t i = 0; i < sizeof(watched) / sizeof(*watched); i++)
        if (!crew_watch(crew, watched[i], actor, EPOLLIN))
            return false;
    for (int i = 0; i < 2; i++)
        if (fcntl(actor->streams[i].fd, F_SETFL, O_NONBLOCK) < 0)
            return false;
    return fcntl(actor->input, F_SETFL, O_WRONLY | O_NONBLOCK) == 0;
}

static pid_t fork_actor(struct actor *actor, const struct ends *ends) {
    const struct crew *crew = actor->crew;
    sigset_t all, before;

    /* Blocked, so that none of the shell's handlers runs in the child. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    const struct serve_setup setup = {
        .name = actor->name,
        .shell = getpid(),
        .control = ends->control[1],
        .input = ends->input[1],
        .output = ends->output[1],
        .errors = ends->errors[1],
        .lifeline = crew->lifeline[0],
        .board = actor->board,
        .cpu = &crew->cpu,
        .bounds = &crew->bounds,
        .slack = crew->was_slack,
        .place = actor->site,
        .surroundings = crew->surroundings.enter != NULL ? &crew->surroundings : NULL,
    };
    pid_t pid = fork();
    if (pid == 0)
        serve(&setup);
    int number = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = number;
    return pid;
}

static bool fail(const struct actor *actor, struct error *error) {
    error_set(error, ERROR_SYSTEM, NOWHERE, "a process for %s cannot be started: %s", actor->name,
              strerror(errno));
    if (errno == EMFILE || errno == ENFILE)
        error_hint(error, "too many files are open: see ulimit -n");
    else if (errno == EAGAIN)
        error_hint(error, "too many processes are running: see ulimit -u");
    return false;
}

bool spawn_start(struct actor *actor, struct error *error) {
    struct ends ends = no_ends;
    int own[CARRIED_MAX], pidfd = -1;

    if (actor->crew->poll < 0 || actor->crew->lifeline[0] < 0) {
        errno = EMFILE;
        return fail(actor, error);
    }
    if (!actor->board && !(actor->board = board_new()))
        return fail(actor, error);
    if (!open_ends(&ends) || (actor->pid = fork_actor(actor, &ends)) < 0)
        goto fail;
    pidfd = (int)syscall(SYS_pidfd_open, actor->pid, 0);
    if (pidfd < 0)
        goto fail_started;

    own[CARRIED_CONTROL] = ends.control[0];
    own[CARRIED_STDIN] = ends.input[0];
    own[CARRIED_STDOUT] = ends.output[0];
    own[CARRIED_STDERR] = ends.errors[0];
    own[CARRIED_PIDFD] = pidfd;
    ends.control[0] = ends.input[0] = ends.output[0] = ends.errors[0] = -1;
    close_ends(&ends);
    actor->state = ACTOR_IDLE;
    actor->greeted = false;
    if (!spawn_attach(actor, own)) {
        fail(actor, error);
        actor_signal(actor, SIGKILL);
        actor_await_end(actor);
        actor_reap(actor);
        return false;
    }
    actor->said_ns = clock_now_ns();
    actor_journal(actor, (struct event){.type = EVENT_BORN, .result = actor->pid});
    return true;

fail_started:
    fail(actor, error);
    kill(actor->pid, SIGKILL); /* our child, not waited for: the number is still its own */
    waitpid(actor->pid, NULL, 0);
fail:
    fail(actor, error);
    close_ends(&ends);
    return false;
}

struct actor *crew_spawn(struct crew *crew, const char *name, struct error *error) {
    return crew_spawn_at(crew, name, 0, error);
}

struct actor *crew_spawn_at(struct crew *crew, const char *name, size_t place, struct error *error) {
    if (!actor_name_valid(name)) {
        error_set(error, ERROR_USAGE, NOWHERE, "an actor cannot have this name");
        error_hint(error, "a letter, then letters, digits, _, - or ., at most %d in all", ACTOR_NAME_MAX - 1);
        return NULL;
    }
    if (crew_find(crew, name)) {
        error_set(error, ERROR_USAGE, NOWHERE, "there is an actor %s already", name);
        return NULL;
    }
    struct actor *actor = crew_add(crew, name);
    if (!actor) {
        error_set(error, ERROR_LIMIT, NOWHERE, "there are %d actors already, the most there can be",
                  CREW_MAX);
        return NULL;
    }
    actor->site = place;
    if (!spawn_start(actor, error)) {
        crew->count--; /* it was the last */
        actor_free(actor);
        return NULL;
    }
    return actor;
}

bool crew_restart(struct crew *crew, struct actor *actor, struct error *error) {
    return crew_restart_at(crew, actor, actor->site, error);
}

bool crew_restart_at(struct crew *crew, struct actor *actor, size_t place, struct error *error) {
    (void)crew;
    if (actor->state != ACTOR_DEAD && actor->fresh) { /* there is nothing to tell of it */
        actor_signal(actor, SIGKILL);
        actor_await_end(actor);
    }
    if (actor->state != ACTOR_DEAD) {
        actor_signal(actor, SIGKILL);
        while (actor->state != ACTOR_DEAD) {
            struct pollfd process = {.fd = actor->pidfd, .events = POLLIN};
            poll(&process, 1, -1);
            actor_hear(actor);
        }
    }
    actor_reap(actor);
    crew_forget(actor->crew, &actor->pidfd);
    board_unmap(actor->board);
    actor->board = NULL;
    free(actor->last_words);
    actor->last_words = NULL;
    actor->said_status = -1;
    actor->parent[0] = '\0';
    actor->site = place;
    actor->fresh = true;
    return spawn_start(actor, error);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How an actor ends.  Its parent waits for it: the shell, or for a child of
 * fork() another actor, whose own wait() must find it.  So only that one
 * process is ever waited for here, by its pidfd, and where it is not ours to
 * wait for, what it died of is found out in other ways.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor/actor.h"
#include "base/clock.h"
#include "base/mem.h"
#include "call/explain.h"

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

/* As in wait(2); false when it is not our child, or was waited for already. */
static bool wait_for(int pidfd, int *status) {
    siginfo_t info = {0};

    while (waitid((idtype_t)P_PIDFD, (id_t)pidfd, &info, WEXITED | WNOHANG) < 0)
        if (errno != EINTR)
            return false;
    if (info.si_pid == 0)
        return false;
    *status =
        info.si_code == CLD_EXITED ? W_EXITCODE(info.si_status & 0xff, 0) : W_EXITCODE(0, info.si_status);
    return true;
}

/* PIDFD_GET_INFO with PIDFD_INFO_EXIT, Linux 6.15: what a process ended with even after it was waited for.
 * Our own names, for the headers of older systems have none. */
struct pidfd_facts {
    uint64_t mask, cgroup;
    uint32_t ids[11];
    int32_t exit_code;
};
#define PIDFD_FACTS _IOWR(0xFF, 11, struct pidfd_facts)
#define PIDFD_FACTS_EXIT (1U << 3)

static int ask_pidfd(int pidfd) {
    struct pidfd_facts facts = {.mask = PIDFD_FACTS_EXIT};

    return ioctl(pidfd, PIDFD_FACTS, &facts) == 0 && facts.mask & PIDFD_FACTS_EXIT ? facts.exit_code : -1;
}

/* -1: nobody can tell. */
static int find_status(const struct actor *actor) {
    int status;

    if (wait_for(actor->pidfd, &status))
        return status;
    status = blocked_exit_code(actor->pid);
    if (status < 0)
        status = ask_pidfd(actor->pidfd);
    if (status < 0 && actor->said_status >= 0)
        status = W_EXITCODE((int)actor->said_status, 0);
    return status;
}

static char *describe(int status) {
    if (status == -1)
        return mem_string("ended; who waited for it knows how");
    if (WIFEXITED(status))
        return mem_format("exited with status %d", WEXITSTATUS(status));
    int number = WTERMSIG(status);
    const char *name = sigabbrev_np(number), *means = sigdescr_np(number);
    return name ? mem_format("was killed by SIG%s (%s)", name, means)
                : mem_format("was killed by signal %d", number);
}

/* What it printed before it ended is in the pipes. A child of its own may still hold them open and print on.
 */
static void hear_out(struct actor *actor) {
    for (size_t i = 0; i < 2; i++) {
        stream_tell_to(actor, &actor->streams[i], actor->streams[i].told + ((int64_t)1 << 20));
        stream_tell_held(actor, &actor->streams[i]);
    }
}

static void release(struct actor *actor) {
    struct crew *crew = actor->crew;

    crew_forget(crew, &actor->control);
    crew_forget(crew, &actor->input);
    crew_forget(crew, &actor->proc_syscall);
    crew_forget(crew, &actor->proc_stat);
    for (int i = 0; i < 2; i++) {
        crew_forget(crew, &actor->streams[i].fd);
        buf_free(&actor->streams[i].held);
        actor->streams[i].told = 0;
    }
    if (actor->pidfd >= 0)
        crew_unwatch(crew, actor->pidfd); /* but kept: see actor_reap() */
    buf_free(&actor->input_waits);
    actor->input_ends = false;
    actor_end_statement(actor);
    actor->signalled = actor->dying = false;
    actor->killed_ns = 0;
    actor->held_by = NULL;
    actor->state = ACTOR_DEAD;
}

void actor_bury(struct actor *actor) {
    /* What its death brings about elsewhere, the end of a connection, is heard sooner than the death itself. */
    int64_t died_ns = actor->killed_ns != 0 ? actor->killed_ns : clock_now_ns();
    if (died_ns > actor->said_ns)
        actor->said_ns = died_ns;
    hear_out(actor);
    int status = find_status(actor);
    char *words = describe(status), id[48] = "";
    const char *note = explain_death(status, actor->call_name, id);
    actor_journal(actor, (struct event){.type = EVENT_DIED,
                                        .result = status,
                                        .text = words,
                                        .fd = -1,
                                        .name = actor->call_name,
                                        .extra = actor->call_text,
                                        .id = id,
                                        .note = note});
    release(actor);
    adopt_let_go(actor);
    free(actor->last_words);
    actor->last_words = words;
    /* Its children are the shell's now, and those among them that are dead are to be waited for. */
    for (size_t i = 0; i < actor->crew->count; i++)
        actor_reap(actor->crew->actors[i]);
    for (size_t i = 0; i < actor->crew->gone_count; i++)
        actor_reap(actor->crew->gone[i]);
}

void actor_reap(struct actor *actor) {
    int status;

    if (actor->state != ACTOR_DEAD || actor->pidfd < 0)
        return;
    wait_for(actor->pidfd, &status);
    /* ESRCH: nobody has to wait for it any more. */
    if (!actor_signal(actor, 0) && errno == ESRCH)
        crew_forget(actor->crew, &actor->pidfd);
}

void actor_await_end(struct actor *actor) {
    struct pollfd process = {.fd = actor->pidfd, .events = POLLIN};

    if (actor->state == ACTOR_DEAD)
        return;
    while (poll(&process, 1, -1) < 0 && errno == EINTR)
        continue;
    release(actor);
}

void actor_free(struct actor *actor) {
    if (actor->pidfd >= 0)
        close(actor->pidfd);
    board_unmap(actor->board);
    free(actor->last_words);
    free(actor);
}

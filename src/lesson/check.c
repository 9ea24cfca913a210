/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lesson with nobody there: every step is played, every expectation verified (--check). */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/mem.h"
#include "lesson/judge.h"
#include "lesson/play.h"

#define SECOND INT64_C(1000000000)
#define BUSY_NS (10 * SECOND) /* a statement that neither ends nor blocks is interrupted after this */
#define LATE_NS SECOND        /* what an actor at work still owes may come this late */

struct checking {
    struct shell *shell;
    const struct lesson *lesson;
    size_t steps, expectations, unmet;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * SECOND + time.tv_nsec;
}

/* Wait until an actor says something, or the deadline; false when it has passed. */
static bool listen_until(struct shell *shell, int64_t deadline) {
    int64_t left = deadline - now();
    if (left <= 0)
        return false;
    struct pollfd fds[CREW_MAX * 4];
    size_t count = crew_pollfds(shell->crew, fds, sizeof(fds) / sizeof(*fds));
    int64_t look = crew_next_look(shell->crew);
    if (look >= 0 && look < left)
        left = look;
    struct timespec timeout = {.tv_sec = left / SECOND, .tv_nsec = left % SECOND};
    ppoll(fds, count, &timeout, NULL);
    shell_listen(shell);
    return true;
}

static void tell_verdict(void *context, const struct verdict *verdict) {
    struct checking *checking = context;
    char *place = mem_format("%s:%u", checking->lesson->path, verdict->line);
    journal_add(checking->shell->journal, &(struct event){.type = EVENT_CHECK,
                                                          .result = verdict->met,
                                                          .text = verdict->expected,
                                                          .extra = verdict->seen,
                                                          .place = place});
    if (!verdict->met) {
        checking->unmet++;
        struct buf line = {0};
        escape_text(&line, place, strlen(place));
        buf_add_text(&line, ": expected ");
        escape_text(&line, verdict->expected, strlen(verdict->expected));
        buf_add_text(&line, "; seen ");
        escape_text(&line, verdict->seen, strlen(verdict->seen));
        fprintf(stderr, "%s\n", buf_text(&line));
        buf_free(&line);
    }
    free(place);
}

/* Is it worth waiting?  An actor at work, or asleep, may still do what is expected of it. */
struct hope {
    struct crew *crew;
    bool any;
};

static void look_for_hope(void *context, const struct verdict *verdict) {
    struct hope *hope = context;
    if (verdict->met || !verdict->of || verdict->of->negated)
        return;
    const struct actor *actor = crew_find(hope->crew, verdict->of->actor);
    hope->any =
        hope->any || (actor && (actor_state(actor) == ACTOR_RUNNING || actor_state(actor) == ACTOR_BLOCKED));
}

static bool may_still_be_met(struct shell *shell, const struct item *step, uint64_t before) {
    struct hope hope = {.crew = shell->crew};
    judge_step(shell->journal, step, before, JUDGE_STRICT, look_for_hope, &hope);
    return hope.any;
}

/* The statement must end or block in good time; else it is interrupted, and killed if that does not help. */
static bool end_statement(struct checking *checking, const struct item *step) {
    struct shell *shell = checking->shell;
    struct actor *actor = crew_find(shell->crew, step->actor);
    if (!actor)
        return true;
    int64_t deadline = now() + BUSY_NS;
    while (actor_state(actor) == ACTOR_RUNNING && listen_until(shell, deadline))
        continue;
    if (actor_state(actor) != ACTOR_RUNNING)
        return true;
    tell_verdict(checking, &(struct verdict){.line = step->line,
                                             .expected = "that it ends or blocks",
                                             .seen = "it runs on after 10 seconds, and was interrupted"});
    actor_interrupt(actor);
    deadline = now() + LATE_NS;
    while (actor_state(actor) == ACTOR_RUNNING && listen_until(shell, deadline))
        continue;
    if (actor_state(actor) == ACTOR_RUNNING)
        actor_kill(actor, SIGKILL);
    return false;
}

static void check_step(struct checking *checking, const struct item *step) {
    struct shell *shell = checking->shell;
    uint64_t before = journal_last(shell->journal);
    char *line = lesson_step_line(step);
    char *place = mem_format("%s:%u", checking->lesson->path, step->line);
    checking->steps++;
    checking->expectations += step->expectation_count;
    if (shell_line(shell, line, strlen(line), place) == LINE_MORE)
        shell_drop_pending(shell, true);
    shell_settle(shell);
    if (end_statement(checking, step)) {
        int64_t deadline = now() + LATE_NS;
        while (may_still_be_met(shell, step, before) && listen_until(shell, deadline))
            continue;
        judge_step(shell->journal, step, before, JUDGE_STRICT, tell_verdict, checking);
    }
    free(place);
    free(line);
}

bool lesson_playable(const struct lesson *lesson, const char **why) {
    *why = NULL;
    if (lesson->needs & NEED_IPV6) {
        struct sockaddr_in6 self = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
        int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (fd < 0 || bind(fd, (struct sockaddr *)&self, sizeof(self)) < 0)
            *why = "it needs IPv6, and this machine has no address ::1";
        if (fd >= 0)
            close(fd);
    }
    return *why == NULL;
}

int player_check(struct shell *shell, const struct lesson *lesson) {
    struct checking checking = {.shell = shell, .lesson = lesson};
    const char *why;
    if (!lesson_playable(lesson, &why)) {
        printf("%s.les: skipped: %s\n", lesson->name, why);
        return CHECK_SKIPPED;
    }
    for (size_t i = 0; i < lesson->item_count && !shell->quit; i++)
        if (lesson->items[i].kind == ITEM_STEP)
            check_step(&checking, &lesson->items[i]);
    printf("%s.les: %zu steps, %zu expectations, ", lesson->name, checking.steps, checking.expectations);
    if (checking.unmet == 0)
        printf("all met\n");
    else
        printf("%zu not met\n", checking.unmet);
    return checking.unmet == 0 ? 0 : 1;
}

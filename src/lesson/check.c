/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lesson with nobody there: every step is played, every expectation verified (--check). */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/mem.h"
#include "lesson/judge.h"
#include "lesson/load.h"
#include "lesson/patience.h"
#include "lesson/play.h"
#include "observe/diag.h"
#include "shell/packets.h"
#include "shell/watch.h"

#define BUSY_NS (10 * SECOND_NS) /* a statement that neither ends nor blocks is interrupted after this */
#define LATE_NS SECOND_NS        /* what an actor at work still owes may come this late */

struct checking {
    struct shell *shell;
    const struct lesson *lesson;
    size_t steps, expectations, unmet;
    struct acquaintance known;
};

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
    /* These have their own time; and what the kernel says is final once everybody has settled. */
    if (verdict->of->within_ms > 0 || expectation_asks_kernel(verdict->of))
        return;
    const struct actor *actor = crew_find(hope->crew, verdict->of->actor);
    hope->any =
        hope->any || (actor && (actor_state(actor) == ACTOR_RUNNING || actor_state(actor) == ACTOR_BLOCKED));
}

static bool may_still_be_met(struct shell *shell, const struct item *step, uint64_t before) {
    struct hope hope = {.crew = shell->crew};
    struct evidence events_alone = {.journal = shell->journal, .before = before};
    judge_step(&events_alone, step, JUDGE_STRICT, look_for_hope, &hope);
    return hope.any;
}

/* The statement must end or block in good time; else it is interrupted, and killed if that does not help. */
static bool end_statement(struct checking *checking, const struct item *step) {
    struct shell *shell = checking->shell;
    struct actor *actor = crew_find(shell->crew, step->actor);
    if (!actor)
        return true;
    int64_t deadline = patience_now() + BUSY_NS;
    while (actor_state(actor) == ACTOR_RUNNING && patience_listen(shell, deadline))
        continue;
    if (actor_state(actor) != ACTOR_RUNNING)
        return true;
    tell_verdict(checking, &(struct verdict){.line = step->line,
                                             .expected = "that it ends or blocks",
                                             .seen = "it runs on after 10 seconds, and was interrupted"});
    actor_interrupt(actor);
    deadline = patience_now() + LATE_NS;
    while (actor_state(actor) == ACTOR_RUNNING && patience_listen(shell, deadline))
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
        int64_t deadline = patience_now() + LATE_NS;
        while (may_still_be_met(shell, step, before) && patience_listen(shell, deadline))
            continue;
        struct evidence evidence = {
            .journal = shell->journal, .before = before, .shell = shell, .known = &checking->known};
        patience_within(&evidence, step, JUDGE_STRICT);
        judge_step(&evidence, step, JUDGE_STRICT, tell_verdict, checking);
    }
    free(place);
    free(line);
}

static bool has_ipv6(void) {
    struct sockaddr_in6 self = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool has = fd >= 0 && bind(fd, (struct sockaddr *)&self, sizeof(self)) == 0;
    if (fd >= 0)
        close(fd);
    return has;
}

/* Asked for a listener that hardly anybody is: whether there is one is an answer. */
static bool has_sock_diag(void) {
    struct sockaddr_storage nobody = {.ss_family = AF_INET};
    struct diag_address address = {.local = &nobody};
    struct socket_facts facts;
    struct diag *diag = diag_new();
    enum diag_result result =
        diag ? diag_find_inet(diag, IPPROTO_TCP, &address, false, &facts) : DIAG_UNAVAILABLE;
    diag_free(diag);
    return result == DIAG_FOUND || result == DIAG_NONE;
}

bool lesson_playable(const struct lesson *lesson, const char **why) {
    *why = NULL;
    if ((lesson->needs & NEED_IPV6) && !has_ipv6())
        *why = "it needs IPv6, and this machine has no address ::1";
    else if ((lesson->needs & NEED_SOCK_DIAG) && !has_sock_diag())
        *why = "it needs sock_diag, by which the kernel tells of sockets, and this kernel lacks it";
    return *why == NULL;
}

/* What has no descriptor any more is the actors' in a private network; elsewhere one must have seen it while it
 * had one. */
static bool must_watch(const struct shell *shell, const struct lesson *lesson) {
    return lesson->asks_changes || lesson->asks_packets || (lesson->asks_kernel && !shell->private_network);
}

int player_check(struct shell *shell, const struct lesson *lesson) {
    struct checking checking = {.shell = shell, .lesson = lesson};
    struct error error = {0};
    const char *why;
    if (!lesson_playable(lesson, &why)) {
        printf("%s.les: skipped: %s\n", lesson->name, why);
        return CHECK_SKIPPED;
    }
    if (lesson->asks_packets && !packets_start(shell, &error)) {
        printf("%s.les: skipped: %s\n", lesson->name, error.text);
        error_free(&error);
        return CHECK_SKIPPED;
    }
    if (must_watch(shell, lesson))
        watch_set(shell, WATCH_CALLS);
    for (size_t i = 0; i < lesson->item_count && !shell->quit; i++)
        if (lesson->items[i].kind == ITEM_STEP)
            check_step(&checking, &lesson->items[i]);
    acquaintance_free(&checking.known);
    printf("%s.les: %zu steps, %zu expectations, ", lesson->name, checking.steps, checking.expectations);
    if (checking.unmet == 0)
        printf("all met\n");
    else
        printf("%zu not met\n", checking.unmet);
    return checking.unmet == 0 ? 0 : 1;
}

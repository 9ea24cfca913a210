/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting for what a step may still bring about; see patience.h. */
#include "lesson/patience.h"


#include "base/clock.h"
#include "shell/watch.h"

/* The kernel tells nobody that a connection is in another state: it is asked again, after a quarter of the
 * time that was waited already, within these. */
#define LOOK_LEAST_NS 100000
#define LOOK_MOST_NS 20000000

bool patience_listen(struct shell *shell, int64_t deadline_ns) {
    struct pollfd attention = {.fd = shell->wake_fd > 0 ? shell->wake_fd : -1, .events = POLLIN};
    int64_t left = deadline_ns - clock_now_ns();
    if (left <= 0)
        return false;
    shell_poll_for(shell, &attention, 1, left);
    if (attention.revents != 0)
        return false;
    shell_listen(shell);
    return true;
}

/* One round of judging while there is time. */
struct round {
    struct evidence *evidence;
    const struct item *step;
    int64_t waited_ns;
    int64_t left_ns; /* the most that an unmet one still has; 0: nothing is to be waited for */
};

static void note(void *context, const struct verdict *verdict) {
    struct round *round = context;
    if (!verdict->of || verdict->of->within_ms == 0)
        return;
    bool *met = &round->evidence->met[verdict->of - round->step->expectations];
    int64_t left = verdict->of->within_ms * MILLISECOND_NS - round->waited_ns;
    *met = *met || verdict->met;
    if (!*met && left > round->left_ns)
        round->left_ns = left;
}

static bool any_has_time(const struct item *step) {
    for (size_t i = 0; i < step->expectation_count; i++)
        if (step->expectations[i].within_ms > 0)
            return true;
    return false;
}

void patience_within(struct evidence *evidence, const struct item *step, enum judge_how how) {
    struct shell *shell = evidence->shell;
    int64_t start = clock_now_ns();
    struct round round = {.evidence = evidence, .step = step};
    if (!any_has_time(step))
        return;
    for (;;) {
        round.left_ns = 0;
        judge_step(evidence, step, how, note, &round);
        if (round.left_ns == 0)
            return;
        int64_t pause = round.waited_ns / 4;
        pause = pause < LOOK_LEAST_NS ? LOOK_LEAST_NS : pause > LOOK_MOST_NS ? LOOK_MOST_NS : pause;
        pause = pause < round.left_ns ? pause : round.left_ns;
        if (!patience_listen(shell, clock_now_ns() + pause))
            return;
        round.waited_ns = clock_now_ns() - start;
        /* While calls are watched, what changes by itself is told as well. */
        evidence->now = watch_get(shell) != WATCH_OFF ? shell_look(shell) : NULL;
    }
}

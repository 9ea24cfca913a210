/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by judge.c, judge_event.c, judge_state.c and judge_wire.c. */
#ifndef SOCKSHELL_LESSON_JUDGE_PARTS_H
#define SOCKSHELL_LESSON_JUDGE_PARTS_H

#include "base/buf.h"
#include "lesson/judge.h"

#define SEEN_MAX 200 /* bytes of a program's output that are quoted in a message */

/* One step being judged. */
struct judging {
    const struct journal *journal;
    const struct item *step;
    uint64_t before, last; /* the events after the first, up to the second */
    enum judge_how how;
    struct evidence *evidence;
    judge_tell *tell;
    void *context;
    size_t unmet;
    struct buf seen;
    struct buf instead; /* what was seen, as an author would expect it; empty: nobody can tell */
    uint64_t matched[LESSON_EXPECTATIONS_MAX]; /* CALLS: the event that met this expectation, else 0 */
};

/* The next event of this type after *number (of this actor, unless actor is NULL); NULL at the end. */
const struct event *next_event(const struct judging *judging, enum event_type type, const char *actor,
                               uint64_t *number);
/* "call = result", or `otherwise` when there is no event. */
void see_call(struct buf *seen, const struct event *event, const char *otherwise);
/* Does text match the pattern, in which `...` stands for any bytes? */
bool matches(const char *pattern, const char *text);

/* The judges (expect_rows.h). judge_event.c: */
bool judge_result(struct judging *judging, const struct expectation *e);
bool judge_returns(struct judging *judging, const struct expectation *e);
bool judge_blocks(struct judging *judging, const struct expectation *e);
bool judge_prints(struct judging *judging, const struct expectation *e);
bool judge_value(struct judging *judging, const struct expectation *e);
bool judge_death(struct judging *judging, const struct expectation *e);
bool judge_fault(struct judging *judging, const struct expectation *e);
bool judge_calls(struct judging *judging, const struct expectation *e);
bool judge_explains(struct judging *judging, const struct expectation *e);
bool foresees_failure(const struct expectation *e, const struct event *event);
bool foresees_call(const struct expectation *e, const struct event *event);
bool foresees_death(const struct expectation *e, const struct event *event);
bool foresees_fault(const struct expectation *e, const struct event *event);
bool foresees_explained(const struct expectation *e, const struct event *event);
/* judge_state.c: */
bool judge_state(struct judging *judging, const struct expectation *e);
bool judge_queue(struct judging *judging, const struct expectation *e);
bool judge_address(struct judging *judging, const struct expectation *e);
bool judge_option(struct judging *judging, const struct expectation *e);
bool judge_traffic(struct judging *judging, const struct expectation *e);
bool judge_changes(struct judging *judging, const struct expectation *e);
/* judge_wire.c: */
bool judge_wire(struct judging *judging, const struct expectation *e);

#endif

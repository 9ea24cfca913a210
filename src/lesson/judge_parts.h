/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by judge.c, judge_event.c and judge_state.c. */
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

/* Is it this id, or a more particular one? */
bool id_meets(const char *id, const char *wanted);

/* Was it met, whether it says "not" or not?  What was seen is in judging->seen, in words. */
bool judge_by_events(struct judging *judging, const struct expectation *e);
bool judge_by_kernel(struct judging *judging, const struct expectation *e);
/* The journal's kinds that name a socket, and so need it found: SENT, RECEIVED, CHANGES. */
bool judge_traffic(struct judging *judging, const struct expectation *e);
bool judge_changes(struct judging *judging, const struct expectation *e);

/* judge_wire.c */
bool judge_wire(struct judging *judging, const struct expectation *e);

#endif

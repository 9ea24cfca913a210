/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does what the journal says meet what a step expects?  Pure functions over
 * events; whoever plays the lesson decides what follows from a verdict.
 */
#ifndef SOCKSHELL_LESSON_JUDGE_H
#define SOCKSHELL_LESSON_JUDGE_H

#include "journal/journal.h"
#include "lesson/lesson.h"

struct verdict {
    bool met;
    const struct expectation *of; /* NULL: something that nobody expected */
    unsigned line;                /* of the expectation, or of the step */
    const char *expected;         /* as written, or in words */
    const char *seen;             /* in words */
};

enum judge_how {
    JUDGE_STRICT,
    /* The learner gave the program input in words of their own: numbers need only have the expected sign,
     * output need only have come, calls need only be of the expected name. */
    JUDGE_OWN_WORDS,
};

/* Verdicts come one by one, in the order of the file; their texts are valid during the call. */
typedef void judge_tell(void *context, const struct verdict *verdict);
/* Judge the events after number `before`: every expectation of the step, then (never met) whatever nobody
 * expected: a mistake, a failing system call, a death.  Returns how many were not met.  `tell` may be
 * NULL. */
size_t judge_step(const struct journal *journal, const struct item *step, uint64_t before, enum judge_how how,
                  judge_tell *tell, void *context);
/* The call that the actor sleeps in, verified, as of the last event; NULL: in none. */
const char *judge_blocked_in(const struct journal *journal, const char *actor);
/* The first call that the actor entered or returned from after `before`; NULL: none. */
const char *judge_first_call(const struct journal *journal, const char *actor, uint64_t before);
/* Did the shell itself refuse the line (before any actor had it)? */
bool judge_refused(const struct journal *journal, uint64_t before);

#endif

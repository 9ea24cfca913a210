/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does what happened meet what a step expects?  Whoever plays the lesson
 * decides what follows from a verdict.
 *
 *     judge.c ── expect_rows.c ──┬── judge_event.c   what was done: the journal's events
 *                                ├── judge_state.c   what is so now: the kernel, asked when it comes to it
 *                                └── judge_wire.c    which packets were seen
 */
#ifndef SOCKSHELL_LESSON_JUDGE_H
#define SOCKSHELL_LESSON_JUDGE_H

#include "journal/journal.h"
#include "lesson/lesson.h"
#include "observe/facts.h"

struct verdict {
    bool met;
    const struct expectation *of; /* NULL: something that nobody expected */
    unsigned line;                /* of the expectation, or of the step */
    const char *expected;         /* as written, or in words */
    const char *seen;             /* in words */
    /* What is so, met or not, in the form of what stands at expectation.value_at; NULL: nobody can tell. */
    const char *instead;
};

enum judge_how {
    JUDGE_STRICT,
    /* The learner gave the program input in words of their own: numbers need only have the expected sign,
     * output need only have come, calls need only be of the expected name. */
    JUDGE_OWN_WORDS,
    /* What is expected are the goals of a task, which the learner may miss a few times first: of the calls that
     * returned, any may be the one. */
    JUDGE_GOALS,
};

struct shell;
struct snapshot;

/* Sockets that were asked for, so that they can be found again without descriptor, one question each. */
struct acquaintance {
    struct socket_facts *sockets;
    size_t count;
};
void acquaintance_free(struct acquaintance *acquaintance);

/* By what a step is judged. */
struct evidence {
    const struct journal *journal;
    uint64_t before; /* its last event before the step */
    /* Where the kernel can be asked. NULL: nowhere, and what is expected of it is not met. */
    struct shell *shell;
    struct acquaintance *known; /* of the whole lesson; not NULL where there is a shell */
    /* All sockets, looked at since everybody settled: the shell's (shell_look()). NULL: not needed yet. */
    const struct snapshot *now;
    /* Was met at some moment of the time that it had (patience.h). */
    bool met[LESSON_EXPECTATIONS_MAX];
};

/* Verdicts come one by one, in the order of the file; their texts are valid during the call. */
typedef void judge_tell(void *context, const struct verdict *verdict);
/* Judge the events after number `before`, and the kernel as it is now: every expectation of the step, then
 * (never met) whatever nobody expected: a mistake, a failing system call, a death.  Returns how many were not
 * met.  `tell` may be NULL. */
size_t judge_step(struct evidence *evidence, const struct item *step, enum judge_how how, judge_tell *tell,
                  void *context);
/* What is known of the socket that a lesson names so: asked of the kernel, or, where that has forgotten it, as it was
 * when an expectation asked for it last. False: nothing, and `why` says so in words. */
bool judge_socket(struct evidence *evidence, const struct named_socket *named, struct socket_facts *facts,
                  struct buf *why);
/* Note it down in the journal (EVENT_CHECK), with its place in the lesson's file. */
void verdict_note(const struct verdict *verdict, const char *path, struct journal *journal);
/* The first call that the actor entered or returned from after `before`; NULL: none. */
const char *judge_first_call(const struct journal *journal, const char *actor, uint64_t before);
/* Did the shell itself refuse the line (before any actor had it)? */
bool judge_refused(const struct journal *journal, uint64_t before);

#endif

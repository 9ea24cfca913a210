/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of expectations: one row each with all that is known of it.  A new
 * kind is its name in enum expect_kind (lesson.h), a row, and what the row
 * names: a reader (expect_*.c), a judge (judge_*.c), a predictor (predict.c), words (expect_words.c).
 */
#ifndef SOCKSHELL_LESSON_EXPECT_ROWS_H
#define SOCKSHELL_LESSON_EXPECT_ROWS_H

#include "journal/journal.h"
#include "lesson/expect_words.h"
#include "lesson/lesson.h"
#include "lesson/predict.h"

struct reading; /* expect_parts.h */
struct judging; /* judge_parts.h */

/* What has to be there, or to be done beforehand, so that it can be judged. */
enum { ASKS_KERNEL = 1, ASKS_CHANGES = 2, ASKS_PACKETS = 4 };

struct expect_row {
    const char *word; /* that it begins with in a lesson, behind the actor */
    unsigned asks;    /* ASKS_…; 0: what the journal has in any case is enough */
    /* Read what follows the word into reading->made; else false, with reading->error. */
    bool (*read)(struct reading *reading);
    /* Was it met, whether it says "not" or not?  Puts what was seen into judging->seen, in words, and into
     * judging->instead what an author would have had to expect, if that can be told. */
    bool (*judge)(struct judging *judging, const struct expectation *e);
    /* Does it say that such an event may come, which is a mistake where nobody has said so: a failing call, a
     * death, a fault?  NULL: never. */
    bool (*foresees)(const struct expectation *e, const struct event *event);
    /* How it is predicted in free words. */
    const struct predictor *predictor;
    /* What it says in a learner's words. */
    void (*says)(const struct expectation *e, struct buf *out);
    /* As the goal of a task that is not met: what is told where its value, or what was seen instead, would give the
     * solution away or fill the screen. NULL: what is seen, and the value that it is to have. */
    const char *lacking;
};

const struct expect_row *expect_row(enum expect_kind kind);

#endif

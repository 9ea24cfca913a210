/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kinds of expectations: one row each with all that is known of it.  A new
 * kind is its name in enum expect_kind (lesson.h), a row, and what the row
 * names: a reader (expect_*.c), a judge (judge_*.c), a predictor (predict.c).
 */
#ifndef SOCKSHELL_LESSON_EXPECT_ROWS_H
#define SOCKSHELL_LESSON_EXPECT_ROWS_H

#include "journal/journal.h"
#include "lesson/lesson.h"

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
    /* Does somebody say the same with these words (words_plain())? */
    bool (*predicts)(const struct expectation *e, const char *plain);
};

const struct expect_row *expect_row(enum expect_kind kind);

#endif

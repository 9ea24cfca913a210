/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is an answer right?  Of @ask at once; of @predict after its step, when what
 * the author expects of the step has come true.
 */
#ifndef SOCKSHELL_LESSON_QUESTION_H
#define SOCKSHELL_LESSON_QUESTION_H

#include "base/buf.h"
#include "lesson/lesson.h"

/* How the question is put: "a", "b" … before the choices, one a line; "" for a question in words. */
void question_choices(const struct question *question, struct buf *out);
/* What is asked for, in one sentence for whoever does not know how to answer. */
const char *question_manner(const struct question *question);
/* Judge what the learner typed. Choices are named by letter, number or their words; several by letters, in
 * any order. `why` gets what the author says to it (why it is right or wrong), or "". *understood is false
 * where the answer is none (empty, or a choice that there is not): it is neither right nor wrong, and `why`
 * says what is asked for. */
bool question_judge(const struct question *question, const char *answer, bool *understood, struct buf *why);
/* The right answer, in words: "b: the kernel", "4", "returns 4". */
void question_solution(const struct question *question, struct buf *out);

#endif

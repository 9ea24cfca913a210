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
/* What is asked for, for whoever does not know how to answer: "the letter of one of them (a to c)". Of a prediction
 * the forms that the kernel's answer can have; no example is the answer. */
void question_manner(const struct question *question, struct buf *out);
/* Judge what the learner typed. Choices are named by letter, number or their words; several by letters, in
 * any order. `why` gets what the author says to it (why it is right or wrong), or "". *understood is false
 * where the answer is none (empty, a choice that there is not, a prediction without anything that the kernel could
 * answer): it is neither right nor wrong, and `why` says what is asked for. */
bool question_judge(const struct question *question, const char *answer, bool *understood, struct buf *why);
/* Does this prediction in free words say the same as the expectation? */
bool question_predicts(const struct expectation *e, const char *answer);
/* The right answer, in words: "b) the kernel", "4", "TIME_WAIT". */
void question_solution(const struct question *question, struct buf *out);

#endif

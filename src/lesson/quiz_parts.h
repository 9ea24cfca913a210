/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the parts of quiz.h; nobody else includes it. */
#ifndef SOCKSHELL_LESSON_QUIZ_PARTS_H
#define SOCKSHELL_LESSON_QUIZ_PARTS_H

#include "lesson/quiz.h"

/* quiz_draw.c: what quiz_judge(), quiz_answer() and quiz_wrong() do for a drawing. */
bool quiz_judge_drawing(const struct sheet *sheet, const char *answer, bool *understood, struct buf *why);
void quiz_answer_drawing(const struct sheet *sheet, struct buf *out);
bool quiz_wrong_drawing(const struct sheet *sheet, size_t i, struct buf *out);

/* quiz_words.c: packets in a learner's words. */
/* The packets of a line; and where `drawn` is not NULL, each in our words, for the caller to free. False: it cannot be
 * understood, and `why` says what of it, and how it is to be said; drawn has nothing. expectation_free(made) in any
 * case. */
bool quiz_read_line(const struct sheet *sheet, const char *line, struct expectation *made,
                    char *drawn[LESSON_PACKETS_MAX], struct buf *why);
/* quiz_manner() for a drawing: "who sends it, its flags, and with data its len, as in: …" */
void quiz_manner_of_drawing(const struct sheet *sheet, struct buf *out);

/* quiz_why.c: reasons, each one sentence; false: there is none. */
/* Why packet `later` cannot have come before packet `earlier`. */
bool why_after(const struct sheet *sheet, size_t later, size_t earlier, struct buf *out);
/* What the packet's number, flags or sender follow from, without telling it. */
bool why_value(const struct sheet *sheet, size_t packet, unsigned what, struct buf *out);
/* "packet 2 (server SYN ACK seq 0)" */
void why_name(const struct sheet *sheet, size_t packet, struct buf *out);

/* The value itself: "1", "SYN ACK", "server". False: the packet has none. */
bool quiz_value(const struct sheet_packet *packet, unsigned what, struct buf *out);

#endif

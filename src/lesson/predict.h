/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Predictions in free words: is it one at all, and does it say what an
 * expectation says?  One predictor a form that the kernel's answer can have,
 * for expect_rows.c; `plain` are the answer's words_plain() (words.h).
 */
#ifndef SOCKSHELL_LESSON_PREDICT_H
#define SOCKSHELL_LESSON_PREDICT_H

#include "lesson/lesson.h"

struct predictor {
    /* Is it an answer of this form, right or wrong?  NULL: any words are. */
    bool (*understands)(const struct expectation *e, const char *plain);
    /* Does it say the same? */
    bool (*agrees)(const struct expectation *e, const char *plain);
    /* What can be answered, with examples of which none is the answer: "a number (7), blocks". */
    void (*forms)(const struct expectation *e, struct buf *out);
};

extern const struct predictor predict_result, predict_blocks, predict_state, predict_count, predict_status,
    predict_signal, predict_fault, predict_value, predict_address, predict_text, predict_wire;

#endif

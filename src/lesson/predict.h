/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Does an answer in free words say what an expectation says?  One function a
 * kind, for expect_rows.c; `plain` are the answer's words_plain() (words.h).
 */
#ifndef SOCKSHELL_LESSON_PREDICT_H
#define SOCKSHELL_LESSON_PREDICT_H

#include "lesson/lesson.h"

bool predicts_result(const struct expectation *e, const char *plain);
bool predicts_blocks(const struct expectation *e, const char *plain);
bool predicts_text(const struct expectation *e, const char *plain);
bool predicts_value(const struct expectation *e, const char *plain);
bool predicts_status(const struct expectation *e, const char *plain);
bool predicts_signal(const struct expectation *e, const char *plain);
bool predicts_fault(const struct expectation *e, const char *plain);
bool predicts_wire(const struct expectation *e, const char *plain);
bool predicts_state(const struct expectation *e, const char *plain);
bool predicts_queue(const struct expectation *e, const char *plain);
bool predicts_address(const struct expectation *e, const char *plain);

#endif

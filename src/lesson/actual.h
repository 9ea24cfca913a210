/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came, where an expectation had something to say about it: for a learner who has predicted it, or is to bring
 * it about. */
#ifndef SOCKSHELL_LESSON_ACTUAL_H
#define SOCKSHELL_LESSON_ACTUAL_H

#include "lesson/judge.h"

/* The verdict's expectation with what is so in the place of what was expected, without its "not". False: that cannot
 * be told. The caller frees *made with expectation_free(). */
bool actual_expectation(const struct lesson *lesson, const struct item *step, const struct verdict *verdict,
                        struct expectation *made);
/* What was seen, in words, without a full stop. */
void actual_words(const struct lesson *lesson, const struct item *step, const struct verdict *verdict,
                  struct buf *out);

#endif

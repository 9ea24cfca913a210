/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an expectation says, in the words of somebody who does not know how
 * lessons are written: "client's c is in TIME_WAIT".  One function a kind, for expect_rows.c; a sentence without its
 * full stop, of what is so, whether the expectation says "not" or not.
 */
#ifndef SOCKSHELL_LESSON_EXPECT_WORDS_H
#define SOCKSHELL_LESSON_EXPECT_WORDS_H

#include "lesson/lesson.h"

/* "client's c", "client's descriptor 4" */
void expect_socket_words(const struct named_socket *socket, struct buf *out);

/* What stands in the place of the value: "TIME_WAIT", "127.0.0.1:80", "client's c". */
void expect_value_words(const struct expectation *e, struct buf *out);

void says_result(const struct expectation *e, struct buf *out);
void says_blocks(const struct expectation *e, struct buf *out);
void says_prints(const struct expectation *e, struct buf *out);
void says_value(const struct expectation *e, struct buf *out);
void says_exits(const struct expectation *e, struct buf *out);
void says_killed(const struct expectation *e, struct buf *out);
void says_fault(const struct expectation *e, struct buf *out);
void says_call(const struct expectation *e, struct buf *out);
void says_bytes(const struct expectation *e, struct buf *out);
void says_change(const struct expectation *e, struct buf *out);
void says_explained(const struct expectation *e, struct buf *out);
void says_state(const struct expectation *e, struct buf *out);
void says_queue(const struct expectation *e, struct buf *out);
void says_address(const struct expectation *e, struct buf *out);
void says_option(const struct expectation *e, struct buf *out);
void says_wire(const struct expectation *e, struct buf *out);

#endif

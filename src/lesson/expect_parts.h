/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the readers of expectations: expect.c, expect_event.c, expect_state.c and expect_wire.c. */
#ifndef SOCKSHELL_LESSON_EXPECT_PARTS_H
#define SOCKSHELL_LESSON_EXPECT_PARTS_H

#include "call/constant.h"
#include "lesson/load.h"

/* An expectation being read: where the reader of a keyword stands. */
struct reading {
    struct place place; /* of the line's first character */
    const char *text;   /* the whole line */
    const char *rest;   /* what follows the keyword */
    const struct lesson *lesson;
    bool actor_named;   /* the line says whose it is */
    struct expectation *made; /* with its actor */
    struct error *error;
};

/* The place in the file of a byte of the line. */
struct place reading_place(const struct reading *reading, const char *at);
const char *skip_blanks(const char *text);
size_t word_length(const char *text);
/* A whole number, decimal or 0x…; *end is behind it. */
bool read_number(const char *text, int64_t *number, const char **end);
/* A constant of this set; else false, and the error says "… is not `what`", and which may have been meant. */
bool read_constant(const struct reading *reading, const char *name, const struct constant_set *set,
                   const char *what, int64_t *value);
/* A C string literal, or several side by side, read by the C parser; `what` begins the sentence if it is
 * none. */
bool read_string(struct reading *reading, const char *text, const char *what);

/* ACTOR.VARIABLE, ACTOR.FD, or without ACTOR one of reading->made->actor's. *rest is stepped behind it. The texts of
 * *made are new, also on failure. */
bool read_named_socket(struct reading *reading, const char **rest, struct named_socket *made);

/* The readers (expect_rows.h). expect_event.c: */
bool read_result(struct reading *reading);
bool read_blocks(struct reading *reading);
bool read_prints(struct reading *reading);
bool read_value(struct reading *reading);
bool read_exits(struct reading *reading);
bool read_killed(struct reading *reading);
bool read_fault(struct reading *reading);
bool read_calls(struct reading *reading);
/* expect_state.c: */
bool read_bytes(struct reading *reading);
bool read_changes(struct reading *reading);
bool read_explains(struct reading *reading);
bool read_state(struct reading *reading);
bool read_queue(struct reading *reading);
bool read_address(struct reading *reading);
bool read_option(struct reading *reading);
/* expect_wire.c: */
bool read_wire(struct reading *reading);

void expected_packets_free(struct expectation *expectation);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What --check says: sentences for a person, or TAP (version 13) for a
 * harness; and the corrected copy of --accept.
 */
#ifndef SOCKSHELL_LESSON_CHECK_TELL_H
#define SOCKSHELL_LESSON_CHECK_TELL_H

#include "lesson/judge.h"
#include "lesson/lesson.h"

#define CHECK_SECONDS 300

/* How a lesson is checked, and how that is told. */
struct check_manner {
    bool tap;
    bool accept;
    unsigned seconds; /* a lesson that is not over after so many is given up; 0: CHECK_SECONDS */
    unsigned *tests; /* TAP: how many were told, of all lessons */
};

/* An expectation's line, and what it would have to be. */
struct correction {
    unsigned line;
    char *was, *is; /* is NULL: nobody knows */
};

struct check_told {
    const struct check_manner *manner;
    const struct lesson *lesson;
    size_t unmet;
    struct correction *corrections; /* --accept */
    size_t correction_count;
};

/* TAP: the line before all tests, and that after them. */
void check_tell_begin(const struct check_manner *manner);
void check_tell_plan(const struct check_manner *manner);
/* One test. `place` is the beginning of its name: "echo.les:42". Unmet ones are told in any case: in TAP
 * under the test, else on standard error. */
void check_tell_test(const struct check_manner *manner, const char *place, bool met, const char *expected,
                     const char *seen);
/* The lesson in the file of this name cannot be played here. */
void check_tell_skip(const struct check_manner *manner, const char *name, const char *why);
/* A test of the lesson, which is noted down for --accept when it is not met. */
void check_tell_verdict(struct check_told *told, const struct verdict *verdict);
/* Write NAME.les.new beside the lesson, if there is anything to correct, and say so on standard error. False when it
 * cannot be written, which is told. Frees the corrections. */
bool check_accept(struct check_told *told);

#endif

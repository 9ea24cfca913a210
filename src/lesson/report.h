/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --report FILE: who did what, for a teacher.  A line an event, added to the
 * file at once, so that a class can share one.
 */
#ifndef SOCKSHELL_LESSON_REPORT_H
#define SOCKSHELL_LESSON_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

struct report_line {
    const char *lesson;
    uint64_t seed;
    const char *kind;   /* "step", "predict", "ask", "task", "lesson" */
    const char *id;     /* the directive's name, or the step's number */
    const char *result; /* "right", "wrong", "done", "skipped", "shown"; of a lesson "begun", "finished",
                           "left", "shown" */
    size_t tries, hints;
    int64_t ns;         /* how long it took */
    const char *answer; /* the last one that was given, "" */
};

struct report;

/* Open (or make) the file, as CSV if its name ends in .csv, else as JSON Lines; one that holds something
 * else is refused. Call it before this process goes into a network of its own, where users have no names. */
struct report *report_open(const char *path, struct error *error);
/* False, once: what was the matter, in error. */
bool report_add(struct report *report, const struct report_line *line, struct error *error);
/* A file that was made for nothing is removed again. NULL: nothing. */
void report_close(struct report *report);

/* One line, newline included: for tests. `time`: seconds since 1970. */
void report_csv(const struct report_line *line, const char *user, int64_t time, struct buf *out);
void report_json(const struct report_line *line, const char *user, int64_t time, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How far the learner is in each lesson: a small text file, a line a lesson,
 *
 *     left 7/12 echo     left at step 7 of 12
 *     done 0/12 refused  done, and not begun again
 *     done 3/9 states    done once, and left at step 3 since
 *
 * that is read anew and replaced at each change.  A lesson never fails for its sake.
 */
#ifndef SOCKSHELL_LESSON_PROGRESS_H
#define SOCKSHELL_LESSON_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#define PROGRESS_BYTES_MAX (1 << 20)
#define PROGRESS_LESSONS_MAX 5000 /* older ones are forgotten */
#define PROGRESS_NAME_MAX 255     /* bytes of a lesson's name */

struct progress_entry {
    char *lesson;
    bool done;
    size_t at; /* the step that came next when it was left; 0: at none */
    size_t of; /* how many steps it had */
};

struct progress {
    struct progress_entry *entries;
    size_t count;
};

/* Whatever the bytes are; lines that are no entries are passed over, of two about one lesson the last
 * counts. */
void progress_parse(const char *bytes, size_t length, struct progress *progress);
/* A file that is not there is an empty one. The caller frees in any case. */
bool progress_read(const char *path, struct progress *progress, struct error *error);
const struct progress_entry *progress_find(const struct progress *progress, const char *lesson);
void progress_free(struct progress *progress); /* leaves {0} */

/* Note down where a lesson is; `done` stays once it was so. */
bool progress_note(const char *path, const char *lesson, bool done, size_t at, size_t of,
                   struct error *error);
/* Forget a lesson, or all (NULL); *known: there was something to forget. */
bool progress_forget(const char *path, const char *lesson, bool *known, struct error *error);

#endif

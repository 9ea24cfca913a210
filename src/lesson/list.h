/* SPDX-License-Identifier: GPL-3.0-or-later */
/* --list and --reset: the lessons, and how far the learner is. */
#ifndef SOCKSHELL_LESSON_LIST_H
#define SOCKSHELL_LESSON_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

#define LIST_COLUMNS 80

/* The course as a table on `out`, in so many columns; `progress` is the file, or NULL. *whole: all could
 * be loaded; what is the matter with one that cannot stands in the table. False and error when there are
 * no lessons. */
bool list_lessons(FILE *out, size_t columns, const char *progress, bool *whole, struct error *error);
/* Forget how far the learner is in these lessons, or with count 0 in all; tells on `out` what was done. */
bool list_reset(FILE *out, const char *progress, const char *const *lessons, size_t count,
                struct error *error);

#endif

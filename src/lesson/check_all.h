/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several lessons under --check, each in a process of its own: a private network is entered once in a life.
 */
#ifndef SOCKSHELL_LESSON_CHECK_ALL_H
#define SOCKSHELL_LESSON_CHECK_ALL_H

#include "lesson/check_tell.h"

/* Play one lesson, found by its name or path; returns the exit status. Called in a child when there are
 * several. */
typedef int check_one(void *context, const char *name, const struct check_manner *manner);

/* Returns the exit status: 1 when any lesson failed, else CHECK_SKIPPED when any was skipped, else 0. */
int check_all(const char *const *names, size_t count, struct check_manner *manner, check_one *one,
              void *context);

#endif

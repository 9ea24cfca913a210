/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * .save NAME.les: what was explored, as the skeleton of a lesson.  The lines
 * that were given become steps, what was seen under them expectations, and
 * between them are places for prose.
 */
#ifndef SOCKSHELL_LESSON_SKELETON_H
#define SOCKSHELL_LESSON_SKELETON_H

#include <stddef.h>

#include "base/error.h"
#include "shell/shell.h"

struct skeleton_sum {
    size_t steps;
    size_t left_out; /* lines that no lesson can have */
};

/* Of everything since the actors that there are were started, into a new file. False and
 * error when it would be no lesson, or the file is there already. */
bool skeleton_save(const struct shell *shell, const char *path, struct skeleton_sum *sum,
                   struct error *error);

#endif

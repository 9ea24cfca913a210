/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting for what a step may still bring about. */
#ifndef SOCKSHELL_LESSON_PATIENCE_H
#define SOCKSHELL_LESSON_PATIENCE_H

#include "lesson/judge.h"
#include "shell/shell.h"

/* Wait until an actor says something or ought to be looked at, and hear it; false when the deadline has passed
 * or a person wants attention. */
bool patience_listen(struct shell *shell, int64_t deadline_ns);
/* Give the step's expectations the time that they have (`within`), and note down in evidence->met which of them
 * were met in it. Returns at once where none has any, or all are met. */
void patience_within(struct evidence *evidence, const struct item *step, enum judge_how how);

#endif

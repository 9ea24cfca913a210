/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A task is done when the kernel, and what happened since the task was set,
 * are as its goals say: however the learner got there.
 */
#ifndef SOCKSHELL_LESSON_TASK_H
#define SOCKSHELL_LESSON_TASK_H

#include "lesson/judge.h"

/* evidence->before is the last event before the task was set. `tell` (or NULL) gets a verdict of each goal;
 * what else happened, mistakes and failures, does not matter. Goals with `within` have had their time if the
 * caller gave it them: patience_within(evidence, &task->goal, JUDGE_GOALS). */
bool task_met(struct evidence *evidence, const struct task *task, judge_tell *tell, void *context);

#endif

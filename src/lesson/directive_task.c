/* SPDX-License-Identifier: GPL-3.0-or-later */
/* @task: a goal in the kernel's words, and one way to reach it. */
#include <string.h>

#include "base/mem.h"
#include "lesson/directive.h"

/* Whose goal is it?  There is no step that would say. (Packets name their senders themselves.) */
static bool names_actor(struct loader *loader, const struct expectation *made, struct place place) {
    if (*made->actor != '\0' || made->kind == EXPECT_WIRE) /* a socket's is taken over from there */
        return true;
    load_fail(loader->error, place, "a goal says whose it is, since it stands under no step");
    error_hint(loader->error, "for instance: goal: %s blocks, goal: state %s.sock CLOSE_WAIT",
               loader->lesson->actors[0], loader->lesson->actors[0]);
    return false;
}

bool take_goal(struct loader *loader, struct item *item, const char *value, struct place place) {
    struct item *goal = &item->task->goal;
    struct expectation made = {0};
    if (*value == '\0')
        return load_fail(loader->error, place, "the goal is missing here: an expectation, as under a step");
    if (goal->expectation_count == LESSON_EXPECTATIONS_MAX)
        return load_fail(loader->error, place, "a task has at most %d goals", LESSON_EXPECTATIONS_MAX);
    /* In a lesson with one actor there is no doubt. */
    if (!goal->actor)
        goal->actor = mem_string(loader->lesson->actor_count == 1 ? loader->lesson->actors[0] : "");
    if (!expectation_parse(loader->lesson, goal, value, place, &made, loader->error))
        return false;
    if (!names_actor(loader, &made, place)) {
        expectation_free(&made);
        return false;
    }
    goal->expectations =
        mem_grow(goal->expectations, goal->expectation_count + 1, sizeof(*goal->expectations));
    goal->expectations[goal->expectation_count++] = made;
    lesson_asks(loader->lesson, &made);
    return true;
}

bool end_task(struct loader *loader, const struct item *item) {
    const struct task *task = item->task;
    struct place place = directive_place(loader, item);
    if (task->goal.expectation_count == 0) {
        load_fail(loader->error, place, "this task has no goal");
        error_hint(loader->error,
                   "goal: and an expectation, as under a step: goal: state client.sock FIN_WAIT2");
        return false;
    }
    if (task->solution_count == 0) {
        load_fail(loader->error, place, "this task has no solution");
        error_hint(loader->error,
                   "solution: and under it steps, by which --check proves that the goal can be reached");
        return false;
    }
    return true;
}

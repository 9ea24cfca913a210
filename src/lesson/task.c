/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is a task done?  See task.h. */
#include "lesson/task.h"

struct goals {
    judge_tell *tell;
    void *context;
    size_t unmet;
};

static void judge_goal(void *context, const struct verdict *verdict) {
    struct goals *goals = context;
    if (!verdict->of) /* what nobody expected */
        return;
    goals->unmet += !verdict->met;
    if (goals->tell)
        goals->tell(goals->context, verdict);
}

bool task_met(struct evidence *evidence, const struct task *task, judge_tell *tell, void *context) {
    struct goals goals = {.tell = tell, .context = context};
    judge_step(evidence, &task->goal, JUDGE_GOALS, judge_goal, &goals);
    return goals.unmet == 0;
}

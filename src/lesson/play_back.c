/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * To an earlier step.  What the learner has done meanwhile is never patched:
 * the actors and their network are given up, and fresh ones do the lesson's
 * own steps again, up to there.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "lesson/patience.h"
#include "lesson/play_parts.h"
#include "lesson/task.h"
#include "shell/renew.h"

#define LATE_NS SECOND_NS /* what a step owes when everybody has settled may come so late */

/* The item with which the passage of this act begins. */
static size_t passage_of(const struct lesson *lesson, size_t number) {
    size_t i = 0;
    for (size_t acts = 1; acts < number; i++)
        acts += is_act(&lesson->items[i]);
    return i;
}

static void await_step(struct player *player, const struct item *step, uint64_t before) {
    struct shell *shell = player->shell;
    int64_t deadline = clock_now_ns() + LATE_NS;
    struct evidence evidence = player_evidence(player, before);
    patience_within(&evidence, step, JUDGE_STRICT);
    while (judge_step(&evidence, step, JUDGE_STRICT, NULL, NULL) > 0 && patience_listen(shell, deadline))
        evidence.now = NULL;
}

static void do_again(struct player *player, const struct item *step, bool judged) {
    struct shell *shell = player->shell;
    uint64_t before = journal_last(shell->journal);
    char *line = lesson_step_line(step);
    if (shell_line(shell, line, strlen(line), "") == LINE_MORE)
        shell_drop_pending(shell, true);
    shell_settle(shell);
    if (judged)
        await_step(player, step, before);
    free(line);
}

static void do_task_again(struct player *player, const struct task *task) {
    uint64_t before = journal_last(player->shell->journal);
    for (size_t i = 0; i < task->solution_count; i++)
        do_again(player, &task->solution[i], task->solution[i].expectation_count > 0);
    struct evidence evidence = player_evidence(player, before);
    patience_within(&evidence, &task->goal, JUDGE_GOALS);
}

static void replay(struct player *player, size_t to) {
    struct journal *journal = player->shell->journal;
    journal_replay(journal, true);
    for (size_t i = 0; i < to; i++) {
        const struct item *item = &player->lesson->items[i];
        if (item->kind == ITEM_STEP)
            do_again(player, item, true);
        else if (item->kind == ITEM_TASK)
            do_task_again(player, item->task);
        player_pass(player, i);
    }
    journal_replay(journal, false);
}

bool player_back(struct player *player, size_t number, struct error *error) {
    struct shell *shell = player->shell;
    size_t here, count;
    player_count(player, player->next, &here, &count);
    if (player->resume > 0)
        here = player->resume;
    if (number == 0)
        number = here > 1 ? here - 1 : 1;
    if (number > count)
        return error_set(error, ERROR_USAGE, (struct span){0}, "there is no step %zu: the lesson has %zu", number,
                         count);
    if (number > here)
        return error_set(error, ERROR_USAGE, (struct span){0},
                         "step %zu is still to come: this is step %zu of %zu", number,
                         here > count ? count : here, count);
    size_t passage = passage_of(player->lesson, number);
    player->resume = player->predicted = 0;
    player->warned = false;
    acquaintance_free(&player->known);
    journal_replay(shell->journal, true);
    const struct lesson *lesson = player->lesson;
    struct renewal renewal = {(const char *const *)lesson->actors, (const char *const *)lesson->hosts,
                              (const char *const *)lesson->actor_hosts};
    bool renewed = shell_renew(shell, &renewal, error);
    journal_replay(shell->journal, false);
    if (!renewed) {
        shell->quit = true;
        return false;
    }
    player->begun_at = player->section_at = journal_last(shell->journal);
    replay(player, passage);
    player_go_to(player, passage);
    record_progress(player);
    shell_note(shell,
               number > 1 ? "lesson: step %zu of %zu; fresh actors have done those before it"
                          : "lesson: step %zu of %zu; fresh actors",
               number, count);
    player_tell(player);
    return true;
}

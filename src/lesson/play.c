/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lesson at the prompt.  The player holds a place in the lesson and what the
 * learner has answered; what his lines did is read from the journal.
 *
 *     told ──▶ a stop: a step is ready, ──▶ a line was carried out, ──▶ judged by its effect
 *      ▲       a question is asked …        or answered                   │
 *      └── the stop is done: the next passage ◀───────────────────────────┴─▶ wandered off: it stays
 */
#include "lesson/play.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lesson/patience.h"
#include "lesson/play_parts.h"

#define TYPING_TRIES 2 /* after so many failures the command is shown */

/* ---- The place in the lesson ---- */

/* The learner has something to do there. */
static bool is_stop(const struct item *item) {
    switch (item->kind) {
    case ITEM_STEP:
    case ITEM_PREDICT:
    case ITEM_ASK:
    case ITEM_LADDER:
    case ITEM_TASK:
    case ITEM_PAUSE:
        return true;
    case ITEM_HEADING:
    case ITEM_PROSE:
    case ITEM_LISTING:
    case ITEM_CLAIM:
    case ITEM_VERDICT:
        return false;
    }
    return false;
}

bool is_act(const struct item *item) {
    return item->kind == ITEM_STEP || item->kind == ITEM_TASK;
}

const struct item *player_item(const struct player *player) {
    return player_over(player) ? NULL : &player->lesson->items[player->next];
}

struct record *player_record(struct player *player) {
    return &player->records[player->next];
}

void player_make_ready(struct player *player) {
    const struct item *item = player_item(player);
    free(player->ready);
    player->ready = NULL;
    if (item == NULL || player->resume > 0)
        return;
    if (item->kind == ITEM_STEP)
        player->ready = lesson_step_line(item);
    else if (item->kind == ITEM_TASK && player->solving > 0 && player->solving <= item->task->solution_count)
        player->ready = lesson_step_line(&item->task->solution[player->solving - 1]);
}

void player_pass(struct player *player, size_t number) {
    if (player->lesson->items[number].kind == ITEM_HEADING)
        player->section_at = journal_last(player->shell->journal);
}

/* A question about packets is passed over where there are none. */
static bool stops_at(struct player *player, size_t number) {
    const struct item *item = &player->lesson->items[number];
    return is_stop(item) && (item->kind != ITEM_LADDER || player_ladder_arrive(player, number));
}

void player_go_to(struct player *player, size_t passage) {
    const struct lesson *lesson = player->lesson;
    player_ladder_leave(player);
    player->arrivals++;
    player->passage = player->next = passage;
    while (player->next < lesson->item_count && !stops_at(player, player->next))
        player_pass(player, player->next++);
    const struct item *item = player_item(player);
    player->solving = item != NULL && item->kind == ITEM_TASK && player->manner.automatic;
    player->judged_to = player->looked_to = journal_last(player->shell->journal);
    player->patient_ns = 0;
    player->stop_ns = clock_now_ns();
    player->wanted_told = false;
    player->lack_ns = 0;
    free(player->lack);
    free(player->answer);
    player->lack = player->answer = NULL;
    player_make_ready(player);
}

struct player *player_new(struct shell *shell, const struct lesson *lesson,
                          const struct player_manner *manner) {
    struct player *player = mem_alloc(sizeof(*player));
    *player = (struct player){.shell = shell, .lesson = lesson, .began_ns = clock_now_ns()};
    if (manner != NULL)
        player->manner = *manner;
    player->records = mem_alloc((lesson->item_count + 1) * sizeof(*player->records));
    player->begun_at = player->section_at = journal_last(shell->journal);
    player_go_to(player, 0);
    return player;
}

void player_free(struct player *player) {
    if (!player)
        return;
    if (player->begun && !player->finished)
        record_lesson(player, "left");
    acquaintance_free(&player->known);
    player_ladder_leave(player);
    free(player->ready);
    free(player->prediction);
    free(player->answer);
    free(player->lack);
    free(player->records);
    free(player);
}

void player_begin(struct player *player) {
    player->resume = player->manner.automatic ? 0 : record_left_at(player);
    record_lesson(player, "begun");
    player->begun = true;
    if (player->resume > 0)
        player_make_ready(player);
    const char *why;
    if (!lesson_playable(player->lesson, player->shell->private_network, &why))
        shell_note(player->shell, "lesson: this machine cannot play all of it: %s", why);
    player_tell(player);
}

bool player_over(const struct player *player) {
    return player->next >= player->lesson->item_count;
}

const char *player_ready(struct player *player, const char **actor) {
    const struct item *item = player_item(player);
    if (item != NULL && item->kind == ITEM_TASK && player->ready != NULL)
        item = &item->task->solution[player->solving - 1];
    if (actor)
        *actor = player->ready != NULL ? item->actor : NULL;
    return player->ready;
}

bool player_hides_step(const struct player *player) {
    const struct item *item = player_item(player);
    return player->manner.automatic || (player->manner.typing && item != NULL && item->kind == ITEM_STEP);
}

void player_advance(struct player *player, const char *result) {
    record_report(player, player->next, result, clock_now_ns() - player->stop_ns);
    player_go_to(player, player->next + 1);
    record_progress(player);
    if (player_over(player) && !player->finished) {
        player->finished = true;
        record_lesson(player, player->manner.automatic ? "shown" : "finished");
    }
    player_tell(player);
}

void player_take_over(struct player *player) {
    player_record(player)->demonstrated = player->solving > 1;
    player->manner.automatic = false;
    player->solving = 0;
    player_make_ready(player);
}

size_t player_arrivals(const struct player *player) {
    return player->arrivals;
}

size_t player_stop(const struct player *player) {
    return player->next * (LESSON_SOLUTION_MAX + 2) + player->solving;
}

void player_again(struct player *player) {
    player_note_place(player);
    player_tell(player);
}

/* ---- Judging ---- */

struct evidence player_evidence(struct player *player, uint64_t before) {
    return (struct evidence){
        .journal = player->shell->journal, .before = before, .shell = player->shell, .known = &player->known};
}

static void note_verdict(void *context, const struct verdict *verdict) {
    const struct player *player = context;
    verdict_note(verdict, player->lesson->path, player->shell->journal);
}

static void step_done(struct player *player, const struct item *step, uint64_t before, const char *result) {
    player_tell_outcome(player, step, before);
    player_advance(player, result);
}

/* The step's own line was carried out: the lesson goes on, and says so if something is different from what
 * it tells. */
static void accept_same(struct player *player, const struct item *step, uint64_t before, const char *result) {
    struct evidence evidence = player_evidence(player, before);
    patience_within(&evidence, step, JUDGE_STRICT);
    size_t unmet = judge_step(&evidence, step, JUDGE_STRICT, note_verdict, player);
    size_t number, count;
    player_count(player, player->next, &number, &count);
    if (unmet > 0 && !player->warned) {
        shell_note(player->shell,
                   "lesson: it goes on, but may no longer fit what is there;\n"
                   "lesson: .back %zu comes back here with fresh actors",
                   number);
        player->warned = true;
    }
    step_done(player, step, before, result);
}

/* --typing: a line for the right actor that was not it. */
static void missed_step(struct player *player, const struct item *step, uint64_t before) {
    struct record *record = player_record(player);
    record->tries++;
    if (!judge_refused(player->shell->journal, before)) {
        struct evidence evidence = player_evidence(player, before);
        judge_step(&evidence, step, JUDGE_STRICT, note_verdict, player);
    }
    if (record->tries % TYPING_TRIES != 0) {
        player_say(player, "That is not it yet; try again, or `.hint`.");
        return;
    }
    record->hints++;
    player_say(player, "This would do it: `%s`", player->ready);
}

static void after_step(struct player *player, const struct item *step, const char *line, uint64_t before) {
    enum likeness likeness = line_likeness(player, step, line);
    if (line[strspn(line, " \t")] == '\0' && player_hides_step(player) && !player->manner.automatic) {
        player_tell_wanted(player);
        return;
    }
    bool typing = player->manner.typing, refused = judge_refused(player->shell->journal, before);
    if (likeness == LINE_ELSEWHERE || (refused && !typing))
        return;
    if (!refused && likeness == LINE_SAME)
        accept_same(player, step, before, "done");
    else if (!refused && likeness == LINE_OWN_WORDS && line_is_met(player, step, before, JUDGE_OWN_WORDS))
        step_done(player, step, before, "done");
    else if (!refused && likeness == LINE_EDITED && line_had_effect(player, step, line, before))
        step_done(player, step, before, "done");
    else if (typing)
        missed_step(player, step, before);
}

/* ---- Lines and commands ---- */

void player_after(struct player *player, const char *line, uint64_t before) {
    const struct item *item = player_item(player);
    if (item == NULL || player->resume > 0)
        return;
    if (before < player->judged_to)
        before = player->judged_to;
    if (item->kind == ITEM_TASK)
        player_after_task(player, item, line, before);
    else if (item->kind == ITEM_STEP)
        after_step(player, item, line, before);
}

/* Carry a line of the lesson's out for the learner. */
static void do_line(struct player *player, const char *line) {
    shell_note(player->shell, "lesson: done for you: %s", line);
    shell_line(player->shell, line, strlen(line), "");
    shell_settle(player->shell);
}

static void skip_task(struct player *player, const struct item *item) {
    size_t from = player->solving > 0 ? player->solving - 1 : 0;
    for (size_t i = from; i < item->task->solution_count; i++) {
        char *line = lesson_step_line(&item->task->solution[i]);
        do_line(player, line);
        free(line);
    }
    player_advance(player, "skipped");
}

static void skip_step(struct player *player, const struct item *item) {
    size_t step = player->next;
    uint64_t before = journal_last(player->shell->journal);
    char *line = mem_string(player->ready);
    do_line(player, line);
    /* Refused (its actor sleeps, or is dead): the step cannot be done for the learner, and is passed over
     * all the same. */
    if (!judge_refused(player->shell->journal, before) && line_likeness(player, item, line) == LINE_SAME) {
        accept_same(player, item, before, "skipped");
    } else if (player->next == step) {
        shell_note(player->shell, "lesson: it could not be done, and is passed over");
        player_advance(player, "skipped");
    }
    free(line);
}

void player_skip(struct player *player) {
    const struct item *item = player_item(player);
    if (item == NULL) {
        shell_note(player->shell, "the lesson is over; no step is left");
        return;
    }
    if (player->resume > 0) {
        player_answer(player, "");
        return;
    }
    player_record(player)->skipped = true;
    switch (item->kind) {
    case ITEM_STEP:
        skip_step(player, item);
        break;
    case ITEM_TASK:
        skip_task(player, item);
        break;
    case ITEM_ASK:
    case ITEM_LADDER:
        player_show_answer(player);
        player_advance(player, "skipped");
        break;
    default:
        player_advance(player, "skipped");
    }
}

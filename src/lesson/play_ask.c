/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions, predictions, hints and solutions; see play_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lesson/patience.h"
#include "lesson/play_parts.h"
#include "lesson/question.h"
#include "lesson/task.h"

const char *player_asks(const struct player *player) {
    const struct item *item = player_item(player);
    if (item == NULL)
        return NULL;
    if (player->resume > 0)
        return "Enter goes on there: ";
    if (item->kind == ITEM_PAUSE)
        return "Enter goes on: ";
    if (item->kind == ITEM_PREDICT)
        return "your prediction: ";
    if (item->kind == ITEM_LADDER && item->quiz->kind == QUIZ_DRAW)
        return "your ladder: ";
    return item->kind == ITEM_ASK || item->kind == ITEM_LADDER ? "your answer: " : NULL;
}

/* "b) It waits.", and why it is right. */
static void add_right_choices(const struct question *question, struct buf *out) {
    for (size_t i = 0; i < question->choice_count; i++) {
        const struct choice *choice = &question->choices[i];
        if (choice->right)
            buf_addf(out, "%s%c) %s%s%s", out->length > 0 ? "\n" : "", (char)('a' + i), choice->text,
                     *choice->why ? "\n" : "", choice->why);
    }
}

void player_show_answer(struct player *player) {
    if (player_item(player)->kind == ITEM_LADDER) {
        player_ladder_show_answer(player);
        return;
    }
    const struct question *question = player_item(player)->question;
    struct buf text = {0};
    if (question->choice_count > 0) {
        add_right_choices(question, &text);
        player_say(player, "The answer:\n%s", buf_text(&text));
    } else {
        question_solution(question, &text);
        player_say(player, "The answer: %s%s%s", buf_text(&text), *question->why ? "\n" : "", question->why);
    }
    buf_free(&text);
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t")] == '\0';
}

/* ---- Answers ---- */

static void keep(char **kept, const char *text) {
    free(*kept);
    *kept = mem_string(text);
}

/* The answer is kept until the kernel has spoken. */
static void take_prediction(struct player *player, const char *text) {
    keep(&player->prediction, text);
    player_record(player)->tries++;
    player_record(player)->demonstrated = player->manner.automatic;
    player->predicted = player->next + 1;
    player->predicted_ns = clock_now_ns() - player->stop_ns;
    player_go_to(player, player->next + 1);
    player_tell(player);
}

void player_judged(struct player *player, bool right, const char *text, const char *reply) {
    struct record *record = player_record(player);
    keep(&player->answer, text);
    record->tries++;
    record->wrong = record->wrong || !right;
    player_say(player, "%s", reply);
    if (right)
        player_advance(player, "right");
}

static void take_answer(struct player *player, bool right, const char *text, const char *why) {
    struct buf reply = {0};
    if (right)
        buf_addf(&reply, "Right.%s%s", *why ? " " : "", why);
    else
        buf_addf(&reply, "No. %s", *why ? why : "Try again; `.hint` helps, `.skip` goes on.");
    player_judged(player, right, text, buf_text(&reply));
    buf_free(&reply);
}

static void take_words(struct player *player, const struct item *item, const char *text) {
    struct buf why = {0};
    bool understood, right = question_judge(item->question, text, &understood, &why);
    if (is_blank(text))
        player_tell_stop(player);
    else if (!understood)
        player_say(player, "%s.", buf_text(&why));
    else if (item->kind == ITEM_PREDICT)
        take_prediction(player, text);
    else
        take_answer(player, right, text, buf_text(&why));
    buf_free(&why);
}

static void go_on(struct player *player) {
    struct error error = {0};
    if (player->resume == 0)
        player_advance(player, "done");
    else if (!player_back(player, player->resume, &error))
        shell_fault(player->shell, "", "", &error);
}

bool player_answer(struct player *player, const char *text) {
    const struct item *item = player_item(player);
    if (item == NULL || player_asks(player) == NULL)
        return false;
    bool question = player->resume == 0 && item->kind != ITEM_PAUSE;
    if (!question && !is_blank(text))
        return false;
    if (!is_blank(text))
        journal_add(player->shell->journal,
                    &(struct event){.type = EVENT_LINE, .name = "answer", .text = text});
    if (question && item->kind == ITEM_LADDER)
        player_ladder_answer(player, text);
    else if (question)
        take_words(player, item, text);
    else
        go_on(player);
    return true;
}

static const char *predicted_words(const struct expectation *e) {
    bool result = e->kind == EXPECT_RESULT || e->kind == EXPECT_RETURNS;
    return result && !e->negated && !e->any ? e->text + e->value_at : e->text;
}

char *player_right_answer(const struct player *player) {
    const struct item *item = player_item(player);
    struct buf text = {0};
    if (item != NULL && item->kind == ITEM_LADDER)
        return player_ladder_right_answer(player);
    if (item == NULL || item->question == NULL)
        return mem_string("");
    for (size_t i = 0; i < item->question->choice_count; i++)
        if (item->question->choices[i].right)
            buf_addf(&text, "%s%c", text.length > 0 ? " " : "", (char)('a' + i));
    if (item->question->kind == QUESTION_PREDICT) /* "4" of "server returns 4" */
        buf_add_text(&text, predicted_words(item->question->predicted));
    else if (item->question->choice_count == 0)
        question_solution(item->question, &text);
    return buf_take(&text);
}

/* ---- Predictions ---- */

/* What of the step was predicted: did it come, and what came? */
struct outcome {
    const struct expectation *of;
    bool met;
    struct buf seen, instead;
};

static void note_outcome(void *context, const struct verdict *verdict) {
    struct outcome *outcome = context;
    if (verdict->of == NULL)
        return;
    outcome->met = verdict->met;
    buf_add_text(&outcome->seen, verdict->seen);
    if (verdict->instead != NULL)
        buf_add_text(&outcome->instead, verdict->instead);
}

static void judge_outcome(struct player *player, const struct item *step, uint64_t before,
                          struct outcome *outcome) {
    struct item alone = *step;
    struct evidence evidence = player_evidence(player, before);
    alone.expectations = (struct expectation *)outcome->of;
    alone.expectation_count = 1;
    judge_step(&evidence, &alone, JUDGE_STRICT, note_outcome, outcome);
}

/* What the kernel gave, where that is a value: "4", "-1 ECONNREFUSED"; else NULL. */
static const char *value_given(const struct outcome *outcome) {
    const struct expectation *e = outcome->of;
    bool valued = e->kind == EXPECT_RESULT || e->kind == EXPECT_RETURNS || e->kind == EXPECT_VALUE;
    if (!valued || e->negated || (outcome->met && e->any))
        return NULL;
    if (outcome->met)
        return e->text + e->value_at;
    return outcome->instead.length > 0 ? buf_text(&outcome->instead) : NULL;
}

/* Quoted where it is more than a word. */
static char *said(const char *prediction) {
    return mem_format(strchr(prediction, ' ') != NULL ? "\"%s\"" : "%s", prediction);
}

static void tell_words_outcome(struct player *player, const struct question *question,
                               const struct item *step, uint64_t before, bool right) {
    struct outcome outcome = {.of = question->predicted};
    char *words = said(player->prediction);
    judge_outcome(player, step, before, &outcome);
    const char *value = value_given(&outcome);
    if (value != NULL && right && outcome.met)
        player_say(player, "You said %s, and the kernel gave %s.", words, value);
    else if (value != NULL)
        player_say(player, "You said %s; the kernel gave %s.", words, value);
    else if (outcome.met)
        player_say(player, "You said %s%s: %s.", words, right ? ", and so it was" : "; it came otherwise",
                   outcome.of->any || outcome.of->negated ? buf_text(&outcome.seen) : outcome.of->text);
    else
        player_say(player, "You said %s; this time it was: %s.", words, buf_text(&outcome.seen));
    free(words);
    buf_free(&outcome.seen);
    buf_free(&outcome.instead);
}

static void tell_choice_outcome(struct player *player, const struct question *question, bool right,
                                const char *why) {
    struct buf answer = {0};
    if (right) {
        player_say(player, "You said %s, and you were right.%s%s", player->prediction, *why ? "\n" : "", why);
        return;
    }
    add_right_choices(question, &answer);
    player_say(player, "You said %s; it came otherwise.%s%s\nRight was:\n%s", player->prediction,
               *why ? " " : "", why, buf_text(&answer));
    buf_free(&answer);
}

void player_tell_outcome(struct player *player, const struct item *step, uint64_t before) {
    struct buf why = {0};
    bool understood;
    if (player->predicted == 0)
        return;
    size_t at = player->predicted - 1;
    const struct question *question = player->lesson->items[at].question;
    player->predicted = 0;
    bool right = question_judge(question, player->prediction, &understood, &why);
    player->records[at].wrong = !right;
    if (question->choice_count > 0)
        tell_choice_outcome(player, question, right, buf_text(&why));
    else
        tell_words_outcome(player, question, step, before, right);
    record_report(player, at, right ? "right" : "wrong", player->predicted_ns);
    buf_free(&why);
}

/* ---- Help ---- */

static void next_hint(struct player *player, const struct item *item) {
    struct record *record = player_record(player);
    size_t count = item->hint_count;
    if (count == 0)
        player_say(player, "There is no hint here; `.solution` shows the answer.");
    else if (record->hints >= count)
        player_say(player, "That was the last hint: %s", item->hints[count - 1]);
    else
        player_say(player, "Hint %zu of %zu: %s", record->hints + 1, count, item->hints[record->hints]);
    if (record->hints < count)
        record->hints++;
}

void player_hint(struct player *player) {
    const struct item *item = player->resume > 0 ? NULL : player_item(player);
    if (item != NULL && (item->task != NULL || item->question != NULL || item->quiz != NULL))
        next_hint(player, item);
    else if (item != NULL && item->kind == ITEM_STEP && player_hides_step(player))
        player_solution(player);
    else if (item != NULL && item->kind == ITEM_STEP)
        player_say(player, "No hint is needed: the line stands ready, and Enter gives it.");
    else
        player_say(player, "There is nothing to be found out here.");
}

static void show_steps(struct player *player, const struct task *task) {
    struct buf lines = {0};
    for (size_t i = 0; i < task->solution_count; i++) {
        char *line = lesson_step_line(&task->solution[i]);
        buf_addf(&lines, "\n- `%s`", line);
        free(line);
    }
    player_say(player, "This does it, and stands ready:%s", buf_text(&lines));
    buf_free(&lines);
}

void player_solution(struct player *player) {
    const struct item *item = player->resume > 0 ? NULL : player_item(player);
    if (item != NULL && item->kind == ITEM_TASK) {
        player_record(player)->shown = true;
        show_steps(player, item->task);
        player->solving = 1;
        player_make_ready(player);
    } else if (item != NULL && (item->kind == ITEM_ASK || item->kind == ITEM_LADDER)) {
        player_record(player)->shown = true;
        player_show_answer(player);
        player_advance(player, "shown");
    } else if (item != NULL && item->kind == ITEM_PREDICT) {
        player_say(player, "The kernel has the answer: say what you think, or `.skip`.");
    } else if (item != NULL && item->kind == ITEM_STEP) {
        player_record(player)->hints += player_hides_step(player);
        player_say(player, "This does it: `%s`", player->ready);
    } else {
        player_say(player, "There is nothing to be found out here.");
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Predictions: taken before the step, and compared with what the kernel did; see play_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lesson/actual.h"
#include "lesson/load.h"
#include "lesson/play_parts.h"
#include "lesson/question.h"

void player_take_prediction(struct player *player, const char *text) {
    player_keep(&player->prediction, text);
    player_record(player)->tries++;
    player_record(player)->demonstrated = player->manner.automatic;
    player->predicted = player->next + 1;
    player->predicted_ns = clock_now_ns() - player->stop_ns;
    if (!player->predicting_told && !player->manner.automatic)
        player_say(player, "Your prediction is noted; %s, and the kernel answers.",
                   player->manner.typing ? "type the line" : "Enter gives the line");
    player->predicting_told = true;
    player_go_to(player, player->next + 1);
    player_tell(player);
}

/* ---- In free words ---- */

/* What of the step was predicted: did what the author expects come, was the prediction right, and what came? */
struct outcome {
    const struct player *player;
    const struct item *step;
    const struct expectation *of;
    bool right;
    struct buf words;
};

/* The kernel is the judge: its answer counts, and not what the author expects, which may be less (-1, without the
 * error), or have come otherwise this time. */
static bool is_right(const struct outcome *outcome, const struct verdict *verdict) {
    const char *prediction = outcome->player->prediction;
    const struct expectation *e = outcome->of;
    struct expectation actual = {0};
    bool one = !e->any && !e->negated;
    if (one && actual_expectation(outcome->player->lesson, outcome->step, verdict, &actual)) {
        bool right = question_predicts(&actual, prediction);
        expectation_free(&actual);
        return right;
    }
    return verdict->met && question_predicts(e, prediction);
}

static void note_outcome(void *context, const struct verdict *verdict) {
    struct outcome *outcome = context;
    if (verdict->of == NULL)
        return;
    outcome->right = is_right(outcome, verdict);
    actual_words(outcome->player->lesson, outcome->step, verdict, &outcome->words);
}

static void judge_outcome(struct player *player, uint64_t before, struct outcome *outcome) {
    struct item alone = *outcome->step;
    struct evidence evidence = player_evidence(player, before);
    alone.expectations = (struct expectation *)outcome->of;
    alone.expectation_count = 1;
    judge_step(&evidence, &alone, JUDGE_STRICT, note_outcome, outcome);
}

/* Quoted where it is more than a word. */
static char *said(const char *prediction) {
    return mem_format(strchr(prediction, ' ') != NULL ? "\"%s\"" : "%s", prediction);
}

static bool tell_words_outcome(struct player *player, const struct question *question,
                               const struct item *step, uint64_t before) {
    struct outcome outcome = {.player = player, .step = step, .of = question->predicted};
    char *words = said(player->prediction);
    judge_outcome(player, before, &outcome);
    player_say(player,
               outcome.right ? "You said %s, and you were right: %s." : "You said %s; it came otherwise: %s.",
               words, buf_text(&outcome.words));
    free(words);
    buf_free(&outcome.words);
    return outcome.right;
}

/* ---- By a letter ---- */

static bool tell_choice_outcome(struct player *player, const struct question *question) {
    struct buf answer = {0}, why = {0};
    bool understood, right = question_judge(question, player->prediction, &understood, &why);
    if (right) {
        player_say(player, "You said %s, and you were right.%s%s", player->prediction,
                   why.length > 0 ? "\n" : "", buf_text(&why));
    } else {
        player_add_right_choices(question, &answer);
        player_say(player, "You said %s; it came otherwise.%s%s\nRight was:\n%s", player->prediction,
                   why.length > 0 ? " " : "", buf_text(&why), buf_text(&answer));
    }
    buf_free(&answer);
    buf_free(&why);
    return right;
}

void player_tell_outcome(struct player *player, const struct item *step, uint64_t before) {
    if (player->predicted == 0)
        return;
    size_t at = player->predicted - 1;
    const struct question *question = player->lesson->items[at].question;
    player->predicted = 0;
    bool right = question->choice_count > 0 ? tell_choice_outcome(player, question)
                                            : tell_words_outcome(player, question, step, before);
    player->records[at].wrong = !right;
    record_report(player, at, right ? "right" : "wrong", player->predicted_ns);
}

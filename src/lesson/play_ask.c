/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions and their answers; see play_parts.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/play_parts.h"
#include "lesson/question.h"
#include "lesson/words.h"

#define ANSWER_TRIES 3 /* after so many wrong answers the right one is told */

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

void player_add_right_choices(const struct question *question, struct buf *out) {
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
        player_add_right_choices(question, &text);
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

void player_keep(char **kept, const char *text) {
    free(*kept);
    *kept = mem_string(text);
}

void player_judged(struct player *player, bool right, const char *text, const char *reply) {
    struct record *record = player_record(player);
    player_keep(&player->answer, text);
    record->tries++;
    record->wrong = record->wrong || !right;
    player_say(player, "%s", reply);
    if (right)
        player_advance(player, "right");
}

/* The last of several wrong answers: nobody is to be stuck at a question. */
static bool gives_up(const struct player *player) {
    const struct item *item = player_item(player);
    return item->kind == ITEM_ASK && player->records[player->next].tries + 1 >= ANSWER_TRIES;
}

/* Of a choice the author says why it is wrong; what he says to an answer in words is why the right one is right, and
 * comes with it. */
static void take_wrong_answer(struct player *player, const struct item *item, const char *text,
                              const char *why) {
    struct buf reply = {0};
    bool told = item->question->kind != QUESTION_WORDS && *why;
    bool last = gives_up(player);
    buf_addf(&reply, "No.%s%s", told ? " " : "", told ? why : "");
    if (!last)
        buf_add_char(&reply, told ? '\n' : ' ');
    if (!last && player_record(player)->tries == 0)
        player_add_ways(player, "Try again: ", &reply);
    else if (!last)
        buf_add_text(&reply, "Try once more.");
    player_judged(player, false, text, buf_text(&reply));
    buf_free(&reply);
    if (!last)
        return;
    player_record(player)->shown = true;
    player_show_answer(player);
    player_advance(player, "shown");
}

static void take_answer(struct player *player, const struct item *item, bool right, const char *text,
                        const char *why) {
    if (!right) {
        take_wrong_answer(player, item, text, why);
        return;
    }
    char *reply = mem_format("Right.%s%s", *why ? " " : "", why);
    player_judged(player, true, text, reply);
    free(reply);
}

/* "listen(s, 3)", "x = 4;"; not "(b)". */
static bool looks_like_c(const char *text) {
    const char *bracket = strchr(text, '(');
    return strchr(text, ';') != NULL ||
           (bracket != NULL && bracket > text && isalnum((unsigned char)bracket[-1]));
}

/* It is neither right nor wrong; and may have been meant for a program. */
static void ask_again(struct player *player, const char *text, const char *manner) {
    struct buf reply = {0};
    buf_addf(&reply, "That is not understood, and does not count. Wanted is %s.", manner);
    player_add_ways(player, " Else: ", &reply);
    if (looks_like_c(text))
        buf_addf(&reply, "\nA line of C says whose it is: `%s> %s`", actor_name(player->shell->current),
                 text);
    player_say(player, "%s", buf_text(&reply));
    buf_free(&reply);
}

static void take_words(struct player *player, const struct item *item, const char *text) {
    struct buf why = {0};
    bool understood, right = question_judge(item->question, text, &understood, &why);
    if (!understood)
        ask_again(player, text, buf_text(&why));
    else if (item->kind == ITEM_PREDICT)
        player_take_prediction(player, text);
    else
        take_answer(player, item, right, text, buf_text(&why));
    buf_free(&why);
}

/* No program has variables of these names where it is asked whether to go on. */
static bool is_yes(const char *text) {
    static const char *const words[] = {"y", "yes", "ok", "go on", NULL};
    char *plain = words_plain(text);
    bool yes = false;
    for (size_t i = 0; words[i] != NULL && !yes; i++)
        yes = strcmp(plain, words[i]) == 0;
    free(plain);
    return yes;
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
    bool consents = is_blank(text) || (player->resume > 0 && is_yes(text));
    if (!question && !consents)
        return false;
    if (!is_blank(text))
        journal_add(player->shell->journal,
                    &(struct event){.type = EVENT_LINE, .name = "answer", .text = text});
    bool hands_in = item->kind == ITEM_LADDER && player->drawn_count > 0;
    if (!question) {
        go_on(player);
    } else if (is_blank(text) && !hands_in) {
        player_tell_stop(player);
        player_tell_wanted(player);
    } else if (item->kind == ITEM_LADDER) {
        player_ladder_answer(player, text);
    } else {
        take_words(player, item, text);
    }
    return true;
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
    if (item->question->choice_count == 0)
        question_solution(item->question, &text);
    return buf_take(&text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was answered, and is it right?  See question.h. */
#include "lesson/question.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/expect_rows.h"
#include "lesson/words.h"

/* ---- Showing ---- */

void question_choices(const struct question *question, struct buf *out) {
    for (size_t i = 0; i < question->choice_count; i++)
        buf_addf(out, "%s%c) %s", i > 0 ? "\n" : "", (char)('a' + i), question->choices[i].text);
}

void question_manner(const struct question *question, struct buf *out) {
    const struct expectation *e = question->predicted;
    char last = (char)('a' + question->choice_count - 1);
    switch (question->kind) {
    case QUESTION_ONE:
        buf_addf(out, "the letter of one of them (a to %c)", last);
        break;
    case QUESTION_SEVERAL:
        buf_addf(out, "the letters of all that are right, side by side (a to %c)", last);
        break;
    case QUESTION_WORDS:
        buf_add_text(out, "a number or a few words");
        break;
    case QUESTION_PREDICT:
        expect_row(e->kind)->predictor->forms(e, out);
        break;
    }
}

/* What somebody would say who predicts it. */
static void add_predicted(const struct expectation *e, struct buf *out) {
    switch (e->kind) {
    case EXPECT_QUEUE:
        if (!e->any)
            buf_addf(out, "%lld", (long long)e->number);
        break;
    case EXPECT_WIRE:
        buf_addf(out, "%zu", e->packet_count);
        break;
    case EXPECT_BLOCKS:
        buf_add_text(out, "blocks");
        break;
    case EXPECT_RESULT:
    case EXPECT_RETURNS:
    case EXPECT_PRINTS:
    case EXPECT_VALUE:
    case EXPECT_EXITS:
    case EXPECT_KILLED:
    case EXPECT_FAULT:
    case EXPECT_CALLS:
    case EXPECT_SENT:
    case EXPECT_RECEIVED:
    case EXPECT_CHANGES:
    case EXPECT_EXPLAINS:
    case EXPECT_STATE:
    case EXPECT_LOCAL:
    case EXPECT_PEER:
    case EXPECT_OPTION:
        if (!e->any)
            buf_add_text(out, e->text + e->value_at);
        break;
    }
}

void question_solution(const struct question *question, struct buf *out) {
    bool any = false;
    switch (question->kind) {
    case QUESTION_ONE:
    case QUESTION_SEVERAL:
        for (size_t i = 0; i < question->choice_count; i++) {
            if (!question->choices[i].right)
                continue;
            buf_addf(out, "%s%c) %s", any ? "; " : "", (char)('a' + i), question->choices[i].text);
            any = true;
        }
        break;
    case QUESTION_WORDS:
        buf_add_text(out, question->answers[0]);
        break;
    case QUESTION_PREDICT:
        if (!question->predicted->negated)
            add_predicted(question->predicted, out);
        if (out->length == 0) /* there are many */
            buf_add_text(out, question->predicted->text);
        break;
    }
}

/* ---- Answers, compared ---- */

/* Numbers are compared as such (0x10 is 16), words without case and punctuation, what has neither as it is. */
static bool same_answer(const char *answer, const char *right) {
    int64_t a, b;
    char *plain_a = words_plain(answer), *plain_b = words_plain(right);
    bool numbers = words_number(plain_a, &a) && words_number(plain_b, &b);
    bool same = numbers ? a == b : *plain_b ? strcmp(plain_a, plain_b) == 0 : strcmp(answer, right) == 0;
    free(plain_a);
    free(plain_b);
    return same;
}

/* ---- Choices ---- */

/* The number that it begins with: "5, Bob's descriptor". */
static bool begins_with_number(const char *text, int64_t *number) {
    char *plain = words_plain(text), *rest = plain, *word = strsep(&rest, " ");
    bool begins = words_number(word, number);
    free(plain);
    return begins;
}

/* The choice that the number means: the one that begins with it; where none begins with any, the number-th. */
static size_t choice_of_number(const struct question *question, int64_t wanted) {
    int64_t number;
    bool numbered = false;
    for (size_t i = 0; i < question->choice_count; i++) {
        bool begins = begins_with_number(question->choices[i].text, &number);
        if (begins && number == wanted)
            return i;
        numbered = numbered || begins;
    }
    return numbered || wanted < 1 ? question->choice_count : (size_t)(wanted - 1);
}

/* "b", "(b)", "2", or the words of a choice; choice_count: it is none. */
static size_t find_choice(const struct question *question, const char *word) {
    char *plain = words_plain(word);
    size_t i = question->choice_count;
    int64_t number;
    if (plain[0] != '\0' && plain[1] == '\0' && isalpha((unsigned char)plain[0]))
        i = (size_t)(plain[0] - 'a');
    if (i >= question->choice_count)
        for (i = 0; i < question->choice_count && !same_answer(word, question->choices[i].text);)
            i++;
    if (i >= question->choice_count && words_number(plain, &number))
        i = choice_of_number(question, number);
    free(plain);
    return i < question->choice_count ? i : question->choice_count;
}

static void add_why(struct buf *why, const char *text) {
    if (*text)
        buf_addf(why, "%s%s", why->length > 0 ? "\n" : "", text);
}

static bool judge_one(const struct question *question, const char *answer, bool *understood,
                      struct buf *why) {
    size_t i = find_choice(question, answer);
    *understood = i < question->choice_count;
    if (!*understood)
        return false;
    add_why(why, question->choices[i].why);
    return question->choices[i].right;
}

/* Every word of the answer names one; "ac" is a and c. */
static bool choose_several(const struct question *question, const char *answer,
                           bool chosen[LESSON_CHOICES_MAX]) {
    char *plain = words_plain(answer), *rest = plain, *word;
    bool good = *plain != '\0';
    while (good && (word = strsep(&rest, " ")) != NULL) {
        if (strcmp(word, "and") == 0)
            continue;
        size_t i = find_choice(question, word);
        if (i < question->choice_count) {
            chosen[i] = true;
            continue;
        }
        for (const char *c = word; good && *c; c++) {
            good = isalpha((unsigned char)*c) && (size_t)(*c - 'a') < question->choice_count;
            if (good)
                chosen[*c - 'a'] = true;
        }
    }
    free(plain);
    return good;
}

/* Of what was chosen wrongly the author says why; if nothing was, of what is right. That something was left
 * out is said without saying what. */
static bool judge_several(const struct question *question, const char *answer, bool *understood,
                          struct buf *why) {
    bool chosen[LESSON_CHOICES_MAX] = {false};
    size_t wrong = 0, missing = 0;
    *understood = choose_several(question, answer, chosen);
    if (!*understood)
        return false;
    for (size_t i = 0; i < question->choice_count; i++) {
        wrong += chosen[i] && !question->choices[i].right;
        missing += !chosen[i] && question->choices[i].right;
    }
    for (size_t i = 0; i < question->choice_count; i++)
        if (chosen[i] && question->choices[i].right == (wrong == 0))
            add_why(why, question->choices[i].why);
    if (wrong == 0 && missing > 0)
        add_why(why, "Right, and not all.");
    return wrong == 0 && missing == 0;
}

/* ---- Predictions in free words ---- */

bool question_predicts(const struct expectation *e, const char *answer) {
    char *plain = words_plain(answer);
    bool same = expect_row(e->kind)->predictor->agrees(e, plain) != e->negated;
    free(plain);
    return same;
}

/* The expectation as the author wrote it is right as well. */
static bool judge_prediction(const struct question *question, const char *answer, bool *understood) {
    const struct expectation *e = question->predicted;
    const struct predictor *predictor = expect_row(e->kind)->predictor;
    char *plain = words_plain(answer);
    bool same = same_answer(answer, e->text);
    *understood = same || predictor->understands == NULL || predictor->understands(e, plain);
    free(plain);
    return *understood && (same || question_predicts(e, answer));
}

/* ---- All kinds ---- */

bool question_judge(const struct question *question, const char *answer, bool *understood, struct buf *why) {
    bool right = false;
    *understood = answer[strspn(answer, " \t")] != '\0';
    if (!*understood) {
        question_manner(question, why);
        return false;
    }
    switch (question->kind) {
    case QUESTION_ONE:
        right = judge_one(question, answer, understood, why);
        break;
    case QUESTION_SEVERAL:
        right = judge_several(question, answer, understood, why);
        break;
    case QUESTION_WORDS:
        for (size_t i = 0; i < question->answer_count && !right; i++)
            right = same_answer(answer, question->answers[i]);
        add_why(why, question->why);
        break;
    case QUESTION_PREDICT:
        right = judge_prediction(question, answer, understood);
        break;
    }
    if (!*understood)
        question_manner(question, why);
    return right;
}

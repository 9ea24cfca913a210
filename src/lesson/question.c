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

const char *question_manner(const struct question *question) {
    switch (question->kind) {
    case QUESTION_ONE:
        return "the letter of one of them, please";
    case QUESTION_SEVERAL:
        return "the letters of all that are right, please, as in: a c";
    case QUESTION_WORDS:
        return "a number or a few words, please";
    case QUESTION_PREDICT:
        return "what you expect of the kernel, please: a result (3), an error (ECONNREFUSED), blocks, a "
               "state";
    }
    return "";
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

/* "b", "(b)", "2", or the words of a choice; choice_count: it is none. */
static size_t find_choice(const struct question *question, const char *word) {
    char *plain = words_plain(word);
    size_t i = question->choice_count;
    int64_t number;
    if (plain[0] != '\0' && plain[1] == '\0' && isalpha((unsigned char)plain[0]))
        i = (size_t)(plain[0] - 'a');
    else if (words_number(plain, &number) && number >= 1)
        i = (size_t)(number - 1);
    if (i >= question->choice_count)
        for (i = 0; i < question->choice_count && !same_answer(word, question->choices[i].text);)
            i++;
    free(plain);
    return i;
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

/* The expectation as the author wrote it is right as well. */
static bool judge_prediction(const struct question *question, const char *answer) {
    const struct expectation *e = question->predicted;
    char *plain = words_plain(answer);
    bool same = same_answer(answer, e->text) || expect_row(e->kind)->predicts(e, plain) != e->negated;
    free(plain);
    return same;
}

/* ---- All kinds ---- */

bool question_judge(const struct question *question, const char *answer, bool *understood, struct buf *why) {
    bool right = false;
    *understood = answer[strspn(answer, " \t")] != '\0';
    if (!*understood) {
        buf_add_text(why, question_manner(question));
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
        right = judge_prediction(question, answer);
        break;
    }
    if (!*understood)
        buf_add_text(why, question_manner(question));
    return right;
}

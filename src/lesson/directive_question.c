/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * @ask and @predict: questions, their choices and answers.
 *
 *     (x) the kernel -- An ephemeral port, given at connect().
 *     [x] several can be right
 *     answer: 4 | four -- 3 is the listening socket.
 *     (x) It waits {server blocks in accept} -- …    a prediction: what must come true
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/directive.h"

/* ---- Choices ---- */

bool is_choice(const struct line *line) {
    char open = line->length > 1 ? line->text[0] : '\0', close = open == '(' ? ')' : ']';
    if (open != '(' && open != '[')
        return false;
    return line->text[1] == close || (line->length > 2 && line->text[2] == close);
}

/* The mark; false when it is none that is known. */
static bool read_mark(const char *value, bool *right, bool *several) {
    *several = value[0] == '[';
    *right = value[1] == 'x' || value[1] == 'X';
    return (*right || value[1] == ' ') && value[2] == (*several ? ']' : ')') &&
           (value[3] == ' ' || value[3] == '\0');
}

bool take_choice(struct loader *loader, struct item *item, const char *value, struct place place) {
    struct question *question = item->question;
    bool right, several;
    if (!read_mark(value, &right, &several)) {
        load_fail(loader->error, place, "a choice begins with ( ) or (x) and a blank");
        error_hint(loader->error, "(x) is the right one; [ ] and [x] where several are");
        return false;
    }
    const char *begin = value + 3 + strspn(value + 3, " ");
    enum question_kind kind = several ? QUESTION_SEVERAL : QUESTION_ONE;
    if (question->answer_count > 0)
        return load_fail(loader->error, place, "a question has choices or \"answer:\", not both");
    if (question->choice_count > 0 && question->kind != kind)
        return load_fail(loader->error, place, "the choices of a question are all ( ) or all [ ]");
    if (question->choice_count == LESSON_CHOICES_MAX)
        return load_fail(loader->error, place, "a question has at most %d choices", LESSON_CHOICES_MAX);
    char *text = mem_string(begin), *why = cut_reason(text);
    if (*text == '\0') {
        free(text);
        free(why);
        return load_fail(loader->error, place, "the words of this choice are missing");
    }
    question->kind = kind;
    question->choices = mem_grow(question->choices, question->choice_count + 1, sizeof(*question->choices));
    question->choices[question->choice_count++] =
        (struct choice){.text = text, .why = why, .right = right, .line = place.line};
    return true;
}

/* ---- Answers in words ---- */

bool take_answer(struct loader *loader, struct item *item, const char *value, struct place place) {
    struct question *question = item->question;
    char *text = mem_string(value), *why = cut_reason(text);
    bool good = true;
    if (question->choice_count > 0)
        good = load_fail(loader->error, place, "a question has choices or \"answer:\", not both");
    for (char *part = text; good && part;) {
        char *bar = strchr(part, '|'), *end = bar ? bar : part + strlen(part);
        part += strspn(part, " ");
        while (end > part && end[-1] == ' ')
            end--;
        if (end <= part)
            good = load_fail(loader->error, place, "an answer is missing here");
        else if (question->answer_count == LESSON_ANSWERS_MAX)
            good = load_fail(loader->error, place, "a question has at most %d answers", LESSON_ANSWERS_MAX);
        else
            list_add(&question->answers, &question->answer_count, mem_string_n(part, (size_t)(end - part)));
        part = bar ? bar + 1 : NULL;
    }
    question->kind = QUESTION_WORDS;
    if (good && *why) {
        free(question->why);
        question->why = why;
        why = NULL;
    }
    free(why);
    free(text);
    return good;
}

/* ---- The whole question ---- */

bool end_question(struct loader *loader, const struct item *item) {
    struct question *question = item->question;
    struct place place = directive_place(loader, item);
    size_t right = 0;
    for (size_t i = 0; i < question->choice_count; i++)
        right += question->choices[i].right;
    if (question->choice_count == 1)
        return load_fail(loader->error, place, "one choice is no choice: there must be two at least");
    if (question->choice_count > 0 && right == 0) {
        load_fail(loader->error, place, "none of the choices is right");
        error_hint(loader->error, "mark the right one: (x), or [x] where several are");
        return false;
    }
    if (question->kind == QUESTION_ONE && right > 1) {
        load_fail(loader->error, place, "%zu of the choices are right", right);
        error_hint(loader->error, "where several are, all are marked [ ] and [x]");
        return false;
    }
    if (question->choice_count > 0 || question->answer_count > 0)
        return true;
    if (item->kind == ITEM_PREDICT) {
        question->kind = QUESTION_PREDICT;
        return true;
    }
    load_fail(loader->error, place, "this question has no answer");
    error_hint(loader->error, "choices, ( ) and (x), or: answer: 4 | four");
    return false;
}

/* ---- Predictions ---- */

static bool find_step(struct loader *loader, size_t item, size_t *step) {
    const struct lesson *lesson = loader->lesson;
    for (size_t i = item + 1; i < lesson->item_count; i++) {
        *step = i;
        if (lesson->items[i].kind == ITEM_STEP)
            return true;
        if (lesson->items[i].kind != ITEM_PROSE && lesson->items[i].kind != ITEM_LISTING)
            break;
    }
    return load_fail(loader->error, directive_place(loader, &lesson->items[item]),
                     "no step follows this prediction, which it could be about");
}

/* "It waits {server blocks}" → the expectation between the braces, which are cut off; or the whole text, when
 * it is one. The error of the latter is nobody's. */
static bool read_expected(struct loader *loader, const struct item *step, struct choice *choice) {
    size_t length = strlen(choice->text);
    char *brace = length > 0 && choice->text[length - 1] == '}' ? strchr(choice->text, '{') : NULL;
    struct expectation made = {0};
    struct error none = {0};
    struct place place = {loader->path, choice->line, 1};
    char *text = brace ? mem_string_n(brace + 1, strlen(brace) - 2) : mem_string(choice->text);
    bool good = expectation_parse(loader->lesson, step, text, place, &made, brace ? loader->error : &none);
    if (good) {
        choice->expected = mem_alloc(sizeof(*choice->expected));
        *choice->expected = made;
        lesson_asks(loader->lesson, &made);
    }
    if (good && brace) {
        while (brace > choice->text && brace[-1] == ' ')
            brace--;
        *brace = '\0';
        if (*choice->text == '\0') { /* nothing but braces: it reads as what it expects */
            free(choice->text);
            choice->text = mem_string(text);
        }
    }
    error_free(&none);
    free(text);
    return good || !brace;
}

bool finish_prediction(struct loader *loader, size_t number) {
    const struct lesson *lesson = loader->lesson;
    const struct item *item = &lesson->items[number];
    struct question *question = item->question;
    if (!find_step(loader, number, &question->step))
        return false;
    const struct item *step = &lesson->items[question->step];
    if (question->kind == QUESTION_PREDICT && step->expectation_count == 0) {
        load_fail(loader->error, directive_place(loader, item),
                  "the kernel cannot answer this: the step in line %u has "
                  "no expectation",
                  step->line);
        return false;
    }
    if (question->kind == QUESTION_PREDICT)
        question->predicted = &step->expectations[step->asked > 0 ? step->asked - 1 : 0];
    for (size_t i = 0; i < question->choice_count; i++) {
        struct choice *choice = &question->choices[i];
        if (!read_expected(loader, step, choice))
            return false;
        if (!choice->right || choice->expected)
            continue;
        load_fail(loader->error, (struct place){loader->path, choice->line, 1},
                  "the kernel cannot answer this: the right choice is no expectation");
        error_hint(loader->error, "write one behind its words, in braces: (x) It waits {blocks} -- …");
        return false;
    }
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes at all as a lesson.  What does not begin like one is taken for the
 * rest of one, so that not every input has to find a header by chance.  What is
 * accepted must be whole: every step has its actor and its line, every question
 * its answer, which is judged right, every ladder what is asked of it, every task its goal and solution.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "lesson/question.h"
#include "lesson/quiz.h"

#define INPUT_MAX (64 << 10)

static void check_step(const struct item *step) {
    if (!step->actor)
        abort();
    free(lesson_step_line(step));
    for (size_t j = 0; j < step->expectation_count; j++) {
        const struct expectation *e = &step->expectations[j];
        if (!e->actor || !*e->actor || !e->text || e->value_at > strlen(e->text))
            abort();
    }
}

/* What the author calls right must be taken for right, unless two choices read the same; the rest must be judged. */
static void check_question(const struct item *item) {
    const struct question *question = item->question;
    struct buf text = {0}, why = {0};
    bool understood;
    question_choices(question, &text);
    buf_clear(&text);
    question_solution(question, &text);
    if (!*item->text || (item->kind == ITEM_ASK && text.length == 0))
        abort();
    question_judge(question, buf_text(&text), &understood, &why);
    question_judge(question, item->text, &understood, &why);
    for (size_t i = 0; i < question->answer_count; i++)
        if (!question_judge(question, question->answers[i], &understood, &why))
            abort();
    if (question->kind == QUESTION_PREDICT &&
        !question_judge(question, question->predicted->text, &understood, &why))
        abort();
    buf_free(&why);
    buf_free(&text);
}

/* Nothing was captured: any drawing has too much in it, and none may break anything. */
static void check_ladder(const struct lesson *lesson, const struct item *item) {
    const struct quiz *quiz = item->quiz;
    const struct quiz drawing = {.kind = QUIZ_DRAW};
    const struct sheet sheet = {.lesson = lesson, .item = item, .quiz = &drawing};
    struct buf why = {0};
    bool understood;
    if (quiz->kind == QUIZ_NONE || !item->id || !lesson->asks_packets || quiz->blank_count > LESSON_BLANKS_MAX ||
        (quiz->kind == QUIZ_ORDER && (quiz->low < 1 || (quiz->high > 0 && quiz->high <= quiz->low))))
        abort();
    for (size_t i = 0; i < quiz->blank_count; i++)
        if (quiz->blanks[i].rung == 0 || quiz->blanks[i].what >= BLANKS)
            abort();
    if (quiz_judge(&sheet, item->text, &understood, &why) && understood)
        abort();
    for (size_t i = 0; i < item->hint_count; i++)
        quiz_judge(&sheet, item->hints[i], &understood, &why);
    buf_free(&why);
}

static void check_task(const struct task *task) {
    if (task->goal.expectation_count == 0 || task->solution_count == 0)
        abort();
    for (size_t i = 0; i < task->solution_count; i++)
        check_step(&task->solution[i]);
}

static void check(const struct lesson *lesson) {
    for (size_t i = 0; i < lesson->item_count; i++) {
        const struct item *item = &lesson->items[i];
        if (item->kind != ITEM_PAUSE && (!item->text || strlen(item->text) > LESSON_BYTES_MAX))
            abort();
        if (item->kind == ITEM_STEP)
            check_step(item);
        if (item->question)
            check_question(item);
        if (item->quiz)
            check_ladder(lesson, item);
        if (item->task)
            check_task(item->task);
        if (item->kind == ITEM_VERDICT && lesson->items[item->claim].kind != ITEM_CLAIM)
            abort();
    }
    for (size_t i = 0; i < lesson->parameter_count; i++)
        if (!lesson->parameters[i].value || !*lesson->parameters[i].value)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char head[] = "sockshell-lesson 1\ntitle: T\nactors: server, client\n";
    static const size_t like = 10; /* "sockshell-" */
    if (size > INPUT_MAX)
        return 0;
    struct buf bytes = {0};
    if (size < like || memcmp(data, head, like) != 0)
        buf_add_text(&bytes, head);
    buf_add(&bytes, data, size);
    struct lesson lesson;
    struct error error = {0};
    if (lesson_parse("fuzz.les", buf_text(&bytes), bytes.length, size, &lesson, &error)) {
        check(&lesson);
        lesson_free(&lesson);
    } else if (!error.text) {
        abort();
    }
    error_free(&error);
    buf_free(&bytes);
    return 0;
}

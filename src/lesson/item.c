/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the loader make: headings, paragraphs, steps, and what directives hold. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/load.h"

void list_add(char ***list, size_t *count, char *text) {
    *list = mem_grow(*list, *count + 1, sizeof(**list));
    (*list)[(*count)++] = text;
}

static void list_free(char **list, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(list[i]);
    free(list);
}

static void question_free(struct question *question) {
    if (!question)
        return;
    for (size_t i = 0; i < question->choice_count; i++) {
        struct choice *choice = &question->choices[i];
        free(choice->text);
        free(choice->why);
        if (choice->expected)
            expectation_free(choice->expected);
        free(choice->expected);
    }
    free(question->choices);
    list_free(question->answers, question->answer_count);
    free(question->why);
    free(question);
}

static void quiz_free(struct quiz *quiz) {
    if (!quiz)
        return;
    free(quiz->socket.actor);
    free(quiz->socket.variable);
    free(quiz);
}

static void step_free(struct item *step) {
    for (size_t i = 0; i < step->expectation_count; i++)
        expectation_free(&step->expectations[i]);
    free(step->expectations);
    free(step->text);
    free(step->listing);
    free(step->actor);
    free(step->id);
}

static void task_free(struct task *task) {
    if (!task)
        return;
    step_free(&task->goal);
    for (size_t i = 0; i < task->solution_count; i++)
        step_free(&task->solution[i]);
    free(task->solution);
    free(task);
}

void item_free(struct item *item) {
    question_free(item->question);
    quiz_free(item->quiz);
    task_free(item->task);
    list_free(item->hints, item->hint_count);
    step_free(item);
}

/* Room grows by doubling: at 0, 1, 2, 4, 8 … items. */
static void append(struct item **items, size_t *count, struct item item) {
    if ((*count & (*count - 1)) == 0)
        *items = mem_grow(*items, *count ? *count * 2 : 1, sizeof(**items));
    (*items)[(*count)++] = item;
}

bool add_item(struct loader *loader, struct item item) {
    struct lesson *lesson = loader->lesson;
    struct task *task = loader->block.solution ? lesson->items[loader->block.item].task : NULL;
    struct place place = {loader->path, item.line, 1};
    if (task ? task->solution_count < LESSON_SOLUTION_MAX : lesson->item_count < LESSON_ITEMS_MAX) {
        append(task ? &task->solution : &lesson->items, task ? &task->solution_count : &lesson->item_count,
               item);
        return true;
    }
    item_free(&item);
    if (task)
        return load_fail(loader->error, place, "a solution has at most %d steps", LESSON_SOLUTION_MAX);
    return load_fail(loader->error, place, "a lesson has at most %d headings, paragraphs and steps",
                     LESSON_ITEMS_MAX);
}

struct item *last_step(struct loader *loader) {
    struct lesson *lesson = loader->lesson;
    struct task *task = loader->block.solution ? lesson->items[loader->block.item].task : NULL;
    return task ? &task->solution[task->solution_count - 1] : &lesson->items[lesson->item_count - 1];
}

bool end_paragraph(struct loader *loader) {
    if (loader->prose.length == 0)
        return true;
    if (!loader->block.open)
        return add_item(
            loader,
            (struct item){.kind = ITEM_PROSE, .text = buf_take(&loader->prose), .line = loader->prose_line});
    struct item *item = &loader->lesson->items[loader->block.item];
    char *paragraphs = *item->text ? mem_format("%s\n%s", item->text, buf_text(&loader->prose))
                                   : mem_string(buf_text(&loader->prose));
    free(item->text);
    item->text = paragraphs;
    buf_clear(&loader->prose);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lesson with nobody there: every step is played, every expectation verified (--check). */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/mem.h"
#include "explain/explain.h"
#include "lesson/judge.h"
#include "lesson/load.h"
#include "lesson/patience.h"
#include "lesson/play.h"
#include "lesson/question.h"
#include "lesson/quiz.h"
#include "lesson/task.h"
#include "shell/packets.h"
#include "shell/watch.h"

#define BUSY_NS (10 * SECOND_NS) /* a statement that neither ends nor blocks is interrupted after this */
#define LATE_NS SECOND_NS        /* what an actor at work still owes may come this late */

/* A goal that comes true by itself must not do so after the untouched task was judged: for those that may
 * take time, a delayed acknowledgement (44 ms on loopback) is waited for. */
#define UNTOUCHED_MS 60

struct checking {
    struct shell *shell;
    const struct lesson *lesson;
    struct check_told told;
    unsigned seconds; /* that the lesson has */
    size_t steps, expectations, tasks, questions;
    struct acquaintance known;
    uint64_t begun_at, section_at; /* the last event before the lesson, and before the last heading */
    bool given_up; /* what is to come can only follow from what was told */
};

static void tell_verdict(void *context, const struct verdict *verdict) {
    struct checking *checking = context;
    verdict_note(verdict, checking->lesson->path, checking->shell->journal);
    check_tell_verdict(&checking->told, verdict);
}

/* Is it worth waiting?  An actor at work, or asleep, may still do what is expected of it. */
struct hope {
    struct crew *crew;
    bool any;
};

static void look_for_hope(void *context, const struct verdict *verdict) {
    struct hope *hope = context;
    if (verdict->met || !verdict->of || verdict->of->negated)
        return;
    /* These have their own time; and what the kernel says is final once everybody has settled. */
    if (verdict->of->within_ms > 0 || expectation_asks_kernel(verdict->of))
        return;
    const struct actor *actor = crew_find(hope->crew, verdict->of->actor);
    hope->any =
        hope->any || (actor && (actor_state(actor) == ACTOR_RUNNING || actor_state(actor) == ACTOR_BLOCKED));
}

static bool may_still_be_met(struct shell *shell, const struct item *step, uint64_t before) {
    struct hope hope = {.crew = shell->crew};
    struct evidence events_alone = {.journal = shell->journal, .before = before};
    judge_step(&events_alone, step, JUDGE_STRICT, look_for_hope, &hope);
    return hope.any;
}

/* The statement must end or block in good time; else it is interrupted, and killed if that does not help. */
static bool end_statement(struct checking *checking, const struct item *step) {
    struct shell *shell = checking->shell;
    struct actor *actor = crew_find(shell->crew, step->actor);
    if (!actor)
        return true;
    int64_t deadline = clock_now_ns() + BUSY_NS;
    while (actor_state(actor) == ACTOR_RUNNING && patience_listen(shell, deadline))
        continue;
    if (actor_state(actor) != ACTOR_RUNNING)
        return true;
    tell_verdict(checking, &(struct verdict){.line = step->line,
                                             .expected = "that it ends or blocks",
                                             .seen = "it runs on after 10 seconds, and was interrupted"});
    actor_interrupt(actor);
    deadline = clock_now_ns() + LATE_NS;
    while (actor_state(actor) == ACTOR_RUNNING && patience_listen(shell, deadline))
        continue;
    if (actor_state(actor) == ACTOR_RUNNING)
        actor_kill(actor, SIGKILL);
    return false;
}

static struct evidence evidence_since(struct checking *checking, uint64_t before) {
    return (struct evidence){.journal = checking->shell->journal,
                             .before = before,
                             .shell = checking->shell,
                             .known = &checking->known};
}

/* ---- Questions ---- */

/* What a choice of a prediction expects must be so if it is right, and must not be if it is not. */
struct choosing {
    struct checking *checking;
    const struct choice *choice;
};

static void tell_choice(void *context, const struct verdict *verdict) {
    const struct choosing *choosing = context;
    const struct choice *choice = choosing->choice;
    if (!verdict->of)
        return;
    char *expected = mem_format("that the choice \"%s\" is %s (%s)", choice->text,
                                choice->right ? "right" : "wrong", verdict->expected);
    tell_verdict(choosing->checking, &(struct verdict){.met = verdict->met == choice->right,
                                                       .line = choice->line,
                                                       .expected = expected,
                                                       .seen = verdict->seen});
    free(expected);
}

static void check_choices(struct checking *checking, const struct question *question, uint64_t before) {
    for (size_t i = 0; i < question->choice_count; i++) {
        struct choosing choosing = {checking, &question->choices[i]};
        if (!choosing.choice->expected)
            continue;
        struct item step = checking->lesson->items[question->step];
        step.expectations = choosing.choice->expected;
        step.expectation_count = 1;
        struct evidence evidence = evidence_since(checking, before);
        if (choosing.choice->right)
            patience_within(&evidence, &step, JUDGE_STRICT);
        judge_step(&evidence, &step, JUDGE_STRICT, tell_choice, &choosing);
    }
}

/* Every answer that the author calls right must be understood as such, and no other. */
static void check_question(struct checking *checking, const struct item *item) {
    const struct question *question = item->question;
    struct buf answer = {0}, why = {0};
    bool understood, right = true;
    for (size_t i = 0; i < question->answer_count && right; i++)
        right = question_judge(question, question->answers[i], &understood, &why);
    for (size_t i = 0; i < question->choice_count; i++) {
        if (question->kind == QUESTION_SEVERAL && question->choices[i].right)
            buf_addf(&answer, "%c ", (char)('a' + i));
        if (question->kind != QUESTION_ONE)
            continue;
        buf_clear(&answer);
        buf_addf(&answer, "%c", (char)('a' + i));
        right = right &&
                question_judge(question, buf_text(&answer), &understood, &why) == question->choices[i].right;
    }
    if (question->kind == QUESTION_SEVERAL)
        right = question_judge(question, buf_text(&answer), &understood, &why);
    checking->questions++;
    tell_verdict(checking, &(struct verdict){.met = right,
                                             .line = item->line,
                                             .expected = "that its right answer is judged so",
                                             .seen = "that it is not"});
    buf_free(&why);
    buf_free(&answer);
}

/* ---- Ladders ---- */

static void check_answer(struct checking *checking, const struct sheet *sheet, const char *answer,
                         bool right) {
    struct buf why = {0};
    bool understood, judged = quiz_judge(sheet, answer, &understood, &why);
    char *expected = mem_format("that the answer \"%s\" is judged %s", answer, right ? "right" : "wrong");
    const char *seen = right ? "that it is judged wrong" : "that it is judged right";
    tell_verdict(checking, &(struct verdict){.met = understood && judged == right,
                                             .line = sheet->item->line,
                                             .expected = expected,
                                             .seen = understood ? seen : buf_text(&why)});
    free(expected);
    buf_free(&why);
}

/* The capture has the answer: it must be judged right, and others wrong. */
static void check_ladder(struct checking *checking, const struct item *item) {
    struct sheet sheet;
    struct error error = {0};
    struct buf answer = {0};
    struct evidence evidence =
        evidence_since(checking, item->quiz->all ? checking->begun_at : checking->section_at);
    checking->questions++;
    if (sheet_await(checking->lesson, item, &evidence, &sheet, &error)) {
        quiz_answer(&sheet, &answer);
        check_answer(checking, &sheet, buf_text(&answer), true);
        buf_clear(&answer);
        for (size_t i = 0; quiz_wrong(&sheet, i, &answer); i++) {
            check_answer(checking, &sheet, buf_text(&answer), false);
            buf_clear(&answer);
        }
    } else {
        char *seen = mem_format("that it cannot: %s", error.text);
        tell_verdict(checking,
                     &(struct verdict){.line = item->line, .expected = "that this can be asked", .seen = seen});
        free(seen);
    }
    buf_free(&answer);
    error_free(&error);
    sheet_free(&sheet);
}

/* The question that the step at this number answers; NULL: none. */
static const struct question *prediction_of(const struct lesson *lesson, size_t step) {
    for (size_t i = step; i-- > 0 && lesson->items[i].kind != ITEM_STEP;)
        if (lesson->items[i].kind == ITEM_PREDICT)
            return lesson->items[i].question;
    return NULL;
}

/* ---- Steps ---- */

/* On the machine's own network a lesson's port may be another program's.  Who has it is worth more than all that would
 * come of it. */
static void look_for_busy_port(struct checking *checking, const struct item *step, uint64_t before) {
    struct shell *shell = checking->shell;
    for (uint64_t number = before; !checking->given_up && number < journal_last(shell->journal);) {
        const struct event *event = journal_at(shell->journal, ++number);
        if (event == NULL || event->type != EVENT_RETURNED || event->error != EADDRINUSE)
            continue;
        char id[EXPLANATION_ID_MAX] = "";
        struct buf why = {0};
        if (event->note[0] != '\0')
            buf_add_text(&why, event->note);
        else if (!watch_because(shell, event, id, &why))
            buf_add_text(&why, "it is not, and who has it cannot be seen");
        tell_verdict(checking,
                     &(struct verdict){.line = step->line,
                                       .expected = "that the port is free on the machine's own network",
                                       .seen = buf_text(&why)});
        buf_free(&why);
        checking->given_up = true;
    }
}

/* `question`: what was to be predicted of it, or NULL. */
static void check_step(struct checking *checking, const struct item *step, const struct question *question) {
    struct shell *shell = checking->shell;
    uint64_t before = journal_last(shell->journal);
    char *line = lesson_step_line(step);
    char *place = mem_format("%s:%u", checking->lesson->path, step->line);
    checking->steps++;
    checking->expectations += step->expectation_count;
    if (shell_line(shell, line, strlen(line), place) == LINE_MORE)
        shell_drop_pending(shell, true);
    shell_settle(shell);
    if (end_statement(checking, step)) {
        int64_t deadline = clock_now_ns() + LATE_NS;
        while (may_still_be_met(shell, step, before) && patience_listen(shell, deadline))
            continue;
        struct evidence evidence = evidence_since(checking, before);
        patience_within(&evidence, step, JUDGE_STRICT);
        size_t unmet = judge_step(&evidence, step, JUDGE_STRICT, tell_verdict, checking);
        if (unmet > 0 && !shell->private_network)
            look_for_busy_port(checking, step, before);
        if (unmet == 0 && step->expectation_count == 0)
            tell_verdict(checking,
                         &(struct verdict){.met = true, .line = step->line, .expected = line, .seen = ""});
        if (question)
            check_choices(checking, question, before);
    }
    free(place);
    free(line);
}

/* ---- Tasks ---- */

/* Does it hold although nobody has done anything?  Where the goals have time, a moment of it is given. */
static bool holds_untouched(struct checking *checking, const struct task *task, uint64_t before) {
    struct evidence evidence = evidence_since(checking, before);
    bool has_time = false;
    for (size_t i = 0; i < task->goal.expectation_count; i++)
        has_time = has_time || task->goal.expectations[i].within_ms > 0;
    int64_t deadline = clock_now_ns() + UNTOUCHED_MS * MILLISECOND_NS;
    while (!task_met(&evidence, task, NULL, NULL)) {
        if (!has_time || clock_now_ns() >= deadline)
            return false;
        patience_listen(checking->shell, deadline);
        evidence.now = NULL;
    }
    return true;
}

/* A task must fail untouched, and be met by its solution. */
static void check_task(struct checking *checking, const struct item *item) {
    const struct task *task = item->task;
    uint64_t before = journal_last(checking->shell->journal);
    bool already = holds_untouched(checking, task, before);
    checking->tasks++;
    tell_verdict(checking,
                 &(struct verdict){.met = !already,
                                   .line = item->line,
                                   .expected = "that the task is not done before anybody does it",
                                   .seen = already ? "that all its goals hold untouched" : "that it is not"});
    for (size_t i = 0; i < task->solution_count && !checking->shell->quit; i++)
        check_step(checking, &task->solution[i], NULL);
    struct evidence evidence = evidence_since(checking, before);
    patience_within(&evidence, &task->goal, JUDGE_GOALS);
    task_met(&evidence, task, tell_verdict, checking);
    checking->expectations += task->goal.expectation_count;
}

/* What has no descriptor any more is the actors' in a private network; elsewhere one must have seen it while it
 * had one. */
static bool must_watch(const struct shell *shell, const struct lesson *lesson) {
    return lesson->asks_changes || lesson->asks_packets || (lesson->asks_kernel && !shell->private_network);
}

static void check_item(struct checking *checking, size_t number) {
    const struct item *item = &checking->lesson->items[number];
    switch (item->kind) {
    case ITEM_STEP:
        check_step(checking, item, prediction_of(checking->lesson, number));
        break;
    case ITEM_TASK:
        check_task(checking, item);
        break;
    case ITEM_ASK:
        check_question(checking, item);
        break;
    case ITEM_LADDER:
        check_ladder(checking, item);
        break;
    case ITEM_PREDICT: /* the step answers it */
        checking->questions++;
        break;
    case ITEM_HEADING:
        checking->section_at = journal_last(checking->shell->journal);
        break;
    case ITEM_PROSE:
    case ITEM_LISTING:
    case ITEM_CLAIM:
    case ITEM_VERDICT:
    case ITEM_PAUSE:
        break;
    }
}

/* Whoever wrote the lesson, a harness gets its answer. */
static bool is_in_time(struct checking *checking, size_t number, int64_t deadline) {
    if (clock_now_ns() < deadline)
        return true;
    char *expected = mem_format("that the lesson is over in %u seconds", checking->seconds);
    tell_verdict(checking, &(struct verdict){.line = checking->lesson->items[number].line,
                                             .expected = expected,
                                             .seen = "it is not, and was given up"});
    free(expected);
    return false;
}

static void tell_count(size_t count, const char *one, const char *more) {
    if (count > 0)
        printf("%zu %s, ", count, count == 1 ? one : more);
}

static void tell_sum(const struct checking *checking) {
    struct buf file = {0};
    const char *name = lesson_file(checking->lesson);
    escape_text(&file, name, strlen(name));
    printf("%s: ", buf_text(&file));
    buf_free(&file);
    tell_count(checking->steps, "step", "steps");
    tell_count(checking->expectations, "expectation", "expectations");
    tell_count(checking->questions, "question", "questions");
    tell_count(checking->tasks, "task", "tasks");
    if (checking->told.unmet == 0)
        puts("all met");
    else
        printf("%zu not met\n", checking->told.unmet);
}

/* The last resort, where the shell itself waits in vain: for a program that sleeps in no call that it has
 * announced, or for a network that never comes to rest. Its processes and their network end with this one. */
static void end_at_last(int number) {
    static const char words[] = "sockshell: the lesson is over its time, and there is no other way to end it\n";
    ssize_t told = write(STDERR_FILENO, words, sizeof(words) - 1);
    (void)number, (void)told;
    _exit(EXIT_FAILURE);
}

static void play_all(struct checking *checking) {
    const struct lesson *lesson = checking->lesson;
    const struct sigaction last = {.sa_handler = end_at_last};
    struct sigaction before;
    int64_t deadline = clock_now_ns() + checking->seconds * SECOND_NS;
    sigaction(SIGALRM, &last, &before);
    alarm(checking->seconds + checking->seconds / 20 + 1);
    for (size_t i = 0; i < lesson->item_count && !checking->shell->quit && !checking->given_up &&
                       is_in_time(checking, i, deadline); i++)
        check_item(checking, i);
    alarm(0);
    sigaction(SIGALRM, &before, NULL);
}

int player_check(struct shell *shell, const struct lesson *lesson, const struct check_manner *manner) {
    struct checking checking = {.shell = shell,
                                .lesson = lesson,
                                .told = {.manner = manner, .lesson = lesson},
                                .seconds = manner->seconds > 0 ? manner->seconds : CHECK_SECONDS};
    struct error error = {0};
    const char *why = shell->no_hosts;
    if (why != NULL || !lesson_playable(lesson, shell->private_network, &why)) {
        check_tell_skip(manner, lesson_file(lesson), why);
        return CHECK_SKIPPED;
    }
    if (lesson->asks_packets && !packets_start(shell, &error)) {
        check_tell_skip(manner, lesson_file(lesson), error.text);
        error_free(&error);
        return CHECK_SKIPPED;
    }
    if (must_watch(shell, lesson))
        watch_set(shell, WATCH_CALLS);
    checking.begun_at = checking.section_at = journal_last(shell->journal);
    play_all(&checking);
    acquaintance_free(&checking.known);
    if (!manner->tap)
        tell_sum(&checking);
    bool good = checking.told.unmet == 0;
    return check_accept(&checking.told) && good ? 0 : 1;
}

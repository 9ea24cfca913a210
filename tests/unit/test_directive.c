/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directives and parameters of lessons as they are read, and answers as they are judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lesson/question.h"

#define HEAD "sockshell-lesson 1\ntitle: T\nactors: server, client\n\n" /* the body begins in line 5 */
#define STEP "    server> listen(3, 5)\n      = 0\n"

static struct lesson load_seeded(const char *text, uint64_t seed) {
    struct lesson lesson;
    struct error error = {0};
    if (!lesson_parse("x.les", text, strlen(text), seed, &lesson, &error))
        fail_msg("%s", error.text);
    return lesson;
}

static struct lesson load(const char *text) {
    return load_seeded(text, 0);
}

static void refuse(const char *text, const char *expected, const char *hint) {
    struct lesson lesson;
    struct error error = {0};
    assert_false(lesson_parse("x.les", text, strlen(text), 0, &lesson, &error));
    assert_string_equal(error.text, expected);
    if (hint)
        assert_string_equal(error.hint, hint);
    assert_null(lesson.items);
    error_free(&error);
}

/* ---- What is read ---- */

static void a_question_is_read(void **state) {
    (void)state;
    struct lesson lesson = load(
        HEAD "@ask who\nWho chose\nthe port?\n\nAnd why?\n( ) the client -- It never\n   called bind().\n"
             "(X) the kernel\nhint: Look.\nhint: Look again.\n\nProse.\n\n" STEP);
    const struct item *item = &lesson.items[0];
    assert_int_equal(lesson.item_count, 3);
    assert_int_equal(item->kind, ITEM_ASK);
    assert_string_equal(item->id, "who");
    assert_string_equal(item->text, "Who chose the port?\nAnd why?");
    const struct question *question = item->question;
    assert_int_equal(question->kind, QUESTION_ONE);
    assert_int_equal(question->choice_count, 2);
    assert_string_equal(question->choices[0].text, "the client");
    assert_string_equal(question->choices[0].why, "It never called bind().");
    assert_false(question->choices[0].right);
    assert_string_equal(question->choices[1].text, "the kernel");
    assert_string_equal(question->choices[1].why, "");
    assert_true(question->choices[1].right);
    assert_int_equal(item->hint_count, 2);
    assert_string_equal(item->hints[1], "Look again.");
    assert_string_equal(lesson.items[1].text, "Prose.");
    lesson_free(&lesson);
}

static void a_prediction_finds_its_step(void **state) {
    (void)state;
    struct lesson lesson =
        load(HEAD "@predict a\nWhat?\n\nProse.\n\n    client> connect(3, \"127.0.0.1:9\")\n      = 0\n"
                  "      ? server returns 4\n\n@predict b\nAnd now?\n(x) It waits {blocks}\n"
                  "( ) = -1 EAGAIN -- No.\n( ) something else\n" STEP);
    const struct question *a = lesson.items[0].question, *b = lesson.items[2].question;
    assert_int_equal(a->kind, QUESTION_PREDICT);
    assert_string_equal(lesson.items[0].text, "What?\nProse.");
    assert_int_equal(a->step, 1);
    assert_ptr_equal(a->predicted, &lesson.items[1].expectations[1]);
    assert_int_equal(b->kind, QUESTION_ONE);
    assert_string_equal(b->choices[0].text, "It waits");
    assert_int_equal(b->choices[0].expected->kind, EXPECT_BLOCKS);
    assert_string_equal(b->choices[0].expected->actor, "server");
    assert_string_equal(b->choices[1].text, "= -1 EAGAIN");
    assert_int_equal(b->choices[1].expected->kind, EXPECT_RESULT);
    assert_null(b->choices[2].expected);
    lesson_free(&lesson);
}

static void a_task_is_read(void **state) {
    (void)state;
    struct lesson lesson =
        load(HEAD "@task bye\nSay\ngoodbye.\n\nPolitely.\ngoal: within 2s state client.sock\n FIN_WAIT2\n"
                  "goal: not server blocks\nhint: One.\n\nhint: Two.\nsolution:\n\n"
                  "    client> shutdown(sock, SHUT_WR)\n      = 0\n    .eof client\n\nAfter.\n");
    const struct item *item = &lesson.items[0];
    assert_int_equal(item->kind, ITEM_TASK);
    assert_string_equal(item->text, "Say goodbye.\nPolitely.");
    const struct task *task = item->task;
    assert_int_equal(task->goal.expectation_count, 2);
    assert_int_equal(task->goal.expectations[0].kind, EXPECT_STATE);
    assert_int_equal(task->goal.expectations[0].within_ms, 2000);
    assert_int_equal(task->goal.expectations[0].line, 10);
    assert_true(task->goal.expectations[1].negated);
    assert_int_equal(item->hint_count, 2);
    assert_int_equal(task->solution_count, 2);
    assert_int_equal(task->solution[0].expectation_count, 1);
    assert_int_equal(task->solution[1].step, STEP_COMMAND);
    assert_int_equal(lesson.item_count, 2);
    assert_string_equal(lesson.items[1].text, "After.");
    assert_true(lesson.asks_kernel);
    lesson_free(&lesson);
}

static void a_claim_has_its_verdict(void **state) {
    (void)state;
    struct lesson lesson =
        load(HEAD "@claim c\nPeople\nsay.\n\n" STEP "\nverdict: it depends -- On\nthe weather.\n\n@pause\n"
                  "\nverdicts: are rare\n");
    assert_int_equal(lesson.items[0].kind, ITEM_CLAIM);
    assert_string_equal(lesson.items[0].text, "People say.");
    assert_int_equal(lesson.items[2].kind, ITEM_VERDICT);
    assert_int_equal(lesson.items[2].verdict, CLAIM_DEPENDS);
    assert_string_equal(lesson.items[2].text, "On the weather.");
    assert_int_equal(lesson.items[2].claim, 0);
    assert_int_equal(lesson.items[3].kind, ITEM_PAUSE);
    assert_string_equal(lesson.items[4].text, "verdicts: are rare");
    lesson_free(&lesson);
}

static void listings_stay_as_they_are(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "```c\nint main(void)\n{\n    return 0;\n\n}\n```\n" STEP);
    assert_int_equal(lesson.items[0].kind, ITEM_LISTING);
    assert_string_equal(lesson.items[0].text, "int main(void)\n{\n    return 0;\n\n}");
    lesson_free(&lesson);
    refuse(HEAD "```\nx\n", "x.les:5:1: this listing has no end: a line ``` is missing", NULL);
    refuse(HEAD "``` C++!\n```\n", "x.les:5:4: after ``` stands nothing, or the name of a language", NULL);
}

static void the_header_of_a_course(void **state) {
    (void)state;
    struct lesson lesson =
        load("sockshell-lesson 1\ntitle: T\nactors: a\nteaches: much\nnumber: 7\ntime: 10\nnext: states\n"
             "needs: private, unix, raw\n\n    a> 1\n");
    assert_string_equal(lesson.teaches, "much");
    assert_int_equal(lesson.number, 7);
    assert_int_equal(lesson.minutes, 10);
    assert_string_equal(lesson.next, "states");
    assert_int_equal(lesson.needs, NEED_PRIVATE | NEED_UNIX | NEED_RAW);
    lesson_free(&lesson);
    refuse("sockshell-lesson 1\nnumber: 0\n", "x.les:2:9: a number from 1 to 1000 belongs here", NULL);
    refuse("sockshell-lesson 1\nnext: ../x\n",
           "x.les:2:7: the next lesson is named without folder: next: states", NULL);
    refuse("sockshell-lesson 1\nneeds: rwa\n", "x.les:2:8: this sockshell knows no need \"rwa\"",
           "did you mean \"raw\"?");
}

static void a_need_that_is_lacking(void **state) {
    (void)state;
    const char *why;
    struct lesson lesson = load("sockshell-lesson 1\ntitle: T\nactors: a\nneeds: private\n\n    a> 1\n");
    assert_true(lesson_playable(&lesson, true, &why));
    assert_null(why);
    assert_false(lesson_playable(&lesson, false, &why));
    assert_non_null(strstr(why, "a network of its own"));
    lesson_free(&lesson);
}

/* ---- What is refused ---- */

static void bad_directives(void **state) {
    (void)state;
    refuse(HEAD "@aks x\n", "x.les:5:1: this sockshell knows no directive \"@aks\"", "did you mean \"ask\"?");
    refuse(HEAD "@ask\n", "x.les:5:5: @ask needs a name: letters, digits, - _ and ., at most 64",
           "for instance: @ask who-chose-the-port");
    refuse(HEAD "@ask a b\n", "x.les:5:6: @ask needs a name: letters, digits, - _ and ., at most 64", NULL);
    refuse(HEAD "@pause here\n", "x.les:5:8: nothing follows @pause", NULL);
    refuse(HEAD "@ask a\nQ\nanswer: 1\n\n@ask a\n",
           "x.les:9:6: \"a\" is the name of the directive in line 5 already", NULL);
    refuse(HEAD "@ask a\n\n" STEP, "x.les:5:1: the text of this directive is missing", NULL);
}

static void bad_questions(void **state) {
    (void)state;
    refuse(HEAD "@ask a\nQ\n\n" STEP, "x.les:5:1: this question has no answer",
           "choices, ( ) and (x), or: answer: 4 | four");
    refuse(HEAD "@ask a\nQ\n( ) b\n( ) c\n", "x.les:5:1: none of the choices is right",
           "mark the right one: (x), or [x] where several are");
    refuse(HEAD "@ask a\nQ\n(x) b\n(x) c\n", "x.les:5:1: 2 of the choices are right",
           "where several are, all are marked [ ] and [x]");
    refuse(HEAD "@ask a\nQ\n(x) b\n", "x.les:5:1: one choice is no choice: there must be two at least", NULL);
    refuse(HEAD "@ask a\nQ\n(x) b\n[ ] c\n\n", "x.les:8:1: the choices of a question are all ( ) or all [ ]",
           NULL);
    refuse(HEAD "@ask a\nQ\n(y) b\n\n", "x.les:7:1: a choice begins with ( ) or (x) and a blank", NULL);
    refuse(HEAD "@ask a\nQ\n() b\n\n", "x.les:7:1: a choice begins with ( ) or (x) and a blank", NULL);
    refuse(HEAD "@ask a\nQ\n(x)\n\n", "x.les:7:1: the words of this choice are missing", NULL);
    refuse(HEAD "@ask a\nQ\nanswer: 4 |\n\n", "x.les:7:9: an answer is missing here", NULL);
    refuse(HEAD "@ask a\nQ\n(x) b\nanswer: 4\n\n",
           "x.les:8:9: a question has choices or \"answer:\", not both", NULL);
    refuse(HEAD "@ask a\nQ\nanswr: 4\n", "x.les:7:1: \"answr:\" does not belong in this block",
           "did you mean \"answer:\"?");
    refuse(HEAD "@ask a\nQ\ngoal: 4\n", "x.les:7:1: \"goal:\" does not belong in this block",
           "here stands: answer:, hint:, or a choice: ( ) or (x)");
}

static void bad_predictions(void **state) {
    (void)state;
    refuse(HEAD "@predict a\nQ\n\n# H\n\n" STEP,
           "x.les:5:1: no step follows this prediction, which it could be about", NULL);
    refuse(HEAD "@predict a\nQ\n\n    server> 1\n",
           "x.les:5:1: the kernel cannot answer this: the step in line 8 has no expectation", NULL);
    refuse(HEAD "@predict a\nQ\n(x) It waits\n( ) No\n\n" STEP,
           "x.les:7:1: the kernel cannot answer this: the right choice is no expectation",
           "write one behind its words, in braces: (x) It waits {blocks} -- …");
    refuse(HEAD "@predict a\nQ\n(x) It {blcks}\n( ) No\n\n" STEP,
           "x.les:7:1: this sockshell knows no expectation \"blcks\"", "did you mean \"blocks\"?");
    refuse(HEAD "@predict a\nQ\nanswer: 4\n\n" STEP, "x.les:7:1: \"answer:\" does not belong in this block",
           NULL);
    refuse(HEAD "    server> listen(3, 5)\n      ? = 0\n",
           "x.les:6:1: ? marks what a @predict in free words is about, and none stands before this step",
           NULL);
    refuse(HEAD "@predict a\nQ\n\n    server> listen(3, 5)\n      ? = 0\n      ? not blocks\n",
           "x.les:10:7: a step has one ? at most", NULL);
}

static void bad_tasks(void **state) {
    (void)state;
    refuse(HEAD "@task a\nDo.\nsolution:\n" STEP, "x.les:7:10: the goal of a task stands before its solution",
           NULL);
    refuse(HEAD "@task a\nDo.\n\n# H\n", "x.les:5:1: this task has no goal", NULL);
    refuse(HEAD "@task a\nDo.\ngoal: server blocks\n\n# H\n", "x.les:5:1: this task has no solution", NULL);
    refuse(HEAD "@task a\nDo.\ngoal: server blocks\nsolution:\n\nProse.\n",
           "x.les:5:1: this task has no solution", NULL);
    refuse(HEAD "@task a\nDo.\ngoal: blocks\n\n",
           "x.les:7:7: a goal says whose it is, since it stands under no step",
           "for instance: goal: server blocks, goal: state server.sock CLOSE_WAIT");
    refuse(HEAD "@task a\nDo.\ngoal: state sock CLOSE\n\n",
           "x.les:7:7: a goal says whose it is, since it stands under no step", NULL);
    refuse(HEAD "@task a\nDo.\ngoal: wire server SYN\n\n# H\n", /* packets say whose they are */
           "x.les:5:1: this task has no solution", NULL);
    refuse(HEAD "@task a\nDo.\ngoal: server blcks\n\n",
           "x.les:7:14: this sockshell knows no expectation \"blcks\"", NULL);
    refuse(HEAD "@task a\nDo.\ngoal: server blocks\n\n" STEP,
           "x.les:9:5: the steps of a task stand under its \"solution:\"", NULL);
    refuse(HEAD "@task a\nDo.\ngoal: server blocks\nsolution: x\n\n",
           "x.les:8:11: the steps of a solution stand under it, indented by 4", NULL);
    refuse(HEAD "@task a\nDo.\ngoal: server blocks\nhnit: x\n\n",
           "x.les:8:1: \"hnit:\" does not belong in this block", "did you mean \"hint:\"?");
    refuse(HEAD "@task a\nDo.\ngoal: server blocks\n\nMore.\n",
           "x.les:9:1: the text of a directive stands before its fields", NULL);
}

static void bad_claims(void **state) {
    (void)state;
    refuse(HEAD "@claim a\nSo.\n\n" STEP, "x.les:5:1: this claim has no verdict", NULL);
    refuse(HEAD "@claim a\nSo.\n\n" STEP "\n@claim b\n", "x.les:5:1: this claim has no verdict", NULL);
    refuse(HEAD STEP "\nverdict: true -- x\n", "x.les:8:1: there is no claim that awaits a verdict", NULL);
    refuse(
        HEAD "@claim a\nSo.\n\n    server> 1\n\nverdict: true -- x\n",
        "x.les:10:1: before the verdict the kernel must have spoken: a step with an expectation is missing",
        NULL);
    refuse(HEAD "@claim a\nSo.\n\n" STEP "\nverdict: perhaps\n",
           "x.les:11:10: a verdict is true, false or it depends", NULL);
    refuse(HEAD "@claim a\nSo.\n\n" STEP "\nverdict: true\n",
           "x.les:11:10: the verdict needs a reason: verdict: true -- Because …", NULL);
}

static void a_ladder_is_read(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD STEP "\n@ladder a\nWhich?\npackets: client.sv[1] tcp, 8888 server\norder: 2..4\n"
                                          "hint: Look.\n\nProse.\n\n@ladder b\nWhat?\nblank: len of 4, sender of 2,\n"
                                          "ack of 2, flags of 2\n\n@ladder c\nDraw.\npackets: all\ndraw: ack, win\n\n"
                                          "@ladder d\nAll.\norder: all\n");
    const struct quiz *a = lesson.items[1].quiz, *b = lesson.items[3].quiz, *c = lesson.items[4].quiz;
    assert_int_equal(lesson.items[1].kind, ITEM_LADDER);
    assert_int_equal(a->kind, QUIZ_ORDER);
    assert_int_equal(a->low, 2);
    assert_int_equal(a->high, 4);
    assert_string_equal(a->socket.actor, "client");
    assert_string_equal(a->socket.variable, "sv[1]");
    assert_string_equal(a->packet_kind, "TCP");
    assert_string_equal(a->actor, "server");
    assert_int_equal(a->port, 8888);
    assert_false(a->all);
    assert_string_equal(lesson.items[1].hints[0], "Look.");
    assert_int_equal(b->kind, QUIZ_BLANK);
    assert_int_equal(b->blank_count, 4); /* in the order in which they are read */
    assert_int_equal(b->blanks[0].what, BLANK_FLAGS);
    assert_int_equal(b->blanks[1].what, FIGURE_ACK);
    assert_int_equal(b->blanks[2].what, BLANK_SENDER);
    assert_int_equal(b->blanks[3].rung, 4);
    assert_int_equal(c->kind, QUIZ_DRAW);
    assert_true(c->all);
    assert_int_equal(c->figures, 1U << FIGURE_ACK | 1U << FIGURE_WINDOW);
    assert_int_equal(lesson.items[5].quiz->high, 0);
    assert_true(lesson.asks_packets);
    lesson_free(&lesson);
}

#define LADDER HEAD STEP "\n@ladder a\nWhich?\n"

static void slips_in_ladders(void **state) {
    (void)state;
    refuse(LADDER "\n", "x.les:8:1: what is asked of this ladder is missing",
           "order: 1..3, or blank: ack of 3, or draw:");
    refuse(LADDER "order: 1..3\ndraw:\n", "x.les:11:6: a ladder is asked about in one way: order:, blank: or draw:", NULL);
    refuse(LADDER "oder: 1..3\n", "x.les:10:1: \"oder:\" does not belong in this block", "did you mean \"order:\"?");
    refuse(LADDER "answer: 1\n", "x.les:10:1: \"answer:\" does not belong in this block",
           "here stands: hint:, packets:, order:, blank:, draw:");
    static const char *const orders[] = {"", "1", "0..3", "3..1", "2..2", "1..999", "1..3x", "-1..3", "a..b"};
    for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++) {
        char text[300];
        snprintf(text, sizeof(text), LADDER "order: %s\n", orders[i]);
        struct lesson lesson;
        struct error error = {0};
        assert_false(lesson_parse("x.les", text, strlen(text), 0, &lesson, &error));
        assert_non_null(strstr(error.text, "which packets are shuffled is missing here"));
        error_free(&error);
    }
    refuse(LADDER "order: 1..13\n", "x.les:10:8: at most 12 packets are shuffled", NULL);
    refuse(LADDER "blank: sec of 3\n", "x.les:10:8: a packet of the ladder has no \"sec\" that could be blanked",
           "did you mean \"seq\"?");
    refuse(LADDER "blank: seq of 1, colour of 3\n",
           "x.les:10:18: a packet of the ladder has no \"colour\" that could be blanked",
           "one of seq, ack, len, win, flags and sender: blank: ack of 3");
    refuse(LADDER "blank:\n", "x.les:10:7: a packet of the ladder has no \"\" that could be blanked", NULL);
    refuse(LADDER "blank: ack 3\n", "x.les:10:12: of which packet is missing here",
           "blank: ack of 3; the first packet is 1");
    refuse(LADDER "blank: ack of 0\n", "x.les:10:15: of which packet is missing here", NULL);
    refuse(LADDER "blank: ack of 3, ack of 3\n", "x.les:10:18: this is blanked already", NULL);
    refuse(LADDER "blank: ack of 1, ack of 2, ack of 3, ack of 4, ack of 5, ack of 6, ack of 7\n",
           "x.les:10:68: there are at most 6 blanks", NULL);
    refuse(LADDER "draw: ack flags\n", "x.les:10:11: \"flags\" is no number of a packet", NULL);
    refuse(LADDER "packets: sock\norder: all\n", "x.les:10:10: \"sock\" does not say which packets", NULL);
    refuse(LADDER "packets: klient.sock\norder: all\n",
           "x.les:10:10: no actor is called \"klient\" in this lesson", "did you mean \"client\"?");
    refuse(LADDER "packets: client.3 server.4\norder: all\n", "x.les:10:19: one socket is named already", NULL);
    refuse(LADDER "packets:\norder: all\n", "x.les:10:9: which packets is missing here", NULL);
    refuse(HEAD STEP "\n# New\n\n@ladder a\nWhich?\norder: all\n",
           "x.les:10:1: nothing can have been captured: no step stands between the last heading and this",
           "\"packets: all\" asks about all since the lesson began");
}

static void limits_of_directives(void **state) {
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, HEAD "@ask a\nQ\n");
    for (int i = 0; i <= LESSON_CHOICES_MAX; i++)
        buf_add_text(&text, i == 0 ? "(x) a\n" : "( ) a\n");
    buf_add_text(&text, "\n");
    refuse(buf_text(&text), "x.les:17:1: a question has at most 10 choices", NULL);
    buf_clear(&text);
    buf_add_text(&text, HEAD "@ask a\nQ\nanswer: 0");
    for (int i = 0; i < LESSON_ANSWERS_MAX; i++)
        buf_add_text(&text, "|0");
    buf_add_text(&text, "\n\n");
    refuse(buf_text(&text), "x.les:7:9: a question has at most 20 answers", NULL);
    buf_clear(&text);
    buf_add_text(&text, HEAD "@task a\nDo.\ngoal: server blocks\n");
    for (int i = 0; i <= LESSON_HINTS_MAX; i++)
        buf_add_text(&text, "hint: x\n");
    buf_add_text(&text, "\n");
    refuse(buf_text(&text), "x.les:18:7: there are at most 10 hints", NULL);
    buf_clear(&text);
    buf_add_text(&text, HEAD "@task a\nDo.\ngoal: server blocks\nsolution:\n");
    for (int i = 0; i <= LESSON_SOLUTION_MAX; i++)
        buf_add_text(&text, "    server> 1\n");
    refuse(buf_text(&text), "x.les:59:1: a solution has at most 50 steps", NULL);
    buf_free(&text);
}

/* ---- Parameters ---- */

#define WITH(params) "sockshell-lesson 1\ntitle: T\nactors: server, client\n" params "\n"

static void parameters_are_put_in(void **state) {
    (void)state;
    struct lesson
        lesson = load(WITH("param port = 8000..8999\nparam other = 8000..8999\nparam fruit = apple | pear "
                           "tree\n") "A $fruit at $port, ${port+1} and ${other-1}; $$5, 5$, $ and "
                                     "${#fruit+1} bytes.\n\n"
                                     "    client> printf(\"${fruit}s\\n\")\n      prints \"${fruit}s\\n\"\n");
    assert_string_equal(lesson.items[0].text, "A apple at 8000, 8001 and 8000; $5, 5$, $ and 6 bytes.");
    assert_string_equal(lesson.items[1].text, "printf(\"apples\\n\")");
    assert_string_equal(lesson.items[1].expectations[0].wanted, "apples\n");
    assert_int_equal(lesson.parameter_count, 3);
    assert_string_equal(lesson.parameters[1].value, "8001");
    lesson_free(&lesson);
}

static void seeds_draw_them(void **state) {
    (void)state;
    static const char text[] =
        WITH("param port = 1..1000\nparam other = 1..2\nparam third = 1..2\n") "    server> $port\n";
    struct lesson one = load_seeded(text, 1), again = load_seeded(text, 1);
    int different = 0;
    assert_string_equal(one.parameters[0].value, again.parameters[0].value);
    for (uint64_t seed = 2; seed < 12; seed++) {
        struct lesson lesson = load_seeded(text, seed);
        int64_t drawn = lesson.parameters[0].drawn;
        assert_true(drawn >= 1 && drawn <= 1000);
        different += drawn != one.parameters[0].drawn;
        assert_string_not_equal(lesson.parameters[1].value, lesson.parameters[2].value);
        lesson_free(&lesson);
    }
    assert_true(different >= 9);
    lesson_free(&one);
    lesson_free(&again);
}

static void bad_parameters(void **state) {
    (void)state;
    refuse(WITH("param\n"), "x.les:4:1: the header has lines \"key: value\" and ends with an empty line",
           NULL);
    refuse(WITH("param port\n"), "x.les:4:7: a parameter has a name and values",
           "param port = 8000..8999, or: param word = apple | pear");
    refuse(WITH("param 1st = 1..2\n"), "x.les:4:7: a parameter has a name and values", NULL);
    refuse(WITH("param a = 2..1\n"), "x.les:4:11: a range is LOW..HIGH, two numbers from 0 to 2147483647",
           NULL);
    refuse(WITH("param a = 1..x\n"), "x.les:4:11: a range is LOW..HIGH, two numbers from 0 to 2147483647",
           NULL);
    refuse(WITH("param a = 1..99999999999\n"),
           "x.les:4:11: a range is LOW..HIGH, two numbers from 0 to 2147483647", NULL);
    refuse(WITH("param a = x||y\n"), "x.les:4:11: a word is missing among the values, or has a $ in it",
           NULL);
    refuse(WITH("param a = $a\n"), "x.les:4:11: a word is missing among the values, or has a $ in it", NULL);
    refuse(WITH("param a = 1..2\nparam a = 1..2\n"), "x.les:5:7: parameter \"a\" is named twice", NULL);
    refuse(WITH("param a = 1..1\nparam b = 1..1\n"),
           "x.les:5:11: there are more parameters with these values than values", NULL);
    refuse(WITH("param port = 1..2\n") "A $prt\n", "x.les:6:3: no parameter is called \"prt\"",
           "did you mean \"port\"?");
    refuse(WITH("") "A $prt\n", "x.les:5:3: no parameter is called \"prt\"",
           "name it in the header (param port = 8000..8999), or write $$ for a $");
    refuse(WITH("") "    server> 1\n      = $$\n    server> 2\n      = $nobody\n",
           "x.les:6:9: a result is missing here", NULL);
    refuse(WITH("") "    server> 1\n$nobody\n", "x.les:6:1: no parameter is called \"nobody\"", NULL);
    refuse(WITH("param w = a|b\n") "${w+1}\n", "x.les:6:1: w is words, with which nothing can be calculated",
           NULL);
    refuse(WITH("") "${\n", "x.les:5:1: ${…} holds the name of a parameter: ${port}, ${port+1}, ${#word}",
           NULL);
}

/* ---- Answers ---- */

static bool judge(const struct lesson *lesson, const char *answer, const char *expected_why) {
    struct buf why = {0};
    bool understood, right = question_judge(lesson->items[0].question, answer, &understood, &why);
    assert_true(understood);
    if (expected_why)
        assert_string_equal(buf_text(&why), expected_why);
    buf_free(&why);
    return right;
}

static void not_understood(const struct lesson *lesson, const char *answer) {
    struct buf why = {0};
    bool understood;
    assert_false(question_judge(lesson->items[0].question, answer, &understood, &why));
    assert_false(understood);
    struct buf manner = {0};
    question_manner(lesson->items[0].question, &manner);
    assert_string_equal(buf_text(&why), buf_text(&manner));
    buf_free(&manner);
    buf_free(&why);
}

static void one_choice_is_judged(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "@ask a\nQ\n( ) the client -- No.\n(x) the kernel -- Yes.\n\n" STEP);
    assert_true(judge(&lesson, "b", "Yes."));
    assert_true(judge(&lesson, " (B) ", "Yes."));
    assert_true(judge(&lesson, "2", "Yes."));
    assert_true(judge(&lesson, "The Kernel.", "Yes."));
    assert_false(judge(&lesson, "a", "No."));
    assert_false(judge(&lesson, "1", "No."));
    not_understood(&lesson, "");
    not_understood(&lesson, "c");
    not_understood(&lesson, "3");
    not_understood(&lesson, "0");
    not_understood(&lesson, "who knows");
    struct buf choices = {0};
    question_choices(lesson.items[0].question, &choices);
    assert_string_equal(buf_text(&choices), "a) the client\nb) the kernel");
    buf_clear(&choices);
    question_solution(lesson.items[0].question, &choices);
    assert_string_equal(buf_text(&choices), "b) the kernel");
    buf_free(&choices);
    lesson_free(&lesson);
}

/* Who answers with a number means the choice that says so, and not the number-th. */
static void choices_may_be_numbers(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "@ask a\nQ\n( ) 5, Bob's descriptor\n(x) 1\n( ) none\n\n" STEP);
    assert_true(judge(&lesson, "1", NULL));
    assert_true(judge(&lesson, "b", NULL));
    assert_false(judge(&lesson, "5", NULL));
    assert_false(judge(&lesson, "none", NULL));
    not_understood(&lesson, "2");
    lesson_free(&lesson);
}

static void several_choices_are_judged(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "@ask a\nQ\n[x] one -- A.\n[ ] two -- B.\n[x] three -- C.\n\n" STEP);
    assert_true(judge(&lesson, "a c", "A.\nC."));
    assert_true(judge(&lesson, "c, A", NULL));
    assert_true(judge(&lesson, "ac", NULL));
    assert_true(judge(&lesson, "1 and 3", NULL));
    assert_false(judge(&lesson, "a", "A.\nRight, and not all."));
    assert_false(judge(&lesson, "a b c", "B."));
    not_understood(&lesson, "a d");
    not_understood(&lesson, "?");
    lesson_free(&lesson);
}

static void words_are_judged(void **state) {
    (void)state;
    struct lesson lesson =
        load(HEAD "@ask a\nQ\nanswer: 16 | sixteen | TIME-WAIT | -1 | == -- So it is.\n\n" STEP);
    assert_true(judge(&lesson, "16", "So it is."));
    assert_true(judge(&lesson, "0x10", NULL));
    assert_true(judge(&lesson, "Sixteen!", NULL));
    assert_true(judge(&lesson, "time_wait", NULL));
    assert_true(judge(&lesson, "-1", NULL));
    assert_true(judge(&lesson, "==", NULL));
    assert_false(judge(&lesson, "1", "So it is."));
    assert_false(judge(&lesson, "!=", NULL));
    not_understood(&lesson, "  ");
    lesson_free(&lesson);
}

static void predicted(const char *expectation, const char *right, const char *wrong) {
    char text[1024];
    snprintf(text, sizeof(text), "%s@predict a\nQ\n\n    server> recv(4)\n      %s\n", HEAD, expectation);
    struct lesson lesson = load(text);
    if (!judge(&lesson, right, NULL))
        fail_msg("%s: \"%s\" was not taken", expectation, right);
    if (judge(&lesson, wrong, NULL))
        fail_msg("%s: \"%s\" was taken", expectation, wrong);
    lesson_free(&lesson);
}

static void predictions_are_judged(void **state) {
    (void)state;
    predicted("= 4", "4", "3");
    predicted("= 4", "= 4", "it blocks");
    predicted("= 4", "recv returns 4, I think", "44");
    predicted("server returns 0", "0", "-1");
    predicted("= ANY", "7", "-1");
    predicted("= ANY", "it works", "it fails");
    predicted("= -1", "it fails", "0");
    predicted("= -1 ECONNREFUSED", "ECONNREFUSED", "0");
    predicted("= -1 ECONNREFUSED", "-1", "-2");
    predicted("= -1 ECONNREFUSED", "it fails", "it works");
    predicted("= -1 ECONNREFUSED", "it is refused", "it times out");
    predicted("= -1 EADDRINUSE", "the port is in use", "denied");
    predicted("= 0", "nothing", "refused");
    predicted("= -1 EAGAIN", "EWOULDBLOCK", "it blocks");
    predicted("= 0", "it works", "EINVAL");
    predicted("= 3", "three", "two");
    predicted("= 4", "4, a new one", "one");
    predicted("= -1 ECONNREFUSED", "-1 econnrefused", "-1 ETIMEDOUT");
    predicted("= -1 ECONNREFUSED", "Connection refused!", "0 ECONNREFUSED");
    predicted("blocks", "it waits", "it does not wait");
    predicted("blocks in recv", "recv blocks", "nothing blocks");
    predicted("not blocks", "it returns at once", "it blocks");
    predicted("state server.4 CLOSE_WAIT", "close-wait", "CLOSE");
    predicted("state server.4 CLOSE", "it is in CLOSE", "close wait");
    predicted("state server.4 FIN_WAIT1", "FIN-WAIT-1", "FIN_WAIT2");
    predicted("state server.4 connected", "connected", "unconnected");
    predicted("state server.4 unconnected", "not connected", "connected");
    predicted("state server.4 CLOSE", "CLOSED", "CLOSING");
    predicted("state server.4 closed", "it is closed", "CLOSE_WAIT");
    predicted("state server.4 SYN_RECV", "SYN-RECEIVED", "SYN_SENT");
    predicted("queue server.4 receive 22", "22 bytes", "21");
    predicted("queue server.4 receive 0", "nothing", "one");
    predicted("wire server SYN, client ACK", "two", "none");
    predicted("killed SIGPIPE", "SIGPIPE kills it", "SIGKILL");
    predicted("killed SIGPIPE", "pipe", "kill");
    predicted("exits 1", "1", "0");
    predicted("fault memory", "a memory fault", "syntax");
    predicted("prints \"Hello, world\\n\"", "hello world", "goodbye");
    predicted("value 47138", "47138", "8888");
    predicted("sent server.4 \"abc\"", "abc", "abd");
}

/* Neither right nor wrong: it is asked again, with examples of which none is the answer. */
static void no_prediction(const char *expectation, const char *answer, const char *manner) {
    char text[1024];
    snprintf(text, sizeof(text), "%s@predict a\nQ\n\n    server> recv(4)\n      %s\n", HEAD, expectation);
    struct lesson lesson = load(text);
    struct buf asked = {0};
    question_manner(lesson.items[0].question, &asked);
    assert_string_equal(buf_text(&asked), manner);
    not_understood(&lesson, answer);
    buf_free(&asked);
    lesson_free(&lesson);
}

static void what_is_no_prediction(void **state) {
    (void)state;
    no_prediction("= 4", "purple elephant", "a number (7), the name of an error (EINVAL), or blocks");
    no_prediction("= 7", "I do not know", "a number (12), the name of an error (EINVAL), or blocks");
    no_prediction("= -1 EINVAL", "ESTABLISHED", "a number (7), the name of an error (EPERM), or blocks");
    no_prediction("= -1 ECONNREFUSED", "ECONREFUSED", "a number (7), the name of an error (EINVAL), or blocks");
    no_prediction("server returns 4", "it does not block", "a number (7), the name of an error (EINVAL), or blocks");
    no_prediction("blocks", "?", "a number (7), the name of an error (EINVAL), or blocks");
    no_prediction("state server.4 SYN_RECV", "3", "the name of a state (SYN_SENT, closed)");
    no_prediction("queue server.4 receive 22", "many", "a number (7)");
    no_prediction("queue server.4 receive 0", "no idea", "a number (7)");
    no_prediction("exits 1", "well", "a number (7)");
    no_prediction("killed SIGINT", "it dies", "the name of a signal (SIGTERM)");
    no_prediction("value 47138", "big", "a number (7)");
    no_prediction("local server.4 127.0.0.1:80", "here", "an address (192.0.2.7:4000)");
    no_prediction("wire nothing", "several", "how many packets (7)");
    no_prediction("fault memory", "a bad one",
                  "a kind of mistake (syntax, name, type, memory, arithmetic, limit, interrupted, usage)");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_read),
        cmocka_unit_test(a_prediction_finds_its_step),
        cmocka_unit_test(a_task_is_read),
        cmocka_unit_test(a_claim_has_its_verdict),
        cmocka_unit_test(listings_stay_as_they_are),
        cmocka_unit_test(the_header_of_a_course),
        cmocka_unit_test(a_need_that_is_lacking),
        cmocka_unit_test(bad_directives),
        cmocka_unit_test(bad_questions),
        cmocka_unit_test(bad_predictions),
        cmocka_unit_test(bad_tasks),
        cmocka_unit_test(bad_claims),
        cmocka_unit_test(a_ladder_is_read),
        cmocka_unit_test(slips_in_ladders),
        cmocka_unit_test(limits_of_directives),
        cmocka_unit_test(parameters_are_put_in),
        cmocka_unit_test(seeds_draw_them),
        cmocka_unit_test(bad_parameters),
        cmocka_unit_test(one_choice_is_judged),
        cmocka_unit_test(choices_may_be_numbers),
        cmocka_unit_test(several_choices_are_judged),
        cmocka_unit_test(words_are_judged),
        cmocka_unit_test(predictions_are_judged),
        cmocka_unit_test(what_is_no_prediction),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

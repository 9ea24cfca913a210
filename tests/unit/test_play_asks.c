/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a learner meets at predictions, questions and tasks: what is said to right, wrong and odd answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>

#include "one_play.h"

#define QUESTIONS                                                                                       \
    "    server> s = socket(AF_INET, SOCK_STREAM, 0)\n      = 3\n\n"                                    \
    "@predict p\nWhat does `listen` give? Think.\n\n    server> listen(s, 3)\n      = 0\n\n"            \
    "@ask a\nHow many?\nanswer: 4 | four -- Count them.\nhint: More than 3.\n\n"                        \
    "@task t\nClose it.\ngoal: within 5s state server.s closed\nhint: close()\nsolution:\n    server> " \
    "close(s)\n"

static size_t said(struct play *play, const char *text) {
    return told(play, EVENT_PROSE, text, 0);
}

static void answer(struct play *play, const char *text) {
    assert_true(player_answer(play->player, text));
}

/* The kernel answers a prediction; a wrong answer leads nowhere. */
static void answers_are_compared(void **state) {
    (void)state;
    struct play play;
    start(&play, QUESTIONS);
    assert_null(player_asks(play.player));
    assert_false(player_answer(play.player, "4"));
    type(&play, "server> s = socket(AF_INET, SOCK_STREAM, 0)");
    assert_string_equal(player_asks(play.player), "your prediction: ");
    assert_null(player_ready(play.player, NULL));
    char *right = player_right_answer(play.player);
    assert_string_equal(right, "0");
    free(right);
    answer(&play, "it returns 1");
    type(&play, player_ready(play.player, NULL));
    assert_int_equal(said(&play, "You said \"it returns 1\"; it came otherwise: the kernel gave 0."), 1);
    answer(&play, "3");
    player_hint(play.player);
    assert_int_equal(said(&play, "Hint 1 of 1: More than 3."), 1);
    answer(&play, "Four!");
    assert_int_equal(said(&play, "Right. Count them."), 1);
    player_solution(play.player);
    assert_ready(&play, "server> close(s)");
    type(&play, "server> close(s)");
    assert_true(player_over(play.player));
    assert_int_equal(said(&play, "Worth another look:\n- What does `listen` give? (not right at once)\n"
                                 "- How many? (not right at once, 1 hint)\n- Close it (solution shown)\n"),
                     1);
    end(&play);
}

/* Nonsense is no prediction: it is asked again, with examples, and nothing is counted. */
static void nonsense_does_not_count(void **state) {
    (void)state;
    struct play play;
    start(&play, QUESTIONS);
    type(&play, "server> s = socket(AF_INET, SOCK_STREAM, 0)");
    answer(&play, "purple elephant");
    assert_int_equal(
        said(&play, "That is not understood, and does not count. Wanted is a number (7), the name of an "
                    "error (EINVAL), or blocks. Else: `.skip` goes on."),
        1);
    answer(&play, "puts(s)");
    assert_int_equal(said(&play, "A line of C says whose it is: `server> puts(s)`"), 1);
    assert_int_equal(said(&play, "A line of C"), 1);
    assert_string_equal(player_asks(play.player), "your prediction: ");
    answer(&play, "0");
    type(&play, player_ready(play.player, NULL));
    assert_int_equal(said(&play, "You said 0, and you were right: the kernel gave 0."), 1);
    answer(&play, "4");
    player_skip(play.player);
    assert_int_equal(said(&play, "What does `listen`"), 1); /* asked, and not in the list at the end */
    end(&play);
}

/* An empty line is answered once a question, in so many words. */
static void an_empty_line_is_answered(void **state) {
    (void)state;
    struct play play;
    start(&play, QUESTIONS);
    type(&play, "server> s = socket(AF_INET, SOCK_STREAM, 0)");
    answer(&play, "");
    answer(&play, "  ");
    assert_int_equal(
        said(&play, "What do you expect? Say a number (7), the name of an error (EINVAL), or blocks; being "
                    "wrong costs nothing. `.skip` goes on."),
        1);
    assert_int_equal(said(&play, "What does `listen`"), 3);
    answer(&play, "0");
    type(&play, player_ready(play.player, NULL));
    answer(&play, "");
    assert_int_equal(
        said(&play, "An answer is wanted: a number or a few words. `.hint` helps, `.solution` gives the "
                    "answer, `.skip` goes on."),
        1);
    answer(&play, "4");
    player_after(play.player, "", journal_last(play.shell.journal));
    player_after(play.player, "", journal_last(play.shell.journal));
    assert_int_equal(said(&play,
                          "This is yours to do, with lines of your own. `.hint` helps, `.solution` shows the "
                          "steps, `.skip` goes on."),
                     1);
    end(&play);
}

/* The right answer, and why it is, come with the third wrong one. */
static void the_solution_is_not_given_at_once(void **state) {
    (void)state;
    struct play play;
    start(&play, "@ask a\nHow many?\nanswer: 4 -- Count them.\n\n    server> 1\n");
    answer(&play, "3");
    assert_int_equal(said(&play, "No. Try again: `.solution` gives the answer, `.skip` goes on."), 1);
    answer(&play, "5");
    assert_int_equal(said(&play, "No. Try once more."), 1);
    assert_int_equal(said(&play, "Count them."), 0);
    answer(&play, "6");
    assert_int_equal(said(&play, "The answer: 4\nCount them."), 1);
    assert_ready(&play, "server> 1");
    end(&play);
    start(&play,
          "@ask a\nWho?\n( ) me -- You slept.\n( ) you -- Not I.\n(x) they -- So it is.\n\n    server> 1\n");
    answer(&play, "a");
    assert_int_equal(said(&play, "No. You slept.\nTry again: `.solution` gives the answer, `.skip` goes on."),
                     1);
    answer(&play, "b");
    assert_int_equal(said(&play, "No. Not I.\nTry once more."), 1);
    assert_int_equal(said(&play, "So it is."), 0);
    answer(&play, "c");
    assert_int_equal(said(&play, "Right. So it is."), 1);
    end(&play);
}

/* In the learner's words, whatever the lesson's file calls it. */
static void outcome(const char *step, const char *expected, const char *prediction, const char *words) {
    struct play play;
    char body[1024];
    snprintf(body, sizeof(body),
             "    server> s = socket(AF_INET, SOCK_STREAM, 0)\n      = 3\n\n@predict p\nWhat?\n\n    %s\n    "
             "  %s\n\n    "
             "server> 1\n",
             step, expected);
    start(&play, body);
    type(&play, player_ready(play.player, NULL));
    answer(&play, prediction);
    type(&play, player_ready(play.player, NULL));
    if (said(&play, words) != 1)
        fail_msg("%s: not told: %s", expected, words);
    end(&play);
}

static void outcomes_are_in_words(void **state) {
    (void)state;
    outcome("server> listen(s, 3)", "state s LISTEN", "CLOSE",
            "You said CLOSE; it came otherwise: server's s is in LISTEN.");
    outcome("server> listen(s, 3)", "state s LISTEN", "listening",
            "You said listening, and you were right: server's s is in LISTEN.");
    outcome("server> listen(s, 3)", "queue s accept 0 of 3", "two",
            "You said two; it came otherwise: there are 0 connections in the accept queue of server's s "
            "(backlog 3).");
    outcome("server> listen(s, 3)", "state server.3 LISTEN", "LISTEN", "server's descriptor 3 is in LISTEN.");
    outcome("server> close(s)", "state s closed", "ESTABLISHED", "it came otherwise: server's s is closed.");
    outcome("server> bind(s, \"127.0.0.1:0\")", "local s 127.0.0.1:ANY", "10.0.0.1",
            "server's s has the address 127.0.0.1:");
    outcome("server> listen(s, 3); accept(s, NULL, NULL)", "blocks in accept", "4",
            "You said 4; it came otherwise: server is blocked in accept().");
    outcome("server> connect(s, \"127.0.0.1:1\")", "= -1 ECONNREFUSED", "-1",
            "You said -1, and you were right: the kernel gave -1 ECONNREFUSED.");
    outcome("server> connect(s, \"127.0.0.1:1\")", "= -1", "EINVAL",
            "You said EINVAL; it came otherwise: the kernel gave -1 ECONNREFUSED.");
    outcome("server> puts(\"no\")", "prints \"no\\n\"", "yes",
            "You said yes; it came otherwise: server printed \"no\\n\".");
    outcome("server> htons(8888)", "value 47138", "8888",
            "You said 8888; it came otherwise: the value is 47138.");
}

/* Where the kernel did otherwise than the author expects, it is still the kernel that is right. */
static void the_kernel_is_the_judge(void **state) {
    (void)state;
    struct play play;
    start(&play, "@predict p\nWhich number?\n\n    server> s = socket(AF_INET, SOCK_STREAM, 0)\n      = 3\n");
    type(&play, "server> socket(AF_INET, SOCK_STREAM, 0)");
    answer(&play, "4");
    type(&play, player_ready(play.player, NULL));
    assert_int_equal(said(&play, "You said 4, and you were right: the kernel gave 4."), 1);
    assert_int_equal(said(&play, "Worth another look"), 0);
    end(&play);
}

/* After a line that does not do it: what is not yet so, and never the same twice. */
static void what_a_task_lacks_is_told(void **state) {
    (void)state;
    struct play play;
    start(&play, "@task t\nListen.\ngoal: state server.s LISTEN\ngoal: queue server.s accept 0 of 4\n"
                 "goal: server calls getpid()\nsolution:\n    server> 1\n");
    type(&play, ".state");
    assert_int_equal(said(&play, "Not yet"), 0);
    type(&play, "server> 1");
    assert_int_equal(said(&play, "Not yet: server has no int s."), 1);
    type(&play, "server> s = socket(AF_INET, SOCK_STREAM, 0)");
    assert_int_equal(said(&play, "Not yet: server's s is in CLOSE, the goal is LISTEN."), 1);
    type(&play, "server> 1 + 1");
    type(&play, "server> 1 + )");
    type(&play, ".state");
    assert_int_equal(said(&play, "Not yet"), 2);
    type(&play, "server> listen(s, 3)");
    assert_int_equal(
        said(&play, "Not yet: there are 0 connections in the accept queue of server's s (backlog 3), the "
                    "goal is 0 of 4 (1 of 3 goals reached)."),
        1);
    type(&play, "server> listen(s, 4)");
    assert_int_equal(said(&play, "Not yet: the call that it takes was not made (2 of 3 goals reached)."), 1);
    type(&play, "server> getpid()");
    assert_int_equal(said(&play, "Done."), 1);
    end(&play);
}

/* CLOSE is what the kernel calls a state, and closed is no descriptor: that is said. */
static void closed_is_not_close(void **state) {
    (void)state;
    struct play play;
    start(
        &play,
        "    server> s = socket(AF_INET, SOCK_STREAM, 0)\n\n@task t\nClose it.\ngoal: state server.s closed\n"
        "solution:\n    server> 1\n");
    type(&play, player_ready(play.player, NULL));
    type(&play, "server> shutdown(s, SHUT_RDWR)");
    assert_int_equal(said(&play, "Not yet: server's s is in CLOSE, its descriptor is to be closed."), 1);
    type(&play, "server> close(s)");
    assert_int_equal(said(&play, "Done."), 1);
    end(&play);
}

static void lacks(const char *before, const char *goal, const char *line, const char *words) {
    struct play play;
    char body[1024];
    snprintf(body, sizeof(body), "    server> %s\n\n@task t\nDo it.\ngoal: %s\nsolution:\n    server> 1\n",
             before, goal);
    start(&play, body);
    type(&play, player_ready(play.player, NULL));
    type(&play, line);
    if (said(&play, words) != 1)
        fail_msg("%s: not told: %s", goal, words);
    end(&play);
}

static void lacks_are_in_words(void **state) {
    (void)state;
    const char *socket = "s = socket(AF_INET, SOCK_STREAM, 0)";
    const char *pair = "int v[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, v)";
    lacks(socket, "local server.s 127.0.0.1:80", "server> 1",
          "Not yet: server's s has no address, the goal is 127.0.0.1:80.");
    lacks(socket, "local server.s 127.0.0.1:80", "server> bind(s, \"127.0.0.2:0\")",
          "Not yet: server's s has the address 127.0.0.2:");
    lacks("s = socket(AF_INET, SOCK_STREAM, 0); listen(s, 1); t = socket(AF_INET, SOCK_STREAM, 0)",
          "peer server.t server.s", "server> 1", "Not yet: server's t has no peer, the goal is server's s.");
    lacks("s = socket(AF_INET, SOCK_DGRAM, 0); t = socket(AF_INET, SOCK_DGRAM, 0); bind(t, \"127.0.0.1:0\")",
          "peer server.s server.t", "server> connect(s, \"127.0.0.1:9\")",
          "Not yet: server's s is connected to 127.0.0.1:9, the goal is server's t.");
    lacks(pair, "queue server.v[0] receive ANY", "server> 1",
          "Not yet: there are 0 bytes in the receive queue of server's v[0], the goal is more than none.");
    lacks(pair, "received server.v[0] \"abc\"", "server> write(v[1], \"ab\", 2); char b[9]; read(v[0], b, 9)",
          "Not yet: server's v[0] has given \"ab\", the goal is \"abc\".");
    lacks(pair, "received server.v[0] \"abc\"", "server> 1", "Not yet: nothing was received.");
    lacks(socket, "option server.s SO_REUSEADDR 1", "server> 1",
          "Not yet: SO_REUSEADDR of server's s is 0, the goal is 1.");
    lacks(socket, "server prints \"yes\"", "server> puts(\"no\")",
          "Not yet: server printed \"no\\n\", the goal is \"yes\".");
    lacks(socket, "server value 3", "server> 1 + 1", "Not yet: the value is 2, the goal is 3.");
    lacks(socket, "server blocks in accept", "server> 1", "Not yet: server is in no call.");
    lacks(socket, "server calls accept(...) = 4", "server> listen(s, 1); accept(s, NULL, NULL)",
          "Not yet: server's accept() has not returned.");
    lacks("int v[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, v); write(v[1], \"ab\", 2); char b[9]",
          "server calls read(...) = 3", "server> while (read(v[0], b, 9) > 0) { }",
          "Not yet: server's read() returned 2, the goal is 3; the next one waits.");
    lacks(socket, "server killed SIGPIPE", "server> 1", "Not yet: server lives.");
}

/* A title that has quotation marks gets no others. */
static void the_end_names_the_lesson(void **state) {
    (void)state;
    struct play play;
    start(&play, "    server> 1\n");
    free(play.lesson.title);
    play.lesson.title = strdup("\"It works\"");
    type(&play, "server> 1");
    assert_int_equal(said(&play, "That was the whole of \"It works\"."), 1);
    end(&play);
}

/* A first attempt that gave something else does not close the way. */
static void a_return_can_be_tried_again(void **state) {
    (void)state;
    struct play play;
    start(&play,
          "@task t\nMake it fail.\ngoal: server returns -1 EBADF\ngoal: server calls close(...) = -1 EBADF\n"
          "goal: not server prints \"x\"\nsolution:\n    server> close(77)\n");
    type(&play, "server> getpid()");
    assert_int_equal(said(&play, ", the goal is -1 EBADF (1 of 3 goals reached)."), 1);
    type(&play, "server> fcntl(77, F_GETFD)");
    assert_int_equal(said(&play, "Not yet: the call that it takes was not made (2 of 3 goals reached)."), 1);
    type(&play, "server> close(dup(1))");
    assert_int_equal(said(&play, "Not yet: server's close() returned 0, the goal is -1 EBADF (2 of 3"), 1);
    type(&play, "server> close(nobody)"); /* that it is a mistake was said */
    type(&play, "server> puts(\"x\")");
    type(&play, "server> close(77)");
    assert_int_equal(
        said(&play, "Not yet: server printed \"x\\n\", and that is not to be; `.back 1` begins this step "
                    "afresh (2 of 3 goals reached)."),
        1);
    end(&play);
}

/* What .hint says is right in each moment. */
static void hints_fit_the_moment(void **state) {
    (void)state;
    struct play play;
    start(&play, QUESTIONS);
    player_hint(play.player);
    assert_int_equal(said(&play, "No hint is needed: the line stands ready, and Enter gives it."), 1);
    play.shell.current = crew_find(play.shell.crew, "client");
    player_hint(play.player);
    assert_int_equal(said(&play,
                          "No hint is needed: the lesson's line is for server, and `.actor server` brings it "
                          "back."),
                     1);
    play.shell.current = crew_find(play.shell.crew, "server");
    type(&play, player_ready(play.player, NULL));
    player_hint(play.player);
    assert_int_equal(
        said(&play, "There is no hint here. Say what you expect, and the kernel answers; being wrong costs "
                    "nothing. `.skip` goes on."),
        1);
    answer(&play, "0");
    player_hint(play.player);
    assert_int_equal(
        said(&play, "Your prediction stands: you said 0. Enter gives the line, and the kernel answers."), 1);
    type(&play, player_ready(play.player, NULL));
    player_hint(play.player);
    player_hint(play.player);
    assert_int_equal(
        said(&play, "That was the last hint: More than 3.\n`.solution` gives the answer, `.skip` goes on."),
        1);
    answer(&play, "4");
    player_solution(play.player);
    player_hint(play.player);
    assert_int_equal(said(&play, "No hint is needed: the line stands ready"), 2);
    type(&play, "server> close(s)");
    player_hint(play.player);
    assert_int_equal(said(&play, "The lesson is over"), 1);
    end(&play);
    start(&play, "@pause\n\n    server> 1\n");
    player_hint(play.player);
    assert_int_equal(said(&play, "Nothing is asked here: Enter goes on."), 1);
    end(&play);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_are_compared),        cmocka_unit_test(nonsense_does_not_count),
        cmocka_unit_test(an_empty_line_is_answered),   cmocka_unit_test(the_solution_is_not_given_at_once),
        cmocka_unit_test(outcomes_are_in_words),       cmocka_unit_test(the_kernel_is_the_judge),
        cmocka_unit_test(what_a_task_lacks_is_told),   cmocka_unit_test(closed_is_not_close),
        cmocka_unit_test(lacks_are_in_words),          cmocka_unit_test(the_end_names_the_lesson),
        cmocka_unit_test(a_return_can_be_tried_again), cmocka_unit_test(hints_fit_the_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

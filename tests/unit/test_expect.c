/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expectations are read: every kind, and every refusal with its place. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "lesson/expect_rows.h"
#include "lesson/judge.h"
#include "lesson/load.h"
#include "lesson_text.h"

static void every_kind_of_expectation(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "    server> 1\n"
                                     "      = 0x10\n"
                                     "      = -1 ECONNREFUSED\n"
                                     "      client returns ANY\n"
                                     "      blocks in accept\n"
                                     "      server blocks\n"
                                     "      client prints \"a\\n\" \"b\"\n"
                                     "      value {1, 2}\n"
                                     "      exits 255\n"
                                     "      not client killed SIGPIPE\n"
                                     "      fault memory\n"
                                     "      client calls connect(3, ...) = -1 ECONNREFUSED\n");
    const struct expectation *e = lesson.items[0].expectations;
    assert_int_equal(lesson.items[0].expectation_count, 11);
    assert_int_equal(e[0].number, 16);
    assert_int_equal(e[1].number, -1);
    assert_int_equal(e[1].error, ECONNREFUSED);
    assert_int_equal(e[2].kind, EXPECT_RETURNS);
    assert_true(e[2].any);
    assert_string_equal(e[2].actor, "client");
    assert_string_equal(e[3].wanted, "accept");
    assert_string_equal(e[4].wanted, "");
    assert_int_equal(e[5].wanted_length, 3);
    assert_string_equal(e[5].wanted, "a\nb");
    assert_string_equal(e[6].wanted, "{1, 2}");
    assert_int_equal(e[7].number, 255);
    assert_int_equal(e[8].number, SIGPIPE);
    assert_true(e[8].negated);
    assert_string_equal(e[8].text, "not client killed SIGPIPE");
    assert_int_equal(e[9].fault, ERROR_MEMORY);
    assert_int_equal(e[10].error, ECONNREFUSED);
    lesson_free(&lesson);
}

/* Nothing is left out of the table, no word is there twice, and a hint names them all. */
static void every_kind_has_its_row(void **state) {
    (void)state;
    struct buf known = {0};
    buf_add_text(&known, "it knows:");
    for (size_t i = 0; i < EXPECT_KINDS; i++) {
        const struct expect_row *row = expect_row((enum expect_kind)i);
        assert_non_null(row->word);
        assert_true(expectation_word(row->word));
        assert_non_null(row->read);
        assert_non_null(row->judge);
        assert_non_null(row->predictor);
        assert_non_null(row->says);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(expect_row((enum expect_kind)j)->word, row->word);
        buf_addf(&known, " %s", row->word);
    }
    refuse(HEAD "    server> 1\n      xyzzy 1\n", "x.les:6:7: this sockshell knows no expectation \"xyzzy\"",
           buf_text(&known));
    buf_free(&known);
}

static void bad_expectations(void **state) {
    (void)state;
#define STEP HEAD "    server> 1\n      "
    refuse(STEP "= three\n", "x.les:6:9: a result is missing here", NULL);
    refuse(STEP "= 99999999999999999999\n", "x.les:6:9: a result is missing here", NULL);
    refuse(STEP "= 3 ECONNREFUSED\n", "x.les:6:11: only -1 is followed by the name of an error", NULL);
    refuse(STEP "= -1 ECONREFUSED\n", "x.les:6:12: \"ECONREFUSED\" is not the name of an error",
           "did you mean \"ECONNREFUSED\"?");
    refuse(STEP "bloks\n", "x.les:6:7: this sockshell knows no expectation \"bloks\"",
           "did you mean \"blocks\"?");
    refuse(STEP "frob client SYN\n", "x.les:6:7: this sockshell knows no expectation \"frob\"", NULL);
    refuse(STEP "client frob SYN\n", "x.les:6:14: this sockshell knows no expectation \"frob\"", NULL);
    refuse(STEP "clint returns 3\n", "x.les:6:7: no actor is called \"clint\" in this lesson",
           "did you mean \"client\"?");
    refuse(STEP "blocks on accept\n", "x.les:6:14: after \"blocks\" stands nothing, or: in accept", NULL);
    refuse(STEP "blocks in axcept\n", "x.les:6:17: \"axcept\" is not a call", NULL);
    refuse(STEP "prints hello\n", "x.les:6:14: what is printed is written as in C: \"text\\n\"", NULL);
    refuse(STEP "prints \"\"\n", "x.les:6:14: what is printed is written as in C: \"text\\n\"", NULL);
    refuse(STEP "prints \"a\" + 1\n", "x.les:6:14: what is printed is written as in C: \"text\\n\"", NULL);
    refuse(STEP "value\n", "x.les:6:12: the value is missing here", NULL);
    refuse(STEP "exits 256\n", "x.les:6:13: an exit status is a number from 0 to 255", NULL);
    refuse(STEP "killed SIGPIP\n", "x.les:6:14: \"SIGPIP\" is not the name of a signal",
           "did you mean \"SIGPIPE\"?");
    refuse(STEP "fault memroy\n", "x.les:6:13: \"memroy\" is not a kind of mistake",
           "did you mean \"memory\"?");
    refuse(STEP "calls acept(3) = 4\n", "x.les:6:13: \"acept\" is not a call", NULL);
    refuse(STEP "calls accept\n", "x.les:6:13: \"accept\" needs its arguments, and be a system call", NULL);
    refuse(STEP "calls accept(3) = -1 EAGIAN\n", "x.les:6:28: \"EAGIAN\" is not the name of an error",
           "did you mean \"EAGAIN\"?");
#undef STEP
}

static void sockets_are_named(void **state) {
    (void)state;
    struct lesson lesson = load("sockshell-lesson 1\ntitle: T\nactors: a, a.b\n\n    a> 1\n"
                                "      state 3 LISTEN\n"
                                "      a.b state sv[10] closed\n"
                                "      state a.b.sock unconnected\n"
                                "      a state a.b.4 TIME_WAIT\n"
                                "      peer a.sock a.b.sock\n");
    const struct expectation *e = lesson.items[0].expectations;
    assert_string_equal(e[0].socket.actor, "a");
    assert_int_equal(e[0].socket.fd, 3);
    assert_null(e[0].socket.variable);
    assert_string_equal(e[1].socket.actor, "a.b");
    assert_string_equal(e[1].socket.variable, "sv[10]");
    assert_string_equal(e[2].actor, "a.b"); /* it is about whose socket it is */
    assert_string_equal(e[2].socket.variable, "sock");
    assert_string_equal(e[3].actor, "a.b");
    assert_int_equal(e[3].socket.fd, 4);
    assert_string_equal(e[4].other.actor, "a.b");
    assert_true(lesson.asks_kernel);
    assert_false(lesson.asks_changes);
    lesson_free(&lesson);
}

/* Whom a fork() will make takes part, and is not begun with. */
static void children_are_named(void **state) {
    (void)state;
    struct lesson lesson = load("sockshell-lesson 1\ntitle: T\nactors: a, a.1, a.1.1, b.2, a.x\n\n    a> 1\n"
                                "      state a.1.fd LISTEN\n      a.1.1 blocks\n\n    a.1> 1\n");
    assert_string_equal(lesson.actors[0], "a");
    assert_string_equal(lesson.actors[1], "b.2"); /* no b takes part whose child it could be */
    assert_string_equal(lesson.actors[2], "a.x");
    assert_null(lesson.actors[3]);
    assert_string_equal(lesson_actor(&lesson, 3), "a.1");
    assert_string_equal(lesson_actor(&lesson, 4), "a.1.1");
    assert_null(lesson_actor(&lesson, 5));
    assert_string_equal(lesson.items[0].expectations[0].socket.actor, "a.1");
    assert_string_equal(lesson.items[0].expectations[1].actor, "a.1.1");
    assert_string_equal(lesson.items[1].actor, "a.1");
    lesson_free(&lesson);
    refuse("sockshell-lesson 1\nactors: a, a.1, a.1\n", "x.les:2:17: actor \"a.1\" is named twice", NULL);
    refuse("sockshell-lesson 1\nactors: a,a.1,a.2,a.3,a.4,a.5,a.6,a.7,a.8\n",
           "x.les:2:39: a lesson has at most 8 actors", NULL);
}

static void what_is_expected_of_sockets(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "    server> 1\n"
                                     "      queue s accept 1 of 3\n"
                                     "      queue client.c receive ANY\n"
                                     "      queue s send 22\n"
                                     "      local s 127.0.0.1:8888\n"
                                     "      local s [0:0:0::1]:ANY\n"
                                     "      local s ANY:80\n"
                                     "      peer s ANY\n"
                                     "      peer s \"@name\"\n"
                                     "      option s SO_LINGER {onoff=1, linger=0}\n"
                                     "      within 300ms not client sent sock \"a\\0b\"\n");
    const struct expectation *e = lesson.items[0].expectations;
    assert_int_equal(e[0].queue, QUEUE_ACCEPT);
    assert_int_equal(e[0].number, 1);
    assert_int_equal(e[0].of, 3);
    assert_int_equal(e[1].queue, QUEUE_RECEIVE);
    assert_true(e[1].any);
    assert_int_equal(e[1].of, -1);
    assert_int_equal(e[2].number, 22);
    assert_string_equal(e[3].wanted, "{AF_INET, 127.0.0.1:8888}");
    assert_string_equal(e[4].wanted, "{AF_INET6, [::1]:...}");
    assert_string_equal(e[5].wanted, "{...:80}");
    assert_string_equal(e[6].wanted, "...");
    assert_string_equal(e[7].wanted, "{AF_UNIX, @\"name\"}");
    assert_string_equal(e[8].option, "SO_LINGER");
    assert_string_equal(e[8].wanted, "{onoff=1, linger=0}");
    assert_int_equal(e[9].kind, EXPECT_SENT);
    assert_int_equal(e[9].within_ms, 300);
    assert_int_equal(e[9].wanted_length, 3);
    assert_true(e[9].negated);
    assert_string_equal(e[9].actor, "client");
    assert_false(lesson.asks_changes);
    lesson_free(&lesson);

    lesson = load(HEAD "    server> 1\n      within 2s changes \"A -> B … c\"\n      client changes s \"x\"\n"
                       "      client changes \"x\"\n      explains connect-ECONNREFUSED\n"
                       "      explains getaddrinfo-EAI_NONAME\n      explains recv-0\n"
                       "      explains bind-EADDRINUSE-time-wait\n      explains write-EPIPE-closed\n");
    e = lesson.items[0].expectations;
    assert_int_equal(e[0].within_ms, 2000);
    assert_null(e[0].socket.actor);
    assert_string_equal(e[0].wanted, "...A → B ... c...");
    assert_string_equal(e[1].socket.variable, "s");
    assert_string_equal(e[2].socket.actor, "client");
    assert_int_equal(e[2].socket.fd, -1);
    assert_string_equal(e[3].wanted, "connect-ECONNREFUSED");
    assert_true(lesson.asks_changes);
    assert_false(lesson.asks_kernel);
    lesson_free(&lesson);
}

static void bad_expectations_of_sockets(void **state) {
    (void)state;
#define STEP HEAD "    server> 1\n      "
    refuse(STEP "state\n", "x.les:6:12: a socket is missing here", NULL);
    refuse(STEP "state s\n", "x.les:6:14: \"\" is not a state", NULL);
    refuse(STEP "state s LISTENING\n", "x.les:6:15: \"LISTENING\" is not a state", "did you mean \"LISTEN\"?");
    refuse(STEP "state clint.s LISTEN\n", "x.les:6:13: no actor is called \"clint\" in this lesson",
           "did you mean \"client\"?");
    refuse(STEP "state s[x] LISTEN\n", "x.les:6:13: a socket is missing here",
           "a descriptor or the variable that holds it, of the step's actor or another: 3, sock, "
           "server.client_sock, client.sv[0]");
    refuse(STEP "state 99999999999 LISTEN\n", "x.les:6:13: a socket is missing here", NULL);
    refuse(STEP "state client. LISTEN\n", "x.les:6:13: a socket is missing here", NULL);
    refuse(STEP "queue s recieve 1\n", "x.les:6:15: \"recieve\" is not a queue", "did you mean \"receive\"?");
    refuse(STEP "queue s accept\n", "x.les:6:21: a number is missing here", NULL);
    refuse(STEP "queue s accept -1\n", "x.les:6:22: a number is missing here", NULL);
    refuse(STEP "queue s accept 1 of\n", "x.les:6:24: nothing more belongs here", NULL);
    refuse(STEP "queue s send 1 of 3\n", "x.les:6:22: nothing more belongs here", NULL);
    refuse(STEP "local s\n", "x.les:6:14: this is not an address", NULL);
    refuse(STEP "local s 127.0.0.1\n", "x.les:6:15: this is not an address", NULL);
    refuse(STEP "local s 127.0.0.1:65536\n", "x.les:6:15: this is not an address", NULL);
    refuse(STEP "local s 127.0.0:80\n", "x.les:6:15: this is not an address", NULL);
    refuse(STEP "local s [::1:80\n", "x.les:6:15: this is not an address", NULL);
    refuse(STEP "local s 127.0.0.1:any\n", "x.les:6:15: this is not an address",
           "127.0.0.1:8888, [::1]:8888 or a path in quotes, with ANY for what may be anything "
           "(127.0.0.1:ANY); or another socket, whose address it is");
    refuse(STEP "peer s clint.s\n", "x.les:6:14: no actor is called \"clint\" in this lesson", NULL);
    refuse(STEP "peer s client.s 4\n", "x.les:6:23: nothing more belongs here", NULL);
    refuse(STEP "option s SO_REUSEADR 1\n", "x.les:6:16: \"SO_REUSEADR\" is not an option of sockets",
           "did you mean \"SO_REUSEADDR\"?");
    refuse(STEP "option s SO_REUSEADDR\n", "x.les:6:28: the value is missing here", NULL);
    refuse(STEP "sent s hello\n", "x.les:6:14: what went through a socket is written as in C: \"text\\n\"", NULL);
    refuse(STEP "changes CLOSE\n", "x.les:6:20: a change is written as in C: \"text\\n\"", NULL);
    refuse(STEP "explains send-EPIPE-closd\n", "x.les:6:16: no explanation has the id \"send-EPIPE-closd\"",
           "did you mean \"EPIPE-closed\"?");
    refuse(STEP "explains accept-EADDRINUSE-time-wait\n",
           "x.les:6:16: no explanation has the id \"accept-EADDRINUSE-time-wait\"", NULL);
    refuse(STEP "explains conect-EPIPE\n", "x.les:6:16: no explanation has the id \"conect-EPIPE\"", NULL);
    refuse(STEP "explains\n", "x.les:6:15: no explanation has the id \"\"", NULL);
    refuse(STEP "within 2 state s LISTEN\n", "x.les:6:14: after \"within\" stands a time",
           "a number of seconds or milliseconds, at most 10 s: within 2s, within 300ms");
    refuse(STEP "within 11s state s LISTEN\n", "x.les:6:14: after \"within\" stands a time", NULL);
    refuse(STEP "within 0ms state s LISTEN\n", "x.les:6:14: after \"within\" stands a time", NULL);
    refuse(STEP "within 1s\n", "x.les:6:16: this sockshell knows no expectation \"\"", NULL);
#undef STEP
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_expectation),
        cmocka_unit_test(every_kind_has_its_row),
        cmocka_unit_test(bad_expectations),
        cmocka_unit_test(sockets_are_named),
        cmocka_unit_test(children_are_named),
        cmocka_unit_test(what_is_expected_of_sockets),
        cmocka_unit_test(bad_expectations_of_sockets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

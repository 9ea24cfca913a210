/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lessons: loading (what is right, every refusal with its place), and judging events by expectations. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "journal/journal.h"
#include "lesson/expect_rows.h"
#include "lesson/judge.h"
#include "lesson/load.h"

#define HEAD "sockshell-lesson 1\ntitle: T\nactors: server, client\n\n"

/* ---- Loading ---- */

static struct lesson load(const char *text) {
    struct lesson lesson;
    struct error error = {0};
    if (!lesson_parse("x.les", text, strlen(text), 0, &lesson, &error))
        fail_msg("%s", error.text);
    assert_null(error.text);
    return lesson;
}

static void refuse_bytes(const char *bytes, size_t length, const char *expected, const char *hint) {
    struct lesson lesson;
    struct error error = {0};
    assert_false(lesson_parse("x.les", bytes, length, 0, &lesson, &error));
    assert_string_equal(error.text, expected);
    if (hint) {
        assert_non_null(error.hint);
        assert_string_equal(error.hint, hint);
    }
    assert_null(lesson.items);
    assert_null(lesson.path);
    error_free(&error);
}

static void refuse(const char *text, const char *expected, const char *hint) {
    refuse_bytes(text, strlen(text), expected, hint);
}

static void a_lesson_is_read(void **state) {
    (void)state;
    struct lesson lesson = load("sockshell-lesson 1\n"
                                "title:  The title \n"
                                "summary: A: summary\n"
                                "actors: server ,client\n"
                                "network: host\n"
                                "source: somewhere\n"
                                "needs: ipv6\n"
                                "\n"
                                "# A heading\n"
                                "One paragraph\n"
                                "of two lines.\n"
                                "\n"
                                "- an item\n"
                                "  of two lines\n"
                                "12. another\n"
                                "    server> x = 3;\n"
                                "    client< some  words\n"
                                "      not blocks\n"
                                "    .restart client\n");
    assert_string_equal(lesson.name, "x");
    assert_string_equal(lesson.title, "The title");
    assert_string_equal(lesson.summary, "A: summary");
    assert_string_equal(lesson.source, "somewhere");
    assert_int_equal(lesson.needs, NEED_IPV6);
    assert_false(lesson.private_network);
    assert_int_equal(lesson.actor_count, 2);
    assert_string_equal(lesson.actors[0], "server");
    assert_string_equal(lesson.actors[1], "client");
    assert_null(lesson.actors[2]);
    assert_int_equal(lesson.item_count, 7);
    assert_int_equal(lesson.items[0].kind, ITEM_HEADING);
    assert_string_equal(lesson.items[0].text, "A heading");
    assert_string_equal(lesson.items[1].text, "One paragraph of two lines.");
    assert_int_equal(lesson.items[1].line, 10);
    assert_string_equal(lesson.items[2].text, "- an item of two lines");
    assert_string_equal(lesson.items[3].text, "12. another");
    assert_int_equal(lesson.items[4].step, STEP_STATEMENT);
    assert_string_equal(lesson.items[4].text, "x = 3;");
    assert_int_equal(lesson.items[5].step, STEP_INPUT);
    assert_string_equal(lesson.items[5].text, "some  words");
    assert_int_equal(lesson.items[5].expectation_count, 1);
    assert_true(lesson.items[5].expectations[0].negated);
    assert_string_equal(lesson.items[5].expectations[0].actor, "client");
    assert_int_equal(lesson.items[5].expectations[0].line, 18);
    assert_int_equal(lesson.items[6].step, STEP_COMMAND);
    assert_string_equal(lesson.items[6].actor, "client");
    lesson_free(&lesson);
}

static void what_may_be_left_out(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "    server> 1\n");
    assert_string_equal(lesson.summary, "");
    assert_string_equal(lesson.source, "");
    assert_int_equal(lesson.needs, 0);
    assert_true(lesson.private_network);
    lesson_free(&lesson);
}

static void windows_files_are_read(void **state) {
    (void)state;
    struct lesson lesson =
        load("\xef\xbb\xbfsockshell-lesson 1\r\ntitle: T\r\nactors: server\r\n\r\nProse\r\n\r\n"
             "    server> f(1,\r\n            2)\r\n      = 3\r\n");
    assert_int_equal(lesson.item_count, 2);
    assert_string_equal(lesson.items[0].text, "Prose");
    assert_string_equal(lesson.items[1].text, "f(1, 2)");
    lesson_free(&lesson);
}

static void statements_go_on(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "    server> while (1) {\n"
                                     "            x = 1;\n"
                                     "        }\n"
                                     "      blocks\n"
                                     "    server> if (x) { y = 1; }\n"
                                     "        else { y = 2; }\n"
                                     "    server> listen 3 5\n");
    assert_int_equal(lesson.item_count, 3);
    assert_string_equal(lesson.items[0].text, "while (1) { x = 1; }");
    assert_string_equal(lesson.items[0].listing, "while (1) {\n    x = 1;\n}");
    assert_null(lesson.items[2].listing);
    assert_int_equal(lesson.items[0].expectation_count, 1);
    assert_string_equal(lesson.items[1].text, "if (x) { y = 1; } else { y = 2; }");
    assert_string_equal(lesson.items[2].text, "listen 3 5");
    lesson_free(&lesson);
}

static void steps_as_typed(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "    server>  x = 3\n    client<\n    .eof  client\n");
    static const char *const lines[] = {"server>  x = 3", "client< ", ".eof  client"};
    for (size_t i = 0; i < 3; i++) {
        char *line = lesson_step_line(&lesson.items[i]);
        assert_string_equal(line, lines[i]);
        free(line);
    }
    lesson_free(&lesson);
}

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
        assert_non_null(row->predicts);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(expect_row((enum expect_kind)j)->word, row->word);
        buf_addf(&known, " %s", row->word);
    }
    refuse(HEAD "    server> 1\n      xyzzy 1\n", "x.les:6:7: this sockshell knows no expectation \"xyzzy\"",
           buf_text(&known));
    buf_free(&known);
}

static void bad_bytes(void **state) {
    (void)state;
    refuse_bytes(HEAD "a\0b", sizeof(HEAD "a\0b") - 1,
                 "x.les:5:2: the control character 0x00 does not belong in a lesson", NULL);
    refuse(HEAD "a\x1b[2J", "x.les:5:2: the control character 0x1b does not belong in a lesson", NULL);
    refuse(HEAD "a\rb", "x.les:5:2: the control character 0x0d does not belong in a lesson", NULL);
    refuse(HEAD "\xc3\xa4\xc2\x9b", "x.les:5:2: the control character 0x9b does not belong in a lesson",
           NULL);
    refuse(HEAD "\xc3\xa4\xff", "x.les:5:2: byte 0xff is not UTF-8 text", NULL);
    refuse(HEAD "\tindented", "x.les:5:1: indent with blanks, not with tabs", NULL);
}

static void bad_headers(void **state) {
    (void)state;
    refuse("", "x.les:1:1: this is not a lesson of sockshell", "its first line must be: sockshell-lesson 1");
    refuse("title: T\n", "x.les:1:1: this is not a lesson of sockshell", NULL);
    refuse("sockshell-lesson 2\n",
           "x.les:1:18: this lesson is of version \"2\"; this sockshell reads version 1", NULL);
    refuse("sockshell-lesson 1\ntitel: T\n", "x.les:2:1: unknown key \"titel\"", "did you mean \"title\"?");
    refuse("sockshell-lesson 1\ntitle: T\ntitle: U\n", "x.les:3:1: \"title\" is given twice", NULL);
    refuse("sockshell-lesson 1\ntitle:\n", "x.les:2:7: \"title\" has no value", NULL);
    refuse("sockshell-lesson 1\ntitle: T\n\n", "x.les:3:1: the header ends here without \"actors:\"", NULL);
    refuse("sockshell-lesson 1\nprose\n",
           "x.les:2:1: the header has lines \"key: value\" and ends with an empty line", NULL);
    refuse("sockshell-lesson 1\nnetwork: privat\n", "x.les:2:1: there is no network \"privat\"",
           "did you mean \"private\"?");
    refuse("sockshell-lesson 1\nneeds: ipv6, ipv4\n", "x.les:2:14: this sockshell knows no need \"ipv4\"",
           NULL);
    refuse("sockshell-lesson 1\nactors: a, 2b\n", "x.les:2:12: \"2b\" cannot be an actor's name", NULL);
    refuse("sockshell-lesson 1\nactors: a, a\n", "x.les:2:12: actor \"a\" is named twice", NULL);
    refuse("sockshell-lesson 1\nactors: a, , b\n", "x.les:2:12: a name is missing here", NULL);
    refuse("sockshell-lesson 1\nactors: a, listen\n",
           "x.les:2:12: \"listen\" has a meaning of its own and cannot be an actor's name", NULL);
    refuse("sockshell-lesson 1\nactors: not\n",
           "x.les:2:9: \"not\" has a meaning of its own and cannot be an actor's name", NULL);
    refuse("sockshell-lesson 1\nactors: a,b,c,d,e,f,g,h,i\n", "x.les:2:25: a lesson has at most 8 actors",
           NULL);
}

static void bad_lines(void **state) {
    (void)state;
    refuse(HEAD "#heading\n", "x.les:5:1: a heading is one \"#\", a blank, and its words", NULL);
    refuse(HEAD "@perdict x\n", "x.les:5:1: this sockshell knows no directive \"@perdict\"", "did you mean \"predict\"?");
    refuse(HEAD "     server> 1\n", "x.les:5:6: a line cannot be indented by 5 here", NULL);
    refuse(HEAD "      = 3\n",
           "x.les:5:7: a line indented by 6 is an expectation and stands directly under its step", NULL);
    refuse(HEAD "    server> 1\n\n      = 3\n",
           "x.les:7:7: a line indented by 6 is an expectation and stands directly under its step", NULL);
    refuse(HEAD "Prose only\n", "x.les:6:1: the lesson ends without a step", NULL);
    refuse(HEAD, "x.les:5:1: the lesson ends without a step", NULL);
}

static void bad_steps(void **state) {
    (void)state;
    refuse(HEAD "    listen(3, 3)\n", "x.les:5:5: a line indented by 4 is a step and names its actor",
           "server> and a statement, server< and input, or a paragraph indented by less");
    refuse(HEAD "    sever> 1\n", "x.les:5:5: no actor is called \"sever\" in this lesson",
           "did you mean \"server\"?");
    refuse(HEAD "    server>\n", "x.les:5:12: a statement is missing after \"server>\"", NULL);
    refuse(HEAD "    .quit\n", "x.les:5:5: \".quit\" is not a step of a lesson",
           "of the shell's commands a lesson may use .restart, .interrupt, .kill and .eof, and where it has "
           "hosts .link, .deliver, .drop, .duplicate and .swap");
    refuse(HEAD "    .restat server\n", "x.les:5:5: \".restat\" is not a step of a lesson",
           "did you mean \".restart\"?");
    refuse(HEAD "    .restart\n", "x.les:5:13: .restart needs the name of an actor", NULL);
    refuse(HEAD "    .restart clinet\n", "x.les:5:14: no actor is called \"clinet\" in this lesson",
           "did you mean \"client\"?");
}

/* A syntax error's wording is the parser's; its place is ours. */
static void refuse_at(const char *text, const char *place) {
    struct lesson lesson;
    struct error error = {0};
    assert_false(lesson_parse("x.les", text, strlen(text), 0, &lesson, &error));
    if (strncmp(error.text, place, strlen(place)) != 0)
        fail_msg("expected %s…, seen %s", place, error.text);
    error_free(&error);
}

static void syntax_errors_have_their_place(void **state) {
    (void)state;
    refuse_at(HEAD "    server> x = = 3\n", "x.les:5:17: ");
    refuse_at(HEAD "    server> f(\"\xc3\xa4\xc3\xb6\", = 3)\n", "x.les:5:21: ");
    refuse_at(HEAD "    server> while (1) {\n            x = = 3;\n        }\n", "x.les:6:17: ");
    refuse_at(HEAD "    server> while (1) {\n            x = 3;\n\n        }\n", "x.les:");
    refuse_at(HEAD "    server> x = (3 +\n      = 3\n", "x.les:5:");
}

static void comments_swallow_the_rest(void **state) {
    (void)state;
    struct lesson lesson;
    struct error error = {0};
    const char *text = HEAD "    server> while (1) { // for ever\n            x = 1;\n        }\n";
    assert_false(lesson_parse("x.les", text, strlen(text), 0, &lesson, &error));
    assert_string_equal(error.hint, "the lines of a statement are joined: write its comments as /* … */");
    error_free(&error);
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

static void limits_hold(void **state) {
    (void)state;
    struct buf text = {0};
    buf_add_text(&text, HEAD);
    for (int i = 0; i < LESSON_LINE_MAX + 1; i++)
        buf_add_char(&text, 'x');
    refuse(buf_text(&text), "x.les:5:4097: this line is longer than 4096 bytes", NULL);
    buf_clear(&text);
    buf_add_text(&text, HEAD);
    for (int i = 0; i <= LESSON_ITEMS_MAX; i++)
        buf_add_text(&text, "# x\n");
    refuse(buf_text(&text), "x.les:2005:1: a lesson has at most 2000 headings, paragraphs and steps", NULL);
    buf_clear(&text);
    buf_add_text(&text, HEAD "    server> 1\n");
    for (int i = 0; i <= LESSON_EXPECTATIONS_MAX; i++)
        buf_add_text(&text, "      blocks\n");
    refuse(buf_text(&text), "x.les:56:7: a step has at most 50 expectations", NULL);
    buf_clear(&text);
    buf_add_text(&text, HEAD "    server> {\n");
    for (int i = 0; i <= LESSON_STATEMENT_LINES; i++)
        buf_add_text(&text, "        x = 1;\n");
    refuse(buf_text(&text), "x.les:105:9: a statement has at most 100 lines", NULL);
    buf_clear(&text);
    while (text.length <= LESSON_BYTES_MAX)
        buf_add_text(&text, "sockshell-lesson 1\n");
    refuse(buf_text(&text), "x.les: a lesson has at most 1048576 bytes", NULL);
    buf_free(&text);
}

/* ---- Finding ---- */

static void write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void lessons_are_found(void **state) {
    (void)state;
    char folder[] = "/tmp/test-lesson-XXXXXX", *path;
    struct error error = {0};
    assert_non_null(mkdtemp(folder));
    char file[sizeof(folder) + 16];
    snprintf(file, sizeof(file), "%s/morning.les", folder);
    write_file(file, HEAD "    server> 1\n");
    setenv("SOCKSHELL_LESSONS", folder, 1);

    assert_true(lesson_find("morning", &path, &error));
    assert_string_equal(path, file);
    free(path);
    assert_true(lesson_find("morning.les", &path, &error));
    assert_string_equal(path, file);
    struct lesson lesson;
    assert_true(lesson_load(path, 0, &lesson, &error));
    assert_string_equal(lesson.name, "morning");
    lesson_free(&lesson);
    free(path);
    assert_true(lesson_find("./anything", &path, &error));
    assert_string_equal(path, "./anything");
    assert_false(lesson_load(path, 0, &lesson, &error));
    assert_string_equal(error.text, "./anything cannot be opened: No such file or directory");
    error_free(&error);
    free(path);
    assert_false(lesson_find("mornin", &path, &error));
    assert_string_equal(error.hint, "did you mean morning?");
    error_free(&error);
    assert_false(lesson_find("", &path, &error));
    error_free(&error);
    assert_false(lesson_load(folder, 0, &lesson, &error));
    assert_non_null(strstr(error.text, "is not a file"));
    error_free(&error);

    unsetenv("SOCKSHELL_LESSONS");
    unlink(file);
    rmdir(folder);
}

/* ---- Judging ---- */

struct told {
    struct buf text; /* "met" or "expected …; seen …" lines */
};

static void tell(void *context, const struct verdict *verdict) {
    struct told *told = context;
    if (verdict->met)
        buf_addf(&told->text, "%u met\n", verdict->line);
    else
        buf_addf(&told->text, "%u expected %s; seen %s\n", verdict->line, verdict->expected, verdict->seen);
}

/* The verdicts on a step of the server with these lines under it. */
static void judged(const struct journal *journal, uint64_t before, enum judge_how how, const char *under,
                   const char *expected) {
    struct buf text = {0};
    buf_addf(&text, HEAD "    server> 1\n%s", under);
    struct lesson lesson = load(buf_text(&text));
    struct told told = {0};
    struct evidence evidence = {.journal = journal, .before = before};
    judge_step(&evidence, &lesson.items[0], how, tell, &told);
    assert_string_equal(buf_text(&told.text), expected);
    buf_free(&told.text);
    buf_free(&text);
    lesson_free(&lesson);
}

static void returned(struct journal *journal, const char *actor, const char *name, const char *text,
                     const char *extra, int64_t result, int error) {
    journal_add(journal, &(struct event){.type = EVENT_RETURNED,
                                         .actor = actor,
                                         .name = name,
                                         .text = text,
                                         .extra = extra,
                                         .result = result,
                                         .error = error});
}

static void happened(struct journal *journal, enum event_type type, const char *actor, const char *name,
                     const char *text) {
    journal_add(journal, &(struct event){.type = type, .actor = actor, .name = name, .text = text});
}

static void printed(struct journal *journal, const char *actor, const char *text) {
    journal_add(
        journal,
        &(struct event){
            .type = EVENT_OUTPUT, .actor = actor, .data = text, .data_length = strlen(text), .stream = 1});
}

static void results_are_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    returned(journal, "server", "socket", "socket(2, 1, 0)", "3", 3, 0);
    uint64_t before = journal_last(journal);
    judged(journal, before, JUDGE_STRICT, "      = 3\n", "6 expected = 3; seen no system call returned\n");
    returned(journal, "client", "socket", "socket(2, 1, 0)", "3", 3, 0);
    returned(journal, "server", "listen", "listen(3, 3)", "0", 0, 0);
    returned(journal, "server", "bind", "bind(3)", "0", 0, 0);
    judged(journal, before, JUDGE_STRICT, "      = 0\n      = ANY\n      not = 3\n      client returns 3\n",
           "6 met\n7 met\n8 met\n9 met\n");
    judged(journal, before, JUDGE_STRICT, "      = 3\n      = -1\n",
           "6 expected = 3; seen bind(3) = 0\n"
           "7 expected = -1; seen bind(3) = 0\n");
    judged(journal, before, JUDGE_STRICT, "      not returns 0\n",
           "6 expected not returns 0; seen listen(3, 3) = 0\n");
    journal_free(journal);
}

static void failures_must_be_expected(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    returned(journal, "server", "connect", "connect(3)", "-1 ECONNREFUSED (Connection refused)", -1,
             ECONNREFUSED);
    judged(journal, 0, JUDGE_STRICT, "",
           "5 expected no call that fails; seen connect(3) = -1 ECONNREFUSED (Connection refused)\n");
    judged(journal, 0, JUDGE_STRICT, "      = -1 ECONNREFUSED\n      = -1\n", "6 met\n7 met\n");
    judged(journal, 0, JUDGE_STRICT, "      calls connect(3) = -1 ECONNREFUSED\n", "6 met\n");
    judged(journal, 0, JUDGE_STRICT, "      calls connect(3)\n",
           "6 met\n5 expected no call that fails; seen connect(3) = -1 ECONNREFUSED (Connection refused)\n");
    judged(journal, 0, JUDGE_STRICT, "      = -1 EADDRINUSE\n",
           "6 expected = -1 EADDRINUSE; seen connect(3) = -1 ECONNREFUSED (Connection refused)\n"
           "5 expected no call that fails; seen connect(3) = -1 ECONNREFUSED (Connection refused)\n");
    journal_free(journal);
}

static void sleep_is_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    happened(journal, EVENT_ENTERED, "server", "accept", "accept(3, …)");
    judged(journal, 0, JUDGE_STRICT, "      blocks\n",
           "6 expected blocks; seen server is in accept(3, …) and not asleep\n");
    assert_null(judge_blocked_in(journal, "server"));
    happened(journal, EVENT_BLOCKED, "server", "accept", "accept(3, …)");
    /* Output read late, and a line that was refused, do not wake it. */
    printed(journal, "server", "late");
    happened(journal, EVENT_LINE, "server", "", "1");
    assert_string_equal(judge_blocked_in(journal, "server"), "accept");
    judged(journal, journal_last(journal), JUDGE_STRICT,
           "      blocks\n      blocks in accept\n      blocks in recv\n",
           "6 met\n7 met\n8 expected blocks in recv; seen server is blocked in accept(3, …)\n");
    returned(journal, "server", "accept", "accept(3)", "4", 4, 0);
    happened(journal, EVENT_DONE, "server", "", "");
    judged(journal, 0, JUDGE_STRICT, "      blocks\n", "6 expected blocks; seen server is in no call\n");
    assert_string_equal(judge_first_call(journal, "server", 0), "accept");
    assert_null(judge_first_call(journal, "client", 0));
    journal_free(journal);
}

static void output_is_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    printed(journal, "server", "before");
    uint64_t before = journal_last(journal);
    judged(journal, before, JUDGE_STRICT, "      prints \"e\"\n",
           "6 expected prints \"e\"; seen server printed nothing\n");
    printed(journal, "server", "Client dis");
    printed(journal, "client", "xx");
    printed(journal, "server", "connected\n\x1b");
    judged(journal, before, JUDGE_STRICT, "      prints \"disconnected\\n\"\n      prints \"before\"\n",
           "6 met\n7 expected prints \"before\"; seen \"Client disconnected\\n\\33\"\n");
    journal_free(journal);
}

static void calls_come_in_order(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    returned(journal, "server", "recv", "recv(4, \"hello\", 2000, 0)", "5", 5, 0);
    returned(journal, "client", "recv", "recv(3, \"hello\", 9, 0)", "5", 5, 0);
    returned(journal, "server", "write", "write(4, \"hello\", 5)", "5", 5, 0);
    judged(journal, 0, JUDGE_STRICT,
           "      calls recv(4, \"hello\", 2000, 0) = 5\n"
           "      calls write(...) = 5\n"
           "      client calls recv(3, ...)\n",
           "6 met\n7 met\n8 met\n");
    judged(journal, 0, JUDGE_STRICT, "      calls write(4, ..., 5)\n      calls recv(...)\n",
           "6 met\n7 expected calls recv(...); seen server made no such call\n");
    judged(journal, 0, JUDGE_STRICT, "      calls recv(4, ...) = 6\n      not calls close(...)\n",
           "6 expected calls recv(4, ...) = 6; seen recv(4, \"hello\", 2000, 0) = 5, write(4, \"hello\", 5) "
           "= 5\n7 met\n");
    journal_free(journal);
}

static void mistakes_must_be_expected(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    journal_add(journal,
                &(struct event){
                    .type = EVENT_FAULT, .actor = "server", .kind = ERROR_MEMORY, .text = "no NUL in it"});
    judged(journal, 0, JUDGE_STRICT, "", "5 expected no mistake; seen server: no NUL in it\n");
    judged(journal, 0, JUDGE_STRICT, "      fault memory\n", "6 met\n");
    judged(journal, 0, JUDGE_STRICT, "      fault type\n",
           "6 expected fault type; seen memory: no NUL in it\n");
    judged(journal, journal_last(journal), JUDGE_STRICT, "      fault type\n",
           "6 expected fault type; seen no mistake\n");
    assert_false(judge_refused(journal, 0));
    journal_add(journal,
                &(struct event){.type = EVENT_FAULT, .kind = ERROR_USAGE, .text = "server is blocked"});
    assert_true(judge_refused(journal, 0));
    judged(journal, 1, JUDGE_STRICT, "      fault usage\n", "6 met\n");
    journal_free(journal);
}

static void deaths_must_be_expected(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    journal_add(journal, &(struct event){.type = EVENT_DIED,
                                         .actor = "server",
                                         .result = SIGPIPE,
                                         .text = "was killed by SIGPIPE"});
    judged(journal, 0, JUDGE_STRICT, "", "5 expected that it lives on; seen server was killed by SIGPIPE\n");
    judged(journal, 0, JUDGE_STRICT, "      killed SIGPIPE\n", "6 met\n");
    judged(journal, 0, JUDGE_STRICT, "      exits 0\n",
           "6 expected exits 0; seen server was killed by SIGPIPE\n");
    judged(journal, 1, JUDGE_STRICT, "      exits 0\n", "6 expected exits 0; seen server lives\n");
    journal_add(journal,
                &(struct event){
                    .type = EVENT_DIED, .actor = "server", .result = 2 << 8, .text = "exited with status 2"});
    judged(journal, 1, JUDGE_STRICT, "      exits 2\n      not killed SIGPIPE\n", "6 met\n7 met\n");
    journal_add(journal, &(struct event){.type = EVENT_EXITING, .actor = "server", .result = 7});
    journal_add(journal,
                &(struct event){.type = EVENT_DIED, .actor = "server", .result = -1, .text = "has ended"});
    judged(journal, 2, JUDGE_STRICT, "      exits 7\n", "6 met\n");
    journal_free(journal);
}

static void restarting_ends_an_actor(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    struct lesson lesson = load(HEAD "    .restart server\n");
    journal_add(journal,
                &(struct event){.type = EVENT_DIED, .actor = "server", .result = SIGKILL, .text = "killed"});
    struct evidence evidence = {.journal = journal};
    assert_int_equal(judge_step(&evidence, &lesson.items[0], JUDGE_STRICT, NULL, NULL), 0);
    journal_add(journal,
                &(struct event){.type = EVENT_DIED, .actor = "client", .result = SIGKILL, .text = "killed"});
    assert_int_equal(judge_step(&evidence, &lesson.items[0], JUDGE_STRICT, NULL, NULL), 1);
    lesson_free(&lesson);
    journal_free(journal);
}

static void values_are_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    happened(journal, EVENT_VALUE, "server", "uint16_t", "47138");
    judged(journal, 0, JUDGE_STRICT, "      value 47138\n      value 8888\n",
           "6 met\n7 expected value 8888; seen 47138\n");
    journal_free(journal);
}

static void carried(struct journal *journal, const char *actor, int64_t fd, uint64_t cookie, bool out,
                    const char *data) {
    journal_add(journal, &(struct event){.type = EVENT_RETURNED,
                                         .actor = actor,
                                         .name = out ? "send" : "recv",
                                         .fd = fd,
                                         .cookie = cookie,
                                         .data_out = out,
                                         .data = data,
                                         .data_length = strlen(data)});
}

static void what_went_through_a_socket(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    carried(journal, "server", 4, 7, true, "before");
    uint64_t before = journal_last(journal);
    carried(journal, "server", 4, 7, false, "old"); /* this 4 is closed, and another socket becomes 4 */
    carried(journal, "server", 4, 8, true, "hel");
    carried(journal, "server", 3, 9, true, "xx");
    carried(journal, "client", 4, 8, true, "yy");
    carried(journal, "server", 4, 8, true, "lo\n");
    judged(journal, before, JUDGE_STRICT,
           "      sent 4 \"hello\\n\"\n      sent 4 \"before\"\n      received 4 \"old\"\n      not sent 3 \"hel\"\n",
           "6 met\n"
           "7 expected sent 4 \"before\"; seen \"hello\\n\"\n"
           "8 expected received 4 \"old\"; seen nothing was received\n9 met\n");
    judged(journal, before, JUDGE_OWN_WORDS, "      sent 4 \"else\"\n      sent client.3 \"else\"\n",
           "6 met\n7 expected sent client.3 \"else\"; seen nothing was sent\n");
    judged(journal, before, JUDGE_STRICT, "      sent sock \"x\"\n      state 4 LISTEN\n",
           "6 expected sent sock \"x\"; seen server has no int sock\n"
           "7 expected state 4 LISTEN; seen nobody who could be asked\n");
    journal_free(journal);
}

static void changes_are_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    judged(journal, 0, JUDGE_STRICT, "      changes \"LISTEN\"\n",
           "6 expected changes \"LISTEN\"; seen nothing changed\n");
    journal_add(journal, &(struct event){.type = EVENT_CHANGE, .actor = "server", .fd = 3,
                                         .text = "fd 3: CLOSE → LISTEN, accept queue 0/3"});
    journal_add(journal, &(struct event){.type = EVENT_CHANGE, .actor = "client", .fd = 4,
                                         .text = "client fd 4: SYN_SENT → CLOSE"});
    judged(journal, 0, JUDGE_STRICT,
           "      changes \"CLOSE -> LISTEN\"\n      changes 3 \"LISTEN...0/3\"\n      client changes \"CLOSE\"\n"
           "      changes 4 \"CLOSE\"\n      changes 3 \"SYN\"\n      not client changes \"LISTEN\"\n",
           "6 met\n7 met\n8 met\n"
           "9 expected changes 4 \"CLOSE\"; seen nothing changed\n"
           "10 expected changes 3 \"SYN\"; seen fd 3: CLOSE → LISTEN, accept queue 0/3\n11 met\n");
    journal_free(journal);
}

static void explanations_are_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    journal_add(journal, &(struct event){.type = EVENT_RETURNED, .actor = "server", .name = "bind",
                                         .text = "bind(3)", .extra = "-1", .result = -1, .error = EADDRINUSE,
                                         .id = "bind-EADDRINUSE-time-wait"});
    /* Who expects the explanation expects the failure. */
    judged(journal, 0, JUDGE_STRICT, "      explains bind-EADDRINUSE\n", "6 met\n");
    judged(journal, 0, JUDGE_STRICT, "      explains listen-EADDRINUSE\n",
           "6 expected explains listen-EADDRINUSE; seen bind-EADDRINUSE-time-wait\n"
           "5 expected no call that fails; seen bind(3) = -1\n");
    judged(journal, 0, JUDGE_STRICT, "      = -1\n      client explains bind-EADDRINUSE\n",
           "6 met\n7 expected client explains bind-EADDRINUSE; seen nothing was explained\n");
    journal_add(journal, &(struct event){.type = EVENT_DIED, .actor = "server", .result = SIGPIPE,
                                         .text = "was killed by SIGPIPE", .id = "send-SIGPIPE"});
    judged(journal, 1, JUDGE_STRICT, "      explains send-SIGPIPE\n", "6 met\n");
    journal_free(journal);
}

static void own_words_are_enough(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    returned(journal, "server", "recv", "recv(4, \"hi\", 2000, 0)", "2", 2, 0);
    printed(journal, "server", "hi\n");
    const char *under =
        "      returns 22\n      calls recv(4, \"hello\", 2000, 0) = 5\n      prints \"hello\"\n";
    judged(journal, 0, JUDGE_OWN_WORDS, under, "6 met\n7 met\n8 met\n");
    judged(journal, 0, JUDGE_OWN_WORDS, "      returns 0\n      calls send(...)\n      client prints \"x\"\n",
           "6 expected returns 0; seen recv(4, \"hi\", 2000, 0) = 2\n"
           "7 expected calls send(...); seen recv(4, \"hi\", 2000, 0) = 2\n"
           "8 expected client prints \"x\"; seen client printed nothing\n");
    journal_free(journal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_is_read),
        cmocka_unit_test(what_may_be_left_out),
        cmocka_unit_test(windows_files_are_read),
        cmocka_unit_test(statements_go_on),
        cmocka_unit_test(steps_as_typed),
        cmocka_unit_test(every_kind_of_expectation),
        cmocka_unit_test(every_kind_has_its_row),
        cmocka_unit_test(bad_bytes),
        cmocka_unit_test(bad_headers),
        cmocka_unit_test(bad_lines),
        cmocka_unit_test(bad_steps),
        cmocka_unit_test(syntax_errors_have_their_place),
        cmocka_unit_test(comments_swallow_the_rest),
        cmocka_unit_test(bad_expectations),
        cmocka_unit_test(sockets_are_named),
        cmocka_unit_test(children_are_named),
        cmocka_unit_test(what_is_expected_of_sockets),
        cmocka_unit_test(bad_expectations_of_sockets),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(lessons_are_found),
        cmocka_unit_test(results_are_judged),
        cmocka_unit_test(failures_must_be_expected),
        cmocka_unit_test(sleep_is_judged),
        cmocka_unit_test(output_is_judged),
        cmocka_unit_test(calls_come_in_order),
        cmocka_unit_test(mistakes_must_be_expected),
        cmocka_unit_test(deaths_must_be_expected),
        cmocka_unit_test(restarting_ends_an_actor),
        cmocka_unit_test(values_are_judged),
        cmocka_unit_test(what_went_through_a_socket),
        cmocka_unit_test(changes_are_judged),
        cmocka_unit_test(explanations_are_judged),
        cmocka_unit_test(own_words_are_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

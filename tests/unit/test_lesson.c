/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lessons are loaded: what is right, every refusal with its place; and found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "lesson/load.h"
#include "lesson_text.h"

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

/* What a step defines by typedef, the steps after it may declare variables of. */
static void types_go_on(void **state) {
    (void)state;
    struct lesson lesson = load(HEAD "    server> typedef struct { int length; } header;\n"
                                     "    server> header h = { 3 };\n");
    assert_int_equal(lesson.item_count, 2);
    lesson_free(&lesson);
    refuse(HEAD "    server> header h = { 3 };\n", "x.les:5:19: `;` or an operator is missing here",
           "each statement but the last ends with `;`");
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
    assert_string_equal(error.hint, "did you mean \"morning\"?");
    error_free(&error);
    char named[sizeof(folder) + 16];
    snprintf(named, sizeof(named), "%s/evening.les", folder);
    assert_int_equal(mkdir(named, 0700), 0);
    assert_false(lesson_find("evening", &path, &error));
    assert_string_equal(error.hint, "what is called evening.les is no file");
    error_free(&error);
    assert_int_equal(rmdir(named), 0);
    assert_false(lesson_find("evening-song", &path, &error));
    assert_non_null(strstr(error.text, folder));
    assert_string_equal(error.hint, "--list names those of the course; give its path, or its folder in "
                                    "SOCKSHELL_LESSONS");
    error_free(&error);
    assert_false(lesson_find("", &path, &error));
    error_free(&error);
    /* Here, any file with a dot in its name; and one without is none, for its name means NAME.les. */
    char *before = getcwd(NULL, 0);
    assert_int_equal(chdir(folder), 0);
    write_file("draft.les.new", HEAD "    server> 1\n");
    write_file("plain", HEAD "    server> 1\n");
    assert_true(lesson_find("draft.les.new", &path, &error));
    assert_string_equal(path, "draft.les.new");
    assert_true(lesson_load(path, 0, &lesson, &error));
    assert_string_equal(lesson_file(&lesson), "draft.les.new");
    lesson_free(&lesson);
    free(path);
    assert_false(lesson_find("plain", &path, &error));
    error_free(&error);
    unlink("draft.les.new");
    unlink("plain");
    assert_int_equal(chdir(before), 0);
    free(before);
    assert_false(lesson_load(folder, 0, &lesson, &error));
    assert_non_null(strstr(error.text, "is not a file"));
    error_free(&error);

    unsetenv("SOCKSHELL_LESSONS");
    unlink(file);
    rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_is_read),
        cmocka_unit_test(what_may_be_left_out),
        cmocka_unit_test(windows_files_are_read),
        cmocka_unit_test(statements_go_on),
        cmocka_unit_test(types_go_on),
        cmocka_unit_test(steps_as_typed),
        cmocka_unit_test(bad_bytes),
        cmocka_unit_test(bad_headers),
        cmocka_unit_test(bad_lines),
        cmocka_unit_test(bad_steps),
        cmocka_unit_test(syntax_errors_have_their_place),
        cmocka_unit_test(comments_swallow_the_rest),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(lessons_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

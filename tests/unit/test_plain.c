/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events as plain lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "view/plain.h"

#define EMPTY .actor = "server", .name = "", .text = "", .extra = "", .id = "", .note = "", .source = "", .place = "", .data = ""

static const struct view_options options = {.columns = 80};

static void expect(struct event event, const char *lines) {
    struct buf out = {0};
    plain_event(&event, &options, &out);
    assert_string_equal(buf_text(&out), lines);
    buf_free(&out);
}

static void test_call(void **state) {
    (void)state;
    struct event event = {.type = EVENT_RETURNED, EMPTY};
    event.text = "socket(AF_INET, SOCK_STREAM, 0)";
    event.extra = "3";
    expect(event, "server> socket(AF_INET, SOCK_STREAM, 0) = 3\n");
    event.note = "why it is so";
    expect(event, "server> socket(AF_INET, SOCK_STREAM, 0) = 3\n    // why it is so\n");
}

static void test_long_explanation_wraps(void **state) {
    (void)state;
    struct event event = {.type = EVENT_RETURNED, EMPTY};
    event.text = "f()";
    event.extra = "-1";
    event.note = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen";
    expect(event, "server> f() = -1\n"
                  "    // one two three four five six seven eight nine ten eleven twelve thirteen\n"
                  "    // fourteen fifteen\n");
}

/* A person's terminal gets lines broken at words, a pipe whole ones. */
static void test_long_results_fold(void **state) {
    (void)state;
    static const struct view_options narrow = {.columns = 40, .interactive = true};
    struct event event = {.type = EVENT_RETURNED, EMPTY};
    struct buf out = {0};
    event.text = "connect(3, {AF_INET, 127.0.0.1:9}, 16)";
    event.extra = "-1 ECONNREFUSED (Connection refused)";
    plain_event(&event, &narrow, &out);
    assert_string_equal(buf_text(&out), "server> connect(3, {AF_INET,\n"
                                        "    127.0.0.1:9}, 16) = -1 ECONNREFUSED\n"
                                        "    (Connection refused)\n");
    buf_free(&out);
    expect(event, "server> connect(3, {AF_INET, 127.0.0.1:9}, 16) = -1 ECONNREFUSED (Connection refused)\n");
}

static void test_happenings(void **state) {
    (void)state;
    struct event event = {.type = EVENT_BLOCKED, EMPTY};
    event.text = "accept(3, …)";
    expect(event, "server is blocked in accept(3, …)\n");
    event.type = EVENT_DIED;
    event.text = "was killed by SIGPIPE (Broken pipe)";
    expect(event, "server was killed by SIGPIPE (Broken pipe)\n");
}

static void test_output_is_escaped(void **state) {
    (void)state;
    struct event event = {.type = EVENT_OUTPUT, EMPTY};
    event.stream = 1;
    event.data = "plain\n\033[31mred\nlast";
    event.data_length = strlen(event.data);
    expect(event, "server| plain\nserver| \\x1b[31mred\nserver| last\n");
    event.stream = 2;
    event.data = "oops\n";
    event.data_length = 5;
    expect(event, "server! oops\n");
}

static void test_fault_has_place_and_caret(void **state) {
    (void)state;
    struct event event = {.type = EVENT_FAULT, EMPTY};
    event.actor = "";
    event.place = "stdin:3:9";
    event.source = "x = lisen(3)";
    event.where = (struct span){4, 5};
    event.text = "lisen is unknown";
    event.extra = "did you mean listen?";
    expect(event, "stdin:3:13: lisen is unknown\n"
                  "    x = lisen(3)\n"
                  "        ^~~~~\n"
                  "    did you mean listen?\n");
    event.place = "";
    event.source = "a;\nlisen(3)";
    event.where = (struct span){3, 5};
    expect(event, "lisen is unknown\n    lisen(3)\n    ^~~~~\n    did you mean listen?\n");
    /* A line too long for the screen: caret and text stand together. */
    event.extra = "";
    event.source = "int first_of_them = 1; int second_of_them = 2; int third = 3; lisen(first_of_them); int fourth = 4";
    event.where = (struct span){62, 5};
    expect(event, "lisen is unknown\n"
                  "    ...t second_of_them = 2; int third = 3; lisen(first_of_them); int fourth = 4\n"
                  "                                            ^~~~~\n");
    event.where = (struct span){0, 3};
    expect(event, "lisen is unknown\n"
                  "    int first_of_them = 1; int second_of_them = 2; int third = 3; lisen(first...\n"
                  "    ^~~\n");
}

/* A line of output stays open until its program goes on, or something else is told. */
static void test_open_lines(void **state) {
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct journal *journal = journal_new();
    struct view *view = view_new(journal, out, out, options);
    journal_add(journal, &(struct event){.type = EVENT_OUTPUT, .actor = "a", .stream = 1, .data = "na", .data_length = 2});
    journal_add(journal, &(struct event){.type = EVENT_OUTPUT, .actor = "a", .stream = 1, .data = "me: ", .data_length = 4});
    journal_add(journal, &(struct event){.type = EVENT_VALUE, .actor = "b", .name = "int", .text = "1"});
    journal_add(journal, &(struct event){.type = EVENT_OUTPUT, .actor = "a", .stream = 1, .data = "x\ny", .data_length = 3});
    assert_true(view_flush(view));
    view_free(view);
    journal_free(journal);
    fclose(out);
    assert_string_equal(text, "a| name: \nb: (int) 1\na| x\na| y\n");
    free(text);
}

/* A loop's rounds are not explained one by one; what somebody asks for anew is. */
static void test_explained_once(void **state) {
    (void)state;
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct journal *journal = journal_new();
    struct view *view = view_new(journal, out, out, options);
    const struct event refused = {.type = EVENT_RETURNED, .actor = "a", .text = "f()", .extra = "-1", .note = "nobody"};
    const struct event about = {.type = EVENT_ENTERED, .actor = "a", .text = "f()", .note = "it asks"};
    for (int line = 0; line < 2; line++) {
        journal_add(journal, &(struct event){.type = EVENT_LINE, .actor = "a", .text = "f()"});
        for (int round = 0; round < 2; round++) {
            journal_add(journal, &about);
            journal_add(journal, &refused);
        }
    }
    assert_string_equal(journal_at(journal, journal_last(journal))->note, "nobody");
    view_flush(view);
    assert_string_equal(text, "    // it asks\na> f() = -1\n    // nobody\na> f() = -1\n"
                              "    // it asks\na> f() = -1\n    // nobody\na> f() = -1\n");
    /* Many others in between, and it is told again. */
    for (char i = 'a'; i < 'z'; i++) {
        char note[] = {i, '\0'};
        journal_add(journal, &(struct event){.type = EVENT_DIED, .actor = "a", .text = "died", .note = note});
    }
    journal_add(journal, &refused);
    view_flush(view);
    assert_string_equal(text + length - strlen("    // nobody\n"), "    // nobody\n");
    view_free(view);
    journal_free(journal);
    fclose(out);
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call),
        cmocka_unit_test(test_long_explanation_wraps),
        cmocka_unit_test(test_long_results_fold),
        cmocka_unit_test(test_happenings),
        cmocka_unit_test(test_output_is_escaped),
        cmocka_unit_test(test_fault_has_place_and_caret),
        cmocka_unit_test(test_open_lines),
        cmocka_unit_test(test_explained_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

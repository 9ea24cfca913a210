/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of line it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "shell/line.h"

static bool is_actor(void *context, const char *name) {
    (void)context;
    return strcmp(name, "server") == 0 || strcmp(name, "client") == 0 || strcmp(name, "server.1") == 0;
}

static void expect(const char *line, enum line_kind kind, const char *actor, const char *text) {
    struct line_parts parts = line_split(line, strlen(line), is_actor, NULL);
    assert_int_equal(parts.kind, kind);
    assert_string_equal(parts.actor, actor);
    assert_true(parts.text <= strlen(line));
    if (text != NULL)
        assert_string_equal(line + parts.text, text);
}

static void test_statements(void **state) {
    (void)state;
    expect("listen(3, 3)", LINE_STATEMENT, "", "listen(3, 3)");
    expect("client> listen(3, 3)", LINE_STATEMENT, "client", "listen(3, 3)");
    expect("server.1>   close(3)", LINE_STATEMENT, "server.1", "close(3)");
    expect("x> 3", LINE_STATEMENT, "", "x> 3");
    expect("server > 3", LINE_STATEMENT, "", "server > 3");
    expect("server>3", LINE_STATEMENT, "", "server>3");
    expect("server.sin_family = AF_INET", LINE_STATEMENT, "", NULL);
    expect("exit(0)", LINE_STATEMENT, "", NULL);
    expect("help = 3", LINE_STATEMENT, "", NULL);
    expect("client>", LINE_STATEMENT, "client", "");
}

static void test_commands(void **state) {
    (void)state;
    expect(".help", LINE_COMMAND, "", ".help");
    expect("  .help bind", LINE_COMMAND, "", ".help bind");
    expect("help", LINE_COMMAND, "", "help");
    expect("help bind", LINE_COMMAND, "", "help bind");
    expect("quit ", LINE_COMMAND, "", NULL);
    expect("client> .vars", LINE_COMMAND, "client", ".vars");
    expect(".5", LINE_STATEMENT, "", NULL);
}

static void test_input(void **state) {
    (void)state;
    expect("client< hello you", LINE_INPUT, "client", "hello you");
    expect("client<  two blanks", LINE_INPUT, "client", " two blanks");
    expect("client<", LINE_INPUT, "client", "");
    expect("client<3", LINE_STATEMENT, "", NULL);
}

static void test_results_are_read_over(void **state) {
    (void)state;
    expect("server| Client disconnected", LINE_RESULT, "server", NULL);
    expect("server! perror", LINE_RESULT, "server", NULL);
    expect("server: (int) 42", LINE_RESULT, "server", NULL);
    expect("server is blocked in accept(3, …)", LINE_RESULT, "server", NULL);
    expect("server= 3", LINE_STATEMENT, "", NULL);
    expect("server || 1", LINE_STATEMENT, "", NULL);
}

static void test_empty(void **state) {
    (void)state;
    expect("", LINE_EMPTY, "", NULL);
    expect(" \t ", LINE_EMPTY, "", NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_statements), cmocka_unit_test(test_commands), cmocka_unit_test(test_input),
        cmocka_unit_test(test_results_are_read_over), cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Tab offers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "prompt/complete.h"

static struct board_entry entries[] = {
    {.name = "server_address", .type = "struct sockaddr_in"},
    {.name = "sockfd", .type = "int"},
    {.name = "host", .type = "struct hostent *"},
};
static struct board board = {.entries = entries, .count = 3};
static const char *const actors[] = {"server", "client", NULL};

static const char *command(size_t i, enum command_argument *argument) {
    static const enum command_argument arguments[] = {ARGUMENT_TOPIC, ARGUMENT_VARIABLE, ARGUMENT_ACTOR,
                                                       ARGUMENT_SWITCH, ARGUMENT_NONE,     ARGUMENT_FILTER};
    static const char *const names[] = {"help", "vars", "actor", "step", "quit", "wire"};
    if (i >= sizeof(names) / sizeof(*names))
        return NULL;
    *argument = arguments[i];
    return names[i];
}

static struct candidates ask(const char *line) {
    struct world world = {&board, actors, command};
    struct candidates candidates;
    complete_line(&world, line, strlen(line), &candidates);
    return candidates;
}

static bool offers(const char *line, const char *word) {
    struct candidates candidates = ask(line);
    bool found = false;
    for (size_t i = 0; i < candidates.count; i++)
        found |= strcmp(candidates.words[i], word) == 0;
    candidates_free(&candidates);
    return found;
}

static size_t count(const char *line) {
    struct candidates candidates = ask(line);
    size_t n = candidates.count;
    candidates_free(&candidates);
    return n;
}

static void test_calls_and_variables(void **state) {
    (void)state;
    assert_true(offers("soc", "socket"));
    assert_true(offers("soc", "sockfd"));
    assert_true(offers("client> lis", "listen"));
    assert_true(offers("x = con", "connect"));
    assert_true(offers("cl", "client"));
    assert_true(offers("cl", "close"));
    assert_int_equal(count("qqq"), 0);
}

static void test_constants_fit_the_argument(void **state) {
    (void)state;
    assert_true(offers("socket(AF_INE", "AF_INET6"));
    assert_false(offers("socket(", "SOCK_STREAM"));
    assert_true(offers("socket(AF_INET, ", "SOCK_STREAM"));
    assert_false(offers("socket(AF_INET, ", "AF_INET"));
    assert_true(offers("shutdown(sockfd, ", "SHUT_WR"));
    assert_true(offers("if (socket(AF_INET, SOCK_", "SOCK_DGRAM"));
    assert_true(offers("socket ", "AF_INET"));
    assert_true(offers("socket AF_INET ", "SOCK_STREAM"));
    assert_true(offers("connect(so", "sockfd"));
}

static void test_fields(void **state) {
    (void)state;
    assert_true(offers("server_address.sin_", "sin_port"));
    assert_int_equal(count("server_address.sin_p"), 1);
    assert_true(offers("host->h_", "h_length"));
    assert_true(offers("struct sockaddr", "sockaddr_in"));
}

static void test_commands(void **state) {
    (void)state;
    assert_true(offers(".he", "help"));
    assert_true(offers(".", "vars"));
    assert_true(offers(".help bi", "bind"));
    assert_true(offers(".actor cl", "client"));
    assert_true(offers(".help sockaddr_", "sockaddr_in"));
    assert_true(offers(".help sockl", "socklen_t"));
    assert_true(offers(".step ", "on"));
    assert_true(offers(".step of", "off"));
    assert_int_equal(count(".step "), 2);
    assert_int_equal(count(".step s"), 0);
    assert_int_equal(count(".quit o"), 0);
    assert_false(offers(".actor so", "sockfd"));
    assert_true(offers(".vars so", "sockfd"));
    assert_true(offers(".vars cl", "client"));
    assert_true(offers("client> .va", "vars"));
    assert_true(offers(".wire cl", "client"));
    assert_true(offers(".wire cl", "clear"));
    assert_true(offers(".wire so", "sockfd"));
    assert_true(offers(".wire client tc", "tcp"));
    assert_int_equal(count(".wire o"), 2);
}

/* Any text at all, with the cursor anywhere. */
static void test_odd_lines(void **state) {
    (void)state;
    static const char *const lines[] = {"", "(((((", ")))", "\"unended", "socket(,,,,,,,,,,,", "a->", ".", "\x80\xff", "'"};
    for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
        count(lines[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_and_variables), cmocka_unit_test(test_constants_fit_the_argument),
        cmocka_unit_test(test_fields),              cmocka_unit_test(test_commands),
        cmocka_unit_test(test_odd_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

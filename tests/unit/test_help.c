/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help on the language: nothing that can be used is left without a word, and it fits a screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "call/explain.h"
#include "lang/parse.h"
#include "lang/type.h"
#include "observe/facts.h"
#include "shell/help_language.h"
#include "shell/help_words.h"

static void assert_fits(const char *topic) {
    struct buf out = {0};
    if (!help_language(topic, 80, &out))
        fail_msg("no help on %s", topic);
    const char *line = buf_text(&out);
    while (*line != '\0') {
        size_t length = strcspn(line, "\n");
        if (utf8_columns(line, length) > 80)
            fail_msg("wider than a screen: %.*s", (int)length, line);
        line += length + 1;
    }
    assert_int_equal(buf_text(&out)[out.length - 1], '\n');
    buf_free(&out);
}

static void every_struct_and_field_has_words(void **state) {
    const char *tag;
    (void)state;
    for (size_t i = 0; (tag = type_struct_name(i)) != NULL; i++) {
        const struct type *type = type_struct(tag);
        if (help_field(tag, NULL) == NULL)
            fail_msg("nothing is said of struct %s", tag);
        for (size_t k = 0; k < type->field_count; k++)
            if (help_field(tag, type->fields[k].name) == NULL)
                fail_msg("nothing is said of %s.%s", tag, type->fields[k].name);
        assert_fits(tag);
    }
    assert_non_null(help_field("fd_set", NULL));
    assert_null(help_field("sockaddr_in", "sin_nothing"));
    assert_null(help_field("nothing", NULL));
}

static void every_type_and_keyword_has_a_line(void **state) {
    (void)state;
    for (size_t i = 0; type_typedef_name(i) != NULL; i++)
        assert_fits(type_typedef_name(i));
    for (size_t i = 0; lex_keyword(i) != NULL; i++)
        assert_fits(lex_keyword(i));
    assert_fits("switch");
}

/* By name, each once, and with the calls that fail so. */
static void errors_are_in_order(void **state) {
    struct buf out = {0};
    char before[32] = "";
    size_t rows = 0;
    (void)state;
    assert_true(help_group("errors", 80, &out));
    for (const char *line = buf_text(&out); *line == 'E' || *line == ' '; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, " \n");
        if (utf8_columns(line, strcspn(line, "\n")) > 80)
            fail_msg("wider than a screen: %.*s", (int)strcspn(line, "\n"), line);
        if (length == 0)
            continue;
        assert_true(length < sizeof(before));
        if (strncmp(before, line, length) >= 0)
            fail_msg("%.*s after %s", (int)length, line, before);
        snprintf(before, sizeof(before), "%.*s", (int)length, line);
        rows++;
    }
    assert_true(rows > 30);
    assert_non_null(strstr(buf_text(&out), "\nECONNREFUSED     connect send "));
    assert_null(strstr(buf_text(&out), "EWOULDBLOCK")); /* EAGAIN's second name */
    buf_clear(&out);
    assert_true(help_group("waiting", 80, &out));
    assert_non_null(strstr(buf_text(&out), "\nselect "));
    assert_true(help_group("signals", 80, &out));
    assert_non_null(strstr(buf_text(&out), "\nSIGPIPE "));
    assert_false(help_group("nothing", 80, &out));
    buf_free(&out);
}

static void every_state_of_tcp_has_words(void **state) {
    (void)state;
    for (enum socket_state at = SOCKET_ESTABLISHED; at <= SOCKET_CLOSING; at++)
        if (help_word_find(socket_state_name(at)) == NULL)
            fail_msg("nothing is said of %s", socket_state_name(at));
    assert_ptr_equal(help_word_find("fin-wait-2"), help_word_find("FIN_WAIT2"));
    assert_ptr_equal(help_word_find("accept_queue"), help_word_find("Accept Queue"));
    assert_null(help_word_find("accept"));
    assert_null(help_word_find(""));
}

static void assert_says(const char *topic, const char *words) {
    struct buf out = {0};
    assert_true(help_language(topic, 80, &out));
    if (strstr(buf_text(&out), words) == NULL)
        fail_msg("%s: \"%s\" is not in: %s", topic, words, buf_text(&out));
    buf_free(&out);
}

static void it_is_found_by_any_name(void **state) {
    struct buf out = {0};
    (void)state;
    assert_says("struct sockaddr_in", "struct sockaddr_in, 16 bytes");
    assert_says("sockaddr_in", "htons(8888)");
    assert_says("fd_set", "fds_bits");
    assert_says("union epoll_data", "union epoll_data, 8 bytes");
    assert_says("epoll_data_t", "union epoll_data, 8 bytes");
    assert_says("socklen_t", "4 bytes, unsigned");
    assert_says("goto", "that this language has not\n    use a loop");
    const char *const unknown[] = {"",       "struct ", "struct nothing", "struct socklen_t", "struct while",
                                   "nothing"};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++)
        assert_false(help_language(unknown[i], 80, &out));
    assert_int_equal(out.length, 0);
}

static void near_names_are_found(void **state) {
    struct suggestion near;
    (void)state;
    suggest_start(&near, "sockadr_in");
    help_language_offer(&near);
    assert_string_equal(near.best, "sockaddr_in");
    suggest_start(&near, "contniue");
    help_language_offer(&near);
    assert_string_equal(near.best, "continue");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_struct_and_field_has_words),
        cmocka_unit_test(every_type_and_keyword_has_a_line),
        cmocka_unit_test(errors_are_in_order),
        cmocka_unit_test(every_state_of_tcp_has_words),
        cmocka_unit_test(it_is_found_by_any_name),
        cmocka_unit_test(near_names_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

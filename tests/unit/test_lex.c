/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tokens, as the parser and completion see them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "lang/parse.h"

/* "N:sock P:( I:3" and so on; blanks between tokens. */
static char *tokens(const char *text) {
    static const char letters[] = {
        [TOKEN_END] = 'E',       [TOKEN_NAME] = 'N',   [TOKEN_KEYWORD] = 'K',    [TOKEN_INTEGER] = 'I',
        [TOKEN_CHARACTER] = 'C', [TOKEN_STRING] = 'S', [TOKEN_PUNCTUATOR] = 'P', [TOKEN_BAD] = 'B'};
    struct buf out = {0};
    size_t length = strlen(text), at = 0;

    for (;;) {
        struct token token = lex_next(text, length, at);
        assert_true(token.where.at >= at && token.where.at + token.where.length <= length);
        if (token.kind == TOKEN_END)
            break;
        assert_true(token.where.length > 0);
        buf_addf(&out, "%s%c:%.*s", out.length ? " " : "", letters[token.kind], (int)token.where.length,
                 text + token.where.at);
        at = token.where.at + token.where.length;
    }
    return buf_take(&out);
}

static void check_at(int line, const char *text, const char *expected) {
    char *found = tokens(text);
    if (strcmp(found, expected) != 0)
        fail_msg("line %d: `%s`\n  is       %s\n  not      %s", line, text, found, expected);
    free(found);
}
#define CHECK(text, expected) check_at(__LINE__, text, expected)

static void words_and_numbers(void **state) {
    (void)state;
    CHECK("", "");
    CHECK(" \t\r\n\v\f ", "");
    CHECK("socket_desc = socket(AF_INET, 0);", "N:socket_desc P:= N:socket P:( N:AF_INET P:, I:0 P:) P:;");
    CHECK("if iff _if sizeof struct", "K:if N:iff N:_if K:sizeof K:struct");
    CHECK("goto switch double", "K:goto K:switch K:double");
    CHECK("0x1F 10UL 08 1.5 .5 1e+5 0xe+1 127.0.0.1:80", "I:0x1F I:10UL I:08 I:1.5 I:.5 I:1e+5 I:0xe+1 "
                                                         "I:127.0.0.1 P:: I:80");
    CHECK("a.b", "N:a P:. N:b");
    CHECK("1+2", "I:1 P:+ I:2");
    CHECK("L u8 U L2", "N:L N:u8 N:U N:L2");
    CHECK("L\"x\"", "B:L S:\"x\"");
}

static void the_longest_punctuator_wins(void **state) {
    (void)state;
    CHECK("a<<=b>>=c...", "N:a P:<<= N:b P:>>= N:c P:...");
    CHECK("a+++++b", "N:a P:++ P:++ P:+ N:b");
    CHECK("p->x-->y", "N:p P:-> N:x P:-- P:> N:y");
    CHECK("a&&b&c|d||e", "N:a P:&& N:b P:& N:c P:| N:d P:|| N:e");
    CHECK("[128 => 16]", "P:[ I:128 P:=> I:16 P:]");
    CHECK("!a!=~b^c", "P:! N:a P:!= P:~ N:b P:^ N:c");
    CHECK("a/b", "N:a P:/ N:b");
    CHECK("# include", "P:# N:include");
}

static void quotes(void **state) {
    (void)state;
    CHECK("\"a b\" 'c'", "S:\"a b\" C:'c'");
    CHECK("\"\\\"\" '\\''", "S:\"\\\"\" C:'\\''");
    CHECK("\"// no comment /*\"", "S:\"// no comment /*\"");
    CHECK("\"\xc3\xa4\"", "S:\"\xc3\xa4\"");
    CHECK("\"open", "B:\" N:open");
    CHECK("\"open\nx", "B:\" N:open N:x");
    CHECK("\"line \\\n goes on\"", "S:\"line \\\n goes on\"");
    CHECK("\"\\", "B:\" B:\\");
    CHECK("'", "B:'");
}

static void space_and_comments(void **state) {
    (void)state;
    CHECK("a // b\nc", "N:a N:c");
    CHECK("a /* b\n * c */ d", "N:a N:d");
    CHECK("a /**/ b /***/ c", "N:a N:b N:c");
    CHECK("a //", "N:a");
    CHECK("a /* b", "N:a B:/* N:b");
    CHECK("/*/", "B:/* P:/");
    CHECK("a\xc2\xa0"
          "b",
          "N:a N:b");
    CHECK("a\\\nb \\\r\n c", "N:a N:b N:c");
}

static void bad_bytes_stand_alone(void **state) {
    (void)state;
    CHECK("a @ b", "N:a B:@ N:b");
    CHECK("\xe2\x80\x9c", "B:\xe2\x80\x9c");
    CHECK("\xff\xfe", "B:\xff B:\xfe");
    CHECK("\x01", "B:\x01");
    CHECK("\\", "B:\\");
}

static void half_a_line_is_no_trouble(void **state) {
    (void)state;
    static const char text[] =
        "bind(fd, (struct sockaddr *)&server, \"x\" /* y */ 'z' 0x1f \xc2\xa0 \\\n -> ";
    for (size_t length = 0; length < sizeof(text); length++)
        for (size_t at = 0; at <= length + 1; at++) {
            struct token token = lex_next(text, length, at);
            assert_true(token.where.at + token.where.length <= length);
            assert_true(token.kind == TOKEN_END || token.where.length > 0);
        }
}

static void keywords_are_listed(void **state) {
    (void)state;
    size_t i = 0;
    for (const char *word; (word = lex_keyword(i)); i++)
        assert_int_equal(lex_next(word, strlen(word), 0).kind, TOKEN_KEYWORD);
    assert_true(i > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_numbers),
        cmocka_unit_test(the_longest_punctuator_wins),
        cmocka_unit_test(quotes),
        cmocka_unit_test(space_and_comments),
        cmocka_unit_test(bad_bytes_stand_alone),
        cmocka_unit_test(half_a_line_is_no_trouble),
        cmocka_unit_test(keywords_are_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

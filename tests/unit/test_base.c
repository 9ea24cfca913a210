/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground everything stands on: buffers, errors, UTF-8, escaping, JSON, "did you mean". */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "base/utf8.h"

static void buffers_grow_and_keep_their_nul(void **state) {
    (void)state;
    struct buf buf = {0};
    assert_string_equal(buf_text(&buf), "");
    for (int i = 0; i < 1000; i++)
        buf_addf(&buf, "%d,", i);
    assert_int_equal(buf.length, strlen(buf_text(&buf)));
    assert_true(strncmp(buf_text(&buf), "0,1,2,", 6) == 0);
    buf_consume(&buf, 4);
    assert_true(strncmp(buf_text(&buf), "2,3,", 4) == 0);
    buf_consume(&buf, SIZE_MAX);
    assert_int_equal(buf.length, 0);
    buf_add(&buf, "a\0b", 3);
    assert_int_equal(buf.length, 3);
    assert_memory_equal(buf_text(&buf), "a\0b", 4);
    buf_clear(&buf);
    assert_string_equal(buf_text(&buf), "");
    buf_free(&buf);
}

static void formats_longer_than_the_room(void **state) {
    (void)state;
    char long_text[5000];
    memset(long_text, 'x', sizeof(long_text) - 1);
    long_text[sizeof(long_text) - 1] = '\0';
    struct buf buf = {0};
    buf_addf(&buf, "%s|%d", long_text, 7);
    assert_int_equal(buf.length, sizeof(long_text) - 1 + 2);
    assert_string_equal(buf_text(&buf) + sizeof(long_text) - 1, "|7");
    char *taken = buf_take(&buf);
    assert_int_equal(buf.length, 0);
    assert_null(buf.data);
    free(taken);
    taken = buf_take(&buf);
    assert_string_equal(taken, "");
    free(taken);
}

static void memory_copies(void **state) {
    (void)state;
    char *text = mem_format("%s-%d", "port", 8888);
    assert_string_equal(text, "port-8888");
    char *part = mem_string_n(text, 4);
    assert_string_equal(part, "port");
    part = mem_grow(part, 100, 10);
    assert_string_equal(part, "port");
    free(part);
    free(text);
    free(mem_alloc(0));
}

static void the_first_error_is_kept(void **state) {
    (void)state;
    struct error error = {0};
    assert_false(error_set(&error, ERROR_NAME, (struct span){3, 4}, "%s is unknown", "sokcet"));
    error_hint(&error, "did you mean %s?", "socket");
    error_set(&error, ERROR_TYPE, (struct span){0, 0}, "later");
    error_hint(&error, "later");
    assert_int_equal(error.kind, ERROR_NAME);
    assert_int_equal(error.where.at, 3);
    assert_string_equal(error.text, "sokcet is unknown");
    assert_string_equal(error.hint, "did you mean socket?");
    error_free(&error);
    assert_int_equal(error.kind, ERROR_NONE);
    assert_false(error_set(NULL, ERROR_TYPE, (struct span){0, 0}, "nobody listens"));
}

static void places_count_characters(void **state) {
    (void)state;
    unsigned line, column;
    const char *text = "a\n\xc3\xa4\xe2\x82\xac=1\nend";
    error_place(text, 0, &line, &column);
    assert_int_equal(line, 1);
    assert_int_equal(column, 1);
    error_place(text, 7, &line, &column); /* the = after two characters of 2 and 3 bytes */
    assert_int_equal(line, 2);
    assert_int_equal(column, 3);
    error_place(text, 11, &line, &column);
    assert_int_equal(line, 3);
    assert_int_equal(column, 2);
    error_place(text, 1000, &line, &column); /* beyond the end: the end */
    assert_int_equal(line, 3);
    assert_int_equal(column, 4);
}

static uint32_t decode(const char *bytes, size_t length, size_t used) {
    size_t got;
    uint32_t code = utf8_decode(bytes, length, &got);
    assert_int_equal(got, used);
    return code;
}

static void decodes_utf8_strictly(void **state) {
    (void)state;
    assert_int_equal(decode("A", 1, 1), 'A');
    assert_int_equal(decode("\xc3\xa4", 2, 2), 0xE4);
    assert_int_equal(decode("\xe2\x82\xac", 3, 3), 0x20AC);
    assert_int_equal(decode("\xf0\x9f\x98\x80", 4, 4), 0x1F600);
    assert_int_equal(decode("\xf4\x8f\xbf\xbf", 4, 4), 0x10FFFF);
    assert_int_equal(decode("", 0, 1), UTF8_INVALID);
    static const char *const bad[] = {
        "\x80",
        "\xc0\x80",
        "\xc1\xbf",
        "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xed\xa0\x80",
        "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80",
        "\xff",
        "\xc3",
        "\xe2\x82",
        "\xf0\x9f\x98",
        "\xc3(",
        "\xe2(\xa1",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(decode(bad[i], strlen(bad[i]), 1), UTF8_INVALID);
}

static void widths_need_no_locale(void **state) {
    (void)state;
    assert_int_equal(utf8_width('a'), 1);
    assert_int_equal(utf8_width(0xE4), 1);
    assert_int_equal(utf8_width(0x20AC), 1);
    assert_int_equal(utf8_width(0x2500), 1);  /* box drawing */
    assert_int_equal(utf8_width(0x4E2D), 2);  /* CJK */
    assert_int_equal(utf8_width(0xAC00), 2);  /* Hangul */
    assert_int_equal(utf8_width(0xFF21), 2);  /* full width A */
    assert_int_equal(utf8_width(0x1F600), 2); /* emoji */
    assert_int_equal(utf8_width(0x301), 0);   /* combining acute */
    assert_int_equal(utf8_width(0x302A), 0);  /* combining within a wide block */
    assert_int_equal(utf8_width(0xFE0F), 0);  /* variation selector */
    static const uint32_t hidden[] = {
        0,      0x1B,    0x7F,    0x80,    0x9B,    0x9F,     0x61C,        0x200B, 0x200F,
        0x202A, 0x202E,  0x2028,  0x2029,  0x2060,  0x2066,   0x2069,       0xFEFF, 0xFFFE,
        0xD800, 0xE0000, 0xE0001, 0xE007F, 0xE01EF, 0x110000, UTF8_INVALID,
    };
    for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++)
        assert_int_equal(utf8_width(hidden[i]), -1);
    assert_int_equal(utf8_columns("a\xe4\xb8\xad\xcc\x81z", 7), 4);
}

static void check_escape(void (*escape)(struct buf *, const char *, size_t), const char *bytes, size_t length,
                         const char *expected) {
    struct buf out = {0};
    escape(&out, bytes, length);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void nothing_harmful_reaches_a_terminal(void **state) {
    (void)state;
#define TEXT(bytes, expected) check_escape(escape_text, bytes, sizeof(bytes) - 1, expected)
    TEXT("plain \xc3\xa4 \xe4\xb8\xad", "plain \xc3\xa4 \xe4\xb8\xad");
    TEXT("\x1b[31mred\x07\r\n\t", "\\x1b[31mred\\a\\r\\n\\t");
    TEXT("a\0b\x7f", "a\\x00b\\x7f");
    TEXT("\x9b"
         "31m",
         "\\x9b31m"); /* C1 raw: invalid UTF-8 */
    TEXT("\xc2\x9b"
         "31m",
         "\\u009b31m"); /* C1 encoded */
    TEXT("\xe2\x80\xae", "\\u202e");
    TEXT("\xe2\x80\x8b\xe2\x80\xa8\xe2\x81\xa6", "\\u200b\\u2028\\u2066");
    TEXT("\xef\xbb\xbfx", "\\ufeffx");
    TEXT("\xf3\xa0\x80\x81", "\\U000e0001");
    TEXT("\xff\xfe\xe2\x82", "\\xff\\xfe\\xe2\\x82");
    TEXT("\xed\xa0\x80", "\\xed\\xa0\\x80");
#undef TEXT
    check_escape(escape_lines, "a\tb\nc\x1b", 6, "a\tb\nc\\x1b");
}

/* Whatever the bytes, what comes out is valid, visible UTF-8. */
static void every_pair_of_bytes_comes_out_visible(void **state) {
    (void)state;
    struct buf out = {0};
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        char bytes[2] = {(char)(pair >> 8), (char)(pair & 0xFF)};
        buf_clear(&out);
        escape_text(&out, bytes, 2);
        escape_c(&out, bytes, 2);
        for (size_t i = 0, used; i < out.length; i += used) {
            uint32_t code = utf8_decode(out.data + i, out.length - i, &used);
            assert_int_not_equal(code, UTF8_INVALID);
            assert_true(utf8_width(code) >= 0);
        }
    }
    buf_free(&out);
}

static void strings_can_be_pasted_back_into_c(void **state) {
    (void)state;
#define C(bytes, expected) check_escape(escape_c, bytes, sizeof(bytes) - 1, expected)
    C("say \"hi\"\\\n", "say \\\"hi\\\"\\\\\\n");
    C("\0", "\\0");
    C("\0"
      "8",
      "\\08");
    C("\0"
      "7",
      "\\0007");
    C("\x1b[0m", "\\33[0m");
    C("\x1b"
      "0",
      "\\0330");
    C("\xc3\xa4", "\xc3\xa4");
    C("\xe2\x80\xae", "\\342\\200\\256");
#undef C
    struct buf out = {0};
    escape_c_quoted(&out, "hello", 5, 32);
    escape_c_quoted(&out, "hello", 5, 4);
    escape_c_quoted(&out, "ab\xe2\x82\xac", 5, 4); /* never half a character */
    escape_c_quoted(&out, "", 0, 0);
    assert_string_equal(buf_text(&out), "\"hello\"\"hell\"...\"ab\"...\"\"");
    buf_free(&out);
}

static void json_is_json(void **state) {
    (void)state;
    struct buf out = {0};
    json_begin(&out);
    json_text(&out, "type", "a \"b\" \\ \n\t\x1b \xc3\xa4");
    json_number(&out, "n", INT64_MIN);
    json_bool(&out, "yes", true);
    json_text(&out, "brackets", "x{y[");
    json_bytes(&out, "bytes", "\xff\0\xe2\x80\xae\xf3\xa0\x80\x81", 9);
    json_end(&out);
    json_begin(&out);
    json_end(&out);
    assert_string_equal(buf_text(&out),
                        "{\"type\":\"a \\\"b\\\" \\\\ \\n\\t\\u001b \xc3\xa4\","
                        "\"n\":-9223372036854775808,\"yes\":true,\"brackets\":\"x{y[\","
                        "\"bytes\":\"\\u00ff\\u0000\\u202e\\udb40\\udc01\"}\n{}\n");
    buf_free(&out);
}

static const char *nearest(const char *typed) {
    static const char *const known[] = {"socket",  "bind",    "listen", "accept",
                                        "accept4", "AF_INET", "recv",   "send"};
    struct suggestion s;
    suggest_start(&s, typed);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        suggest_offer(&s, known[i]);
    return s.best;
}

static void suggests_the_nearest_word(void **state) {
    (void)state;
    assert_string_equal(nearest("sokcet"), "socket");
    assert_string_equal(nearest("lisen"), "listen");
    assert_string_equal(nearest("af_inet"), "AF_INET");
    assert_string_equal(nearest("bnd"), "bind");
    assert_string_equal(nearest("acept"), "accept");
    assert_string_equal(nearest("rcev"), "recv");
    assert_null(nearest("x"));
    assert_null(nearest(""));
    assert_null(nearest("gethostbyname"));
    char huge[3000];
    memset(huge, 's', sizeof(huge) - 1);
    huge[sizeof(huge) - 1] = '\0';
    assert_null(nearest(huge));
}

static void lines_break_at_blanks(void **state) {
    (void)state;
    assert_int_equal(utf8_line("one two three", 13, 80), 13);
    assert_int_equal(utf8_line("one two three", 13, 8), 7);
    assert_int_equal(utf8_line("one   two", 9, 3), 3);
    assert_int_equal(utf8_line("longer than that", 16, 3), 6); /* at least one word */
    assert_int_equal(utf8_line("\xc3\xa4\xc3\xa4 b", 6, 4), 6); /* columns, not bytes */
    assert_int_equal(utf8_line("   ", 3, 1), 3);
    assert_int_equal(utf8_line("", 0, 5), 0);
    assert_int_equal(utf8_line("one two", 3, 80), 3); /* not beyond its end */
}

/* ---- Time ---- */

static void times_are_nanoseconds(void **state) {
    struct timespec time = {.tv_sec = 3, .tv_nsec = 999999999};
    (void)state;
    assert_int_equal(clock_ns(time), 4 * SECOND_NS - 1);
    time = clock_timespec(2500 * MILLISECOND_NS);
    assert_int_equal(time.tv_sec, 2);
    assert_int_equal(time.tv_nsec, 500000000);
}

/* A stamp of CLOCK_REALTIME, less the offset, lies between two readings of CLOCK_MONOTONIC around it; a
 * millisecond is for the machine's clock being slewed meanwhile. */
static void the_two_clocks_are_an_offset_apart(void **state) {
    struct timespec real;
    (void)state;
    int64_t before = clock_now_ns(), offset = clock_real_offset_ns();
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &real), 0);
    int64_t after = clock_now_ns();
    assert_true(clock_ns(real) - offset >= before - MILLISECOND_NS);
    assert_true(clock_ns(real) - offset <= after + MILLISECOND_NS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffers_grow_and_keep_their_nul),
        cmocka_unit_test(formats_longer_than_the_room),
        cmocka_unit_test(memory_copies),
        cmocka_unit_test(the_first_error_is_kept),
        cmocka_unit_test(places_count_characters),
        cmocka_unit_test(decodes_utf8_strictly),
        cmocka_unit_test(widths_need_no_locale),
        cmocka_unit_test(nothing_harmful_reaches_a_terminal),
        cmocka_unit_test(every_pair_of_bytes_comes_out_visible),
        cmocka_unit_test(strings_can_be_pasted_back_into_c),
        cmocka_unit_test(json_is_json),
        cmocka_unit_test(suggests_the_nearest_word),
        cmocka_unit_test(lines_break_at_blanks),
        cmocka_unit_test(times_are_nanoseconds),
        cmocka_unit_test(the_two_clocks_are_an_offset_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learner's memory: bounds, written-marks, dangling pointers, limits, and what the errors say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lang/memory.h"

static int start(void **state) {
    *state = memory_new(1 << 20);
    return 0;
}

static int end(void **state) {
    memory_free(*state);
    return 0;
}

static uint64_t make(struct memory *memory, size_t size, const char *label) {
    struct error error = {0};
    uint64_t address = memory_make(memory, size, MEMORY_VARIABLE, label, &error);

    assert_int_equal(error.kind, ERROR_NONE);
    assert_true(address != 0);
    return address;
}

/* A read that must be refused in these words. */
static void refused(struct memory *memory, uint64_t address, size_t size, enum memory_check check,
                    const char *words) {
    struct error error = {0};

    assert_null(memory_read(memory, address, size, check, &error));
    assert_int_equal(error.kind, ERROR_MEMORY);
    if (!strstr(error.text, words))
        fail_msg("\"%s\" does not say \"%s\"", error.text, words);
    error_free(&error);
}

static void test_bounds(void **state) {
    struct memory *memory = *state;
    uint64_t buf = make(memory, 10, "buf");
    struct error error = {0};

    assert_non_null(memory_read(memory, buf, 10, MEMORY_BOUNDS, &error));
    assert_non_null(memory_read(memory, buf + 9, 1, MEMORY_BOUNDS, &error));
    assert_non_null(memory_read(memory, buf + 10, 0, MEMORY_BOUNDS, &error));
    assert_non_null(memory_read(memory, 0, 0, MEMORY_WRITTEN, &error));
    assert_int_equal(error.kind, ERROR_NONE);
    refused(memory, buf, 11, MEMORY_BOUNDS, "buf has 10 bytes, too few for 11");
    refused(memory, buf + 10, 1, MEMORY_BOUNDS, "outside buf");
    refused(memory, buf + 8, 4, MEMORY_BOUNDS, "reach 2 beyond");
    refused(memory, (buf & ~(uint64_t)UINT32_MAX) | (uint32_t)-3, 1, MEMORY_BOUNDS,
            "3 bytes before the beginning of buf");
    refused(memory, buf + 1, SIZE_MAX, MEMORY_BOUNDS, "beyond");
    assert_int_equal(memory_room(memory, buf + 4), 6);
    assert_int_equal(memory_room(memory, buf + 11), 0);
    assert_string_equal(memory_label(memory, buf + 3), "buf");
}

static void test_not_an_object(void **state) {
    struct memory *memory = *state;

    refused(memory, 0, 1, MEMORY_BOUNDS, "NULL");
    refused(memory, 5, 1, MEMORY_BOUNDS, "0x5 is not the address of anything");
    refused(memory, UINT64_MAX, 1, MEMORY_BOUNDS, "not the address");
    refused(memory, (uint64_t)INT64_MAX, 1, MEMORY_BOUNDS, "not the address");
    memory_drop(memory, 12345); /* nothing happens */
    memory_mark(memory, 12345, 10, true);
    assert_null(memory_label(memory, 12345));
    assert_int_equal(memory_room(memory, 12345), 0);
}

static void test_dangling(void **state) {
    struct memory *memory = *state;
    uint64_t first = make(memory, 4, "x");

    memory_drop(memory, first);
    refused(memory, first, 1, MEMORY_BOUNDS, "dangles");
    /* However many objects come and go in its place, for a good while. */
    for (int i = 0; i < 100000; i++)
        memory_drop(memory, make(memory, 4, "y"));
    refused(memory, first, 1, MEMORY_BOUNDS, "dangles");
}

static void test_written(void **state) {
    struct memory *memory = *state;
    uint64_t buf = make(memory, 300, "buf");
    struct error error = {0};

    assert_false(memory_is_written(memory, buf, 1));
    refused(memory, buf, 300, MEMORY_WRITTEN, "buf was never given a value");
    /* Every alignment and length, against the plain way of counting. */
    for (size_t from = 0; from < 20; from++) {
        for (size_t length = 0; length < 200; length += 7) {
            memory_mark(memory, buf, 300, false);
            memory_mark(memory, buf + from, length, true);
            assert_int_equal(memory_written(memory, buf + from, 300), length);
            assert_true(memory_is_written(memory, buf + from, length));
            if (from > 0)
                assert_false(memory_is_written(memory, buf + from - 1, 1));
            assert_false(memory_is_written(memory, buf + from + length, 1));
        }
    }
    memory_mark(memory, buf, 300, true);
    memory_mark(memory, buf + 77, 1, false);
    refused(memory, buf, 300, MEMORY_WRITTEN, "byte 77 of buf");
    assert_non_null(memory_read(memory, buf, 77, MEMORY_WRITTEN, &error));
    memory_mark(memory, buf + 299, 1000000, true); /* no further than its end */
}

static void test_literal(void **state) {
    struct memory *memory = *state;
    struct error error = {0};
    uint64_t text = memory_make_literal(memory, "hello", 6, "\"hello\"", &error);

    assert_memory_equal(memory_read(memory, text, 6, MEMORY_WRITTEN, &error), "hello", 6);
    assert_true(memory_is_literal(memory, text + 2));
    assert_null(memory_write(memory, text, 1, &error));
    assert_non_null(strstr(error.text, "literal"));
    assert_non_null(error.hint);
    error_free(&error);
}

static void test_copy(void **state) {
    struct memory *memory = *state;
    struct error error = {0};
    uint64_t a = make(memory, 16, "a"), b = make(memory, 16, "b");

    memcpy(memory_write(memory, a, 16, &error), "0123456789abcdef", 16);
    memory_mark(memory, a + 4, 8, true);
    assert_true(memory_copy(memory, b, a, 16, &error));
    assert_memory_equal(memory_read(memory, b, 16, MEMORY_BOUNDS, &error), "0123456789abcdef", 16);
    assert_false(memory_is_written(memory, b + 3, 1));
    assert_int_equal(memory_written(memory, b + 4, 16), 8);
    /* Overlapping, both ways: marks move along. */
    assert_true(memory_copy(memory, b + 2, b, 14, &error));
    assert_int_equal(memory_written(memory, b + 6, 16), 8);
    assert_false(memory_is_written(memory, b + 5, 1));
    assert_true(memory_copy(memory, b, b + 2, 14, &error));
    assert_int_equal(memory_written(memory, b + 4, 16), 8);
    assert_false(memory_copy(memory, b + 1, a, 16, &error));
    assert_int_equal(error.kind, ERROR_MEMORY);
    error_free(&error);
}

static void test_string(void **state) {
    struct memory *memory = *state;
    struct error error = {0};
    uint64_t buf = make(memory, 8, "buf");
    const char *text;
    size_t length;

    assert_false(memory_string(memory, buf, &text, &length, &error));
    assert_non_null(strstr(error.text, "never given a value"));
    error_free(&error);

    memcpy(memory_write(memory, buf, 5, &error), "hello", 5);
    memory_mark(memory, buf, 5, true);
    assert_false(memory_string(memory, buf, &text, &length, &error)); /* what recv() leaves behind */
    assert_non_null(strstr(error.text, "no NUL follows the 5 bytes"));
    assert_string_equal(error.hint, "end it with a NUL: buf[5] = '\\0'");
    error_free(&error);

    memory_mark(memory, buf + 5, 1, true);
    assert_true(memory_string(memory, buf + 1, &text, &length, &error));
    assert_int_equal(length, 4);
    assert_string_equal(text, "ello");

    memset(memory_write(memory, buf, 8, &error), 'x', 8);
    memory_mark(memory, buf, 8, true);
    assert_false(memory_string(memory, buf, &text, &length, &error));
    assert_non_null(strstr(error.text, "no NUL before its end"));
    error_free(&error);
    assert_false(memory_string(memory, 0, &text, &length, &error));
    error_free(&error);
}

static void test_limit(void **state) {
    struct memory *memory = *state;
    struct error error = {0};
    uint64_t half = make(memory, 1 << 19, "half");

    assert_int_equal(memory_make(memory, 1 << 20, MEMORY_VARIABLE, "big", &error), 0);
    assert_int_equal(error.kind, ERROR_LIMIT);
    assert_non_null(strstr(error.text, "big"));
    error_free(&error);
    assert_int_equal(memory_make(memory, SIZE_MAX, MEMORY_VARIABLE, "huge", &error), 0);
    assert_int_equal(error.kind, ERROR_LIMIT);
    error_free(&error);
    memory_drop(memory, half);
    memory_drop(memory, make(memory, 1000000, "now there is room"));

    /* Many objects of no size end, too. */
    int count = 0;
    while (memory_make(memory, 0, MEMORY_VARIABLE, "nothing", &error))
        count++;
    assert_int_equal(error.kind, ERROR_LIMIT);
    assert_in_range(count, 1000, 1 << 20);
    error_free(&error);
}

static void test_changes(void **state) {
    struct memory *memory = *state;
    uint64_t before = memory_changes(memory), x = make(memory, 4, "x"), made = memory_changes(memory);

    assert_true(made > before);
    memory_mark(memory, x, 4, true);
    assert_true(memory_changes(memory) > made);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bounds, start, end),
        cmocka_unit_test_setup_teardown(test_not_an_object, start, end),
        cmocka_unit_test_setup_teardown(test_dangling, start, end),
        cmocka_unit_test_setup_teardown(test_written, start, end),
        cmocka_unit_test_setup_teardown(test_literal, start, end),
        cmocka_unit_test_setup_teardown(test_copy, start, end),
        cmocka_unit_test_setup_teardown(test_string, start, end),
        cmocka_unit_test_setup_teardown(test_limit, start, end),
        cmocka_unit_test_setup_teardown(test_changes, start, end),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}

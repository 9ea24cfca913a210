/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small lessons as texts, for the tests of loading and judging. */
#ifndef SOCKSHELL_TESTS_LESSON_TEXT_H
#define SOCKSHELL_TESTS_LESSON_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lesson/load.h"

#define HEAD "sockshell-lesson 1\ntitle: T\nactors: server, client\n\n"

static inline struct lesson load(const char *text) {
    struct lesson lesson;
    struct error error = {0};
    if (!lesson_parse("x.les", text, strlen(text), 0, &lesson, &error))
        fail_msg("%s", error.text);
    assert_null(error.text);
    return lesson;
}

static inline void refuse_bytes(const char *bytes, size_t length, const char *expected, const char *hint) {
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

static inline void refuse(const char *text, const char *expected, const char *hint) {
    refuse_bytes(text, strlen(text), expected, hint);
}

#endif

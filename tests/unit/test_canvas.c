/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells: wide and combining characters, clipping, marks, ASCII; and rows of wrapped text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "view/canvas.h"
#include "view/wrap.h"

static void assert_dump(const struct canvas *canvas, bool marks, const char *expected) {
    struct buf seen = {0};
    canvas_dump(canvas, marks, &seen);
    assert_string_equal(buf_text(&seen), expected);
    buf_free(&seen);
}

static size_t put(struct canvas *canvas, size_t row, size_t column, const char *text) {
    return canvas_put(canvas, canvas_all(canvas), row, column, STYLE_PLAIN, false, text);
}

static void clipping(void **state) {
    struct canvas *canvas = canvas_new(3, 8);
    struct area area = {1, 2, 1, 4};
    (void)state;
    assert_int_equal(canvas_put(canvas, area, 0, 0, STYLE_NOTE, true, "abcdefgh"), 4);
    assert_int_equal(canvas_put(canvas, area, 1, 0, STYLE_NOTE, true, "beneath"), 0);
    assert_int_equal(canvas_put(canvas, area, 0, 4, STYLE_NOTE, true, "beside"), 4);
    assert_dump(canvas, true, "\n  abcd\n  ^^^^\n\n");
    assert_int_equal(canvas_cell(canvas, 1, 2)->style, STYLE_NOTE);
    canvas_clear(canvas, (struct area){1, 3, 99, 99});
    assert_dump(canvas, true, "\n  a\n  ^\n\n");
    canvas_free(canvas);
}

static void wide_characters(void **state) {
    struct canvas *canvas = canvas_new(1, 5);
    (void)state;
    assert_int_equal(put(canvas, 0, 0, "日本語"), 4); /* the third would be cut in half */
    assert_dump(canvas, false, "日本\n");
    assert_string_equal(canvas_cell(canvas, 0, 1)->text, "");
    put(canvas, 0, 1, "x"); /* half of the first */
    assert_dump(canvas, false, " x本\n");
    put(canvas, 0, 2, "y"); /* and of the second */
    assert_dump(canvas, false, " xy\n");
    put(canvas, 0, 0, "日");
    canvas_clear(canvas, (struct area){0, 1, 1, 1});
    assert_dump(canvas, false, "  y\n");
    canvas_free(canvas);
}

static void combining_characters(void **state) {
    struct canvas *canvas = canvas_new(1, 4);
    (void)state;
    assert_int_equal(put(canvas, 0, 0, "e\u0301x"), 2);
    assert_string_equal(canvas_cell(canvas, 0, 0)->text, "e\u0301");
    put(canvas, 0, 2, "\u0301z"); /* nothing to stand on */
    assert_dump(canvas, false, "e\u0301xz\n");
    /* As many as there is room for. */
    put(canvas, 0, 0, "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301");
    assert_true(strlen(canvas_cell(canvas, 0, 0)->text) < CELL_BYTES);
    put(canvas, 0, 0, "日\u0301"); /* on the whole of a wide one */
    assert_string_equal(canvas_cell(canvas, 0, 0)->text, "日\u0301");
    canvas_free(canvas);
}

static void nothing_dangerous(void **state) {
    struct canvas *canvas = canvas_new(1, 20);
    (void)state;
    put(canvas, 0, 0, "a\x1b[2J\xff\xe2\x80\xae\x7f|");
    assert_dump(canvas, false, "a?[2J???|\n");
    canvas_set_ascii(canvas, true);
    canvas_clear(canvas, canvas_all(canvas));
    put(canvas, 0, 0, "é日e\u0301|");
    assert_dump(canvas, false, "???e|\n");
    canvas_free(canvas);
}

static void assert_wrapped(const char *text, size_t columns, size_t hanging, const char *expected) {
    struct canvas *canvas = canvas_new(6, columns);
    struct wrapped wrapped = {0};
    styled_add(&wrapped.text, STYLE_PLAIN, text);
    wrap(&wrapped, columns, hanging);
    for (size_t i = 0; i < wrapped.count; i++)
        wrap_put(&wrapped, i, "fox", canvas, canvas_all(canvas), i);
    struct buf seen = {0};
    canvas_dump(canvas, true, &seen);
    while (seen.length > 1 && seen.data[seen.length - 2] == '\n')
        seen.data[--seen.length] = '\0';
    assert_string_equal(buf_text(&seen), expected);
    buf_free(&seen);
    wrap_free(&wrapped);
    canvas_free(canvas);
}

static void wrapping(void **state) {
    (void)state;
    assert_wrapped("the quick brown fox jumps\n", 16, 4, "the quick brown\n    fox jumps\n    ^^^\n");
    assert_wrapped("  indented and long\n", 16, 2, "  indented and\n    long\n");
    assert_wrapped("aaaaaaaaaaaaaafox\n", 16, 0, "aaaaaaaaaaaaaafo\n              ^^\nx\n^\n");
    assert_wrapped("日本語日本語\n", 5, 4, "日本\n語日\n本語\n");
    assert_wrapped("日本\n", 1, 4, "\n"); /* no room for any of it, and no end of trying */
    assert_wrapped("one\n\ntwo", 9, 4, "one\n\ntwo\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clipping),
        cmocka_unit_test(wide_characters),
        cmocka_unit_test(combining_characters),
        cmocka_unit_test(nothing_dangerous),
        cmocka_unit_test(wrapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prose of a lesson as it is shown: marks, styles, wrapping, list items. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "view/prose.h"

#define CODE(text) "\033[1m" text "\033[0m"
#define EMPHASIS(text) "\033[4m" text "\033[0m"

static void shown(bool colour, const char *text, size_t columns, const char *expected) {
    struct styled prose = {0};
    struct buf out = {0};
    prose_add(&prose, !colour, text, columns);
    styled_show(&prose, colour, &out);
    styled_free(&prose);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void marks_become_styles(void **state) {
    (void)state;
    shown(true, "Call `listen(3)`, and *only then* `accept`.", 80,
          "Call " CODE("listen(3)") ", and " EMPHASIS("only then") " " CODE("accept") ".\n");
    shown(true, "*All of `it` is* so", 80, EMPHASIS("All of ") CODE("it") EMPHASIS(" is") " so\n");
    shown(true, "*é*", 80, EMPHASIS("é") "\n");
}

static void without_colour_they_stay(void **state) {
    (void)state;
    shown(false, "Call `listen(3)`, and *only then* `accept`.", 80,
          "Call `listen(3)`, and *only then* `accept`.\n");
}

static void what_is_no_mark(void **state) {
    (void)state;
    shown(true, "a ` alone", 80, "a ` alone\n");
    shown(true, "char *p and char *q, 2 * 3 * 4, a*b*c", 80, "char *p and char *q, 2 * 3 * 4, a*b*c\n");
    shown(true, "`*p` and `q*`", 80, CODE("*p") " and " CODE("q*") "\n");
    shown(true, "``", 80, "``\n");
}

static void lines_are_cut_between_words(void **state) {
    (void)state;
    shown(true, "one two *three four five* six seven", 20,
          "one two " EMPHASIS("three four") "\n" EMPHASIS("five") " six seven\n");
    shown(false, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa b", 20, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nb\n");
    shown(false, "first\nsecond", 40, "first\nsecond\n");
    /* Marks that are gone take no room. */
    shown(true, "`aaaa` `bbbb` `cccc` `ddd`", 20,
          CODE("aaaa") " " CODE("bbbb") " " CODE("cccc") " " CODE("ddd") "\n");
}

static void list_items_hang(void **state) {
    (void)state;
    shown(false, "- one two three four five six", 24, "  - one two three four\n    five six\n");
    shown(false, "12. one two three four five", 26, "  12. one two three four\n      five\n");
    shown(false, "-no item", 80, "-no item\n");
    shown(false, "1.no item", 80, "1.no item\n");
}

static void nothing_reaches_the_terminal_raw(void **state) {
    (void)state;
    shown(true, "`\033[2J` *\x07z*", 80, CODE("\\x1b[2J") " *\\az*\n");
    shown(false, "a\xe2\x80\xae z", 80, "a\\u202e z\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_become_styles), cmocka_unit_test(without_colour_they_stay),
        cmocka_unit_test(what_is_no_mark),     cmocka_unit_test(lines_are_cut_between_words),
        cmocka_unit_test(list_items_hang),     cmocka_unit_test(nothing_reaches_the_terminal_raw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

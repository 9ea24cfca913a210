/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the terminal sends, taken apart (prompt/keys.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "prompt/keys.h"

static struct key_found next(const char *bytes) {
    const struct keys none = {0};
    return keys_next(&none, bytes, strlen(bytes), KEYS_WAIT_UTF8);
}

static void is_text(const char *bytes, size_t length) {
    struct key_found found = next(bytes);
    assert_int_equal(found.kind, FOUND_TEXT);
    assert_int_equal(found.length, length);
    assert_int_equal(found.text_length, length);
}

static void text_ends_where_a_key_begins(void **state) {
    (void)state;
    is_text("abc", 3);
    is_text("abc\033OP", 3);
    is_text("abc\033[A\033[15~", 6); /* readline's own keys are text */
    is_text("ab\033[200~", 2);
}

static void keys_of_ours(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        enum screen_key key;
    } keys[] = {{"\033OP", SCREEN_KEY_HELP},    {"\033[[A", SCREEN_KEY_HELP},     {"\033[12~x", SCREEN_KEY_ZOOM},
                {"\033[19~", SCREEN_KEY_SEARCH}, {"\033[5~", SCREEN_KEY_PAGE_UP}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        struct key_found found = next(keys[i].bytes);
        assert_int_equal(found.kind, FOUND_KEY);
        assert_int_equal(found.key, keys[i].key);
        assert_int_equal(found.length, strcspn(keys[i].bytes, "x"));
    }
}

static void an_escape_alone_is_text_at_once(void **state) {
    (void)state;
    is_text("\033", 1);
    is_text("ab\033", 3);
    assert_int_equal(next("\033[").kind, FOUND_NOTHING);
    assert_int_equal(next("\033[1").kind, FOUND_NOTHING);
    is_text("\033[1;5C", 6);
    is_text("\033d", 2);
}

static void characters_are_not_torn(void **state) {
    (void)state;
    const struct keys none = {0};
    assert_int_equal(next("\303").kind, FOUND_NOTHING);
    is_text("a\346\274", 1);
    is_text("a\303\251", 3);
    is_text("\377\377\377\377", 4); /* nothing that could be completed */
    assert_int_equal(keys_next(&none, "\303", 1, KEYS_WAIT_NOT).kind, FOUND_TEXT);
}

static void a_paste_comes_whole(void **state) {
    (void)state;
    struct key_found found = next("\033[200~one\r\033OPtwo\033[201~x");
    assert_int_equal(found.kind, FOUND_PASTE);
    assert_int_equal(found.text_length, strlen("one\r\033OPtwo"));
    assert_memory_equal(found.text, "one\r\033OPtwo", found.text_length);
    assert_int_equal(found.length, strlen("\033[200~one\r\033OPtwo\033[201~"));
    assert_int_equal(next("\033[200~one").kind, FOUND_NOTHING);
    is_text("\033[201~", 6);
}

static void the_wheel(void **state) {
    (void)state;
    struct key_found found = next("\033[<65;10;5M");
    assert_int_equal(found.kind, FOUND_MOUSE);
    assert_int_equal(found.act, MOUSE_WHEEL_DOWN);
    assert_int_equal(found.row, 4);
    assert_int_equal(found.column, 9);
    assert_int_equal(next("\033[<64;1;1M").act, MOUSE_WHEEL_UP);
    found = next("\033[<0;3;2M");
    assert_int_equal(found.kind, FOUND_MOUSE);
    assert_int_equal(found.act, MOUSE_CLICK);
    assert_int_equal(found.row, 1);
    assert_int_equal(next("\033[<2;3;2M").kind, FOUND_TEXT);  /* another button, */
    assert_int_equal(next("\033[<32;3;2M").kind, FOUND_TEXT); /* and dragging: taken, and nothing made of it */
    found = next("\033[<0;1;1m"); /* letting go */
    assert_int_equal(found.kind, FOUND_TEXT);
    assert_int_equal(found.length, 9);
    assert_int_equal(found.text_length, 0);
    assert_int_equal(next("\033[<65;1").kind, FOUND_NOTHING);
    assert_int_equal(next("\033[<99999999999999999999;99999999;1M").kind, FOUND_TEXT);
}

static void the_terminal_adds_its_own(void **state) {
    (void)state;
    struct keys keys = {0};
    keys_add(&keys, "\033[25~", SCREEN_KEY_HEX);
    keys_add(&keys, NULL, SCREEN_KEY_ZOOM);
    keys_add(&keys, "x", SCREEN_KEY_ZOOM);
    assert_int_equal(keys.count, 1);
    struct key_found found = keys_next(&keys, "\033[25~", 5, KEYS_WAIT_UTF8);
    assert_int_equal(found.kind, FOUND_KEY);
    assert_int_equal(found.key, SCREEN_KEY_HEX);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_ends_where_a_key_begins),  cmocka_unit_test(keys_of_ours),
        cmocka_unit_test(an_escape_alone_is_text_at_once), cmocka_unit_test(characters_are_not_torn),
        cmocka_unit_test(a_paste_comes_whole),           cmocka_unit_test(the_wheel),
        cmocka_unit_test(the_terminal_adds_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file of settings. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session/settings.h"

/* What a file with this text says. */
static bool read_text(const char *text, struct settings *settings, struct error *error) {
    char path[] = "/tmp/sockshell-settings.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    bool fine = settings_read(path, settings, error);
    unlink(path);
    return fine;
}

static void understood(void **state) {
    static const struct {
        const char *text;
        bool mouse;
    } cases[] = {
        {"", true},
        {"mouse = off\n", false},
        {"mouse=off", false},
        {"\xEF\xBB\xBFmouse = off\r\n", false},
        {"# mouse = off\n\n  \n", true},
        {"\t mouse =\toff  # for selecting\r\n", false},
        {"mouse = off\nmouse = on\n", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct settings settings;
        struct error error = {0};
        assert_true(read_text(cases[i].text, &settings, &error));
        assert_int_equal(settings.mouse, cases[i].mouse);
    }
}

static void not_understood(void **state) {
    static const struct {
        const char *text, *told;
    } cases[] = {
        {"mouse\n", ":1: there is no = in it: mouse"},
        {"\n# x\nmice = on\n", ":3: there is no such setting: mice"},
        {"mouse = maybe\n", ":1: it is on or off, and not: maybe"},
        {"mouse =\n", ":1: it is on or off, and not: "},
        {"= on\n", ":1: there is no such setting: "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct settings settings;
        struct error error = {0};
        assert_false(read_text(cases[i].text, &settings, &error));
        assert_non_null(strstr(error.text, cases[i].told));
        assert_non_null(error.hint);
        error_free(&error);
    }
}

static void no_file(void **state) {
    struct settings settings = {0};
    struct error error = {0};
    (void)state;
    assert_true(settings_read(NULL, &settings, &error));
    assert_true(settings.mouse);
    assert_true(settings_read("/nowhere/at/all", &settings, &error));
    assert_true(settings_read("/dev/null/config", &settings, &error));
    assert_false(settings_read("/", &settings, &error)); /* a folder */
    assert_non_null(strstr(error.text, "/: "));
    error_free(&error);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(understood),
        cmocka_unit_test(not_understood),
        cmocka_unit_test(no_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The readline adapter without a terminal: keys from a pipe, in both manners.
 * Something waits for attention all the time, so that readline is broken off
 * wherever a key ends in the middle.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/clock.h"
#include "prompt/prompt.h"
#include "terminal/random.h"

/* A line of the history that is edited and left loses what could be undone in it: see src/prompt/step.h. */
const char *__lsan_default_suppressions(void), *__lsan_default_options(void); /* asked for by LeakSanitizer */
const char *__lsan_default_suppressions(void) {
    return "leak:libreadline";
}
const char *__lsan_default_options(void) {
    return "print_suppressions=0";
}

static int keys = -1, attention = -1; /* the writing end of standard input */
static char *last;                    /* line that was entered */

static void take_line(void *context, char *line) {
    (void)context;
    if (line != NULL)
        prompt_remember(line);
    free(last);
    last = line;
}

static char **complete(void *context, const char *line, size_t point, size_t *start, char *append) {
    (void)context, (void)line, (void)point, (void)start, (void)append;
    return NULL;
}

static void take_key(void *context, enum screen_key key) {
    (void)context, (void)key;
}

static void take_mouse(void *context, enum mouse_act act, size_t row, size_t column) {
    (void)context, (void)act, (void)row, (void)column;
}

static bool take_typed(void *context, const char *text, size_t length) {
    (void)context, (void)text, (void)length;
    return false;
}

static void be_shown(void) {
    if (!prompt_is_shown())
        prompt_show("server> ", NULL);
    prompt_redraw();
}

static void type(const char *text) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    assert_int_equal(write(keys, text, strlen(text)), strlen(text));
    be_shown();
    while (prompt_waits() || poll(&input, 1, 0) > 0) {
        prompt_read();
        be_shown();
    }
}

/* An ESC is a key of its own when nothing has followed it for a while. */
static void type_escape(void) {
    type("\033");
    while (prompt_due_ns() > 0)
        poll(NULL, 0, (int)(prompt_due_ns() / MILLISECOND_NS + 1));
    type("");
}

static void begin(bool panes) {
    static const struct prompt_host host = {.line = take_line, .complete = complete, .key = take_key,
                                            .mouse = take_mouse, .typed = take_typed};
    struct prompt_host with = host;
    struct error error = {0};
    with.attention = attention;
    prompt_open(&with, NULL);
    assert_true(prompt_in_panes(panes, &error));
    prompt_make_ready();
}

static void end(void) {
    struct error error = {0};
    assert_true(prompt_close(&error));
    free(last);
    last = NULL;
}

/* It was freed twice. */
static void lines_left_in_the_history(void **state) {
    (void)state;
    for (int panes = 0; panes < 2; panes++) {
        static const char *const typed[] = {"s\r", ".\r", "\033[5~", "~", "\033[5~", "\022s", "\r", "\022", ".\r"};
        begin(panes);
        for (size_t i = 0; i < sizeof(typed) / sizeof(*typed); i++)
            type(typed[i]);
        end();
    }
}

/* It came with the next key only, and what that had begun went on in memory that was gone. */
static void enter_with_a_number(void **state) {
    (void)state;
    for (int panes = 0; panes < 2; panes++) {
        begin(panes);
        type("listen");
        type("\0335");
        type("\r");
        assert_non_null(last);
        assert_string_equal(last, "listen");
        type("\022");
        type_escape();
        type("7\r");
        assert_string_equal(last, "7");
        end();
    }
}

/* An edited line of the history is as it was when another has been made of it. */
static void history_is_not_rewritten(void **state) {
    (void)state;
    begin(false);
    type("one\r");
    type("\033[A");
    type("!\r");
    assert_string_equal(last, "one!");
    type("\033[A\033[A\r");
    assert_string_equal(last, "one");
    end();
}

/* What undoes the change to a line that was left was freed, and used. */
static void search_broken_off(void **state) {
    (void)state;
    begin(false);
    type("select\r");
    type("printf\r");
    type("\033[5~" "1");
    type("\033[5~");
    type("\022s");
    prompt_drop_line();
    type("\033[A\r");
    assert_string_equal(last, "printf1");
    end();
}

static void keys_at_random(void **state) {
    (void)state;
    for (unsigned seed = 0; seed < 16; seed++) {
        struct random_keys monkey;
        random_begin(&monkey, seed);
        begin(seed % 2 == 1);
        for (size_t round = 0; round < 2000; round++) {
            struct random_act act = random_next(&monkey);
            if (act.keys != NULL && strchr(act.keys, '\003') != NULL)
                prompt_drop_line();
            else if (act.keys != NULL)
                type(act.keys);
            be_shown();
        }
        end();
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_left_in_the_history),
        cmocka_unit_test(enter_with_a_number),
        cmocka_unit_test(history_is_not_rewritten),
        cmocka_unit_test(search_broken_off),
        cmocka_unit_test(keys_at_random),
    };
    int ends[2], nowhere = open("/dev/null", O_WRONLY);
    setlocale(LC_ALL, "C.UTF-8");
    setenv("TERM", "xterm-256color", 1);
    setenv("INPUTRC", "/dev/null", 1);
    attention = eventfd(1, 0);
    if (attention < 0 || nowhere < 0 || pipe(ends) < 0 || dup2(ends[0], STDIN_FILENO) < 0 ||
        dup2(nowhere, STDOUT_FILENO) < 0) /* what fails is told on standard error */
        return 99;
    keys = ends[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}

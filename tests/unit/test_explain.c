/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The texts of the table of calls: complete, sound, and readable on 80 columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "call/call.h"
#include "call/explain.h"

/* ---- every row ---- */

static void check_text(const struct call *call, const char *what, const char *text) {
    if (text == NULL || text[0] == '\0')
        fail_msg("%s has no %s", call->name, what);
    if (strstr(text, "  ") != NULL && strcmp(what, "note") != 0)
        fail_msg("%s: two blanks in its %s", call->name, what);
}

static void every_row_is_complete(void **state) {
    const struct call *call;
    size_t i = 0;

    (void)state;
    for (; (call = call_at(i)) != NULL; i++) {
        check_text(call, "prototype", call->prototype);
        check_text(call, "summary", call->summary);
        check_text(call, "note", call->note);
        check_text(call, "man", call->man);
        check_text(call, "topic", call->topic);
        assert_ptr_equal(call_find(call->name), call); /* no name twice */
        assert_non_null(strstr(call->prototype, call->name));
        if ((call->run != NULL) == (call->system != NULL))
            fail_msg("%s needs one handler, not both or none", call->name);
        if (call->summary[strlen(call->summary) - 1] == '.' || strlen(call->summary) > 76)
            fail_msg("%s: a summary is a short line without a full stop", call->name);
        if (strlen(call->note) < 20 || call->note[strlen(call->note) - 1] != '.')
            fail_msg("%s: a note is sentences", call->name);
        if ((call->flags & CALL_BLOCKS) && call->sysnr_count == 0)
            fail_msg("%s may block, but under which system call?", call->name);
    }
    assert_true(i > 60);
}

static void every_argument_is_sound(void **state) {
    const struct call *call;

    (void)state;
    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        size_t count = call_count_args(call);
        for (size_t j = 0; j < count; j++) {
            const struct call_arg *arg = &call->args[j];
            if (arg->name == NULL)
                fail_msg("%s: argument %zu has no name", call->name, j);
            if (strstr(call->prototype, arg->name) == NULL && strstr(call->prototype, "...") == NULL)
                fail_msg("%s: %s is not in its prototype", call->name, arg->name);
            if (arg->other >= count)
                fail_msg("%s: %s belongs to an argument that is not there", call->name, arg->name);
            if ((arg->kind == ARG_CONST || arg->kind == ARG_FLAGS) && arg->set == NULL)
                fail_msg("%s: %s has no set of constants", call->name, arg->name);
            if (arg->kind == ARG_MORE && j + 1 != count)
                fail_msg("%s: further arguments come last", call->name);
            if (j > 0 && arg->usual == NULL && call->args[j - 1].usual != NULL && arg->kind != ARG_MORE)
                fail_msg("%s: %s cannot be given after one that is left out", call->name, arg->name);
        }
    }
}

static void every_errno_is_one(void **state) {
    const struct call *call;

    (void)state;
    for (size_t i = 0; (call = call_at(i)) != NULL; i++)
        for (const struct call_errno *e = call->errors; e != NULL && e->number != 0; e++) {
            if (call_error_name(call, e->number) == NULL)
                fail_msg("%s: %d is no error of its", call->name, e->number);
            if (e->means == NULL || strlen(e->means) < 15)
                fail_msg("%s: %s wants a sentence", call->name, call_error_name(call, e->number));
            for (const struct call_errno *other = call->errors; other < e; other++)
                if (other->number == e->number)
                    fail_msg("%s: %s twice", call->name, call_error_name(call, e->number));
        }
}

static void every_reference_leads_somewhere(void **state) {
    const struct call *call;

    (void)state;
    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        char see[200], *rest = see;
        if (call->see == NULL)
            continue;
        assert_true(strlen(call->see) < sizeof see);
        strcpy(see, call->see);
        for (char *name; (name = strsep(&rest, " ")) != NULL;)
            if (call_find(name) == NULL)
                fail_msg("%s: see %s, which is no call", call->name, name);
    }
}

/* ---- the help ---- */

static void check_width(const char *name, const char *text, size_t columns) {
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (utf8_columns(text, length) > columns)
            fail_msg("%s: too wide for %zu columns: %.*s", name, columns, (int)length, text);
        if (length > 0 && text[length - 1] == ' ')
            fail_msg("%s: blanks at the end of a line: %.*s", name, (int)length, text);
        text += length + (text[length] == '\n');
    }
}

static void help_fits(void **state) {
    static const size_t widths[] = {80, 60, 120};
    const struct call *call;

    (void)state;
    for (size_t i = 0; (call = call_at(i)) != NULL; i++)
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
            struct buf out = {0};
            help_call(call, widths[w], &out);
            check_width(call->name, buf_text(&out), widths[w]);
            assert_non_null(strstr(buf_text(&out), call->man));
            assert_null(strstr(buf_text(&out), "\n\n\n"));
            buf_free(&out);
        }
}

static void help_says_what_is_asked(void **state) {
    struct buf out = {0};

    (void)state;
    help_call(call_find("socket"), 80, &out);
    assert_non_null(strstr(buf_text(&out), "int socket(int domain, int type, int protocol)\n"));
    assert_non_null(strstr(buf_text(&out), "SOCK_STREAM"));
    assert_non_null(strstr(buf_text(&out), "EAFNOSUPPORT"));
    buf_clear(&out);
    help_call(call_find("memcpy"), 80, &out);
    assert_non_null(strstr(buf_text(&out), "    src   a const void *\n"));
    buf_free(&out);
}

static void topics_name_every_call_once(void **state) {
    struct buf out = {0};
    const struct call *call;
    size_t words = 0, calls = 0;

    (void)state;
    help_topics(80, &out);
    check_width("topics", buf_text(&out), 80);
    for (const char *at = buf_text(&out); *at != '\0'; at += strcspn(at, " \n"), at += strspn(at, " \n"))
        words++;
    for (; (call = call_at(calls)) != NULL; calls++)
        assert_non_null(strstr(buf_text(&out), call->name));
    assert_true(words > calls && words < calls + 20); /* the topics, and the line at the end */
    buf_free(&out);
}

static void expect_wrapped(const char *text, size_t columns, size_t indent, const char *expected) {
    struct buf out = {0};

    text_wrap(text, columns, indent, &out);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void wrapping(void **state) {
    (void)state;
    expect_wrapped("", 20, 2, "");
    expect_wrapped("one two", 20, 2, "  one two\n");
    expect_wrapped("one two three four five", 20, 2, "  one two three four\n  five\n");
    expect_wrapped("one\ntwo", 20, 0, "one two\n");
    expect_wrapped("one\n\ntwo", 20, 1, " one\n\n two\n");
    expect_wrapped("see:\n  x = 1;\nand so on", 20, 2, "  see:\n    x = 1;\n  and so on\n");
    expect_wrapped("averyveryveryverylongword x", 20, 0, "averyveryveryverylongword\nx\n");
    expect_wrapped(
        "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 12345678", 20, 0,
        "\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 \xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4 12345678\n");
    expect_wrapped("one two", 1, 0, "one two\n"); /* absurd widths are taken as 20, none as 80 */
    expect_wrapped("one two", 0, 0, "one two\n");
}

/* ---- explanations ---- */

static void expect_short(const char *name, int64_t result, int error, size_t asked, const char *id,
                         const char *text) {
    const struct outcome outcome = {call_find(name), name, result, error, asked, NULL};
    char seen[48] = "?";
    const char *said = explain_short(&outcome, seen);

    assert_string_equal(seen, id);
    if (text == NULL)
        assert_null(said);
    else if (said == NULL || strstr(said, text) == NULL)
        fail_msg("%s: expected %s, seen %s", id, text, said != NULL ? said : "nothing");
}

static void failures_are_explained(void **state) {
    (void)state;
    expect_short("connect", -1, ECONNREFUSED, 0, "connect-ECONNREFUSED", "");
    expect_short("bind", -1, EADDRINUSE, 0, "bind-EADDRINUSE", "");
    expect_short("recv", -1, EXDEV, 5, "recv-EXDEV", "cross-device");
    expect_short("recv", -1, 3999, 5, "recv-3999", "no name");
    expect_short("getpeername", -1, EFAULT, 5, "getpeername-EFAULT", "");
}

static void surprises_are_explained(void **state) {
    (void)state;
    expect_short("recv", 0, 0, 2000, "recv-0", "end of file");
    expect_short("read", 0, 0, 2000, "read-0", "end of file");
    expect_short("recv", 0, 0, 0, "", NULL);
    expect_short("recv", 5, 0, 2000, "", NULL);
    expect_short("send", 4, 0, 5, "send-short", "rest");
    expect_short("send", 5, 0, 5, "", NULL);
    expect_short("poll", 0, 0, 0, "poll-0", "time");
    expect_short("accept", 4, 0, 0, "", NULL);
    expect_short("close", 0, 0, 0, "", NULL);
}

static void nothing_is_known_of_no_call(void **state) {
    const struct outcome outcome = {NULL, "?", -1, EINVAL, 0, NULL};
    char id[48];
    struct buf out = {0};

    (void)state;
    assert_null(explain_short(&outcome, id));
    explain_long(&outcome, NULL, 80, &out);
    buf_free(&out);
}

static void long_explanations(void **state) {
    const struct call *call;

    (void)state;
    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        const struct outcome done = {.call = call, .text = "the call"},
                             failed = {.call = call, .text = "the call", .result = -1, .error = EINTR};
        struct buf out = {0};

        explain_long(&done, NULL, 80, &out);
        assert_non_null(strstr(buf_text(&out), "the call = 0\n"));
        explain_long(&failed, NULL, 80, &out);
        assert_non_null(strstr(buf_text(&out), "the call = -1 EINTR (Interrupted system call)\n"));
        check_width(call->name, buf_text(&out), 80);
        buf_free(&out);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete),
        cmocka_unit_test(every_argument_is_sound),
        cmocka_unit_test(every_errno_is_one),
        cmocka_unit_test(every_reference_leads_somewhere),
        cmocka_unit_test(help_fits),
        cmocka_unit_test(help_says_what_is_asked),
        cmocka_unit_test(topics_name_every_call_once),
        cmocka_unit_test(wrapping),
        cmocka_unit_test(failures_are_explained),
        cmocka_unit_test(surprises_are_explained),
        cmocka_unit_test(nothing_is_known_of_no_call),
        cmocka_unit_test(long_explanations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: order, readers, what is kept, and its file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

#include "journal/journal.h"

static void add_note(struct journal *journal, const char *text) {
    journal_add(journal, &(struct event){.type = EVENT_NOTE, .text = text});
}

static void test_events_are_copied(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    char text[] = "first", data[] = {'a', 0, 'b'};
    assert_int_equal(journal_last(journal), 0);
    assert_null(journal_at(journal, 0));
    assert_null(journal_at(journal, 1));
    journal_add(journal, &(struct event){.type = EVENT_OUTPUT,
                                         .actor = "server",
                                         .text = text,
                                         .data = data,
                                         .data_length = sizeof(data),
                                         .stream = 2,
                                         .fd = -1});
    memset(text, 'x', sizeof(text));
    memset(data, 'x', sizeof(data));
    const struct event *event = journal_at(journal, 1);
    assert_non_null(event);
    assert_int_equal(event->number, 1);
    assert_true(event->time_ns >= 0);
    assert_string_equal(event->text, "first");
    assert_string_equal(event->actor, "server");
    assert_memory_equal(event->data, "a\0b", 3);
    /* What was NULL is "". */
    assert_string_equal(event->name, "");
    assert_string_equal(event->place, "");
    assert_string_equal(event->note, "");
    journal_free(journal);
}

struct heard {
    char order[64];
    size_t count;
};

static void hear_a(void *context, const struct event *event) {
    struct heard *heard = context;
    (void)event;
    heard->order[heard->count++] = 'a';
}

static void hear_b(void *context, const struct event *event) {
    struct heard *heard = context;
    heard->order[heard->count++] = 'b';
    assert_string_equal(event->text, "x");
    assert_true(event->number > 0);
}

static void test_readers_in_order(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    struct heard heard = {0};
    journal_read(journal, hear_a, &heard);
    journal_read(journal, hear_b, &heard);
    add_note(journal, "x");
    add_note(journal, "x");
    assert_string_equal(heard.order, "abab");
    journal_free(journal);
}

static void hear_text(void *context, const struct event *event) {
    struct heard *heard = context;

    heard->order[heard->count++] = event->text[0];
}

/* Held events come out in the order in which they happened, and those that happened at once as they came. */
static void test_held_events_are_ordered(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    struct heard heard = {0};
    const struct {
        int64_t when;
        const char *text;
    } events[] = {{30, "d"}, {10, "a"}, {20, "b"}, {20, "c"}};
    journal_read(journal, hear_text, &heard);
    journal_hold(journal);
    for (size_t i = 0; i < 4; i++)
        journal_add(journal, &(struct event){
                                 .type = EVENT_NOTE, .text = events[i].text, .happened_ns = events[i].when});
    assert_int_equal(journal_last(journal), 0);
    journal_release_old(journal, INT64_MAX);
    assert_int_equal(heard.count, 0);
    journal_release(journal);
    assert_string_equal(heard.order, "abcd");
    assert_string_equal(journal_at(journal, 1)->text, "a");
    add_note(journal, "e"); /* no longer held */
    assert_string_equal(heard.order, "abcde");
    journal_hold(journal);
    add_note(journal, "f");
    journal_release_old(journal, -1); /* it has waited long enough */
    assert_string_equal(heard.order, "abcdef");
    journal_add(journal, &(struct event){.type = EVENT_NOTE, .text = "g", .happened_ns = 1}); /* long ago, told now */
    journal_release_old(journal, INT64_C(3600000000000));
    assert_string_equal(heard.order, "abcdef");
    journal_free(journal); /* tells what it still holds */
    assert_string_equal(heard.order, "abcdefg");
}

static void test_oldest_go_first(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    char text[32];
    for (int i = 1; i <= JOURNAL_KEEP + 500; i++) {
        snprintf(text, sizeof(text), "%d", i);
        add_note(journal, text);
    }
    assert_int_equal(journal_last(journal), JOURNAL_KEEP + 500);
    assert_null(journal_at(journal, 500));
    assert_string_equal(journal_at(journal, 501)->text, "501");
    assert_int_equal(journal_at(journal, 501)->number, 501);
    assert_string_equal(journal_at(journal, JOURNAL_KEEP + 500)->text, text);
    assert_null(journal_at(journal, JOURNAL_KEEP + 501));
    journal_free(journal);
}

static void test_memory_is_bounded(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    size_t length = 4096;
    char *data = calloc(1, length);
    uint64_t most = JOURNAL_KEEP_BYTES / length;
    for (uint64_t i = 0; i < 2 * most; i++)
        journal_add(journal, &(struct event){.type = EVENT_OUTPUT, .data = data, .data_length = length});
    assert_null(journal_at(journal, most));
    assert_non_null(journal_at(journal, 2 * most));
    free(data);
    /* One that is larger than all that may be kept is there all the same. */
    length = JOURNAL_KEEP_BYTES + 1;
    data = calloc(1, length);
    journal_add(journal, &(struct event){.type = EVENT_OUTPUT, .data = data, .data_length = length});
    assert_non_null(journal_at(journal, 2 * most + 1));
    assert_null(journal_at(journal, 2 * most));
    free(data);
    journal_free(journal);
}

static void expect_json(struct event event, const char *fields) {
    struct buf out = {0}, wanted = {0};
    event.number = 7;
    event.time_ns = 8;
    event_to_json(&event, &out);
    buf_addf(&wanted, "{\"n\":7,\"t_ns\":8,\"type\":%s}\n", fields);
    assert_string_equal(buf_text(&out), buf_text(&wanted));
    buf_free(&out);
    buf_free(&wanted);
}

static void test_json(void **state) {
    (void)state;
    expect_json((struct event){.type = EVENT_LINE, .text = "listen 3", .place = "a.txt:2", .actor = "server"},
                "\"line\",\"actor\":\"server\",\"place\":\"a.txt:2\",\"text\":\"listen 3\"");
    expect_json((struct event){.type = EVENT_BORN, .actor = "server.1", .result = 42, .extra = "server"},
                "\"born\",\"actor\":\"server.1\",\"pid\":42,\"parent\":\"server\"");
    expect_json((struct event){.type = EVENT_BLOCKED, .actor = "s", .name = "accept", .text = "accept(3, …)"},
                "\"blocked\",\"actor\":\"s\",\"call\":\"accept\",\"args\":\"3, …\"");
    expect_json(
        (struct event){.type = EVENT_RETURNED,
                       .actor = "s",
                       .name = "listen",
                       .text = "listen(3, 5)",
                       .extra = "0",
                       .fd = 3},
        "\"returned\",\"actor\":\"s\",\"call\":\"listen\",\"args\":\"3, 5\",\"result\":0,\"text\":\"0\","
        "\"fd\":3");
    expect_json(
        (struct event){.type = EVENT_RETURNED,
                       .actor = "s",
                       .name = "connect",
                       .text = "connect(3, x)",
                       .extra = "-1 ECONNREFUSED (Connection refused)",
                       .result = -1,
                       .error = 111,
                       .fd = 3,
                       .id = "connect-ECONNREFUSED",
                       .note = "Nobody listens."},
        "\"returned\",\"actor\":\"s\",\"call\":\"connect\",\"args\":\"3, x\",\"result\":-1,"
        "\"text\":\"-1 ECONNREFUSED (Connection refused)\",\"errno\":\"ECONNREFUSED\",\"error\":111,\"fd\":3,"
        "\"explanation\":\"connect-ECONNREFUSED\",\"hint\":\"Nobody listens.\"");
    expect_json((struct event){.type = EVENT_RETURNED,
                               .actor = "s",
                               .name = "recv",
                               .text = "recv(4, \"h\", 9, 0)",
                               .extra = "1",
                               .result = 1,
                               .fd = 4,
                               .asked = 9,
                               .data_total = 1,
                               .data = "h",
                               .data_length = 1},
                "\"returned\",\"actor\":\"s\",\"call\":\"recv\",\"args\":\"4, \\\"h\\\", 9, 0\",\"result\":1,"
                "\"text\":\"1\",\"fd\":4,\"asked\":9,\"bytes\":1,\"direction\":\"in\",\"data\":\"h\"");
    expect_json(
        (struct event){.type = EVENT_OUTPUT, .actor = "s", .stream = 2, .data = "\xff\n", .data_length = 2},
        "\"output\",\"actor\":\"s\",\"stream\":2,\"bytes\":2,\"data\":\"\\u00ff\\n\"");
    expect_json((struct event){.type = EVENT_FAULT,
                               .actor = "s",
                               .kind = ERROR_NAME,
                               .where = {4, 3},
                               .text = "what is foo?",
                               .extra = "did you mean for?",
                               .source = "a;\nxfoo"},
                "\"fault\",\"actor\":\"s\",\"kind\":\"name\",\"text\":\"what is foo?\","
                "\"hint\":\"did you mean for?\",\"source\":\"a;\\nxfoo\",\"line\":2,\"column\":2,\"where\":4,"
                "\"length\":3");
    expect_json((struct event){.type = EVENT_DIED, .actor = "s", .result = 13, .text = "killed by SIGPIPE"},
                "\"died\",\"actor\":\"s\",\"text\":\"killed by SIGPIPE\",\"signal\":13");
    expect_json((struct event){.type = EVENT_DIED,
                               .actor = "s",
                               .result = 13,
                               .text = "was killed",
                               .name = "write",
                               .extra = "write(4, \"x\", 1)",
                               .id = "died-SIGPIPE",
                               .note = "Nobody reads."},
                "\"died\",\"actor\":\"s\",\"text\":\"was killed\",\"signal\":13,\"call\":\"write\","
                "\"args\":\"4, \\\"x\\\", 1\",\"explanation\":\"died-SIGPIPE\",\"hint\":\"Nobody reads.\"");
    expect_json((struct event){.type = EVENT_DIED, .actor = "s", .result = 3 << 8, .text = "exited"},
                "\"died\",\"actor\":\"s\",\"text\":\"exited\",\"status\":3");
    expect_json((struct event){.type = EVENT_DIED, .actor = "s", .result = -1, .text = "ended"},
                "\"died\",\"actor\":\"s\",\"text\":\"ended\"");
    expect_json((struct event){.type = EVENT_CHECK, .result = 1, .text = "blocks", .extra = "blocked"},
                "\"check\",\"met\":true,\"expected\":\"blocks\",\"seen\":\"blocked\"");
}

static void test_json_of_rubbish(void **state) {
    (void)state;
    /* Nothing that an event can hold makes it anything but one line. */
    for (int type = 0; type < EVENT_TYPES_END; type++) {
        struct buf out = {0};
        struct event event = {.type = (enum event_type)type,
                              .text = "\n\"\\\x1b[2J",
                              .where = {1000, 1000},
                              .error = 99999,
                              .result = INT64_MIN,
                              .name = "\n",
                              .source = "x\ny"};
        event_to_json(&event, &out);
        assert_ptr_equal(strchr(out.data, '\n'), out.data + out.length - 1);
        assert_null(strchr(out.data, '\x1b'));
        buf_free(&out);
    }
}

static size_t lines_of(const char *path, bool *whole) {
    FILE *file = fopen(path, "r");
    size_t lines = 0;
    int c, last = '\n';
    assert_non_null(file);
    while ((c = getc(file)) != EOF) {
        lines += c == '\n';
        last = c;
    }
    *whole = last == '\n';
    fclose(file);
    return lines;
}

static void test_file(void **state) {
    (void)state;
    char path[] = "/tmp/test_journal.XXXXXX";
    bool whole;
    struct error error = {0};
    close(mkstemp(path));
    struct journal *journal = journal_new();
    add_note(journal, "before");
    assert_true(journal_write_to(journal, path, &error));
    add_note(journal, "one");
    journal_flush(journal);
    assert_int_equal(lines_of(path, &whole), 1);
    for (int i = 0; i < 5000; i++)
        add_note(journal, "more");
    assert_true(lines_of(path, &whole) > 1); /* written out by itself every 64 KiB */
    journal_free(journal);
    assert_int_equal(lines_of(path, &whole), 5001);
    assert_true(whole);
    unlink(path);
}

static void test_no_such_folder(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    struct error error = {0};
    assert_false(journal_write_to(journal, "/nowhere/at/all", &error));
    assert_non_null(strstr(error.text, "/nowhere/at/all"));
    error_free(&error);
    journal_free(journal);
}

static void test_full_disk_is_told_once(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    struct error error = {0};
    assert_true(journal_write_to(journal, "/dev/full", &error));
    assert_null(journal_trouble(journal));
    add_note(journal, "x");
    journal_flush(journal);
    const char *trouble = journal_trouble(journal);
    assert_non_null(trouble);
    assert_non_null(strstr(trouble, "/dev/full"));
    assert_null(journal_trouble(journal));
    add_note(journal, "y"); /* goes on */
    journal_flush(journal);
    assert_null(journal_trouble(journal));
    assert_int_equal(journal_last(journal), 2);
    journal_free(journal);
}

static void test_torn_line_is_cut_off(void **state) {
    (void)state;
    char path[] = "/tmp/test_journal.XXXXXX";
    bool whole;
    struct error error = {0};
    struct rlimit before, limit;
    close(mkstemp(path));
    struct journal *journal = journal_new();
    assert_true(journal_write_to(journal, path, &error));
    /* A file size limit is as good as a full disk: EFBIG in the middle of a line. */
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    limit = before;
    limit.rlim_cur = 1000;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    for (int i = 0; i < 50; i++)
        add_note(journal, "some words that take a few bytes");
    journal_flush(journal);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_non_null(journal_trouble(journal));
    assert_true(lines_of(path, &whole) > 5);
    assert_true(whole);
    journal_free(journal);
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_events_are_copied),       cmocka_unit_test(test_readers_in_order),
        cmocka_unit_test(test_held_events_are_ordered), cmocka_unit_test(test_oldest_go_first),
        cmocka_unit_test(test_memory_is_bounded),       cmocka_unit_test(test_json),
        cmocka_unit_test(test_json_of_rubbish),         cmocka_unit_test(test_file),
        cmocka_unit_test(test_no_such_folder),          cmocka_unit_test(test_full_disk_is_told_once),
        cmocka_unit_test(test_torn_line_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

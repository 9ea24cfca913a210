/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ladder, compared with how it must look. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "view/ladder.h"

static const struct ladder_rung rungs[] = {
    {.number = 1,
     .from = 0,
     .to = 1,
     .parts = {"SYN", "seq 0", "win 64240", "<mss 1460, SACK permitted>"},
     .part_count = 4,
     .notes = {{.end = 0, .text = "connect()"}},
     .note_count = 1},
    {.number = 2,
     .time_ns = 9123,
     .from = 1,
     .to = 0,
     .parts = {"SYN ACK", "seq 0", "ack 1"},
     .part_count = 3},
    {.number = 3,
     .time_ns = 1021000000,
     .from = 0,
     .to = 1,
     .parts = {"ACK", "ack 1"},
     .part_count = 2,
     .notes = {{.end = 0, .text = "SYN_SENT → ESTABLISHED"}, {.end = 1, .text = "accept queue 0/3 → 1/3"}},
     .note_count = 2},
    {.notes = {{.end = 1, .text = "accept() = 4"}}, .note_count = 1},
    {.number = 4,
     .time_ns = 1022000000,
     .from = 0,
     .to = 1,
     .parts = {"PSH ACK", "len 5", "\"hello\""},
     .part_count = 3,
     .arrow = LADDER_LOST},
    {.number = 5,
     .time_ns = 1022000000,
     .from = 1,
     .to = 0,
     .parts = {"ACK"},
     .part_count = 1,
     .arrow = LADDER_HELD},
};

static void show(struct ladder ladder, struct buf *out) {
    ladder.rungs = rungs;
    ladder.rung_count = sizeof(rungs) / sizeof(*rungs);
    ladder_show(&ladder, out);
}

static void test_two(void **state) {
    struct buf out = {0};
    (void)state;
    show((struct ladder){.ends = {"client 127.0.0.1:40000", "server 127.0.0.1:8888"},
                         .end_count = 2,
                         .columns = 80},
         &out);
    assert_string_equal(buf_text(&out),
                        "            client 127.0.0.1:40000                         server 127.0.0.1:8888\n"
                        "1  0.000000 connect()      ─── SYN seq 0 win 64240 ─────────────▶\n"
                        "                               <mss 1460, SACK permitted>\n"
                        "2  0.000009                ◀── SYN ACK seq 0 ack 1 ──────────────\n"
                        "3  1.021000 SYN_SENT →     ─── ACK ack 1 ───────────────────────▶ accept queue\n"
                        "             ESTABLISHED                                           0/3 → 1/3\n"
                        "                                                                  accept() = 4\n"
                        "4  1.022000                ─── PSH ACK len 5 \"hello\" ───────────✗\n"
                        "5  1.022000                ║── ACK ──────────────────────────────\n");
    buf_free(&out);
}

static void test_ascii(void **state) {
    struct buf out = {0};
    (void)state;
    show((struct ladder){.ends = {"client", "server"}, .end_count = 2, .columns = 60, .ascii = true}, &out);
    assert_string_equal(buf_text(&out), "            client                                    server\n"
                                        "1  0.000000 connect()  --- SYN seq 0 win 64240 ->\n"
                                        "                           <mss 1460, SACK\n"
                                        "                           permitted>\n"
                                        "2  0.000009            <-- SYN ACK seq 0 ack 1 --\n"
                                        "3  1.021000 SYN_SENT   --- ACK ack 1 -----------> accept\n"
                                        "             ->                                    queue 0/3\n"
                                        "             ESTABLISH                             -> 1/3\n"
                                        "             ED\n"
                                        "                                                  accept() =\n"
                                        "                                                   4\n"
                                        "4  1.022000            --- PSH ACK len 5 -------X\n"
                                        "                           \"hello\"\n"
                                        "5  1.022000            |-- ACK ------------------\n");
    for (size_t i = 0; i < out.length; i++)
        assert_true((unsigned char)out.data[i] < 0x80);
    buf_free(&out);
}

static void test_several(void **state) {
    struct buf out = {0};
    (void)state;
    show((struct ladder){.ends = {"client 10.0.0.1", "server 10.0.0.2", "10.0.0.3"},
                         .end_count = 3,
                         .columns = 80},
         &out);
    assert_non_null(strstr(buf_text(&out), "            client 10.0.0.1"));
    assert_non_null(strstr(buf_text(&out), "  client: connect()\n"));
    assert_non_null(strstr(buf_text(&out), "  server: accept() = 4\n"));
    buf_free(&out);
}

/* Half an hour after the first packet a time is longer, and everything stands further right: nothing touches. */
static void test_long_times(void **state) {
    const struct ladder_rung late[] = {
        {.number = 1, .from = 0, .to = 1, .parts = {"SYN"}, .part_count = 1},
        {.number = 2, .time_ns = 1800 * SECOND_NS, .from = 1, .to = 0, .parts = {"RST"}, .part_count = 1,
         .notes = {{.end = 0, .text = "fourteen char"}}, .note_count = 1},
    };
    struct ladder ladder = {.ends = {"client", "server"}, .end_count = 2, .rungs = late, .rung_count = 2,
                            .columns = 60, .ascii = true};
    struct buf out = {0};
    (void)state;
    ladder_show(&ladder, &out);
    assert_string_equal(buf_text(&out), "              client                                  server\n"
                                        "1    0.000000            --- SYN --------------->\n"
                                        "2 1800.000000 fourteen   <-- RST ----------------\n"
                                        "               char\n");
    buf_free(&out);
}

/* More ends than there is room for: lines. */
static void test_many(void **state) {
    struct buf out = {0};
    struct ladder ladder = {.end_count = 9, .columns = 80};
    (void)state;
    for (size_t i = 0; i < ladder.end_count; i++)
        ladder.ends[i] = i == 0 ? "client 10.0.0.1:7" : "host";
    show(ladder, &out);
    assert_non_null(strstr(buf_text(&out), "1  0.000000 client 10.0.0.1:7 → host SYN seq 0 win"));
    assert_non_null(strstr(buf_text(&out), "(lost)"));
    buf_free(&out);
}

/* No line is wider than what was asked for, whatever that is. */
static void test_widths(void **state) {
    (void)state;
    for (size_t ends = 1; ends < 12; ends++)
        for (size_t columns = 40; columns < 200; columns++) {
            struct ladder ladder = {.end_count = ends < 2 ? 2 : ends, .columns = columns};
            struct buf out = {0};
            for (size_t i = 0; i < ladder.end_count; i++)
                ladder.ends[i] = "somebody [2001:db8::1234:5678]:40000";
            show(ladder, &out);
            for (char *line = out.data, *end; line < out.data + out.length; line = end + 1) {
                end = strchr(line, '\n');
                assert_non_null(end);
                if (utf8_columns(line, (size_t)(end - line)) > columns)
                    fail_msg("%zu ends, %zu columns: %.*s", ends, columns, (int)(end - line), line);
            }
            buf_free(&out);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_two),  cmocka_unit_test(test_ascii),  cmocka_unit_test(test_several),
        cmocka_unit_test(test_long_times),
        cmocka_unit_test(test_many), cmocka_unit_test(test_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

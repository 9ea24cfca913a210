/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The book of the wire, and the parts of the ladder that are found by it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <time.h>

#include "echo_moments.h"
#include "view/rungs.h"

/* "1 r 2": packets by number, r: a return, c: a change, l: lost. */
static char *entries(const struct wire *wire) {
    struct buf out = {0};
    const struct wire_entry *entry;
    for (uint64_t n = 1; n <= wire_last(wire); n++) {
        if ((entry = wire_at(wire, n)) == NULL)
            continue;
        if (out.length > 0)
            buf_add_char(&out, ' ');
        if (entry->kind == WIRE_PACKET)
            buf_addf(&out, "%llu", (unsigned long long)entry->packet);
        else
            buf_add_char(&out, entry->kind == WIRE_RETURN ? 'r' : entry->kind == WIRE_CHANGE ? 'c' : 'l');
    }
    return buf_take(&out);
}

static void assert_entries(const struct stage *stage, const char *expected) {
    char *seen = entries(stage->wire);
    assert_string_equal(seen, expected);
    free(seen);
}

static void what_is_in_it(void **state) {
    struct stage stage;
    (void)state;
    stage_begin(&stage);
    /* Before the first packet nothing is. */
    stage_call(&stage, "server", "accept", SERVER_COOKIE, 4, "accept(3, NULL, NULL)");
    assert_entries(&stage, "");
    tell_handshake(&stage);
    assert_entries(&stage, "1 2 3 c c r");
    tell_data(&stage);
    assert_entries(&stage, "1 2 3 c c r 4 5 c");
    /* Calls that wait for nobody, output, and changes that came without a packet. */
    stage_call(&stage, "server", "listen", SERVER_COOKIE, 0, "listen(3, 3)");
    stage_caused(&stage, "server", SERVER_COOKIE, "server fd 3: accept queue 0/3");
    stage_output(&stage, "server", "hello\n");
    journal_add(
        stage.journal,
        &(struct event){
            .type = EVENT_PACKET, .name = "lost", .text = "7 packets", .fd = -1, .packet = {.number = 7}});
    assert_entries(&stage, "1 2 3 c c r 4 5 c l");
    stage_end(&stage);
}

static void fates(void **state) {
    struct stage stage;
    (void)state;
    stage_begin(&stage);
    uint64_t first =
        stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_SYN, .fate = FRAME_HELD});
    uint64_t second =
        stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_SYN, .fate = FRAME_HELD});
    stage_fate(&stage, first, FRAME_DROPPED);
    stage_fate(&stage, 99, FRAME_DELIVERED); /* of one that was never told of */
    assert_int_equal(wire_at(stage.wire, first)->fate, FRAME_DROPPED);
    assert_int_equal(wire_at(stage.wire, second)->fate, FRAME_HELD);
    assert_int_equal(wire_last(stage.wire), 2);
    assert_null(wire_at(stage.wire, 0));
    assert_null(wire_at(stage.wire, 3));
    stage_end(&stage);
}

static double milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* Whatever else has happened since, packets are found at once; with the journal the book forgets. */
static void behind_much_else(void **state) {
    struct stage stage;
    struct rungs wire;
    const struct rungs_filter filter = {0};
    (void)state;
    stage_begin(&stage);
    tell_handshake(&stage);
    for (int i = 0; i < JOURNAL_KEEP - 100; i++)
        stage_output(&stage, "server", "a line\n");
    double began = milliseconds();
    for (int i = 0; i < 100; i++) {
        rungs_gather(stage.journal, stage.wire, &filter, 80, &wire);
        assert_int_equal(wire.ladder.rung_count, 4);
        rungs_free(&wire);
    }
    assert_true((milliseconds() - began) / 100 < 5);
    for (int i = 0; i < 200; i++)
        stage_output(&stage, "server", "a line\n");
    rungs_gather(stage.journal, stage.wire, &filter, 80, &wire);
    assert_int_equal(wire.ladder.rung_count, 0);
    rungs_free(&wire);
    assert_null(rungs_event(stage.journal, stage.wire, 1));
    stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_SYN});
    assert_entries(&stage, "4");
    stage_end(&stage);
}

/* Two connections, rung by rung in turn. */
static void stage_two(struct stage *stage) {
    stage_begin(stage);
    for (unsigned i = 0; i < 50; i++) {
        stage_packet(stage, &(struct staged){.from = "client", .flags = TCP_ACK, .alone = true});
        stage_packet(stage,
                     &(struct staged){.from = "server", .flags = TCP_ACK, .alone = true, .port = 40513});
    }
}

static void windows(void **state) {
    struct stage stage;
    struct rungs_filter filter = {0};
    (void)state;
    stage_two(&stage);
    struct rungs_window window = {.skip = 10, .most = 5};
    rungs_find(stage.journal, stage.wire, &filter, &window);
    assert_int_equal(window.first, 86);
    assert_int_equal(window.last, 90);
    assert_int_equal(window.count, 20); /* a page more than is shown */
    window = (struct rungs_window){.most = 5, .chosen = 3};
    rungs_find(stage.journal, stage.wire, &filter, &window);
    assert_int_equal(window.chosen_at, 97);
    filter.connection = 1;
    window = (struct rungs_window){.most = 100, .chosen = 4};
    rungs_find(stage.journal, stage.wire, &filter, &window);
    assert_int_equal(window.count, 50);
    assert_int_equal(window.chosen_at, SIZE_MAX); /* of the other connection */
    filter.after = wire_at(stage.wire, 90)->event;
    rungs_find(stage.journal, stage.wire, &filter, &window);
    assert_int_equal(window.count, 5);
    stage_end(&stage);
}

/* What is read stands still while more comes: it ends where it ended, and what is newer is counted. */
static void until(void **state) {
    struct stage stage;
    struct rungs_filter filter = {0};
    (void)state;
    stage_two(&stage);
    struct rungs_window window = {.skip = 2, .most = 5, .until = 50};
    rungs_find(stage.journal, stage.wire, &filter, &window);
    assert_int_equal(window.first, 44);
    assert_int_equal(window.last, 48);
    window = (struct rungs_window){.most = 5, .until = 50, .chosen = 60};
    rungs_find(stage.journal, stage.wire, &filter, &window);
    assert_int_equal(window.last, 50);
    assert_int_equal(window.chosen_at, SIZE_MAX); /* it is newer */
    assert_int_equal(rungs_place(stage.wire, 60), 60);
    assert_int_equal(rungs_place(stage.wire, 101), 0);
    struct rungs_newer newer = rungs_behind(stage.wire, &filter, 90, 1000);
    assert_int_equal(newer.packets, 10);
    filter.connection = 1;
    newer = rungs_behind(stage.wire, &filter, 90, 1000);
    assert_int_equal(newer.packets, 5);
    newer = rungs_behind(stage.wire, &filter, 10, 7);
    assert_int_equal(newer.rungs, 7);
    stage_call(&stage, "server", "accept", SERVER_COOKIE, 4, "accept(3, NULL, NULL)");
    filter = (struct rungs_filter){0};
    newer = rungs_behind(stage.wire, &filter, 100, 1000); /* a rung without a packet */
    assert_int_equal(newer.rungs, 1);
    assert_int_equal(newer.packets, 0);
    stage_end(&stage);
}

static uint64_t neighbour(const struct stage *stage, const struct rungs_filter *filter, uint64_t number,
                          bool back) {
    const struct event *event = rungs_neighbour(stage->journal, stage->wire, filter, number, back);
    return event != NULL ? event->packet.number : 0;
}

static void neighbours(void **state) {
    struct stage stage;
    struct rungs_filter filter = {0};
    (void)state;
    stage_two(&stage);
    assert_int_equal(neighbour(&stage, &filter, 0, true), 100);
    assert_int_equal(neighbour(&stage, &filter, 100, true), 99);
    assert_int_equal(neighbour(&stage, &filter, 100, false), 0);
    assert_int_equal(neighbour(&stage, &filter, 1, true), 0);
    assert_int_equal(neighbour(&stage, &filter, 1, false), 2);
    filter.connection = 1;
    assert_int_equal(neighbour(&stage, &filter, 0, true), 99);
    assert_int_equal(neighbour(&stage, &filter, 99, true), 97);
    assert_int_equal(neighbour(&stage, &filter, 1, false), 3);
    stage_end(&stage);
}

/* Cut anywhere, a call stands at the first of its packets only, and a return at its end. */
static void parts(void **state) {
    struct stage stage;
    (void)state;
    stage_begin(&stage);
    tell_handshake(&stage);
    tell_data(&stage);
    for (size_t most = 1; most <= 6; most++) {
        struct rungs_filter filter = {0};
        struct rungs_window window = {.most = most};
        struct rungs wire;
        size_t calls = 0;
        rungs_find(stage.journal, stage.wire, &filter, &window);
        filter.first = window.first;
        filter.last = window.last;
        rungs_gather(stage.journal, stage.wire, &filter, 80, &wire);
        assert_true(wire.ladder.rung_count >= most && wire.ladder.rung_count <= most + 1);
        for (size_t i = 0; i < wire.ladder.rung_count; i++)
            for (size_t k = 0; k < wire.rungs[i].note_count; k++)
                calls += strcmp(wire.rungs[i].notes[k].text, "send() = 22") == 0;
        assert_int_equal(calls, most >= 2);
        rungs_free(&wire);
    }
    stage_end(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_in_it), cmocka_unit_test(fates),      cmocka_unit_test(behind_much_else),
        cmocka_unit_test(until),
        cmocka_unit_test(windows),       cmocka_unit_test(neighbours), cmocka_unit_test(parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ladder of packets on whole screens, as in test_scene.c: a handshake, data,
 * the end of a connection, packets that do not arrive; one that is chosen and opened.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "screens.h"

static void layouts(void **state) {
    (void)state;
    compare_layouts("wire-handshake", stage_wire_handshake);
    compare_layouts("wire-data", stage_wire_data);
    compare_layouts("wire-close", stage_wire_close);
    compare_layouts("wire-lost", stage_wire_lost);
}

/* What a person can wish to see of the packets. */
static void wire_wishes(void **state) {
    static const char *const names[] = {"chosen",  "opened",   "zoomed", "connection",
                                        "several", "scrolled", "none",   "opened-wide"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        struct stage stage;
        (i == 4 ? stage_wire_three : stage_wire_close)(&stage);
        struct scene_wishes *wishes = &stage.scene.wishes;
        wishes->focus = PANE_WIRE;
        if (i == 3)
            stage_packet(&stage,
                         &(struct staged){.from = "client", .flags = TCP_SYN, .port = 40600, .alone = true});
        wishes->opened = i == 1 || i == 7;
        wishes->chosen = i == 0 ? 2 : wishes->opened ? 4 : 0;
        wishes->zoomed = i == 2;
        wishes->stream = wishes->connection = 0;
        if (i == 3) {
            wishes->stream = CLIENT_COOKIE;
            wishes->connection = 1;
            streams_pair(stage.streams, CLIENT_COOKIE, ACCEPTED_COOKIE);
        }
        wishes->scroll[PANE_WIRE] = i == 5 ? 3 : 0;
        stage.scene.wire_after = i == 6 ? journal_last(stage.journal) : 0;
        size_t rows = i == 4 ? 40 : i == 7 ? 50 : 24, columns = i == 4 ? 120 : i == 7 ? 200 : 80;
        char *seen = drawn(&stage.scene, rows, columns, true, NULL);
        char *name = mem_format("wish-wire-%s", names[i]);
        compare_with_file(name, seen);
        free(name);
        free(seen);
        stage_end(&stage);
    }
}

/* The wire comes by itself where there is room for it, and packets; and goes, and comes, as is wished. */
static void wire_comes(void **state) {
    static const struct {
        size_t columns, rows;
        enum scene_wish wish;
        bool packets, shown;
    } cases[] = {
        {120, 40, WISH_USUAL, true, true},   {120, 40, WISH_USUAL, false, false},
        {120, 40, WISH_HIDDEN, true, false}, {120, 40, WISH_SHOWN, false, true},
        {80, 24, WISH_USUAL, true, false},   {80, 24, WISH_SHOWN, true, true},
        {80, 12, WISH_SHOWN, true, false},   {200, 30, WISH_USUAL, true, false},
        {200, 30, WISH_SHOWN, true, true},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct stage stage;
        struct scene_result result;
        (cases[i].packets ? stage_wire_data : stage_accept)(&stage);
        stage.scene.wishes.wire = cases[i].wish;
        free(drawn(&stage.scene, cases[i].rows, cases[i].columns, false, &result));
        assert_int_equal(result.areas[PANE_WIRE].rows > 0, cases[i].shown);
        /* While a lesson asks about them the question has the room. */
        stage.scene.wire_after = journal_last(stage.journal);
        stage.scene.wire_asked = true;
        free(drawn(&stage.scene, cases[i].rows, cases[i].columns, false, &result));
        assert_int_equal(result.areas[PANE_WIRE].rows, 0);
        stage.scene.wishes.focus = PANE_WIRE;
        stage.scene.wishes.zoomed = true;
        assert_shows(&stage, cases[i].rows, cases[i].columns, "the lesson asks about these packets");
        stage_end(&stage);
    }
}

/* An address at which nobody listened is an actor's by now, and an actor alone keeps its side. */
static void one_rail_an_address(void **state) {
    struct stage stage;
    (void)state;
    stage_begin(&stage);
    stage.scene.wishes.wire = WISH_SHOWN;
    stage_call(&stage, "client", "connect", CLIENT_COOKIE, -1, "connect(3, {AF_INET, 127.0.0.1:8888}, 16)");
    stage_packet(&stage, &(struct staged){
                             .from = "client", .flags = TCP_SYN, .fate = FRAME_DELIVERED, .nobody = true});
    assert_shows(&stage, 24, 80,
                 "  1                     │◀── SYN seq 0 win 65536 ──────────┤ connect() = -1");
    assert_shows(&stage, 24, 80,
                 "\n         127.0.0.1:8888                                   client 127.0.0.1:40512");
    tell_handshake(&stage);
    assert_shows(&stage, 24, 80,
                 "    server 127.0.0.1:8888                                 client 127.0.0.1:40512");
    stage_end(&stage);
}

/* ARP has no ports, and is nobody's; what the hosts say stands where their only actors do. */
static void arp_of_hosts(void **state) {
    struct stage stage;
    uint8_t frame[42] = {[12] = 8, [13] = 6, [15] = 1, [16] = 8, [18] = 6, [19] = 4, [21] = 1};
    const uint8_t asks[4] = {10, 0, 0, 1}, asked[4] = {10, 0, 0, 2};
    (void)state;
    memcpy(frame + 28, asks, 4);
    memcpy(frame + 38, asked, 4);
    stage_begin(&stage);
    stage.scene.wishes.wire = WISH_SHOWN;
    stage_call(&stage, "client", "sendto", CLIENT_COOKIE, 3, "sendto(3, \"one\", 3, 0)");
    journal_add(stage.journal, &(struct event){.type = EVENT_PACKET,
                                               .happened_ns = stage.now_ns,
                                               .name = "ARP",
                                               .fd = -1,
                                               .data = (const char *)frame,
                                               .data_length = sizeof(frame),
                                               .data_total = sizeof(frame),
                                               .packet = {.number = ++stage.packets,
                                                          .seen_ns = stage.now_ns,
                                                          .fate = FRAME_DELIVERED,
                                                          .caused = true}});
    stage_datagram(&stage, "client", "server", 1, 2, "one");
    assert_shows(&stage, 24, 80,
                 "    server 10.0.0.2:7000                                    client 10.0.0.1:7000");
    assert_shows(&stage, 24, 80, "  1                     │◀── ARP who has 10.0.0.2? tel… ───┤\n");
    assert_shows(&stage, 24, 80,
                 "  2                     │◀── UDP len 3 \"one\" ──────────────┤ sendto() = 3");
    /* Another actor on the same host: it might be either's. */
    stage_datagram(&stage, "other", "server", 1, 2, "two");
    assert_shows(&stage, 40, 120, "10.0.0.1 ");
    stage_end(&stage);
}

/* Times are counted from the first packet that there is to see, wherever the ladder is scrolled to. */
static void times(void **state) {
    struct stage stage;
    (void)state;
    stage_wire_close(&stage);
    stage.scene.wishes.scroll[PANE_WIRE] = 1;
    assert_shows(&stage, 40, 120, "  8  0.006070");
    stage.scene.wire_after = journal_last(stage.journal);
    stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_ACK, .alone = true});
    stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_ACK, .alone = true});
    assert_shows(&stage, 40, 120, " 11  0.200010");
    stage_end(&stage);
}

/* While something is read, more packets come: they are counted, and nothing moves. */
static void stands_still(void **state) {
    struct stage stage;
    struct scene_result result;
    (void)state;
    stage_wire_close(&stage);
    struct scene_wishes *wishes = &stage.scene.wishes;
    wishes->wire = WISH_SHOWN;
    wishes->scroll[PANE_WIRE] = 1;
    wishes->wire_until = wire_last(stage.wire);
    char *before = drawn(&stage.scene, 24, 80, false, &result);
    assert_int_equal(result.wire_newer, 0);
    size_t unseen = result.wire_unseen;
    for (int i = 0; i < 3; i++)
        stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_ACK, .alone = true});
    char *after = drawn(&stage.scene, 24, 80, false, &result);
    assert_int_equal(result.wire_newer, 3);
    assert_int_equal(result.wire_unseen, unseen + 3);
    char *words = mem_format("── wire, %zu newer ─", unseen + 3), *end = strstr(after, "── [transcript]");
    char *row = strstr(after, words);
    assert_non_null(row);
    assert_non_null(end);
    row = strchr(row, '\n');
    char *same = mem_string_n(row, (size_t)(end - row));
    assert_non_null(strstr(before, same));
    free(same);
    /* What was being read is forgotten, or hidden: then there is what there is. */
    stage.scene.wire_after = journal_last(stage.journal);
    stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_ACK, .alone = true});
    assert_shows(&stage, 24, 80, "── wire ─");
    assert_shows(&stage, 24, 80, " 13  ");
    free(words);
    free(before);
    free(after);
    stage_end(&stage);
}

/* Where a rung is short, how long the data is stays, and what it acknowledges goes. */
static void length_stays(void **state) {
    struct stage stage;
    char much[101] = "";
    (void)state;
    memset(much, 'x', 100);
    stage_begin(&stage);
    stage.scene.wishes.wire = WISH_SHOWN;
    stage_packet(&stage, &(struct staged){.from = "client", .flags = TCP_PSH | TCP_ACK, .seq = 1000, .ack = 2000,
                                         .data = much, .alone = true, .fate = FRAME_DELIVERED});
    assert_shows(&stage, 24, 80, "◀── PSH ACK seq 1000 len 100 ");
    assert_shows(&stage, 40, 120, "◀── PSH ACK seq 1000 ack 2000 len 100 ");
    stage_end(&stage);
}

/* A time of minutes does not touch what stands beside it: a lifeline where there are several, a note where there are two. */
static void long_times(void **state) {
    struct stage stage;
    (void)state;
    stage_wire_three(&stage);
    stage.now_ns += 7200 * SECOND_NS;
    stage_datagram(&stage, "server", "other", 2, 3, "late");
    assert_shows(&stage, 40, 120, "  1    0.000000 │◀── UDP");
    assert_shows(&stage, 40, 120, "  4 7200.002000 ├─── UDP");
    stage_end(&stage);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layouts),      cmocka_unit_test(wire_wishes),
        cmocka_unit_test(wire_comes),   cmocka_unit_test(one_rail_an_address),
        cmocka_unit_test(arp_of_hosts), cmocka_unit_test(times),
        cmocka_unit_test(long_times),   cmocka_unit_test(stands_still),
        cmocka_unit_test(length_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

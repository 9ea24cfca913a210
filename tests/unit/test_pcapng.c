/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is saved, taken apart again by the rules of the format; and what happens when it cannot be written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export/pcapng.h"
#include "net/frame.h"
#include "packet/track.h"

#define CALL_NS 1000

static void add(struct journal *journal, struct event event) {
    journal_add(journal, &event);
}

/* One call with two packets and a change, one packet by itself on another link, three that were lost. */
static struct journal *story(void) {
    struct journal *journal = journal_new();
    add(journal, (struct event){.type = EVENT_RETURNED,
                                .happened_ns = CALL_NS,
                                .actor = "client",
                                .name = "connect",
                                .text = "connect(3, …)",
                                .extra = "0"});
    add(journal,
        (struct event){.type = EVENT_PACKET,
                       .happened_ns = CALL_NS,
                       .actor = "client",
                       .extra = "server",
                       .name = "TCP",
                       .source = "lo",
                       .data = "first",
                       .data_length = 5,
                       .data_total = 5,
                       .packet = {.number = 1, .seen_ns = 1500, .caused = true, .fate = FRAME_DELIVERED}});
    add(journal,
        (struct event){.type = EVENT_PACKET,
                       .happened_ns = CALL_NS,
                       .actor = "server",
                       .extra = "client",
                       .name = "TCP",
                       .source = "lo",
                       .data = "second!!",
                       .data_length = 8,
                       .data_total = 9000,
                       .packet = {.number = 2, .seen_ns = 1600, .caused = true, .fate = FRAME_DELIVERED}});
    add(journal,
        (struct event){
            .type = EVENT_CHANGE, .happened_ns = CALL_NS, .actor = "client", .text = "fd 3: ESTABLISHED"});
    add(journal,
        (struct event){
            .type = EVENT_PACKET,
            .happened_ns = 5000,
            .name = "UDP",
            .source = "laptop → cheerios",
            .data = "third",
            .data_length = 5,
            .data_total = 5,
            .packet = {.number = 3, .seen_ns = 5000, .marks = MARK_RETRANSMISSION, .fate = FRAME_SENT}});
    add(journal, (struct event){.type = EVENT_PACKET,
                                .happened_ns = 5100,
                                .name = "UDP",
                                .source = "laptop → cheerios",
                                .packet = {.number = 3, .seen_ns = 5100, .fate = FRAME_DROPPED}});
    add(journal,
        (struct event){.type = EVENT_PACKET, .happened_ns = 6000, .name = "lost", .packet = {.number = 3}});
    return journal;
}

static bool gather(void *context, const void *bytes, size_t length) {
    buf_add(context, bytes, length);
    return true;
}

static uint32_t number(const struct buf *file, size_t at) {
    uint32_t value;
    assert_true(at + 4 <= file->length);
    memcpy(&value, file->data + at, 4);
    return value;
}

/* The option of this code, from `at` up to `end`; NULL: there is none. */
static const char *option(const struct buf *file, size_t at, size_t end, unsigned code, size_t nth,
                          size_t *length) {
    while (at < end) {
        uint32_t head = number(file, at);
        *length = head >> 16;
        assert_true(at + 4 + *length <= end);
        if ((head & 0xffff) == 0)
            return NULL;
        if ((head & 0xffff) == code && nth-- == 0)
            return file->data + at + 4;
        at += 4 + (*length + 3) / 4 * 4;
    }
    return NULL;
}

static void assert_option(const struct buf *file, size_t at, size_t end, unsigned code, size_t nth,
                          const char *text) {
    size_t length;
    const char *found = option(file, at, end, code, nth, &length);
    assert_non_null(found);
    assert_int_equal(length, strlen(text));
    assert_memory_equal(found, text, length);
}

static void test_blocks(void **state) {
    static const uint32_t types[] = {0x0a0d0d0a, 1, 6, 6, 1, 6, 5};
    struct journal *journal = story();
    struct buf file = {0};
    size_t count = 0, at = 0, starts[8], ends[8], blocks = 0;
    (void)state;
    pcapng_write(journal, 0, INT64_C(1700000000) * 1000000000, &count, gather, &file);
    assert_int_equal(count, 3);
    for (; at < file.length; blocks++) {
        uint32_t length = number(&file, at + 4);
        assert_true(blocks < 7);
        assert_int_equal(number(&file, at), types[blocks]);
        assert_int_equal(length % 4, 0);
        assert_int_equal(number(&file, at + length - 4), length);
        starts[blocks] = at + 8;
        ends[blocks] = at + length - 4;
        at += length;
    }
    assert_int_equal(blocks, 7);
    assert_int_equal(number(&file, 8), 0x1a2b3c4d);
    assert_int_equal(number(&file, 12), 1);        /* version 1.0 */
    assert_int_equal(number(&file, starts[1]), 1); /* Ethernet */
    assert_option(&file, starts[1] + 8, ends[1], 2, 0, "lo");
    assert_option(&file, starts[1] + 8, ends[1], 9, 0, "\x09");
    assert_option(&file, starts[4] + 8, ends[4], 2, 0, "laptop → cheerios");
    /* The first packet: interface, time, lengths, bytes, comments. */
    uint64_t time = (uint64_t)number(&file, starts[2] + 4) << 32 | number(&file, starts[2] + 8);
    assert_int_equal(number(&file, starts[2]), 0);
    assert_true(time == UINT64_C(1700000000) * 1000000000 + 1500);
    assert_int_equal(number(&file, starts[2] + 12), 5);
    assert_memory_equal(file.data + starts[2] + 20, "first\0\0\0", 8);
    assert_option(&file, starts[2] + 28, ends[2], 1, 0, "client> connect(3, …) = 0");
    assert_option(&file, starts[2] + 28, ends[2], 1, 1, "from client to server");
    /* The second: of 9000 bytes 8 are kept; the change stands with it. */
    assert_int_equal(number(&file, starts[3] + 12), 8);
    assert_int_equal(number(&file, starts[3] + 16), 9000);
    assert_option(&file, starts[3] + 28, ends[3], 1, 0, "from server to client");
    assert_option(&file, starts[3] + 28, ends[3], 1, 1, "client: fd 3: ESTABLISHED");
    assert_int_equal(number(&file, starts[5]), 1);
    assert_option(&file, starts[5] + 28, ends[5], 1, 0, "retransmission");
    assert_option(&file, starts[5] + 28, ends[5], 1, 1, "dropped");
    size_t length;
    const char *lost = option(&file, starts[6] + 12, ends[6], 5, 0, &length);
    assert_non_null(lost);
    assert_int_equal(length, 8);
    assert_memory_equal(lost, "\x03\0\0\0\0\0\0", 8);
    buf_free(&file);
    journal_free(journal);
}

static void test_file(void **state) {
    char folder[] = "/tmp/test-pcapng-XXXXXX", path[64];
    struct journal *journal = story(), *empty = journal_new();
    struct error error = {0};
    size_t count = 0;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/a.pcapng", folder);
    assert_false(pcapng_save(empty, 0, path, &count, &error));
    assert_int_equal(error.kind, ERROR_USAGE);
    error_free(&error);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_true(pcapng_save(journal, 0, path, &count, &error));
    assert_int_equal(count, 3);
    assert_false(pcapng_save(journal, 0, path, &count, &error));
    assert_non_null(strstr(error.text, "File exists"));
    error_free(&error);
    unlink(path);
    rmdir(folder);
    journal_free(journal);
    journal_free(empty);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_blocks), cmocka_unit_test(test_file)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

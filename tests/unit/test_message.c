/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages to bytes and back: every type, cut off everywhere, and what a hostile actor might send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "actor/link.h"
#include "actor/message.h"

static char name[] = "recv", text[] = "recv(4, \"hi\", 2000, 0)", extra[] = "2", data[] = "h\0i",
            address[] = "\2\0\42\270\177\0\0\1";

/* Every field set; a type keeps those that it has. */
static struct message full(enum message_type type) {
    return (struct message){.type = type,
                            .number = -5,
                            .result = INT64_MIN,
                            .error = 111,
                            .fd = 4,
                            .asked = 2000,
                            .data_total = INT64_MAX,
                            .data_out = true,
                            .cookie = -7,
                            .socket_type = 5,
                            .flags = -3,
                            .watch = WATCH_STEPS,
                            .waits = true,
                            .kind = ERROR_MEMORY,
                            .where = {7, UINT32_MAX},
                            .out_count = 12,
                            .err_count = 1L << 40,
                            .time_ns = 99,
                            .name = name,
                            .text = text,
                            .extra = extra,
                            .data = data,
                            .data_length = sizeof(data),
                            .address = address,
                            .address_length = sizeof(address)};
}

static struct buf encoded(enum message_type type) {
    struct message message = full(type);
    struct buf out = {0};
    struct error error = {0};

    assert_true(message_encode(&message, &out, &error));
    return out;
}

static bool decodes(const void *bytes, size_t length) {
    struct message message;
    struct error error = {0};
    /* A block of exactly this size, so that the address sanitizer sees every byte read beyond it. */
    char *copy = malloc(length > 0 ? length : 1);

    memcpy(copy, bytes, length);
    bool good = message_decode(copy, length, &message, &error);
    free(copy);
    if (good) {
        assert_non_null(message.name);
        assert_non_null(message.text);
        assert_non_null(message.extra);
        assert_non_null(message.data);
        assert_non_null(message.address);
    } else {
        const struct message none = {0};
        assert_memory_equal(&message, &none, sizeof(none));
        assert_non_null(error.text);
    }
    error_free(&error);
    message_free(&message);
    return good;
}

static void test_round_trip_of_every_type(void **state) {
    (void)state;
    for (int type = MESSAGE_RUN; type < MESSAGE_TYPES_END; type++) {
        struct buf first = encoded((enum message_type)type), second = {0};
        struct message message;
        struct error error = {0};
        assert_true(message_decode(first.data, first.length, &message, &error));
        assert_int_equal(message.type, type);
        assert_true(message_encode(&message, &second, &error));
        assert_int_equal(first.length, second.length);
        assert_memory_equal(first.data, second.data, first.length);
        message_free(&message);
        buf_free(&first);
        buf_free(&second);
    }
}

static void test_fields_of_returned(void **state) {
    (void)state;
    struct buf bytes = encoded(MESSAGE_RETURNED);
    struct message m;
    struct error error = {0};
    assert_true(message_decode(bytes.data, bytes.length, &m, &error));
    assert_true(m.result == INT64_MIN);
    assert_int_equal(m.error, 111);
    assert_int_equal(m.fd, 4);
    assert_int_equal(m.asked, 2000);
    assert_true(m.data_total == INT64_MAX);
    assert_true(m.data_out);
    assert_int_equal(m.cookie, -7);
    assert_int_equal(m.socket_type, 5);
    assert_int_equal(m.flags, -3);
    assert_true(m.waits);
    assert_int_equal(m.out_count, 12);
    assert_true(m.err_count == 1L << 40);
    assert_int_equal(m.time_ns, 99);
    assert_string_equal(m.name, name);
    assert_string_equal(m.text, text);
    assert_string_equal(m.extra, extra);
    assert_int_equal(m.data_length, sizeof(data));
    assert_memory_equal(m.data, data, sizeof(data));
    assert_int_equal(m.address_length, sizeof(address));
    assert_memory_equal(m.address, address, sizeof(address));
    assert_int_equal(m.number, 0); /* not fields of this type */
    assert_int_equal(m.watch, WATCH_OFF);
    message_free(&m);
    buf_free(&bytes);
}

static void test_cut_off_at_every_length(void **state) {
    (void)state;
    for (int type = MESSAGE_RUN; type < MESSAGE_TYPES_END; type++) {
        struct buf bytes = encoded((enum message_type)type);
        for (size_t length = 0; length < bytes.length; length++) {
            assert_false(decodes(bytes.data, length));
            /* Also when the header says that this is all. */
            if (length >= 8) {
                struct buf lying = {0};
                uint32_t body = (uint32_t)(length - 8);
                buf_add(&lying, bytes.data, length);
                memcpy(lying.data + 4, &body, sizeof(body));
                assert_false(decodes(lying.data, length));
                buf_free(&lying);
            }
        }
        assert_true(decodes(bytes.data, bytes.length));
        buf_add_char(&bytes, 'x');
        assert_false(decodes(bytes.data, bytes.length));
        buf_free(&bytes);
    }
}

static void test_header(void **state) {
    (void)state;
    struct buf bytes = encoded(MESSAGE_DONE);
    const uint16_t wrong_versions[] = {0, MESSAGE_VERSION + 1, 0xffff}, wrong_types[] = {0, MESSAGE_TYPES_END, 0xffff};
    for (size_t i = 0; i < 3; i++) {
        struct buf changed = {0};
        buf_add(&changed, bytes.data, bytes.length);
        memcpy(changed.data, &wrong_versions[i], 2);
        assert_false(decodes(changed.data, changed.length));
        memcpy(changed.data, bytes.data, 2);
        memcpy(changed.data + 2, &wrong_types[i], 2);
        assert_false(decodes(changed.data, changed.length));
        buf_free(&changed);
    }
    buf_free(&bytes);
}

/* The offset of an integer field: 8 for the header, then 8 each. */
static void assert_refused(enum message_type type, size_t field, int64_t value) {
    struct buf bytes = encoded(type);
    memcpy(bytes.data + 8 + 8 * field, &value, sizeof(value));
    assert_false(decodes(bytes.data, bytes.length));
    buf_free(&bytes);
}

static void test_hostile_values(void **state) {
    (void)state;
    assert_refused(MESSAGE_FAULT, 0, ERROR_SYSTEM + 1); /* kind */
    assert_refused(MESSAGE_FAULT, 0, -1);
    assert_refused(MESSAGE_FAULT, 1, -1);           /* where */
    assert_refused(MESSAGE_FAULT, 2, 1LL << 32);    /* its length */
    assert_refused(MESSAGE_RETURNED, 1, 1LL << 40); /* error */
    assert_refused(MESSAGE_RETURNED, 2, 1LL << 40); /* fd */
    assert_refused(MESSAGE_RETURNED, 4, -1);        /* data_total */
    assert_refused(MESSAGE_RETURNED, 5, 2);         /* data_out */
    assert_refused(MESSAGE_RETURNED, 7, -1);        /* socket_type */
    assert_refused(MESSAGE_RETURNED, 8, 1LL << 40); /* flags */
    assert_refused(MESSAGE_RETURNED, 9, 2);         /* waits */
    assert_refused(MESSAGE_RUN, 1, WATCH_STEPS + 1);
    assert_refused(MESSAGE_RUN, 1, -1);
    assert_refused(MESSAGE_DONE, 1, -1);            /* out_count */
    assert_refused(MESSAGE_DONE, 2, INT64_MIN);     /* err_count */
    assert_refused(MESSAGE_DONE, 3, -1);            /* time_ns */
}

/* The offset of the text in a MESSAGE_RUN: behind the header, the number and the watch level. */
#define RUN_TEXT 24

static void test_hostile_texts(void **state) {
    (void)state;
    struct buf bytes = encoded(MESSAGE_RUN);
    const uint32_t lengths[] = {0, 1, (uint32_t)strlen(text) + 1, 0x7fffffff, 0xfffffff8, 0xffffffff};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        memcpy(bytes.data + RUN_TEXT, &lengths[i], 4);
        assert_false(decodes(bytes.data, bytes.length));
    }
    buf_free(&bytes);
    bytes = encoded(MESSAGE_RUN);
    bytes.data[RUN_TEXT + 4] = '\0'; /* a NUL inside a text */
    assert_false(decodes(bytes.data, bytes.length));
    buf_free(&bytes);
}

static void test_too_long(void **state) {
    (void)state;
    struct message message = full(MESSAGE_RUN);
    struct buf out = {0};
    struct error error = {0};
    char *long_text = malloc(MESSAGE_MAX + 1);
    memset(long_text, 'x', MESSAGE_MAX);
    long_text[MESSAGE_MAX] = '\0';
    buf_add_text(&out, "before");
    message.text = long_text;
    assert_false(message_encode(&message, &out, &error));
    assert_int_equal(error.kind, ERROR_LIMIT);
    assert_string_equal(buf_text(&out), "before");
    error_free(&error);
    long_text[64 << 10] = '\0'; /* the longest statement fits */
    assert_true(message_encode(&message, &out, &error));
    buf_free(&out);
    char *zeros = calloc(1, MESSAGE_MAX + 1);
    assert_false(decodes(zeros, MESSAGE_MAX + 1));
    free(zeros);
    free(long_text);
}

static void test_texts_may_be_missing(void **state) {
    (void)state;
    struct message message = {.type = MESSAGE_RETURNED};
    struct buf out = {0};
    struct error error = {0};
    assert_true(message_encode(&message, &out, &error));
    assert_true(decodes(out.data, out.length));
    buf_free(&out);
}

static void test_link_carries_descriptors(void **state) {
    (void)state;
    int ends[2], pipe_ends[2], carried[CARRIED_MAX];
    char *room = malloc(MESSAGE_MAX), byte;
    size_t count;
    struct error error = {0};
    struct message sent = full(MESSAGE_FORKED), got;
    assert_true(link_pair(ends));
    assert_int_equal(pipe(pipe_ends), 0);
    assert_int_equal(link_receive(ends[1], MSG_DONTWAIT, room, &got, carried, &count, &error), LINK_NONE);
    assert_true(link_send(ends[0], &sent, &pipe_ends[1], 1, 0, &error));
    assert_int_equal(link_receive(ends[1], 0, room, &got, carried, &count, &error), LINK_MESSAGE);
    assert_int_equal(count, 1);
    assert_int_equal(write(carried[0], "x", 1), 1);
    assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
    close(carried[0]);
    message_free(&got);
    /* Rubbish, and then the end. */
    assert_int_equal(send(ends[0], "rubbish", 7, 0), 7);
    assert_int_equal(link_receive(ends[1], 0, room, &got, carried, &count, &error), LINK_BROKEN);
    assert_non_null(error.text);
    error_free(&error);
    close(ends[0]);
    assert_int_equal(link_receive(ends[1], 0, room, &got, carried, &count, &error), LINK_CLOSED);
    assert_false(link_send(ends[1], &sent, NULL, 0, 0, &error)); /* and no SIGPIPE */
    error_free(&error);
    close(ends[1]);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    free(room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip_of_every_type),
        cmocka_unit_test(test_fields_of_returned),
        cmocka_unit_test(test_cut_off_at_every_length),
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_hostile_values),
        cmocka_unit_test(test_hostile_texts),
        cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_texts_may_be_missing),
        cmocka_unit_test(test_link_carries_descriptors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

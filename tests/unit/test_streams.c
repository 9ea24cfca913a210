/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The book of streams: what it keeps, that totals are exact and memory bounded, whatever is said to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <sys/socket.h>

#include "journal/streams.h"

struct world {
    struct journal *journal;
    struct streams *streams;
};

static int begin(void **state) {
    static struct world world;
    world.journal = journal_new();
    world.streams = streams_new(world.journal);
    *state = &world;
    return 0;
}

static int end(void **state) {
    struct world *world = *state;
    streams_free(world->streams);
    journal_add(world->journal, &(struct event){.type = EVENT_NOTE}); /* nobody reads it any more */
    journal_free(world->journal);
    return 0;
}

static void add(struct world *world, struct event event) {
    event.type = EVENT_RETURNED;
    journal_add(world->journal, &event);
}

static struct event moved(uint64_t cookie, bool out, const char *bytes, size_t kept, int64_t total) {
    return (struct event){.actor = "server",
                          .name = out ? "send" : "recv",
                          .fd = 4,
                          .cookie = cookie,
                          .socket_type = SOCK_STREAM,
                          .data_out = out,
                          .data = bytes,
                          .data_length = kept,
                          .data_total = total,
                          .result = total};
}

static void test_offsets(void **state) {
    struct world *world = *state;
    add(world, moved(7, true, "hello", 5, 5));
    add(world, moved(7, true, " world", 6, 6));
    add(world, moved(7, false, "hi", 2, 2));
    const struct stream *stream = streams_find(world->streams, 7);
    assert_non_null(stream);
    assert_int_equal(stream->sent.total, 11);
    assert_int_equal(stream->sent.calls, 2);
    assert_int_equal(stream->received.total, 2);
    const struct stream_chunk *second = stream->sent.first->next;
    assert_int_equal(second->offset, 5);
    assert_int_equal(second->kept, 6);
    assert_memory_equal(second->bytes, " world", 6);
    assert_string_equal(second->call, "send");
    assert_string_equal(second->actor, "server");
    assert_null(second->next);
    assert_null(streams_find(world->streams, 8));
}

static void test_what_takes_nothing(void **state) {
    struct world *world = *state;
    struct event event = moved(7, false, "abc", 3, 3);
    event.flags = MSG_PEEK;
    add(world, event);
    event.flags = MSG_OOB;
    add(world, event);
    event.flags = 0;
    event.error = 11;
    add(world, event);
    event = moved(7, false, NULL, 0, 0); /* end of file */
    add(world, event);
    event = moved(7, false, NULL, 0, 0);
    event.flags = MSG_TRUNC;
    event.result = 9; /* TCP has thrown nine bytes away */
    add(world, event);
    const struct stream_history *received = &streams_find(world->streams, 7)->received;
    assert_int_equal(received->peeked, 1);
    assert_int_equal(received->urgent, 3);
    assert_int_equal(received->calls, 1);
    assert_int_equal(received->total, 9);
    assert_int_equal(received->discarded, 9);
    event = moved(7, true, "x", 1, 1);
    event.flags = MSG_OOB;
    add(world, event);
    assert_true(streams_find(world->streams, 7)->sent.newest->urgent);
    assert_int_equal(streams_find(world->streams, 7)->sent.total, 1);
}

static void test_datagrams(void **state) {
    struct world *world = *state;
    struct event event = moved(7, false, "abcd", 4, 4);
    event.socket_type = SOCK_DGRAM;
    event.flags = MSG_TRUNC;
    event.result = 1000;
    event.address = "\2\0\42\270\177\0\0\1\0\0\0\0\0\0\0";
    event.address_length = 16;
    add(world, event);
    event = moved(7, false, NULL, 0, 0); /* an empty one is one too */
    event.socket_type = SOCK_DGRAM;
    add(world, event);
    const struct stream_history *received = &streams_find(world->streams, 7)->received;
    assert_int_equal(received->calls, 2);
    assert_int_equal(received->first->length, 4);
    assert_int_equal(received->first->whole, 1000);
    assert_int_equal(received->first->address_length, 16);
    assert_memory_equal(received->first->address, "\2\0\42\270", 4);
    assert_int_equal(received->newest->length, 0);
}

/* The chunks are in order and do not overlap, and cost no more than they may. */
static size_t check(const struct stream_history *history) {
    size_t bytes = 0;
    uint64_t at = 0;
    for (const struct stream_chunk *chunk = history->first; chunk != NULL; chunk = chunk->next) {
        assert_true(chunk->offset >= at);
        assert_true(chunk->kept <= chunk->length);
        at = chunk->offset + chunk->length;
        bytes += sizeof(*chunk) + chunk->address_length + chunk->kept;
        if (chunk->next == NULL)
            assert_ptr_equal(chunk, history->newest);
    }
    assert_true(at <= history->total);
    assert_true(bytes <= STREAMS_KEEP_FIRST + STREAMS_KEEP_NEWEST);
    return bytes;
}

static void test_terabyte(void **state) {
    struct world *world = *state;
    static char block[4096];
    for (uint64_t i = 0; i < 1024; i++) {
        memcpy(block, &i, sizeof(i));
        add(world, moved(7, true, block, sizeof(block), INT64_C(1) << 30));
    }
    const struct stream_history *sent = &streams_find(world->streams, 7)->sent;
    assert_true(sent->total == UINT64_C(1) << 40);
    assert_int_equal(sent->calls, 1024);
    assert_int_equal(check(sent), streams_bytes(world->streams));
    uint64_t number;
    memcpy(&number, sent->first->bytes, sizeof(number));
    assert_int_equal(number, 0); /* the beginning stays */
    memcpy(&number, sent->newest->bytes, sizeof(number));
    assert_int_equal(number, 1023); /* and the newest */
    size_t count = 0;
    for (const struct stream_chunk *chunk = sent->first; chunk != NULL; chunk = chunk->next)
        count++;
    assert_int_equal(count + sent->dropped, 1024);
}

static void test_many_small(void **state) {
    struct world *world = *state;
    for (int i = 0; i < 20000; i++)
        add(world, moved(7, true, "x", 1, 1));
    assert_int_equal(streams_find(world->streams, 7)->sent.total, 20000);
    check(&streams_find(world->streams, 7)->sent);
}

static void test_hostile_sizes(void **state) {
    struct world *world = *state;
    for (int i = 0; i < 5; i++)
        add(world, moved(7, true, "abc", 3, INT64_MAX));
    assert_true(streams_find(world->streams, 7)->sent.total == UINT64_MAX); /* no more can be said */
    add(world, moved(7, false, "abcdef", 6, 2));                            /* more bytes than were moved */
    assert_int_equal(streams_find(world->streams, 7)->received.newest->kept, 2);
    add(world, moved(7, false, "abcdef", 6, -5));
    struct event event = moved(7, true, "x", 1, 1);
    event.fd = INT64_MAX;
    event.actor = "a name that is far longer than any actor can have, but who knows what is said";
    event.name = "a call of which nobody has ever heard";
    add(world, event);
    event.fd = -1;
    add(world, event);
    assert_int_equal(strlen(streams_find(world->streams, 7)->sent.newest->actor), STREAM_NAME_MAX - 1);
    assert_null(streams_held(world->streams, "server", -1));
}

static void test_all_together(void **state) {
    struct world *world = *state;
    static char block[4096];
    for (uint64_t cookie = 1; cookie <= STREAMS_MOST + 100; cookie++)
        for (int i = 0; i < 3; i++) {
            add(world, moved(cookie, true, block, sizeof(block), sizeof(block)));
            assert_true(streams_bytes(world->streams) <= STREAMS_KEEP);
        }
    assert_null(streams_find(world->streams, 100)); /* forgotten */
    const struct stream *old = streams_find(world->streams, 101);
    assert_non_null(old);
    assert_null(old->sent.first); /* its bytes have given way, its total has not */
    assert_int_equal(old->sent.total, 3 * sizeof(block));
    assert_int_equal(old->sent.dropped, 3);
    assert_non_null(streams_newest(world->streams)->sent.first);
    size_t count = 0;
    for (const struct stream *at = streams_newest(world->streams); at != NULL; at = stream_older(at))
        count++;
    assert_int_equal(count, STREAMS_MOST);
}

static void made_call(struct world *world, const char *actor, const char *name, int fd, uint64_t cookie) {
    add(world, (struct event){.actor = actor, .name = name, .fd = fd, .cookie = cookie});
}

static uint64_t held(const struct world *world, const char *actor, int fd) {
    const struct stream *stream = streams_held(world->streams, actor, fd);
    return stream != NULL ? stream->cookie : 0;
}

static void test_holders(void **state) {
    struct world *world = *state;
    made_call(world, "server", "bind", 3, 10);
    made_call(world, "server", "send", 4, 11);
    journal_add(world->journal, &(struct event){.type = EVENT_BORN, .actor = "child", .extra = "server"});
    made_call(world, "server", "close", 4, 11);
    assert_int_equal(held(world, "server", 4), 11); /* also after close() */
    assert_int_equal(held(world, "child", 4), 11);  /* inherited */
    assert_int_equal(held(world, "child", 3), 10);
    made_call(world, "server", "bind", 4, 12); /* the number is given anew */
    assert_int_equal(held(world, "server", 4), 12);
    assert_int_equal(held(world, "child", 4), 11);
    journal_add(world->journal,
                &(struct event){.type = EVENT_BORN, .actor = "grandchild", .extra = "server"});
    assert_int_equal(held(world, "grandchild", 4), 12); /* not what was closed before */
    assert_int_equal(held(world, "client", 4), 0);
    assert_string_equal(stream_last_holder(streams_find(world->streams, 10))->actor, "server");
    for (int fd = 20; fd < 30; fd++) /* more than there is room for */
        made_call(world, "server", "send", fd, 11);
    assert_int_equal(held(world, "server", 29), 11);
}

static void test_pairs(void **state) {
    struct world *world = *state;
    int asked = 0;
    while (streams_want_peer(world->streams, 5))
        asked++;
    assert_in_range(asked, 1, 10); /* and then never again */
    streams_pair(world->streams, 7, 8);
    assert_int_equal(streams_find(world->streams, 7)->peer, 8);
    assert_int_equal(streams_find(world->streams, 8)->peer, 7);
    assert_false(streams_want_peer(world->streams, 7));
    assert_false(streams_want_peer(world->streams, 0));
    streams_pair(world->streams, 9, 9);
    streams_pair(world->streams, 0, 9);
    assert_null(streams_find(world->streams, 9));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_offsets, begin, end),
        cmocka_unit_test_setup_teardown(test_what_takes_nothing, begin, end),
        cmocka_unit_test_setup_teardown(test_datagrams, begin, end),
        cmocka_unit_test_setup_teardown(test_terabyte, begin, end),
        cmocka_unit_test_setup_teardown(test_many_small, begin, end),
        cmocka_unit_test_setup_teardown(test_hostile_sizes, begin, end),
        cmocka_unit_test_setup_teardown(test_all_together, begin, end),
        cmocka_unit_test_setup_teardown(test_holders, begin, end),
        cmocka_unit_test_setup_teardown(test_pairs, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

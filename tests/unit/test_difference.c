/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two made-up snapshots differ in, and the sentence for each kind of change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "observe/difference.h"
#include "observe/snapshot_parts.h"

static struct snapshot *snapshot_of(const char *first, const char *second) {
    struct snapshot *snapshot = mem_alloc(sizeof(*snapshot));
    snapshot->actor_count = second != NULL ? 2 : 1;
    snapshot->actors = mem_alloc(2 * sizeof(*snapshot->actors));
    strcpy(snapshot->actors[0].name, first);
    snapshot->actors[0].pid = 100;
    if (second != NULL)
        strcpy(snapshot->actors[1].name, second);
    snapshot->actors[1].pid = 101;
    return snapshot;
}

static struct snapshot *copy_of(const struct snapshot *snapshot) {
    struct snapshot *copy = mem_alloc(sizeof(*copy));
    copy->actor_count = snapshot->actor_count;
    copy->actors = mem_alloc(2 * sizeof(*copy->actors));
    for (size_t i = 0; i < copy->actor_count; i++) {
        copy->actors[i] = snapshot->actors[i];
        table_share(&copy->actors[i].table, &snapshot->actors[i].table);
    }
    return copy;
}

static socklen_t address(struct sockaddr_storage *out, const char *host, uint16_t port) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, host, &in.sin_addr);
    memset(out, 0, sizeof(*out));
    memcpy(out, &in, sizeof(in));
    return sizeof(in);
}

static struct descriptor tcp(int fd, uint64_t cookie, enum socket_state state) {
    struct descriptor descriptor = {.fd = fd, .kind = DESCRIPTOR_SOCKET, .inode = cookie, .facts_known = true,
                                    .flags_known = true,
                                    .socket = {.cookie = cookie, .inode = (uint32_t)cookie, .family = AF_INET,
                                               .type = SOCK_STREAM, .protocol = IPPROTO_TCP, .state = state,
                                               .queues_known = true}};
    return descriptor;
}

static void add_unowned(struct snapshot *snapshot, enum unowned_why why, const char *actor, int fd,
                        const struct socket_facts *facts) {
    snapshot->unowned = mem_grow(snapshot->unowned, snapshot->unowned_count + 1, sizeof(*snapshot->unowned));
    struct unowned *unowned = &snapshot->unowned[snapshot->unowned_count++];
    *unowned = (struct unowned){.why = why, .fd = fd, .facts = *facts};
    strcpy(unowned->actor, actor);
}

/* All sentences, a line each; frees both. */
static void expect(struct snapshot *before, struct snapshot *after, const char *actor, const char *words) {
    struct difference difference;
    struct buf out = {0};
    difference_find(before, after, &difference);
    for (size_t i = 0; i < difference.count; i++) {
        change_words(&difference.changes[i], actor, &out);
        buf_add_char(&out, '\n');
    }
    assert_string_equal(buf_text(&out), words);
    buf_free(&out);
    difference_free(&difference);
    snapshot_free(before);
    snapshot_free(after);
}

/* The same descriptor twice. */
static void expect_pair(struct descriptor old, struct descriptor new, const char *words) {
    struct snapshot *before = snapshot_of("server", NULL);
    table_set(&before->actors[0].table, &old);
    struct snapshot *after = copy_of(before);
    table_set(&after->actors[0].table, &new);
    expect(before, after, "server", words);
}

static void states(void **state) {
    static const struct {
        enum socket_state from, to;
        const char *words;
    } cases[] = {
        {SOCKET_CLOSE, SOCKET_SYN_SENT, "fd 3: CLOSE → SYN_SENT (its SYN is on its way)\n"},
        {SOCKET_CLOSE, SOCKET_ESTABLISHED, "fd 3: CLOSE → ESTABLISHED\n"},
        {SOCKET_ESTABLISHED, SOCKET_CLOSE_WAIT, "fd 3: ESTABLISHED → CLOSE_WAIT (the peer's FIN has arrived)\n"},
        {SOCKET_ESTABLISHED, SOCKET_FIN_WAIT1, "fd 3: ESTABLISHED → FIN_WAIT1 (its FIN is on its way)\n"},
        {SOCKET_CLOSE_WAIT, SOCKET_LAST_ACK, "fd 3: CLOSE_WAIT → LAST_ACK (its FIN is on its way, the peer's had come)\n"},
        {SOCKET_ESTABLISHED, SOCKET_CLOSE, "fd 3: ESTABLISHED → CLOSE (reset, or given up)\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
        expect_pair(tcp(3, 7, cases[i].from), tcp(3, 7, cases[i].to), cases[i].words);
    struct descriptor listener = tcp(3, 7, SOCKET_LISTEN), closed = tcp(3, 7, SOCKET_CLOSE);
    listener.socket.send_queue = 3;
    expect_pair(closed, listener, "fd 3: CLOSE → LISTEN, accept queue 0/3\n");
    struct descriptor udp = closed, connected = closed;
    udp.socket.type = connected.socket.type = SOCK_DGRAM;
    udp.socket.protocol = connected.socket.protocol = IPPROTO_UDP;
    connected.socket.state = SOCKET_ESTABLISHED;
    expect_pair(udp, connected, "fd 3: unconnected → connected\n");
}

static void queues(void **state) {
    struct descriptor old = tcp(3, 7, SOCKET_LISTEN), new = tcp(3, 7, SOCKET_LISTEN);
    (void)state;
    old.socket.send_queue = new.socket.send_queue = 3;
    new.socket.receive_queue = 2;
    expect_pair(old, new, "fd 3: accept queue 0/3 → 2/3\n");
    old = new = tcp(3, 7, SOCKET_ESTABLISHED);
    new.socket.receive_queue = 5;
    new.socket.send_queue = 9;
    expect_pair(old, new, "fd 3: receive queue 0 → 5\nfd 3: send queue 0 → 9\n");
    struct descriptor udp = old, read = old;
    udp.socket.type = read.socket.type = SOCK_DGRAM;
    udp.socket.protocol = read.socket.protocol = IPPROTO_UDP;
    udp.socket.receive_queue = 832;
    expect_pair(udp, read, "fd 3: receive queue 832 → 0 bytes of memory\n");
    /* The FIN, which the kernel counts as one, is no byte. */
    old = new;
    old.socket.send_queue = new.socket.send_queue = 0;
    new.socket.state = SOCKET_CLOSE_WAIT;
    new.socket.receive_queue = 6;
    expect_pair(old, new, "fd 3: ESTABLISHED → CLOSE_WAIT (the peer's FIN has arrived)\n");
}

static void addresses(void **state) {
    struct descriptor old = tcp(3, 7, SOCKET_CLOSE), new = old;
    (void)state;
    new.socket.local_length = address(&new.socket.local, "127.0.0.1", 8888);
    expect_pair(old, new, "fd 3: local address 127.0.0.1:8888\n");
    old = new;
    new.socket.state = SOCKET_ESTABLISHED;
    new.socket.peer_length = address(&new.socket.peer, "127.0.0.1", 9999);
    expect_pair(old, new, "fd 3: CLOSE → ESTABLISHED\nfd 3: 127.0.0.1:8888 → 127.0.0.1:9999\n");
    expect_pair(new, old, "fd 3: ESTABLISHED → CLOSE (reset, or given up)\n");
    old.socket.type = new.socket.type = SOCK_DGRAM;
    old.socket.protocol = new.socket.protocol = IPPROTO_UDP;
    expect_pair(new, old, "fd 3: connected → unconnected\nfd 3: no peer any more\n");
    struct descriptor failed = tcp(3, 7, SOCKET_CLOSE), again = failed;
    failed.socket.local_length = address(&failed.socket.local, "0.0.0.0", 40001);
    again.socket.local_length = address(&again.socket.local, "0.0.0.0", 40002);
    expect_pair(tcp(3, 7, SOCKET_CLOSE), failed, "fd 3: local address *:40001\n");
    expect_pair(failed, again, "");
    /* A local address alone, while the peer stays. */
    old.socket = new.socket;
    address(&new.socket.local, "127.0.0.2", 8888);
    expect_pair(old, new, "fd 3: local address 127.0.0.2:8888\n");
}

static void flags(void **state) {
    struct descriptor old = tcp(3, 7, SOCKET_ESTABLISHED), new = old;
    (void)state;
    new.nonblocking = true;
    expect_pair(old, new, "fd 3: O_NONBLOCK set\n");
    old = new = tcp(3, 7, SOCKET_ESTABLISHED);
    old.socket.family = new.socket.family = AF_UNIX;
    old.socket.protocol = new.socket.protocol = 0;
    old.socket.shutdown_known = new.socket.shutdown_known = true;
    new.socket.shutdown_send = true;
    old.socket.unix_peer = new.socket.unix_peer = 9;
    expect_pair(old, new, "fd 3: shut down for sending\n");
    new = old;
    new.socket.unix_peer = 0;
    expect_pair(old, new, "fd 3: the peer has closed\n");
    expect_pair(old, old, "");
    /* With the peer gone both directions are shut: said by that. And a UNIX send queue is told at the other end. */
    new.socket.shutdown_receive = new.socket.shutdown_send = true;
    new.socket.send_queue = 768;
    expect_pair(old, new, "fd 3: the peer has closed\n");
}

/* A number that is given anew is another socket. */
static void reused(void **state) {
    (void)state;
    expect_pair(tcp(3, 7, SOCKET_ESTABLISHED), tcp(3, 8, SOCKET_CLOSE),
                "fd 3: closed\nfd 3: new, TCP, CLOSE\n");
}

static void others(void **state) {
    struct snapshot *before = snapshot_of("server", "client"), *after;
    struct descriptor a = tcp(4, 7, SOCKET_ESTABLISHED), b = tcp(3, 8, SOCKET_ESTABLISHED);
    (void)state;
    table_set(&before->actors[0].table, &a);
    table_set(&before->actors[1].table, &b);
    after = copy_of(before);
    b.socket.state = SOCKET_CLOSE_WAIT;
    table_set(&after->actors[1].table, &b);
    expect(copy_of(before), copy_of(after), "server",
           "client fd 3: ESTABLISHED → CLOSE_WAIT (the peer's FIN has arrived)\n");
    expect(before, after, "client", "fd 3: ESTABLISHED → CLOSE_WAIT (the peer's FIN has arrived)\n");
}

static void sharing(void **state) {
    struct snapshot *before = snapshot_of("server", "child"), *after;
    struct descriptor a = tcp(4, 7, SOCKET_ESTABLISHED), b = tcp(5, 7, SOCKET_ESTABLISHED);
    (void)state;
    table_set(&before->actors[0].table, &a);
    after = copy_of(before);
    table_set(&after->actors[1].table, &b);
    expect(copy_of(before), copy_of(after), "child",
           "fd 5: the same socket as server fd 4\n");
    expect(after, before, "child", "fd 5: closed; the socket stays open: server fd 4\n");
}

static void unowned(void **state) {
    struct descriptor a = tcp(4, 7, SOCKET_FIN_WAIT2), waiting = tcp(-1, 9, SOCKET_ESTABLISHED);
    struct snapshot *nothing = snapshot_of("server", NULL), *held = copy_of(nothing), *orphan = copy_of(nothing);
    struct snapshot *last = copy_of(nothing);
    (void)state;
    a.socket.local_length = address(&a.socket.local, "127.0.0.1", 8888);
    table_set(&held->actors[0].table, &a);
    add_unowned(orphan, UNOWNED_CLOSED, "server", 4, &a.socket);
    a.socket.state = SOCKET_TIME_WAIT;
    a.socket.timer_ms = 59100;
    add_unowned(last, UNOWNED_CLOSED, "server", 4, &a.socket);

    struct snapshot *orphan_again = copy_of(nothing), *last_again = copy_of(nothing), *end = copy_of(nothing);
    add_unowned(orphan_again, UNOWNED_CLOSED, "server", 4, &orphan->unowned[0].facts);
    add_unowned(last_again, UNOWNED_CLOSED, "server", 4, &a.socket);
    expect(held, orphan, "server",
           "fd 4: closed\n"
           "server's old fd 4 goes on without a descriptor, in FIN_WAIT2\n");
    expect(orphan_again, last, "server",
           "server's old fd 4: FIN_WAIT2 → TIME_WAIT for 60 s (the peer's FIN came)\n");
    expect(last_again, end, "server",
           "server's old fd 4 is gone: TIME_WAIT has ended\n");

    struct snapshot *queue = copy_of(nothing), *queue_again = copy_of(nothing), *accepted = copy_of(nothing);
    struct snapshot *refused = copy_of(nothing), *refused_before = copy_of(nothing);
    waiting.socket.peer_length = address(&waiting.socket.peer, "127.0.0.1", 40001);
    add_unowned(queue, UNOWNED_WAITING, "", -1, &waiting.socket);
    add_unowned(queue_again, UNOWNED_WAITING, "", -1, &waiting.socket);
    expect(nothing, queue, "server", "a connection from 127.0.0.1:40001 waits to be accepted (ESTABLISHED)\n");
    waiting.socket.local_length = address(&waiting.socket.local, "127.0.0.1", 8888);
    add_unowned(refused_before, UNOWNED_WAITING, "", -1, &waiting.socket);
    expect(refused_before, refused, "server", "the connection from 127.0.0.1:40001 that waited is gone\n");
    waiting.fd = 5;
    table_set(&accepted->actors[0].table, &waiting);
    expect(queue_again, accepted, "server",
           "fd 5: accepted, TCP, ESTABLISHED, 127.0.0.1:8888 → 127.0.0.1:40001\n");
}

/* The table itself: a copy and its original go separate ways. */
static void tables(void **state) {
    struct descriptor_table one = {0}, two = {0};
    struct descriptor at = tcp(0, 1, SOCKET_CLOSE);
    (void)state;
    for (int fd = 0; fd < 1000; fd += 3) {
        at.fd = fd;
        at.socket.cookie = (uint64_t)fd + 1;
        table_set(&one, &at);
    }
    table_share(&two, &one);
    assert_int_equal(table_differs(&one, &two, 0), -1);
    table_remove(&two, 300);
    table_remove(&two, 301); /* never was */
    assert_non_null(table_get(&one, 300));
    assert_null(table_get(&two, 300));
    assert_int_equal(table_differs(&one, &two, 0), 300);
    assert_int_equal(table_differs(&one, &two, 301), -1);
    assert_int_equal(table_next(&two, 298)->fd, 303);
    assert_int_equal(table_find(&one, 301, 0)->fd, 300);
    assert_null(table_find(&two, 301, 0));
    assert_null(table_find(&one, 301, 301));
    for (int fd = 0; fd < 1000; fd++)
        table_remove(&two, fd);
    assert_null(table_next(&two, 0));
    assert_non_null(table_get(&one, 999));
    table_free(&one);
    table_free(&two);
}

/* Options that are not known, or that the kernel moves, are no news. */
static void options(void **state) {
    (void)state;
    struct snapshot *before = snapshot_of("server", NULL), *after;
    struct descriptor s = tcp(3, 77, SOCKET_CLOSE);
    table_set(&before->actors[0].table, &s);
    after = copy_of(before);
    s.options = (struct option_facts){.known = true, .values = {[0] = 1}};
    table_set(&after->actors[0].table, &s);
    expect(before, copy_of(after), "server", "");
    before = after;
    after = copy_of(before);
    s.options.values[0] = 0;
    s.options.values[1] = 1;
    table_set(&after->actors[0].table, &s);
    expect(before, copy_of(after), "client", "server fd 3: SO_REUSEADDR 1 → 0\nserver fd 3: SO_REUSEPORT 0 → 1\n");
    before = after;
    after = copy_of(before);
    s.options.values[1] = 0;
    s.options.moot = 1 << 1;
    table_set(&after->actors[0].table, &s);
    expect(before, after, "server", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states), cmocka_unit_test(queues), cmocka_unit_test(addresses), cmocka_unit_test(flags),
        cmocka_unit_test(reused), cmocka_unit_test(others), cmocka_unit_test(sharing),   cmocka_unit_test(unowned),
        cmocka_unit_test(options), cmocka_unit_test(tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The view of bytes: how far they have come by the kernel's counts, and how that is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "view/bytes.h"

/* Two sockets, 1 of client and 2 of server, and what the kernel says of them. */
struct world {
    struct journal *journal;
    struct streams *streams;
    struct socket_facts client_facts, server_facts;
    struct bytes_end client, server;
    struct bytes_options options;
    struct buf out;
};

static struct socket_facts tcp(uint64_t cookie) {
    return (struct socket_facts){.cookie = cookie,
                                 .family = AF_INET,
                                 .type = SOCK_STREAM,
                                 .protocol = IPPROTO_TCP,
                                 .state = SOCKET_ESTABLISHED,
                                 .queues_known = true,
                                 .has_tcp = true};
}

static int begin(void **state) {
    static struct world world;
    memset(&world, 0, sizeof(world));
    world.journal = journal_new();
    world.streams = streams_new(world.journal);
    world.client_facts = tcp(1);
    world.server_facts = tcp(2);
    world.client = (struct bytes_end){"client fd 3", "", "client", END_OPEN, NULL, &world.client_facts};
    world.server = (struct bytes_end){"server fd 4", "", "server", END_OPEN, NULL, &world.server_facts};
    world.options.columns = 80;
    *state = &world;
    return 0;
}

static int end(void **state) {
    struct world *world = *state;
    buf_free(&world->out);
    streams_free(world->streams);
    journal_free(world->journal);
    return 0;
}

static void move_as(struct world *world, uint64_t cookie, int type, bool out, const void *bytes, size_t kept,
                    int64_t total, const struct sockaddr_in *address) {
    journal_add(world->journal, &(struct event){.type = EVENT_RETURNED,
                                                .actor = cookie == 1 ? "client" : "server",
                                                .name = out ? "send" : "recv",
                                                .fd = 3,
                                                .cookie = cookie,
                                                .socket_type = type,
                                                .data_out = out,
                                                .data = bytes,
                                                .data_length = kept,
                                                .data_total = total,
                                                .result = total,
                                                .address = (const char *)address,
                                                .address_length = address != NULL ? sizeof(*address) : 0});
    world->client.stream = streams_find(world->streams, 1);
    world->server.stream = streams_find(world->streams, 2);
}

static void move(struct world *world, uint64_t cookie, bool out, const char *text) {
    move_as(world, cookie, SOCK_STREAM, out, text, strlen(text), (int64_t)strlen(text), NULL);
}

static void assert_shown(struct world *world, const char *expected) {
    buf_clear(&world->out);
    bytes_show_stream(&world->client, &world->server, &world->options, &world->out);
    assert_string_equal(buf_text(&world->out), expected);
}

static void assert_places(struct world *world, const char *expected) {
    static const char *const names[] = {
        [BYTES_READ] = "read",       [BYTES_RECEIVED] = "received", [BYTES_ACKNOWLEDGED] = "acked",
        [BYTES_WRITTEN] = "written", [BYTES_LOST] = "lost",         [BYTES_FLYING] = "flying",
        [BYTES_UNSENT] = "unsent"};
    struct bytes_flow flow;
    struct buf text = {0};
    bytes_find_places(&world->client, &world->server, &flow);
    for (size_t i = 0; i < flow.place_count; i++)
        buf_addf(&text, "%s%s<%llu", i > 0 ? " " : "", names[flow.places[i].place],
                 (unsigned long long)flow.places[i].end);
    if (flow.extra > 0)
        buf_addf(&text, " extra=%llu", (unsigned long long)flow.extra);
    if (flow.differs)
        buf_addf(&text, " differs=%llu", (unsigned long long)flow.kernel_read);
    assert_string_equal(buf_text(&text), expected);
    buf_free(&text);
}

static void test_places(void **state) {
    struct world *world = *state;
    move(world, 1, true, "0123456789");
    move(world, 1, true, "abcdefghij");
    move(world, 2, false, "01234");
    world->server_facts.tcp.bytes_received = 12;
    world->server_facts.receive_queue = 7;
    world->client_facts.send_queue = 15; /* 5 acknowledged; 7 received and not yet acknowledged */
    world->client_facts.tcp.not_sent = 3;
    assert_places(world, "read<5 received<12 flying<17 unsent<20");
    world->server_facts.state = SOCKET_CLOSE_WAIT; /* the FIN is counted by both */
    world->server_facts.tcp.bytes_received = 21;
    world->server_facts.receive_queue = 16;
    world->client_facts.send_queue = world->client_facts.tcp.not_sent = 0;
    world->client_facts.state = SOCKET_FIN_WAIT2;
    assert_places(world, "read<5 received<20");
    world->server.facts = NULL; /* the record says what was read; nobody reads the rest */
    world->server.standing = END_CLOSED;
    assert_places(world, "read<5 lost<20");
    world->client.facts = NULL;
    assert_places(world, "read<5 lost<20");
    world->server.standing = END_ELSEWHERE;
    world->server.stream = NULL;
    assert_places(world, "written<20");
}

static void test_reset(void **state) {
    struct world *world = *state;
    move(world, 1, true, "0123456789");
    move(world, 2, false, "012");
    world->client_facts.state = world->server_facts.state = SOCKET_CLOSE;
    world->client_facts.send_queue = 7; /* still counted, and thrown away */
    world->client_facts.has_tcp = world->server_facts.has_tcp = false;
    world->server_facts.receive_queue = 4;
    assert_places(world, "read<3 received<7 lost<10");
}

static void test_stranger(void **state) {
    struct world *world = *state;
    move(world, 1, true, "0123456789");
    world->server = (struct bytes_end){"127.0.0.1:80", "no actor's", "the peer", END_ELSEWHERE, NULL, NULL};
    world->client_facts.send_queue = 4;
    world->client_facts.tcp.not_sent = 1;
    world->client_facts.tcp.bytes_acknowledged = 7; /* its SYN is among them */
    assert_places(world, "acked<6 flying<9 unsent<10");
    world->client_facts.tcp.bytes_acknowledged = 1007;
    assert_places(world, "acked<1006 flying<1009 unsent<1010 extra=1000");
    world->client_facts.state = SOCKET_CLOSE;
    assert_places(world, "written<10");
    /* What a stranger wrote is seen when it is read. */
    world->client_facts = tcp(1);
    world->client_facts.tcp.bytes_received = 9;
    world->client_facts.receive_queue = 4;
    move(world, 1, false, "hello");
    buf_clear(&world->out);
    bytes_show_stream(&world->client, &world->server, &world->options, &world->out);
    assert_non_null(strstr(buf_text(&world->out),
                           "127.0.0.1:80 (no actor's) → client fd 3: 9 bytes\n"
                           "  read in 1 call: 5\n"
                           "  read by client: 5 bytes\n"
                           ">      0  68 65 6c 6c 6f                                   |hello|\n"
                           "  in client fd 3's receive queue: 4 bytes\n"
                           "       5  … 4 bytes that will be seen when they are read …\n"));
}

/* The kernel's word counts. */
static void test_disagreement(void **state) {
    struct world *world = *state;
    move(world, 1, true, "0123456789");
    move(world, 2, false, "01");
    world->server_facts.tcp.bytes_received = 10;
    world->server_facts.receive_queue = 4;
    assert_places(world, "read<6 received<10 differs=6");
    world->server_facts.tcp.bytes_received = 30;
    assert_places(world, "read<26 received<30 extra=20 differs=26");
    world->server_facts.receive_queue = 4000000; /* nonsense */
    assert_places(world, "received<30 extra=20 differs=0");
    world->server_facts.tcp.bytes_received = UINT64_MAX;
    world->client_facts.send_queue = UINT32_MAX;
    bytes_show_stream(&world->client, &world->server, &world->options, &world->out);
}

static void test_unix(void **state) {
    struct world *world = *state;
    world->client_facts.family = world->server_facts.family = AF_UNIX;
    world->client_facts.protocol = world->server_facts.protocol = 0;
    world->client_facts.has_tcp = world->server_facts.has_tcp = false;
    world->client_facts.send_queue = 768; /* memory */
    world->server_facts.receive_queue = 4;
    move(world, 1, true, "012345");
    move(world, 2, false, "01");
    assert_places(world, "read<2 received<6");
    world->server_facts.receive_queue = 10; /* a write that has not returned */
    assert_places(world, "read<2 received<12 extra=6");
    world->server =
        (struct bytes_end){"a connection not accepted yet", "", "anybody", END_WAITING, NULL, NULL};
    assert_places(world, "received<6");
}

static void test_shown(void **state) {
    struct world *world = *state;
    move(world, 1, true, "hello");
    move_as(world, 1, SOCK_STREAM, true, "\0\x1b[31m\r\n\xff", 9, 9, NULL);
    move(world, 2, false, "hello");
    world->server_facts.tcp.bytes_received = 14;
    world->server_facts.receive_queue = 7;
    assert_shown(world, "client fd 3 → server fd 4: 14 bytes\n"
                        "  written in 2 calls: 5, 9\n"
                        "  read in 1 call: 5\n"
                        "  the kernel has handed out 7 bytes; the calls recorded here have read 5 bytes:\n"
                        "  one is still under way, or another program read\n"
                        "  read by server: 7 bytes\n"
                        ">      0  68 65 6c 6c 6f                                   |hello|\n"
                        ">      5  00 1b                                            |..|\n"
                        "  in server fd 4's receive queue: 7 bytes\n"
                        "       7  5b 33 31 6d 0d 0a ff                             |[31m...|\n"
                        "server fd 4 → client fd 3: nothing yet\n");
    world->options.text = true;
    world->server_facts.receive_queue = 9;
    assert_shown(world, "client fd 3 → server fd 4: 14 bytes\n"
                        "  written in 2 calls: 5, 9\n"
                        "  read in 1 call: 5\n"
                        "  read by server: 5 bytes\n"
                        ">      0  \"hello\"\n"
                        "  in server fd 4's receive queue: 9 bytes\n"
                        ">      5  \"\\0\\33[31m\\r\\n\"\n"
                        "      13  \"\\377\"\n"
                        "server fd 4 → client fd 3: nothing yet\n");
}

/* Every line fits, whatever the width, and every byte that is kept is there once. */
static void test_widths(void **state) {
    struct world *world = *state;
    char bytes[300];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)i;
    move_as(world, 1, SOCK_STREAM, true, bytes, sizeof(bytes), sizeof(bytes), NULL);
    world->server_facts.tcp.bytes_received = 300;
    world->server_facts.receive_queue = 300;
    for (world->options.columns = 0; world->options.columns < 140; world->options.columns += 7) {
        buf_clear(&world->out);
        bytes_show_stream(&world->client, &world->server, &world->options, &world->out);
        size_t count = 0;
        for (const char *line = buf_text(&world->out); *line != '\0'; line = strchr(line, '\n') + 1) {
            size_t length = (size_t)(strchr(line, '\n') - line);
            if (world->options.columns >= 24)
                assert_true(length <= world->options.columns + 2); /* the arrow is three bytes */
            const char *bar = memchr(line, '|', length);
            count += bar != NULL && line[0] != ' ' ? 1 : 0;
        }
        assert_int_equal(count, 1); /* one call, one mark */
    }
}

static void test_terabyte(void **state) {
    struct world *world = *state;
    static char block[4096];
    for (int i = 0; i < 1024; i++)
        move_as(world, 1, SOCK_STREAM, true, block, sizeof(block), INT64_C(1) << 30, NULL);
    world->server_facts.tcp.bytes_received = UINT64_C(1) << 40;
    world->server_facts.receive_queue = 1 << 20;
    world->options.rows = 4;
    world->options.more = "more";
    assert_shown(world, "client fd 3 → server fd 4: 1099511627776 bytes (1.0 TiB)\n"
                        "  written in 1024 calls\n"
                        "  the kernel has handed out 1099510579200 bytes (1024.0 GiB); the calls recorded\n"
                        "  here have read 0 bytes: one is still under way, or another program read\n"
                        "  read by server: 1099510579200 bytes (1024.0 GiB)\n"
                        ">      0  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|\n"
                        "      16  00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  |................|\n"
                        "          … 1098437890016 bytes (1023.0 GiB) left out, see more …\n"
                        " 1098437890048  … 1072689152 bytes (1023.0 MiB) not kept …\n"
                        "  in server fd 4's receive queue: 1048576 bytes (1.0 MiB)\n"
                        " 1099510579200  … 1048576 bytes (1.0 MiB) not kept …\n"
                        "server fd 4 → client fd 3: nothing yet\n");
}

static void test_datagrams(void **state) {
    struct world *world = *state;
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(9000), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct sockaddr_in from = to;
    from.sin_port = htons(9001);
    world->client_facts.type = world->server_facts.type = SOCK_DGRAM;
    memcpy(&world->server_facts.local, &to, sizeof(to));
    memcpy(&world->client_facts.local, &from, sizeof(from));
    world->server_facts.local_length = world->client_facts.local_length = sizeof(to);
    move_as(world, 1, SOCK_DGRAM, true, "one", 3, 3, &to);
    move_as(world, 1, SOCK_DGRAM, true, "one", 3, 3, &to);
    move_as(world, 2, SOCK_DGRAM, false, "one", 3, 3, &from);
    bytes_show_datagrams(&world->client, &world->server, 1, &world->options, &world->out);
    assert_string_equal(buf_text(&world->out),
                        "client fd 3: 2 messages sent, 6 bytes; 0 messages received\n"
                        "  sent to 127.0.0.1:9000: 3 bytes, read by server fd 4\n"
                        ">      0  6f 6e 65                                         |one|\n"
                        "  sent to 127.0.0.1:9000: 3 bytes, never read by server fd 4, and not in its\n"
                        "  receive queue\n"
                        ">      0  6f 6e 65                                         |one|\n");
    world->server_facts.receive_queue = 768;
    buf_clear(&world->out);
    bytes_show_datagrams(&world->client, &world->server, 1, &world->options, &world->out);
    assert_non_null(strstr(buf_text(&world->out), "3 bytes, not read yet: server fd 4's receive queue"));
    for (int i = 0; i < 1000; i++)
        move_as(world, 1, SOCK_DGRAM, true, "x", 1, 1, &to);
    world->options.rows = 4;
    buf_clear(&world->out);
    bytes_show_datagrams(&world->client, &world->server, 1, &world->options, &world->out);
    assert_non_null(strstr(buf_text(&world->out), "of the messages are not kept"));
    assert_non_null(strstr(buf_text(&world->out), " messages left out"));
    assert_true(world->out.length < 2000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_places, begin, end),
        cmocka_unit_test_setup_teardown(test_reset, begin, end),
        cmocka_unit_test_setup_teardown(test_stranger, begin, end),
        cmocka_unit_test_setup_teardown(test_disagreement, begin, end),
        cmocka_unit_test_setup_teardown(test_unix, begin, end),
        cmocka_unit_test_setup_teardown(test_shown, begin, end),
        cmocka_unit_test_setup_teardown(test_widths, begin, end),
        cmocka_unit_test_setup_teardown(test_terabyte, begin, end),
        cmocka_unit_test_setup_teardown(test_datagrams, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

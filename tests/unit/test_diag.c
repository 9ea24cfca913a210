/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What replies of sock_diag say: recorded ones; each cut at every length; each
 * with every byte changed; and a live one of a socket of our own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/address.h"
#include "observe/diag.h"
#include "recorded_diag.h"

struct seen {
    struct socket_facts facts[8];
    size_t count;
};

static void note(void *context, const struct socket_facts *facts) {
    struct seen *seen = context;
    if (seen->count < 8)
        seen->facts[seen->count] = *facts;
    seen->count++;
}

static unsigned char *bytes_of(const char *hex, size_t *length) {
    *length = strlen(hex) / 2;
    unsigned char *bytes = malloc(*length + 1);
    for (size_t i = 0; i < *length; i++) {
        char digits[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        bytes[i] = (unsigned char)strtoul(digits, NULL, 16);
    }
    return bytes;
}

static struct diag_reader reader_for(int family, int protocol, struct seen *seen) {
    return (struct diag_reader){.family = family, .protocol = protocol, .sequence = 7, .each = note, .context = seen};
}

static enum diag_progress read_hex(const char *hex, int family, int protocol, struct seen *seen, int *error) {
    struct diag_reader reader = reader_for(family, protocol, seen);
    size_t length;
    unsigned char *bytes = bytes_of(hex, &length);
    *seen = (struct seen){0};
    enum diag_progress progress = diag_read(&reader, bytes, length);
    *error = reader.error;
    free(bytes);
    return progress;
}

static struct socket_facts one(const char *hex, int family, int protocol) {
    struct seen seen;
    int error;
    assert_int_equal(read_hex(hex, family, protocol, &seen, &error), DIAG_END);
    assert_int_equal(error, 0);
    assert_int_equal(seen.count, 1);
    assert_true(seen.facts[0].cookie != 0);
    return seen.facts[0];
}

static void assert_address(const struct sockaddr_storage *address, socklen_t length, const char *words) {
    struct buf text = {0};
    address_show(address, length, &text);
    assert_string_equal(buf_text(&text), words);
    buf_free(&text);
}

static void tcp(void **state) {
    (void)state;
    struct socket_facts facts = one(tcp_listen, AF_INET, IPPROTO_TCP);
    assert_int_equal(facts.state, SOCKET_LISTEN);
    assert_int_equal(facts.receive_queue, 1);
    assert_int_equal(facts.send_queue, 3);
    assert_int_equal(facts.peer_length, 0);
    assert_true(facts.inode != 0 && facts.has_memory && facts.shutdown_known);
    assert_address(&facts.local, facts.local_length, "{AF_INET, 127.0.0.1:8888}");

    facts = one(tcp_waiting, AF_INET, IPPROTO_TCP);
    assert_int_equal(facts.state, SOCKET_ESTABLISHED);
    assert_int_equal(facts.inode, 0);
    uint64_t cookie = facts.cookie;

    facts = one(tcp_established, AF_INET, IPPROTO_TCP);
    assert_int_equal(facts.state, SOCKET_ESTABLISHED);
    assert_int_equal(facts.receive_queue, 5);
    assert_true(facts.inode != 0);
    assert_true(facts.cookie == cookie); /* its name from before accept() */
    assert_true(facts.has_tcp && facts.tcp.send_mss > 0 && facts.tcp.congestion_window > 0);
    assert_int_equal(facts.tcp.bytes_received, 5);
    assert_address(&facts.peer, facts.peer_length, "{AF_INET, 127.0.0.1:40001}");

    facts = one(tcp_close_wait, AF_INET, IPPROTO_TCP);
    assert_int_equal(facts.state, SOCKET_CLOSE_WAIT);
    assert_int_equal(facts.receive_queue, 6);
    assert_int_equal(socket_receive_bytes(&facts), 5);
    assert_true(facts.shutdown_receive && !facts.shutdown_send && facts.cookie == cookie);

    facts = one(tcp_time_wait, AF_INET, IPPROTO_TCP);
    assert_int_equal(facts.state, SOCKET_TIME_WAIT);
    assert_int_equal(facts.timer, TIMER_TIME_WAIT);
    assert_in_range(facts.timer_ms, 59000, 60000);
    assert_int_equal(facts.inode, 0);
}

static void tcp_over_ipv6(void **state) {
    (void)state;
    struct socket_facts facts = one(tcp6_listen, AF_INET6, IPPROTO_TCP);
    assert_address(&facts.local, facts.local_length, "{AF_INET6, [::]:7777}");
    assert_true(facts.v6only_known && !facts.v6only);

    facts = one(tcp6_mapped, AF_INET, IPPROTO_TCP);
    assert_int_equal(facts.family, AF_INET6);
    assert_address(&facts.peer, facts.peer_length, "{AF_INET6, [::ffff:127.0.0.1]:40002}");
    address_unmap(&facts.peer, &facts.peer_length);
    assert_address(&facts.peer, facts.peer_length, "{AF_INET, 127.0.0.1:40002}");
}

static void udp(void **state) {
    struct seen seen;
    int error;
    (void)state;
    struct socket_facts facts = one(udp_bound, AF_INET, IPPROTO_UDP);
    assert_int_equal(facts.type, SOCK_DGRAM);
    assert_int_equal(facts.state, SOCKET_CLOSE);
    assert_true(facts.receive_queue > 5); /* memory, not payload */
    assert_int_equal(read_hex(udp_dump, AF_INET, IPPROTO_UDP, &seen, &error), DIAG_MORE);
    assert_int_equal(seen.count, 2);
    assert_true(seen.facts[0].state != seen.facts[1].state);
}

static void unix_sockets(void **state) {
    (void)state;
    struct socket_facts facts = one(unix_listen, AF_UNIX, 0);
    assert_int_equal(facts.type, SOCK_STREAM);
    assert_int_equal(facts.state, SOCKET_LISTEN);
    assert_int_equal(facts.receive_queue, 1);
    assert_int_equal(facts.send_queue, 2);
    assert_address(&facts.local, facts.local_length, "{AF_UNIX, @\"name\"}");

    facts = one(unix_pair, AF_UNIX, 0);
    assert_int_equal(facts.type, SOCK_DGRAM);
    assert_true(facts.unix_peer != 0 && facts.unix_peer != facts.inode);
    assert_int_equal(facts.receive_queue, 3);
    assert_address(&facts.local, facts.local_length, "{AF_UNIX}");

    facts = one(unix_path, AF_UNIX, 0);
    assert_address(&facts.local, facts.local_length, "{AF_UNIX, \"/tmp/p.sock\"}");
}

static void refusals(void **state) {
    struct seen seen;
    int error;
    (void)state;
    assert_int_equal(read_hex(tcp_not_there, AF_INET, IPPROTO_TCP, &seen, &error), DIAG_REFUSED);
    assert_int_equal(error, ENOENT);
    assert_int_equal(read_hex(raw_missing, AF_INET, IPPROTO_RAW, &seen, &error), DIAG_REFUSED);
    assert_int_equal(error, ENOENT);
    assert_int_equal(seen.count, 0);
    /* A reply of the wrong family is not what was asked for. */
    assert_int_equal(read_hex(unix_path, AF_INET, IPPROTO_TCP, &seen, &error), DIAG_REFUSED);
    assert_int_equal(error, EBADMSG);
    /* Nor is one to another question; it is passed over. */
    struct diag_reader reader = reader_for(AF_UNIX, 0, &seen);
    size_t length;
    unsigned char *bytes = bytes_of(unix_path, &length);
    reader.sequence = 8;
    assert_int_equal(diag_read(&reader, bytes, length), DIAG_MORE);
    assert_int_equal(seen.count, 0);
    free(bytes);
}

static const struct {
    const char *hex;
    int family, protocol;
} recorded[] = {
    {tcp_listen, AF_INET, IPPROTO_TCP},      {tcp_waiting, AF_INET, IPPROTO_TCP},
    {tcp_established, AF_INET, IPPROTO_TCP}, {tcp_close_wait, AF_INET, IPPROTO_TCP},
    {tcp_time_wait, AF_INET, IPPROTO_TCP},   {tcp_not_there, AF_INET, IPPROTO_TCP},
    {tcp6_listen, AF_INET6, IPPROTO_TCP},    {tcp6_mapped, AF_INET, IPPROTO_TCP},
    {udp_bound, AF_INET, IPPROTO_UDP},       {udp_dump, AF_INET, IPPROTO_UDP},
    {raw_missing, AF_INET, IPPROTO_RAW},     {unix_listen, AF_UNIX, 0},
    {unix_pair, AF_UNIX, 0},                 {unix_path, AF_UNIX, 0},
};

/* Each in a block of exactly its size, so that the sanitizer sees every byte too many. */
static void truncated(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof(recorded) / sizeof(*recorded); i++) {
        size_t length;
        unsigned char *bytes = bytes_of(recorded[i].hex, &length);
        for (size_t cut = 0; cut < length; cut++) {
            struct seen seen = {0};
            struct diag_reader reader = reader_for(recorded[i].family, recorded[i].protocol, &seen);
            unsigned char *copy = malloc(cut + (cut == 0));
            memcpy(copy, bytes, cut);
            enum diag_progress progress = diag_read(&reader, copy, cut);
            assert_true(cut == 0 ? progress == DIAG_MORE
                                 : seen.count > 0 || (progress == DIAG_REFUSED && reader.error == EBADMSG));
            free(copy);
            /* And with a header that claims to be no longer than what is there: attributes end early. */
            if (cut >= 16) {
                uint32_t claimed = (uint32_t)cut;
                copy = malloc(cut);
                memcpy(copy, bytes, cut);
                memcpy(copy, &claimed, sizeof(claimed));
                diag_read(&reader, copy, cut);
                free(copy);
            }
        }
        free(bytes);
    }
}

static void hostile(void **state) {
    static const unsigned char values[] = {0, 1, 3, 4, 7, 8, 0x7F, 0x80, 0xFE, 0xFF};
    (void)state;
    for (size_t i = 0; i < sizeof(recorded) / sizeof(*recorded); i++) {
        size_t length;
        unsigned char *bytes = bytes_of(recorded[i].hex, &length);
        for (size_t at = 0; at < length; at++) {
            unsigned char kept = bytes[at];
            for (size_t v = 0; v < sizeof(values); v++) {
                struct seen seen = {0};
                struct diag_reader reader = reader_for(recorded[i].family, recorded[i].protocol, &seen);
                bytes[at] = values[v];
                diag_read(&reader, bytes, length);
                for (size_t j = 0; j < seen.count && j < 8; j++) {
                    assert_true(seen.facts[j].local_length <= sizeof(struct sockaddr_storage));
                    assert_non_null(socket_condition(&seen.facts[j]));
                }
            }
            bytes[at] = kept;
        }
        free(bytes);
    }
}

/* ---- Live ---- */

static struct diag *diag_or_skip(void) {
    struct diag *diag = diag_new();
    if (diag == NULL)
        skip();
    return diag;
}

static void live_tcp(void **state) {
    struct diag *diag = diag_or_skip();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_storage local = {0};
    socklen_t length = sizeof(local);
    struct socket_facts facts;
    uint64_t cookie;
    (void)state;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_return_code(bind(fd, (struct sockaddr *)&address, sizeof(address)), errno);
    assert_return_code(listen(fd, 3), errno);
    assert_return_code(getsockname(fd, (struct sockaddr *)&local, &length), errno);
    length = sizeof(cookie);
    assert_return_code(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length), errno);

    struct diag_address ask = {.local = &local};
    enum diag_result result = diag_find_inet(diag, IPPROTO_TCP, &ask, &facts);
    if (result == DIAG_UNAVAILABLE)
        skip();
    assert_int_equal(result, DIAG_FOUND);
    assert_true(facts.cookie == cookie && facts.state == SOCKET_LISTEN && facts.send_queue == 3);
    ask.cookie = cookie + 1;
    assert_int_equal(diag_find_inet(diag, IPPROTO_TCP, &ask, &facts), DIAG_NONE);
    close(fd);
    ask.cookie = cookie;
    assert_int_equal(diag_find_inet(diag, IPPROTO_TCP, &ask, &facts), DIAG_NONE);
    diag_free(diag);
}

/* An exact UDP lookup takes the local address where all others have the peer's. */
static void live_udp(void **state) {
    struct diag *diag = diag_or_skip();
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_storage a_name = {0}, b_name = {0};
    socklen_t a_length = sizeof(a_name), b_length = sizeof(b_name);
    struct socket_facts facts;
    (void)state;
    int a = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), b = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_return_code(bind(a, (struct sockaddr *)&address, sizeof(address)), errno);
    getsockname(a, (struct sockaddr *)&a_name, &a_length);
    assert_return_code(connect(b, (struct sockaddr *)&a_name, a_length), errno);
    getsockname(b, (struct sockaddr *)&b_name, &b_length);
    assert_int_equal(send(b, "hello", 5, 0), 5);

    struct diag_address ask = {.local = &b_name, .peer = &a_name};
    enum diag_result result = diag_find_inet(diag, IPPROTO_UDP, &ask, &facts);
    if (result == DIAG_UNAVAILABLE)
        skip();
    assert_int_equal(result, DIAG_FOUND);
    assert_true(facts.state == SOCKET_ESTABLISHED && facts.receive_queue == 0);
    ask = (struct diag_address){.local = &a_name};
    assert_int_equal(diag_find_inet(diag, IPPROTO_UDP, &ask, &facts), DIAG_FOUND);
    assert_true(facts.state == SOCKET_CLOSE && facts.receive_queue > 0);
    close(a);
    close(b);
    diag_free(diag);
}

static void live_unix(void **state) {
    struct diag *diag = diag_or_skip();
    struct socket_facts facts;
    struct stat ends[2];
    int pair[2];
    (void)state;
    assert_return_code(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), errno);
    fstat(pair[0], &ends[0]);
    fstat(pair[1], &ends[1]);
    enum diag_result result = diag_find_unix(diag, (uint32_t)ends[0].st_ino, &facts);
    if (result == DIAG_UNAVAILABLE)
        skip();
    assert_int_equal(result, DIAG_FOUND);
    assert_true(facts.type == SOCK_SEQPACKET && facts.unix_peer == ends[1].st_ino);
    close(pair[1]);
    assert_int_equal(diag_find_unix(diag, (uint32_t)ends[0].st_ino, &facts), DIAG_FOUND);
    assert_int_equal(facts.unix_peer, 0);
    close(pair[0]);
    assert_int_equal(diag_find_unix(diag, (uint32_t)ends[0].st_ino, &facts), DIAG_NONE);
    diag_free(diag);
}

/* A listener says who waits; of what was received for them the kernel says nothing. */
static void live_unix_waiting(void **state) {
    enum { CLIENTS = SOCKET_WAITING_MAX + 2 };
    struct diag *diag = diag_or_skip();
    struct socket_facts facts;
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    socklen_t length = sizeof(name);
    struct stat ends[CLIENTS + 1];
    int clients[CLIENTS], listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)state;
    assert_return_code(bind(listener, (struct sockaddr *)&name, sizeof(sa_family_t)), errno);
    assert_return_code(getsockname(listener, (struct sockaddr *)&name, &length), errno);
    assert_return_code(listen(listener, CLIENTS), errno);
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_return_code(connect(clients[i], (struct sockaddr *)&name, length), errno);
        fstat(clients[i], &ends[i]);
    }
    close(clients[1]);
    fstat(listener, &ends[CLIENTS]);
    enum diag_result result = diag_find_unix(diag, (uint32_t)ends[CLIENTS].st_ino, &facts);
    if (result == DIAG_UNAVAILABLE)
        skip();
    assert_int_equal(result, DIAG_FOUND);
    assert_int_equal(facts.receive_queue, CLIENTS);
    for (size_t i = 0; i < SOCKET_WAITING_MAX; i++)
        assert_int_equal(facts.unix_waiting[i], i == 1 ? 0 : ends[i].st_ino);
    for (size_t i = 0; i < CLIENTS; i++)
        if (i != 1)
            close(clients[i]);
    close(listener);
    diag_free(diag);
}

static void pass_over(void *context, const struct socket_facts *facts) {
    (void)facts;
    ++*(size_t *)context;
}

/* Whatever this kernel lacks is a result with a name, not an error; and the answer is remembered. */
static void availability(void **state) {
    static const struct {
        int family, protocol;
        const char *module;
    } tables[] = {{AF_INET, IPPROTO_TCP, "tcp_diag"}, {AF_INET, IPPROTO_UDP, "udp_diag"},
                  {AF_INET, IPPROTO_RAW, "raw_diag"}, {AF_UNIX, 0, "unix_diag"}};
    struct diag *diag = diag_or_skip();
    size_t count = 0;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct buf missing = {0};
        enum diag_result result = diag_dump(diag, tables[i].family, tables[i].protocol, pass_over, &count);
        assert_true(result == DIAG_FOUND || result == DIAG_UNAVAILABLE);
        assert_int_equal(diag_dump(diag, tables[i].family, tables[i].protocol, pass_over, &count), result);
        diag_missing(diag, &missing);
        assert_int_equal(strstr(buf_text(&missing), tables[i].module) != NULL, result == DIAG_UNAVAILABLE);
        buf_free(&missing);
    }
    diag_free(diag);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tcp),       cmocka_unit_test(tcp_over_ipv6), cmocka_unit_test(udp),
        cmocka_unit_test(unix_sockets), cmocka_unit_test(refusals),   cmocka_unit_test(truncated),
        cmocka_unit_test(hostile),   cmocka_unit_test(live_tcp),      cmocka_unit_test(live_udp),
        cmocka_unit_test(live_unix), cmocka_unit_test(live_unix_waiting), cmocka_unit_test(availability),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

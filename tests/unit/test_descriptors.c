/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of descriptors: copies that share, and searches that pass over whole pages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <netinet/in.h>
#include <string.h>

#include "observe/descriptors.h"

static struct descriptor tcp(int fd, enum socket_state state) {
    return (struct descriptor){.fd = fd,
                               .kind = DESCRIPTOR_SOCKET,
                               .facts_known = true,
                               .socket = {.cookie = (uint64_t)fd + 1000,
                                          .family = AF_INET,
                                          .type = SOCK_STREAM,
                                          .protocol = IPPROTO_TCP,
                                          .state = state}};
}

static void set(struct descriptor_table *table, struct descriptor descriptor) {
    table_set(table, &descriptor);
}

static int restless(const struct descriptor_table *table, int from, bool strangers) {
    const struct descriptor *found = table_next_restless(table, from, strangers);
    return found != NULL ? found->fd : -1;
}

static void restless_ones(void **state) {
    struct descriptor_table table = {0}, copy;
    (void)state;
    assert_int_equal(restless(&table, 0, true), -1);
    for (int fd = 0; fd < 1000; fd += 3)
        set(&table, tcp(fd, SOCKET_ESTABLISHED));
    assert_int_equal(restless(&table, 0, true), -1);

    struct descriptor bound = tcp(700, SOCKET_LISTEN);
    ((struct sockaddr_in *)(void *)&bound.socket.local)->sin_family = AF_INET;
    ((struct sockaddr_in *)(void *)&bound.socket.local)->sin_port = htons(80);
    bound.socket.local_length = sizeof(struct sockaddr_in);
    table_set(&table, &bound);
    set(&table, tcp(64, SOCKET_FIN_WAIT1));
    set(&table, tcp(900, SOCKET_SYN_SENT));
    assert_int_equal(restless(&table, 0, false), 64);
    assert_int_equal(restless(&table, 65, false), 900);
    assert_int_equal(restless(&table, 65, true), 700);
    assert_int_equal(restless(&table, 901, true), -1);

    /* A copy goes its own way: what one forgets the other still finds. */
    table_share(&copy, &table);
    set(&copy, tcp(64, SOCKET_FIN_WAIT2));
    table_remove(&copy, 900);
    assert_int_equal(restless(&copy, 0, false), -1);
    assert_int_equal(restless(&table, 0, false), 64);
    assert_int_equal(restless(&table, 65, false), 900);

    /* A timer is one in any state; a keep-alive is no change. */
    struct descriptor timed = tcp(5, SOCKET_ESTABLISHED);
    timed.socket.timer_known = true;
    timed.socket.timer = TIMER_KEEPALIVE;
    table_set(&copy, &timed);
    assert_int_equal(restless(&copy, 0, false), -1);
    timed.socket.timer = TIMER_RETRANSMIT;
    table_set(&copy, &timed);
    assert_int_equal(restless(&copy, 0, false), 5);
    table_free(&table);
    table_free(&copy);
}

static void named_unix_ones(void **state) {
    struct descriptor_table table = {0};
    struct descriptor unix_socket = {.fd = 130, .kind = DESCRIPTOR_SOCKET, .socket = {.family = AF_UNIX}};
    (void)state;
    set(&table, tcp(3, SOCKET_CLOSE));
    unix_socket.socket.local_length = sizeof(sa_family_t);
    table_set(&table, &unix_socket);
    assert_null(table_next_named_unix(&table, 0));
    unix_socket.socket.local_length = 10;
    table_set(&table, &unix_socket);
    assert_int_equal(table_next_named_unix(&table, 0)->fd, 130);
    assert_null(table_next_named_unix(&table, 131));
    table_remove(&table, 130);
    assert_null(table_next_named_unix(&table, 0));
    table_free(&table);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(restless_ones), cmocka_unit_test(named_unix_ones)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

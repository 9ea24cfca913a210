/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The private network, each time entered in a forked child so that the tests
 * stay where they are.  Where the system forbids it, the refusal is tested
 * instead, and the rest is skipped with the reason.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/network.h"

enum { FORBIDDEN = 77 };

/* Runs `body` in a child; its exit status is what the body returns. */
static int in_child(int (*body)(void)) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(body());
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* As network_new() said they are, for the bodies. */
static struct preset settings;

static int in_private(int (*body)(void)) {
    struct error error = {0};
    struct network *network = network_new(&error);
    if (network == NULL) {
        fprintf(stderr, "skipped: %s (%s)\n", error.text, error.hint ? error.hint : "no remedy known");
        error_free(&error);
        return FORBIDDEN;
    }
    settings = *network_preset(network);
    int result = body();
    network_free(network);
    return result;
}

static void expect_zero(int status) {
    if (status == FORBIDDEN)
        skip();
    assert_int_equal(status, 0);
}

/* Each body returns 0, or the number of what went wrong. */

static int listen_on(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, 3) < 0)
        return -1;
    return fd;
}

static int connect_to(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? fd : -1;
}

static int use_loopback(void) {
    int server = listen_on(8888);
    if (server < 0)
        return 1;
    int client = connect_to(8888);
    if (client < 0)
        return 2;
    int accepted = accept(server, NULL, NULL);
    char text[8] = "";
    if (send(client, "hello", 5, 0) != 5 || recv(accepted, text, sizeof(text), 0) != 5)
        return 3;
    return memcmp(text, "hello", 5) == 0 ? 0 : 4;
}

static int loopback_body(void) {
    return in_private(use_loopback);
}

static void loopback_works_at_once(void **state) {
    (void)state;
    expect_zero(in_child(loopback_body));
}

/* "TcpExt: names", "TcpExt: values": how often in this network an acknowledgement was put off. */
static long delayed_acknowledgements(void) {
    char names[4096], values[4096], *name_rest, *value_rest;
    FILE *file = fopen("/proc/self/net/netstat", "re");
    long found = -1;
    while (found < 0 && file && fgets(names, sizeof(names), file) && fgets(values, sizeof(values), file)) {
        const char *name = strtok_r(names, " \n", &name_rest), *value = strtok_r(values, " \n", &value_rest);
        for (; name && value; name = strtok_r(NULL, " \n", &name_rest), value = strtok_r(NULL, " \n", &value_rest))
            if (strcmp(name, "DelayedACKs") == 0)
                found = strtol(value, NULL, 10);
    }
    if (file)
        fclose(file);
    return found;
}

/* Half a connection closed: the state that the other half's acknowledgement makes of it. */
static int close_half(int family) {
    struct sockaddr_storage address = {.ss_family = (sa_family_t)family};
    struct tcp_info info = {.tcpi_state = TCP_FIN_WAIT1};
    socklen_t length = sizeof(address);
    int server = socket(family, SOCK_STREAM, 0), client = socket(family, SOCK_STREAM, 0);
    if (server < 0 || listen(server, 1) < 0 || getsockname(server, (struct sockaddr *)&address, &length) < 0)
        return 1;
    if (family == AF_INET)
        ((struct sockaddr_in *)&address)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)&address)->sin6_addr = in6addr_loopback;
    if (connect(client, (struct sockaddr *)&address, length) < 0 || shutdown(client, SHUT_WR) < 0)
        return 2;
    while (info.tcpi_state == TCP_FIN_WAIT1)
        if (length = sizeof(info), getsockopt(client, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
            return 3;
    close(client);
    close(server);
    return info.tcpi_state == TCP_FIN_WAIT2 ? 0 : 4;
}

static int close_quickly(void) {
    if (settings.refused[PRESET_QUICKACK] || delayed_acknowledgements() < 0) {
        fprintf(stderr, "skipped: routes cannot be changed here, or the kernel does not count\n");
        return FORBIDDEN;
    }
    int status = close_half(AF_INET);
    int six = socket(AF_INET6, SOCK_STREAM, 0);
    if (status == 0 && six >= 0)
        status = close_half(AF_INET6);
    return status != 0 ? status : delayed_acknowledgements() == 0 ? 0 : 5;
}

static int quick_body(void) {
    return in_private(close_quickly);
}

static void acknowledgements_come_at_once(void **state) {
    (void)state;
    expect_zero(in_child(quick_body));
}

/* What is told of the network is so: as many places as were asked for, and nothing lost by it. */
static long number_in(const char *path) {
    char text[32] = "";
    FILE *file = fopen(path, "re");
    bool read = file && fgets(text, sizeof(text), file);
    if (file)
        fclose(file);
    return read ? strtol(text, NULL, 10) : -1;
}

static int look_at_tables(void) {
    if (settings.table_places == 0) {
        fprintf(stderr, "skipped: net.ipv4.tcp_child_ehash_entries cannot be set here\n");
        return FORBIDDEN;
    }
    if (number_in("/proc/sys/net/ipv4/tcp_ehash_entries") != (long)settings.table_places)
        return 1;
    /* 512 would come of the table's size. */
    if (number_in("/proc/sys/net/ipv4/tcp_max_tw_buckets") <= (long)settings.table_places / 2)
        return 2;
    return number_in("/proc/sys/net/ipv4/tcp_max_syn_backlog") > (long)settings.table_places / 128 ? 0 : 3;
}

static int tables_body(void) {
    return in_private(look_at_tables);
}

static void its_tables_are_small_its_limits_are_not(void **state) {
    (void)state;
    expect_zero(in_child(tables_body));
}

static void what_was_set_is_told(void **state) {
    (void)state;
    struct preset some = {.table_places = 512};
    struct buf told = {0};
    some.off[PRESET_MTU] = some.refused[PRESET_SEGMENTS] = true;
    preset_tell(&some, &told);
    assert_non_null(strstr(buf_text(&told), "preset quickack on: "));
    assert_non_null(strstr(buf_text(&told), "preset mtu off: "));
    assert_non_null(strstr(buf_text(&told), "have 512 places"));
    assert_null(strstr(buf_text(&told), "1024"));
    const char *refused = strstr(buf_text(&told), "could not be made so");
    assert_true(refused != NULL && refused > strstr(buf_text(&told), "preset segments on: "));
    assert_null(strstr(refused + 1, "could not be made so"));
    for (size_t i = 0; i < PRESET_SETTINGS; i++) {
        buf_clear(&told);
        preset_tell_setting(&some, (enum preset_setting)i, &told);
        assert_non_null(strstr(buf_text(&told), preset_name(i)));
    }
    assert_null(preset_name(PRESET_SETTINGS));
    buf_free(&told);
}

static int bind_low(void) {
    return listen_on(80) >= 0 ? 0 : 1;
}

static int low_body(void) {
    return in_private(bind_low);
}

static void ports_below_1024_are_free(void **state) {
    (void)state;
    expect_zero(in_child(low_body));
}

static int do_nothing(void) {
    return 0;
}

static int identity_body(void) {
    uid_t uid = geteuid();
    gid_t gid = getegid();
    int status = in_private(do_nothing);
    if (status != 0)
        return status;
    return geteuid() == uid && getegid() == gid ? 0 : 1;
}

static void who_we_are_stays(void **state) {
    (void)state;
    expect_zero(in_child(identity_body));
}

/* The port of a listener outside, for the body inside. */
static uint16_t outside_port;

static int reach_outside(void) {
    return connect_to(outside_port) < 0 && errno == ECONNREFUSED ? 0 : 1;
}

static int outside_body(void) {
    return in_private(reach_outside);
}

static void the_hosts_ports_are_elsewhere(void **state) {
    (void)state;
    struct sockaddr_in address = {0};
    socklen_t length = sizeof(address);
    int fd = listen_on(0);
    assert_true(fd >= 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    outside_port = ntohs(address.sin_port);
    int status = in_child(outside_body);
    close(fd);
    expect_zero(status);
}

static int namespace_of(const char *what, ino_t *inode) {
    struct stat status;
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/ns/%s", what);
    if (stat(path, &status) < 0)
        return -1;
    *inode = status.st_ino;
    return 0;
}

/* No process can be started to try it in: refused, and nothing has changed. */
static int refused_body(void) {
    struct rlimit none = {0, 0};
    struct error error = {0};
    ino_t user, user_after, net, net_after;
    /* A limit of processes does not bind root. */
    if (geteuid() == 0 && setresuid(65534, 65534, 65534) < 0)
        return errno == EINVAL ? FORBIDDEN : 1; /* a user namespace in which there is only root */
    if (setrlimit(RLIMIT_NPROC, &none) < 0 || namespace_of("user", &user) < 0 ||
        namespace_of("net", &net) < 0)
        return 2;
    if (network_new(&error) != NULL)
        return 3;
    if (!error.text || !strstr(error.text, "no private network"))
        return 4;
    error_free(&error);
    if (namespace_of("user", &user_after) < 0 || namespace_of("net", &net_after) < 0)
        return 5;
    return user == user_after && net == net_after ? 0 : 6;
}

static void a_refusal_changes_nothing(void **state) {
    (void)state;
    expect_zero(in_child(refused_body));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loopback_works_at_once),    cmocka_unit_test(ports_below_1024_are_free),
        cmocka_unit_test(who_we_are_stays),          cmocka_unit_test(the_hosts_ports_are_elsewhere),
        cmocka_unit_test(a_refusal_changes_nothing), cmocka_unit_test(acknowledgements_come_at_once),
        cmocka_unit_test(its_tables_are_small_its_limits_are_not), cmocka_unit_test(what_was_set_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

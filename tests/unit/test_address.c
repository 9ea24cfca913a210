/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket addresses in words, whole and cut short. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cmocka.h>

#include "base/address.h"

static void shows(const void *sockaddr, size_t length, const char *expected) {
    struct buf out = {0};
    /* A copy of exactly this length, and not aligned: the sanitizer sees a byte too many. */
    char *copy = test_malloc(length + 1);

    memcpy(copy + 1, sockaddr, length);
    address_show(copy + 1, length, &out);
    assert_string_equal(buf_text(&out), expected);
    test_free(copy);
    buf_free(&out);
}

static void spells(const void *sockaddr, size_t length, const char *expected) {
    struct buf out = {0};
    char *copy = test_malloc(length + 1);

    memcpy(copy + 1, sockaddr, length);
    address_endpoint(copy + 1, length, &out);
    assert_string_equal(buf_text(&out), expected);
    test_free(copy);
    buf_free(&out);
}

static void test_endpoints(void **state) {
    struct sockaddr_in in = {
        .sin_family = AF_INET, .sin_port = htons(8888), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in6 in6 = {
        .sin6_family = AF_INET6, .sin6_port = htons(80), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/tmp/x\033"};

    (void)state;
    spells(&in, sizeof(in), "127.0.0.1:8888");
    spells(&in, 2, "{AF_INET}");
    in.sin_addr.s_addr = INADDR_ANY;
    spells(&in, sizeof(in), "*:8888");
    spells(&in6, sizeof(in6), "[::1]:80");
    in6.sin6_scope_id = 2;
    spells(&in6, sizeof(in6), "[::1%2]:80");
    spells(&un, sizeof(un), "/tmp/x\\x1b");
    spells(&un, 2 + 4, "/tmp");
    spells(&un, 2, "unnamed");
    memcpy(un.sun_path, "\0ab\0c", 5);
    spells(&un, 2 + 3, "@ab");
    spells(&un, 1, "{}");
}

static void test_inet(void **state) {
    struct sockaddr_in in = {
        .sin_family = AF_INET, .sin_port = htons(8888), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    (void)state;
    shows(&in, sizeof(in), "{AF_INET, 127.0.0.1:8888}");
    shows(&in, 4, "{AF_INET, \"\\\"\\270\"}");
    shows(&in, 2, "{AF_INET}");
    shows(&in, 1, "{}");
    shows(&in, 0, "{}");
}

static void test_inet6(void **state) {
    struct sockaddr_in6 in6 = {
        .sin6_family = AF_INET6, .sin6_port = htons(80), .sin6_addr = IN6ADDR_LOOPBACK_INIT};

    (void)state;
    shows(&in6, sizeof(in6), "{AF_INET6, [::1]:80}");
    in6.sin6_scope_id = 2;
    shows(&in6, sizeof(in6), "{AF_INET6, [::1%2]:80}");
}

static void test_unix(void **state) {
    struct sockaddr_un un = {.sun_family = AF_UNIX, .sun_path = "/tmp/x"};

    (void)state;
    shows(&un, sizeof(un), "{AF_UNIX, \"/tmp/x\"}");
    shows(&un, 2 + 4, "{AF_UNIX, \"/tmp\"}");
    shows(&un, 2, "{AF_UNIX}");
    memcpy(un.sun_path, "\0ab\0c", 5);
    shows(&un, 2 + 3, "{AF_UNIX, @\"ab\"}");
    strcpy(un.sun_path, "/a\033[2Jb\"");
    shows(&un, sizeof(un), "{AF_UNIX, \"/a\\33[2Jb\\\"\"}");
    memset(un.sun_path, 'x', sizeof(un.sun_path));
    struct buf out = {0};
    address_show(&un, sizeof(un), &out);
    assert_int_equal(out.length, strlen("{AF_UNIX, \"\"}") + sizeof(un.sun_path));
    buf_free(&out);
}

static void test_others(void **state) {
    struct sockaddr any = {.sa_family = AF_UNSPEC};

    (void)state;
    shows(&any, sizeof(any), "{AF_UNSPEC}");
    any.sa_family = 77;
    shows(&any, 4, "{77, \"\\0\\0\"}");
    any.sa_family = AF_NETLINK;
    shows(&any, 3, "{AF_NETLINK, \"\\0\"}");
    assert_string_equal(address_family_name(AF_INET), "AF_INET");
    assert_null(address_family_name(77));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_inet),
        cmocka_unit_test(test_inet6),
        cmocka_unit_test(test_unix),
        cmocka_unit_test(test_others),
        cmocka_unit_test(test_endpoints),
    };
    return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}

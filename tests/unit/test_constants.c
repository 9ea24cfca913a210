/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of constants: complete, without doubles, and printed as strace prints them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "call/call.h"
#include "call/constant.h"

static int64_t constant_value(const char *name) {
    const struct constant *found = constant_find(name);

    assert_non_null(found);
    assert_string_equal(found->name, name);
    return found->value;
}

static void values_are_the_systems(void **state) {
    (void)state;
    assert_int_equal(constant_value("AF_INET"), AF_INET);
    assert_int_equal(constant_value("SOCK_STREAM"), SOCK_STREAM);
    assert_int_equal(constant_value("INADDR_LOOPBACK"), INADDR_LOOPBACK);
    assert_int_equal(constant_value("ECONNREFUSED"), ECONNREFUSED);
    assert_int_equal(constant_value("EAI_NONAME"), EAI_NONAME);
    assert_int_equal(constant_value("SO_REUSEADDR"), SO_REUSEADDR);
    assert_int_equal(constant_value("EPOLLET"), EPOLLET);
    assert_int_equal(constant_value("true"), 1);
    assert_int_equal(constant_value("stderr"), 3);
    assert_int_equal(constant_value("EOF"), -1);
}

static void types_are_the_headers(void **state) {
    (void)state;
    assert_int_equal(constant_find("AF_INET")->type, CONSTANT_INT);
    assert_int_equal(constant_find("INADDR_ANY")->type, CONSTANT_UINT);
    assert_int_equal(constant_find("SIZE_MAX")->type, CONSTANT_ULONG);
    assert_int_equal(constant_find("NULL")->type, CONSTANT_POINTER);
    assert_int_equal(constant_find("stdin")->type, CONSTANT_FILE);
    assert_int_equal(constant_find("SIG_IGN")->type, CONSTANT_HANDLER);
}

static void unknown_names_are_unknown(void **state) {
    (void)state;
    assert_null(constant_find("AF_INTE"));
    assert_null(constant_find(""));
    assert_null(constant_in(&constants_family, "SOCK_STREAM"));
    assert_null(constant_name(&constants_family, 12345));
    assert_null(errno_name(0));
    assert_null(errno_name(100000));
}

static void the_first_name_prints(void **state) {
    (void)state;
    assert_string_equal(constant_name(&constants_family, AF_UNIX), "AF_UNIX");
    assert_string_equal(constant_name(&constants_family, PF_INET), "AF_INET");
    assert_string_equal(constant_name(&constants_level, IPPROTO_TCP), "IPPROTO_TCP");
    assert_string_equal(constant_name(&constants_epoll_operation, EPOLL_CTL_ADD), "EPOLL_CTL_ADD");
    assert_string_equal(errno_name(EAGAIN), "EAGAIN");
    assert_string_equal(errno_name(EOPNOTSUPP), "EOPNOTSUPP");
    assert_string_equal(errno_name(EDEADLK), "EDEADLK");
}

static void expect_flags(const struct constant_set *set, int64_t value, const char *expected) {
    struct buf out = {0};

    constant_flags(set, value, &out);
    assert_string_equal(buf_text(&out), expected);
    buf_free(&out);
}

static void flags_print_as_strace_does(void **state) {
    (void)state;
    expect_flags(&constants_message, 0, "0");
    expect_flags(&constants_message, MSG_PEEK, "MSG_PEEK");
    expect_flags(&constants_message, MSG_PEEK | MSG_DONTWAIT, "MSG_DONTWAIT|MSG_PEEK");
    expect_flags(&constants_message, MSG_PEEK | 0x800000, "MSG_PEEK|0x800000");
    expect_flags(&constants_message, -1 & (int64_t)0xffffffff80000000, "0x80000000");
    expect_flags(&constants_type, SOCK_STREAM, "SOCK_STREAM");
    expect_flags(&constants_type, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
                 "SOCK_DGRAM|SOCK_NONBLOCK|SOCK_CLOEXEC");
    expect_flags(&constants_type, 0xf, "0xf");
    expect_flags(&constants_type, 0, "0");
    expect_flags(&constants_open, O_RDWR | O_NONBLOCK, "O_RDWR|O_NONBLOCK");
    expect_flags(&constants_open, O_NONBLOCK, "O_RDONLY|O_NONBLOCK");
    expect_flags(&constants_epoll, EPOLLIN | EPOLLET, "EPOLLIN|EPOLLET");
    expect_flags(&constants_nameinfo, NI_NUMERICHOST | NI_NUMERICSERV, "NI_NUMERICHOST|NI_NUMERICSERV");
}

static void every_set_is_sound(void **state) {
    (void)state;
    const struct constant_set *set;

    for (size_t i = 0; (set = constant_set_at(i)) != NULL; i++) {
        assert_non_null(set->name);
        assert_true(set->count > 0);
        for (size_t j = 0; j < set->count; j++) {
            const struct constant *item = &set->items[j];
            assert_true(item->name[0] >= 'A');                         /* a name, not what a macro became */
            assert_ptr_equal(constant_in(set, item->name), item);      /* no name twice in a set */
            assert_int_equal(constant_value(item->name), item->value); /* nor with two values */
            if (item->means != NULL)
                assert_true(strlen(item->means) > 0 && strlen(item->means) < 76);
        }
    }
    assert_true(set == NULL);
    assert_null(constant_set_at(SIZE_MAX));
}

static void every_errno_of_the_system_has_its_name(void **state) {
    (void)state;
    for (int number = 1; number < 4096; number++) {
        const char *system = strerrorname_np(number);
        if (system == NULL)
            assert_null(errno_name(number));
        else
            assert_string_equal(errno_name(number), system);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_the_systems),
        cmocka_unit_test(types_are_the_headers),
        cmocka_unit_test(unknown_names_are_unknown),
        cmocka_unit_test(the_first_name_prints),
        cmocka_unit_test(flags_print_as_strace_does),
        cmocka_unit_test(every_set_is_sound),
        cmocka_unit_test(every_errno_of_the_system_has_its_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

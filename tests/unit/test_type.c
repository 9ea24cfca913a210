/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types: sizes and offsets are the compiler's, equal types are one, spelling can be read back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "base/buf.h"
#include "lang/type.h"

static void basic_types(void **state) {
    (void)state;
    assert_int_equal(type_int.size, sizeof(int));
    assert_true(type_int.is_signed);
    assert_false(type_uint.is_signed);
    assert_false(type_bool.is_signed);
    assert_true(type_bool.is_bool);
    assert_int_equal(type_char.is_signed, (char)-1 < 0);
    assert_int_equal(type_long.size, sizeof(long));
    assert_true(type_bool.rank < type_char.rank && type_char.rank < type_short.rank);
    assert_true(type_short.rank < type_int.rank && type_int.rank < type_long.rank);
    assert_true(type_long.rank < type_llong.rank && type_long.rank == type_ulong.rank);
    assert_int_equal(type_void.size, 0);
    assert_int_equal(type_file.size, 0);
    assert_true(type_is_scalar(&type_int));
    assert_false(type_is_scalar(&type_file));
}

#define SIZE(tag)                                                         \
    do {                                                                  \
        assert_non_null(type_struct(#tag));                               \
        assert_int_equal(type_struct(#tag)->size, sizeof(struct tag));    \
        assert_int_equal(type_struct(#tag)->align, _Alignof(struct tag)); \
        assert_string_equal(type_struct(#tag)->name, "struct " #tag);     \
    } while (0)

#define MEMBER(tag, member)                                                      \
    do {                                                                         \
        const struct field *field_ = type_field(type_struct(#tag), #member);     \
        assert_non_null(field_);                                                 \
        assert_int_equal(field_->offset, offsetof(struct tag, member));          \
        assert_int_equal(field_->type->size, sizeof(((struct tag *)0)->member)); \
    } while (0)

static void structs_have_the_systems_layout(void **state) {
    (void)state;
    SIZE(sockaddr);
    SIZE(sockaddr_in);
    SIZE(sockaddr_in6);
    SIZE(sockaddr_un);
    SIZE(sockaddr_storage);
    SIZE(in_addr);
    SIZE(in6_addr);
    SIZE(hostent);
    SIZE(addrinfo);
    SIZE(pollfd);
    SIZE(timeval);
    SIZE(timespec);
    SIZE(epoll_event);
    SIZE(linger);
    SIZE(iovec);
    SIZE(msghdr);
    SIZE(cmsghdr);
    SIZE(ucred);
    SIZE(ip_mreq);
    SIZE(ipv6_mreq);
    MEMBER(sockaddr, sa_data);
    MEMBER(sockaddr_in, sin_port);
    MEMBER(sockaddr_in, sin_addr);
    MEMBER(sockaddr_in, sin_zero);
    MEMBER(sockaddr_in6, sin6_addr);
    MEMBER(sockaddr_in6, sin6_scope_id);
    MEMBER(sockaddr_un, sun_path);
    MEMBER(hostent, h_addr_list);
    MEMBER(hostent, h_length);
    MEMBER(addrinfo, ai_addr);
    MEMBER(addrinfo, ai_next);
    MEMBER(pollfd, revents);
    MEMBER(epoll_event, data);
    MEMBER(msghdr, msg_iov);
    MEMBER(msghdr, msg_flags);
    MEMBER(cmsghdr, cmsg_type);
    MEMBER(ipv6_mreq, ipv6mr_interface);
    MEMBER(icmphdr, checksum);
    MEMBER(icmphdr, un);
    assert_int_equal(type_typedef("fd_set")->size, sizeof(fd_set));
    assert_null(type_struct("sockaddr_xx"));
    assert_null(type_field(type_struct("sockaddr_in"), "sin_prot"));
}

static void unions_have_all_members_at_the_start(void **state) {
    (void)state;
    const struct type *data = type_field(type_struct("epoll_event"), "data")->type;
    assert_ptr_equal(data, type_typedef("epoll_data_t"));
    assert_ptr_equal(data, type_struct("epoll_data"));
    assert_string_equal(data->name, "union epoll_data");
    assert_int_equal(type_field(data, "fd")->offset, 0);
    assert_ptr_equal(type_field(data, "fd")->type, &type_int);
    assert_int_equal(type_field(data, "u64")->type->size, 8);
    const struct type *icmp = type_field(type_struct("icmphdr"), "un")->type;
    assert_int_equal(icmp->size, sizeof(((struct icmphdr *)NULL)->un));
    assert_int_equal(type_field(icmp, "gateway")->offset, 0);
    const struct type *echo = type_field(icmp, "echo")->type;
    assert_int_equal(type_field(echo, "id")->offset, 0);
    assert_int_equal(type_field(echo, "sequence")->offset, 2);
    const struct type *in6 = type_struct("in6_addr");
    assert_int_equal(type_field(in6, "s6_addr32")->type->count, 4);
    assert_int_equal(type_field(in6, "s6_addr")->type->size, 16);
}

/* No field reaches outside its struct, and none has no type or name. */
static void every_field_is_inside(void **state) {
    (void)state;
    const char *tag;
    size_t count = 0;
    for (; (tag = type_struct_name(count)); count++) {
        const struct type *type = type_struct(tag);
        assert_true(type->field_count > 0);
        for (size_t i = 0; i < type->field_count; i++) {
            assert_non_null(type->fields[i].name);
            assert_true(type->fields[i].type->size > 0);
            assert_true(type->fields[i].offset + type->fields[i].type->size <= type->size);
        }
    }
    assert_true(count >= 20);
}

#define TYPEDEF(name)                                                         \
    do {                                                                      \
        assert_non_null(type_typedef(#name));                                 \
        assert_int_equal(type_typedef(#name)->size, sizeof(name));            \
        assert_int_equal(type_typedef(#name)->is_signed, (name)-1 < (name)1); \
    } while (0)

static void typedefs_are_the_systems(void **state) {
    (void)state;
    TYPEDEF(size_t);
    TYPEDEF(ssize_t);
    TYPEDEF(socklen_t);
    TYPEDEF(in_port_t);
    TYPEDEF(in_addr_t);
    TYPEDEF(sa_family_t);
    TYPEDEF(uint8_t);
    TYPEDEF(int64_t);
    TYPEDEF(u_short);
    TYPEDEF(pid_t);
    TYPEDEF(nfds_t);
    TYPEDEF(time_t);
    TYPEDEF(off_t);
    TYPEDEF(sig_atomic_t);
    assert_ptr_equal(type_typedef("FILE"), &type_file);
    assert_ptr_equal(type_typedef("bool"), &type_bool);
    assert_null(type_typedef("sockelen_t"));
    size_t i = 0;
    for (const char *name; (name = type_typedef_name(i)); i++)
        assert_non_null(type_typedef(name));
    assert_true(i > 40);
}

static void equal_types_are_one(void **state) {
    (void)state;
    struct types *types = types_new();
    const struct type *chars = types_pointer(types, &type_char);
    assert_ptr_equal(chars, types_pointer(types, &type_char));
    assert_ptr_equal(chars, type_field(type_struct("hostent"), "h_name")->type);
    assert_ptr_equal(types_pointer(types, chars), type_field(type_struct("hostent"), "h_addr_list")->type);
    assert_ptr_equal(types_array(types, &type_uchar, 8),
                     type_field(type_struct("sockaddr_in"), "sin_zero")->type);
    assert_ptr_equal(types_array(types, &type_int, 3), types_array(types, &type_int, 3));
    assert_ptr_not_equal(types_array(types, &type_int, 3), types_array(types, &type_int, 4));
    assert_ptr_not_equal(types_pointer(types, &type_int), types_pointer(types, &type_uint));
    assert_int_equal(types_array(types, &type_int, 3)->size, 3 * sizeof(int));
    assert_int_equal(types_array(types, &type_int, SIZE_MAX)->size, SIZE_MAX);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(types_array(types, &type_char, i)->count, i);
    types_free(types);
    types_free(NULL);
}

static void spelling_goes_there_and_back(void **state) {
    (void)state;
    static const char *const spellings[] = {
        "int",
        "unsigned long long",
        "_Bool",
        "void *",
        "char *",
        "char[2000]",
        "char *[3]",
        "char (*)[3]",
        "int[2][3]",
        "int (*[2])[3]",
        "FILE *",
        "fd_set",
        "struct iovec *",
        "struct pollfd[2]",
        "union epoll_data",
        "char **(*)[4][5]",
    };
    struct types *types = types_new();
    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        struct error error = {0};
        struct buf out = {0};
        const struct type *type = types_from_text(types, spellings[i], &error);
        if (!type)
            fail_msg("%s: %s", spellings[i], error.text);
        type_spell(type, &out);
        assert_string_equal(buf_text(&out), spellings[i]);
        buf_free(&out);
    }
    types_free(types);
}

static void spellings_that_are_none(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",       "x",    "int x", "int[",          "int[n]", "int[]",     "void[3]", "struct nothing",
        "int *)", "\x01", "int(",  "char[2] extra", "int /*", "static int"};
    struct types *types = types_new();
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct error error = {0};
        assert_null(types_from_text(types, bad[i], &error));
        assert_int_not_equal(error.kind, ERROR_NONE);
        error_free(&error);
    }
    types_free(types);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(basic_types),
        cmocka_unit_test(structs_have_the_systems_layout),
        cmocka_unit_test(unions_have_all_members_at_the_start),
        cmocka_unit_test(every_field_is_inside),
        cmocka_unit_test(typedefs_are_the_systems),
        cmocka_unit_test(equal_types_are_one),
        cmocka_unit_test(spelling_goes_there_and_back),
        cmocka_unit_test(spellings_that_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

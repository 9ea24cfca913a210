/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions: what they give, as the C compiler has it; and how they fail. */
#include "against_c.h"

static void test_constants(void **state) {
    (void)state;
    CHECK(42);
    CHECK(0x7fffffff);
    CHECK(0x80000000);
    CHECK(2147483648);
    CHECK(0xffffffffffffffff);
    CHECK(010);
    CHECK(1u);
    CHECK(1l);
    CHECK(1ul);
    CHECK(1ll);
    CHECK(1ull);
    CHECK('A');
    CHECK('\n');
    CHECK('\377');
    CHECK('\x41');
    CHECK('\0');
}

static void test_arithmetic(void **state) {
    (void)state;
    CHECK(1 + 2 * 3);
    CHECK((1 + 2) * 3);
    CHECK(7 / 2);
    CHECK(-7 / 2);
    CHECK(7 / -2);
    CHECK(-7 % 2);
    CHECK(7 % -2);
    CHECK(7u / 2);
    CHECK(-7 / 2u);
    CHECK(-7 % 3u);
    CHECK(-7l / 2u);
    CHECK(-1 + 1u);
    CHECK(0u - 1);
    CHECK(0ul - 1);
    CHECK(4294967295u + 1);
    CHECK(4294967295u * 4294967295u);
    CHECK(18446744073709551615ul + 1);
    CHECK(2147483647 + 1l);
    CHECK(2147483647 + 1u);
    CHECK(100000 * 100000l);
    CHECK(1 - 2 - 3);
    CHECK(100 / 10 / 5);
    CHECK(1 + 1 == 2);
    CHECK(- -5);
    CHECK(+'a');
    CHECK(-'a');
    CHECK(-1u);
    CHECK(~0);
    CHECK(~0u);
    CHECK(~0ul);
    CHECK(!5);
    CHECK(!0);
    CHECK(!!5);
    CHECK(1ll + 1ul);
    CHECK(-1ll < 1ul);
    CHECK(-1l < 1u);
    CHECK(1ull - 2);
}

static void test_comparison(void **state) {
    (void)state;
    CHECK(-1 < 1u);
    CHECK(-1 < 1);
    CHECK(-1l < 1ul);
    CHECK(-1 > 0u);
    CHECK(-1 == 4294967295u);
    CHECK(-1 == 4294967295);
    CHECK(-1l == 18446744073709551615ul);
    CHECK(1 <= 1);
    CHECK(2 <= 1);
    CHECK(1 >= 2);
    CHECK(2 >= 2);
    CHECK(1 != 2);
    CHECK(3 > 2 > 1);
    CHECK(-5 >= -5);
    CHECK(sizeof(int) > -1);
}

static void test_bits(void **state) {
    (void)state;
    CHECK(6 & 3);
    CHECK(6 | 3);
    CHECK(6 ^ 3);
    CHECK(1 | 2 ^ 3 & 4);
    CHECK(1 & 2 == 2);
    CHECK(1 << 10);
    CHECK(1u << 31);
    CHECK(1l << 40);
    CHECK(1ul << 63);
    CHECK(-8 >> 1);
    CHECK(-8l >> 1);
    CHECK(4294967288u >> 1);
    CHECK(1 << 2 + 1);
    CHECK(256 >> 4l);
    CHECK('a' << 1);
    CHECK(0x12345678 & 0xff00);
    CHECK(~0x0f & 0xff);
    CHECK(-1 & 0xffffffffu);
}

static void test_logic(void **state) {
    (void)state;
    BOTH(int n = 0);
    CHECK(1 && 2);
    CHECK(1 && 0);
    CHECK(0 || 3);
    CHECK(0 || 0);
    CHECK(0 && (n = 1));
    CHECK(1 || (n = 1));
    CHECK(n);
    CHECK(1 && (n = 7));
    CHECK(n);
    CHECK(1 || 0 && 0);
    CHECK(1 ? 2 : 3);
    CHECK(0 ? 2 : 3);
    CHECK(1 ? -1 : 0u);
    CHECK(1 ? -1 : 0ul);
    CHECK(1 ? 'a' : 0);
    CHECK(0 ? 1 : 0 ? 2 : 3);
    CHECK(1 ? (n = 1) : (n = 2));
    CHECK(n);
    CHECK((1, 2, 3));
    CHECK((n = 5, n + 1));
    CHECK(1 ? 1 / 1 : 1 / 0 + 2l);
}

static void test_casts(void **state) {
    (void)state;
    CHECK((char)300);
    CHECK((unsigned char)300);
    CHECK((signed char)200);
    CHECK((short)70000);
    CHECK((unsigned short)70000);
    CHECK((int)4294967295u);
    CHECK((unsigned int)-1);
    CHECK((long)-1);
    CHECK((unsigned long)-1);
    CHECK((long)4294967295u);
    CHECK((long)(int)4294967295u);
    CHECK((unsigned long)(int)-1);
    CHECK((_Bool)256);
    CHECK((_Bool)0);
    CHECK((uint16_t)0x12345678);
    CHECK((uint8_t)-1);
    CHECK((in_port_t)99999);
    CHECK((socklen_t)-1);
    CHECK((size_t)-1);
    CHECK((ssize_t)-1);
    CHECK((char)'a' + (char)'b');
    CHECK((unsigned char)255 + (unsigned char)255);
    CHECK((char)127 + 1);
    CHECK(-(unsigned short)1);
    CHECK(~(unsigned char)0);
    CHECK((short)1 << (char)2);
    CHECK((int)'\377' == -1);
    CHECK((unsigned)1 - 2);
    CHECK((long long)1 + (unsigned long)1);
}

static void test_sizes(void **state) {
    (void)state;
    CHECK(sizeof(char));
    CHECK(sizeof(int));
    CHECK(sizeof(long));
    CHECK(sizeof(char *));
    CHECK(sizeof(int[10]));
    CHECK(sizeof(char *[3]));
    CHECK(sizeof 'a');
    CHECK(sizeof 1l);
    CHECK(sizeof "hello");
    CHECK(sizeof(char) * 3);
    CHECK(sizeof(struct sockaddr));
    CHECK(sizeof(struct sockaddr_in));
    CHECK(sizeof(struct sockaddr_in6));
    CHECK(sizeof(struct sockaddr_un));
    CHECK(sizeof(struct sockaddr_storage));
    CHECK(sizeof(struct in_addr));
    CHECK(sizeof(struct hostent));
    CHECK(sizeof(struct addrinfo));
    CHECK(sizeof(struct pollfd));
    CHECK(sizeof(struct timeval));
    CHECK(sizeof(fd_set));
    CHECK(sizeof(struct linger));
    CHECK(sizeof(struct iovec));
    CHECK(sizeof(struct msghdr));
    CHECK(sizeof(struct epoll_event));
    CHECK(sizeof(socklen_t));
    BOTH(struct sockaddr_in a);
    BOTH(char buf[100]);
    BOTH(char *p = buf);
    BOTH(int m[3][4]);
    CHECK(sizeof a);
    CHECK(sizeof(a.sin_port));
    CHECK(sizeof a.sin_addr.s_addr);
    CHECK(sizeof buf);
    CHECK(sizeof(buf) - 1);
    CHECK(sizeof p);
    CHECK(sizeof *p);
    CHECK(sizeof &a);
    CHECK(sizeof m);
    CHECK(sizeof m[0]);
    CHECK(sizeof m[0][0]);
    CHECK(sizeof m / sizeof m[0]);
    CHECK(sizeof(buf + 1));
    CHECK(sizeof(1 ? 'a' : 1l));
    CHECK(sizeof(a.sin_port + 1));
    CHECK(sizeof(m[0][0] = 3, 1l));
    CHECK(sizeof(buf[0]++));
    CHECK(sizeof(!1l));
    CHECK(sizeof(p - buf));
    CHECK(sizeof(1 << 1l));
    CHECK(sizeof((char)1));
    CHECK(sizeof(-(char)1));
    CHECK(sizeof(1u < 2));
}

static void test_variables(void **state) {
    (void)state;
    BOTH(int i = 5);
    BOTH(unsigned u = 4000000000u);
    BOTH(char c = 200);
    BOTH(unsigned char uc = 200);
    BOTH(short s = -3);
    BOTH(long l = -1);
    BOTH(_Bool b = 7);
    BOTH(uint16_t port = 0xb822);
    CHECK(i + 0);
    CHECK(u + 0);
    CHECK(c);
    CHECK(uc);
    CHECK(c + uc);
    CHECK(s * u);
    CHECK(l < u);
    CHECK(l > u);
    CHECK(b);
    CHECK(b + b);
    CHECK(port >> 8 | port << 8 & 0xffff);
    CHECK(i++ + 0);
    CHECK(i);
    CHECK(++i + 0);
    CHECK(i-- - 1);
    CHECK(i);
    CHECK((i += 10) + 0);
    CHECK((i -= 3) + 0);
    CHECK((i *= -2) + 0);
    CHECK((i /= 3) + 0);
    CHECK((i %= 3) + 0);
    BOTH(i = 5);
    CHECK((i <<= 4) + 0);
    CHECK((i >>= 1) + 0);
    CHECK((i |= 0x55) + 0);
    CHECK((i &= 0x0f) + 0);
    CHECK((i ^= 0xff) + 0);
    CHECK((c += 100) + 0);
    CHECK((uc += 100) + 0);
    CHECK((uc = 1000) + 0);
    CHECK((s = 70000) + 0);
    CHECK((u -= 4000000001u) + 0);
    CHECK((b = 0) + 0);
    CHECK((u = i = -1) + 0);
    CHECK((l = u) + 0);
    CHECK(uc-- + 0);
    CHECK((uc = 0, --uc) + 0);
    CHECK(uc);
    CHECK((b = 0, b++, b++, b));
}

static void test_pointers(void **state) {
    (void)state;
    BOTH(int a[5] = {1, 2, 3, 4, 5});
    BOTH(int *p = a);
    BOTH(int **pp = &p);
    BOTH(char text[] = "hello, world");
    BOTH(char *t = text);
    CHECK(*p);
    CHECK(p[2]);
    CHECK(2 [p]);
    CHECK(*(p + 3));
    CHECK(p + 2 == &a[2]);
    CHECK(&a[5] - p);
    CHECK(p - &a[5]);
    CHECK(p < a + 1);
    CHECK(p >= a);
    CHECK(a + 5 > p);
    CHECK(p != 0);
    CHECK(p == NULL);
    CHECK(!p);
    CHECK(*p++ + 0);
    CHECK(*p);
    CHECK(*++p);
    CHECK(++*p + 0);
    CHECK((*p)++ + 0);
    CHECK(a[2]);
    CHECK(p-- - a);
    CHECK(**pp);
    CHECK((*pp)[1]);
    CHECK((p += 2, *p));
    CHECK((p -= 3, *p));
    CHECK(*&a[1]);
    CHECK(*t);
    CHECK(t[5]);
    CHECK(*(t + 7));
    CHECK((t = text + 3) - text);
    CHECK("abc"[1]);
    CHECK(*"xyz");
    CHECK(sizeof(text));
    CHECK((char *)(p + 1) - (char *)p);
    CHECK(*(unsigned char *)&a[0]);
    CHECK(((unsigned char *)a)[4]);
    CHECK((long)(p + 1) - (long)p);
    CHECK((int *)(long)p == p);
    CHECK((void *)0 == NULL);
    CHECK((1 ? p : NULL) == p);
    CHECK(p && *p);
    CHECK(&a[1] - &a[0]);
    CHECK(&*p == p);
    CHECK((*&p)[0]);
    BOTH(int m[2][3] = {{1, 2, 3}, {4, 5, 6}});
    CHECK(m[1][2]);
    CHECK(*m[1]);
    CHECK(**m);
    CHECK((*(m + 1))[1]);
    CHECK(m[1] - m[0]);
    CHECK(&m[1] - &m[0]);
    BOTH(int(*row)[3] = m);
    CHECK(row[1][0]);
    CHECK((*row)[2]);
    CHECK(sizeof *row);
}

static void test_structs(void **state) {
    (void)state;
    BOTH(struct sockaddr_in a = {0});
    BOTH(struct sockaddr_in b);
    BOTH(struct sockaddr_in *p = &a);
    CHECK((a.sin_family = AF_INET) + 0);
    CHECK((a.sin_port = htons(8888)) + 0);
    CHECK((p->sin_addr.s_addr = 0x0100007f) + 0);
    CHECK(a.sin_addr.s_addr);
    CHECK(((unsigned char *)&a)[2] * 256 + ((unsigned char *)&a)[3]);
    CHECK(((struct sockaddr *)p)->sa_family);
    CHECK((*p).sin_port);
    CHECK(&p->sin_port == &a.sin_port);
    CHECK((char *)&a.sin_addr - (char *)&a);
    CHECK(a.sin_zero[7]);
    CHECK((b = a).sin_port);
    CHECK((b.sin_port = 1, a.sin_port));
    CHECK((1 ? a : b).sin_port);
    CHECK((a, b).sin_port);
    CHECK(((struct in_addr){5}).s_addr);
    CHECK((&(struct sockaddr_in){.sin_port = 7})->sin_port);
    CHECK((&(struct sockaddr_in){.sin_port = 7})->sin_addr.s_addr);
    CHECK(((int[]){1, 2, 3})[2]);
    CHECK(sizeof((int[]){1, 2, 3}));
    CHECK(*(int *)&(int){12});
}

static void test_initialisers(void **state) {
    (void)state;
    BOTH(int a[5] = {1, 2});
    CHECK(a[1] + a[2] + a[4]);
    BOTH(int b[] = {1, 2, 3});
    CHECK(sizeof b);
    BOTH(int c[] = {[4] = 1, 2, [1] = 5, 6});
    CHECK(sizeof c);
    CHECK(c[0] * 100000 + c[1] * 10000 + c[2] * 1000 + c[3] * 100 + c[4] * 10 + c[5]);
    BOTH(char s[] = "abc");
    CHECK(sizeof s);
    CHECK(s[3]);
    BOTH(char t[10] = "abc");
    CHECK(t[2] + t[9]);
    BOTH(char v[3] = "abc");
    CHECK(v[2]);
    BOTH(char w[] = {"ab"
                     "cd"});
    CHECK(sizeof w);
    BOTH(char words[][6] = {"one", "two", "three"});
    CHECK(sizeof words);
    CHECK(words[2][4]);
    BOTH(const char *names[] = {"x", "yy"});
    CHECK(sizeof names / sizeof *names);
    CHECK(names[1][1]);
    BOTH(struct pollfd fds[2] = {{3, 1}, {.fd = 4}});
    CHECK(fds[0].events * 10 + fds[1].fd);
    CHECK(fds[0].revents + fds[1].events);
    BOTH(struct pollfd flat[] = {1, 2, 3, 4, 5, 6, 7});
    CHECK(sizeof flat / sizeof flat[0]);
    CHECK(flat[1].events * 100 + flat[2].fd * 10 + flat[2].events);
    BOTH(struct sockaddr_in in = {.sin_family = 2, .sin_addr.s_addr = 9});
    CHECK(in.sin_addr.s_addr + in.sin_family + in.sin_port);
    BOTH(struct sockaddr_in in2 = {2, 3, {4}, "zero"});
    CHECK(in2.sin_addr.s_addr * 10 + in2.sin_zero[0]);
    BOTH(struct sockaddr_in in3 = {2, 3, 4});
    CHECK(in3.sin_addr.s_addr);
    BOTH(struct sockaddr_in in4 = in3);
    CHECK(in4.sin_addr.s_addr);
    BOTH(struct sockaddr_in in5[2] = {in2, in3});
    CHECK(in5[1].sin_addr.s_addr + in5[0].sin_zero[1]);
    BOTH(struct epoll_event e = {1, {.fd = 5}});
    CHECK(e.data.fd + e.events);
    BOTH(int scalar = {5});
    CHECK(scalar);
    BOTH(int m[2][2] = {1, 2, 3, 4});
    CHECK(m[1][0]);
    BOTH(int m2[][2] = {{1}, {2, 3}, 4});
    CHECK(sizeof m2);
    CHECK(m2[2][0] * 100 + m2[1][1] * 10 + m2[0][1]);
}

static void test_wrapping(void **state) {
    (void)state;
    /* Signed overflow is undefined in C; here it wraps, and our own code has no undefined behaviour. */
    run("2147483647 + 1");
    assert_string_equal(buf_text(&host.shown), "(int) -2147483648\n");
    run("-2147483647 - 2");
    assert_string_equal(buf_text(&host.shown), "(int) 2147483647\n");
    run("2147483647 * 2147483647");
    assert_string_equal(buf_text(&host.shown), "(int) 1\n");
    run("9223372036854775807 + 1");
    assert_string_equal(buf_text(&host.shown), "(long) -9223372036854775808\n");
    run("-(-9223372036854775807 - 1)");
    assert_string_equal(buf_text(&host.shown), "(long) -9223372036854775808\n");
    run("-1 << 3");
    assert_string_equal(buf_text(&host.shown), "(int) -8\n");
    run("1 << 31");
    assert_string_equal(buf_text(&host.shown), "(int) -2147483648\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_constants, start, end),
        cmocka_unit_test_setup_teardown(test_arithmetic, start, end),
        cmocka_unit_test_setup_teardown(test_comparison, start, end),
        cmocka_unit_test_setup_teardown(test_bits, start, end),
        cmocka_unit_test_setup_teardown(test_logic, start, end),
        cmocka_unit_test_setup_teardown(test_casts, start, end),
        cmocka_unit_test_setup_teardown(test_sizes, start, end),
        cmocka_unit_test_setup_teardown(test_variables, start, end),
        cmocka_unit_test_setup_teardown(test_pointers, start, end),
        cmocka_unit_test_setup_teardown(test_structs, start, end),
        cmocka_unit_test_setup_teardown(test_initialisers, start, end),
        cmocka_unit_test_setup_teardown(test_wrapping, start, end),
    };
    return cmocka_run_group_tests_name("eval", tests, NULL, NULL);
}

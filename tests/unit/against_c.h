/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expressions, held against the C compiler: CHECK(e) compiles e as C and gives
 * its text to the interpreter; value and type must be the same.  BOTH(d) is a
 * declaration or statement for both.
 */
#ifndef SOCKSHELL_TESTS_AGAINST_C_H
#define SOCKSHELL_TESTS_AGAINST_C_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

#include <cmocka.h>

#include "little_host.h"

/* What is tested is what the compiler warns of. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wparentheses"
#pragma GCC diagnostic ignored "-Wunused-value"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wtype-limits"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Woverflow"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wmissing-braces"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wconstant-conversion"
#pragma GCC diagnostic ignored "-Wtautological-compare"
#pragma GCC diagnostic ignored "-Wtautological-constant-out-of-range-compare"
#pragma GCC diagnostic ignored "-Wconstant-logical-operand"
#pragma GCC diagnostic ignored "-Wsizeof-array-decay"
#pragma GCC diagnostic ignored "-Wdangling-else"
#else
#pragma GCC diagnostic ignored "-Wbool-operation"
#pragma GCC diagnostic ignored "-Wint-in-bool-context"
#endif

static struct little_host host;

static int start(void **state) {
    (void)state;
    little_start(&host, MEMORY_LIMIT);
    return 0;
}

static int end(void **state) {
    (void)state;
    little_end(&host);
    return 0;
}

static void run(const char *text) {
    struct error error = {0};
    int status;

    if (little_run(&host, text, strlen(text), &status, &error) != INTERP_DONE)
        fail_msg("%s: %s at %u", text, error.text, error.where.at);
}

static void check(const char *text, const char *type, long long value, const char *file, int line) {
    struct buf expected = {0};
    const char *before = strncmp(type, "unsigned", 8) == 0 ? "%llu" : "%lld";
    char number[32];

    run(text);
    snprintf(number, sizeof(number), before, value);
    buf_addf(&expected, "(%s) %s", type, number);
    size_t length = expected.length;
    /* A character follows the number of a char: 65 'A'. */
    bool same = strncmp(buf_text(&host.shown), expected.data, length) == 0 &&
                (host.shown.data[length] == '\n' || host.shown.data[length] == ' ');
    if (!same) {
        print_error("%s:%d: %s: C says %s, we say %s", file, line, text, expected.data,
                    buf_text(&host.shown));
        buf_free(&expected);
        fail();
    }
    buf_free(&expected);
}

#define TYPE_NAME(e)                           \
    _Generic((e), _Bool                        \
             : "_Bool", char                   \
             : "char", signed char             \
             : "signed char", unsigned char    \
             : "unsigned char", short          \
             : "short", unsigned short         \
             : "unsigned short", int           \
             : "int", unsigned int             \
             : "unsigned int", long            \
             : "long", unsigned long           \
             : "unsigned long", long long      \
             : "long long", unsigned long long \
             : "unsigned long long")
#define CHECK(e) check(#e, TYPE_NAME(e), (long long)(e), __FILE__, __LINE__)
#define BOTH(...) \
    __VA_ARGS__;  \
    run(#__VA_ARGS__)

#endif

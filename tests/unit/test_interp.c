/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interpreter: control flow, scopes, declarations, what is shown, and what each mistake is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "little_host.h"

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

static void runs(const char *text) {
    struct error error = {0};
    int status = 0;

    if (little_run(&host, text, strlen(text), &status, &error) != INTERP_DONE)
        fail_msg("%s: %s at %u", text, error.text, error.where.at);
}

/* What it shows, a line a value, without the last newline. */
static void shows(const char *text, const char *expected) {
    struct buf wanted = {0};

    runs(text);
    buf_add_text(&wanted, expected);
    if (*expected)
        buf_add_char(&wanted, '\n');
    if (strcmp(buf_text(&host.shown), wanted.data) != 0)
        fail_msg("%s: shows %s, not %s", text, buf_text(&host.shown), expected);
    buf_free(&wanted);
}

static void returns(const char *text, int expected) {
    struct error error = {0};
    int status = 0;

    if (little_run(&host, text, strlen(text), &status, &error) != INTERP_RETURNED)
        fail_msg("%s does not return: %s", text, error.text);
    assert_int_equal(status, expected);
}

/* The mistake is told in these words, with a caret under `place` (where it stands first in the text), and
 * leaves everything usable. */
static void fails(const char *text, enum error_kind kind, const char *place, const char *words,
                  const char *hint) {
    struct error error = {0};
    int status = 0;

    assert_int_equal(little_run(&host, text, strlen(text), &status, &error), INTERP_FAILED);
    if (error.kind != kind || !strstr(error.text, words))
        fail_msg("%s: %s error: %s", text, error_kind_name(error.kind), error.text);
    if (hint && (!error.hint || !strstr(error.hint, hint)))
        fail_msg("%s: the hint is %s", text, error.hint ? error.hint : "missing");
    const char *found = strstr(text, place);
    if ((size_t)(found - text) != error.where.at || strlen(place) != error.where.length)
        fail_msg("%s: the caret is at %u, %u wide", text, error.where.at, error.where.length);
    error_free(&error);
    shows("1 + 1", "(int) 2");
}

/* As fails(), with the caret's place outright. */
static void fails_at(const char *text, enum error_kind kind, size_t at, const char *words) {
    struct error error = {0};
    int status = 0;

    assert_int_equal(little_run(&host, text, strlen(text), &status, &error), INTERP_FAILED);
    if (error.kind != kind || error.where.at != at || !strstr(error.text, words))
        fail_msg("%s: %s error at %u: %s", text, error_kind_name(error.kind), error.where.at, error.text);
    error_free(&error);
}

static void test_flow(void **state) {
    (void)state;
    runs("int n = 0, i;");
    shows("for (i = 0; i < 10; i++) n += i; n", "(int) 45");
    shows("while (n > 40) n--; n", "(int) 40");
    shows("do n++; while (n < 40); n", "(int) 41");
    shows("if (n == 41) n = 1; else n = 2; n", "(int) 1");
    shows("if (n == 41) n = 1; else n = 2; n", "(int) 2");
    shows("n = 0; for (;;) { if (++n > 5) break; } n", "(int) 6");
    shows("n = 0; for (i = 0; i < 10; i++) { if (i % 2) continue; n++; } n", "(int) 5");
    shows("n = 0; do { if (n == 3) continue; } while (++n < 5); n", "(int) 5");
    shows("n = 0; while (1) { while (1) { n++; break; } if (n > 2) break; } n", "(int) 3");
    shows("for (int k = 0, m = 10; k < m; k++, m--) n = k; n", "(int) 4");
    shows("n = 0; if (0) ; else if (1) n = 5; n", "(int) 5");
    shows("{ }", "");
    shows(";", "");
    shows("", "");
    returns("return", 0);
    returns("return 3", 3);
    returns("while (1) { if (n++ > 10) { for (;;) return -1; } }", -1);
    returns("return 300l", 300);
    returns("return n == 12; n = 0", 1);
    shows("n", "(int) 12");
}

static void test_scopes(void **state) {
    (void)state;
    runs("int x = 1; int y = 2");
    shows("{ int x = 5; { char x = 'a'; y = x; } y += x; } y", "(int) 102");
    shows("x", "(int) 1");
    fails_at("{ int inner = 3; } inner", ERROR_NAME, 19, "no variable or constant inner");
}

static void test_names(void **state) {
    struct variable found[4];

    (void)state;
    runs("first = 1; char second[3]; third = &first; { int inner; fourth = 4l; }");
    assert_int_equal(interp_variables(host.interp, 0, found, 4), 4);
    assert_string_equal(found[0].name, "first");
    assert_string_equal(found[1].name, "second");
    assert_string_equal(found[3].name, "fourth");
    assert_ptr_equal(found[3].type, &type_long);
    assert_int_equal(interp_variables(host.interp, 3, found, 4), 1);
    assert_string_equal(found[0].name, "fourth");
    assert_true(interp_find(host.interp, "third", found));
    assert_int_equal(found[0].type->kind, TYPE_POINTER);
    assert_false(interp_find(host.interp, "inner", found));
    assert_false(interp_find(host.interp, "AF_INET", found));

    uint64_t changes = interp_changes(host.interp);
    runs("first");
    assert_int_equal(interp_changes(host.interp), changes);
    runs("first = 2");
    assert_true(interp_changes(host.interp) > changes);
}

static void test_many_names(void **state) {
    char text[64];

    (void)state;
    for (int i = 0; i < 2000; i++) {
        snprintf(text, sizeof(text), "name%d = %d; { int name%d = -1; }", i, i, i);
        runs(text);
    }
    shows("name0 + name1999 + name1000", "(int) 2999");
}

static void test_undeclared(void **state) {
    (void)state;
    shows("x = 5; x", "(int) 5");
    shows("if (1) { deep = sizeof(int); } deep", "(unsigned long) 4");
    shows("text = \"abc\"; text", "(char *) \"abc\"");
    shows("int a[3] = {1, 2, 3}; p = a; *(p + 1)", "(int) 2");
    runs("struct in_addr s = {1}; t = s; s.s_addr = 2");
    shows("t", "(struct in_addr) {s_addr = inet_addr(\"1.0.0.0\")}");
    shows("u = v = 3; u + v", "(int) 6");
    shows("w = (w = 3) + 1; w", "(int) 4");
    fails_at("z = z + 1", ERROR_NAME, 4, "no variable or constant z");
}

static void test_name_errors(void **state) {
    (void)state;
    runs("int client_sock = 3; char buf[10]; struct sockaddr_in server;");
    fails("client_sokc + 1", ERROR_NAME, "client_sokc", "no variable or constant client_sokc",
          "did you mean client_sock?");
    fails("1 + twcie(3)", ERROR_NAME, "twcie", "no call twcie", NULL);
    fails("twise(3)", ERROR_NAME, "twise", "no call twise", "did you mean twice?");
    fails("q", ERROR_NAME, "q", "no variable or constant q", "declare it first");
    fails("x = 1 + twice", ERROR_NAME, "twice", "twice is a call", "arguments");
    fails("twice = 3", ERROR_NAME, "twice", "name of a call", NULL);
    fails("client_sock(3)", ERROR_TYPE, "client_sock", "cannot be called", NULL);
    fails("undeclared[3] = 4", ERROR_NAME, "undeclared", "no variable", NULL);
    fails("undeclared.x = 4", ERROR_NAME, "undeclared", "no variable", NULL);
    fails("*undeclared = 4", ERROR_NAME, "undeclared", "no variable", NULL);
    fails("undeclared += 4", ERROR_NAME, "undeclared", "no variable", NULL);
    fails("undeclared++", ERROR_NAME, "undeclared", "no variable", NULL);
    fails("&undeclared", ERROR_NAME, "undeclared", "no variable", NULL);
    fails("server.sin_prot", ERROR_NAME, "sin_prot", "struct sockaddr_in has no field sin_prot",
          "did you mean sin_port?");
    fails("server.x", ERROR_NAME, "x", "no field x", "sin_family, sin_port, sin_addr, sin_zero");
    fails("AF_INET = 3", ERROR_TYPE, "AF_INET", "is a constant", NULL);
    fails("AF_INET++", ERROR_TYPE, "AF_INET", "is a constant", NULL);
    fails("&AF_INET", ERROR_TYPE, "AF_INET", "is a constant", NULL);
}

static void test_type_errors(void **state) {
    (void)state;
    runs("int x = 1; int *p = &x; struct sockaddr_in server = {0}, *sp = &server; char buf[10];");
    fails("server + 1", ERROR_TYPE, "+", "cannot be used with struct sockaddr_in", "fields");
    fails("x = server", ERROR_TYPE, "server", "is of type struct sockaddr_in, and int is needed", NULL);
    fails("server = 1", ERROR_TYPE, "1", "struct sockaddr_in is needed", NULL);
    fails("p = 5", ERROR_TYPE, "5", "int * is needed", "&x is the address");
    fails("x = p", ERROR_TYPE, "p", "int is needed", "(int)p");
    fails("*x", ERROR_TYPE, "x", "* needs a pointer", NULL);
    fails("x[0]", ERROR_TYPE, "x", "only an array or a pointer", NULL);
    fails("x.y", ERROR_TYPE, "x", "only a struct has fields", NULL);
    fails("sp.sin_port", ERROR_TYPE, "sp", "only a struct has fields", "write ->sin_port");
    fails("server->sin_port", ERROR_TYPE, "server", "-> needs a pointer", "write .sin_port");
    fails("buf = \"abc\"", ERROR_TYPE, "buf", "array cannot be assigned", "strcpy()");
    fails("&5", ERROR_TYPE, "5", "is a value, not a variable", NULL);
    fails("p * 2", ERROR_TYPE, "*", "cannot be used with int *", NULL);
    fails("p + p", ERROR_TYPE, "+", "cannot be used with int *", NULL);
    fails("p < 5", ERROR_TYPE, "<", "have no order", "NULL");
    fails("~p", ERROR_TYPE, "~", "cannot be used with int *", NULL);
    fails("nothing() + 1", ERROR_TYPE, "+", "has none (void)", NULL);
    fails("x = nothing()", ERROR_TYPE, "nothing()", "no value (void)", NULL);
    fails("new = nothing()", ERROR_TYPE, "nothing()", "no value (void)", NULL);
    fails("if (server) x = 1", ERROR_TYPE, "server", "a condition is a number or a pointer", NULL);
    fails("sizeof(void)", ERROR_TYPE, "sizeof(void)", "void has no size", NULL);
    fails("1 ? server : 2", ERROR_TYPE, "1 ? server : 2", "do not go together", NULL);
    fails("twice(p)", ERROR_TYPE, "twice(p)", "needs a number", NULL);
    fails("int a[2] = {1, 2, 3}", ERROR_TYPE, "3", "too many values", NULL);
    fails("int a[2] = 1", ERROR_TYPE, "1", "initialised with { }", NULL);
    fails("int a[]", ERROR_TYPE, "a", "size of this array is missing", NULL);
    fails("return p", ERROR_TYPE, "p", "int is needed", NULL);
    fails("sizeof(twice(1))", ERROR_TYPE, "(twice(1))", "not known before it is called", NULL);
    shows("sizeof(far(1))", "(unsigned long) 8");
    shows("1 ? twice(1) : 1", "(int) 2");
    shows("1 ? 1 : twice(1)", "(int) 1");
    shows("0 ? far(1) : 1", "(long) 1");
}

static void test_unwritten(void **state) {
    (void)state;
    runs("int x, *p; struct sockaddr_in server, *sp = &server; char buf[10]; int i = 2;");
    fails("x", ERROR_MEMORY, "x", "x was never given a value", "x = 0");
    fails("1 + x", ERROR_MEMORY, "x", "x was never given a value", NULL);
    fails("x++", ERROR_MEMORY, "x", "x was never given a value", NULL);
    fails("x += 1", ERROR_MEMORY, "x", "x was never given a value", NULL);
    fails("*p", ERROR_MEMORY, "p", "p was never given a value", "p = NULL");
    fails("server.sin_port", ERROR_MEMORY, "server.sin_port", "server.sin_port was never given a value",
          "server.sin_port = htons(8888)");
    fails("sp->sin_addr.s_addr", ERROR_MEMORY, "sp->sin_addr.s_addr", "sp->sin_addr.s_addr was never", NULL);
    fails("(*sp).sin_family", ERROR_MEMORY, "(*sp).sin_family", "(*sp).sin_family was never", "AF_INET");
    fails("buf[3]", ERROR_MEMORY, "buf[3]", "buf[3] was never given a value", NULL);
    fails("buf[i]", ERROR_MEMORY, "buf[i]", "buf[i] was never given a value", NULL);
    fails("buf[i + 2]", ERROR_MEMORY, "buf[i + 2]",
          "these bytes of buf were never given a value: 1 from byte 4", NULL);
    /* Copies carry what was never written along, and say nothing until it is read. */
    runs("struct sockaddr_in other; server.sin_port = htons(80); other = server;");
    shows("other.sin_port == server.sin_port", "(int) 1");
    fails("other.sin_family", ERROR_MEMORY, "other.sin_family", "never given", NULL);
    shows(
        "other",
        "(struct sockaddr_in) {sin_family = ?, sin_port = htons(80), sin_addr = {s_addr = ?}, sin_zero = ?}");
    shows("sizeof(x)", "(unsigned long) 4");
    shows("&x == &x", "(int) 1");
}

static void test_bounds(void **state) {
    (void)state;
    runs("char buf[10] = {0}; int a[3] = {1, 2, 3}, *p = a; char *none = NULL; struct sockaddr_in *sp = "
         "NULL;");
    runs("struct sockaddr_un un = {0}; int i = 3;");
    fails("buf[10]", ERROR_MEMORY, "10", "buf has 10 elements, and 10 is none of them", "from 0 to 9");
    fails("buf[-1] = 3", ERROR_MEMORY, "-1", "and -1 is none of them", NULL);
    fails("a[i] = 0", ERROR_MEMORY, "i", "a has 3 elements", NULL);
    fails("un.sun_path[108]", ERROR_MEMORY, "108", "un.sun_path has 108 elements", NULL);
    fails("p[3]", ERROR_MEMORY, "p[3]", "outside a: it has 12 bytes", NULL);
    fails("*(p - 1)", ERROR_MEMORY, "*(p - 1)", "4 bytes before the beginning of a", NULL);
    fails("*(long *)&a[2]", ERROR_MEMORY, "*(long *)&a[2]", "reach 4 beyond its end", NULL);
    fails("p[3] = 1", ERROR_MEMORY, "p[3]", "outside a", NULL);
    fails("*none", ERROR_MEMORY, "none", "none is NULL", NULL);
    fails("none[3]", ERROR_MEMORY, "none", "none is NULL", NULL);
    fails("sp->sin_port = 1", ERROR_MEMORY, "sp", "sp is NULL", NULL);
    fails("*(int *)1000", ERROR_MEMORY, "*(int *)1000", "0x3e8 is not the address of anything", NULL);
    fails("*(int *)-1", ERROR_MEMORY, "*(int *)-1", "not the address of anything", NULL);
    fails("p + 2000000000", ERROR_MEMORY, "+", "too far away", NULL);
    fails("p + 0x4000000000000000", ERROR_MEMORY, "+", "too far away", NULL);
    fails("p - buf", ERROR_TYPE, "-", "cannot be used", NULL);
    fails("(char *)p - buf", ERROR_MEMORY, "-", "different objects", NULL);
    fails("(char *)p < buf", ERROR_MEMORY, "<", "different objects", NULL);
    fails("\"abc\"[0] = 'x'", ERROR_MEMORY, "\"abc\"[0]", "string literal", "array of your own");
    fails("\"abc\"[4]", ERROR_MEMORY, "4", "has 4 elements", NULL);
    runs("char *dangling; { int z = 3; dangling = (char *)&z; }");
    fails("*dangling", ERROR_MEMORY, "*dangling", "dangles", NULL);
    shows("p + 1000 - 1000 == a", "(int) 1");
    shows("&buf[10] - buf", "(long) 10");
    fails("&buf[11]", ERROR_MEMORY, "11", "is none of them", NULL);
}

static void test_arithmetic_errors(void **state) {
    (void)state;
    runs("int zero = 0, least = -2147483647 - 1, n = 40;");
    fails("1 / zero", ERROR_ARITHMETIC, "/", "division by zero", NULL);
    fails("1 % zero", ERROR_ARITHMETIC, "%", "division by zero", NULL);
    fails("n /= zero", ERROR_ARITHMETIC, "/=", "division by zero", NULL);
    fails("least / -1", ERROR_ARITHMETIC, "/", "does not fit in int", NULL);
    fails("least % -1", ERROR_ARITHMETIC, "%", "does not fit in int", NULL);
    fails("1 << n", ERROR_ARITHMETIC, "<<", "int has 32 bits", "shift by 0 to 31");
    fails("1 >> -1", ERROR_ARITHMETIC, ">>", "int has 32 bits", NULL);
    fails("1l << 64", ERROR_ARITHMETIC, "<<", "long has 64 bits", NULL);
    shows("1l << n", "(long) 1099511627776");
}

static void test_limits(void **state) {
    struct buf text = {0};
    struct error error = {0};
    int status;

    (void)state;
    fails("int a[-1]", ERROR_LIMIT, "-1", "cannot have -1 elements", NULL);
    fails("int a[0]", ERROR_LIMIT, "0", "cannot have 0 elements", NULL);
    fails("char a[1l << 40]", ERROR_LIMIT, "1l << 40", "too large", "67108864 bytes");
    fails("char a[60000000], b[60000000]", ERROR_LIMIT, "b", "no room for b", "64 MiB");
    fails("int a[60000][60000]", ERROR_LIMIT, "60000", "too large", NULL);
    fails("int big[] = {[100000000] = 1}", ERROR_MEMORY, "100000000", "none of them", NULL);

    /* 1 + 1 + … is as deep as it is long. */
    buf_add_text(&text, "1");
    for (int i = 0; i < 20000; i++)
        buf_add_text(&text, "+1");
    assert_int_equal(little_run(&host, text.data, text.length, &status, &error), INTERP_FAILED);
    assert_int_equal(error.kind, ERROR_LIMIT);
    error_free(&error);
    buf_free(&text);
    shows("1 + 1", "(int) 2");
}

static void test_stop(void **state) {
    (void)state;
    runs("int n = 0");
    host.budget = 1000;
    fails_at("while (1) n++", ERROR_INTERRUPTED, 10, "interrupted");
    host.budget = 1000;
    fails_at("for (;;) ;", ERROR_INTERRUPTED, 9, "interrupted");
    host.budget = 1000;
    fails_at("do { } while (twice(1))", ERROR_INTERRUPTED, 3, "interrupted");
    host.budget = -1;
    shows("n > 900 && n < 1001", "(int) 1");
}

static void test_shown(void **state) {
    (void)state;
    shows("1; 2", "(int) 1\n(int) 2");
    shows("x = 5", "");
    shows("x++; --x; x += 3", "");
    shows("y = 1, x = 2", "");
    shows("x = 1, x + 1", "(int) 2");
    shows("nothing()", "");
    shows("(void)twice(3)", "");
    shows("twice(3)", "(int) 6");
    shows("quiet(3)", "");
    shows("(long)quiet(3)", "");
    shows("quiet(3) + 1", "(int) 4");
    shows("quiet(3); twice(4)", "(int) 8");
    shows("{ 5; }", "");
    shows("if (1) 5;", "");
    shows("int a[3] = {1, 2, 3}; a", "(int[3]) {1, 2, 3}");
}

static void test_values_in_words(void **state) {
    (void)state;
    shows("'A'", "(int) 65");
    shows("(char)65", "(char) 65 'A'");
    shows("(char)10", "(char) 10 '\\n'");
    shows("(char)39", "(char) 39 '\\''");
    shows("(char)34", "(char) 34 '\"'");
    shows("(unsigned char)200", "(unsigned char) 200 '\\310'");
    shows("18446744073709551615ul", "(unsigned long) 18446744073709551615");
    shows("-1l", "(long) -1");
    shows("NULL", "(void *) NULL");
    shows("stdout", "(FILE *) stdout");
    shows("(void *)12345", "(void *) 0x3039");
    shows("char text[20] = \"he\\nllo\"; text", "(char[20]) \"he\\nllo\"");
    shows("&text", "(char (*)[20]) &text");
    shows("p = &text[1]; p", "(char *) &text+1 \"e\\nllo\"");
    shows("p - 5", "(char *) &text-4");
    shows("(int *)p", "(int *) &text+1");
    shows("char none[5]; none", "(char[5]) ?");
    shows("none[0] = 'x'; none", "(char[5]) \"x\"");
    shows("int a[20] = {0}; a", "(int[20]) {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ...}");
    shows("int b[3]; b[1] = 5; b", "(int[3]) {?, 5, ?}");
    shows("char *words[2] = {\"a\", NULL}; words", "(char *[2]) {\"a\", NULL}");
    shows("struct sockaddr_in in; in.sin_family = 2; in.sin_port = htons(8888); in.sin_addr.s_addr = 0; in",
          "(struct sockaddr_in) {AF_INET, 0.0.0.0:8888}");
    shows("*(struct sockaddr *)&in", "(struct sockaddr) {AF_INET, 0.0.0.0:8888}");
    shows("struct sockaddr_in6 six = {10, htons(80)}; six.sin6_addr.s6_addr[15] = 1; six",
          "(struct sockaddr_in6) {AF_INET6, [::1]:80}");
    shows("six.sin6_addr", "(struct in6_addr) inet_pton(AF_INET6, \"::1\")");
    shows("struct sockaddr_un un = {1, \"/tmp/x\"}; un", "(struct sockaddr_un) {AF_UNIX, \"/tmp/x\"}");
    shows("un.sun_path[0] = 0; un", "(struct sockaddr_un) {AF_UNIX, @\"tmp/x\"}");
    shows("fd_set set = {0}; set", "(fd_set) {}");
    shows("set.fds_bits[0] = 24; set", "(fd_set) {3, 4}");
    shows("struct pollfd f = {3, 1}; f", "(struct pollfd) {fd = 3, events = 1, revents = 0}");
    shows("char t[100]; int i; for (i = 0; i < 100; i++) t[i] = 'a'; t",
          "(char[100]) \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"...");
}

static void test_defines(void **state) {
    (void)state;
    shows("#define PORT 8888\nPORT + 1", "(int) 8889");
    shows("#define NEXT (PORT + 1)\nNEXT", "(int) 8889");
    shows("#define TEXT \"hello\"\nTEXT", "(char[6]) \"hello\"");
    shows("sizeof TEXT", "(unsigned long) 6");
    shows("char t[] = TEXT; t", "(char[6]) \"hello\"");
    shows("char u[2][8] = {TEXT, TEXT}; u", "(char[2][8]) {\"hello\", \"hello\"}");
    shows("#define PORT 1\nPORT", "(int) 1");
    fails("PORT = 3", ERROR_TYPE, "PORT", "is a constant", NULL);
    fails("int PORT = 3", ERROR_NAME, "PORT", "#define'd", NULL);
    fails("TEXT[0] = 'x'", ERROR_TYPE, "TEXT[0]", "", NULL);
    runs("#define EMPTY\n");
    fails("EMPTY + 1", ERROR_NAME, "EMPTY", "as nothing", NULL);
    shows("char buf[PORT + 3]; sizeof buf", "(unsigned long) 4");
}

static void test_host_variables(void **state) {
    struct variable made;
    struct error error = {0};

    (void)state;
    shows("errno = 5; errno", "(int) 5");
    fails("errno = NULL + 1", ERROR_TYPE, "errno", "int is needed", NULL);
    assert_true(interp_declare(host.interp, "buf", types_array(interp_types(host.interp), &type_char, 100),
                               &made, &error));
    shows("sizeof buf", "(unsigned long) 100");
    assert_true(interp_declare(host.interp, "buf", &type_int, &made, &error));
    shows("buf = 3; buf", "(int) 3");
}

static void test_redeclared(void **state) {
    struct variable found[4];

    (void)state;
    runs("int x = 1, y = 2; p = &x");
    runs("int x;");
    fails("x", ERROR_MEMORY, "x", "never given a value", NULL);
    fails("*p", ERROR_MEMORY, "*p", "dangles", NULL);
    runs("char x[10] = \"abc\"");
    shows("x", "(char[10]) \"abc\"");
    /* A declaration that fails changes nothing. */
    fails_at("int x = missing + 1;", ERROR_NAME, 8, "missing");
    shows("x", "(char[10]) \"abc\"");
    assert_int_equal(interp_variables(host.interp, 0, found, 4), 3);
    assert_string_equal(found[0].name, "x");
    fails_at("int new = missing;", ERROR_NAME, 10, "missing");
    assert_false(interp_find(host.interp, "new", found));
    fails_at("{ int a; long a; }", ERROR_NAME, 14, "declared in this block already");
}

static void test_literals(void **state) {
    (void)state;
    /* Equal ones are one object; compound ones live as long as the block around them. */
    shows("\"abc\" == \"abc\"", "(int) 1");
    runs("int i; for (i = 0; i < 100000; i++) { char *p = \"a literal\"; int *q = (int[]){i, 2, 3}; q[0]++; "
         "}");
    runs("struct sockaddr_in *p = &(struct sockaddr_in){.sin_port = 5};");
    shows("p->sin_port", "(unsigned short) 5");
    runs("int *inner; { inner = &(int){3}; }");
    fails("*inner", ERROR_MEMORY, "*inner", "dangles", NULL);
    runs("for (i = 0; i < 100000; i++) (int[1000]){i};");
    runs("for (i = 0; i < 100000 && (int[1000]){i}; i++) ;");
}

static void test_failures_unwind(void **state) {
    struct variable found[4];

    (void)state;
    for (int i = 0; i < 1000; i++) {
        fails_at("{ int a = 1; { int b[100]; for (int c = 0; ; c++) { char d[1000]; 1 / 0; } } }",
                 ERROR_ARITHMETIC, 68, "division");
        assert_int_equal(interp_variables(host.interp, 0, found, 4), 0);
    }
    fails("{ 1 / 0; } undefined", ERROR_ARITHMETIC, "/", "division", NULL);
}

/* An else that came too late for its submission. */
static void test_late_else(void **state) {
    (void)state;
    runs("int n = 0, yes = 1, no = 0;");
    runs("if (no) { n = 1; }");
    shows("else { n = 2; } n", "(int) 2");
    fails("else n = 3", ERROR_SYNTAX, "else", "without", "closing }");

    runs("if (yes) { n = 1; }");
    runs("");
    runs("// a comment is no statement");
    shows("else n", "");
    fails("else n", ERROR_SYNTAX, "else", "without", NULL);

    /* A chain, not taken, then taken: the rest is read over. */
    runs("if (no) n = 1;");
    runs("else if (no) n = 2;");
    runs("else if (yes) n = 3;");
    runs("else if (1 / 0) n = 4;");
    runs("else n = 5;");
    shows("n", "(int) 3");
    fails("else n", ERROR_SYNTAX, "else", "without", NULL);
    runs("if (no) n = 1; else if (no) n = 2;");
    runs("else if (no) n = 3; else n = 4;");
    shows("n", "(int) 4");

    /* The nearest if has it (C17 6.8.4.1). */
    runs("if (yes) if (no) n = 5;");
    shows("else n = 6; n", "(int) 6");
    runs("if (no) if (no) n = 8;");
    shows("else n = 9; n", "(int) 6");
}

/* What ends a submission is not always an if that an else could follow. */
static void test_else_alone(void **state) {
    static const char *const befores[] = {
        "n = 1",
        "int m;",
        "if (no) n = 1; n = 2;",
        "if (no) n = 1; else n = 2;",
        "{ if (no) n = 1; }",
        "while (no) if (no) n = 1;",
        "if (no) while (no) if (no) n = 1;",
    };

    (void)state;
    runs("int n = 0, no = 0;");
    for (size_t i = 0; i < sizeof(befores) / sizeof(befores[0]); i++) {
        runs(befores[i]);
        fails("else n = 3", ERROR_SYNTAX, "else", "without", NULL);
    }
    fails("if (no) n = 1; n = 1 / 0; if (no) n = 2", ERROR_ARITHMETIC, "/", "division", NULL);
    fails("else n = 3", ERROR_SYNTAX, "else", "without", NULL);
    runs("if (no) n = 1;");
    fails("else n = 1 / 0", ERROR_ARITHMETIC, "/", "division", NULL);
    fails("else n = 3", ERROR_SYNTAX, "else", "without", NULL);
    runs("if (no) while (no) n = 1;");
    shows("else n = 5; n", "(int) 5");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_flow, start, end),
        cmocka_unit_test_setup_teardown(test_late_else, start, end),
        cmocka_unit_test_setup_teardown(test_else_alone, start, end),
        cmocka_unit_test_setup_teardown(test_scopes, start, end),
        cmocka_unit_test_setup_teardown(test_names, start, end),
        cmocka_unit_test_setup_teardown(test_many_names, start, end),
        cmocka_unit_test_setup_teardown(test_undeclared, start, end),
        cmocka_unit_test_setup_teardown(test_name_errors, start, end),
        cmocka_unit_test_setup_teardown(test_type_errors, start, end),
        cmocka_unit_test_setup_teardown(test_unwritten, start, end),
        cmocka_unit_test_setup_teardown(test_bounds, start, end),
        cmocka_unit_test_setup_teardown(test_arithmetic_errors, start, end),
        cmocka_unit_test_setup_teardown(test_limits, start, end),
        cmocka_unit_test_setup_teardown(test_stop, start, end),
        cmocka_unit_test_setup_teardown(test_shown, start, end),
        cmocka_unit_test_setup_teardown(test_values_in_words, start, end),
        cmocka_unit_test_setup_teardown(test_defines, start, end),
        cmocka_unit_test_setup_teardown(test_host_variables, start, end),
        cmocka_unit_test_setup_teardown(test_redeclared, start, end),
        cmocka_unit_test_setup_teardown(test_literals, start, end),
        cmocka_unit_test_setup_teardown(test_failures_unwind, start, end),
    };
    return cmocka_run_group_tests_name("interp", tests, NULL, NULL);
}

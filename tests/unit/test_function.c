/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions of the learner's own: calls, frames, results, what outlives them, and how mistakes in them are told. */
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

static void shows(const char *text, const char *expected) {
    struct buf wanted = {0};

    runs(text);
    buf_addf(&wanted, "%s%s", expected, *expected ? "\n" : "");
    if (strcmp(buf_text(&host.shown), buf_text(&wanted)) != 0)
        fail_msg("%s: shows %s, not %s", text, buf_text(&host.shown), expected);
    buf_free(&wanted);
}

/* The mistake, the line it is in (NULL: the text itself), the calls (NULL: none), and then all is usable. */
static void fails(const char *text, const char *words, const char *source, const char *calls) {
    struct error error = {0};
    int status = 0;

    assert_int_equal(little_run(&host, text, strlen(text), &status, &error), INTERP_FAILED);
    if (!strstr(error.text, words))
        fail_msg("%s: %s", text, error.text);
    if ((source && !error.source) || (source && strcmp(source, error.source) != 0) || (!source && error.source))
        fail_msg("%s: the source is %s", text, error.source ? error.source : "that");
    if ((calls && !error.calls) || (calls && strcmp(calls, error.calls) != 0) || (!calls && error.calls))
        fail_msg("%s: the calls are %s", text, error.calls ? error.calls : "none");
    error_free(&error);
    shows("1 + 1", "(int) 2");
}

static void test_calls(void **state) {
    (void)state;
    runs("int add(int a, int b) { return a + b; }");
    shows("add(2, 3)", "(int) 5");
    shows("add(add(1, 2), add(3, 4))", "(int) 10");
    runs("int factorial(int n) { if (n <= 1) return 1; return n * factorial(n - 1); }");
    shows("factorial(10)", "(int) 3628800");
    runs("int even(int n); int odd(int n) { return n == 0 ? 0 : even(n - 1); } "
         "int even(int n) { return n == 0 ? 1 : odd(n - 1); }");
    shows("even(10), odd(10)", "(int) 0");
    runs("void nothing_to_say(void) { return; }");
    shows("nothing_to_say()", "");
    shows("sizeof(add(1, 2))", "(unsigned long) 4");
    shows("1 ? add(1, 2) : 0", "(int) 3");
    runs("int count(void) { int i, n = 0; while (1) { for (i = 0; ; i++) if (i == 3) return n + i; n = 7; } }");
    shows("count()", "(int) 3");
}

static void test_conversions(void **state) {
    (void)state;
    runs("unsigned char low(int x) { return x; }");
    shows("low(257)", "(unsigned char) 1 '\\1'");
    runs("int wide(char c) { return c; }");
    shows("wide(300)", "(int) 44");
    runs("int first(char text[]) { return text[0]; } int second(int table[2][3]) { return table[1][0]; }");
    runs("int t[2][3] = {{1, 2, 3}, {4, 5, 6}};");
    shows("first(\"abc\") + second(t)", "(int) 101");
    shows("sizeof(first(\"x\"))", "(unsigned long) 4");
    fails("first(3)", "char * is needed", NULL, NULL);
    fails("low(1, 2)", "takes 1 argument, and 2 were given", NULL, NULL);
    fails("low()", "takes 1 argument, and 0 were given", NULL, NULL);
    runs("char *name(void) { return \"abc\"; } void *any(void *p) { return p; }");
    shows("name()[1], any(0) == NULL", "(int) 1");
}

static void test_structs(void **state) {
    (void)state;
    runs("struct sockaddr_in to(int port) { { struct sockaddr_in a = {0}; a.sin_port = port; return a; } }");
    shows("to(5).sin_port", "(unsigned short) 5");
    runs("void set(struct sockaddr_in *a, int port) { a->sin_port = port; }");
    runs("int port(struct sockaddr_in a) { a.sin_port++; return a.sin_port; }");
    runs("struct sockaddr_in here = to(7);");
    shows("port(here), here.sin_port", "(unsigned short) 7");
    shows("set(&here, 9), here.sin_port", "(unsigned short) 9");
    shows("port(to(1)) + port(to(2))", "(int) 5");
    runs("int sum(int n) { return n == 0 ? 0 : to(n).sin_port + sum(n - 1); }");
    shows("sum(4)", "(int) 10");
}

static void test_frames(void **state) {
    (void)state;
    runs("int x = 5, global = 1; int own(void) { int x = 7; { int x = 8; x++; } return x; }");
    shows("own(), x", "(int) 5");
    runs("int sees(void) { return global; } int changes(void) { return ++global; }");
    shows("changes(), sees()", "(int) 2");
    runs("int reads(void) { return hidden; }");
    fails("{ int hidden = 1; reads(); }", "no variable or constant hidden", "int reads(void) { return hidden; }",
          "reads() was called here: { int hidden = 1; reads(); }");
    runs("int through(int hidden) { return reads(); }");
    fails("through(1)", "no variable or constant hidden", "int reads(void) { return hidden; }",
          "reads() was called by through(): int through(int hidden) { return reads(); }\n"
          "through() was called here: through(1)");
    runs("int undeclared(void) { made = 1; return made; }");
    fails("undeclared()", "no variable or constant made", "int undeclared(void) { made = 1; return made; }",
          "undeclared() was called here: undeclared()");
    runs("int deep(int n) { int mine = n; if (n > 0) deep(n - 1); return mine; }");
    shows("deep(5)", "(int) 5");
}

static void test_statics(void **state) {
    (void)state;
    runs("int next(void) { static int n = 10; static int zero; return ++n + zero; }");
    shows("next(), next(), next()", "(int) 13");
    runs("int *lasting(void) { static int n; n++; return &n; }");
    runs("int *p = lasting();");
    shows("lasting(), *p", "(int) 2");
    runs("int next(void) { static int n = 10; return n++; }");
    shows("next(), next()", "(int) 11");
    runs("int bad = 1; int fails_once(void) { static int n = bad / (bad - 1); return n; }");
    fails("fails_once()", "division by zero",
          "int bad = 1; int fails_once(void) { static int n = bad / (bad - 1); return n; }",
          "fails_once() was called here: fails_once()");
    runs("bad = 2");
    shows("fails_once()", "(int) 2");
    shows("for (int i = 0; i < 3; i++) { static int rounds; rounds++; if (i == 2) global = rounds; } global",
          "(int) 3");
}

/* The classic one: what it points to was gone before it was returned. */
static void test_dead_locals(void **state) {
    (void)state;
    runs("char *text(void) { char line[10] = \"abc\"; return line; }");
    runs("char *p = text();");
    fails("*p", "dangles: line was a variable of text(), which has returned", NULL, NULL);
    fails("p[1] = 'x'", "dangles: line was a variable of text()", NULL, NULL);
    runs("int *inner(void) { int *q; { int gone = 3; q = &gone; } return *q ? q : NULL; }");
    fails("inner()", "dangles: gone was a variable of a block of inner(), which has ended",
          "int *inner(void) { int *q; { int gone = 3; q = &gone; } return *q ? q : NULL; }",
          "inner() was called here: inner()");
    runs("int *of_parameter(int n) { return &n; }");
    fails("*of_parameter(3)", "dangles: n was a variable of of_parameter()", NULL, NULL);
    runs("int *same; int keeps(int n) { int mine; if (n) { same = &mine; keeps(0); mine = 4; return *same; } "
         "return 0; }");
    shows("keeps(1)", "(int) 4");
}

static void test_results(void **state) {
    (void)state;
    runs("int sometimes(int x) { if (x) return 3; }");
    shows("sometimes(0)", "");
    shows("sometimes(1)", "(int) 3");
    fails("global = sometimes(0)", "came to its end without `return`", NULL, NULL);
    runs("int main(void) { }");
    shows("main() + 1", "(int) 1");
    runs("void none(void) { }");
    fails("global = none()", "no value (void)", NULL, NULL);
}

static void test_definitions(void **state) {
    (void)state;
    fails("later(1)", "there is no call later", NULL, NULL);
    runs("int later(int);");
    fails("later(1)", "later() is declared, but not defined", NULL, NULL);
    fails("int later(char *text) { return 1; }", "declared otherwise: int later(int)", NULL, NULL);
    runs("int later(int x) { return x; } int later(int);");
    shows("later(4)", "(int) 4");
    runs("char *later(void) { return \"new\"; }");
    shows("later()", "(char *) \"new\"");
    fails("int twice(int x) { return x; }", "twice is the name of a call", NULL, NULL);
    fails("int AF_INET(int x) { return x; }", "AF_INET is the name of a constant", NULL, NULL);
    runs("int twice(int x);");
    shows("twice(4)", "(int) 8");
    runs("int x;");
    fails("int x(void) { return 1; }", "x is the name of a variable", NULL, NULL);
    fails("int later;", "later is a function: it cannot be a variable, too", NULL, NULL);
    runs("int hides(void) { int later = 3; return later; }");
    shows("hides()", "(int) 3");
    fails("later", "later is a function, not a variable", NULL, NULL);
    fails("later = 3", "later is a function, not a variable", NULL, NULL);
    fails("&later", "later is a function, not a variable", NULL, NULL);
    fails("sizeof later", "later is a function, not a variable", NULL, NULL);
    fails("FILE f(void) { }", "FILE", NULL, NULL);
}

static void test_depth(void **state) {
    (void)state;
    runs("int forever(int n) { return forever(n + 1); }");
    struct error error = {0};
    int status;
    assert_int_equal(little_run(&host, "forever(0)", 10, &status, &error), INTERP_FAILED);
    assert_non_null(strstr(error.text, "forever() is called too deeply: 200 calls"));
    assert_non_null(strstr(error.calls, "… and 196 calls more\nforever() was called here: forever(0)"));
    error_free(&error);
    runs("int sum(int n) { if (n) { while (1) { do { return n + (((sum(n - 1)))); } while (0); } } return 0; }");
    shows("sum(190)", "(int) 18145");
}

static void test_interrupted(void **state) {
    struct error error = {0};
    int status;
    (void)state;
    runs("int spin(void) { for (;;) ; }");
    host.budget = 100;
    assert_int_equal(little_run(&host, "spin()", 6, &status, &error), INTERP_FAILED);
    assert_int_equal(error.kind, ERROR_INTERRUPTED);
    error_free(&error);
    host.budget = -1;
    shows("1", "(int) 1");
}

/* A program of a file; its main() with these arguments.  The status, or -1 and the words of the mistake. */
static int program(const char *text, size_t count, char *const *arguments, const char *words) {
    struct error error = {0};
    struct tree tree;
    int status = -1;
    enum interp_end end = INTERP_FAILED;

    interp_set_place(host.interp, "prog.c:1:1");
    if (parse_file(text, strlen(text), NULL, &tree, &error)) {
        end = interp_run(host.interp, &tree, &status, &error);
        if (end == INTERP_DONE)
            end = interp_main(host.interp, count, arguments, &status, &error);
        tree_free(&tree);
    }
    if (words ? !error.text || !strstr(error.text, words) : end != INTERP_RETURNED)
        fail_msg("%s: %s", text, error.text ? error.text : "no mistake");
    error_free(&error);
    return end == INTERP_RETURNED ? status : -1;
}

static void test_programs(void **state) {
    char *arguments[] = {"prog", "51717", "x"};

    (void)state;
    assert_int_equal(program("#include <stdio.h>\n#define N 3\nint g; static char t[4];\n"
                             "int main(void) { return g + t[3] + N; }", 1, arguments, NULL), 3);
    assert_int_equal(program("int main(int argc, char *argv[]) { return argc * 100 + argv[1][4] - '0'; }", 3,
                             arguments, NULL), 307);
    assert_int_equal(program("int main(int argc, char **argv) { return argv[argc] == NULL; }", 2, arguments, NULL), 1);
    assert_int_equal(program("void main() { }", 1, arguments, NULL), 0);
    assert_int_equal(program("int main() { }", 1, arguments, NULL), 0);
    assert_int_equal(program("int g = 4; int main(void) { return g++; }", 1, arguments, NULL), 4);
    assert_int_equal(program("int main(int x) { }", 1, arguments, "other parameters"), -1);
    assert_int_equal(program("int x = 1; x = 2;", 1, arguments, "only declarations"), -1);
    assert_int_equal(program("main() { return 0; }", 1, arguments, "only declarations"), -1);
    assert_int_equal(program("int main(void) { int n; return n; }", 1, arguments, "never given a value"), -1);
}

static void test_no_main(void **state) {
    char *arguments[] = {"prog"};

    (void)state;
    assert_int_equal(program("int f(void) { return 1; }", 1, arguments, "no main()"), -1);
    assert_int_equal(program("int main(void);", 1, arguments, "no main()"), -1);
}

static void test_places(void **state) {
    struct error error = {0};
    const char *text = "int f(int n)\n{\n    return n / (n - n);\n}\n";
    int status;

    (void)state;
    interp_set_place(host.interp, "hello.txt:10:9");
    runs(text);
    runs("int g(int n) { return f(n); }");
    interp_set_place(host.interp, "");
    assert_int_equal(little_run(&host, "g(1)", 4, &status, &error), INTERP_FAILED);
    assert_string_equal(error.source, "    return n / (n - n);");
    assert_string_equal(error.place, "hello.txt:12:1");
    assert_int_equal(error.where.at, 13);
    assert_string_equal(error.calls, "f() was called by g(), at hello.txt:10: int g(int n) { return f(n); }\n"
                                     "g() was called here: g(1)");
    error_free(&error);
}

/* The line of the call is much longer than the function: nothing of the one may be looked up in the other. */
static void test_no_room_for_result(void **state) {
    const char *function = "struct part same(struct part x) { return x; }";
    struct error error = {0};
    char text[3000];
    int status;

    (void)state;
    /* Two of it have room, and three have not. */
    snprintf(text, sizeof(text), "struct part { char c[%zu]; }; struct part part; part.c[0] = 1;",
             MEMORY_LIMIT / 5 * 2);
    runs(text);
    runs(function);
    snprintf(text, sizeof(text), "%2000ssame(part).c[0]", "");
    assert_int_equal(little_run(&host, text, strlen(text), &status, &error), INTERP_FAILED);
    assert_non_null(strstr(error.text, "no room for (result)"));
    assert_string_equal(error.source, function);
    assert_int_equal(error.where.at, strstr(function, "x; }") - function);
    assert_string_equal(error.calls, "same() was called here: same(part).c[0]");
    error_free(&error);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_calls, start, end),
        cmocka_unit_test_setup_teardown(test_conversions, start, end),
        cmocka_unit_test_setup_teardown(test_structs, start, end),
        cmocka_unit_test_setup_teardown(test_frames, start, end),
        cmocka_unit_test_setup_teardown(test_statics, start, end),
        cmocka_unit_test_setup_teardown(test_dead_locals, start, end),
        cmocka_unit_test_setup_teardown(test_results, start, end),
        cmocka_unit_test_setup_teardown(test_definitions, start, end),
        cmocka_unit_test_setup_teardown(test_depth, start, end),
        cmocka_unit_test_setup_teardown(test_interrupted, start, end),
        cmocka_unit_test_setup_teardown(test_programs, start, end),
        cmocka_unit_test_setup_teardown(test_no_main, start, end),
        cmocka_unit_test_setup_teardown(test_places, start, end),
        cmocka_unit_test_setup_teardown(test_no_room_for_result, start, end),
    };
    return cmocka_run_group_tests_name("function", tests, NULL, NULL);
}

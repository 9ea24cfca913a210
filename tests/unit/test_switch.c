/* SPDX-License-Identifier: GPL-3.0-or-later */
/* switch: trees, what is refused where, and which statements are run. */
#include "tree_text.h"

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

static void run(const char *text) {
    struct error error = {0};
    int status;

    if (little_run(&host, text, strlen(text), &status, &error) != INTERP_DONE)
        fail_msg("%s: %s at %u", text, error.text, error.where.at);
}

/* Variable n afterwards. */
static void gives_at(int line, const char *text, int64_t expected) {
    struct variable n;
    struct value value;
    struct error error = {0};

    run("int n = 0");
    run(text);
    assert_true(interp_find(host.interp, "n", &n));
    assert_true(value_load(interp_memory(host.interp), n.type, n.address, &value, &error));
    if ((int64_t)value.bits != expected)
        fail_msg("line %d: `%s` gives %lld, not %lld", line, text, (long long)value.bits,
                 (long long)expected);
}
#define GIVES(text, expected) gives_at(__LINE__, text, expected)

static void fails_at(int line, const char *text, size_t at, const char *words) {
    struct error error = {0};
    int status;

    if (little_run(&host, text, strlen(text), &status, &error) != INTERP_FAILED)
        fail_msg("line %d: `%s` did not fail", line, text);
    struct buf said = {0};
    buf_addf(&said, "%s; %s", error.text, error.hint ? error.hint : "");
    if (error.where.at != at || !strstr(buf_text(&said), words))
        fail_msg("line %d: `%s`: %s at %u", line, text, buf_text(&said), error.where.at);
    buf_free(&said);
    error_free(&error);
}
#define FAILS(text, at, words) fails_at(__LINE__, text, at, words)

static void trees(void **state) {
    (void)state;
    CHECK("switch (x) { case 1: f(); break; default: ; }",
          "(switch x (cases (case 1) (do (f())) (break) (case -) ()))");
    CHECK("switch (x) { }", "(switch x (cases))");
    CHECK("while (x) switch (y) { case A ? 1 : 2: continue; }",
          "(while x (switch y (cases (case (? A 1 2)) (continue))))");
    CHECK("switch (x) { int y; case 1: { int z; } }",
          "(switch x (cases (declare (y int)) (case 1) (block (declare (z int)))))");
    INCOMPLETE("switch (x)");
    INCOMPLETE("switch (x) {");
    INCOMPLETE("switch (x) { case 1:");
    INCOMPLETE("switch (x) { case 1: f();");
}

static void trees_that_are_none(void **state) {
    (void)state;
    REFUSE("case 1: f();", 0, "between the { } of a switch");
    REFUSE("default: f();", 0, "between the { } of a switch");
    REFUSE("switch (x) { case 1: { case 2: ; } }", 23, "close the blocks");
    REFUSE("switch (x) case 1: f();", 11, "`{`");
    REFUSE("switch (x) { f(); case 1: ; }", 13, "never run");
    REFUSE("switch (x) { int y = 3; case 1: ; }", 13, "never run");
    REFUSE("switch (x) { case 1: int y = 3; }", 21, "{ } round");
    REFUSE("switch (x) { case 1: }", 21, "break;");
    REFUSE("switch (x) { case 1 f(); }", 20, "`:`");
    REFUSE("switch (x) { case 1 ... 3: f(); }", 20, "range");
    REFUSE("switch (x) { case 1: continue; }", 21, "no loop");
    REFUSE("break", 0, "no loop or switch");
}

static void goes_on_at_the_case(void **state) {
    (void)state;
    GIVES("switch (2) { case 1: n = 1; break; case 2: n = 2; break; default: n = 3; }", 2);
    GIVES("switch (1) { case 1: n += 1; case 2: n += 2; break; default: n += 4; }", 3);
    GIVES("switch (9) { case 1: n += 1; case 2: n += 2; break; default: n += 4; }", 4);
    GIVES("switch (9) { default: n += 4; case 1: n += 1; }", 5);
    GIVES("switch (9) { case 1: n = 1; }", 0);
    GIVES("switch (AF_INET) { case AF_INET: n = 1; }", 1);
    GIVES("switch ('b') { case 'a': n = 1; break; case 'b': n = 2; }", 2);
    GIVES("switch (-1) { case 0xffffffff: n = 1; break; case -2: n = 2; }", 1); /* converted to int */
    GIVES("switch ((unsigned char)255) { case -1: n = 1; break; case 255: n = 2; }", 2);
    GIVES("switch (1L << 32) { case 0: n = 1; break; case 4294967296: n = 2; }", 2);
    GIVES("switch (1) { case 1: switch (2) { case 2: n += 1; break; } n += 2; break; default: n = 9; }", 3);
    GIVES("for (int i = 0; i < 5; i++) { switch (i) { case 1: continue; case 3: break; default: n += 10; } "
          "n++; }",
          34);
    GIVES("for (;;) { switch (1) { case 1: break; } n = 7; break; }", 7);
}

static void its_scope(void **state) {
    (void)state;
    /* Initialisers that are jumped over leave the variable without a value. */
    GIVES("switch (2) { case 1: ; int x = 3; break; case 2: x = 4; n = x; }", 4);
    FAILS("switch (2) { case 1: ; int y = 3; break; case 2: n = y; }", 53, "never given a value");
    GIVES("{ int x = 1; switch (1) { int x; case 1: x = 5; n = x; } n += 10 * x; }", 15);
    FAILS("x", 0, "no variable");
}

static void what_is_no_case(void **state) {
    (void)state;
    run("int n = 2");
    run("#define TWO 2");
    FAILS("switch (n) { case 2: ; case TWO: ; }", 23, "a case 2 already");
    FAILS("switch (n) { case -1: ; case 0xffffffff: ; }", 24, "a case -1 already");
    FAILS("switch (n) { default: ; default: ; }", 24, "`default` already");
    FAILS("switch (n) { case n: ; }", 18, "is none");
    FAILS("switch (n) { case twice(1): ; }", 18, "is none");
    FAILS("switch (n) { case \"a\": ; }", 18, "strcmp()");
    FAILS("switch (n) { case 1/0: ; }", 19, "zero");
    FAILS("switch (\"a\") { case 1: ; }", 8, "integer");
    FAILS("switch (NULL) { case 0: ; }", 8, "integer");
}

static void leaves_what_it_entered(void **state) {
    int status = 0;
    struct error error = {0};
    (void)state;

    assert_int_equal(little_run(&host, "switch (1) { case 1: return 5; }", 32, &status, &error),
                     INTERP_RETURNED);
    assert_int_equal(status, 5);
    FAILS("switch (1) { case 1: { int hidden = 1; nobody; } }", 39, "no variable");
    FAILS("hidden", 0, "no variable");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees),
        cmocka_unit_test(trees_that_are_none),
        cmocka_unit_test_setup_teardown(goes_on_at_the_case, start, end),
        cmocka_unit_test_setup_teardown(its_scope, start, end),
        cmocka_unit_test_setup_teardown(what_is_no_case, start, end),
        cmocka_unit_test_setup_teardown(leaves_what_it_entered, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

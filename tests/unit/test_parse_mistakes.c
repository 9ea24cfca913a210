/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parser: what is refused and where, what is only incomplete, and its limits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "lang/parse.h"
#include "tree_text.h"

static void mistakes_are_located(void **state) {
    (void)state;
    REFUSE("a = 1 b = 2", 5, "`;` or an operator");
    REFUSE("foo() bar()", 5, "`;` or an operator");
    REFUSE("a = 1\nb = 2", 5, "`;` is missing");
    REFUSE("{ a = 1 }", 7, "`;` is missing");
    REFUSE("listen(3, 3))", 12, "nothing is open");
    REFUSE("a ]", 2, "nothing is open");
    REFUSE("}", 0, "no {");
    REFUSE("else a; else b;", 8, "closing }");
    REFUSE("a; else b;", 3, "closing }");
    REFUSE("{ } else { }", 4, "closing }");
    REFUSE("f(1 2)", 4, "`,`");
    REFUSE("f(1,)", 4, "an expression");
    REFUSE("f(,1)", 2, "an expression");
    REFUSE("a[1;", 3, "`]`");
    REFUSE("(1;", 2, "`)`");
    REFUSE("if a", 3, "`(` after `if`");
    REFUSE("for (int i = 0; i < 3) f();", 21, "`;`");
    REFUSE("for (1 2;;);", 7, "`;`");
    REFUSE("break", 0, "no loop");
    REFUSE("if (1) continue;", 7, "no loop");
    REFUSE("if (1) int x;", 7, "{ }");
    REFUSE("x = {1}", 4, "type before it");
    REFUSE("x = int", 4, "a type cannot");
    REFUSE("1 = x", 0, "only a variable");
    REFUSE("a + b = c", 0, "==");
    REFUSE("a.1", 1, "");
}

static void functions_are_as_c_has_them(void **state) {
    (void)state;
    REFUSE("int f(int a, int a) { }", 17, "two parameters");
    REFUSE("int f(int) { return 1; }", 6, "has no name");
    REFUSE("int f(int a, ...);", 13, "cannot have ...");
    REFUSE("int f(void a);", 6, "cannot be void");
    REFUSE("int f(int a,) { }", 12, "a type");
    REFUSE("int f(x) { }", 6, "a type");
    REFUSE("int f(void) 3", 12, "`{`");
    REFUSE("void f(void) { return 3; }", 22, "returns nothing");
    REFUSE("int f(void) { return; }", 14, "missing here");
    REFUSE("int f(void) { int g(void) { } }", 18, "within another");
    REFUSE("{ int g(void) { } }", 6, "within a block");
    REFUSE("int f(void) { break; }", 14, "no loop");
    REFUSE("while (1) { int f(void) { } }", 16, "within a block");
    REFUSE("f(int a) { return a; }", 2, "a type cannot");
}

static void missing_features_have_remedies(void **state) {
    (void)state;
    REFUSE("main() {", 0, "type before it");
    REFUSE("void (*handler)(int);", 15, "called by their name");
    REFUSE("x = 1.5", 4, "floating");
    REFUSE("x = 1e5", 4, "floating");
    REFUSE("double d;", 0, "integer");
    REFUSE("goto end;", 0, "loop");
    REFUSE("end: x = 1;", 0, "labels");
    REFUSE("struct sockaddr_in { short sin_family; };", 7, "there already");
    REFUSE("struct sockaddr_in s { 0 };", 21, "s = {");
    REFUSE("asm(\"nop\");", 0, "in C");
    REFUSE("L\"wide\"", 0, "UTF-8");
    REFUSE("f->g(1)", 0, "name of a function");
    REFUSE("bind(3, 127.0.0.1:8888)", 8, "quotes");
    REFUSE("x = 08", 4, "octal");
    REFUSE("x = 0xe+1", 4, "blanks");
    REFUSE("x = 3abc", 4, "begin with a digit");
    REFUSE("x = 99999999999999999999", 4, "larger");
    REFUSE("x = 9223372036854775808", 4, "larger than any signed");
    REFUSE("unsigned char short x", 0, "no type");
    REFUSE("size_t unsigned x", 0, "two types");
    REFUSE("x = 'ab'", 4, "double quotes");
    REFUSE("x = '\xc3\xa4'", 4, "2");
    REFUSE("x = ''", 4, "'\\0'");
    REFUSE("\"a\\q\"", 2, "no such escape");
    REFUSE("\"\\x\"", 1, "digits missing");
    REFUSE("\"\\x123\"", 1, "larger than a byte");
    REFUSE("\"\\u12\"", 1, "digits missing");
    REFUSE("\"\\ud800\"", 1, "no such character");
    REFUSE_AS(ERROR_TYPE, "void v;", 5, "void *v");
    REFUSE_AS(ERROR_TYPE, "FILE f;", 5, "FILE *f");
}

static void misspelt_words_are_suggested(void **state) {
    (void)state;
    REFUSE_AS(ERROR_NAME, "sockelen_t len;", 0, "socklen_t");
    REFUSE_AS(ERROR_NAME, "sockaddr_in server;", 0, "struct sockaddr_in");
    REFUSE_AS(ERROR_NAME, "retrun 0;", 0, "return");
    REFUSE_AS(ERROR_NAME, "whlie (1) { f(); }", 0, "while");
    REFUSE_AS(ERROR_NAME, "strcut sockaddr_in server;", 0, "struct");
}

static void bytes_that_are_no_c(void **state) {
    (void)state;
    REFUSE("puts(\"x)", 5, "not closed");
    REFUSE("puts(\"x)\nputs(\"y\")", 5, "not closed");
    REFUSE("puts(\"hello\xe2\x80\x9d)", 5, "typographic");
    REFUSE("x = 'a", 4, "not closed");
    REFUSE("x = \xe2\x80\x93"
           "1",
           4, "type - instead");
    REFUSE("puts(\xe2\x80\x9chi\xe2\x80\x9d)", 5, "type \" instead");
    REFUSE("x = 1 @ 2", 6, "@");
    REFUSE("x = \x01", 4, "0x01");
    REFUSE("\"a\x1b\"", 2, "0x1b");
    REFUSE("x\xe2\x80\x8b = 1", 1, "U+200B");
    REFUSE("x = \xff", 4, "0xff");
    REFUSE("gr\xc3\xb6\xc3\x9f"
           "e = 1",
           2, "U+00F6");
    REFUSE("a \\ b", 2, "end of a line");
    struct tree tree;
    struct error error = {0};
    assert_false(parse("ab\0c", 4, &tree, &error));
    assert_int_equal(error.where.at, 2);
    assert_int_equal(error.kind, ERROR_SYNTAX);
    error_free(&error);
}

static void more_text_could_complete_it(void **state) {
    (void)state;
    INCOMPLETE("f(");
    INCOMPLETE("f(1,");
    INCOMPLETE("f(1");
    INCOMPLETE("a[");
    INCOMPLETE("x =");
    INCOMPLETE("x +");
    INCOMPLETE("x = (1 + 2");
    INCOMPLETE("if");
    INCOMPLETE("if (");
    INCOMPLETE("if (x)");
    INCOMPLETE("if (x) y; else");
    INCOMPLETE("else");
    INCOMPLETE("else if");
    INCOMPLETE("else if (x)");
    INCOMPLETE("else {");
    INCOMPLETE("else if (x) { y; } else");
    INCOMPLETE("while (x)");
    INCOMPLETE("while (x) {");
    INCOMPLETE("while (x) { f();");
    INCOMPLETE("while (x) { f()");
    INCOMPLETE("do");
    INCOMPLETE("do x++;");
    INCOMPLETE("do { } while");
    INCOMPLETE("do { } while (x");
    INCOMPLETE("for (");
    INCOMPLETE("for (;;");
    INCOMPLETE("for (int i = 0; i < 3; i++)");
    INCOMPLETE("{");
    INCOMPLETE("struct");
    INCOMPLETE("struct sockaddr_in");
    INCOMPLETE("int a,");
    INCOMPLETE("int a[3] = {");
    INCOMPLETE("int a[3] = { [1]");
    INCOMPLETE("struct sockaddr_in s = { .sin_addr.");
    INCOMPLETE("a ? b");
    INCOMPLETE("a ? b :");
    INCOMPLETE("sizeof(");
    INCOMPLETE("(char");
    INCOMPLETE("(char *)");
    INCOMPLETE("x.");
    INCOMPLETE("a.b.");
    INCOMPLETE("f({AF_INET");
    INCOMPLETE("f({AF_INET,");
    INCOMPLETE("f({AF_INET, 127.0.0.1:80");
    REFUSE_AS(ERROR_INCOMPLETE, "x = 1; /* and", 7, "*/");
    REFUSE_AS(ERROR_INCOMPLETE, "f( /* and", 3, "*/");
}

static char *repeat(const char *before, const char *part, size_t count, const char *after) {
    struct buf text = {0};

    buf_add_text(&text, before);
    for (size_t i = 0; i < count; i++)
        buf_add_text(&text, part);
    buf_add_text(&text, after);
    return buf_take(&text);
}

static void limits_hold(void **state) {
    (void)state;
    static const struct {
        const char *before, *part, *after;
    } deep[] = {
        {"", "(", ""},         {"", "{", ""},
        {"x", "[1]", ""},      {"x", "+1", ""},
        {"", "-", "x"},        {"", "!", "x"},
        {"", "f(", ""},        {"x", ".a", ""},
        {"", "x=", "1"},       {"", "x,", "1"},
        {"", "1?", ""},        {"", "1?1:", "1"},
        {"", "if(1)", ";"},    {"", "do ", ";"},
        {"", "(int)", "x"},    {"", "sizeof ", "x"},
        {"int a={", "{", ""},  {"int a={", ".b", ""},
        {"int ", "*", "p"},    {"int ", "(", "p"},
        {"int a", "[1]", ""},  {"", "if(1);else ", ";"},
        {"", "while(1)", ";"}, {"", "(int){", ""},
        {"", "*", "p"},
    };

    for (size_t i = 0; i < sizeof(deep) / sizeof(deep[0]); i++) {
        size_t length = strlen(deep[i].part);
        char *text = repeat(deep[i].before, deep[i].part, (PARSE_SOURCE_MAX - 100) / length, deep[i].after);
        struct tree tree;
        struct error error = {0};
        assert_false(parse(text, strlen(text), &tree, &error));
        if (error.kind != ERROR_LIMIT)
            fail_msg("%s: %s", deep[i].part, error.text);
        error_free(&error);
        free(text);
    }
    char *wide = repeat("f(", "1,", 10000, "1)");
    struct tree tree;
    struct error error = {0};
    assert_true(parse(wide, strlen(wide), &tree, &error));
    assert_int_equal(tree.program->list->left->count, 10001);
    tree_free(&tree);
    free(wide);
    char *long_text = repeat("", ";", PARSE_SOURCE_MAX, ";");
    assert_false(parse(long_text, strlen(long_text), &tree, &error));
    assert_int_equal(error.kind, ERROR_LIMIT);
    error_free(&error);
    free(long_text);
}

/* Where the parts of a tree stand in the text. */
static void spans_are_right(void **state) {
    (void)state;
    static const char source[] = "x = (a + b) * f(1, p->q);  y";
    struct tree tree;
    struct error error = {0};

    assert_true(parse(source, strlen(source), &tree, &error));
    const struct node *statement = tree.program->list, *assign = statement->left, *times = assign->right;
    const struct node *call = times->right;
    assert_int_equal(statement->where.at, 0);
    assert_int_equal(statement->where.length, 25);
    assert_int_equal(assign->where.length, 24);
    assert_int_equal(assign->operator.at, 2);
    assert_int_equal(times->where.at, 4);
    assert_int_equal(times->operator.at, 12);
    assert_int_equal(times->left->where.length, 7);
    assert_true(times->left->parenthesised);
    assert_int_equal(times->left->operator.at, 7);
    assert_int_equal(call->where.at, 14);
    assert_int_equal(call->where.length, 10);
    assert_int_equal(call->operator.at, 14);
    assert_int_equal(call->list->next->where.at, 19);
    assert_int_equal(call->list->next->where.length, 4);
    assert_int_equal(call->list->next->operator.at, 22);
    assert_int_equal(statement->next->where.at, 27);
    assert_int_equal(tree.program->where.length, 28);
    tree_free(&tree);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_are_located),
        cmocka_unit_test(functions_are_as_c_has_them),
        cmocka_unit_test(missing_features_have_remedies),
        cmocka_unit_test(misspelt_words_are_suggested),
        cmocka_unit_test(bytes_that_are_no_c),
        cmocka_unit_test(more_text_could_complete_it),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(spans_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

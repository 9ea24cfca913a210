/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The learner's struct, union, enum and typedef: as the compiler lays them out, and how they are refused. */
#include "against_c.h"

#pragma GCC diagnostic ignored "-Wshadow"

/* Sizes and offsets as the compiler has them. */
static void layout_is_the_compilers(void **state) {
    (void)state;
    BOTH(struct header { unsigned char version; unsigned short type; unsigned int length; };);
    CHECK(sizeof(struct header));
    BOTH(struct header h;);
    CHECK((char *)&h.type - (char *)&h);
    CHECK((char *)&h.length - (char *)&h);
    BOTH(struct odd { char a; long b; char c; short d[3]; void *p; char e; } odd;);
    CHECK(sizeof odd);
    CHECK((char *)&odd.b - (char *)&odd);
    CHECK((char *)&odd.d - (char *)&odd);
    CHECK((char *)&odd.p - (char *)&odd);
    CHECK((char *)&odd.e - (char *)&odd);
    BOTH(struct outer { char before; struct header head; struct odd many[2]; char after; } outer;);
    CHECK(sizeof(struct outer));
    CHECK((char *)&outer.head - (char *)&outer);
    CHECK((char *)&outer.many[1].d[2] - (char *)&outer);
    CHECK((char *)&outer.after - (char *)&outer);
    BOTH(struct packed { char a; int b; short c; } __attribute__((packed)) packed;);
    CHECK(sizeof packed);
    CHECK((char *)&packed.c - (char *)&packed);
    BOTH(struct __attribute__((packed)) early { char a; long b; };);
    CHECK(sizeof(struct early));
    BOTH(union all { char a; long b; int c[3]; } all;);
    CHECK(sizeof all);
    CHECK((char *)&all.c - (char *)&all);
    BOTH(struct { char a; struct { short b; char c; } inner; } nameless;);
    CHECK(sizeof nameless);
    CHECK((char *)&nameless.inner.c - (char *)&nameless);
    BOTH(struct { struct sockaddr_in address; char text[3]; } mixed;);
    CHECK(sizeof mixed);
}

static void members_are_variables(void **state) {
    (void)state;
    BOTH(struct point { int x; int y; } p = { 1, 2 }; struct point q; struct point *to = &p;);
    CHECK(p.x + p.y);
    BOTH(q = p; q.x = 10;);
    CHECK(p.x);
    CHECK(q.x + q.y);
    CHECK(to->y);
    BOTH(to = &q; to->y++;);
    CHECK(q.y);
    BOTH(struct line { struct point from; struct point to; char name[4]; };);
    BOTH(struct line l = { { 1, 2 }, .to.y = 4, .name = "ab" };);
    CHECK(l.from.y);
    CHECK(l.to.x);
    CHECK(l.to.y);
    CHECK(l.name[1]);
    BOTH(l.to = q;);
    CHECK(l.to.x);
    BOTH(struct point many[] = { 1, 2, { 3 }, 5, 6 };);
    CHECK(sizeof many / sizeof many[0]);
    CHECK(many[1].x);
    CHECK(many[1].y);
    CHECK(many[2].y);
    CHECK((many + 1)->x);
    CHECK(&many[2] - many);
    CHECK(((struct point){ 7, 8 }).y);
    BOTH(struct item { int value; struct item *next; } one = { 1 }; struct item two = { 2, &one };);
    CHECK(two.next->value);
    CHECK(two.next->next == NULL);
    BOTH(union { unsigned int whole; unsigned char bytes[4]; } u = { 0x01020304 };);
    CHECK(u.bytes[0]);
    BOTH(u.bytes[3] = 9;);
    CHECK(u.whole);
}

static void structs_that_know_each_other(void **state) {
    (void)state;
    BOTH(struct b; struct a { struct b *other; int n; }; struct b { struct a *other; int n; };);
    BOTH(struct a x = { NULL, 1 }; struct b y = { &x, 2 };);
    BOTH(x.other = &y;);
    CHECK(x.other->n);
    CHECK(x.other->other->n);
    CHECK(sizeof(struct b));
}

static void enums_are_integers(void **state) {
    (void)state;
    BOTH(enum state { IDLE, CONNECTING = 5, CONNECTED, GONE = -1 }; enum state s = CONNECTED;);
    CHECK(CONNECTED);
    CHECK(GONE);
    CHECK(s + 1);
    CHECK(s > GONE);
    CHECK(sizeof s);
    BOTH(enum { FIRST = 3, SECOND = FIRST * 2 + sizeof(int), THIRD, }; enum unsigned_one { ZERO } z = ZERO;);
    CHECK(SECOND);
    CHECK(THIRD);
    CHECK(z - 1); /* it is unsigned */
    CHECK(-z);
    CHECK(1 ? z : ZERO);
    BOTH(int list[THIRD]; list[ZERO] = 3;);
    CHECK(sizeof list);
    CHECK(list[0]);
    BOTH(switch (s) { case IDLE: z = 1; break; case CONNECTED: z = 2; break; default: z = 3; });
    CHECK(z + 0);
}

static void typedefs_are_types(void **state) {
    (void)state;
    BOTH(typedef struct sockaddr SA; struct sockaddr_in server = {0}; SA *p = (SA *)&server;);
    CHECK(sizeof(SA));
    CHECK(sizeof(SA *));
    CHECK(((SA *)&server)->sa_family);
    CHECK(p->sa_family);
    BOTH(typedef unsigned char byte, bytes[4], *pointer;);
    BOTH(bytes b = { 1, 2 }; pointer r = b; const byte c = 200;);
    CHECK(sizeof(bytes));
    CHECK(r[1]);
    CHECK((byte)257 + c);
    BOTH(typedef struct { short a; byte list[3]; } message; message m = { .list = { 1, 2, 3 } };);
    CHECK(sizeof(message));
    CHECK(m.list[2]);
    CHECK(((message){ 5 }).a);
    BOTH(typedef enum { UP, DOWN } way; way w = DOWN;);
    CHECK(w + 0);
    BOTH({ int byte = 3; int n = 2; n = byte * n; byte = n; b[0] = byte; });
    CHECK(b[0]);
    CHECK(sizeof(byte));
    BOTH(typedef message (*rows)[2]; message table[2][2]; rows row = &table[1]; (*row)[1].a = 4;);
    CHECK(table[1][1].a);
}

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

static void mistakes(void **state) {
    (void)state;
    FAILS("struct sockaddr_inn s;", 0, "struct sockaddr_in?");
    FAILS("struct sockaddr_inn *s;", 0, "struct sockaddr_in?");
    FAILS("struct widget w;", 0, "define it first");
    FAILS("union sockaddr_in w;", 0, "struct sockaddr_in?");
    FAILS("enum colour c;", 0, "define it first");
    run("struct packet { int type; } p; struct later *l = NULL;");
    FAILS("struct paket *q;", 0, "struct packet?");
    FAILS("p.typ", 2, "type?");
    FAILS("p = 3", 4, "struct packet");
    FAILS("struct later x;", 13, "what it consists of");
    FAILS("l + 1", 2, "no size");
    FAILS("struct twice { int a; char a; };", 27, "already");
    FAILS("struct self { struct self inside; };", 26, "no size");
    FAILS("struct sized { int a[0]; };", 21, "at least 1");
    FAILS("struct text { char all[]; };", 19, "size of this array");
    FAILS("struct big { char all[1 << 30]; };", 22, "too large");
    FAILS("enum { A = p.type };", 11, "is none");
    FAILS("enum { A = 1L << 31 };", 11, "too large");
    FAILS("enum { A = 2147483647, B };", 23, "too large");
    FAILS("enum { AF_INET };", 7, "system's");
    FAILS("enum { p };", 7, "a variable already");
    FAILS("typedef int p;", 12, "a variable already");
    FAILS("typedef int uint16_t;", 12, "unsigned short");
    run("typedef unsigned short uint16_t;"); /* it is that already */
    run("typedef int number; enum { ONE = 1 };");
    FAILS("int number;", 4, "a type");
    FAILS("int ONE;", 4, "a constant of an enum");
    FAILS("number + 1", 0, "a value is needed");
    FAILS("sizeof number", 7, "a value is needed");
    FAILS("ONE = 2", 0, "constant");
    FAILS("#define number 3", 8, "a type already");
    FAILS("{ struct packet { int a; }; struct packet { int b; }; }", 28, "in this block already");
    FAILS("{ typedef int a; typedef char a; }", 30, "in this block already");
    FAILS("{ enum { X }; enum { X = 2 }; }", 21, "in this block already");
}

/* Pasted again, a definition is the same type; another one is another. */
static void defined_again(void **state) {
    (void)state;
    run("struct header { int type; struct header *next; }; struct header a = { 1 };");
    run("struct header { int type; struct header *next; }; struct header b = { 2, &a };");
    run("a = b");
    run("a.next->next->type");
    assert_string_equal(buf_text(&host.shown), "(int) 2\n");
    run("struct header { int type; char more; }; struct header c = { 3 };");
    FAILS("a = c", 4, "struct header");
    run("{ struct header { char only; } d = { 1 }; sizeof d; }");
    run("sizeof c");
    assert_string_equal(buf_text(&host.shown), "(unsigned long) 8\n");
    run("enum way { UP, DOWN }; enum way { DOWN, UP }; UP");
    assert_string_equal(buf_text(&host.shown), "(int) 1\n");
}

/* The usual idiom; also where the tag is nearly the name of a system's struct, as inner is to linger. */
static void typedef_before_struct(void **state) {
    (void)state;
    run("typedef struct inner inner, *inner_at; inner *early; struct inner { int v; inner *next; };");
    run("inner b = { 2, NULL }, a = { 1, &b }; inner_at at = &a; early = at->next; early->v");
    assert_string_equal(buf_text(&host.shown), "(int) 2\n");
    run("{ typedef union cell cell; union cell { int a; char b[9]; }; cell c; early->v = (int)sizeof(c); }");
    run("early->v");
    assert_string_equal(buf_text(&host.shown), "(int) 12\n");
    FAILS("typedef struct never never; never x;", 34, "struct never has no size");
    FAILS("typedef enum never n_t;", 8, "there is no enum never here");
}

static void old_and_new_are_two(void **state) {
    (void)state;
    run("struct part { int a; }; struct part first; struct part { int a, b; }; struct part second;");
    FAILS("first = second", 8, "struct part was defined again");
}

static void depth_is_bounded(void **state) {
    char text[100];
    struct error error = {0};
    enum interp_end end = INTERP_DONE;
    int status, depth;

    (void)state;
    run("struct s0 { char c; }; typedef char t0[1];");
    for (depth = 1; depth < 100 && end == INTERP_DONE; depth++) {
        snprintf(text, sizeof(text), "struct s%d { struct s%d inner; };", depth, depth - 1);
        end = little_run(&host, text, strlen(text), &status, &error);
    }
    assert_int_equal(depth - 1, TYPE_DEPTH_MAX);
    assert_int_equal(error.kind, ERROR_LIMIT);
    error_free(&error);
    end = INTERP_DONE;
    for (depth = 1; depth < 100 && end == INTERP_DONE; depth++) {
        snprintf(text, sizeof(text), "typedef t%d t%d[1];", depth - 1, depth);
        end = little_run(&host, text, strlen(text), &status, &error);
    }
    assert_int_equal(depth - 1, TYPE_CHAIN_MAX);
    assert_int_equal(error.kind, ERROR_LIMIT);
    error_free(&error);
}

/* In a loop a definition is run again and again, and is the same type each time. */
static void defined_in_a_loop(void **state) {
    (void)state;
    run("int n = 0; for (int i = 0; i < 1000; i++) { "
        "struct t { int a; struct t *self; struct { char c; } in; } x = { i }; x.self = &x; "
        "n += x.self->a; enum { A, B } e = B; n += e; }");
    run("n");
    assert_string_equal(buf_text(&host.shown), "(int) 500500\n");
}

static void shown(void **state) {
    (void)state;
    run("enum kind { HELLO = 1, BYE };");
    run("struct m { enum kind kind; char text[4]; struct { short a; } in; } m;");
    run("m.kind = BYE; m.text[0] = 'x'; m.text[1] = 0;");
    run("m");
    assert_string_equal(buf_text(&host.shown), "(struct m) {kind = BYE (2), text = \"x\", in = {a = ?}}\n");
    run("typedef struct { int n; } thing; thing t = { 3 }; t");
    assert_string_equal(buf_text(&host.shown), "(thing) {n = 3}\n");
    run("m.kind = 7; m.kind");
    assert_string_equal(buf_text(&host.shown), "(enum kind) 7\n");
}

/* What another process is told of a type has the same layout there. */
static void spelt_at(int line, const char *name, const char *expected) {
    struct variable variable;
    struct buf text = {0};
    struct error error = {0};
    struct types *types = types_new();

    assert_true(interp_find(host.interp, name, &variable));
    type_spell_whole(variable.type, &text);
    if (strcmp(buf_text(&text), expected) != 0)
        fail_msg("line %d: %s", line, buf_text(&text));
    const struct type *read = types_from_text(types, buf_text(&text), &error);
    if (!read)
        fail_msg("line %d: %s: %s", line, buf_text(&text), error.text);
    assert_int_equal(read->size, variable.type->size);
    assert_int_equal(read->align, variable.type->align);
    assert_int_equal(read->field_count, variable.type->field_count);
    for (size_t i = 0; i < read->field_count; i++) {
        assert_int_equal(read->fields[i].offset, variable.type->fields[i].offset);
        assert_string_equal(read->fields[i].name, variable.type->fields[i].name);
    }
    types_free(types);
    buf_free(&text);
}
#define SPELT(name, expected) spelt_at(__LINE__, name, expected)

static void spelt_whole(void **state) {
    (void)state;
    run("enum kind { A, B = -2 }; struct inner { char c; short s[2]; };");
    run("struct list { struct list *next; struct list **all[2]; struct inner *p; struct inner i, j[2]; "
        "enum kind k; };");
    run("struct list l; struct list *lp; struct list la[3];");
    SPELT("l", "struct list { struct list *next; struct list **all[2]; void *p; "
               "struct inner { char c; short s[2]; } i; struct inner j[2]; enum kind { A = 0, B = -2 } k; }");
    run("struct __attribute__((packed)) tight { char c; int i; } tight;");
    run("union { int i; struct sockaddr_in a; } u;");
    SPELT("tight", "struct tight { char c; int i; } __attribute__((packed))");
    SPELT("u", "union { int i; struct sockaddr_in a; }");
    run("typedef struct { int x; } point; struct { point a, b; } pair;");
    SPELT("pair", "struct { struct { int x; } a; struct { int x; } b; }");
    run("int plain[3]");
    SPELT("plain", "int[3]");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(layout_is_the_compilers, start, end),
        cmocka_unit_test_setup_teardown(members_are_variables, start, end),
        cmocka_unit_test_setup_teardown(structs_that_know_each_other, start, end),
        cmocka_unit_test_setup_teardown(enums_are_integers, start, end),
        cmocka_unit_test_setup_teardown(typedefs_are_types, start, end),
        cmocka_unit_test_setup_teardown(mistakes, start, end),
        cmocka_unit_test_setup_teardown(defined_again, start, end),
        cmocka_unit_test_setup_teardown(typedef_before_struct, start, end),
        cmocka_unit_test_setup_teardown(old_and_new_are_two, start, end),
        cmocka_unit_test_setup_teardown(depth_is_bounded, start, end),
        cmocka_unit_test_setup_teardown(defined_in_a_loop, start, end),
        cmocka_unit_test_setup_teardown(shown, start, end),
        cmocka_unit_test_setup_teardown(spelt_whole, start, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

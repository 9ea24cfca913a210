/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Syntax trees as text, for the tests of the parser: every construct in parentheses, its name first. */
#ifndef SOCKSHELL_TESTS_TREE_TEXT_H
#define SOCKSHELL_TESTS_TREE_TEXT_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/escape.h"
#include "lang/parse.h"

static inline void print(const struct node *node, struct buf *out);

static const char *const ops[] = {"",   "+", "-", "*", "/",  "%",  "<<", ">>", "<", ">", "<=", ">=", "==",
                                  "!=", "&", "^", "|", "&&", "||", "-",  "+",  "!", "~", "*",  "&"};

static inline void print_typename(const struct typename *typename, struct buf *out) {
    buf_add_text(out, typename->base ? typename->base->name : typename->named->text);
    for (const struct derivation *d = typename->derived; d; d = d->next) {
        buf_add_text(out, d->kind == DERIVE_POINTER ? "*" : "[");
        if (d->kind == DERIVE_ARRAY) {
            if (d->count)
                print(d->count, out);
            buf_add_text(out, "]");
        }
    }
}

static inline void print_parts(const char *name, const struct node *const *parts, size_t count, struct buf *out) {
    buf_addf(out, "(%s", name);
    for (size_t i = 0; i < count; i++) {
        buf_add_char(out, ' ');
        if (parts[i])
            print(parts[i], out);
        else
            buf_add_char(out, '-');
    }
    buf_add_char(out, ')');
}

static inline void print_list(const char *name, const struct node *node, struct buf *out) {
    size_t count = 0;

    buf_addf(out, "(%s", name);
    for (const struct node *item = node->list; item; item = item->next, count++) {
        buf_add_char(out, ' ');
        if (item->designator)
            buf_addf(out, ".%s=", item->designator);
        if (item->designator_index) {
            buf_add_char(out, '[');
            print(item->designator_index, out);
            buf_add_text(out, "]=");
        }
        print(item, out);
    }
    buf_add_char(out, ')');
    assert_int_equal(count, node->count);
}

static inline void print_typed(const char *name, const struct node *node, struct buf *out) {
    buf_addf(out, "(%s ", name);
    print_typename(&node->typename, out);
    if (node->left) {
        buf_add_char(out, ' ');
        print(node->left, out);
    }
    buf_add_char(out, ')');
}

#define PARTS(name, ...)                                    \
    print_parts(name, (const struct node *[]){__VA_ARGS__}, \
                sizeof((const struct node *[]){__VA_ARGS__}) / sizeof(struct node *), out)

static inline void print_statement(const struct node *node, struct buf *out) {
    if (node->first && (node->kind == NODE_DECLARE || node->kind == NODE_TYPEDEF))
        print(node->first, out);
    if (node->kind == NODE_EXPRESSION)
        PARTS("do", node->left);
    else if (node->kind == NODE_DECLARE)
        print_list("declare", node, out);
    else if (node->kind == NODE_TYPEDEF)
        print_list("typedef", node, out);
    else if (node->kind == NODE_BLOCK)
        print_list("block", node, out);
    else if (node->kind == NODE_PROGRAM)
        print_list("program", node, out);
    else if (node->kind == NODE_IF)
        PARTS("if", node->condition, node->left, node->right);
    else if (node->kind == NODE_ELSE)
        PARTS("else", node->left);
    else if (node->kind == NODE_WHILE)
        PARTS("while", node->condition, node->left);
    else if (node->kind == NODE_DO)
        PARTS("dowhile", node->left, node->condition);
    else if (node->kind == NODE_FOR)
        PARTS("for", node->first, node->condition, node->step, node->left);
    else if (node->kind == NODE_SWITCH) {
        buf_add_text(out, "(switch ");
        print(node->condition, out);
        buf_add_char(out, ' ');
        print_list("cases", node, out);
        buf_add_char(out, ')');
    } else if (node->kind == NODE_CASE)
        PARTS("case", node->left);
    else if (node->kind == NODE_BREAK)
        buf_add_text(out, "(break)");
    else if (node->kind == NODE_CONTINUE)
        buf_add_text(out, "(continue)");
    else if (node->kind == NODE_RETURN)
        PARTS("return", node->left);
    else if (node->kind == NODE_EMPTY)
        buf_add_text(out, "()");
    else
        fail_msg("node kind %d", (int)node->kind);
}

static inline void print_named(const struct node *node, struct buf *out) {
    char name[64];

    if (node->kind == NODE_DECLARATOR) {
        buf_addf(out, "(%s ", node->text);
        print_typename(&node->typename, out);
        if (node->left) {
            buf_add_text(out, " = ");
            print(node->left, out);
        }
        buf_add_char(out, ')');
    } else if (node->kind == NODE_STRUCT || node->kind == NODE_ENUM) {
        snprintf(name, sizeof(name), "%s%s", node->is_packed ? "packed " : "", node->text);
        print_list(name, node, out);
    } else if (node->kind == NODE_ENUMERATOR) {
        PARTS(node->text, node->left);
    } else if (node->kind == NODE_TAG) {
        buf_addf(out, "(%s)", node->text);
    } else if (node->kind == NODE_DEFINE) {
        snprintf(name, sizeof(name), "define %s", node->text);
        PARTS(name, node->left);
    } else if (node->kind == NODE_CALL) {
        snprintf(name, sizeof(name), "%s()%s", node->text, node->with_result ? "=" : "");
        print_list(name, node, out);
    } else if (node->kind == NODE_MEMBER || node->kind == NODE_ARROW) {
        snprintf(name, sizeof(name), "%s%s", node->kind == NODE_MEMBER ? "." : "->", node->text);
        PARTS(name, node->left);
    } else if (node->kind == NODE_ADDRESS) {
        buf_addf(out, "<%s>", node->text);
    } else {
        print_statement(node, out);
    }
}

static inline void print(const struct node *node, struct buf *out) {
    char name[16];

    switch (node->kind) {
    case NODE_INTEGER:
        buf_addf(out, "%" PRId64, (int64_t)node->integer);
        break;
    case NODE_STRING:
        escape_c_quoted(out, node->text, node->text_length, 1000);
        break;
    case NODE_NAME:
        buf_add_text(out, node->text);
        break;
    case NODE_INDEX:
        PARTS("[]", node->left, node->right);
        break;
    case NODE_UNARY:
        PARTS(ops[node->op], node->left);
        break;
    case NODE_PREFIX:
        PARTS(node->op == OP_ADD ? "++x" : "--x", node->left);
        break;
    case NODE_POSTFIX:
        PARTS(node->op == OP_ADD ? "x++" : "x--", node->left);
        break;
    case NODE_BINARY:
        PARTS(ops[node->op], node->left, node->right);
        break;
    case NODE_ASSIGN:
        snprintf(name, sizeof(name), "%s=", ops[node->op]);
        PARTS(name, node->left, node->right);
        break;
    case NODE_CONDITIONAL:
        PARTS("?", node->condition, node->left, node->right);
        break;
    case NODE_COMMA:
        PARTS(",", node->left, node->right);
        break;
    case NODE_CAST:
        print_typed("cast", node, out);
        break;
    case NODE_SIZEOF:
        PARTS("sizeof", node->left);
        break;
    case NODE_SIZEOF_TYPE:
        print_typed("sizeof", node, out);
        break;
    case NODE_COMPOUND:
        print_typed("compound", node, out);
        break;
    case NODE_INITIALIZER:
        print_list("{}", node, out);
        break;
    default:
        print_named(node, out);
    }
}

/* Checks */

static inline void check_at(int line, const char *source, const char *expected) {
    struct tree tree;
    struct error error = {0};

    if (!parse(source, strlen(source), &tree, &error))
        fail_msg("line %d: `%s`: %s at %u", line, source, error.text, error.where.at);
    struct buf out = {0};
    for (const struct node *node = tree.program->list; node; node = node->next)
        print(node, &out);
    if (strcmp(buf_text(&out), expected) != 0)
        fail_msg("line %d: `%s`\n  is       %s\n  not      %s", line, source, buf_text(&out), expected);
    buf_free(&out);
    tree_free(&tree);
}
#define CHECK(source, expected) check_at(__LINE__, source, expected)
#define EXPRESSION(source, expected) check_at(__LINE__, source, "(do " expected ")")

/* Refused, with this kind, at this byte; text and hint contain these words. */
static inline void refuse_at(int line, const char *source, enum error_kind kind, size_t at, const char *words) {
    struct tree tree;
    struct error error = {0};

    if (parse(source, strlen(source), &tree, &error))
        fail_msg("line %d: `%s` was understood", line, source);
    assert_null(tree.program);
    assert_null(tree.arena);
    struct buf said = {0};
    buf_addf(&said, "%s; %s", error.text, error.hint ? error.hint : "");
    if (error.kind != kind || error.where.at != at || !strstr(buf_text(&said), words))
        fail_msg("line %d: `%s`: %s at %u: %s", line, source, error_kind_name(error.kind), error.where.at,
                 buf_text(&said));
    buf_free(&said);
    error_free(&error);
}
#define REFUSE(source, at, words) refuse_at(__LINE__, source, ERROR_SYNTAX, at, words)
#define REFUSE_AS(kind, source, at, words) refuse_at(__LINE__, source, kind, at, words)
#define INCOMPLETE(source) refuse_at(__LINE__, source, ERROR_INCOMPLETE, strlen(source), "")

#endif

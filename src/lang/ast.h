/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The syntax tree of one submission (one or more C statements).  All nodes,
 * texts and lists live in the tree's arena and die with it.
 */
#ifndef SOCKSHELL_LANG_AST_H
#define SOCKSHELL_LANG_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"
#include "lang/type.h"

enum node_kind {
    /* Expressions */
    NODE_INTEGER,     /* integer and character constants: .integer, .type */
    NODE_STRING,      /* .text/.text_length (decoded, adjacent ones joined, NUL not counted) */
    NODE_NAME,        /* .text */
    NODE_CALL,        /* .text the callee's name, .list the arguments (.next), .count */
    NODE_ADDRESS,     /* strace's {AF_INET, 127.0.0.1:8888} as an argument: .text what is to be understood
                         as the short form of an address, e.g. "127.0.0.1:8888" */
    NODE_INDEX,       /* .left[.right] */
    NODE_MEMBER,      /* .left.text */
    NODE_ARROW,       /* .left->text */
    NODE_UNARY,       /* .op (OP_NEGATE OP_PLUS OP_NOT OP_COMPLEMENT OP_DEREFERENCE OP_ADDRESS) .left */
    NODE_PREFIX,      /* .op (OP_ADD or OP_SUBTRACT) .left: ++x --x */
    NODE_POSTFIX,     /* .op (OP_ADD or OP_SUBTRACT) .left: x++ x-- */
    NODE_BINARY,      /* .op .left .right, OP_AND and OP_OR included */
    NODE_ASSIGN,      /* .op (OP_NONE for plain =) .left .right */
    NODE_CONDITIONAL, /* .condition ? .left : .right */
    NODE_COMMA,       /* .left, .right */
    NODE_CAST,        /* (.typename).left */
    NODE_SIZEOF,      /* sizeof .left */
    NODE_SIZEOF_TYPE, /* sizeof(.typename) */
    NODE_COMPOUND,    /* (.typename){…}: .left is the NODE_INITIALIZER */
    NODE_INITIALIZER, /* { … }: .list of items; an item designated .member = has it in .designator,
                         [index] = in .designator_index; .a.b = x comes as .a = { .b = x } */
    /* Statements */
    NODE_EXPRESSION, /* .left */
    NODE_DECLARE,    /* .list of NODE_DECLARATOR; .first what their type is defined by, or NULL: NODE_STRUCT,
                        NODE_ENUM; or NODE_TAG alone, `struct NAME;` */
    NODE_TYPEDEF,    /* the same, but what is declared are types */
    NODE_DECLARATOR, /* .typename, .text the name, .left the initialiser or NULL */
    NODE_STRUCT,     /* struct or union NAME { … }: .text the key of its tag, .list of its members
                        (NODE_DECLARATOR) and what their types are defined by, .designator the name that it
                        is shown by */
    NODE_ENUM,       /* enum NAME { … }: .text and .designator likewise, .list of NODE_ENUMERATOR */
    NODE_ENUMERATOR, /* .text, .left its value or NULL */
    NODE_TAG,        /* struct NAME, not one of the system's: .text "struct NAME", the key of a name */
    NODE_TYPE_NAME,  /* .text, a typedef's name */
    NODE_BLOCK,      /* .list */
    NODE_IF,         /* .condition .left .right (or NULL) */
    NODE_ELSE,       /* .left: else at the beginning of a submission, for an if that ended the one before */
    NODE_WHILE,      /* .condition .left */
    NODE_DO,         /* .left .condition */
    NODE_FOR,        /* .first .condition .step .left, the first three may be NULL; .first is a statement
                        (NODE_DECLARE, whose scope is the loop, or NODE_EXPRESSION), .step an expression */
    NODE_SWITCH, /* .condition, .list of the statements between its { } */
    NODE_CASE,   /* among a switch's statements: .left the constant; NULL: default */
    NODE_BREAK,
    NODE_CONTINUE,
    NODE_RETURN, /* .left or NULL */
    NODE_EMPTY,
    NODE_FUNCTION, /* .text its name, .typename what it returns, .list the parameters (NODE_DECLARATOR, whose .text may
                      be NULL in a prototype), .left the body (NODE_BLOCK), NULL: only declared */
    NODE_DEFINE,  /* #define .text .left (a constant expression or string; NULL when empty) */
    NODE_PROGRAM, /* .list of statements */
};

enum op {
    OP_NONE, OP_ADD, OP_SUBTRACT, OP_MULTIPLY, OP_DIVIDE, OP_REMAINDER, OP_SHIFT_LEFT, OP_SHIFT_RIGHT,
    OP_LESS, OP_GREATER, OP_LESS_EQUAL, OP_GREATER_EQUAL, OP_EQUAL, OP_NOT_EQUAL,
    OP_BIT_AND, OP_BIT_XOR, OP_BIT_OR, OP_AND, OP_OR,
    OP_NEGATE, OP_PLUS, OP_NOT, OP_COMPLEMENT, OP_DEREFERENCE, OP_ADDRESS,
};

/* A type as written: a base and what is derived from it, innermost first
 * (char *names[3] is base char, then POINTER, then ARRAY 3). */
struct derivation {
    enum { DERIVE_POINTER, DERIVE_ARRAY } kind;
    struct node *count; /* arrays: the expression, or NULL for [] */
    struct derivation *next;
};
struct typename {
    const struct type *base; /* NULL: a type of the learner's, */
    struct node *named;      /* NODE_TAG or NODE_TYPE_NAME */
    struct derivation *derived;
};

struct node {
    enum node_kind kind;
    enum op op;
    struct span where;    /* the whole construct */
    struct span operator; /* the operator, callee's name or member's name, for carets */
    struct node *left, *right, *condition, *first, *step;
    struct node *list; /* first of a list linked by .next */
    struct node *next;
    size_t count; /* of the list */
    unsigned height; /* levels of nodes below this one; never more than PARSE_DEPTH_MAX, so that
                        walking a tree by recursion is safe */
    const char *text;
    size_t text_length;
    uint64_t integer;
    const struct type *type; /* of an integer constant */
    struct typename typename;
    const char *designator;
    struct node *designator_index;
    bool parenthesised; /* stood in ( ) */
    bool is_const;      /* a declarator whose specifiers have `const` */
    bool is_static;     /* … or `static`, or which stands outside of all functions of a source file */
    bool is_statement;  /* a call whose value nobody uses */
    bool is_packed;     /* a struct without padding */
    /* A call written as a line of a transcript, `listen(3, 3) = 0`: the result was read over. */
    bool with_result;
};

/* Said by the parser, and by the interpreter when a submission begins so without an if before it. */
#define ELSE_ALONE "`else` without `if`"
#define ELSE_REMEDY "put `else` on the line of the closing }"

/* A parsed submission. */
struct tree {
    struct node *program; /* NODE_PROGRAM */
    const char *source;   /* the text, in the arena as well */
    struct arena *arena;
};
/* One more who holds it: it goes when each has called tree_free(). */
struct tree tree_share(const struct tree *tree);
void tree_free(struct tree *tree);

#endif

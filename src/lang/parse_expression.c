/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Expressions from the comma down to casts and unary operators (C17 6.5.3 to 6.5.17). */
#include <string.h>

#include "lang/parse_internal.h"

struct operator{
    const char *text;
    enum op op;
    int precedence; /* of binary operators: higher binds tighter */
};

static const struct operator binaries[] = {
    {"*", OP_MULTIPLY, 10},  {"/", OP_DIVIDE, 10},     {"%", OP_REMAINDER, 10},     {"+", OP_ADD, 9},
    {"-", OP_SUBTRACT, 9},   {"<<", OP_SHIFT_LEFT, 8}, {">>", OP_SHIFT_RIGHT, 8},   {"<", OP_LESS, 7},
    {">", OP_GREATER, 7},    {"<=", OP_LESS_EQUAL, 7}, {">=", OP_GREATER_EQUAL, 7}, {"==", OP_EQUAL, 6},
    {"!=", OP_NOT_EQUAL, 6}, {"&", OP_BIT_AND, 5},     {"^", OP_BIT_XOR, 4},        {"|", OP_BIT_OR, 3},
    {"&&", OP_AND, 2},       {"||", OP_OR, 1},
};

static const struct operator assignments[] = {
    {"=", OP_NONE, 0},     {"*=", OP_MULTIPLY, 0}, {"/=", OP_DIVIDE, 0},      {"%=", OP_REMAINDER, 0},
    {"+=", OP_ADD, 0},     {"-=", OP_SUBTRACT, 0}, {"<<=", OP_SHIFT_LEFT, 0}, {">>=", OP_SHIFT_RIGHT, 0},
    {"&=", OP_BIT_AND, 0}, {"^=", OP_BIT_XOR, 0},  {"|=", OP_BIT_OR, 0},
};

static const struct operator unaries[] = {
    {"-", OP_NEGATE, 0},     {"+", OP_PLUS, 0},        {"!", OP_NOT, 0},
    {"~", OP_COMPLEMENT, 0}, {"*", OP_DEREFERENCE, 0}, {"&", OP_ADDRESS, 0},
};

#define FIND(parser, table) find_operator(parser, table, sizeof(table) / sizeof(table[0]))

static const struct operator*
    find_operator(const struct parser *parser, const struct operator* table, size_t count) {
    if (parser->token.kind != TOKEN_PUNCTUATOR)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (parser_at(parser, table[i].text))
            return &table[i];
    return NULL;
}

/* A node that begins with `left`, for the operator the parser is at; goes past the operator. */
static struct node *begin_after(struct parser *parser, enum node_kind kind, struct node *left) {
    struct node *node = node_new(parser, kind, left->where.at);

    node->left = left;
    node->operator = parser->token.where;
    parser_next(parser);
    return node;
}

/* Unary operators and casts */

static struct node *parse_prefix(struct parser *parser, enum node_kind kind, enum op op) {
    struct node *node = node_new(parser, kind, parser->token.where.at);

    node->op = op;
    node->operator = parser->token.where;
    parser_next(parser);
    if (!parser_enter(parser) || !(node->left = parse_cast(parser)))
        return NULL;
    parser_leave(parser);
    return node_finish(parser, node);
}

/* sizeof x, sizeof (type); but sizeof (type){…} is of an object. */
static struct node *parse_sizeof(struct parser *parser) {
    size_t start = parser->token.where.at;

    struct token open = parser_peek(parser);
    struct token inner = lex_next(parser->text, parser->end, open.where.at + open.where.length);
    if (!token_is(parser, open, "(") || !token_begins_type(parser, inner))
        return parse_prefix(parser, NODE_SIZEOF, OP_NONE);
    struct node *node = node_new(parser, NODE_SIZEOF_TYPE, start);
    node->operator = parser->token.where;
    parser_next(parser);
    size_t operand = parser->token.where.at;
    parser_next(parser);
    if (!parser_enter(parser) || !parse_typename(parser, &node->typename) ||
        !parser_expect(parser, ")", "the type"))
        return NULL;
    parser_leave(parser);
    if (parser_at(parser, "{")) {
        node->kind = NODE_SIZEOF;
        node->left = parse_compound(parser, operand, node->typename);
        if (!node->left || !(node->left = parse_suffixes(parser, node->left)))
            return NULL;
        node->typename = (struct typename){0};
    }
    return node_finish(parser, node);
}

/* At ( before a type: a cast or a compound literal. */
static struct node *parse_typed(struct parser *parser) {
    size_t start = parser->token.where.at;
    struct typename typename = {0};

    parser_next(parser);
    if (!parser_enter(parser) || !parse_typename(parser, &typename) ||
        !parser_expect(parser, ")", "the type"))
        return NULL;
    struct node *node;
    if (parser_at(parser, "{")) {
        node = parse_compound(parser, start, typename);
        node = node ? parse_suffixes(parser, node) : NULL;
    } else {
        node = node_new(parser, NODE_CAST, start);
        node->typename = typename;
        node->operator=(struct span){(uint32_t)start, (uint32_t)(parser->previous_end - start)};
        node->left = parse_cast(parser);
        if (!node->left)
            return NULL;
        node = node_finish(parser, node);
    }
    parser_leave(parser);
    return node;
}

struct node *parse_cast(struct parser *parser) {
    const struct operator* unary = FIND(parser, unaries);

    if (unary)
        return parse_prefix(parser, NODE_UNARY, unary->op);
    if (parser_at(parser, "++") || parser_at(parser, "--"))
        return parse_prefix(parser, NODE_PREFIX, parser_at(parser, "++") ? OP_ADD : OP_SUBTRACT);
    if (parser_at(parser, "sizeof"))
        return parse_sizeof(parser);
    if (parser_at(parser, "(") && token_begins_type(parser, parser_peek(parser)))
        return parse_typed(parser);
    return parse_postfix(parser);
}

/* Binary operators: what binds at least as tightly as `least`, grouped to the left. */
static struct node *parse_binary(struct parser *parser, int least) {
    struct node *left = parse_cast(parser);
    const struct operator* binary;

    while (left && (binary = FIND(parser, binaries)) && binary->precedence >= least) {
        struct node *node = begin_after(parser, NODE_BINARY, left);
        node->op = binary->op;
        if (!(node->right = parse_binary(parser, binary->precedence + 1)))
            return NULL;
        left = node_finish(parser, node);
    }
    return left;
}

struct node *parse_conditional(struct parser *parser) {
    struct node *condition = parse_binary(parser, 1);

    if (!condition || !parser_at(parser, "?"))
        return condition;
    struct node *node = begin_after(parser, NODE_CONDITIONAL, condition);
    node->condition = condition;
    if (!parser_enter(parser) || !(node->left = parse_expression(parser)) ||
        !parser_expect(parser, ":", "the middle of `? :`") || !(node->right = parse_conditional(parser)))
        return NULL;
    parser_leave(parser);
    return node_finish(parser, node);
}

/* Can it stand left of an assignment?  The types are the evaluation's business. */
static bool is_place(const struct node *node) {
    return node->kind == NODE_NAME || node->kind == NODE_INDEX || node->kind == NODE_MEMBER ||
           node->kind == NODE_ARROW || node->kind == NODE_COMPOUND ||
           (node->kind == NODE_UNARY && node->op == OP_DEREFERENCE);
}

static struct node *refuse_assignment(struct parser *parser, const struct node *left) {
    parser_fail(parser, left->where, "only a variable, an element, a member or *pointer can be assigned to");
    if (parser_at(parser, "="))
        error_hint(parser->error, "to compare, write ==");
    return NULL;
}

struct node *parse_assignment(struct parser *parser) {
    struct node *left = parse_conditional(parser);
    const struct operator* assignment = left ? FIND(parser, assignments) : NULL;

    if (!assignment)
        return left;
    if (parser_at(parser, "=") && left->kind == NODE_CALL && !left->parenthesised &&
        left->where.at == parser->statement_at)
        return parse_result(parser, left) ? left : NULL;
    if (!is_place(left))
        return refuse_assignment(parser, left);
    struct node *node = begin_after(parser, NODE_ASSIGN, left);
    node->op = assignment->op;
    if (!parser_enter(parser) || !(node->right = parse_assignment(parser)))
        return NULL;
    parser_leave(parser);
    return node_finish(parser, node);
}

struct node *parse_expression(struct parser *parser) {
    struct node *left = parse_assignment(parser);

    while (left && parser_at(parser, ",")) {
        struct node *node = begin_after(parser, NODE_COMMA, left);
        if (!(node->right = parse_assignment(parser)))
            return NULL;
        left = node_finish(parser, node);
    }
    return left;
}

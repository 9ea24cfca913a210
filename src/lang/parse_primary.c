/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operands (C17 6.5.1) and what follows them: calls, indices, members, ++ and -- (6.5.2). */
#include <string.h>

#include "lang/parse_internal.h"

/* Operands */

static struct node *parse_parenthesised(struct parser *parser) {
    size_t start = parser->token.where.at;

    parser_next(parser);
    if (!parser_enter(parser))
        return NULL;
    struct node *inner = parse_expression(parser);
    if (!inner || !parser_expect(parser, ")", "the expression"))
        return NULL;
    parser_leave(parser);
    inner->parenthesised = true;
    inner->where = (struct span){(uint32_t)start, (uint32_t)(parser->previous_end - start)};
    return inner;
}

static struct node *parse_name(struct parser *parser) {
    struct node *name = node_new(parser, NODE_NAME, parser->token.where.at);

    name->operator = parser->token.where;
    name->text = parser_text(parser, parser->token.where);
    name->text_length = parser->token.where.length;
    parser_next(parser);
    return node_finish(parser, name);
}

static struct node *refuse_operand(struct parser *parser) {
    if (token_begins_system_type(parser, parser->token)) {
        parser_fail(parser, parser->token.where, "a type cannot stand here");
        error_hint(parser->error, "sizeof(type) is its size, (type)x converts x");
    } else if (parser_at(parser, "{")) {
        parser_fail(parser, parser->token.where, "{ } can only initialise a variable that is being declared");
        error_hint(parser->error, "write the type before it, as in (struct in_addr){0}");
    } else {
        parser_unexpected(parser, "an expression");
    }
    return NULL;
}

static struct node *parse_primary(struct parser *parser) {
    switch (parser->token.kind) {
    case TOKEN_INTEGER:
        return parse_integer(parser);
    case TOKEN_CHARACTER:
        return parse_character(parser);
    case TOKEN_STRING:
        return parse_string(parser);
    case TOKEN_NAME:
        return token_begins_system_type(parser, parser->token) ? refuse_operand(parser) : parse_name(parser);
    case TOKEN_PUNCTUATOR:
        return parser_at(parser, "(") ? parse_parenthesised(parser) : refuse_operand(parser);
    case TOKEN_END:
    case TOKEN_KEYWORD:
    case TOKEN_BAD:
        break;
    }
    return refuse_operand(parser);
}

struct node *parse_compound(struct parser *parser, size_t start, struct typename typename) {
    struct node *compound = node_new(parser, NODE_COMPOUND, start);

    compound->typename = typename;
    compound->operator=(struct span){(uint32_t)start, (uint32_t)(parser->previous_end - start)};
    if (!(compound->left = parse_initializer(parser)))
        return NULL;
    return node_finish(parser, compound);
}

/* What follows an operand */

static struct node *parse_argument(struct parser *parser) {
    if (parser_at(parser, "{"))
        return parse_address(parser);
    return parse_shown_argument(parser) ? NULL : parse_assignment(parser);
}

static struct node *parse_call(struct parser *parser, struct node *callee) {
    struct node *call = node_new(parser, NODE_CALL, callee->where.at), *last = NULL;

    if (callee->kind != NODE_NAME) {
        parser_fail(parser, callee->where, "only the name of a function can be called");
        return NULL;
    }
    call->text = callee->text;
    call->text_length = callee->text_length;
    call->operator = callee->operator;
    parser_next(parser);
    bool more = !parser_at(parser, ")");
    while (more) {
        struct node *argument = parse_argument(parser);
        if (!argument)
            return NULL;
        node_append(call, &last, argument);
        more = parser_take(parser, ",");
    }
    if (!parser_take(parser, ")"))
        return parser_unexpected(parser, "`,` or `)` after an argument");
    return node_finish(parser, call);
}

static struct node *parse_index(struct parser *parser, struct node *left) {
    struct node *node = node_new(parser, NODE_INDEX, left->where.at);

    node->left = left;
    node->operator = parser->token.where;
    parser_next(parser);
    if (!(node->right = parse_expression(parser)) || !parser_expect(parser, "]", "the index"))
        return NULL;
    return node_finish(parser, node);
}

/* netdb.h: #define h_addr h_addr_list[0] */
static struct node *first_address(struct parser *parser, struct node *member) {
    struct node *index = node_new(parser, NODE_INDEX, member->where.at);
    struct node *zero = node_new(parser, NODE_INTEGER, member->operator.at);

    member->text = "h_addr_list";
    zero->type = &type_int;
    index->operator = member->operator;
    index->left = member;
    index->right = node_finish(parser, zero);
    return node_finish(parser, index);
}

static struct node *parse_member(struct parser *parser, struct node *left) {
    struct node *node = node_new(parser, parser_at(parser, ".") ? NODE_MEMBER : NODE_ARROW, left->where.at);

    parser_next(parser);
    if (parser->token.kind != TOKEN_NAME)
        return parser_unexpected(parser, "the name of a member");
    node->left = left;
    node->operator = parser->token.where;
    node->text = parser_text(parser, parser->token.where);
    node->text_length = parser->token.where.length;
    parser_next(parser);
    node = node_finish(parser, node);
    return node && strcmp(node->text, "h_addr") == 0 ? first_address(parser, node) : node;
}

static struct node *parse_step(struct parser *parser, struct node *left) {
    struct node *node = node_new(parser, NODE_POSTFIX, left->where.at);

    node->op = parser_at(parser, "++") ? OP_ADD : OP_SUBTRACT;
    node->left = left;
    node->operator = parser->token.where;
    parser_next(parser);
    return node_finish(parser, node);
}

struct node *parse_suffixes(struct parser *parser, struct node *left) {
    if (!parser_enter(parser))
        return NULL;
    while (left) {
        if (parser_at(parser, "("))
            left = parse_call(parser, left);
        else if (parser_at(parser, "["))
            left = parse_index(parser, left);
        else if (parser_at(parser, ".") || parser_at(parser, "->"))
            left = parse_member(parser, left);
        else if (parser_at(parser, "++") || parser_at(parser, "--"))
            left = parse_step(parser, left);
        else
            break;
    }
    parser_leave(parser);
    return left;
}

struct node *parse_postfix(struct parser *parser) {
    struct node *operand = parse_primary(parser);

    return operand ? parse_suffixes(parser, operand) : NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Functions: prototypes and definitions (C17 6.7.6.3, 6.9.1), with the parameters' types in the parentheses. */
#include <string.h>

#include "lang/parse_internal.h"

#define PARAMETERS_MAX 127 /* C17 5.2.4.1 asks for as many */

bool parser_at_function(struct parser *parser) {
    size_t here = parser->token.where.at, before = parser->previous_end;

    parse_pointers(parser);
    bool found = parser->token.kind == TOKEN_NAME && token_is(parser, parser_peek(parser), "(");
    parser_go(parser, here);
    parser->previous_end = before;
    return found;
}

/* Parameters */

static bool refuse_ellipsis(struct parser *parser) {
    parser_fail(parser, parser->token.where, "a function of your own cannot have ... here");
    error_hint(parser->error, "give it the parameters that it needs");
    return false;
}

static bool is_void(const struct typename *typename) {
    return typename->base == &type_void && !typename->derived; /* .base is NULL of a type of the learner's */
}

/* C17 6.7.6.3p7: an array is passed as the pointer to its first element. */
static void decay(struct typename *typename) {
    struct derivation *last = typename->derived;

    while (last && last->next)
        last = last->next;
    if (last && last->kind == DERIVE_ARRAY) {
        last->kind = DERIVE_POINTER;
        last->count = NULL;
    }
}

static struct node *parse_parameter(struct parser *parser) {
    struct node *node = node_new(parser, NODE_DECLARATOR, parser->token.where.at);
    struct specifiers specifiers;

    if (!parse_specifiers(parser, SPECIFY_TYPENAME, &specifiers))
        return NULL;
    node->typename = specifiers.typename;
    node->is_const = specifiers.is_const;
    if (!parse_declarator(parser, DECLARATOR_EITHER, &node->typename.derived, &node->operator))
        return NULL;
    decay(&node->typename);
    node->where.length = (uint32_t)(parser->previous_end - node->where.at);
    if (is_void(&node->typename))
        return parser_fail(parser, node->where, "a parameter cannot be void");
    if (node->operator.length > 0)
        node->text = parser_text(parser, node->operator);
    return node_finish(parser, node);
}

static bool is_named_twice(const struct node *function, const struct node *parameter) {
    for (const struct node *other = function->list; other && parameter->text; other = other->next)
        if (other->text && strcmp(other->text, parameter->text) == 0)
            return true;
    return false;
}

/* At the ( . */
static bool parse_parameters(struct parser *parser, struct node *function) {
    struct node *last = NULL;

    parser_next(parser);
    if (parser_at(parser, "void") && token_is(parser, parser_peek(parser), ")"))
        parser_next(parser);
    for (bool more = !parser_at(parser, ")"); more; more = parser_take(parser, ",")) {
        if (parser_at(parser, "..."))
            return refuse_ellipsis(parser);
        struct node *parameter = parse_parameter(parser);
        if (!parameter)
            return false;
        if (is_named_twice(function, parameter)) {
            parser_fail(parser, parameter->operator, "there are two parameters of the name %s",
                        parameter->text);
            return false;
        }
        if (function->count == PARAMETERS_MAX)
            return error_set(parser->error, ERROR_LIMIT, parameter->where, "more than %d parameters",
                             PARAMETERS_MAX);
        node_append(function, &last, parameter);
    }
    if (parser_take(parser, ")"))
        return true;
    parser_unexpected(parser, "`,` or `)` after a parameter");
    return false;
}

/* Bodies */

static bool check_names(struct parser *parser, const struct node *function) {
    size_t number = 1;

    for (const struct node *parameter = function->list; parameter; parameter = parameter->next, number++)
        if (!parameter->text) {
            parser_fail(parser, parameter->where, "parameter %zu of %s() has no name", number, function->text);
            error_hint(parser->error, "only a declaration, which ends with `;`, can do without");
            return false;
        }
    return true;
}

/* At the { . */
static bool parse_body(struct parser *parser, struct node *function) {
    unsigned loops = parser->loops, switches = parser->switches;
    const struct known_name *known = parser->known;

    if (parser->function || parser->depth > 1) {
        parser_fail(parser, function->operator, "a function cannot be defined within %s",
                    parser->function ? "another one" : "a block");
        error_hint(parser->error, "close the braces before it");
        return false;
    }
    if (!check_names(parser, function))
        return false;
    parser->loops = parser->switches = 0;
    parser->function = function;
    for (const struct node *parameter = function->list; parameter; parameter = parameter->next)
        parser_know(parser, parameter->text, false);
    function->left = parse_statement(parser);
    parser->function = NULL;
    parser->loops = loops;
    parser->switches = switches;
    parser->known = known;
    return function->left != NULL;
}

static struct node *refuse_specifiers(struct parser *parser, size_t start,
                                      const struct specifiers *specifiers) {
    struct span where = {(uint32_t)start, (uint32_t)(parser->previous_end - start)};

    parser_fail(parser, where, specifiers->is_typedef ? "types of functions are not understood here"
                                                      : "a type cannot be defined where a function is");
    error_hint(parser->error, specifiers->is_typedef ? "functions are called by their name"
                                                     : "define it before, in a declaration of its own");
    return NULL;
}

struct node *parse_function(struct parser *parser, size_t start, const struct specifiers *specifiers) {
    struct node *function = node_new(parser, NODE_FUNCTION, start);

    if (specifiers->is_typedef || specifiers->definition)
        return refuse_specifiers(parser, start, specifiers);
    function->typename = specifiers->typename;
    function->typename.derived = parse_pointers(parser);
    function->operator = parser->token.where;
    function->text = parser_text(parser, parser->token.where);
    parser_next(parser);
    if (!parse_parameters(parser, function))
        return NULL;
    if (parser_at(parser, "{"))
        return parse_body(parser, function) ? node_finish(parser, function) : NULL;
    if (parser_take(parser, ";"))
        return node_finish(parser, function);
    return parser_unexpected(parser, "`{`, or `;` if it is only declared,");
}

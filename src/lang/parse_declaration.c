/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Declarations (C17 6.7) and initialisers in braces (6.7.9). */
#include <string.h>

#include "lang/parse_internal.h"

/* Declarations */

bool check_object(struct parser *parser, const struct typename *typename, struct span name) {
    const struct derivation *innermost = typename->derived;
    bool pointer = innermost && innermost->kind == DERIVE_POINTER;

    if (pointer || typename->named ||
        (typename->base->kind != TYPE_VOID && typename->base->kind != TYPE_FILE))
        return true;
    error_set(parser->error, ERROR_TYPE, name, "there are no objects of type %s", typename->base->name);
    error_hint(parser->error, "did you mean a pointer, %s *%s?", typename->base->name,
               parser_text(parser, name));
    return false;
}

static struct node *parse_value(struct parser *parser);

static struct node *parse_declared(struct parser *parser, const struct specifiers *specifiers) {
    struct node *node = node_new(parser, NODE_DECLARATOR, parser->token.where.at);

    node->typename = specifiers->typename;
    node->is_const = specifiers->is_const;
    node->is_static = specifiers->is_static || (parser->file && !parser->function);
    if (!parse_declarator(parser, DECLARATOR_NAMED, &node->typename.derived, &node->operator))
        return NULL;
    if (!specifiers->is_typedef && !check_object(parser, &node->typename, node->operator))
        return NULL;
    node->text = parser_text(parser, node->operator);
    parser_know(parser, node->text, specifiers->is_typedef);
    if (specifiers->is_typedef && parser_at(parser, "="))
        return parser_fail(parser, parser->token.where, "%s is a type: it has no value", node->text);
    if (parser_at(parser, "{")) {
        parser_fail(parser, parser->token.where, "`=` is missing before this {");
        error_hint(parser->error, "%s = { … } gives it a value", node->text);
        return NULL;
    }
    if (parser_take(parser, "=")) {
        if (!(node->left = parse_value(parser)))
            return NULL;
    }
    return node_finish(parser, node);
}

/* `typedef struct { … } header;`: there is no tag, so that it is by this name that the struct is shown. */
static void name_definition(const struct specifiers *specifiers, const struct node *declared) {
    struct node *definition = specifiers->definition;

    if (specifiers->is_typedef && definition && !definition->designator && !declared->typename.derived)
        definition->designator = declared->text;
}

/* `struct header { … };`, `struct header;`: nothing but a type. */
static bool declares_no_names(const struct parser *parser, const struct specifiers *specifiers) {
    bool by_tag = specifiers->typename.named && specifiers->typename.named->kind == NODE_TAG;

    return parser_at(parser, ";") ? by_tag : specifiers->definition && parser->token.kind == TOKEN_END;
}

static struct node *finish_declaration(struct parser *parser, struct node *declaration,
                                       const struct specifiers *specifiers, bool initialised) {
    if (!parse_semicolon(parser, NULL))
        return NULL;
    declaration->first = specifiers->definition;
    if (!declaration->list && !declaration->first)
        declaration->first = specifiers->typename.named;
    if (specifiers->is_typedef)
        declaration->kind = NODE_TYPEDEF;
    else if (specifiers->is_extern && !initialised)
        declaration->kind =
            NODE_EMPTY; /* `extern int errno;` makes nothing: what it speaks of is elsewhere */
    return node_finish(parser, declaration);
}

struct node *parse_declaration(struct parser *parser) {
    struct node *declaration = node_new(parser, NODE_DECLARE, parser->token.where.at), *last = NULL;
    struct specifiers specifiers;
    bool initialised = false;

    if (!parse_specifiers(parser, SPECIFY_DECLARATION, &specifiers))
        return NULL;
    if (declares_no_names(parser, &specifiers))
        return finish_declaration(parser, declaration, &specifiers, false);
    if (parser_at_function(parser))
        return parse_function(parser, declaration->where.at, &specifiers);
    do {
        struct node *declared = parse_declared(parser, &specifiers);
        if (!declared)
            return NULL;
        name_definition(&specifiers, declared);
        initialised = initialised || declared->left;
        node_append(declaration, &last, declared);
    } while (parser_take(parser, ","));
    return finish_declaration(parser, declaration, &specifiers, initialised);
}

/* Initialisers */

static struct node *parse_value(struct parser *parser) {
    return parser_at(parser, "{") ? parse_initializer(parser) : parse_assignment(parser);
}

/* At the . or [ of a designator; what it names goes to *item. */
static bool parse_designator(struct parser *parser, struct node *item) {
    if (!parser_take(parser, ".")) {
        parser_next(parser);
        return (item->designator_index = parse_assignment(parser)) && parser_expect(parser, "]", "the index");
    }
    if (parser->token.kind != TOKEN_NAME) {
        parser_unexpected(parser, "the name of a member");
        return false;
    }
    item->designator = parser_text(parser, parser->token.where);
    parser_next(parser);
    return true;
}

static bool at_designator(const struct parser *parser) {
    return parser_at(parser, ".") || parser_at(parser, "[");
}

static struct node *parse_item(struct parser *parser);

/* After .a, at .b = x: the list { .b = x }, which has no braces in the text. */
static struct node *parse_inner_item(struct parser *parser) {
    struct node *list = node_new(parser, NODE_INITIALIZER, parser->token.where.at), *last = NULL;

    if (!parser_enter(parser))
        return NULL;
    struct node *item = parse_item(parser);
    parser_leave(parser);
    if (!item)
        return NULL;
    node_append(list, &last, item);
    return node_finish(parser, list);
}

static struct node *parse_item(struct parser *parser) {
    struct node designated = {0};

    if (!at_designator(parser))
        return parse_value(parser);
    if (!parse_designator(parser, &designated))
        return NULL;
    struct node *item = NULL;
    if (at_designator(parser))
        item = parse_inner_item(parser);
    else if (parser_expect(parser, "=", "the designator"))
        item = parse_value(parser);
    if (!item)
        return NULL;
    item->designator = designated.designator;
    item->designator_index = designated.designator_index;
    return node_finish(parser, item);
}

static bool braceless(const struct parser *parser, const struct node *item) {
    return item->kind == NODE_INITIALIZER && parser->text[item->where.at] != '{';
}

static bool same_designator(const struct node *a, const struct node *b) {
    if (a->designator && b->designator)
        return strcmp(a->designator, b->designator) == 0;
    const struct node *i = a->designator_index, *j = b->designator_index;
    return i && j && i->kind == NODE_INTEGER && j->kind == NODE_INTEGER && i->integer == j->integer;
}

/* Append; but .a.b = x, .a.c = y are two members of one a. */
static void add_item(struct parser *parser, struct node *owner, struct node **last, struct node *item) {
    struct node *before = *last;

    if (!before || !braceless(parser, before) || !braceless(parser, item) || !same_designator(before, item)) {
        node_append(owner, last, item);
        return;
    }
    struct node *inner_last = before->list;
    while (inner_last->next)
        inner_last = inner_last->next;
    before->height = item->height > before->height ? item->height : before->height;
    before->where.length = item->where.at + item->where.length - before->where.at;
    add_item(parser, before, &inner_last, item->list);
}

struct node *parse_initializer(struct parser *parser) {
    struct node *list = node_new(parser, NODE_INITIALIZER, parser->token.where.at), *last = NULL;

    if (!parser_enter(parser))
        return NULL;
    parser_next(parser);
    while (!parser_at(parser, "}")) {
        struct node *item = parse_item(parser);
        if (!item)
            return NULL;
        add_item(parser, list, &last, item);
        if (!parser_at(parser, "}") && !parser_take(parser, ","))
            return parser_unexpected(parser, "`,` or `}` after an initialiser");
    }
    parser_next(parser);
    parser_leave(parser);
    return node_finish(parser, list);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * switch (C17 6.8.4.2).  Its labels stand directly between its braces: C would
 * let a case stand in a loop within them, too, which is found in puzzles only.
 */
#include "lang/parse_internal.h"

/* A label belongs to a statement, and a declaration is none (C17 6.8.1; C23 is to change that). */
static bool check_labelled(struct parser *parser) {
    if (parser_at(parser, "}")) {
        parser_fail(parser, parser->token.where, "a label stands before a statement, and none follows");
        error_hint(parser->error, "write `break;` after it");
        return false;
    }
    if (!token_begins_type(parser, parser->token))
        return true;
    parser_fail(parser, parser->token.where, "a declaration cannot stand right after a label");
    error_hint(parser->error, "put { } round the statements of this case, or declare before the switch");
    return false;
}

/* Where a : is missing, C's ? : is often the reason, or a { in its place. */
static struct node *parse_label(struct parser *parser) {
    bool is_case = parser_at(parser, "case");
    struct node *label = parse_begin(parser, NODE_CASE);

    if (is_case && !(label->left = parse_conditional(parser)))
        return NULL;
    if (parser_at(parser, "...")) {
        parser_fail(parser, parser->token.where, "a range of cases is not C");
        error_hint(parser->error, "write a case for each value, or use if");
        return NULL;
    }
    if (!parser_expect(parser, ":", is_case ? "the constant of `case`" : "`default`") ||
        !check_labelled(parser))
        return NULL;
    return node_finish(parser, label);
}

struct node *parse_stray_case(struct parser *parser) {
    struct span word = parser->token.where;

    parser_fail(parser, word, "`%.*s` does not stand between the { } of a switch", (int)word.length,
                parser->text + word.at);
    if (parser->switches > 0)
        error_hint(parser->error, "close the blocks within the case before this one first");
    else
        error_hint(parser->error, "switch (x) { case 1: … break; default: … }");
    return NULL;
}

/* What stands before the first label is never run: only a declaration has a meaning there. */
static bool check_reached(struct parser *parser, const struct node *item, bool labelled) {
    bool plain = item->kind == NODE_DECLARE || item->kind == NODE_EMPTY;

    for (const struct node *d = item->list; plain && d; d = d->next)
        plain = d->left == NULL;
    if (labelled || plain)
        return true;
    parser_fail(parser, item->where, "this is never run: it stands before the first `case`");
    error_hint(parser->error, "put it before the switch");
    return false;
}

static bool parse_cases(struct parser *parser, struct node *node) {
    struct node *last = NULL;
    bool labelled = false;

    while (!parser_at(parser, "}")) {
        bool is_label = parser_at(parser, "case") || parser_at(parser, "default");
        if (parser->token.kind == TOKEN_END) {
            parser_unexpected(parser, "the `}` of `switch`");
            return false;
        }
        struct node *item = is_label ? parse_label(parser) : parse_statement(parser);
        if (!item)
            return false;
        labelled = labelled || is_label;
        if (!check_reached(parser, item, labelled))
            return false;
        node_append(node, &last, item);
    }
    parser_next(parser);
    return true;
}

struct node *parse_switch(struct parser *parser) {
    struct node *node = parse_begin(parser, NODE_SWITCH);

    if (!(node->condition = parse_condition(parser, "`switch`")) ||
        !parser_expect(parser, "{", "the number that `switch` is about"))
        return NULL;
    const struct known_name *known = parser->known;
    parser->switches++;
    bool parsed = parse_cases(parser, node);
    parser->switches--;
    parser->known = known;
    return parsed ? node_finish(parser, node) : NULL;
}

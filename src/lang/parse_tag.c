/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * struct, union and enum (C17 6.7.2.1 to 6.7.2.3).  The system's own structs
 * are types at once; what the learner defines is a node for the evaluation,
 * since the length of a member's array may be any constant expression.
 */
#include <string.h>

#include "base/buf.h"
#include "lang/parse_internal.h"

static bool refuse_system(struct parser *parser, const struct type *known) {
    parser_fail(parser, parser->token.where, "%s is there already, with the system's own layout",
                known->name);
    error_hint(parser->error, "leave the definition out");
    return false;
}

/* The key of a tag: "struct header"; of none, a key that no tag has. */
static const char *tag_key(struct parser *parser, const char *keyword, const char *tag, size_t at) {
    struct buf key = {0};

    if (tag)
        buf_addf(&key, "%s %s", keyword, tag);
    else
        buf_addf(&key, "%s <%zu>", keyword, at);
    const char *text = arena_text(parser->arena, key.data, key.length);
    buf_free(&key);
    return text;
}

/* __attribute__((packed)), before the tag or after the }. */
static bool parse_attribute(struct parser *parser, bool *packed) {
    if (!parser_take(parser, "__attribute__"))
        return true;
    if (!parser_expect(parser, "(", "`__attribute__`") || !parser_expect(parser, "(", "`__attribute__(`"))
        return false;
    char *word = parser_text(parser, parser->token.where);
    if (strcmp(word, "packed") != 0 && strcmp(word, "__packed__") != 0) {
        parser_fail(parser, parser->token.where, "of the attributes only `packed` is understood here");
        error_hint(parser->error, "leave it out");
        return false;
    }
    *packed = true;
    parser_next(parser);
    return parser_expect(parser, ")", "the attribute") && parser_expect(parser, ")", "the attribute");
}

/* Members */

static bool refuse_member(struct parser *parser) {
    if (parser_at(parser, ":")) {
        parser_fail(parser, parser->token.where, "bit-fields are not understood here");
        error_hint(parser->error,
                   "use a whole integer, with << | & to put bits into it: where bit-fields lie in "
                   "their bytes is each compiler's own affair");
    } else if (parser_at(parser, "=")) {
        parser_fail(parser, parser->token.where, "a member has no value of its own");
        error_hint(parser->error, "variables of this type are given theirs, as in = { 1, 2 }");
    } else {
        parser_unexpected(parser, "`;` after a member");
    }
    return false;
}

static struct node *parse_member_name(struct parser *parser, const struct specifiers *specifiers) {
    struct node *member = node_new(parser, NODE_DECLARATOR, parser->token.where.at);

    if (parser_at(parser, ":")) {
        refuse_member(parser);
        return NULL;
    }
    member->typename = specifiers->typename;
    if (!parse_declarator(parser, true, &member->typename.derived, &member->operator) ||
        !check_object(parser, &member->typename, member->operator))
        return NULL;
    member->text = parser_text(parser, member->operator);
    return node_finish(parser, member);
}

/* The members of one declaration, and what defines their type. */
static bool parse_member(struct parser *parser, struct node *owner, struct node **last) {
    struct specifiers specifiers;

    if (!parse_specifiers(parser, SPECIFY_MEMBER, &specifiers))
        return false;
    if (specifiers.definition)
        node_append(owner, last, specifiers.definition);
    if (parser_at(parser, ";")) {
        parser_fail(parser, parser->token.where, "this member has no name");
        error_hint(parser->error, "give it one");
        return false;
    }
    do {
        struct node *member = parse_member_name(parser, &specifiers);
        if (!member)
            return false;
        node_append(owner, last, member);
    } while (parser_take(parser, ","));
    return parser_take(parser, ";") || refuse_member(parser);
}

static bool parse_members(struct parser *parser, struct node *node) {
    struct node *last = NULL;

    if (parser_at(parser, "}")) {
        parser_fail(parser, parser->token.where, "a struct has at least one member");
        return false;
    }
    while (!parser_at(parser, "}")) {
        if (parser->token.kind == TOKEN_END) {
            parser_unexpected(parser, "the `}` of a definition");
            return false;
        }
        if (!parse_member(parser, node, &last))
            return false;
    }
    parser_next(parser);
    return parse_attribute(parser, &node->is_packed);
}

/* Enumerators */

static struct node *parse_enumerator(struct parser *parser) {
    struct node *node = node_new(parser, NODE_ENUMERATOR, parser->token.where.at);

    if (parser->token.kind != TOKEN_NAME)
        return parser_unexpected(parser, "the name of a constant");
    node->operator= parser->token.where;
    node->text = parser_text(parser, parser->token.where);
    parser_next(parser);
    if (parser_take(parser, "=") && !(node->left = parse_conditional(parser)))
        return NULL;
    parser_know(parser, node->text, false);
    return node_finish(parser, node);
}

static bool parse_enumerators(struct parser *parser, struct node *node) {
    struct node *last = NULL;

    do {
        struct node *enumerator = parse_enumerator(parser);
        if (!enumerator)
            return false;
        node_append(node, &last, enumerator);
    } while (parser_take(parser, ",") && !parser_at(parser, "}"));
    if (parser_take(parser, "}"))
        return true;
    parser_unexpected(parser, "`,` or `}` after a constant of `enum`");
    return false;
}

/* Tags */

/* At the {. */
static struct node *parse_definition(struct parser *parser, enum node_kind kind, size_t start, bool packed) {
    struct node *node = node_new(parser, kind, start);

    node->is_packed = packed;
    parser_next(parser);
    if (!parser_enter(parser))
        return NULL;
    if (kind == NODE_ENUM ? !parse_enumerators(parser, node) : !parse_members(parser, node))
        return NULL;
    parser_leave(parser);
    return node_finish(parser, node);
}

static struct node *tag_node(struct parser *parser, const char *key, size_t start) {
    struct node *node = node_new(parser, NODE_TAG, start);

    node->text = key;
    return node_finish(parser, node);
}

static bool refuse_here(struct parser *parser, const char *keyword) {
    parser_fail(parser, parser->token.where, "%s %s is defined in a declaration of its own here",
                keyword[0] == 's' ? "a" : "an", keyword);
    error_hint(parser->error, "write it in a line before, and here its name only");
    return false;
}

bool parse_tag(struct parser *parser, enum specifying what, struct specifiers *specifiers) {
    const char *keyword = parser_at(parser, "enum")    ? "enum"
                          : parser_at(parser, "union") ? "union"
                                                       : "struct";
    size_t start = parser->token.where.at;
    const char *tag = NULL;
    bool packed = false;

    parser_next(parser);
    if (!parse_attribute(parser, &packed))
        return false;
    if (parser->token.kind == TOKEN_NAME) {
        tag = parser_text(parser, parser->token.where);
        const struct type *known = keyword[0] == 'e' ? NULL : type_struct(tag);
        if (known && token_is(parser, parser_peek(parser), "{"))
            return refuse_system(parser, known);
        parser_next(parser);
        if (known && strncmp(known->name, keyword, strlen(keyword)) == 0) {
            specifiers->typename.base = known;
            return true;
        }
    } else if (!parser_at(parser, "{")) {
        parser_unexpected(parser, keyword[0] == 'e' ? "the name of an enum, or {" : "the name of a struct");
        return false;
    }
    const char *key = tag_key(parser, keyword, tag, start);
    if (parser_at(parser, "{")) {
        if (what == SPECIFY_TYPENAME)
            return refuse_here(parser, keyword);
        specifiers->definition =
            parse_definition(parser, keyword[0] == 'e' ? NODE_ENUM : NODE_STRUCT, start, packed);
        if (!specifiers->definition)
            return false;
        specifiers->definition->text = key;
        specifiers->definition->designator = tag ? key : NULL;
    }
    specifiers->typename.named = tag_node(parser, key, start);
    return specifiers->typename.named != NULL;
}

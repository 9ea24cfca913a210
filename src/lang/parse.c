/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A submission from text to tree; and what all parsing functions use: tokens, messages, nodes. */
#include "lang/parse.h"

#include <stdarg.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "lang/parse_internal.h"

/* Tokens */

void parser_start(struct parser *parser, const char *text, size_t length, struct arena *arena,
                  struct error *error) {
    *parser = (struct parser){
        .text = text, .end = length, .arena = arena, .error = error, .statement_at = SIZE_MAX};
    parser_go(parser, 0);
}

void parser_next(struct parser *parser) {
    parser->previous_end = parser->token.where.at + parser->token.where.length;
    parser_go(parser, parser->previous_end);
}

void parser_go(struct parser *parser, size_t at) {
    parser->token = lex_next(parser->text, parser->end, at);
}

struct token parser_peek(const struct parser *parser) {
    return lex_next(parser->text, parser->end, parser->token.where.at + parser->token.where.length);
}

bool token_is(const struct parser *parser, struct token token, const char *text) {
    return (token.kind == TOKEN_PUNCTUATOR || token.kind == TOKEN_KEYWORD) &&
           parser->text[token.where.at] == text[0] && strlen(text) == token.where.length &&
           memcmp(parser->text + token.where.at, text, token.where.length) == 0;
}

bool parser_at(const struct parser *parser, const char *text) {
    return token_is(parser, parser->token, text);
}

bool parser_take(struct parser *parser, const char *text) {
    if (!parser_at(parser, text))
        return false;
    parser_next(parser);
    return true;
}

bool parser_expect(struct parser *parser, const char *text, const char *after) {
    if (parser_take(parser, text))
        return true;
    struct buf wanted = {0};
    buf_addf(&wanted, "`%s` after %s", text, after);
    parser_unexpected(parser, buf_text(&wanted));
    buf_free(&wanted);
    return false;
}

char *parser_text(struct parser *parser, struct span where) {
    return arena_text(parser->arena, parser->text + where.at, where.length);
}

bool parser_enter(struct parser *parser) {
    if (parser->depth < PARSE_DEPTH_MAX) {
        parser->depth++;
        return true;
    }
    error_set(parser->error, ERROR_LIMIT, parser->token.where, "nested more than %d deep", PARSE_DEPTH_MAX);
    error_hint(parser->error, "split it into several statements");
    return false;
}

void parser_leave(struct parser *parser) {
    parser->depth--;
}

/* Messages */

void *parser_fail(struct parser *parser, struct span where, const char *format, ...) {
    struct buf text = {0};
    va_list arguments;

    va_start(arguments, format);
    buf_addv(&text, format, arguments);
    va_end(arguments);
    error_set(parser->error, ERROR_SYNTAX, where, "%s", buf_text(&text));
    buf_free(&text);
    return NULL;
}

#define SHOWN_MAX 24 /* bytes of a token that a message repeats */

void *parser_unexpected(struct parser *parser, const char *wanted) {
    struct span where = parser->token.where;
    const char *text = parser->text + where.at;

    if (parser->token.kind == TOKEN_BAD) {
        lex_complain(parser->text, parser->end, parser->token, parser->error);
        return NULL;
    }
    if (parser->token.kind == TOKEN_END && !parser->line_only) {
        error_set(parser->error, ERROR_INCOMPLETE, where, "the text ends where %s should stand", wanted);
        return NULL;
    }
    if (parser->token.kind == TOKEN_END)
        return parser_fail(parser, where, "the line ends where %s should stand", wanted);

    const char *remedy = lex_unsupported(text, where.length);
    if (parser->token.kind == TOKEN_KEYWORD && remedy) {
        parser_fail(parser, where, "`%.*s` is not understood here", (int)where.length, text);
        error_hint(parser->error, "%s", remedy);
        return NULL;
    }
    struct buf shown = {0};
    escape_text(&shown, text, where.length < SHOWN_MAX ? where.length : SHOWN_MAX);
    parser_fail(parser, where, "expected %s, not `%s`", wanted, buf_text(&shown));
    buf_free(&shown);
    return NULL;
}

/* Nodes */

struct node *node_new(struct parser *parser, enum node_kind kind, size_t start) {
    struct node *node = arena_alloc(parser->arena, sizeof(*node));

    node->kind = kind;
    node->where.at = (uint32_t)start;
    return node;
}

static unsigned higher(unsigned height, const struct node *child) {
    return child && child->height >= height ? child->height + 1 : height;
}

struct node *node_finish(struct parser *parser, struct node *node) {
    const struct node *children[] = {node->left,  node->right, node->condition,
                                     node->first, node->step,  node->designator_index};

    node->where.length = (uint32_t)(parser->previous_end - node->where.at);
    for (size_t i = 0; i < sizeof(children) / sizeof(children[0]); i++)
        node->height = higher(node->height, children[i]);
    for (const struct node *item = node->list; item; item = item->next)
        node->height = higher(node->height, item);
    for (const struct derivation *d = node->typename.derived; d; d = d->next)
        node->height = higher(node->height, d->count);
    if (node->height <= PARSE_DEPTH_MAX)
        return node;
    error_set(parser->error, ERROR_LIMIT, node->where,
              "more than %d operators or statements build on one another", PARSE_DEPTH_MAX);
    error_hint(parser->error, "split it into several statements");
    return NULL;
}

void node_append(struct node *owner, struct node **last, struct node *item) {
    if (*last)
        (*last)->next = item;
    else
        owner->list = item;
    *last = item;
    owner->count++;
}

/* A submission */

static bool check_source(const char *source, size_t length, struct error *error) {
    if (length > PARSE_SOURCE_MAX) {
        error_set(error, ERROR_LIMIT, (struct span){0, 0}, "%zu bytes at once are too many; the most is %d",
                  length, PARSE_SOURCE_MAX);
        error_hint(error, "give it in parts");
        return false;
    }
    const char *nul = length > 0 ? memchr(source, '\0', length) : NULL;
    if (!nul)
        return true;
    error_set(error, ERROR_SYNTAX, (struct span){(uint32_t)(nul - source), 1},
              "a NUL byte cannot stand here");
    error_hint(error, "delete it; within a string it is written \\0");
    return false;
}

static bool parse_as(const char *source, size_t length, bool file, const struct parse_types *types,
                     struct tree *tree, struct error *error) {
    struct parser parser;

    *tree = (struct tree){0};
    if (!check_source(source, length, error))
        return false;
    tree->arena = arena_new();
    tree->source = arena_text(tree->arena, source, length);
    parser_start(&parser, tree->source, length, tree->arena, error);
    parser.file = file;
    parser.types = types;
    struct node *program = node_new(&parser, NODE_PROGRAM, 0);
    if (!parse_statements(&parser, program, false) || !node_finish(&parser, program)) {
        tree_free(tree);
        return false;
    }
    tree->program = program;
    return true;
}

bool parse(const char *source, size_t length, struct tree *tree, struct error *error) {
    return parse_as(source, length, false, NULL, tree, error);
}

bool parse_with(const char *source, size_t length, const struct parse_types *types, struct tree *tree,
                struct error *error) {
    return parse_as(source, length, false, types, tree, error);
}

bool parse_file(const char *source, size_t length, const struct parse_types *types, struct tree *tree,
                struct error *error) {
    return parse_as(source, length, true, types, tree, error);
}

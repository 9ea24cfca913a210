/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines that begin with #: #include is read over, #define names a constant or a type, others are refused. */
#include <string.h>

#include "lang/parse_internal.h"

/* Where the line ends that byte `at` is in: at a newline that stands neither in a comment nor after a \. */
static size_t line_end(const struct parser *parser, size_t at) {
    const char *text = parser->text;

    for (size_t i = at; i < parser->end; i++) {
        if (text[i] == '\n')
            return i;
        if (text[i] == '\\' && i + 1 < parser->end) {
            i++;
        } else if (text[i] == '/' && i + 1 < parser->end && text[i + 1] == '*') {
            for (i += 2; i < parser->end && !(text[i] == '/' && text[i - 1] == '*'); i++)
                ;
        } else if (text[i] == '/' && i + 1 < parser->end && text[i + 1] == '/') {
            const char *newline = memchr(text + i, '\n', parser->end - i);
            return newline ? (size_t)(newline - text) : parser->end;
        }
    }
    return parser->end;
}

static bool begins_line(const struct parser *parser, size_t at) {
    while (at > 0 && parser->text[at - 1] != '\n' && lex_is_space(parser->text[at - 1]))
        at--;
    return at == 0 || parser->text[at - 1] == '\n';
}

/* A value that can take the place of its name anywhere, as C's text replacement would have it. */
static bool stands_alone(const struct node *value) {
    bool operators = value->kind == NODE_BINARY || value->kind == NODE_ASSIGN ||
                     value->kind == NODE_CONDITIONAL || value->kind == NODE_COMMA;

    return value->parenthesised || !operators;
}

static bool parse_value(struct parser *parser, struct node *define) {
    if (parser->token.kind == TOKEN_END)
        return true;
    if (parser_at(parser, "{") || parser_at(parser, ";")) {
        parser_fail(parser, parser->token.where,
                    "only constants, expressions and types can be given a name with #define");
        error_hint(parser->error, "write it out where it is needed");
        return false;
    }
    define->left = parse_expression(parser);
    if (!define->left)
        return false;
    if (parser_at(parser, ";")) {
        parser_fail(parser, parser->token.where, "this `;` would become part of %s", define->text);
        error_hint(parser->error, "a #define ends with its line; leave the `;` out");
        return false;
    }
    if (parser->token.kind != TOKEN_END) {
        parser_unexpected(parser, "the end of the line");
        return false;
    }
    if (!stands_alone(define->left)) {
        parser_fail(parser, define->left->where, "an operator beside %s would tear this apart, as in 2 * %s",
                    define->text, define->text);
        error_hint(parser->error, "put parentheses round the whole value");
        return false;
    }
    return true;
}

/* `#define SA struct sockaddr`, as in Stevens' books, is a typedef by another name. */
static struct node *parse_type(struct parser *parser, struct node *define) {
    struct node *type = node_new(parser, NODE_DECLARATOR, define->where.at), *last = NULL;

    if (!parse_typename(parser, &type->typename))
        return NULL;
    if (parser->token.kind != TOKEN_END)
        return parser_unexpected(parser, "the end of the line");
    type->operator= define->operator;
    type->text = define->text;
    define->kind = NODE_TYPEDEF;
    parser_know(parser, define->text, true);
    if (!(type = node_finish(parser, type)))
        return NULL;
    node_append(define, &last, type);
    return node_finish(parser, define);
}

static struct node *parse_define(struct parser *parser, size_t start) {
    struct node *define = node_new(parser, NODE_DEFINE, start);

    parser_next(parser);
    if (parser->token.kind != TOKEN_NAME)
        return parser_unexpected(parser, "a name after #define");
    define->operator = parser->token.where;
    define->text = parser_text(parser, parser->token.where);
    parser_next(parser);
    if (parser_at(parser, "(") && parser->token.where.at == parser->previous_end) {
        parser_fail(parser, define->operator, "a #define with parameters is not understood");
        error_hint(parser->error, "write its text out where it is needed");
        return NULL;
    }
    if (token_begins_type(parser, parser->token))
        return parse_type(parser, define);
    return parse_value(parser, define) ? node_finish(parser, define) : NULL;
}

/* One directive; the parser sees only its line. */
static struct node *parse_line(struct parser *parser, size_t start) {
    struct span word = parser->token.where;
    const char *text = parser->text + word.at;

    if (parser->token.kind == TOKEN_NAME && word.length == 6 && memcmp(text, "define", 6) == 0)
        return parse_define(parser, start);
    if (parser->token.kind == TOKEN_END ||
        (parser->token.kind == TOKEN_NAME && word.length == 7 && memcmp(text, "include", 7) == 0)) {
        /* All that the headers would bring is here already. */
        parser->previous_end = parser->end;
        return node_finish(parser, node_new(parser, NODE_EMPTY, start));
    }
    parser_fail(parser, word, "this # line is not understood; #define NAME value and #include are");
    error_hint(parser->error, "leave the line out");
    return NULL;
}

struct node *parse_directive(struct parser *parser) {
    size_t start = parser->token.where.at, end = parser->end;

    if (!begins_line(parser, start)) {
        parser_fail(parser, parser->token.where, "a # can stand only at the beginning of a line");
        error_hint(parser->error, "begin a new line");
        return NULL;
    }
    parser->end = line_end(parser, start);
    parser->line_only = true;
    parser_next(parser);
    struct node *node = parse_line(parser, start);
    size_t line = parser->end;
    parser->end = end;
    parser->line_only = false;
    if (node)
        parser_go(parser, line);
    return node;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements: C17 6.8, without labels and goto; switch is in parse_switch.c. */
#include <string.h>

#include "base/suggest.h"
#include "lang/parse_internal.h"

/* What ends a statement */

/* "retrun 0", "sockelen_t length": a word that was meant to be another. */
static bool complain_word(struct parser *parser, const struct node *word) {
    struct suggestion near;
    const char *known;

    suggest_start(&near, word->text);
    for (size_t i = 0; (known = lex_keyword(i)); i++)
        suggest_offer(&near, known);
    for (size_t i = 0; (known = type_typedef_name(i)); i++)
        suggest_offer(&near, known);
    if (!near.best && !type_struct(word->text))
        return false;
    error_set(parser->error, ERROR_NAME, word->operator, "`%s` is no type or keyword of C", word->text);
    if (type_struct(word->text))
        error_hint(parser->error, "did you mean struct %s?", word->text);
    else
        error_hint(parser->error, "did you mean %s?", near.best);
    return true;
}

/* The token after an expression statement that neither ends nor continues it: what was meant? */
static void complain_missing(struct parser *parser, const struct node *expression) {
    struct span after = {(uint32_t)parser->previous_end, 1};
    enum node_kind kind = expression ? expression->kind : NODE_EMPTY;

    if (kind == NODE_NAME && parser_at(parser, ":")) {
        parser_fail(parser, expression->where, "labels are not understood here");
        error_hint(parser->error, "use a loop with break and continue");
        return;
    }
    bool word = kind == NODE_NAME || (kind == NODE_CALL && parser_at(parser, "{"));
    if (word && complain_word(parser, expression))
        return;
    if (kind == NODE_CALL && parser_at(parser, "{")) {
        parser_fail(parser, expression->where, "what %s() returns is missing", expression->text);
        error_hint(parser->error, "write its type before it: int %s(…), or void", expression->text);
        return;
    }
    if (parser_at(parser, ")") || parser_at(parser, "]")) {
        parser_fail(parser, parser->token.where, "nothing is open that this could close");
        return;
    }
    bool same_line =
        !memchr(parser->text + parser->previous_end, '\n', parser->token.where.at - parser->previous_end);
    if (expression && same_line && !parser_at(parser, "}"))
        parser_fail(parser, after, "`;` or an operator is missing here");
    else
        parser_fail(parser, after, "`;` is missing here");
    error_hint(parser->error, "each statement but the last ends with `;`");
}

bool parse_semicolon(struct parser *parser, const struct node *expression) {
    if (parser_take(parser, ";") || parser->token.kind == TOKEN_END)
        return true;
    const char *text = parser->text + parser->token.where.at;
    if (parser->token.kind == TOKEN_BAD || lex_unsupported(text, parser->token.where.length))
        parser_unexpected(parser, "`;`");
    else
        complain_missing(parser, expression);
    return false;
}

/* Statements */

static struct node *parse_expression_statement(struct parser *parser) {
    struct node *statement = node_new(parser, NODE_EXPRESSION, parser->token.where.at);

    parser->statement_at = parser->token.where.at;
    parser->result_read = false;
    statement->left = parse_expression(parser);
    if (!statement->left)
        return NULL;
    if (!parser->result_read && !parse_semicolon(parser, statement->left))
        return NULL;
    statement->left->is_statement = true;
    return node_finish(parser, statement);
}

static struct node *parse_block(struct parser *parser) {
    struct node *block = node_new(parser, NODE_BLOCK, parser->token.where.at);

    const struct known_name *known = parser->known;
    parser_next(parser);
    bool parsed = parse_statements(parser, block, true);
    parser->known = known;
    return parsed ? node_finish(parser, block) : NULL;
}

static struct node *parse_empty(struct parser *parser) {
    struct node *empty = node_new(parser, NODE_EMPTY, parser->token.where.at);

    parser_next(parser);
    return node_finish(parser, empty);
}

/* A node for the keyword the parser is at, and past it. */
struct node *parse_begin(struct parser *parser, enum node_kind kind) {
    struct node *node = node_new(parser, kind, parser->token.where.at);

    node->operator = parser->token.where;
    parser_next(parser);
    return node;
}

/* What if, while, do and for govern: one statement, which in C is no declaration. */
static struct node *parse_body(struct parser *parser) {
    if (token_begins_type(parser, parser->token) || parser_at(parser, "#")) {
        parser_fail(parser, parser->token.where, "%s cannot stand alone here",
                    parser_at(parser, "#") ? "a # line" : "a declaration");
        error_hint(parser->error, "put { } round what belongs together");
        return NULL;
    }
    return parse_statement(parser);
}

static struct node *parse_loop_body(struct parser *parser) {
    parser->loops++;
    struct node *body = parse_body(parser);
    parser->loops--;
    return body;
}

struct node *parse_condition(struct parser *parser, const char *after) {
    if (!parser_expect(parser, "(", after))
        return NULL;
    struct node *condition = parse_expression(parser);
    return condition && parser_expect(parser, ")", "the condition") ? condition : NULL;
}

static struct node *parse_if(struct parser *parser) {
    struct node *node = parse_begin(parser, NODE_IF);

    if (!(node->condition = parse_condition(parser, "`if`")) || !(node->left = parse_body(parser)))
        return NULL;
    if (parser_take(parser, "else") && !(node->right = parse_body(parser)))
        return NULL;
    return node_finish(parser, node);
}

/* `if (x) { }` was complete, and ran; C lets an else follow on the next line.  Whether there was such an if only
 * the interpreter knows. */
static struct node *parse_else(struct parser *parser) {
    struct node *node = parse_begin(parser, NODE_ELSE);

    return (node->left = parse_body(parser)) ? node_finish(parser, node) : NULL;
}

static struct node *parse_while(struct parser *parser) {
    struct node *node = parse_begin(parser, NODE_WHILE);

    if (!(node->condition = parse_condition(parser, "`while`")) || !(node->left = parse_loop_body(parser)))
        return NULL;
    return node_finish(parser, node);
}

static struct node *parse_do(struct parser *parser) {
    struct node *node = parse_begin(parser, NODE_DO);

    if (!(node->left = parse_loop_body(parser)) || !parser_expect(parser, "while", "the body of `do`") ||
        !(node->condition = parse_condition(parser, "`while`")) || !parse_semicolon(parser, NULL))
        return NULL;
    return node_finish(parser, node);
}

/* The first clause of a for, with its ; — *first stays NULL when it is empty. */
static bool parse_for_first(struct parser *parser, struct node **first) {
    if (parser_take(parser, ";"))
        return true;
    if (token_begins_type(parser, parser->token))
        return (*first = parse_declaration(parser)) != NULL;
    struct node *node = node_new(parser, NODE_EXPRESSION, parser->token.where.at);
    node->left = parse_expression(parser);
    if (!node->left || !parser_expect(parser, ";", "the first part of `for`"))
        return false;
    return (*first = node_finish(parser, node)) != NULL;
}

static struct node *parse_for(struct parser *parser) {
    struct node *node = parse_begin(parser, NODE_FOR);
    const struct known_name *known = parser->known;

    if (!parser_expect(parser, "(", "`for`") || !parse_for_first(parser, &node->first))
        return NULL;
    if (!parser_at(parser, ";") && !(node->condition = parse_expression(parser)))
        return NULL;
    if (!parser_expect(parser, ";", "the condition of `for`"))
        return NULL;
    if (!parser_at(parser, ")") && !(node->step = parse_expression(parser)))
        return NULL;
    if (!parser_expect(parser, ")", "the last part of `for`") || !(node->left = parse_loop_body(parser)))
        return NULL;
    parser->known = known;
    return node_finish(parser, node);
}

static struct node *parse_jump(struct parser *parser) {
    bool is_break = parser_at(parser, "break");
    struct node *node = parse_begin(parser, is_break ? NODE_BREAK : NODE_CONTINUE);

    if (parser->loops == 0 && !is_break)
        return parser_fail(parser, node->operator, "`continue` stands in no loop");
    if (parser->loops == 0 && parser->switches == 0)
        return parser_fail(parser, node->operator, "`break` stands in no loop or switch");
    return parse_semicolon(parser, NULL) ? node_finish(parser, node) : NULL;
}

/* C17 6.8.6.4p1.  At the prompt it ends the actor, with or without a status. */
static bool check_return(struct parser *parser, const struct node *node) {
    const struct node *function = parser->function;

    if (!function)
        return true;
    bool is_void = function->typename.base == &type_void && !function->typename.derived;
    if (is_void == !node->left)
        return true;
    parser_fail(parser, node->left ? node->left->where : node->operator, "%s() returns %s", function->text,
                is_void ? "nothing: it is void" : "a value: it is missing here");
    error_hint(parser->error, is_void ? "write `return;`, or give %s() another type than void"
                                      : "write it behind `return`, or make %s() void", function->text);
    return false;
}

static struct node *parse_return(struct parser *parser) {
    struct node *node = parse_begin(parser, NODE_RETURN);

    if (!parser_at(parser, ";") && parser->token.kind != TOKEN_END &&
        !(node->left = parse_expression(parser)))
        return NULL;
    if (!check_return(parser, node))
        return NULL;
    return parse_semicolon(parser, node->left) ? node_finish(parser, node) : NULL;
}

static struct node *refuse_else(struct parser *parser) {
    parser_fail(parser, parser->token.where, ELSE_ALONE);
    error_hint(parser->error, ELSE_REMEDY);
    return NULL;
}

static struct node *refuse_brace(struct parser *parser) {
    return parser_fail(parser, parser->token.where, "no { is open that this } could close");
}

static const struct {
    const char *word;
    struct node *(*parse)(struct parser *parser);
} beginnings[] = {
    {"{", parse_block},       {";", parse_empty},       {"#", parse_directive}, {"if", parse_if},
    {"while", parse_while},   {"do", parse_do},         {"for", parse_for},     {"break", parse_jump},
    {"continue", parse_jump}, {"return", parse_return}, {"else", refuse_else},  {"}", refuse_brace},
    {"switch", parse_switch}, {"case", parse_stray_case}, {"default", parse_stray_case},
};

struct node *parse_statement(struct parser *parser) {
    struct node *(*parse_it)(struct parser *) = parse_expression_statement;

    if (parser->token.kind == TOKEN_END)
        return parser_unexpected(parser, "a statement");
    if (token_begins_type(parser, parser->token))
        parse_it = parse_declaration;
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++)
        if (parser_at(parser, beginnings[i].word))
            parse_it = beginnings[i].parse;
    if (!parser_enter(parser))
        return NULL;
    struct node *statement = parse_it(parser);
    parser_leave(parser);
    return statement;
}

/* What stands outside of functions in a source file: declarations and # lines. */
static bool check_file(struct parser *parser) {
    if (!parser->file || token_begins_type(parser, parser->token) || parser_at(parser, "#") ||
        parser_at(parser, ";") || parser->token.kind == TOKEN_BAD || parser->token.kind == TOKEN_END)
        return true;
    parser_fail(parser, parser->token.where, "only declarations can stand outside of functions");
    error_hint(parser->error, token_is(parser, parser_peek(parser), "(")
                                  ? "a function begins with the type of what it returns: int main(void)"
                                  : "put statements into main(); lines for the prompt stand in a file of another name "
                                    "than FILE.c");
    return false;
}

bool parse_statements(struct parser *parser, struct node *owner, bool block) {
    struct node *last = NULL;

    while (block ? !parser_at(parser, "}") : parser->token.kind != TOKEN_END) {
        if (parser->token.kind == TOKEN_END) {
            parser_unexpected(parser, "the `}` of a block");
            return false;
        }
        bool continues = !block && !last && parser_at(parser, "else");
        if (!block && !check_file(parser))
            return false;
        struct node *statement = continues ? parse_else(parser) : parse_statement(parser);
        if (!statement)
            return false;
        node_append(owner, &last, statement);
    }
    if (block)
        parser_next(parser);
    return true;
}

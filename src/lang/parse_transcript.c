/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a line of a transcript has beyond C, so that transcripts can be given
 * back: addresses as {AF_INET, 127.0.0.1:8888}, and the result after a call.
 */
#include <string.h>

#include "lang/parse_internal.h"

/* Addresses */

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

static struct node *refuse_address(struct parser *parser, struct span where) {
    parser_fail(parser, where, "this is no address");
    error_hint(
        parser->error,
        "addresses look like {AF_INET, 127.0.0.1:8888}, {AF_INET6, [::1]:80} or {AF_UNIX, \"/tmp/x\"}");
    return NULL;
}

/* The characters of numeric addresses, host names, * and scopes. */
static bool is_address_char(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr(".:*%_-[]", c));
}

/* After {AF_INET, or {AF_INET6, : everything up to the } as it stands. */
static bool read_plain_address(struct parser *parser, struct node *address) {
    size_t from = parser->token.where.at, to = from;

    while (to < parser->end && is_address_char(parser->text[to]))
        to++;
    struct span where = {(uint32_t)from, (uint32_t)(to - from)};
    address->text = parser_text(parser, where);
    address->text_length = where.length;
    parser->previous_end = to;
    parser_go(parser, to);
    return where.length > 0;
}

/* After {AF_UNIX, : a string, with @ before it for an abstract name, as strace writes. */
static bool read_unix_address(struct parser *parser, struct node *address) {
    bool abstract = parser->token.kind == TOKEN_BAD && parser->text[parser->token.where.at] == '@';

    if (abstract)
        parser_go(parser, parser->token.where.at + 1);
    if (parser->token.kind != TOKEN_STRING)
        return false;
    struct node *path = parse_string(parser);
    if (!path)
        return false;
    char *text = arena_alloc(parser->arena, path->text_length + 2);
    text[0] = '@';
    memcpy(text + abstract, path->text, path->text_length);
    address->text = text;
    address->text_length = path->text_length + abstract;
    return true;
}

static bool family_is(const struct parser *parser, struct span family, const char *name) {
    return strlen(name) == family.length && memcmp(parser->text + family.at, name, family.length) == 0;
}

struct node *parse_address(struct parser *parser) {
    struct node *address = node_new(parser, NODE_ADDRESS, parser->token.where.at);
    struct span brace = parser->token.where;
    bool read = false;

    parser_next(parser);
    struct span family = parser->token.where;
    if (parser->token.kind == TOKEN_END)
        return parser_unexpected(parser, "an address family");
    if (parser->token.kind != TOKEN_NAME)
        return refuse_address(parser, brace);
    parser_next(parser);
    if (!parser_expect(parser, ",", "the address family"))
        return NULL;
    if (parser->token.kind == TOKEN_END)
        return parser_unexpected(parser, "an address");
    if (family_is(parser, family, "AF_INET") || family_is(parser, family, "AF_INET6"))
        read = read_plain_address(parser, address);
    else if (family_is(parser, family, "AF_UNIX") || family_is(parser, family, "AF_LOCAL"))
        read = read_unix_address(parser, address);
    if (!read)
        return refuse_address(parser, parser->token.where);
    if (!parser_expect(parser, "}", "the address"))
        return NULL;
    return node_finish(parser, address);
}

bool parse_shown_argument(struct parser *parser) {
    if (parser_at(parser, "[")) {
        parser_fail(parser, parser->token.where,
                    "[ ] shows what the kernel stored there when this was a transcript");
        error_hint(parser->error, "give the variable's address, for example &length");
        return true;
    }
    if (parser_at(parser, "...")) {
        parser_fail(parser, parser->token.where, "... stands for something that was left out");
        error_hint(parser->error, "write it in full");
        return true;
    }
    return false;
}

/* Results */

/* Reading a line's rest: each function passes what it knows and returns where it stopped. */
static const char *pass_blanks(const char *text, const char *end) {
    while (text < end && (is_blank(*text) || *text == '\r'))
        text++;
    return text;
}

/* 3, -1, 0x7f12, or ? when the call did not return; NULL when it is none of these. */
static const char *pass_number(const char *text, const char *end) {
    if (text < end && *text == '?')
        return text + 1;
    if (text < end && *text == '-')
        text++;
    const char *digits = text;
    bool hex = end - text > 2 && text[0] == '0' && text[1] == 'x';
    text += hex ? 2 : 0;
    while (text < end && *text && strchr(hex ? "0123456789abcdef" : "0123456789", *text))
        text++;
    return text > digits ? text : NULL;
}

/* ECONNREFUSED (Connection refused) */
static const char *pass_reason(const char *text, const char *end) {
    while (text < end && ((*text >= 'A' && *text <= 'Z') || (*text >= '0' && *text <= '9') || *text == '_'))
        text++;
    text = pass_blanks(text, end);
    if (text >= end || *text != '(')
        return text;
    const char *close = memchr(text, ')', (size_t)(end - text));
    return close ? close + 1 : text;
}

bool parse_result(struct parser *parser, struct node *call) {
    const char *text = parser->text + parser->token.where.at + 1, *limit = parser->text + parser->end;
    const char *newline = memchr(text, '\n', (size_t)(limit - text)), *end = newline ? newline : limit;

    const char *number = pass_number(pass_blanks(text, end), end);
    const char *rest = number;
    if (number && number < end && is_blank(*number))
        rest = pass_blanks(pass_reason(pass_blanks(number, end), end), end);
    bool comment = rest && end - rest >= 2 && rest[0] == '/' && rest[1] == '/';
    if (rest && pass_blanks(rest, end) == end)
        rest = end;
    if (rest && (rest == end || comment)) {
        call->with_result = true;
        parser->result_read = true;
        parser->previous_end = (size_t)(rest - parser->text);
        parser_go(parser, (size_t)(end - parser->text));
        return true;
    }
    parser_fail(parser, parser->token.where, "a call cannot be assigned to");
    error_hint(parser->error,
               "to compare, write ==; a transcript's line ends with the result, as in = -1 EBADF (Bad file "
               "descriptor)");
    return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which names are types.  The text's own typedefs are kept in a list that a
 * block takes back to what it was.  A grammar that does without, and leaves it
 * to the evaluation what `SA *p` means, was rejected: it would need a second
 * meaning for much of what begins with a name, and could not tell a misspelt
 * type from a misspelt variable.
 */
#include <string.h>

#include "lang/parse_internal.h"

struct known_name {
    const struct known_name *next;
    const char *text;
    bool is_type;
};

#define LONGEST 64 /* bytes of a name that may be a type's */

static const struct known_name *find(const struct parser *parser, const char *name) {
    const struct known_name *known = parser->known;

    while (known && strcmp(known->text, name) != 0)
        known = known->next;
    return known;
}

/* After a type comes a name, a *, (*, the end of a ( ), or a further word of the type.  Calls, which begin most
 * statements, look like none of it. */
static bool may_follow(const struct parser *parser, struct token token) {
    static const char *const words[] = {"const", "volatile", "restrict", "*", ")"};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (token_is(parser, token, words[i]))
            return true;
    if (token_is(parser, token, "("))
        return token_is(parser, lex_next(parser->text, parser->end, token.where.at + 1), "*");
    return token.kind == TOKEN_NAME;
}

bool token_names_type(const struct parser *parser, struct token token) {
    char name[LONGEST];

    if (token.kind != TOKEN_NAME || token.where.length >= sizeof(name) ||
        (!parser->known && !parser->types) ||
        !may_follow(parser, lex_next(parser->text, parser->end, token.where.at + token.where.length)))
        return false;
    memcpy(name, parser->text + token.where.at, token.where.length);
    name[token.where.length] = '\0';
    const struct known_name *known = find(parser, name);
    if (known)
        return known->is_type;
    return parser->types && parser->types->is_type(parser->types->context, name);
}

void parser_know(struct parser *parser, const char *name, bool is_type) {
    if (!is_type && !parser->known && !parser->types)
        return; /* nothing that it could hide */
    struct known_name *known = arena_alloc(parser->arena, sizeof(*known));

    *known = (struct known_name){parser->known, name, is_type};
    parser->known = known;
}

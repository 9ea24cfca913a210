/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types as written: specifiers in any order (C17 6.7.2), declarators (6.7.6), type names (6.7.7). */
#include <string.h>

#include "lang/parse_internal.h"

/* Specifiers */

enum word {
    WORD_VOID,
    WORD_CHAR,
    WORD_SHORT,
    WORD_INT,
    WORD_LONG,
    WORD_SIGNED,
    WORD_UNSIGNED,
    WORD_BOOL,
    WORDS
};

static const char *const words[WORDS] = {"void", "char",   "short",    "int",
                                         "long", "signed", "unsigned", "_Bool"};

/* Which basic type a multiset of words is; `int` goes with most of them and says nothing. */
static const struct {
    unsigned char count[WORDS];
    const struct type *type;
} combinations[] = {
    {{[WORD_VOID] = 1}, &type_void},
    {{[WORD_BOOL] = 1}, &type_bool},
    {{[WORD_CHAR] = 1}, &type_char},
    {{[WORD_CHAR] = 1, [WORD_SIGNED] = 1}, &type_schar},
    {{[WORD_CHAR] = 1, [WORD_UNSIGNED] = 1}, &type_uchar},
    {{[WORD_SHORT] = 1}, &type_short},
    {{[WORD_SHORT] = 1, [WORD_SIGNED] = 1}, &type_short},
    {{[WORD_SHORT] = 1, [WORD_UNSIGNED] = 1}, &type_ushort},
    {{[WORD_INT] = 1}, &type_int},
    {{[WORD_SIGNED] = 1}, &type_int},
    {{[WORD_UNSIGNED] = 1}, &type_uint},
    {{[WORD_LONG] = 1}, &type_long},
    {{[WORD_LONG] = 1, [WORD_SIGNED] = 1}, &type_long},
    {{[WORD_LONG] = 1, [WORD_UNSIGNED] = 1}, &type_ulong},
    {{[WORD_LONG] = 2}, &type_llong},
    {{[WORD_LONG] = 2, [WORD_SIGNED] = 1}, &type_llong},
    {{[WORD_LONG] = 2, [WORD_UNSIGNED] = 1}, &type_ullong},
};

static const struct type *combine(const unsigned char count[WORDS]) {
    unsigned char key[WORDS];

    memcpy(key, count, sizeof(key));
    if (key[WORD_INT] == 1 && (key[WORD_SHORT] || key[WORD_LONG] || key[WORD_SIGNED] || key[WORD_UNSIGNED]) &&
        !key[WORD_CHAR])
        key[WORD_INT] = 0;
    for (size_t i = 0; i < sizeof(combinations) / sizeof(combinations[0]); i++)
        if (memcmp(combinations[i].count, key, sizeof(key)) == 0)
            return combinations[i].type;
    return NULL;
}

static bool take_one(struct parser *parser, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (parser_take(parser, list[i]))
            return true;
    return false;
}

static bool take_qualifier(struct parser *parser) {
    static const char *const qualifiers[] = {"const", "volatile", "restrict"};

    return take_one(parser, qualifiers, 3);
}

static const struct type *named_type(const struct parser *parser, struct token token) {
    char name[32];

    if (token.kind != TOKEN_NAME || token.where.length >= sizeof(name))
        return NULL;
    memcpy(name, parser->text + token.where.at, token.where.length);
    name[token.where.length] = '\0';
    return type_typedef(name);
}

bool token_begins_system_type(const struct parser *parser, struct token token) {
    static const char *const others[] = {"const",    "volatile", "restrict", "static", "extern", "typedef",
                                         "register", "auto",     "struct",   "union",  "enum"};

    for (size_t i = 0; i < WORDS; i++)
        if (token_is(parser, token, words[i]))
            return true;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (token_is(parser, token, others[i]))
            return true;
    return named_type(parser, token) != NULL;
}

bool token_begins_type(const struct parser *parser, struct token token) {
    return token_begins_system_type(parser, token) || token_names_type(parser, token);
}

/* What has been read of a declaration's specifiers. */
struct reading {
    struct specifiers *specifiers;
    unsigned char count[WORDS]; /* of the basic types' words; more than 3 are counted as 3 */
    bool basic;                 /* any of those */
    enum specifying what;
};

enum outcome { READ_ONE, READ_ALL, READ_FAILED };

static struct node *parse_type_name(struct parser *parser) {
    struct node *name = node_new(parser, NODE_TYPE_NAME, parser->token.where.at);

    name->text = parser_text(parser, parser->token.where);
    parser_next(parser);
    return node_finish(parser, name);
}

static enum outcome read_specifier(struct parser *parser, struct reading *reading) {
    static const char *const classes[] = {"static", "register", "auto"};
    struct specifiers *specifiers = reading->specifiers;
    struct typename *typename = &specifiers->typename;
    bool typed = reading->basic || typename->base || typename->named;
    bool storage = reading->what == SPECIFY_DECLARATION;
    size_t word = 0;

    while (word < WORDS && !parser_at(parser, words[word]))
        word++;
    if (word < WORDS) {
        reading->basic = true;
        reading->count[word] = (unsigned char)(reading->count[word] < 3 ? reading->count[word] + 1 : 3);
        parser_next(parser);
        return READ_ONE;
    }
    if (!typed && (typename->base = named_type(parser, parser->token))) {
        parser_next(parser);
        return READ_ONE;
    }
    if (!typed && token_names_type(parser, parser->token))
        return (typename->named = parse_type_name(parser)) ? READ_ONE : READ_FAILED;
    if (!typed && (parser_at(parser, "struct") || parser_at(parser, "union") || parser_at(parser, "enum")))
        return parse_tag(parser, reading->what, specifiers) ? READ_ONE : READ_FAILED;
    if (storage && (parser_at(parser, "extern") || parser_at(parser, "typedef"))) {
        *(parser_at(parser, "extern") ? &specifiers->is_extern : &specifiers->is_typedef) = true;
        parser_next(parser);
        return READ_ONE;
    }
    specifiers->is_const |= parser_at(parser, "const");
    specifiers->is_static |= storage && parser_at(parser, "static");
    bool passed = take_qualifier(parser) || (storage && take_one(parser, classes, 3));
    return passed ? READ_ONE : READ_ALL;
}

bool parse_specifiers(struct parser *parser, enum specifying what, struct specifiers *specifiers) {
    struct reading reading = {.specifiers = specifiers, .what = what};
    size_t start = parser->token.where.at;
    enum outcome outcome;

    *specifiers = (struct specifiers){0};
    do
        outcome = read_specifier(parser, &reading);
    while (outcome == READ_ONE);
    if (outcome == READ_FAILED)
        return false;

    struct span where = {(uint32_t)start, (uint32_t)(parser->previous_end - start)};
    struct typename *typename = &specifiers->typename;
    bool named = typename->base || typename->named;
    if (!reading.basic && !named)
        parser_unexpected(parser, "a type");
    else if (reading.basic && named)
        parser_fail(parser, where, "these are two types in one");
    else if (reading.basic && !(typename->base = combine(reading.count)))
        parser_fail(parser, where, "these words make no type of C");
    else
        return true;
    return false;
}

/* Declarators */

/* A list of derivations, innermost first. */
struct chain {
    struct derivation *first, *last;
    unsigned count;
};

static void chain_append(struct chain *chain, const struct chain *more) {
    if (!more->first)
        return;
    if (chain->last)
        chain->last->next = more->first;
    else
        chain->first = more->first;
    chain->last = more->last;
    chain->count += more->count;
}

static struct chain chain_of(struct parser *parser, bool array, struct node *count) {
    struct derivation *derivation = arena_alloc(parser->arena, sizeof(*derivation));

    derivation->kind = array ? DERIVE_ARRAY : DERIVE_POINTER;
    derivation->count = count;
    return (struct chain){derivation, derivation, 1};
}

static bool refuse_function(struct parser *parser) {
    parser_fail(parser, parser->token.where, "pointers to functions are not understood here");
    error_hint(parser->error, "functions are called by their name");
    return false;
}

/* [2][3]: the last one is the innermost. */
static bool parse_arrays(struct parser *parser, struct chain *arrays) {
    while (parser_take(parser, "[")) {
        struct node *count = NULL;
        if (!parser_enter(parser))
            return false;
        if (!parser_at(parser, "]") && !(count = parse_assignment(parser)))
            return false;
        parser_leave(parser);
        if (!parser_expect(parser, "]", "the number of elements"))
            return false;
        struct chain outer = *arrays;
        *arrays = chain_of(parser, true, count);
        chain_append(arrays, &outer);
    }
    return true;
}

static bool parse_chain(struct parser *parser, enum declarator_form form, struct chain *chain,
                        struct span *name);

/* A name, ( declarator ), or nothing; then arrays. */
static bool parse_direct(struct parser *parser, enum declarator_form form, struct chain *chain,
                         struct span *name) {
    struct chain inner = {0}, arrays = {0};

    if (form != DECLARATOR_ABSTRACT && parser->token.kind == TOKEN_NAME) {
        *name = parser->token.where;
        parser_next(parser);
    } else if (parser_at(parser, "(") && !token_begins_type(parser, parser_peek(parser)) &&
               !token_is(parser, parser_peek(parser), ")")) {
        parser_next(parser);
        if (!parser_enter(parser) || !parse_chain(parser, form, &inner, name) ||
            !parser_expect(parser, ")", "the declarator"))
            return false;
        parser_leave(parser);
    } else if (form == DECLARATOR_NAMED) {
        parser_unexpected(parser, "a name");
        return false;
    }
    if (parser_at(parser, "("))
        return refuse_function(parser);
    if (!parse_arrays(parser, &arrays))
        return false;
    chain_append(chain, &arrays);
    chain_append(chain, &inner);
    if (chain->count <= TYPE_CHAIN_MAX)
        return true;
    return error_set(parser->error, ERROR_LIMIT, parser->token.where,
                     "more than %d pointers and arrays on one another", TYPE_CHAIN_MAX);
}

static void parse_stars(struct parser *parser, struct chain *chain) {
    while (parser_take(parser, "*")) {
        struct chain pointer = chain_of(parser, false, NULL);
        chain_append(chain, &pointer);
        while (take_qualifier(parser))
            ;
    }
}

static bool parse_chain(struct parser *parser, enum declarator_form form, struct chain *chain,
                        struct span *name) {
    parse_stars(parser, chain);
    return parse_direct(parser, form, chain, name);
}

struct derivation *parse_pointers(struct parser *parser) {
    struct chain chain = {0};

    parse_stars(parser, &chain);
    return chain.first;
}

bool parse_declarator(struct parser *parser, enum declarator_form form, struct derivation **derived,
                      struct span *name) {
    struct chain chain = {0};

    *name = (struct span){0};
    if (!parse_chain(parser, form, &chain, name))
        return false;
    *derived = chain.first;
    return true;
}

bool parse_typename(struct parser *parser, struct typename *typename) {
    struct specifiers specifiers;
    struct span name;

    if (!parse_specifiers(parser, SPECIFY_TYPENAME, &specifiers))
        return false;
    *typename = specifiers.typename;
    return parse_declarator(parser, DECLARATOR_ABSTRACT, &typename->derived, &name);
}

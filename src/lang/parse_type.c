/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types as written: specifiers in any order (C17 6.7.2), declarators (6.7.6), type names (6.7.7). */
#include <string.h>

#include "base/suggest.h"
#include "lang/parse_internal.h"

#define DERIVATIONS_MAX 12 /* pointers and arrays on one another; C17 5.2.4.1 asks for 12 */

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

bool token_begins_type(const struct parser *parser, struct token token) {
    static const char *const others[] = {"const",    "volatile", "restrict", "static", "extern",
                                         "register", "auto",     "struct",   "union"};

    for (size_t i = 0; i < WORDS; i++)
        if (token_is(parser, token, words[i]))
            return true;
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (token_is(parser, token, others[i]))
            return true;
    return named_type(parser, token) != NULL;
}

static void complain_tag(struct parser *parser, const char *keyword, const char *tag) {
    struct suggestion near;
    const char *known;

    error_set(parser->error, ERROR_NAME, parser->token.where, "there is no %s %s here", keyword, tag);
    suggest_start(&near, tag);
    for (size_t i = 0; (known = type_struct_name(i)); i++)
        suggest_offer(&near, known);
    if (near.best)
        error_hint(parser->error, "did you mean %s?", type_struct(near.best)->name);
    else
        error_hint(parser->error, "only the system's own structs are known, such as struct sockaddr_in");
}

static void refuse_definition(struct parser *parser, const struct type *known) {
    if (known)
        parser_fail(parser, parser->token.where, "%s is there already, with the system's own layout",
                    known->name);
    else
        parser_fail(parser, parser->token.where, "structs, unions and enums cannot be defined here yet");
    error_hint(parser->error,
               known ? "leave the definition out" : "use variables of their own for the members");
}

/* struct TAG: the parser is at the keyword. */
static const struct type *parse_tag(struct parser *parser) {
    const char *keyword = parser_at(parser, "union") ? "union" : "struct";
    size_t length = strlen(keyword);

    parser_next(parser);
    if (parser_at(parser, "{")) {
        refuse_definition(parser, NULL);
        return NULL;
    }
    if (parser->token.kind != TOKEN_NAME)
        return parser_unexpected(parser, "the name of a struct");
    const char *tag = parser_text(parser, parser->token.where);
    const struct type *type = type_struct(tag);
    if (type && strncmp(type->name, keyword, length) != 0)
        type = NULL;
    if (token_is(parser, parser_peek(parser), "{")) {
        refuse_definition(parser, type);
        return NULL;
    }
    if (!type)
        complain_tag(parser, keyword, tag);
    else
        parser_next(parser);
    return type;
}

/* What has been read of a declaration's specifiers. */
struct reading {
    struct specifiers *specifiers;
    unsigned char count[WORDS]; /* of the basic types' words; more than 3 are counted as 3 */
    bool basic;                 /* any of those */
    bool storage_allowed;
};

enum outcome { READ_ONE, READ_ALL, READ_FAILED };

static enum outcome read_specifier(struct parser *parser, struct reading *reading) {
    static const char *const storage[] = {"static", "register", "auto"};
    struct specifiers *specifiers = reading->specifiers;
    bool typed = reading->basic || specifiers->base;
    size_t word = 0;

    while (word < WORDS && !parser_at(parser, words[word]))
        word++;
    if (word < WORDS) {
        reading->basic = true;
        reading->count[word] = (unsigned char)(reading->count[word] < 3 ? reading->count[word] + 1 : 3);
        parser_next(parser);
        return READ_ONE;
    }
    if (!typed && (specifiers->base = named_type(parser, parser->token))) {
        parser_next(parser);
        return READ_ONE;
    }
    if (!typed && (parser_at(parser, "struct") || parser_at(parser, "union")))
        return (specifiers->base = parse_tag(parser)) ? READ_ONE : READ_FAILED;
    if (reading->storage_allowed && parser_take(parser, "extern")) {
        specifiers->is_extern = true;
        return READ_ONE;
    }
    specifiers->is_const |= parser_at(parser, "const");
    specifiers->is_static |= reading->storage_allowed && parser_at(parser, "static");
    bool passed = take_qualifier(parser) || (reading->storage_allowed && take_one(parser, storage, 3));
    return passed ? READ_ONE : READ_ALL;
}

bool parse_specifiers(struct parser *parser, bool storage_allowed, struct specifiers *specifiers) {
    struct reading reading = {.specifiers = specifiers, .storage_allowed = storage_allowed};
    size_t start = parser->token.where.at;
    enum outcome outcome;

    *specifiers = (struct specifiers){0};
    do
        outcome = read_specifier(parser, &reading);
    while (outcome == READ_ONE);
    if (outcome == READ_FAILED)
        return false;

    struct span where = {(uint32_t)start, (uint32_t)(parser->previous_end - start)};
    if (!reading.basic && !specifiers->base)
        parser_unexpected(parser, "a type");
    else if (reading.basic && specifiers->base)
        parser_fail(parser, where, "these are two types in one");
    else if (reading.basic && !(specifiers->base = combine(reading.count)))
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
    if (chain->count <= DERIVATIONS_MAX)
        return true;
    return error_set(parser->error, ERROR_LIMIT, parser->token.where,
                     "more than %d pointers and arrays on one another", DERIVATIONS_MAX);
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

    if (!parse_specifiers(parser, false, &specifiers))
        return false;
    typename->base = specifiers.base;
    return parse_declarator(parser, DECLARATOR_ABSTRACT, &typename->derived, &name);
}

/* The reverse of type_spell() */

static const struct type *derive(struct types *types, const struct typename *typename, struct error *error) {
    const struct type *type = typename->base;

    for (const struct derivation *d = typename->derived; d; d = d->next) {
        if (d->kind == DERIVE_POINTER) {
            type = types_pointer(types, type);
            continue;
        }
        if (type->kind == TYPE_VOID || type->kind == TYPE_FILE)
            error_set(error, ERROR_TYPE, (struct span){0}, "there are no arrays of %s", type->name);
        else if (!d->count || d->count->kind != NODE_INTEGER)
            error_set(error, ERROR_TYPE, (struct span){0}, "the array needs a number of elements");
        if (error->kind != ERROR_NONE)
            return NULL;
        type = types_array(types, type, d->count->integer);
    }
    return type;
}

const struct type *types_from_text(struct types *types, const char *text, struct error *error) {
    struct arena *arena = arena_new();
    struct parser parser;
    struct typename typename = {0};
    const struct type *type = NULL;

    parser_start(&parser, text, strnlen(text, PARSE_SOURCE_MAX), arena, error);
    parser.line_only = true;
    if (parse_typename(&parser, &typename)) {
        if (parser.token.kind == TOKEN_END)
            type = derive(types, &typename, error);
        else
            parser_unexpected(&parser, "the end of the type");
    }
    arena_free(arena);
    return type;
}

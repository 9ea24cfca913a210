/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the prototypes of the table.  They are our own texts, in the form of
 * the manual pages, so this knows no more of C's declarators than they use:
 * a base type, stars, a name, and [n] for an array parameter.
 */
#include "call/prototype.h"

#include <ctype.h>
#include <string.h>

#define WORD_MAX 40

static const char *skip_space(const char *at) {
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

/* The identifier at `at` into word; its end, or NULL when there is none. */
static const char *read_word(const char *at, char word[WORD_MAX]) {
    size_t length = 0;

    while (isalnum((unsigned char)at[length]) || at[length] == '_')
        length++;
    if (length == 0 || length >= WORD_MAX)
        return NULL;
    memcpy(word, at, length);
    word[length] = '\0';
    return at + length;
}

static bool is_qualifier(const char *word) {
    return strcmp(word, "const") == 0 || strcmp(word, "restrict") == 0 || strcmp(word, "volatile") == 0;
}

/* A pointer to a function; only SIG_DFL and SIG_IGN exist, which travel as void pointers. */
static bool is_handler(const char *word) {
    return strncmp(word, "sighandler_t", strlen("sighandler_t")) == 0;
}

/* What has been read of the words of a base type. */
struct base {
    bool is_unsigned, is_signed;
    unsigned longs;
    const struct type *type; /* named: char, int, a typedef, a struct */
    bool any;
};

static bool base_word(struct base *base, const char *word) {
    if (strcmp(word, "unsigned") == 0)
        base->is_unsigned = true;
    else if (strcmp(word, "signed") == 0)
        base->is_signed = true;
    else if (strcmp(word, "long") == 0)
        base->longs++;
    else if (strcmp(word, "int") == 0)
        base->type = &type_int;
    else if (strcmp(word, "char") == 0)
        base->type = &type_char;
    else if (strcmp(word, "short") == 0)
        base->type = &type_short;
    else if (strcmp(word, "void") == 0)
        base->type = &type_void;
    else
        return false;
    base->any = true;
    return true;
}

static const struct type *base_type(const struct base *base) {
    if (base->longs > 1)
        return base->is_unsigned ? &type_ullong : &type_llong;
    if (base->longs == 1)
        return base->is_unsigned ? &type_ulong : &type_long;
    if (base->type == &type_char)
        return base->is_unsigned ? &type_uchar : base->is_signed ? &type_schar : &type_char;
    if (base->type == &type_short)
        return base->is_unsigned ? &type_ushort : &type_short;
    if (base->type == NULL || base->type == &type_int)
        return base->is_unsigned ? &type_uint : &type_int;
    return base->type;
}

/* The base type at *at; *known false when its name means nothing to us. */
static const struct type *read_base(const char **at, bool *known) {
    struct base base = {0};
    char word[WORD_MAX];
    const char *next;

    *known = true;
    for (;; *at = skip_space(next)) {
        next = read_word(*at, word);
        if (next == NULL)
            break;
        if (is_qualifier(word) || base_word(&base, word))
            continue;
        if (base.any)
            break; /* the parameter's name */
        base.any = true;
        if (strcmp(word, "struct") == 0) {
            next = read_word(skip_space(next), word);
            base.type = next != NULL ? type_struct(word) : NULL;
        } else if (is_handler(word)) {
            base.type = &type_void;
        } else {
            base.type = type_typedef(word);
        }
        *known = *known && base.type != NULL;
        if (next == NULL)
            break;
    }
    return base.any && *known ? base_type(&base) : NULL;
}

/* One parameter or result with its name, up to `(`, `,` or `)`. */
static const struct type *read_declared(const char **at, struct types *types) {
    bool known;
    const char *start = *at = skip_space(*at);
    const struct type *type = read_base(at, &known);
    char word[WORD_MAX];

    if (*at == start)
        return NULL;
    if (is_handler(start))
        type = types_pointer(types, &type_void);
    for (;;) {
        const char *next;
        *at = skip_space(*at);
        if (**at == '*' || **at == '[') {
            type = types_pointer(types, type != NULL ? type : &type_void);
            *at += **at == '*' ? 1 : strcspn(*at, "]");
            *at += **at == ']';
        } else if ((next = read_word(*at, word)) != NULL) {
            *at = next;
        } else {
            return type;
        }
    }
}

bool prototype_read(const char *prototype, struct types *types, struct signature *signature) {
    const char *at = prototype;

    *signature = (struct signature){0};
    signature->result = read_declared(&at, types);
    if (signature->result == NULL || *at++ != '(')
        return false;
    for (;;) {
        at = skip_space(at);
        if (strncmp(at, "...", 3) == 0) {
            signature->more = true;
            return true;
        }
        const struct type *type = read_declared(&at, types);
        if (type == &type_void && signature->count == 0 && *at == ')')
            return true;
        if (type == NULL || signature->count == CALL_ARGS_MAX)
            return false;
        signature->params[signature->count++] = type;
        if (*at == ')')
            return at[1] == '\0';
        if (*at++ != ',')
            return false;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reverse of type_spell() and type_spell_whole(): types that another
 * process names.  There is no interpreter here, nor is one needed: all numbers
 * in a type that has been spelt are plain ones.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/parse_internal.h"
#include "lang/type_table.h"

/* The definition just read: those without a tag are known by nothing else. */
struct defined {
    const char *key;
    const struct type *type;
};

struct reader {
    struct types *types;
    struct error *error;
};

static const struct type *refuse(const struct reader *reader, const char *what) {
    error_set(reader->error, ERROR_TYPE, (struct span){0}, "%s", what);
    return NULL;
}

static const struct type *base(const struct reader *reader, const struct typename *typename,
                               struct defined defined) {
    if (typename->base)
        return typename->base;
    if (defined.key && strcmp(typename->named->text, defined.key) == 0)
        return defined.type;
    if (strncmp(typename->named->text, "enum", 4) == 0)
        return refuse(reader, "this enum has no definition");
    const struct type *known = own_types_find(types_own(reader->types), typename->named->text);
    return known ? known : types_struct(reader->types, typename->named->text);
}

static const struct type *derive(const struct reader *reader, const struct typename *typename,
                                 struct defined defined) {
    const struct type *type = base(reader, typename, defined);

    for (const struct derivation *d = typename->derived; d && type; d = d->next) {
        if (d->kind == DERIVE_POINTER) {
            type = types_pointer(reader->types, type);
            continue;
        }
        if (type->size == 0)
            return refuse(reader, "there are no arrays of such a type");
        if (!d->count || d->count->kind != NODE_INTEGER || d->count->integer == 0)
            return refuse(reader, "the array needs a number of elements");
        type = types_array(reader->types, type, d->count->integer);
    }
    return type;
}

static struct defined define(const struct reader *reader, const struct node *node);

/* The members from the list into `fields`; false when one has no size. */
static bool read_members(const struct reader *reader, const struct node *node, struct field *fields,
                         size_t *count) {
    struct defined defined = {0};

    for (const struct node *item = node->list; item; item = item->next) {
        if (item->kind != NODE_DECLARATOR) {
            defined = define(reader, item);
            if (!defined.type)
                return false;
            continue;
        }
        const struct type *type = derive(reader, &item->typename, defined);
        if (!type)
            return false;
        if (type->size == 0)
            return refuse(reader, "a member has no size") != NULL;
        fields[(*count)++] = (struct field){.name = item->text, .type = type};
    }
    return true;
}

static const struct type *define_struct(const struct reader *reader, const struct node *node) {
    struct field *fields = mem_grow(NULL, node->count, sizeof(*fields));
    size_t count = 0;
    bool is_union = strncmp(node->text, "union", 5) == 0;
    struct type *made = types_struct(reader->types, node->designator ? node->text
                                                    : is_union       ? "union <anonymous>"
                                                                     : "struct <anonymous>");
    const struct type *type = NULL;

    if (read_members(reader, node, fields, &count)) {
        const struct layout layout = {fields, count, is_union, node->is_packed};
        type = types_complete(reader->types, made, &layout, true, reader->error);
    }
    free(fields);
    return type;
}

static bool read_enumerator(const struct node *node, struct enumerator *enumerator) {
    const struct node *number = node->left;
    bool negative = number && number->kind == NODE_UNARY && number->op == OP_NEGATE;

    if (negative)
        number = number->left;
    if (!number || number->kind != NODE_INTEGER || number->integer > (uint64_t)INT_MAX + negative)
        return false;
    int64_t value = (int64_t)number->integer;
    *enumerator = (struct enumerator){node->text, (int)(negative ? -value : value)};
    return true;
}

static const struct type *define_enum(const struct reader *reader, const struct node *node) {
    struct enumerator *enumerators = mem_grow(NULL, node->count, sizeof(*enumerators));
    const struct type *type = NULL;
    size_t count = 0;

    for (const struct node *item = node->list; item && read_enumerator(item, &enumerators[count]);
         item = item->next)
        count++;
    if (count == node->count)
        type =
            types_enum(reader->types, node->designator ? node->text : "enum <anonymous>", enumerators, count);
    else
        refuse(reader, "a constant of an enum is no number");
    free(enumerators);
    return type;
}

static struct defined define(const struct reader *reader, const struct node *node) {
    return (struct defined){node->text, node->kind == NODE_ENUM ? define_enum(reader, node)
                                                                : define_struct(reader, node)};
}

const struct type *types_from_text(struct types *types, const char *text, struct error *error) {
    const struct reader reader = {types, error};
    struct arena *arena = arena_new();
    struct parser parser;
    struct specifiers specifiers;
    struct defined defined = {0};
    const struct type *type = NULL;
    struct span none;

    parser_start(&parser, text, strnlen(text, PARSE_SOURCE_MAX), arena, error);
    parser.line_only = true;
    if (parse_specifiers(&parser, SPECIFY_MEMBER, &specifiers) &&
        parse_declarator(&parser, false, &specifiers.typename.derived, &none)) {
        if (parser.token.kind != TOKEN_END)
            parser_unexpected(&parser, "the end of the type");
        else if (specifiers.definition)
            defined = define(&reader, specifiers.definition);
        if (error->kind == ERROR_NONE)
            type = derive(&reader, &specifiers.typename, defined);
        if (type && type->kind == TYPE_STRUCT && type->size == 0)
            type = refuse(&reader, "this struct has no definition");
    }
    arena_free(arena);
    return type;
}

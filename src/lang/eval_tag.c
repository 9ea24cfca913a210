/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The learner's own types: what struct, union, enum and typedef define.  Like
 * variables they may be defined again at the prompt, where a definition is
 * pasted twice or mended; within a block, C's one-definition rule holds.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "lang/eval.h"

/* Names of types */

bool refuse_type_name(const struct node *node, struct error *error) {
    error_set(error, ERROR_TYPE, node->where, "%s is a type, and a value is needed here", node->text);
    error_hint(error, "%s x; declares a variable of this type", node->text);
    return false;
}

/* The key of a tag without its keyword. */
static const char *tag_of(const char *key) {
    return strchr(key, ' ') + 1;
}

/* The learner's tag nearest to this one, its key; NULL: none is near. */
static const char *nearest_own(const struct interp *interp, const char *tag) {
    struct suggestion near;
    const char *best = NULL;

    suggest_start(&near, tag);
    for (const struct scope *scope = interp->scope; scope; scope = scope->outer)
        for (const struct name *name = scope->first; name; name = name->next) {
            const char *before = near.best;
            if (name->kind == NAME_TAG)
                suggest_offer(&near, tag_of(name->text));
            best = near.best != before ? name->text : best;
        }
    return best;
}

/* The struct that was meant by a tag nobody knows: the system's or an own one; NULL: none is near. */
static const char *nearest_tag(const struct interp *interp, const char *key) {
    const char *tag, *own = nearest_own(interp, tag_of(key));
    struct suggestion near;

    suggest_start(&near, tag_of(key));
    for (size_t i = 0; (tag = type_struct_name(i)); i++)
        suggest_offer(&near, tag);
    return own ? own : near.best ? type_struct(near.best)->name : NULL;
}

static bool refuse_tag(const struct node *node, const char *near, struct error *error) {
    error_set(error, ERROR_NAME, node->where, "there is no %s here", node->text);
    if (near)
        error_hint(error, "did you mean %s?", near);
    else if (strncmp(node->text, "enum", 4) == 0)
        error_hint(error, "define it first: %s { … };", node->text);
    else
        error_hint(error, "define it first: %s { … }; the system's own are there, such as struct sockaddr_in",
                   node->text);
    return false;
}

bool type_named(struct interp *interp, const struct node *node, bool pointed_to, const struct type **type,
                struct error *error) {
    struct name *name = name_find(interp, node->text);

    if (node->kind == NODE_TYPE_NAME && (!name || name->kind != NAME_TYPEDEF))
        return error_set(error, ERROR_NAME, node->where, "there is no type %s here", node->text);
    if (!name) {
        const char *near = nearest_tag(interp, node->text);
        if (!pointed_to || near || strncmp(node->text, "enum", 4) == 0)
            return refuse_tag(node, near, error);
        name =
            name_add(interp, interp->scope, node->text, types_struct(interp->types, node->text), 0, NAME_TAG);
    }
    *type = name->type;
    return true;
}

/* Make `text` mean this in the innermost scope.  At the prompt it may have meant another of the same kind. */
static bool give_name(struct interp *interp, const char *text, struct span where, enum name_kind kind,
                      const struct type *type, uint64_t bits, struct error *error) {
    struct name *old = name_find_in(interp, interp->scope, text);

    if (old && old->kind != kind) {
        error_set(error, ERROR_NAME, where, "%s is %s already", text, name_kind_text(old));
        error_hint(error, "choose another name");
        return false;
    }
    if (old && interp->scope != &interp->outermost && (old->type != type || old->bits != bits))
        return error_set(error, ERROR_NAME, where, "%s is defined in this block already", text);
    if (!old)
        old = name_add(interp, interp->scope, text, type, 0, kind);
    old->type = type;
    old->bits = bits;
    interp->changes++;
    return true;
}

static bool define_type(struct interp *interp, const struct node *node, struct error *error);

/* struct and union */

static bool check_member(const struct node *node, const struct layout *before, const struct type *type,
                         struct error *error) {
    for (size_t i = 0; i < before->count; i++)
        if (strcmp(before->fields[i].name, node->text) == 0)
            return error_set(error, ERROR_NAME, node->operator, "there is a member %s already", node->text);
    return type_is_complete(type, node->operator, error);
}

/* The members into fields, which has room for them. */
static bool read_members(struct interp *interp, const struct node *node, struct field *fields,
                         struct layout *layout, struct error *error) {
    const struct type *type;

    for (const struct node *item = node->list; item; item = item->next) {
        if (item->kind != NODE_DECLARATOR) {
            if (!define_type(interp, item, error))
                return false;
            continue;
        }
        if (!type_resolve(interp, &item->typename, NULL, item->operator, & type, error) ||
            !check_member(item, layout, type, error))
            return false;
        fields[layout->count++] = (struct field){.name = item->text, .type = type};
    }
    return true;
}

/* The name by which a struct is shown that has neither tag nor typedef. */
static const char *shown_name(const struct node *node) {
    if (node->designator)
        return node->designator;
    if (node->kind == NODE_ENUM)
        return "enum <anonymous>";
    return strncmp(node->text, "union", 5) == 0 ? "union <anonymous>" : "struct <anonymous>";
}

static bool define_struct(struct interp *interp, const struct node *node, struct error *error) {
    struct name *tag = name_find_in(interp, interp->scope, node->text);
    const struct type *before = tag ? tag->type : NULL;
    bool awaited = before && before->size == 0;

    if (before && !awaited && interp->scope != &interp->outermost)
        return error_set(error, ERROR_NAME, node->where, "%s is defined in this block already", node->text);
    /* One that has been pointed to is completed where it is. */
    struct type *type =
        awaited ? (struct type *)(uintptr_t)before : types_struct(interp->types, shown_name(node));
    if (!tag)
        tag = name_add(interp, interp->scope, node->text, type, 0, NAME_TAG);
    tag->type = type;

    struct field *fields = mem_grow(NULL, node->count, sizeof(*fields));
    struct layout layout = {fields, 0, strncmp(node->text, "union", 5) == 0, node->is_packed};
    const struct type *made = NULL;
    if (read_members(interp, node, fields, &layout, error))
        made = types_complete(interp->types, type, &layout, !awaited, error);
    free(fields);
    interp->changes++;
    if (made)
        tag->type = made;
    else if (before)
        tag->type = before;
    else
        name_remove(interp, interp->scope, tag);
    return made || error_here(error, node->where);
}

/* enum */

static bool check_enumerator(struct interp *interp, const struct node *node, struct error *error) {
    struct value unused;

    if (!host_constant(interp, node->text, &unused))
        return true;
    error_set(error, ERROR_NAME, node->operator, "%s is a constant of the system's already", node->text);
    error_hint(error, "choose another name");
    return false;
}

/* The value a constant has: what is written, or one more than the one before it. */
static bool read_enumerator(struct interp *interp, const struct node *node, int64_t *value,
                            struct error *error) {
    struct value given;

    if (!check_enumerator(interp, node, error))
        return false;
    if (node->left) {
        if (!eval_constant(interp, node->left, "a constant of an enum", &given, error))
            return false;
        *value = (int64_t)given.bits;
    }
    if (*value < INT_MIN || *value > INT_MAX) /* an unsigned long too large for the sign looks negative */
        return error_set(error, ERROR_TYPE, node->left ? node->left->where : node->where,
                         "the constants of an enum are of type int, and this is too large");
    return give_name(interp, node->text, node->operator, NAME_ENUMERATOR, &type_int, (uint64_t)*value, error);
}

static bool define_enum(struct interp *interp, const struct node *node, struct error *error) {
    struct enumerator *enumerators = mem_grow(NULL, node->count, sizeof(*enumerators));
    size_t count = 0;
    int64_t value = 0;
    bool good = true;

    for (const struct node *item = node->list; item && good; item = item->next, value++) {
        good = read_enumerator(interp, item, &value, error);
        enumerators[count++] = (struct enumerator){item->text, (int)value};
    }
    if (good)
        good = give_name(interp, node->text, node->where, NAME_TAG,
                         types_enum(interp->types, shown_name(node), enumerators, count), 0, error);
    free(enumerators);
    return good;
}

/* `struct header;`, or the first typedef of one: the tag of this scope, and of none around it. */
static bool announce(struct interp *interp, const struct node *node, struct error *error) {
    if (name_find_in(interp, interp->scope, node->text))
        return true;
    if (strncmp(node->text, "enum", 4) == 0)
        return refuse_tag(node, NULL, error);
    name_add(interp, interp->scope, node->text, types_struct(interp->types, node->text), 0, NAME_TAG);
    return true;
}

static bool define_type(struct interp *interp, const struct node *node, struct error *error) {
    switch (node->kind) {
    case NODE_STRUCT:
        return define_struct(interp, node, error);
    case NODE_ENUM:
        return define_enum(interp, node, error);
    default:
        return announce(interp, node, error);
    }
}

/* typedef */

static bool define_typedef(struct interp *interp, const struct node *node, struct error *error) {
    const struct type *type, *system = type_typedef(node->text);
    const struct node *named = node->typename.named;

    /* typedef struct node node; may come before the struct, and announces it. */
    if (named && named->kind == NODE_TAG && !name_find(interp, named->text) &&
        !announce(interp, named, error))
        return false;
    if (!type_resolve(interp, &node->typename, NULL, node->operator, & type, error))
        return false;
    if (system && system != type) {
        struct buf text = {0};
        type_spell(system, &text);
        error_set(error, ERROR_NAME, node->operator, "%s is a type of the system's already: %s", node->text,
                  buf_text(&text));
        error_hint(error, "choose another name");
        buf_free(&text);
        return false;
    }
    return system || give_name(interp, node->text, node->operator, NAME_TYPEDEF, type, 0, error);
}

bool define_types(struct interp *interp, const struct node *node, struct error *error) {
    if (node->first && !define_type(interp, node->first, error))
        return false;
    for (const struct node *declarator = node->list; declarator && node->kind == NODE_TYPEDEF;
         declarator = declarator->next)
        if (!define_typedef(interp, declarator, error))
            return false;
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names and how long they live: one hash table for all scopes, in which an
 * inner name stands before the outer one that it hides, and a list per scope
 * to leave it by.  Literals are here too, being what else lives in a scope or
 * in the interpreter.
 */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/suggest.h"
#include "lang/eval.h"

#define LITERAL_LABEL_MAX 24 /* bytes of a string literal that stand for it in messages */

/* FNV-1a. */
static uint32_t hash_bytes(const char *bytes, size_t length) {
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)bytes[i]) * 16777619u;
    return hash;
}

struct name *name_find(const struct interp *interp, const char *text) {
    if (interp->name_count == 0)
        return NULL;
    uint32_t hash = hash_bytes(text, strlen(text));
    struct name *name = interp->buckets[hash & (interp->bucket_count - 1)];

    while (name && (name->hash != hash || (name->frame != FRAME_GLOBAL && name->frame != interp->frame) ||
                    strcmp(name->text, text) != 0))
        name = name->next_in_bucket;
    return name;
}

struct name *name_find_in(const struct interp *interp, const struct scope *scope, const char *text) {
    struct name *name;

    if (scope == interp->scope && !name_find(interp, text))
        return NULL; /* the usual answer, at once */
    for (name = scope->first; name && strcmp(name->text, text) != 0; name = name->next)
        ;
    return name;
}

/* Twice the buckets.  Taking each chain from its end keeps inner names first. */
static void grow_buckets(struct interp *interp) {
    size_t count = interp->bucket_count ? interp->bucket_count * 2 : 64;
    struct name **buckets = mem_alloc(count * sizeof(struct name *));

    for (size_t i = 0; i < interp->bucket_count; i++) {
        struct name *reversed = NULL;
        while (interp->buckets[i]) {
            struct name *name = interp->buckets[i];
            interp->buckets[i] = name->next_in_bucket;
            name->next_in_bucket = reversed;
            reversed = name;
        }
        while (reversed) {
            struct name *name = reversed;
            struct name **bucket = &buckets[name->hash & (count - 1)];
            reversed = name->next_in_bucket;
            name->next_in_bucket = *bucket;
            *bucket = name;
        }
    }
    free(interp->buckets);
    interp->buckets = buckets;
    interp->bucket_count = count;
}

struct name *name_add(struct interp *interp, struct scope *scope, const char *text, const struct type *type,
                      uint64_t bits, enum name_kind kind) {
    size_t length = strlen(text);
    struct name *name = mem_alloc(sizeof(*name) + length + 1);

    if (interp->name_count >= interp->bucket_count)
        grow_buckets(interp);
    memcpy(name->text, text, length + 1);
    name->type = type;
    name->bits = bits;
    name->kind = kind;
    name->frame = scope->frame;
    name->hash = hash_bytes(text, length);
    struct name **link = &interp->buckets[name->hash & (interp->bucket_count - 1)];
    while (scope != interp->scope && *link)
        link = &(*link)->next_in_bucket; /* an outer one does not hide what is inner */
    name->next_in_bucket = *link;
    *link = name;
    name->previous = scope->last;
    *(scope->last ? &scope->last->next : &scope->first) = name;
    scope->last = name;
    interp->name_count++;
    interp->changes++;
    return name;
}

/* A pointer to it may live on: returning one is a mistake that is made by everybody once. */
static void end_variable(struct interp *interp, const struct scope *scope, const struct name *name) {
    const struct activation *active = interp->active;

    if (!active || name->frame == FRAME_GLOBAL) {
        memory_drop(interp->memory, name->bits);
        return;
    }
    char *how = mem_format("was a variable of %s%s(), which has %s", scope == &active->scope ? "" : "a block of ",
                           active->function->node->text, scope == &active->scope ? "returned" : "ended");
    memory_end(interp->memory, name->bits, how);
    free(how);
}

void name_remove(struct interp *interp, struct scope *scope, struct name *name) {
    struct name **link = &interp->buckets[name->hash & (interp->bucket_count - 1)];

    while (*link != name)
        link = &(*link)->next_in_bucket;
    *link = name->next_in_bucket;
    *(name->previous ? &name->previous->next : &scope->first) = name->next;
    *(name->next ? &name->next->previous : &scope->last) = name->previous;
    if (name->kind == NAME_VARIABLE && !name->is_static)
        end_variable(interp, scope, name);
    if (name->kind == NAME_FUNCTION)
        function_free(interp, name->function);
    free(name);
    interp->name_count--;
    interp->changes++;
}

void name_suggest(const struct interp *interp, struct suggestion *suggestion) {
    for (const struct scope *scope = interp->scope; scope; scope = scope->outer)
        for (const struct name *name = scope->first; name; name = name->next)
            if (name->kind != NAME_TAG && (name->frame == FRAME_GLOBAL || name->frame == interp->frame))
                suggest_offer(suggestion, name->text);
}

bool name_has_place(const struct name *name) {
    return name->kind == NAME_VARIABLE || (name->kind == NAME_DEFINED && name->type->kind == TYPE_ARRAY);
}

const char *name_kind_text(const struct name *name) {
    static const char *const texts[] = {
        [NAME_VARIABLE] = "a variable",
        [NAME_DEFINED] = "#define'd",
        [NAME_ENUMERATOR] = "a constant of an enum",
        [NAME_TYPEDEF] = "a type",
        [NAME_TAG] = "a tag",
        [NAME_FUNCTION] = "a function",
    };

    return texts[name->kind];
}

bool name_refuse_variable(const struct name *name, struct span where, struct error *error) {
    error_set(error, ERROR_NAME, where, "%s is %s: it cannot be a variable, too", name->text,
              name_kind_text(name));
    error_hint(error, "choose another name");
    return false;
}

void scope_enter(struct interp *interp, struct scope *scope) {
    *scope = (struct scope){.outer = interp->scope, .frame = interp->frame};
    interp->scope = scope;
}

static void scope_empty(struct interp *interp, struct scope *scope) {
    while (scope->last)
        name_remove(interp, scope, scope->last);
    while (scope->temporaries) {
        struct temporary *temporary = scope->temporaries;
        scope->temporaries = temporary->next;
        memory_drop(interp->memory, temporary->address);
        free(temporary);
    }
}

void scope_leave(struct interp *interp) {
    struct scope *scope = interp->scope;

    scope_empty(interp, scope);
    interp->scope = scope->outer;
}

/* New ones stand first, so those of earlier submissions need no visit. */
void scope_forget_nodes(struct interp *interp) {
    struct temporary **link = &interp->outermost.temporaries, *temporary;

    while ((temporary = *link) && temporary->node) {
        temporary->node = NULL;
        if (!temporary->is_result) {
            link = &temporary->next;
            continue;
        }
        *link = temporary->next;
        memory_drop(interp->memory, temporary->address);
        free(temporary);
    }
}

/* The object that belongs to this node in this scope, all unwritten.  The node of a result is the caller's,
 * maybe of another text than the function's: the place of a mistake is for the function to say. */
static bool place_for(struct interp *interp, struct scope *scope, const struct node *node, const struct type *type,
                      bool is_result, struct place *place, struct error *error) {
    struct temporary *temporary = scope->temporaries;

    while (temporary && temporary->node && temporary->node != node)
        temporary = temporary->next;
    if (temporary && temporary->node && temporary->type == type) {
        memory_mark(interp->memory, temporary->address, type->size, false);
    } else {
        uint64_t address =
            memory_make(interp->memory, type->size, MEMORY_VARIABLE,
                        is_result ? "(result)" : "(compound literal)", error);
        if (!address)
            return is_result ? false : error_here(error, node->where);
        temporary = mem_alloc(sizeof(*temporary));
        *temporary = (struct temporary){scope->temporaries, node, type, address, is_result};
        scope->temporaries = temporary;
    }
    *place = (struct place){type, temporary->address, true, NULL};
    return true;
}

bool temporary_place(struct interp *interp, const struct node *node, const struct type *type,
                     struct place *place, struct error *error) {
    return place_for(interp, interp->scope, node, type, false, place, error);
}

bool result_place(struct interp *interp, struct scope *scope, const struct node *call, const struct type *type,
                  struct place *place, struct error *error) {
    return place_for(interp, scope, call, type, true, place, error);
}

struct literal {
    struct literal *next;
    uint64_t address;
    const struct type *type;
    uint32_t hash;
    char bytes[]; /* a copy; the NUL included, type->count of them */
};

static void grow_literals(struct interp *interp) {
    size_t count = interp->literal_bucket_count ? interp->literal_bucket_count * 2 : 64;
    struct literal **buckets = mem_alloc(count * sizeof(struct literal *));

    for (size_t i = 0; i < interp->literal_bucket_count; i++) {
        while (interp->literals[i]) {
            struct literal *literal = interp->literals[i];
            interp->literals[i] = literal->next;
            literal->next = buckets[literal->hash & (count - 1)];
            buckets[literal->hash & (count - 1)] = literal;
        }
    }
    free(interp->literals);
    interp->literals = buckets;
    interp->literal_bucket_count = count;
}

static struct literal *literal_add(struct interp *interp, const struct node *node, uint32_t hash,
                                   struct error *error) {
    struct buf label = {0};
    size_t length = node->text_length;

    escape_c_quoted(&label, node->text, length, LITERAL_LABEL_MAX);
    struct literal *literal = mem_alloc(sizeof(*literal) + length + 1);
    memcpy(literal->bytes, node->text, length);
    literal->address =
        memory_make_literal(interp->memory, literal->bytes, length + 1, buf_text(&label), error);
    buf_free(&label);
    if (!literal->address) {
        free(literal);
        error_here(error, node->where);
        return NULL;
    }
    literal->hash = hash;
    literal->type = types_array(interp->types, &type_char, length + 1);
    if (interp->literal_count >= interp->literal_bucket_count)
        grow_literals(interp);
    struct literal **bucket = &interp->literals[hash & (interp->literal_bucket_count - 1)];
    literal->next = *bucket;
    *bucket = literal;
    interp->literal_count++;
    return literal;
}

bool literal_place(struct interp *interp, const struct node *node, struct place *place, struct error *error) {
    uint32_t hash = hash_bytes(node->text, node->text_length);
    struct literal *literal =
        interp->literal_count ? interp->literals[hash & (interp->literal_bucket_count - 1)] : NULL;

    while (literal && (literal->hash != hash || literal->type->count != node->text_length + 1 ||
                       memcmp(literal->bytes, node->text, node->text_length) != 0))
        literal = literal->next;
    if (!literal)
        literal = literal_add(interp, node, hash, error);
    if (!literal)
        return false;
    *place = (struct place){literal->type, literal->address, true, NULL};
    return true;
}

void scopes_free(struct interp *interp) {
    scope_empty(interp, &interp->outermost);
    free(interp->buckets);
    for (size_t i = 0; i < interp->literal_bucket_count; i++) {
        while (interp->literals[i]) {
            struct literal *literal = interp->literals[i];
            interp->literals[i] = literal->next;
            free(literal);
        }
    }
    free(interp->literals);
}

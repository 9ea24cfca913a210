/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The basic types, the derived ones (interned, so that equal types are the
 * same pointer), and how a type is spelt in C.  The system's structs and
 * typedefs are in type_table.c, the learner's in type_own.c.
 */
#include "lang/type.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/type_table.h"

#define INTEGER(spelling, ctype, order)                                        \
    {                                                                          \
        .kind = TYPE_INTEGER, .size = sizeof(ctype), .align = _Alignof(ctype), \
        .is_signed = (ctype)-1 < (ctype)1, .rank = (order), .name = (spelling) \
    }

const struct type type_void = {.kind = TYPE_VOID, .align = 1, .name = "void"};
const struct type type_bool = {.kind = TYPE_INTEGER,
                               .size = sizeof(_Bool),
                               .align = _Alignof(_Bool),
                               .is_bool = true,
                               .rank = 0,
                               .name = "_Bool"};
const struct type type_char = INTEGER("char", char, 1);
const struct type type_schar = INTEGER("signed char", signed char, 1);
const struct type type_uchar = INTEGER("unsigned char", unsigned char, 1);
const struct type type_short = INTEGER("short", short, 2);
const struct type type_ushort = INTEGER("unsigned short", unsigned short, 2);
const struct type type_int = INTEGER("int", int, 3);
const struct type type_uint = INTEGER("unsigned int", unsigned int, 3);
const struct type type_long = INTEGER("long", long, 4);
const struct type type_ulong = INTEGER("unsigned long", unsigned long, 4);
const struct type type_llong = INTEGER("long long", long long, 5);
const struct type type_ullong = INTEGER("unsigned long long", unsigned long long, 5);
const struct type type_file = {.kind = TYPE_FILE, .align = 1, .name = "FILE"};

/* A derived type in the chain of its hash. */
struct entry {
    struct type type;
    struct entry *next;
};

#define BUCKETS 64 /* a session has a few dozen of them */

struct types {
    struct entry *buckets[BUCKETS];
    struct own_types *own;
};

struct types *types_new(void) {
    struct types *types = mem_alloc(sizeof(*types));

    types->own = own_types_new();
    return types;
}

void types_free(struct types *types) {
    if (!types)
        return;
    for (size_t i = 0; i < BUCKETS; i++) {
        struct entry *next;
        for (struct entry *entry = types->buckets[i]; entry; entry = next) {
            next = entry->next;
            free(entry);
        }
    }
    own_types_free(types->own);
    free(types);
}

struct own_types *types_own(struct types *types) {
    return types->own;
}

static bool same_derivation(const struct type *a, const struct type *b) {
    return a->kind == b->kind && a->of == b->of && a->count == b->count && a->size == b->size;
}

/* The one type equal to `wanted`: of the system's structs, made before, or made now. */
static const struct type *intern(struct types *types, const struct type *wanted) {
    for (size_t i = 0; type_table_derived(i); i++)
        if (same_derivation(type_table_derived(i), wanted))
            return type_table_derived(i);

    size_t hash = (size_t)wanted->of / _Alignof(struct type) + wanted->count * 31 + (size_t)wanted->kind;
    struct entry **bucket = &types->buckets[hash % BUCKETS];
    for (struct entry *entry = *bucket; entry; entry = entry->next)
        if (same_derivation(&entry->type, wanted))
            return &entry->type;

    struct entry *entry = mem_alloc(sizeof(*entry));
    entry->type = *wanted;
    entry->next = *bucket;
    *bucket = entry;
    return &entry->type;
}

const struct type *types_pointer(struct types *types, const struct type *to) {
    struct type wanted = {.kind = TYPE_POINTER, .size = sizeof(void *), .align = _Alignof(void *), .of = to};

    return intern(types, &wanted);
}

const struct type *types_array(struct types *types, const struct type *of, size_t count) {
    struct type wanted = {.kind = TYPE_ARRAY, .align = of->align, .of = of, .count = count};

    /* An array too large for any memory keeps the largest size there is: making one is refused for that. */
    if (__builtin_mul_overflow(of->size, count, &wanted.size))
        wanted.size = SIZE_MAX;
    return intern(types, &wanted);
}

const struct field *type_field(const struct type *type, const char *name) {
    for (size_t i = 0; i < type->field_count; i++)
        if (strcmp(type->fields[i].name, name) == 0)
            return &type->fields[i];
    return NULL;
}

bool type_is_scalar(const struct type *type) {
    return type->kind == TYPE_INTEGER || type->kind == TYPE_POINTER;
}

/* Inside out, as C has it: the declarator grows around the (absent) name until the base type is reached. */
void type_declare(const struct type *type, const char *name,
                  void (*spell_base)(void *, const struct type *, struct buf *), void *context,
                  struct buf *out) {
    struct buf before = {0}, after = {0}; /* `before` is backwards: each star goes in front of the last */

    for (; type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY; type = type->of) {
        if (type->kind == TYPE_ARRAY) {
            buf_addf(&after, "[%zu]", type->count);
            continue;
        }
        buf_add_char(&before, '*');
        if (type->of->kind == TYPE_ARRAY) {
            buf_add_char(&before, '(');
            buf_add_char(&after, ')');
        }
    }
    spell_base(context, type, out);
    if (before.length > 0 || name[0] != '\0')
        buf_add_char(out, ' ');
    for (size_t i = before.length; i > 0; i--)
        buf_add_char(out, before.data[i - 1]);
    buf_add_text(out, name);
    buf_add_text(out, buf_text(&after));
    buf_free(&before);
    buf_free(&after);
}

static void spell_name(void *context, const struct type *type, struct buf *out) {
    (void)context;
    buf_add_text(out, type->name);
}

void type_spell(const struct type *type, struct buf *out) {
    type_declare(type, "", spell_name, NULL, out);
}

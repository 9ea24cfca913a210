/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The structs, unions and enums that the learner defines.  Like other types
 * they are interned: a definition that is run again, in a loop or because it
 * was pasted again, gives the same type, and variables of the first remain
 * compatible with those of the second.
 *
 * The layout is that of the System V ABI, as GCC and Clang have it on Linux:
 * each member at the next multiple of its alignment, the whole a multiple of
 * the largest.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/type_table.h"

struct own {
    struct type type;
    struct own *next;
    bool is_union;
};

struct own_types {
    struct own *first; /* the newest */
    struct own
        *spare; /* those that turned out to be equal to another; only their members, now gone, knew them */
};

struct own_types *own_types_new(void) {
    return mem_alloc(sizeof(struct own_types));
}

static void fields_free(struct field *fields, size_t count) {
    for (size_t i = 0; i < count; i++)
        free((char *)(uintptr_t)fields[i].name);
    free(fields);
}

/* Names and members; both are ours. */
static void empty(struct own *own) {
    fields_free((struct field *)(uintptr_t)own->type.fields, own->type.field_count);
    for (size_t i = 0; i < own->type.enumerator_count; i++)
        free((char *)(uintptr_t)own->type.enumerators[i].name);
    free((void *)(uintptr_t)own->type.enumerators);
    free((char *)(uintptr_t)own->type.name);
}

void own_types_free(struct own_types *own) {
    struct own *next;

    for (struct own *one = own->first; one; one = next) {
        next = one->next;
        empty(one);
        free(one);
    }
    for (struct own *one = own->spare; one; one = next) {
        next = one->next;
        free(one);
    }
    free(own);
}

struct type *own_types_find(struct own_types *own, const char *name) {
    struct own *one = own->first;

    while (one && strcmp(one->type.name, name) != 0)
        one = one->next;
    return one ? &one->type : NULL;
}

static struct own *own_new(struct own_types *types, enum type_kind kind, const char *name) {
    struct own *own = types->spare;

    if (own)
        types->spare = own->next;
    else
        own = mem_alloc(sizeof(*own));
    *own = (struct own){.type = {.kind = kind, .align = 1, .name = mem_string(name)}, .next = types->first};
    types->first = own;
    return own;
}

struct type *types_struct(struct types *types, const char *name) {
    return &own_new(types_own(types), TYPE_STRUCT, name)->type;
}

/* Equal, when a pointer to one is taken for one to the other? */
static bool same_type(const struct type *a, const struct type *b, const struct type *one,
                      const struct type *other) {
    while (a != b && a->kind == b->kind && a->count == b->count &&
           (a->kind == TYPE_POINTER || a->kind == TYPE_ARRAY)) {
        a = a->of;
        b = b->of;
    }
    return a == b || (a == one && b == other);
}

static bool same_struct(const struct own *a, const struct own *b) {
    const struct type *x = &a->type, *y = &b->type;

    if (y->kind != TYPE_STRUCT || x->size != y->size || x->align != y->align || a->is_union != b->is_union ||
        x->field_count != y->field_count || strcmp(x->name, y->name) != 0)
        return false;
    for (size_t i = 0; i < x->field_count; i++)
        if (x->fields[i].offset != y->fields[i].offset || strcmp(x->fields[i].name, y->fields[i].name) != 0 ||
            !same_type(x->fields[i].type, y->fields[i].type, x, y))
            return false;
    return true;
}

static unsigned struct_depth(const struct type *type) {
    while (type->kind == TYPE_ARRAY)
        type = type->of;
    return type->kind == TYPE_STRUCT ? type->depth : 0;
}

static size_t align_up(size_t offset, size_t align) {
    return (offset + align - 1) / align * align;
}

static bool refuse_depth(struct error *error) {
    return error_set(error, ERROR_LIMIT, (struct span){0}, "structs more than %d deep in one another",
                     TYPE_DEPTH_MAX);
}

static bool refuse_size(const struct type *type, struct error *error) {
    return error_set(error, ERROR_LIMIT, (struct span){0}, "%s would be larger than %d bytes", type->name,
                     INT32_MAX);
}

/* Offsets, size and alignment.  No sum overflows: each step is at most two numbers of 31 bits. */
static bool lay_out(struct type *type, const struct layout *layout, struct field *fields,
                    struct error *error) {
    size_t end = 0, largest = 0, align = 1;
    unsigned deepest = 0;

    for (size_t i = 0; i < layout->count; i++) {
        size_t wanted = layout->is_packed ? 1 : fields[i].type->align;
        unsigned depth = struct_depth(fields[i].type);
        fields[i].offset = layout->is_union ? 0 : align_up(end, wanted);
        if (fields[i].type->size > INT32_MAX || fields[i].offset > INT32_MAX)
            return refuse_size(type, error);
        end = fields[i].offset + fields[i].type->size;
        largest = end > largest ? end : largest;
        align = wanted > align ? wanted : align;
        deepest = depth > deepest ? depth : deepest;
    }
    if (deepest >= TYPE_DEPTH_MAX)
        return refuse_depth(error);
    if (largest > INT32_MAX)
        return refuse_size(type, error);
    type->align = align;
    type->size = align_up(largest, align);
    type->depth = deepest + 1;
    return true;
}

/* Take back a type that nobody else knows. */
static void set_aside(struct own_types *types, struct own *own) {
    struct own **link = &types->first;

    while (*link != own)
        link = &(*link)->next;
    *link = own->next;
    empty(own);
    *own = (struct own){.next = types->spare};
    types->spare = own;
}

const struct type *types_complete(struct types *types, struct type *type, const struct layout *layout,
                                  bool fresh, struct error *error) {
    struct own *own = (struct own *)type; /* its first member */
    struct field *fields = mem_grow(NULL, layout->count, sizeof(*fields));

    for (size_t i = 0; i < layout->count; i++) {
        fields[i] = layout->fields[i];
        fields[i].name = mem_string(layout->fields[i].name);
    }
    if (!lay_out(type, layout, fields, error)) {
        fields_free(fields, layout->count);
        return NULL;
    }
    type->fields = fields;
    type->field_count = layout->count;
    own->is_union = layout->is_union;
    struct own *equal = types_own(types)->first;
    while (equal && (equal == own || !same_struct(own, equal)))
        equal = equal->next;
    if (!equal || !fresh)
        return type;
    set_aside(types_own(types), own);
    return &equal->type;
}

static bool same_enum(const struct type *type, const char *name, const struct enumerator *enumerators,
                      size_t count) {
    if (type->kind != TYPE_INTEGER || type->enumerator_count != count || strcmp(type->name, name) != 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (type->enumerators[i].value != enumerators[i].value ||
            strcmp(type->enumerators[i].name, enumerators[i].name) != 0)
            return false;
    return true;
}

/* An enum is unsigned unless a constant of it is negative: C17 6.7.2.2p4 leaves that to GCC and Clang. */
const struct type *types_enum(struct types *types, const char *name, const struct enumerator *enumerators,
                              size_t count) {
    const struct type *of = &type_uint;

    for (struct own *own = types_own(types)->first; own; own = own->next)
        if (same_enum(&own->type, name, enumerators, count))
            return &own->type;
    struct own *own = own_new(types_own(types), TYPE_INTEGER, name);
    struct enumerator *copy = mem_grow(NULL, count, sizeof(*copy));
    for (size_t i = 0; i < count; i++) {
        copy[i] = (struct enumerator){mem_string(enumerators[i].name), enumerators[i].value};
        if (copy[i].value < 0)
            of = &type_int;
    }
    own->type.size = of->size;
    own->type.align = of->align;
    own->type.is_signed = of->is_signed;
    own->type.rank = of->rank;
    own->type.of = of;
    own->type.enumerators = copy;
    own->type.enumerator_count = count;
    return &own->type;
}

const char *type_enumerator(const struct type *type, uint64_t bits) {
    for (size_t i = 0; i < type->enumerator_count; i++)
        if ((uint32_t)type->enumerators[i].value == (uint32_t)bits)
            return type->enumerators[i].name;
    return NULL;
}

bool type_is_padding(const struct type *type, size_t offset) {
    while (type->kind == TYPE_ARRAY) {
        type = type->of;
        offset %= type->size;
    }
    if (type->kind != TYPE_STRUCT)
        return false;
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        if (offset >= field->offset && offset - field->offset < field->type->size)
            return type_is_padding(field->type, offset - field->offset);
    }
    return true;
}

/* Spelt whole */

#define SPELT_MOST 16384 /* bytes: what is longer is of no use, and is not written to its end */

/* Not one of the system's, whose fields lie in the table. */
static bool is_own_struct(const struct type *type) {
    return type->kind == TYPE_STRUCT && type->depth > 0;
}

static const struct type *base_of(const struct type *type) {
    while (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY)
        type = type->of;
    return type;
}

bool type_is_own(const struct type *type) {
    return is_own_struct(base_of(type));
}

/* What has been spelt so far: the second time its tag is enough. */
struct spelling {
    const struct type *told[32];
    size_t count;
};

/* Its tag, with a blank before it; "" when it has none. */
static const char *tag_of(const struct type *type, const char *keyword) {
    size_t length = strlen(keyword);
    bool tagged = strncmp(type->name, keyword, length) == 0 && type->name[length] == ' ';

    return tagged && type->name[length + 1] != '<' ? type->name + length : "";
}

static bool has_tag(const struct type *type) {
    return *tag_of(type, "struct") || *tag_of(type, "union") || *tag_of(type, "enum");
}

/* Is it to be spelt now? */
static bool tell(struct spelling *spelling, const struct type *type) {
    for (size_t i = 0; i < spelling->count; i++)
        if (spelling->told[i] == type && has_tag(type))
            return false;
    if (spelling->count < sizeof(spelling->told) / sizeof(spelling->told[0]))
        spelling->told[spelling->count++] = type;
    return true;
}

static void spell_enum(const struct type *type, struct buf *out) {
    buf_addf(out, "enum%s {", tag_of(type, "enum"));
    for (size_t i = 0; i < type->enumerator_count && out->length < SPELT_MOST; i++)
        buf_addf(out, "%s %s = %d", i ? "," : "", type->enumerators[i].name, type->enumerators[i].value);
    buf_add_text(out, " }");
}

static void spell_base(void *context, const struct type *type, struct buf *out);

/* What is only pointed to is another story. */
static void spell_void(void *context, const struct type *type, struct buf *out) {
    (void)context;
    (void)type;
    buf_add_text(out, "void");
}

static bool is_pointer_to_other(const struct type *field, const struct type *type) {
    while (field->kind == TYPE_ARRAY)
        field = field->of;
    return field->kind == TYPE_POINTER && base_of(field)->kind == TYPE_STRUCT && base_of(field) != type;
}

static void spell_struct(struct spelling *spelling, const struct type *type, struct buf *out) {
    const char *keyword = ((const struct own *)type)->is_union ? "union" : "struct";
    bool packed = false;

    buf_addf(out, "%s%s {", keyword, tag_of(type, keyword));
    for (size_t i = 0; i < type->field_count && out->length < SPELT_MOST; i++) {
        const struct field *field = &type->fields[i];
        packed = packed || field->type->align > type->align;
        buf_add_char(out, ' ');
        type_declare(field->type, field->name,
                     is_pointer_to_other(field->type, type) ? spell_void : spell_base, spelling, out);
        buf_add_char(out, ';');
    }
    buf_addf(out, " }%s", packed ? " __attribute__((packed))" : "");
}

static void spell_base(void *context, const struct type *type, struct buf *out) {
    struct spelling *spelling = context;

    if (type->enumerator_count > 0 && tell(spelling, type))
        spell_enum(type, out);
    else if (is_own_struct(type) && tell(spelling, type))
        spell_struct(spelling, type, out);
    else
        buf_add_text(out, type->name);
}

void type_spell_whole(const struct type *type, struct buf *out) {
    struct spelling spelling = {0};

    type_declare(type, "", spell_base, &spelling, out);
}

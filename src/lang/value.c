/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values: C's conversions, and the way to and from memory. */
#include "lang/value.h"

#include <string.h>

_Static_assert(sizeof(void *) == sizeof(uint64_t),
               "a reference is kept where the system's structs have a pointer");

struct value value_of(const struct type *integer, uint64_t v) {
    unsigned unused = 64 - (unsigned)(integer->size * 8);

    if (integer->is_bool)
        return (struct value){integer, v != 0};
    if (unused > 0) {
        /* Shifting a signed number to the right keeps its sign (GCC and Clang say so). */
        v <<= unused;
        v = integer->is_signed ? (uint64_t)((int64_t)v >> unused) : v >> unused;
    }
    return (struct value){integer, v};
}

struct value value_int(int64_t v) {
    return value_of(&type_int, (uint64_t)v);
}

bool value_is_true(struct value v) {
    return v.bits != 0;
}

static bool refuse(struct value from, const struct type *to, struct error *error) {
    struct buf from_text = {0}, to_text = {0};

    type_spell(from.type, &from_text);
    type_spell(to, &to_text);
    if (from.type->kind == TYPE_VOID)
        error_set(error, ERROR_TYPE, (struct span){0}, "this has no value (void), and %s is needed here",
                  buf_text(&to_text));
    else
        error_set(error, ERROR_TYPE, (struct span){0}, "this is of type %s, and %s is needed here",
                  buf_text(&from_text), buf_text(&to_text));
    if (from.type != to && strcmp(buf_text(&from_text), buf_text(&to_text)) == 0)
        error_hint(error, "%s was defined again, and these are of the old and the new one: declare anew "
                          "what is of the old one",
                   buf_text(&to_text));
    buf_free(&from_text);
    buf_free(&to_text);
    return false;
}

static bool to_integer(struct value from, const struct type *to, bool cast, struct value *result,
                       struct error *error) {
    switch (from.type->kind) {
    case TYPE_INTEGER:
        *result = value_of(to, from.bits);
        return true;
    case TYPE_POINTER:
        if (cast || to->is_bool) {
            *result = value_of(to, from.bits);
            return true;
        }
        refuse(from, to, error);
        error_hint(error, "*p is what a pointer p points to; (%s)p is its bits as a number", to->name);
        return false;
    case TYPE_VOID:
    case TYPE_ARRAY:
    case TYPE_STRUCT:
    case TYPE_FILE:
        break;
    }
    return refuse(from, to, error);
}

static bool to_pointer(struct value from, const struct type *to, bool cast, struct value *result,
                       struct error *error) {
    switch (from.type->kind) {
    case TYPE_INTEGER:
        if (!cast && from.bits != 0) {
            refuse(from, to, error);
            error_hint(error, "&x is the address of x; NULL is the pointer to nothing");
            return false;
        }
        *result = (struct value){to, from.bits};
        return true;
    case TYPE_POINTER:
        if (!cast && from.bits != 0 && (from.type->of->kind == TYPE_FILE) != (to->of->kind == TYPE_FILE) &&
            from.type->of->kind != TYPE_VOID && to->of->kind != TYPE_VOID)
            return refuse(from, to, error);
        *result = (struct value){to, from.bits};
        return true;
    case TYPE_VOID:
    case TYPE_ARRAY:
    case TYPE_STRUCT:
    case TYPE_FILE:
        break;
    }
    return refuse(from, to, error);
}

bool value_convert(struct value from, const struct type *to, bool cast, struct value *result,
                   struct error *error) {
    switch (to->kind) {
    case TYPE_INTEGER:
        return to_integer(from, to, cast, result, error);
    case TYPE_POINTER:
        return to_pointer(from, to, cast, result, error);
    case TYPE_VOID:
        if (!cast)
            break;
        *result = (struct value){.type = to};
        return true;
    case TYPE_STRUCT:
        if (from.type != to)
            break;
        *result = from;
        return true;
    case TYPE_ARRAY:
        error_set(error, ERROR_TYPE, (struct span){0}, "an array cannot be assigned as a whole");
        error_hint(error, "copy its elements: memcpy(), or strcpy() for a string");
        return false;
    case TYPE_FILE:
        break;
    }
    return refuse(from, to, error);
}

struct value value_from_bytes(const struct type *type, const unsigned char *bytes) {
    uint8_t one;
    uint16_t two;
    uint32_t four;
    uint64_t eight = 0;

    switch (type->size) {
    case 1:
        memcpy(&one, bytes, sizeof(one));
        eight = one;
        break;
    case 2:
        memcpy(&two, bytes, sizeof(two));
        eight = two;
        break;
    case 4:
        memcpy(&four, bytes, sizeof(four));
        eight = four;
        break;
    case 8:
        memcpy(&eight, bytes, sizeof(eight));
        break;
    }
    return type->kind == TYPE_INTEGER ? value_of(type, eight) : (struct value){type, eight};
}

static void to_bytes(struct value v, unsigned char *bytes) {
    uint8_t one = (uint8_t)v.bits;
    uint16_t two = (uint16_t)v.bits;
    uint32_t four = (uint32_t)v.bits;

    switch (v.type->size) {
    case 1:
        memcpy(bytes, &one, sizeof(one));
        break;
    case 2:
        memcpy(bytes, &two, sizeof(two));
        break;
    case 4:
        memcpy(bytes, &four, sizeof(four));
        break;
    case 8:
        memcpy(bytes, &v.bits, sizeof(v.bits));
        break;
    }
}

bool value_load(const struct memory *memory, const struct type *type, uint64_t address, struct value *result,
                struct error *error) {
    bool scalar = type_is_scalar(type);
    const unsigned char *bytes =
        memory_read(memory, address, type->size, scalar ? MEMORY_WRITTEN : MEMORY_BOUNDS, error);

    if (!bytes)
        return false;
    *result = scalar ? value_from_bytes(type, bytes) : (struct value){type, address};
    return true;
}

bool value_store(struct memory *memory, const struct type *type, uint64_t address, struct value v,
                 struct error *error) {
    if (!type_is_scalar(type))
        return memory_copy(memory, address, v.bits, type->size, error);

    unsigned char *bytes = memory_write(memory, address, type->size, error);
    if (!bytes)
        return false;
    to_bytes((struct value){type, v.bits}, bytes);
    memory_mark(memory, address, type->size, true);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * C types with the system's own sizes and layout (offsets come from the
 * compiler's offsetof, never from a document).  Types are interned within a
 * `struct types`, so two equal types are the same pointer.
 */
#ifndef SOCKSHELL_LANG_TYPE_H
#define SOCKSHELL_LANG_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/error.h"

enum type_kind { TYPE_VOID, TYPE_INTEGER, TYPE_POINTER, TYPE_ARRAY, TYPE_STRUCT, TYPE_FILE };

struct field;
struct type {
    enum type_kind kind;
    size_t size;  /* bytes; 0 for void, FILE, and incomplete arrays */
    size_t align;
    bool is_signed;             /* integers */
    bool is_bool;               /* _Bool: conversion gives 0 or 1 */
    int rank;                   /* integers: C17 6.3.1.1 */
    const char *name;           /* "unsigned int", "struct sockaddr_in" */
    const struct type
        *of; /* pointers: what they point to; arrays: the element; enums: what they convert as */
    size_t count;               /* arrays */
    const struct field *fields; /* structs and unions (all union members at 0) */
    size_t field_count;
    const struct enumerator *enumerators; /* enums, which are integers */
    size_t enumerator_count;
    unsigned depth; /* of structs in a struct of the learner's */
};

struct enumerator {
    const char *name;
    int value;
};

struct field {
    const char *name;
    const struct type *type;
    size_t offset;
    /* How its bytes are best read by a person: in network byte order, or as an address. */
    enum field_style { FIELD_PLAIN, FIELD_PORT_BE, FIELD_IPV4_BE, FIELD_FAMILY, FIELD_BE } style;
};

/* The basic types; interned, static. */
extern const struct type type_void, type_bool, type_char, type_schar, type_uchar, type_short, type_ushort, type_int,
    type_uint, type_long, type_ulong, type_llong, type_ullong, type_file;

/* The derived types of one interpreter.  Freed as a whole. */
struct types;
struct types *types_new(void);
void types_free(struct types *types);
const struct type *types_pointer(struct types *types, const struct type *to);
const struct type *types_array(struct types *types, const struct type *of, size_t count);

/* The learner's own types (type_own.c); names and fields are copied.  A struct begins without members (its size
 * is 0), so that they may point to it, and is given them once; `name` is how it is shown. */
struct type *types_struct(struct types *types, const char *name);
/* Lay the members out as the system's compiler would; their offsets are worked out here.  Returns the type from
 * now on, which is an equal one that was there before if this one is `fresh`, known to its own members only;
 * NULL and an error when it is too large or too deep. */
struct layout {
    const struct field *fields;
    size_t count;
    bool is_union, is_packed;
};
const struct type *types_complete(struct types *types, struct type *type, const struct layout *layout,
                                  bool fresh, struct error *error);
const struct type *types_enum(struct types *types, const char *name, const struct enumerator *enumerators,
                              size_t count);
/* The name of an enum's constant, or NULL. */
const char *type_enumerator(const struct type *type, uint64_t bits);

/* Is the byte at this offset one that lies between the members, or behind them? */
bool type_is_padding(const struct type *type, size_t offset);

#define TYPE_CHAIN_MAX 12 /* pointers and arrays on one another; C17 5.2.4.1 asks for 12 */
#define TYPE_DEPTH_MAX 16 /* structs in one another */

/* Known structs by tag ("sockaddr_in") and typedef names ("socklen_t",
 * "uint16_t", "FILE"); NULL when unknown.  The iterators end with NULL. */
const struct type *type_struct(const char *tag);
const struct type *type_typedef(const char *name);
const char *type_struct_name(size_t i);
const char *type_typedef_name(size_t i);
/* typedef name → target, as the size/alignment of the system's own. */

const struct field *type_field(const struct type *type, const char *name);

bool type_is_scalar(const struct type *type); /* integer or pointer */
/* The C spelling of a type: "struct sockaddr_in *", "char[2000]". */
void type_spell(const struct type *type, struct buf *out);
/* With what a struct of the learner's consists of, "struct header { int type; }[2]", for who does not know it. */
void type_spell_whole(const struct type *type, struct buf *out);
/* Is there such a struct in it, or behind its pointer? */
bool type_is_own(const struct type *type);
/* The reverse of both, for what another process says (lang/parse_spelt.c); NULL and error. */
const struct type *types_from_text(struct types *types, const char *text, struct error *error);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values: an integer, a pointer, or the place of an array or struct. */
#ifndef SOCKSHELL_LANG_VALUE_H
#define SOCKSHELL_LANG_VALUE_H

#include "lang/memory.h"
#include "lang/type.h"

/* FILE has no contents that C code may look at, so a FILE * needs no object: its bits name the stream. */
enum { VALUE_STDIN = 1, VALUE_STDOUT, VALUE_STDERR };

struct value {
    const struct type *type;
    /* Integers: the value, sign- or zero-extended from its type to 64 bits.
     * Pointers: the reference (lang/memory.h).  Arrays and structs: the
     * reference of their first byte.  void: nothing. */
    uint64_t bits;
};

struct value value_int(int64_t v);                             /* type int */
struct value value_of(const struct type *integer, uint64_t v); /* truncated to the type */
/* C's conversion to a scalar type, as by assignment or (if cast) by a cast.
 * Integers to integers always; pointer conversions are C's, with void *, 0,
 * and any object pointer (the tutorials leave casts out) allowed.  A struct
 * converts to its own type; with a cast anything converts to void. */
bool value_convert(struct value from, const struct type *to, bool cast, struct value *result,
                   struct error *error);
/* Of an integer or pointer. */
bool value_is_true(struct value v);
/* Read or write a scalar, struct or array in memory (as a value of `type` at
 * address).  To store, v has that type already (value_convert). */
bool value_load(const struct memory *memory, const struct type *type, uint64_t address, struct value *result,
                struct error *error);
bool value_store(struct memory *memory, const struct type *type, uint64_t address, struct value v,
                 struct error *error);
/* The scalar that these bytes are. */
struct value value_from_bytes(const struct type *type, const unsigned char *bytes);

/* In words a learner reads (lang/show.c): 42, 65 'A', "text", {AF_INET,
 * 127.0.0.1:8888}, pointers as &name+4 (bytes).  No type.  Parts never written are ?. */
void value_show(const struct memory *memory, struct value v, struct buf *out);
/* The same for what lies in memory, a variable say: a scalar never written is ? as well. */
void value_show_at(const struct memory *memory, const struct type *type, uint64_t address, struct buf *out);

#endif

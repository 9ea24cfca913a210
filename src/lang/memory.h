/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The learner's memory: objects that know their bounds, and for each byte
 * whether it was ever written.  A pointer is 64 bits, as on the machine, but
 * what it holds is a reference to an object and an offset:
 *
 *     bits 63..44  slot in the table of objects (0: no object)
 *     bits 43..32  generation of the slot, so that a dangling pointer is known
 *     bits 31..0   offset in bytes, signed
 *
 * so a pointer can live in a struct with the system's layout, be cast and
 * added to, and still never reach outside its object: every access is checked.
 * The bits are ours; the kernel is given the host address that a check returns,
 * which stays valid until the object is dropped.
 *
 * Errors from here have no place in the source; who evaluates adds it.
 */
#ifndef SOCKSHELL_LANG_MEMORY_H
#define SOCKSHELL_LANG_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/error.h"

#define MEMORY_LIMIT ((size_t)64 << 20) /* bytes for all objects of an actor */

struct memory;

enum memory_kind {
    MEMORY_VARIABLE,
    MEMORY_LITERAL,  /* read only */
    MEMORY_LIBRARY,  /* made by a call */
    MEMORY_ALLOCATED /* the same, and the learner's to free: malloc() */
};

struct memory *memory_new(size_t limit);
void memory_free(struct memory *memory);

/* A new object of `size` bytes, none of them written yet (their value is 0
 * all the same).  `label` names it in messages and is copied.  0 and error
 * (ERROR_LIMIT) when the limit is reached. */
uint64_t memory_make(struct memory *memory, size_t size, enum memory_kind kind, const char *label,
                     struct error *error);
/* Like memory_make(…, MEMORY_LITERAL, …), with all its bytes given. */
uint64_t memory_make_literal(struct memory *memory, const void *bytes, size_t size, const char *label,
                             struct error *error);
/* End an object's life; pointers to it dangle from now on, and are known to.
 * An address that is no object's is ignored. */
void memory_drop(struct memory *memory, uint64_t address);
/* The same; "LABEL `how`" is what is said to who uses such a pointer. */
void memory_end(struct memory *memory, uint64_t address, const char *how);
/* The most bytes that all objects together may have. */
size_t memory_limit(const struct memory *memory);

enum memory_check { MEMORY_BOUNDS, MEMORY_WRITTEN };
/* The host address of `size` readable bytes, or NULL and an error (ERROR_MEMORY)
 * that says what is wrong in the learner's terms: null pointer, not an object,
 * dangling, outside (how far), never written (which byte).  Size 0 is fine
 * even for NULL, as for the kernel. */
const unsigned char *memory_read(const struct memory *memory, uint64_t address, size_t size,
                                 enum memory_check check, struct error *error);
/* The same for writing; refuses literals and what is const.  Does not mark: see below. */
unsigned char *memory_write(struct memory *memory, uint64_t address, size_t size, struct error *error);
/* These bytes have now been written (the caller has checked the bounds; what lies outside is ignored). */
void memory_mark(struct memory *memory, uint64_t address, size_t size, bool written);
bool memory_is_written(const struct memory *memory, uint64_t address, size_t size);
/* How many bytes from address on were written, without a gap, `most` at most; 0 when it is no object's. */
size_t memory_written(const struct memory *memory, uint64_t address, size_t most);
/* What was just written there was, or was not, a descriptor from the call that made it.  An array keeps the
 * time of the last that any of its elements was given. */
void memory_note_descriptor(struct memory *memory, uint64_t address, size_t size, bool made);
/* When the object was last given a descriptor by the call that made it, as a count of changes; 0: never, or
 * it has had another value since. */
uint64_t memory_descriptor_noted(const struct memory *memory, uint64_t address);
/* Copy bytes together with their written-marks (assignment of structs). Both checked for bounds. */
bool memory_copy(struct memory *memory, uint64_t to, uint64_t from, size_t size, struct error *error);
/* Bytes from address to the end of its object; 0 when it is no object's. */
size_t memory_room(const struct memory *memory, uint64_t address);
/* Length of the string at address; error when no NUL comes, or only after bytes never written. */
bool memory_string(const struct memory *memory, uint64_t address, const char **text, size_t *length,
                   struct error *error);
/* "server.sin_port" is beyond us, but "server" is known: the object's label, or NULL. */
const char *memory_label(const struct memory *memory, uint64_t address);
/* Is it the address of an object that is no longer? */
bool memory_dangles(const struct memory *memory, uint64_t address);
/* From now on the object is not written to any more: it was declared const, and has its value. */
void memory_freeze(struct memory *memory, uint64_t address);
/* Does it point into what the learner has allocated? */
bool memory_is_allocated(const struct memory *memory, uint64_t address);
/* Is it a read-only literal? */
bool memory_is_literal(const struct memory *memory, uint64_t address);
/* A count that grows with every write: "has anything changed since?" */
uint64_t memory_changes(const struct memory *memory);

/* The parts of a reference. */
static inline int32_t memory_offset(uint64_t address) {
    return (int32_t)(uint32_t)address;
}
/* Do two pointers hold the same object (or neither any)? */
static inline bool memory_same_object(uint64_t a, uint64_t b) {
    return a >> 32 == b >> 32;
}

#endif

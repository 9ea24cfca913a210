/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the type module's files share. */
#ifndef SOCKSHELL_LANG_TYPE_TABLE_H
#define SOCKSHELL_LANG_TYPE_TABLE_H

#include "lang/type.h"

/* The pointer and array types that fields of the system's structs have; NULL ends. */
const struct type *type_table_derived(size_t i);

/* type_own.c: the learner's structs and enums. */
struct own_types;
struct own_types *own_types_new(void);
void own_types_free(struct own_types *own);
struct own_types *types_own(struct types *types);
/* The one of this name that was made last, or NULL: what a tag means within a type spelt whole. */
struct type *own_types_find(struct own_types *own, const char *name);

/* type.c: declare `name` (which may be "") as of this type; the base is spelt by the caller. */
void type_declare(const struct type *type, const char *name,
                  void (*spell_base)(void *context, const struct type *base, struct buf *out), void *context,
                  struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the type module's two files share. */
#ifndef SOCKSHELL_LANG_TYPE_TABLE_H
#define SOCKSHELL_LANG_TYPE_TABLE_H

#include "lang/type.h"

/* The pointer and array types that fields of the system's structs have; NULL ends. */
const struct type *type_table_derived(size_t i);

#endif

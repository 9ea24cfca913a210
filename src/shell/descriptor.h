/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors as a person names them: by number, or by the variable that holds one. */
#ifndef SOCKSHELL_SHELL_DESCRIPTOR_H
#define SOCKSHELL_SHELL_DESCRIPTOR_H

#include "actor/crew.h"

/* "4", "conn", "sv[1]". False: neither a number nor an int of this actor's that has a value. */
bool descriptor_named(const struct actor *actor, const char *text, int *fd);
/* The int that a variable is; false: it is none, or has no value. */
bool descriptor_value(const struct board_entry *entry, int *value);
/* The i-th int of an array of them. */
bool descriptor_element(const struct board_entry *entry, size_t i, int *value);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the lists in constants_*.c are written: a name and a few words.  Value
 * and type are what the system's header makes of the name, so a list can be
 * incomplete but never wrong.  Names that not every header has stand in #ifdef.
 *
 * Where two names have one value, the first of a set is the one it is printed by.
 */
#ifndef SOCKSHELL_CALL_CONSTANT_LIST_H
#define SOCKSHELL_CALL_CONSTANT_LIST_H

#include "call/constant.h"

#define CONSTANT_TYPE(name) \
    _Generic((name), unsigned int: CONSTANT_UINT, unsigned long: CONSTANT_ULONG, default: CONSTANT_INT)
#define C(name, means) {#name, (int64_t)(name), CONSTANT_TYPE(name), means}

#define SET(set_name, prefix, items, mask) \
    {set_name, prefix, items, sizeof(items) / sizeof *(items), mask}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * printf's formats over the learner's values: d i u x X o c s p % with flags,
 * width, precision, * and hh h l ll z j t.  Every value is checked against
 * its conversion, every byte of a string against its object's bounds.
 */
#ifndef SOCKSHELL_CALL_FORMAT_H
#define SOCKSHELL_CALL_FORMAT_H

#include "lang/memory.h"
#include "lang/value.h"

#define FORMAT_OUTPUT_MAX ((size_t)1 << 20) /* bytes one format may produce */

struct format {
    const char *function; /* "printf", for messages */
    const struct memory *memory;
    const char *text; /* the format, `length` bytes without its NUL */
    size_t length;
    struct span where; /* of the format in the source */
    const struct value *values;
    const struct span *spans; /* of the values in the source */
    size_t count;
};

/* Appends to out what it makes.  On failure out may hold the part before the mistake. */
bool format_make(const struct format *format, struct buf *out, struct error *error);

/* The string at address as %.5s reads it: up to a NUL, or `most` bytes, whichever comes first. */
bool format_string(const struct memory *memory, uint64_t address, size_t most, const char **text,
                   size_t *length, struct error *error);

#endif

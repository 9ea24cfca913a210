/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 and the columns it takes on a terminal; no locale is consulted. */
#ifndef SOCKSHELL_BASE_UTF8_H
#define SOCKSHELL_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Bytes to pass over at the beginning of a file: the byte order mark that some editors write there, or
 * none. */
size_t utf8_mark(const char *bytes, size_t length);

/* The code point at `bytes` and its length in bytes, or length 1 and
 * UTF8_INVALID for a byte that starts no valid sequence. */
#define UTF8_INVALID UINT32_MAX
uint32_t utf8_decode(const char *bytes, size_t length, size_t *used);
/* Columns of one code point: 0, 1 or 2; -1 for what must not be shown raw. */
int utf8_width(uint32_t code);
/* Columns of a text. */
size_t utf8_columns(const char *text, size_t length);
/* How many bytes of one line's text go into `columns` columns when it is broken at blanks: at least one word, and
 * not the blanks behind the last that fits. */
size_t utf8_line(const char *text, size_t length, size_t columns);

#endif

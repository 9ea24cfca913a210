/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one way of bytes we did not write to a terminal, a file of ours, or a
 * message: control, C1, bidirectional, invisible and invalid bytes come out
 * as C escapes.  Which they are: the table in utf8.c.
 */
#ifndef SOCKSHELL_BASE_ESCAPE_H
#define SOCKSHELL_BASE_ESCAPE_H

#include <stddef.h>
#include "base/buf.h"

/* As readable text: printable UTF-8 stays; \n, \t, \x1b, \u202e for the rest. */
void escape_text(struct buf *out, const char *bytes, size_t length);
/* As escape_text, but newline and tab pass (prose, messages of several lines). */
void escape_lines(struct buf *out, const char *bytes, size_t length);
/* As the inside of a C string literal: " and \ are escaped as well, and
 * everything outside printable ASCII/valid visible UTF-8 as \ooo or \n… */
void escape_c(struct buf *out, const char *bytes, size_t length);
/* "…" with the quotes, at most `most` bytes of it, then `"...` as strace does. */
void escape_c_quoted(struct buf *out, const char *bytes, size_t length, size_t most);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing JSON (RFC 8259) into a buffer, one object a line.
 *     json_begin(&out); json_text(&out, "type", "returned"); json_end(&out);
 */
#ifndef SOCKSHELL_BASE_JSON_H
#define SOCKSHELL_BASE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"

void json_begin(struct buf *out);
void json_end(struct buf *out); /* closes the object and adds a newline */
void json_text(struct buf *out, const char *key, const char *value);
/* Bytes of any kind: valid UTF-8 as it is, every other byte b as U+00b. */
void json_bytes(struct buf *out, const char *key, const void *bytes, size_t length);
void json_number(struct buf *out, const char *key, int64_t value);
void json_bool(struct buf *out, const char *key, bool value);

#endif

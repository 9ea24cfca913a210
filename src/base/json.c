/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing JSON into a buffer.  Whether a comma is due is read off the buffer:
 * only an opening bracket can be its last byte when none is.  What must not
 * reach a terminal raw is written as \uXXXX, which loses nothing.
 */
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"

static void add_code(struct buf *out, uint32_t code) {
    if (code > 0xFFFF) {
        code -= 0x10000;
        buf_addf(out, "\\u%04x\\u%04x", 0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
    } else {
        buf_addf(out, "\\u%04x", code);
    }
}

static void add_string(struct buf *out, const char *bytes, size_t length) {
    buf_add_char(out, '"');
    for (size_t i = 0, used; i < length; i += used) {
        uint32_t code = utf8_decode(bytes + i, length - i, &used);
        if (code == UTF8_INVALID)
            add_code(out, (unsigned char)bytes[i]);
        else if (code == '"' || code == '\\')
            buf_addf(out, "\\%c", (char)code);
        else if (code == '\n')
            buf_add_text(out, "\\n");
        else if (code == '\t')
            buf_add_text(out, "\\t");
        else if (utf8_width(code) < 0)
            add_code(out, code);
        else
            buf_add(out, bytes + i, used);
    }
    buf_add_char(out, '"');
}

static void add_comma(struct buf *out) {
    char last = out->length > 0 ? out->data[out->length - 1] : '{';

    if (last != '{' && last != '[')
        buf_add_char(out, ',');
}

static void add_key(struct buf *out, const char *key) {
    add_comma(out);
    add_string(out, key, strlen(key));
    buf_add_char(out, ':');
}

void json_begin(struct buf *out) {
    buf_add_char(out, '{');
}

void json_end(struct buf *out) {
    buf_add_text(out, "}\n");
}

void json_text(struct buf *out, const char *key, const char *value) {
    json_bytes(out, key, value, strlen(value));
}

void json_bytes(struct buf *out, const char *key, const void *bytes, size_t length) {
    add_key(out, key);
    add_string(out, bytes, length);
}

void json_number(struct buf *out, const char *key, int64_t value) {
    add_key(out, key);
    buf_addf(out, "%" PRId64, value);
}

void json_bool(struct buf *out, const char *key, bool value) {
    add_key(out, key);
    buf_add_text(out, value ? "true" : "false");
}


/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one way of foreign bytes to a terminal, a file or a message.  What may
 * pass is decided by utf8_width(): characters it gives a width to are visible.
 */
#include "base/escape.h"

#include <stdbool.h>

#include "base/utf8.h"

/* The letter of \n and its like, or 0. */
static char short_escape(unsigned char c) {
    switch (c) {
    case '\a':
        return 'a';
    case '\b':
        return 'b';
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\v':
        return 'v';
    case '\f':
        return 'f';
    case '\r':
        return 'r';
    default:
        return 0;
    }
}

static void add_readable(struct buf *out, uint32_t code, unsigned char first) {
    if (code == UTF8_INVALID)
        buf_addf(out, "\\x%02x", first);
    else if (code < 0x80 && short_escape(first))
        buf_addf(out, "\\%c", short_escape(first));
    else if (code < 0x80)
        buf_addf(out, "\\x%02x", code);
    else if (code <= 0xFFFF)
        buf_addf(out, "\\u%04x", code);
    else
        buf_addf(out, "\\U%08x", code);
}

static void escape(struct buf *out, const char *bytes, size_t length, bool layout_passes) {
    for (size_t i = 0, used; i < length; i += used) {
        uint32_t code = utf8_decode(bytes + i, length - i, &used);
        bool passes = code != UTF8_INVALID && utf8_width(code) >= 0;
        if (passes || (layout_passes && (code == '\n' || code == '\t')))
            buf_add(out, bytes + i, used);
        else
            add_readable(out, code, (unsigned char)bytes[i]);
    }
}

void escape_text(struct buf *out, const char *bytes, size_t length) {
    escape(out, bytes, length, false);
}

void escape_lines(struct buf *out, const char *bytes, size_t length) {
    escape(out, bytes, length, true);
}

/* Bytes as \ooo, shortest where no digit follows, as strace writes them. */
static void add_octal(struct buf *out, const char *bytes, size_t count, size_t length) {
    for (size_t i = 0; i < count; i++) {
        unsigned c = (unsigned char)bytes[i];
        bool digit_follows = i + 1 < length && bytes[i + 1] >= '0' && bytes[i + 1] <= '7';
        buf_addf(out, digit_follows ? "\\%03o" : "\\%o", c);
    }
}

void escape_c(struct buf *out, const char *bytes, size_t length) {
    for (size_t i = 0, used; i < length; i += used) {
        uint32_t code = utf8_decode(bytes + i, length - i, &used);
        char letter = short_escape((unsigned char)bytes[i]);
        if (code == '"' || code == '\\')
            buf_addf(out, "\\%c", (char)code);
        else if (letter)
            buf_addf(out, "\\%c", letter);
        else if (code != UTF8_INVALID && utf8_width(code) >= 0)
            buf_add(out, bytes + i, used);
        else
            add_octal(out, bytes + i, used, length - i);
    }
}

/* Where to cut so that at most `most` bytes stay and no character is cut in two. */
static size_t cut_at(const char *bytes, size_t length, size_t most) {
    size_t i = 0, used;

    while (i < length) {
        utf8_decode(bytes + i, length - i, &used);
        if (used > most - i)
            break;
        i += used;
    }
    return i;
}

void escape_c_quoted(struct buf *out, const char *bytes, size_t length, size_t most) {
    size_t kept = length <= most ? length : cut_at(bytes, length, most);

    buf_add_char(out, '"');
    escape_c(out, bytes, kept);
    buf_add_text(out, kept < length ? "\"..." : "\"");
}

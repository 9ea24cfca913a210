/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A byte buffer that grows: doubling, always with room for the NUL behind the last byte. */
#include "base/buf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define FIRST_CAPACITY 64

/* Make room for `more` bytes and the NUL. */
static void reserve(struct buf *buf, size_t more) {
    if (more < buf->capacity - buf->length && buf->capacity > 0)
        return;

    size_t wanted;
    if (__builtin_add_overflow(buf->length, more, &wanted) || wanted >= SIZE_MAX / 2)
        wanted = SIZE_MAX / 2; /* mem_grow() refuses this */
    size_t capacity = buf->capacity ? buf->capacity : FIRST_CAPACITY;
    while (capacity <= wanted)
        capacity *= 2;
    buf->data = mem_grow(buf->data, capacity, 1);
    buf->capacity = capacity;
}

void buf_add(struct buf *buf, const void *bytes, size_t length) {
    reserve(buf, length);
    if (length > 0)
        memcpy(buf->data + buf->length, bytes, length);
    buf->length += length;
    buf->data[buf->length] = '\0';
}

void buf_add_text(struct buf *buf, const char *text) {
    buf_add(buf, text, strlen(text));
}

void buf_add_char(struct buf *buf, char c) {
    buf_add(buf, &c, 1);
}

void buf_addf(struct buf *buf, const char *format, ...) {
    va_list arguments;

    va_start(arguments, format);
    buf_addv(buf, format, arguments);
    va_end(arguments);
}

void buf_addv(struct buf *buf, const char *format, va_list arguments) {
    va_list again;

    reserve(buf, FIRST_CAPACITY);
    size_t room = buf->capacity - buf->length;
    va_copy(again, arguments);
    int length = vsnprintf(buf->data + buf->length, room, format, arguments);
    if (length >= 0 && (size_t)length >= room) {
        reserve(buf, (size_t)length);
        length = vsnprintf(buf->data + buf->length, buf->capacity - buf->length, format, again);
    }
    va_end(again);
    if (length > 0)
        buf->length += (size_t)length;
    buf->data[buf->length] = '\0';
}

const char *buf_text(const struct buf *buf) {
    return buf->data ? buf->data : "";
}

void buf_consume(struct buf *buf, size_t length) {
    if (length > buf->length)
        length = buf->length;
    if (length == 0)
        return;
    memmove(buf->data, buf->data + length, buf->length - length);
    buf->length -= length;
    buf->data[buf->length] = '\0';
}

void buf_clear(struct buf *buf) {
    buf->length = 0;
    if (buf->data)
        buf->data[0] = '\0';
}

char *buf_take(struct buf *buf) {
    char *text = buf->data ? buf->data : mem_string("");

    *buf = (struct buf){0};
    return text;
}

void buf_free(struct buf *buf) {
    free(buf->data);
    *buf = (struct buf){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A byte buffer that grows.  `data` is always NUL-terminated once anything was
 * added; the NUL is not counted in `length`.  Start with {0}.
 */
#ifndef SOCKSHELL_BASE_BUF_H
#define SOCKSHELL_BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
    char *data;
    size_t length;
    size_t capacity;
};

void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_add_text(struct buf *buf, const char *text);
void buf_add_char(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *buf, const char *format, va_list arguments) __attribute__((format(printf, 2, 0)));
/* The text so far, "" when nothing was added; valid until the next change. */
const char *buf_text(const struct buf *buf);
/* Forget the first `length` bytes. */
void buf_consume(struct buf *buf, size_t length);
/* Empty it, keeping the room. */
void buf_clear(struct buf *buf);
/* Hand the text over (never NULL) and leave the buffer empty; caller frees. */
char *buf_take(struct buf *buf);
void buf_free(struct buf *buf);

#endif

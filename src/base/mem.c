/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for our own small needs; running out of it ends the process with one sentence. */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The only state of the module: set once at the start, read once at the end. */
static void (*failure_hook)(void);

void mem_on_failure(void (*hook)(void)) {
    failure_hook = hook;
}

/* Nothing here may allocate: neither stdio nor exit handlers are asked. */
static void __attribute__((noreturn)) out_of_memory(void) {
    static const char words[] = "sockshell: the system has no memory left for it, so it ends here\n";

    if (failure_hook)
        failure_hook();
    ssize_t written = write(STDERR_FILENO, words, sizeof(words) - 1);
    (void)written;
    _exit(EXIT_FAILURE);
}

void *mem_alloc(size_t size) {
    void *block = calloc(1, size ? size : 1);

    if (!block)
        out_of_memory();
    return block;
}

void *mem_grow(void *old, size_t count, size_t size) {
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) || bytes > PTRDIFF_MAX)
        out_of_memory();
    void *block = realloc(old, bytes ? bytes : 1);
    if (!block)
        out_of_memory();
    return block;
}

char *mem_string(const char *text) {
    return mem_string_n(text, strlen(text));
}

char *mem_string_n(const char *text, size_t length) {
    if (length >= PTRDIFF_MAX)
        out_of_memory();
    char *copy = mem_alloc(length + 1);
    if (length > 0)
        memcpy(copy, text, length);
    return copy;
}

char *mem_format(const char *format, ...) {
    va_list arguments;
    char *text;

    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        out_of_memory();
    return text;
}

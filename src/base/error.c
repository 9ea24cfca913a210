/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went wrong, as a value the caller owns. */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

bool error_set(struct error *error, enum error_kind kind, struct span where, const char *format, ...) {
    if (!error || error->kind != ERROR_NONE)
        return false;

    struct buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    buf_addv(&text, format, arguments);
    va_end(arguments);
    error->kind = kind;
    error->where = where;
    error->text = buf_take(&text);
    return false;
}

void error_hint(struct error *error, const char *format, ...) {
    if (!error || error->kind == ERROR_NONE || error->hint)
        return;

    struct buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    buf_addv(&text, format, arguments);
    va_end(arguments);
    error->hint = buf_take(&text);
}

void error_free(struct error *error) {
    free(error->text);
    free(error->hint);
    free(error->source);
    free(error->place);
    free(error->calls);
    *error = (struct error){0};
}

const char *error_kind_name(enum error_kind kind) {
    switch (kind) {
    case ERROR_NONE:
        return "none";
    case ERROR_SYNTAX:
        return "syntax";
    case ERROR_INCOMPLETE:
        return "incomplete";
    case ERROR_NAME:
        return "name";
    case ERROR_TYPE:
        return "type";
    case ERROR_MEMORY:
        return "memory";
    case ERROR_ARITHMETIC:
        return "arithmetic";
    case ERROR_LIMIT:
        return "limit";
    case ERROR_INTERRUPTED:
        return "interrupted";
    case ERROR_USAGE:
        return "usage";
    case ERROR_SYSTEM:
        return "system";
    }
    return "unknown"; /* a number that came in a message */
}

void error_place(const char *text, size_t at, unsigned *line, unsigned *column) {
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < at && text[i]; i++) {
        if (text[i] == '\n') {
            ++*line;
            *column = 1;
        } else if (((unsigned char)text[i + 1] & 0xC0) != 0x80) {
            /* The last byte of a character: what follows is no continuation byte. */
            ++*column;
        }
    }
}

/* The `:` that begins the last number but one of "file:line:column"; NULL: it is no such place. */
static const char *numbers_of(const char *place) {
    const char *second = strrchr(place, ':'), *first = second;

    while (first && first > place && first[-1] != ':')
        first--;
    return first && first > place && first[-1] == ':' && first - 1 > place ? first - 1 : NULL;
}

char *error_place_in(const char *place, const char *text, size_t at) {
    const char *numbers = numbers_of(place);
    unsigned down, across, line, column;

    if (!numbers || sscanf(numbers, ":%u:%u", &line, &column) != 2)
        return mem_string(place);
    error_place(text, at, &down, &across);
    return mem_format("%.*s:%u:%u", (int)(numbers - place), place, line + down - 1,
                      down == 1 ? column + across - 1 : across);
}

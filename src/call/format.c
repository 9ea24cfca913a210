/* SPDX-License-Identifier: GPL-3.0-or-later */
/* printf's formats: see format.h. */
#include "call/format.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

enum length { LENGTH_NONE, LENGTH_CHAR, LENGTH_SHORT, LENGTH_LONG };

/* One conversion: %[flags][width][.precision][length]conversion. */
struct conversion {
    const char *at; /* its % */
    size_t size;    /* bytes of it in the format */
    char flags[8];
    bool has_width, has_precision;
    int width, precision;
    enum length length;
    char modifier[3]; /* as written: "", "hh", "z" … */
    char letter;
};

/* Where we are in a format. */
struct work {
    const struct format *format;
    size_t at;   /* next byte of the text */
    size_t next; /* next value */
    struct buf *out;
    struct error *error;
};

static struct span value_span(const struct work *work, size_t i) {
    return work->format->spans != NULL ? work->format->spans[i] : work->format->where;
}

/* "%5d": a conversion as it stands in the format, for messages; it may hold any bytes. */
static void show_conversion(const struct conversion *c, struct buf *out) {
    size_t size = c->size < 24 ? c->size : 24;

    for (size_t i = 0; i < size; i++)
        buf_add_char(out, c->at[i] >= ' ' && c->at[i] <= '~' ? c->at[i] : '?');
}

static bool wrong_type(const struct work *work, const struct conversion *c, size_t i, const char *wants,
                       const char *use) {
    struct buf type = {0}, shown = {0};

    type_spell(work->format->values[i].type, &type);
    show_conversion(c, &shown);
    error_set(work->error, ERROR_TYPE, value_span(work, i), "%s takes %s, but the value is of type %s",
              buf_text(&shown), wants, buf_text(&type));
    if (use != NULL)
        error_hint(work->error, "%s", use);
    buf_free(&type);
    buf_free(&shown);
    return false;
}

static bool take(struct work *work, const struct conversion *c, struct value *value) {
    struct buf shown = {0};

    if (work->next < work->format->count) {
        *value = work->format->values[work->next++];
        return true;
    }
    show_conversion(c, &shown);
    error_set(work->error, ERROR_TYPE, work->format->where, "%s(): there is no value for %s of the format",
              work->format->function, buf_text(&shown));
    error_hint(work->error,
               "the format asks for more values than the %zu that follow it; %%%% prints a percent sign",
               work->format->count);
    buf_free(&shown);
    return false;
}

static bool is_wide(const struct type *type) {
    return type->size > sizeof(int);
}

/* The conversion that suits an integer of this type. */
static const char *suits(const struct type *type, char letter) {
    if (letter == 'x' || letter == 'X')
        return is_wide(type) ? "use %lx (%zx for a size_t)" : "use %x";
    if (letter == 'o')
        return is_wide(type) ? "use %lo" : "use %o";
    if (is_wide(type))
        return type->is_signed ? "use %ld (%zd for an ssize_t)" : "use %lu (%zu for a size_t)";
    return type->is_signed ? "use %d" : "use %u";
}

/* ---- reading one conversion ---- */

static bool read_flags(struct work *work, struct conversion *c) {
    size_t used = 0;

    while (work->at < work->format->length && strchr("-+ #0", work->format->text[work->at]) != NULL &&
           work->format->text[work->at] != '\0') {
        char flag = work->format->text[work->at++];
        if (memchr(c->flags, flag, used) == NULL)
            c->flags[used++] = flag;
    }
    c->flags[used] = '\0';
    return true;
}

/* Digits, or * for a value of type int. */
static bool read_number(struct work *work, struct conversion *c, int *number) {
    const struct format *format = work->format;
    struct value value;

    *number = 0;
    if (work->at < format->length && format->text[work->at] == '*') {
        c->size = ++work->at - (size_t)(c->at - format->text);
        if (!take(work, c, &value))
            return false;
        if (value.type->kind != TYPE_INTEGER || is_wide(value.type))
            return wrong_type(work, c, work->next - 1, "an int for its *", "write (int) before it");
        *number = (int)(int64_t)value.bits;
        return true;
    }
    while (work->at < format->length && format->text[work->at] >= '0' && format->text[work->at] <= '9') {
        int digit = format->text[work->at++] - '0';
        if (*number > (INT_MAX - digit) / 10)
            *number = INT_MAX;
        else
            *number = *number * 10 + digit;
    }
    return true;
}

static bool too_much(struct work *work) {
    error_set(work->error, ERROR_LIMIT, work->format->where, "%s() would make more than %zu bytes",
              work->format->function, FORMAT_OUTPUT_MAX);
    error_hint(work->error, "a smaller width or precision, or shorter strings");
    return false;
}

static bool read_width(struct work *work, struct conversion *c) {
    const char *text = work->format->text;

    if (!read_number(work, c, &c->width))
        return false;
    if (c->width < 0) { /* C17 7.21.6.1: a negative width by * is the flag - and its absolute value */
        if (strchr(c->flags, '-') == NULL)
            strcat(c->flags, "-");
        c->width = c->width == INT_MIN ? INT_MAX : -c->width;
    }
    c->has_width = c->width != 0;
    if (work->at < work->format->length && text[work->at] == '.') {
        work->at++;
        if (!read_number(work, c, &c->precision))
            return false;
        c->has_precision = c->precision >= 0; /* negative by *: as if there were none */
    }
    if ((c->has_width && (size_t)c->width > FORMAT_OUTPUT_MAX) ||
        (c->has_precision && (size_t)c->precision > FORMAT_OUTPUT_MAX && work->at < work->format->length &&
         text[work->at] != 's'))
        return too_much(work);
    return true;
}

static void read_modifier(struct work *work, struct conversion *c) {
    static const struct { const char *text; enum length length; } modifiers[] = {
        {"hh", LENGTH_CHAR}, {"h", LENGTH_SHORT}, {"ll", LENGTH_LONG}, {"l", LENGTH_LONG},
        {"z", LENGTH_LONG},  {"j", LENGTH_LONG},  {"t", LENGTH_LONG},
    };
    size_t left = work->format->length - work->at;

    for (size_t i = 0; i < sizeof modifiers / sizeof *modifiers; i++) {
        size_t size = strlen(modifiers[i].text);
        if (size <= left && memcmp(work->format->text + work->at, modifiers[i].text, size) == 0) {
            memcpy(c->modifier, modifiers[i].text, size + 1);
            c->length = modifiers[i].length;
            work->at += size;
            return;
        }
    }
}

static bool read_conversion(struct work *work, struct conversion *c) {
    const struct format *format = work->format;

    *c = (struct conversion){.at = format->text + work->at};
    work->at++;
    read_flags(work, c);
    if (!read_width(work, c))
        return false;
    read_modifier(work, c);
    if (work->at >= format->length) {
        error_set(work->error, ERROR_TYPE, format->where,
                  "%s(): the format ends in the middle of a %% conversion", format->function);
        error_hint(work->error, "write %%%% for a percent sign");
        return false;
    }
    c->letter = format->text[work->at++];
    c->size = work->at - (size_t)(c->at - format->text);
    return true;
}

/* ---- making its text ---- */

/* The conversion again, with *.* and intmax_t, for the C library's printf. */
static void print_number(const struct work *work, const struct conversion *c, uintmax_t bits) {
    char spec[24];
    int precision = c->has_precision ? c->precision : -1;

    snprintf(spec, sizeof spec, "%%%s*.*j%c", c->flags, c->letter);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* its parts are from our own lists */
    buf_addf(work->out, spec, c->width, precision, bits);
#pragma GCC diagnostic pop
}

static uintmax_t narrowed(uint64_t bits, enum length length, bool is_signed) {
    switch (length) {
    case LENGTH_CHAR:
        return is_signed ? (uintmax_t)(intmax_t)(signed char)bits : (unsigned char)bits;
    case LENGTH_SHORT:
        return is_signed ? (uintmax_t)(intmax_t)(short)bits : (unsigned short)bits;
    case LENGTH_NONE:
        return is_signed ? (uintmax_t)(intmax_t)(int)bits : (unsigned int)bits;
    case LENGTH_LONG:
        break;
    }
    return bits;
}

static bool make_integer(struct work *work, const struct conversion *c) {
    struct value value;
    bool is_signed = c->letter == 'd' || c->letter == 'i';

    if (!take(work, c, &value))
        return false;
    if (value.type->kind != TYPE_INTEGER)
        return wrong_type(work, c, work->next - 1, "an integer",
                          value.type->kind == TYPE_POINTER ? "use %s for text, %p for a pointer" : NULL);
    if (is_wide(value.type) != (c->length == LENGTH_LONG))
        return wrong_type(work, c, work->next - 1, c->length == LENGTH_LONG ? "a long" : "an int",
                          suits(value.type, c->letter));
    print_number(work, c, narrowed(value.bits, c->length, is_signed));
    return true;
}

static void pad(const struct work *work, size_t count) {
    for (; count > 0; count--)
        buf_add_char(work->out, ' ');
}

/* %s and %c: bytes, NULs too, in a field of the width. */
static bool print_bytes(struct work *work, const struct conversion *c, const char *bytes, size_t length) {
    size_t width = (size_t)c->width, blanks = width > length ? width - length : 0;
    bool left = strchr(c->flags, '-') != NULL;

    if (length > FORMAT_OUTPUT_MAX)
        return too_much(work);
    if (!left)
        pad(work, blanks);
    buf_add(work->out, bytes, length);
    if (left)
        pad(work, blanks);
    return true;
}

static bool no_modifier(const struct work *work, const struct conversion *c) {
    if (c->modifier[0] == '\0')
        return true;
    error_set(work->error, ERROR_TYPE, work->format->where,
              "%s(): %%%s%c is for wide characters, which are not known here", work->format->function,
              c->modifier, c->letter);
    error_hint(work->error, "use %%%c", c->letter);
    return false;
}

static bool make_character(struct work *work, const struct conversion *c) {
    struct value value;
    char byte;

    if (!no_modifier(work, c) || !take(work, c, &value))
        return false;
    if (value.type->kind != TYPE_INTEGER || is_wide(value.type))
        return wrong_type(work, c, work->next - 1, "a character",
                          value.type->kind == TYPE_POINTER ? "use %s for text" : NULL);
    byte = (char)value.bits;
    return print_bytes(work, c, &byte, 1);
}

bool format_string(const struct memory *memory, uint64_t address, size_t most, const char **text,
                   size_t *length, struct error *error) {
    const unsigned char *bytes = memory_read(memory, address, 0, MEMORY_BOUNDS, error), *nul;
    size_t written = memory_written(memory, address, most);

    if (bytes == NULL)
        return false;
    nul = memchr(bytes, '\0', written);
    *text = (const char *)bytes;
    *length = nul != NULL ? (size_t)(nul - bytes) : written;
    /* Neither a NUL nor the limit: reading one byte further says what is wrong with it. */
    return nul != NULL || written == most ||
           memory_read(memory, address + written, 1, MEMORY_WRITTEN, error) != NULL;
}

static bool make_string(struct work *work, const struct conversion *c) {
    const struct memory *memory = work->format->memory;
    struct value value;
    const char *text;
    size_t length;
    bool good;

    if (!no_modifier(work, c) || !take(work, c, &value))
        return false;
    if (value.type->kind != TYPE_POINTER || value.type->of->size > 1 || value.type->of->kind == TYPE_FILE)
        return wrong_type(work, c, work->next - 1, "a char *",
                          value.type->kind == TYPE_INTEGER ? suits(value.type, 'd') : NULL);
    if (c->has_precision)
        good = format_string(memory, value.bits, (size_t)c->precision, &text, &length, work->error);
    else
        good = memory_string(memory, value.bits, &text, &length, work->error);
    if (!good) {
        if (work->error->where.length == 0)
            work->error->where = value_span(work, work->next - 1);
        error_hint(work->error,
                   "%%s prints up to a NUL; %%.*s with a length before the text prints so many bytes");
        return false;
    }
    return print_bytes(work, c, text, length);
}

static bool make_pointer(struct work *work, const struct conversion *c) {
    struct value value;
    char text[24];

    if (!take(work, c, &value))
        return false;
    if (value.type->kind != TYPE_POINTER)
        return wrong_type(work, c, work->next - 1, "a pointer", NULL);
    if (value.bits == 0)
        snprintf(text, sizeof text, "(nil)"); /* as glibc writes it */
    else
        snprintf(text, sizeof text, "0x%" PRIx64, value.bits);
    return print_bytes(work, c, text, strlen(text));
}

static bool not_known(const struct work *work, const struct conversion *c) {
    struct buf shown = {0};

    show_conversion(c, &shown);
    error_set(work->error, ERROR_TYPE, work->format->where, "%s(): %s is no conversion known here",
              work->format->function, buf_text(&shown));
    buf_free(&shown);
    switch (c->letter) {
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        error_hint(work->error, "there are no floating-point numbers here");
        break;
    case 'n':
        error_hint(work->error, "%%n writes into memory and is a known danger; use the value %s() returns",
                   work->format->function);
        break;
    case 'm':
        error_hint(work->error, "write %%s and strerror(errno)");
        break;
    default:
        error_hint(work->error, "known are d i u x X o c s p, and %%%% for a percent sign");
    }
    return false;
}

static bool make(struct work *work, const struct conversion *c) {
    switch (c->letter) {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        return make_integer(work, c);
    case 'c':
        return make_character(work, c);
    case 's':
        return make_string(work, c);
    case 'p':
        return make_pointer(work, c);
    case '%':
        buf_add_char(work->out, '%');
        return true;
    default:
        return not_known(work, c);
    }
}

bool format_make(const struct format *format, struct buf *out, struct error *error) {
    struct work work = {.format = format, .out = out, .error = error};
    size_t before = out->length;

    while (work.at < format->length) {
        const char *from = format->text + work.at, *percent = memchr(from, '%', format->length - work.at);
        size_t plain = percent != NULL ? (size_t)(percent - from) : format->length - work.at;
        struct conversion c;

        buf_add(out, from, plain);
        work.at += plain;
        if (percent != NULL && (!read_conversion(&work, &c) || !make(&work, &c)))
            return false;
        if (out->length - before > FORMAT_OUTPUT_MAX)
            return too_much(&work);
    }
    if (work.next == format->count)
        return true;
    error_set(error, ERROR_TYPE, value_span(&work, work.next),
              "%s(): the format has no conversion for this value", format->function);
    error_hint(error, "add one to the format (%%d for an int, %%s for text), or leave the value out");
    return false;
}

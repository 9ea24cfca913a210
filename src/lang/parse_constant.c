/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The values of constants: integers with C17's types (6.4.4.1), characters (6.4.4.4), strings (6.4.5). */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "lang/parse_internal.h"

/* Integers */

struct suffix {
    bool is_unsigned;
    unsigned longs;
};

static unsigned digit_value(char c) {
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (unsigned)(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return (unsigned)(c - 'A') + 10;
    return UINT_MAX;
}

static unsigned take_base(const char **digits) {
    const char *text = *digits;

    if (text[0] != '0')
        return 10;
    if (text[1] == 'x' || text[1] == 'X') {
        *digits += 2;
        return 16;
    }
    if (text[1] == 'b' || text[1] == 'B') {
        *digits += 2;
        return 2;
    }
    return 8;
}

/* u, l, ll and their mixtures in either order; the two l of ll are written alike. */
static bool read_suffix(const char *text, struct suffix *suffix) {
    *suffix = (struct suffix){0};
    while (*text) {
        if ((*text == 'u' || *text == 'U') && !suffix->is_unsigned) {
            suffix->is_unsigned = true;
            text++;
        } else if ((*text == 'l' || *text == 'L') && suffix->longs == 0) {
            suffix->longs = text[1] == text[0] ? 2 : 1;
            text += suffix->longs;
        } else {
            return false;
        }
    }
    return true;
}

/* C17 6.4.4.1p5: the first type of the list that holds the value; decimal constants stay signed. */
static const struct type *integer_type(uint64_t value, bool decimal, struct suffix suffix) {
    static const struct type *const ladder[3][2] = {
        {&type_int, &type_uint}, {&type_long, &type_ulong}, {&type_llong, &type_ullong}};

    for (unsigned i = suffix.longs; i < 3; i++) {
        unsigned bits = (unsigned)ladder[i][0]->size * CHAR_BIT;
        if (!suffix.is_unsigned && value >> (bits - 1) == 0)
            return ladder[i][0];
        if ((suffix.is_unsigned || !decimal) && (bits == 64 || value >> bits == 0))
            return ladder[i][1];
    }
    return NULL;
}

static struct node *refuse_number(struct parser *parser, const char *text) {
    struct span where = parser->token.where;
    const char *dot = strchr(text, '.');
    bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');

    if (dot && strchr(dot + 1, '.')) {
        parser_fail(parser, where, "%s is no number", text);
        error_hint(parser->error, "an address stands in quotes: \"127.0.0.1:8888\"");
    } else if (dot || (!hex && strpbrk(text, "eE"))) {
        parser_fail(parser, where, "floating point numbers are not understood here");
        error_hint(parser->error, "use integers");
    } else if (strpbrk(text, "+-")) {
        parser_fail(parser, where, "%s is one number to C, and not a valid one", text);
        error_hint(parser->error, "put blanks round the operator");
    } else {
        parser_fail(parser, where, "%s is no integer constant", text);
        if (text[0] == '0' && strspn(text, "0123456789") == strlen(text))
            error_hint(parser->error, "a leading 0 means octal, digits 0 to 7");
        else
            error_hint(parser->error,
                       "names do not begin with a digit; numbers look like 10, 0x1f, 017, 10UL");
    }
    return NULL;
}

/* One that 64 bits can hold is a decimal constant, which stays signed. */
static struct node *refuse_size(struct parser *parser, const char *text, bool fits) {
    parser_fail(parser, parser->token.where, "%s is larger than any %sinteger type", text, fits ? "signed " : "");
    if (fits)
        error_hint(parser->error, "unsigned long holds it: write %su", text);
    return NULL;
}

struct node *parse_integer(struct parser *parser) {
    const char *text = parser_text(parser, parser->token.where), *digits = text;
    unsigned base = take_base(&digits);
    size_t count = 0;
    uint64_t value = 0;
    bool overflow = false;
    struct suffix suffix;

    for (; digit_value(digits[count]) < base; count++)
        overflow = __builtin_mul_overflow(value, base, &value) ||
                   __builtin_add_overflow(value, digit_value(digits[count]), &value) || overflow;
    if (count == 0 || !read_suffix(digits + count, &suffix))
        return refuse_number(parser, text);
    const struct type *type = overflow ? NULL : integer_type(value, base == 10, suffix);
    if (!type)
        return refuse_size(parser, text, !overflow);
    struct node *node = node_new(parser, NODE_INTEGER, parser->token.where.at);
    node->integer = value;
    node->type = type;
    parser_next(parser);
    return node_finish(parser, node);
}

/* Escapes */

static void add_utf8(struct buf *out, uint32_t code) {
    if (code < 0x80) {
        buf_add_char(out, (char)code);
    } else if (code < 0x800) {
        buf_add_char(out, (char)(0xC0 | code >> 6));
        buf_add_char(out, (char)(0x80 | (code & 0x3F)));
    } else if (code < 0x10000) {
        buf_add_char(out, (char)(0xE0 | code >> 12));
        buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (code & 0x3F)));
    } else {
        buf_add_char(out, (char)(0xF0 | code >> 18));
        buf_add_char(out, (char)(0x80 | (code >> 12 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buf_add_char(out, (char)(0x80 | (code & 0x3F)));
    }
}

/* Digits in `base` at text[*i], at most `most`; the count of them. */
static size_t read_digits(const char *text, size_t end, size_t i, unsigned base, size_t most,
                          uint32_t *value) {
    size_t count = 0;

    *value = 0;
    for (; i + count < end && count < most && digit_value(text[i + count]) < base; count++)
        *value = *value > UINT32_MAX / base ? UINT32_MAX : *value * base + digit_value(text[i + count]);
    return count;
}

static bool refuse_escape(struct parser *parser, size_t from, size_t to, const char *what) {
    parser_fail(parser, (struct span){(uint32_t)from, (uint32_t)(to - from)}, "%s", what);
    error_hint(parser->error, "a \\ itself is written \\\\");
    return false;
}

/* \123, \x7f, \u20ac: the escape begins at `from`, its digits at `i`. */
static bool decode_number(struct parser *parser, size_t from, size_t *i, size_t end, struct buf *out) {
    char letter = parser->text[from + 1];
    bool octal = letter >= '0' && letter <= '7', universal = letter == 'u' || letter == 'U';
    size_t most = octal ? 3 : letter == 'u' ? 4 : letter == 'U' ? 8 : SIZE_MAX;
    uint32_t value;

    *i = octal ? from + 1 : from + 2;
    size_t count = read_digits(parser->text, end, *i, octal ? 8 : 16, most, &value);
    *i += count;
    if (count == 0 || (universal && count < most))
        return refuse_escape(parser, from, *i, "there are digits missing in this escape");
    if (universal && (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)))
        return refuse_escape(parser, from, *i, "there is no such character");
    if (!universal && value > UCHAR_MAX)
        return refuse_escape(parser, from, *i, "this escape is larger than a byte");
    if (universal)
        add_utf8(out, value);
    else
        buf_add_char(out, (char)value);
    return true;
}

/* The escape at text[*i], a backslash. */
static bool decode_escape(struct parser *parser, size_t *i, size_t end, struct buf *out) {
    static const char letters[] = "abefnrtv\\'\"?\n", values[] = "\a\b\33\f\n\r\t\v\\'\"?";
    size_t from = *i;
    char letter = parser->text[from + 1];
    const char *found = letter ? strchr(letters, letter) : NULL;

    *i = from + 2;
    if (letter == '\n')
        return true; /* the line goes on: nothing stands for that */
    if (found) {
        buf_add_char(out, values[found - letters]);
        return true;
    }
    if ((letter >= '0' && letter <= '7') || letter == 'x' || letter == 'u' || letter == 'U')
        return decode_number(parser, from, i, end, out);
    size_t used;
    utf8_decode(parser->text + from + 1, end - from - 1, &used);
    return refuse_escape(parser, from, from + 1 + used, "there is no such escape in C");
}

/* What stands between the quotes of the token. */
static bool decode_quoted(struct parser *parser, struct buf *out) {
    size_t i = parser->token.where.at + 1, end = parser->token.where.at + parser->token.where.length - 1;

    while (i < end) {
        if (parser->text[i] != '\\')
            buf_add_char(out, parser->text[i++]);
        else if (!decode_escape(parser, &i, end, out))
            return false;
    }
    return true;
}

struct node *parse_character(struct parser *parser) {
    struct buf bytes = {0};
    struct node *node = NULL;

    if (!decode_quoted(parser, &bytes))
        goto done;
    if (bytes.length != 1) {
        parser_fail(parser, parser->token.where, "a character constant holds one byte, and this is %zu",
                    bytes.length);
        error_hint(parser->error, bytes.length > 1 ? "a text stands in double quotes: \"…\""
                                                   : "the empty text is \"\", the byte 0 is '\\0'");
        goto done;
    }
    node = node_new(parser, NODE_INTEGER, parser->token.where.at);
    node->integer = (uint64_t)(int64_t)bytes.data[0]; /* C17 6.4.4.4p10: the value of a char, as int */
    node->type = &type_int;
    parser_next(parser);
    node = node_finish(parser, node);
done:
    buf_free(&bytes);
    return node;
}

static struct node *refuse_cut_string(struct parser *parser) {
    parser_fail(parser, parser->token.where, "a transcript shows only the beginning of this string");
    error_hint(parser->error, "give the whole string, and leave the ... out");
    return NULL;
}

struct node *parse_string(struct parser *parser) {
    struct buf bytes = {0};
    struct node *node = node_new(parser, NODE_STRING, parser->token.where.at);
    bool good = true;

    while (good && parser->token.kind == TOKEN_STRING) {
        good = decode_quoted(parser, &bytes);
        if (good)
            parser_next(parser);
    }
    node->text = arena_text(parser->arena, buf_text(&bytes), bytes.length);
    node->text_length = bytes.length;
    buf_free(&bytes);
    if (!good)
        return NULL;
    return parser_at(parser, "...") ? refuse_cut_string(parser) : node_finish(parser, node);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tokens.  lex_next() is pure and remembers nothing, so that completion can
 * ask for the tokens of half a line; what is wrong with a TOKEN_BAD is worked
 * out by lex_complain() when somebody wants to know.
 */
#include <string.h>

#include "base/utf8.h"
#include "lang/parse_internal.h"

static const char *const keywords[] = {
    "_Bool",    "auto",     "break",  "case",     "char",   "const",    "continue", "default",
    "do",       "else",     "enum",   "extern",   "for",    "if",       "int",      "long",
    "register", "restrict", "return", "short",    "signed", "sizeof",   "static",   "struct",
    "switch",   "typedef",  "union",  "unsigned", "void",   "volatile", "while",
};

/* C's other keywords, each with what to do instead. */
static const struct {
    const char *word, *remedy;
} unsupported[] = {
    {"goto", "use a loop with break and continue"},
    {"float", "use an integer type: no socket call takes floating point"},
    {"double", "use an integer type: no socket call takes floating point"},
    {"_Complex", "use an integer type"},
    {"_Imaginary", "use an integer type"},
    {"inline", "leave it out: it changes nothing in what a function does"},
    {"_Noreturn", "leave it out: it changes nothing in what a function does"},
    {"asm", "say it in C"},
    {"__asm__", "say it in C"},
    {"_Alignas", "leave it out: the system's structs have the system's alignment"},
    {"_Alignof", "use sizeof"},
    {"_Atomic", "leave it out: nothing else runs in this process"},
    {"_Generic", "call the function that is meant"},
    {"_Static_assert", "use if"},
    {"_Thread_local", "leave it out: there is one thread"},
    {"__attribute__", "leave it out; a struct may be __attribute__((packed))"},
};

/* Longest first where one begins another. */
static const char *const punctuators[] = {
    "<<=", ">>=", "...", "->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "*=", "/=", "%=",
    "+=",  "-=",  "&=",  "^=", "|=", "=>", "##", "[",  "]",  "(",  ")",  "{",  "}",  ".",  "&",  "*",  "+",
    "-",   "~",   "!",   "/",  "%",  "<",  ">",  "^",  "|",  "?",  ":",  ";",  "=",  ",",  "#",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

const char *lex_keyword(size_t i) {
    return i < COUNT(keywords) ? keywords[i] : NULL;
}

static bool same(const char *word, const char *text, size_t length) {
    return length > 0 && word[0] == text[0] && strlen(word) == length && memcmp(word, text, length) == 0;
}

const char *lex_unsupported(const char *name, size_t length) {
    for (size_t i = 0; i < COUNT(unsupported); i++)
        if (same(unsupported[i].word, name, length))
            return unsupported[i].remedy;
    return NULL;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool is_name_char(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

bool lex_is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

/* Bytes of blank space at `at`: U+00A0, which web pages put into listings, is blank too, and so is \ at the
 * end of a line. */
static size_t space_length(const char *text, size_t length, size_t at) {
    if (lex_is_space(text[at]))
        return 1;
    if (length - at >= 2 && memcmp(text + at, "\xC2\xA0", 2) == 0)
        return 2;
    if (length - at >= 2 && memcmp(text + at, "\\\n", 2) == 0)
        return 2;
    if (length - at >= 3 && memcmp(text + at, "\\\r\n", 3) == 0)
        return 3;
    return 0;
}

/* The end of the comment that begins at `at`; 0 when it has none. */
static size_t comment_end(const char *text, size_t length, size_t at) {
    if (text[at + 1] == '/') {
        const char *newline = memchr(text + at, '\n', length - at);
        return newline ? (size_t)(newline - text) : length;
    }
    for (size_t i = at + 2; i + 1 < length; i++)
        if (text[i] == '*' && text[i + 1] == '/')
            return i + 2;
    return 0;
}

static bool begins_comment(const char *text, size_t length, size_t at) {
    return length - at >= 2 && text[at] == '/' && (text[at + 1] == '/' || text[at + 1] == '*');
}

/* Past blank space and comments; stops at a comment that is not closed. */
static size_t skip_space(const char *text, size_t length, size_t at) {
    while (at < length) {
        size_t blank = space_length(text, length, at);
        if (blank == 0) {
            size_t end = begins_comment(text, length, at) ? comment_end(text, length, at) : 0;
            if (end == 0)
                break;
            blank = end - at;
        }
        at += blank;
    }
    return at;
}

static struct token token_of(enum token_kind kind, size_t at, size_t end) {
    return (struct token){kind, {(uint32_t)at, (uint32_t)(end - at)}};
}

static bool is_raw_control(char c) {
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7F;
}

/* A string or character constant, from its quote to its quote, on one line. */
static struct token lex_quoted(const char *text, size_t length, size_t at) {
    char quote = text[at];

    for (size_t i = at + 1; i < length && text[i] != '\n'; i++) {
        if (text[i] == quote)
            return token_of(quote == '"' ? TOKEN_STRING : TOKEN_CHARACTER, at, i + 1);
        if (text[i] == '\\' && i + 1 < length)
            i++; /* an escape, or the line goes on */
        else if (is_raw_control(text[i]))
            return token_of(TOKEN_BAD, i, i + 1);
    }
    return token_of(TOKEN_BAD, at, at + 1);
}

/* C17 6.4.8: a preprocessing number, which is every number and much that is none. */
static size_t number_end(const char *text, size_t length, size_t at) {
    size_t i = at;

    while (i < length && (is_name_char(text[i]) || text[i] == '.')) {
        bool exponent =
            strchr("eEpP", text[i]) && i + 1 < length && (text[i + 1] == '+' || text[i + 1] == '-');
        i += exponent ? 2 : 1;
    }
    return i;
}

static struct token lex_name(const char *text, size_t length, size_t at) {
    size_t end = at;

    while (end < length && is_name_char(text[end]))
        end++;
    size_t count = end - at;
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (same(keywords[i], text + at, count))
            return token_of(TOKEN_KEYWORD, at, end);
    if (lex_unsupported(text + at, count))
        return token_of(TOKEN_KEYWORD, at, end);
    bool prefix = same("L", text + at, count) || same("u", text + at, count) || same("U", text + at, count) ||
                  same("u8", text + at, count);
    if (prefix && end < length && (text[end] == '"' || text[end] == '\''))
        return token_of(TOKEN_BAD, at, end);
    return token_of(TOKEN_NAME, at, end);
}

static struct token lex_punctuator(const char *text, size_t length, size_t at) {
    for (size_t i = 0; i < COUNT(punctuators); i++) {
        if (punctuators[i][0] != text[at])
            continue;
        size_t count = strlen(punctuators[i]);
        if (count <= length - at && memcmp(punctuators[i], text + at, count) == 0)
            return token_of(TOKEN_PUNCTUATOR, at, at + count);
    }
    size_t used;
    utf8_decode(text + at, length - at, &used);
    return token_of(TOKEN_BAD, at, at + used);
}

struct token lex_next(const char *text, size_t length, size_t at) {
    if (at > length)
        at = length;
    at = skip_space(text, length, at);
    if (at >= length)
        return token_of(TOKEN_END, length, length);
    if (begins_comment(text, length, at))
        return token_of(TOKEN_BAD, at, at + 2);
    char c = text[at];
    if (is_digit(c) || (c == '.' && at + 1 < length && is_digit(text[at + 1])))
        return token_of(TOKEN_INTEGER, at, number_end(text, length, at));
    if (is_name_char(c))
        return lex_name(text, length, at);
    if (c == '"' || c == '\'')
        return lex_quoted(text, length, at);
    return lex_punctuator(text, length, at);
}

/* Complaints */

static bool complain(struct error *error, struct span where, const char *sentence, const char *remedy) {
    error_set(error, ERROR_SYNTAX, where, "%s", sentence);
    if (remedy)
        error_hint(error, "%s", remedy);
    return false;
}

/* What word processors and PDF files make of ' " and -; 0 for anything else. */
static char plain_character(uint32_t code) {
    static const struct {
        uint32_t first, last;
        char plain;
    } typeset[] = {
        {0xAB, 0xAB, '"'},      {0xB4, 0xB4, '\''},     {0xBB, 0xBB, '"'},
        {0x2010, 0x2015, '-'},  {0x2018, 0x201B, '\''}, {0x201C, 0x201F, '"'},
        {0x2032, 0x2032, '\''}, {0x2033, 0x2033, '"'},  {0x2212, 0x2212, '-'},
    };

    for (size_t i = 0; i < COUNT(typeset); i++)
        if (code >= typeset[i].first && code <= typeset[i].last)
            return typeset[i].plain;
    return 0;
}

static bool complain_quote(const char *text, size_t length, struct span where, struct error *error) {
    char quote = text[where.at];

    error_set(error, ERROR_SYNTAX, where, "%s is not closed on its line",
              quote == '"' ? "the string" : "the character constant");
    for (size_t i = where.at + 1, used; i < length && text[i] != '\n'; i += used) {
        char plain = plain_character(utf8_decode(text + i, length - i, &used));
        if (plain == quote)
            error_hint(error, "it ends with a typographic quote; type %c instead", quote);
    }
    error_hint(error, "put %c where it ends", quote);
    return false;
}

static bool complain_typeset(char plain, struct span where, struct error *error) {
    const char *what = plain == '-' ? "a typographic dash" : "a typographic quote";

    error_set(error, ERROR_SYNTAX, where, "this is %s", what);
    error_hint(error, "type %c instead", plain);
    return false;
}

static bool complain_character(uint32_t code, unsigned char byte, struct span where, struct error *error) {
    if (code == UTF8_INVALID)
        error_set(error, ERROR_SYNTAX, where, "the byte 0x%02x is no character (the text is not UTF-8)",
                  byte);
    else if (code == 0x2026)
        return complain(error, where, "… stands for something that was left out", "write it in full");
    else if (code < 0x20 || code == 0x7F) {
        error_set(error, ERROR_SYNTAX, where, "a control byte (0x%02x) cannot stand here", byte);
        error_hint(error, "delete it; within a string it is written \\x%02x", byte);
    } else if (utf8_width(code) < 0)
        error_set(error, ERROR_SYNTAX, where, "an invisible character (U+%04X) stands here", code);
    else if (code == '\\')
        return complain(error, where,
                        "a \\ can stand only in a string, a character constant, or at the end of a line",
                        "delete it");
    else if (code < 0x80)
        error_set(error, ERROR_SYNTAX, where, "%c has no meaning in C", (char)code);
    else
        error_set(error, ERROR_SYNTAX, where, "U+%04X cannot stand in C outside strings and comments", code);
    error_hint(error, "%s",
               code < 0x80 && code > 0x20 ? "names have letters, digits and _ only" : "delete it");
    return false;
}

bool lex_complain(const char *text, size_t length, struct token token, struct error *error) {
    const char *at = text + token.where.at;
    size_t used;
    uint32_t code = utf8_decode(at, length - token.where.at, &used);

    if (begins_comment(text, length, token.where.at))
        return error_set(error, ERROR_INCOMPLETE, token.where, "the comment is not closed with */");
    if (code == '"' || code == '\'')
        return complain_quote(text, length, token.where, error);
    if (code < 0x80 && is_name_char(*at))
        return complain(error, token.where, "wide and Unicode strings are not understood",
                        "leave the letters before the quote out: strings are UTF-8 already");
    if (plain_character(code))
        return complain_typeset(plain_character(code), token.where, error);
    return complain_character(code, (unsigned char)*at, token.where, error);
}

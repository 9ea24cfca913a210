/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From text to syntax tree: C statements as the shell takes them (sockshell(1),
 * THE LANGUAGE).  The `;` after the last statement is optional, `#include` lines are read
 * over, `#define NAME constant` makes a NODE_DEFINE.
 */
#ifndef SOCKSHELL_LANG_PARSE_H
#define SOCKSHELL_LANG_PARSE_H

#include "lang/ast.h"

#define PARSE_DEPTH_MAX 200         /* nesting of brackets, operators and statements; levels of a tree */
#define PARSE_SOURCE_MAX (64 << 10) /* bytes of one submission */

/* Parse `source` (length bytes; NUL bytes are an error).  On failure *tree is
 * {0} and *error has the place; ERROR_INCOMPLETE means that more text could
 * still make it valid (brackets open, nothing yet after `=` or `if (x)`). */
bool parse(const char *source, size_t length, struct tree *tree, struct error *error);

/* C's grammar depends on which names are types: `SA *p` declares p, or multiplies.  Those that the text itself
 * defines are known from there; who else knows some (the interpreter, the board) is asked for the rest. */
struct parse_types {
    bool (*is_type)(void *context, const char *name);
    void *context;
};
bool parse_with(const char *source, size_t length, const struct parse_types *types, struct tree *tree,
                struct error *error);
/* The same for a whole source file: outside of functions there are only declarations, and what they declare
 * is 0 without an initialiser. */
bool parse_file(const char *source, size_t length, const struct parse_types *types, struct tree *tree,
                struct error *error);

/* Tokens, for completion and short forms: the next token of text from *at. */
enum token_kind {
    TOKEN_END, TOKEN_NAME, TOKEN_KEYWORD, TOKEN_INTEGER, TOKEN_CHARACTER, TOKEN_STRING, TOKEN_PUNCTUATOR, TOKEN_BAD
};
struct token {
    enum token_kind kind;
    struct span where;
};
struct token lex_next(const char *text, size_t length, size_t at);
/* C keywords this language has, for completion; NULL ends. */
const char *lex_keyword(size_t i);
/* Is `name` a C keyword that this language has not?  Why, and what to do instead; else NULL. */
const char *lex_unsupported(const char *name, size_t length);

#endif

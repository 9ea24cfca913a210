/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What went wrong, as a value the caller owns: a sentence, the remedy, and
 * the place in the source text.  Start with {0}; free with error_free().
 * Functions that take a `struct error *` return false (or NULL, or -1) and
 * fill it in; the first error is kept, later ones are ignored.
 */
#ifndef SOCKSHELL_BASE_ERROR_H
#define SOCKSHELL_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum error_kind {
    ERROR_NONE,
    ERROR_SYNTAX,      /* cannot be understood as C */
    ERROR_INCOMPLETE,  /* understood so far, but the text ends too early */
    ERROR_NAME,        /* a name nobody knows */
    ERROR_TYPE,        /* wrong count or types of operands or arguments */
    ERROR_MEMORY,      /* out of bounds, never written, not an object, no NUL */
    ERROR_ARITHMETIC,  /* division by zero, shift too far */
    ERROR_LIMIT,       /* a limit of sockshell was reached */
    ERROR_INTERRUPTED, /* Ctrl-C ended the statement */
    ERROR_USAGE,       /* a dot command or option was misused */
    ERROR_SYSTEM,      /* the system refused something to sockshell itself */
};

/* A stretch of source text: bytes from its beginning, length in bytes. */
struct span {
    uint32_t at;
    uint32_t length;
};

struct error {
    enum error_kind kind;
    struct span where; /* length 0 and at 0: nowhere in particular */
    char *text;        /* a sentence without a full stop */
    char *hint;        /* the remedy, or NULL */
    /* Of a mistake within a function of the learner's; NULL elsewhere. */
    char *source; /* the line that `where` is in, when it was given earlier, with the function */
    char *place;  /* …and where it is from: "echo.txt:12:1", or "" */
    char *calls;  /* how the function came to be called, a line a call, the last call first */
};

/* Fill in; returns false always, so that `return error_set(…)` reads well. */
bool error_set(struct error *error, enum error_kind kind, struct span where, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Add the remedy (if none is there yet). */
void error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
void error_free(struct error *error); /* leaves {0} */
/* "memory", "syntax", … as the journal and the lessons name the kinds. */
const char *error_kind_name(enum error_kind kind);

/* "file:line:column" of a byte in a text that begins at the place of this form; any other place, such as "",
 * stays as it is.  The caller frees it. */
char *error_place_in(const char *place, const char *text, size_t at);
/* Line and column (both from 1; column in characters) of a byte in text. */
void error_place(const char *text, size_t at, unsigned *line, unsigned *column);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a call is about to ask of the kernel, in words: the templates of the
 * rows (call.asks; the language is described at struct call).
 *
 *     about.c        reads a template
 *     about_words.c  what may stand in one: the forms of an argument, and what can be asked of it
 */
#ifndef SOCKSHELL_CALL_ABOUT_H
#define SOCKSHELL_CALL_ABOUT_H

#include "call/engine.h"

/* {name:FORM} */
struct about_form {
    const char *name;
    unsigned kinds; /* bits 1 << enum arg_kind: of the arguments that have it */
    void (*write)(const struct invocation *invocation, size_t i, struct buf *out);
};
/* {?name.WORD:…} */
struct about_word {
    const char *name;
    enum arg_kind kind; /* ARG_FD or ARG_ADDRESS_IN */
    bool (*is)(const struct invocation *invocation, size_t i);
};

const struct about_form *about_form_find(const char *name, size_t length); /* NULL: none */
const struct about_word *about_word_find(const char *name, size_t length, enum arg_kind kind);
/* An argument as it is printed; one that the call will fill in, as it was given: "&client". */
void about_argument(const struct invocation *invocation, size_t i, struct buf *out);

/* Is the row's template well formed, with nothing in it that the row does not have?  Both branches of
 * every condition are read.  False: error, its place in the template. */
bool about_check(const struct call *call, struct error *error);

#endif

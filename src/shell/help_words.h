/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help on the field's terms, which are no names of C: TCP and its states, FIN, backlog, byte order … */
#ifndef SOCKSHELL_SHELL_HELP_WORDS_H
#define SOCKSHELL_SHELL_HELP_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include "base/buf.h"
#include "base/suggest.h"

struct word_help {
    const char *term;
    const char *also;  /* the same by another name, or NULL */
    const char *words; /* paragraphs, for text_wrap() */
    const char *see;   /* topics of .help with blanks between ("accept_queue" for one of two words), or NULL */
};
/* In any case; "-" and "_" are as good as a blank. NULL: it is none. */
const struct word_help *help_word_find(const char *topic);
/* Append the help on "TIME_WAIT", "accept queue"; false: it is no such term. */
bool help_words(const char *topic, size_t columns, struct buf *out);
/* Offer all that help_words() knows. */
void help_words_offer(struct suggestion *near);

#endif

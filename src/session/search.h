/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text that is searched for in the transcript, or among the packets, from the end upwards, while it is typed. */
#ifndef SOCKSHELL_SESSION_SEARCH_H
#define SOCKSHELL_SESSION_SEARCH_H

#include <stdbool.h>

#include "base/buf.h"
#include "journal/journal.h"

/* Start with {0}. */
struct search {
    struct buf text;
    bool typing;  /* keys go to it */
    bool packets; /* it is searched for among them */
    bool missed;  /* the text is not there, or not once more */
    uint64_t at;  /* the event that it was found in; 0: none */
    size_t offset; /* …where in its words, */
    size_t below;  /* and how many lines of them stand below */
};

/* Begin; or, when there is a text, find it further up. */
void search_again(struct search *search, const struct journal *journal);
/* What was typed: text, Backspace; Enter ends the typing; Esc and Ctrl-G end the search. */
void search_type(struct search *search, const struct journal *journal, const char *typed, size_t length);
/* Forget it all but the room of the text. */
void search_end(struct search *search);

#endif

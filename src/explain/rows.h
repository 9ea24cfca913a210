/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of explanations, one a topic; for explain.c. Each ends with {0}. */
#ifndef SOCKSHELL_EXPLAIN_ROWS_H
#define SOCKSHELL_EXPLAIN_ROWS_H

#include "explain/explain.h"

/* Is it one of these words, which have blanks between them?  "" is none. */
bool word_among(const char *words, const char *word);

extern const struct explanation explanations_address[]; /* socket, bind, listen: making sockets and naming them */
extern const struct explanation explanations_connect[]; /* connect */
extern const struct explanation explanations_accept[];  /* accept, and how a non-blocking connect() ended */
extern const struct explanation explanations_data[];    /* sending and receiving */
extern const struct explanation explanations_end[];     /* and what ends it */
extern const struct explanation explanations_amount[];  /* and how much of it was moved at once */
extern const struct explanation explanations_descriptor[]; /* whatever the call: closed, no socket, interrupted */

#endif

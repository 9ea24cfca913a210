/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Did you mean": the nearest of some known words. */
#ifndef SOCKSHELL_BASE_SUGGEST_H
#define SOCKSHELL_BASE_SUGGEST_H

#include <stddef.h>

/* Offered words one at a time, it keeps the nearest to `typed` (edit distance
 * with transpositions, case folded, at most a third of the length). */
struct suggestion {
    const char *typed;
    const char *best; /* NULL: nothing near; borrowed from the offer */
    size_t distance;
};
void suggest_start(struct suggestion *s, const char *typed);
void suggest_offer(struct suggestion *s, const char *known);

#endif

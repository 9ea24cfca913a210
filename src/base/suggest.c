/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * "Did you mean": the edit distance in which swapping two neighbours counts
 * once (optimal string alignment), since swaps are what fingers do.
 */
#include "base/suggest.h"

#include <stdint.h>
#include <string.h>

#define WORD_MAX 48 /* no name of ours is longer; longer words have no neighbours */

static char fold(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Three rows of the usual table are enough: this one, the last, and the one before (for swaps). */
static size_t edit_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    size_t rows[3][WORD_MAX + 1];
    size_t *before = rows[0], *last = rows[1], *now = rows[2];

    for (size_t j = 0; j <= b_length; j++)
        last[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            char x = fold(a[i - 1]), y = fold(b[j - 1]);
            now[j] = least(last[j - 1] + (x != y), least(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && x == fold(b[j - 2]) && fold(a[i - 2]) == y)
                now[j] = least(now[j], before[j - 2] + 1);
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[b_length];
}

void suggest_start(struct suggestion *s, const char *typed) {
    *s = (struct suggestion){.typed = typed, .distance = SIZE_MAX};
}

void suggest_offer(struct suggestion *s, const char *known) {
    size_t typed_length = strnlen(s->typed, WORD_MAX + 1), known_length = strnlen(known, WORD_MAX + 1);

    if (typed_length > WORD_MAX || known_length > WORD_MAX)
        return;
    size_t longer = typed_length > known_length ? typed_length : known_length;
    size_t distance = edit_distance(s->typed, typed_length, known, known_length);
    if (distance <= longer / 3 && distance < s->distance) {
        s->distance = distance;
        s->best = known;
    }
}

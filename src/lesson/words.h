/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's words, compared with an author's. */
#ifndef SOCKSHELL_LESSON_WORDS_H
#define SOCKSHELL_LESSON_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* Letters in lower case, everything that is no letter or digit a blank, blanks single: "CLOSE-WAIT." and
 * "close_wait" are the same, and "-1" stays what it is. The caller frees. */
char *words_plain(const char *text);

/* Of plain words: */

/* Without the blanks; the caller frees. */
char *words_squeezed(const char *plain);
/* Are these words, in this order, among those? */
bool words_has(const char *plain, const char *words);
/* … one of these (NULL ends them)? */
bool words_has_any(const char *plain, const char *const *words);
/* Is it a number, and nothing else?  Decimal, or 0x…. */
bool words_number(const char *plain, int64_t *number);
/* The last of them that is a number ("it returns 4"), or where none is, one up to twelve in letters; false: none. */
bool words_last_number(const char *plain, int64_t *number);

#endif

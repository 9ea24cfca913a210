/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's words, compared; see words.h. */
#include "lesson/words.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

char *words_plain(const char *text) {
    struct buf out = {0};
    for (const char *c = text; *c; c++) {
        bool sign =
            *c == '-' && isdigit((unsigned char)c[1]) && (c == text || !isalnum((unsigned char)c[-1]));
        if (isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80 || sign)
            buf_add_char(&out, (char)tolower((unsigned char)*c));
        else if (out.length > 0 && out.data[out.length - 1] != ' ')
            buf_add_char(&out, ' ');
    }
    if (out.length > 0 && out.data[out.length - 1] == ' ')
        out.data[--out.length] = '\0';
    return buf_take(&out);
}

char *words_squeezed(const char *plain) {
    struct buf out = {0};
    for (; *plain; plain++)
        if (*plain != ' ')
            buf_add_char(&out, *plain);
    return buf_take(&out);
}

bool words_has(const char *text, const char *words) {
    size_t length = strlen(words);
    for (const char *at = text; length > 0 && (at = strstr(at, words)) != NULL; at++)
        if ((at == text || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

bool words_number(const char *text, int64_t *number) {
    char *end;
    errno = 0;
    *number = strtoll(text, &end, 0);
    return end != text && *end == '\0' && errno == 0;
}

static bool word_in_letters(const char *word, int64_t *number) {
    static const char *const words[] = {"zero", "one",   "two",   "three", "four",   "five",  "six",
                                        "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (strcmp(word, words[i]) == 0) {
            *number = (int64_t)i;
            return true;
        }
    }
    return false;
}

static bool last_number(const char *plain, bool (*reads)(const char *word, int64_t *number), int64_t *number) {
    bool found = false;
    char *copy = mem_string(plain), *rest = copy, *word;
    while ((word = strsep(&rest, " ")) != NULL)
        found = reads(word, number) || found;
    free(copy);
    return found;
}

static bool word_in_digits(const char *word, int64_t *number) {
    int64_t read;
    bool good = words_number(word, &read);
    if (good)
        *number = read;
    return good;
}

/* Digits first: "4, a new one" is 4. */
bool words_last_number(const char *plain, int64_t *number) {
    return last_number(plain, word_in_digits, number) || last_number(plain, word_in_letters, number);
}

bool words_has_any(const char *plain, const char *const *words) {
    for (size_t i = 0; words[i]; i++)
        if (words_has(plain, words[i]))
            return true;
    return false;
}

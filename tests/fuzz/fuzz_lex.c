/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes through the lexer: tokens go forward, stay inside the text and
 * cover everything that is not blank or comment.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "lang/parse.h"

#define LONGEST 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data;
    size_t at = 0;

    if (size > LONGEST)
        return 0;
    for (;;) {
        struct token token = lex_next(text, size, at);
        if (token.where.at < at || token.where.length > size || token.where.at > size - token.where.length)
            abort();
        if (token.kind == TOKEN_END)
            return token.where.at == size ? 0 : (abort(), 0);
        if (token.where.length == 0)
            abort();
        at = token.where.at + token.where.length;
    }
}

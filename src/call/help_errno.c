/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which calls fail with an error, and what it means there: from the calls' rows. */
#include <string.h>

#include "base/buf.h"
#include "call/explain.h"

const char *help_errno_of(const struct call *call, int number) {
    for (const struct call_errno *e = call->errors; e != NULL && call->failures == NULL && e->number != 0; e++)
        if (e->number == number)
            return e->means;
    return NULL;
}

/* Has an earlier call the same words? */
static bool is_said(size_t before, int number, const char *words) {
    for (size_t i = 0; i < before; i++) {
        const char *other = help_errno_of(call_at(i), number);
        if (other != NULL && strcmp(other, words) == 0)
            return true;
    }
    return false;
}

void help_errno(int number, size_t columns, struct buf *out) {
    const struct call *call;

    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        const char *words = help_errno_of(call, number), *other;
        struct buf text = {0};
        if (words == NULL || is_said(i, number, words))
            continue;
        for (size_t k = i; call_at(k) != NULL; k++)
            if ((other = help_errno_of(call_at(k), number)) != NULL && strcmp(other, words) == 0)
                buf_addf(&text, "%s%s()", text.length > 0 ? ", " : "", call_at(k)->name);
        buf_addf(&text, ": %s", words);
        text_wrap(buf_text(&text), columns, 4, out);
        buf_free(&text);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What came in the place of what was expected; see actual.h. */
#include "lesson/actual.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/expect_rows.h"
#include "lesson/load.h"

bool actual_expectation(const struct lesson *lesson, const struct item *step, const struct verdict *verdict,
                        struct expectation *made) {
    const struct expectation *e = verdict->of;
    struct error error = {0};
    if (verdict->instead == NULL)
        return false;
    /* As --accept writes it into a lesson. */
    char *text = mem_format("%.*s%s", (int)e->value_at, e->text, verdict->instead);
    bool good = expectation_parse(lesson, step, text, (struct place){0}, made, &error);
    made->negated = false;
    free(text);
    error_free(&error);
    return good;
}

static bool is_address(const char *seen) {
    return *seen == '{'; /* address_show()'s */
}

/* What a judge says where it has no value to show: it does not say of which socket. */
static void add_seen(const struct expectation *e, const char *seen, struct buf *out) {
    bool about_address = e->kind == EXPECT_LOCAL || e->kind == EXPECT_PEER;
    if (about_address && is_address(seen)) {
        const char *compared = strstr(seen, ", and for the other ");
        struct expectation other = *e;
        other.wanted = compared != NULL ? mem_string_n(seen, (size_t)(compared - seen)) : mem_string(seen);
        expect_row(e->kind)->says(&other, out);
        free(other.wanted);
        return;
    }
    if (strcmp(seen, "closed") == 0 || strncmp(seen, "no ", 3) == 0) {
        expect_socket_words(&e->socket, out);
        buf_add_text(out, *seen == 'n' ? " has " : " is ");
    }
    buf_add_text(out, seen);
}

void actual_words(const struct lesson *lesson, const struct item *step, const struct verdict *verdict,
                  struct buf *out) {
    struct expectation actual = {0};
    const struct expectation *e = verdict->of;
    bool some =
        e->any || e->negated || e->kind == EXPECT_LOCAL || e->kind == EXPECT_PEER; /* one of several */
    if (actual_expectation(lesson, step, verdict, &actual)) {
        expect_row(actual.kind)->says(&actual, out);
        expectation_free(&actual);
    } else if (verdict->met && !some) {
        expect_row(e->kind)->says(e, out);
    } else {
        add_seen(e, verdict->seen, out);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way to a row, and filling in its blanks; see explain.h. */
#include "explain/explain.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "explain/rows.h"

static const struct explanation *const tables[] = {explanations_address, explanations_connect,
                                                   explanations_accept, explanations_data,
                                                   explanations_end, explanations_amount,
                                                   explanations_descriptor};

const struct explanation *explanation_at(size_t i) {
    for (size_t table = 0; table < sizeof(tables) / sizeof(*tables); table++)
        for (const struct explanation *row = tables[table]; row->id != NULL; row++)
            if (i-- == 0)
                return row;
    return NULL;
}

struct buf *blank(struct blanks *blanks, const char *name) {
    size_t i = 0;
    while (i < blanks->count && strcmp(blanks->blank[i].name, name) != 0)
        i++;
    if (i == blanks->count && i < BLANKS_MAX)
        blanks->blank[blanks->count++].name = name;
    return &blanks->blank[i < BLANKS_MAX ? i : BLANKS_MAX - 1].text;
}

static void blanks_free(struct blanks *blanks) {
    for (size_t i = 0; i < blanks->count; i++)
        buf_free(&blanks->blank[i].text);
    blanks->count = 0;
}

static void fill_in(const char *text, const struct blanks *blanks, struct buf *out) {
    for (const char *open; (open = strchr(text, '{')) != NULL;) {
        size_t length = strcspn(open + 1, "}");
        buf_add(out, text, (size_t)(open - text));
        for (size_t i = 0; i < blanks->count; i++)
            if (strlen(blanks->blank[i].name) == length && strncmp(blanks->blank[i].name, open + 1, length) == 0)
                buf_add(out, blanks->blank[i].text.data, blanks->blank[i].text.length);
        text = open + 1 + length + (open[1 + length] == '}');
    }
    buf_add_text(out, text);
}

bool word_among(const char *words, const char *word) {
    size_t length = strlen(word);
    for (const char *at = words; length > 0 && (at = strstr(at, word)) != NULL; at += length)
        if ((at == words || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

static bool is_about(const struct explanation *row, const struct inquiry *inquiry) {
    const struct event *event = inquiry->event;
    bool died = event->type == EVENT_DIED;
    /* What an actor says of its errno may be any number, that of deaths too. */
    if ((row->error == EXPLAIN_DEATH) != died || (!died && row->error != event->error))
        return false;
    return strcmp(row->calls, "*") == 0 || word_among(row->calls, event->name);
}

/* Does the row hold?  Then its id and text. */
static bool tell(const struct explanation *row, const struct inquiry *inquiry, char id[EXPLANATION_ID_MAX],
                 struct buf *text) {
    struct blanks blanks = {0};
    bool holds = row->holds(inquiry, &blanks);
    if (holds) {
        bool named = row->id[0] == '*';
        snprintf(id, EXPLANATION_ID_MAX, "%s%s", named ? inquiry->event->name : "", row->id + named);
        fill_in(row->text, &blanks, text);
    }
    blanks_free(&blanks);
    return holds;
}

bool explain_because(const struct inquiry *inquiry, char id[EXPLANATION_ID_MAX], struct buf *text) {
    for (size_t table = 0; table < sizeof(tables) / sizeof(*tables); table++)
        for (const struct explanation *row = tables[table]; row->id != NULL; row++)
            if (is_about(row, inquiry) && tell(row, inquiry, id, text))
                return true;
    return false;
}

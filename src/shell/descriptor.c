/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a name to a descriptor; see descriptor.h. */
#include "shell/descriptor.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A number and nothing behind it; those that are too large are no descriptor either. */
static bool is_number(const char *text, int *number) {
    char *behind;
    unsigned long value = strtoul(text, &behind, 10);
    *number = value < INT32_MAX ? (int)value : INT32_MAX;
    return isdigit((unsigned char)text[0]) && *behind == '\0';
}

bool descriptor_named(const struct actor *actor, const char *text, int *fd) {
    struct error error = {0};
    struct board board = {0};
    bool found = is_number(text, fd) || (actor_board(actor, &board, &error) && board_int(&board, text, fd));
    error_free(&error);
    board_free(&board);
    return found;
}

/* Names of actors may have dots themselves. */
const char *descriptor_owner(struct crew *crew, const char *text, struct actor **actor) {
    for (const char *dot = strrchr(text, '.'); dot != NULL && dot > text;
         dot = memrchr(text, '.', (size_t)(dot - text))) {
        char *name = mem_string_n(text, (size_t)(dot - text));
        struct actor *named = crew_find(crew, name);
        free(name);
        if (named == NULL)
            continue;
        *actor = named;
        return dot + 1;
    }
    return text;
}

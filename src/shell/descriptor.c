/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a name to a descriptor; see descriptor.h. */
#include "shell/descriptor.h"

#include <ctype.h>
#include <stdlib.h>

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

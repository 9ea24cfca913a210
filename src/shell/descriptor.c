/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a name to a descriptor; see descriptor.h. */
#include "shell/descriptor.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static bool int_at(const struct board_entry *entry, size_t at, int *value) {
    if (at > entry->kept || entry->kept - at < sizeof(int) || memchr(entry->written + at, 0, sizeof(int)) != NULL)
        return false;
    memcpy(value, entry->bytes + at, sizeof(*value));
    return true;
}

bool descriptor_value(const struct board_entry *entry, int *value) {
    return strcmp(entry->type, "int") == 0 && int_at(entry, 0, value);
}

bool descriptor_element(const struct board_entry *entry, size_t i, int *value) {
    bool array = strncmp(entry->type, "int[", 4) == 0 || strncmp(entry->type, "int [", 5) == 0;
    return array && i < entry->kept / sizeof(int) && int_at(entry, i * sizeof(int), value);
}

/* A number and nothing behind it but `end`; those that are too large are no descriptor either. */
static bool is_number(const char *text, const char *end, size_t *number) {
    char *behind;
    unsigned long value = strtoul(text, &behind, 10);
    *number = value < INT32_MAX ? value : INT32_MAX;
    return isdigit((unsigned char)text[0]) && strcmp(behind, end) == 0;
}

static bool is_named(const struct board_entry *entry, const char *text, int *fd) {
    size_t length = strcspn(text, "["), i;
    if (strlen(entry->name) != length || memcmp(entry->name, text, length) != 0)
        return false;
    if (text[length] == '\0')
        return descriptor_value(entry, fd);
    return is_number(text + length + 1, "]", &i) && descriptor_element(entry, i, fd);
}

bool descriptor_named(const struct actor *actor, const char *text, int *fd) {
    struct error error = {0};
    struct board board = {0};
    size_t number;
    bool found = is_number(text, "", &number);
    if (found)
        *fd = (int)number;
    else if (actor_board(actor, &board, &error))
        for (size_t i = 0; i < board.count && !found; i++)
            found = is_named(&board.entries[i], text, fd);
    error_free(&error);
    board_free(&board);
    return found;
}

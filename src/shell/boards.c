/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables for views; see boards.h. */
#include "shell/boards.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct boards {
    struct shell *shell;
    struct board boards[CREW_MAX]; /* in the crew's order; zeroed where there is none */
    size_t count;
    char element[64]; /* "sv[0]", as boards_variable() gave it last */
};

struct boards *boards_ask(struct shell *shell) {
    struct boards *all = mem_alloc(sizeof(*all));
    struct actor *actor;
    all->shell = shell;
    for (; all->count < CREW_MAX && (actor = crew_at(shell->crew, all->count)) != NULL; all->count++) {
        struct error error = {0};
        if (!actor_board(actor, &all->boards[all->count], &error))
            all->boards[all->count] = (struct board){0};
        error_free(&error);
    }
    return all;
}

void boards_free(struct boards *boards) {
    if (boards == NULL)
        return;
    for (size_t i = 0; i < boards->count; i++)
        board_free(&boards->boards[i]);
    free(boards);
}

/* An element of int sv[2], as socketpair() and pipe() fill it in. */
static const char *element_of(struct boards *boards, const struct board_entry *entry, int fd) {
    int value;
    for (size_t i = 0; i < entry->kept / sizeof(value); i++) {
        if (!board_entry_int(entry, i, &value) || value != fd)
            continue;
        snprintf(boards->element, sizeof(boards->element), "%s[%zu]", entry->name, i);
        return boards->element;
    }
    return NULL;
}

/* The int with this value that the call which made the descriptor was last assigned to; where none was
 * (a copy, an argument), the first with this value. */
static const char *variable_on(struct boards *boards, const struct board *board, int fd) {
    const char *found = NULL, *element;
    uint64_t noted = 0;
    int value;
    for (size_t i = 0; i < board->count; i++) {
        const struct board_entry *entry = &board->entries[i];
        if (found != NULL && entry->noted <= noted)
            continue;
        if (strcmp(entry->type, "int") != 0)
            element = element_of(boards, entry, fd);
        else
            element = board_entry_int(entry, 0, &value) && value == fd ? entry->name : NULL;
        if (element == NULL)
            continue;
        found = element;
        noted = entry->noted;
    }
    return found;
}

const char *boards_variable(void *context, const char *actor, int fd) {
    struct boards *boards = context;
    if (fd <= 2)
        return NULL;
    for (size_t i = 0; i < boards->count; i++)
        if (strcmp(actor_name(crew_at(boards->shell->crew, i)), actor) == 0)
            return variable_on(boards, &boards->boards[i], fd);
    return NULL;
}

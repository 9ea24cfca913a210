/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes at all as the entries of a board: what is accepted can be read to its last byte. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "actor/board.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t sum;

static void read_all(const struct board *board) {
    for (size_t i = 0; i < board->count; i++) {
        const struct board_entry *entry = &board->entries[i];
        sum += strlen(entry->name) + strlen(entry->type) + strlen(entry->shown);
        if (entry->kept > BOARD_KEPT_MAX || entry->kept > entry->size)
            abort();
        for (size_t k = 0; k < entry->kept; k++) {
            if (entry->written[k] > 1)
                abort();
            sum += entry->bytes[k];
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct board board;
    struct error error = {0};

    if (size > BOARD_SIZE)
        return 0;
    char *copy = malloc(size > 0 ? size : 1); /* the board's from now on */
    if (size > 0)
        memcpy(copy, data, size);
    if (board_parse(copy, size, false, &board, &error)) {
        read_all(&board);
        board_free(&board);
    } else if (!error.text || board.entries || board.storage) {
        abort();
    }
    error_free(&error);
    return 0;
}

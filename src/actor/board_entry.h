/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An entry of a board as it lies in memory; only for the two sides of it. */
#ifndef SOCKSHELL_ACTOR_BOARD_ENTRY_H
#define SOCKSHELL_ACTOR_BOARD_ENTRY_H

#include "actor/board.h"

#define BOARD_ROOM (BOARD_SIZE - 5 * sizeof(uint64_t))

/* Before the texts (each with its NUL, which the lengths do not count) and the bytes and marks. */
struct board_head {
    uint64_t address, size, noted; /* address 0: no variable, but the name of a type */
    uint32_t name, type, layout, shown, kept, unused;
};

#endif

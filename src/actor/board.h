/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The board: shared memory on which an actor notes down its variables and the
 * names of its types, so that the shell can show and understand them while the
 * actor is asleep in a call, or dead.
 *
 *     u64 sequence   odd while the actor writes
 *     u64 length     bytes of the entries
 *     u64 truncated  0, or 1: not all variables fitted
 *     u64 types      how many of the entries are names of types
 *     u64 forks      odd while the actor is in fork(), and has descriptors that are not the learner's
 *     entries, one after the other, each beginning at a multiple of 8:
 *         u64 address, u64 size, u64 noted, u32 lengths of name, type, layout, shown and kept, u32 unused
 *         name, type, layout, shown, `kept` bytes of the value, `kept` marks (0 or 1: written)
 *
 * One writer, one reader, a sequence lock between them: the reader copies, and
 * if the sequence has changed meanwhile, copies again.  What the reader finds
 * is not trusted: board_read() checks every length.
 */
#ifndef SOCKSHELL_ACTOR_BOARD_H
#define SOCKSHELL_ACTOR_BOARD_H

#include <stddef.h>
#include <stdint.h>

#include "actor/crew.h"
#include "base/buf.h"

#define BOARD_SIZE ((size_t)256 << 10)
#define BOARD_KEPT_MAX 512   /* bytes of a value */
#define BOARD_TEXT_MAX 16384 /* bytes of a name, a type, or a value in words */

struct board_memory; /* BOARD_SIZE bytes, shared between shell and actor */

/* A new one, to be inherited by fork(); NULL when the system has no memory. */
struct board_memory *board_new(void);
/* One that can be sent to another process as a descriptor; -1 and errno.  Sealed: it cannot be made smaller
 * under the reader's hands. */
int board_new_file(void);
/* Map such a file; NULL when it is not exactly that. The descriptor stays the caller's. */
struct board_memory *board_map(int file);
void board_unmap(struct board_memory *memory);

/* The actor's side: it enters, or leaves, its fork(). */
void board_fork(struct board_memory *memory);
/* The shell's: how often. Who looks at the actor's descriptors between two equal, even numbers saw the learner's. */
uint64_t board_forks(const struct board_memory *memory);

/* The actor's side: collect the entries in a buffer, then publish them at once. */
struct interp;
struct board_notes {
    struct buf entries;
    size_t types; /* how many of them are names of types */
    bool truncated;
};
void board_collect(struct interp *interp, struct board_notes *notes);
void board_publish(struct board_memory *memory, const struct board_notes *notes);

/* The shell's side. */
/* Are there names of types on it?  At once, without a copy. */
bool board_has_types(const struct board_memory *memory);
bool board_read(const struct board_memory *memory, struct board *board, struct error *error);
/* The checking half of it, on a copy of the entries (`bytes` becomes the board's storage whatever happens).
 */
bool board_parse(char *bytes, size_t length, bool truncated, struct board *board, struct error *error);

#endif

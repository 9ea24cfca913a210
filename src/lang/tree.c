/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The memory of a syntax tree: chunks that are filled one after the other and
 * freed all at once, when the last who holds the tree lets it go: a function
 * lives on in the tree of the submission that defined it.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/parse_internal.h"

#define CHUNK 4096 /* bytes; a typical line needs one */

struct chunk {
    struct chunk *next;
    size_t used, size;
    max_align_t bytes[];
};

struct arena {
    struct chunk *chunks; /* the one being filled first */
    size_t holders;       /* beside the one who made it */
};

struct arena *arena_new(void) {
    return mem_alloc(sizeof(struct arena));
}

void arena_free(struct arena *arena) {
    if (!arena)
        return;
    if (arena->holders > 0) {
        arena->holders--;
        return;
    }
    struct chunk *next;
    for (struct chunk *chunk = arena->chunks; chunk; chunk = next) {
        next = chunk->next;
        free(chunk);
    }
    free(arena);
}

void *arena_alloc(struct arena *arena, size_t size) {
    const size_t unit = sizeof(max_align_t);
    struct chunk *chunk = arena->chunks;

    size = (size + unit - 1) / unit * unit;
    if (!chunk || chunk->size - chunk->used < size) {
        size_t room = size > CHUNK ? size : CHUNK;
        chunk = mem_alloc(sizeof(*chunk) + room);
        chunk->size = room;
        chunk->next = arena->chunks;
        arena->chunks = chunk;
    }
    void *block = (char *)chunk->bytes + chunk->used;
    chunk->used += size;
    return block;
}

char *arena_text(struct arena *arena, const char *bytes, size_t length) {
    char *copy = arena_alloc(arena, length + 1);

    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

struct tree tree_share(const struct tree *tree) {
    tree->arena->holders++;
    return *tree;
}

void tree_free(struct tree *tree) {
    arena_free(tree->arena);
    *tree = (struct tree){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory by the piece: malloc(3).  A piece is an object like a variable, and as closely watched. */
#include <errno.h>
#include <inttypes.h>

#include "base/buf.h"
#include "call/library.h"
#include "call/rows.h"

/* A new piece, called "malloc(100)" in messages; 0 and ENOMEM when there is no room, which is no mistake of the learner's. */
static uint64_t allocate(struct invocation *inv, uint64_t size) {
    struct error full = {0};
    struct buf label = {0};

    buf_addf(&label, "%s(%" PRIu64 ")", inv->call->name, size);
    uint64_t object = memory_make(inv->memory, size, MEMORY_ALLOCATED, buf_text(&label), &full);
    if (object == 0)
        inv->saved_errno = ENOMEM;
    buf_free(&label);
    error_free(&full);
    return object;
}

/* What a size_t makes of a negative number. */
static bool check_size(struct invocation *inv, size_t i) {
    if (inv->raw[i].i >= 0)
        return true;
    invocation_fail(inv, i, ERROR_MEMORY, "%" PRId64 " bytes, which as a size are %" PRIu64, inv->raw[i].i,
                    (uint64_t)inv->raw[i].i);
    error_hint(inv->error, "a call that failed gave -1: look at its result before using it as a size");
    return false;
}

static bool run_malloc(struct invocation *inv) {
    if (!check_size(inv, 0))
        return false;
    inv->result = (int64_t)allocate(inv, (uint64_t)inv->raw[0].i);
    return true;
}

/* The product may be too large for any memory: that is what calloc() looks after. */
static bool run_calloc(struct invocation *inv) {
    uint64_t size;
    struct error unused = {0};

    if (!check_size(inv, 0) || !check_size(inv, 1))
        return false;
    if (__builtin_mul_overflow((uint64_t)inv->raw[0].i, (uint64_t)inv->raw[1].i, &size))
        size = UINT64_MAX;
    uint64_t object = allocate(inv, size);
    if (object != 0 && memory_write(inv->memory, object, size, &unused) != NULL)
        memory_mark(inv->memory, object, size, true); /* all its bytes are 0 from the beginning */
    inv->result = (int64_t)object;
    return true;
}

/* Is argument 0 what one of these gave, and still there? */
static bool check_piece(struct invocation *inv) {
    uint64_t address = inv->value[0].bits;
    const char *label = memory_label(inv->memory, address), *name = inv->call->name;

    if (memory_dangles(inv->memory, address)) {
        invocation_fail(inv, 0, ERROR_MEMORY,
                        "%s() of what is gone already: freed before, or a block's variable", name);
        error_hint(
            inv->error,
            "each piece is freed once; set the pointer to NULL after that, and free(NULL) does nothing");
    } else if (label == NULL) {
        invocation_fail(inv, 0, ERROR_MEMORY, "%s(): this pointer points to nothing", name);
    } else if (!memory_is_allocated(inv->memory, address)) {
        invocation_fail(inv, 0, ERROR_MEMORY, "%s() is for what malloc() gave, and %s is not from there",
                        name, label);
        error_hint(inv->error, "variables go by themselves; freeaddrinfo() is for what getaddrinfo() gave");
    } else if (memory_offset(address) != 0) {
        invocation_fail(inv, 0, ERROR_MEMORY, "%s() wants the beginning of %s, not byte %d of it", name,
                        label, memory_offset(address));
        error_hint(inv->error, "keep the pointer that malloc() gave, and move a copy of it");
    } else {
        return true;
    }
    return false;
}

static bool run_free(struct invocation *inv) {
    if (!invocation_null(inv, 0)) {
        if (!check_piece(inv))
            return false;
        memory_drop(inv->memory, inv->value[0].bits);
    }
    return library_quietly(inv, 0);
}

static bool run_realloc(struct invocation *inv) {
    uint64_t old = inv->value[0].bits, size = (uint64_t)inv->raw[1].i;

    if (!check_size(inv, 1) || (!invocation_null(inv, 0) && !check_piece(inv)))
        return false;
    uint64_t object = allocate(inv, size);
    if (object != 0 && old != 0) {
        size_t had = memory_room(inv->memory, old);
        if (!memory_copy(inv->memory, object, old, had < size ? had : size, inv->error))
            return false;
        memory_drop(inv->memory, old);
    }
    inv->result = (int64_t)object;
    return true;
}

#define LIBRARY(function) .flags = CALL_LIBRARY, .run = (function)

static const struct call_errno no_memory[] = {
    {ENOMEM, "There is not so much memory left: all objects of a program may have 64 MiB here."},
    {0},
};

const struct call calls_memory[] = {
    {.name = "malloc",
     .prototype = "void *malloc(size_t size)",
     .args = {{ARG_INT, .name = "size"}},
     LIBRARY(run_malloc),
     .summary = "a piece of memory of this size",
     .note = "For what is to be as large as was found out at run time: a message whose length its header "
             "said. Its bytes have no value yet. It stays until free(), whatever block it was made in.",
     .success = "A pointer to it; NULL when there is no room.",
     .man = "malloc(3)",
     .see = "calloc realloc free",
     .topic = "bytes",
     .errors = no_memory},
    {.name = "calloc",
     .prototype = "void *calloc(size_t nmemb, size_t size)",
     .args = {{ARG_INT, .name = "nmemb"}, {ARG_INT, .name = "size"}},
     LIBRARY(run_calloc),
     .summary = "a piece of memory for an array, all of it 0",
     .note = "As malloc() of the product, which calloc() looks after: one that is larger than any memory "
             "gives NULL. A struct from calloc() has no padding that was never written.",
     .success = "A pointer to it; NULL when there is no room.",
     .man = "calloc(3)",
     .see = "malloc free memset",
     .topic = "bytes",
     .errors = no_memory},
    {.name = "realloc",
     .prototype = "void *realloc(void *ptr, size_t size)",
     .args = {{ARG_POINTER, .name = "ptr"}, {ARG_INT, .name = "size"}},
     LIBRARY(run_realloc),
     .summary = "make a piece of memory larger or smaller",
     .note = "It may lie elsewhere afterwards, and here it always does, so that old pointers to it are "
             "found out: use only what realloc() gives. When that is NULL the old piece is still there.",
     .success = "A pointer to the piece, with what it had; NULL when there is no room.",
     .man = "realloc(3)",
     .see = "malloc free",
     .topic = "bytes",
     .errors = no_memory},
    {.name = "free",
     .prototype = "void free(void *ptr)",
     .args = {{ARG_POINTER, .name = "ptr"}},
     LIBRARY(run_free),
     .summary = "give a piece of memory back",
     .note = "For what malloc(), calloc() and realloc() gave, once, and from its beginning. Pointers to "
             "it dangle from then on, which is told here when one is used; in C it may go well for a "
             "long time.",
     .success = NULL,
     .man = "free(3)",
     .see = "malloc",
     .topic = "bytes"},
    {.name = NULL},
};

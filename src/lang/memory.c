/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The learner's memory: a table of objects, each one block of ours that holds
 * its bytes, then a bit for each of them ("was written"), then its label.
 *
 * A freed slot is not used again before QUARANTINE others have been freed, and
 * has 4096 generations: a dangling pointer is known as one for at least a
 * million objects to come.  After that it may be taken for a pointer to the
 * newer object; never for anything outside an object.
 */
#include "lang/memory.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define GENERATIONS (1u << 12)
#define SLOT_MAX ((1u << 20) - 2) /* the last one would make -1, cast to a pointer, an object's */
#define QUARANTINE 256
#define OVERHEAD 96 /* what an object costs beside its bytes, counted towards the limit */

struct object {
    unsigned char *bytes; /* the block; NULL: the slot is free */
    unsigned char *marks;
    char *label; /* in the block; of a free slot what is said of the object that was there, or NULL */
    uint64_t descriptor_noted; /* see memory_descriptor_noted() */
    uint32_t size;
    uint32_t whole; /* the bytes before it are all written: a large buffer is looked at, or marked, once */
    uint16_t generation;
    uint8_t kind;
    bool is_frozen;
    uint32_t next_free;
};

struct memory {
    struct object *objects; /* [0] is never used */
    uint32_t count, capacity;
    uint32_t first_free, last_free, free_count; /* a queue: the oldest is reused first */
    size_t used, limit;
    uint64_t changes;
    unsigned char nothing[1]; /* what a pointer to no object is for an access of no bytes */
};

struct memory *memory_new(size_t limit) {
    struct memory *memory = mem_alloc(sizeof(*memory));

    memory->limit = limit;
    memory->count = 1;
    memory->capacity = 16;
    memory->objects = mem_grow(NULL, memory->capacity, sizeof(*memory->objects));
    memory->objects[0] = (struct object){0};
    return memory;
}

void memory_free(struct memory *memory) {
    if (!memory)
        return;
    for (uint32_t i = 1; i < memory->count; i++)
        free(memory->objects[i].bytes ? (char *)memory->objects[i].bytes : memory->objects[i].label);
    free(memory->objects);
    free(memory);
}

size_t memory_limit(const struct memory *memory) {
    return memory->limit;
}

/* A slot for a new object; 0 when all are taken. */
static uint32_t slot_take(struct memory *memory) {
    uint32_t slot = memory->first_free;

    if (memory->free_count > QUARANTINE || (slot && memory->count > SLOT_MAX)) {
        memory->first_free = memory->objects[slot].next_free;
        free(memory->objects[slot].label);
        if (--memory->free_count == 0)
            memory->last_free = 0;
        return slot;
    }
    if (memory->count > SLOT_MAX)
        return 0;
    if (memory->count == memory->capacity) {
        memory->capacity *= 2;
        memory->objects = mem_grow(memory->objects, memory->capacity, sizeof(*memory->objects));
    }
    memory->objects[memory->count] = (struct object){0};
    return memory->count++;
}

static void slot_give(struct memory *memory, uint32_t slot, char *epitaph) {
    struct object *object = &memory->objects[slot];

    *object = (struct object){.generation = (uint16_t)((object->generation + 1) % GENERATIONS), .label = epitaph};
    if (memory->last_free)
        memory->objects[memory->last_free].next_free = slot;
    else
        memory->first_free = slot;
    memory->last_free = slot;
    memory->free_count++;
}

uint64_t memory_make(struct memory *memory, size_t size, enum memory_kind kind, const char *label,
                     struct error *error) {
    const struct span nowhere = {0};
    size_t marks = size / CHAR_BIT + 1, label_size = strlen(label) + 1;

    /* Offsets are 31 bits, and a sum that overflows is beyond any limit. */
    if (size > INT32_MAX || memory->limit < memory->used || size + OVERHEAD > memory->limit - memory->used) {
        error_set(error, ERROR_LIMIT, nowhere,
                  "there is no room for %s: %zu bytes, where %zu of %zu are in use", label, size,
                  memory->used, memory->limit);
        error_hint(error, "all variables of a program may have %zu MiB here", memory->limit >> 20);
        return 0;
    }
    unsigned char *block = calloc(1, size + marks + label_size);
    uint32_t slot = block ? slot_take(memory) : 0;
    if (!slot) {
        free(block);
        error_set(error, ERROR_LIMIT, nowhere, "the system has no memory left for %s (%zu bytes)", label,
                  size);
        return 0;
    }

    struct object *object = &memory->objects[slot];
    object->bytes = block;
    object->marks = block + size;
    object->label = memcpy(block + size + marks, label, label_size);
    object->size = (uint32_t)size;
    object->kind = (uint8_t)kind;
    memory->used += size + OVERHEAD;
    memory->changes++;
    return (uint64_t)slot << 44 | (uint64_t)object->generation << 32;
}

/* The living object an address refers to, or NULL. */
static struct object *find(const struct memory *memory, uint64_t address) {
    uint32_t slot = (uint32_t)(address >> 44), generation = (uint32_t)(address >> 32) % GENERATIONS;

    if (slot == 0 || slot >= memory->count)
        return NULL;
    struct object *object = &memory->objects[slot];
    return object->bytes && object->generation == generation ? object : NULL;
}

bool memory_dangles(const struct memory *memory, uint64_t address) {
    uint32_t slot = (uint32_t)(address >> 44);

    return slot > 0 && slot < memory->count && !find(memory, address);
}

void memory_drop(struct memory *memory, uint64_t address) {
    memory_end(memory, address, NULL);
}

void memory_end(struct memory *memory, uint64_t address, const char *how) {
    struct object *object = find(memory, address);

    if (!object)
        return;
    char *epitaph = how ? mem_format("%s %s", object->label, how) : NULL;
    memory->used -= object->size + OVERHEAD;
    memory->changes++;
    free(object->bytes);
    slot_give(memory, (uint32_t)(address >> 44), epitaph);
}

/* What is said of the object that this dangling address was of: as long as nothing else has had its slot. */
static const char *epitaph_of(const struct memory *memory, uint64_t address) {
    const struct object *object = &memory->objects[address >> 44];
    uint32_t next = ((uint32_t)(address >> 32) + 1) % GENERATIONS;

    return !object->bytes && object->generation == next ? object->label : NULL;
}

/* Whole bytes of marks at once where possible: buffers are thousands of bytes long. */
static void marks_set(unsigned char *marks, size_t at, size_t count, bool written) {
    size_t end = at + count;

    for (; at < end && at % CHAR_BIT; at++)
        marks[at / CHAR_BIT] = (unsigned char)((marks[at / CHAR_BIT] & ~(1u << at % CHAR_BIT)) |
                                               (unsigned)written << at % CHAR_BIT);
    if (end - at >= CHAR_BIT) {
        memset(marks + at / CHAR_BIT, written ? UCHAR_MAX : 0, (end - at) / CHAR_BIT);
        at = end - end % CHAR_BIT;
    }
    for (; at < end; at++)
        marks[at / CHAR_BIT] = (unsigned char)((marks[at / CHAR_BIT] & ~(1u << at % CHAR_BIT)) |
                                               (unsigned)written << at % CHAR_BIT);
}

static bool mark_at(const unsigned char *marks, size_t at) {
    return marks[at / CHAR_BIT] >> at % CHAR_BIT & 1;
}

/* All of them set?  Then each is the same as the next: memcmp() sees that many at a time. */
static bool all_set(const unsigned char *marks, size_t count) {
    return count > 0 && marks[0] == UCHAR_MAX && memcmp(marks, marks + 1, count - 1) == 0;
}

/* As marks_set(), of an object. */
static void mark(struct object *object, size_t at, size_t count, bool written) {
    size_t end = at + count;

    if (written && end <= object->whole)
        return;
    marks_set(object->marks, at, count, written);
    if (written ? at <= object->whole : at < object->whole)
        object->whole = (uint32_t)(written ? end : at);
}

/* How many of the `count` bytes from `at` on are written before the first that is not. */
static size_t written_run(const struct object *object, size_t at, size_t count) {
    const uint64_t full = UINT64_MAX;
    const unsigned char *marks = object->marks;
    size_t i = at, end = at + count;

    if (end <= object->whole)
        return count;
    if (at % CHAR_BIT == 0 && all_set(marks + at / CHAR_BIT, count / CHAR_BIT))
        i = end - end % CHAR_BIT;
    while (i < end) {
        if (i % CHAR_BIT == 0 && end - i >= 64 && memcmp(marks + i / CHAR_BIT, &full, sizeof(full)) == 0)
            i += 64;
        else if (mark_at(marks, i))
            i++;
        else
            break;
    }
    return i - at;
}

static bool refuse_missing(const struct memory *memory, uint64_t address, struct error *error) {
    const struct span nowhere = {0};
    uint32_t slot = (uint32_t)(address >> 44);

    if (address == 0) {
        error_set(error, ERROR_MEMORY, nowhere, "this pointer is NULL: it points to nothing");
        error_hint(error, "let it point to something first, such as &x or an array");
    } else if (slot == 0 || slot >= memory->count) {
        error_set(error, ERROR_MEMORY, nowhere, "0x%llx is not the address of anything",
                  (unsigned long long)address);
        error_hint(error, "&x is the address of x; an array's name is the address of its first element");
    } else if (epitaph_of(memory, address)) {
        error_set(error, ERROR_MEMORY, nowhere, "this pointer dangles: %s", epitaph_of(memory, address));
        error_hint(error, "what is to outlive a function is returned as a value, stored where a pointer of the "
                          "caller's says, or declared static");
    } else {
        error_set(error, ERROR_MEMORY, nowhere, "this pointer dangles: what it pointed to is gone");
        error_hint(error, "a variable of a block ends with its block, and freed memory is gone");
    }
    return false;
}

static bool refuse_outside(const struct object *object, int64_t offset, size_t size, struct error *error) {
    const struct span nowhere = {0};
    const char *label = object->label;

    if (offset < 0)
        error_set(error, ERROR_MEMORY, nowhere, "this is %lld bytes before the beginning of %s",
                  (long long)-offset, label);
    else if (offset >= object->size)
        error_set(error, ERROR_MEMORY, nowhere,
                  "this is outside %s: it has %u byte%s, and byte %lld was asked for", label, object->size,
                  object->size == 1 ? "" : "s", (long long)offset);
    else if (offset == 0)
        error_set(error, ERROR_MEMORY, nowhere, "%s has %u byte%s, too few for %zu", label, object->size,
                  object->size == 1 ? "" : "s", size);
    else
        error_set(error, ERROR_MEMORY, nowhere, "%zu bytes from byte %lld of %s reach %lld beyond its end",
                  size, (long long)offset, label, (long long)((size_t)offset + size - object->size));
    return false;
}

/* The object around `size` bytes at address, or NULL and an error. */
static struct object *check(const struct memory *memory, uint64_t address, size_t size, struct error *error) {
    struct object *object = find(memory, address);
    int64_t offset = memory_offset(address);

    if (!object) {
        refuse_missing(memory, address, error);
        return NULL;
    }
    if (offset < 0 || offset > object->size || size > object->size - (size_t)offset) {
        refuse_outside(object, offset, size, error);
        return NULL;
    }
    return object;
}

const unsigned char *memory_read(const struct memory *memory, uint64_t address, size_t size,
                                 enum memory_check kind, struct error *error) {
    size_t offset = (uint32_t)address;

    if (size == 0 && !find(memory, address))
        return memory->nothing;
    const struct object *object = check(memory, address, size, error);
    if (!object)
        return NULL;
    if (kind == MEMORY_WRITTEN) {
        size_t run = written_run(object, offset, size);
        if (run < size) {
            if (size == object->size && run == 0)
                error_set(error, ERROR_MEMORY, (struct span){0}, "%s was never given a value", object->label);
            else
                error_set(error, ERROR_MEMORY, (struct span){0}, "byte %zu of %s was never given a value",
                          offset + run, object->label);
            return NULL;
        }
    }
    return object->bytes + offset;
}

unsigned char *memory_write(struct memory *memory, uint64_t address, size_t size, struct error *error) {
    if (size == 0 && !find(memory, address))
        return memory->nothing;
    struct object *object = check(memory, address, size, error);
    if (!object)
        return NULL;
    if (object->kind == MEMORY_LITERAL) {
        error_set(error, ERROR_MEMORY, (struct span){0}, "%s is a string literal: it cannot be written to",
                  object->label);
        error_hint(error, "copy it into an array of your own: char text[100] = %s", object->label);
        return NULL;
    }
    if (object->is_frozen) {
        error_set(error, ERROR_MEMORY, (struct span){0}, "%s is const: it cannot be written to", object->label);
        error_hint(error, "leave const out of its declaration if it is to change");
        return NULL;
    }
    return object->bytes + (uint32_t)address;
}

void memory_freeze(struct memory *memory, uint64_t address) {
    struct object *object = find(memory, address);

    if (object)
        object->is_frozen = true;
}

uint64_t memory_make_literal(struct memory *memory, const void *bytes, size_t size, const char *label,
                             struct error *error) {
    uint64_t address = memory_make(memory, size, MEMORY_LITERAL, label, error);

    if (!address)
        return 0;
    struct object *object = find(memory, address);
    if (size > 0)
        memcpy(object->bytes, bytes, size);
    mark(object, 0, size, true);
    return address;
}

void memory_mark(struct memory *memory, uint64_t address, size_t size, bool written) {
    struct object *object = find(memory, address);
    int64_t offset = memory_offset(address);

    if (!object || offset < 0 || offset > object->size)
        return;
    size_t room = object->size - (size_t)offset;
    mark(object, (size_t)offset, size < room ? size : room, written);
    memory->changes++;
}

void memory_note_descriptor(struct memory *memory, uint64_t address, size_t size, bool made) {
    struct object *object = find(memory, address);

    if (object && made)
        object->descriptor_noted = memory->changes;
    else if (object && size >= object->size)
        object->descriptor_noted = 0;
}

uint64_t memory_descriptor_noted(const struct memory *memory, uint64_t address) {
    const struct object *object = find(memory, address);

    return object ? object->descriptor_noted : 0;
}

size_t memory_written(const struct memory *memory, uint64_t address, size_t most) {
    const struct object *object = find(memory, address);
    size_t room = memory_room(memory, address);

    return object && room > 0 ? written_run(object, (uint32_t)address, most < room ? most : room) : 0;
}

bool memory_is_written(const struct memory *memory, uint64_t address, size_t size) {
    return memory_written(memory, address, size) == size;
}

bool memory_copy(struct memory *memory, uint64_t to, uint64_t from, size_t size, struct error *error) {
    const struct object *source = check(memory, from, size, error);
    unsigned char *target_bytes = source ? memory_write(memory, to, size, error) : NULL;
    struct object *target = find(memory, to);

    if (!target_bytes || !target)
        return false;
    size_t source_at = (uint32_t)from, target_at = (uint32_t)to;

    memmove(target_bytes, source->bytes + source_at, size);
    if (written_run(source, source_at, size) == size) {
        mark(target, target_at, size, true);
    } else if (target == source && target_at > source_at) {
        for (size_t i = size; i-- > 0;) /* they may overlap: from the end */
            mark(target, target_at + i, 1, mark_at(source->marks, source_at + i));
    } else {
        for (size_t i = 0; i < size; i++)
            mark(target, target_at + i, 1, mark_at(source->marks, source_at + i));
    }
    memory->changes++;
    return true;
}

size_t memory_room(const struct memory *memory, uint64_t address) {
    const struct object *object = find(memory, address);
    int64_t offset = memory_offset(address);

    return object && offset >= 0 && offset <= object->size ? object->size - (size_t)offset : 0;
}

bool memory_string(const struct memory *memory, uint64_t address, const char **text, size_t *length,
                   struct error *error) {
    const struct span nowhere = {0};
    const struct object *object = check(memory, address, 1, error);
    if (!object)
        return false;

    size_t at = (uint32_t)address, room = object->size - at;
    const unsigned char *bytes = object->bytes + at, *nul = memchr(bytes, '\0', room);
    size_t needed = nul ? (size_t)(nul - bytes) + 1 : room;
    size_t run = written_run(object, at, needed);
    if (run < needed) {
        if (run == 0)
            error_set(error, ERROR_MEMORY, nowhere, "%s is no string yet: byte %zu was never given a value",
                      object->label, at);
        else
            error_set(error, ERROR_MEMORY, nowhere,
                      "%s is no string: no NUL follows the %zu byte%s written, and the next was never given "
                      "a value",
                      object->label, run, run == 1 ? "" : "s");
        error_hint(error, "end it with a NUL: %s[%zu] = '\\0'", object->label, at + run);
        return false;
    }
    if (!nul) {
        error_set(error, ERROR_MEMORY, nowhere, "%s is no string: there is no NUL before its end (%u byte%s)",
                  object->label, object->size, object->size == 1 ? "" : "s");
        error_hint(error, "leave room for one byte more, and put a '\\0' after the last");
        return false;
    }
    *text = (const char *)bytes;
    *length = needed - 1;
    return true;
}

const char *memory_label(const struct memory *memory, uint64_t address) {
    const struct object *object = find(memory, address);

    return object ? object->label : NULL;
}

bool memory_is_allocated(const struct memory *memory, uint64_t address) {
    const struct object *object = find(memory, address);

    return object && object->kind == MEMORY_ALLOCATED;
}

bool memory_is_literal(const struct memory *memory, uint64_t address) {
    const struct object *object = find(memory, address);

    return object && object->kind == MEMORY_LITERAL;
}

uint64_t memory_changes(const struct memory *memory) {
    return memory->changes;
}

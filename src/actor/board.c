/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shared memory of a board, and the shell's side of it; see board.h. */
#include "actor/board.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actor/board_entry.h"
#include "base/mem.h"

/* Words, so that reader and writer may touch them at the same time without a data race (C17 5.1.2.4). */
#define BOARD_WORDS ((BOARD_SIZE - 5 * sizeof(uint64_t)) / sizeof(uint64_t))

struct board_memory {
    _Atomic uint64_t sequence, length, truncated, types, forks;
    _Atomic uint64_t words[BOARD_WORDS];
};
_Static_assert(sizeof(struct board_memory) == BOARD_SIZE, "the board has no holes");
_Static_assert(BOARD_ROOM == BOARD_WORDS * sizeof(uint64_t), "entries fill the board");

struct board_memory *board_new(void) {
    void *memory = mmap(NULL, BOARD_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

int board_new_file(void) {
    int file = memfd_create("sockshell-board", MFD_CLOEXEC | MFD_ALLOW_SEALING);

    if (file < 0)
        return -1;
    if (ftruncate(file, (off_t)BOARD_SIZE) == 0 && fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0)
        return file;
    int number = errno;
    close(file);
    errno = number;
    return -1;
}

struct board_memory *board_map(int file) {
    struct stat facts;
    int seals = fcntl(file, F_GET_SEALS);

    /* Reading what was cut off a mapped file would be SIGBUS, in the shell. */
    if (seals < 0 || !(seals & F_SEAL_SHRINK) || fstat(file, &facts) < 0 ||
        facts.st_size != (off_t)BOARD_SIZE)
        return NULL;
    void *memory = mmap(NULL, BOARD_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void board_fork(struct board_memory *memory) {
    atomic_fetch_add(&memory->forks, 1);
}

uint64_t board_forks(const struct board_memory *memory) {
    return atomic_load(&memory->forks);
}

void board_unmap(struct board_memory *memory) {
    if (memory)
        munmap(memory, BOARD_SIZE);
}

bool board_has_types(const struct board_memory *memory) {
    return atomic_load_explicit(&memory->types, memory_order_relaxed) > 0;
}

void board_publish(struct board_memory *memory, const struct board_notes *notes) {
    const struct buf *entries = &notes->entries;
    uint64_t sequence = atomic_load_explicit(&memory->sequence, memory_order_relaxed);

    atomic_store_explicit(&memory->sequence, sequence | 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    for (size_t i = 0; i < entries->length / sizeof(uint64_t); i++) {
        uint64_t word;
        memcpy(&word, entries->data + i * sizeof(word), sizeof(word));
        atomic_store_explicit(&memory->words[i], word, memory_order_relaxed);
    }
    atomic_store_explicit(&memory->length, entries->length, memory_order_relaxed);
    atomic_store_explicit(&memory->truncated, notes->truncated, memory_order_relaxed);
    atomic_store_explicit(&memory->types, notes->types, memory_order_relaxed);
    atomic_store_explicit(&memory->sequence, (sequence | 1) + 1, memory_order_release);
}

/* One try at a copy; false when the actor was writing. */
static bool copy(const struct board_memory *memory, char *to, size_t *length, bool *truncated) {
    uint64_t before = atomic_load_explicit(&memory->sequence, memory_order_acquire);
    uint64_t used = atomic_load_explicit(&memory->length, memory_order_relaxed);

    if (before & 1)
        return false;
    *truncated = atomic_load_explicit(&memory->truncated, memory_order_relaxed) != 0;
    *length = used < BOARD_ROOM ? (size_t)used : BOARD_ROOM;
    for (size_t i = 0; i * sizeof(uint64_t) < *length; i++) {
        uint64_t word = atomic_load_explicit(&memory->words[i], memory_order_relaxed);
        memcpy(to + i * sizeof(word), &word, sizeof(word));
    }
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&memory->sequence, memory_order_relaxed) == before;
}

bool board_read(const struct board_memory *memory, struct board *board, struct error *error) {
    char *bytes = mem_grow(NULL, BOARD_ROOM, 1); /* of which few are used: not to be touched */
    size_t length = 0;
    bool truncated = false, good = false;

    *board = (struct board){0};
    /* Writing takes microseconds; on one CPU the writer needs a turn to finish it. */
    for (int tries = 0; tries < 1000 && !(good = copy(memory, bytes, &length, &truncated)); tries++)
        sched_yield();
    if (!good) {
        free(bytes);
        return error_set(error, ERROR_SYSTEM, (struct span){0},
                         "the variables cannot be read, the program stopped while noting them down");
    }
    return board_parse(bytes, length, truncated, board, error);
}

/* Moves *at over `length` bytes of text and its NUL; NULL when they are not there. */
static const char *take_text(const char *bytes, size_t total, size_t *at, size_t length) {
    const char *text = bytes + *at;

    if (length >= BOARD_TEXT_MAX + 1 || total - *at <= length || text[length] != '\0' ||
        memchr(text, '\0', length))
        return NULL;
    *at += length + 1;
    return text;
}

static bool take_entry(const char *bytes, size_t total, size_t *at, struct board_entry *entry) {
    struct board_head head;

    if (total - *at < sizeof(head))
        return false;
    memcpy(&head, bytes + *at, sizeof(head));
    *at += sizeof(head);
    *entry = (struct board_entry){.address = head.address, .size = head.size, .kept = head.kept, .noted = head.noted};
    if (head.kept > BOARD_KEPT_MAX || head.kept > head.size)
        return false;
    if (!(entry->name = take_text(bytes, total, at, head.name)) ||
        !(entry->type = take_text(bytes, total, at, head.type)) ||
        !(entry->layout = take_text(bytes, total, at, head.layout)) ||
        !(entry->shown = take_text(bytes, total, at, head.shown)) || total - *at < 2 * (size_t)head.kept)
        return false;
    entry->bytes = (const unsigned char *)bytes + *at;
    entry->written = entry->bytes + head.kept;
    for (size_t i = 0; i < head.kept; i++)
        if (entry->written[i] > 1)
            return false;
    *at = (*at + 2 * (size_t)head.kept + 7) / 8 * 8;
    return *at <= total;
}

/* How many there is room for. */
struct rooms {
    size_t entries, types;
};

static void *with_room(void *items, size_t count, size_t *room, size_t size) {
    if (count < *room)
        return items;
    *room = *room ? *room * 2 : 16;
    return mem_grow(items, *room, size);
}

/* Variables and names of types are kept apart. */
static void add(struct board *board, const struct board_entry *entry, struct rooms *rooms) {
    if (entry->address != 0) {
        board->entries = with_room(board->entries, board->count, &rooms->entries, sizeof(*board->entries));
        board->entries[board->count++] = *entry;
    } else {
        board->types = with_room(board->types, board->type_count, &rooms->types, sizeof(*board->types));
        board->types[board->type_count++] = entry->name;
    }
}

bool board_parse(char *bytes, size_t length, bool truncated, struct board *board, struct error *error) {
    struct board_entry entry;
    struct rooms rooms = {0};

    *board = (struct board){.truncated = truncated, .storage = bytes};
    for (size_t at = 0; at < length;) {
        if (!take_entry(bytes, length, &at, &entry)) {
            board_free(board);
            return error_set(error, ERROR_SYSTEM, (struct span){0}, "the noted variables make no sense");
        }
        add(board, &entry, &rooms);
    }
    return true;
}

void board_free(struct board *board) {
    free(board->entries);
    free(board->types);
    free(board->storage);
    *board = (struct board){0};
}

const char *board_entry_layout(const struct board_entry *entry) {
    return entry->layout && entry->layout[0] != '\0' ? entry->layout : entry->type;
}

bool board_entry_int(const struct board_entry *entry, size_t index, int *value) {
    size_t at = index * sizeof(*value);
    bool array = strncmp(entry->type, "int[", 4) == 0 || strncmp(entry->type, "int [", 5) == 0;

    if (!array && (strcmp(entry->type, "int") != 0 || index > 0))
        return false;
    if (index >= entry->kept / sizeof(*value) || memchr(entry->written + at, 0, sizeof(*value)) != NULL)
        return false;
    memcpy(value, entry->bytes + at, sizeof(*value));
    return true;
}

bool board_int(const struct board *board, const char *name, int *value) {
    size_t length = strcspn(name, "[");
    bool element = name[length] == '[';

    for (size_t i = 0; i < board->count; i++) {
        const struct board_entry *entry = &board->entries[i];
        if (strlen(entry->name) != length || memcmp(entry->name, name, length) != 0)
            continue;
        /* An array is no int, and an int has no elements. */
        if (element != (strcmp(entry->type, "int") != 0))
            return false;
        return board_entry_int(entry, element ? strtoul(name + length + 1, NULL, 10) : 0, value);
    }
    return false;
}

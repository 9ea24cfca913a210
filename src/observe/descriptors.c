/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of descriptors that is cheap to copy; see descriptors.h. */
#include "observe/descriptors.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define PAGE_SIZE_FDS 64

struct entry {
    size_t owners;
    struct descriptor descriptor;
};

struct descriptor_page {
    size_t owners;
    size_t used;                     /* entries that are not NULL */
    size_t traits[3];                /* how many have each, so that pages without need not be searched */
    uint64_t least, most;            /* no cookie is outside; sockets of one page are mostly of one age */
    uint64_t cookies[PAGE_SIZE_FDS]; /* beside each other, to be searched without touching the entries */
    struct entry *entries[PAGE_SIZE_FDS];
};

static void entry_drop(struct entry *entry) {
    if (entry != NULL && --entry->owners == 0)
        free(entry);
}

static void page_drop(struct descriptor_page *page) {
    if (page == NULL || --page->owners > 0)
        return;
    for (size_t i = 0; i < PAGE_SIZE_FDS; i++)
        entry_drop(page->entries[i]);
    free(page);
}

void table_share(struct descriptor_table *copy, const struct descriptor_table *table) {
    copy->page_count = table->page_count;
    copy->pages = mem_alloc(table->page_count * sizeof(*copy->pages));
    for (size_t i = 0; i < table->page_count; i++) {
        copy->pages[i] = table->pages[i];
        if (copy->pages[i] != NULL)
            copy->pages[i]->owners++;
    }
}

void table_free(struct descriptor_table *table) {
    for (size_t i = 0; i < table->page_count; i++)
        page_drop(table->pages[i]);
    free(table->pages);
    *table = (struct descriptor_table){0};
}

/* The page for writing: this table's own. */
static struct descriptor_page *own_page(struct descriptor_table *table, size_t number) {
    struct descriptor_page *page = table->pages[number];
    if (page != NULL && page->owners == 1)
        return page;
    struct descriptor_page *own = mem_alloc(sizeof(*own));
    if (page != NULL) {
        *own = *page;
        for (size_t i = 0; i < PAGE_SIZE_FDS; i++)
            if (own->entries[i] != NULL)
                own->entries[i]->owners++;
        page->owners--;
    }
    own->owners = 1;
    return table->pages[number] = own;
}

/* What a descriptor may be searched for. */
enum trait { MOVING, REACHABLE, NAMED_UNIX };

static bool has_trait(const struct entry *entry, enum trait trait) {
    if (entry == NULL || entry->descriptor.kind != DESCRIPTOR_SOCKET)
        return false;
    switch (trait) {
    case MOVING:
        return socket_is_moving(&entry->descriptor.socket);
    case REACHABLE:
        return socket_is_reachable(&entry->descriptor.socket);
    case NAMED_UNIX:
        return socket_is_named_unix(&entry->descriptor.socket);
    }
    return false;
}

static void put(struct descriptor_page *page, size_t slot, struct entry *entry) {
    for (enum trait trait = MOVING; trait <= NAMED_UNIX; trait++)
        page->traits[trait] += has_trait(entry, trait) - (size_t)has_trait(page->entries[slot], trait);
    page->used += (entry != NULL) - (size_t)(page->entries[slot] != NULL);
    entry_drop(page->entries[slot]);
    page->entries[slot] = entry;
    uint64_t cookie = entry != NULL ? entry->descriptor.socket.cookie : 0;
    page->cookies[slot] = cookie;
    if (cookie == 0)
        return;
    if (page->most == 0 || cookie < page->least)
        page->least = cookie;
    if (cookie > page->most)
        page->most = cookie;
}

void table_set(struct descriptor_table *table, const struct descriptor *descriptor) {
    size_t fd = (size_t)descriptor->fd, number = fd / PAGE_SIZE_FDS;
    if (number >= table->page_count) {
        table->pages = mem_grow(table->pages, number + 1, sizeof(*table->pages));
        memset(&table->pages[table->page_count], 0, (number + 1 - table->page_count) * sizeof(*table->pages));
        table->page_count = number + 1;
    }
    struct entry *entry = mem_alloc(sizeof(*entry));
    entry->owners = 1;
    entry->descriptor = *descriptor;
    put(own_page(table, number), fd % PAGE_SIZE_FDS, entry);
}

void table_remove(struct descriptor_table *table, int fd) {
    size_t number = (size_t)fd / PAGE_SIZE_FDS;
    if (table_get(table, fd) == NULL)
        return;
    struct descriptor_page *page = own_page(table, number);
    put(page, (size_t)fd % PAGE_SIZE_FDS, NULL);
    if (page->used == 0) {
        page_drop(page);
        table->pages[number] = NULL;
    }
}

const struct descriptor *table_get(const struct descriptor_table *table, int fd) {
    size_t number = (size_t)fd / PAGE_SIZE_FDS;
    if (fd < 0 || number >= table->page_count || table->pages[number] == NULL)
        return NULL;
    const struct entry *entry = table->pages[number]->entries[(size_t)fd % PAGE_SIZE_FDS];
    return entry != NULL ? &entry->descriptor : NULL;
}

const struct descriptor *table_next(const struct descriptor_table *table, int from) {
    size_t first = (size_t)(from > 0 ? from : 0);
    for (size_t number = first / PAGE_SIZE_FDS; number < table->page_count; number++) {
        const struct descriptor_page *page = table->pages[number];
        size_t slot = number == first / PAGE_SIZE_FDS ? first % PAGE_SIZE_FDS : 0;
        for (; page != NULL && slot < PAGE_SIZE_FDS; slot++)
            if (page->entries[slot] != NULL)
                return &page->entries[slot]->descriptor;
    }
    return NULL;
}

/* The first from there on with one of two traits, which may be the same. */
static const struct descriptor *next_with(const struct descriptor_table *table, int from, enum trait one,
                                          enum trait other) {
    size_t first = (size_t)(from > 0 ? from : 0);
    for (size_t number = first / PAGE_SIZE_FDS; number < table->page_count; number++) {
        const struct descriptor_page *page = table->pages[number];
        size_t slot = number == first / PAGE_SIZE_FDS ? first % PAGE_SIZE_FDS : 0;
        if (page == NULL || page->traits[one] + page->traits[other] == 0)
            continue;
        for (; slot < PAGE_SIZE_FDS; slot++)
            if (has_trait(page->entries[slot], one) || has_trait(page->entries[slot], other))
                return &page->entries[slot]->descriptor;
    }
    return NULL;
}

const struct descriptor *table_next_restless(const struct descriptor_table *table, int from, bool strangers) {
    return next_with(table, from, MOVING, strangers ? REACHABLE : MOVING);
}

const struct descriptor *table_next_named_unix(const struct descriptor_table *table, int from) {
    return next_with(table, from, NAMED_UNIX, NAMED_UNIX);
}

/* Whole pages at a time, without a way out of the inner loop, so that the compiler can use vectors. */
static bool page_has(const struct descriptor_page *page, uint64_t cookie) {
    bool found = false;
    if (cookie < page->least || cookie > page->most)
        return false;
    for (size_t i = 0; i < PAGE_SIZE_FDS; i++)
        found |= page->cookies[i] == cookie;
    return found;
}

const struct descriptor *table_find(const struct descriptor_table *table, uint64_t cookie, int from) {
    size_t first = (size_t)(from > 0 ? from : 0);
    if (cookie == 0)
        return NULL;
    for (size_t number = first / PAGE_SIZE_FDS; number < table->page_count; number++) {
        const struct descriptor_page *page = table->pages[number];
        if (page == NULL || !page_has(page, cookie))
            continue;
        size_t slot = number == first / PAGE_SIZE_FDS ? first % PAGE_SIZE_FDS : 0;
        for (; slot < PAGE_SIZE_FDS; slot++)
            if (page->cookies[slot] == cookie)
                return &page->entries[slot]->descriptor;
    }
    return NULL;
}

int table_differs(const struct descriptor_table *a, const struct descriptor_table *b, int from) {
    size_t pages = a->page_count > b->page_count ? a->page_count : b->page_count;
    size_t fd = (size_t)from;
    while (fd / PAGE_SIZE_FDS < pages) {
        size_t number = fd / PAGE_SIZE_FDS, slot = fd % PAGE_SIZE_FDS;
        const struct descriptor_page *x = number < a->page_count ? a->pages[number] : NULL;
        const struct descriptor_page *y = number < b->page_count ? b->pages[number] : NULL;
        if (x == y) {
            fd = (number + 1) * PAGE_SIZE_FDS;
            continue;
        }
        if ((x != NULL ? x->entries[slot] : NULL) != (y != NULL ? y->entries[slot] : NULL))
            return (int)fd;
        fd++;
    }
    return -1;
}

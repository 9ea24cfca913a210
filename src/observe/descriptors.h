/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of descriptors by number whose copies share what is the same.
 *
 *     table ──▶ page 0 ──▶ descriptor 0 … 63
 *          ├──▶ page 1 ──▶ descriptor 64 … 127      each page and each descriptor
 *          └──▶ …                                   counts its owners
 *
 * A copy that differs in one descriptor costs one page, so a snapshot of 10,000
 * descriptors costs little more than what changed since the one before, and two
 * of them are compared page by page.
 */
#ifndef SOCKSHELL_OBSERVE_DESCRIPTORS_H
#define SOCKSHELL_OBSERVE_DESCRIPTORS_H

#include "observe/borrow.h"

struct descriptor_page;
struct descriptor_table { /* {0} is empty */
    struct descriptor_page **pages;
    size_t page_count;
};

void table_share(struct descriptor_table *copy, const struct descriptor_table *table);
void table_free(struct descriptor_table *table);
/* Put a copy of the descriptor at its number. */
void table_set(struct descriptor_table *table, const struct descriptor *descriptor);
void table_remove(struct descriptor_table *table, int fd);
const struct descriptor *table_get(const struct descriptor_table *table, int fd); /* NULL: not open */
const struct descriptor *table_next(const struct descriptor_table *table, int from); /* the first from there on */
/* The first from there on whose socket is moving (observe/facts.h), or with `strangers` also reachable. */
const struct descriptor *table_next_restless(const struct descriptor_table *table, int from, bool strangers);
/* The first from there on that is a UNIX socket with a name. */
const struct descriptor *table_next_named_unix(const struct descriptor_table *table, int from);
/* The first at or after `from` whose socket has this cookie; NULL. About 1 µs for a thousand. */
const struct descriptor *table_find(const struct descriptor_table *table, uint64_t cookie, int from);
/* The first number from `from` on where two tables may differ; -1: they are the same from there on. */
int table_differs(const struct descriptor_table *a, const struct descriptor_table *b, int from);

#endif

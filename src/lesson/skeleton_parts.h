/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by skeleton.c (header, steps) and skeleton_seen.c (what stands under a step). */
#ifndef SOCKSHELL_LESSON_SKELETON_PARTS_H
#define SOCKSHELL_LESSON_SKELETON_PARTS_H

#include "base/buf.h"
#include "journal/journal.h"

/* What was seen between a line and the next one. */
struct segment {
    const struct journal *journal;
    uint64_t from, to; /* events: the first, and that behind the last */
    const char *actor; /* the step's */
    bool restart;      /* it ends its actor on purpose */
};

/* The expectations, a line each. */
void skeleton_seen(const struct segment *segment, struct buf *out);

#endif

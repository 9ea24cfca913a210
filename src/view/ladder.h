/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets as a ladder: the ends as columns, time going down, a rung a packet;
 * at its sides, at the same height, the calls that caused it and what changed.
 * Pure: what is shown is what is passed in.
 *
 *      #  time      client 127.0.0.1:40000                server 127.0.0.1:8888
 *      1  0.000000  connect() = 0   ─── SYN seq 0 ──────▶
 *      2  0.000021                  ◀── SYN ACK seq 0 ───
 */
#ifndef SOCKSHELL_VIEW_LADDER_H
#define SOCKSHELL_VIEW_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define LADDER_ENDS_MOST 64 /* columns as far as there is room for them, else lines */
#define LADDER_PARTS_MOST 20
#define LADDER_NOTES_MOST 8

enum ladder_arrow {
    LADDER_ARRIVES,
    LADDER_FLIES, /* on its way */
    LADDER_HELD,  /* it waits on the link */
    LADDER_LOST,
    LADDER_UNTOLD, /* in which direction is not told */
};

struct ladder_note {
    size_t end;       /* at whose side; SIZE_MAX: at nobody's */
    const char *text; /* safe for a terminal */
    bool change;      /* of a socket; else a call, or a death */
    bool fresh;       /* it has just happened */
};

struct ladder_rung {
    uint64_t number; /* 0: no packet, only notes */
    const char *label; /* shown in place of the number; NULL: that */
    int64_t time_ns; /* since the first */
    size_t from, to; /* ends; the same one: to itself */
    enum ladder_arrow arrow;
    bool fresh; /* it has just been seen */
    const char *parts[LADDER_PARTS_MOST]; /* what it is, the important first; safe for a terminal */
    size_t part_count;
    struct ladder_note notes[LADDER_NOTES_MOST];
    size_t note_count;
};

struct ladder {
    const char *ends[LADDER_ENDS_MOST]; /* titles; safe for a terminal */
    size_t end_count;
    const struct ladder_rung *rungs;
    size_t rung_count;
    size_t columns;
    bool ascii; /* else UTF-8 */
    bool bare;  /* neither times nor notes: an exercise */
};

/* Lines that are no wider than ladder->columns, from 40 on. */
void ladder_show(const struct ladder *ladder, struct buf *out);

#endif

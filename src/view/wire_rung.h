/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One rung of the ladder in the wire's pane; the inside of pane_wire.c.
 *
 *     server 127.0.0.1:8888                                        client 127.0.0.1:40512
 *      5                    │◀── PSH ACK seq 1 ack 1 len 5 "hello" ─┤ send() = 5
 *      6  recv() = 5        ├─── ACK ack 6 ────────────────────────▶│
 */
#ifndef SOCKSHELL_VIEW_WIRE_RUNG_H
#define SOCKSHELL_VIEW_WIRE_RUNG_H

#include "view/ladder.h"
#include "view/panes.h"

/* Where everything stands, in columns of the pane. */
struct wire_columns {
    size_t number; /* the number's width; before it there is one column for the mark of the chosen one */
    size_t time;   /* likewise; 0: there is no room for times */
    size_t lead;   /* what both take up, with a blank behind */
    size_t count; /* of rails; 0: there is no room for them, each packet is a line of prose */
    size_t rails[LADDER_ENDS_MOST]; /* one an end */
    size_t notes[2];                /* where the notes begin: left of two rails, and right of the last; */
    size_t widths[2];               /* and the room for them. Of more than two ends all stand at the right */
};

void wire_columns_find(const struct ladder *ladder, size_t columns, struct wire_columns *at);
/* The names of the ends, each at its rail. */
void wire_put_ends(const struct scene *scene, const struct ladder *ladder, const struct wire_columns *at,
                   struct canvas *canvas, struct area area);
/* How many rows it takes. */
size_t wire_rung_rows(const struct scene *scene, const struct ladder *ladder, const struct wire_columns *at,
                      const struct ladder_rung *rung);
/* From this row of the area on. */
void wire_put_rung(const struct scene *scene, const struct ladder *ladder, const struct wire_columns *at,
                   const struct ladder_rung *rung, struct canvas *canvas, struct area area, size_t row);

#endif

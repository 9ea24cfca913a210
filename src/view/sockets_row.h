/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One descriptor as the sockets' pane shows it: cells of text, and which of them just changed. */
#ifndef SOCKSHELL_VIEW_SOCKETS_ROW_H
#define SOCKSHELL_VIEW_SOCKETS_ROW_H

#include "view/panes.h"

enum socket_cell {
    CELL_FD,      /* "3" */
    CELL_NAME,    /* the variable that holds it, or what it is known as */
    CELL_KIND,    /* "TCP" */
    CELL_STATE,   /* "LISTEN" */
    CELL_LOCAL,   /* "127.0.0.1:8888" */
    CELL_PEER,    /* "→ 127.0.0.1:40123" */
    CELL_ACCEPT,  /* "accept queue ▮▮▯ 2/3" */
    CELL_RECEIVE, /* "receive queue 22 and a FIN" */
    CELL_SEND,    /* "send queue 5" */
    CELL_MORE,    /* everything else */
    CELLS_END,
};

struct socket_row {
    struct buf cells[CELLS_END]; /* {0}: nothing to say */
    unsigned bright;             /* bits: 1 << cell */
};

/* What is known of a descriptor. */
void socket_row_fill(struct socket_row *row, const struct scene *scene, size_t actor,
                     const struct descriptor *descriptor, unsigned changed);
/* A descriptor that has just been closed. */
void socket_row_fill_closed(struct socket_row *row, const struct scene *scene, int fd);
/* A socket without a descriptor. */
void socket_row_fill_unowned(struct socket_row *row, const struct scene *scene, const struct unowned *unowned,
                             unsigned changed);
void socket_row_free(struct socket_row *row);

/* How a pane of this width puts the cells: found from all rows that it shows, so that they stand in columns. */
struct socket_columns {
    size_t columns;
    bool two_lines;
    bool spaced; /* a blank line behind each */
    bool brief;               /* rows are scarce: one line each, with what there is room for */
    size_t width[CELL_LOCAL]; /* of the cells before the addresses */
};
void socket_columns_find(struct socket_columns *all, const struct socket_row *const *rows, size_t count,
                         size_t columns);
bool socket_columns_two_lines(size_t columns); /* would rows be in two lines at this width? */
size_t socket_row_lines(const struct socket_row *row, const struct socket_columns *columns);
void socket_row_put(const struct scene *scene, const struct socket_row *row,
                    const struct socket_columns *columns, struct canvas *canvas, struct area area, size_t to);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which panes, and where.  From 80×24 on everything is there:
 *
 *     80×24, all beneath each other      from 110×30 on, side by side
 *     ┌ sockets ────────────────────┐    ┌ sockets ──────────────────────────────┐
 *     │ server, client              │    │ server           │ client             │
 *     ├ bytes ──────────────────────┤    ├ wire ────────────┴────────────────────┤
 *     │ the latest of one stream    │    │ rail ◀── packets between them ── rail │
 *     ├ lesson ─────────────────────┤    ├ lesson ──────────┬ bytes ─────────────┤
 *     │ where we are                │    │ where we are     │ hex and text       │
 *     ├ transcript ─────────────────┤    ├ transcript ──────┤                    │
 *     │ what happened               │    │ what happened    │                    │
 *     │                             │    ├──────────────────┴────────────────────┤
 *     │ prompt                      │    │ prompt                                │
 *     └ keys ───────────────────────┘    └ keys ─────────────────────────────────┘
 *
 * The wire lies between the actors, whose columns stand at the sides of its
 * ladder.  It has a place of its own from 110×36 on, when there are packets;
 * with less room it comes with a key, and then the bytes, whose data is on the
 * ladder too, make room for it.  A packet that is opened has the screen, with
 * the ladder above it.
 *
 * Beneath each other, the bytes' pane comes with the first bytes. On less room
 * bytes go first, then the lesson, the sockets, the line of keys, the
 * transcript's title; the prompt stays.
 */
#include "view/panes.h"

#define WIDE_COLUMNS 110
#define WIDE_ROWS 30
#define KEYS_ROWS 12       /* from so many rows on there is a line of keys */
#define TRANSCRIPT_LEAST 3 /* with its title */
#define SOCKETS_LEAST 4
#define SOCKETS_USUAL 7 /* so that the screen does not move with every socket */
#define SOCKETS_WIDE 9  /* likewise, side by side: one that has just closed and one that waits have room too */
#define LESSON_LEAST 4
#define BYTES_LEAST 3
#define WIRE_LEAST 6       /* the ends and four rungs, with its title */
#define WIRE_USUAL 8       /* beneath each other, before the lesson gets what it wants */
#define WIRE_MOST 16
#define WIRE_BRIEF 9       /* side by side, as long as seven rungs do */
#define WIRE_OWN_ROWS 36   /* from so many rows on it has a place without being asked for */

/* A pane and its title into the upper `rows` of an area, which is cut by them. */
static void take_top(struct layout *layout, enum pane pane, struct area *area, size_t rows) {
    if (rows > area->rows)
        rows = area->rows;
    if (rows < 2) {
        layout->panes[pane] = (struct area){area->row, area->column, rows, area->columns};
    } else {
        layout->titles[pane] = (struct area){area->row, area->column, 1, area->columns};
        layout->panes[pane] = (struct area){area->row + 1, area->column, rows - 1, area->columns};
    }
    area->row += rows;
    area->rows -= rows;
}

static size_t clamp(size_t value, size_t least, size_t most) {
    return value > most ? most : value < least ? least : value;
}

static bool is_wide(const struct scene *scene, size_t rows, size_t columns) {
    return columns >= WIDE_COLUMNS && rows >= WIDE_ROWS && !scene->wishes.large;
}

static bool has_wire(const struct scene *scene, size_t rows, size_t columns) {
    switch (scene->wishes.wire) {
    case WISH_USUAL:
        return is_wide(scene, rows, columns) && rows >= WIRE_OWN_ROWS && wire_want(scene);
    case WISH_SHOWN:
        return !scene->wire_asked; /* the question wants the room */
    case WISH_HIDDEN:
        return false;
    }
    return false;
}

/* How many rows each has, beneath each other. */
struct shares {
    size_t sockets, wire, bytes, lesson, transcript, left;
};

/* Give a pane what it wants, as far as there is something left. */
static void give(struct shares *shares, size_t *rows, size_t want) {
    size_t more = want > *rows ? clamp(want - *rows, 0, shares->left) : 0;
    *rows += more;
    shares->left -= more;
}

/* Who is there at all, the most important first. */
static void invite(struct shares *shares, size_t *rows, size_t least, bool wanted) {
    if (wanted && shares->left >= least)
        shares->left -= *rows = least;
}

/* The bytes stand back for a question, or last words, that would be cut beside them: choices come last. */
static bool bytes_fit(const struct scene *scene, const struct shares *shares, size_t lesson_wants) {
    if (scene->wishes.large || !bytes_want(scene) || shares->left < BYTES_LEAST)
        return false;
    if (shares->lesson == 0 || scene->passage.step != NULL)
        return true;
    return shares->lesson + (shares->left - BYTES_LEAST) * 3 / 4 >= lesson_wants;
}

static struct shares share_out(const struct scene *scene, struct area body, bool wire) {
    bool large = scene->wishes.large;
    struct shares shares = {.left = body.rows};
    shares.left -= shares.transcript = body.rows < TRANSCRIPT_LEAST ? body.rows : TRANSCRIPT_LEAST;
    invite(&shares, &shares.sockets, SOCKETS_LEAST, true);
    invite(&shares, &shares.wire, WIRE_LEAST, wire);
    invite(&shares, &shares.lesson, LESSON_LEAST, scene->passage.text != NULL);
    /* What is left goes to the sockets as far as they want it, to wire or bytes, the lesson, and the transcript. */
    if (shares.sockets > 0) {
        size_t most = large && !wire ? body.rows * 3 / 5 : body.rows * 2 / 5;
        size_t usual = wire ? SOCKETS_LEAST : SOCKETS_USUAL;
        give(&shares, &shares.sockets,
             clamp(1 + sockets_want(scene, body.columns, most), usual, most > usual ? most : usual));
    }
    size_t told = shares.lesson > 0 ? 1 + lesson_want(scene, body.columns, body.rows / 2) : 0;
    if (shares.wire > 0)
        give(&shares, &shares.wire, WIRE_USUAL);
    else
        invite(&shares, &shares.bytes, BYTES_LEAST, bytes_fit(scene, &shares, told));
    if (shares.lesson > 0)
        give(&shares, &shares.lesson, clamp(told, 0, shares.lesson + shares.left * 3 / 4));
    if (shares.wire > 0)
        give(&shares, &shares.wire, clamp(shares.wire + shares.left * 3 / 4, 0, WIRE_MOST));
    if (shares.bytes > 0 && shares.left > 12)
        give(&shares, &shares.bytes, shares.bytes + shares.left / 4);
    shares.transcript += shares.left;
    return shares;
}

static void beneath_each_other(const struct scene *scene, struct layout *layout, struct area body, bool wire) {
    struct shares shares = share_out(scene, body, wire);
    if (shares.sockets > 0)
        take_top(layout, PANE_SOCKETS, &body, shares.sockets);
    if (shares.wire > 0)
        take_top(layout, PANE_WIRE, &body, shares.wire);
    if (shares.bytes > 0)
        take_top(layout, PANE_BYTES, &body, shares.bytes);
    if (shares.lesson > 0)
        take_top(layout, PANE_LESSON, &body, shares.lesson);
    if (shares.sockets > 0 || shares.lesson > 0)
        take_top(layout, PANE_TRANSCRIPT, &body, shares.transcript);
    else /* alone: needs no title */
        layout->panes[PANE_TRANSCRIPT] = body;
}

/* In two steps, so that the screen does not move with every packet. */
static size_t wire_rows(const struct scene *scene, size_t most) {
    size_t rows = clamp(most, WIRE_LEAST, WIRE_MOST);
    return rows > WIRE_BRIEF && wire_rungs(scene, WIRE_BRIEF) <= WIRE_BRIEF - 2 ? WIRE_BRIEF : rows;
}

static void side_by_side(const struct scene *scene, struct layout *layout, struct area body, bool wire) {
    size_t most = body.rows * 2 / 5;
    if (wire && most > body.rows / 3)
        most = body.rows / 3;
    take_top(layout, PANE_SOCKETS, &body,
             clamp(1 + sockets_want(scene, body.columns, most), SOCKETS_WIDE, most));
    if (wire)
        take_top(layout, PANE_WIRE, &body, wire_rows(scene, body.rows * 2 / 5));
    struct area left = body, right = body;
    left.columns = (body.columns - 1) / 2;
    right.column += left.columns + 1;
    right.columns = body.columns - left.columns - 1;
    layout->divider = (struct area){body.row, left.columns, body.rows, 1};
    if (scene->passage.text != NULL) {
        size_t told = wire && left.rows > 12 ? left.rows - 6 : left.rows / 2;
        take_top(layout, PANE_LESSON, &left, clamp(1 + lesson_want(scene, left.columns, told), 6, told));
    }
    take_top(layout, PANE_TRANSCRIPT, &left, left.rows);
    take_top(layout, PANE_BYTES, &right, right.rows);
    /* Text keeps its distance from the divider. */
    layout->panes[PANE_TRANSCRIPT].columns--;
    layout->panes[PANE_BYTES].column++;
    layout->panes[PANE_BYTES].columns--;
}

/* The ladder above keeps the opened packet's neighbours in sight. */
static void around_packet(const struct scene *scene, struct layout *layout, struct area body) {
    if (body.rows / 3 >= WIRE_LEAST)
        take_top(layout, PANE_WIRE, &body, wire_rows(scene, body.rows / 3));
    take_top(layout, PANE_PACKET, &body, body.rows);
}

/* Can it have the screen to itself? */
static bool is_there(const struct scene *scene, enum pane pane) {
    return pane < PANE_PROMPT && (pane != PANE_LESSON || scene->passage.text != NULL) &&
           (pane != PANE_PACKET || scene->wishes.opened);
}

void layout_find(const struct scene *scene, size_t rows, size_t columns, struct layout *layout) {
    *layout = (struct layout){0};
    if (rows < SCREEN_LEAST_ROWS || columns < SCREEN_LEAST_COLUMNS) {
        layout->too_small = true;
        return;
    }
    struct area body = {0, 0, rows, columns};
    if (rows >= KEYS_ROWS)
        layout->keys = (struct area){--body.rows, 0, 1, columns};
    layout->panes[PANE_PROMPT] = (struct area){--body.rows, 0, 1, columns};
    enum pane focus = scene->wishes.focus;
    bool wire = has_wire(scene, rows, columns);
    if (scene->wishes.zoomed && is_there(scene, focus))
        take_top(layout, focus, &body, body.rows);
    else if (scene->wishes.opened)
        around_packet(scene, layout, body);
    else if (is_wide(scene, rows, columns))
        side_by_side(scene, layout, body, wire);
    else
        beneath_each_other(scene, layout, body, wire);
}

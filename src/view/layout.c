/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which panes, and where.  From 80×24 on everything is there:
 *
 *     80×24, all beneath each other      from 110×30 on, side by side
 *     ┌ sockets ────────────────────┐    ┌ sockets ──────────────────────────────┐
 *     │ server, client              │    │ server           │ client             │
 *     ├ bytes ──────────────────────┤    ├ lesson ──────────┬ bytes ─────────────┤
 *     │ the latest of one stream    │    │ where we are     │ hex and text       │
 *     ├ lesson ─────────────────────┤    ├ transcript ──────┤                    │
 *     │ where we are                │    │ what happened    │                    │
 *     ├ transcript ─────────────────┤    │                  │                    │
 *     │ what happened               │    ├──────────────────┴────────────────────┤
 *     │ prompt                      │    │ prompt                                │
 *     └ keys ───────────────────────┘    └ keys ─────────────────────────────────┘
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
#define LESSON_LEAST 4
#define BYTES_LEAST 3

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

/* How much a pane grows that has so many rows, wants others, and shares those that are left with the transcript. */
static size_t growth(size_t has, size_t want, size_t left) {
    return want > has ? clamp(want - has, 0, left * 3 / 4) : 0;
}

static void beneath_each_other(const struct scene *scene, struct layout *layout, struct area body) {
    bool lesson = scene->passage.text != NULL;
    size_t left = body.rows, sockets = 0, bytes = 0, told = 0;
    /* Who is there at all, the most important first. */
    size_t transcript = left < TRANSCRIPT_LEAST ? left : TRANSCRIPT_LEAST;
    left -= transcript;
    if (left >= SOCKETS_LEAST)
        left -= sockets = SOCKETS_LEAST;
    if (lesson && left >= LESSON_LEAST)
        left -= told = LESSON_LEAST;
    /* What is left goes to the sockets as far as they want it, to the bytes, the lesson, and the transcript. */
    size_t most = scene->wishes.large ? body.rows * 3 / 5 : body.rows * 2 / 5;
    if (sockets > 0) {
        size_t want = clamp(1 + sockets_want(scene, body.columns, most), SOCKETS_USUAL,
                            most > SOCKETS_USUAL ? most : SOCKETS_USUAL);
        size_t more = want > sockets ? clamp(want - sockets, 0, left) : 0;
        sockets += more;
        left -= more;
    }
    /* The bytes stand back for a text that would be cut beside them: it may be a question, with its choices last. */
    size_t want = told > 0 ? 1 + lesson_want(scene, body.columns, body.rows / 2) : 0;
    if (!scene->wishes.large && left >= BYTES_LEAST && bytes_want(scene) &&
        told + growth(told, want, left - BYTES_LEAST) >= want)
        left -= bytes = BYTES_LEAST;
    size_t more = growth(told, want, left);
    told += more;
    left -= more;
    if (bytes > 0 && left > 12) {
        bytes += left / 4;
        left -= left / 4;
    }
    transcript += left;
    if (sockets > 0)
        take_top(layout, PANE_SOCKETS, &body, sockets);
    if (bytes > 0)
        take_top(layout, PANE_BYTES, &body, bytes);
    if (told > 0)
        take_top(layout, PANE_LESSON, &body, told);
    if (sockets > 0 || told > 0)
        take_top(layout, PANE_TRANSCRIPT, &body, transcript);
    else /* alone: needs no title */
        layout->panes[PANE_TRANSCRIPT] = body;
}

static void side_by_side(const struct scene *scene, struct layout *layout, struct area body) {
    size_t most = body.rows * 2 / 5;
    take_top(layout, PANE_SOCKETS, &body, clamp(1 + sockets_want(scene, body.columns, most), 9, most));
    struct area left = body, right = body;
    left.columns = (body.columns - 1) / 2;
    right.column += left.columns + 1;
    right.columns = body.columns - left.columns - 1;
    layout->divider = (struct area){body.row, left.columns, body.rows, 1};
    if (scene->passage.text != NULL)
        take_top(layout, PANE_LESSON, &left,
                 clamp(1 + lesson_want(scene, left.columns, left.rows / 2), 6, left.rows / 2));
    take_top(layout, PANE_TRANSCRIPT, &left, left.rows);
    take_top(layout, PANE_BYTES, &right, right.rows);
    /* Text keeps its distance from the divider. */
    layout->panes[PANE_TRANSCRIPT].columns--;
    layout->panes[PANE_BYTES].column++;
    layout->panes[PANE_BYTES].columns--;
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
    if (scene->wishes.zoomed && focus < PANE_PROMPT && (focus != PANE_LESSON || scene->passage.text != NULL))
        take_top(layout, focus, &body, body.rows);
    else if (columns >= WIDE_COLUMNS && rows >= WIDE_ROWS && !scene->wishes.large)
        side_by_side(scene, layout, body);
    else
        beneath_each_other(scene, layout, body);
}

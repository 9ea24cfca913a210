/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The actors and their sockets.  Each actor is a block: a line that says what
 * it is doing, and its descriptors; the sockets without a descriptor are one
 * more.  Blocks stand side by side where there is room, else beneath each other;
 * the rows of the pane are dealt out so that everybody gets some.  Only
 * descriptors that are going to be seen are looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "view/panes.h"
#include "view/sockets_row.h"
#include "view/state.h"

#define ABREAST_COLUMNS 54 /* an actor's column is at least so wide */

struct block {
    const struct scene_actor *actor; /* NULL: the sockets without a descriptor */
    size_t number;                   /* of the actor in the snapshot; SIZE_MAX: not there */
    size_t entries;                  /* descriptors, counted as far as they matter */
    struct socket_row *rows;         /* those that can be seen */
    size_t row_count;
    bool above, below; /* there are more */
    size_t lines;      /* it would like to have */
    size_t share;      /* it gets */
};

static size_t snapshot_number(const struct scene *scene, const char *actor) {
    return scene->snapshot != NULL ? snapshot_actor_named(scene->snapshot, actor) : SIZE_MAX;
}

/* The next descriptor that is the learner's. */
static const struct descriptor *next_shown(const struct scene *scene, size_t actor, int from) {
    const struct descriptor *at = snapshot_next(scene->snapshot, actor, from);
    while (at != NULL && state_is_standard(at))
        at = snapshot_next(scene->snapshot, actor, at->fd + 1);
    return at;
}

static size_t count_shown(const struct scene *scene, size_t actor, size_t most) {
    size_t count = 0;
    if (actor == SIZE_MAX)
        return 0;
    for (const struct descriptor *at = next_shown(scene, actor, 0); at != NULL && count < most; count++)
        at = next_shown(scene, actor, at->fd + 1);
    return count;
}

static size_t count_unowned(const struct scene *scene) {
    return scene->snapshot != NULL ? snapshot_unowned_count(scene->snapshot) : 0;
}

size_t sockets_abreast(const struct scene *scene, size_t columns) {
    size_t most = columns / ABREAST_COLUMNS, actors = scene->actor_count;
    if (scene->wishes.large && most > 1 && columns < 3 * ABREAST_COLUMNS)
        most = 1;
    return most < 1 ? 1 : most > actors && actors > 0 ? actors : most;
}

size_t sockets_want(const struct scene *scene, size_t columns, size_t most) {
    size_t abreast = sockets_abreast(scene, columns), want = 0;
    size_t each = socket_columns_two_lines((columns - (abreast - 1)) / abreast) ? 2 : 1;
    for (size_t i = 0; i < scene->actor_count && want < most; i += abreast) {
        size_t tallest = 0;
        for (size_t j = i; j < i + abreast && j < scene->actor_count; j++) {
            size_t count = count_shown(scene, snapshot_number(scene, scene->actors[j].name), most);
            tallest = count > tallest ? count : tallest;
        }
        want += 1 + (tallest > 0 ? tallest : 1) * (each + (size_t)scene->wishes.large);
    }
    size_t unowned = count_unowned(scene);
    want += unowned > 0 ? 1 + (unowned < most ? unowned : most) * (1 + (size_t)scene->wishes.large) : 0;
    return want < most ? want : most;
}

/* ---- Gathering ---- */

static struct socket_row *add_row(struct block *block) {
    block->rows = mem_grow(block->rows, block->row_count + 1, sizeof(*block->rows));
    return &block->rows[block->row_count++];
}

/* Where to begin so that what changed is seen: at the top, or at the first changed descriptor. */
static int first_seen(const struct scene *scene, const struct recent *recent, const struct block *block,
                      size_t room) {
    const struct descriptor *at = next_shown(scene, block->number, 0);
    int changed = -1;
    for (size_t i = 0; i < recent->count; i++) {
        const struct recent_change *change = &recent->changes[i];
        bool here = strcmp(change->actor, block->actor->name) == 0 && change->fd >= 0 &&
                    snapshot_get(scene->snapshot, block->number, change->fd) != NULL;
        if (here && (changed < 0 || change->fd < changed))
            changed = change->fd;
    }
    for (size_t i = 0; at != NULL && i < room; i++, at = next_shown(scene, block->number, at->fd + 1))
        if (at->fd >= changed)
            return 0;
    return changed;
}

static void gather_descriptors(const struct scene *scene, const struct recent *recent, size_t room,
                               struct block *block) {
    size_t scroll = scene->wishes.scroll[PANE_SOCKETS];
    if (block->number == SIZE_MAX)
        return;
    block->entries = count_shown(scene, block->number, scroll + 2 * room);
    int from = scroll == 0 ? first_seen(scene, recent, block, room) : 0;
    const struct descriptor *at = next_shown(scene, block->number, from);
    block->above = from > 0;
    for (size_t skip = scroll < block->entries ? scroll
                       : block->entries > 0    ? block->entries - 1
                                               : 0;
         skip > 0 && at != NULL; skip--) {
        at = next_shown(scene, block->number, at->fd + 1);
        block->above = true;
    }
    for (; at != NULL && block->row_count < room; at = next_shown(scene, block->number, at->fd + 1))
        socket_row_fill(add_row(block), scene, block->number, at,
                        recent_of(recent, block->actor->name, at->fd));
    block->below = at != NULL;
}

/* What was closed a moment ago is seen to be. */
static void gather_closed(const struct scene *scene, const struct recent *recent, size_t room,
                          struct block *block) {
    for (size_t i = recent->count; i-- > 0 && block->row_count < room;) {
        const struct recent_change *change = &recent->changes[i];
        if ((change->kinds & CHANGE_BIT(CHANGE_CLOSED)) && strcmp(change->actor, block->actor->name) == 0 &&
            (block->number == SIZE_MAX || snapshot_get(scene->snapshot, block->number, change->fd) == NULL))
            socket_row_fill_closed(add_row(block), scene, change->fd);
    }
}

static void gather_unowned(const struct scene *scene, const struct recent *recent, size_t room,
                           struct block *block) {
    size_t count = count_unowned(scene), scroll = scene->wishes.scroll[PANE_SOCKETS];
    block->entries = count;
    for (size_t i = scroll < count ? scroll : 0; i < count && block->row_count < room; i++) {
        const struct unowned *unowned = snapshot_unowned(scene->snapshot, i);
        socket_row_fill_unowned(add_row(block), scene, unowned,
                                recent_of_cookie(recent, unowned->facts.cookie));
    }
    block->below = block->row_count < count || snapshot_unowned_more(scene->snapshot) > 0;
}

static void block_free(struct block *block) {
    for (size_t i = 0; i < block->row_count; i++)
        socket_row_free(&block->rows[i]);
    free(block->rows);
}

/* ---- Dealing out rows ---- */

static void count_lines(struct block *block, const struct socket_columns *columns) {
    block->lines = 1 + (size_t)(block->row_count == 0);
    for (size_t i = 0; i < block->row_count; i++)
        block->lines += socket_row_lines(&block->rows[i], columns);
}

/* How many lines each wants, put like that. */
static bool all_fit(struct block *blocks, size_t count, const struct socket_columns *columns, size_t rows) {
    size_t lines = 0;
    for (size_t i = 0; i < count; i++) {
        count_lines(&blocks[i], columns);
        lines += blocks[i].lines;
    }
    return lines <= rows;
}

/* The lines of a block's rows that have just changed, its heading with them. */
static size_t changed_lines(const struct block *block, const struct socket_columns *columns) {
    size_t lines = 1;
    for (size_t i = 0; i < block->row_count; i++)
        if (block->rows[i].bright != 0)
            lines += socket_row_lines(&block->rows[i], columns);
    return lines;
}

static size_t smaller(size_t a, size_t b) {
    return a < b ? a : b;
}

/* One row after the other to everybody who has fewer than wished; the current actor's block first. Returns the
 * rows left. */
static size_t deal_round(struct block *blocks, size_t count, const size_t *wished, size_t rows) {
    size_t most = 0, first = 0;
    for (size_t i = 0; i < count; i++) {
        most = wished[i] > most ? wished[i] : most;
        if (blocks[i].actor != NULL && blocks[i].actor->current)
            first = i;
    }
    for (size_t want = 1; want <= most && rows > 0; want++)
        for (size_t i = 0; i < count && rows > 0; i++) {
            struct block *block = &blocks[(first + i) % count];
            if (block->share < want && wished[(first + i) % count] >= want)
                block->share++, rows--;
        }
    return rows;
}

/* A heading to everybody, then what has changed, then the rest. */
static void deal(struct block *blocks, size_t count, const struct socket_columns *columns, size_t rows) {
    size_t *wished = mem_alloc((count + 1) * sizeof(*wished));
    for (size_t i = 0; i < count; i++) {
        blocks[i].share = 0;
        wished[i] = smaller(1, blocks[i].lines);
    }
    rows = deal_round(blocks, count, wished, rows);
    for (size_t i = 0; i < count; i++)
        wished[i] = smaller(changed_lines(&blocks[i], columns), blocks[i].lines);
    rows = deal_round(blocks, count, wished, rows);
    for (size_t i = 0; i < count; i++)
        wished[i] = blocks[i].lines;
    deal_round(blocks, count, wished, rows);
    free(wished);
}

/* The first row to be drawn, so that the last one that has just changed is seen. */
static size_t first_row(const struct block *block, const struct socket_columns *columns, size_t rows) {
    size_t last = 0, first = 0, lines = 0;
    for (size_t i = 0; i < block->row_count; i++)
        if (block->rows[i].bright != 0)
            last = i;
    for (size_t i = 0; i <= last && i < block->row_count; i++)
        lines += socket_row_lines(&block->rows[i], columns);
    for (; first < last && lines > rows; first++)
        lines -= socket_row_lines(&block->rows[first], columns);
    return first;
}

/* ---- Drawing ---- */

/* What the actor is doing, or has just done; returns whether that is new. */
static bool heading_words(const struct scene *scene, const struct recent *recent,
                          const struct scene_actor *actor, struct buf *out) {
    const struct event *wake = recent_wake(scene, recent, actor->name);
    if (actor->doing != NULL && actor->doing[0] != '\0') {
        buf_add_text(out, actor->dead ? "" : "is ");
        escape_text(out, actor->doing, strlen(actor->doing));
        text_fit_screen(scene, out);
        return recent_has(scene, recent, actor->name, actor->dead ? EVENT_DIED : EVENT_BLOCKED);
    }
    if (wake == NULL)
        return false;
    buf_add_text(out, "came back from ");
    escape_text(out, wake->name, strlen(wake->name));
    buf_add_text(out, "() = ");
    escape_text(out, wake->extra, strlen(wake->extra));
    text_fit_screen(scene, out);
    return true;
}

/* "▶ server is blocked in accept(3, …)                12 s". */
static void put_heading(const struct scene *scene, const struct recent *recent, const struct block *block,
                        struct canvas *canvas, struct area area) {
    const struct scene_actor *actor = block->actor;
    struct buf text = {0}, time = {0};
    size_t column = 2;
    if (actor->current)
        canvas_put(canvas, area, 0, 0, STYLE_ACTOR, false, glyphs_of(scene)->current);
    escape_text(&text, actor->name, strlen(actor->name));
    text_fit_screen(scene, &text);
    column = pane_put_cut(scene, canvas, area, 0, column, area.columns > column ? area.columns - column : 0,
                          STYLE_ACTOR, recent_has(scene, recent, actor->name, EVENT_BORN) && scene->since > 0,
                          buf_text(&text)) +
             1;
    buf_clear(&text);
    bool new = heading_words(scene, recent, actor, &text);
    bool waits = actor->doing != NULL && actor->doing[0] != '\0' && !actor->dead;
    pane_duration(waits ? actor->doing_ns : 0, &time);
    size_t end = area.columns, taken = text_columns(buf_text(&time));
    if (taken > 0 && column + taken + 4 < end) {
        end -= taken;
        canvas_put(canvas, area, 0, end--, STYLE_EVENT, false, buf_text(&time));
    }
    if (column < end)
        pane_put_cut(scene, canvas, area, 0, column, end - column, actor->failed ? STYLE_FAILURE : STYLE_EVENT,
                     new, buf_text(&text));
    buf_free(&text);
    buf_free(&time);
}

static void put_block(const struct scene *scene, const struct recent *recent, const struct block *block,
                      const struct socket_columns *columns, struct canvas *canvas, struct area area) {
    const struct glyphs *glyphs = glyphs_of(scene);
    area.rows = block->share;
    if (area.rows == 0)
        return;
    if (block->actor != NULL)
        put_heading(scene, recent, block, canvas, area);
    else
        canvas_put(canvas, area, 0, 2, STYLE_ACTOR, false, "without a descriptor");
    size_t i = scene->wishes.scroll[PANE_SOCKETS] == 0 ? first_row(block, columns, area.rows - 1) : 0;
    if (block->above || i > 0)
        canvas_put(canvas, area, 1, 0, STYLE_NOTE, false, glyphs->up);
    if (block->row_count == 0 && block->actor != NULL && !block->actor->dead)
        pane_put_cut(scene, canvas, area, 1, 5, area.columns > 5 ? area.columns - 5 : 0, STYLE_FRAME, false,
                     "no descriptor but 0, 1 and 2");
    size_t row = 1;
    for (; i < block->row_count && row < area.rows; i++) {
        socket_row_put(scene, &block->rows[i], columns, canvas, area, row);
        row += socket_row_lines(&block->rows[i], columns);
    }
    if ((i < block->row_count || block->below) && area.rows > 1)
        canvas_put(canvas, area, area.rows - 1, 0, STYLE_NOTE, false, glyphs->down);
}

/* Blocks beneath each other; every `step`-th of them. */
static void put_stack(const struct scene *scene, const struct recent *recent, struct block *const *blocks,
                      size_t count, struct canvas *canvas, struct area area) {
    struct socket_columns columns;
    const struct socket_row **rows = NULL;
    size_t row_count = 0;
    struct block *stack = mem_alloc(count * sizeof(*stack));
    for (size_t i = 0; i < count; i++) {
        stack[i] = *blocks[i];
        rows = mem_grow(rows, row_count + stack[i].row_count + 1, sizeof(*rows));
        for (size_t j = 0; j < stack[i].row_count; j++)
            rows[row_count++] = &stack[i].rows[j];
    }
    socket_columns_find(&columns, rows, row_count, area.columns);
    columns.spaced = scene->wishes.large;
    if (!all_fit(stack, count, &columns, area.rows)) {
        columns.spaced = false;
        if (!all_fit(stack, count, &columns, area.rows)) {
            columns.brief = true;
            all_fit(stack, count, &columns, area.rows);
        }
    }
    deal(stack, count, &columns, area.rows);
    for (size_t i = 0; i < count; i++) {
        put_block(scene, recent, &stack[i], &columns, canvas, area);
        area.row += stack[i].share;
        area.rows -= stack[i].share;
        *blocks[i] = stack[i];
    }
    free(rows);
    free(stack);
}

static size_t gather(const struct scene *scene, const struct recent *recent, size_t room,
                     struct block *blocks) {
    size_t count = 0;
    for (size_t i = 0; i < scene->actor_count; i++) {
        struct block *block = &blocks[count++];
        *block = (struct block){.actor = &scene->actors[i],
                                .number = snapshot_number(scene, scene->actors[i].name)};
        gather_descriptors(scene, recent, room, block);
        gather_closed(scene, recent, room, block);
    }
    if (count_unowned(scene) > 0) {
        blocks[count] = (struct block){.number = SIZE_MAX};
        gather_unowned(scene, recent, room, &blocks[count++]);
    }
    return count;
}

static size_t lines_at(struct block *block, size_t columns) {
    const struct socket_row **rows = mem_alloc((block->row_count + 1) * sizeof(*rows));
    struct socket_columns found;
    for (size_t i = 0; i < block->row_count; i++)
        rows[i] = &block->rows[i];
    socket_columns_find(&found, rows, block->row_count, columns);
    count_lines(block, &found);
    free(rows);
    return block->lines;
}

/* How many rows of the area the last block, of those without a descriptor, gets beneath the actors': as many
 * as they leave, and a third at least. */
static size_t unowned_rows(struct block *blocks, size_t actors, size_t abreast, struct area area) {
    size_t width = (area.columns - (abreast - 1)) / abreast, tallest = 0;
    for (size_t i = 0; i < abreast; i++) {
        size_t lines = 0;
        for (size_t j = i; j < actors; j += abreast)
            lines += lines_at(&blocks[j], width);
        tallest = lines > tallest ? lines : tallest;
    }
    size_t left = tallest < area.rows ? area.rows - tallest : 0;
    size_t most = left > area.rows / 3 ? left : area.rows / 3;
    return smaller(lines_at(&blocks[actors], area.columns), most);
}

void pane_sockets(const struct scene *scene, const struct recent *recent, struct canvas *canvas,
                  struct area area, size_t *scroll_most) {
    size_t abreast = sockets_abreast(scene, area.columns), actors = scene->actor_count;
    struct block *blocks = mem_alloc((actors + 1) * sizeof(*blocks));
    size_t count = gather(scene, recent, area.rows, blocks);
    struct block **column = mem_alloc((count + 1) * sizeof(struct block *));
    size_t width = (area.columns - (abreast - 1)) / abreast;
    if (abreast > 1 && count > actors &&
        area.rows > 4) { /* those without a descriptor have the whole width */
        size_t rows = unowned_rows(blocks, actors, abreast, area);
        struct area bottom = {area.row + area.rows - rows, area.column, rows, area.columns};
        column[0] = &blocks[actors];
        put_stack(scene, recent, column, 1, canvas, bottom);
        area.rows -= rows;
    }
    for (size_t i = 0; i < abreast; i++) {
        struct area part = {area.row, area.column + i * (width + 1), area.rows,
                            width - (size_t)(abreast > 1)};
        size_t in_column = 0;
        for (size_t j = i; j < (abreast > 1 ? actors : count); j += abreast)
            column[in_column++] = &blocks[j];
        if (i + 1 == abreast) /* what division left over */
            part.columns = area.column + area.columns - part.column;
        put_stack(scene, recent, column, in_column, canvas, part);
        for (size_t row = 0; row < area.rows && i > 0; row++)
            canvas_put(canvas, area, row, i * (width + 1) - 1, STYLE_FRAME, false,
                       glyphs_of(scene)->vertical);
    }
    *scroll_most = 0;
    for (size_t i = 0; i < count; i++) {
        bool all = !blocks[i].below && !blocks[i].above && blocks[i].lines <= blocks[i].share;
        if (blocks[i].entries > 1 && !all &&
            blocks[i].entries - 1 > *scroll_most)
            *scroll_most = blocks[i].entries - 1;
        block_free(&blocks[i]);
    }
    free(column);
    free(blocks);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The packets as a ladder between the ends, in the order in which the actors
 * stand above it, the newest at the bottom.  It is found by the book of the
 * wire (journal/wire.h), going back from its end, so that only rungs that can
 * be seen are looked at, whatever else has happened.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/panes.h"
#include "view/rungs.h"
#include "view/wire_rung.h"

/* ---- What is to be shown ---- */

bool wire_want(const struct scene *scene) {
    const struct wire_entry *newest = scene->wire != NULL ? wire_at(scene->wire, wire_last(scene->wire)) : NULL;
    return newest != NULL && newest->event > scene->wire_after && journal_at(scene->journal, newest->event) != NULL;
}

static struct rungs_filter filter_of(const struct scene *scene) {
    const struct stream *stream = scene->wishes.stream != 0 && scene->streams != NULL
                                      ? streams_find(scene->streams, scene->wishes.stream)
                                      : NULL;
    return (struct rungs_filter){
        .connection = scene->wishes.connection,
        .cookies = {scene->wishes.stream, stream != NULL ? stream->peer : 0},
        .after = scene->wire_after,
        .since = scene->since,
    };
}

size_t wire_rungs(const struct scene *scene, size_t most) {
    struct rungs_filter filter = filter_of(scene);
    struct rungs_window window = {.most = (most + 1) / 2};
    if (!wire_want(scene))
        return 0;
    rungs_find(scene->journal, scene->wire, &filter, &window);
    return window.count < most ? window.count : most;
}

/* Where the actor whose end it is stands among the actors; others stand behind. */
static size_t place_of(const struct scene *scene, const char *title) {
    size_t length = strcspn(title, " ");
    for (size_t i = 0; i < scene->actor_count; i++)
        if (strlen(scene->actors[i].name) == length && strncmp(scene->actors[i].name, title, length) == 0)
            return i;
    return scene->actor_count;
}

/* An address that was nobody's is where an actor's socket is by now: the same rail. */
static bool is_same_end(const char *title, const char *address) {
    size_t length = strlen(title), tail = strlen(address);
    return length > tail + 1 && title[length - tail - 1] == ' ' && strcmp(title + length - tail, address) == 0;
}

static void number_ends(struct rungs *wire, const size_t to[LADDER_ENDS_MOST]) {
    size_t ends = wire->ladder.end_count;
    for (size_t i = 0; i < wire->ladder.rung_count; i++) {
        struct ladder_rung *rung = &wire->rungs[i];
        rung->from = to[rung->from];
        rung->to = to[rung->to];
        for (size_t k = 0; k < rung->note_count; k++)
            if (rung->notes[k].end < ends)
                rung->notes[k].end = to[rung->notes[k].end];
    }
}

/* The ends in the order of the actors, which stands still while the ladder is scrolled. Of an actor and nobody, the
 * actor keeps its side. */
static void sort_ends(const struct scene *scene, struct rungs *wire) {
    struct ladder *ladder = &wire->ladder;
    size_t order[LADDER_ENDS_MOST], same[LADDER_ENDS_MOST], to[LADDER_ENDS_MOST] = {0}, count = 0;
    const char *titles[LADDER_ENDS_MOST];
    for (size_t i = 0; i < ladder->end_count; i++) {
        same[i] = i;
        for (size_t k = 0; k < ladder->end_count; k++)
            if (is_same_end(ladder->ends[k], ladder->ends[i]))
                same[i] = k;
        if (same[i] != i)
            continue;
        size_t k = count++;
        for (; k > 0 && place_of(scene, ladder->ends[order[k - 1]]) > place_of(scene, ladder->ends[i]); k--)
            order[k] = order[k - 1];
        order[k] = i;
    }
    size_t first = count == 2 ? place_of(scene, ladder->ends[order[0]]) : 0;
    if (first > 0 && first < scene->actor_count && place_of(scene, ladder->ends[order[1]]) == scene->actor_count) {
        size_t actor = order[0];
        order[0] = order[1];
        order[1] = actor;
    }
    for (size_t i = 0; i < count; i++) {
        to[order[i]] = i;
        titles[i] = ladder->ends[order[i]];
    }
    for (size_t i = 0; i < ladder->end_count; i++)
        to[i] = to[same[i]];
    number_ends(wire, to);
    memcpy(ladder->ends, titles, count * sizeof(*titles));
    ladder->end_count = count;
}

/* ---- Which part of it ---- */

/* A page that has the chosen rung in it. */
static void find_part(const struct scene *scene, const struct rungs_filter *filter, size_t rows,
                      struct rungs_window *window) {
    size_t scroll = scene->wishes.scroll[PANE_WIRE];
    *window = (struct rungs_window){
        .skip = scroll < SCROLL_MOST ? scroll : SCROLL_MOST, .most = rows, .chosen = scene->wishes.chosen};
    rungs_find(scene->journal, scene->wire, filter, window);
    size_t most = window->count > rows ? window->count - rows : 0, skip = window->skip < most ? window->skip : most;
    if (window->chosen_at != SIZE_MAX && window->chosen_at < skip)
        skip = window->chosen_at;
    else if (window->chosen_at != SIZE_MAX && window->chosen_at >= skip + rows)
        skip = window->chosen_at - rows + 1;
    if (skip == window->skip)
        return;
    window->skip = skip;
    rungs_find(scene->journal, scene->wire, filter, window);
}

/* The rung that is drawn in the first row: such that the last one ends in the last row, but the chosen one is seen. */
static size_t first_rung(const struct scene *scene, const struct ladder *ladder, const struct wire_columns *at,
                         size_t rows) {
    size_t first = ladder->rung_count, taken = 0;
    while (first > 0 && taken + wire_rung_rows(scene, ladder, at, &ladder->rungs[first - 1]) <= rows)
        taken += wire_rung_rows(scene, ladder, at, &ladder->rungs[--first]);
    for (size_t i = 0; i < first && scene->wishes.chosen != 0; i++)
        if (ladder->rungs[i].number == scene->wishes.chosen)
            return i;
    return first == ladder->rung_count && first > 0 ? first - 1 : first; /* one alone that is too high is cut */
}

static void put_ladder(const struct scene *scene, const struct rungs *wire, struct canvas *canvas, struct area area) {
    const struct ladder *ladder = &wire->ladder;
    struct wire_columns at;
    wire_columns_find(ladder, area.columns, &at);
    if (at.count > 0 && area.rows > 2) {
        wire_put_ends(scene, ladder, &at, canvas, area);
        area.row++;
        area.rows--;
    }
    size_t row = 0;
    for (size_t i = first_rung(scene, ladder, &at, area.rows); i < ladder->rung_count && row < area.rows; i++) {
        wire_put_rung(scene, ladder, &at, &ladder->rungs[i], canvas, area, row);
        row += wire_rung_rows(scene, ladder, &at, &ladder->rungs[i]);
    }
}

void pane_wire(const struct scene *scene, struct canvas *canvas, struct area area, size_t *scroll_most) {
    struct rungs_filter filter = filter_of(scene);
    struct rungs_window window;
    struct rungs wire;
    if (area.rows == 0 || area.columns == 0)
        return;
    if (!wire_want(scene)) {
        pane_put_cut(scene, canvas, area, 0, 1, area.columns - 1, STYLE_FRAME, false,
                     "no packets have been seen yet; .wire tells why");
        return;
    }
    size_t rows = area.rows > 2 ? area.rows - 1 : area.rows; /* without the ends */
    find_part(scene, &filter, rows, &window);
    *scroll_most = window.count > rows ? window.count - rows : 0;
    filter.first = window.first;
    filter.last = window.last;
    if (window.first == 0) {
        pane_put_cut(scene, canvas, area, 0, 1, area.columns - 1, STYLE_FRAME, false,
                     "no packets of this connection have been seen");
        return;
    }
    rungs_gather(scene->journal, scene->wire, &filter, area.columns, &wire);
    sort_ends(scene, &wire);
    put_ladder(scene, &wire, canvas, area);
    rungs_free(&wire);
}

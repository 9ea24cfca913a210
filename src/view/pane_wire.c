/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The packets as a ladder between the ends, which stand as the actors do above
 * it, the newest at the bottom.  It is found by the book of the
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
    const struct wire_entry *newest =
        scene->wire != NULL ? wire_at(scene->wire, wire_last(scene->wire)) : NULL;
    return newest != NULL && newest->event > scene->wire_after &&
           journal_at(scene->journal, newest->event) != NULL;
}

static struct rungs_filter filter_of(const struct scene *scene) {
    const struct stream *stream = scene->wishes.stream != 0 && scene->streams != NULL
                                      ? streams_find(scene->streams, scene->wishes.stream)
                                      : NULL;
    return (struct rungs_filter){
        .connection = scene->wishes.connection,
        .cookies = {scene->wishes.stream, stream != NULL && stream->peer != 0 ? stream->peer : scene->wishes.other},
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

static size_t actor_names(const struct scene *scene, const char *names[LADDER_ENDS_MOST]) {
    size_t count = 0;
    for (; count < scene->actor_count && count < LADDER_ENDS_MOST; count++)
        names[count] = scene->actors[count].name;
    return count;
}

/* ---- Which part of it ---- */

/* A page that has the chosen rung in it. */
static void find_part(const struct scene *scene, const struct rungs_filter *filter, size_t rows,
                      struct rungs_window *window) {
    size_t scroll = scene->wishes.scroll[PANE_WIRE];
    *window = (struct rungs_window){.skip = scroll < SCROLL_MOST ? scroll : SCROLL_MOST,
                                    .most = rows,
                                    .until = scene->wishes.wire_until,
                                    .chosen = scene->wishes.chosen};
    rungs_find(scene->journal, scene->wire, filter, window);
    if (window->first == 0 && window->until != 0) { /* what was being read is forgotten */
        window->until = 0;
        rungs_find(scene->journal, scene->wire, filter, window);
    }
    size_t most = window->count > rows ? window->count - rows : 0,
           skip = window->skip < most ? window->skip : most;
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
static size_t first_rung(const struct scene *scene, const struct ladder *ladder,
                         const struct wire_columns *at, size_t rows) {
    size_t first = ladder->rung_count, taken = 0;
    while (first > 0 && taken + wire_rung_rows(scene, ladder, at, &ladder->rungs[first - 1]) <= rows)
        taken += wire_rung_rows(scene, ladder, at, &ladder->rungs[--first]);
    for (size_t i = 0; i < first && scene->wishes.chosen != 0; i++)
        if (ladder->rungs[i].number == scene->wishes.chosen)
            return i;
    return first == ladder->rung_count && first > 0 ? first - 1
                                                    : first; /* one alone that is too high is cut */
}

static void put_ladder(const struct scene *scene, const struct rungs *wire, struct canvas *canvas,
                       struct area area, struct scene_result *result) {
    const struct ladder *ladder = &wire->ladder;
    struct wire_columns at;
    size_t pane_row = area.row;
    wire_columns_find(ladder, area.columns, &at);
    if (at.count > 0 && area.rows > 2) {
        wire_put_ends(scene, ladder, &at, canvas, area);
        area.row++;
        area.rows--;
    }
    size_t row = 0, above = area.row - pane_row;
    for (size_t i = first_rung(scene, ladder, &at, area.rows); i < ladder->rung_count && row < area.rows;
         i++) {
        wire_put_rung(scene, ladder, &at, &ladder->rungs[i], canvas, area, row);
        size_t end = row + wire_rung_rows(scene, ladder, &at, &ladder->rungs[i]);
        for (; row < end; row++)
            if (above + row < WIRE_LINES_MOST)
                result->wire_lines[above + row] = ladder->rungs[i].number;
    }
}

void pane_wire(const struct scene *scene, struct canvas *canvas, struct area area,
               struct scene_result *result) {
    struct rungs_filter filter = filter_of(scene);
    struct rungs_window window;
    struct rungs wire;
    const char *actors[LADDER_ENDS_MOST];
    if (area.rows == 0 || area.columns == 0)
        return;
    if (!wire_want(scene)) {
        pane_put_cut(scene, canvas, area, 0, 1, area.columns - 1, STYLE_FRAME, false,
                     scene->wire_asked ? "the lesson asks about these packets"
                                       : "no packets have been seen yet; .wire tells why");
        return;
    }
    size_t rows = area.rows > 2 ? area.rows - 1 : area.rows; /* without the ends */
    find_part(scene, &filter, rows, &window);
    result->scroll_most[PANE_WIRE] = window.count > rows ? window.count - rows : 0;
    filter.first = window.first;
    filter.last = window.last;
    if (window.until != 0)
        result->wire_newer = rungs_behind(scene->wire, &filter, window.until, WIRE_NEWER_MOST).rungs;
    if (window.skip > 0 || window.until != 0)
        result->wire_unseen = rungs_behind(scene->wire, &filter, window.last, WIRE_NEWER_MOST).packets;
    if (window.first == 0) {
        pane_put_cut(scene, canvas, area, 0, 1, area.columns - 1, STYLE_FRAME, false,
                     "no packets of this connection have been seen");
        return;
    }
    filter.actors = actors;
    filter.actor_count = actor_names(scene, actors);
    rungs_gather(scene->journal, scene->wire, &filter, area.columns, &wire);
    put_ladder(scene, &wire, canvas, area, result);
    rungs_free(&wire);
}

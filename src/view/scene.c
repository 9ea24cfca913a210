/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing all of it; see scene.h. */
#include "view/scene.h"

#include <string.h>
#include <sys/socket.h>

#include "base/escape.h"
#include "view/panes.h"
#include "view/wrap.h"

struct drawing {
    const struct scene *scene;
    struct canvas *canvas;
    struct layout layout;
    struct recent recent;
    struct scene_result *result;
};

static void draw_too_small(struct drawing *drawing) {
    struct wrapped text = {0};
    struct area all = canvas_all(drawing->canvas);
    struct buf words = {0};
    buf_addf(&words, "the terminal is too small: %d×%d at least; the shell runs on\n", SCREEN_LEAST_COLUMNS,
             SCREEN_LEAST_ROWS);
    styled_add(&text.text, STYLE_PLAIN, buf_text(&words));
    styled_fit_screen(drawing->scene, &text.text);
    wrap(&text, all.columns, 0);
    for (size_t i = 0; i < text.count && i < all.rows; i++)
        wrap_put(&text, i, NULL, drawing->canvas, all, i);
    buf_free(&words);
    wrap_free(&text);
}

static void title(struct drawing *drawing, enum pane pane, const char *text, const char *right) {
    pane_title(drawing->scene, drawing->canvas, drawing->layout.titles[pane],
               drawing->scene->wishes.focus == pane, text, right);
}

static void draw_lesson(struct drawing *drawing) {
    const struct lesson_passage *passage = &drawing->scene->passage;
    struct area area = drawing->layout.panes[PANE_LESSON];
    struct buf name = {0}, where = {0};
    if (area.rows == 0)
        return;
    if (passage->title != NULL)
        escape_text(&name, passage->title, strlen(passage->title));
    if (passage->count > 0 && passage->number > passage->count)
        buf_add_text(&where, "done");
    else if (passage->count > 0)
        buf_addf(&where, "step %zu of %zu", passage->number, passage->count);
    title(drawing, PANE_LESSON, name.length > 0 ? buf_text(&name) : "lesson", buf_text(&where));
    pane_lesson(drawing->scene, drawing->canvas, area, &drawing->result->scroll_most[PANE_LESSON]);
    buf_free(&name);
    buf_free(&where);
}

static void draw_sockets(struct drawing *drawing) {
    struct area area = drawing->layout.panes[PANE_SOCKETS];
    struct buf network = {0};
    if (area.rows == 0)
        return;
    if (drawing->scene->network != NULL) /* the rest of the sentence is in the transcript */
        escape_text(&network, drawing->scene->network, strcspn(drawing->scene->network, ":,("));
    while (network.length > 0 && network.data[network.length - 1] == ' ')
        network.data[--network.length] = '\0';
    title(drawing, PANE_SOCKETS, "sockets", buf_text(&network));
    pane_sockets(drawing->scene, &drawing->recent, drawing->canvas, area,
                 &drawing->result->scroll_most[PANE_SOCKETS]);
    buf_free(&network);
}

/* What of it is shown, or what a key does with it. */
static const char *wire_words(const struct scene *scene) {
    const struct scene_wishes *wishes = &scene->wishes;
    if (wishes->opened)
        return wishes->focus == PANE_WIRE || wishes->focus == PANE_PACKET ? "↑ ↓ another, Esc closes" : "";
    if (wishes->chosen != 0)
        return "↑ ↓ another, Enter opens it, Esc";
    if (wishes->scroll[PANE_WIRE] > 0)
        return wishes->focus == PANE_WIRE ? "PgDn for the rest" : "scrolled back";
    return wishes->focus == PANE_WIRE ? "↑ chooses a packet" : "";
}

static const char *shown_of_it(const struct scene *scene) {
    const struct stream *stream =
        scene->streams != NULL ? streams_find(scene->streams, scene->wishes.stream) : NULL;
    bool datagrams = stream != NULL && stream->type == SOCK_DGRAM;
    return scene->wishes.connection == 0 ? "" : datagrams ? " of one conversation" : " of one connection";
}

static void draw_wire(struct drawing *drawing) {
    struct area area = drawing->layout.panes[PANE_WIRE];
    struct buf name = {0};
    if (area.rows == 0)
        return;
    pane_wire(drawing->scene, drawing->canvas, area, drawing->result);
    size_t unseen = drawing->result->wire_unseen;
    buf_addf(&name, "wire%s", shown_of_it(drawing->scene));
    if (unseen > 0)
        buf_addf(&name, ", %zu%s newer", unseen, unseen == WIRE_NEWER_MOST ? "+" : "");
    if (drawing->scene->wire_others > 0)
        buf_addf(&name, ", without %llu of other programs", (unsigned long long)drawing->scene->wire_others);
    title(drawing, PANE_WIRE, buf_text(&name), wire_words(drawing->scene));
    buf_free(&name);
}

static void draw_packet(struct drawing *drawing) {
    const struct scene_wishes *wishes = &drawing->scene->wishes;
    struct area area = drawing->layout.panes[PANE_PACKET];
    struct buf name = {0};
    if (area.rows == 0)
        return;
    pane_packet(drawing->scene, drawing->canvas, area, drawing->result);
    buf_addf(&name, "packet %llu", (unsigned long long)wishes->chosen);
    bool more = wishes->scroll[PANE_PACKET] < drawing->result->scroll_most[PANE_PACKET];
    title(drawing, PANE_PACKET, buf_text(&name), more ? "PgDn for the rest, Esc closes" : "Esc closes");
    buf_free(&name);
}

static void draw_bytes(struct drawing *drawing) {
    struct area area = drawing->layout.panes[PANE_BYTES];
    if (area.rows == 0)
        return;
    const struct scene_wishes *wishes = &drawing->scene->wishes;
    title(drawing, PANE_BYTES, "bytes",
          !wishes->hex                   ? "text"
          : area.rows > BYTES_BRIEF_ROWS ? "hex"
          : wishes->zoomed               ? "text: no room for hex"
                                         : "text: no room for hex, F2 zooms");
    pane_bytes(drawing->scene, &drawing->recent, drawing->canvas, area,
               &drawing->result->scroll_most[PANE_BYTES]);
}

static void draw_transcript(struct drawing *drawing) {
    const struct scene_wishes *wishes = &drawing->scene->wishes;
    struct area area = drawing->layout.panes[PANE_TRANSCRIPT];
    bool with_prose = drawing->layout.panes[PANE_LESSON].rows == 0;
    struct buf where = {0};
    if (area.rows == 0)
        return;
    pane_transcript(drawing->scene, with_prose, drawing->canvas, area, drawing->result);
    if (wishes->search != NULL && wishes->search[0] != '\0') {
        buf_add_text(&where, "search: ");
        escape_text(&where, wishes->search, strlen(wishes->search));
    } else if (wishes->scroll[PANE_TRANSCRIPT] > 0 || wishes->until != 0) {
        buf_add_text(&where, wishes->focus == PANE_TRANSCRIPT ? "PgDn for the rest" : "scrolled back");
    }
    title(drawing, PANE_TRANSCRIPT, "transcript", buf_text(&where));
    buf_free(&where);
}

static void draw_divider(struct drawing *drawing) {
    struct area area = drawing->layout.divider;
    for (size_t row = 0; row < area.rows; row++)
        canvas_put(drawing->canvas, area, row, 0, STYLE_FRAME, false, glyphs_of(drawing->scene)->vertical);
}

/* Everything above the prompt. */
static struct area above_prompt(const struct drawing *drawing) {
    struct area all = canvas_all(drawing->canvas);
    all.rows = drawing->layout.panes[PANE_PROMPT].row;
    return all;
}

void scene_draw(const struct scene *scene, struct canvas *canvas, struct scene_result *result) {
    struct drawing drawing = {.scene = scene, .canvas = canvas, .result = result};
    *result = (struct scene_result){0};
    canvas_clear(canvas, canvas_all(canvas));
    canvas_set_ascii(canvas, !scene->unicode);
    layout_find(scene, canvas_rows(canvas), canvas_columns(canvas), &drawing.layout);
    if (drawing.layout.too_small) {
        draw_too_small(&drawing);
        return;
    }
    recent_find(scene, &drawing.recent);
    draw_divider(&drawing);
    draw_sockets(&drawing);
    draw_wire(&drawing);
    draw_packet(&drawing);
    draw_bytes(&drawing);
    draw_lesson(&drawing);
    draw_transcript(&drawing);
    pane_join_borders(scene, canvas, drawing.layout.divider, drawing.layout.panes[PANE_WIRE]);
    if (scene->wishes.help)
        pane_help(scene, canvas, above_prompt(&drawing));
    pane_candidates(scene, canvas, above_prompt(&drawing));
    pane_prompt(scene, canvas, drawing.layout.panes[PANE_PROMPT], result);
    pane_keys(scene, canvas, drawing.layout.keys);
    memcpy(result->areas, drawing.layout.panes, sizeof(result->areas));
}

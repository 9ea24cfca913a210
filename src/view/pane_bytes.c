/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of one connection on their way, a direction above the other:
 *
 *     client fd 3 ▶ 22 in server fd 4's receive queue ▶ 28 read by server
 *     >       28  68 65 6c 6c 6f 20 66 72  |hello fr|  receive queue
 *             36  6f 6d 20 74 68 65 20 63  |om the c|  receive queue
 *
 * Bytes travel to the right: what has come furthest stands furthest right.
 * Where they are is found by view/bytes.h, and what stands out has just moved.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "view/bytes.h"
#include "view/panes.h"
#include "view/stream_ends.h"

/* One line of bytes, all of them at one place. */
struct line {
    uint64_t offset;
    bool begins; /* a call began to write here */
    const char *bytes;
    size_t length;
    enum bytes_place place;
};

/* One direction. */
struct direction {
    const struct scene *scene;
    struct bytes_flow flow;
    struct bytes_options options;
    uint64_t written_from, read_from; /* offsets of what has just been written, read; UINT64_MAX: nothing */
    bool arrived;                     /* the receive queue has just changed */
    struct line *ring;                /* the newest lines */
    size_t room, count;               /* count: of all lines */
};

/* ---- Lines ---- */

static enum bytes_place place_at(const struct bytes_flow *flow, uint64_t offset, uint64_t *end) {
    for (size_t i = 0; i < flow->place_count; i++)
        if (offset < flow->places[i].end) {
            *end = flow->places[i].end;
            return flow->places[i].place;
        }
    *end = UINT64_MAX;
    return BYTES_WRITTEN;
}

static void add_chunk(struct direction *direction, const struct stream_chunk *chunk) {
    /* Of a big one only the end can be seen; a line has at least one byte, and at most so many as there are columns. */
    size_t most = direction->room * direction->options.columns;
    size_t at = chunk->kept > most ? chunk->kept - most : 0;
    if (at > 0 && !direction->options.text)
        at = at / 16 * 16; /* lines as they would be from the beginning on */
    while (at < chunk->kept) {
        uint64_t end;
        enum bytes_place place = place_at(&direction->flow, chunk->offset + at, &end);
        size_t length = chunk->kept - at;
        if (length > end - chunk->offset - at)
            length = (size_t)(end - chunk->offset - at);
        length = bytes_line_length(&direction->options, chunk->bytes + at, length);
        direction->ring[direction->count++ % direction->room] =
            (struct line){chunk->offset + at, at == 0, chunk->bytes + at, length, place};
        at += length;
    }
}

static uint64_t moved_from(const struct stream_history *history, uint64_t since) {
    uint64_t from = UINT64_MAX;
    for (const struct stream_chunk *chunk = history->first; chunk != NULL; chunk = chunk->next)
        if (chunk->event > since && chunk->offset < from)
            from = chunk->offset;
    return from;
}

static void direction_find(struct direction *direction, const struct scene *scene,
                           const struct recent *recent, const struct bytes_end *writer,
                           const struct bytes_end *reader, struct area area, size_t room) {
    *direction = (struct direction){
        .scene = scene,
        .options = {.columns = area.columns, .text = !scene->wishes.hex || area.rows <= BYTES_BRIEF_ROWS},
        .written_from = writer->stream != NULL ? moved_from(&writer->stream->sent, scene->since) : UINT64_MAX,
        .read_from =
            reader->stream != NULL ? moved_from(&reader->stream->received, scene->since) : UINT64_MAX,
        .ring = mem_alloc((room > 0 ? room : 1) * sizeof(*direction->ring)),
        .room = room > 0 ? room : 1,
    };
    bytes_find_places(writer, reader, &direction->flow);
    uint64_t cookie = reader->facts != NULL ? reader->facts->cookie : 0;
    direction->arrived = recent_of_cookie(recent, cookie) &
                         (CHANGE_BIT(CHANGE_RECEIVE_QUEUE) | CHANGE_BIT(CHANGE_WAITING_QUEUE));
    const struct stream_history *content = direction->flow.content;
    for (const struct stream_chunk *chunk = content != NULL ? content->first : NULL; chunk != NULL;
         chunk = chunk->next)
        add_chunk(direction, chunk);
}

/* ---- Where they are ---- */

/* The queue's owner is named in the line already. */
static const char *place_words(enum bytes_place place) {
    switch (place) {
    case BYTES_READ:
        return "read";
    case BYTES_RECEIVED:
        return "receive queue";
    case BYTES_ACKNOWLEDGED:
        return "acknowledged";
    case BYTES_WRITTEN:
        return "written";
    case BYTES_LOST:
        return "lost";
    case BYTES_FLYING:
        return "in flight";
    case BYTES_UNSENT:
        return "not sent yet";
    case BYTES_PLACES_END:
        break;
    }
    return "";
}

static enum style place_style(enum bytes_place place) {
    return place == BYTES_READ || place == BYTES_ACKNOWLEDGED ? STYLE_PLAIN
           : place == BYTES_LOST                              ? STYLE_FAILURE
                                                              : STYLE_CHANGE;
}

static bool place_bright(const struct direction *direction, enum bytes_place place) {
    if (place == BYTES_READ)
        return direction->read_from != UINT64_MAX;
    return direction->written_from != UINT64_MAX || (place == BYTES_RECEIVED && direction->arrived);
}

static void add_count(const struct bytes_flow *flow, size_t i, struct buf *out) {
    uint64_t bytes = flow->places[i].end - (i > 0 ? flow->places[i - 1].end : 0);
    buf_addf(out, "%" PRIu64 " %s", bytes, place_words(flow->places[i].place));
}

/* Shorter than in .bytes. */
static void end_words(const struct scene *scene, const struct bytes_end *end, struct buf *out) {
    const char *name = end->standing == END_WAITING ? "not accepted yet" : end->name != NULL ? end->name : "somebody";
    buf_clear(out);
    escape_text(out, name, strlen(name));
    if (end->standing == END_CLOSED)
        buf_add_text(out, " (closed)");
    text_fit_screen(scene, out);
}

/* Columns of what stands behind the writer's name in the summary. */
static size_t behind_writer(const struct direction *direction) {
    const struct bytes_flow *flow = &direction->flow;
    size_t arrow = text_columns(glyphs_of(direction->scene)->arrow) + 2;
    struct buf text = {0};
    end_words(direction->scene, flow->reader, &text);
    size_t columns = arrow + text_columns(buf_text(&text));
    for (size_t i = 0; i < flow->place_count; i++) {
        buf_clear(&text);
        add_count(flow, i, &text);
        columns += arrow + text_columns(buf_text(&text));
    }
    buf_free(&text);
    return columns;
}

/* "client fd 3 > 22 receive queue > 28 read > server fd 4"; returns the column behind it. The writer's name is cut
 * where it is narrow, but not to less than a third. */
static size_t put_summary(const struct direction *direction, struct canvas *canvas, struct area area) {
    const struct scene *scene = direction->scene;
    const struct bytes_flow *flow = &direction->flow;
    const char *arrow = glyphs_of(scene)->arrow;
    struct buf text = {0};
    size_t behind = behind_writer(direction), room = area.columns / 3;
    if (behind < area.columns && area.columns - behind > room)
        room = area.columns - behind;
    end_words(scene, flow->writer, &text);
    size_t column = pane_put_cut(scene, canvas, area, 0, 0, room, STYLE_ACTOR, false, buf_text(&text));
    for (size_t i = flow->place_count; i-- > 0;) {
        enum bytes_place place = flow->places[i].place;
        buf_clear(&text);
        add_count(flow, i, &text);
        column = canvas_put(canvas, area, 0, column + 1, STYLE_FRAME, false, arrow);
        column = canvas_put(canvas, area, 0, column + 1, place_style(place), place_bright(direction, place),
                            buf_text(&text));
    }
    column = canvas_put(canvas, area, 0, column + 1, STYLE_FRAME, false, arrow);
    end_words(scene, flow->reader, &text);
    column = canvas_put(canvas, area, 0, column + 1, STYLE_ACTOR, false, buf_text(&text));
    buf_free(&text);
    return column;
}

static bool line_bright(const struct direction *direction, const struct line *line) {
    uint64_t end = line->offset + line->length;
    return end > direction->written_from || (end > direction->read_from && line->place == BYTES_READ);
}

static void put_line(const struct direction *direction, const struct line *line, struct canvas *canvas,
                     struct area area, size_t row) {
    struct buf text = {0};
    bytes_add_line(&direction->options, line->offset, line->begins, line->bytes, line->length, &text);
    text.data[--text.length] = '\0'; /* the newline */
    text_fit_screen(direction->scene, &text);
    size_t column = canvas_put(canvas, area, row, 0, place_style(line->place), line_bright(direction, line),
                               buf_text(&text));
    const char *words = place_words(line->place);
    if (column + 1 + strlen(words) <= area.columns)
        canvas_put(canvas, area, row, area.columns - strlen(words), place_style(line->place), false, words);
    buf_free(&text);
}

/* Behind the summary, where a direction has just one row: the last line as text. */
static void put_tail(const struct direction *direction, struct canvas *canvas, struct area area,
                     size_t column) {
    struct buf text = {0};
    if (direction->count == 0 || column + 8 > area.columns)
        return;
    const struct line *last = &direction->ring[(direction->count - 1) % direction->room];
    if (last->offset > 0)
        column = canvas_put(canvas, area, 0, column, STYLE_FRAME, false, "last: ");
    escape_c_quoted(&text, last->bytes, last->length, last->length);
    text_fit_screen(direction->scene, &text);
    pane_put_cut(direction->scene, canvas, area, 0, column, area.columns - column, place_style(last->place),
                 line_bright(direction, last), buf_text(&text));
    buf_free(&text);
}

static void put_direction(const struct direction *direction, size_t scroll, struct canvas *canvas,
                          struct area area) {
    size_t column = put_summary(direction, canvas, area);
    size_t kept = direction->count < direction->room ? direction->count : direction->room,
           rows = area.rows - 1;
    if (area.rows < 2) {
        put_tail(direction, canvas, area, column + 2);
        return;
    }
    size_t most = kept > rows ? kept - rows : 0;
    scroll = scroll < most ? scroll : most;
    size_t shown = kept < rows ? kept : rows;
    for (size_t i = 0; i < shown; i++) {
        size_t number = direction->count - scroll - shown + i;
        put_line(direction, &direction->ring[number % direction->room], canvas, area, 1 + i);
    }
}

/* ---- The pane ---- */

static void put_stream(const struct scene *scene, const struct recent *recent, const struct stream_ends *ends,
                       struct canvas *canvas, struct area area, size_t *scroll_most) {
    size_t scroll = scene->wishes.scroll[PANE_BYTES];
    if (scroll > SCROLL_MOST)
        scroll = SCROLL_MOST;
    size_t room = 2 * area.rows + scroll;
    struct direction directions[2];
    direction_find(&directions[0], scene, recent, &ends->own.end, &ends->other.end, area, room);
    direction_find(&directions[1], scene, recent, &ends->other.end, &ends->own.end, area, room);
    for (size_t i = 0; i < 2; i++) {
        size_t kept = directions[i].count < room ? directions[i].count : room;
        if (kept + 1 > area.rows / 2 && kept + 1 - area.rows / 2 > *scroll_most)
            *scroll_most = kept + 1 - area.rows / 2;
    }
    if (area.rows == 1) { /* the one in which something has moved */
        put_direction(&directions[directions[1].written_from != UINT64_MAX], scroll, canvas, area);
    } else {
        size_t upper = 1 + directions[0].count, lower = 1 + directions[1].count, half = area.rows / 2;
        size_t rows = lower < area.rows - half ? area.rows - lower : half;
        struct area first = area, second = area;
        first.rows = upper < rows ? upper : rows;
        second.row += first.rows;
        second.rows -= first.rows;
        put_direction(&directions[0], scroll, canvas, first);
        put_direction(&directions[1], scroll, canvas, second);
    }
    free(directions[0].ring);
    free(directions[1].ring);
}

static void put_datagrams(const struct scene *scene, const struct stream_ends *ends, struct canvas *canvas,
                          struct area area) {
    struct bytes_options options = {.columns = area.columns, .rows = area.rows, .text = !scene->wishes.hex};
    struct buf text = {0};
    bytes_show_datagrams(&ends->own.end, NULL, 0, &options, &text);
    text_fit_screen(scene, &text);
    /* The newest is at the end: that is what has to be seen. */
    size_t lines = 0, row = 0;
    for (size_t i = 0; i < text.length; i++)
        lines += text.data[i] == '\n';
    for (const char *at = buf_text(&text); *at != '\0' && row < area.rows; lines--) {
        size_t length = strcspn(at, "\n");
        if (lines <= area.rows || row == 0)
            canvas_put_n(canvas, area, row++, 0, STYLE_PLAIN, false, at, length);
        at += length + (at[length] == '\n');
    }
    buf_free(&text);
}

void pane_bytes(const struct scene *scene, const struct recent *recent, struct canvas *canvas,
                struct area area, size_t *scroll_most) {
    struct stream_ends ends;
    if (area.rows == 0 || area.columns == 0)
        return;
    if (!stream_ends_find(scene, &ends)) {
        pane_put_cut(scene, canvas, area, 0, 1, area.columns - 1, STYLE_FRAME, false,
                     "nothing has been sent or received yet");
        return;
    }
    if (ends.datagrams)
        put_datagrams(scene, &ends, canvas, area);
    else
        put_stream(scene, recent, &ends, canvas, area, scroll_most);
    stream_ends_free(&ends);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The chosen packet, its headers field by field: what .packet shows
 * (view/packet.h), to be scrolled.  Where it is wide enough, Ethernet's header
 * and IP's stand at the left, and at the right what is carried in IP.
 */
#include <string.h>

#include "view/packet.h"
#include "view/panes.h"
#include "view/rungs.h"
#include "view/wrap.h"

#define COLUMNS_MOST 110 /* of a line of explanation; longer ones are hard to read */
#define COLUMNS_LEAST 72 /* of one of two halves */

/* Names of headers stand at the left, fields further right, and what they mean furthest. */
static enum style line_style(const char *line) {
    size_t blanks = strspn(line, " ");
    return blanks == 0 ? STYLE_HEADING : blanks > 20 ? STYLE_NOTE : STYLE_PLAIN;
}

static void add_lines(const char *text, size_t length, struct styled *out) {
    for (size_t line; length > 0; text += line, length -= line) {
        const char *newline = memchr(text, '\n', length);
        line = newline != NULL ? (size_t)(newline + 1 - text) : length;
        styled_add_n(out, line_style(text), text, line);
    }
}

/* Where the third header begins, behind Ethernet's and IP's: the one that lessons are about. 0: there is none. */
static size_t third_header(const char *text) {
    size_t headers = 0, at = 0;
    for (; text[at] != '\0'; at += strcspn(text + at, "\n") + 1) {
        headers += text[at] != ' ';
        if (headers == 3)
            return at;
        if (text[at + strcspn(text + at, "\n")] == '\0')
            break;
    }
    return 0;
}

static void lay_out(const struct scene *scene, const char *text, size_t length, size_t columns,
                    struct wrapped *lines) {
    *lines = (struct wrapped){0};
    add_lines(text, length, &lines->text);
    styled_fit_screen(scene, &lines->text);
    wrap(lines, columns, WRAP_HANGING);
}

static void put_lines(const struct wrapped *lines, size_t scroll, struct canvas *canvas, struct area area) {
    for (size_t row = 0; row < area.rows && scroll + row < lines->count; row++)
        wrap_put(lines, scroll + row, NULL, canvas, area, row);
}

static void put_packet(const struct scene *scene, const char *text, struct canvas *canvas, struct area area,
                       struct scene_result *result) {
    struct wrapped first, second;
    size_t length = strlen(text), split = third_header(text), scroll = scene->wishes.scroll[PANE_PACKET];
    bool halves = area.columns >= 2 * COLUMNS_LEAST + 2 && split > 0;
    struct area left = area, right = area;
    if (halves) {
        left.columns = area.columns / 2 - 1;
        right.column += left.columns + 2;
        right.columns = area.columns - left.columns - 2;
    }
    lay_out(scene, text, split, left.columns, &first);
    lay_out(scene, text + split, length - split, right.columns, &second);
    size_t count = halves ? (first.count > second.count ? first.count : second.count) : first.count + second.count;
    result->packet_begins = halves ? 0 : first.count;
    result->scroll_most[PANE_PACKET] = count > area.rows ? count - area.rows : 0;
    if (scroll > result->scroll_most[PANE_PACKET])
        scroll = result->scroll_most[PANE_PACKET];
    put_lines(&first, scroll, canvas, left);
    if (!halves) {
        size_t above = first.count > scroll ? first.count - scroll : 0;
        above = above < area.rows ? above : area.rows;
        right.row += above;
        right.rows -= above;
        scroll = scroll > first.count ? scroll - first.count : 0;
    }
    put_lines(&second, scroll, canvas, right);
    wrap_free(&first);
    wrap_free(&second);
}

void pane_packet(const struct scene *scene, struct canvas *canvas, struct area area, struct scene_result *result) {
    const struct event *event =
        scene->wire != NULL ? rungs_event(scene->journal, scene->wire, scene->wishes.chosen) : NULL;
    struct packet packet;
    struct track_note note;
    struct buf text = {0};
    if (area.columns > 2) {
        area.column++;
        area.columns -= 2;
    }
    if (event == NULL || !rungs_packet(event, &packet, &note)) {
        pane_put_cut(scene, canvas, area, 0, 0, area.columns, STYLE_FRAME, false, "this packet is forgotten");
        return;
    }
    size_t columns = area.columns >= 2 * COLUMNS_LEAST + 2 ? area.columns / 2 - 1 : area.columns;
    packet_show(&packet, &note, event->data, event->packet.checksum_missing,
                columns < COLUMNS_MOST ? columns : COLUMNS_MOST, &text);
    put_packet(scene, buf_text(&text), canvas, area, result);
    buf_free(&text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chosen packet, its headers field by field: what .packet shows (view/packet.h), to be scrolled. */
#include <string.h>

#include "view/packet.h"
#include "view/panes.h"
#include "view/rungs.h"
#include "view/wrap.h"

#define COLUMNS_MOST 110 /* of a line of explanation; longer ones are hard to read */

/* Names of headers stand at the left, fields further right, and what they mean furthest. */
static enum style line_style(const char *line) {
    size_t blanks = strspn(line, " ");
    return blanks == 0 ? STYLE_HEADING : blanks > 20 ? STYLE_NOTE : STYLE_PLAIN;
}

static void add_lines(const char *text, struct styled *out) {
    for (size_t length; *text != '\0'; text += length) {
        length = strcspn(text, "\n");
        length += text[length] == '\n';
        styled_add_n(out, line_style(text), text, length);
    }
}

/* The third header, behind Ethernet's and IP's, is the one that lessons are about. */
static size_t third_heading(const struct wrapped *lines) {
    size_t headings = 0;
    for (size_t i = 0; i < lines->count; i++) {
        bool begins = lines->rows[i].indent == 0 && lines->rows[i].length > 0 &&
                      lines->text.text.data[lines->rows[i].from] != ' ';
        headings += begins;
        if (begins && headings == 3)
            return i;
    }
    return 0;
}

void pane_packet(const struct scene *scene, struct canvas *canvas, struct area area, struct scene_result *result) {
    const struct event *event =
        scene->wire != NULL ? rungs_event(scene->journal, scene->wire, scene->wishes.chosen) : NULL;
    struct packet packet;
    struct track_note note;
    struct wrapped lines = {0};
    struct buf text = {0};
    if (pane_wire_covered(scene, canvas, area))
        return;
    if (area.columns > 2) {
        area.column++;
        area.columns -= 2;
    }
    if (event == NULL || !rungs_packet(event, &packet, &note)) {
        pane_put_cut(scene, canvas, area, 0, 0, area.columns, STYLE_FRAME, false, "this packet is forgotten");
        return;
    }
    packet_show(&packet, &note, event->data, event->packet.checksum_missing,
                area.columns < COLUMNS_MOST ? area.columns : COLUMNS_MOST, &text);
    add_lines(buf_text(&text), &lines.text);
    styled_fit_screen(scene, &lines.text);
    wrap(&lines, area.columns, WRAP_HANGING);
    size_t scroll = scene->wishes.scroll[PANE_PACKET], *scroll_most = &result->scroll_most[PANE_PACKET];
    result->packet_begins = third_heading(&lines);
    *scroll_most = lines.count > area.rows ? lines.count - area.rows : 0;
    if (scroll > *scroll_most)
        scroll = *scroll_most;
    for (size_t row = 0; row < area.rows && scroll + row < lines.count; row++)
        wrap_put(&lines, scroll + row, NULL, canvas, area, row);
    wrap_free(&lines);
    buf_free(&text);
}

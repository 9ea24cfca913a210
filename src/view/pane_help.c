/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys: in one line at the bottom, and all of them over the screen. */
#include "view/keys.h"
#include "view/panes.h"

/* Keys that do not fit are left out; F1 tells them all. */
void pane_keys(const struct scene *scene, struct canvas *canvas, struct area area) {
    size_t count, column = 0;
    const struct key_row *rows = key_rows(&count);
    if (scene->wishes.remark != NULL) {
        pane_put_cut(scene, canvas, area, 0, 0, area.columns, STYLE_EVENT, false, scene->wishes.remark);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (rows[i].brief == NULL)
            continue;
        size_t taken = text_columns(rows[i].name) + 1 + text_columns(rows[i].brief);
        if (column + taken > area.columns)
            return;
        column = canvas_put(canvas, area, 0, column, STYLE_KEY, false, rows[i].name) + 1;
        column = canvas_put(canvas, area, 0, column, STYLE_PLAIN, false, rows[i].brief) + 2;
    }
}

void pane_help(const struct scene *scene, struct canvas *canvas, struct area area) {
    size_t count;
    const struct key_row *rows = key_rows(&count);
    struct buf text = {0};
    canvas_clear(canvas, area);
    pane_title(scene, canvas, (struct area){area.row, area.column, 1, area.columns}, true, "keys",
               "F1 closes");
    area.row++;
    area.rows = area.rows > 0 ? area.rows - 1 : 0;
    for (size_t i = 0; i < count && i < area.rows; i++) {
        buf_clear(&text);
        buf_add_text(&text, rows[i].help);
        text_fit_screen(scene, &text);
        size_t column = canvas_put(canvas, area, i, 2, STYLE_KEY, false, rows[i].name);
        column = column < 10 ? 10 : column + 1;
        if (column < area.columns)
            pane_put_cut(scene, canvas, area, i, column, area.columns - column, STYLE_PLAIN, false,
                         buf_text(&text));
    }
    static const char *const also[] = {
        "Everything else is for the line, as in bash: arrows, Tab, Ctrl-R, Ctrl-A …",
        "The wheel scrolls; with Shift the mouse selects text (always: --mouse=off).",
        "What the last call changed stands out until the next one.",
        ".help tells about calls and commands.",
    };
    for (size_t i = 0; i < sizeof(also) / sizeof(*also) && count + 1 + i < area.rows; i++) {
        buf_clear(&text);
        buf_add_text(&text, also[i]);
        text_fit_screen(scene, &text);
        pane_put_cut(scene, canvas, area, count + 1 + i, 2, area.columns - 2, STYLE_NOTE, false,
                     buf_text(&text));
    }
    buf_free(&text);
}

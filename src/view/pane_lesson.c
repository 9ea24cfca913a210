/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the lesson is: its passage, and the line that stands ready. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "view/panes.h"
#include "view/prose.h"
#include "view/wrap.h"

/* In full: at the prompt a long line is seen only in part. */
static void add_step(const char *step, struct styled *out) {
    struct buf line = {0};
    for (size_t length; *step != '\0'; step += length + (step[length] == '\n')) {
        length = strcspn(step, "\n");
        buf_clear(&line);
        escape_text(&line, step, length);
        styled_add(out, STYLE_PLAIN, "    ");
        styled_add(out, STYLE_ACTOR, buf_text(&line));
        styled_add(out, STYLE_PLAIN, "\n");
    }
    buf_free(&line);
}

static void add_paragraphs(const char *text, size_t columns, struct styled *out) {
    char *copy = mem_string(text);
    size_t end = strlen(copy);
    while (end > 0 && copy[end - 1] == '\n')
        copy[--end] = '\0';
    for (char *line = copy, *next; line != NULL; line = next) {
        next = strchr(line, '\n');
        if (next != NULL)
            *next++ = '\0';
        if (strncmp(line, "# ", 2) == 0)
            styled_escaped(out, STYLE_HEADING, line + 2, strlen(line + 2));
        else
            prose_add(out, false, line, columns);
        if (out->text.length == 0 || out->text.data[out->text.length - 1] != '\n' || *line == '\0')
            styled_add(out, STYLE_PLAIN, "\n");
    }
    free(copy);
}

static void passage_lines(const struct scene *scene, size_t columns, struct wrapped *lines) {
    const struct lesson_passage *passage = &scene->passage;
    *lines = (struct wrapped){0};
    if (passage->text != NULL)
        add_paragraphs(passage->text, columns, &lines->text);
    if (passage->step != NULL)
        add_step(passage->step, &lines->text);
    styled_fit_screen(scene, &lines->text);
    wrap(lines, columns, WRAP_HANGING);
}

size_t lesson_want(const struct scene *scene, size_t columns, size_t most) {
    struct wrapped lines;
    passage_lines(scene, columns > 2 ? columns - 2 : columns, &lines);
    size_t count = lines.count;
    wrap_free(&lines);
    return count < most ? count : most;
}

/* A word that the mark from this column on would cut goes as a whole, if there is another one before it. */
static void clear_cut_word(struct canvas *canvas, struct area area, size_t row, size_t column) {
    const char *blank = " ";
    size_t from = column;
    while (from > 0 && strcmp(canvas_cell(canvas, area.row + row, area.column + from)->text, blank) != 0)
        from--;
    if (from == 0)
        return;
    canvas_clear(canvas, (struct area){area.row + row, area.column + from, 1, column - from});
}

/* In the last row's corner: that there is more, and how to read on. */
static void put_more(const struct scene *scene, struct canvas *canvas, struct area area) {
    struct buf mark = {0};
    buf_addf(&mark, " %s %sPgDn", glyphs_of(scene)->ellipsis, scene->wishes.focus == PANE_LESSON ? "" : "F3 ");
    size_t columns = text_columns(buf_text(&mark));
    if (columns < area.columns) {
        clear_cut_word(canvas, area, area.rows - 1, area.columns - columns);
        canvas_put(canvas, area, area.rows - 1, area.columns - columns, STYLE_FRAME, false, buf_text(&mark));
    }
    buf_free(&mark);
}

/* How many rows the command that stands ready takes; they are the last. */
static size_t step_rows(const struct scene *scene, size_t columns) {
    struct wrapped lines = {0};
    if (scene->passage.step != NULL)
        add_step(scene->passage.step, &lines.text);
    styled_fit_screen(scene, &lines.text);
    wrap(&lines, columns, WRAP_HANGING);
    size_t count = lines.count;
    wrap_free(&lines);
    return count;
}

/* The command that stands ready, in the last rows of the area; returns how many, half of them at most. */
static size_t put_step(const struct scene *scene, const struct wrapped *lines, struct canvas *canvas,
                       struct area area) {
    size_t own = step_rows(scene, area.columns), rows = own < area.rows / 2 ? own : area.rows / 2;
    for (size_t row = 0; row < rows; row++)
        wrap_put(lines, lines->count - own + row, NULL, canvas, area, area.rows - rows + row);
    return rows;
}

void pane_lesson(const struct scene *scene, struct canvas *canvas, struct area area, size_t *scroll_most) {
    struct wrapped lines;
    size_t scroll = scene->wishes.scroll[PANE_LESSON];
    if (area.columns > 2) {
        area.column++;
        area.columns -= 2;
    }
    passage_lines(scene, area.columns, &lines);
    *scroll_most = lines.count > area.rows ? lines.count - area.rows : 0;
    if (scroll > *scroll_most)
        scroll = *scroll_most;
    /* The command that stands ready is seen, however little of the words before it is. */
    if (scroll < *scroll_most)
        area.rows -= put_step(scene, &lines, canvas, area);
    for (size_t row = 0; row < area.rows && scroll + row < lines.count; row++)
        wrap_put(&lines, scroll + row, NULL, canvas, area, row);
    if (scroll < *scroll_most && area.rows > 0) /* there is more of it */
        put_more(scene, canvas, area);
    wrap_free(&lines);
}

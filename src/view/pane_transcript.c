/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What happened, in the words of plain.h, the newest at the bottom.  The
 * journal is walked backwards from its end, and only as far as the pane and
 * one page more need it.
 *
 * What is seen of the journal is a row of blocks: an event's lines, or the
 * lines of several pieces of output that continue each other.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "view/panes.h"
#include "view/plain.h"
#include "view/wrap.h"

#define SILENT_MOST 256 /* events between two pieces of output that belong together */
#define PIECES_MOST 4096

struct walk {
    const struct scene *scene;
    struct view_options options;
    bool with_prose;
    size_t columns;
    size_t bytes_most; /* of a program's output that can be seen at all */
    uint64_t next;     /* the event to be told next, going back; 0: none */
    bool pending;      /* before that, the lines of a statement that is not complete */
};

/* ---- One block ---- */

/* What was typed stands back: what came of it is what is read. */
static void add_line(const struct event *event, struct styled *out) {
    styled_escaped(out, STYLE_FRAME, event->actor, strlen(event->actor));
    styled_add(out, STYLE_FRAME, "> ");
    styled_escaped(out, STYLE_FRAME, event->text, strcspn(event->text, "\n"));
    for (const char *at = strchr(event->text, '\n'); at != NULL; at = strchr(at + 1, '\n')) {
        styled_add(out, STYLE_PLAIN, "\n");
        styled_escaped(out, STYLE_FRAME, at + 1, strcspn(at + 1, "\n"));
    }
    styled_add(out, STYLE_PLAIN, "\n");
}

static void add_event(const struct walk *walk, const struct event *event, struct styled *out) {
    bool reply = event->type == EVENT_PROSE && strcmp(event->name, "reply") == 0;
    if (event->replayed)
        return;
    if (event->type == EVENT_LINE)
        add_line(event, out);
    else if (event->type != EVENT_PROSE || walk->with_prose || reply)
        plain_styled(event, &walk->options, out);
}

/* Does it come without a line of its own, so that a line of output can go on behind it? */
static bool is_silent(const struct walk *walk, const struct event *event) {
    struct styled text = {0};
    if (event->type == EVENT_OUTPUT || event->type == EVENT_RETURNED)
        return false;
    add_event(walk, event, &text);
    bool silent = text.text.length == 0;
    styled_free(&text);
    return silent;
}

/* The piece of output that this one continues, 0: none. */
static uint64_t continued(const struct walk *walk, const struct event *event) {
    for (uint64_t n = event->number - 1; n > 0 && n + SILENT_MOST > event->number; n--) {
        const struct event *before = journal_at(walk->scene->journal, n);
        if (before == NULL)
            return 0;
        if (before->type == EVENT_OUTPUT && before->data_length > 0) {
            bool same = before->stream == event->stream && strcmp(before->actor, event->actor) == 0;
            return same && before->data[before->data_length - 1] != '\n' ? n : 0;
        }
        if (!is_silent(walk, before))
            return 0;
    }
    return 0;
}

/* Of a lot of output, the lines that can be seen: its end. */
static size_t skipped(const struct walk *walk, const char *data, size_t length) {
    if (length <= walk->bytes_most)
        return 0;
    size_t skip = length - walk->bytes_most;
    const char *newline = memchr(data + skip, '\n', walk->bytes_most);
    return newline != NULL && newline + 1 < data + length ? (size_t)(newline + 1 - data) : skip;
}

/* All pieces up to event n as one text, and the number of the first. */
static uint64_t add_output(const struct walk *walk, uint64_t last, struct styled *out) {
    uint64_t first = last, before = last;
    size_t total = 0;
    for (size_t pieces = 0; before != 0 && pieces < PIECES_MOST && total <= walk->bytes_most; pieces++) {
        first = before;
        total += journal_at(walk->scene->journal, first)->data_length;
        before = continued(walk, journal_at(walk->scene->journal, first));
    }
    struct event whole = *journal_at(walk->scene->journal, last);
    struct buf data = {0};
    for (uint64_t n = first; n <= last; n++) {
        const struct event *piece = journal_at(walk->scene->journal, n);
        if (piece->type == EVENT_OUTPUT) /* whatever lies between is silent */
            buf_add(&data, piece->data, piece->data_length);
    }
    size_t skip = skipped(walk, buf_text(&data), data.length);
    whole.data = buf_text(&data) + skip;
    whole.data_length = data.length - skip;
    plain_styled(&whole, &walk->options, out);
    buf_free(&data);
    return first;
}

/* The next block going back; false: the journal's beginning (or what is kept of it) was reached. */
static bool walk_back(struct walk *walk, struct wrapped *block) {
    *block = (struct wrapped){0};
    if (walk->pending) {
        const struct scene_prompt *prompt = &walk->scene->prompt;
        add_line(&(struct event){.actor = prompt->whose, .text = prompt->pending}, &block->text);
        styled_fit_screen(walk->scene, &block->text);
        wrap(block, walk->columns, WRAP_HANGING);
        walk->pending = false;
        return true;
    }
    while (walk->next > 0) {
        const struct event *event = journal_at(walk->scene->journal, walk->next);
        if (event == NULL)
            break;
        if (event->type == EVENT_PACKET && !walk->options.packets) { /* the ladder has them; there may be 100,000 */
            walk->next--;
            continue;
        }
        if (event->type == EVENT_OUTPUT && event->data_length > 0 && !event->replayed)
            walk->next = add_output(walk, event->number, &block->text);
        else
            add_event(walk, event, &block->text);
        walk->next--;
        if (block->text.text.length == 0)
            continue;
        styled_fit_screen(walk->scene, &block->text);
        wrap(block, walk->columns, WRAP_HANGING);
        return true;
    }
    wrap_free(block); /* an empty text may have room all the same */
    return false;
}

static struct walk walk_of(const struct scene *scene, bool with_prose, size_t columns, size_t rows) {
    const struct scene_wishes *wishes = &scene->wishes;
    uint64_t last = scene->journal != NULL ? journal_last(scene->journal) : 0;
    return (struct walk){
        .scene = scene,
        .options = {.columns = columns, .colour = true}, /* emphasis is a style, as in the lesson's pane */
        .with_prose = with_prose,
        .columns = columns,
        .bytes_most = rows * columns,
        .pending = scene->prompt.pending != NULL && scene->prompt.whose != NULL && wishes->until == 0,
        .next = wishes->until != 0 && wishes->until < last ? wishes->until : last,
    };
}

/* ---- The pane ---- */

void pane_transcript(const struct scene *scene, bool with_prose, struct canvas *canvas, struct area area,
                     struct scene_result *result) {
    size_t *scroll_most = &result->scroll_most[PANE_TRANSCRIPT];
    size_t scroll = scene->wishes.scroll[PANE_TRANSCRIPT], below = 0;
    if (scroll > SCROLL_MOST)
        scroll = SCROLL_MOST;
    size_t need = scroll + 2 * area.rows; /* a page more: there is something to scroll to */
    struct walk walk = walk_of(scene, with_prose, area.columns, need);
    struct wrapped *blocks = NULL;
    size_t count = 0, room = 0;
    struct wrapped block;

    for (; below < need && area.rows > 0 && walk_back(&walk, &block); below += block.count) {
        if (count == room)
            blocks = mem_grow(blocks, room = room > 0 ? 2 * room : 64, sizeof(*blocks));
        blocks[count++] = block;
    }
    result->newest_rows = count > 0 ? blocks[0].count : 0;
    *scroll_most = below > area.rows ? below - area.rows : 0;
    if (scroll > *scroll_most)
        scroll = *scroll_most;
    /* From the bottom up; a transcript that does not fill the pane begins at its top. */
    size_t first = below < area.rows ? area.rows - below : 0, row = 0;
    for (size_t i = 0; i < count && row < scroll + area.rows; i++)
        for (size_t j = blocks[i].count; j-- > 0 && row < scroll + area.rows; row++)
            if (row >= scroll)
                wrap_put(&blocks[i], j, scene->wishes.search, canvas, area,
                         area.rows - 1 - (row - scroll) - first);
    for (size_t i = 0; i < count; i++)
        wrap_free(&blocks[i]);
    free(blocks);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal as plain lines; see plain.h for the forms. */
#include "view/plain.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "net/frame.h"
#include "view/fault.h"
#include "view/prose.h"
#include "view/wrap.h"

#define NOTES_KEPT 16

struct view {
    struct view_options options;
    FILE *out, *messages;
    bool muted;
    /* Program output whose line has not ended: whose, and on which stream. */
    char *open_actor;
    int open_stream;
    /* Explanations shown since a line was given last, so that a loop does not say the same at each of its rounds. */
    char *notes[NOTES_KEPT];
    size_t note_count; /* and those that have been overwritten */
};

/* A name or text that came from elsewhere, made fit for a terminal. */
static void add_safe(struct styled *out, enum style style, const char *text) {
    styled_escaped(out, style, text, strlen(text));
}

static void add_actor(struct styled *out, const struct event *event, const char *mark) {
    add_safe(out, STYLE_ACTOR, event->actor);
    styled_add(out, STYLE_ACTOR, mark);
}

static void add_explanation(const struct event *event, const struct view_options *options, struct styled *out) {
    if (event->note[0] != '\0')
        styled_wrapped(out, STYLE_NOTE, "    // ", event->note, view_columns(options));
}

static void add_returned(const struct event *event, const struct view_options *options, struct styled *out) {
    add_actor(out, event, "> ");
    add_safe(out, STYLE_PLAIN, event->text);
    styled_add(out, STYLE_PLAIN, " = ");
    add_safe(out, event->error != 0 ? STYLE_FAILURE : STYLE_PLAIN, event->extra);
    styled_add(out, STYLE_PLAIN, "\n");
    add_explanation(event, options, out);
}

/* Under the call that it came with; the text says whose it is where that is not plain. */
static void add_change(const struct event *event, const struct view_options *options, struct styled *out) {
    styled_wrapped(out, STYLE_CHANGE, "    //   ", event->text, view_columns(options));
}

/* "    //   client → server SYN seq 0 …": actors where they are known, else addresses. */
static void add_packet(const struct event *event, const struct view_options *options, struct styled *out) {
    struct buf text = {0};
    size_t ends = strlen(event->id);
    const char *arrow = strstr(event->id, " → ");
    if (arrow != NULL && strncmp(event->text, event->id, ends) == 0) {
        if (event->actor[0] != '\0')
            buf_add_text(&text, event->actor);
        else
            buf_add(&text, event->id, (size_t)(arrow - event->id));
        buf_addf(&text, " → %s%s", event->extra[0] != '\0' ? event->extra : arrow + strlen(" → "),
                 event->text + ends);
    } else {
        buf_add_text(&text, event->text);
    }
    if (event->data_length > 0 && event->packet.fate == FRAME_DROPPED) /* else the text says nothing but that */
        buf_add_text(&text, " (lost)");
    styled_wrapped(out, STYLE_EVENT, "    //   ", buf_text(&text), view_columns(options));
    buf_free(&text);
}

/* "NAME did so and so", an event of its own. */
static void add_happening(const struct event *event, const struct view_options *options, const char *verb,
                          const char *what, struct styled *out) {
    struct buf line = {0};
    escape_text(&line, event->actor, strlen(event->actor));
    buf_add_text(&line, verb);
    escape_text(&line, what, strlen(what));
    styled_add(out, STYLE_EVENT, buf_text(&line));
    styled_add(out, STYLE_PLAIN, "\n");
    buf_free(&line);
    add_explanation(event, options, out);
}

static void add_prose(const struct event *event, const struct view_options *options, struct styled *out) {
    bool title = strcmp(event->name, "title") == 0, heading = strcmp(event->name, "heading") == 0;
    styled_add(out, STYLE_PLAIN, "\n");
    if (title || heading || strcmp(event->name, "step") == 0)
        styled_wrapped(out, title || heading ? STYLE_HEADING : STYLE_PLAIN, "", event->text, view_columns(options));
    else
        prose_add(out, !options->colour, event->text, view_columns(options));
    if (title)
        styled_add(out, STYLE_PLAIN, "\n");
}

static void add_check(const struct event *event, const struct view_options *options, struct styled *out) {
    if (event->result != 0)
        return;
    struct buf text = {0};
    buf_addf(&text, "expected: %s; seen: %s", event->text, event->extra);
    styled_wrapped(out, STYLE_FAILURE, "lesson: ", buf_text(&text), view_columns(options));
    buf_free(&text);
}

/* What a program prints, with its tabs as the blanks that a terminal would make of them. */
static void add_printed(struct styled *out, const char *bytes, size_t length) {
    size_t column = 0;
    for (const char *end = bytes + length; bytes < end;) {
        const char *tab = memchr(bytes, '\t', (size_t)(end - bytes));
        const char *stop = tab != NULL ? tab : end;
        size_t from = out->text.length;
        styled_escaped(out, STYLE_PLAIN, bytes, (size_t)(stop - bytes));
        if (out->text.length > from)
            column += utf8_columns(out->text.data + from, out->text.length - from);
        bytes = stop;
        if (tab == NULL)
            break;
        do
            styled_add(out, STYLE_PLAIN, " ");
        while (++column % 8 != 0);
        bytes++;
    }
}

static void add_output(const struct event *event, struct styled *out) {
    const char *at = event->data, *end = at + event->data_length;
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline != NULL ? newline : end;
        add_actor(out, event, event->stream == 2 ? "! " : "| ");
        add_printed(out, at, (size_t)(stop - at));
        styled_add(out, STYLE_PLAIN, "\n");
        at = stop + (newline != NULL);
    }
}

static void add_input(const struct event *event, const struct view_options *options, struct styled *out) {
    if (event->data_length == 0) {
        add_happening(event, options, " ", "reads end of file on its standard input from now on", out);
        return;
    }
    if (options->interactive) /* it was typed at the prompt NAME< and stands there */
        return;
    size_t length = event->data_length;
    length -= event->data[length - 1] == '\n';
    add_actor(out, event, "< ");
    styled_escaped(out, STYLE_PLAIN, event->data, length);
    styled_add(out, STYLE_PLAIN, "\n");
}

static void add_note(const struct event *event, struct styled *out) {
    struct buf lines = {0};
    escape_lines(&lines, event->text, strlen(event->text));
    styled_add(out, STYLE_PLAIN, buf_text(&lines));
    if (lines.length > 0 && lines.data[lines.length - 1] != '\n')
        styled_add(out, STYLE_PLAIN, "\n");
    buf_free(&lines);
}

static void add_value(const struct event *event, struct styled *out) {
    add_actor(out, event, ": ");
    styled_add(out, STYLE_PLAIN, "(");
    add_safe(out, STYLE_PLAIN, event->name);
    styled_add(out, STYLE_PLAIN, ") ");
    add_safe(out, STYLE_PLAIN, event->text);
    styled_add(out, STYLE_PLAIN, "\n");
}

/* With strace's way to say that the call never returned. */
static void add_death(const struct event *event, const struct view_options *options, struct styled *out) {
    if (event->extra[0] != '\0') {
        add_actor(out, event, "> ");
        add_safe(out, STYLE_PLAIN, event->extra);
        styled_add(out, STYLE_PLAIN, " = ?\n");
    }
    add_happening(event, options, " ", event->text, out);
}

void plain_styled(const struct event *event, const struct view_options *options, struct styled *out) {
    switch (event->type) {
    case EVENT_BORN:
        if (event->extra[0] != '\0')
            add_happening(event, options, " was born by fork() of ", event->extra, out);
        return;
    case EVENT_BLOCKED:
        add_happening(event, options, " is blocked in ", event->text, out);
        return;
    case EVENT_RETURNED:
        add_returned(event, options, out);
        return;
    case EVENT_VALUE:
        add_value(event, out);
        return;
    case EVENT_OUTPUT:
        add_output(event, out);
        return;
    case EVENT_INPUT:
        add_input(event, options, out);
        return;
    case EVENT_FAULT:
        fault_add(event, options, out);
        return;
    case EVENT_DIED:
        add_death(event, options, out);
        return;
    case EVENT_PROSE:
        add_prose(event, options, out);
        return;
    case EVENT_CHECK:
        add_check(event, options, out);
        return;
    case EVENT_NOTE:
        add_note(event, out);
        return;
    case EVENT_ENTERED:
        add_explanation(event, options, out);
        return;
    case EVENT_CHANGE:
        add_change(event, options, out);
        return;
    case EVENT_PACKET:
        if (options->packets)
            add_packet(event, options, out);
        return;
    case EVENT_LINE:
    case EVENT_DONE:
    case EVENT_EXITING:
    case EVENT_TYPES_END:
        return;
    }
}

/* Lines of arguments and values, which are as long as they are. */
static bool is_unbounded(enum event_type type) {
    return type == EVENT_RETURNED || type == EVENT_VALUE || type == EVENT_BLOCKED || type == EVENT_DIED;
}

/* The text with its long lines broken at blanks; what it goes on with stands further right. */
static void fold(struct styled *text, size_t columns) {
    struct wrapped lines = {.text = *text};
    struct styled folded = {0};
    wrap(&lines, columns, WRAP_HANGING);
    for (size_t i = 0; i < lines.count; i++) {
        for (size_t column = 0; column < lines.rows[i].indent; column++)
            styled_add(&folded, STYLE_PLAIN, " ");
        size_t length = lines.rows[i].length;
        while (length > 0 && lines.text.text.data[lines.rows[i].from + length - 1] == ' ')
            length--;
        styled_add_part(&folded, &lines.text, lines.rows[i].from, length);
        styled_add(&folded, STYLE_PLAIN, "\n");
    }
    wrap_free(&lines);
    *text = folded;
}

void plain_event(const struct event *event, const struct view_options *options, struct buf *out) {
    struct styled text = {0};
    plain_styled(event, options, &text);
    /* A pipe gets whole lines: they are for programs, and for being pasted back. */
    if (options->interactive && options->columns > 0 && is_unbounded(event->type))
        fold(&text, options->columns);
    styled_show(&text, options->colour, out);
    styled_free(&text);
}

static void close_open_line(struct view *view) {
    if (view->open_actor == NULL)
        return;
    fputc('\n', view->out);
    free(view->open_actor);
    view->open_actor = NULL;
}

static void write_styled(struct view *view, const struct styled *text) {
    struct buf out = {0};
    styled_show(text, view->options.colour, &out);
    fwrite(out.data, 1, out.length, view->out);
    buf_free(&out);
}

/* Program output may end in the middle of a line ("Enter message : "): the line
 * stays open until the same program goes on with it or something else is told. */
static void show_output(struct view *view, const struct event *event) {
    const char *data = event->data;
    size_t length = event->data_length;
    if (length == 0)
        return;
    if (view->open_actor != NULL &&
        (view->open_stream != event->stream || strcmp(view->open_actor, event->actor) != 0))
        close_open_line(view);

    struct styled out = {0};
    if (view->open_actor != NULL) {
        const char *newline = memchr(data, '\n', length);
        size_t first = newline != NULL ? (size_t)(newline - data) : length;
        add_printed(&out, data, first);
        if (newline != NULL) {
            styled_add(&out, STYLE_PLAIN, "\n");
            free(view->open_actor);
            view->open_actor = NULL;
            first++;
        }
        data += first;
        length -= first;
    }
    if (length > 0) {
        struct event rest = *event;
        rest.data = data;
        rest.data_length = length;
        add_output(&rest, &out);
        if (data[length - 1] != '\n') {
            styled_drop_last(&out); /* the newline that add_output() ended it with */
            free(view->open_actor);
            view->open_actor = mem_string(event->actor);
            view->open_stream = event->stream;
        }
    }
    write_styled(view, &out);
    styled_free(&out);
}

static void forget_notes(struct view *view) {
    for (size_t i = 0; i < NOTES_KEPT; i++) {
        free(view->notes[i]);
        view->notes[i] = NULL;
    }
    view->note_count = 0;
}

/* Has this been said already?  It has now. */
static bool is_said(struct view *view, const char *note) {
    for (size_t i = 0; i < NOTES_KEPT && view->notes[i] != NULL; i++)
        if (strcmp(view->notes[i], note) == 0)
            return true;
    char **slot = &view->notes[view->note_count++ % NOTES_KEPT];
    free(*slot);
    *slot = mem_string(note);
    return false;
}

static void view_event(void *context, const struct event *event) {
    struct view *view = context;
    struct event bare;
    if (view->muted || event->replayed)
        return;
    if (event->type == EVENT_LINE)
        forget_notes(view);
    if (event->note[0] != '\0' && is_said(view, event->note)) {
        bare = *event;
        bare.note = "";
        event = &bare;
    }
    if (event->type == EVENT_OUTPUT) {
        if (view->options.before != NULL)
            view->options.before(view->options.context);
        show_output(view, event);
        return;
    }
    struct buf out = {0};
    plain_event(event, &view->options, &out);
    if (out.length > 0) {
        if (view->options.before != NULL)
            view->options.before(view->options.context);
        close_open_line(view);
        bool message = event->type == EVENT_FAULT;
        if (message)
            fflush(view->out); /* the two often end in the same place: keep their order */
        fwrite(out.data, 1, out.length, message ? view->messages : view->out);
    }
    buf_free(&out);
}

struct view *view_new(struct journal *journal, FILE *out, FILE *messages, struct view_options options) {
    struct view *view = mem_alloc(sizeof(*view));
    view->options = options;
    view->out = out;
    view->messages = messages;
    journal_read(journal, view_event, view);
    return view;
}

void view_free(struct view *view) {
    if (view == NULL)
        return;
    free(view->open_actor);
    forget_notes(view);
    free(view);
}

void view_resize(struct view *view, size_t columns) {
    view->options.columns = columns;
}

void view_mute(struct view *view, bool muted) {
    view->muted = muted;
}

void view_show_packets(struct view *view, bool shown) {
    view->options.packets = shown;
}

void view_catch_up(struct view *view, const struct journal *journal, uint64_t after) {
    for (uint64_t number = after; number < journal_last(journal); number++) {
        const struct event *event = journal_at(journal, number + 1);
        if (event != NULL)
            view_event(view, event);
    }
}

bool view_flush(struct view *view) {
    close_open_line(view);
    fflush(view->messages);
    return fflush(view->out) == 0 && !ferror(view->out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call's help, all of it from the call's row; and wrapping text to a width. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "call/explain.h"

#define COLUMNS_USUAL 80
#define COLUMNS_LEAST 20
#define INDENT 4
#define CONSTANTS_SHOWN 8 /* with their few words; of longer sets the rest by name */

/* ---- wrapping ---- */

/* Text that is being put on lines. */
struct wrap {
    struct buf *out;
    size_t columns; /* of a line */
    size_t indent;  /* of a line that begins because the one before is full */
    size_t column;  /* where the line stands */
    bool empty;     /* nothing but blanks on it yet */
};

static void blanks(struct buf *out, size_t count) {
    for (; count > 0; count--)
        buf_add_char(out, ' ');
}

static void wrap_line(struct wrap *wrap) {
    if (wrap->column > 0)
        buf_add_char(wrap->out, '\n');
    wrap->column = 0;
    wrap->empty = true;
}

static void wrap_word(struct wrap *wrap, const char *word, size_t length) {
    size_t width = utf8_columns(word, length);

    if (!wrap->empty && wrap->column + 1 + width > wrap->columns)
        wrap_line(wrap);
    if (wrap->column == 0) {
        blanks(wrap->out, wrap->indent);
        wrap->column = wrap->indent;
    } else if (!wrap->empty) {
        buf_add_char(wrap->out, ' ');
        wrap->column++;
    }
    buf_add(wrap->out, word, length);
    wrap->column += width;
    wrap->empty = false;
}

static void wrap_words(struct wrap *wrap, const char *text, size_t length) {
    const char *end = text + length;

    while (text < end) {
        const char *word = text;
        while (text < end && *text != ' ')
            text++;
        if (text > word)
            wrap_word(wrap, word, (size_t)(text - word));
        while (text < end && *text == ' ')
            text++;
    }
}

static size_t wrap_columns(size_t columns) {
    if (columns == 0)
        return COLUMNS_USUAL;
    return columns < COLUMNS_LEAST ? COLUMNS_LEAST : columns;
}

void text_wrap(const char *text, size_t columns, size_t indent, struct buf *out) {
    struct wrap wrap = {.out = out, .columns = wrap_columns(columns), .indent = indent, .empty = true};

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        if (length == 0) { /* between paragraphs */
            wrap_line(&wrap);
            buf_add_char(out, '\n');
        } else if (text[0] == ' ') { /* an example: stays as it is */
            wrap_line(&wrap);
            blanks(out, indent);
            buf_add(out, text, length);
            buf_add_char(out, '\n');
        } else {
            wrap_words(&wrap, text, length);
        }
        text += length;
        text += *text == '\n';
    }
    wrap_line(&wrap);
}

/* "    NAME       text, which goes on under itself": a row of a list. */
static void add_row(const char *name, size_t at, size_t width, const char *text, size_t columns,
                    struct buf *out) {
    size_t taken = utf8_columns(name, strlen(name));
    struct wrap wrap = {
        .out = out, .columns = wrap_columns(columns), .indent = at + width + 2, .empty = true};

    blanks(out, at);
    buf_add_text(out, name);
    wrap.column = at + taken;
    if (taken > width)
        wrap_line(&wrap);
    else {
        blanks(out, width + 2 - taken);
        wrap.column = wrap.indent;
    }
    wrap_words(&wrap, text, strlen(text));
    wrap_line(&wrap);
}

/* ---- arguments ---- */

/* The type of parameter i as the prototype has it: "struct pollfd *". */
static void add_parameter_type(const struct call *call, size_t i, struct buf *out) {
    const char *at = strchr(call->prototype, '('), *end;

    for (at = at != NULL ? at + 1 : ""; i > 0 && *at != '\0'; i--) {
        at += strcspn(at, ",");
        at += strspn(at, ", ");
    }
    end = at + strcspn(at, ",)");
    while (end > at && end[-1] != ' ' && end[-1] != '*') /* the name, and [] after it */
        end--;
    while (end > at && end[-1] == ' ')
        end--;
    buf_add(out, at, (size_t)(end - at));
}

static const char *other_name(const struct call *call, const struct call_arg *arg) {
    return arg->other < call_count_args(call) ? call->args[arg->other].name : "the other argument";
}

static void add_type(const struct call *call, size_t i, struct buf *out) {
    struct buf type = {0};

    add_parameter_type(call, i, &type);
    buf_addf(out, "%s %s", strchr("aeiou", buf_text(&type)[0]) != NULL ? "an" : "a", buf_text(&type));
    buf_free(&type);
}

static void add_flags(const struct constant_set *set, struct buf *out) {
    if (set != NULL && set->mask != 0)
        buf_addf(out, "one of the %s, with flags or-ed to it", set->name);
    else
        buf_addf(out, "%s, or-ed; 0 for none", set != NULL ? set->name : "flags");
}

/* What it is when it is left out at the end. */
static void add_usual(const struct call *call, const struct call_arg *arg, struct buf *out) {
    if (arg->usual == NULL)
        return;
    if (arg->usual[0] == '\0')
        buf_add_text(out, "; may be left out");
    else if (arg->kind == ARG_LENGTH)
        buf_addf(out, "; when left out, one with the room of %s", other_name(call, arg));
    else
        buf_addf(out, "; %s when left out", arg->usual);
}

static void add_kind(const struct call *call, size_t i, struct buf *out) {
    const struct call_arg *arg = &call->args[i];

    switch (arg->kind) {
    case ARG_END:
        break;
    case ARG_INT:
        buf_add_text(out, "a number");
        break;
    case ARG_FD:
        buf_add_text(out, "a descriptor");
        break;
    case ARG_CONST:
        buf_addf(out, "one of the %s", arg->set != NULL ? arg->set->name : "constants");
        break;
    case ARG_FLAGS:
        add_flags(arg->set, out);
        break;
    case ARG_SIZE:
        buf_addf(out, "how many bytes %s has", other_name(call, arg));
        break;
    case ARG_BYTES_IN:
        buf_add_text(out, "bytes that are read from there");
        break;
    case ARG_BYTES_OUT:
        buf_add_text(out, "room for the bytes that come");
        break;
    case ARG_STRING:
        buf_add_text(out, "text, ended by a NUL");
        break;
    case ARG_ADDRESS_IN:
        buf_add_text(out, "an address; \"127.0.0.1:8888\" is a short form of one");
        break;
    case ARG_ADDRESS_OUT:
        buf_add_text(out, "where the address is to be written, or NULL");
        break;
    case ARG_LENGTH:
        buf_addf(out, "points to a length: before, the room of %s; after, what was needed",
                 other_name(call, arg));
        break;
    case ARG_INT_OUT:
        buf_add_text(out, "where an int is to be written, or NULL");
        break;
    case ARG_POINTER:
        add_type(call, i, out);
        break;
    case ARG_MORE: /* a struct by value comes that way, too */
        if (strcmp(arg->name, "...") == 0)
            buf_add_text(out, "further values, as the format asks for them");
        else
            add_type(call, i, out);
        break;
    }
    add_usual(call, arg, out);
}

/* Is the word a second name of a value that stands further up (PF_INET)? */
static bool is_alias(const struct constant_set *set, size_t i) {
    return constant_name(set, set->items[i].value) != set->items[i].name;
}

static void add_set(const struct constant_set *set, size_t columns, struct buf *out) {
    struct buf rest = {0};
    size_t shown = 0, width = 0, most = set->count <= CONSTANTS_SHOWN + 2 ? set->count : CONSTANTS_SHOWN;

    for (size_t i = 0; i < set->count && shown < most; i++) {
        if (is_alias(set, i) || set->items[i].means == NULL)
            continue;
        if (strlen(set->items[i].name) > width)
            width = strlen(set->items[i].name);
        shown++;
    }
    shown = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct constant *item = &set->items[i];
        if (is_alias(set, i))
            continue;
        if (shown < most && item->means != NULL) {
            add_row(item->name, 2 * INDENT, width, item->means, columns, out);
            shown++;
        } else {
            buf_addf(&rest, "%s%s", rest.length > 0 ? " " : "and ", item->name);
        }
    }
    if (rest.length > 0)
        text_wrap(buf_text(&rest), columns, (size_t)2 * INDENT, out);
    buf_free(&rest);
}

static void add_arguments(const struct call *call, size_t columns, struct buf *out) {
    size_t width = 3;

    for (size_t i = 0; call->args[i].kind != ARG_END; i++)
        if (strlen(call->args[i].name) > width)
            width = strlen(call->args[i].name);
    for (size_t i = 0; call->args[i].kind != ARG_END; i++) {
        const struct call_arg *arg = &call->args[i];
        struct buf text = {0};
        bool seen = false;

        add_kind(call, i, &text);
        add_row(arg->name, INDENT, width, buf_text(&text), columns, out);
        buf_free(&text);
        for (size_t j = 0; j < i; j++)
            seen = seen || call->args[j].set == arg->set;
        if (arg->set != NULL && !seen)
            add_set(arg->set, columns, out);
    }
    if (call->args[0].kind != ARG_END)
        buf_add_char(out, '\n');
}

/* ---- the page ---- */

static void add_errors(const struct call *call, size_t columns, struct buf *out) {
    size_t width = 0;

    if (call->errors == NULL || call->errors->number == 0)
        return;
    buf_add_text(out, "\nErrors\n");
    for (const struct call_errno *e = call->errors; e->number != 0; e++)
        if (call_error_name(call, e->number) != NULL && strlen(call_error_name(call, e->number)) > width)
            width = strlen(call_error_name(call, e->number));
    for (const struct call_errno *e = call->errors; e->number != 0; e++)
        add_row(call_error_name(call, e->number) != NULL ? call_error_name(call, e->number) : "?", INDENT, width, e->means, columns,
                out);
}

/* Broken after commas only. */
static void add_prototype(const struct call *call, size_t columns, struct buf *out) {
    struct wrap wrap = {
        .out = out, .columns = wrap_columns(columns), .indent = (size_t)2 * INDENT, .empty = true};
    const char *at = call->prototype;
    size_t length = strcspn(at, ",");

    length += at[length] == ',';
    buf_add(out, at, length);
    wrap.column = utf8_columns(at, length);
    wrap.empty = false;
    while (*(at += length) != '\0') {
        at += strspn(at, " ");
        length = strcspn(at, ",");
        length += at[length] == ',';
        wrap_word(&wrap, at, length);
    }
    wrap_line(&wrap);
}

void help_call(const struct call *call, size_t columns, struct buf *out) {
    struct buf text = {0};

    add_prototype(call, columns, out);
    buf_addf(&text, "%s%s", call->summary, call->flags & CALL_BLOCKS ? "; may have to wait" : "");
    text_wrap(buf_text(&text), columns, INDENT, out);
    buf_clear(&text);
    buf_add_char(out, '\n');
    add_arguments(call, columns, out);
    if (call->note != NULL)
        text_wrap(call->note, columns, INDENT, out);
    if (call->success != NULL) {
        buf_add_text(out, "\nResult\n");
        text_wrap(call->success, columns, INDENT, out);
    }
    add_errors(call, columns, out);
    buf_addf(&text, "See also: %s%s%s", call->see != NULL ? call->see : "",
             call->see != NULL && call->see[0] != '\0' ? "; " : "", call->man);
    buf_add_char(out, '\n');
    text_wrap(buf_text(&text), columns, 0, out);
    buf_free(&text);
}

static bool topic_seen(size_t before, const char *topic) {
    for (size_t i = 0; i < before; i++)
        if (strcmp(call_at(i)->topic, topic) == 0)
            return true;
    return false;
}

void help_topics(size_t columns, struct buf *out) {
    const struct call *call;
    size_t width = 0;

    for (size_t i = 0; (call = call_at(i)) != NULL; i++)
        if (strlen(call->topic) > width)
            width = strlen(call->topic);
    for (size_t i = 0; (call = call_at(i)) != NULL; i++) {
        struct buf names = {0};
        const struct call *other;

        if (topic_seen(i, call->topic))
            continue;
        for (size_t j = i; (other = call_at(j)) != NULL; j++)
            if (strcmp(other->topic, call->topic) == 0)
                buf_addf(&names, "%s%s", names.length > 0 ? " " : "", other->name);
        add_row(call->topic, 0, width, buf_text(&names), columns, out);
        buf_free(&names);
    }
    buf_add_text(out, "\n.help NAME explains one of them\n");
}

/* ---- groups ---- */

static bool help_of_topic(const char *topic, size_t columns, struct buf *out) {
    const struct call *call;
    size_t width = 0, before = out->length;

    for (size_t i = 0; (call = call_at(i)) != NULL; i++)
        if (strcmp(call->topic, topic) == 0 && strlen(call->name) > width)
            width = strlen(call->name);
    for (size_t i = 0; (call = call_at(i)) != NULL; i++)
        if (strcmp(call->topic, topic) == 0)
            add_row(call->name, 0, width, call->summary, columns, out);
    return out->length > before;
}

static bool help_of_set(const char *name, size_t columns, struct buf *out) {
    const struct constant_set *set;

    for (size_t i = 0; (set = constant_set_at(i)) != NULL; i++) {
        size_t width = 0;
        if (strcmp(set->name, name) != 0)
            continue;
        for (size_t k = 0; k < set->count; k++)
            if (strlen(set->items[k].name) > width)
                width = strlen(set->items[k].name);
        for (size_t k = 0; k < set->count; k++)
            add_row(set->items[k].name, 0, width, set->items[k].means != NULL ? set->items[k].means : "", columns, out);
        return true;
    }
    return false;
}

static int by_name(const void *a, const void *b) {
    const struct constant *const *one = a, *const *other = b;

    return strcmp((*one)->name, (*other)->name);
}

/* Those that some call fails with, by name, for it is the name that one has read; and the calls. */
static void help_of_errors(size_t columns, struct buf *out) {
    const struct constant_set *set = &constants_errno;
    const struct constant **items = mem_alloc(set->count * sizeof(*items));
    const struct call *call;
    size_t width = 0;

    for (size_t i = 0; i < set->count; i++)
        items[i] = &set->items[i];
    qsort(items, set->count, sizeof(*items), by_name);
    for (size_t i = 0; i < set->count; i++)
        if (strlen(items[i]->name) > width)
            width = strlen(items[i]->name);
    for (size_t i = 0; i < set->count; i++) {
        struct buf calls = {0};
        for (size_t k = 0; (call = call_at(k)) != NULL; k++)
            if (errno_name((int)items[i]->value) == items[i]->name && help_errno_of(call, (int)items[i]->value) != NULL)
                buf_addf(&calls, "%s%s", calls.length > 0 ? " " : "", call->name);
        if (calls.length > 0)
            add_row(items[i]->name, 0, width, buf_text(&calls), columns, out);
        buf_free(&calls);
    }
    free(items);
}

bool help_group(const char *name, size_t columns, struct buf *out) {
    if (strcmp(name, constants_errno.name) == 0 || strcmp(name, "errno") == 0)
        help_of_errors(columns, out);
    else if (!help_of_topic(name, columns, out) && !help_of_set(name, columns, out))
        return false;
    buf_add_text(out, "\n.help NAME explains one of them\n");
    return true;
}

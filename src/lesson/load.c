/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the bytes of a .les file to a struct lesson.
 *
 *     bytes ──▶ check_bytes() ──▶ next_line() ──▶ read_header()       header.c
 *                                            └──▶ read_body(): by indentation
 *                                                   0–3  heading, directive, prose
 *                                                   4    step          step.c (8 and more: its further lines)
 *                                                   6    expectation   expect.c
 *
 * The file may come from anybody: every limit is checked here, and every
 * refusal names file, line and column.  New header keys, directives and kinds of
 * expectation are rows: `keys` in header.c, `directives` below, `keywords` in expect.c.
 */
#include "lesson/load.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "base/utf8.h"

/* ---- Places and messages ---- */

bool load_fail(struct error *error, struct place place, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    struct buf text = {0};
    buf_addf(&text, "%s:%u:%u: ", place.path, place.line, place.column);
    buf_addv(&text, format, arguments);
    va_end(arguments);
    error_set(error, ERROR_SYNTAX, (struct span){0, 0}, "%s", buf_text(&text));
    buf_free(&text);
    return false;
}

void load_suggest(struct error *error, const char *typed, const char *(*word)(const void *context, size_t i),
                  const void *context, const char *otherwise) {
    struct suggestion near;
    suggest_start(&near, typed);
    const char *known;
    for (size_t i = 0; (known = word(context, i)) != NULL; i++)
        suggest_offer(&near, known);
    if (near.best)
        error_hint(error, "did you mean \"%s\"?", near.best);
    else if (otherwise)
        error_hint(error, "%s", otherwise);
}

const char *list_word(const void *context, size_t i) {
    return ((const char *const *)context)[i];
}

unsigned characters(const char *text, size_t length) {
    unsigned count = 0;
    size_t used;
    for (size_t i = 0; i < length; i += used, count++)
        utf8_decode(text + i, length - i, &used);
    return count;
}

struct place place_at(const struct loader *loader, size_t at) {
    const struct line *line = &loader->line;
    return (struct place){loader->path, line->number,
                          (unsigned)line->indent + characters(line->text, at) + 1};
}

static const char *actor_word(const void *context, size_t i) {
    const struct lesson *lesson = context;
    return i < lesson->actor_count ? lesson->actors[i] : NULL;
}

const char *load_actor(const struct lesson *lesson, const char *name, size_t length, struct place place,
                       struct error *error) {
    for (size_t i = 0; i < lesson->actor_count; i++)
        if (strlen(lesson->actors[i]) == length && memcmp(lesson->actors[i], name, length) == 0)
            return lesson->actors[i];
    char *typed = mem_string_n(name, length);
    load_fail(error, place, "no actor is called \"%s\" in this lesson", typed);
    load_suggest(error, typed, actor_word, lesson, "name it in the header: actors: server, client");
    free(typed);
    return NULL;
}

/* ---- Bytes and lines ---- */

/* Text only: UTF-8, lines ended by LF or CRLF, no control characters but tabs inside a line. */
static bool check_bytes(const char *path, const char *bytes, size_t length, struct error *error) {
    struct place place = {path, 1, 1};
    size_t used, line_begins = 0;
    for (size_t i = 0; i < length; i += used, place.column++) {
        uint32_t code = utf8_decode(bytes + i, length - i, &used);
        if (code == UTF8_INVALID)
            return load_fail(error, place, "byte 0x%02x is not UTF-8 text", (unsigned char)bytes[i]);
        if (code == '\n') {
            place.line++;
            place.column = 0;
            line_begins = i + 1;
            continue;
        }
        if (i - line_begins >= LESSON_LINE_MAX)
            return load_fail(error, place, "this line is longer than %d bytes", LESSON_LINE_MAX);
        bool line_end = code == '\r' && i + 1 < length && bytes[i + 1] == '\n';
        if ((code < 0x20 && code != '\t' && !line_end) || (code >= 0x7f && code < 0xa0))
            return load_fail(error, place, "the control character 0x%02x does not belong in a lesson",
                             (unsigned)code);
    }
    return true;
}

bool next_line(struct loader *loader) {
    if (loader->at >= loader->length)
        return false;
    const char *text = loader->bytes + loader->at;
    const char *end = memchr(text, '\n', loader->length - loader->at);
    size_t length = end ? (size_t)(end - text) : loader->length - loader->at;
    loader->at += length + 1;
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t' || text[length - 1] == '\r'))
        length--;
    size_t indent = 0;
    while (indent < length && text[indent] == ' ')
        indent++;
    loader->line = (struct line){text + indent, length - indent, indent, loader->next_number++};
    return true;
}

void unread_line(struct loader *loader, size_t at, struct line before) {
    loader->at = at;
    loader->next_number--;
    loader->line = before;
}

bool line_starts(const struct line *line, const char *text) {
    size_t length = strlen(text);
    return line->length >= length && memcmp(line->text, text, length) == 0;
}

/* ---- The body ---- */

bool add_item(struct loader *loader, struct item item) {
    struct lesson *lesson = loader->lesson;
    if (lesson->item_count == LESSON_ITEMS_MAX) {
        free(item.text);
        free(item.listing);
        free(item.actor);
        return load_fail(loader->error, (struct place){loader->path, item.line, 1},
                         "a lesson has at most %d headings, paragraphs and steps", LESSON_ITEMS_MAX);
    }
    /* Room grows by doubling: at 0, 1, 2, 4, 8 … items. */
    if ((lesson->item_count & (lesson->item_count - 1)) == 0)
        lesson->items =
            mem_grow(lesson->items, lesson->item_count ? lesson->item_count * 2 : 1, sizeof(*lesson->items));
    lesson->items[lesson->item_count++] = item;
    return true;
}

static bool end_paragraph(struct loader *loader) {
    if (loader->prose.length == 0)
        return true;
    return add_item(
        loader,
        (struct item){.kind = ITEM_PROSE, .text = buf_take(&loader->prose), .line = loader->prose_line});
}

/* "- " or "12. " */
static bool is_list_item(const struct line *line) {
    size_t digits = 0;
    while (digits < line->length && line->text[digits] >= '0' && line->text[digits] <= '9')
        digits++;
    if (digits > 0 && digits < 4)
        return line->length > digits + 1 && line->text[digits] == '.' && line->text[digits + 1] == ' ';
    return line_starts(line, "- ");
}

static bool read_prose(struct loader *loader) {
    const struct line *line = &loader->line;
    if (is_list_item(line) && !end_paragraph(loader))
        return false;
    if (loader->prose.length == 0)
        loader->prose_line = line->number;
    else
        buf_add_char(&loader->prose, ' ');
    buf_add(&loader->prose, line->text, line->length);
    return true;
}

static bool read_heading(struct loader *loader) {
    const struct line *line = &loader->line;
    if (!line_starts(line, "# ")) {
        load_fail(loader->error, place_at(loader, 0), "a heading is one \"#\", a blank, and its words");
        return false;
    }
    size_t at = 2;
    while (line->text[at] == ' ') /* the last byte is none */
        at++;
    return add_item(loader, (struct item){.kind = ITEM_HEADING,
                                          .line = line->number,
                                          .text = mem_string_n(line->text + at, line->length - at)});
}

/* Directives begin with @ at the left margin.  Version 1 as far as this sockshell goes has none. */
static const struct directive {
    const char *name;
    bool (*read)(struct loader *loader, const char *words);
} directives[] = {
    {NULL, NULL},
};

static const char *directive_word(const void *context, size_t i) {
    (void)context;
    return directives[i].name;
}

static bool read_directive(struct loader *loader) {
    const struct line *line = &loader->line;
    size_t length = 1;
    while (length < line->length && line->text[length] != ' ')
        length++;
    char *name = mem_string_n(line->text + 1, length - 1);
    char *words = mem_string_n(line->text + length, line->length - length);
    bool good = false, found = false;
    for (const struct directive *d = directives; d->name && !found; d++)
        if ((found = strcmp(d->name, name) == 0))
            good = d->read(loader, words);
    if (!found) {
        load_fail(loader->error, place_at(loader, 0), "this sockshell knows no directive \"@%s\"", name);
        load_suggest(loader->error, name, directive_word, NULL,
                     "to begin a paragraph with @, put a blank before it");
    }
    free(words);
    free(name);
    return good;
}

/* ---- Lines by their indentation ---- */

static bool read_expectation(struct loader *loader) {
    if (!loader->step_open)
        return load_fail(loader->error, place_at(loader, 0),
                         "a line indented by %d is an expectation and stands directly under its step",
                         EXPECTATION_INDENT);
    struct item *step = &loader->lesson->items[loader->lesson->item_count - 1];
    if (step->expectation_count == LESSON_EXPECTATIONS_MAX)
        return load_fail(loader->error, place_at(loader, 0), "a step has at most %d expectations",
                         LESSON_EXPECTATIONS_MAX);
    struct expectation made = {0};
    char *text = mem_string_n(loader->line.text, loader->line.length);
    bool good = expectation_parse(loader->lesson, step, text, place_at(loader, 0), &made, loader->error);
    free(text);
    if (!good)
        return false;
    step->expectations =
        mem_grow(step->expectations, step->expectation_count + 1, sizeof(*step->expectations));
    step->expectations[step->expectation_count++] = made;
    loader->lesson->asks_kernel |= expectation_asks_kernel(&made);
    loader->lesson->asks_packets |= made.kind == EXPECT_WIRE;
    loader->lesson->asks_changes |= made.kind == EXPECT_CHANGES || made.kind == EXPECT_EXPLAINS;
    return true;
}

static bool read_indented(struct loader *loader) {
    switch (loader->line.indent) {
    case STEP_INDENT:
        return end_paragraph(loader) && read_step(loader);
    case EXPECTATION_INDENT:
        return end_paragraph(loader) && read_expectation(loader);
    default:
        load_fail(loader->error, place_at(loader, 0), "a line cannot be indented by %zu here",
                  loader->line.indent);
        error_hint(loader->error,
                   "prose by 0 to 3, a step by %d, an expectation by %d, and by %d what an open bracket "
                   "above waits for",
                   STEP_INDENT, EXPECTATION_INDENT, MORE_INDENT);
        return false;
    }
}

static bool read_body_line(struct loader *loader) {
    const struct line *line = &loader->line;
    if (line->length == 0) {
        loader->step_open = false;
        return end_paragraph(loader);
    }
    if (line->text[0] == '\t')
        return load_fail(loader->error, place_at(loader, 0), "indent with blanks, not with tabs");
    if (line->indent >= STEP_INDENT)
        return read_indented(loader);
    loader->step_open = false;
    if (line->indent == 0 && line->text[0] == '#')
        return end_paragraph(loader) && read_heading(loader);
    if (line->indent == 0 && line->text[0] == '@')
        return end_paragraph(loader) && read_directive(loader);
    return read_prose(loader);
}

static bool read_body(struct loader *loader) {
    while (next_line(loader))
        if (!read_body_line(loader))
            return false;
    if (!end_paragraph(loader))
        return false;
    for (size_t i = 0; i < loader->lesson->item_count; i++)
        if (loader->lesson->items[i].kind == ITEM_STEP)
            return true;
    return load_fail(loader->error, (struct place){loader->path, loader->next_number, 1},
                     "the lesson ends without a step");
}

/* ---- The whole ---- */

static char *lesson_name(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = strlen(name);
    if (length > 4 && strcmp(name + length - 4, ".les") == 0)
        length -= 4;
    return mem_string_n(name, length);
}

bool lesson_parse(const char *path, const char *bytes, size_t length, struct lesson *lesson,
                  struct error *error) {
    *lesson = (struct lesson){.path = mem_string(path),
                              .name = lesson_name(path),
                              .title = mem_string(""),
                              .summary = mem_string(""),
                              .source = mem_string(""),
                              .private_network = true};
    struct loader loader = {
        .lesson = lesson, .path = path, .bytes = bytes, .length = length, .next_number = 1, .error = error};
    bool good = false;
    if (length > LESSON_BYTES_MAX)
        error_set(error, ERROR_LIMIT, (struct span){0, 0}, "%s: a lesson has at most %d bytes", path,
                  LESSON_BYTES_MAX);
    else
        good = check_bytes(path, bytes, length, error);
    /* Some editors begin every file with a byte order mark. */
    if (good && length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0)
        loader.at = 3;
    good = good && read_header(&loader) && read_body(&loader);
    buf_free(&loader.prose);
    if (!good)
        lesson_free(lesson);
    return good;
}

void lesson_free(struct lesson *lesson) {
    for (size_t i = 0; i < lesson->item_count; i++) {
        struct item *item = &lesson->items[i];
        for (size_t j = 0; j < item->expectation_count; j++)
            expectation_free(&item->expectations[j]);
        free(item->expectations);
        free(item->text);
        free(item->listing);
        free(item->actor);
    }
    free(lesson->items);
    for (size_t i = 0; i < lesson->actor_count; i++)
        free(lesson->actors[i]);
    free(lesson->actors);
    free(lesson->path);
    free(lesson->name);
    free(lesson->title);
    free(lesson->summary);
    free(lesson->source);
    *lesson = (struct lesson){0};
}

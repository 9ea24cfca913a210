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
 * expectation are rows: `keys` in header.c, `directives` in directive.c, `keywords` in expect.c.
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
    if (place.path)
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

const char *lesson_actor(const struct lesson *lesson, size_t number) {
    if (number < lesson->actor_count)
        return lesson->actors[number];
    number -= lesson->actor_count;
    return number < lesson->child_count ? lesson->children[number] : NULL;
}

static const char *actor_word(const void *context, size_t i) {
    return lesson_actor(context, i);
}

const char *load_actor(const struct lesson *lesson, const char *name, size_t length, struct place place,
                       struct error *error) {
    const char *known;
    for (size_t i = 0; (known = lesson_actor(lesson, i)) != NULL; i++)
        if (strlen(known) == length && memcmp(known, name, length) == 0)
            return known;
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
    return !loader->substitutes || substitute(loader);
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

/* "- " or "12. " */
static bool is_list_item(const struct line *line) {
    size_t digits = 0;
    while (digits < line->length && line->text[digits] >= '0' && line->text[digits] <= '9')
        digits++;
    if (digits > 0 && digits < 4)
        return line->length > digits + 1 && line->text[digits] == '.' && line->text[digits + 1] == ' ';
    return line_starts(line, "- ");
}

bool read_prose(struct loader *loader) {
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

/* Lines between ```, which nobody wraps. */
static bool read_listing(struct loader *loader) {
    struct place place = place_at(loader, 0);
    struct buf text = {0};
    bool ended = false;
    if (loader->line.length > 3 &&
        strspn(loader->line.text + 3, "abcdefghijklmnopqrstuvwxyz") < loader->line.length - 3)
        return load_fail(loader->error, place_at(loader, 3), "after ``` stands nothing, or the name of a language");
    while (!ended && next_line(loader)) {
        ended = loader->line.indent == 0 && line_starts(&loader->line, "```");
        if (ended)
            break;
        buf_addf(&text, "%s%*s", text.length > 0 ? "\n" : "", (int)loader->line.indent, "");
        buf_add(&text, loader->line.text, loader->line.length);
        if (text.length == 0)
            buf_add_char(&text, '\n');
    }
    if (!ended && !loader->error->text)
        load_fail(loader->error, place, "this listing has no end: a line ``` is missing");
    if (!ended) {
        buf_free(&text);
        return false;
    }
    return add_item(loader, (struct item){.kind = ITEM_LISTING, .text = buf_take(&text), .line = place.line});
}

/* ---- Lines by their indentation ---- */

static bool read_expectation(struct loader *loader) {
    if (!loader->step_open)
        return load_fail(loader->error, place_at(loader, 0),
                         "a line indented by %d is an expectation and stands directly under its step",
                         EXPECTATION_INDENT);
    struct item *step = last_step(loader);
    if (step->expectation_count == LESSON_EXPECTATIONS_MAX)
        return load_fail(loader->error, place_at(loader, 0), "a step has at most %d expectations",
                         LESSON_EXPECTATIONS_MAX);
    struct expectation made = {0};
    size_t mark = 0; /* `? ` before the expectation that a prediction is about */
    while (line_starts(&loader->line, "? ") && mark < loader->line.length &&
           (mark == 0 || loader->line.text[mark] == ' '))
        mark++;
    if (mark > 0 && step->asked > 0)
        return load_fail(loader->error, place_at(loader, 0), "a step has one ? at most");
    if (mark > 0)
        step->asked = step->expectation_count + 1;
    char *text = mem_string_n(loader->line.text + mark, loader->line.length - mark);
    bool good = expectation_parse(loader->lesson, step, text, place_at(loader, mark), &made, loader->error);
    free(text);
    if (!good)
        return false;
    step->expectations =
        mem_grow(step->expectations, step->expectation_count + 1, sizeof(*step->expectations));
    step->expectations[step->expectation_count++] = made;
    lesson_asks(loader->lesson, &made);
    return true;
}

static bool read_indented(struct loader *loader) {
    switch (loader->line.indent) {
    case STEP_INDENT:
        return block_step(loader) && end_paragraph(loader) && read_step(loader);
    case EXPECTATION_INDENT:
        return block_step(loader) && end_paragraph(loader) && read_expectation(loader);
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

/* A line at the left margin, or nearly. */
static bool read_text_line(struct loader *loader) {
    const struct line *line = &loader->line;
    bool taken = false;
    if (line->indent == 0 && line->text[0] == '#')
        return block_end(loader) && read_heading(loader);
    if (line->indent == 0 && line->text[0] == '@')
        return block_end(loader) && read_directive(loader);
    if (line->indent == 0 && line_starts(line, "```"))
        return block_end(loader) && read_listing(loader);
    if (loader->block.open && (!block_line(loader, &taken) || taken))
        return taken && !loader->error->text;
    if (!read_verdict(loader, &taken) || taken)
        return taken && !loader->error->text;
    return read_prose(loader);
}

static bool read_body_line(struct loader *loader) {
    const struct line *line = &loader->line;
    if (line->length == 0) {
        loader->step_open = false;
        return block_blank(loader);
    }
    if (line->text[0] == '\t')
        return load_fail(loader->error, place_at(loader, 0), "indent with blanks, not with tabs");
    if (line->indent >= STEP_INDENT)
        return read_indented(loader);
    loader->step_open = false;
    return read_text_line(loader);
}

/* A lesson is something to be done. */
static bool has_steps(const struct lesson *lesson) {
    for (size_t i = 0; i < lesson->item_count; i++)
        if (lesson->items[i].kind == ITEM_STEP || lesson->items[i].kind == ITEM_TASK)
            return true;
    return false;
}

static bool read_body(struct loader *loader) {
    loader->substitutes = true;
    while (next_line(loader))
        if (!read_body_line(loader))
            return false;
    if (loader->error->text || !block_end(loader))
        return false;
    if (!has_steps(loader->lesson))
        return load_fail(loader->error, (struct place){loader->path, loader->next_number, 1},
                         "the lesson ends without a step");
    return finish_directives(loader);
}

/* ---- The whole ---- */

const char *lesson_file(const struct lesson *lesson) {
    const char *slash = strrchr(lesson->path, '/');
    return slash ? slash + 1 : lesson->path;
}

static char *lesson_name(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t length = strlen(name);
    if (length > 4 && strcmp(name + length - 4, ".les") == 0)
        length -= 4;
    return mem_string_n(name, length);
}

bool lesson_parse(const char *path, const char *bytes, size_t length, uint64_t seed, struct lesson *lesson,
                  struct error *error) {
    *lesson = (struct lesson){.path = mem_string(path),
                              .name = lesson_name(path),
                              .title = mem_string(""),
                              .summary = mem_string(""),
                              .source = mem_string(""),
                              .teaches = mem_string(""),
                              .next = mem_string(""),
                              .seed = seed,
                              .private_network = true};
    struct loader loader = {
        .lesson = lesson, .path = path, .bytes = bytes, .length = length, .next_number = 1, .error = error};
    bool good = false;
    if (length > LESSON_BYTES_MAX)
        error_set(error, ERROR_LIMIT, (struct span){0, 0}, "%s: a lesson has at most %d bytes", path,
                  LESSON_BYTES_MAX);
    else
        good = check_bytes(path, bytes, length, error);
    loader.at = good ? utf8_mark(bytes, length) : 0;
    good = good && read_header(&loader) && read_body(&loader);
    for (size_t i = 0; i < loader.line_count; i++)
        free(loader.lines[i]);
    free(loader.lines);
    buf_free(&loader.types);
    buf_free(&loader.block.value);
    buf_free(&loader.prose);
    if (!good)
        lesson_free(lesson);
    return good;
}

void lesson_free(struct lesson *lesson) {
    for (size_t i = 0; i < lesson->item_count; i++)
        item_free(&lesson->items[i]);
    free(lesson->items);
    for (size_t i = 0; i < lesson->actor_count; i++) {
        free(lesson->actors[i]);
        free(lesson->actor_hosts[i]);
    }
    free(lesson->actors);
    free(lesson->actor_hosts);
    for (size_t i = 0; i < lesson->host_count; i++)
        free(lesson->hosts[i]);
    free(lesson->hosts);
    for (size_t i = 0; i < lesson->child_count; i++)
        free(lesson->children[i]);
    free(lesson->children);
    parameters_free(lesson);
    free(lesson->path);
    free(lesson->name);
    free(lesson->title);
    free(lesson->summary);
    free(lesson->source);
    free(lesson->teaches);
    free(lesson->next);
    *lesson = (struct lesson){0};
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mistake within a function: which line of the function it is, if that is not
 * in the text that was just given; and who called the function, from where.
 * Noted while the mistake leaves one function after the other.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/eval.h"

#define CALLS_TOLD 3 /* of the innermost calls; then the number of those between, and the outermost */
#define LINE_MOST 100  /* bytes of a line with a call in it */
#define SOURCE_MOST 2000 /* bytes of the line with the mistake */

struct trace {
    size_t count;   /* of calls left so far */
    struct buf told; /* the first of them, a line each */
    char *last;     /* the newest, when it is not among those */
};

/* The line around a byte. */
static struct span line_around(const char *source, size_t at) {
    size_t start = at, end = at;

    while (start > 0 && source[start - 1] != '\n')
        start--;
    while (source[end] != '\0' && source[end] != '\n')
        end++;
    return (struct span){(uint32_t)start, (uint32_t)(end - start)};
}

/* The line that the mistake is in. */
static void keep_source(const struct function *function, struct error *error) {
    const char *source = function->tree.source;
    size_t at = error->where.at;
    struct span line = line_around(source, at);

    if (line.length > SOURCE_MOST) { /* its beginning says nothing about a place so far away */
        size_t start = at - line.at > SOURCE_MOST / 2 ? at - SOURCE_MOST / 2 : line.at;
        size_t end = line.at + line.length;
        size_t length = end - start > SOURCE_MOST ? SOURCE_MOST : end - start;
        line = (struct span){(uint32_t)start, (uint32_t)length};
    }
    error->source = mem_string_n(source + line.at, line.length);
    error->place = error_place_in(function->place, source, line.at);
    error->where.at -= line.at;
    if (error->where.length > line.length - error->where.at)
        error->where.length = line.length - error->where.at;
}

/* "echo.txt:12", of "echo.txt:12:5". */
static char *place_of(const char *place, const char *source, size_t at) {
    char *whole = error_place_in(place, source, at);
    char *column = strrchr(whole, ':');

    if (column)
        *column = '\0';
    return whole;
}

/* The text around a call, on one line, without what is before it and behind it. */
static char *call_text(const char *source, size_t at) {
    struct span line = line_around(source, at);
    const char *text = source + line.at;
    size_t length = line.length;

    for (; length > 0 && (*text == ' ' || *text == '\t'); text++)
        length--;
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t' || text[length - 1] == '\r'))
        length--;
    if (length <= LINE_MOST)
        return mem_string_n(text, length);
    size_t cut = LINE_MOST;
    while (cut > 0 && ((unsigned char)text[cut] & 0xC0) == 0x80)
        cut--;
    return mem_format("%.*s…", (int)cut, text);
}

/* "bind_to() was called by main(), at echo.txt:12: if (bind_to(fd, port) < 0)" */
static char *tell_call(const struct interp *interp, const struct activation *ended) {
    const struct function *caller = ended->caller ? ended->caller->function : NULL;
    const struct tree *tree = caller ? &caller->tree : interp->tree;
    size_t at = ended->call->where.at;
    char *place = place_of(caller ? caller->place : interp->place ? interp->place : "", tree->source, at);
    char *text = call_text(tree->source, at);
    struct buf line = {0};

    buf_addf(&line, "%s() was called", ended->function->node->text);
    if (caller)
        buf_addf(&line, " by %s()", caller->node->text);
    if (*place)
        buf_addf(&line, "%s at %s", caller ? "," : "", place);
    else if (!caller)
        buf_add_text(&line, " here");
    buf_addf(&line, ": %s", text);
    free(place);
    free(text);
    return buf_take(&line);
}

static void add_line(struct buf *out, const char *line) {
    buf_addf(out, "%s%s", out->length > 0 ? "\n" : "", line);
}

static void note_call(struct trace *trace, char *line) {
    if (trace->count++ < CALLS_TOLD) {
        add_line(&trace->told, line);
        free(line);
        return;
    }
    free(trace->last);
    trace->last = line;
}

void trace_leave(struct interp *interp, const struct activation *ended, struct error *error) {
    const struct function *function = ended->function;

    if (!interp->trace) {
        interp->trace = mem_alloc(sizeof(*interp->trace));
        if (function->tree.arena != interp->tree->arena)
            keep_source(function, error);
    }
    struct trace *trace = interp->trace;
    if (ended->call)
        note_call(trace, tell_call(interp, ended));
    if (ended->caller)
        return;
    if (trace->count > CALLS_TOLD + 1) {
        char *between = mem_format("… and %zu calls more", trace->count - CALLS_TOLD - 1);
        add_line(&trace->told, between);
        free(between);
    }
    if (trace->last)
        add_line(&trace->told, trace->last);
    if (trace->count > 0)
        error->calls = buf_take(&trace->told);
    trace_free(interp);
}

void trace_free(struct interp *interp) {
    if (!interp->trace)
        return;
    buf_free(&interp->trace->told);
    free(interp->trace->last);
    free(interp->trace);
    interp->trace = NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --check says; see check_tell.h. */
#include "lesson/check_tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"

void check_tell_begin(const struct check_manner *manner) {
    if (manner->tap)
        puts("TAP version 13");
}

void check_tell_plan(const struct check_manner *manner) {
    if (manner->tap)
        printf("1..%u\n", *manner->tests);
}

/* In a test's name a # would begin a directive. */
static void add_name(struct buf *out, const char *text) {
    struct buf safe = {0};
    escape_text(&safe, text, strlen(text));
    for (const char *c = buf_text(&safe); *c; c++) {
        if (*c == '#')
            buf_add_char(out, '\\');
        buf_add_char(out, *c);
    }
    buf_free(&safe);
}

/* "  key: "text"", which is YAML as well as a string of C. */
static void add_detail(struct buf *out, const char *key, const char *text) {
    buf_addf(out, "  %s: \"", key);
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            buf_add_char(out, '\\');
        if ((unsigned char)*c >= 0x20)
            buf_add_char(out, *c);
    }
    buf_add_text(out, "\"\n");
}

static void tell_tap(const struct check_manner *manner, const char *place, bool met, const char *expected,
                     const char *seen) {
    struct buf out = {0}, safe = {0};
    buf_addf(&out, "%sok %u - ", met ? "" : "not ", ++*manner->tests);
    add_name(&out, place);
    buf_add_char(&out, ' ');
    add_name(&out, expected);
    buf_add_char(&out, '\n');
    if (!met) {
        buf_add_text(&out, "  ---\n");
        escape_text(&safe, expected, strlen(expected));
        add_detail(&out, "expected", buf_text(&safe));
        buf_clear(&safe);
        escape_text(&safe, seen, strlen(seen));
        add_detail(&out, "seen", buf_text(&safe));
        buf_add_text(&out, "  ...\n");
    }
    fputs(buf_text(&out), stdout);
    buf_free(&safe);
    buf_free(&out);
}

void check_tell_test(const struct check_manner *manner, const char *place, bool met, const char *expected,
                     const char *seen) {
    if (manner->tap) {
        tell_tap(manner, place, met, expected, seen);
        return;
    }
    if (met)
        return;
    struct buf line = {0};
    escape_text(&line, place, strlen(place));
    buf_add_text(&line, ": expected ");
    escape_text(&line, expected, strlen(expected));
    buf_add_text(&line, "; seen ");
    escape_text(&line, seen, strlen(seen));
    fprintf(stderr, "%s\n", buf_text(&line));
    buf_free(&line);
}

void check_tell_skip(const struct check_manner *manner, const char *name, const char *why) {
    struct buf safe = {0};
    add_name(&safe, name);
    if (manner->tap)
        printf("ok %u - %s # SKIP %s\n", ++*manner->tests, buf_text(&safe), why);
    else
        printf("%s: skipped: %s\n", buf_text(&safe), why);
    buf_free(&safe);
}

static void note_correction(struct check_told *told, const struct verdict *verdict) {
    told->corrections = mem_grow(told->corrections, told->correction_count + 1, sizeof(*told->corrections));
    struct correction *made = &told->corrections[told->correction_count++];
    *made = (struct correction){.line = verdict->line, .was = mem_string(verdict->expected)};
    if (verdict->of && !verdict->of->negated && verdict->instead)
        made->is = mem_format("%.*s%s", (int)verdict->of->value_at, verdict->of->text, verdict->instead);
}

void check_tell_verdict(struct check_told *told, const struct verdict *verdict) {
    char *place = mem_format("%s:%u", told->lesson->path, verdict->line);
    check_tell_test(told->manner, place, verdict->met, verdict->expected, verdict->seen);
    told->unmet += !verdict->met;
    if (told->manner->accept && !verdict->met)
        note_correction(told, verdict);
    free(place);
}

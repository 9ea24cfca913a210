/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of lessons; see list.h. */
#include "lesson/list.h"

#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "lesson/lesson.h"
#include "lesson/progress.h"
#include "view/style.h"

#define NAME_COLUMNS 14
#define STATE_COLUMNS 16
/* "12  name            title …             state", and under it from INDENT on what it teaches. */
#define INDENT (4 + NAME_COLUMNS + 2)
/* With fewer columns than these everything stands below each other. */
#define TABLE_COLUMNS_LEAST 60
#define NARROW_INDENT 4

/* The table as it grows. */
struct table {
    struct buf text;
    size_t columns;
};

struct row {
    struct lesson lesson; /* {0}: it cannot be loaded, */
    struct error error;   /* and why */
    char *path;
};

/* Lessons with a number first, in their order. */
static int by_number(const void *a, const void *b) {
    const struct row *left = a, *right = b;
    int64_t x = left->lesson.number, y = right->lesson.number;
    if (x != y)
        return x == 0 ? 1 : y == 0 ? -1 : x < y ? -1 : 1;
    return strcmp(left->path, right->path);
}

static void add_padded(struct buf *out, const char *text, size_t columns) {
    struct buf safe = {0};
    escape_text(&safe, text, strlen(text));
    size_t used = utf8_columns(buf_text(&safe), safe.length);
    buf_add_text(out, buf_text(&safe));
    for (; used < columns; used++)
        buf_add_char(out, ' ');
    buf_free(&safe);
}

static void add_state(struct buf *out, const struct progress *progress, const char *lesson) {
    const struct progress_entry *entry = progress_find(progress, lesson);
    if (entry == NULL)
        return;
    if (entry->at > 0)
        buf_addf(out, "%sat %zu of %zu", entry->done ? "done, " : "", entry->at, entry->of);
    else if (entry->done)
        buf_add_text(out, "done");
}

/* As many words as fit; where they end is returned. */
static size_t words_fitting(const char *text, size_t columns) {
    size_t end = 0, at = 0;
    while (text[at] != '\0') {
        size_t next = at + strspn(text + at, " ");
        next += strcspn(text + next, " ");
        if (utf8_columns(text, next) > columns)
            break;
        end = at = next;
    }
    return end > 0 ? end : strlen(text); /* a word wider than that is let stand */
}

static void add_below(struct table *table, size_t indent, const char *text) {
    struct buf safe = {0};
    char lead[INDENT + 1];
    snprintf(lead, sizeof(lead), "%*s", (int)indent, "");
    escape_text(&safe, text, strlen(text));
    if (safe.length > 0)
        style_wrapped(&table->text, false, STYLE_PLAIN, lead, buf_text(&safe), table->columns);
    buf_free(&safe);
}

/* The title beside the other columns; what of it does not fit goes on below. */
static void add_title(struct table *table, const char *title, const char *state) {
    struct buf safe = {0};
    escape_text(&safe, title, strlen(title));
    size_t room = table->columns - INDENT - STATE_COLUMNS - 2;
    size_t fits = words_fitting(buf_text(&safe), room);
    char *first = mem_string_n(buf_text(&safe), fits);
    const char *rest = buf_text(&safe) + fits;
    add_padded(&table->text, first, *state ? room + 2 : 0);
    buf_addf(&table->text, "%s\n", state);
    add_below(table, INDENT, rest + strspn(rest, " "));
    free(first);
    buf_free(&safe);
}

static void add_number_and_name(struct table *table, const struct lesson *lesson, size_t columns) {
    if (lesson->number > 0)
        buf_addf(&table->text, "%3lld ", (long long)lesson->number);
    else
        buf_add_text(&table->text, "    ");
    add_padded(&table->text, lesson->name, columns);
}

static void add_row(struct table *table, const struct row *row, const struct progress *progress) {
    const struct lesson *lesson = &row->lesson;
    const char *teaches = *lesson->teaches ? lesson->teaches : lesson->summary;
    bool narrow = table->columns < TABLE_COLUMNS_LEAST;
    struct buf state = {0};
    add_state(&state, progress, lesson->name);
    add_number_and_name(table, lesson, narrow ? 0 : NAME_COLUMNS);
    if (narrow) {
        buf_addf(&table->text, "%s%s\n", state.length > 0 ? "  " : "", buf_text(&state));
        add_below(table, NARROW_INDENT, lesson->title);
        add_below(table, NARROW_INDENT + 2, teaches);
    } else {
        bool long_name = utf8_columns(lesson->name, strlen(lesson->name)) > NAME_COLUMNS;
        buf_addf(&table->text, "%s%*s", long_name ? "\n" : "", long_name ? INDENT : 2, "");
        add_title(table, lesson->title, buf_text(&state));
        add_below(table, INDENT, teaches);
    }
    buf_free(&state);
}

static struct row *load_rows(char **paths, size_t *count, bool *whole) {
    struct row *rows;
    *count = 0;
    while (paths[*count] != NULL)
        ++*count;
    rows = mem_alloc((*count + 1) * sizeof(*rows));
    *whole = true;
    for (size_t i = 0; i < *count; i++) {
        rows[i].path = paths[i];
        *whole = lesson_load(paths[i], 0, &rows[i].lesson, &rows[i].error) && *whole;
    }
    qsort(rows, *count, sizeof(*rows), by_number);
    return rows;
}

bool list_lessons(FILE *out, size_t columns, const char *progress_path, bool *whole, struct error *error) {
    struct progress progress = {0};
    struct error ignored = {0}; /* without it, nothing is known to be done */
    struct table table = {.columns = columns};
    char **paths;
    size_t count;
    if (!lesson_find_all(&paths, error))
        return false;
    if (progress_path != NULL)
        progress_read(progress_path, &progress, &ignored);
    struct row *rows = load_rows(paths, &count, whole);
    for (size_t i = 0; i < count; i++) {
        if (rows[i].lesson.path != NULL)
            add_row(&table, &rows[i], &progress);
        else
            add_below(&table, NARROW_INDENT, rows[i].error.text);
        lesson_free(&rows[i].lesson);
        error_free(&rows[i].error);
        free(rows[i].path);
    }
    fwrite(buf_text(&table.text), 1, table.text.length, out);
    buf_free(&table.text);
    progress_free(&progress);
    error_free(&ignored);
    free(rows);
    free(paths);
    return true;
}

/* As the file of progress knows it: "lessons/echo.les" is echo. */
static char *bare_name(const char *lesson) {
    const char *slash = strrchr(lesson, '/'), *name = slash != NULL ? slash + 1 : lesson;
    size_t length = strlen(name);
    bool suffix = length > 4 && strcmp(name + length - 4, ".les") == 0;
    return mem_string_n(name, length - (suffix ? 4 : 0));
}

static void tell_reset(FILE *out, const char *name, bool known) {
    struct buf safe = {0};
    escape_text(&safe, name, strlen(name));
    fprintf(out, known ? "%s: forgotten\n" : "%s: nothing was noted down\n", buf_text(&safe));
    buf_free(&safe);
}

bool list_reset(FILE *out, const char *progress, const char *const *lessons, size_t count,
                struct error *error) {
    bool known = false;
    if (progress == NULL)
        return error_set(error, ERROR_USAGE, (struct span){0},
                         "no progress is kept: neither XDG_STATE_HOME nor HOME is an absolute path");
    if (count == 0 && !progress_forget(progress, NULL, &known, error))
        return false;
    if (count == 0)
        tell_reset(out, "all lessons", known);
    for (size_t i = 0; i < count; i++) {
        char *name = bare_name(lessons[i]);
        bool good = progress_forget(progress, name, &known, error);
        if (good)
            tell_reset(out, name, known);
        free(name);
        if (!good)
            return false;
    }
    return true;
}

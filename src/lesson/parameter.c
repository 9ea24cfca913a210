/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Parameters: values that differ from learner to learner.
 *
 *     param port = 8000..8999      header: a range of numbers, or words
 *     param fruit = apple | pear
 *
 * $port and ${port} in any line after the header is the value; ${port+1} and
 * ${port-1} are numbers beside it, ${#fruit} the number of its bytes. The
 * lines are read after that: a parameter can stand wherever the value could.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/mix.h"
#include "lesson/load.h"

#define NUMBER_MAX INT32_MAX

/* ---- Drawing ---- */

static bool is_taken(const struct lesson *lesson, const struct parameter *parameter, int64_t number) {
    for (size_t i = 0; i < lesson->parameter_count; i++)
        if (strcmp(lesson->parameters[i].values, parameter->values) == 0 &&
            lesson->parameters[i].drawn == number)
            return true;
    return false;
}

/* Parameters of the same values never have the same one: two ports of a lesson are two. False: too few are
 * left. */
static bool draw(const struct lesson *lesson, struct parameter *parameter) {
    uint64_t count = (uint64_t)(parameter->high - parameter->low) + 1, bits = lesson->seed;
    for (const char *c = parameter->name; lesson->seed != 0 && *c; c++)
        bits = mix(bits ^ (unsigned char)*c);
    uint64_t first = lesson->seed == 0 ? 0 : mix(bits) % count;
    for (uint64_t i = 0; i < count && i <= LESSON_PARAMETERS_MAX; i++) {
        parameter->drawn = parameter->low + (int64_t)((first + i) % count);
        if (!is_taken(lesson, parameter, parameter->drawn))
            return true;
    }
    return false;
}

/* ---- The header's line ---- */

static size_t name_length(const char *text, size_t length) {
    size_t at = 0;
    while (at < length && (isalnum((unsigned char)text[at]) || text[at] == '_'))
        at++;
    return at > 0 && !isdigit((unsigned char)text[0]) ? at : 0;
}

static struct place place_of(const struct loader *loader, const char *words, const char *at) {
    return place_at(loader, loader->line.length - strlen(words) + (size_t)(at - words));
}

/* "8000..8999" */
static bool read_range(struct parameter *parameter) {
    char *end;
    errno = 0;
    parameter->low = strtoll(parameter->values, &end, 10);
    if (end == parameter->values || strncmp(end, "..", 2) != 0 || !isdigit((unsigned char)end[2]))
        return false;
    parameter->high = strtoll(end + 2, &end, 10);
    return *end == '\0' && errno == 0 && isdigit((unsigned char)parameter->values[0]) &&
           parameter->low <= parameter->high && parameter->high <= NUMBER_MAX;
}

/* The number-th word between bars, without the blanks around it. */
static char *nth_word(const char *values, int64_t number) {
    for (; number > 0; number--)
        values = strchr(values, '|') + 1;
    values += strspn(values, " \t");
    size_t length = strcspn(values, "|");
    while (length > 0 && (values[length - 1] == ' ' || values[length - 1] == '\t'))
        length--;
    return mem_string_n(values, length);
}

static bool read_words(struct loader *loader, const char *words, const char *at,
                       struct parameter *parameter) {
    int64_t count = 1;
    for (const char *c = parameter->values; *c; c++)
        count += *c == '|';
    if (count > LESSON_WORDS_MAX)
        return load_fail(loader->error, place_of(loader, words, at), "a parameter has at most %d words",
                         LESSON_WORDS_MAX);
    parameter->words = true;
    parameter->high = count - 1;
    for (int64_t i = 0; i < count; i++) {
        char *word = nth_word(parameter->values, i);
        bool good = *word != '\0' && !strchr(word, '$');
        free(word);
        if (!good)
            return load_fail(loader->error, place_of(loader, words, at),
                             "a word is missing among the values, or has a $ in it");
    }
    return true;
}

static const char *parameter_word(const void *context, size_t i) {
    const struct lesson *lesson = context;
    return i < lesson->parameter_count ? lesson->parameters[i].name : NULL;
}

static const struct parameter *find_parameter(const struct lesson *lesson, const char *name, size_t length) {
    for (size_t i = 0; i < lesson->parameter_count; i++)
        if (strlen(lesson->parameters[i].name) == length &&
            memcmp(lesson->parameters[i].name, name, length) == 0)
            return &lesson->parameters[i];
    return NULL;
}

static void parameter_free(struct parameter *parameter) {
    free(parameter->name);
    free(parameter->value);
    free(parameter->values);
}

/* Everything that the line says, into the parameter. */
static bool fill(struct loader *loader, const char *words, const char *values, struct parameter *parameter) {
    const struct lesson *lesson = loader->lesson;
    struct place place = place_of(loader, words, words);
    if (find_parameter(lesson, parameter->name, strlen(parameter->name)))
        return load_fail(loader->error, place, "parameter \"%s\" is named twice", parameter->name);
    if (lesson->parameter_count == LESSON_PARAMETERS_MAX)
        return load_fail(loader->error, place, "a lesson has at most %d parameters", LESSON_PARAMETERS_MAX);
    if (strstr(values, "..") && !strchr(values, '|')) {
        if (!read_range(parameter))
            return load_fail(loader->error, place_of(loader, words, values),
                             "a range is LOW..HIGH, two numbers from 0 to %d", NUMBER_MAX);
    } else if (!read_words(loader, words, values, parameter)) {
        return false;
    }
    if (!draw(lesson, parameter))
        return load_fail(loader->error, place_of(loader, words, values),
                         "there are more parameters with these values than values");
    parameter->value = parameter->words ? nth_word(parameter->values, parameter->drawn)
                                        : mem_format("%lld", (long long)parameter->drawn);
    return true;
}

bool read_parameter(struct loader *loader, const char *words) {
    struct lesson *lesson = loader->lesson;
    size_t length = name_length(words, strlen(words));
    const char *equals = words + length + strspn(words + length, " \t");
    const char *values = *equals == '=' ? equals + 1 + strspn(equals + 1, " \t") : "";
    if (length == 0 || *values == '\0') {
        load_fail(loader->error, place_of(loader, words, words), "a parameter has a name and values");
        error_hint(loader->error, "param port = 8000..8999, or: param word = apple | pear");
        return false;
    }
    struct parameter made = {.name = mem_string_n(words, length), .values = mem_string(values)};
    if (!fill(loader, words, values, &made)) {
        parameter_free(&made);
        return false;
    }
    lesson->parameters =
        mem_grow(lesson->parameters, lesson->parameter_count + 1, sizeof(*lesson->parameters));
    lesson->parameters[lesson->parameter_count++] = made;
    return true;
}

void parameters_free(struct lesson *lesson) {
    for (size_t i = 0; i < lesson->parameter_count; i++)
        parameter_free(&lesson->parameters[i]);
    free(lesson->parameters);
}

/* ---- In the other lines ---- */

/* What stands behind the $: `length` bytes name it, `used` are to be replaced. */
struct reference {
    const char *name;
    size_t length, used;
    bool size;     /* ${#name} */
    int64_t added; /* ${name+1} */
    bool calculates;
};

/* False: no reference, an ordinary $. */
static bool read_reference(const char *text, size_t left, struct reference *made) {
    *made = (struct reference){.name = text};
    if (left == 0 || text[0] != '{') {
        made->length = made->used = name_length(text, left);
        return made->length > 0;
    }
    made->size = left > 1 && text[1] == '#';
    size_t at = made->size ? 2 : 1;
    made->name = text + at;
    made->length = name_length(text + at, left - at);
    at += made->length;
    made->calculates = at < left && (text[at] == '+' || text[at] == '-');
    if (made->calculates) {
        int64_t sign = text[at++] == '-' ? -1 : 1;
        for (size_t digits = 0; digits < 9 && at < left && isdigit((unsigned char)text[at]); digits++)
            made->added = made->added * 10 + (text[at++] - '0');
        made->added *= sign;
    }
    made->used = at + 1;
    return made->length > 0 && at < left && text[at] == '}';
}

static bool put(struct loader *loader, size_t at, const struct reference *reference, struct buf *out) {
    const struct lesson *lesson = loader->lesson;
    const struct parameter *parameter = find_parameter(lesson, reference->name, reference->length);
    if (!parameter) {
        char *typed = mem_string_n(reference->name, reference->length);
        load_fail(loader->error, place_at(loader, at), "no parameter is called \"%s\"", typed);
        load_suggest(loader->error, typed, parameter_word, lesson,
                     "name it in the header (param port = 8000..8999), or write $$ for a $");
        free(typed);
        return false;
    }
    if (reference->calculates && parameter->words && !reference->size)
        return load_fail(loader->error, place_at(loader, at),
                         "%s is words, with which nothing can be calculated", parameter->name);
    if (reference->size || reference->calculates)
        buf_addf(out, "%lld",
                 (long long)(reference->added +
                             (reference->size ? (int64_t)strlen(parameter->value) : parameter->drawn)));
    else
        buf_add_text(out, parameter->value);
    return true;
}

bool substitute(struct loader *loader) {
    struct line *line = &loader->line;
    const char *dollar = memchr(line->text, '$', line->length);
    if (!dollar)
        return true;
    struct buf out = {0};
    bool good = true;
    for (size_t at = 0; good && at < line->length;) {
        struct reference reference;
        if (line->text[at] != '$') {
            buf_add_char(&out, line->text[at++]);
        } else if (at + 1 < line->length && line->text[at + 1] == '$') {
            buf_add_char(&out, '$');
            at += 2;
        } else if (!read_reference(line->text + at + 1, line->length - at - 1, &reference)) {
            if (at + 1 < line->length && line->text[at + 1] == '{')
                good = load_fail(loader->error, place_at(loader, at),
                                 "${…} holds the name of a parameter: ${port}, ${port+1}, ${#word}");
            buf_add_char(&out, line->text[at++]);
        } else {
            good = put(loader, at, &reference, &out);
            at += 1 + reference.used;
        }
    }
    if (good && out.length > 2 * LESSON_LINE_MAX)
        good = load_fail(loader->error, place_at(loader, 0),
                         "with its parameters this line is longer than %d bytes", 2 * LESSON_LINE_MAX);
    if (good) {
        line->length = out.length;
        list_add(&loader->lines, &loader->line_count, buf_take(&out));
        line->text = loader->lines[loader->line_count - 1];
    }
    buf_free(&out);
    return good;
}

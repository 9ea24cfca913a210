/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an author may expect of a step: one line each,
 * `[within TIME] [not] [ACTOR] WORD …` or `[not] = RESULT`.  What stands behind
 * the word is read by the reader of its kind (expect_rows.h).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lang/parse.h"
#include "lesson/expect_parts.h"
#include "lesson/expect_rows.h"

struct place reading_place(const struct reading *reading, const char *at) {
    struct place place = reading->place;
    place.column += characters(reading->text, (size_t)(at - reading->text));
    return place;
}

const char *skip_blanks(const char *text) {
    return text + strspn(text, " \t");
}

size_t word_length(const char *text) {
    return strcspn(text, " \t");
}

static const char *constant_word(const void *context, size_t i) {
    const struct constant_set *set = context;
    return i < set->count ? set->items[i].name : NULL;
}

bool read_number(const char *text, int64_t *number, const char **end) {
    char *stop;
    errno = 0;
    *number = strtoll(text, &stop, 0);
    *end = stop;
    return stop != text && errno == 0 && (*stop == '\0' || *stop == ' ' || *stop == '\t');
}

bool read_constant(const struct reading *reading, const char *name, const struct constant_set *set,
                   const char *what, int64_t *value) {
    const struct constant *constant = constant_in(set, name);
    if (constant) {
        *value = constant->value;
        return true;
    }
    load_fail(reading->error, reading_place(reading, name), "\"%s\" is not %s", name, what);
    load_suggest(reading->error, name, constant_word, set, NULL);
    return false;
}

bool read_string(struct reading *reading, const char *text, const char *what) {
    struct tree tree = {0};
    struct error cause = {0};
    const struct node *node = NULL;
    if (parse(text, strlen(text), &tree, &cause) && tree.program->list && !tree.program->list->next &&
        tree.program->list->kind == NODE_EXPRESSION)
        node = tree.program->list->left;
    bool good = node && node->kind == NODE_STRING && node->text_length > 0;
    if (good) {
        reading->made->wanted = mem_string_n(node->text, node->text_length);
        reading->made->wanted_length = node->text_length;
    } else {
        load_fail(reading->error, reading_place(reading, text), "%s is written as in C: \"text\\n\"", what);
    }
    error_free(&cause);
    tree_free(&tree);
    return good;
}

static const char *kind_word(const void *context, size_t i) {
    (void)context;
    return i < EXPECT_KINDS ? expect_row((enum expect_kind)i)->word : NULL;
}

/* The kind whose word the text begins with. */
static bool find_kind(const char *text, enum expect_kind *kind) {
    size_t length = word_length(text);
    const char *word;
    for (size_t i = 0; (word = kind_word(NULL, i)) != NULL; i++) {
        if (strlen(word) == length && strncmp(word, text, length) == 0) {
            *kind = (enum expect_kind)i;
            return true;
        }
    }
    return false;
}

bool expectation_word(const char *word) {
    enum expect_kind kind;
    return find_kind(word, &kind) || strcmp(word, "not") == 0 || strcmp(word, "within") == 0;
}

/* Neither the first nor the second word is a keyword: say which of them was probably meant to be one. */
static bool tell_unknown(const struct reading *reading, const struct lesson *lesson, const char *words) {
    size_t length = word_length(words);
    const char *unknown = words, *next = skip_blanks(words + length);
    const char *actor;
    for (size_t i = 0; *next && (actor = lesson_actor(lesson, i)) != NULL; i++)
        if (strlen(actor) == length && strncmp(actor, words, length) == 0)
            unknown = next;
    char *typed = mem_string_n(unknown, word_length(unknown));
    struct buf known = {0};
    buf_add_text(&known, "it knows:");
    for (size_t i = 0; kind_word(NULL, i) != NULL; i++)
        buf_addf(&known, " %s", kind_word(NULL, i));
    load_fail(reading->error, reading_place(reading, unknown), "this sockshell knows no expectation \"%s\"",
              typed);
    load_suggest(reading->error, typed, kind_word, NULL, buf_text(&known));
    buf_free(&known);
    free(typed);
    return false;
}

/* "2s", "300ms" before the rest, which is stepped to. */
static bool read_within(struct reading *reading, const char **words) {
    const char *time = skip_blanks(*words + strlen("within"));
    char *unit;
    errno = 0;
    long long number = strtoll(time, &unit, 10);
    size_t length = word_length(unit);
    bool seconds = length == 1 && *unit == 's', milliseconds = length == 2 && strncmp(unit, "ms", 2) == 0;
    long long most = seconds ? LESSON_WITHIN_MS / 1000 : LESSON_WITHIN_MS;
    if (errno != 0 || number <= 0 || number > most || !(seconds || milliseconds)) {
        load_fail(reading->error, reading_place(reading, time), "after \"within\" stands a time");
        error_hint(reading->error,
                   "a number of seconds or milliseconds, at most %d s: within 2s, within 300ms",
                   LESSON_WITHIN_MS / 1000);
        return false;
    }
    reading->made->within_ms = seconds ? number * 1000 : number;
    *words = skip_blanks(unit + length);
    return true;
}

bool expectation_asks_kernel(const struct expectation *expectation) {
    return (expect_row(expectation->kind)->asks & ASKS_KERNEL) != 0;
}

void lesson_asks(struct lesson *lesson, const struct expectation *expectation) {
    unsigned asks = expect_row(expectation->kind)->asks;
    lesson->asks_kernel |= (asks & ASKS_KERNEL) != 0;
    lesson->asks_changes |= (asks & ASKS_CHANGES) != 0;
    lesson->asks_packets |= (asks & ASKS_PACKETS) != 0;
}

bool expectation_parse(const struct lesson *lesson, const struct item *step, const char *text,
                       struct place place, struct expectation *made, struct error *error) {
    *made = (struct expectation){.line = place.line};
    struct reading reading = {.place = place, .text = text, .lesson = lesson, .made = made, .error = error};
    const char *words = text, *actor = step->actor;
    if (strncmp(words, "within ", 7) == 0 && !read_within(&reading, &words))
        return false;
    if (strncmp(words, "not ", 4) == 0) {
        made->negated = true;
        words = skip_blanks(words + 4);
    }
    if (!find_kind(words, &made->kind)) {
        const char *second = skip_blanks(words + word_length(words));
        if (!find_kind(second, &made->kind) || made->kind == EXPECT_RESULT)
            return tell_unknown(&reading, lesson, words);
        actor = load_actor(lesson, words, word_length(words), reading_place(&reading, words), error);
        if (!actor)
            return false;
        words = second;
        reading.actor_named = true;
    }
    reading.rest = skip_blanks(words + word_length(words));
    made->actor = mem_string(actor);
    made->text = mem_string(text);
    if (expect_row(made->kind)->read(&reading)) {
        if (made->value_at == 0)
            made->value_at = (size_t)(reading.rest - text);
        return true;
    }
    expectation_free(made);
    return false;
}

void expectation_free(struct expectation *expectation) {
    free(expectation->actor);
    free(expectation->text);
    expected_packets_free(expectation);
    free(expectation->wanted);
    free(expectation->socket.actor);
    free(expectation->socket.variable);
    free(expectation->other.actor);
    free(expectation->other.variable);
    *expectation = (struct expectation){0};
}

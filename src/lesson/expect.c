/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an author may expect of a step: one line each,
 * `[within TIME] [not] [ACTOR] WORD …` or `[not] = RESULT`.  A new kind is a row
 * of `keywords`, its reader, and its case in judge.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "call/call.h"
#include "lang/parse.h"
#include "lesson/expect_parts.h"

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

/* "3", "ANY", "-1", "-1 ECONNREFUSED" */
static bool read_result(struct reading *reading) {
    struct expectation *made = reading->made;
    if (strcmp(reading->rest, "ANY") == 0) {
        made->any = true;
        return true;
    }
    const char *end;
    if (!read_number(reading->rest, &made->number, &end)) {
        load_fail(reading->error, reading_place(reading, reading->rest), "a result is missing here");
        error_hint(reading->error,
                   "a number, ANY for any success, or -1 and the name of the error: -1 ECONNREFUSED");
        return false;
    }
    end = skip_blanks(end);
    if (*end == '\0')
        return true;
    if (made->number != -1)
        return load_fail(reading->error, reading_place(reading, end),
                         "only -1 is followed by the name of an error");
    int64_t number = 0;
    if (!read_constant(reading, end, &constants_errno, "the name of an error", &number))
        return false;
    made->error = (int)number;
    return true;
}

/* "", "in recv" */
static bool read_blocks(struct reading *reading) {
    const char *name = reading->rest;
    if (strncmp(name, "in ", 3) == 0)
        name = skip_blanks(name + 3);
    else if (*name != '\0')
        return load_fail(reading->error, reading_place(reading, name),
                         "after \"blocks\" stands nothing, or: in accept");
    else {
        reading->made->wanted = mem_string("");
        return true;
    }
    if (!call_find(name))
        return load_fail(reading->error, reading_place(reading, name), "\"%s\" is not a call", name);
    reading->made->wanted = mem_string(name);
    return true;
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

static bool read_prints(struct reading *reading) {
    return read_string(reading, reading->rest, "what is printed");
}

static bool read_value(struct reading *reading) {
    if (*reading->rest == '\0')
        return load_fail(reading->error, reading_place(reading, reading->rest), "the value is missing here");
    reading->made->wanted = mem_string(reading->rest);
    return true;
}

static bool read_exits(struct reading *reading) {
    const char *end;
    int64_t *status = &reading->made->number;
    if (read_number(reading->rest, status, &end) && *skip_blanks(end) == '\0' && *status >= 0 &&
        *status <= 255)
        return true;
    return load_fail(reading->error, reading_place(reading, reading->rest),
                     "an exit status is a number from 0 to 255");
}

static bool read_killed(struct reading *reading) {
    return read_constant(reading, reading->rest, &constants_signal, "the name of a signal",
                         &reading->made->number);
}

/* The kinds of mistakes that can end a statement. */
static const enum error_kind fault_kinds[] = {
    ERROR_SYNTAX,     ERROR_NAME,  ERROR_TYPE,        ERROR_MEMORY,
    ERROR_ARITHMETIC, ERROR_LIMIT, ERROR_INTERRUPTED, ERROR_USAGE,
};
enum { FAULT_KINDS = sizeof(fault_kinds) / sizeof(*fault_kinds) };

static const char *fault_word(const void *context, size_t i) {
    (void)context;
    return i < FAULT_KINDS ? error_kind_name(fault_kinds[i]) : NULL;
}

static bool read_fault(struct reading *reading) {
    for (size_t i = 0; i < FAULT_KINDS; i++) {
        if (strcmp(error_kind_name(fault_kinds[i]), reading->rest) == 0) {
            reading->made->fault = fault_kinds[i];
            return true;
        }
    }
    load_fail(reading->error, reading_place(reading, reading->rest), "\"%s\" is not a kind of mistake",
              reading->rest);
    load_suggest(reading->error, reading->rest, fault_word, NULL,
                 "the kinds are syntax, name, type, memory, arithmetic, limit, interrupted, usage");
    return false;
}

/* `send(4, "hello", 5, 0) = 5`; the result may be left out, and `...` stands for anything. */
static bool read_calls(struct reading *reading) {
    char *name = mem_string_n(reading->rest, strcspn(reading->rest, "( \t="));
    const struct call *call = call_find(name);
    bool good = call && (call->flags & (CALL_SYSTEM | CALL_TOLD)) && reading->rest[strlen(name)] == '(';
    if (!good) {
        load_fail(reading->error, reading_place(reading, reading->rest),
                  call ? "\"%s\" needs its arguments, and be a system call" : "\"%s\" is not a call", name);
        error_hint(reading->error,
                   "as in a transcript, ... for what does not matter: calls send(4, ...) = 5");
    }
    free(name);
    if (!good)
        return false;
    reading->made->wanted = mem_string(reading->rest);
    const char *error = strstr(reading->rest, "= -1 E");
    if (error) {
        int64_t number = 0;
        if (!read_constant(reading, error + 5, &constants_errno, "the name of an error", &number))
            return false;
        reading->made->error = (int)number;
    }
    return true;
}

static const struct keyword {
    const char *word;
    enum expect_kind kind;
    bool (*read)(struct reading *reading);
} keywords[] = {
    {"=", EXPECT_RESULT, read_result},        {"blocks", EXPECT_BLOCKS, read_blocks},
    {"returns", EXPECT_RETURNS, read_result}, {"prints", EXPECT_PRINTS, read_prints},
    {"value", EXPECT_VALUE, read_value},      {"exits", EXPECT_EXITS, read_exits},
    {"killed", EXPECT_KILLED, read_killed},   {"fault", EXPECT_FAULT, read_fault},
    {"calls", EXPECT_CALLS, read_calls},      {"sent", EXPECT_SENT, read_bytes},
    {"received", EXPECT_RECEIVED, read_bytes}, {"changes", EXPECT_CHANGES, read_changes},
    {"explains", EXPECT_EXPLAINS, read_explains}, {"state", EXPECT_STATE, read_state},
    {"queue", EXPECT_QUEUE, read_queue},      {"local", EXPECT_LOCAL, read_address},
    {"peer", EXPECT_PEER, read_address},      {"option", EXPECT_OPTION, read_option},
    {"wire", EXPECT_WIRE, read_wire},
};
enum { KEYWORDS = sizeof(keywords) / sizeof(*keywords) };

static const char *keyword_word(const void *context, size_t i) {
    (void)context;
    return i < KEYWORDS ? keywords[i].word : NULL;
}

static const struct keyword *find_keyword(const char *text) {
    size_t length = word_length(text);
    for (size_t i = 0; i < KEYWORDS; i++)
        if (strlen(keywords[i].word) == length && strncmp(keywords[i].word, text, length) == 0)
            return &keywords[i];
    return NULL;
}

bool expectation_word(const char *word) {
    return find_keyword(word) != NULL || strcmp(word, "not") == 0 || strcmp(word, "within") == 0;
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
    load_fail(reading->error, reading_place(reading, unknown), "this sockshell knows no expectation \"%s\"",
              typed);
    load_suggest(reading->error, typed, keyword_word, NULL,
                 "it knows: = blocks returns prints value exits killed fault calls sent received changes "
                 "explains state queue local peer option wire");
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
    switch (expectation->kind) {
    case EXPECT_STATE:
    case EXPECT_QUEUE:
    case EXPECT_LOCAL:
    case EXPECT_PEER:
    case EXPECT_OPTION:
        return true;
    case EXPECT_RESULT:
    case EXPECT_BLOCKS:
    case EXPECT_RETURNS:
    case EXPECT_PRINTS:
    case EXPECT_VALUE:
    case EXPECT_EXITS:
    case EXPECT_KILLED:
    case EXPECT_FAULT:
    case EXPECT_CALLS:
    case EXPECT_SENT:
    case EXPECT_RECEIVED:
    case EXPECT_CHANGES:
    case EXPECT_EXPLAINS:
    case EXPECT_WIRE:
        break;
    }
    return false;
}

void lesson_asks(struct lesson *lesson, const struct expectation *expectation) {
    lesson->asks_kernel |= expectation_asks_kernel(expectation);
    lesson->asks_changes |= expectation->kind == EXPECT_CHANGES || expectation->kind == EXPECT_EXPLAINS;
    lesson->asks_packets |= expectation->kind == EXPECT_WIRE;
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
    const struct keyword *keyword = find_keyword(words);
    if (!keyword) {
        const char *second = skip_blanks(words + word_length(words));
        keyword = find_keyword(second);
        if (!keyword || keyword->kind == EXPECT_RESULT)
            return tell_unknown(&reading, lesson, words);
        actor = load_actor(lesson, words, word_length(words), reading_place(&reading, words), error);
        if (!actor)
            return false;
        words = second;
        reading.actor_named = true;
    }
    reading.rest = skip_blanks(words + word_length(words));
    made->kind = keyword->kind;
    made->actor = mem_string(actor);
    made->text = mem_string(text);
    if (keyword->read(&reading)) {
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

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What Tab offers; see complete.h. */
#include "prompt/complete.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "call/call.h"
#include "lang/parse.h"
#include "lang/type.h"

#define NESTING_MAX 64

static void offer(struct candidates *c, const char *word, const char *typed) {
    if (strncmp(word, typed, strlen(typed)) != 0)
        return;
    c->words = mem_grow(c->words, c->count + 2, sizeof(char *));
    c->words[c->count++] = mem_string(word);
    c->words[c->count] = NULL;
}

static int compare(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_once(struct candidates *c) {
    if (c->count == 0)
        return;
    qsort(c->words, c->count, sizeof(char *), compare);
    size_t kept = 1;
    for (size_t i = 1; i < c->count; i++) {
        if (strcmp(c->words[i], c->words[kept - 1]) == 0)
            free(c->words[i]);
        else
            c->words[kept++] = c->words[i];
    }
    c->count = kept;
    c->words[kept] = NULL;
}

/* Where in a call the cursor stands. */
struct place {
    const struct call *call; /* NULL: in none */
    unsigned argument;
    bool after_dot, after_arrow, after_struct;
    size_t object; /* where the name before . or -> begins */
    size_t object_length;
};

static bool is_text(const char *line, struct token token, const char *text) {
    return token.where.length == strlen(text) && memcmp(line + token.where.at, text, strlen(text)) == 0;
}

static const struct call *call_of(const char *line, struct token name) {
    char text[64];
    if (name.kind != TOKEN_NAME || name.where.length >= sizeof(text))
        return NULL;
    memcpy(text, line + name.where.at, name.where.length);
    text[name.where.length] = '\0';
    return call_find(text);
}

/* `socket inet <Tab>`: bare words after a call's name. */
static void place_in_words(const char *line, size_t from, size_t end, struct place *place) {
    struct token first = lex_next(line, end, from);
    size_t after = first.where.at + first.where.length;
    if (after >= end || !isspace((unsigned char)line[after]))
        return;
    const struct call *call = call_of(line, first);
    struct token second = lex_next(line, end, after);
    if (call == NULL || is_text(line, second, "(") || is_text(line, second, "="))
        return;
    place->call = call;
    place->argument = 0;
    for (size_t at = after; at < end;) {
        at += strspn(line + at, " \t");
        size_t word = strcspn(line + at, " \t");
        if (at + word >= end)
            break;
        at += word;
        place->argument++;
    }
}

/* Walk the tokens before the word at `end`, keeping the stack of open brackets. */
static struct place place_of(const char *line, size_t from, size_t end) {
    struct place place = {0};
    struct {
        const struct call *call;
        unsigned argument;
    } stack[NESTING_MAX] = {0};
    size_t depth = 0;
    struct token last = {0}, before_last = {0};
    for (size_t at = from; at < end;) {
        struct token token = lex_next(line, end, at);
        if (token.kind == TOKEN_END || token.where.length == 0)
            break;
        at = token.where.at + token.where.length;
        bool opens = is_text(line, token, "(") || is_text(line, token, "[") || is_text(line, token, "{");
        bool closes = is_text(line, token, ")") || is_text(line, token, "]") || is_text(line, token, "}");
        if (opens && depth + 1 < NESTING_MAX) {
            depth++;
            stack[depth].call = is_text(line, token, "(") ? call_of(line, last) : NULL;
            stack[depth].argument = 0;
        } else if (closes && depth > 0) {
            depth--;
        } else if (is_text(line, token, ",")) {
            stack[depth].argument++;
        }
        before_last = last;
        last = token;
    }
    place.call = stack[depth].call;
    place.argument = stack[depth].argument;
    place.after_dot = is_text(line, last, ".");
    place.after_arrow = is_text(line, last, "->");
    place.after_struct = is_text(line, last, "struct");
    place.object = before_last.where.at;
    place.object_length = before_last.kind == TOKEN_NAME ? before_last.where.length : 0;
    if (depth == 0 && place.call == NULL)
        place_in_words(line, from, end, &place);
    return place;
}

static void offer_set(struct candidates *c, const struct constant_set *set, const char *typed) {
    for (size_t i = 0; i < set->count; i++)
        offer(c, set->items[i].name, typed);
}

static void offer_fields(struct candidates *c, const struct world *world, const char *line,
                         const struct place *place, const char *typed) {
    if (world->board == NULL)
        return;
    struct types *types = types_new();
    for (size_t i = 0; i < world->board->count; i++) {
        const struct board_entry *entry = &world->board->entries[i];
        if (strlen(entry->name) != place->object_length ||
            memcmp(entry->name, line + place->object, place->object_length) != 0)
            continue;
        struct error error = {0};
        const struct type *type = types_from_text(types, board_entry_layout(entry), &error);
        error_free(&error);
        if (type != NULL && type->kind == TYPE_POINTER)
            type = type->of;
        for (size_t f = 0; type != NULL && f < type->field_count; f++)
            offer(c, type->fields[f].name, typed);
        break;
    }
    types_free(types);
}

static void offer_variables(struct candidates *c, const struct world *world, const char *typed) {
    for (size_t i = 0; world->board != NULL && i < world->board->count; i++)
        offer(c, world->board->entries[i].name, typed);
}

static void offer_types(struct candidates *c, const struct world *world, const char *typed) {
    for (size_t i = 0; type_typedef_name(i) != NULL; i++)
        offer(c, type_typedef_name(i), typed);
    for (size_t i = 0; world->board != NULL && i < world->board->type_count; i++)
        offer(c, world->board->types[i], typed);
}

static void offer_c(struct candidates *c, const struct world *world, const char *typed) {
    offer_variables(c, world, typed);
    size_t variables = c->count;
    for (size_t i = 0; call_at(i) != NULL; i++)
        offer(c, call_at(i)->name, typed);
    if (variables == 0 && c->count == 1)
        c->append = '(';
    if (typed[0] == '\0')
        return;
    for (size_t i = 0; lex_keyword(i) != NULL; i++)
        offer(c, lex_keyword(i), typed);
    offer_types(c, world, typed);
    for (size_t i = 0; constant_set_at(i) != NULL; i++)
        offer_set(c, constant_set_at(i), typed);
    if (c->count > 1)
        c->append = 0;
}

static void offer_argument(struct candidates *c, const struct world *world, const struct place *place,
                           const char *typed) {
    const struct call_arg *arg = &place->call->args[place->argument];
    if (arg->set != NULL) {
        offer_set(c, arg->set, typed);
        if (typed[0] != '\0')
            offer_variables(c, world, typed);
        if (c->count > 0)
            return;
    }
    offer_c(c, world, typed);
}

static void offer_command(struct candidates *c, const struct world *world, const char *typed) {
    enum command_argument argument;
    for (size_t i = 0; world->command(i, &argument) != NULL; i++)
        offer(c, world->command(i, &argument), typed);
    c->append = ' ';
}

static void offer_actors(struct candidates *c, const struct world *world, const char *typed) {
    for (size_t i = 0; world->actors[i] != NULL; i++)
        offer(c, world->actors[i], typed);
}

static void offer_topics(struct candidates *c, const struct world *world, const char *typed) {
    offer(c, "calls", typed);
    offer(c, "errors", typed);
    for (size_t i = 0; call_at(i) != NULL; i++)
        offer(c, call_at(i)->name, typed);
    if (typed[0] == '\0')
        return;
    enum command_argument argument;
    for (size_t i = 0; world->command(i, &argument) != NULL; i++)
        offer(c, world->command(i, &argument), typed);
    for (size_t i = 0; constant_set_at(i) != NULL; i++)
        offer_set(c, constant_set_at(i), typed);
    for (size_t i = 0; type_struct_name(i) != NULL; i++)
        offer(c, type_struct_name(i), typed);
    for (size_t i = 0; type_typedef_name(i) != NULL; i++)
        offer(c, type_typedef_name(i), typed);
}

static void offer_filter(struct candidates *c, const char *typed) {
    static const char *const words[] = {"on", "off", "clear", "all", "tcp", "udp", "icmp", "icmpv6", "arp"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        offer(c, words[i], typed);
}

/* Inside ".name argument". */
static void offer_command_argument(struct candidates *c, const struct world *world, const char *name, size_t length,
                                   const char *typed) {
    enum command_argument argument;
    for (size_t i = 0; world->command(i, &argument) != NULL; i++) {
        const char *command = world->command(i, &argument);
        if (strlen(command) != length || memcmp(command, name, length) != 0)
            continue;
        if (argument == ARGUMENT_TOPIC)
            offer_topics(c, world, typed);
        if (argument == ARGUMENT_ACTOR || argument == ARGUMENT_VARIABLE || argument == ARGUMENT_FILTER)
            offer_actors(c, world, typed);
        if (argument == ARGUMENT_VARIABLE || argument == ARGUMENT_FILTER)
            offer_variables(c, world, typed);
        if (argument == ARGUMENT_FILTER)
            offer_filter(c, typed);
        if (argument == ARGUMENT_SWITCH) {
            offer(c, "on", typed);
            offer(c, "off", typed);
        }
        return;
    }
}

/* Past a `NAME> ` at the beginning of the line. */
static size_t past_actor(const struct world *world, const char *line, size_t point) {
    size_t start = strspn(line, " \t");
    for (size_t i = 0; world->actors[i] != NULL; i++) {
        size_t length = strlen(world->actors[i]);
        if (start + length + 2 <= point && memcmp(line + start, world->actors[i], length) == 0 &&
            line[start + length] == '>' && line[start + length + 1] == ' ')
            return start + length + 2 + strspn(line + start + length + 2, " \t");
    }
    return start;
}

void complete_line(const struct world *world, const char *line, size_t point, struct candidates *candidates) {
    *candidates = (struct candidates){0};
    size_t start = point;
    while (start > 0 && (isalnum((unsigned char)line[start - 1]) || line[start - 1] == '_'))
        start--;
    candidates->start = start;
    char *typed = mem_string_n(line + start, point - start);
    size_t from = past_actor(world, line, point);

    if (from < start && line[from] == '.' && start == from + 1) {
        offer_command(candidates, world, typed);
    } else if (from < point && (line[from] == '.' || strncmp(line + from, "help ", 5) == 0)) {
        size_t name = from + (line[from] == '.');
        offer_command_argument(candidates, world, line + name, strcspn(line + name, " "), typed);
    } else if (from <= start) {
        struct place place = place_of(line, from, start);
        if (place.after_dot || place.after_arrow)
            offer_fields(candidates, world, line, &place, typed);
        else if (place.after_struct)
            for (size_t i = 0; type_struct_name(i) != NULL; i++)
                offer(candidates, type_struct_name(i), typed);
        else if (place.call != NULL && place.argument < call_count_args(place.call))
            offer_argument(candidates, world, &place, typed);
        else
            offer_c(candidates, world, typed);
        if (from == start && from == strspn(line, " \t") && typed[0] != '\0')
            offer_actors(candidates, world, typed);
    }
    free(typed);
    sort_once(candidates);
}

void candidates_free(struct candidates *candidates) {
    for (size_t i = 0; i < candidates->count; i++)
        free(candidates->words[i]);
    free(candidates->words);
    *candidates = (struct candidates){0};
}

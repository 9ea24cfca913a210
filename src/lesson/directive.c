/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Directives: `@…` at the left margin, with a block of text and fields.
 *
 *     @task say-goodbye                  directives[]
 *     Make the server see end of file.   the text: paragraphs
 *     goal: state client.sock FIN_WAIT2  fields[]: a value may go on in the next lines
 *     hint: Which call closes one
 *     direction only?
 *     solution:
 *         client> shutdown(sock, SHUT_WR)
 *
 * A new directive is a row of `directives`, its fields are rows of `fields`.
 */
#include "lesson/directive.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"

struct place directive_place(const struct loader *loader, const struct item *item) {
    return (struct place){loader->path, item->line, 1};
}

char *cut_reason(char *text) {
    char *divide = strncmp(text, "-- ", 3) == 0 ? text : strstr(text, " -- ");
    if (!divide)
        return mem_string("");
    char *reason = divide + strspn(divide, " -");
    char *copy = mem_string(reason);
    while (divide > text && divide[-1] == ' ')
        divide--;
    *divide = '\0';
    return copy;
}

/* ---- Fields ---- */

static bool take_hint(struct loader *loader, struct item *item, const char *value, struct place place) {
    if (*value == '\0')
        return load_fail(loader->error, place, "the hint is missing here");
    if (item->hint_count == LESSON_HINTS_MAX)
        return load_fail(loader->error, place, "there are at most %d hints", LESSON_HINTS_MAX);
    list_add(&item->hints, &item->hint_count, mem_string(value));
    return true;
}

static bool take_solution(struct loader *loader, struct item *item, const char *value, struct place place) {
    if (loader->block.solution)
        return load_fail(loader->error, place, "\"solution:\" is given twice");
    if (*value != '\0')
        return load_fail(loader->error, place, "the steps of a solution stand under it, indented by %d",
                         STEP_INDENT);
    if (item->task->goal.expectation_count == 0)
        return load_fail(loader->error, place, "the goal of a task stands before its solution");
    loader->block.solution = true;
    return true;
}

static const struct {
    const char *words;
    enum claim_verdict verdict;
} verdicts[] = {{"true", CLAIM_TRUE}, {"false", CLAIM_FALSE}, {"it depends", CLAIM_DEPENDS}};
enum { VERDICTS = sizeof(verdicts) / sizeof(*verdicts) };

static bool take_verdict(struct loader *loader, struct item *item, const char *value, struct place place) {
    for (size_t i = 0; i < VERDICTS; i++) {
        size_t length = strlen(verdicts[i].words);
        if (strncmp(value, verdicts[i].words, length) != 0 || (value[length] != '\0' && value[length] != ' '))
            continue;
        const char *text = value + length;
        text += strspn(text, " ");
        if (strncmp(text, "-- ", 3) == 0)
            text += 3;
        item->verdict = verdicts[i].verdict;
        free(item->text);
        item->text = mem_string(text + strspn(text, " "));
        if (*item->text == '\0')
            return load_fail(loader->error, place, "the verdict needs a reason: verdict: %s -- Because …",
                             verdicts[i].words);
        return true;
    }
    load_fail(loader->error, place, "a verdict is true, false or it depends");
    error_hint(loader->error, "for instance: verdict: false -- The handshake was over before accept().");
    return false;
}

#define OF(kind) (1U << (kind))
static const struct field fields[] = {
    {"answer", OF(ITEM_ASK), take_answer},
    {"hint", OF(ITEM_ASK) | OF(ITEM_PREDICT) | OF(ITEM_LADDER) | OF(ITEM_TASK), take_hint},
    {"packets", OF(ITEM_LADDER), take_packets},
    {"order", OF(ITEM_LADDER), take_order},
    {"blank", OF(ITEM_LADDER), take_blank},
    {"draw", OF(ITEM_LADDER), take_draw},
    {"goal", OF(ITEM_TASK), take_goal},
    {"solution", OF(ITEM_TASK), take_solution},
    {"verdict", OF(ITEM_VERDICT), take_verdict},
};
enum { FIELDS = sizeof(fields) / sizeof(*fields) };
static const struct field choice_field = {NULL, OF(ITEM_ASK) | OF(ITEM_PREDICT), take_choice};

static struct item *block_item(struct loader *loader) {
    return &loader->lesson->items[loader->block.item];
}

/* The field being read has ended with the line before. */
static bool end_field(struct loader *loader) {
    struct block *block = &loader->block;
    const struct field *field = block->field;
    if (!field)
        return true;
    block->field = NULL;
    bool good = field->take(loader, block_item(loader), buf_text(&block->value), block->place);
    buf_clear(&block->value);
    return good;
}

/* It begins at byte `at` of the current line. */
static bool begin_field(struct loader *loader, const struct field *field, size_t at) {
    struct block *block = &loader->block;
    const struct line *line = &loader->line;
    if (!end_field(loader) || !end_paragraph(loader))
        return false;
    while (at < line->length && line->text[at] == ' ')
        at++;
    block->fields = true;
    block->field = field;
    block->place = place_at(loader, at);
    buf_clear(&block->value);
    buf_add(&block->value, line->text + at, line->length - at);
    return true;
}

/* "word:" at the beginning of the line; 0: it is none. */
static size_t field_name_length(const struct line *line) {
    size_t length = 0;
    while (length < line->length && islower((unsigned char)line->text[length]))
        length++;
    return length > 0 && length < line->length && line->text[length] == ':' ? length : 0;
}

static const struct field *find_field(const struct loader *loader, enum item_kind kind, size_t length) {
    for (size_t i = 0; i < FIELDS; i++)
        if ((fields[i].kinds & OF(kind)) && strlen(fields[i].name) == length &&
            memcmp(fields[i].name, loader->line.text, length) == 0)
            return &fields[i];
    return NULL;
}

/* A word with a colon that no field of this directive has: a slip if it looks like one that it has, or where
 * no text can be meant. */
static bool refuse_field(struct loader *loader, enum item_kind kind, size_t length) {
    char *typed = mem_string_n(loader->line.text, length);
    struct buf known = {0};
    struct suggestion near;
    suggest_start(&near, typed);
    bool elsewhere = false;
    for (size_t i = 0; i < FIELDS; i++) {
        elsewhere = elsewhere || strcmp(fields[i].name, typed) == 0;
        if (!(fields[i].kinds & OF(kind)))
            continue;
        suggest_offer(&near, fields[i].name);
        buf_addf(&known, "%s%s:", known.length > 0 ? ", " : "", fields[i].name);
    }
    bool refused = loader->block.fields || near.best || elsewhere;
    if (refused) {
        load_fail(loader->error, place_at(loader, 0), "\"%s:\" does not belong in this block", typed);
        if (near.best)
            error_hint(loader->error, "did you mean \"%s:\"?", near.best);
        else
            error_hint(loader->error, "here stands: %s%s", buf_text(&known),
                       kind == ITEM_ASK || kind == ITEM_PREDICT ? ", or a choice: ( ) or (x)" : "");
    }
    buf_free(&known);
    free(typed);
    return refused;
}

bool block_line(struct loader *loader, bool *taken) {
    struct block *block = &loader->block;
    const struct item *item = block_item(loader);
    size_t name = field_name_length(&loader->line);
    const struct field *field = name > 0 ? find_field(loader, item->kind, name) : NULL;
    *taken = true;
    if (field)
        return begin_field(loader, field, name + 1);
    if ((choice_field.kinds & OF(item->kind)) && is_choice(&loader->line))
        return begin_field(loader, &choice_field, 0);
    if (block->solution) { /* a paragraph behind the solution */
        *taken = false;
        return block_end(loader);
    }
    if (name > 0 && refuse_field(loader, item->kind, name))
        return false;
    if (block->field) {
        buf_add_char(&block->value, ' ');
        buf_add(&block->value, loader->line.text, loader->line.length);
        return true;
    }
    if (!block->fields)
        return read_prose(loader);
    load_fail(loader->error, place_at(loader, 0), "the text of a directive stands before its fields");
    return false;
}

/* ---- Where a block ends ---- */

static bool is_complete(struct loader *loader, const struct item *item) {
    if (*item->text == '\0' && item->kind != ITEM_VERDICT)
        return load_fail(loader->error, directive_place(loader, item),
                         "the text of this directive is missing");
    switch (item->kind) {
    case ITEM_ASK:
    case ITEM_PREDICT:
        return end_question(loader, item);
    case ITEM_LADDER:
        return end_ladder(loader, item);
    case ITEM_TASK:
        return end_task(loader, item);
    case ITEM_CLAIM:
    case ITEM_VERDICT:
    case ITEM_HEADING:
    case ITEM_PROSE:
    case ITEM_LISTING:
    case ITEM_STEP:
    case ITEM_PAUSE:
        break;
    }
    return true;
}

bool block_end(struct loader *loader) {
    if (!loader->block.open)
        return end_paragraph(loader);
    bool good = end_field(loader) && end_paragraph(loader) && is_complete(loader, block_item(loader));
    loader->block.open = loader->block.fields = loader->block.solution = false;
    return good;
}

bool block_blank(struct loader *loader) {
    if (!loader->block.open)
        return end_paragraph(loader);
    if (!end_field(loader) || !end_paragraph(loader))
        return false;
    const struct item *item = block_item(loader);
    bool over = item->kind == ITEM_TASK ? false : loader->block.fields || item->kind == ITEM_CLAIM;
    return over && (*item->text != '\0' || item->kind == ITEM_VERDICT) ? block_end(loader) : true;
}

bool block_step(struct loader *loader) {
    if (!loader->block.open)
        return true;
    if (block_item(loader)->kind != ITEM_TASK)
        return block_end(loader);
    if (!end_field(loader))
        return false;
    if (loader->block.solution)
        return true;
    load_fail(loader->error, place_at(loader, 0), "the steps of a task stand under its \"solution:\"");
    return false;
}

/* ---- The directives ---- */

static const struct directive {
    const char *name;
    enum item_kind kind;
    bool named; /* an ID follows */
} directives[] = {
    {"predict", ITEM_PREDICT, true}, {"ask", ITEM_ASK, true},     {"ladder", ITEM_LADDER, true},
    {"task", ITEM_TASK, true},       {"claim", ITEM_CLAIM, true}, {"pause", ITEM_PAUSE, false},
};
enum { DIRECTIVES = sizeof(directives) / sizeof(*directives) };

static const char *directive_word(const void *context, size_t i) {
    (void)context;
    return i < DIRECTIVES ? directives[i].name : NULL;
}

static bool is_id(const char *id) {
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    return length > 0 && id[length] == '\0' && length <= LESSON_ID_MAX && isalnum((unsigned char)id[0]);
}

static bool check_id(struct loader *loader, const struct directive *directive, const char *id, size_t at) {
    const struct lesson *lesson = loader->lesson;
    struct place place = place_at(loader, at);
    if (!directive->named)
        return *id == '\0' || load_fail(loader->error, place, "nothing follows @%s", directive->name);
    if (!is_id(id)) {
        load_fail(loader->error, place, "@%s needs a name: letters, digits, - _ and ., at most %d",
                  directive->name, LESSON_ID_MAX);
        error_hint(loader->error, "for instance: @%s who-chose-the-port", directive->name);
        return false;
    }
    for (size_t i = 0; i < lesson->item_count; i++)
        if (lesson->items[i].id && strcmp(lesson->items[i].id, id) == 0)
            return load_fail(loader->error, place, "\"%s\" is the name of the directive in line %u already",
                             id, lesson->items[i].line);
    return true;
}

/* The item and its block. The id is taken over. */
static bool begin_block(struct loader *loader, enum item_kind kind, char *id) {
    struct item item = {.kind = kind, .line = loader->line.number, .text = mem_string(""), .id = id};
    if (kind == ITEM_PREDICT || kind == ITEM_ASK) {
        item.question = mem_alloc(sizeof(*item.question));
        item.question->why = mem_string("");
    }
    if (kind == ITEM_LADDER)
        item.quiz = mem_alloc(sizeof(*item.quiz));
    if (kind == ITEM_TASK) {
        item.task = mem_alloc(sizeof(*item.task));
        item.task->goal = (struct item){.kind = ITEM_STEP, .line = item.line};
    }
    if (!add_item(loader, item))
        return false;
    loader->block.open = kind != ITEM_PAUSE;
    loader->block.item = loader->lesson->item_count - 1;
    return true;
}

static bool claim_has_verdict(struct loader *loader) {
    if (loader->claim == 0)
        return true;
    load_fail(loader->error, directive_place(loader, &loader->lesson->items[loader->claim - 1]),
              "this claim has no verdict");
    error_hint(loader->error, "under its steps: verdict: true, false or it depends, and -- and the reason");
    return false;
}

bool read_directive(struct loader *loader) {
    const struct line *line = &loader->line;
    size_t length = 1, at;
    while (length < line->length && line->text[length] != ' ')
        length++;
    for (at = length; at < line->length && line->text[at] == ' ';)
        at++;
    char *name = mem_string_n(line->text + 1, length - 1);
    char *id = mem_string_n(line->text + at, line->length - at);
    const struct directive *directive = NULL;
    for (size_t i = 0; i < DIRECTIVES && !directive; i++)
        if (strcmp(directives[i].name, name) == 0)
            directive = &directives[i];
    bool good = false;
    if (!directive) {
        load_fail(loader->error, place_at(loader, 0), "this sockshell knows no directive \"@%s\"", name);
        load_suggest(loader->error, name, directive_word, NULL,
                     "it knows: @predict @ask @ladder @task @claim @pause; to begin a paragraph with @, put a blank "
                     "before it");
    } else if (check_id(loader, directive, id, at) &&
               (directive->kind != ITEM_CLAIM || claim_has_verdict(loader))) {
        good = begin_block(loader, directive->kind, directive->named ? mem_string(id) : NULL);
        if (good && directive->kind == ITEM_CLAIM)
            loader->claim = loader->lesson->item_count;
    }
    free(name);
    free(id);
    return good;
}

bool read_verdict(struct loader *loader, bool *taken) {
    static const char name[] = "verdict:";
    *taken = loader->line.indent == 0 && line_starts(&loader->line, name);
    if (!*taken)
        return true;
    if (loader->claim == 0) {
        load_fail(loader->error, place_at(loader, 0), "there is no claim that awaits a verdict");
        error_hint(loader->error, "a claim begins with @claim NAME, and its steps come before the verdict");
        return false;
    }
    size_t claim = loader->claim - 1, expectations = 0;
    for (size_t i = claim; i < loader->lesson->item_count; i++)
        expectations += loader->lesson->items[i].expectation_count;
    if (expectations == 0)
        return load_fail(
            loader->error, place_at(loader, 0),
            "before the verdict the kernel must have spoken: a step with an expectation is missing");
    if (!end_paragraph(loader) || !begin_block(loader, ITEM_VERDICT, NULL))
        return false;
    block_item(loader)->claim = claim;
    loader->claim = 0;
    return begin_field(loader, find_field(loader, ITEM_VERDICT, sizeof(name) - 2), sizeof(name) - 1);
}

/* A `?` under a step about which nothing is to be predicted in free words. */
static bool marks_are_asked(struct loader *loader) {
    const struct lesson *lesson = loader->lesson;
    const struct item *asking = NULL;
    for (size_t i = 0; i < lesson->item_count; i++) {
        const struct item *item = &lesson->items[i];
        if (item->kind == ITEM_PREDICT && item->question->kind == QUESTION_PREDICT)
            asking = item;
        if (item->kind != ITEM_STEP)
            continue;
        if (item->asked > 0 && !asking)
            return load_fail(
                loader->error, (struct place){loader->path, item->expectations[item->asked - 1].line, 1},
                "? marks what a @predict in free words is about, and none stands before this step");
        asking = NULL;
    }
    return true;
}

bool finish_directives(struct loader *loader) {
    if (!claim_has_verdict(loader))
        return false;
    for (size_t i = 0; i < loader->lesson->item_count; i++)
        if (loader->lesson->items[i].kind == ITEM_PREDICT && !finish_prediction(loader, i))
            return false;
    return marks_are_asked(loader);
}

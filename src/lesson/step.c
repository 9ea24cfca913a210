/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The steps of a lesson: a statement for an actor (checked for being C here and
 * now, so that a slip is found with its line and not in front of a class),
 * input for its program, or one of the few commands of the shell that a lesson may use.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "call/call.h"
#include "lang/parse.h"
#include "lesson/load.h"

/* The lines of one statement, joined by blanks, and where each came from. */
struct statement {
    struct buf text;
    struct {
        size_t at;     /* in text */
        size_t indent; /* blanks before it in the file */
        struct place place;
    } pieces[LESSON_STATEMENT_LINES];
    size_t count;
};

static void statement_add(struct statement *statement, struct loader *loader, size_t from) {
    if (statement->count > 0)
        buf_add_char(&statement->text, ' ');
    statement->pieces[statement->count].at = statement->text.length;
    statement->pieces[statement->count].indent = loader->line.indent;
    statement->pieces[statement->count++].place = place_at(loader, from);
    buf_add(&statement->text, loader->line.text + from, loader->line.length - from);
}

/* Where byte `at` of the joined text stands in the file. */
static struct place statement_place(const struct statement *statement, size_t at) {
    size_t i = statement->count - 1;
    while (i > 0 && statement->pieces[i].at > at)
        i--;
    struct place place = statement->pieces[i].place;
    size_t begin = statement->pieces[i].at;
    if (at > statement->text.length)
        at = statement->text.length;
    place.column += characters(buf_text(&statement->text) + begin, at - begin);
    return place;
}

/* Which variables there will be is not known yet; it does not change whether the words can be understood. */
static bool is_variable(void *context, const char *name) {
    (void)context;
    (void)name;
    return false;
}

/* A name that an earlier step defines by typedef: in which actor does not matter here. */
static bool is_type(void *context, const char *name) {
    const struct loader *loader = context;
    const char *names = loader->types.length > 0 ? buf_text(&loader->types) : "\n";
    char *line = mem_format("\n%s\n", name);
    bool found = strstr(names, line) != NULL;
    free(line);
    return found;
}

static void note_types(struct loader *loader, const struct tree *tree) {
    for (const struct node *node = tree->program->list; node; node = node->next)
        for (const struct node *name = node->list; name && node->kind == NODE_TYPEDEF; name = name->next)
            buf_addf(&loader->types, "\n%s\n", name->text);
}

enum grammar { GRAMMAR_GOOD, GRAMMAR_MORE, GRAMMAR_BAD };

/* C, or a call in bare words (`listen 3 5`). */
static enum grammar check_grammar(struct loader *loader, const struct statement *statement, struct error *error) {
    const struct parse_types types = {is_type, loader};
    struct tree tree = {0};
    if (parse_with(buf_text(&statement->text), statement->text.length, &types, &tree, error)) {
        note_types(loader, &tree);
        tree_free(&tree);
        return GRAMMAR_GOOD;
    }
    if (error->kind == ERROR_INCOMPLETE)
        return GRAMMAR_MORE;
    struct buf c = {0};
    bool words = call_from_words(buf_text(&statement->text), is_variable, NULL, &c);
    buf_free(&c);
    return words ? GRAMMAR_GOOD : GRAMMAR_BAD;
}

static bool tell_grammar(struct loader *loader, const struct statement *statement, enum grammar grammar,
                         const struct error *cause) {
    struct place place = statement_place(statement, cause->where.at);
    load_fail(loader->error, place, "%s", cause->text ? cause->text : "this cannot be understood as C");
    if (grammar == GRAMMAR_MORE && strstr(buf_text(&statement->text), "//"))
        error_hint(loader->error, "the lines of a statement are joined: write its comments as /* … */");
    else if (grammar == GRAMMAR_MORE)
        error_hint(loader->error, "a statement goes on in lines indented by %d or more", MORE_INDENT);
    else if (cause->hint)
        error_hint(loader->error, "%s", cause->hint);
    return false;
}

/* Is the next line, if there is one, a further line of the statement above?  Reads it if so. */
static bool next_continues(struct loader *loader, enum grammar grammar) {
    size_t before = loader->at;
    struct line kept = loader->line;
    if (!next_line(loader))
        return false;
    /* `if (…) {…}` is complete, and yet an `else` may follow it. */
    bool continues = loader->line.length > 0 && loader->line.indent >= MORE_INDENT &&
                     (grammar == GRAMMAR_MORE || line_starts(&loader->line, "else"));
    if (!continues)
        unread_line(loader, before, kept);
    return continues;
}

/* The lines as the author laid them out, from the left margin; NULL when there is only one. */
static char *lay_out(const struct statement *statement) {
    if (statement->count == 1)
        return NULL;
    size_t least = statement->pieces[1].indent;
    for (size_t i = 2; i < statement->count; i++)
        if (statement->pieces[i].indent < least)
            least = statement->pieces[i].indent;
    struct buf out = {0};
    for (size_t i = 0; i < statement->count; i++) {
        size_t at = statement->pieces[i].at;
        size_t end = i + 1 < statement->count ? statement->pieces[i + 1].at - 1 : statement->text.length;
        if (i > 0)
            buf_addf(&out, "\n%*s", (int)(statement->pieces[i].indent - least), "");
        buf_add(&out, statement->text.data + at, end - at);
    }
    return buf_take(&out);
}

/* The statement that begins at byte `from` of the current line, into the item. */
static bool read_statement(struct loader *loader, size_t from, struct item *item) {
    struct statement *statement = mem_alloc(sizeof(*statement));
    struct error cause = {0};
    bool good = false;
    statement_add(statement, loader, from);
    for (;;) {
        enum grammar grammar = check_grammar(loader, statement, &cause);
        if (grammar == GRAMMAR_BAD || !next_continues(loader, grammar)) {
            good = grammar == GRAMMAR_GOOD || tell_grammar(loader, statement, grammar, &cause);
            break;
        }
        if (statement->count == LESSON_STATEMENT_LINES) {
            load_fail(loader->error, place_at(loader, 0), "a statement has at most %d lines",
                      LESSON_STATEMENT_LINES);
            break;
        }
        statement_add(statement, loader, 0);
        error_free(&cause);
    }
    good = good && !loader->error->text; /* the line that was looked at may have been none */
    item->listing = good ? lay_out(statement) : NULL;
    item->text = buf_take(&statement->text);
    error_free(&cause);
    free(statement);
    return good;
}

/* Commands that a lesson may use: those that name an actor, and those about links. */
static const char *const allowed[] = {".restart", ".interrupt", ".kill", ".eof", ".link",
                                      ".deliver", ".drop",      ".duplicate", ".swap", NULL};
enum { FIRST_OF_LINKS = 4 };

/* The row of `allowed`; false with the error told. */
static bool find_command(struct loader *loader, const char *text, size_t length, size_t *row) {
    for (*row = 0; allowed[*row]; ++*row)
        if (strlen(allowed[*row]) == length && strncmp(allowed[*row], text, length) == 0)
            return true;
    char *typed = mem_string_n(text, length);
    load_fail(loader->error, place_at(loader, 0), "\"%s\" is not a step of a lesson", typed);
    load_suggest(loader->error, typed, list_word, allowed,
                 "of the shell's commands a lesson may use .restart, .interrupt, .kill and .eof, and where it has "
                 "hosts .link, .deliver, .drop, .duplicate and .swap");
    free(typed);
    return false;
}

/* Whom a command is about; that about a link is nobody's, and shown at the first actor's prompt. */
static const char *command_actor_of(struct loader *loader, const char *text, size_t length, size_t row) {
    const struct lesson *lesson = loader->lesson;
    if (row >= FIRST_OF_LINKS) {
        if (lesson->host_count > 1)
            return lesson->actors[0];
        load_fail(loader->error, place_at(loader, 0), "%s is about links between hosts, and this lesson has no two",
                  allowed[row]);
        error_hint(loader->error, "the header names them: hosts: cheerios, laptop");
        return NULL;
    }
    size_t at = length + strspn(text + length, " ");
    if (text[at] != '\0')
        return load_actor(lesson, text + at, strlen(text + at), place_at(loader, at), loader->error);
    load_fail(loader->error, place_at(loader, length), "%s needs the name of an actor", allowed[row]);
    return NULL;
}

static bool read_command(struct loader *loader) {
    struct item item = {.kind = ITEM_STEP, .step = STEP_COMMAND, .line = loader->line.number};
    item.text = mem_string_n(loader->line.text, loader->line.length);
    size_t length = strcspn(item.text, " "), row;
    const char *actor = find_command(loader, item.text, length, &row)
                            ? command_actor_of(loader, item.text, length, row)
                            : NULL;
    if (!actor) {
        free(item.text);
        return false;
    }
    item.actor = mem_string(actor);
    return add_item(loader, item);
}

bool read_step(struct loader *loader) {
    const struct line *line = &loader->line;
    loader->step_open = true;
    if (line->text[0] == '.')
        return read_command(loader);
    size_t name = 0;
    while (name < line->length && !strchr("<> \t(){}=;\"", line->text[name]))
        name++;
    if (name == 0 || name == line->length || (line->text[name] != '>' && line->text[name] != '<')) {
        load_fail(loader->error, place_at(loader, 0), "a line indented by %d is a step and names its actor",
                  STEP_INDENT);
        error_hint(loader->error, "%s> and a statement, %s< and input, or a paragraph indented by less",
                   loader->lesson->actors[0], loader->lesson->actors[0]);
        return false;
    }
    const char *actor = load_actor(loader->lesson, line->text, name, place_at(loader, 0), loader->error);
    if (!actor)
        return false;
    bool input = line->text[name] == '<';
    struct item item = {.kind = ITEM_STEP, .step = input ? STEP_INPUT : STEP_STATEMENT, .line = line->number};
    size_t from = name + 1;
    if (from < line->length && line->text[from] == ' ')
        from++;
    if (input)
        item.text = mem_string_n(line->text + from, line->length - from);
    else if (from == line->length)
        return load_fail(loader->error, place_at(loader, from), "a statement is missing after \"%s>\"",
                         actor);
    else if (!read_statement(loader, from, &item)) {
        free(item.text);
        return false;
    }
    item.actor = mem_string(actor);
    return add_item(loader, item);
}

char *lesson_step_line(const struct item *step) {
    switch (step->step) {
    case STEP_STATEMENT:
        return mem_format("%s> %s", step->actor, step->text);
    case STEP_INPUT:
        return mem_format("%s< %s", step->actor, step->text);
    case STEP_COMMAND:
        break;
    }
    return mem_string(step->text);
}

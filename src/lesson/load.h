/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shared by the parts of the loader:
 *
 *     load.c ──┬── header.c      the first line and `key: value`
 *              ├── parameter.c   `param port = 8000..8999`, and $port in every line after the header
 *              ├── step.c        `server> …`, `client< …`, `.restart server`
 *              ├── expect.c      what stands under a step, by the table of expect_rows.c:
 *              │   expect_event.c     what was done
 *              │   expect_state.c     what is so in the kernel
 *              │   expect_wire.c      packets
 *              └── directive.c   `@…` and its block: text, then fields
 *                  directive_question.c   @ask and @predict
 *                  directive_ladder.c     @ladder
 *                  directive_task.c       @task
 *                  item.c                 what all of them are made of
 */
#ifndef SOCKSHELL_LESSON_LOAD_H
#define SOCKSHELL_LESSON_LOAD_H

#include "base/buf.h"
#include "lesson/lesson.h"

enum { STEP_INDENT = 4, EXPECTATION_INDENT = 6, MORE_INDENT = 8 };

struct line {
    const char *text; /* without indentation, trailing blanks and line end; not NUL-terminated */
    size_t length;
    size_t indent; /* blanks before it */
    unsigned number;
};

/* Where in the file something stands; column in characters, from 1. */
struct place {
    const char *path;
    unsigned line, column;
};

/* A directive whose lines are being read: its text, then its fields. */
struct block {
    bool open;
    size_t item;  /* its number among the lesson's */
    bool fields;  /* they have begun: the text is over */
    const struct field *field; /* being read; NULL: none */
    struct buf value;          /* its value so far: it may go on in the next lines */
    struct place place;        /* of the value */
    bool solution;             /* steps are those of the task's solution */
};

struct loader {
    struct lesson *lesson;
    const char *path;
    const char *bytes;
    size_t length;
    size_t at; /* where the next line begins */
    unsigned next_number;
    struct line line; /* the one read last */
    struct buf prose; /* the paragraph being gathered */
    unsigned prose_line;
    bool step_open; /* the last line belonged to a step: an expectation may follow */
    struct block block;
    size_t claim; /* the number of the claim that awaits its verdict, from 1; 0: none */
    bool substitutes; /* the header is over: parameters are replaced by their values */
    char **lines; /* the lines that were made so; owned, as loader.line points into them */
    size_t line_count;
    struct buf types; /* the names that the steps so far define by typedef, a line each */
    struct error *error;
};

/* Step to the next line; false at the end of the file. */
bool next_line(struct loader *loader);
/* Take the last line back: `at` is where it began, `before` the line before it. */
void unread_line(struct loader *loader, size_t at, struct line before);
bool line_starts(const struct line *line, const char *text);
/* The place of byte `at` of the current line's text. */
struct place place_at(const struct loader *loader, size_t at);
/* How many characters these bytes of UTF-8 are. */
unsigned characters(const char *text, size_t length);

/* "path:line:column: sentence", or where place.path is NULL the sentence alone; false always. */
bool load_fail(struct error *error, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "did you mean …" when one of the words is near, else `otherwise`. Words are asked for by number until
 * NULL. */
void load_suggest(struct error *error, const char *typed, const char *(*word)(const void *context, size_t i),
                  const void *context, const char *otherwise);
/* For load_suggest(): the context is a NULL-terminated array of words. */
const char *list_word(const void *context, size_t i);

/* The actor of this name, as the lesson holds it, or NULL with the error told. */
const char *load_actor(const struct lesson *lesson, const char *name, size_t length, struct place place,
                       struct error *error);
/* A new item at the end of the lesson, or a step at the end of the solution that is open. The item's texts
 * are taken over, also on failure. */
bool add_item(struct loader *loader, struct item item);
/* The step that add_item() made last. */
struct item *last_step(struct loader *loader);
/* The paragraph that was being gathered is over. */
bool end_paragraph(struct loader *loader);
/* The line belongs to a paragraph. */
bool read_prose(struct loader *loader);
void item_free(struct item *item);
/* One more string in a list; taken over. */
void list_add(char ***list, size_t *count, char *text);

bool read_header(struct loader *loader);
/* `param NAME = VALUES`, without the word param; the current line is the header's. */
bool read_parameter(struct loader *loader, const char *words);
/* Put the values of the parameters into the current line. */
bool substitute(struct loader *loader);
void parameters_free(struct lesson *lesson);
/* The current line is a step; reads its further lines. */
bool read_step(struct loader *loader);

/* One expectation (text: the line without its indentation) of this step. The caller frees *made with
 * expectation_free(). */
bool expectation_parse(const struct lesson *lesson, const struct item *step, const char *text,
                       struct place place, struct expectation *made, struct error *error);
void expectation_free(struct expectation *expectation);
/* Does the kernel have to be asked for it?  Else the journal has it. */
bool expectation_asks_kernel(const struct expectation *expectation);
/* Packets in the words that stand behind `wire` ("client SYN, server SYN ACK"), into made->packets, also on failure.
 * The caller frees with expectation_free(). */
bool packets_parse(const struct lesson *lesson, const char *text, struct place place, struct expectation *made,
                   struct error *error);
/* Note down in the lesson what this one needs to be judged. */
void lesson_asks(struct lesson *lesson, const struct expectation *expectation);
/* Is this a word that begins an expectation?  No actor may be called so. */
bool expectation_word(const char *word);

/* ---- Directives ---- */

/* `@…`: the current line. */
bool read_directive(struct loader *loader);
/* A line of text while a block is open. *taken: it belongs to the block; else the block is over. */
bool block_line(struct loader *loader, bool *taken);
/* An empty line; a step or an expectation comes; anything else ends the block. */
bool block_blank(struct loader *loader);
bool block_step(struct loader *loader);
bool block_end(struct loader *loader);
/* `verdict: …` of the claim that awaits it. *taken: it was that. */
bool read_verdict(struct loader *loader, bool *taken);
/* After the last line: what only the whole lesson can tell. */
bool finish_directives(struct loader *loader);

#endif

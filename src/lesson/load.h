/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shared by the parts of the loader:
 *
 *     load.c ──┬── header.c   the first line and `key: value`
 *              ├── step.c     `server> …`, `client< …`, `.restart server`
 *              └── expect.c   what stands under a step: what was done
 *                  expect_state.c                      and what is so in the kernel
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
    struct error *error;
};

/* Where in the file something stands; column in characters, from 1. */
struct place {
    const char *path;
    unsigned line, column;
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

/* "path:line:column: sentence"; false always. */
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
/* A new item at the end of the lesson. The item's texts are taken over, also on failure. */
bool add_item(struct loader *loader, struct item item);

bool read_header(struct loader *loader);
/* The current line is a step; reads its further lines. */
bool read_step(struct loader *loader);

/* One expectation (text: the line without its indentation) of this step. The caller frees *made with
 * expectation_free(). */
bool expectation_parse(const struct lesson *lesson, const struct item *step, const char *text,
                       struct place place, struct expectation *made, struct error *error);
void expectation_free(struct expectation *expectation);
/* Does the kernel have to be asked for it?  Else the journal has it. */
bool expectation_asks_kernel(const struct expectation *expectation);
/* Is this a word that begins an expectation?  No actor may be called so. */
bool expectation_word(const char *word);

#endif

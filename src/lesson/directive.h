/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by directive.c, directive_question.c, directive_ladder.c and directive_task.c. */
#ifndef SOCKSHELL_LESSON_DIRECTIVE_H
#define SOCKSHELL_LESSON_DIRECTIVE_H

#include "lesson/load.h"

/* `name: value` in the block of a directive; the value may go on in the next lines. */
struct field {
    const char *name; /* NULL: a choice, which begins with its mark */
    unsigned kinds;   /* 1 << enum item_kind, or-ed: the directives that have it */
    /* The whole value; `item` is the directive's. */
    bool (*take)(struct loader *loader, struct item *item, const char *value, struct place place);
};

bool take_answer(struct loader *loader, struct item *item, const char *value, struct place place);
/* The value begins with the mark: "(x) the kernel -- why". */
bool take_choice(struct loader *loader, struct item *item, const char *value, struct place place);
/* Does the line begin with the mark of a choice, or something like it? */
bool is_choice(const struct line *line);
/* Has the question all it needs? */
bool end_question(struct loader *loader, const struct item *item);
/* The step that answers a prediction is known: read what of it is expected. `item` is its number. */
bool finish_prediction(struct loader *loader, size_t item);

bool take_packets(struct loader *loader, struct item *item, const char *value, struct place place);
bool take_order(struct loader *loader, struct item *item, const char *value, struct place place);
bool take_blank(struct loader *loader, struct item *item, const char *value, struct place place);
bool take_draw(struct loader *loader, struct item *item, const char *value, struct place place);
bool end_ladder(struct loader *loader, const struct item *item);

bool take_goal(struct loader *loader, struct item *item, const char *value, struct place place);
bool end_task(struct loader *loader, const struct item *item);

/* "path:line:1: " and what is the matter with the directive. */
struct place directive_place(const struct loader *loader, const struct item *item);
/* Where " -- " divides a text from its reason; the text is cut there. "" when there is none. The reason is
 * new. */
char *cut_reason(char *text);

#endif

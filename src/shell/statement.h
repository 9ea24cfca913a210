/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A piece of C on its way to an actor. */
#ifndef SOCKSHELL_SHELL_STATEMENT_H
#define SOCKSHELL_SHELL_STATEMENT_H

#include "shell/shell.h"

/* Check `text` (NUL-terminated), complete it from further lines if need be, and
 * give it to the actor. `queue`: wait in the queue if the actor is blocked. */
enum line_result statement_give(struct shell *shell, struct actor *actor, const char *text, const char *place,
                                bool queue);
/* A further line of the statement that is pending. */
enum line_result statement_continue(struct shell *shell, const char *line, size_t length);

/* In a script: wait until the actor has had its turn, if that may come without a further line.  Its state then. */
enum actor_state statement_await_turn(struct shell *shell, struct actor *actor);
/* The same; can it take a statement?  If not, the error says why, and what to do. */
bool statement_is_free(struct shell *shell, struct actor *actor, struct error *error);
/* For struct parse_types; the context is an actor. */
bool statement_is_type(void *actor, const char *name);

/* How many braces more are opened than closed in a text; strings and comments do not count. */
int statement_open_braces(const char *text, size_t length);
/* A text was refused with so many braces open (negative: more closed than opened): the lines up to the last }
 * are read over. */
void statement_refuse_rest(struct shell *shell, int open);

#endif

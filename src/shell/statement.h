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

/* How many braces more are opened than closed in a text; strings and comments do not count. */
int statement_open_braces(const char *text, size_t length);
/* A text was refused with so many braces open (negative: more closed than opened): the lines up to the last }
 * are read over. */
void statement_refuse_rest(struct shell *shell, int open);

#endif

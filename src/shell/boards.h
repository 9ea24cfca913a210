/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What views ask of the actors: their variables, as noted down on their boards. */
#ifndef SOCKSHELL_SHELL_BOARDS_H
#define SOCKSHELL_SHELL_BOARDS_H

#include "shell/shell.h"

/* The boards of the whole crew at one moment; free with boards_free(). */
struct boards *boards_ask(struct shell *shell);
void boards_free(struct boards *boards);
/* The variable of the actor that holds a descriptor ("sock", "sv[0]"), or NULL. `boards` is void for views'
 * callbacks. Valid until the next call. */
const char *boards_variable(void *boards, const char *actor, int fd);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is it worth waiting for a blocked call, when nothing else is going to happen here? */
#ifndef SOCKSHELL_SHELL_AWAIT_H
#define SOCKSHELL_SHELL_AWAIT_H

#include <stdbool.h>
#include "shell/shell.h"

/* For a blocked actor: can its call end without a further line of ours? True when
 * it ends by itself (sleep, connect, a timeout), or waits for a program that is not
 * one of our actors; false when only another actor could end it, when it waits for
 * its standard input, or for strangers to begin a conversation (accept): a script that
 * wants to wait for those says `.wait`. */
bool await_may_end(struct shell *shell, const struct actor *actor);

#endif

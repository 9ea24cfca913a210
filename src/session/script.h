/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines from a pipe or a file, carried out in order. */
#ifndef SOCKSHELL_SESSION_SCRIPT_H
#define SOCKSHELL_SESSION_SCRIPT_H

#include "shell/shell.h"

/* Carry out every line that comes from fd; `name` stands in messages ("stdin",
 * "hello.txt"). Returns the exit status: 0, or 1 when a line was not understood
 * or was misused, or the output could not be written. */
int script_run(struct shell *shell, int fd, const char *name);

#endif

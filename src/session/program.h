/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program of the command line, where nobody is at a prompt. */
#ifndef SOCKSHELL_SESSION_PROGRAM_H
#define SOCKSHELL_SESSION_PROGRAM_H

#include "shell/shell.h"

/* Carry out `line`, which is .run (shell/command.h, command_run_line()); what comes on standard input is the
 * program's.  Until it has ended, or a mistake has ended it.  Returns the exit status: 0 if main() returned 0, else
 * 1. */
int program_run(struct shell *shell, const char *line);

#endif

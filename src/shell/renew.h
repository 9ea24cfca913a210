/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All afresh: another crew, another network. */
#ifndef SOCKSHELL_SHELL_RENEW_H
#define SOCKSHELL_SHELL_RENEW_H

#include "shell/shell.h"

/* End all actors and start these, of which the first is current, in a network (where it is private) and a folder in
 * which nothing is left of what was. The journal goes on; shell->fresh is its last event before. False and error when
 * an actor cannot be started: then the shell is of no further use. */
bool shell_renew(struct shell *shell, const char *const *actors, struct error *error);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All afresh: another crew, another network. */
#ifndef SOCKSHELL_SHELL_RENEW_H
#define SOCKSHELL_SHELL_RENEW_H

#include "shell/shell.h"

/* Who and what is to be there: lists that NULL ends. */
struct renewal {
    const char *const *actors;      /* the first is current */
    const char *const *hosts;       /* of a private network; or NULL: none */
    const char *const *actor_hosts; /* as for shell_start() */
};

/* End all actors and start these, in a network (where it is private) and a folder in which nothing is left
 * of what was. The journal goes on; shell->fresh is its last event before. False and error when something
 * cannot be made: then the shell is of no further use. */
bool shell_renew(struct shell *shell, const struct renewal *renewal, struct error *error);

#endif

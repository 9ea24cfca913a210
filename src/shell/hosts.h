/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell and the hosts of its private network (net/network.h): where actors live. */
#ifndef SOCKSHELL_SHELL_HOSTS_H
#define SOCKSHELL_SHELL_HOSTS_H

#include "shell/shell.h"

/* The crew knows of the network from now on; again after the first host. */
bool hosts_surround(struct shell *shell, struct error *error);
/* A host by its name. False and error: there is none, or no private network to have any. */
bool hosts_find(const struct shell *shell, const char *name, size_t *place, struct error *error);
/* One more; `address` may be NULL. */
bool hosts_add(struct shell *shell, const char *name, const char *address, struct error *error);
/* Where an actor lives; NULL: there are no hosts. */
const char *hosts_of(const struct shell *shell, const struct actor *actor);
/* Switch to an actor on this host. One that is new is started there, one that was given nothing yet is moved there. */
bool hosts_switch(struct shell *shell, const char *name, const char *host, struct error *error);

/* Where the sockets live, in words: "in a network of your own, …". The caller frees it. */
char *hosts_note(const struct shell *shell);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors as a person names them: by number, or by the variable that holds one. */
#ifndef SOCKSHELL_SHELL_DESCRIPTOR_H
#define SOCKSHELL_SHELL_DESCRIPTOR_H

#include "actor/crew.h"

/* "4", "conn", "sv[1]". False: neither a number nor an int of this actor's that has a value. */
bool descriptor_named(const struct actor *actor, const char *text, int *fd);

/* "server.4", "client.sock": what stands behind the actor's name; *actor becomes that one. Without one: the whole
 * text, and *actor stays. */
const char *descriptor_owner(struct crew *crew, const char *text, struct actor **actor);

#endif

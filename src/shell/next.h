/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What usually comes now. */
#ifndef SOCKSHELL_SHELL_NEXT_H
#define SOCKSHELL_SHELL_NEXT_H

#include "base/buf.h"
#include "shell/shell.h"

/* Advice for an actor, from the sockets that the kernel says it has. */
void next_advice(struct shell *shell, struct actor *actor, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell's eye on the kernel: opened when it is first wanted, so that a script that asks for no state pays for none. */
#ifndef SOCKSHELL_SHELL_WATCH_H
#define SOCKSHELL_SHELL_WATCH_H

#include "observe/snapshot.h"
#include "shell/shell.h"

struct observer *shell_observer(struct shell *shell);
/* How the observer knows an actor. */
void watch_actor(const struct actor *actor, struct watched *watched);
/* Everything, looked at now; the caller frees it. */
struct snapshot *shell_snapshot(struct shell *shell);
/* The same; but it is kept (shell->seen) so that sockets can be followed until the next look. */
const struct snapshot *shell_look(struct shell *shell);
void watch_end(struct shell *shell);

#endif

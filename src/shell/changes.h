/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the kernel did, into the journal: behind the calls that it came with, or by itself. */
#ifndef SOCKSHELL_SHELL_CHANGES_H
#define SOCKSHELL_SHELL_CHANGES_H

#include "observe/snapshot.h"
#include "shell/shell.h"

/* The crew's watcher (actor/crew.h); the context is the shell. */
void changes_settled(void *shell, bool missed);
/* What is other than when the kernel was looked at last, and nobody's call came with it. */
void changes_by_themselves(struct shell *shell, const struct snapshot *now);

/* For both, in watch.c: look where it was touched (NULL: at everything); and make it what was seen last. */
struct snapshot *watch_take(struct shell *shell, const struct touched *touched, size_t count,
                            enum options_wanted options);
void watch_keep(struct shell *shell, struct snapshot *now);

#endif

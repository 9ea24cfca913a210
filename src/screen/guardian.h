/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The guardian: a tiny process above the shell that knows how the terminal was,
 * and makes it so again whatever ends the shell, SIGKILL too.
 *
 *     the person's shell ── guardian ── sockshell ── actors
 *
 * To whoever started it the guardian is sockshell: it passes on signals, being
 * stopped and continued, and the way it ended.
 */
#ifndef SOCKSHELL_SCREEN_GUARDIAN_H
#define SOCKSHELL_SCREEN_GUARDIAN_H

#include <stdbool.h>

struct guardian;

/* Fork; returns in the child, which is to be the shell. The parent never returns. NULL where there can be no
 * guardian (no memory, no process): the shell goes on without one. Before threads, before anything is open. */
struct guardian *guardian_start(void);
void guardian_free(struct guardian *guardian);
/* What has to be written to the terminal if the shell ends now; fewer than TERMINAL_UNDO_MAX bytes. */
void guardian_undo(struct guardian *guardian, const char *sequences);
/* Becomes readable when the guardian is gone: then nobody waits for the shell any more. -1: there is none. */
int guardian_fd(const struct guardian *guardian);

#endif

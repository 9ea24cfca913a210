/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shell's eye on the kernel: opened when it is first wanted, so that a
 * script that asks for no state pays for none.
 *
 * When calls are watched, every actor stands still after each of its calls (the
 * first hundreds of a statement) until all have settled; then the kernel is
 * looked at where the calls touched it, and what changed goes into the journal
 * behind them.  Two ways that were not taken: one look after each statement,
 * which cannot say which of a loop's calls did what; and a look from within the
 * actor, which cannot see the other side, and not at all while it is blocked.
 */
#ifndef SOCKSHELL_SHELL_WATCH_H
#define SOCKSHELL_SHELL_WATCH_H

#include "observe/snapshot.h"
#include "shell/shell.h"

/* From the next statement on (WATCH_OFF: not any more). */
void watch_set(struct shell *shell, enum watch_level level);
/* The crew is to tell of each settling: while calls are watched, or packets seen. */
void watch_renew(struct shell *shell);
enum watch_level watch_get(const struct shell *shell);
/* A statement is about to be given: what changes is measured from now, if nothing was looked at yet. */
void watch_before(struct shell *shell);
/* Nanoseconds until sockets may have changed by themselves (a timer, another program); -1: none does. */
int64_t watch_next_look(struct shell *shell);
/* Look whether they have, if it is time and everybody has settled. */
void watch_by_itself(struct shell *shell);

struct observer *shell_observer(struct shell *shell);
/* The network's last host is new. */
void watch_new_host(struct shell *shell);
/* How the observer knows an actor. */
void watch_actor(const struct actor *actor, struct watched *watched);
/* Everything, looked at now; the caller frees it. */
struct snapshot *shell_snapshot(struct shell *shell);
/* The same, with all options; but it is kept (shell->seen) so that sockets can be followed until the next look. While calls are
 * watched, what has changed since the last look is told. */
const struct snapshot *shell_look(struct shell *shell);
/* Of one descriptor only, as long as calls are watched and so all else is known; else of everything. */
const struct snapshot *shell_look_at(struct shell *shell, const struct actor *actor, int fd);
void watch_end(struct shell *shell);

/* The cause of what an event tells (EVENT_RETURNED, EVENT_DIED), found now: explain/explain.h. */
bool watch_because(struct shell *shell, const struct event *event, char id[], struct buf *text);

#endif

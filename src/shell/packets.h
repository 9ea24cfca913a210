/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Packets into the journal: seen by a capture on loopback or by the links
 * between hosts, gathered until everybody has settled, then each put behind
 * the call that caused it, with the actors that it went between.
 */
#ifndef SOCKSHELL_SHELL_PACKETS_H
#define SOCKSHELL_SHELL_PACKETS_H

#include "net/frame.h"
#include "observe/snapshot.h"
#include "shell/shell.h"

/* See packets from now on. False: they cannot be seen, and the error says why and what would help. */
bool packets_start(struct shell *shell, struct error *error);
/* On the machine's own network other programs talk as well. Their packets are passed over and counted, unless all are
 * wanted: those between two ends of which neither is an actor's, nor was when it was last seen. In a private network
 * there are no others. */
void packets_want_all(struct shell *shell, bool all);
uint64_t packets_others(const struct shell *shell); /* so many were passed over, since packets_clear() */
void packets_stop(struct shell *shell);
bool packets_are_seen(const struct shell *shell);
/* A statement that is watched comes: packets are seen from now on where that needs no privilege, in a private
 * network, unless .wire off was said. What goes wrong is kept for .wire to tell. */
void packets_usual(struct shell *shell);
/* The network's last host is new. */
void packets_new_host(struct shell *shell);
/* For .wire: why packets_usual() did not succeed; NULL: it did, or was not tried. */
const char *packets_trouble(const struct shell *shell);

/* A net_frame_seen for the links between hosts; the context is the shell. Copies what it needs. */
void packets_take(void *shell, const struct net_frame *frame);
/* Readable when a packet was captured; -1: none is. */
int packets_fd(const struct shell *shell);
/* Everybody has settled: what was seen goes into the journal, which is held. `events`: the calls, as
 * journal_held() gives them; `now`: looked at after them, `before`: before. Both may be NULL. */
void packets_settled(struct shell *shell, const struct event *const *events, size_t count,
                     const struct snapshot *before, const struct snapshot *now);
/* The ladder begins behind this event: .wire clear; 0 at first. */
void packets_clear(struct shell *shell);
uint64_t packets_cleared(const struct shell *shell);
/* Behind which event packets are to be shown: that one, or the last there is while a lesson asks about them. */
uint64_t packets_hidden(const struct shell *shell);
/* The actors' names in the order in which they stand on every ladder (view/lifelines.h): that of the crew, which is the
 * panes'. Valid until an actor is added; returns how many there are. */
size_t packets_actors(const struct shell *shell, const char *names[CREW_MAX]);
void packets_end(struct shell *shell);

#endif

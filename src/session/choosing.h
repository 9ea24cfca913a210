/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys choose to be shown in panes: a connection or conversation, the ladder of packets, one packet of it. */
#ifndef SOCKSHELL_SESSION_CHOOSING_H
#define SOCKSHELL_SESSION_CHOOSING_H

#include "shell/shell.h"
#include "view/scene.h"

/* The next connection that the kernel has, or socket that datagrams went through; behind the last one none in particular.
 * False: there is none. */
bool choose_stream(const struct shell *shell, struct scene_wishes *wishes);
/* The ladder comes, then gets the keys, then goes away. `seen`: it is on the screen. */
void choose_wire(struct scene_wishes *wishes, bool seen);
/* Keys for choosing a packet while the mark is at the ladder. False: they are not; nothing is chosen any more. */
bool choose_packet(const struct shell *shell, struct scene_wishes *wishes, const char *typed, size_t length);
/* A packet that was searched for; 0: none. */
void choose_found(struct scene_wishes *wishes, uint64_t packet);
/* A packet was clicked on: it is chosen; the chosen one opens, the open one closes. */
void choose_clicked(struct scene_wishes *wishes, uint64_t packet);
/* No packet is. */
void choose_nothing(struct scene_wishes *wishes);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose packets they are: the actors at both ends, found by the kernel's list of sockets. For packets.c. */
#ifndef SOCKSHELL_SHELL_PACKETS_NAMES_H
#define SOCKSHELL_SHELL_PACKETS_NAMES_H

#include "net/frame.h"
#include "observe/snapshot.h"
#include "packet/track.h"
#include "shell/shell.h"

/* What can be asked. */
struct packet_naming {
    struct shell *shell;
    const struct event *const *events;
    size_t count;
    uint64_t round; /* another one when a call has been made since: whose a socket is may have changed */
    const struct snapshot *before, *now; /* may be NULL */
    struct snapshot *taken;              /* where both are: taken when it was wanted; the caller frees it */
};

/* Valid as long as the frame and what the tracker has. "": not known. */
struct packet_names {
    const char *from, *to;
};

/* `cause`: the call that caused it, or NULL. What is found is kept in the tracker, for the connection's next
 * packets; an ICMP error goes to who sent what it is about, and *note is that of its connection. */
struct packet_names packet_names(struct packet_naming *naming, struct tracker *tracker,
                                 const struct packet *packet, const struct net_frame *frame,
                                 struct track_note *note, const struct event *cause);

/* Is it one of several copies, since it is for everybody, or for a group, and there are more than two hosts? */
bool packet_is_copy(const struct shell *shell, const struct net_frame *frame);

/* Every host has a loopback of its own, with the same addresses: which network these are of, for the tracker. The first
 * host's is the one that was there before it had a name. */
const char *packet_network(const struct shell *shell, const struct net_frame *frame);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The wire: what the cables of all hosts end in, in user space.  A packet
 * socket in the network namespace of the cables' other ends takes every frame
 * that a host sends; a switch says to whom it goes, the link between the two
 * what befalls it on the way.
 *
 *     host 0 ═ veth ═▶ port 0 ─▶ switch ─▶ link 0–1 ─▶ port 1 ═ veth ═▶ host 1
 *
 * It does nothing by itself: whoever owns it polls net_wire_fd() and calls
 * net_wire_run().  That is the shell's own loop, not a process or thread beside it,
 * because only so can it know that no frame is under way any more.
 */
#ifndef SOCKSHELL_NET_WIRE_H
#define SOCKSHELL_NET_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include "net/link.h"
#include "net/switch.h"

struct net_wire;
/* In the network namespace where this process is. NULL with errno. */
struct net_wire *net_wire_new(void);
void net_wire_free(struct net_wire *wire);

/* One more port, at an interface there that carries frames. The host's name is copied. False: there are
 * SWITCH_PORTS_MAX (ENOSPC). */
bool net_wire_add(struct net_wire *wire, const char *host, unsigned interface);

/* Pass on as well what IPv6 says of its own when it gets an address? At first not. */
void net_wire_pass_noise(struct net_wire *wire, bool pass);

int net_wire_fd(const struct net_wire *wire); /* readable: there is something to do; an epoll descriptor */
void net_wire_run(struct net_wire *wire);     /* does it; never sleeps */
bool net_wire_quiet(struct net_wire *wire);   /* no frame is under way; what is held is not */

/* Between two ports, in either order; `first` becomes the smaller number. */
struct net_link *net_wire_link(struct net_wire *wire, size_t port, size_t other);
/* After something was done to a link: what is due has to be looked at anew. */
void net_wire_changed(struct net_wire *wire);
/* Frames that went past because there was no room for them (TAP_BUFFER). */
uint64_t net_wire_missed(struct net_wire *wire);

/* Who is told of every frame's fate; NULL: nobody. */
void net_wire_watch(struct net_wire *wire, net_frame_seen *seen, void *context);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The wire: what the cables of all hosts end in, in user space.  A packet
 * socket in the network namespace of the cables' other ends takes every frame
 * that a host sends; a switch says to whom it goes, the link between the two
 * what befalls it on the way.
 *
 *     host 0 ═ veth ═▶ port 0 ─▶ switch ─▶ link 0–1 ─▶ port 1 ═ veth ═▶ host 1
 *
 * It does nothing by itself: whoever owns it polls wire_fd() and calls
 * wire_run().  That is the shell's own loop, not a process or thread beside it,
 * because only so can it know that no frame is under way any more.
 */
#ifndef SOCKSHELL_NET_WIRE_H
#define SOCKSHELL_NET_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include "net/link.h"
#include "net/switch.h"

struct wire;
/* In the network namespace where this process is. NULL with errno. */
struct wire *wire_new(void);
void wire_free(struct wire *wire);

/* One more port, at an interface there that carries frames. The host's name is copied. False: there are
 * SWITCH_PORTS_MAX (ENOSPC). */
bool wire_add(struct wire *wire, const char *host, unsigned interface);

int wire_fd(const struct wire *wire); /* readable: there is something to do; an epoll descriptor */
void wire_run(struct wire *wire);     /* does it; never sleeps */
bool wire_quiet(struct wire *wire);   /* no frame is under way; what is held is not */
int64_t wire_now_ns(void);            /* CLOCK_MONOTONIC */

size_t wire_ports(const struct wire *wire);
/* Between two ports, in either order; `first` becomes the smaller number. */
struct net_link *wire_link(struct wire *wire, size_t port, size_t other);
/* After something was done to a link: what is due has to be looked at anew. */
void wire_changed(struct wire *wire);
/* Frames that went past because there was no room for them (more than 1024 in one go). */
uint64_t wire_missed(struct wire *wire);

/* Who is told of every frame's fate; NULL: nobody. */
void wire_watch(struct wire *wire, net_frame_seen *seen, void *context);

#endif

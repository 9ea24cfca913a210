/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames as they come in on one interface, loopback above all, from an
 * AF_PACKET socket (packet(7)) with a ring that the kernel writes and we read:
 * nothing is asked of the kernel as long as nothing came.
 */
#ifndef SOCKSHELL_PACKET_CAPTURE_H
#define SOCKSHELL_PACKET_CAPTURE_H

#include "base/error.h"
#include "net/frame.h"

/* Bytes of a frame that are kept: a whole one of Ethernet's usual size. */
#define CAPTURE_KEEP 1600
/* Frames that the ring has room for: what is not read before so many more came is lost. */
#define CAPTURE_FRAMES 2048

struct capture;
/* Needs CAP_NET_RAW in this network: the error says how it is had. From now on; with time stamps. */
struct capture *capture_open(const char *interface, struct error *error);
void capture_close(struct capture *capture);
/* Readable when there is a frame. */
int capture_fd(const struct capture *capture);
/* The next that waits, in the order in which they came; false: none. Its bytes are valid until the next
 * call. */
bool capture_next(struct capture *capture, struct net_frame *frame);
/* How many were lost since this was last asked, as far as it is known by now. */
uint64_t capture_lost(struct capture *capture);

#endif

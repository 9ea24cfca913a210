/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames as they come in on one interface, loopback above all, from an
 * AF_PACKET socket (net/tap.h).
 */
#ifndef SOCKSHELL_PACKET_CAPTURE_H
#define SOCKSHELL_PACKET_CAPTURE_H

#include "base/error.h"
#include "net/frame.h"

/* Bytes of a frame that are kept: a whole one of Ethernet's usual size. */
#define CAPTURE_KEEP 1600

struct capture;
/* `fd`: a socket(AF_PACKET, SOCK_RAW, 0) of the network that is meant, which is taken over; -1: there is none, errno
 * says why. It takes CAP_NET_RAW to have one: the error says how that is had. From now on; with time stamps. */
struct capture *capture_open(int fd, const char *interface, struct error *error);
void capture_close(struct capture *capture);
/* Readable when there is a frame. */
int capture_fd(const struct capture *capture);
/* The next that waits, in the order in which they came; false: none. Its bytes are valid until the next
 * call. Its host is for the caller to name. */
bool capture_next(struct capture *capture, struct net_frame *frame);
/* How many were lost since this was last asked, as far as it is known by now. */
uint64_t capture_lost(struct capture *capture);

#endif

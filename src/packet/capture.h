/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames as they come in on one interface, loopback above all, from an
 * AF_PACKET socket (packet(7)).
 *
 * No ring (PACKET_RX_RING): the kernel waits for all its CPUs when it is made,
 * and when it is unmade, 12 ms each time, which a learner would wait for at the
 * first line and a lesson's check would mostly consist of. What a ring is for, that
 * nothing is lost while nobody reads, a large receive buffer does as well.
 */
#ifndef SOCKSHELL_PACKET_CAPTURE_H
#define SOCKSHELL_PACKET_CAPTURE_H

#include "base/error.h"
#include "net/frame.h"

/* Bytes of a frame that are kept: a whole one of Ethernet's usual size. */
#define CAPTURE_KEEP 1600
/* Bytes of the kernel that frames may take up until they are read; a small one takes some 800 of them, a large
 * one 2300. What comes while it is full is lost. */
#define CAPTURE_BUFFER (8 << 20)

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

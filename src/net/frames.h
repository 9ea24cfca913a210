/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames as the books draw them, one segment each, of Ethernet's size; or as they are elsewhere. */
#ifndef SOCKSHELL_NET_FRAMES_H
#define SOCKSHELL_NET_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#define FRAMES_MTU 1500
#define FRAMES_LOOPBACK_MTU 65536 /* the kernel's own for loopback */

/* All of them need CAP_NET_ADMIN in this network. False with errno: it stays as it was. */

bool frames_set_mtu(const char *interface, int mtu);
/* Does the interface take segments of up to 64 KiB, to be cut up later (TSO, GSO), and put together what comes in
 * (GRO)?  With `on` false no frame is larger than the MTU. */
bool frames_set_offloads(const char *interface, bool on);
/* Nothing is left to a network card any more: as with frames_set_offloads(), and each frame lies in one piece and has
 * its checksum. */
bool frames_whole(const char *interface);

#endif

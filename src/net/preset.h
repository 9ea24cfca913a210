/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a private network differs from the usual, for the sake of who looks at
 * it.  Nothing here is a condition: what the kernel does not allow stays as it
 * was, and what was done is told.
 */
#ifndef SOCKSHELL_NET_PRESET_H
#define SOCKSHELL_NET_PRESET_H

#include <netinet/in.h>
#include <stdbool.h>
#include "base/buf.h"
#include "net/frames.h"

struct preset {
    bool low_ports;              /* no privilege is needed for ports below 1024 */
    bool quick_acknowledgements; /* IPv4; and IPv6 where there is any */
    unsigned table_places;       /* of the tables of TCP and of UDP sockets; 0: the machine's own tables */
    struct frames_like_books frames; /* of loopback */
    bool quiet_wire;                 /* between hosts: frames as in the books, see preset_cable() */
};

/* In a network namespace that was made for this alone, or from which others are to be made: go on to one whose tables
 * of sockets are its own, and small. False: that cannot be had, and this process is where it was. */
bool preset_small_tables(struct preset *preset);
/* In the private network, with CAP_NET_ADMIN there and loopback up. */
void preset_loopback(struct preset *preset);
/* An interface here that has these addresses of these networks (IPv6 may be NULL): quick acknowledgements on its
 * routes; and nothing is left to a network card to do, so that each frame on the wire is whole, with its checksum, and
 * no longer than the interface's MTU. */
void preset_cable(struct preset *preset, const char *interface, const struct in_addr *ipv4,
                  unsigned ipv4_bits, const struct in6_addr *ipv6, unsigned ipv6_bits);
/* What was set and why, in sentences; "" when nothing was. */
void preset_tell(const struct preset *preset, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a private network differs from the usual, for the sake of who looks at
 * it.  Nothing here is a condition: what the kernel does not allow stays as it
 * was, and what was done is told.
 */
#ifndef SOCKSHELL_NET_SETTINGS_H
#define SOCKSHELL_NET_SETTINGS_H

#include <stdbool.h>
#include "base/buf.h"
#include "net/frames.h"

struct network_settings {
    bool low_ports;              /* no privilege is needed for ports below 1024 */
    bool quick_acknowledgements; /* IPv4 on loopback; and IPv6 where there is any */
    unsigned table_places;       /* of the tables of TCP and of UDP sockets; 0: the machine's own tables */
    struct frames_like_books frames; /* of loopback */
};

/* In the private network, with CAP_NET_ADMIN there and loopback up. */
void settings_make(struct network_settings *settings);
/* In a network namespace that was made for this alone: go on to one whose tables of sockets are its own,
 * and small. False: that cannot be had, and this process is where it was. */
bool settings_small_tables(struct network_settings *settings);
/* What was set and why, in sentences; "" when nothing was. */
void settings_tell(const struct network_settings *settings, struct buf *out);

#endif

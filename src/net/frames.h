/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames as the books draw them: one segment each, of Ethernet's size. */
#ifndef SOCKSHELL_NET_FRAMES_H
#define SOCKSHELL_NET_FRAMES_H

#include <stdbool.h>
#include <stdint.h>

#define FRAMES_MTU 1500

/* What was set of one interface. */
struct frames_like_books {
    bool mtu;      /* FRAMES_MTU */
    bool offloads; /* TSO, GSO and GRO are off, so that no frame is larger than that */
};

/* Needs CAP_NET_ADMIN in this network. What the interface does not allow stays as it was. */
struct frames_like_books frames_like_books(const char *interface);

/* One such service of an interface (ETHTOOL_STSO …), through any socket. False with errno. */
bool frames_switch_off(int fd, const char *interface, uint32_t command);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A learning switch: which port does a frame leave by?  By the source address
 * of what came in it knows who is where; what is for nobody it knows, and what
 * is for everybody, goes to all other ports (IEEE 802.1D without spanning
 * trees, of which a single switch needs none).
 */
#ifndef SOCKSHELL_NET_SWITCH_H
#define SOCKSHELL_NET_SWITCH_H

#include <stddef.h>
#include <stdint.h>

#define SWITCH_PORTS_MAX 16
#define SWITCH_KNOWN_MAX 64 /* addresses; then the oldest is forgotten */

struct mac_switch {
    struct {
        unsigned char mac[6];
        unsigned char port;
    } known[SWITCH_KNOWN_MAX];
    size_t count, oldest;
};

/* A frame (from its Ethernet header on) has come in by `port`, of `ports` ports: the ports it leaves by, one bit
 * each.  0: it goes nowhere. */
uint32_t switch_forward(struct mac_switch *mac_switch, size_t port, size_t ports, const void *frame,
                        size_t length);

#endif

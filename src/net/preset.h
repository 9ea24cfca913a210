/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a private network differs from the usual, for the sake of who looks at
 * it: settings, each of which can be switched off, and then is as it is
 * elsewhere.  Nothing here is a condition: what the kernel does not allow stays
 * as it was, and is told.
 */
#ifndef SOCKSHELL_NET_PRESET_H
#define SOCKSHELL_NET_PRESET_H

#include <netinet/in.h>
#include <stdbool.h>
#include "base/buf.h"
#include "net/frames.h"

enum preset_setting {
    PRESET_QUICKACK, /* TCP acknowledges at once: IPv4, and IPv6 where there is any */
    PRESET_MTU,      /* loopback's is Ethernet's */
    PRESET_SEGMENTS, /* a packet on loopback is one segment */
    PRESET_QUIET,    /* between hosts IPv6 says nothing on its own account */
    PRESET_PATIENCE, /* a connection that is ending keeps its state for as long as somebody reads */
};
enum { PRESET_SETTINGS = 5 };

/* What somebody wants of them who says so before there is a network: a lesson's author, or the command line. */
struct preset_wish {
    enum { PRESET_UNSAID, PRESET_ON, PRESET_OFF } of[PRESET_SETTINGS];
};

struct preset {
    bool off[PRESET_SETTINGS];     /* wanted as elsewhere; at first none is */
    bool refused[PRESET_SETTINGS]; /* could not be made so, on or off, in one place at least */
    bool low_ports;                /* no privilege is needed for ports below 1024 */
    unsigned table_places;         /* of the tables of TCP and of UDP sockets; 0: the machine's own tables */
    bool whole_frames;             /* between hosts; see preset_cable() */
};

/* In a network namespace that was made for this alone, or from which others are to be made: go on to one whose tables
 * of sockets are its own, and small. False: that cannot be had, and this process is where it was. */
bool preset_small_tables(struct preset *preset);

/* In the private network, with CAP_NET_ADMIN there and loopback up: make loopback as `off` says; again whenever that
 * has changed. */
void preset_loopback(struct preset *preset);

/* An interface between hosts, with its addresses. */
struct preset_cable {
    const char *interface;
    struct in_addr ipv4;
    unsigned ipv4_bits;
    const struct in6_addr *ipv6; /* NULL: there is no IPv6 */
    unsigned ipv6_bits;
    bool settled; /* IPv6 speaks there or is quiet as `off` says already */
};
/* Likewise, where that interface is. And nothing is left there to a network card, whatever `off` says: the wire
 * (net/wire.h) passes on whole frames only. */
void preset_cable(struct preset *preset, const struct preset_cable *cable);

/* "on", "quickack off": which setting (PRESET_SETTINGS: all of them), and to what. False: it is neither. */
bool preset_read(const char *words, size_t *setting, bool *on);
/* The same, put down; of what is wished twice, the last. */
bool preset_wish(struct preset_wish *wish, const char *words);
bool preset_is_wished(const struct preset_wish *wish); /* is anything said there? */
/* What is said there, of a set that says it of all. */
void preset_follow(const struct preset_wish *wish, bool off[PRESET_SETTINGS]);

/* "quickack"; NULL ends */
const char *preset_name(size_t setting);
/* What it is now and what for, in a line. */
void preset_tell_setting(const struct preset *preset, enum preset_setting setting, struct buf *out);
/* All of them, and what else is so in a private network. */
void preset_tell(const struct preset *preset, struct buf *out);

#endif

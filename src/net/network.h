/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A private network: its own ports, nobody else's traffic, and gone when the
 * last process in it is (network_namespaces(7)).  At first it is one place with a loopback
 * interface.  With the first host that place gets a name, an address and an
 * interface eth0; every further host is a place of its own, and a wire joins
 * them.
 *
 *     namespaces.c  entering; places         names.c   /etc/hosts
 *     refusal.c     why not                  wire.c    frames between hosts
 *     rtnetlink.c   interfaces, routes       switch.c  to whom
 *     preset.c      settings                 link.c    what befalls them on the way
 */
#ifndef SOCKSHELL_NET_NETWORK_H
#define SOCKSHELL_NET_NETWORK_H

#include <stdbool.h>
#include <stddef.h>
#include "base/error.h"
#include "net/preset.h"
#include "net/wire.h"

#define NETWORK_HOSTS_MAX SWITCH_PORTS_MAX
#define NETWORK_NAME_MAX 32 /* with its NUL */
#define NETWORK_ADDRESS_MAX 46

struct network;

/* Move this process, and all its children to come, into a private network whose loopback is up.  Call it
 * early: the process must have one thread only and no sockets that are to stay of use.  Needs no privilege
 * where the system allows user namespaces.  NULL: nothing has changed, and the error names the step
 * that was forbidden, the rule that forbids it, and what would allow it. */
struct network *network_new(struct error *error);
/* The same in two halves: what takes time is done by a child process while this one does something else, and then
 * joins it there. Before that, and when network_join() was refused, there is nothing to do with it but
 * network_free(). */
struct network *network_begin(void);
bool network_join(struct network *network, struct error *error);
/* Give it up for one that is as it was at first: no hosts, and nothing left of what happened; no port is
 * taken, no TIME_WAIT lasts. Sockets of this process stay in the old one; there should be no actors any
 * more. On failure nothing has changed. */
bool network_renew(struct network *network, struct error *error);
void network_free(struct network *network);
/* Would network_new() give one?  Tried in a child process; the error is the same. */
bool network_possible(struct error *error);

/* ---- Hosts ---- */

struct network_host {
    char name[NETWORK_NAME_MAX];
    char ipv4[NETWORK_ADDRESS_MAX];
    char ipv6[NETWORK_ADDRESS_MAX]; /* "": the machine has no IPv6 */
};

/* May a host be called so?  As RFC 1123 has it: letters, digits and -, which is not at either end. */
bool network_name_valid(const char *name);
/* The first is where everybody is already. An address of 10.0.0.0/24, or NULL: the next that is free. */
bool network_add_host(struct network *network, const char *name, const char *address, struct error *error);
size_t network_hosts(const struct network *network);
const struct network_host *network_host(const struct network *network, size_t i); /* NULL ends */
/* SIZE_MAX: there is none of that name. */
size_t network_host_named(const struct network *network, const char *name);

/* In a child that becomes an actor: go to a host (0 before there are any; network NULL: stay on the machine's own) and
 * keep only the privilege that programs there need: for ports below 1024, if they are not free, and for raw sockets if
 * there may be any. False with errno. */
bool network_enter(const struct network *network, size_t host, bool raw_sockets);
/* A socket (close-on-exec) in a host's network, for asking; -1 with errno. */
int network_socket(const struct network *network, size_t host, int domain, int type, int protocol);

/* NULL before the first host. Its ports have the numbers of the hosts. */
struct net_wire *network_wire(const struct network *network);

/* A folder that nobody outside sees, open (O_PATH), empty at first; it is gone with the last process here, however
 * that ended. -1: mounting is forbidden. It is the network's, and stays when that is renewed. */
int network_folder(const struct network *network);

/* Which settings are off from the first, and are again in a network that is renewed: else none is. */
void network_usual(struct network *network, const bool off[PRESET_SETTINGS]);
/* One of the settings on, or as it is elsewhere: at once, in every host, and in those to come. */
void network_set(struct network *network, enum preset_setting setting, bool on);
/* What was set here; preset_tell() says why. */
const struct preset *network_preset(const struct network *network);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts of this network and of processes that explanations name: addresses, limits, settings. */
#ifndef SOCKSHELL_OBSERVE_MACHINE_H
#define SOCKSHELL_OBSERVE_MACHINE_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "base/buf.h"

/* The addresses of this network's interfaces that are up, of one family: "127.0.0.1 (lo), 192.0.2.7 (eth0)".
 * False: there is none, or they cannot be read. *only_loopback (may be NULL): all of them are loopback's. */
bool machine_addresses(int family, struct buf *out, bool *only_loopback);
/* Is it a destination in this very machine: loopback, or an address of one of its interfaces? */
bool machine_is_here(const struct sockaddr_storage *address);

/* A setting of this network, numbers of /proc/sys/net/…: machine_setting("ipv4/ip_local_port_range", numbers,
 * 2). False: this kernel does not have it. */
bool machine_setting(const char *name, long *numbers, size_t count);
/* How many descriptors a process may have open (RLIMIT_NOFILE); false: it is gone. */
bool machine_descriptor_limit(pid_t pid, unsigned long *limit);

/* What a path leads to, seen from this process. */
enum machine_path { PATH_MISSING, PATH_SOCKET, PATH_OTHER, PATH_UNKNOWN };
enum machine_path machine_path(const char *path);
/* The first folder on the way to `path` that does not exist, into `out`; false: they all do. */
bool machine_missing_folder(const char *path, struct buf *out);

#endif

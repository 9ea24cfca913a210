/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network of this process's own: its own loopback, its own ports, nobody
 * else's traffic, and gone when the last process in it is (design §8).
 */
#ifndef SOCKSHELL_NET_PRIVATE_H
#define SOCKSHELL_NET_PRIVATE_H

#include <stdbool.h>
#include "base/error.h"
#include "net/settings.h"

/* Move this process, and all its children to come, into a private network whose loopback is up.  Call it
 * early: the process must have one thread only and no sockets that are to stay of use.  Needs no privilege
 * where the system allows user namespaces.  On failure nothing has changed, and the error names the step
 * that was forbidden, the rule that forbids it, and what would allow it.  `settings`: how it differs
 * from other networks. */
bool network_private(struct network_settings *settings, struct error *error);

/* From a private network into another, where nothing is left of what was: no TIME_WAIT, no port taken. Sockets of this
 * process stay in the old one. On failure nothing has changed. */
bool network_renew(struct network_settings *settings, struct error *error);

#endif

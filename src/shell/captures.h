/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captures on the loopback interface of every host; of the machine, where there are no hosts. */
#ifndef SOCKSHELL_SHELL_CAPTURES_H
#define SOCKSHELL_SHELL_CAPTURES_H

#include "base/error.h"
#include "net/network.h"
#include "packet/capture.h"

struct captures;
/* network NULL: the one that this process is in. False, with error: packets cannot be seen. The network must outlive
 * them. */
struct captures *captures_open(const struct network *network, struct error *error);
void captures_close(struct captures *captures);
/* Its last host is new. */
bool captures_add_host(struct captures *captures, struct error *error);
/* Readable when there is a frame. */
int captures_fd(const struct captures *captures);
/* The next that waits, host by host; false: none. Its bytes are valid until the next call, its names as long as the
 * network. */
bool captures_next(struct captures *captures, struct net_frame *frame);
/* How many were lost since this was last asked. */
uint64_t captures_lost(struct captures *captures);

#endif

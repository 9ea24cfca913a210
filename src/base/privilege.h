/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Giving up root's capabilities (capabilities(7)). */
#ifndef SOCKSHELL_BASE_PRIVILEGE_H
#define SOCKSHELL_BASE_PRIVILEGE_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>

/* A set of one: PRIVILEGE(CAP_NET_RAW). */
#define PRIVILEGE(capability) (UINT64_C(1) << (capability))

/* For this process and all that it forks: of the capabilities it has, it keeps only these, for good; no exec() gives the
 * others back as long as CAP_SETPCAP was there. False with errno: it has what it had. */
bool privilege_keep_only(uint64_t kept);

#endif

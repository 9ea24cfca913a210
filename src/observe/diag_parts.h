/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The inside of diag.h: one file a family; nobody else includes it. */
#ifndef SOCKSHELL_OBSERVE_DIAG_PARTS_H
#define SOCKSHELL_OBSERVE_DIAG_PARTS_H

#include <libmnl/libmnl.h>

#include "observe/diag.h"

#define DIAG_NO_COOKIE UINT32_MAX /* in both halves: any socket will do */

static inline uint64_t diag_cookie(const uint32_t halves[2]) {
    return (uint64_t)halves[1] << 32 | halves[0];
}

/* Each whole attribute among these bytes, which begin aligned. */
void diag_attributes(const void *bytes, size_t length, void read(const struct nlattr *, struct socket_facts *),
                     struct socket_facts *facts);
/* SK_MEMINFO_*, an array of u32 that grows with the kernel. */
void diag_memory(const struct nlattr *attribute, struct socket_facts *facts);
enum socket_state diag_state(unsigned number);

/* One message's payload into facts. False: it is too short, or of a family nobody asked for. */
bool diag_parse_inet(const void *payload, size_t length, int protocol, struct socket_facts *facts);
bool diag_parse_unix(const void *payload, size_t length, struct socket_facts *facts);

/* Write a request behind the header. */
void diag_ask_inet(struct nlmsghdr *message, int family, int protocol, const struct diag_address *address);
void diag_ask_unix(struct nlmsghdr *message, uint32_t inode);

#endif

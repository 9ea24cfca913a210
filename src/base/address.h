/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Socket addresses in words: as strace writes them, and short. */
#ifndef SOCKSHELL_BASE_ADDRESS_H
#define SOCKSHELL_BASE_ADDRESS_H

#include <stddef.h>
#include "base/buf.h"

/* {AF_INET, 127.0.0.1:8888}, {AF_INET6, [fe80::1%2]:80}, {AF_UNIX, "/tmp/x"},
 * {AF_UNIX, @"abstract"}, {AF_UNIX} (unnamed), {AF_NETLINK, pid=7, groups=0},
 * {AF_PACKET, protocol=0x0003, ifindex=1}, {AF_UNSPEC}; any other family,
 * and an address too short for its family, {AF_x, "raw bytes"}.  `sockaddr` is
 * `length` bytes of any origin, aligned or not. */
void address_show(const void *sockaddr, size_t length, struct buf *out);
/* The short way: 127.0.0.1:8888, *:8888, [::1]:80, /tmp/x, @abstract, "unnamed"; what address_show() gives for any
 * other. */
void address_endpoint(const void *sockaddr, size_t length, struct buf *out);
/* "AF_INET" for 2; NULL for a family without a name here. */
const char *address_family_name(unsigned family);

#endif

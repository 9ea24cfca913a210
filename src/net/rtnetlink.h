/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rtnetlink(7): interfaces, addresses and routes of the network namespace in
 * which the socket was opened.  Every function: false with errno.
 */
#ifndef SOCKSHELL_NET_RTNETLINK_H
#define SOCKSHELL_NET_RTNETLINK_H

#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#define MAC_LENGTH 6

/* NULL with errno; mnl_socket_close() closes it. */
struct mnl_socket *rtnetlink_open(void);

/* One end of a cable. */
struct veth_end {
    const char *name;
    unsigned char mac[MAC_LENGTH];
};
/* A cable with one end here, the other in the network namespace `there`. */
bool rtnetlink_veth(struct mnl_socket *netlink, const struct veth_end *here, const struct veth_end *other,
                    int there);
/* Before it is raised: let it give itself no IPv6 address (fe80::…), and so ask around for nothing. */
void rtnetlink_silence(struct mnl_socket *netlink, const char *interface);
bool rtnetlink_delete(struct mnl_socket *netlink, unsigned interface);
/* Ask for it to be up. */
bool rtnetlink_raise(struct mnl_socket *netlink, unsigned interface);
/* Wait until it carries frames (of a cable: both ends must have been raised), which is some 100 µs later; what is sent
 * before is lost. A second at most (ETIMEDOUT). */
bool rtnetlink_await(struct mnl_socket *netlink, unsigned interface);
/* IPv6 without the search for somebody who has the address already, which takes a second. */
bool rtnetlink_address(struct mnl_socket *netlink, unsigned interface, int family, const void *address,
                       unsigned bits);

/* Take the IPv6 addresses away that it has given itself. */
bool rtnetlink_forget_own(struct mnl_socket *netlink, unsigned interface);

struct route {
    int family;
    const void *to;
    unsigned bits;
    unsigned table, scope, type; /* RT_TABLE_, RT_SCOPE_, RTN_ */
    unsigned interface;
    const void *source; /* or NULL */
    bool quick;         /* TCP acknowledges at once on it */
};
/* flags: NLM_F_REPLACE, NLM_F_CREATE */
bool rtnetlink_route(struct mnl_socket *netlink, const struct route *route, unsigned flags);
bool rtnetlink_route_delete(struct mnl_socket *netlink, const struct route *route);

#endif

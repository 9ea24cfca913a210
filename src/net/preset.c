/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings of a private network; see preset.h. */
#include "net/preset.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/rtnetlink.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "net/rtnetlink.h"

/* Dumps of sock_diag(7) walk the whole table of the kernel's connections, 200 µs here for an empty one of 262,144
 * places; of 1,024 places, 45 µs. */
#define TABLE_PLACES 1024

#define SYSCTL_IPV4 "/proc/sys/net/ipv4/"

/* ---- Numbers under /proc/sys ---- */

/* True when the whole text was taken. A read-only /proc/sys, as containers have it, refuses. */
static bool write_setting(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
    close(fd);
    return written;
}

static bool read_setting(const char *path, char *text, size_t room) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    ssize_t got = read(fd, text, room - 1);
    close(fd);
    text[got > 0 ? got : 0] = '\0';
    return got > 0;
}

/* The number of places is read from the namespace that makes another, at its making (tcp: Linux 6.1, udp: 6.3).
 * Only the owner of a namespace may set it there, so an ordinary user needs one to set it in, and then the second:
 * 0.25 ms.  The kernel takes two limits from the size of the table, 512 sockets in TIME_WAIT and 128 half-open
 * connections; those are put back. */
bool preset_small_tables(struct preset *preset) {
    static const char *const limits[] = {SYSCTL_IPV4 "tcp_max_tw_buckets", SYSCTL_IPV4 "tcp_max_syn_backlog"};
    char usual[2][32], places[16];
    snprintf(places, sizeof(places), "%u", (unsigned)TABLE_PLACES);
    if (!write_setting(SYSCTL_IPV4 "tcp_child_ehash_entries", places))
        return false;
    write_setting(SYSCTL_IPV4 "udp_child_hash_entries", places);
    for (size_t i = 0; i < 2; i++)
        if (!read_setting(limits[i], usual[i], sizeof(usual[i])))
            return false;
    if (unshare(CLONE_NEWNET) < 0)
        return false;
    for (size_t i = 0; i < 2; i++)
        write_setting(limits[i], usual[i]);
    preset->table_places = TABLE_PLACES;
    return true;
}

/* ---- Routes ---- */

/* A route of table local to `address`, over loopback. */
static struct route local_route(int family, const void *address, unsigned bits) {
    return (struct route){.family = family,
                          .to = address,
                          .bits = bits,
                          .table = RT_TABLE_LOCAL,
                          .scope = family == AF_INET ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE,
                          .type = RTN_LOCAL,
                          .interface = if_nametoindex("lo")};
}

/* The kernel's own routes: one for the network, one for the address; both are replaced in place. */
static bool quicken_ipv4(struct mnl_socket *netlink, const struct in_addr *address, unsigned bits) {
    struct route route = local_route(AF_INET, address, bits);
    route.quick = true;
    route.source = address;
    return rtnetlink_route(netlink, &route, NLM_F_REPLACE);
}

/* That of the kernel to an own address has metric 0, which a request cannot name (it means 1024): ours is added behind
 * it, and then the first of both deleted. */
static void quicken_ipv6(struct mnl_socket *netlink, const struct in6_addr *address) {
    struct route route = local_route(AF_INET6, address, 128);
    route.quick = true;
    if (!rtnetlink_route(netlink, &route, NLM_F_CREATE))
        return;
    route.quick = false;
    rtnetlink_route_delete(netlink, &route);
}

static bool quicken_loopback(struct mnl_socket *netlink) {
    struct in_addr self = {htonl(INADDR_LOOPBACK)}, network = {htonl(INADDR_LOOPBACK & IN_CLASSA_NET)};
    struct route route = local_route(AF_INET, &network, 8);
    route.quick = true;
    route.source = &self;
    if (!quicken_ipv4(netlink, &self, 32) || !rtnetlink_route(netlink, &route, NLM_F_REPLACE))
        return false;
    quicken_ipv6(netlink, &in6addr_loopback);
    return true;
}

void preset_loopback(struct preset *preset) {
    /* Where it is forbidden, actors can bind those ports all the same: they keep CAP_NET_BIND_SERVICE. */
    preset->low_ports = write_setting(SYSCTL_IPV4 "ip_unprivileged_port_start", "0");
    struct mnl_socket *netlink = rtnetlink_open();
    preset->quick_acknowledgements = netlink != NULL && quicken_loopback(netlink);
    preset->frames = frames_like_books("lo");
    if (netlink != NULL)
        mnl_socket_close(netlink);
}

/* ---- Interfaces between hosts ---- */

/* To everybody on the cable. The kernel's own has another metric for IPv6, and is asked after ours. */
static bool quicken_network(struct mnl_socket *netlink, struct route route, const void *network,
                            unsigned bits) {
    route.to = network;
    route.bits = bits;
    route.table = RT_TABLE_MAIN;
    route.scope = route.family == AF_INET ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
    route.type = RTN_UNICAST;
    if (route.family == AF_INET)
        return rtnetlink_route(netlink, &route, NLM_F_REPLACE);
    struct route own = route; /* metric 256, which none of ours has */
    own.quick = false;
    rtnetlink_route_delete(netlink, &own);
    return rtnetlink_route(netlink, &route, NLM_F_CREATE);
}

static bool quicken_cable(const char *interface, const struct in_addr *ipv4, unsigned ipv4_bits,
                          const struct in6_addr *ipv6, unsigned ipv6_bits) {
    struct mnl_socket *netlink = rtnetlink_open();
    struct route route = {
        .family = AF_INET, .interface = if_nametoindex(interface), .source = ipv4, .quick = true};
    struct in_addr network = {ipv4->s_addr & htonl((uint32_t)(UINT64_C(0xFFFFFFFF) << (32 - ipv4_bits)))};
    if (netlink == NULL)
        return false;
    /* What it sends to its own address goes over loopback. */
    bool done = quicken_ipv4(netlink, ipv4, 32) && quicken_network(netlink, route, &network, ipv4_bits);
    if (ipv6 != NULL) {
        struct in6_addr network6 = *ipv6;
        memset(&network6.s6_addr[ipv6_bits / 8], 0, sizeof(network6) - ipv6_bits / 8);
        quicken_ipv6(netlink, ipv6);
        route.family = AF_INET6;
        route.source = NULL;
        quicken_network(netlink, route, &network6, ipv6_bits);
    }
    mnl_socket_close(netlink);
    return done;
}

/* Nothing is left to a network card: checksums are computed, each frame lies in one piece. */
static bool whole_frames(const char *interface) {
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool done = fd >= 0 && frames_switch_off(fd, interface, ETHTOOL_SSG) &&
                frames_switch_off(fd, interface, ETHTOOL_STXCSUM);
    if (fd >= 0)
        close(fd);
    return done;
}

void preset_cable(struct preset *preset, const char *interface, const struct in_addr *ipv4,
                  unsigned ipv4_bits, const struct in6_addr *ipv6, unsigned ipv6_bits) {
    struct frames_like_books frames = frames_like_books(interface);
    preset->quiet_wire = whole_frames(interface) && frames.offloads;
    preset->quick_acknowledgements &= quicken_cable(interface, ipv4, ipv4_bits, ipv6, ipv6_bits);
}

void preset_tell(const struct preset *preset, struct buf *out) {
    if (preset->quick_acknowledgements)
        buf_add_text(
            out,
            "TCP acknowledges at once here (its routes to 127.0.0.0/8 and ::1 have quickack 1). Elsewhere it "
            "may wait some 40 ms for data to send along, and a connection that is being closed "
            "stays in FIN_WAIT1 for as long.\n");
    if (preset->frames.mtu && preset->frames.offloads)
        buf_addf(out,
                 "Packets are those of the books: loopback's MTU is %d, and no segments are put together for "
                 "speed (TSO, GSO and GRO are off). Elsewhere it takes 65536 bytes at a time.\n",
                 FRAMES_MTU);
    if (preset->table_places != 0)
        buf_addf(out,
                 "The kernel's tables of TCP and of UDP sockets have %u places here "
                 "(net.ipv4.tcp_child_ehash_entries), so that it can be asked for all of them in no time.\n",
                 preset->table_places);
    if (preset->low_ports)
        buf_add_text(out,
                     "Ports below 1024 need no privilege here (net.ipv4.ip_unprivileged_port_start = 0).\n");
    if (preset->quiet_wire)
        buf_add_text(
            out,
            "Between hosts every frame is on the wire as the books have it: 1500 bytes at most and with its "
            "checksum "
            "(eth0 has no offloads), no addresses that IPv6 gives itself (fe80::…), no search for routers, "
            "no reports of multicast groups.\n");
}

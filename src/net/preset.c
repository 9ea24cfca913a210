/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The settings of a private network; see preset.h. */
#include "net/preset.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/rtnetlink.h>
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
#define SYSCTL_IPV6 "/proc/sys/net/ipv6/"

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
static struct route local_route(int family, const void *address, unsigned bits, bool quick) {
    return (struct route){.family = family,
                          .to = address,
                          .bits = bits,
                          .table = RT_TABLE_LOCAL,
                          .scope = family == AF_INET ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE,
                          .type = RTN_LOCAL,
                          .interface = if_nametoindex("lo"),
                          .quick = quick};
}

/* The kernel's own routes: one for the network, one for the address; both are replaced in place. */
static bool set_ipv4(struct mnl_socket *netlink, const struct in_addr *address, unsigned bits, bool quick) {
    struct route route = local_route(AF_INET, address, bits, quick);
    route.source = address;
    return rtnetlink_route(netlink, &route, NLM_F_REPLACE);
}

/* The kernel's own of IPv6 have a metric that none of ours has (1024): ours is added behind it, and then the first of
 * both deleted. Off again, ours is replaced by one that does as the kernel's did. */
static void set_ipv6_route(struct mnl_socket *netlink, struct route route) {
    bool wanted = route.quick;
    if (!rtnetlink_route(netlink, &route, wanted ? NLM_F_CREATE : NLM_F_REPLACE) || !wanted)
        return;
    route.quick = false;
    rtnetlink_route_delete(netlink, &route);
}

static bool set_loopback(struct mnl_socket *netlink, bool quick) {
    struct in_addr self = {htonl(INADDR_LOOPBACK)}, network = {htonl(INADDR_LOOPBACK & IN_CLASSA_NET)};
    struct route route = local_route(AF_INET, &network, 8, quick);
    route.source = &self;
    if (!set_ipv4(netlink, &self, 32, quick) || !rtnetlink_route(netlink, &route, NLM_F_REPLACE))
        return false;
    set_ipv6_route(netlink, local_route(AF_INET6, &in6addr_loopback, 128, quick));
    return true;
}

/* To everybody on the cable. */
static bool set_network_ipv4(struct mnl_socket *netlink, const struct preset_cable *cable, bool quick) {
    struct in_addr network = {cable->ipv4.s_addr &
                              htonl((uint32_t)(UINT64_C(0xFFFFFFFF) << (32 - cable->ipv4_bits)))};
    const struct route route = {.family = AF_INET,
                                .to = &network,
                                .bits = cable->ipv4_bits,
                                .table = RT_TABLE_MAIN,
                                .scope = RT_SCOPE_LINK,
                                .type = RTN_UNICAST,
                                .interface = if_nametoindex(cable->interface),
                                .source = &cable->ipv4,
                                .quick = quick};
    return rtnetlink_route(netlink, &route, NLM_F_REPLACE);
}

static void set_network_ipv6(struct mnl_socket *netlink, const struct preset_cable *cable, bool quick) {
    struct in6_addr network = *cable->ipv6;
    memset(&network.s6_addr[cable->ipv6_bits / 8], 0, sizeof(network) - cable->ipv6_bits / 8);
    const struct route route = {.family = AF_INET6,
                                .to = &network,
                                .bits = cable->ipv6_bits,
                                .table = RT_TABLE_MAIN,
                                .scope = RT_SCOPE_UNIVERSE,
                                .type = RTN_UNICAST,
                                .interface = if_nametoindex(cable->interface),
                                .quick = quick};
    set_ipv6_route(netlink, route);
}

static bool set_cable(struct mnl_socket *netlink, const struct preset_cable *cable, bool quick) {
    /* What it sends to its own address goes over loopback. */
    bool done = set_ipv4(netlink, &cable->ipv4, 32, quick) && set_network_ipv4(netlink, cable, quick);
    if (cable->ipv6 != NULL) {
        set_ipv6_route(netlink, local_route(AF_INET6, cable->ipv6, 128, quick));
        set_network_ipv6(netlink, cable, quick);
    }
    return done;
}

/* ---- Endings ---- */

/* Ten minutes in FIN_WAIT2 for a socket that no program has any more, instead of one: whoever reads what a lesson has
 * to say there takes longer than that.  And a RST does not end TIME_WAIT (RFC 1337): on a machine so busy that the wire
 * between hosts stood still for 200 ms, a FIN is sent again, is acknowledged again, and finds nobody: 2 of 400 runs of a
 * lesson lost their TIME_WAIT to the RST that answers. */
static bool set_patience(bool patient) {
    return write_setting(SYSCTL_IPV4 "tcp_fin_timeout", patient ? "600" : "60") &&
           write_setting(SYSCTL_IPV4 "tcp_rfc1337", patient ? "1" : "0");
}

/* ---- Interfaces ---- */

static void note(struct preset *preset, enum preset_setting setting, bool done) {
    preset->refused[setting] = preset->refused[setting] || !done;
}

void preset_loopback(struct preset *preset) {
    /* Where it is forbidden, actors can bind those ports all the same: they keep CAP_NET_BIND_SERVICE. */
    preset->low_ports = write_setting(SYSCTL_IPV4 "ip_unprivileged_port_start", "0");
    struct mnl_socket *netlink = rtnetlink_open();
    note(preset, PRESET_QUICKACK, netlink != NULL && set_loopback(netlink, !preset->off[PRESET_QUICKACK]));
    if (netlink != NULL)
        mnl_socket_close(netlink);
    note(preset, PRESET_MTU,
         frames_set_mtu("lo", preset->off[PRESET_MTU] ? FRAMES_LOOPBACK_MTU : FRAMES_MTU));
    note(preset, PRESET_SEGMENTS, frames_set_offloads("lo", preset->off[PRESET_SEGMENTS]));
    note(preset, PRESET_PATIENCE, set_patience(!preset->off[PRESET_PATIENCE]));
}

/* Only by this way does an interface that is up give itself an address at once (RTM_SETLINK waits for the next time
 * that it comes up); and it is not taken away again with the mode. */
static bool set_quiet(struct mnl_socket *netlink, const char *interface, bool quiet) {
    char path[sizeof(SYSCTL_IPV6 "conf//addr_gen_mode") + IFNAMSIZ];
    snprintf(path, sizeof(path), SYSCTL_IPV6 "conf/%s/addr_gen_mode", interface);
    if (!write_setting(path, quiet ? "1" : "0")) /* IN6_ADDR_GEN_MODE_NONE, _EUI64 */
        return false;
    return !quiet || rtnetlink_forget_own(netlink, if_nametoindex(interface));
}

void preset_cable(struct preset *preset, const struct preset_cable *cable) {
    struct mnl_socket *netlink = rtnetlink_open();
    preset->whole_frames = frames_whole(cable->interface);
    note(preset, PRESET_QUICKACK,
         netlink != NULL && set_cable(netlink, cable, !preset->off[PRESET_QUICKACK]));
    if (cable->ipv6 != NULL && !cable->settled)
        note(preset, PRESET_QUIET,
             netlink != NULL && set_quiet(netlink, cable->interface, !preset->off[PRESET_QUIET]));
    if (netlink != NULL)
        mnl_socket_close(netlink);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Settings of a private network; see settings.h. */
#include "net/settings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Dumps of sock_diag(7) walk the whole table of the kernel's connections, 200 µs here for an empty one of
 * 262,144 places; of 1,024 places, 45 µs. */
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

/* The number of places is read from the namespace that makes another, at its making (tcp: Linux 6.1, udp:
 * 6.3). Only the owner of a namespace may set it there, so an ordinary user needs one to set it in, and
 * then the second: 0.25 ms.  The kernel takes two limits from the size of the table, 512 sockets in
 * TIME_WAIT and 128 half-open connections; those are put back. */
bool settings_small_tables(struct network_settings *settings) {
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
    settings->table_places = TABLE_PLACES;
    return true;
}

/* ---- Routes ---- */

/* A route of table local to `address`, over loopback. With `quick` TCP sends each acknowledgement at once
 * on it. */
static void local_route(struct nlmsghdr *message, int family, const void *address, unsigned bits,
                        bool quick) {
    struct rtmsg *route = mnl_nlmsg_put_extra_header(message, sizeof(*route));
    *route = (struct rtmsg){.rtm_family = (unsigned char)family,
                            .rtm_dst_len = (unsigned char)bits,
                            .rtm_table = RT_TABLE_LOCAL,
                            .rtm_protocol = RTPROT_KERNEL,
                            .rtm_scope = family == AF_INET ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE,
                            .rtm_type = RTN_LOCAL};
    mnl_attr_put(message, RTA_DST, family == AF_INET ? 4 : 16, address);
    mnl_attr_put_u32(message, RTA_OIF, if_nametoindex("lo"));
    if (!quick)
        return;
    struct nlattr *metrics = mnl_attr_nest_start(message, RTA_METRICS);
    mnl_attr_put_u32(message, RTAX_QUICKACK, 1);
    mnl_attr_nest_end(message, metrics);
    if (family == AF_INET)
        mnl_attr_put_u32(message, RTA_PREFSRC, htonl(INADDR_LOOPBACK));
}

static struct nlmsghdr *new_message(char *room, unsigned type, unsigned flags) {
    struct nlmsghdr *message = mnl_nlmsg_put_header(room);
    message->nlmsg_type = (uint16_t)type;
    message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | NLM_F_ACK | flags);
    return message;
}

/* Send, and read the one answer that NLM_F_ACK asks for. */
static bool carry_out(struct mnl_socket *netlink, const struct nlmsghdr *message) {
    char answer[4096] __attribute__((aligned(NLMSG_ALIGNTO)));
    if (mnl_socket_sendto(netlink, message, message->nlmsg_len) < 0)
        return false;
    ssize_t length = mnl_socket_recvfrom(netlink, answer, sizeof(answer));
    return length > 0 &&
           mnl_cb_run(answer, (size_t)length, 0, mnl_socket_get_portid(netlink), NULL, NULL) >= 0;
}

/* The kernel's own routes: one for the network, one for the address; both are replaced in place. */
static bool quicken_ipv4(struct mnl_socket *netlink) {
    static const struct {
        uint32_t address;
        unsigned bits;
    } routes[] = {{INADDR_LOOPBACK, 32}, {INADDR_LOOPBACK & IN_CLASSA_NET, 8}};
    char room[512] __attribute__((aligned(NLMSG_ALIGNTO)));
    for (size_t i = 0; i < 2; i++) {
        struct nlmsghdr *message = new_message(room, RTM_NEWROUTE, NLM_F_REPLACE);
        uint32_t address = htonl(routes[i].address);
        local_route(message, AF_INET, &address, routes[i].bits, true);
        if (!carry_out(netlink, message))
            return false;
    }
    return true;
}

/* That to ::1 has metric 0, which a request cannot name (it means 1024): ours is added behind it, and then
 * the first of both deleted. */
static void quicken_ipv6(struct mnl_socket *netlink) {
    char room[512] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = new_message(room, RTM_NEWROUTE, NLM_F_CREATE);
    local_route(message, AF_INET6, &in6addr_loopback, 128, true);
    if (!carry_out(netlink, message))
        return;
    message = new_message(room, RTM_DELROUTE, 0);
    local_route(message, AF_INET6, &in6addr_loopback, 128, false);
    carry_out(netlink, message);
}

static bool quick_acknowledgements(void) {
    struct mnl_socket *netlink = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    if (netlink == NULL)
        return false;
    bool done = mnl_socket_bind(netlink, 0, MNL_SOCKET_AUTOPID) == 0 && quicken_ipv4(netlink);
    if (done)
        quicken_ipv6(netlink);
    mnl_socket_close(netlink);
    return done;
}

void settings_make(struct network_settings *settings) {
    /* Where it is forbidden, actors can bind those ports all the same: they keep the namespace's
     * capabilities. */
    settings->low_ports = write_setting(SYSCTL_IPV4 "ip_unprivileged_port_start", "0");
    settings->quick_acknowledgements = quick_acknowledgements();
    settings->frames = frames_like_books("lo");
}

void settings_tell(const struct network_settings *settings, struct buf *out) {
    if (settings->quick_acknowledgements)
        buf_add_text(
            out,
            "TCP acknowledges at once here (its routes to 127.0.0.0/8 and ::1 have quickack 1). Elsewhere it "
            "may wait some 40 ms for data to send along, and a connection that is being closed "
            "stays in FIN_WAIT1 for as long.\n");
    if (settings->frames.mtu && settings->frames.offloads)
        buf_addf(out,
                 "Packets are those of the books: loopback's MTU is %d, and no segments are put together for "
                 "speed (TSO, GSO and GRO are off). Elsewhere it takes 65536 bytes at a time.\n",
                 FRAMES_MTU);
    if (settings->table_places != 0)
        buf_addf(out,
                 "The kernel's tables of TCP and of UDP sockets have %u places here "
                 "(net.ipv4.tcp_child_ehash_entries), so that it can be asked for all of them in no time.\n",
                 settings->table_places);
    if (settings->low_ports)
        buf_add_text(out,
                     "Ports below 1024 need no privilege here (net.ipv4.ip_unprivileged_port_start = 0).\n");
}

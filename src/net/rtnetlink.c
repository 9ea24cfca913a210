/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests to rtnetlink(7); see rtnetlink.h. */
#include "net/rtnetlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <poll.h>
#include <string.h>

#include "base/clock.h"

#define RAISE_WAIT_NS SECOND_NS
#define ROOM 1024
#define ANSWER_ROOM 16384 /* a link with all its attributes is some 1,500 bytes */

struct mnl_socket *rtnetlink_open(void) {
    struct mnl_socket *netlink = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    if (netlink == NULL)
        return NULL;
    if (mnl_socket_bind(netlink, 0, MNL_SOCKET_AUTOPID) == 0)
        return netlink;
    int saved = errno;
    mnl_socket_close(netlink);
    errno = saved;
    return NULL;
}

static struct nlmsghdr *begin(char *room, unsigned type, unsigned flags) {
    struct nlmsghdr *message = mnl_nlmsg_put_header(room);
    message->nlmsg_type = (uint16_t)type;
    message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    return message;
}

/* Send, and read the one answer: what was asked for, or what NLM_F_ACK asks for. */
static bool carry_out(struct mnl_socket *netlink, const struct nlmsghdr *message, mnl_cb_t read,
                      void *context) {
    char answer[ANSWER_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    if (mnl_socket_sendto(netlink, message, message->nlmsg_len) < 0)
        return false;
    ssize_t length = mnl_socket_recvfrom(netlink, answer, sizeof(answer));
    return length > 0 &&
           mnl_cb_run(answer, (size_t)length, 0, mnl_socket_get_portid(netlink), read, context) >= 0;
}

/* ---- Interfaces ---- */

/* Without this an interface gives itself an address (fe80::…) and asks around for routers and doubles. */
static void put_no_ipv6_noise(struct nlmsghdr *message) {
    struct nlattr *families = mnl_attr_nest_start(message, IFLA_AF_SPEC);
    struct nlattr *ipv6 = mnl_attr_nest_start(message, AF_INET6);
    mnl_attr_put_u8(message, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
    mnl_attr_nest_end(message, ipv6);
    mnl_attr_nest_end(message, families);
}

static void put_end(struct nlmsghdr *message, const struct veth_end *end) {
    mnl_attr_put_strz(message, IFLA_IFNAME, end->name);
    mnl_attr_put(message, IFLA_ADDRESS, MAC_LENGTH, end->mac);
}

/* The kernel takes IFLA_AF_SPEC for an interface that exists only; without IPv6 there is nothing to be silenced. */
void rtnetlink_silence(struct mnl_socket *netlink, const char *name) {
    char room[ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = begin(room, RTM_SETLINK, NLM_F_ACK);
    struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
    *link = (struct ifinfomsg){.ifi_family = AF_UNSPEC};
    mnl_attr_put_strz(message, IFLA_IFNAME, name);
    put_no_ipv6_noise(message);
    carry_out(netlink, message, NULL, NULL);
}

bool rtnetlink_veth(struct mnl_socket *netlink, const struct veth_end *here, const struct veth_end *other,
                    int there) {
    char room[ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = begin(room, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
    struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
    *link = (struct ifinfomsg){.ifi_family = AF_UNSPEC};
    put_end(message, here);
    struct nlattr *info = mnl_attr_nest_start(message, IFLA_LINKINFO);
    mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
    struct nlattr *data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
    struct nlattr *peer = mnl_attr_nest_start(message, VETH_INFO_PEER);
    link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
    *link = (struct ifinfomsg){.ifi_family = AF_UNSPEC};
    put_end(message, other);
    mnl_attr_put_u32(message, IFLA_NET_NS_FD, (uint32_t)there);
    mnl_attr_nest_end(message, peer);
    mnl_attr_nest_end(message, data);
    mnl_attr_nest_end(message, info);
    return carry_out(netlink, message, NULL, NULL);
}

bool rtnetlink_delete(struct mnl_socket *netlink, unsigned interface) {
    char room[ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = begin(room, RTM_DELLINK, NLM_F_ACK);
    struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
    *link = (struct ifinfomsg){.ifi_family = AF_UNSPEC, .ifi_index = (int)interface};
    return carry_out(netlink, message, NULL, NULL);
}

/* Of a loopback interface the state stays IF_OPER_UNKNOWN for ever, of others IF_OPER_UP is awaited. */
static int read_ready(const struct nlmsghdr *message, void *context) {
    const struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
    const struct nlattr *attribute;
    unsigned state = IF_OPER_UNKNOWN;
    for (attribute = mnl_nlmsg_get_payload_offset(message, sizeof(*link)); mnl_attr_ok(
             attribute, (int)((const char *)mnl_nlmsg_get_payload_tail(message) - (const char *)attribute));
         attribute = mnl_attr_next(attribute)) {
        if (mnl_attr_get_type(attribute) == IFLA_OPERSTATE)
            state = mnl_attr_get_u8(attribute);
    }
    bool usable = state == IF_OPER_UP || ((link->ifi_flags & IFF_LOOPBACK) && state == IF_OPER_UNKNOWN);
    *(bool *)context = usable && (link->ifi_flags & IFF_UP) && (link->ifi_flags & IFF_RUNNING);
    return MNL_CB_OK;
}

static bool is_ready(struct mnl_socket *netlink, unsigned interface, bool *ready) {
    char room[ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = begin(room, RTM_GETLINK, 0);
    struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
    *link = (struct ifinfomsg){.ifi_family = AF_UNSPEC, .ifi_index = (int)interface};
    *ready = false;
    return carry_out(netlink, message, read_ready, ready);
}

/* The kernel announces each change of a link to those who asked before it happened. */
static bool await(struct mnl_socket *netlink, struct mnl_socket *news, unsigned interface) {
    int64_t deadline = clock_now_ns() + RAISE_WAIT_NS;
    bool ready;
    while (is_ready(netlink, interface, &ready)) {
        char announcement[4096];
        struct pollfd something = {.fd = mnl_socket_get_fd(news), .events = POLLIN};
        int64_t left = deadline - clock_now_ns();
        struct timespec timeout = clock_timespec(left > 0 ? left : 0);
        if (ready)
            return true;
        if (left <= 0 || (ppoll(&something, 1, &timeout, NULL) < 0 && errno != EINTR)) {
            errno = ETIMEDOUT;
            return false;
        }
        while (recv(something.fd, announcement, sizeof(announcement), MSG_DONTWAIT) > 0)
            continue;
    }
    return false;
}

static bool set_up(struct mnl_socket *netlink, unsigned interface) {
    char room[ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = begin(room, RTM_NEWLINK, NLM_F_ACK);
    struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
    *link = (struct ifinfomsg){
        .ifi_family = AF_UNSPEC, .ifi_index = (int)interface, .ifi_flags = IFF_UP, .ifi_change = IFF_UP};
    return carry_out(netlink, message, NULL, NULL);
}

bool rtnetlink_await(struct mnl_socket *netlink, unsigned interface) {
    struct mnl_socket *news = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
    if (news == NULL)
        return false;
    bool up = mnl_socket_bind(news, RTMGRP_LINK, MNL_SOCKET_AUTOPID) == 0 && await(netlink, news, interface);
    int saved = errno;
    mnl_socket_close(news);
    errno = saved;
    return up;
}

bool rtnetlink_raise(struct mnl_socket *netlink, unsigned interface) {
    return set_up(netlink, interface);
}

/* ---- Addresses ---- */

static size_t address_length(int family) {
    return family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

bool rtnetlink_address(struct mnl_socket *netlink, unsigned interface, int family, const void *address,
                       unsigned bits) {
    char room[ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = begin(room, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
    struct ifaddrmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
    *header = (struct ifaddrmsg){.ifa_family = (unsigned char)family,
                                 .ifa_prefixlen = (unsigned char)bits,
                                 .ifa_flags = family == AF_INET6 ? IFA_F_NODAD : 0,
                                 .ifa_scope = RT_SCOPE_UNIVERSE,
                                 .ifa_index = interface};
    mnl_attr_put(message, IFA_LOCAL, address_length(family), address);
    mnl_attr_put(message, IFA_ADDRESS, address_length(family), address);
    if (family == AF_INET) {
        struct in_addr broadcast = *(const struct in_addr *)address;
        broadcast.s_addr |= htonl((uint32_t)(UINT64_C(0xFFFFFFFF) >> bits));
        mnl_attr_put(message, IFA_BROADCAST, sizeof(broadcast), &broadcast);
    }
    return carry_out(netlink, message, NULL, NULL);
}

/* Those of an interface that have link scope (fe80::…). */
struct own_addresses {
    unsigned interface;
    struct in6_addr found[8];
    size_t count;
};

static int keep_own(const struct nlattr *attribute, void *context) {
    struct own_addresses *own = context;
    if (mnl_attr_get_type(attribute) == IFA_ADDRESS &&
        own->count < sizeof(own->found) / sizeof(*own->found) &&
        mnl_attr_get_payload_len(attribute) == sizeof(struct in6_addr))
        memcpy(&own->found[own->count++], mnl_attr_get_payload(attribute), sizeof(struct in6_addr));
    return MNL_CB_OK;
}

static int read_own(const struct nlmsghdr *message, void *context) {
    struct own_addresses *own = context;
    const struct ifaddrmsg *header = mnl_nlmsg_get_payload(message);
    if (message->nlmsg_type == RTM_NEWADDR && header->ifa_index == own->interface &&
        header->ifa_scope == RT_SCOPE_LINK)
        mnl_attr_parse(message, sizeof(*header), keep_own, own);
    return MNL_CB_OK;
}

static bool delete_address(struct mnl_socket *netlink, unsigned interface, const struct in6_addr *address) {
    char room[ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = begin(room, RTM_DELADDR, NLM_F_ACK);
    struct ifaddrmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
    *header = (struct ifaddrmsg){.ifa_family = AF_INET6, .ifa_prefixlen = 64, .ifa_index = interface};
    mnl_attr_put(message, IFA_LOCAL, sizeof(*address), address);
    return carry_out(netlink, message, NULL, NULL);
}

bool rtnetlink_forget_own(struct mnl_socket *netlink, unsigned interface) {
    char room[ROOM] __attribute__((aligned(NLMSG_ALIGNTO))),
        answer[ANSWER_ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = begin(room, RTM_GETADDR, NLM_F_DUMP);
    struct ifaddrmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
    struct own_addresses own = {.interface = interface};
    int going = MNL_CB_OK;
    *header = (struct ifaddrmsg){.ifa_family = AF_INET6};
    if (mnl_socket_sendto(netlink, message, message->nlmsg_len) < 0)
        return false;
    while (going == MNL_CB_OK) {
        ssize_t length = mnl_socket_recvfrom(netlink, answer, sizeof(answer));
        going = length > 0
                    ? mnl_cb_run(answer, (size_t)length, 0, mnl_socket_get_portid(netlink), read_own, &own)
                    : MNL_CB_ERROR;
    }
    bool done = going == MNL_CB_STOP;
    for (size_t i = 0; i < own.count; i++)
        done = delete_address(netlink, interface, &own.found[i]) && done;
    return done;
}

/* ---- Routes ---- */

static bool route(struct mnl_socket *netlink, const struct route *wanted, unsigned type, unsigned flags) {
    char room[ROOM] __attribute__((aligned(NLMSG_ALIGNTO)));
    struct nlmsghdr *message = begin(room, type, flags | NLM_F_ACK);
    struct rtmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
    *header = (struct rtmsg){.rtm_family = (unsigned char)wanted->family,
                             .rtm_dst_len = (unsigned char)wanted->bits,
                             .rtm_table = (unsigned char)wanted->table,
                             .rtm_protocol = RTPROT_KERNEL,
                             .rtm_scope = (unsigned char)wanted->scope,
                             .rtm_type = (unsigned char)wanted->type};
    mnl_attr_put(message, RTA_DST, address_length(wanted->family), wanted->to);
    mnl_attr_put_u32(message, RTA_OIF, wanted->interface);
    if (wanted->quick) {
        struct nlattr *metrics = mnl_attr_nest_start(message, RTA_METRICS);
        mnl_attr_put_u32(message, RTAX_QUICKACK, 1);
        mnl_attr_nest_end(message, metrics);
    }
    if (wanted->source != NULL)
        mnl_attr_put(message, RTA_PREFSRC, address_length(wanted->family), wanted->source);
    return carry_out(netlink, message, NULL, NULL);
}

bool rtnetlink_route(struct mnl_socket *netlink, const struct route *wanted, unsigned flags) {
    return route(netlink, wanted, RTM_NEWROUTE, flags);
}

bool rtnetlink_route_delete(struct mnl_socket *netlink, const struct route *wanted) {
    return route(netlink, wanted, RTM_DELROUTE, 0);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kind of descriptor it is, and its endpoints, in few words; see state.h. */
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>

#include "base/address.h"
#include "call/constant.h"
#include "view/state.h"

void state_kind(const struct descriptor *descriptor, struct buf *out) {
    switch (descriptor->kind) {
    case DESCRIPTOR_SOCKET:
        if (descriptor->facts_known)
            socket_kind(&descriptor->socket, out);
        else
            buf_add_text(out, "socket");
        return;
    case DESCRIPTOR_PIPE:
        buf_add_text(out, "pipe");
        return;
    case DESCRIPTOR_EPOLL:
        buf_add_text(out, "epoll");
        return;
    case DESCRIPTOR_EVENT:
        buf_add_text(out, "events");
        return;
    case DESCRIPTOR_FILE:
        buf_add_text(out, "file");
        return;
    }
}

/* packet(7): which frames it receives; 3 (ETH_P_ALL) is all of them. */
static void packet_endpoint(const struct sockaddr_storage *address, struct buf *out) {
    const struct sockaddr_ll *link = (const void *)address;
    unsigned protocol = ntohs(link->sll_protocol);
    if (protocol == ETH_P_ALL)
        buf_add_text(out, "every frame");
    else if (protocol == 0)
        buf_add_text(out, "no frames yet");
    else
        buf_addf(out, "frames of type 0x%04x", protocol);
    if (protocol != 0 && link->sll_ifindex != 0)
        buf_addf(out, " of interface %d", link->sll_ifindex);
}

void state_endpoint(const struct socket_facts *facts, const struct sockaddr_storage *address,
                    socklen_t length, struct buf *out) {
    size_t start = out->length;
    if (address->ss_family == AF_PACKET && length >= offsetof(struct sockaddr_ll, sll_addr)) {
        packet_endpoint(address, out);
        return;
    }
    if (address->ss_family == AF_NETLINK && length >= sizeof(struct sockaddr_nl)) {
        buf_addf(out, "port %u", ((const struct sockaddr_nl *)(const void *)address)->nl_pid);
        return;
    }
    address_endpoint(address, length, out);
    /* A raw socket has no ports. */
    if (facts->type == SOCK_RAW && address_port(address) == 0 && out->length - start > 2 &&
        memcmp(out->data + out->length - 2, ":0", 2) == 0) {
        out->length -= 2;
        out->data[out->length] = '\0';
    }
}

bool state_protocol(const struct socket_facts *facts, struct buf *out) {
    static const struct {
        int protocol;
        const char *name;
    } netlink[] = {{NETLINK_ROUTE, "ROUTE"},     {NETLINK_SOCK_DIAG, "SOCK_DIAG"},
                   {NETLINK_GENERIC, "GENERIC"}, {NETLINK_NETFILTER, "NETFILTER"},
                   {NETLINK_AUDIT, "AUDIT"},     {NETLINK_KOBJECT_UEVENT, "KOBJECT_UEVENT"}};
    const char *name = NULL;
    if (facts->family == AF_NETLINK) {
        for (size_t i = 0; i < sizeof(netlink) / sizeof(*netlink); i++)
            if (netlink[i].protocol == facts->protocol)
                name = netlink[i].name;
    } else if (facts->type == SOCK_RAW && (facts->family == AF_INET || facts->family == AF_INET6)) {
        name = constant_name(&constants_protocol, facts->protocol);
        name = name != NULL ? name + strlen("IPPROTO_") : NULL;
    } else {
        return false;
    }
    buf_addf(out, "protocol %d", facts->protocol);
    if (name != NULL)
        buf_addf(out, " (%s)", name);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel delays an acknowledgement by up to 40 ms, hoping for data to send it
 * with.  Between two actors that makes states last that a learner would see in
 * no real network, and differently each time.  A route can forbid it (ip-route(8),
 * quickack): here those of the loopback addresses.
 */
#include "net/quickack.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct request {
    struct nlmsghdr header;
    struct rtmsg route;
    char attributes[128];
};

static struct rtattr *add(struct request *request, unsigned short type, const void *data, size_t length) {
    struct rtattr *attribute = (void *)((char *)request + NLMSG_ALIGN(request->header.nlmsg_len));
    attribute->rta_type = type;
    attribute->rta_len = (unsigned short)RTA_LENGTH(length);
    if (length > 0)
        memcpy(RTA_DATA(attribute), data, length);
    request->header.nlmsg_len = NLMSG_ALIGN(request->header.nlmsg_len) + (unsigned)RTA_SPACE(length);
    return attribute;
}

/* The route that the kernel made for 127.0.0.0/8 or 127.0.0.1, once more with the metric. */
static void replace(int fd, const char *address, unsigned char bits) {
    struct request request = {
        .header = {.nlmsg_len = NLMSG_LENGTH(sizeof(struct rtmsg)),
                   .nlmsg_type = RTM_NEWROUTE,
                   .nlmsg_flags = NLM_F_REQUEST | NLM_F_REPLACE | NLM_F_ACK},
        .route = {.rtm_family = AF_INET, .rtm_dst_len = bits, .rtm_table = RT_TABLE_LOCAL,
                  .rtm_protocol = RTPROT_KERNEL, .rtm_scope = RT_SCOPE_HOST, .rtm_type = RTN_LOCAL},
    };
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    struct in_addr destination, source;
    unsigned interface = if_nametoindex("lo"), yes = 1;
    char answer[1024];
    inet_pton(AF_INET, address, &destination);
    inet_pton(AF_INET, "127.0.0.1", &source);
    add(&request, RTA_DST, &destination, sizeof(destination));
    add(&request, RTA_PREFSRC, &source, sizeof(source));
    add(&request, RTA_OIF, &interface, sizeof(interface));
    struct rtattr *metrics = add(&request, RTA_METRICS, NULL, 0);
    add(&request, RTAX_QUICKACK, &yes, sizeof(yes));
    metrics->rta_len = (unsigned short)((char *)&request + request.header.nlmsg_len - (char *)metrics);
    if (sendto(fd, &request, request.header.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) > 0)
        recv(fd, answer, sizeof(answer), 0);
}

void quickack_on_loopback(void) {
    int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (fd < 0)
        return;
    replace(fd, "127.0.0.0", 8);
    replace(fd, "127.0.0.1", 32); /* an address's own route comes first */
    close(fd);
}

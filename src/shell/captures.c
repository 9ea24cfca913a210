/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A capture a host; see captures.h. */
#include "shell/captures.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"

struct captures {
    const struct network *network;
    int epoll;
    struct capture *of[NETWORK_HOSTS_MAX];
    size_t count, next; /* whose turn it is to be read */
};

static int open_socket(const struct network *network, size_t host) {
    return network != NULL ? network_socket(network, host, AF_PACKET, SOCK_RAW, 0)
                           : socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
}

static bool add(struct captures *captures, struct error *error) {
    struct capture *capture = capture_open(open_socket(captures->network, captures->count), "lo", error);
    struct epoll_event readable = {.events = EPOLLIN};
    if (capture == NULL)
        return false;
    if (epoll_ctl(captures->epoll, EPOLL_CTL_ADD, capture_fd(capture), &readable) == 0) {
        captures->of[captures->count++] = capture;
        return true;
    }
    capture_close(capture);
    return error_set(error, ERROR_SYSTEM, (struct span){0}, "packets of lo cannot be waited for: %s",
                     strerror(errno));
}

struct captures *captures_open(const struct network *network, struct error *error) {
    size_t hosts = network != NULL && network_hosts(network) > 1 ? network_hosts(network) : 1;
    struct captures *captures = mem_alloc(sizeof(*captures));
    captures->network = network;
    captures->epoll = epoll_create1(EPOLL_CLOEXEC);
    while (captures->count < hosts && add(captures, error))
        continue;
    if (captures->count == hosts)
        return captures;
    captures_close(captures);
    return NULL;
}

void captures_close(struct captures *captures) {
    if (captures == NULL)
        return;
    for (size_t i = 0; i < captures->count; i++)
        capture_close(captures->of[i]);
    if (captures->epoll >= 0)
        close(captures->epoll);
    free(captures);
}

/* The first host is where there was a capture before it had a name. */
bool captures_add_host(struct captures *captures, struct error *error) {
    return captures->count >= network_hosts(captures->network) || add(captures, error);
}

int captures_fd(const struct captures *captures) {
    return captures->epoll;
}

bool captures_next(struct captures *captures, struct net_frame *frame) {
    for (size_t tries = 0; tries < captures->count; tries++) {
        if (capture_next(captures->of[captures->next], frame)) {
            const struct network_host *host =
                captures->network != NULL ? network_host(captures->network, captures->next) : NULL;
            frame->from = frame->to = host != NULL ? host->name : "";
            return true;
        }
        captures->next = (captures->next + 1) % captures->count;
    }
    return false;
}

uint64_t captures_lost(struct captures *captures) {
    uint64_t lost = 0;
    for (size_t i = 0; i < captures->count; i++)
        lost += capture_lost(captures->of[i]);
    return lost;
}

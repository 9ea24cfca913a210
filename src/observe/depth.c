/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One socket in depth: struct tcp_info, memory, and every option that can be read. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "call/constant.h"
#include "observe/snapshot_parts.h"

/* Reading these does something, needs more than a value, or is told elsewhere. */
static bool is_left_out(int family, int level, int64_t option) {
    if (level == SOL_SOCKET)
        /* SO_ERROR is cleared by reading it: that is the program's to do. */
        return option == SO_ERROR || (option == SO_PEERCRED && family != AF_UNIX) || option == SO_COOKIE ||
               option == SO_DOMAIN || option == SO_TYPE || option == SO_PROTOCOL || option == SO_ACCEPTCONN;
    return level == IPPROTO_TCP && option == TCP_INFO;
}

static void read_options(int copy, int level, const struct constant_set *set, const char *prefix,
                         struct depth *depth) {
    for (size_t i = 0; i < set->count; i++) {
        const struct constant *constant = &set->items[i];
        struct option_value value = {.level = level, .option = (int)constant->value, .name = constant->name,
                                     .means = constant->means};
        socklen_t length = sizeof(value.bytes);
        /* Names of values stand in the sets too, and second names of options. */
        if (strncmp(constant->name, prefix, strlen(prefix)) != 0 ||
            strstr(constant->name, "_PMTUDISC_") != NULL ||
            constant_name(set, constant->value) != constant->name ||
            is_left_out(depth->descriptor.socket.family, level, constant->value))
            continue;
        if (getsockopt(copy, level, value.option, value.bytes, &length) < 0)
            continue;
        value.length = length < sizeof(value.bytes) ? length : sizeof(value.bytes);
        depth->options = mem_grow(depth->options, depth->option_count + 1, sizeof(*depth->options));
        depth->options[depth->option_count++] = value;
    }
}

static void ask_socket(struct observer *observer, int copy, struct depth *depth) {
    struct socket_facts *facts = &depth->descriptor.socket;
    facts_ask(observer, facts);
    if (!facts->has_memory)
        borrow_state(copy, facts);
    read_options(copy, SOL_SOCKET, &constants_option, "SO_", depth);
    if (facts->family == AF_INET)
        read_options(copy, IPPROTO_IP, &constants_ip, "IP_", depth);
    if (facts->family == AF_INET6)
        read_options(copy, IPPROTO_IPV6, &constants_ipv6, "IPV6_", depth);
    if (socket_is_tcp(facts))
        read_options(copy, IPPROTO_TCP, &constants_tcp, "TCP_", depth);
}

bool observe_descriptor(struct observer *observer, const struct watched *actor, int fd,
                        struct descriptor *descriptor) {
    const struct process *process = observer_watched(observer, actor);
    return process != NULL && fd >= 0 && (fd < actor->hidden_from || fd >= actor->hidden_to) &&
           look_at(observer, process, fd, NULL, NULL, false, descriptor);
}

bool observe_again(struct observer *observer, struct socket_facts *facts) {
    return facts_ask(observer, facts) == DIAG_FOUND;
}

bool observe_depth(struct observer *observer, const struct watched *actor, int fd, struct depth *depth) {
    *depth = (struct depth){0};
    if (!observe_descriptor(observer, actor, fd, &depth->descriptor))
        return false;
    const struct process *process = observer_watched(observer, actor);
    int copy = depth->descriptor.facts_known ? borrow_copy(process, fd) : -1;
    if (copy >= 0) {
        ask_socket(observer, copy, depth);
        close(copy);
    }
    return true;
}

bool observe_detail(struct observer *observer, struct socket_facts *facts) {
    return facts_ask(observer, facts) == DIAG_FOUND;
}

void depth_free(struct depth *depth) {
    free(depth->options);
    *depth = (struct depth){0};
}

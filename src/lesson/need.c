/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a lesson can need of the machine, and whether the machine has it. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lesson/need.h"
#include "observe/diag.h"

static bool can_open(int family, int type, int protocol) {
    int fd = socket(family, type | SOCK_CLOEXEC, protocol);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static bool has_ipv6(bool private_network) {
    struct sockaddr_in6 self = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool has = fd >= 0 && bind(fd, (struct sockaddr *)&self, sizeof(self)) == 0;
    (void)private_network;
    if (fd >= 0)
        close(fd);
    return has;
}

/* Asked for a listener that hardly anybody is: whether there is one is an answer. */
static bool has_sock_diag(bool private_network) {
    struct sockaddr_storage nobody = {.ss_family = AF_INET};
    struct diag_address address = {.local = &nobody};
    struct socket_facts facts;
    struct diag *diag = diag_new();
    enum diag_result result =
        diag ? diag_find_inet(diag, IPPROTO_TCP, &address, &facts) : DIAG_UNAVAILABLE;
    (void)private_network;
    diag_free(diag);
    return result == DIAG_FOUND || result == DIAG_NONE;
}

static bool has_private(bool private_network) {
    return private_network;
}

static bool has_unix(bool private_network) {
    (void)private_network;
    return can_open(AF_UNIX, SOCK_STREAM, 0);
}

/* Needs CAP_NET_RAW, which everybody has in a network of their own. */
static bool has_raw(bool private_network) {
    (void)private_network;
    return can_open(AF_INET, SOCK_RAW, IPPROTO_ICMP);
}

static const struct need {
    const char *word;
    enum lesson_need need;
    bool (*has)(bool private_network);
    const char *why; /* it cannot be played */
} needs[] = {
    {"ipv6", NEED_IPV6, has_ipv6, "it needs IPv6, and this machine has no address ::1"},
    {"sock_diag", NEED_SOCK_DIAG, has_sock_diag,
     "it needs sock_diag, by which the kernel tells of sockets, and this kernel lacks it"},
    {"private", NEED_PRIVATE, has_private,
     "it needs a network of its own, and there is none (forbidden by the system, or --network=host)"},
    {"unix", NEED_UNIX, has_unix, "it needs UNIX sockets, and this kernel has none"},
    {"raw", NEED_RAW, has_raw, "it needs raw sockets, and they are forbidden here"},
};
enum { NEEDS = sizeof(needs) / sizeof(*needs) };

const char *need_word(size_t i) {
    return i < NEEDS ? needs[i].word : NULL;
}

bool need_find(const char *word, enum lesson_need *need) {
    for (size_t i = 0; i < NEEDS; i++) {
        if (strcmp(needs[i].word, word) == 0) {
            *need = needs[i].need;
            return true;
        }
    }
    return false;
}

bool lesson_playable(const struct lesson *lesson, bool private_network, const char **why) {
    *why = NULL;
    for (size_t i = 0; i < NEEDS && !*why; i++)
        if ((lesson->needs & needs[i].need) && !needs[i].has(private_network))
            *why = needs[i].why;
    return *why == NULL;
}

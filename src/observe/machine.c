/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Facts of this network and of processes; see machine.h. */
#include "observe/machine.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "observe/facts.h"

/* ---- Addresses ---- */

static const void *host_of(const struct sockaddr *address) {
    if (address->sa_family == AF_INET)
        return &((const struct sockaddr_in *)(const void *)address)->sin_addr;
    return &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
}

static bool is_up(const struct ifaddrs *at, int family) {
    return at->ifa_addr != NULL && at->ifa_addr->sa_family == family && (at->ifa_flags & IFF_UP);
}

bool machine_addresses(int family, struct buf *out, bool *only_loopback) {
    struct ifaddrs *all = NULL;
    bool any = false, loopback = true;
    if (getifaddrs(&all) < 0)
        return false;
    for (const struct ifaddrs *at = all; at != NULL; at = at->ifa_next) {
        char text[INET6_ADDRSTRLEN];
        if (!is_up(at, family) || inet_ntop(family, host_of(at->ifa_addr), text, sizeof(text)) == NULL)
            continue;
        buf_addf(out, "%s%s (%s)", any ? ", " : "", text, at->ifa_name);
        any = true;
        loopback = loopback && (at->ifa_flags & IFF_LOOPBACK);
    }
    freeifaddrs(all);
    if (only_loopback != NULL)
        *only_loopback = loopback;
    return any;
}

static bool is_loopback(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr) >> 24 ==
               IN_LOOPBACKNET;
    return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

bool machine_is_here(const struct sockaddr_storage *address) {
    struct sockaddr_storage plain = *address;
    socklen_t length = sizeof(plain);
    struct ifaddrs *all = NULL;
    bool here = false;
    address_unmap(&plain, &length);
    if (plain.ss_family != AF_INET && plain.ss_family != AF_INET6)
        return false;
    if (is_loopback(&plain))
        return true;
    size_t size = plain.ss_family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
    /* 0.0.0.0 and :: as a destination are this machine (ip(7) for IPv4, measured for both). */
    static const unsigned char zeros[sizeof(struct in6_addr)];
    const void *host = host_of((const struct sockaddr *)(const void *)&plain);
    if (memcmp(host, zeros, size) == 0)
        return true;
    if (getifaddrs(&all) < 0)
        return false;
    for (const struct ifaddrs *at = all; at != NULL && !here; at = at->ifa_next)
        here = is_up(at, plain.ss_family) && memcmp(host_of(at->ifa_addr), host, size) == 0;
    freeifaddrs(all);
    return here;
}

/* ---- Settings and limits ---- */

bool machine_setting(const char *name, long *numbers, size_t count) {
    char path[96];
    size_t read = 0;
    snprintf(path, sizeof(path), "/proc/sys/net/%s", name);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    while (read < count && fscanf(file, "%ld", &numbers[read]) == 1)
        read++;
    fclose(file);
    return read == count;
}

bool machine_descriptor_limit(pid_t pid, unsigned long *limit) {
    struct rlimit files;
    if (pid <= 0 || prlimit(pid, RLIMIT_NOFILE, NULL, &files) < 0)
        return false;
    *limit = files.rlim_cur;
    return true;
}

/* ---- Paths ---- */

enum machine_path machine_path(const char *path) {
    struct stat status;
    if (stat(path, &status) == 0)
        return S_ISSOCK(status.st_mode) ? PATH_SOCKET : PATH_OTHER;
    return errno == ENOENT || errno == ENOTDIR ? PATH_MISSING : PATH_UNKNOWN;
}

bool machine_missing_folder(const char *path, struct buf *out) {
    for (const char *slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        struct buf folder = {0};
        buf_add(&folder, path, (size_t)(slash - path));
        bool missing = folder.length > 0 && machine_path(buf_text(&folder)) == PATH_MISSING;
        if (missing)
            buf_add(out, folder.data, folder.length);
        buf_free(&folder);
        if (missing)
            return true;
    }
    return false;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sockets of a process; see sockets.h. */
#include "observe/sockets.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FD_MOST 900 /* the actor's own descriptors begin there (actor/crew.h) */

static bool is_bound(const struct socket_fact *fact) {
    switch (fact->domain) {
    case AF_INET: return ((const struct sockaddr_in *)(const void *)&fact->local)->sin_port != 0;
    case AF_INET6: return ((const struct sockaddr_in6 *)(const void *)&fact->local)->sin6_port != 0;
    default: return fact->local_length > sizeof(sa_family_t);
    }
}

/* Fill in from a borrowed copy. A copy keeps the connection open for as long as
 * it lives, so it is closed again at once by the caller. */
static bool ask(int copy, struct socket_fact *fact) {
    socklen_t length = sizeof(int);
    int listening = 0;
    if (getsockopt(copy, SOL_SOCKET, SO_DOMAIN, &fact->domain, &length) < 0)
        return false;
    length = sizeof(int);
    getsockopt(copy, SOL_SOCKET, SO_TYPE, &fact->type, &length);
    length = sizeof(int);
    getsockopt(copy, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length);
    fact->listening = listening != 0;
    fact->local_length = sizeof(fact->local);
    if (getsockname(copy, (struct sockaddr *)&fact->local, &fact->local_length) < 0)
        fact->local_length = 0;
    fact->bound = is_bound(fact);
    fact->peer_length = sizeof(fact->peer);
    fact->connected = getpeername(copy, (struct sockaddr *)&fact->peer, &fact->peer_length) == 0;
    if (!fact->connected)
        fact->peer_length = 0;
    return true;
}

static int compare(const void *a, const void *b) {
    return ((const struct socket_fact *)a)->fd - ((const struct socket_fact *)b)->fd;
}

/* A socket's link in /proc/PID/fd reads "socket:[inode]". */
static bool is_socket(int directory, const char *name) {
    char target[16];
    ssize_t length = readlinkat(directory, name, target, sizeof(target));
    return length > 7 && memcmp(target, "socket:", 7) == 0;
}

ssize_t observe_sockets(pid_t pid, struct socket_fact *facts, size_t most) {
    char path[32];
    snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
    DIR *directory = opendir(path);
    if (directory == NULL)
        return -1;
    size_t count = 0;
    int saved = 0, process = (int)syscall(SYS_pidfd_open, pid, 0);
    if (process < 0) {
        saved = errno;
        goto done;
    }
    for (const struct dirent *entry; count < most && (entry = readdir(directory)) != NULL;) {
        long fd = isdigit((unsigned char)entry->d_name[0]) ? strtol(entry->d_name, NULL, 10) : -1;
        if (fd < 3 || fd >= FD_MOST || !is_socket(dirfd(directory), entry->d_name))
            continue;
        int copy = (int)syscall(SYS_pidfd_getfd, process, (int)fd, 0);
        if (copy < 0) {
            saved = errno;
            continue;
        }
        memset(&facts[count], 0, sizeof(*facts));
        facts[count].fd = (int)fd;
        count += ask(copy, &facts[count]);
        close(copy);
    }
    close(process);
    qsort(facts, count, sizeof(*facts), compare);
done:
    closedir(directory);
    errno = saved;
    return count == 0 && saved != 0 ? -1 : (ssize_t)count;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at another process's descriptors; see borrow.h. */
#include "observe/borrow.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <linux/sockios.h>
#include <unistd.h>

#include "base/mem.h"

#ifndef SO_MEMINFO
#define SO_MEMINFO 55
#endif

static int open_folder(pid_t pid, const char *name) {
    char path[48];
    snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool process_open(struct process *process, pid_t pid) {
    process->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    process->descriptors = open_folder(pid, "fd");
    int saved = errno;
    process->information = open_folder(pid, "fdinfo");
    if (process->descriptors >= 0)
        return true; /* the other two say less, but are no condition */
    process_close(process);
    errno = saved;
    return false;
}

void process_close(struct process *process) {
    int *fds[] = {&process->pidfd, &process->descriptors, &process->information};
    for (size_t i = 0; i < 3; i++) {
        if (*fds[i] >= 0)
            close(*fds[i]);
        *fds[i] = -1;
    }
}

static int compare(const void *a, const void *b) {
    return *(const int *)a - *(const int *)b;
}

bool process_list(const struct process *process, int **fds, size_t *count) {
    int copy = openat(process->descriptors, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *directory = copy >= 0 ? fdopendir(copy) : NULL;
    size_t room = 0;
    *fds = NULL;
    *count = 0;
    if (directory == NULL) {
        int saved = errno;
        if (copy >= 0)
            close(copy);
        errno = saved;
        return false;
    }
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (!isdigit((unsigned char)entry->d_name[0]))
            continue;
        if (*count == room)
            *fds = mem_grow(*fds, room = room * 2 + 16, sizeof(**fds));
        (*fds)[(*count)++] = (int)strtol(entry->d_name, NULL, 10);
    }
    closedir(directory);
    if (*count > 0)
        qsort(*fds, *count, sizeof(**fds), compare);
    return true;
}

/* fdinfo's second line: "flags:	02004002", octal, with O_CLOEXEC which belongs to the descriptor alone. */
static void read_flags(const struct process *process, const char *number, struct descriptor *descriptor) {
    char text[128];
    int fd = process->information >= 0 ? openat(process->information, number, O_RDONLY | O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    ssize_t length = read(fd, text, sizeof(text) - 1);
    close(fd);
    text[length > 0 ? length : 0] = '\0';
    const char *at = strstr(text, "flags:");
    if (at == NULL)
        return;
    unsigned long flags = strtoul(at + 6, NULL, 8);
    descriptor->flags_known = true;
    descriptor->close_on_exec = (flags & O_CLOEXEC) != 0;
    descriptor->nonblocking = (flags & O_NONBLOCK) != 0;
    descriptor->access = (int)(flags & O_ACCMODE);
}

static void read_target(const char *target, struct descriptor *descriptor) {
    const char *bracket = strstr(target, ":[");
    descriptor->kind = DESCRIPTOR_FILE;
    if (target[0] != '/' && bracket != NULL)
        descriptor->inode = strtoull(bracket + 2, NULL, 10);
    if (strncmp(target, "socket:[", 8) == 0)
        descriptor->kind = DESCRIPTOR_SOCKET;
    else if (strncmp(target, "pipe:[", 6) == 0)
        descriptor->kind = DESCRIPTOR_PIPE;
    else if (strcmp(target, "anon_inode:[eventpoll]") == 0)
        descriptor->kind = DESCRIPTOR_EPOLL;
    else if (strncmp(target, "anon_inode:", 11) == 0 || strncmp(target, "pidfd:", 6) == 0)
        descriptor->kind = DESCRIPTOR_EVENT;
}

bool borrow_link(const struct process *process, int fd, struct descriptor *descriptor) {
    char number[16];
    snprintf(number, sizeof(number), "%d", fd);
    memset(descriptor, 0, sizeof(*descriptor));
    descriptor->fd = fd;
    ssize_t length = readlinkat(process->descriptors, number, descriptor->target, sizeof(descriptor->target) - 1);
    if (length < 0)
        return false;
    read_target(descriptor->target, descriptor);
    read_flags(process, number, descriptor);
    return true;
}

int borrow_copy(const struct process *process, int fd) {
    return (int)syscall(SYS_pidfd_getfd, process->pidfd, fd, 0);
}

static int number_of(int copy, int option) {
    int number = 0;
    socklen_t length = sizeof(number);
    return getsockopt(copy, SOL_SOCKET, option, &number, &length) == 0 ? number : 0;
}

/* raw(7): where others have the port, getsockname() and getpeername() of a raw socket give its protocol. */
static void drop_protocol(struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET)
        ((struct sockaddr_in *)(void *)address)->sin_port = 0;
    else if (address->ss_family == AF_INET6)
        ((struct sockaddr_in6 *)(void *)address)->sin6_port = 0;
}

bool borrow_names(int copy, struct socket_facts *facts) {
    socklen_t length = sizeof(facts->cookie);
    if (facts->cookie == 0) {
        if (getsockopt(copy, SOL_SOCKET, SO_COOKIE, &facts->cookie, &length) < 0)
            return false;
        facts->family = number_of(copy, SO_DOMAIN);
        facts->type = number_of(copy, SO_TYPE);
        facts->protocol = number_of(copy, SO_PROTOCOL);
    }
    facts->local_length = facts->peer_length = sizeof(facts->local);
    memset(&facts->local, 0, sizeof(facts->local));
    memset(&facts->peer, 0, sizeof(facts->peer));
    if (getsockname(copy, (struct sockaddr *)&facts->local, &facts->local_length) < 0)
        facts->local_length = 0;
    if (getpeername(copy, (struct sockaddr *)&facts->peer, &facts->peer_length) < 0)
        facts->peer_length = 0;
    /* Both are truncated, never overrun; a name of the longest path is one byte longer than the struct. */
    if (facts->local_length > sizeof(facts->local))
        facts->local_length = sizeof(facts->local);
    if (facts->peer_length > sizeof(facts->peer))
        facts->peer_length = sizeof(facts->peer);
    if (facts->type == SOCK_RAW) {
        drop_protocol(&facts->local);
        drop_protocol(&facts->peer);
    }
    return true;
}

static void ask_memory(int copy, struct socket_facts *facts) {
    uint32_t values[SK_MEMINFO_VARS] = {0};
    socklen_t length = sizeof(values);
    if (getsockopt(copy, SOL_SOCKET, SO_MEMINFO, values, &length) < 0)
        return;
    facts->has_memory = true;
    facts->memory = (struct socket_memory){values[SK_MEMINFO_RMEM_ALLOC], values[SK_MEMINFO_RCVBUF],
                                           values[SK_MEMINFO_WMEM_QUEUED], values[SK_MEMINFO_SNDBUF],
                                           values[SK_MEMINFO_DROPS]};
}

/* tcp(7), TCP_INFO: for a listener, tcpi_unacked is the accept queue and tcpi_sacked the backlog. */
static void ask_tcp(int copy, struct socket_facts *facts) {
    struct tcp_info info;
    socklen_t length = sizeof(info);
    memset(&info, 0, sizeof(info));
    if (getsockopt(copy, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
        return;
    facts->state = info.tcpi_state < SOCKET_STATES_END ? (enum socket_state)info.tcpi_state : SOCKET_STATE_UNKNOWN;
    if (info.tcpi_state == SOCKET_LISTEN) {
        facts->queues_known = true;
        facts->receive_queue = info.tcpi_unacked;
        facts->send_queue = info.tcpi_sacked;
    }
}

static void ask_queues(int copy, struct socket_facts *facts) {
    int in = 0, out = 0;
    if (ioctl(copy, SIOCINQ, &in) < 0 || ioctl(copy, SIOCOUTQ, &out) < 0)
        return;
    facts->queues_known = true;
    facts->receive_queue = (uint32_t)in;
    /* After a connect() that failed, SIOCOUTQ is a difference of sequence numbers that mean nothing any more. */
    facts->send_queue = socket_is_tcp(facts) && facts->state == SOCKET_CLOSE ? 0 : (uint32_t)out;
}

void borrow_unread(int copy, struct socket_facts *facts) {
    int in = 0;
    if (facts->state == SOCKET_TIME_WAIT && ioctl(copy, SIOCINQ, &in) == 0)
        facts->receive_queue = (uint32_t)in;
}

/* getpeername() knows no peer whose port is 0, as that of a raw socket may be; ip(7): only a connected socket has a
 * path, and so an IP_MTU. */
static bool is_connected(int copy, const struct socket_facts *facts) {
    int mtu;
    socklen_t length = sizeof(mtu);
    if (socket_has_peer(facts))
        return true;
    bool six = facts->family == AF_INET6;
    return facts->type == SOCK_RAW && (six || facts->family == AF_INET) &&
           getsockopt(copy, six ? IPPROTO_IPV6 : IPPROTO_IP, six ? IPV6_MTU : IP_MTU, &mtu, &length) == 0;
}

void borrow_state(int copy, struct socket_facts *facts) {
    ask_memory(copy, facts);
    if (socket_is_tcp(facts))
        ask_tcp(copy, facts);
    else if (number_of(copy, SO_ACCEPTCONN) != 0)
        facts->state = SOCKET_LISTEN;
    else
        facts->state = is_connected(copy, facts) ? SOCKET_ESTABLISHED : SOCKET_CLOSE;
    /* SIOCINQ would give the length of the next datagram; sock_diag's measure for those is memory. */
    if (socket_is_stream(facts) && facts->state != SOCKET_LISTEN)
        ask_queues(copy, facts);
    else if (!socket_is_stream(facts) && facts->has_memory) {
        facts->queues_known = true;
        facts->receive_queue = facts->memory.receive_used;
        facts->send_queue = facts->memory.send_used;
    }
}

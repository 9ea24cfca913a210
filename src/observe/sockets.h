/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sockets of a process, asked of the kernel without the process's help
 * (it may be asleep in a call).
 */
#ifndef SOCKSHELL_OBSERVE_SOCKETS_H
#define SOCKSHELL_OBSERVE_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

struct socket_fact {
    int fd;
    int domain, type; /* AF_INET…, SOCK_STREAM… */
    bool listening;   /* SO_ACCEPTCONN */
    bool bound;       /* getsockname() has a port or a path */
    bool connected;   /* getpeername() succeeds */
    struct sockaddr_storage local, peer;
    socklen_t local_length, peer_length; /* 0: none */
};

/* The sockets among the descriptors 3…899 of a process, in ascending order; at
 * most `most`. Borrows each one for a moment with pidfd_getfd(2), which needs
 * the right to trace the process: its parent has it. -1 with errno when the
 * process or the right is not there. */
ssize_t observe_sockets(pid_t pid, struct socket_fact *facts, size_t most);

#endif

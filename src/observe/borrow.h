/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The descriptors of a process, asked of the kernel without the process's
 * help (it may be asleep in a call): /proc says what each is, and a socket is
 * borrowed with pidfd_getfd(2) for the moment of the question.  No longer: a
 * copy keeps its connection open past the process's own close().
 */
#ifndef SOCKSHELL_OBSERVE_BORROW_H
#define SOCKSHELL_OBSERVE_BORROW_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "observe/facts.h"
#include "observe/sockopt.h"

enum descriptor_kind {
    DESCRIPTOR_SOCKET,
    DESCRIPTOR_PIPE,
    DESCRIPTOR_EPOLL,
    DESCRIPTOR_EVENT,  /* eventfd, timerfd, signalfd, inotify, pidfd …: `target` says which */
    DESCRIPTOR_FILE,   /* a file, folder or device by its path */
};

struct descriptor {
    int fd;
    enum descriptor_kind kind;
    uint64_t inode;       /* of a socket or pipe, else 0 */
    bool flags_known, close_on_exec, nonblocking;
    int access;           /* O_RDONLY, O_WRONLY, O_RDWR: which end of a pipe it is */
    bool facts_known;     /* a socket: the kernel let us ask it */
    char target[48];      /* what /proc/PID/fd/N points to, cut; not escaped */
    struct socket_facts socket; /* of a socket; inode and family 0 where not known */
    struct option_facts options; /* of a socket, as they were last looked at */
};

/* A process whose descriptors are looked at; {-1, -1, -1} when closed. */
struct process {
    int pidfd, descriptors, information; /* /proc/PID/fd, /proc/PID/fdinfo */
    uint32_t place;                      /* the network its sockets are in; for whoever opened it to set */
};
bool process_open(struct process *process, pid_t pid); /* false with errno, and all closed */
void process_close(struct process *process);
/* All open descriptors in ascending order; the caller frees. False with errno. */
bool process_list(const struct process *process, int **fds, size_t *count);

/* What /proc says: kind, inode, flags. False: not open. */
bool borrow_link(const struct process *process, int fd, struct descriptor *descriptor);

/* A copy for a moment, the caller closes it; -1 with errno (EPERM: not allowed). */
int borrow_copy(const struct process *process, int fd);
/* What never changes in a socket (cookie, family, type, protocol), and its addresses. */
bool borrow_names(int copy, struct socket_facts *facts);
/* And what sock_diag would tell better: state, queues, memory. */
void borrow_state(int copy, struct socket_facts *facts);
/* In TIME_WAIT what the program has not read yet lies in the descriptor's own socket: sock_diag, which tells of the
 * smaller one in its place, has 0 (measured). */
void borrow_unread(int copy, struct socket_facts *facts);

#endif

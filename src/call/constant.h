/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Constants by the sets they belong to.  The lists in constants_*.c name each
 * constant once; its value is what the system's headers say when we are built,
 * never a number we wrote.
 */
#ifndef SOCKSHELL_CALL_CONSTANT_H
#define SOCKSHELL_CALL_CONSTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"

struct constant {
    const char *name;
    int64_t value;
    enum constant_type {
        CONSTANT_INT,
        CONSTANT_UINT,
        CONSTANT_ULONG,
        CONSTANT_POINTER,
        CONSTANT_FILE,    /* a FILE *: 1 stdin, 2 stdout, 3 stderr */
        CONSTANT_HANDLER, /* of a signal */
    } type;
    /* CONSTANT_FILE: value 1, 2, 3 for stdin, stdout, stderr, which is also what such a pointer holds. */
    const char *means; /* a few words, or NULL */
};

struct constant_set {
    const char *name;   /* "address families" */
    const char *prefix; /* "AF_": what a bare word leaves out; or NULL */
    const struct constant *items;
    size_t count;
    int64_t mask; /* flags sets only: bits that are one field (SOCK_TYPE in socket's type), else 0 */
};

extern const struct constant_set
    constants_family,    /* AF_*, PF_* */
    constants_type,      /* SOCK_STREAM…, with SOCK_NONBLOCK, SOCK_CLOEXEC or-ed */
    constants_protocol,  /* IPPROTO_* */
    constants_icmp,      /* ICMP_*, the types of messages */
    constants_message,   /* MSG_* */
    constants_shutdown,  /* SHUT_* */
    constants_level,     /* SOL_*, IPPROTO_* as levels */
    constants_option,    /* SO_* */
    constants_tcp,       /* TCP_* options */
    constants_ip,        /* IP_* options */
    constants_ipv6,      /* IPV6_* options */
    constants_fcntl,     /* F_* */
    constants_open,      /* O_NONBLOCK…, FD_CLOEXEC */
    constants_poll,      /* POLLIN… */
    constants_epoll,     /* EPOLL* events, EPOLL_CLOEXEC */
    constants_epoll_operation, /* EPOLL_CTL_* (their values are those of events) */
    constants_signal,    /* SIG* */
    constants_handler,   /* SIG_DFL, SIG_IGN */
    constants_wait,      /* WNOHANG… */
    constants_address,   /* INADDR_* (host byte order, as the header has them) */
    constants_resolve,   /* AI_*, EAI_* */
    constants_host,      /* HOST_NOT_FOUND…, of gethostbyname() */
    constants_nameinfo,  /* NI_* */
    constants_errno,     /* E* */
    constants_misc;      /* NULL, SOMAXCONN, INET_ADDRSTRLEN, stdin, BUFSIZ, EOF, true … */

/* All sets; NULL ends. */
const struct constant_set *constant_set_at(size_t i);
const struct constant *constant_find(const char *name); /* in all sets */
const struct constant *constant_in(const struct constant_set *set, const char *name);
/* "AF_INET" for 2 in constants_family; NULL when the set has none. */
const char *constant_name(const struct constant_set *set, int64_t value);
/* "MSG_PEEK|MSG_DONTWAIT", "0", "0x40000000": flags as strace writes them. */
void constant_flags(const struct constant_set *set, int64_t value, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sock_diag(7): asking the kernel for sockets, whoever has them and whether
 * or not anybody does.  A socket that was never bound or connected is in none
 * of its tables; observe/borrow.h asks those.
 */
#ifndef SOCKSHELL_OBSERVE_DIAG_H
#define SOCKSHELL_OBSERVE_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "observe/facts.h"

struct diag;

/* Speaks of the network namespace in which it is made. NULL with errno. */
struct diag *diag_new(void);
/* The same of the network in which this socket was opened (AF_NETLINK, NETLINK_SOCK_DIAG; taken over, also when it
 * fails). Sockets found carry `place`. */
struct diag *diag_adopt(int fd, uint32_t place);
void diag_free(struct diag *diag);

enum diag_result {
    DIAG_FOUND,
    DIAG_NONE,        /* there is no such socket (any more) */
    DIAG_UNAVAILABLE, /* this kernel does not tell about this kind: diag_missing() */
    DIAG_FAILED,      /* errno */
};

/* One socket by its addresses; about 2 µs. Without a peer (NULL): the listener that would get a
 * connection to `local`, or for IPPROTO_UDP the socket that would get a datagram for it. A cookie other than 0
 * must be the socket's. TCP's come with their struct tcp_info. */
struct diag_address {
    const struct sockaddr_storage *local, *peer;
    uint32_t interface;
    uint64_t cookie;
};
enum diag_result diag_find_inet(struct diag *diag, int protocol, const struct diag_address *address,
                                struct socket_facts *facts);
enum diag_result diag_find_unix(struct diag *diag, uint32_t inode, struct socket_facts *facts);

/* Every socket of a table. AF_INET or AF_INET6 with IPPROTO_TCP, _UDP, _RAW; AF_UNIX with 0. */
typedef void diag_each(void *context, const struct socket_facts *facts);
enum diag_result diag_dump(struct diag *diag, int family, int protocol, diag_each *each, void *context);

/* What is not available, in words, as far as it was asked for: "udp_diag: …". False: nothing is missing. */
bool diag_missing(const struct diag *diag, struct buf *out);

/* The pure half: what a reply's bytes say. */
struct diag_reader {
    int family, protocol; /* of the request */
    uint32_t place;       /* for facts */
    uint32_t sequence;    /* replies to anything else are passed over */
    diag_each *each;
    void *context;
    int error; /* out, with DIAG_REFUSED; EBADMSG: the bytes are no reply */
};
enum diag_progress { DIAG_MORE, DIAG_END, DIAG_REFUSED };
/* `bytes` (aligned as for struct nlmsghdr) is what one recv() gave. */
enum diag_progress diag_read(struct diag_reader *reader, const void *bytes, size_t length);

#endif

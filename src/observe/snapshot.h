/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A snapshot: what the kernel says, at one moment, of the actors' descriptors
 * and of the sockets that are theirs but have no descriptor.  A value: once
 * taken it never changes, and two can be compared (observe/difference.h).
 *
 *     /proc/PID/fd ──┐
 *     borrowed fd  ──┼──▶ observer ──▶ snapshot 1, snapshot 2, …
 *     sock_diag    ──┘                     (each shares with the one before what is the same)
 *
 * Looking at everything costs what there is.  Told which descriptors a call has
 * touched, only those are looked at, and what the kernel ties to them: the other
 * end of the connection, the listener there, and the sockets without an owner.
 */
#ifndef SOCKSHELL_OBSERVE_SNAPSHOT_H
#define SOCKSHELL_OBSERVE_SNAPSHOT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "observe/borrow.h"

#define SNAPSHOT_NAME_MAX 32

/* Whoever takes snapshots: keeps sock_diag and the actors' folders in /proc open. */
struct observer;
/* `private_network`: nobody but the actors has sockets here, so that every one without an owner is theirs. */
struct observer *observer_new(bool private_network);
void observer_free(struct observer *observer);
/* What the machine does not let us see, a sentence each, since this was last called; false: nothing new. */
bool observer_complaints(struct observer *observer, struct buf *out);
/* Every socket of one table of this network, whoever has it (sockets that were never bound are in none): AF_INET or
 * AF_INET6 with IPPROTO_TCP or _UDP, AF_UNIX with 0. Asked now; milliseconds where there are thousands. False: the
 * kernel does not tell. */
typedef void observer_each(void *context, const struct socket_facts *facts);
bool observer_all(struct observer *observer, uint32_t place, int family, int protocol, observer_each *each,
                  void *context);

/* Actors can be in several networks, each with tables of its own: they are numbered, and 0 is where the observer is.  For
 * one more, a socket that was opened there (AF_NETLINK, NETLINK_SOCK_DIAG) is taken over; with the addresses by
 * which others reach it (`ipv6` may be NULL).  For 0 the socket is -1. */
void observer_add_place(struct observer *observer, uint32_t place, int fd, const struct in_addr *ipv4,
                        const struct in6_addr *ipv6);
/* In which of them an address is somebody's, seen from `from`. False: it is that of none (*place is `from`). */
bool observer_place_of(const struct observer *observer, uint32_t from, const struct sockaddr_storage *address,
                       uint32_t *place);

struct watched {
    const char *name;
    pid_t pid;                 /* 0: it is dead, or is not ready to be looked at */
    uint32_t place;
    int hidden_from, hidden_to; /* descriptors that are not the learner's: [from, to) */
    bool as_before;            /* it is not to be looked at now: what the previous snapshot has of it is kept */
};

/* A descriptor that a call was about, gave or closed. */
struct touched {
    size_t actor; /* among the watched */
    int fd;
    /* Where a datagram was sent, when it said so; the length is 0 otherwise. */
    struct sockaddr_storage to;
    socklen_t to_length;
    bool options; /* the call may have set some */
};

/* A socket's options take longer to ask for than all else.  They are asked for when a call may have set them, when a
 * call made the descriptor, and otherwise: */
enum options_wanted {
    OPTIONS_NEW, /* of sockets that nobody asked before; of many, some at a time */
    OPTIONS_ALL, /* of all that are looked at */
};

struct snapshot;
/* touched NULL: look at everything; `previous` may be NULL, and then everything is looked at. */
struct snapshot *snapshot_take(struct observer *observer, const struct watched *actors, size_t actor_count,
                               const struct touched *touched, size_t touched_count, const struct snapshot *previous,
                               enum options_wanted options);
void snapshot_free(struct snapshot *snapshot);

int64_t snapshot_time_ns(const struct snapshot *snapshot); /* CLOCK_MONOTONIC */

bool snapshot_is_private(const struct snapshot *snapshot); /* taken where nobody but the actors has sockets */
size_t snapshot_actors(const struct snapshot *snapshot);
const char *snapshot_actor(const struct snapshot *snapshot, size_t actor);
pid_t snapshot_pid(const struct snapshot *snapshot, size_t actor);
uint32_t snapshot_place(const struct snapshot *snapshot, size_t actor);
/* SIZE_MAX: nobody of that name. */
size_t snapshot_actor_named(const struct snapshot *snapshot, const char *name);

const struct descriptor *snapshot_get(const struct snapshot *snapshot, size_t actor, int fd);
/* The first descriptor from there on; NULL ends. */
const struct descriptor *snapshot_next(const struct snapshot *snapshot, size_t actor, int from);

/* The same of those that may be other than they were without a call of anybody here; with `strangers`, by another
 * program's too. */
const struct descriptor *snapshot_next_restless(const struct snapshot *snapshot, size_t actor, int from,
                                                bool strangers);

/* Whose descriptor, and which. */
struct holder {
    size_t actor;
    int fd;
};
/* Every descriptor of every actor: the one behind *at, which becomes it; NULL ends. Begin with SNAPSHOT_BEGIN. */
const struct descriptor *snapshot_walk(const struct snapshot *snapshot, struct holder *at);
#define SNAPSHOT_BEGIN {.actor = 0, .fd = -1}
/* Everyone who holds a socket, in order; returns how many there are, which may be more than `most`. */
size_t snapshot_holders(const struct snapshot *snapshot, uint64_t cookie, struct holder *holders, size_t most);

/* A socket that no descriptor has. */
struct unowned {
    enum unowned_why {
        UNOWNED_WAITING, /* a connection that waits to be accepted */
        UNOWNED_CLOSED,  /* the kernel finishes it: its last descriptor was closed, or its owner died */
    } why;
    char actor[SNAPSHOT_NAME_MAX]; /* who had it last; "": not known */
    int fd;                        /* and as what; -1 */
    struct socket_facts facts;
};
size_t snapshot_unowned_count(const struct snapshot *snapshot);
size_t snapshot_unowned_more(const struct snapshot *snapshot); /* so many for which there was no room */
const struct unowned *snapshot_unowned(const struct snapshot *snapshot, size_t i);
const struct unowned *snapshot_unowned_find(const struct snapshot *snapshot, uint64_t cookie);

/* ---- One descriptor in depth, asked of the kernel now ---- */

struct option_value {
    int level, option;
    const char *name;  /* "SO_REUSEADDR" */
    const char *means; /* a few words, or NULL */
    unsigned char bytes[64];
    size_t length;
};
struct depth {
    struct descriptor descriptor; /* with memory and struct tcp_info where there are */
    struct option_value *options;
    size_t option_count;
};
/* Its facts alone, at a fraction of the cost. False: it is not open (or the process is gone). */
bool observe_descriptor(struct observer *observer, const struct watched *actor, int fd,
                        struct descriptor *descriptor);
/* What is so by now of a socket that was known before, whoever has it: its facts anew. False: the kernel has it no
 * more, or cannot be asked. */
bool observe_again(struct observer *observer, struct socket_facts *facts);
/* False: it is not open (or the process is gone). depth_free() in any case. */
bool observe_depth(struct observer *observer, const struct watched *actor, int fd, struct depth *depth);
void depth_free(struct depth *depth);
/* What sock_diag says now of a socket that a snapshot has, struct tcp_info with it; false: no more than is known. */
bool observe_detail(struct observer *observer, struct socket_facts *facts);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of snapshot.h; nobody else includes it.
 *
 *     snapshot.c   the value, and the observer who takes it
 *     places.c     the networks that it looks at
 *     look.c       looking at descriptors: all of an actor's, or one
 *     unowned.c    sockets without a descriptor, and what else a touched one is tied to
 *     sockopt.c    what a program has set
 *     depth.c      one socket with all its options
 */
#ifndef SOCKSHELL_OBSERVE_SNAPSHOT_PARTS_H
#define SOCKSHELL_OBSERVE_SNAPSHOT_PARTS_H

#include "observe/descriptors.h"
#include "observe/diag.h"
#include "observe/snapshot.h"

struct seen_actor {
    char name[SNAPSHOT_NAME_MAX];
    pid_t pid; /* 0: dead */
    uint32_t place;
    struct descriptor_table table;
};

struct snapshot {
    int64_t time_ns;
    bool private_network; /* observer_new() */
    struct seen_actor *actors;
    size_t actor_count;
    struct unowned *unowned;
    size_t unowned_count, unowned_room;
    size_t unowned_more; /* for which there was no room */
};

struct known_process {
    pid_t pid;
    struct process process;
};

/* One of the networks. */
struct known_place {
    struct diag *diag; /* NULL: there is none */
    struct in_addr ipv4;
    struct in6_addr ipv6; /* :: for none */
};

struct observer {
    struct known_place *places;
    size_t place_count; /* 1 at least */
    bool private_network;
    struct known_process *processes;
    size_t process_count;
    bool refused, refused_told; /* pidfd_getfd() */
    int refused_errno;
    bool diag_told;
    struct usual_sockopts usual;
    size_t turn; /* which of many unowned sockets are asked for next */
    struct buf missing_told; /* what diag_missing() said when it was last told */
};

/* All sockets of all tables at one moment, for looking at everything. */
struct dump {
    struct socket_facts *facts;
    size_t count, room;
    uint32_t *by_inode; /* hash: index + 1 into facts */
    size_t slots;       /* a power of two */
};
void dump_take(struct observer *observer, struct dump *dump);
void dump_free(struct dump *dump);

/* places.c: NULL: none there. */
struct diag *observer_diag(const struct observer *observer, uint32_t place);

/* snapshot.c */
/* The process of an actor. */
const struct process *observer_watched(struct observer *observer, const struct watched *watched);
const struct process *observer_process(struct observer *observer, pid_t pid); /* NULL: it is gone */

/* look.c: `dump` NULL: ask for each socket by itself. `known`: what it was, or NULL. `options`: ask for those too, else
 * they are as they were known. False: not open. */
bool look_at(struct observer *observer, const struct process *process, int fd, const struct descriptor *known,
             const struct dump *dump, bool options, struct descriptor *out);
/* `options`: of so many that are not known they are asked for; SIZE_MAX: of all, known or not. */
void look_at_all(struct observer *observer, const struct watched *watched, const struct descriptor_table *previous,
                 const struct dump *dump, size_t options, struct descriptor_table *table);
/* What sock_diag says replaces what was known, but for what only the descriptor knows. */
void facts_refine(struct socket_facts *facts, const struct socket_facts *from);
/* Ask sock_diag for a socket that is known already. */
enum diag_result facts_ask(struct observer *observer, struct socket_facts *facts);

/* unowned.c */
/* After the touched descriptors of `before` have been looked at anew in `now`. */
void follow_touched(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                    const struct touched *touched, size_t count);
/* After everything was. */
void follow_all(struct observer *observer, struct snapshot *now, const struct snapshot *before,
                const struct dump *dump);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finding the socket that is to blame: who holds an address, who has the other
 * end of a connection; and saying whose it is.
 */
#ifndef SOCKSHELL_EXPLAIN_FIND_H
#define SOCKSHELL_EXPLAIN_FIND_H

#include "explain/explain.h"

/* A socket, and who has it. */
struct found {
    struct socket_facts facts;
    bool held;                     /* by an actor: */
    struct holder holder;          /* (the first, where it is shared) */
    const struct unowned *unowned; /* by nobody, and it is the actors': the snapshot's; else NULL */
};

/* Every TCP or UDP socket (IPPROTO_TCP, IPPROTO_UDP; both families) with this port of its own, in host order:
 * the actors' descriptors first, then all others of this network. Ends when `each` returns false. One look at
 * all sockets that there are. */
typedef bool find_each(void *context, const struct found *found);
/* `target` NULL: on the actor's own host; else where that address leads to. */
void find_at_port(const struct inquiry *inquiry, int protocol, unsigned port, const struct sockaddr_storage *target,
                  find_each *each, void *context);
/* The UNIX socket that is bound to a path or abstract name; the listener, if several have been. */
bool find_at_name(const struct inquiry *inquiry, const struct sockaddr_storage *name, socklen_t length,
                  struct found *found);
/* The other end of a connection, in this network: an actor's or the actors' without an owner. */
bool find_other_end(const struct inquiry *inquiry, const struct socket_facts *facts, struct found *found);
/* What the descriptor that the event is about is now; NULL: not open, or of a dead actor, or no socket. */
const struct descriptor *find_own(const struct inquiry *inquiry);
/* The event's address, copied; false: it has none. */
bool find_address(const struct inquiry *inquiry, struct sockaddr_storage *address, socklen_t *length);

/* ---- What the learner wrote ---- */

/* The event's i-th argument, from 0, as its line shows it: "SOCK_STREAM|SOCK_NONBLOCK". False: there is none.
 */
bool find_argument(const struct event *event, size_t i, struct buf *out);
/* The newest of the actor's own lines that has this as a whole number, decimal or hexadecimal, and this word
 * too (NULL: any; upper and lower case are the same). NULL: none that is still kept. */
const char *find_typed(const struct inquiry *inquiry, unsigned number, const char *word);
/* Was this told before, by this id? Some surprises are one only once. */
bool find_told(const struct inquiry *inquiry, const char *id);

/* ---- In words ---- */

/* Whose it is: "fd 4" (of the event's actor), "server's fd 3", "another program, nc (pid 4711)", "a program
 * that cannot be seen from here", "a socket that nobody has any more (it was server's fd 4)". */
void find_say_whose(const struct inquiry *inquiry, const struct found *found, struct buf *out);
/* The same of an actor's descriptor alone. */
void find_say_descriptor(const struct inquiry *inquiry, const struct holder *holder, struct buf *out);
/* 127.0.0.1:8888, *:8888, [::1]:8888, /tmp/x.sock, @name: as .state writes them. */
void find_say_address(const struct sockaddr_storage *address, socklen_t length, struct buf *out);
/* The same without the port. */
void find_say_host(const struct sockaddr_storage *address, socklen_t length, struct buf *out);
/* "AF_INET", or "family 77". */
void find_say_family(int family, struct buf *out);

/* An option of an actor's socket whose value is an int; false: it cannot be asked. */
bool find_option(const struct inquiry *inquiry, const struct holder *holder, int level, int option,
                 int *value);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Causes that several calls have in common: the text of their rows, and the function that finds each. */
#ifndef SOCKSHELL_EXPLAIN_SHARED_H
#define SOCKSHELL_EXPLAIN_SHARED_H

#include <stddef.h>
#include <sys/un.h>

#include "explain/explain.h"
#include "observe/machine.h"

/* The event's address is a path: it, with its NUL. False: it is none. */
#define SHARED_PATH_MAX (sizeof(((struct sockaddr_un *)NULL)->sun_path) + 1)
bool shared_path(const struct inquiry *inquiry, char path[SHARED_PATH_MAX]);
/* What it leads to, from where the actor is. */
enum machine_path shared_path_kind(const struct inquiry *inquiry, const char *path);

/* The event's address is one of AF_UNIX: {path}, and {whose} if a socket has that name (*lives), which is *found.
 * False: it is none. */
struct found;
bool shared_unix_name(const struct inquiry *inquiry, struct blanks *blanks, struct found *found, bool *lives);

#define SHARED_DESCRIPTOR_LIMIT \
    "This process may have {limit} descriptors open (RLIMIT_NOFILE), and all are taken. close() those " \
    "no longer needed; ulimit -n, before the program starts, sets another limit."
bool shared_descriptor_limit(const struct inquiry *inquiry, struct blanks *blanks);

#define SHARED_LENGTH_SHORT \
    "The length given is {given} bytes, and the address of a socket of {family} has {needed}. Give " \
    "sizeof of the struct, not of a pointer to it."
bool shared_length_short(const struct inquiry *inquiry, struct blanks *blanks);

#define SHARED_FAMILY_DIFFERS \
    "The address is of {given}, and fd {fd} is a socket of {family}. Both must be the same: fill in a " \
    "struct of the socket's family."
bool shared_family_differs(const struct inquiry *inquiry, struct blanks *blanks);

#define SHARED_FAMILY_UNSET \
    "The address's family is 0 (AF_UNSPEC): it was never filled in. Set it to {family}, as the " \
    "socket's is."
bool shared_family_unset(const struct inquiry *inquiry, struct blanks *blanks);

#define SHARED_FAMILY_SWAPPED \
    "The address's family is {given}, which is {family} with its two bytes exchanged. htons() is for " \
    "the port alone; the family is read by this kernel and stays as it is."
bool shared_family_swapped(const struct inquiry *inquiry, struct blanks *blanks);

#define SHARED_PORT_SWAPPED \
    "The port is {port}, which is {meant} with its two bytes exchanged, and {meant} stands in your " \
    "line `{line}`. A port in a struct is in network byte order: htons({meant})."
/* The criterion: the actor typed the exchanged number and never this one. Numbers below 1024 are too common
 * elsewhere, so those count only in a line that speaks of a port. */
bool shared_port_swapped(const struct inquiry *inquiry, struct blanks *blanks);

/* The event's socket is one end of a connection: {fd}, {state}, {with}. */
bool shared_is_connected(const struct inquiry *inquiry, struct blanks *blanks);
/* It is of a type that has none: {fd}, {type}. */
bool shared_type_without_connections(const struct inquiry *inquiry, struct blanks *blanks);

#endif

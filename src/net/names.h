/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names of hosts, for this process and its children only: an /etc/hosts of
 * their own, and an /etc/nsswitch.conf that asks nothing else (hosts(5),
 * nsswitch.conf(5)), in a mount namespace of their own (mount_namespaces(7)).
 * And a folder, for who needs one that nobody else has.  All of it lies in a
 * tmpfs that is mounted nowhere; with the last process that sees it, it is gone.
 */
#ifndef SOCKSHELL_NET_NAMES_H
#define SOCKSHELL_NET_NAMES_H

#include <stdbool.h>

struct names {
    int hosts;        /* /etc/hosts, open for writing; -1: the machine's own is in use */
    int folder;       /* an empty one, open (O_PATH); -1: there is none */
    const char *step; /* what was refused when hosts is -1 */
    int error;        /* and its errno */
};

/* Into new mount and UTS namespaces, with a private /etc/hosts that has localhost only.  Wants CAP_SYS_ADMIN in the user
 * namespace.  When something is refused the machine's names stay in use. */
void names_enter(struct names *names);
/* The whole of /etc/hosts. False with errno. */
bool names_write(const struct names *names, const char *text);
void names_close(struct names *names);

/* What stands in every such file. */
#define NAMES_LOCAL "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One message, and the descriptors that may go with it, over a SOCK_SEQPACKET socket. */
#ifndef SOCKSHELL_ACTOR_LINK_H
#define SOCKSHELL_ACTOR_LINK_H

#include "actor/message.h"

/* What MESSAGE_FORKED carries, in this order: the shell's ends of the child's
 * connection, the memory of its board, and (where the system has them) a pidfd. */
enum link_carried {
    CARRIED_CONTROL,
    CARRIED_STDIN,
    CARRIED_STDOUT,
    CARRIED_STDERR,
    CARRIED_BOARD,
    CARRIED_PIDFD,
    CARRIED_MAX,
};

/* A connected pair, close-on-exec, with room for at least one message of MESSAGE_MAX. */
bool link_pair(int ends[2]);

/* Send, with `count` descriptors; the caller keeps its own. Waits for room, or not (MSG_DONTWAIT). */
bool link_send(int fd, const struct message *message, const int *carried, size_t count, int flags,
               struct error *error);

enum link_result {
    LINK_MESSAGE, /* *message is the caller's to free, carried[0…*count-1] the caller's to close */
    LINK_NONE,    /* nothing waits (MSG_DONTWAIT), or a signal came */
    LINK_CUT,     /* *message is the caller's to free; for what it carried this process has no descriptors left
                     (RLIMIT_NOFILE), and none came; *error says so */
    LINK_CLOSED,  /* the other side is gone */
    LINK_BROKEN,  /* it sent what is no message; *error says what */
};
/* What LINK_CUT says; returns false. */
bool link_error_short(struct error *error);
/* `room` is MESSAGE_MAX bytes to receive into.  Descriptors come close-on-exec. */
enum link_result link_receive(int fd, int flags, char *room, struct message *message,
                              int carried[CARRIED_MAX], size_t *count, struct error *error);

#endif

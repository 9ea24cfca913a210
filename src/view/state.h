/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A snapshot as .state shows it.  Pure: what is shown is what is passed in. */
#ifndef SOCKSHELL_VIEW_STATE_H
#define SOCKSHELL_VIEW_STATE_H

#include "base/buf.h"
#include "observe/snapshot.h"

/* What a snapshot does not know. Either function may be NULL. */
struct state_context {
    size_t columns;
    const char *(*variable)(void *context, const char *actor, int fd); /* that holds the descriptor; NULL: none */
    void (*doing)(void *context, const char *actor,
                  struct buf *out); /* adds " on laptop, blocked in accept(3, …)" */
    void *context;
};

/* A line a descriptor; and those that have none. `only`: this actor's alone; SIZE_MAX: everybody's. The pipes that an
 * actor has as 0, 1 and 2 are the shell's with it, and left out. */
void state_show(const struct snapshot *snapshot, size_t only, const struct state_context *context, struct buf *out);
/* One descriptor with all there is to say. `snapshot` names its peer and those who share it. */
void state_show_depth(const struct snapshot *snapshot, size_t actor, const struct depth *depth,
                      const struct state_context *context, struct buf *out);

/* For state.c and state_socket.c; in state_words.c. */
/* One of its two addresses: "127.0.0.1:8888"; of a raw socket, "127.0.0.1"; "every frame" of an AF_PACKET socket. */
void state_endpoint(const struct socket_facts *facts, const struct sockaddr_storage *address, socklen_t length,
                    struct buf *out);
/* "protocol 1 (ICMP)". False, and nothing: the kind says it already. */
bool state_protocol(const struct socket_facts *facts, struct buf *out);
void state_kind(const struct descriptor *descriptor, struct buf *out); /* "TCP", "TCP IPv6", "UNIX stream", "pipe" */

/* More words, for the screen; in state.c. */
/* Is its send queue one of bytes?  A UNIX socket's is memory that what the peer has not read takes up. */
bool state_send_queue_counts(const struct socket_facts *facts);
bool state_queues_count(const struct socket_facts *facts); /* do its queues mean anything? */
const char *state_receive_mark(const struct socket_facts *facts); /* " and a FIN" behind the bytes, or "" */
const char *state_send_mark(const struct socket_facts *facts);
/* "shut for sending, O_NONBLOCK, shared with client 4", or nothing. */
void state_remarks(const struct snapshot *snapshot, size_t actor, const struct descriptor *descriptor,
                   struct buf *out);
bool state_is_standard(const struct descriptor *descriptor); /* the shell's pipe to it as 0, 1 or 2 */
void state_unowned_name(const struct unowned *unowned, struct buf *out); /* "not accepted", "was server 4" */
bool state_has_time_left(const struct socket_facts *facts); /* it will be gone after a while of waiting */
void state_time_left(const struct socket_facts *facts, struct buf *out); /* "for another 43 s", or nothing */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ends of a connection, named and with all that is known of them, for the view of bytes. */
#ifndef SOCKSHELL_SHELL_ENDS_H
#define SOCKSHELL_SHELL_ENDS_H

#include "observe/snapshot.h"
#include "shell/shell.h"
#include "view/bytes.h"

/* A bytes_end with what it points to. */
struct known_end {
    struct bytes_end end;
    struct buf name, note, who;
    struct socket_facts facts;
};

/* The socket of this cookie. Where several descriptors are it, that of `actor` (may be NULL) comes first.
 * `end` is empty, and to be freed with end_free(). */
void end_of(struct shell *shell, const struct snapshot *snapshot, uint64_t cookie, const char *actor, int fd,
            struct known_end *end);
/* The other end of a connection; false: `own` has none, and never had. */
bool end_other(struct shell *shell, const struct snapshot *snapshot, const struct known_end *own,
               struct known_end *other);
void end_free(struct known_end *end);
/* Messages with boundaries and no connection, rather than a stream? */
bool end_is_datagram(const struct known_end *end);

/* Put into the book who is whose other end, for the calls of these events; `now` was taken after them. */
void ends_learn(struct shell *shell, const struct snapshot *now, const struct event *const *events,
                size_t count);

#endif

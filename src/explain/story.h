/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The story of a connection: which sockets are its two ends, what was sent and
 * read, and what ended it.  Sockets go by their cookies, so that the story can
 * be told when they are closed, their numbers used again and their owners dead.
 */
#ifndef SOCKSHELL_EXPLAIN_STORY_H
#define SOCKSHELL_EXPLAIN_STORY_H

#include "explain/explain.h"

/* Events further back are not looked at: every surprise would cost as much as the session is long. */
#define STORY_MOST 4000

/* The descriptor that the call was about: as it was before it, and as it is. */
struct subject {
    int64_t fd;
    uint64_t cookie;
    const struct descriptor *before, *now; /* NULL: not looked at, or not open */
};
/* Also of a call in which the process died. False: the call was about no descriptor. */
bool story_subject(const struct inquiry *inquiry, struct subject *subject);
/* What is known of it at the latest; NULL: nothing. */
const struct descriptor *story_descriptor(const struct subject *subject);
/* Both, and {fd}, once however often it is asked for. */
const struct socket_facts *story_socket(const struct inquiry *inquiry, struct subject *subject,
                                        struct blanks *blanks);

/* One end of a connection: whose it is, or was last. */
struct end {
    uint64_t cookie;
    char actor[SNAPSHOT_NAME_MAX]; /* "": nobody's yet, it waits to be accepted */
    int fd;
    bool held; /* by somebody, now */
    bool facts_known;
    struct socket_facts facts; /* now, or before the call */
};
/* The other end of the subject's connection. False: it is nobody's here, or cannot be found any more. */
bool story_peer(const struct inquiry *inquiry, const struct subject *subject, struct end *peer);
/* Was the subject ever connected? */
bool story_was_connected(const struct inquiry *inquiry, const struct subject *subject);

/* What somebody did to a socket. */
struct deed {
    const struct event *event; /* EVENT_RETURNED, or EVENT_DIED */
    uint64_t back;             /* as in past_at() */
};
/* The last call that succeeded on this socket: `calls` as in past_call(); its second argument one of the words
 * `argument` (NULL: any). */
bool story_last(const struct inquiry *inquiry, uint64_t cookie, const char *calls, const char *argument,
                struct deed *deed);
/* What ended the sending direction of an end: a shutdown(), or the close() or death after which nobody had
 * it. */
bool story_ending(const struct inquiry *inquiry, const struct end *end, struct deed *deed);

/* Only that close() or death: since then nobody has had it. */
bool story_closing(const struct inquiry *inquiry, const struct end *end, struct deed *deed);

/* Bytes that were sent (out) or read on a socket up to so many events back. False: not all of it is known. */
bool story_bytes(const struct inquiry *inquiry, uint64_t cookie, bool out, uint64_t back, uint64_t *bytes);
/* Has the call these flags (MSG_PEEK) among its arguments? */
bool story_has_flag(const struct event *event, const char *flag);

/* SO_RCVTIMEO or SO_SNDTIMEO of a descriptor of the event's actor, in milliseconds. False: it has none. */
bool story_timeout(const struct inquiry *inquiry, int64_t fd, int option, uint64_t *ms);

/* "client's fd 3"; "fd 4" where it is of the event's actor. */
void story_say_end(const struct inquiry *inquiry, const struct end *end, struct buf *out);
/* "client's close(3), 3 calls ago", "client's own close(3), just before"; of a death "the end of client (it was
 * killed by …), …". */
void story_say_deed(const struct inquiry *inquiry, const struct deed *deed, struct buf *out);
/* "1 byte", "5 bytes". */
void story_say_bytes(uint64_t bytes, struct buf *out);

#endif

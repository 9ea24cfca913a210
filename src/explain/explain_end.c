/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ended a connection: end of file, a broken pipe (and the death by it), a reset. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/escape.h"
#include "explain/find.h"
#include "explain/rows.h"
#include "explain/story.h"

#define SENDS "send sendto sendmsg write"
#define RECEIVES "recv recvfrom recvmsg read"
#define BOTH SENDS " " RECEIVES

/* What the peer has, or had: {peer}. */
static bool own_peer(const struct inquiry *inquiry, const struct subject *subject, struct end *peer,
                     struct blanks *blanks) {
    if (!story_peer(inquiry, subject, peer))
        return false;
    story_say_end(inquiry, peer, blank(blanks, "peer"));
    return true;
}

/* ---- Sending into nothing: EPIPE, SIGPIPE ---- */

static bool by_sigpipe(const struct inquiry *inquiry) {
    int status = (int)inquiry->event->result;
    return inquiry->event->type != EVENT_DIED ||
           (status >= 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
}

static bool own_shutdown(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct deed deed;
    if (!by_sigpipe(inquiry) || story_socket(inquiry, &subject, blanks) == NULL ||
        !story_last(inquiry, subject.cookie, "shutdown", "SHUT_WR SHUT_RDWR", &deed))
        return false;
    story_say_deed(inquiry, &deed, blank(blanks, "deed"));
    if (!story_last(inquiry, subject.cookie, "shutdown", "SHUT_RD SHUT_RDWR", &deed))
        buf_add_text(blank(blanks, "receiving"), " Receiving still works.");
    return true;
}

static bool is_listener(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = story_socket(inquiry, &subject, blanks);
    return by_sigpipe(inquiry) && facts != NULL && facts->state == SOCKET_LISTEN;
}

static bool never_connected(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = story_socket(inquiry, &subject, blanks);
    return by_sigpipe(inquiry) && facts != NULL && socket_is_tcp(facts) && facts->state == SOCKET_CLOSE &&
           !story_was_connected(inquiry, &subject);
}

/* The peer has only shut down receiving: AF_UNIX tells its writers, TCP does not. */
static bool peer_reads_no_more(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct end peer;
    struct deed deed;
    const struct socket_facts *facts = story_socket(inquiry, &subject, blanks);
    if (!by_sigpipe(inquiry) || facts == NULL || facts->family != AF_UNIX ||
        !own_peer(inquiry, &subject, &peer, blanks) || story_closing(inquiry, &peer, &deed) ||
        !story_last(inquiry, peer.cookie, "shutdown", "SHUT_RD SHUT_RDWR", &deed))
        return false;
    story_say_deed(inquiry, &deed, blank(blanks, "deed"));
    return true;
}

static bool peer_closed(const struct inquiry *inquiry, struct blanks *blanks, bool tcp) {
    struct subject subject;
    struct end peer;
    struct deed deed, last;
    const struct socket_facts *facts = story_socket(inquiry, &subject, blanks);
    if (!by_sigpipe(inquiry) || facts == NULL || socket_is_tcp(facts) != tcp ||
        !own_peer(inquiry, &subject, &peer, blanks) || !story_closing(inquiry, &peer, &deed))
        return false;
    story_say_deed(inquiry, &deed, blank(blanks, "deed"));
    /* RST answers what is sent to a closed end, or it came with the close itself. */
    bool sent = story_last(inquiry, subject.cookie, SENDS, NULL, &last) && last.back < deed.back;
    buf_add_text(blank(blanks, "broken"),
                 sent ? "What was sent after that was answered with RST, for there is nobody who could read "
                        "it, and so the connection is broken."
                      : "The connection was reset then.");
    return true;
}

static bool tcp_closed(const struct inquiry *inquiry, struct blanks *blanks) {
    return peer_closed(inquiry, blanks, true);
}

static bool unix_closed(const struct inquiry *inquiry, struct blanks *blanks) {
    return peer_closed(inquiry, blanks, false);
}

/* ---- Pipes ---- */

static bool somebody_has_end(const struct snapshot *snapshot, uint64_t inode, int access) {
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while ((at = snapshot_walk(snapshot, &holder)) != NULL)
        if (at->kind == DESCRIPTOR_PIPE && at->inode == inode && at->access == access)
            return true;
    return false;
}

/* The number that the other end had when pipe() made both: "pipe([4, 5])". */
static int64_t pipe_other(const struct inquiry *inquiry, int64_t fd, bool other_reads, uint64_t *made) {
    const struct event *event;
    for (uint64_t n = 0; (event = past_call(&inquiry->past, "", "pipe", -1, &n)) != NULL; n++) {
        const char *open = strchr(event->text, '[');
        char *comma = NULL;
        long reads = open != NULL ? strtol(open + 1, &comma, 10) : -1;
        long writes = comma != NULL && *comma == ',' ? strtol(comma + 1, NULL, 10) : -1;
        if (event->error != 0 || (other_reads ? writes : reads) != fd)
            continue;
        *made = n;
        return other_reads ? reads : writes;
    }
    return -1;
}

/* Nobody has the other end any more: the last close() of its number since it was made; {deed}. */
static bool pipe_ended(const struct inquiry *inquiry, struct blanks *blanks, bool writing) {
    struct subject subject;
    const struct descriptor *own = story_subject(inquiry, &subject) ? story_descriptor(&subject) : NULL;
    uint64_t made = 0, n = 0;
    if (!by_sigpipe(inquiry) || own == NULL || own->kind != DESCRIPTOR_PIPE || own->fd <= 2 ||
        somebody_has_end(inquiry->now, own->inode, writing ? O_RDONLY : O_WRONLY))
        return false;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    int64_t other = pipe_other(inquiry, own->fd, writing, &made);
    const struct event *event = other >= 0 ? past_call(&inquiry->past, "", "close", other, &n) : NULL;
    if (event == NULL || n >= made || event->error != 0)
        return false;
    story_say_deed(inquiry, &(struct deed){event, n}, blank(blanks, "deed"));
    return true;
}

static bool no_reader(const struct inquiry *inquiry, struct blanks *blanks) {
    return pipe_ended(inquiry, blanks, true);
}

static bool no_writer(const struct inquiry *inquiry, struct blanks *blanks) {
    return inquiry->event->result == 0 && inquiry->event->asked > 0 && pipe_ended(inquiry, blanks, false);
}

/* ---- Reset ---- */

/* Bytes that had come to an end and were never read there, as it was closed; 0: none, or not known. */
static uint64_t unread_at(const struct inquiry *inquiry, const struct subject *subject,
                          const struct end *peer, const struct deed *deed) {
    uint64_t sent, read;
    if (!story_bytes(inquiry, subject->cookie, true, deed->back + 1, &sent) ||
        !story_bytes(inquiry, peer->cookie, false, deed->back + 1, &read))
        return 0;
    return sent > read ? sent - read : 0;
}

/* Who closed the other end, and how many bytes it left unread. */
static bool was_reset(const struct inquiry *inquiry, struct blanks *blanks, struct end *peer,
                      struct deed *deed, uint64_t *unread) {
    struct subject subject;
    if (story_socket(inquiry, &subject, blanks) == NULL || !own_peer(inquiry, &subject, peer, blanks) ||
        !story_closing(inquiry, peer, deed))
        return false;
    *unread = unread_at(inquiry, &subject, peer, deed);
    story_say_deed(inquiry, deed, blank(blanks, "deed"));
    story_say_bytes(*unread, blank(blanks, "unread"));
    return true;
}

static bool reset_by_linger(const struct inquiry *inquiry, struct blanks *blanks) {
    struct end peer;
    struct deed deed, set;
    struct buf value = {0};
    uint64_t unread;
    bool zero = was_reset(inquiry, blanks, &peer, &deed, &unread) &&
                story_last(inquiry, peer.cookie, "setsockopt", NULL, &set) &&
                find_argument(set.event, 3, &value) && strstr(set.event->text, "SO_LINGER") != NULL &&
                strstr(buf_text(&value), "{onoff=1, ") != NULL &&
                strstr(buf_text(&value), "linger=0}") != NULL;
    buf_free(&value);
    return zero;
}

static bool reset_by_unread(const struct inquiry *inquiry, struct blanks *blanks) {
    struct end peer;
    struct deed deed;
    uint64_t unread;
    return was_reset(inquiry, blanks, &peer, &deed, &unread) && unread > 0 &&
           deed.event->type == EVENT_RETURNED;
}

static bool reset_by_death(const struct inquiry *inquiry, struct blanks *blanks) {
    struct end peer;
    struct deed deed;
    uint64_t unread;
    if (!was_reset(inquiry, blanks, &peer, &deed, &unread) || unread == 0 || deed.event->type != EVENT_DIED)
        return false;
    buf_add_text(blank(blanks, "who"), deed.event->actor);
    return true;
}

/* The connection waited in a listener's queue when that was closed. */
static bool never_accepted(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct end peer;
    const struct event *event;
    if (story_socket(inquiry, &subject, blanks) == NULL || !story_peer(inquiry, &subject, &peer) ||
        peer.actor[0] != '\0')
        return false;
    for (uint64_t n = 0; n < STORY_MOST && (event = past_at(&inquiry->past, n)) != NULL; n++) {
        if (event->type != EVENT_CHANGE || event->cookie != peer.cookie ||
            strcmp(event->name, "unowned-gone") != 0)
            continue;
        /* The close() that it came with. */
        uint64_t at = n + 1;
        const struct event *cause = past_call(&inquiry->past, "", "close", -1, &at);
        if (cause == NULL || cause->happened_ns != event->happened_ns)
            return false;
        story_say_deed(inquiry, &(struct deed){cause, at}, blank(blanks, "deed"));
        return true;
    }
    return false;
}

/* ---- End of file ---- */

static bool asked_nothing(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    return inquiry->event->result == 0 && inquiry->event->asked == 0 &&
           strcmp(inquiry->event->name, "recvmsg") != 0 && story_socket(inquiry, &subject, blanks) != NULL;
}

/* recv() has returned 0 for a stream. */
static const struct socket_facts *at_end(const struct inquiry *inquiry, struct subject *subject,
                                         struct blanks *blanks) {
    const struct socket_facts *facts = story_socket(inquiry, subject, blanks);
    bool end = inquiry->event->result == 0 &&
               (inquiry->event->asked > 0 || strcmp(inquiry->event->name, "recvmsg") == 0);
    return end && facts != NULL && socket_is_stream(facts) ? facts : NULL;
}

static bool empty_datagram(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = story_socket(inquiry, &subject, blanks);
    struct sockaddr_storage address;
    socklen_t length;
    if (inquiry->event->result != 0 || inquiry->event->asked == 0 || facts == NULL ||
        facts->type != SOCK_DGRAM || facts->shutdown_receive)
        return false;
    if (find_address(inquiry, &address, &length)) {
        buf_add_text(blank(blanks, "from"), " from ");
        find_say_address(&address, length, blank(blanks, "from"));
    }
    return true;
}

static bool own_shut_reading(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct deed deed;
    if (inquiry->event->result != 0 || inquiry->event->asked == 0 ||
        story_socket(inquiry, &subject, blanks) == NULL ||
        !story_last(inquiry, subject.cookie, "shutdown", "SHUT_RD SHUT_RDWR", &deed))
        return false;
    story_say_deed(inquiry, &deed, blank(blanks, "deed"));
    return true;
}

/* The close() or death, or else the shutdown(). */
static bool peer_ended(const struct inquiry *inquiry, struct blanks *blanks, struct deed *deed) {
    struct subject subject;
    struct end peer;
    if (at_end(inquiry, &subject, blanks) == NULL || !own_peer(inquiry, &subject, &peer, blanks) ||
        (!story_closing(inquiry, &peer, deed) && !story_ending(inquiry, &peer, deed)))
        return false;
    story_say_deed(inquiry, deed, blank(blanks, "deed"));
    return true;
}

/* It was a shutdown(): the descriptor there is open still, or nobody knows who closed it. */
static bool peer_shut(const struct inquiry *inquiry, struct blanks *blanks) {
    struct deed deed;
    return peer_ended(inquiry, blanks, &deed) && deed.event->type == EVENT_RETURNED &&
           strcmp(deed.event->name, "shutdown") == 0;
}

/* What is sent from here is still read there: neither side has said that it will not. */
static bool peer_shut_half(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct end peer;
    struct deed other;
    return peer_shut(inquiry, blanks) && story_subject(inquiry, &subject) &&
           story_peer(inquiry, &subject, &peer) && peer.held &&
           !story_last(inquiry, peer.cookie, "shutdown", "SHUT_RD SHUT_RDWR", &other) &&
           !story_last(inquiry, subject.cookie, "shutdown", "SHUT_WR SHUT_RDWR", &other);
}

/* One of the two has; {end} tells which call, where it was not the same. */
static bool peer_shut_both(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct end peer;
    struct deed other;
    if (!peer_shut(inquiry, blanks) || !story_subject(inquiry, &subject) ||
        !story_peer(inquiry, &subject, &peer) || !peer.held)
        return false;
    if (story_last(inquiry, subject.cookie, "shutdown", "SHUT_WR SHUT_RDWR", &other) ||
        story_last(inquiry, peer.cookie, "shutdown", "SHUT_RD", &other)) {
        buf_add_text(blank(blanks, "end"), ", since ");
        story_say_deed(inquiry, &other, blank(blanks, "end"));
    }
    return true;
}

static bool peer_died(const struct inquiry *inquiry, struct blanks *blanks) {
    struct deed deed;
    return peer_ended(inquiry, blanks, &deed) && deed.event->type == EVENT_DIED;
}

static bool peer_is_closed(const struct inquiry *inquiry, struct blanks *blanks) {
    struct deed deed;
    return peer_ended(inquiry, blanks, &deed) &&
           (deed.event->type != EVENT_RETURNED || strcmp(deed.event->name, "shutdown") != 0);
}

/* ---- The rows ---- */

#define OWN_SHUTDOWN \
    "{deed}, has closed the sending direction of fd {fd}: nothing can be sent after it.{receiving}"
#define IS_LISTENER \
    "fd {fd} is the listening socket, and connected with nobody. Send on the descriptor that accept() " \
    "returns."
#define NEVER_CONNECTED "fd {fd} is not connected: there was no connect() on it that succeeded."
#define READS_NO_MORE "{deed}, says that nothing more will be read at the other end."
#define TCP_CLOSED "The other end is closed, since {deed}. {broken}"
#define UNIX_CLOSED "Nobody can read what would be sent: the other end is closed, since {deed}."
#define NO_READER "Nobody has the read end of this pipe any more, since {deed}."

#define DIED \
    " The kernel says so with SIGPIPE, and a process that has made no arrangement for it dies. With " \
    "MSG_NOSIGNAL in send(), or signal(SIGPIPE, SIG_IGN) before, the call returns -1 EPIPE instead."
#define AVOID \
    " The kernel says so with SIGPIPE, and a process that has made no arrangement for it dies. With " \
    "signal(SIGPIPE, SIG_IGN) before, write() returns -1 EPIPE instead."

const struct explanation explanations_end[] = {
    {"*-EPIPE-own-shutdown", SENDS, EPIPE, own_shutdown, OWN_SHUTDOWN},
    {"*-EPIPE-listening", SENDS, EPIPE, is_listener, IS_LISTENER},
    {"*-EPIPE-never-connected", SENDS, EPIPE, never_connected, NEVER_CONNECTED},
    {"*-EPIPE-peer-reads-no-more", SENDS, EPIPE, peer_reads_no_more, READS_NO_MORE},
    {"*-EPIPE-closed", SENDS, EPIPE, tcp_closed, TCP_CLOSED},
    {"*-EPIPE-unix-closed", SENDS, EPIPE, unix_closed, UNIX_CLOSED},
    {"*-EPIPE-no-reader", "write", EPIPE, no_reader, NO_READER},

    {"*-SIGPIPE-own-shutdown", SENDS, EXPLAIN_DEATH, own_shutdown, OWN_SHUTDOWN DIED},
    {"*-SIGPIPE-listening", SENDS, EXPLAIN_DEATH, is_listener, IS_LISTENER DIED},
    {"*-SIGPIPE-never-connected", SENDS, EXPLAIN_DEATH, never_connected, NEVER_CONNECTED DIED},
    {"*-SIGPIPE-peer-reads-no-more", SENDS, EXPLAIN_DEATH, peer_reads_no_more, READS_NO_MORE DIED},
    {"*-SIGPIPE-closed", SENDS, EXPLAIN_DEATH, tcp_closed, TCP_CLOSED DIED},
    {"*-SIGPIPE-unix-closed", SENDS, EXPLAIN_DEATH, unix_closed, UNIX_CLOSED DIED},
    {"*-SIGPIPE-no-reader", "write", EXPLAIN_DEATH, no_reader, NO_READER AVOID},

    {"*-ECONNRESET-never-accepted", BOTH, ECONNRESET, never_accepted,
     "The connection was complete, but no accept() ever took it: it waited in the queue until {deed}, and "
     "then the kernel reset it."},
    {"*-ECONNRESET-linger", BOTH, ECONNRESET, reset_by_linger,
     "{peer} had SO_LINGER on with a time of 0, and so {deed}, broke the connection off with RST instead "
     "of ending it with FIN."},
    {"*-ECONNRESET-unread", BOTH, ECONNRESET, reset_by_unread,
     "{deed}, came while {unread} that had arrived there were still unread: that resets the connection "
     "(TCP sends RST instead of FIN), to say that data were lost. Who reads until recv() returns 0, and "
     "closes then, ends a connection well."},
    {"*-ECONNRESET-died", BOTH, ECONNRESET, reset_by_death,
     "It came with {deed}: the kernel closed {who}'s descriptors, and as {unread} had not been read there, "
     "it sent RST instead of FIN."},

    {"*-0-nothing-asked", RECEIVES, EXPLAIN_SURPRISE, asked_nothing,
     "It asked for 0 bytes, and that is what it got: this says nothing about the end of file."},
    {"*-0-empty-datagram", RECEIVES, EXPLAIN_SURPRISE, empty_datagram,
     "A datagram{from} with no bytes in it. That is no end of file: datagram sockets have none, and the "
     "next message may come at any time."},
    {"*-0-own-shutdown", RECEIVES, EXPLAIN_SURPRISE, own_shut_reading,
     "End of file, because {deed}, has closed the receiving direction of fd {fd}."},
    {"*-0-shutdown", RECEIVES, EXPLAIN_SURPRISE, peer_shut_half,
     "End of file: {deed}, closed the sending direction there, and all that was sent has been read. The "
     "other direction is open still: what is sent on fd {fd} arrives."},
    {"*-0-shutdown-both", RECEIVES, EXPLAIN_SURPRISE, peer_shut_both,
     "End of file: {deed}, closed the sending direction there, and all that was sent has been read. Nothing "
     "goes the other way either{end}. It is time to close fd {fd}."},
    {"*-0-died", RECEIVES, EXPLAIN_SURPRISE, peer_died,
     "End of file: it came with {deed}. When a process ends, the kernel closes its descriptors."},
    {"*-0-closed", RECEIVES, EXPLAIN_SURPRISE, peer_is_closed,
     "End of file: {deed}, closed the other end, and all that was sent has been read. It is time to close "
     "fd {fd} too."},
    {"read-0-no-writer", "read", EXPLAIN_SURPRISE, no_writer,
     "End of file: nobody has the write end of this pipe any more, since {deed}, and all that was written "
     "has been read."},
    {0},
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why nothing could be sent or received: nobody at the other end, no room, too much, or it would wait. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <netinet/in.h>

#include "base/escape.h"
#include "explain/find.h"
#include "explain/rows.h"
#include "explain/shared.h"
#include "explain/story.h"
#include "observe/machine.h"

#define SENDS "send sendto sendmsg write"
#define RECEIVES "recv recvfrom recvmsg read"
#define BOTH SENDS " " RECEIVES

#define UDP_MOST 65507  /* 65535 less 20 bytes of IPv4 header and 8 of UDP's */
#define UDP6_MOST 65527 /* IPv6's own header does not count */

static const struct socket_facts *own_socket(const struct inquiry *inquiry, struct subject *subject,
                                             struct blanks *blanks) {
    bool again = blank(blanks, "fd")->length > 0;
    const struct socket_facts *facts = story_socket(inquiry, subject, blanks);
    if (facts == NULL || again)
        return facts;
    buf_add_text(blank(blanks, "call"), inquiry->event->name);
    socket_kind(facts, blank(blanks, "kind"));
    return facts;
}

/* ---- It would have to wait ---- */

static bool told_not_to_wait(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    return story_has_flag(inquiry->event, "MSG_DONTWAIT") && own_socket(inquiry, &subject, blanks) != NULL;
}

/* The newest call that made it so, where there is one; ": server's fcntl(…), 2 calls ago". */
static void say_made_nonblocking(const struct inquiry *inquiry, const struct subject *subject,
                                 struct buf *out) {
    struct deed deed;
    if (!story_last(inquiry, subject->cookie, "fcntl", "F_SETFL", &deed) ||
        strstr(deed.event->text, "O_NONBLOCK") == NULL)
        return;
    buf_add_text(out, " (");
    story_say_deed(inquiry, &deed, out);
    buf_add_char(out, ')');
}

static bool nonblocking(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct descriptor *own = story_subject(inquiry, &subject) ? story_descriptor(&subject) : NULL;
    if (own == NULL || !own->flags_known || !own->nonblocking)
        return false;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    say_made_nonblocking(inquiry, &subject, blank(blanks, "since"));
    return true;
}

static bool timed_out(const struct inquiry *inquiry, struct blanks *blanks, int option) {
    struct subject subject;
    uint64_t ms;
    if (own_socket(inquiry, &subject, blanks) == NULL || !story_timeout(inquiry, subject.fd, option, &ms))
        return false;
    if (ms % 1000 == 0)
        buf_addf(blank(blanks, "time"), "%llu s", (unsigned long long)(ms / 1000));
    else
        buf_addf(blank(blanks, "time"), "%llu ms", (unsigned long long)ms);
    return true;
}

static bool receive_timed_out(const struct inquiry *inquiry, struct blanks *blanks) {
    return timed_out(inquiry, blanks, SO_RCVTIMEO);
}

/* Where the bytes are that take up the room. */
static bool say_full(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct end peer;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    if (facts == NULL || !socket_is_stream(facts) || !facts->queues_known ||
        !story_peer(inquiry, &subject, &peer) || !peer.facts_known || !peer.facts.queues_known)
        return false;
    struct buf *where = blank(blanks, "where");
    if (socket_is_tcp(facts)) {
        story_say_bytes(socket_send_bytes(facts), where);
        buf_addf(where, " wait in the send queue of fd %lld, ", (long long)subject.fd);
    }
    story_say_bytes(socket_receive_bytes(&peer.facts), where);
    buf_add_text(where, " in the receive queue of ");
    story_say_end(inquiry, &peer, where);
    buf_add_text(blank(blanks, "peer"), peer.actor[0] != '\0' ? peer.actor : "the peer");
    return true;
}

static bool full_dontwait(const struct inquiry *inquiry, struct blanks *blanks) {
    return story_has_flag(inquiry->event, "MSG_DONTWAIT") && say_full(inquiry, blanks);
}

static bool full_nonblocking(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct descriptor *own = story_subject(inquiry, &subject) ? story_descriptor(&subject) : NULL;
    return own != NULL && own->nonblocking && say_full(inquiry, blanks);
}

static bool full_timed_out(const struct inquiry *inquiry, struct blanks *blanks) {
    return timed_out(inquiry, blanks, SO_SNDTIMEO) && say_full(inquiry, blanks);
}

/* ---- No connection ---- */

/* " That one is fd 4.": a socket of this process that came from the listener. */
static void say_accepted(const struct inquiry *inquiry, const struct socket_facts *listener,
                         struct buf *out) {
    const struct descriptor *at = snapshot_next(inquiry->now, inquiry->actor, 0);
    for (; at != NULL; at = snapshot_next(inquiry->now, inquiry->actor, at->fd + 1)) {
        const struct socket_facts *facts = &at->socket;
        bool inet = listener->family != AF_UNIX;
        if (at->kind != DESCRIPTOR_SOCKET || facts->family != listener->family ||
            facts->state == SOCKET_LISTEN || facts->cookie == listener->cookie || !socket_has_peer(facts) ||
            (inet ? address_port(&facts->local) != address_port(&listener->local)
                  : !address_same(&facts->local, facts->local_length, &listener->local,
                                  listener->local_length)))
            continue;
        buf_addf(out, " Here that is fd %d.", at->fd);
        return;
    }
    if (listener->queues_known && listener->receive_queue > 0)
        buf_addf(out, " %u connection%s %s for accept() now.", listener->receive_queue,
                 listener->receive_queue == 1 ? "" : "s", listener->receive_queue == 1 ? "waits" : "wait");
    else
        buf_add_text(out, " None has been accepted yet.");
}

static bool is_listener(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    if (facts == NULL || facts->state != SOCKET_LISTEN)
        return false;
    say_accepted(inquiry, facts, blank(blanks, "accepted"));
    return true;
}

static bool was_connected(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct end peer;
    struct deed deed;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    if (facts == NULL || !socket_is_stream(facts) || !story_was_connected(inquiry, &subject))
        return false;
    if (story_peer(inquiry, &subject, &peer) && story_ending(inquiry, &peer, &deed)) {
        buf_add_text(blank(blanks, "since"), ", since ");
        story_say_deed(inquiry, &deed, blank(blanks, "since"));
    }
    return true;
}

static bool connect_failed(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct event *event;
    struct subject subject;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    if (facts == NULL || facts->state == SOCKET_LISTEN || story_was_connected(inquiry, &subject))
        return false;
    for (uint64_t n = 0; (event = past_call(&inquiry->past, "", "connect", -1, &n)) != NULL; n++)
        if (event->cookie == subject.cookie) {
            if (event->error == 0)
                return false;
            const char *name = errno_name((int)event->error);
            buf_add_text(blank(blanks, "error"), name != NULL ? name : "an error");
            return true;
        }
    return false;
}

static bool never_connected(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    return facts != NULL && facts->state != SOCKET_LISTEN && socket_is_stream(facts) &&
           !story_was_connected(inquiry, &subject);
}

/* A datagram socket; `call` wants a peer. */
static bool datagram_alone(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    return facts != NULL && facts->type == SOCK_DGRAM && !socket_has_peer(facts);
}

/* ---- What was asked for does not go ---- */

static bool stream_with_address(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct end peer;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    if (facts == NULL || !socket_is_stream(facts) || inquiry->event->address_length == 0)
        return false;
    if (story_peer(inquiry, &subject, &peer)) {
        buf_add_text(blank(blanks, "with"), " with ");
        story_say_end(inquiry, &peer, blank(blanks, "with"));
    }
    return true;
}

static bool udp_too_long(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    int64_t most = facts != NULL && facts->family == AF_INET6 ? UDP6_MOST : UDP_MOST;
    if (facts == NULL || facts->type != SOCK_DGRAM || facts->family == AF_UNIX ||
        inquiry->event->asked <= most)
        return false;
    buf_addf(blank(blanks, "asked"), "%lld", (long long)inquiry->event->asked);
    buf_addf(blank(blanks, "most"), "%lld", (long long)most);
    buf_add_text(blank(blanks, "version"), facts->family == AF_INET6 ? "IPv6" : "IPv4");
    return true;
}

static bool unix_too_long(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    int room;
    if (facts == NULL || facts->family != AF_UNIX || facts->type == SOCK_STREAM || subject.now == NULL ||
        !find_option(inquiry, &(struct holder){inquiry->actor, subject.now->fd}, SOL_SOCKET, SO_SNDBUF,
                     &room) ||
        inquiry->event->asked < room - 32) /* unix(7) keeps 32 bytes of it for itself */
        return false;
    buf_addf(blank(blanks, "asked"), "%lld", (long long)inquiry->event->asked);
    buf_addf(blank(blanks, "room"), "%d", room);
    return true;
}

static bool urgent_on_other(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    return facts != NULL && story_has_flag(inquiry->event, "MSG_OOB") && !socket_is_tcp(facts);
}

static bool no_urgent_byte(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    return facts != NULL && story_has_flag(inquiry->event, "MSG_OOB") && socket_is_tcp(facts);
}

static bool unix_alone(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    return facts != NULL && facts->family == AF_UNIX && facts->type == SOCK_STREAM &&
           !socket_has_peer(facts) && !story_has_flag(inquiry->event, "MSG_OOB");
}

static bool port_zero(const struct inquiry *inquiry, struct blanks *blanks) {
    struct sockaddr_storage address;
    socklen_t length;
    struct subject subject;
    return own_socket(inquiry, &subject, blanks) != NULL && find_address(inquiry, &address, &length) &&
           (address.ss_family == AF_INET || address.ss_family == AF_INET6) && address_port(&address) == 0;
}

static bool bad_direction(const struct inquiry *inquiry, struct blanks *blanks) {
    struct buf how = {0};
    bool bad = find_argument(inquiry->event, 1, &how) && strncmp(buf_text(&how), "SHUT_", 5) != 0;
    if (bad)
        escape_text(blank(blanks, "how"), buf_text(&how), how.length);
    buf_free(&how);
    return bad;
}

/* ---- Datagrams that found nobody ---- */

static bool came_back(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    struct deed deed;
    const struct socket_facts *facts = own_socket(inquiry, &subject, blanks);
    if (facts == NULL || facts->type != SOCK_DGRAM || facts->family == AF_UNIX || !socket_has_peer(facts) ||
        !story_last(inquiry, subject.cookie, SENDS, NULL, &deed))
        return false;
    /* Within this machine the answer is there before the next send. */
    if (!machine_is_here(&facts->peer))
        return false;
    story_say_deed(inquiry, &deed, blank(blanks, "deed"));
    find_say_address(&facts->peer, facts->peer_length, blank(blanks, "address"));
    return true;
}

/* ---- The rows ---- */

#define WOULD_WAIT " Without it this call would wait now; poll() says when it need not."

const struct explanation explanations_data[] = {
    {"*-EAGAIN-dontwait", RECEIVES, EAGAIN, told_not_to_wait,
     "Nothing has come to fd {fd} yet, and MSG_DONTWAIT tells this call not to wait for it. Without the "
     "flag it would; poll() says when there is something."},
    {"*-EAGAIN-nonblocking", RECEIVES, EAGAIN, nonblocking,
     "Nothing has come to fd {fd} yet, and its O_NONBLOCK{since} says not to wait." WOULD_WAIT},
    {"*-EAGAIN-timeout", RECEIVES, EAGAIN, receive_timed_out,
     "Nothing came to fd {fd} within {time}, and its SO_RCVTIMEO says to wait no longer. It can simply be "
     "tried again."},
    {"*-EAGAIN-full-dontwait", SENDS, EAGAIN, full_dontwait,
     "There is no room: {where}. MSG_DONTWAIT tells this call not to wait until {peer} reads; poll() says "
     "POLLOUT when there is room again."},
    {"*-EAGAIN-full", SENDS, EAGAIN, full_nonblocking,
     "There is no room: {where}. fd {fd} is O_NONBLOCK, so the call does not wait until {peer} reads; "
     "poll() says POLLOUT when there is room again."},
    {"*-EAGAIN-full-timeout", SENDS, EAGAIN, full_timed_out,
     "There was no room for {time}, the SO_SNDTIMEO of fd {fd}: {where}. There will be when {peer} reads."},

    {"*-ENOTCONN-listening", BOTH " shutdown getpeername", ENOTCONN, is_listener,
     "fd {fd} is the listening socket: it only makes connections. Each accept() returns a new descriptor, "
     "and data go through that.{accepted}"},
    {"*-ENOTCONN-ended", BOTH " shutdown getpeername", ENOTCONN, was_connected,
     "fd {fd} was connected, but the connection is over{since}. A new one needs a new socket()."},
    {"*-ENOTCONN-connect-failed", BOTH " shutdown getpeername", ENOTCONN, connect_failed,
     "fd {fd} is not connected: its connect() failed with {error}."},
    {"*-ENOTCONN-never", BOTH " shutdown getpeername", ENOTCONN, never_connected,
     "fd {fd} ({kind}) has never been connected: there was no connect() on it, and it did not come from "
     "accept()."},
    {"*-ENOTCONN-datagram", BOTH " shutdown getpeername", ENOTCONN, datagram_alone,
     "fd {fd} ({kind}) has no peer. A datagram socket gets one by connect(); without, each sendto() names "
     "where to."},
    {"*-EDESTADDRREQ-datagram", SENDS, EDESTADDRREQ, datagram_alone,
     "fd {fd} ({kind}) has no peer, and {call}() does not say where to: use sendto(), or connect() the "
     "socket first."},
    {"*-EISCONN-stream", "sendto sendmsg", EISCONN, stream_with_address,
     "fd {fd} ({kind}) is connected{with} already, and a stream has one peer only: leave the address out, "
     "as send() does."},

    {"*-EMSGSIZE-udp", SENDS, EMSGSIZE, udp_too_long,
     "{asked} bytes do not fit into one datagram: UDP over {version} carries {most} at most. Send them in "
     "several, or over TCP."},
    {"*-EMSGSIZE-buffer", SENDS, EMSGSIZE, unix_too_long,
     "{asked} bytes in one message do not fit into the send buffer of fd {fd}: SO_SNDBUF is {room}, the "
     "kernel's own bookkeeping included. Send less at once, or set it higher."},
    {"*-EOPNOTSUPP-urgent", BOTH, EOPNOTSUPP, urgent_on_other,
     "MSG_OOB means TCP's urgent byte, and fd {fd} is {kind}, which has none."},
    {"*-EINVAL-urgent", RECEIVES, EINVAL, no_urgent_byte,
     "No urgent byte has come to fd {fd} that was not read yet; MSG_OOB does not wait for one."},
    {"*-EINVAL-unix-alone", RECEIVES, EINVAL, unix_alone,
     "fd {fd} ({kind}) is connected with nobody, so there is nobody to receive from."},
    {"*-EINVAL-port", "sendto sendmsg", EINVAL, port_zero,
     "The address has port 0, which nobody can have. Set it, as with htons(9999)."},
    {"shutdown-EINVAL-how", "shutdown", EINVAL, bad_direction,
     "{how} is no direction: SHUT_RD (0), SHUT_WR (1) and SHUT_RDWR (2) are the three there are."},

    {"*-ECONNREFUSED-datagram", BOTH, ECONNREFUSED, came_back,
     "No socket had {address} when an earlier datagram came there ({deed}): the host answered with an ICMP "
     "message, and this call brings the news. Its own work was not done; the socket can be used on."},
    {0},
};

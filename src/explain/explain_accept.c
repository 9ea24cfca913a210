/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why taking a connection failed, and how one that was begun has ended. */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include "call/constant.h"
#include "explain/find.h"
#include "explain/rows.h"
#include "explain/shared.h"

#define ACCEPTS "accept accept4"

/* ---- accept ---- */

static const struct descriptor *own_stream(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    if (own == NULL || !socket_is_stream(&own->socket))
        return NULL;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    if (socket_has_local(&own->socket))
        find_say_address(&own->socket.local, own->socket.local_length, blank(blanks, "there"));
    return own;
}

/* It has listened, says the journal: a successful listen() on this very socket. */
static bool has_listened(const struct inquiry *inquiry, const struct descriptor *own) {
    const struct event *event;
    for (uint64_t n = 0; (event = past_call(&inquiry->past, "", "listen", -1, &n)) != NULL; n++)
        if (event->cookie == own->socket.cookie && event->error == 0)
            return true;
    return false;
}

static bool is_connection(const struct inquiry *inquiry, struct blanks *blanks) {
    if (!shared_is_connected(inquiry, blanks))
        return false;
    const struct descriptor *at = snapshot_next(inquiry->now, inquiry->actor, 0);
    for (; at != NULL; at = snapshot_next(inquiry->now, inquiry->actor, at->fd + 1))
        if (at->kind == DESCRIPTOR_SOCKET && at->socket.state == SOCKET_LISTEN) {
            buf_addf(blank(blanks, "listener"), ", fd %d", at->fd);
            break;
        }
    return true;
}

static bool was_shut(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_stream(inquiry, blanks);
    return own != NULL && own->socket.state == SOCKET_CLOSE && has_listened(inquiry, own);
}

static bool never_listened(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_stream(inquiry, blanks);
    return own != NULL && own->socket.state == SOCKET_CLOSE && socket_has_local(&own->socket);
}

static bool never_bound(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_stream(inquiry, blanks);
    return own != NULL && own->socket.state == SOCKET_CLOSE && !socket_has_local(&own->socket);
}

static bool queue_is_empty(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_stream(inquiry, blanks);
    return own != NULL && own->nonblocking && own->socket.state == SOCKET_LISTEN &&
           own->socket.queues_known && own->socket.receive_queue == 0;
}

static bool waited_in_vain(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = own_stream(inquiry, blanks);
    return own != NULL && !own->nonblocking && own->socket.state == SOCKET_LISTEN;
}

static bool peer_is_mapped(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *given = snapshot_get(inquiry->now, inquiry->actor, (int)inquiry->event->result);
    if (given == NULL || given->kind != DESCRIPTOR_SOCKET || given->socket.family != AF_INET6 ||
        find_told(inquiry, "accept-v4-mapped"))
        return false;
    struct sockaddr_storage peer = given->socket.peer;
    socklen_t length = given->socket.peer_length;
    address_unmap(&peer, &length);
    if (peer.ss_family != AF_INET)
        return false;
    find_say_address(&given->socket.peer, given->socket.peer_length, blank(blanks, "peer"));
    find_say_address(&peer, length, blank(blanks, "address"));
    return true;
}

/* ---- SO_ERROR ---- */

/* The value that getsockopt() gave for it; 0: it was not asked for, or there was none. */
static int pending_error(const struct inquiry *inquiry) {
    struct buf option = {0}, value = {0};
    int number = 0;
    find_argument(inquiry->event, 2, &option);
    find_argument(inquiry->event, 3, &value);
    if (strcmp(buf_text(&option), "SO_ERROR") == 0 && value.length > 2 && value.data[0] == '[') {
        value.data[value.length - 1] = '\0';
        const struct constant *constant = constant_find(value.data + 1);
        number = constant != NULL ? (int)constant->value : 0;
    }
    buf_free(&option);
    buf_free(&value);
    return number;
}

/* Ask again as if connect() had waited, and returned this. */
static bool connect_failed(const struct inquiry *inquiry, struct blanks *blanks) {
    int error = pending_error(inquiry);
    const struct event *event = inquiry->event, *begun;
    const struct call *connect = call_find("connect");
    /* The constant that the actor wrote need not be an errno, nor one that connect() is known for. */
    const char *name = errno_name(error), *means = call_errno_means(connect, error);
    uint64_t n = 0;
    if (error == 0 || name == NULL)
        return false;
    while ((begun = past_call(&inquiry->past, event->actor, "connect", event->fd, &n)) != NULL &&
           (begun->cookie != event->cookie || begun->error != EINPROGRESS))
        n++;
    if (begun == NULL)
        return false;
    struct event ended = *begun;
    struct inquiry again = *inquiry;
    char id[EXPLANATION_ID_MAX];
    ended.error = error;
    again.event = &ended;
    again.call = connect;
    buf_add_text(blank(blanks, "error"), name);
    if (!explain_because(&again, id, blank(blanks, "cause")) && means != NULL)
        buf_add_text(blank(blanks, "cause"), means);
    return true;
}

const struct explanation explanations_accept[] = {
    {"accept-EINVAL-connection", ACCEPTS, EINVAL, is_connection,
     "fd {fd} is a connection ({state}{with}) and does not listen. accept() is for the listening "
     "socket{listener}; with this one, send and receive."},
    {"accept-EINVAL-shut-down", ACCEPTS, EINVAL, was_shut,
     "fd {fd} has listened, but was shut down: shutdown() ends listening too. Make another listening "
     "socket."},
    {"accept-EINVAL-bound", ACCEPTS, EINVAL, never_listened,
     "fd {fd} is bound to {there} but does not listen: listen() comes between bind() and accept()."},
    {"accept-EINVAL-unbound", ACCEPTS, EINVAL, never_bound,
     "fd {fd} has no address and does not listen: bind() and listen() come before accept()."},
    {"accept-EAGAIN-empty", ACCEPTS, EAGAIN, queue_is_empty,
     "fd {fd} is non-blocking, and nobody waits in the accept queue of {there}. poll() says POLLIN when "
     "somebody does."},
    {"accept-EAGAIN-timeout", ACCEPTS, EAGAIN, waited_in_vain,
     "Nobody connected to {there} in the time that SO_RCVTIMEO on fd {fd} allows. Call accept() again to "
     "go on waiting."},
    {"accept-EMFILE-limit", ACCEPTS, EMFILE, shared_descriptor_limit,
     SHARED_DESCRIPTOR_LIMIT " The connection stays in the accept queue meanwhile."},
    {"accept-EOPNOTSUPP-type", ACCEPTS, EOPNOTSUPP, shared_type_without_connections,
     "fd {fd} is of type {type}, which has no connections: what is sent to its address just arrives. Use "
     "recvfrom(), or a SOCK_STREAM socket."},
    {"accept-v4-mapped", ACCEPTS, EXPLAIN_SURPRISE, peer_is_mapped,
     "The client is {address}, over IPv4. An IPv6 socket shows it as {peer}: in a struct sockaddr_in6 "
     "there is only room for an IPv6 address, so IPv4's are mapped into ::ffff:0:0/96."},
    {"getsockopt-SO_ERROR-connect", "getsockopt", EXPLAIN_SURPRISE, connect_failed,
     "So the connect() of before has ended, with {error}. {cause} Asking has cleared the error: asked "
     "again, it is 0."},
    {0},
};

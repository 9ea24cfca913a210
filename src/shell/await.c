/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is it worth waiting for a blocked call?  See await.h. */
#include "shell/await.h"

#include <stdlib.h>
#include <string.h>

#include "shell/watch.h"

static bool is_one_of(const char *name, const char *const *names) {
    for (; *names != NULL; names++)
        if (strcmp(name, *names) == 0)
            return true;
    return false;
}

/* The text of a call ends with its timeout: a number of milliseconds, or a struct that is not NULL. */
static bool has_timeout(const char *name, const char *text) {
    const char *last = strrchr(text, ',');
    if (last == NULL)
        return false;
    last += strspn(last, ", ");
    if (strcmp(name, "select") == 0)
        return strncmp(last, "NULL", 4) != 0;
    return last[0] != '-';
}

/* Is this socket where the other one's peer is?  A listener for IPv6 has IPv4 connections too, so of those
 * only the port is compared; an accepted AF_UNIX socket has its listener's name. */
static bool is_at(const struct socket_facts *socket, const struct socket_facts *other) {
    if ((socket->family == AF_UNIX) != (other->family == AF_UNIX))
        return false;
    if (other->family != AF_UNIX)
        return address_port(&socket->local) == address_port(&other->peer);
    return socket->local_length == other->peer_length &&
           memcmp(&socket->local, &other->peer, other->peer_length) == 0;
}

/* Does an actor hold the other end, or the listening socket in whose queue the other end still is? */
static bool is_ours(const struct snapshot *snapshot, const struct socket_facts *facts) {
    struct holder holder = SNAPSHOT_BEGIN;
    const struct descriptor *at;
    while ((at = snapshot_walk(snapshot, &holder)) != NULL)
        if (at->kind == DESCRIPTOR_SOCKET && socket_has_local(&at->socket) && is_at(&at->socket, facts))
            return true;
    return false;
}

static bool waits_for_stranger(struct shell *shell, const struct actor *actor, int fd) {
    struct snapshot *snapshot = shell_snapshot(shell);
    size_t number = snapshot_actor_named(snapshot, actor_name(actor));
    const struct descriptor *at = snapshot_get(snapshot, number, fd);
    bool stranger = false;
    if (at != NULL && at->kind == DESCRIPTOR_SOCKET && at->socket.peer_length != 0) {
        /* Who has no name, as in a socketpair, is ours. */
        stranger = at->socket.peer_length > sizeof(sa_family_t) && !is_ours(snapshot, &at->socket);
    }
    snapshot_free(snapshot);
    return stranger;
}

bool await_may_end(struct shell *shell, const struct actor *actor) {
    static const char *const by_itself[] = {"sleep", "usleep", "close", "getaddrinfo", "gethostbyname",
                                            "getnameinfo", NULL};
    static const char *const timed[] = {"poll", "select", "epoll_wait", NULL};
    static const char *const on_descriptor[] = {"recv", "recvfrom", "recvmsg", "read", "send", "sendto", "sendmsg",
                                                "write", NULL};
    const char *name = actor_call_name(actor), *text = actor_call(actor);
    if (actor_wants_input(actor))
        return false;
    /* The handshake of TCP is the kernels' affair; a full AF_UNIX listener waits for accept(). */
    if (strcmp(name, "connect") == 0)
        return strstr(text, "{AF_UNIX") == NULL;
    if (is_one_of(name, by_itself))
        return true;
    if (is_one_of(name, timed))
        return has_timeout(name, text);
    if (is_one_of(name, on_descriptor))
        return waits_for_stranger(shell, actor, atoi(text + strlen(name) + 1));
    return false;
}

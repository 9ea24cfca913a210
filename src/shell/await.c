/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is it worth waiting for a blocked call?  See await.h. */
#include "shell/await.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "observe/sockets.h"

#define SOCKETS_MOST 1024

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

static bool same_port(const struct sockaddr_storage *a, const struct sockaddr_storage *b) {
    const struct sockaddr_in *v4[2] = {(const void *)a, (const void *)b};
    const struct sockaddr_in6 *v6[2] = {(const void *)a, (const void *)b};
    if (a->ss_family != b->ss_family)
        return false;
    return a->ss_family == AF_INET6 ? v6[0]->sin6_port == v6[1]->sin6_port : v4[0]->sin_port == v4[1]->sin_port;
}

/* Does an actor hold the other end, or the listening socket in whose queue the other end still is? */
static bool is_ours(struct crew *crew, const struct socket_fact *fact, struct socket_fact *facts) {
    const struct actor *actor;
    for (size_t i = 0; (actor = crew_at(crew, i)) != NULL; i++) {
        ssize_t count = actor_state(actor) != ACTOR_DEAD ? observe_sockets(actor_pid(actor), facts, SOCKETS_MOST) : 0;
        for (ssize_t s = 0; s < count; s++)
            if (facts[s].bound && same_port(&facts[s].local, &fact->peer))
                return true;
    }
    return false;
}

static bool waits_for_stranger(struct crew *crew, const struct actor *actor, int fd) {
    struct socket_fact *facts = calloc(2 * SOCKETS_MOST, sizeof(*facts));
    bool stranger = false;
    ssize_t count = facts != NULL ? observe_sockets(actor_pid(actor), facts, SOCKETS_MOST) : -1;
    for (ssize_t i = 0; i < count; i++) {
        const struct socket_fact *fact = &facts[i];
        bool internet = fact->domain == AF_INET || fact->domain == AF_INET6;
        if (fact->fd == fd && fact->connected)
            stranger = internet ? !is_ours(crew, fact, facts + SOCKETS_MOST) : fact->peer_length > sizeof(sa_family_t);
    }
    free(facts);
    return stranger;
}

bool await_may_end(struct crew *crew, const struct actor *actor) {
    static const char *const by_itself[] = {"sleep", "usleep", "connect", "close", "getaddrinfo", "gethostbyname",
                                            "getnameinfo", NULL};
    static const char *const timed[] = {"poll", "select", "epoll_wait", NULL};
    static const char *const on_descriptor[] = {"recv", "recvfrom", "recvmsg", "read", "send", "sendto", "sendmsg",
                                                "write", NULL};
    const char *name = actor_call_name(actor), *text = actor_call(actor);
    if (actor_wants_input(actor))
        return false;
    if (is_one_of(name, by_itself))
        return true;
    if (is_one_of(name, timed))
        return has_timeout(name, text);
    if (is_one_of(name, on_descriptor))
        return waits_for_stranger(crew, actor, atoi(text + strlen(name) + 1));
    return false;
}

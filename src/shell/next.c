/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What usually comes now: for each socket that exists, its condition as the
 * kernel tells it, and the calls that usually follow.  One row a condition.
 */
#include "shell/next.h"

#include <netinet/in.h>
#include <string.h>

#include "base/address.h"
#include "call/constant.h"
#include "shell/watch.h"

struct condition {
    bool stream; /* or datagram */
    bool listening, connected, bound;
    const char *is;
    const char *calls; /* FD stands for the descriptor; a line each */
};

/* The first that fits is taken. */
static const struct condition conditions[] = {
    {true, true, false, true, "listens", "accept(FD, NULL, NULL)\n"},
    {true, true, false, false, "listens", "accept(FD, NULL, NULL)\n"},
    {true, false, true, true, "is connected",
     "send(FD, \"hello\", 5, 0)\nrecv(FD)\nshutdown(FD, SHUT_WR)\nclose(FD)\n"},
    {true, false, true, false, "is connected", "send(FD, \"hello\", 5, 0)\nrecv(FD)\nclose(FD)\n"},
    {true, false, false, true, "has an address, but does not listen", "listen(FD, 3)\n"},
    {true, false, false, false, "is new: no address, no peer",
     "bind(FD, \"*:8888\")            to be a server\nconnect(FD, \"127.0.0.1:8888\")  to be a client\n"},
    {false, false, true, true, "has a peer set by connect()", "send(FD, \"hello\", 5, 0)\nrecv(FD)\nclose(FD)\n"},
    {false, false, false, true, "has an address: it can receive, and send",
     "recvfrom(FD)\nsendto(FD, \"hello\", 5, 0, \"127.0.0.1:8888\")\nclose(FD)\n"},
    {false, false, false, false, "is new: no address",
     "bind(FD, \"*:8888\")            to receive\nsendto(FD, \"hello\", 5, 0, \"127.0.0.1:8888\")\n"},
};

static const struct condition *condition_of(const struct socket_facts *facts) {
    bool stream = socket_is_stream(facts), listening = facts->state == SOCKET_LISTEN;
    bool bound = socket_has_local(facts), connected = facts->peer_length != 0;
    for (size_t i = 0; i < sizeof(conditions) / sizeof(*conditions); i++) {
        const struct condition *c = &conditions[i];
        if (c->stream == stream && c->listening == listening && c->connected == connected && c->bound == bound)
            return c;
    }
    return NULL;
}

static void add_calls(const char *calls, int fd, struct buf *out) {
    for (const char *line = calls; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        const char *mark = memmem(line, length, "FD", 2);
        buf_addf(out, "      %.*s%d%.*s\n", (int)(mark - line), line, fd, (int)(length - (size_t)(mark - line) - 2),
                 mark + 2);
        line += length + 1;
    }
}

static void add_socket(int fd, const struct socket_facts *facts, struct buf *out) {
    const struct condition *condition = condition_of(facts);
    const char *type = constant_name(&constants_type, facts->type);
    buf_addf(out, "  %d, a %s socket", fd, type != NULL ? type : "raw");
    if (socket_has_local(facts)) {
        buf_add_text(out, " at ");
        address_show(&facts->local, facts->local_length, out);
    }
    if (condition == NULL) {
        buf_add_text(out, "\n");
        return;
    }
    buf_addf(out, ", %s:\n", condition->is);
    add_calls(condition->calls, fd, out);
}

static bool explain_wait(struct actor *actor, struct buf *out) {
    if (actor_state(actor) == ACTOR_DEAD) {
        buf_addf(out, "%s %s.\n      .restart %s    starts it afresh\n", actor_name(actor), actor_last_words(actor),
                 actor_name(actor));
        return true;
    }
    if (actor_state(actor) != ACTOR_BLOCKED)
        return false;
    const char *name = actor_call_name(actor);
    buf_addf(out, "%s is blocked in %s: ", actor_name(actor), actor_call(actor));
    if (actor_wants_input(actor))
        buf_addf(out, "give it a line with %s< some words\n", actor_name(actor));
    else if (strncmp(name, "accept", 6) == 0)
        buf_add_text(out, "another actor can connect() to it now.\n");
    else if (strncmp(name, "rec", 3) == 0 || strcmp(name, "read") == 0)
        buf_add_text(out, "its peer can send() something, or close().\n");
    else if (strncmp(name, "wait", 4) == 0)
        buf_add_text(out, "it waits for a child that fork() made to end.\n");
    else if (strncmp(name, "send", 4) == 0 || strcmp(name, "write") == 0)
        buf_add_text(out, "the buffers are full; its peer can recv().\n");
    else
        buf_add_text(out, "it goes on when that is over.\n");
    buf_addf(out, "      .interrupt %s    makes the call return -1 EINTR\n", actor_name(actor));
    return true;
}

/* Sockets behind its standard input and output are the shell's. */
static const struct descriptor *next_socket(const struct snapshot *snapshot, size_t actor, int from) {
    const struct descriptor *at = snapshot_next(snapshot, actor, from);
    while (at != NULL && (at->kind != DESCRIPTOR_SOCKET || at->fd <= 2))
        at = snapshot_next(snapshot, actor, at->fd + 1);
    return at;
}

void next_advice(struct shell *shell, struct actor *actor, struct buf *out) {
    if (explain_wait(actor, out))
        return;
    struct snapshot *snapshot = shell_snapshot(shell);
    size_t number = snapshot_actor_named(snapshot, actor_name(actor));
    const struct descriptor *at = next_socket(snapshot, number, 0);
    if (at == NULL)
        buf_addf(out, "%s has no socket yet:\n      socket(AF_INET, SOCK_STREAM, 0)    a TCP socket\n"
                      "      socket(AF_INET, SOCK_DGRAM, 0)     a UDP socket\n",
                 actor_name(actor));
    else
        buf_addf(out, "%s's sockets:\n", actor_name(actor));
    for (; at != NULL; at = next_socket(snapshot, number, at->fd + 1))
        if (at->facts_known)
            add_socket(at->fd, &at->socket, out);
        else
            buf_addf(out, "  %d, a socket that the kernel does not let us ask\n", at->fd);
    snapshot_free(snapshot);
}

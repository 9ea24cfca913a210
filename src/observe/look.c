/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at descriptors, one or all of an actor's; see snapshot_parts.h. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "observe/snapshot_parts.h"

/* ---- All sockets at once ---- */

static size_t slot_of(const struct dump *dump, uint64_t inode) {
    return (size_t)(inode * 0x9E3779B97F4A7C15u >> 32) & (dump->slots - 1);
}

static void dump_add(void *context, const struct socket_facts *facts) {
    struct dump *dump = context;
    if (dump->count == dump->room)
        dump->facts = mem_grow(dump->facts, dump->room = dump->room * 2 + 64, sizeof(*dump->facts));
    dump->facts[dump->count++] = *facts;
}

static void dump_index(struct dump *dump) {
    for (dump->slots = 64; dump->slots < dump->count * 2;)
        dump->slots *= 2;
    dump->by_inode = mem_alloc(dump->slots * sizeof(*dump->by_inode));
    for (size_t i = 0; i < dump->count; i++) {
        if (dump->facts[i].inode == 0)
            continue;
        size_t slot = slot_of(dump, dump->facts[i].inode);
        while (dump->by_inode[slot] != 0)
            slot = (slot + 1) & (dump->slots - 1);
        dump->by_inode[slot] = (uint32_t)i + 1;
    }
}

void dump_take(struct observer *observer, struct dump *dump) {
    static const struct {
        int family, protocol;
    } tables[] = {{AF_INET, IPPROTO_TCP}, {AF_INET6, IPPROTO_TCP}, {AF_INET, IPPROTO_UDP}, {AF_INET6, IPPROTO_UDP},
                  {AF_UNIX, 0}};
    /* Raw sockets are asked one by one: many kernels lack raw_diag, and it has little to add. */
    *dump = (struct dump){0};
    for (uint32_t place = 0; place < observer->place_count; place++)
        for (size_t i = 0; observer_diag(observer, place) != NULL && i < sizeof(tables) / sizeof(*tables); i++)
            diag_dump(observer_diag(observer, place), tables[i].family, tables[i].protocol, dump_add, dump);
    dump_index(dump);
}

void dump_free(struct dump *dump) {
    free(dump->facts);
    free(dump->by_inode);
}

static const struct socket_facts *dump_find(const struct dump *dump, uint64_t inode) {
    for (size_t slot = slot_of(dump, inode); dump->by_inode[slot] != 0; slot = (slot + 1) & (dump->slots - 1)) {
        const struct socket_facts *facts = &dump->facts[dump->by_inode[slot] - 1];
        if (facts->inode == inode)
            return facts;
    }
    return NULL;
}

/* ---- One socket ---- */

void facts_refine(struct socket_facts *facts, const struct socket_facts *from) {
    struct socket_facts old = *facts;
    *facts = *from;
    if (old.cookie == 0)
        return;
    facts->type = old.type;
    facts->protocol = old.protocol;
    if (facts->family == AF_UNIX) {
        /* sock_diag has the peer's inode, and its name only in the peer's own row. */
        facts->peer = old.peer;
        facts->peer_length = old.peer_length;
    }
    if (facts->state == SOCKET_TIME_WAIT) /* as borrow_unread() says */
        facts->receive_queue = socket_receive_bytes(&old);
    if (!facts->v6only_known) {
        facts->v6only_known = old.v6only_known;
        facts->v6only = old.v6only;
    }
}

enum diag_result facts_ask(struct observer *observer, struct socket_facts *facts) {
    struct socket_facts found;
    enum diag_result result = DIAG_NONE;
    struct diag *diag = observer_diag(observer, facts->place);
    if (diag == NULL)
        return DIAG_UNAVAILABLE;
    if (facts->family == AF_UNIX && facts->inode != 0)
        result = diag_find_unix(diag, facts->inode, &found);
    else if ((facts->family == AF_INET || facts->family == AF_INET6) && address_port(&facts->local) != 0 &&
             (socket_is_tcp(facts) || facts->protocol == IPPROTO_UDP)) {
        struct diag_address address = {.local = &facts->local, .interface = facts->interface,
                                       .cookie = facts->cookie};
        if (facts->peer_length != 0 && address_port(&facts->peer) != 0)
            address.peer = &facts->peer;
        result = diag_find_inet(diag, facts->protocol, &address, &found);
    }
    /* A wildcard lookup may give another: only its cookie is its name. */
    if (result == DIAG_FOUND && facts->cookie != 0 && found.cookie != facts->cookie)
        result = DIAG_NONE;
    if (result == DIAG_FOUND)
        facts_refine(facts, &found);
    return result;
}

/* In TIME_WAIT the kernel keeps something smaller in the socket's place, under its cookie and addresses: the descriptor's
 * own socket has neither state nor peer any more.  In SYN_SENT getpeername() does not tell yet whom it calls. */
static bool waits_on(struct observer *observer, struct socket_facts *facts, const struct descriptor *known) {
    if (known == NULL || !socket_is_tcp(facts) || facts->peer_length != 0 || !socket_has_peer(&known->socket))
        return false;
    struct socket_facts found = known->socket;
    if (facts_ask(observer, &found) != DIAG_FOUND ||
        (found.state != SOCKET_TIME_WAIT && found.state != SOCKET_SYN_SENT))
        return false;
    found.inode = facts->inode;
    *facts = found;
    return true;
}

/* A copy for a moment, or -1; a refusal is remembered, to be told. */
static int borrow(struct observer *observer, const struct process *process, int fd) {
    int copy = borrow_copy(process, fd);
    if (copy < 0 && (errno == EPERM || errno == EACCES || errno == ENOSYS || errno == EINVAL)) {
        observer->refused = true;
        observer->refused_errno = errno;
    }
    return copy;
}

/* The descriptor's own way, for what sock_diag has not: unbound sockets, missing modules. */
static void ask_descriptor(struct observer *observer, const struct process *process, struct descriptor *descriptor,
                           const struct descriptor *known) {
    struct socket_facts *facts = &descriptor->socket;
    int copy = borrow(observer, process, descriptor->fd);
    if (copy < 0)
        return;
    facts->place = process->place;
    if (known != NULL) {
        facts->cookie = known->socket.cookie;
        facts->family = known->socket.family;
        facts->type = known->socket.type;
        facts->protocol = known->socket.protocol;
        facts->v6only_known = known->socket.v6only_known;
        facts->v6only = known->socket.v6only;
    }
    facts->inode = (uint32_t)descriptor->inode;
    if (borrow_names(copy, facts)) {
        descriptor->facts_known = true;
        bool told = facts_ask(observer, facts) == DIAG_FOUND;
        if (!told && waits_on(observer, facts, known))
            borrow_unread(copy, facts);
        else if (!told)
            borrow_state(copy, facts);
    }
    close(copy);
}

/* The name of a UNIX peer stands in the peer's row. */
static void name_unix_peer(const struct dump *dump, struct socket_facts *facts) {
    const struct socket_facts *peer = facts->unix_peer != 0 ? dump_find(dump, facts->unix_peer) : NULL;
    if (peer == NULL)
        return;
    facts->peer = peer->local;
    facts->peer_length = peer->local_length;
}

static void ask_options(struct observer *observer, const struct process *process, struct descriptor *descriptor) {
    int copy = descriptor->facts_known ? borrow(observer, process, descriptor->fd) : -1;
    if (copy < 0)
        return;
    sockopt_read(copy, &descriptor->socket, sockopt_usual(&observer->usual, &descriptor->socket),
                 &descriptor->options);
    close(copy);
}

static void ask_socket(struct observer *observer, const struct process *process, struct descriptor *out,
                       const struct descriptor *known, const struct dump *dump) {
    const struct socket_facts *found = dump != NULL ? dump_find(dump, out->inode) : NULL;
    if (found == NULL) {
        ask_descriptor(observer, process, out, known);
        return;
    }
    if (known != NULL)
        out->socket = known->socket;
    facts_refine(&out->socket, found);
    out->facts_known = true;
    if (found->family == AF_UNIX) {
        name_unix_peer(dump, &out->socket);
        /* Before it is accepted its other end has no inode; getpeername() knows whom it called. */
        if (out->socket.state == SOCKET_ESTABLISHED && out->socket.peer_length == 0)
            ask_descriptor(observer, process, out, &(struct descriptor){.socket = out->socket});
    }
}

bool look_at(struct observer *observer, const struct process *process, int fd, const struct descriptor *known,
             const struct dump *dump, bool options, struct descriptor *out) {
    if (!borrow_link(process, fd, out))
        return false;
    if (out->kind != DESCRIPTOR_SOCKET)
        return true;
    if (known != NULL && (known->kind != DESCRIPTOR_SOCKET || known->inode != out->inode || !known->facts_known))
        known = NULL;
    ask_socket(observer, process, out, known, dump);
    if (known != NULL)
        out->options = known->options;
    if (options)
        ask_options(observer, process, out);
    return true;
}

void look_at_all(struct observer *observer, const struct watched *watched, const struct descriptor_table *previous,
                 const struct dump *dump, size_t options, struct descriptor_table *table) {
    const struct process *process = observer_watched(observer, watched);
    struct descriptor descriptor;
    size_t count = 0;
    int *fds = NULL;
    if (process == NULL || !process_list(process, &fds, &count))
        return;
    for (size_t i = 0; i < count; i++) {
        if (fds[i] >= watched->hidden_from && fds[i] < watched->hidden_to)
            continue;
        const struct descriptor *known = previous != NULL ? table_get(previous, fds[i]) : NULL;
        bool wanted = options == SIZE_MAX || (options > 0 && (known == NULL || !known->options.known));
        if (!look_at(observer, process, fds[i], known, dump, wanted, &descriptor))
            continue;
        options -= options != SIZE_MAX && wanted && descriptor.options.known;
        table_set(table, &descriptor);
    }
    free(fds);
}

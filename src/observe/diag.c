/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests to sock_diag and their replies; see diag.h. */
#include "observe/diag.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "observe/diag_parts.h"

#define REQUEST_ROOM 256
#define REPLY_ROOM 32768 /* the kernel fills at most this much at a time */

/* What one kernel module tells about. */
enum table { TABLE_TCP, TABLE_UDP, TABLE_RAW, TABLE_UNIX, TABLES };

struct diag {
    struct mnl_socket *socket;
    uint32_t place;
    uint32_t sequence;
    enum { UNTRIED, AVAILABLE, MISSING } tables[TABLES];
    int errors[TABLES]; /* why it is MISSING */
    char reply[REPLY_ROOM] __attribute__((aligned(8)));
};

/* ---- The pure half ---- */

void diag_attributes(const void *bytes, size_t length,
                     void read(const struct nlattr *, struct socket_facts *), struct socket_facts *facts) {
    const struct nlattr *attribute = bytes;
    const char *end = (const char *)bytes + length;
    while (mnl_attr_ok(attribute, (int)(end - (const char *)attribute))) {
        read(attribute, facts);
        attribute = mnl_attr_next(attribute);
    }
}

void diag_memory(const struct nlattr *attribute, struct socket_facts *facts) {
    uint32_t values[SK_MEMINFO_VARS] = {0};
    size_t length = mnl_attr_get_payload_len(attribute);
    memcpy(values, mnl_attr_get_payload(attribute), length < sizeof(values) ? length : sizeof(values));
    facts->has_memory = true;
    facts->memory = (struct socket_memory){
        .receive_used = values[SK_MEMINFO_RMEM_ALLOC],
        .receive_limit = values[SK_MEMINFO_RCVBUF],
        .send_used = values[SK_MEMINFO_WMEM_QUEUED],
        .send_limit = values[SK_MEMINFO_SNDBUF],
        .drops = values[SK_MEMINFO_DROPS],
    };
}

enum socket_state diag_state(unsigned number) {
    if (number == 12) /* TCP_NEW_SYN_RECV: a request that is no full socket yet */
        return SOCKET_SYN_RECV;
    if (number == 13) /* TCP_BOUND_INACTIVE, of Linux 6.8: as sock_diag calls one that is bound and no more */
        return SOCKET_CLOSE;
    return number < SOCKET_STATES_END ? (enum socket_state)number : SOCKET_STATE_UNKNOWN;
}

/* NLMSG_DONE and NLMSG_ERROR both begin with a negative errno: where the module for a dump is missing, the
 * dump "ends" with it. */
static enum diag_progress finish(struct diag_reader *reader, const struct nlmsghdr *message) {
    int error = 0;
    if (mnl_nlmsg_get_payload_len(message) >= sizeof(error))
        memcpy(&error, mnl_nlmsg_get_payload(message), sizeof(error));
    else if (message->nlmsg_type == NLMSG_ERROR)
        error = -EBADMSG;
    reader->error = error < 0 && error > -4096 ? -error : error != 0 ? EBADMSG : 0;
    return reader->error != 0 ? DIAG_REFUSED : DIAG_END;
}

static enum diag_progress read_message(struct diag_reader *reader, const struct nlmsghdr *message) {
    struct socket_facts facts;
    if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
        return finish(reader, message);
    if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY)
        return DIAG_MORE;
    const void *payload = mnl_nlmsg_get_payload(message);
    size_t length = mnl_nlmsg_get_payload_len(message);
    bool good = reader->family == AF_UNIX ? diag_parse_unix(payload, length, &facts)
                                          : diag_parse_inet(payload, length, reader->protocol, &facts);
    if (!good) {
        reader->error = EBADMSG;
        return DIAG_REFUSED;
    }
    facts.place = reader->place;
    reader->each(reader->context, &facts);
    return message->nlmsg_flags & NLM_F_MULTI ? DIAG_MORE : DIAG_END;
}

/* mnl_nlmsg_ok() compares as int, and so takes a length beyond INT_MAX for a small one (libmnl 1.0.4). */
static bool is_whole(const struct nlmsghdr *message, size_t left) {
    return left >= sizeof(*message) && message->nlmsg_len >= sizeof(*message) && message->nlmsg_len <= left;
}

enum diag_progress diag_read(struct diag_reader *reader, const void *bytes, size_t length) {
    const char *at = bytes;
    size_t left = length;
    reader->error = 0;
    while (is_whole((const void *)at, left)) {
        const struct nlmsghdr *message = (const void *)at;
        enum diag_progress progress = DIAG_MORE;
        if (message->nlmsg_seq == reader->sequence)
            progress = read_message(reader, message);
        if (progress != DIAG_MORE)
            return progress;
        size_t step = ((size_t)message->nlmsg_len + 3) & ~(size_t)3;
        if (step >= left) /* the last one's padding need not be there */
            return DIAG_MORE;
        at += step;
        left -= step;
    }
    if (left == 0)
        return DIAG_MORE;
    reader->error = EBADMSG;
    return DIAG_REFUSED;
}

/* ---- The other half ---- */

static struct diag *make(struct mnl_socket *socket, uint32_t place) {
    if (socket == NULL)
        return NULL;
    if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
        int saved = errno;
        mnl_socket_close(socket);
        errno = saved;
        return NULL;
    }
    struct diag *diag = mem_alloc(sizeof(*diag));
    diag->socket = socket;
    diag->place = place;
    return diag;
}

struct diag *diag_new(void) {
    return make(mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC), 0);
}

struct diag *diag_adopt(int fd, uint32_t place) {
    struct mnl_socket *socket = mnl_socket_fdopen(fd);
    if (socket == NULL) {
        int saved = errno;
        close(fd);
        errno = saved;
    }
    return make(socket, place);
}

void diag_free(struct diag *diag) {
    if (diag == NULL)
        return;
    mnl_socket_close(diag->socket);
    free(diag);
}

static enum table table_of(int family, int protocol) {
    if (family == AF_UNIX)
        return TABLE_UNIX;
    return protocol == IPPROTO_TCP ? TABLE_TCP : protocol == IPPROTO_UDP ? TABLE_UDP : TABLE_RAW;
}

static struct nlmsghdr *begin(struct diag *diag, char *room, uint16_t flags) {
    struct nlmsghdr *message = mnl_nlmsg_put_header(room);
    message->nlmsg_type = SOCK_DIAG_BY_FAMILY;
    message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
    message->nlmsg_seq = ++diag->sequence;
    return message;
}

/* Send and read to the end; 0 or an errno. */
static int exchange(struct diag *diag, const struct nlmsghdr *request, struct diag_reader *reader) {
    reader->sequence = request->nlmsg_seq;
    reader->place = diag->place;
    if (mnl_socket_sendto(diag->socket, request, request->nlmsg_len) < 0)
        return errno;
    for (;;) {
        /* The reply, or its next piece, was made within the call before: there is nothing to wait for. */
        ssize_t length =
            recv(mnl_socket_get_fd(diag->socket), diag->reply, sizeof(diag->reply), MSG_DONTWAIT);
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            return errno;
        switch (diag_read(reader, diag->reply, (size_t)length)) {
        case DIAG_MORE:
            continue;
        case DIAG_END:
            return 0;
        case DIAG_REFUSED:
            return reader->error;
        }
    }
}

enum diag_result diag_dump(struct diag *diag, int family, int protocol, diag_each *each, void *context) {
    char room[REQUEST_ROOM] __attribute__((aligned(8)));
    struct diag_reader reader = {.family = family, .protocol = protocol, .each = each, .context = context};
    enum table table = table_of(family, protocol);
    if (diag->tables[table] == MISSING)
        return DIAG_UNAVAILABLE;
    struct nlmsghdr *request = begin(diag, room, NLM_F_DUMP);
    if (family == AF_UNIX)
        diag_ask_unix(request, 0);
    else
        diag_ask_inet(request, family, protocol, NULL);
    int error = exchange(diag, request, &reader);
    if (error == 0) {
        diag->tables[table] = AVAILABLE;
        return DIAG_FOUND;
    }
    /* ENOENT: no module, and none could be loaded; EPERM, EACCES: a security module; EINVAL: no such family. */
    if (diag->tables[table] == UNTRIED &&
        (error == ENOENT || error == EPERM || error == EACCES || error == EINVAL)) {
        diag->tables[table] = MISSING;
        diag->errors[table] = error;
        return DIAG_UNAVAILABLE;
    }
    errno = error;
    return DIAG_FAILED;
}

static void pass_over(void *context, const struct socket_facts *facts) {
    (void)context;
    (void)facts;
}

/* An exact question gives ENOENT for "no such socket" and for "no such module" alike; only a dump tells. */
static bool is_available(struct diag *diag, int family, int protocol) {
    enum table table = table_of(family, protocol);
    if (diag->tables[table] == UNTRIED)
        diag_dump(diag, family, protocol, pass_over, NULL);
    return diag->tables[table] == AVAILABLE;
}

static void keep(void *context, const struct socket_facts *facts) {
    *(struct socket_facts *)context = *facts;
}

static enum diag_result find(struct diag *diag, const struct nlmsghdr *request, struct diag_reader *reader) {
    int error = exchange(diag, request, reader);
    switch (error) {
    case 0:
        return DIAG_FOUND;
    case ENOENT:
    case ESTALE: /* it has another cookie */
        return DIAG_NONE;
    default:
        errno = error;
        return DIAG_FAILED;
    }
}

enum diag_result diag_find_inet(struct diag *diag, int protocol, const struct diag_address *address,
                                struct socket_facts *facts) {
    char room[REQUEST_ROOM] __attribute__((aligned(8)));
    int family = address->local->ss_family;
    struct diag_reader reader = {.family = family, .protocol = protocol, .each = keep, .context = facts};
    if (!is_available(diag, family, protocol))
        return DIAG_UNAVAILABLE;
    struct nlmsghdr *request = begin(diag, room, 0);
    diag_ask_inet(request, family, protocol, address);
    return find(diag, request, &reader);
}

enum diag_result diag_find_unix(struct diag *diag, uint32_t inode, struct socket_facts *facts) {
    char room[REQUEST_ROOM] __attribute__((aligned(8)));
    struct diag_reader reader = {.family = AF_UNIX, .each = keep, .context = facts};
    if (!is_available(diag, AF_UNIX, 0))
        return DIAG_UNAVAILABLE;
    struct nlmsghdr *request = begin(diag, room, 0);
    diag_ask_unix(request, inode);
    return find(diag, request, &reader);
}

bool diag_missing(const struct diag *diag, struct buf *out) {
    static const char *const modules[TABLES] = {[TABLE_TCP] = "tcp_diag",
                                                [TABLE_UDP] = "udp_diag",
                                                [TABLE_RAW] = "raw_diag",
                                                [TABLE_UNIX] = "unix_diag"};
    bool any = false;
    for (int i = 0; i < TABLES; i++) {
        if (diag->tables[i] != MISSING)
            continue;
        const char *why =
            diag->errors[i] == ENOENT ? "the kernel has no such module" : strerror(diag->errors[i]);
        buf_addf(out, "%s%s: %s", any ? "; " : "", modules[i], why);
        any = true;
    }
    return any;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages over the control socket; see link.h. */
#include "actor/link.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

bool link_pair(int ends[2]) {
    /* A datagram must fit the send buffer as a whole.  The kernel doubles this for
     * its own needs; where net.core.wmem_max is too low for it, long messages
     * will be refused one by one. */
    int room = 2 * MESSAGE_MAX;

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
        return false;
    for (int i = 0; i < 2; i++)
        setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    return true;
}

/* Room for the control message, aligned for its header. */
union carrier {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(CARRIED_MAX * sizeof(int))];
};

static bool send_bytes(int fd, struct buf *bytes, const int *carried, size_t count, int flags) {
    struct iovec part = {bytes->data, bytes->length};
    union carrier carrier = {0};
    struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t sent;

    if (count > 0) {
        header.msg_control = carrier.bytes;
        header.msg_controllen = CMSG_SPACE(count * sizeof(int));
        struct cmsghdr *item = CMSG_FIRSTHDR(&header);
        item->cmsg_level = SOL_SOCKET;
        item->cmsg_type = SCM_RIGHTS;
        item->cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(item), carried, count * sizeof(int));
    }
    do
        sent = sendmsg(fd, &header, flags | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

bool link_send(int fd, const struct message *message, const int *carried, size_t count, int flags,
               struct error *error) {
    struct buf bytes = {0};
    bool sent = message_encode(message, &bytes, error);

    if (sent && !send_bytes(fd, &bytes, carried, count, flags))
        sent = error_set(error, ERROR_SYSTEM, (struct span){0}, "a message cannot be passed on: %s",
                         strerror(errno));
    buf_free(&bytes);
    return sent;
}

/* Takes over what came; too many at once are closed, whatever they are. */
static size_t take_carried(struct msghdr *header, int carried[CARRIED_MAX]) {
    size_t count = 0;

    for (struct cmsghdr *item = CMSG_FIRSTHDR(header); item; item = CMSG_NXTHDR(header, item)) {
        if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_RIGHTS)
            continue;
        size_t more = (item->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < more; i++) {
            int fd;
            memcpy(&fd, CMSG_DATA(item) + i * sizeof(int), sizeof(int));
            if (count < CARRIED_MAX)
                carried[count++] = fd;
            else
                close(fd);
        }
    }
    return count;
}

/* Descriptors are cut off also where this process may have no more (unix(7)); that is nobody's fault who
 * sent them. */
static bool is_short_of_descriptors(int fd) {
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);

    if (copy >= 0)
        close(copy);
    return copy < 0;
}

bool link_error_short(struct error *error) {
    struct rlimit files = {0};

    getrlimit(RLIMIT_NOFILE, &files);
    error_set(error, ERROR_LIMIT, (struct span){0},
              "the shell itself has no descriptors left for another process, of %llu that it may have open "
              "(ulimit -n)",
              (unsigned long long)files.rlim_cur);
    error_hint(error, "children that nobody has waited for keep theirs: wait() for them, or .kill them");
    return false;
}

static void close_carried(int carried[CARRIED_MAX], size_t *count) {
    while (*count > 0)
        close(carried[--*count]);
}

enum link_result link_receive(int fd, int flags, char *room, struct message *message,
                              int carried[CARRIED_MAX], size_t *count, struct error *error) {
    struct iovec part = {room, MESSAGE_MAX};
    union carrier carrier;
    struct msghdr header = {.msg_iov = &part,
                            .msg_iovlen = 1,
                            .msg_control = carrier.bytes,
                            .msg_controllen = sizeof(carrier.bytes)};

    *count = 0;
    ssize_t length = recvmsg(fd, &header, flags | MSG_CMSG_CLOEXEC);
    if (length == 0)
        return LINK_CLOSED;
    if (length < 0)
        return errno == EAGAIN || errno == EINTR ? LINK_NONE : LINK_CLOSED;
    *count = take_carried(&header, carried);
    bool cut = (header.msg_flags & MSG_CTRUNC) && !(header.msg_flags & MSG_TRUNC) && is_short_of_descriptors(fd);
    if (!cut && header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
        error_set(error, ERROR_LIMIT, (struct span){0}, "a message is too long or carries too much");
        close_carried(carried, count);
        return LINK_BROKEN;
    }
    bool good = message_decode(room, (size_t)length, message, error);
    if (cut || !good)
        close_carried(carried, count);
    if (good && cut)
        link_error_short(error);
    return good ? cut ? LINK_CUT : LINK_MESSAGE : LINK_BROKEN;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sendmsg and recvmsg, and the macros for control messages.
 *
 * The pointers in the learner's struct msghdr and struct iovec are references
 * (lang/memory.h).  The kernel is given copies of both structs, in which each
 * is the checked host address of what it refers to; afterwards the fields that
 * the kernel has changed are written back.  Control messages hold no pointers
 * themselves and are used where they are.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include "base/escape.h"
#include "base/mem.h"
#include "call/caller.h"
#include "call/rows.h"

#define SHOWN_PARTS 8

enum { FD, MSG, FLAGS };

struct message {
    struct invocation *inv;
    bool out;            /* sendmsg */
    uint64_t at;         /* of the learner's msghdr */
    struct msghdr given; /* as the learner has it: its pointers are references */
    struct msghdr host;  /* for the kernel */
    struct iovec *parts; /* the learner's, msg_iovlen of them */
    struct iovec *host_parts;
};

static uint64_t reference(const void *pointer) {
    return (uint64_t)(uintptr_t)pointer;
}

static bool place(struct message *m) {
    if (m->inv->error->where.length == 0)
        m->inv->error->where = invocation_span(m->inv, MSG);
    return false;
}

/* ---- before the call ----------------------------------------------------- */

static bool field_known(struct message *m, size_t offset, size_t size, const char *field) {
    const char *label = memory_label(m->inv->memory, m->at);

    if (memory_is_written(m->inv->memory, m->at + offset, size))
        return true;
    invocation_fail(m->inv, MSG, ERROR_MEMORY, "%s.%s was never given a value", label != NULL ? label : "msg",
                    field);
    error_hint(m->inv->error, "begin with memset(&%s, 0, sizeof(%s)), then fill in what is needed",
               label != NULL ? label : "msg", label != NULL ? label : "msg");
    return false;
}

#define KNOWN(m, field) \
    field_known(m, offsetof(struct msghdr, field), sizeof((struct msghdr *)0)->field, #field)

static bool take_header(struct message *m) {
    const unsigned char *bytes =
        memory_read(m->inv->memory, m->at, sizeof m->given, MEMORY_BOUNDS, m->inv->error);

    if (bytes == NULL)
        return place(m);
    memcpy(&m->given, bytes, sizeof m->given);
    return KNOWN(m, msg_name) && (m->given.msg_name == NULL || KNOWN(m, msg_namelen)) && KNOWN(m, msg_iov) &&
           KNOWN(m, msg_iovlen) && KNOWN(m, msg_control) &&
           (m->given.msg_control == NULL || KNOWN(m, msg_controllen));
}

/* What a field points to, for the kernel to read or to write. False: error. */
static bool take_bytes(struct message *m, const void *pointer, size_t size, bool written, const char *field,
                       void **host) {
    const struct memory *memory = m->inv->memory;
    uint64_t at = reference(pointer);
    size_t room = memory_room(memory, at);
    const char *label = memory_label(memory, at);

    *host = NULL;
    if (at == 0)
        return true;
    if (label != NULL && memory_offset(at) >= 0 && size > room)
        return invocation_fail(m->inv, MSG, ERROR_MEMORY, "%s says %zu bytes, but %s has room for %zu", field,
                               size, label, room);
    if (m->out)
        *host = (void *)(uintptr_t)memory_read(memory, at, size, written ? MEMORY_WRITTEN : MEMORY_BOUNDS,
                                               m->inv->error);
    else
        *host = memory_write(m->inv->memory, at, size, m->inv->error);
    return *host != NULL || place(m);
}

static bool take_parts(struct message *m) {
    size_t count = m->given.msg_iovlen;
    const unsigned char *bytes;

    m->host.msg_iovlen = count;
    if (count > IOV_MAX || m->given.msg_iov == NULL)
        return true; /* EMSGSIZE, or EFAULT, before the kernel reads any of them */
    bytes = memory_read(m->inv->memory, reference(m->given.msg_iov), count * sizeof *m->parts, MEMORY_WRITTEN,
                        m->inv->error);
    if (bytes == NULL)
        return place(m);
    m->parts = mem_alloc(count * sizeof *m->parts);
    m->host_parts = mem_alloc(count * sizeof *m->parts);
    memcpy(m->parts, bytes, count * sizeof *m->parts);
    for (size_t i = 0; i < count; i++) {
        m->host_parts[i].iov_len = m->parts[i].iov_len;
        if (!take_bytes(m, m->parts[i].iov_base, m->parts[i].iov_len, true, "iov_len",
                        &m->host_parts[i].iov_base))
            return false;
    }
    m->host.msg_iov = m->host_parts;
    return true;
}

/* A control message, and where its data are; the learner's buffer may lie at any alignment. */
struct control {
    size_t length; /* cmsg_len */
    int level, type;
    const unsigned char *data;
    size_t size; /* of the data */
};

/* The control message at *at, which moves on.  False at the end, or when what follows makes no sense (the
 * kernel says EINVAL). */
static bool next_control(const unsigned char *control, size_t length, size_t *at, struct control *found) {
    struct cmsghdr header;

    if (control == NULL || length < *at || length - *at < sizeof header)
        return false;
    memcpy(&header, control + *at, sizeof header);
    if (header.cmsg_len < sizeof header || header.cmsg_len > length - *at)
        return false;
    *found = (struct control){
        .length = header.cmsg_len,
        .level = header.cmsg_level,
        .type = header.cmsg_type,
        .data = control + *at + CMSG_LEN(0),
        .size = header.cmsg_len - CMSG_LEN(0),
    };
    *at += CMSG_ALIGN(header.cmsg_len);
    return true;
}

static bool is_descriptors(const struct control *control) {
    return control->level == SOL_SOCKET && control->type == SCM_RIGHTS;
}

/* Every control message must be written in full, only the padding between them need not be. */
static bool control_known(struct message *m) {
    uint64_t base = reference(m->given.msg_control);
    struct control next;
    size_t at = 0, start = 0;

    while (next_control(m->host.msg_control, m->host.msg_controllen, &at, &next)) {
        if (!memory_is_written(m->inv->memory, base + start, next.length))
            return invocation_fail(m->inv, MSG, ERROR_MEMORY,
                                   "the control message at byte %zu was not written in full", start);
        start = at;
    }
    return true;
}

/* Descriptors of the host's own, which must not be handed over. */
static bool names_reserved(const struct message *m) {
    struct control next;
    size_t at = 0;
    int fd;

    while (m->out && next_control(m->host.msg_control, m->host.msg_controllen, &at, &next)) {
        size_t bytes = is_descriptors(&next) ? next.size : 0;
        for (size_t i = 0; i + sizeof fd <= bytes; i += sizeof fd) {
            memcpy(&fd, next.data + i, sizeof fd);
            if (caller_reserved(m->inv->caller, fd))
                return true;
        }
    }
    return false;
}

static bool take_message(struct message *m) {
    const struct msghdr *given = &m->given;

    if (!take_header(m))
        return false;
    m->host.msg_namelen = given->msg_name != NULL ? given->msg_namelen : 0;
    m->host.msg_controllen = given->msg_control != NULL ? given->msg_controllen : 0;
    m->host.msg_flags = 0;
    return take_bytes(m, given->msg_name, m->host.msg_namelen, true, "msg_namelen", &m->host.msg_name) &&
           take_bytes(m, given->msg_control, m->host.msg_controllen, false, "msg_controllen",
                      &m->host.msg_control) &&
           (!m->out || control_known(m)) && take_parts(m);
}

/* ---- after the call ------------------------------------------------------ */

static void write_field(struct message *m, size_t offset, const void *bytes, size_t size) {
    unsigned char *at = memory_write(m->inv->memory, m->at + offset, size, m->inv->error);

    if (at == NULL)
        return; /* checked before the call */
    memcpy(at, bytes, size);
    memory_mark(m->inv->memory, m->at + offset, size, true);
}

#define WRITE_BACK(m, field) \
    write_field(m, offsetof(struct msghdr, field), &(m)->host.field, sizeof(m)->host.field)

static void mark_control(struct message *m) {
    struct control next;
    size_t at = 0, start = 0;

    while (next_control(m->host.msg_control, m->host.msg_controllen, &at, &next)) {
        memory_mark(m->inv->memory, reference(m->given.msg_control) + start, next.length, true);
        start = at;
    }
}

/* The bytes went through the parts one after the other. */
static void pass_data(struct message *m, size_t moved) {
    for (size_t i = 0; m->host.msg_iov != NULL && i < m->host.msg_iovlen && moved > 0; i++) {
        size_t length = m->host_parts[i].iov_len < moved ? m->host_parts[i].iov_len : moved;
        if (m->host_parts[i].iov_base != NULL && length > 0) {
            invocation_data(m->inv, m->host_parts[i].iov_base, length, m->out);
            if (!m->out)
                memory_mark(m->inv->memory, reference(m->parts[i].iov_base), length, true);
        }
        moved -= length;
    }
}

static void write_back(struct message *m, size_t received) {
    if (m->given.msg_name != NULL) {
        size_t length =
            m->host.msg_namelen < m->given.msg_namelen ? m->host.msg_namelen : m->given.msg_namelen;
        memory_mark(m->inv->memory, reference(m->given.msg_name), length, true);
        WRITE_BACK(m, msg_namelen);
    }
    mark_control(m);
    WRITE_BACK(m, msg_controllen);
    WRITE_BACK(m, msg_flags);
    if (!bytes_discarded(m->inv))
        pass_data(m, received);
}

/* ---- in words ------------------------------------------------------------ */

static void show_controls(const struct message *m, struct buf *out) {
    struct control next;
    const char *before = "[";
    size_t at = 0;
    int fd;

    while (next_control(m->host.msg_control, m->host.msg_controllen, &at, &next)) {
        buf_addf(out, "%s{cmsg_len=%zu, ", before, (size_t)next.length);
        before = ", ";
        if (!is_descriptors(&next)) {
            buf_addf(out, "cmsg_level=%d, cmsg_type=%d}", next.level, next.type);
            continue;
        }
        buf_add_text(out, "cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[");
        for (size_t i = 0; i + sizeof fd <= next.size; i += sizeof fd) {
            memcpy(&fd, next.data + i, sizeof fd);
            buf_addf(out, "%s%d", i > 0 ? ", " : "", fd);
        }
        buf_add_text(out, "]}");
    }
    buf_add_text(out, *before == '[' ? "NULL" : "]");
}

static void show_parts(const struct message *m, size_t moved, struct buf *out) {
    size_t count = m->host.msg_iov != NULL ? m->host.msg_iovlen : 0;

    if (m->host.msg_iov == NULL) {
        buf_add_text(out, "NULL");
        return;
    }
    buf_add_char(out, '[');
    for (size_t i = 0; i < count && i < SHOWN_PARTS; i++) {
        size_t length = m->host_parts[i].iov_len < moved ? m->host_parts[i].iov_len : moved;
        buf_add_text(out, i > 0 ? ", {iov_base=" : "{iov_base=");
        if (m->host_parts[i].iov_base == NULL)
            buf_add_text(out, "NULL");
        else
            escape_c_quoted(out, m->host_parts[i].iov_base, length, 32);
        buf_addf(out, ", iov_len=%zu}", m->host_parts[i].iov_len);
        moved -= length;
    }
    buf_add_text(out, count > SHOWN_PARTS ? ", ...]" : "]");
}

/* moved: the bytes that the parts hold, all of them for sendmsg(). */
static void show_message(const struct message *m, size_t moved) {
    struct buf *out = &m->inv->texts[MSG];
    size_t name = m->host.msg_namelen < m->given.msg_namelen ? m->host.msg_namelen : m->given.msg_namelen;

    buf_clear(out);
    buf_add_text(out, "{msg_name=");
    if (m->host.msg_name != NULL && name >= sizeof(sa_family_t))
        address_show(m->host.msg_name, name, out);
    else
        buf_add_text(out, "NULL");
    buf_addf(out, ", msg_namelen=%u, msg_iov=", m->host.msg_namelen);
    show_parts(m, moved, out);
    buf_addf(out, ", msg_iovlen=%zu", (size_t)m->host.msg_iovlen);
    if (m->host.msg_controllen > 0 && m->host.msg_control != NULL) {
        buf_add_text(out, ", msg_control=");
        show_controls(m, out);
    }
    buf_addf(out, ", msg_controllen=%zu, msg_flags=", (size_t)m->host.msg_controllen);
    constant_flags(&constants_message, m->host.msg_flags, out);
    buf_add_char(out, '}');
}

/* ---- the calls ----------------------------------------------------------- */

static size_t asked(const struct message *m) {
    size_t sum = 0;

    for (size_t i = 0; m->host.msg_iov != NULL && i < m->host.msg_iovlen; i++)
        if (__builtin_add_overflow(sum, m->host_parts[i].iov_len, &sum))
            return SIZE_MAX;
    return sum;
}

static bool run_message(struct invocation *inv, bool out) {
    struct message m = {.inv = inv, .out = out, .at = inv->value[MSG].bits};
    ssize_t result = -1;
    int error = EBADF;

    if (invocation_null(inv, MSG)) {
        /* The kernel's own answer. */
        buf_add_text(&inv->texts[MSG], "NULL");
        invocation_enter(inv);
        errno = 0;
        invocation_leave_libc(inv, out ? sendmsg((int)inv->raw[FD].i, NULL, (int)inv->raw[FLAGS].i)
                                       : recvmsg((int)inv->raw[FD].i, NULL, (int)inv->raw[FLAGS].i));
        return true;
    }
    bool taken = take_message(&m);
    inv->moves_data = true;
    inv->data_out = out;
    if (out && taken)
        taken = confine_address(inv, MSG, m.host.msg_name, m.host.msg_namelen);
    if (taken) {
        if (out)
            show_message(&m, SIZE_MAX);
        inv->asked = asked(&m);
        invocation_enter(inv);
        if (!names_reserved(&m)) {
            errno = 0;
            result = out ? sendmsg((int)inv->raw[FD].i, &m.host, (int)inv->raw[FLAGS].i)
                         : recvmsg((int)inv->raw[FD].i, &m.host, (int)inv->raw[FLAGS].i);
            error = errno;
        }
        if (result >= 0 && !out) {
            write_back(&m, (size_t)result);
            show_message(&m, (size_t)result);
        } else if (result > 0) {
            pass_data(&m, (size_t)result);
        }
        if (m.host.msg_name != NULL && (out || result >= 0))
            invocation_address(inv, m.host.msg_name, m.host.msg_namelen);
        invocation_leave(inv, result, result == -1 ? error : 0);
    }
    free(m.parts);
    free(m.host_parts);
    return taken;
}

static bool run_sendmsg(struct invocation *inv) {
    return run_message(inv, true);
}

static bool run_recvmsg(struct invocation *inv) {
    return run_message(inv, false);
}

/* ---- cmsg(3) ------------------------------------------------------------- */

static bool answer_pointer(struct invocation *inv, const struct type *to, uint64_t at) {
    *inv->answer = (struct value){types_pointer(interp_types(inv->interp), to), at};
    return true;
}

static bool read_control(struct invocation *inv, struct msghdr *header) {
    const unsigned char *bytes = invocation_read(inv, 0, sizeof *header);

    if (bytes == NULL)
        return false;
    memcpy(header, bytes, sizeof *header);
    return true;
}

static bool run_firsthdr(struct invocation *inv) {
    struct msghdr header;

    if (!read_control(inv, &header))
        return false;
    bool any = header.msg_controllen >= sizeof(struct cmsghdr);
    return answer_pointer(inv, type_struct("cmsghdr"), any ? reference(header.msg_control) : 0);
}

static bool run_nexthdr(struct invocation *inv) {
    struct msghdr header;
    struct cmsghdr control;
    const unsigned char *bytes;

    if (!read_control(inv, &header))
        return false;
    bytes = invocation_read(inv, 1, sizeof control);
    if (bytes == NULL)
        return false;
    memcpy(&control, bytes, sizeof control);
    uint64_t here = inv->value[1].bits, base = reference(header.msg_control);
    if (!memory_same_object(here, base) || control.cmsg_len < sizeof control || control.cmsg_len > INT32_MAX)
        return answer_pointer(inv, type_struct("cmsghdr"), 0);
    int64_t next = (int64_t)memory_offset(here) - memory_offset(base) + (int64_t)CMSG_ALIGN(control.cmsg_len);
    bool any = next >= 0 && (uint64_t)next + sizeof control <= header.msg_controllen;
    return answer_pointer(inv, type_struct("cmsghdr"), any ? base + (uint64_t)next : 0);
}

static bool run_data(struct invocation *inv) {
    uint64_t at = inv->value[0].bits;

    return answer_pointer(inv, &type_uchar, at == 0 ? 0 : at + CMSG_LEN(0));
}

static bool run_len(struct invocation *inv) {
    inv->result = (int64_t)CMSG_LEN((size_t)inv->raw[0].i);
    return true;
}

static bool run_space(struct invocation *inv) {
    inv->result = (int64_t)CMSG_SPACE((size_t)inv->raw[0].i);
    return true;
}

static const struct call_errno message_errors[] = {
    {EAGAIN,
     "It would have to wait, and the socket is non-blocking (or a time-out has passed, or MSG_DONTWAIT was "
     "given)."},
    {EPIPE,
     "Nobody reads at the other end any more. SIGPIPE came first; it was ignored, or the process would be "
     "dead."},
    {ECONNRESET, "The peer broke the connection off (RST)."},
    {ECONNREFUSED, "An earlier datagram of this connected socket found no socket at its port."},
    {ENOTCONN, "The socket is not connected."},
    {EDESTADDRREQ, "The datagram has no destination: fill in msg_name, or connect() the socket first."},
    {EISCONN, "The stream is connected already; msg_name must be NULL."},
    {EMSGSIZE, "The datagram is too long, or msg_iovlen is above 1024."},
    {EINTR, "A signal came before any byte was moved. Nothing is lost: call it again."},
    {EINVAL, "A length in the struct makes no sense, or a control message is longer than msg_controllen."},
    {EBADF, "The descriptor is not open, or one to be handed over with SCM_RIGHTS is not."},
    {ETOOMANYREFS, "Too many descriptors are under way to somebody who does not receive them."},
    {EPERM, "The credentials in the control message are not one's own, or a firewall rule forbids it."},
    {ENETUNREACH, "There is no route to that network from here."},
    {EHOSTUNREACH, "There is a route, but the host does not answer on its link."},
    {EAFNOSUPPORT, "The address is of another family than the socket."},
    {EOPNOTSUPP, "A flag does not go with this type of socket."},
    {ENOBUFS, "The kernel has no room left for this; msg_controllen may be too large."},
    {ENOMEM, "The kernel has no memory left for this."},
    NOT_SOCKET,
    {EFAULT, "A pointer in the struct points to no memory of this process."},
    {0},
};

const struct call calls_message[] = {
    {
        .name = "sendmsg",
        .prototype = "ssize_t sendmsg(int sockfd, const struct msghdr *msg, int flags)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_POINTER, .name = "msg"},
                 {.kind = ARG_FLAGS, .name = "flags", .set = &constants_message, .usual = "0"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS | CALL_ACTS,
        .sysnr = {SYS_sendmsg},
        .sysnr_count = 1,
        .summary = "send from several buffers, with control messages",
        .note = "The most general way to send. msg_iov lists pieces that go out as one (a header and a "
                "body, without copying them together), msg_name is the destination as in sendto(), and "
                "msg_control carries what is no data: with SCM_RIGHTS, over AF_UNIX, open descriptors go to "
                "another process.",
        .asks = "Hand the pieces that msg_iov lists to the kernel, one behind the other: "
                "{?sockfd.stream:they go to the peer of socket {sockfd}|together they are one message of "
                "socket {sockfd}}.{?flags: Flags: {flags:means}.}",
        .success = "The kernel has so many bytes now, of all the pieces together, and sends them by itself.",
        .man = "sendmsg(2)",
        .see = "recvmsg sendto send CMSG_FIRSTHDR",
        .topic = "data",
        .errors = message_errors,
        .run = run_sendmsg,
    },
    {
        .name = "recvmsg",
        .prototype = "ssize_t recvmsg(int sockfd, struct msghdr *msg, int flags)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_POINTER, .name = "msg"},
                 {.kind = ARG_FLAGS, .name = "flags", .set = &constants_message, .usual = "0"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS | CALL_GIVES_MORE,
        .sysnr = {SYS_recvmsg},
        .sysnr_count = 1,
        .summary = "receive into several buffers, with control messages",
        .note = "msg_iov lists buffers that are filled one after the other, msg_name is room for the "
                "sender's address. msg_namelen and msg_controllen go in with the room and come out with the "
                "sizes; set them before each call. In msg_flags, MSG_TRUNC says that a datagram was cut "
                "off, MSG_CTRUNC that a control message was.",
        .asks = "{?flags&MSG_PEEK:Look at|Take} {?sockfd.datagram,sockfd.seqpacket:the next message of|what "
                "has come to} socket {sockfd}, into the pieces that msg_iov lists, one after the other"
                "{?sockfd.nonblocking,flags&MSG_DONTWAIT:; if there is nothing, fail with EAGAIN instead of "
                "sleeping|; if there is nothing, sleep until something comes}."
                "{?sockfd.datagram,sockfd.seqpacket: Of a longer one, the rest is lost.}"
                "{?flags: Flags: {flags:means}.}",
        .success = "The result is how many bytes were taken, into all the pieces together; msg_flags says "
                   "whether something was cut.",
        .man = "recvmsg(2)",
        .see = "sendmsg recvfrom recv CMSG_FIRSTHDR",
        .topic = "data",
        .errors = message_errors,
        .run = run_recvmsg,
    },
    {
        .name = "CMSG_FIRSTHDR",
        .prototype = "struct cmsghdr *CMSG_FIRSTHDR(struct msghdr *msgh)",
        .args = {{.kind = ARG_POINTER, .name = "msgh"}},
        .flags = CALL_LIBRARY,
        .summary = "the first control message of a struct msghdr",
        .note = "NULL if msg_controllen leaves no room for one. To send, set msg_control and msg_controllen "
                "first, then fill in the header that this points to.",
        .man = "cmsg(3)",
        .see = "CMSG_NXTHDR CMSG_DATA CMSG_SPACE sendmsg",
        .topic = "data",
        .run = run_firsthdr,
    },
    {
        .name = "CMSG_NXTHDR",
        .prototype = "struct cmsghdr *CMSG_NXTHDR(struct msghdr *msgh, struct cmsghdr *cmsg)",
        .args = {{.kind = ARG_POINTER, .name = "msgh"}, {.kind = ARG_POINTER, .name = "cmsg"}},
        .flags = CALL_LIBRARY,
        .summary = "the control message after this one",
        .note = "NULL after the last one.",
        .man = "cmsg(3)",
        .see = "CMSG_FIRSTHDR CMSG_DATA recvmsg",
        .topic = "data",
        .run = run_nexthdr,
    },
    {
        .name = "CMSG_DATA",
        .prototype = "unsigned char *CMSG_DATA(struct cmsghdr *cmsg)",
        .args = {{.kind = ARG_POINTER, .name = "cmsg"}},
        .flags = CALL_LIBRARY,
        .summary = "where the data of a control message begin",
        .note = "For SCM_RIGHTS they are ints, the descriptors: *(int *)CMSG_DATA(cmsg) = fd.",
        .man = "cmsg(3)",
        .see = "CMSG_FIRSTHDR CMSG_LEN",
        .topic = "data",
        .run = run_data,
    },
    {
        .name = "CMSG_LEN",
        .prototype = "size_t CMSG_LEN(size_t length)",
        .args = {{.kind = ARG_INT, .name = "length"}},
        .flags = CALL_LIBRARY,
        .summary = "the cmsg_len of a control message with so much data",
        .note = "The header and the data, without the padding behind them.",
        .man = "cmsg(3)",
        .see = "CMSG_SPACE CMSG_DATA",
        .topic = "data",
        .run = run_len,
    },
    {
        .name = "CMSG_SPACE",
        .prototype = "size_t CMSG_SPACE(size_t length)",
        .args = {{.kind = ARG_INT, .name = "length"}},
        .flags = CALL_LIBRARY,
        .summary = "the room that a control message with so much data takes",
        .note = "The header, the data, and the padding up to the next one: char "
                "control[CMSG_SPACE(sizeof(int))].",
        .man = "cmsg(3)",
        .see = "CMSG_LEN sendmsg",
        .topic = "data",
        .run = run_space,
    },
    {.name = NULL},
};

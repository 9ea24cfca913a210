/* SPDX-License-Identifier: GPL-3.0-or-later */
/* getsockopt and setsockopt. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "call/engine.h"
#include "call/option.h"
#include "call/rows.h"

enum { FD, LEVEL, NAME, VALUE, LENGTH };

/* The option's name is one of its level's. */
static void name_option(struct invocation *inv) {
    const struct constant_set *set = option_set((int)inv->raw[LEVEL].i);
    const char *name = set != NULL ? constant_name(set, inv->raw[NAME].i) : NULL;

    buf_clear(&inv->texts[NAME]);
    if (name != NULL)
        buf_add_text(&inv->texts[NAME], name);
    else
        buf_addf(&inv->texts[NAME], "%d", (int)inv->raw[NAME].i);
}

static bool refuse_pointers(struct invocation *inv) {
    invocation_fail(inv, NAME, ERROR_LIMIT,
                    "this option's value is not only bytes, and cannot be checked here: %s",
                    buf_text(&inv->texts[NAME]));
    error_hint(inv->error, "the options of .help %s that have a name here all work", inv->call->name);
    return false;
}

static void show_value(struct invocation *inv, const void *bytes, size_t length) {
    buf_clear(&inv->texts[VALUE]);
    option_show((int)inv->raw[LEVEL].i, (int)inv->raw[NAME].i, bytes, length, &inv->texts[VALUE]);
}

/* getsockopt(fd, level, name): room for the value, and its length. */
static bool make_room(struct invocation *inv) {
    size_t room = option_room((int)inv->raw[LEVEL].i, (int)inv->raw[NAME].i);
    uint64_t value = invocation_scratch(inv, room, "optval");

    if (value == 0)
        return false;
    invocation_fill_pointer(inv, VALUE, &type_char, value);
    inv->length_before = (int32_t)room;
    inv->raw[LENGTH].p = invocation_write(inv, LENGTH, sizeof(socklen_t));
    if (inv->raw[LENGTH].p == NULL)
        return false;
    memcpy(inv->raw[LENGTH].p, &inv->length_before, sizeof inv->length_before);
    return true;
}

static bool run_getsockopt(struct invocation *inv) {
    void *value = NULL;
    socklen_t after = 0;

    name_option(inv);
    if (invocation_left_out(inv, VALUE) && !make_room(inv))
        return false;
    /* The kernel has something to write to only if both are there and the length is no nonsense. */
    size_t room = inv->raw[LENGTH].p != NULL && inv->length_before > 0 ? (size_t)inv->length_before : 0;
    if (option_points((int)inv->raw[LEVEL].i, (int)inv->raw[NAME].i, room))
        return refuse_pointers(inv);
    if (!invocation_null(inv, VALUE)) {
        value = invocation_write(inv, VALUE, room);
        if (value == NULL)
            return false;
    }
    invocation_enter(inv);
    errno = 0;
    long result = getsockopt((int)inv->raw[FD].i, (int)inv->raw[LEVEL].i, (int)inv->raw[NAME].i, value,
                             inv->raw[LENGTH].p);
    int error = errno;
    if (result == 0 && value != NULL && inv->raw[LENGTH].p != NULL) {
        memcpy(&after, inv->raw[LENGTH].p, sizeof after);
        after = after < room ? after : (socklen_t)room;
        memory_mark(inv->memory, inv->value[VALUE].bits, after, true);
        show_value(inv, value, after);
    }
    invocation_leave(inv, result, result == -1 ? error : 0);
    return true;
}

/* setsockopt(fd, level, name): switch it on. */
static bool make_one(struct invocation *inv) {
    const int one = 1;
    uint64_t object = invocation_scratch(inv, sizeof one, "optval");

    if (object == 0)
        return false;
    invocation_fill_pointer(inv, VALUE, &type_int, object);
    unsigned char *bytes = invocation_write(inv, VALUE, sizeof one);
    if (bytes == NULL)
        return false;
    memcpy(bytes, &one, sizeof one);
    memory_mark(inv->memory, object, sizeof one, true);
    inv->raw[LENGTH].i = sizeof one;
    buf_clear(&inv->texts[LENGTH]);
    buf_addf(&inv->texts[LENGTH], "%zu", sizeof one);
    return true;
}

static bool run_setsockopt(struct invocation *inv) {
    const void *value = NULL;

    name_option(inv);
    if (invocation_left_out(inv, VALUE) && !make_one(inv))
        return false;
    size_t length = (size_t)inv->raw[LENGTH].i;
    if (option_points((int)inv->raw[LEVEL].i, (int)inv->raw[NAME].i, length))
        return refuse_pointers(inv);
    if (invocation_null(inv, VALUE)) {
        buf_add_text(&inv->texts[VALUE], "NULL");
    } else {
        value = invocation_read(inv, VALUE, length);
        if (value == NULL)
            return false;
        show_value(inv, value, length);
    }
    invocation_enter(inv);
    errno = 0;
    invocation_leave_libc(inv, setsockopt((int)inv->raw[FD].i, (int)inv->raw[LEVEL].i, (int)inv->raw[NAME].i,
                                          value, (socklen_t)length));
    return true;
}

static const struct call_errno getsockopt_errors[] = {
    {ENOPROTOOPT,
     "This level has no such option: SO_* goes with SOL_SOCKET, TCP_* with IPPROTO_TCP, IP_* with "
     "IPPROTO_IP."},
    {EINVAL, "optlen is negative, or too small for the value of this option."},
    {EOPNOTSUPP, "The socket's protocol has no options at this level."},
    {EPERM, "Reading this option needs a privilege."},
    {ENOTCONN, "The option speaks of the peer, and the socket is not connected."},
    NOT_OPEN,
    NOT_SOCKET,
    {EFAULT, "optval or optlen points to no memory of this process."},
    {0},
};

static const struct call_errno setsockopt_errors[] = {
    {ENOPROTOOPT,
     "This level has no such option, or it can only be read. SO_* goes with SOL_SOCKET, TCP_* with "
     "IPPROTO_TCP, IP_* with IPPROTO_IP."},
    {EINVAL, "The value is too short (most options take an int), or one that this option cannot have."},
    {EDOM, "The time is out of range: tv_usec goes from 0 to 999999."},
    {EISCONN, "This option must be set before the socket is connected."},
    {ENODEV, "There is no such network interface."},
    {EADDRNOTAVAIL, "No interface of this machine has that address."},
    {EADDRINUSE, "The socket has joined that group already."},
    {EOPNOTSUPP, "The socket's protocol has no options at this level."},
    {EPERM, "Setting this option, or so high a value, needs a privilege."},
    {EACCES, "Setting this option needs a privilege."},
    {ENOENT, "There is no such congestion control."},
    {ENOMEM, "The kernel has no memory left for this."},
    NOT_OPEN,
    NOT_SOCKET,
    {EFAULT, "optval points to no memory of this process."},
    {0},
};

const struct call calls_option[] = {
    {
        .name = "getsockopt",
        .prototype = "int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_CONST, .name = "level", .set = &constants_level},
                 {.kind = ARG_CONST, .name = "optname", .set = &constants_option},
                 {.kind = ARG_POINTER, .name = "optval", .usual = ""},
                 {.kind = ARG_LENGTH, .name = "optlen", .other = VALUE, .usual = ""}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_getsockopt},
        .sysnr_count = 1,
        .summary = "ask for the value of a socket option",
        .note = "SO_ERROR is the one that programs need: after a non-blocking connect() it says how the "
                "handshake ended (0: well), and reading clears it. SO_TYPE and SO_DOMAIN say what kind of "
                "socket this is, TCP_INFO what TCP knows of the connection.\n\n"
                "optlen goes in with the room and comes out with the size, as in accept(). SO_RCVBUF comes "
                "back twice as large as it was set: the kernel counts its own needs as well.",
        .asks = "Ask for an option of socket {sockfd}: {optname:means}. Its value is to be written to "
                "{optval}.",
        .success = "optval holds the value, and optlen its size.",
        .man = "getsockopt(2)",
        .see = "setsockopt connect",
        .topic = "sockets",
        .errors = getsockopt_errors,
        .run = run_getsockopt,
    },
    {
        .name = "setsockopt",
        .prototype = "int setsockopt(int sockfd, int level, int optname, const void *optval, socklen_t "
                     "optlen)",
        .args = {{.kind = ARG_FD, .name = "sockfd"},
                 {.kind = ARG_CONST, .name = "level", .set = &constants_level},
                 {.kind = ARG_CONST, .name = "optname", .set = &constants_option},
                 {.kind = ARG_POINTER, .name = "optval", .usual = ""},
                 {.kind = ARG_SIZE, .name = "optlen", .other = VALUE, .usual = ""}},
        .flags = CALL_SYSTEM | CALL_SETS,
        .sysnr = {SYS_setsockopt},
        .sysnr_count = 1,
        .summary = "set a socket option",
        .note = "Most options are switches: a pointer to an int that is 1 or 0. SO_REUSEADDR, set before "
                "bind(), lets a server start again while connections of its last run are in TIME_WAIT, if "
                "that run had set it, too. SO_RCVTIMEO (a struct timeval) bounds how long recv() waits. "
                "TCP_NODELAY sends small pieces at once.\n\n"
                "SO_LINGER with onoff 1 and linger 0 makes close() break the connection off with RST.",
        .asks = "Set an option of socket {sockfd}, {optname:means}, to {optval:bare}.",
        .success = "The option is set, for what happens from now on.",
        .man = "setsockopt(2)",
        .see = "getsockopt bind fcntl",
        .topic = "sockets",
        .errors = setsockopt_errors,
        .run = run_setsockopt,
    },
    {.name = NULL},
};

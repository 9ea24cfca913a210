/* SPDX-License-Identifier: GPL-3.0-or-later */
/* epoll: the kernel keeps the list of descriptors. */
#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>

#include "call/engine.h"
#include "call/rows.h"

#define SHOWN 16 /* events that are printed */

static long call_epoll_create(const union raw *raw) {
    return epoll_create((int)raw[0].i);
}

static long call_epoll_create1(const union raw *raw) {
    return epoll_create1((int)raw[0].i);
}

static const struct call_errno create_errors[] = {
    {EINVAL,
     "The size must be above 0, though Linux makes no other use of it; or the flags have an unknown bit."},
    {EMFILE, "This process has as many descriptors open as it may, or this user as many epoll instances."},
    {ENFILE, "The whole system has as many files open as it may."},
    {ENOMEM, "The kernel has no memory left for this."},
    {0},
};

/* data is a union of 8 bytes: what the program put in comes back unchanged. */
static void show_event(const struct epoll_event *event, struct buf *out) {
    buf_add_text(out, "{events=");
    constant_flags(&constants_epoll, (int64_t)event->events, out);
    buf_addf(out, ", data={u32=%" PRIu32 ", u64=%" PRIu64 "}}", event->data.u32, event->data.u64);
}

/* ---- epoll_ctl ----------------------------------------------------------- */

enum { EPFD, OP, FD, EVENT };

/* False: error.  *event is filled in, also for an argument left out: to read, and the descriptor as data. */
static bool take_event(struct invocation *inv, struct epoll_event *event) {
    const unsigned char *bytes;

    *event = (struct epoll_event){.events = EPOLLIN, .data.u64 = (uint32_t)inv->raw[FD].i};
    if (invocation_left_out(inv, EVENT))
        return true;
    /* Only data.fd of data is written as a rule; the kernel gets zeros for the rest of the union. */
    bytes = invocation_read(inv, EVENT, sizeof event->events);
    if (bytes == NULL) {
        error_hint(inv->error, "events = EPOLLIN, and data.fd = the descriptor");
        return false;
    }
    bytes = memory_read(inv->memory, inv->value[EVENT].bits, sizeof *event, MEMORY_BOUNDS, inv->error);
    if (bytes == NULL) {
        inv->error->where = invocation_span(inv, EVENT);
        return false;
    }
    memcpy(event, bytes, sizeof *event);
    return true;
}

static bool run_epoll_ctl(struct invocation *inv) {
    struct epoll_event event;
    int op = (int)inv->raw[OP].i;
    bool none = op == EPOLL_CTL_DEL || (!invocation_left_out(inv, EVENT) && invocation_null(inv, EVENT));

    if (!none && !take_event(inv, &event))
        return false;
    if (none)
        buf_add_text(&inv->texts[EVENT], "NULL");
    else
        show_event(&event, &inv->texts[EVENT]);
    invocation_enter(inv);
    errno = 0;
    invocation_leave_libc(inv,
                          epoll_ctl((int)inv->raw[EPFD].i, op, (int)inv->raw[FD].i, none ? NULL : &event));
    return true;
}

static const struct call_errno control_errors[] = {
    {EBADF, "epfd or fd is not open."},
    {EEXIST, "fd is watched already: use EPOLL_CTL_MOD to change what is watched."},
    {ENOENT, "fd is not watched by this epoll instance: use EPOLL_CTL_ADD first."},
    {EINVAL, "epfd is no epoll instance, or fd is epfd itself, or the operation or a flag does not exist."},
    {ELOOP, "Epoll instances would watch each other in a circle."},
    {EPERM, "Descriptors of this kind (plain files, directories) are always ready and cannot be watched."},
    {ENOMEM, "The kernel has no memory left for this."},
    {ENOSPC, "This user watches as many descriptors as it may (fs.epoll.max_user_watches)."},
    {EFAULT, "event points to no memory of this process."},
    {0},
};

/* ---- epoll_wait ---------------------------------------------------------- */

static void show_events(const unsigned char *bytes, size_t count, struct buf *out) {
    struct epoll_event event;

    buf_add_char(out, '[');
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        memcpy(&event, bytes + i * sizeof event, sizeof event);
        if (i > 0)
            buf_add_text(out, ", ");
        show_event(&event, out);
    }
    buf_add_text(out, count > SHOWN ? ", ...]" : "]");
}

static bool run_epoll_wait(struct invocation *inv) {
    int64_t most = inv->raw[2].i;
    unsigned char *events = NULL;

    if (invocation_left_out(inv, 1)) {
        const struct type *type = type_struct("epoll_event");
        if (!invocation_fill_variable(inv, 1, "events", type, 10))
            return false;
    }
    if (invocation_left_out(inv, 2)) {
        most = (int64_t)(memory_room(inv->memory, inv->value[1].bits) / sizeof(struct epoll_event));
        buf_clear(&inv->texts[2]);
        buf_addf(&inv->texts[2], "%" PRId64, most);
    }
    if (!invocation_null(inv, 1)) {
        /* 0 and less is EINVAL. */
        events = invocation_write(inv, 1, most > 0 ? (size_t)most * sizeof(struct epoll_event) : 0);
        if (events == NULL)
            return false;
    }
    invocation_enter(inv);
    errno = 0;
    int result =
        epoll_wait((int)inv->raw[0].i, (struct epoll_event *)(void *)events, (int)most, (int)inv->raw[3].i);
    int error = errno;
    if (result >= 0 && events != NULL) {
        memory_mark(inv->memory, inv->value[1].bits, (size_t)result * sizeof(struct epoll_event), true);
        show_events(events, (size_t)result, &inv->texts[1]);
    }
    invocation_leave(inv, result, result == -1 ? error : 0);
    return true;
}

static const struct call_errno wait_errors[] = {
    {EBADF, "epfd is not open."},
    {EINVAL, "epfd is no epoll instance, or maxevents is not above 0."},
    {EINTR, "A signal came before anything was ready. Call it again."},
    {EFAULT, "events is no memory of this process."},
    {0},
};

/* ---- the rows ------------------------------------------------------------ */

const struct call calls_epoll[] = {
    {
        .name = "epoll_create",
        .prototype = "int epoll_create(int size)",
        .args = {{.kind = ARG_INT, .name = "size", .usual = "1"}},
        .flags = CALL_SYSTEM | CALL_GIVES,
#ifdef SYS_epoll_create
        .sysnr = {SYS_epoll_create, SYS_epoll_create1},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_epoll_create1},
        .sysnr_count = 1,
#endif
        .summary = "make an epoll instance (the old way)",
        .note = "The size must be above 0 and means nothing any more. epoll_create1() has flags instead.",
        .asks = "Ask for an epoll instance: a list, empty at first, of descriptors that the kernel is to "
                "watch.",
        .success = "The result is the descriptor of the epoll instance; its list is empty.",
        .man = "epoll_create(2)",
        .see = "epoll_create1 epoll_ctl epoll_wait",
        .topic = "waiting",
        .errors = create_errors,
        .system = call_epoll_create,
    },
    {
        .name = "epoll_create1",
        .prototype = "int epoll_create1(int flags)",
        .args = {{.kind = ARG_FLAGS, .name = "flags", .set = &constants_epoll, .usual = "0"}},
        .flags = CALL_SYSTEM | CALL_GIVES,
        .sysnr = {SYS_epoll_create1},
        .sysnr_count = 1,
        .summary = "make an epoll instance",
        .note = "An epoll instance is a list of descriptors that the kernel watches. With poll(), the "
                "program hands over the whole list at each call; here it is told to the kernel once, so "
                "waiting costs no more with ten thousand descriptors than with ten.",
        .asks = "Ask for an epoll instance: a list, empty at first, of descriptors that the kernel is to "
                "watch.{?flags: Flags: {flags:means}.}",
        .success = "The result is the descriptor of the epoll instance; its list is empty.",
        .man = "epoll_create1(2)",
        .see = "epoll_ctl epoll_wait poll",
        .topic = "waiting",
        .errors = create_errors,
        .system = call_epoll_create1,
    },
    {
        .name = "epoll_ctl",
        .prototype = "int epoll_ctl(int epfd, int op, int fd, struct epoll_event *event)",
        .args = {{.kind = ARG_FD, .name = "epfd"},
                 {.kind = ARG_CONST, .name = "op", .set = &constants_epoll_operation},
                 {.kind = ARG_FD, .name = "fd"},
                 {.kind = ARG_POINTER, .name = "event", .usual = ""}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_epoll_ctl},
        .sysnr_count = 1,
        .summary = "change what an epoll instance watches",
        .note = "EPOLL_CTL_ADD, EPOLL_CTL_MOD and EPOLL_CTL_DEL put a descriptor on the list, change its "
                "entry, and take it off. events says what is waited for; data comes back from epoll_wait() "
                "unchanged, most often the descriptor itself.\n\n"
                "Without EPOLLET, epoll_wait() tells of a descriptor for as long as it is ready; with it, "
                "only when something new comes. A descriptor leaves the list by itself when its last copy "
                "is closed.",
        .asks = "{?op=EPOLL_CTL_ADD:Put descriptor {fd} on the list of epoll instance {epfd}, to be watched "
                "for {event:means}.|?op=EPOLL_CTL_MOD:Change what descriptor {fd} is watched for on the "
                "list of epoll instance {epfd}, to {event:means}.|?op=EPOLL_CTL_DEL:Take descriptor {fd} "
                "off the list of epoll instance {epfd}.|Do {op} with descriptor {fd} on the list of epoll "
                "instance {epfd}.}",
        .success = "The list has been changed; epoll_wait() goes by it from now on.",
        .man = "epoll_ctl(2)",
        .see = "epoll_wait epoll_create1",
        .topic = "waiting",
        .errors = control_errors,
        .run = run_epoll_ctl,
    },
    {
        .name = "epoll_wait",
        .prototype = "int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout)",
        .args = {{.kind = ARG_FD, .name = "epfd"},
                 {.kind = ARG_POINTER, .name = "events", .usual = ""},
                 {.kind = ARG_INT, .name = "maxevents", .usual = ""},
                 {.kind = ARG_INT, .name = "timeout", .usual = "-1"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
#ifdef SYS_epoll_wait
        .sysnr = {SYS_epoll_wait, SYS_epoll_pwait},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_epoll_pwait},
        .sysnr_count = 1,
#endif
        .summary = "wait until a watched descriptor is ready",
        .note = "It fills in at most maxevents entries, one for each descriptor that is ready, with the "
                "data that epoll_ctl() was given. timeout is in milliseconds; -1 waits for ever, 0 only "
                "looks.",
        .asks = "{?timeout=0:Look, without waiting, which descriptors on the list of epoll instance {epfd} "
                "are ready|Sleep until a descriptor on the list of epoll instance {epfd} is ready, "
                "{?timeout<0:for ever if need be|but for no more than {timeout} ms}}; at most {maxevents} "
                "are to be written to {events}.",
        .success = "The result is how many entries of events are filled in; 0 means that the time is over.",
        .man = "epoll_wait(2)",
        .see = "epoll_ctl poll select",
        .topic = "waiting",
        .errors = wait_errors,
        .run = run_epoll_wait,
    },
    {.name = NULL},
};

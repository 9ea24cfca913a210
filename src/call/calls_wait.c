/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Waiting for several descriptors at once: poll, select and its macros. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "base/mem.h"
#include "call/engine.h"
#include "call/rows.h"

#define SHOWN 16 /* entries of a list that are printed */

/* ---- poll ---------------------------------------------------------------- */

/* The learner's array as it is, and a copy for the kernel, where the host's own descriptors look closed. */
struct polling {
    unsigned char *given;
    struct pollfd *host;
    size_t count;
};

static bool take_pollfds(struct invocation *inv, struct polling *p) {
    uint64_t at = inv->value[0].bits;
    const char *label = memory_label(inv->memory, at);

    p->given = invocation_write(inv, 0, p->count * sizeof *p->host);
    if (p->given == NULL)
        return false;
    p->host = mem_alloc(p->count * sizeof *p->host);
    memcpy(p->host, p->given, p->count * sizeof *p->host);
    for (size_t i = 0; i < p->count; i++) {
        uint64_t entry = at + i * sizeof *p->host;
        bool fd = memory_is_written(inv->memory, entry + offsetof(struct pollfd, fd), sizeof p->host->fd);
        if (!fd || !memory_is_written(inv->memory, entry + offsetof(struct pollfd, events),
                                      sizeof p->host->events)) {
            invocation_fail(inv, 0, ERROR_MEMORY, "entry %zu of %s: %s was never given a value", i,
                            label != NULL ? label : "fds", fd ? "events" : "fd");
            error_hint(inv->error,
                       fd ? "POLLIN, to read; POLLOUT, to write" : "-1 for an entry that is not used");
            return false;
        }
        if (caller_reserved(inv->caller, p->host[i].fd))
            p->host[i].fd = INT_MAX; /* never open: POLLNVAL */
    }
    return true;
}

static int given_fd(const struct polling *p, size_t i) {
    int fd;

    memcpy(&fd, p->given + i * sizeof *p->host + offsetof(struct pollfd, fd), sizeof fd);
    return fd;
}

static void show_asked(const struct polling *p, struct buf *out) {
    buf_add_char(out, '[');
    for (size_t i = 0; i < p->count && i < SHOWN; i++) {
        buf_addf(out, "%s{fd=%d, events=", i > 0 ? ", " : "", given_fd(p, i));
        constant_flags(&constants_poll, p->host[i].events, out);
        buf_add_char(out, '}');
    }
    buf_add_text(out, p->count > SHOWN ? ", ...]" : "]");
}

static void show_ready(const struct polling *p, int result, struct buf *out) {
    size_t shown = 0;

    buf_addf(out, "%d (", result);
    for (size_t i = 0; i < p->count; i++) {
        if (p->host[i].revents == 0)
            continue;
        if (shown++ == SHOWN) {
            buf_add_text(out, ", ...");
            break;
        }
        buf_addf(out, "%s{fd=%d, revents=", shown == 1 ? "[" : ", ", given_fd(p, i));
        constant_flags(&constants_poll, p->host[i].revents, out);
        buf_add_char(out, '}');
    }
    buf_add_text(out, shown > 0 ? "])" : "Timeout)");
}

/* The kernel stores revents in every entry, even when a signal ended the call. */
static void store_revents(struct invocation *inv, const struct polling *p) {
    for (size_t i = 0; i < p->count; i++) {
        size_t at = i * sizeof *p->host + offsetof(struct pollfd, revents);
        memcpy(p->given + at, &p->host[i].revents, sizeof p->host->revents);
        memory_mark(inv->memory, inv->value[0].bits + at, sizeof p->host->revents, true);
    }
}

static bool run_poll(struct invocation *inv) {
    struct polling p = {0};

    if (invocation_left_out(inv, 1)) {
        inv->raw[1].i = (int64_t)(memory_room(inv->memory, inv->value[0].bits) / sizeof *p.host);
        buf_clear(&inv->texts[1]);
        buf_addf(&inv->texts[1], "%" PRId64, inv->raw[1].i);
    }
    bool null = invocation_null(inv, 0);
    p.count = null ? 0 : (size_t)inv->raw[1].i;
    if (p.count > INT_MAX)
        return invocation_fail(inv, 1, ERROR_MEMORY, "no array has so many entries");
    if (!null && !take_pollfds(inv, &p)) {
        free(p.host);
        return false;
    }
    if (null)
        buf_add_text(&inv->texts[0], "NULL");
    else
        show_asked(&p, &inv->texts[0]);
    invocation_enter(inv);
    errno = 0;
    int result = poll(p.host, null ? (nfds_t)inv->raw[1].i : p.count, (int)inv->raw[2].i);
    int error = errno;
    if (p.host != NULL && (result >= 0 || error == EINTR))
        store_revents(inv, &p);
    if (result >= 0)
        show_ready(&p, result, &inv->result_text);
    invocation_leave(inv, result, result == -1 ? error : 0);
    free(p.host);
    return true;
}

static const struct call_errno poll_errors[] = {
    {EINTR, "A signal came before anything was ready. Call it again."},
    {EINVAL, "There are more entries than this process may have descriptors (RLIMIT_NOFILE)."},
    {EFAULT, "fds points to no memory of this process."},
    {ENOMEM, "The kernel has no memory left for this."},
    {0},
};

/* ---- select -------------------------------------------------------------- */

enum { NFDS, READ, WRITE, EXCEPT, TIMEOUT };

struct selection {
    struct invocation *inv;
    int nfds;
    size_t size;               /* bytes of a set that the kernel looks at */
    unsigned char *given[4];   /* by argument; NULL: not given */
    unsigned long *host[4];    /* the same, aligned */
    unsigned char *given_time; /* NULL: wait for ever */
    struct timeval time;
};

/* The kernel's own layout: bits of longs. */
static bool in_set(const unsigned long *set, int fd) {
    const int bits = CHAR_BIT * (int)sizeof *set;

    return set[fd / bits] >> fd % bits & 1;
}

static bool take_sets(struct selection *s) {
    const size_t bits = CHAR_BIT * sizeof(long);
    struct invocation *inv = s->inv;

    s->size = s->nfds > 0 ? ((size_t)s->nfds + bits - 1) / bits * sizeof(long) : 0;
    for (size_t i = READ; i <= EXCEPT; i++) {
        if (invocation_null(inv, i))
            continue;
        if (invocation_read(inv, i, s->size) == NULL) {
            const char *label = memory_label(inv->memory, inv->value[i].bits);
            error_hint(inv->error, "a set begins with FD_ZERO(&%s); it holds descriptors below %d",
                       label != NULL ? label : "set", FD_SETSIZE);
            return false;
        }
        s->given[i] = invocation_write(inv, i, s->size);
        if (s->given[i] == NULL)
            return false;
        s->host[i] = mem_alloc(s->size);
        memcpy(s->host[i], s->given[i], s->size);
    }
    return true;
}

static bool take_timeout(struct selection *s) {
    if (invocation_null(s->inv, TIMEOUT))
        return true;
    if (invocation_read(s->inv, TIMEOUT, sizeof s->time) == NULL)
        return false;
    s->given_time = invocation_write(s->inv, TIMEOUT, sizeof s->time);
    if (s->given_time == NULL)
        return false;
    memcpy(&s->time, s->given_time, sizeof s->time);
    return true;
}

static bool selects_reserved(const struct selection *s) {
    for (size_t i = READ; i <= EXCEPT; i++)
        for (int fd = 0; s->host[i] != NULL && fd < s->nfds; fd++)
            if (in_set(s->host[i], fd) && caller_reserved(s->inv->caller, fd))
                return true;
    return false;
}

static void show_set(const struct selection *s, size_t i, struct buf *out) {
    size_t shown = 0;

    buf_add_char(out, '[');
    for (int fd = 0; fd < s->nfds; fd++) {
        if (!in_set(s->host[i], fd))
            continue;
        if (shown++ == SHOWN) {
            buf_add_text(out, " ...");
            break;
        }
        buf_addf(out, "%s%d", shown > 1 ? " " : "", fd);
    }
    buf_add_char(out, ']');
}

static void show_time(const struct timeval *time, struct buf *out) {
    buf_addf(out, "{tv_sec=%" PRId64 ", tv_usec=%" PRId64 "}", (int64_t)time->tv_sec, (int64_t)time->tv_usec);
}

static void show_selection(const struct selection *s) {
    struct buf *texts = s->inv->texts;

    for (size_t i = READ; i <= EXCEPT; i++)
        if (s->host[i] == NULL)
            buf_add_text(&texts[i], "NULL");
        else
            show_set(s, i, &texts[i]);
    if (s->given_time == NULL)
        buf_add_text(&texts[TIMEOUT], "NULL");
    else
        show_time(&s->time, &texts[TIMEOUT]);
}

/* 2 (in [3], out [4], left {…}): what is left of the sets, and of the time. */
static void show_selected(const struct selection *s, int result, struct buf *out) {
    static const char *const names[] = {[READ] = "in", [WRITE] = "out", [EXCEPT] = "except"};
    struct buf set = {0};
    const char *between = " (";

    buf_addf(out, "%d", result);
    if (result == 0) {
        buf_add_text(out, " (Timeout)");
        return;
    }
    for (size_t i = READ; i <= EXCEPT; i++) {
        if (s->host[i] == NULL)
            continue;
        buf_clear(&set);
        show_set(s, i, &set);
        if (set.length == strlen("[]"))
            continue;
        buf_addf(out, "%s%s %s", between, names[i], buf_text(&set));
        between = ", ";
    }
    if (s->given_time != NULL) {
        buf_addf(out, "%sleft ", between);
        show_time(&s->time, out);
    }
    buf_add_char(out, ')');
    buf_free(&set);
}

static void store_selection(struct selection *s) {
    for (size_t i = READ; i <= EXCEPT; i++) {
        if (s->host[i] == NULL)
            continue;
        memcpy(s->given[i], s->host[i], s->size);
        memory_mark(s->inv->memory, s->inv->value[i].bits, s->size, true);
    }
    if (s->given_time == NULL)
        return;
    memcpy(s->given_time, &s->time, sizeof s->time);
    memory_mark(s->inv->memory, s->inv->value[TIMEOUT].bits, sizeof s->time, true);
}

static fd_set *host_set(const struct selection *s, size_t i) {
    return (fd_set *)(void *)s->host[i];
}

static bool run_select(struct invocation *inv) {
    struct selection s = {.inv = inv, .nfds = (int)inv->raw[NFDS].i};
    int result = -1, error = EBADF;
    bool taken = take_sets(&s) && take_timeout(&s);

    if (taken) {
        show_selection(&s);
        invocation_enter(inv);
        if (!selects_reserved(&s)) {
            errno = 0;
            result = select(s.nfds, host_set(&s, READ), host_set(&s, WRITE), host_set(&s, EXCEPT),
                            s.given_time != NULL ? &s.time : NULL);
            error = errno;
        }
        if (result >= 0) {
            store_selection(&s);
            show_selected(&s, result, &inv->result_text);
        }
        invocation_leave(inv, result, result == -1 ? error : 0);
    }
    for (size_t i = READ; i <= EXCEPT; i++)
        free(s.host[i]);
    return taken;
}

static const struct call_errno select_errors[] = {
    {EBADF, "A set has a descriptor that is not open. FD_CLR() a descriptor before it is closed."},
    {EINTR, "A signal came before anything was ready. Fill the sets again, and call it again."},
    {EINVAL, "nfds is negative, or the timeout is no time. nfds is the highest descriptor plus 1."},
    {ENOMEM, "The kernel has no memory left for this."},
    {EFAULT, "A set or the timeout is no memory of this process."},
    {0},
};

/* ---- FD_ZERO, FD_SET, FD_CLR, FD_ISSET ----------------------------------- */

static bool run_fd_zero(struct invocation *inv) {
    unsigned char *set = invocation_write(inv, 0, sizeof(fd_set));

    if (set == NULL)
        return false;
    memset(set, 0, sizeof(fd_set));
    memory_mark(inv->memory, inv->value[0].bits, sizeof(fd_set), true);
    return true;
}

/* The set that a macro is about; NULL: error.  In C, a descriptor too large would write past it. */
static unsigned char *take_set(struct invocation *inv, fd_set *copy) {
    int64_t fd = inv->raw[0].i;

    if (fd < 0 || fd >= FD_SETSIZE) {
        invocation_fail(inv, 0, ERROR_MEMORY,
                        "%s(%" PRId64 "): a set has room for the descriptors 0 to %d only", inv->call->name,
                        fd, FD_SETSIZE - 1);
        error_hint(inv->error, fd < 0 ? "the call that should have given a descriptor has failed"
                                      : "poll() has no such limit");
        return NULL;
    }
    if (invocation_read(inv, 1, sizeof *copy) == NULL) {
        const char *label = memory_label(inv->memory, inv->value[1].bits);
        error_hint(inv->error, "a set begins with FD_ZERO(&%s)", label != NULL ? label : "set");
        return NULL;
    }
    unsigned char *set = invocation_write(inv, 1, sizeof *copy);
    if (set != NULL)
        memcpy(copy, set, sizeof *copy);
    return set;
}

static bool change_set(struct invocation *inv, bool in) {
    fd_set copy;
    unsigned char *set = take_set(inv, &copy);

    if (set == NULL)
        return false;
    if (in)
        FD_SET((int)inv->raw[0].i, &copy);
    else
        FD_CLR((int)inv->raw[0].i, &copy);
    memcpy(set, &copy, sizeof copy);
    memory_mark(inv->memory, inv->value[1].bits, sizeof copy, true);
    return true;
}

static bool run_fd_set(struct invocation *inv) {
    return change_set(inv, true);
}

static bool run_fd_clr(struct invocation *inv) {
    return change_set(inv, false);
}

static bool run_fd_isset(struct invocation *inv) {
    fd_set copy;

    if (take_set(inv, &copy) == NULL)
        return false;
    inv->result = FD_ISSET((int)inv->raw[0].i, &copy) != 0;
    return true;
}

/* ---- the rows ------------------------------------------------------------ */

const struct call calls_wait[] = {
    {
        .name = "poll",
        .prototype = "int poll(struct pollfd *fds, nfds_t nfds, int timeout)",
        .args = {{.kind = ARG_POINTER, .name = "fds"},
                 {.kind = ARG_INT, .name = "nfds", .usual = ""},
                 {.kind = ARG_INT, .name = "timeout", .usual = "-1"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
#ifdef SYS_poll
        .sysnr = {SYS_poll, SYS_ppoll},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_ppoll},
        .sysnr_count = 1,
#endif
        .summary = "wait until one of several descriptors is ready",
        .note = "Each entry names a descriptor and what is waited for: POLLIN, something to read or accept, "
                "or end of file; POLLOUT, room to write, or a connect() that has ended. revents says what "
                "has come; POLLHUP, POLLERR and POLLNVAL come unasked. A negative fd is passed over.\n\n"
                "timeout is in milliseconds: -1 waits for ever, 0 only looks. \"Ready\" means that the call "
                "would not sleep, not that it succeeds.",
        .asks = "{?timeout=0:Look which of these descriptors are ready, without waiting|Sleep until one of "
                "these descriptors is ready, {?timeout<0:for ever if need be|but for no more than {timeout} "
                "ms}}: {fds:means}.",
        .success = "The result is how many entries have something in revents; 0 means that the time is over.",
        .man = "poll(2)",
        .see = "select epoll_wait recv accept",
        .topic = "waiting",
        .errors = poll_errors,
        .run = run_poll,
    },
    {
        .name = "select",
        .prototype = "int select(int nfds, fd_set *readfds, fd_set *writefds, fd_set *exceptfds, struct "
                     "timeval *timeout)",
        .args = {{.kind = ARG_INT, .name = "nfds"},
                 {.kind = ARG_POINTER, .name = "readfds"},
                 {.kind = ARG_POINTER, .name = "writefds", .usual = "NULL"},
                 {.kind = ARG_POINTER, .name = "exceptfds", .usual = "NULL"},
                 {.kind = ARG_POINTER, .name = "timeout", .usual = "NULL"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
#ifdef SYS_select
        .sysnr = {SYS_pselect6, SYS_select},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_pselect6},
        .sysnr_count = 1,
#endif
        .summary = "wait until one of several descriptors is ready (the old way)",
        .note = "The sets say what is waited for and come back with what is ready, so they must be filled "
                "again before each call (FD_ZERO, FD_SET). nfds is the highest descriptor in them plus 1, "
                "not how many there are.\n\n"
                "A set holds descriptors below 1024; poll() and epoll have no such limit. Linux changes the "
                "timeout to the time that was left.",
        .asks = "Sleep until a descriptor in a set is ready, {?timeout:for no longer than {timeout}|for "
                "ever if need be}: to be read {readfds}, to be written {writefds}, with urgent data "
                "{exceptfds}. The kernel looks at descriptors below {nfds}.",
        .success = "The sets hold only what is ready now; the result is how many that are, and 0 means that "
                   "the time is over.",
        .man = "select(2)",
        .see = "FD_ZERO FD_SET FD_ISSET poll",
        .topic = "waiting",
        .errors = select_errors,
        .run = run_select,
    },
    {
        .name = "FD_ZERO",
        .prototype = "void FD_ZERO(fd_set *set)",
        .args = {{.kind = ARG_POINTER, .name = "set"}},
        .flags = CALL_LIBRARY,
        .summary = "make a set of descriptors empty",
        .note = "A fresh fd_set holds whatever was in memory, so this comes first.",
        .man = "select(2)",
        .see = "FD_SET select",
        .topic = "waiting",
        .run = run_fd_zero,
    },
    {
        .name = "FD_SET",
        .prototype = "void FD_SET(int fd, fd_set *set)",
        .args = {{.kind = ARG_FD, .name = "fd"}, {.kind = ARG_POINTER, .name = "set"}},
        .flags = CALL_LIBRARY,
        .summary = "put a descriptor into a set",
        .note = "In C, a descriptor of 1024 or more writes past the end of the set.",
        .man = "select(2)",
        .see = "FD_CLR FD_ISSET FD_ZERO select",
        .topic = "waiting",
        .run = run_fd_set,
    },
    {
        .name = "FD_CLR",
        .prototype = "void FD_CLR(int fd, fd_set *set)",
        .args = {{.kind = ARG_FD, .name = "fd"}, {.kind = ARG_POINTER, .name = "set"}},
        .flags = CALL_LIBRARY,
        .summary = "take a descriptor out of a set",
        .note = "Do it before the descriptor is closed: select() answers EBADF for a closed one.",
        .man = "select(2)",
        .see = "FD_SET FD_ISSET select",
        .topic = "waiting",
        .run = run_fd_clr,
    },
    {
        .name = "FD_ISSET",
        .prototype = "int FD_ISSET(int fd, fd_set *set)",
        .args = {{.kind = ARG_FD, .name = "fd"}, {.kind = ARG_POINTER, .name = "set"}},
        .flags = CALL_LIBRARY,
        .summary = "is a descriptor in a set?",
        .note = "After select(), this says whether the descriptor is ready.",
        .man = "select(2)",
        .see = "FD_SET select",
        .topic = "waiting",
        .run = run_fd_isset,
    },
    {.name = NULL},
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a descriptor would not do, whatever the call: closed, never opened, no socket; interrupted calls. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "explain/find.h"
#include "explain/rows.h"
#include "explain/story.h"

#define SHOWN_MOST 8 /* descriptors in a list */

/* ---- Which descriptor ---- */

static bool argument_number(const struct event *event, size_t i, int64_t *number) {
    struct buf text = {0};
    char *end = NULL;
    bool good = find_argument(event, i, &text) && text.length > 0;
    *number = good ? strtol(text.data, &end, 10) : -1;
    good = good && *end == '\0';
    buf_free(&text);
    return good;
}

/* The first of its descriptors that is not open; epoll_ctl() and dup2() have two. */
static bool not_open(const struct inquiry *inquiry, struct blanks *blanks, int64_t *fd) {
    const struct call *call = inquiry->call;
    for (size_t i = 0; call != NULL && call->args[i].kind != ARG_END; i++) {
        if (call->args[i].kind != ARG_FD || !argument_number(inquiry->event, i, fd) || *fd > INT32_MAX)
            continue;
        if (*fd < 0 || snapshot_get(inquiry->now, inquiry->actor, (int)*fd) == NULL) {
            buf_addf(blank(blanks, "fd"), "%lld", (long long)*fd);
            buf_add_text(blank(blanks, "actor"), inquiry->event->actor);
            return true;
        }
        if (strcmp(call->name, "dup2") == 0)
            return false; /* of its second it is asked only whether it is in range */
    }
    return false;
}

/* " (TCP, LISTEN)"; nothing for what has no name of its kind. */
static void say_kind(const struct descriptor *descriptor, struct buf *out) {
    if (descriptor->kind == DESCRIPTOR_SOCKET && descriptor->facts_known) {
        buf_add_text(out, " (");
        socket_kind(&descriptor->socket, out);
        buf_addf(out, ", %s)", socket_condition(&descriptor->socket));
    } else if (descriptor->kind == DESCRIPTOR_PIPE) {
        buf_addf(out, " (pipe, %s end)", descriptor->access == O_RDONLY ? "read" : "write");
    }
}

/* " Its sockets are 3 (TCP, LISTEN) and 4 (…)."; nothing where there is none. */
static void say_sockets(const struct inquiry *inquiry, struct buf *out) {
    const struct descriptor *at = snapshot_next(inquiry->now, inquiry->actor, 0);
    size_t count = 0;
    for (; at != NULL; at = snapshot_next(inquiry->now, inquiry->actor, at->fd + 1)) {
        if (at->kind != DESCRIPTOR_SOCKET || count++ >= SHOWN_MOST)
            continue;
        buf_addf(out, count == 1 ? " Open sockets of %s: " : ", ", inquiry->event->actor);
        buf_addf(out, "%d", at->fd);
        say_kind(at, out);
    }
    if (count > SHOWN_MOST)
        buf_addf(out, " and %zu more", count - SHOWN_MOST);
    if (count > 0)
        buf_add_char(out, '.');
}

/* ---- EBADF ---- */

/* Has the actor been started afresh since? */
static bool born_since(const struct inquiry *inquiry, const char *actor, uint64_t from, uint64_t back) {
    for (uint64_t n = from; n < back; n++) {
        const struct event *event = past_at(&inquiry->past, n);
        if (event->type == EVENT_BORN && strcmp(event->actor, actor) == 0)
            return true;
    }
    return false;
}

/* The newest call of this actor that closed the number. */
static bool find_close(const struct inquiry *inquiry, const char *actor, int64_t fd, uint64_t from,
                       struct deed *deed) {
    const struct event *event;
    uint64_t n = from;
    while ((event = past_call(&inquiry->past, actor, "close", fd, &n)) != NULL && event->error != 0)
        n++;
    *deed = (struct deed){event, n};
    return event != NULL && !born_since(inquiry, actor, from, n);
}

static bool closed_here(const struct inquiry *inquiry, struct blanks *blanks) {
    struct deed deed;
    int64_t fd;
    if (!not_open(inquiry, blanks, &fd) || fd < 0 ||
        !find_close(inquiry, inquiry->event->actor, fd, 0, &deed))
        return false;
    story_say_deed(inquiry, &deed, blank(blanks, "deed"));
    say_sockets(inquiry, blank(blanks, "open"));
    return true;
}

/* The fork() that made this actor, and by whom. */
static const struct event *birth(const struct inquiry *inquiry, uint64_t *n) {
    const struct event *event;
    for (*n = 0; (event = past_at(&inquiry->past, *n)) != NULL; (*n)++)
        if (event->type == EVENT_BORN && strcmp(event->actor, inquiry->event->actor) == 0)
            return event->extra[0] != '\0' ? event : NULL;
    return NULL;
}

static bool closed_before_fork(const struct inquiry *inquiry, struct blanks *blanks) {
    struct deed deed;
    uint64_t n;
    int64_t fd;
    const struct event *born = birth(inquiry, &n);
    if (born == NULL || !not_open(inquiry, blanks, &fd) || fd < 0 ||
        !find_close(inquiry, born->extra, fd, n, &deed))
        return false;
    buf_add_text(blank(blanks, "parent"), born->extra);
    story_say_deed(inquiry, &deed, blank(blanks, "deed"));
    return true;
}

/* Was the one born by fork() of the other, as that is now? */
static bool is_child(const struct inquiry *inquiry, const char *child, const char *parent) {
    const struct event *event;
    for (uint64_t n = 0; (event = past_at(&inquiry->past, n)) != NULL; n++)
        if (event->type == EVENT_BORN && strcmp(event->actor, child) == 0)
            return strcmp(event->extra, parent) == 0 && !born_since(inquiry, parent, 0, n);
    return false;
}

static bool is_related(const struct inquiry *inquiry, const char *other) {
    return is_child(inquiry, other, inquiry->event->actor) || is_child(inquiry, inquiry->event->actor, other);
}

static bool open_elsewhere(const struct inquiry *inquiry, struct blanks *blanks, bool related) {
    int64_t fd;
    if (!not_open(inquiry, blanks, &fd) || fd < 0)
        return false;
    for (size_t i = 0; i < snapshot_actors(inquiry->now); i++) {
        const struct descriptor *there = snapshot_get(inquiry->now, i, (int)fd);
        const char *name = snapshot_actor(inquiry->now, i);
        if (i == inquiry->actor || there == NULL || is_related(inquiry, name) != related)
            continue;
        buf_add_text(blank(blanks, "other"), name);
        say_kind(there, blank(blanks, "there"));
        say_sockets(inquiry, blank(blanks, "open"));
        return true;
    }
    return false;
}

static bool opened_after_fork(const struct inquiry *inquiry, struct blanks *blanks) {
    return open_elsewhere(inquiry, blanks, true);
}

static bool opened_by_other(const struct inquiry *inquiry, struct blanks *blanks) {
    return open_elsewhere(inquiry, blanks, false);
}

/* The -1 of a call that should have given a descriptor. */
static bool from_failed_call(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct event *event;
    uint64_t n = 0;
    int64_t fd;
    if (!not_open(inquiry, blanks, &fd) || fd != -1)
        return false;
    for (; (event = past_call(&inquiry->past, inquiry->event->actor, "", -1, &n)) != NULL; n++) {
        const struct call *call = call_find(event->name);
        if (call != NULL && call->flags & CALL_GIVES && event->error != 0)
            break;
    }
    if (event == NULL || born_since(inquiry, inquiry->event->actor, 0, n))
        return false;
    escape_text(blank(blanks, "call"), event->text, strlen(event->text));
    const char *name = call_error_name(call_find(event->name), (int)event->error);
    buf_add_text(blank(blanks, "error"), name != NULL ? name : "an error");
    return true;
}

static bool is_negative(const struct inquiry *inquiry, struct blanks *blanks) {
    int64_t fd;
    return not_open(inquiry, blanks, &fd) && fd < 0;
}

static bool never_opened(const struct inquiry *inquiry, struct blanks *blanks) {
    int64_t fd;
    if (!not_open(inquiry, blanks, &fd))
        return false;
    say_sockets(inquiry, blank(blanks, "open"));
    return true;
}

/* A pipe's other end, in the same process. */
static void say_other_end(const struct inquiry *inquiry, const struct descriptor *pipe, struct buf *out) {
    const struct descriptor *at = snapshot_next(inquiry->now, inquiry->actor, 0);
    for (; at != NULL; at = snapshot_next(inquiry->now, inquiry->actor, at->fd + 1))
        if (at->kind == DESCRIPTOR_PIPE && at->inode == pipe->inode && at->access != pipe->access) {
            buf_addf(out, " The other end is fd %d.", at->fd);
            return;
        }
}

static bool wrong_end(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct descriptor *own = story_subject(inquiry, &subject) ? story_descriptor(&subject) : NULL;
    bool writes = strcmp(inquiry->event->name, "write") == 0;
    if (own == NULL || own->kind != DESCRIPTOR_PIPE || own->access != (writes ? O_RDONLY : O_WRONLY))
        return false;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    buf_add_text(blank(blanks, "end"), writes ? "read" : "write");
    buf_add_text(blank(blanks, "wish"), writes ? "written to" : "read from");
    say_other_end(inquiry, own, blank(blanks, "other"));
    return true;
}

/* ---- ENOTSOCK ---- */

static const struct descriptor *no_socket(const struct inquiry *inquiry, struct blanks *blanks) {
    struct subject subject;
    const struct descriptor *own = story_subject(inquiry, &subject) ? story_descriptor(&subject) : NULL;
    if (own == NULL || own->kind == DESCRIPTOR_SOCKET)
        return NULL;
    buf_addf(blank(blanks, "fd"), "%d", own->fd);
    say_sockets(inquiry, blank(blanks, "open"));
    return own;
}

static bool is_standard(const struct inquiry *inquiry, struct blanks *blanks) {
    static const char *const names[] = {"input", "output", "error output"};
    const struct descriptor *own = no_socket(inquiry, blanks);
    if (own == NULL || own->fd > 2)
        return false;
    buf_add_text(blank(blanks, "name"), names[own->fd]);
    return true;
}

static bool is_pipe(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = no_socket(inquiry, blanks);
    if (own == NULL || own->kind != DESCRIPTOR_PIPE)
        return false;
    buf_add_text(blank(blanks, "end"), own->access == O_RDONLY ? "read" : "write");
    buf_add_text(blank(blanks, "use"), own->access == O_RDONLY ? "read()" : "write()");
    return true;
}

static bool is_other(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = no_socket(inquiry, blanks);
    if (own == NULL)
        return false;
    if (own->kind == DESCRIPTOR_EPOLL)
        buf_add_text(blank(blanks, "what"), "an epoll instance, for epoll_ctl() and epoll_wait()");
    else
        escape_text(blank(blanks, "what"), own->target, strlen(own->target));
    return true;
}

/* ---- EINTR ---- */

/* A program here has no handlers of its own, so what interrupts its calls is Ctrl-C; but those that a stop
 * signal interrupts too, handler or not (signal(7)): epoll_wait(), and sockets with a time-out. */
static bool was_interrupted(const struct inquiry *inquiry, struct blanks *blanks) {
    const struct descriptor *own = find_own(inquiry);
    uint64_t ms;
    if (inquiry->actor == SIZE_MAX || strcmp(inquiry->event->name, "epoll_wait") == 0)
        return false;
    for (int i = 0; own != NULL && i < 2; i++)
        if (story_timeout(inquiry, own->fd, i == 0 ? SO_RCVTIMEO : SO_SNDTIMEO, &ms))
            return false;
    buf_add_text(blank(blanks, "call"), inquiry->event->name);
    buf_add_text(blank(blanks, "actor"), inquiry->event->actor);
    return true;
}

/* ---- The rows ---- */

const struct explanation explanations_descriptor[] = {
    {"*-EBADF-wrong-end", "read write", EBADF, wrong_end,
     "fd {fd} is the {end} end of a pipe, which cannot be {wish}: a pipe goes one way only.{other}"},
    {"*-EBADF-failed-call", "*", EBADF, from_failed_call,
     "The descriptor is -1, and that is what {call} returned when it failed with {error}. A call's result "
     "must be looked at before it is used."},
    {"*-EBADF-negative", "*", EBADF, is_negative,
     "{fd} is no descriptor; those are numbers from 0 on. Perhaps the variable was never given what "
     "socket() or accept() returned."},
    {"*-EBADF-closed", "*", EBADF, closed_here,
     "fd {fd} is no longer open, since {deed}. What is closed cannot be used again; the number goes to the "
     "next descriptor that is opened.{open}"},
    {"*-EBADF-closed-before-fork", "*", EBADF, closed_before_fork,
     "{actor} has never had fd {fd}: {deed}, had closed it before fork() made {actor}, and a child gets "
     "only what its parent has open then."},
    {"*-EBADF-opened-after-fork", "*", EBADF, opened_after_fork,
     "fd {fd} is open in {other}{there}, but not in {actor}: after fork() both have descriptors of their "
     "own, and what one opens later is not shared.{open}"},
    {"*-EBADF-other-process", "*", EBADF, opened_by_other,
     "{actor} has no fd {fd}. {other} has one{there}, but a descriptor is a number within its own "
     "process.{open}"},
    {"*-EBADF-never", "*", EBADF, never_opened,
     "{actor} has no fd {fd}.{open} New descriptors come from socket(), accept(), dup() and "
     "pipe()."},
    {"*-ENOTSOCK-standard", "*", ENOTSOCK, is_standard,
     "fd {fd} is the program's standard {name}, as in every program; sockets begin at 3.{open}"},
    {"*-ENOTSOCK-pipe", "*", ENOTSOCK, is_pipe,
     "fd {fd} is the {end} end of a pipe, no socket: use {use} on it.{open}"},
    {"*-ENOTSOCK-other", "*", ENOTSOCK, is_other, "fd {fd} is open, but no socket: it is {what}.{open}"},
    {"*-EINTR-ctrl-c", "*", EINTR, was_interrupted,
     "Ctrl-C: sockshell interrupted {call}() with a signal of its own, so that {actor} lives on. Nothing is "
     "lost, the call can be made again. In a program of yours Ctrl-C sends SIGINT, which ends the process "
     "unless it has a handler for it."},
    {0},
};

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Results in words.  What a failure means for one call stands in the call's
 * row; here is what means the same for all of them, and what is no failure
 * but surprises (recv() returning 0).
 */
#include "call/explain.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/text.h"

#define EXPLAIN_INDENT 4

/* For every call whose row says nothing else. */
static const struct call_errno in_general[] = {
    {EBADF, "This process has no open descriptor of that number; it was never opened, or was closed."},
    {EINTR, "A signal interrupted the call before it had done anything; it can simply be made again."},
    {EAGAIN, "The descriptor is non-blocking and the call would have to wait. Try again when poll() says."},
    {EINVAL, "The kernel does not accept an argument, or not in the state that the descriptor is in."},
    {ENOTSOCK, "The descriptor is open, but it is no socket."},
    {EOPNOTSUPP, "Sockets of this type cannot do that."},
    {EFAULT, "A pointer does not point to memory of the process."},
    {EMFILE, "This process has as many descriptors open as it may; close() some."},
    {ENFILE, "The whole system has as many files open as it can."},
    {ENOBUFS, "The kernel has no room for this now."},
    {ENOMEM, "The kernel has no memory for this now."},
    {EACCES, "This process is not allowed to do that."},
    {EPERM, "This needs a privilege that the process does not have."},
    {ENOSYS, "This kernel does not have the call."},
    {0, NULL},
};

struct surprise {
    const char *call;
    enum { RESULT_ZERO, RESULT_SHORT } when;
    const char *what; /* of the id */
    const char *text;
};

/* Bytes were asked for and none came; fewer were taken than offered; nobody was ready. */
static const struct surprise surprises[] = {
    {"recv", RESULT_ZERO, "0",
     "0 bytes: end of file; the peer has closed its sending direction, and everything it sent has been read. "
     "(On a datagram socket: an empty message.)"},
    {"recvfrom", RESULT_ZERO, "0",
     "0 bytes: on a stream, end of file, the peer has closed its sending direction; on a datagram socket, an "
     "empty message."},
    {"recvmsg", RESULT_ZERO, "0",
     "0 bytes: on a stream, end of file, the peer has closed its sending direction; on a datagram socket, an "
     "empty message."},
    {"read", RESULT_ZERO, "0",
     "0 bytes: end of file; nobody can write to the other end any more, and everything written has been "
     "read."},
    {"send", RESULT_SHORT, "short",
     "The kernel took only a part of the bytes, as many as it had room for; the rest must be sent again."},
    {"sendto", RESULT_SHORT, "short",
     "The kernel took only a part of the bytes, as many as it had room for; the rest must be sent again."},
    {"sendmsg", RESULT_SHORT, "short",
     "The kernel took only a part of the bytes, as many as it had room for; the rest must be sent again."},
    {"write", RESULT_SHORT, "short",
     "The kernel took only a part of the bytes, as many as it had room for; the rest must be written again."},
    {"poll", RESULT_ZERO, "0", "The time is over and none of the descriptors had an event."},
    {"select", RESULT_ZERO, "0", "The time is over and none of the descriptors was ready."},
    {"epoll_wait", RESULT_ZERO, "0", "The time is over and none of the descriptors had an event."},
    {"waitpid", RESULT_ZERO, "0", "WNOHANG: there are children, but none has ended yet."},
};

static const struct surprise *surprise(const struct outcome *outcome) {
    for (size_t i = 0; i < sizeof surprises / sizeof *surprises; i++) {
        const struct surprise *s = &surprises[i];
        if (strcmp(s->call, outcome->call->name) != 0)
            continue;
        if (s->when == RESULT_SHORT && outcome->result >= 0 && (uint64_t)outcome->result < outcome->asked)
            return s;
        /* Who asks for 0 bytes is not surprised to get none; calls without a length have asked == 0 too. */
        bool has_length = strstr(s->call, "rec") == s->call || strcmp(s->call, "read") == 0;
        if (s->when == RESULT_ZERO && outcome->result == 0 && (outcome->asked > 0 || !has_length))
            return s;
    }
    return NULL;
}

static const char *meaning(const struct call *call, int error) {
    const char *text = call_errno_means(call, error);

    for (size_t i = 0; text == NULL && call->failures == NULL && in_general[i].number != 0; i++)
        if (in_general[i].number == error)
            text = in_general[i].means;
    if (text == NULL)
        text = call_error_words(call, error);
    return text != NULL ? text : "An error that this system has no name for.";
}

const char *explain_short(const struct outcome *outcome, char id[48]) {
    id[0] = '\0';
    if (outcome->call == NULL)
        return NULL;
    if (outcome->error != 0) {
        const char *name = call_error_name(outcome->call, outcome->error);
        if (name != NULL)
            snprintf(id, 48, "%.20s-%.20s", outcome->call->name, name);
        else
            snprintf(id, 48, "%.20s-%d", outcome->call->name, outcome->error);
        return meaning(outcome->call, outcome->error);
    }
    const struct surprise *s = surprise(outcome);
    if (s == NULL)
        return NULL;
    snprintf(id, 48, "%.20s-%s", outcome->call->name, s->what);
    return s->text;
}

static void add_result(const struct outcome *outcome, struct buf *out) {
    buf_add_text(out, outcome->text);
    if (outcome->result_text != NULL && outcome->result_text[0] != '\0') {
        buf_addf(out, " = %s\n", outcome->result_text);
        return;
    }
    if (outcome->error == 0) {
        buf_addf(out, " = %lld\n", (long long)outcome->result);
        return;
    }
    const char *name = errno_name(outcome->error), *words = strerrordesc_np(outcome->error);
    buf_addf(out, " = -1 %s (%s)\n", name != NULL ? name : "?", words != NULL ? words : "unknown");
}

void explain_long(const struct outcome *outcome, const char *because, size_t columns, struct buf *out) {
    const struct call *call = outcome->call;
    struct buf text = {0};
    char id[48];
    const char *said;

    add_result(outcome, out);
    if (call == NULL)
        return;
    said = explain_short(outcome, id);
    if (said == NULL)
        said = call->success;
    if (because != NULL)
        buf_addf(&text, "%s\n\n", because);
    if (said != NULL)
        buf_addf(&text, "%s%s\n\n", because != NULL && outcome->error != 0 ? "In general: " : "", said);
    buf_addf(&text, "%s(): %s. %s\n\n", call->name, call->summary, call->note != NULL ? call->note : "");
    if (outcome->error == EINTR)
        buf_add_text(&text, "Programs that expect signals make the call in a loop while errno is EINTR.\n\n");
    buf_addf(&text, "More: .help %s, and the manual page %s.", call->name, call->man);
    text_wrap(buf_text(&text), columns, EXPLAIN_INDENT, out);
    buf_free(&text);
}

const char *explain_death(int status, const char *call, char id[48]) {
    bool writing = call != NULL && (strncmp(call, "send", 4) == 0 || strncmp(call, "write", 5) == 0);

    id[0] = '\0';
    if (status < 0 || !WIFSIGNALED(status) || WTERMSIG(status) != SIGPIPE || !writing)
        return NULL;
    snprintf(id, 48, "%s-SIGPIPE", call);
    return "Nobody reads at the other end: it has been closed, or the socket was never connected. The kernel "
           "tells that to a writer with SIGPIPE, and whoever has made no arrangement for that signal dies of it. "
           "With signal(SIGPIPE, SIG_IGN), or MSG_NOSIGNAL in send(), the call returns -1 EPIPE instead.";
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptors: copies, flags, pipes, and the paths of AF_UNIX. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "call/engine.h"
#include "call/rows.h"

/* ---- fcntl --------------------------------------------------------------- */

enum argument { NO_ARGUMENT, NUMBER, FILE_FLAGS, DESCRIPTOR_FLAGS, NOT_HERE };

/* What the third argument of a command is.  Commands that take the address of a struct (locks, F_SETOWN_EX)
 * are not here: they have nothing to do with sockets. */
static enum argument argument_of(int command) {
    switch (command) {
    case F_GETFD:
    case F_GETFL:
    case F_GETOWN:
    case F_GETSIG:
    case F_GETPIPE_SZ:
        return NO_ARGUMENT;
    case F_DUPFD:
    case F_DUPFD_CLOEXEC:
    case F_SETOWN:
    case F_SETPIPE_SZ:
        return NUMBER;
    case F_SETFL:
        return FILE_FLAGS;
    case F_SETFD:
        return DESCRIPTOR_FLAGS;
    default:
        return NOT_HERE;
    }
}

/* F_GETFL's O_* and F_SETFD's FD_CLOEXEC are different sets with the same bits (O_WRONLY is 1, too). */
static void show_flags(int64_t value, bool of_file, struct buf *out) {
    if (of_file)
        constant_flags(&constants_open, value, out);
    else if (value == FD_CLOEXEC)
        buf_add_text(out, "FD_CLOEXEC");
    else
        buf_addf(out, "%" PRId64, value);
}

static bool run_fcntl(struct invocation *inv) {
    int fd = (int)inv->raw[0].i, command = (int)inv->raw[1].i, value = (int)inv->raw[2].i;
    enum argument argument = argument_of(command);

    buf_clear(&inv->texts[2]);
    switch (argument) {
    case NO_ARGUMENT:
        inv->count = 2;
        break;
    case NUMBER:
        buf_addf(&inv->texts[2], "%d", value);
        break;
    case FILE_FLAGS:
    case DESCRIPTOR_FLAGS:
        show_flags(value, argument == FILE_FLAGS, &inv->texts[2]);
        break;
    case NOT_HERE:
        invocation_fail(inv, 1, ERROR_LIMIT, "fcntl() has no command %s here", buf_text(&inv->texts[1]));
        error_hint(inv->error,
                   "F_GETFL, F_SETFL, F_GETFD, F_SETFD, F_DUPFD, F_DUPFD_CLOEXEC, F_GETOWN and F_SETOWN "
                   "are there");
        return false;
    }
    invocation_enter(inv);
    errno = 0;
    int result = fcntl(fd, command, value), error = errno;
    if (result > 0 && (command == F_GETFL || command == F_GETFD)) {
        buf_addf(&inv->result_text, "0x%x (flags ", (unsigned)result);
        show_flags(result, command == F_GETFL, &inv->result_text);
        buf_add_char(&inv->result_text, ')');
    }
    invocation_leave(inv, result, result == -1 ? error : 0);
    return true;
}

static const struct call_errno fcntl_errors[] = {
    {EBADF, "The descriptor is not open."},
    {EINVAL,
     "The command does not exist, or its argument makes no sense (F_DUPFD: above the limit of descriptors)."},
    {EMFILE, "F_DUPFD: all descriptors from there on are taken."},
    {EPERM, "This flag cannot be taken away, or the change needs a privilege."},
    {EAGAIN, "Somebody else holds what was asked for."},
    {EBUSY, "F_SETPIPE_SZ: the pipe holds more than would fit."},
    {0},
};

/* ---- dup, dup2, pipe ----------------------------------------------------- */

static long call_dup(const union raw *raw) {
    return dup((int)raw[0].i);
}

static long call_dup2(const union raw *raw) {
    return dup2((int)raw[0].i, (int)raw[1].i);
}

static const struct call_errno dup_errors[] = {
    {EBADF, "The old descriptor is not open, or the new one is out of range."},
    {EMFILE, "This process has as many descriptors open as it may (RLIMIT_NOFILE)."},
    {EBUSY, "Another thread is opening the new descriptor at this moment."},
    {EINTR, "A signal came in between. Call it again."},
    {0},
};

static bool run_pipe(struct invocation *inv) {
    int fds[2];
    unsigned char *given = NULL;

    if (invocation_left_out(inv, 0) && !invocation_fill_variable(inv, 0, "pipefd", &type_int, 2))
        return false;
    if (!invocation_null(inv, 0)) {
        given = invocation_write(inv, 0, sizeof fds);
        if (given == NULL)
            return false;
    }
    invocation_enter(inv);
    errno = 0;
    /* By way of an array of our own: the learner's may lie at any alignment. */
    int result = pipe(given != NULL ? fds : NULL), error = errno;
    if (result == 0) {
        memcpy(given, fds, sizeof fds);
        memory_mark(inv->memory, inv->value[0].bits, sizeof fds, true);
        memory_note_descriptor(inv->memory, inv->value[0].bits, sizeof fds, true);
        buf_addf(&inv->texts[0], "[%d, %d]", fds[0], fds[1]);
    }
    invocation_leave(inv, result, result == -1 ? error : 0);
    return true;
}

static const struct call_errno pipe_errors[] = {
    {EMFILE, "This process has as many descriptors open as it may (RLIMIT_NOFILE), and a pipe needs two."},
    {ENFILE, "The whole system has as many files open as it may, or this user as many pipes."},
    {EFAULT, "pipefd is no memory of this process."},
    {0},
};

/* ---- unlink -------------------------------------------------------------- */

/*
 * What a lesson or a slip of the finger may remove is a socket that bind() has
 * made, not somebody's thesis.  (Whoever changes the path between the two
 * calls must be allowed to write to the directory, and so to unlink it.)
 */
static bool run_unlink(struct invocation *inv) {
    const char *path = inv->raw[0].cp;
    struct stat status;

    if (lstat(path, &status) == 0 && !S_ISSOCK(status.st_mode)) {
        invocation_fail(inv, 0, ERROR_LIMIT, "%s is no socket: unlink() removes only those here",
                        buf_text(&inv->texts[0]));
        error_hint(inv->error, "other files are removed outside, with rm");
        return false;
    }
    invocation_enter(inv);
    errno = 0;
    invocation_leave_libc(inv, unlink(path));
    return true;
}

static const struct call_errno unlink_errors[] = {
    {ENOENT, "There is no such path: nothing has to be removed."},
    {EACCES, "The directory may not be written to."},
    {EPERM,
     "The directory belongs to somebody else, and only the owner of a file may remove it there (as in "
     "/tmp)."},
    {EISDIR, "The path is a directory."},
    {ENOTDIR, "Part of the path is no directory."},
    {EROFS, "The path is on a file system that may only be read."},
    {EBUSY, "The system uses this path."},
    {ENAMETOOLONG, "The path is too long."},
    {ELOOP, "The path has too many symbolic links."},
    {0},
};

/* ---- the rows ------------------------------------------------------------ */

const struct call calls_fd[] = {
    {
        .name = "fcntl",
        .prototype = "int fcntl(int fd, int op, ...)",
        .args = {{.kind = ARG_FD, .name = "fd"},
                 {.kind = ARG_CONST, .name = "op", .set = &constants_fcntl},
                 {.kind = ARG_FLAGS, .name = "arg", .set = &constants_open, .usual = "0"}},
        .flags = CALL_SYSTEM | CALL_GIVES,
        .sysnr = {SYS_fcntl},
        .sysnr_count = 1,
        .summary = "read or change the flags of a descriptor",
        .note = "fcntl(fd, F_SETFL, O_NONBLOCK) makes a socket non-blocking: calls that would sleep give "
                "EAGAIN instead. The flags of F_SETFL replace the old ones, so a program reads them first "
                "with F_GETFL and adds its own.\n\n"
                "F_SETFL's flags belong to the open file and are shared with copies (dup, fork); F_SETFD's "
                "FD_CLOEXEC belongs to the one descriptor.",
        .asks = "{?op=F_GETFL:Ask for the flags of the open file behind descriptor {fd}."
                "|?op=F_SETFL:Set the flags of the open file behind descriptor {fd} to {arg}, in place of "
                "the old "
                "ones: {?arg&O_NONBLOCK:calls that would sleep are to fail with EAGAIN|calls may sleep}."
                "|?op=F_GETFD:Ask for the flags of descriptor {fd} itself."
                "|?op=F_SETFD:Set the flags of descriptor {fd} itself to {arg:means}."
                "|?op=F_DUPFD,op=F_DUPFD_CLOEXEC:Ask for a second descriptor for what {fd} stands for: the "
                "lowest "
                "free number from {arg} on."
                "|Do {op:means} with descriptor {fd}.}",
        .success = "F_GETFL and F_GETFD give the flags, F_DUPFD the new descriptor; a command that sets "
                   "something "
                   "gives 0.",
        .man = "fcntl(2)",
        .see = "accept4 dup poll",
        .topic = "descriptors",
        .errors = fcntl_errors,
        .run = run_fcntl,
    },
    {
        .name = "dup",
        .prototype = "int dup(int oldfd)",
        .args = {{.kind = ARG_FD, .name = "oldfd"}},
        .flags = CALL_SYSTEM | CALL_GIVES,
        .sysnr = {SYS_dup},
        .sysnr_count = 1,
        .summary = "make a second descriptor for the same open file",
        .note = "Both numbers mean the same socket: what one receives the other does not, and the "
                "connection ends only when both are closed. shutdown() acts on both.",
        .asks = "Ask for a second descriptor for what {oldfd} stands for: the lowest number that is free.",
        .success = "The result is another number for the same socket or file: it ends only when every "
                   "number for it is closed.",
        .man = "dup(2)",
        .see = "dup2 close fork shutdown",
        .topic = "descriptors",
        .errors = dup_errors,
        .system = call_dup,
    },
    {
        .name = "dup2",
        .prototype = "int dup2(int oldfd, int newfd)",
        .args = {{.kind = ARG_FD, .name = "oldfd"}, {.kind = ARG_FD, .name = "newfd"}},
        .flags = CALL_SYSTEM | CALL_GIVES,
#ifdef SYS_dup2
        .sysnr = {SYS_dup2, SYS_dup3},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_dup3},
        .sysnr_count = 1,
#endif
        .summary = "make a certain descriptor a copy of another",
        .note = "If newfd is open, it is closed first, in the same step. dup2(sock, 1) sends what the "
                "program prints to the peer: this is how inetd works.",
        .asks = "Make {newfd} a second descriptor for what {oldfd} stands for."
                "{?newfd=oldfd: They are the same number, so nothing changes."
                "|?newfd.open: What {newfd} stands for now is closed in the same step.}",
        .success = "newfd stands for the same socket or file as oldfd: it ends only when every number for "
                   "it is closed.",
        .man = "dup2(2)",
        .see = "dup close fork",
        .topic = "descriptors",
        .errors = dup_errors,
        .system = call_dup2,
    },
    {
        .name = "pipe",
        .prototype = "int pipe(int pipefd[2])",
        .args = {{.kind = ARG_POINTER, .name = "pipefd", .usual = ""}},
        .flags = CALL_SYSTEM | CALL_GIVES_MORE,
#ifdef SYS_pipe
        .sysnr = {SYS_pipe2, SYS_pipe},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_pipe2},
        .sysnr_count = 1,
#endif
        .summary = "make a pipe",
        .note = "What is written to pipefd[1] is read from pipefd[0], in this direction only. read() gives "
                "0 when every copy of pipefd[1] is closed, so after fork() each process closes the end that "
                "it does not use.",
        .asks = "Ask for a pipe: what is written to one end comes out of the other. The two descriptors are "
                "to be written to {pipefd}.",
        .success = "pipefd[0] is the end to read from, pipefd[1] the end to write to.",
        .man = "pipe(2)",
        .see = "socketpair fork read write",
        .topic = "descriptors",
        .errors = pipe_errors,
        .run = run_pipe,
    },
    {
        .name = "unlink",
        .prototype = "int unlink(const char *pathname)",
        .args = {{.kind = ARG_STRING, .name = "pathname"}},
        .flags = CALL_SYSTEM,
#ifdef SYS_unlink
        .sysnr = {SYS_unlink, SYS_unlinkat},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_unlinkat},
        .sysnr_count = 1,
#endif
        .summary = "remove the path of an AF_UNIX socket",
        .note = "bind() makes the path, close() does not remove it, and the next bind() gives EADDRINUSE. "
                "So servers unlink before they bind. Here only sockets can be removed, no other files.",
        .asks = "Remove the path {pathname}. A socket that is bound to it lives on, but nobody can connect "
                "to it by this path any more.",
        .success = "The path is gone, and bind() may use it again; connections that exist go on.",
        .man = "unlink(2)",
        .see = "bind close",
        .topic = "descriptors",
        .errors = unlink_errors,
        .run = run_unlink,
    },
    {.name = NULL},
};

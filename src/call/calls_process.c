/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes: fork, its children, ending, sleeping. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "call/caller.h"
#include "call/rows.h"

/* ---- fork ---------------------------------------------------------------- */

/* Both processes come back out of fork(), and both report it. */
static bool run_fork(struct invocation *inv) {
    const struct call_host *host = &inv->caller->host;

    invocation_enter(inv);
    errno = 0;
    int pid = host->fork(host->context), error = errno;
    if (pid == 0)
        invocation_enter(inv);
    invocation_leave(inv, pid, pid == -1 ? error : 0);
    return true;
}

static const struct call_errno fork_errors[] = {
    {EAGAIN, "This user, or this control group, has as many processes as it may."},
    {ENOMEM, "The kernel has no memory left for another process."},
    {0},
};

/* ---- wait, waitpid ------------------------------------------------------- */

/* [{WIFEXITED(s) && WEXITSTATUS(s) == 3}]: the macros that a program would use, as strace writes it. */
static void show_status(int status, struct buf *out) {
    if (WIFEXITED(status)) {
        buf_addf(out, "[{WIFEXITED(s) && WEXITSTATUS(s) == %d}]", WEXITSTATUS(status));
    } else if (WIFSIGNALED(status)) {
        const char *name = constant_name(&constants_signal, WTERMSIG(status));
        if (name != NULL)
            buf_addf(out, "[{WIFSIGNALED(s) && WTERMSIG(s) == %s}]", name);
        else
            buf_addf(out, "[{WIFSIGNALED(s) && WTERMSIG(s) == %d}]", WTERMSIG(status));
    } else {
        buf_addf(out, "[%d]", status);
    }
}

static bool wait_for(struct invocation *inv, pid_t pid, size_t where, int options) {
    int status = 0;

    invocation_enter(inv);
    errno = 0;
    pid_t result = waitpid(pid, &status, options);
    int error = errno;
    if (result > 0 && inv->raw[where].p != NULL) { /* 0, of WNOHANG: nothing is stored */
        memcpy(inv->raw[where].p, &status, sizeof status);
        memory_mark(inv->memory, inv->value[where].bits, sizeof status, true);
        show_status(status, &inv->texts[where]);
    } else {
        invocation_show_pointer(inv, where, &inv->texts[where]);
    }
    invocation_leave(inv, result, result == -1 ? error : 0);
    return true;
}

static bool run_wait(struct invocation *inv) {
    return wait_for(inv, -1, 0, 0);
}

static bool run_waitpid(struct invocation *inv) {
    return wait_for(inv, (pid_t)inv->raw[0].i, 1, (int)inv->raw[2].i);
}

static const struct call_errno wait_errors[] = {
    {ECHILD,
     "There is no such child: none was forked, or it has been waited for already (or SIGCHLD is ignored)."},
    {EINTR, "A signal came before a child ended. Call it again."},
    {EINVAL, "options has a bit that nobody knows."},
    {ESRCH, "There is no process with that number."},
    {0},
};

static bool run_wifexited(struct invocation *inv) {
    int status = (int)inv->raw[0].i;

    inv->result = WIFEXITED(status) ? 1 : 0;
    return true;
}

static bool run_wexitstatus(struct invocation *inv) {
    int status = (int)inv->raw[0].i;

    inv->result = WEXITSTATUS(status);
    return true;
}

static bool run_wifsignaled(struct invocation *inv) {
    int status = (int)inv->raw[0].i;

    inv->result = WIFSIGNALED(status) ? 1 : 0;
    return true;
}

static bool run_wtermsig(struct invocation *inv) {
    int status = (int)inv->raw[0].i;

    inv->result = WTERMSIG(status);
    return true;
}

/* ---- exit, _exit --------------------------------------------------------- */

static bool run_exit(struct invocation *inv) {
    const struct call_host *host = &inv->caller->host;

    fflush(NULL);
    host->exit(host->context, (int)inv->raw[0].i);
    return true; /* not reached */
}

static bool run__exit(struct invocation *inv) {
    const struct call_host *host = &inv->caller->host;

    invocation_enter(inv);
    host->exit(host->context, (int)inv->raw[0].i);
    return true; /* not reached */
}

/* ---- getpid, getppid, sleep, usleep -------------------------------------- */

static long call_getpid(const union raw *raw) {
    (void)raw;
    return getpid();
}

static long call_getppid(const union raw *raw) {
    (void)raw;
    return getppid();
}

static long call_sleep(const union raw *raw) {
    return (long)sleep((unsigned)raw[0].i);
}

static long call_usleep(const union raw *raw) {
    return usleep((useconds_t)raw[0].i);
}

static const struct call_errno usleep_errors[] = {
    {EINTR, "A signal came before the time was over."},
    {EINVAL, "Some systems allow less than a million microseconds only; use sleep() for seconds."},
    {0},
};

/* ---- the rows ------------------------------------------------------------ */

const struct call calls_process[] = {
    {
        .name = "fork",
        .prototype = "pid_t fork(void)",
        .flags = CALL_SYSTEM | CALL_GIVES_MORE,
#ifdef SYS_fork
        .sysnr = {SYS_clone, SYS_fork},
        .sysnr_count = 2,
#else
        .sysnr = {SYS_clone},
        .sysnr_count = 1,
#endif
        .summary = "make a second process like this one",
        .note = "Both go on after the call: the parent gets the child's number, the child gets 0. The child "
                "has copies of all variables and of all descriptors; the sockets behind them are shared.\n\n"
                "A server forks after accept(): the child closes the listening socket and serves the "
                "client, the parent closes the connection and accepts the next. A connection ends only when "
                "both have closed it. What printf() has not written out yet is copied, too, and may come "
                "out twice.",
        .asks = "Make a second process like this one, with copies of all variables and descriptors; the "
                "sockets behind the descriptors are shared. Both go on from here.",
        .success = "There are two processes now, at the same place of the program: the parent's result is "
                   "the child's number, the child's is 0.",
        .man = "fork(2)",
        .see = "waitpid exit close dup",
        .topic = "processes",
        .errors = fork_errors,
        .run = run_fork,
    },
    {
        .name = "wait",
        .prototype = "pid_t wait(int *wstatus)",
        .args = {{.kind = ARG_INT_OUT, .name = "wstatus", .usual = "NULL"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
        .sysnr = {SYS_wait4},
        .sysnr_count = 1,
        .summary = "wait until a child has ended",
        .note = "A child that has ended stays as a zombie until its parent asks for its status. WIFEXITED() "
                "and WEXITSTATUS() take the status apart, WIFSIGNALED() and WTERMSIG() if a signal ended it.",
        .asks = "Sleep until a child of this process has ended{?wstatus:, and write how to {wstatus}}. If "
                "one has already, take it at once.",
        .success = "The result is the number of the child that has ended.",
        .man = "wait(2)",
        .see = "waitpid fork WIFEXITED",
        .topic = "processes",
        .errors = wait_errors,
        .run = run_wait,
    },
    {
        .name = "waitpid",
        .prototype = "pid_t waitpid(pid_t pid, int *wstatus, int options)",
        .args = {{.kind = ARG_INT, .name = "pid"},
                 {.kind = ARG_INT_OUT, .name = "wstatus", .usual = "NULL"},
                 {.kind = ARG_FLAGS, .name = "options", .set = &constants_wait, .usual = "0"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
        .sysnr = {SYS_wait4},
        .sysnr_count = 1,
        .summary = "wait for a certain child",
        .note = "pid -1 means any child. With WNOHANG it does not sleep and gives 0 if no child has ended; "
                "servers call it in a loop that way, so that no zombies stay.",
        .asks = "{?options&WNOHANG:Look, without waiting, whether|Sleep until} "
                "{?pid=-1:any child of this process|?pid<1:a child of the process group {pid}|child {pid}} "
                "has ended{?wstatus:, and write how to {wstatus}}.{?options: Options: {options:means}.}",
        .success = "The result is the number of the child whose status this is; 0 (WNOHANG) if none has "
                   "ended yet.",
        .man = "waitpid(2)",
        .see = "wait fork WIFEXITED WTERMSIG",
        .topic = "processes",
        .errors = wait_errors,
        .run = run_waitpid,
    },
    {
        .name = "WIFEXITED",
        .prototype = "int WIFEXITED(int wstatus)",
        .args = {{.kind = ARG_INT, .name = "wstatus"}},
        .flags = CALL_LIBRARY,
        .summary = "did the child end by itself?",
        .note = "By exit(), or by returning from main(). Then WEXITSTATUS() is its status.",
        .man = "wait(2)",
        .see = "WEXITSTATUS WIFSIGNALED wait",
        .topic = "processes",
        .run = run_wifexited,
    },
    {
        .name = "WEXITSTATUS",
        .prototype = "int WEXITSTATUS(int wstatus)",
        .args = {{.kind = ARG_INT, .name = "wstatus"}},
        .flags = CALL_LIBRARY,
        .summary = "the status that the child has given to exit()",
        .note = "The low 8 bits of it; of use only if WIFEXITED().",
        .man = "wait(2)",
        .see = "WIFEXITED exit wait",
        .topic = "processes",
        .run = run_wexitstatus,
    },
    {
        .name = "WIFSIGNALED",
        .prototype = "int WIFSIGNALED(int wstatus)",
        .args = {{.kind = ARG_INT, .name = "wstatus"}},
        .flags = CALL_LIBRARY,
        .summary = "was the child ended by a signal?",
        .note = "Then WTERMSIG() says by which.",
        .man = "wait(2)",
        .see = "WTERMSIG WIFEXITED wait",
        .topic = "processes",
        .run = run_wifsignaled,
    },
    {
        .name = "WTERMSIG",
        .prototype = "int WTERMSIG(int wstatus)",
        .args = {{.kind = ARG_INT, .name = "wstatus"}},
        .flags = CALL_LIBRARY,
        .summary = "the signal that ended the child",
        .note = "Of use only if WIFSIGNALED().",
        .man = "wait(2)",
        .see = "WIFSIGNALED kill wait",
        .topic = "processes",
        .run = run_wtermsig,
    },
    {
        .name = "exit",
        .prototype = "void exit(int status)",
        .args = {{.kind = ARG_INT, .name = "status", .usual = "0"}},
        .flags = CALL_LIBRARY,
        .summary = "end this program",
        .note = "What printf() still holds back is written out, then the process ends and the kernel closes "
                "all its descriptors: connections get their FIN as after close(). 0 means success; the "
                "parent learns the low 8 bits from wait().",
        .man = "exit(3)",
        .see = "_exit wait close",
        .topic = "processes",
        .run = run_exit,
    },
    {
        .name = "_exit",
        .prototype = "void _exit(int status)",
        .args = {{.kind = ARG_INT, .name = "status", .usual = "0"}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_exit_group},
        .sysnr_count = 1,
        .summary = "end this program at once",
        .note = "As exit(), but what printf() still holds back is lost. Children use it after fork(), so "
                "that nothing comes out twice.",
        .asks = "End this process at once, with status {status}: the kernel closes its descriptors, and "
                "what printf() still holds back is lost.",
        .man = "_exit(2)",
        .see = "exit fork",
        .topic = "processes",
        .run = run__exit,
    },
    {
        .name = "getpid",
        .prototype = "pid_t getpid(void)",
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_getpid},
        .sysnr_count = 1,
        .summary = "the number of this process",
        .note = "Each actor is a process of its own, so each has another number.",
        .asks = "Ask for the number of this process.",
        .man = "getpid(2)",
        .see = "getppid fork kill",
        .topic = "processes",
        .system = call_getpid,
    },
    {
        .name = "getppid",
        .prototype = "pid_t getppid(void)",
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_getppid},
        .sysnr_count = 1,
        .summary = "the number of the parent process",
        .note = "When the parent ends first, somebody else becomes the parent, and this number changes.",
        .asks = "Ask for the number of the process that has made this one.",
        .man = "getppid(2)",
        .see = "getpid fork",
        .topic = "processes",
        .system = call_getppid,
    },
    {
        .name = "sleep",
        .prototype = "unsigned int sleep(unsigned int seconds)",
        .args = {{.kind = ARG_INT, .name = "seconds"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
        .sysnr = {SYS_clock_nanosleep},
        .sysnr_count = 1,
        .summary = "do nothing for some seconds",
        .note = "To wait for something to happen, use poll() or a call that sleeps until it has; sleeping a "
                "while and hoping is either too short or too long.",
        .asks = "Sleep for {seconds} s, or until a signal comes.",
        .success = "0 when the time is over; the seconds that were left if a signal came.",
        .man = "sleep(3)",
        .see = "usleep poll",
        .topic = "processes",
        .system = call_sleep,
    },
    {
        .name = "usleep",
        .prototype = "int usleep(useconds_t usec)",
        .args = {{.kind = ARG_INT, .name = "usec"}},
        .flags = CALL_SYSTEM | CALL_BLOCKS,
        .sysnr = {SYS_clock_nanosleep},
        .sysnr_count = 1,
        .summary = "do nothing for some microseconds",
        .note = "POSIX has taken it out in favour of nanosleep(); programs still use it.",
        .asks = "Sleep for {usec} µs, or until a signal comes.",
        .success = "The time is over.",
        .man = "usleep(3)",
        .see = "sleep poll",
        .topic = "processes",
        .errors = usleep_errors,
        .system = call_usleep,
    },
    {.name = NULL},
};

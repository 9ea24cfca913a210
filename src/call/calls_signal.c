/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals: what they do to this process, and sending them. */
#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>

#include "call/caller.h"
#include "call/rows.h"

/* ---- signal -------------------------------------------------------------- */

/* The values of SIG_DFL and SIG_IGN in the table of constants, which are the kernel's. */
enum { HANDLER_DEFAULT = 0, HANDLER_IGNORE = 1 };

static bool run_signal(struct invocation *inv) {
    int number = (int)inv->raw[0].i, error = EINVAL;
    uint64_t handler = inv->value[1].bits;
    int64_t before = -1;

    if (handler != HANDLER_DEFAULT && handler != HANDLER_IGNORE) {
        invocation_fail(inv, 1, ERROR_TYPE, "functions of your own cannot be handlers of signals here");
        error_hint(inv->error, "SIG_IGN ignores the signal, SIG_DFL does what it does by itself");
        return false;
    }
    buf_add_text(&inv->texts[1], handler == HANDLER_IGNORE ? "SIG_IGN" : "SIG_DFL");
    invocation_enter(inv);
    /* The signal that the shell interrupts with is answered as SIGKILL is. */
    if (number != inv->caller->reserved_signal || number == 0) {
        errno = 0;
        void (*old)(int) = signal(number, handler == HANDLER_IGNORE ? SIG_IGN : SIG_DFL);
        error = errno;
        if (old != SIG_ERR)
            before = old == SIG_IGN ? HANDLER_IGNORE : HANDLER_DEFAULT;
    }
    if (before >= 0)
        buf_addf(&inv->result_text, "%d (%s)", (int)before, before == HANDLER_IGNORE ? "SIG_IGN" : "SIG_DFL");
    invocation_leave(inv, before, before == -1 ? error : 0);
    return true;
}

static const struct call_errno signal_errors[] = {
    {EINVAL, "There is no such signal, or it is SIGKILL or SIGSTOP, which nobody can ignore or catch."},
    {0},
};

/* ---- kill ---------------------------------------------------------------- */

static bool run_kill(struct invocation *inv) {
    pid_t pid = (pid_t)inv->raw[0].i;

    /* kill(2): every process that this user may signal, the learner's whole session. */
    if (pid == -1) {
        invocation_fail(inv, 0, ERROR_LIMIT,
                        "kill(-1, …) would reach every process of this user, not only the actors");
        error_hint(inv->error, "name one process: getpid() is this one; a failed fork() has given -1");
        return false;
    }
    invocation_enter(inv);
    errno = 0;
    invocation_leave_libc(inv, kill(pid, (int)inv->raw[1].i));
    return true;
}

static const struct call_errno kill_errors[] = {
    {ESRCH, "There is no such process, or no such process group."},
    {EPERM, "The process belongs to somebody else."},
    {EINVAL, "There is no such signal."},
    {0},
};

/* ---- the rows ------------------------------------------------------------ */

const struct call calls_signal[] = {
    {
        .name = "signal",
        .prototype = "sighandler_t signal(int signum, sighandler_t handler)",
        .args = {{.kind = ARG_CONST, .name = "signum", .set = &constants_signal},
                 {.kind = ARG_POINTER, .name = "handler", .set = &constants_handler}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_rt_sigaction},
        .sysnr_count = 1,
        .summary = "choose what a signal does to this process",
        .note = "The one that network programs need is signal(SIGPIPE, SIG_IGN): then writing to a "
                "connection that is gone gives -1 and EPIPE, instead of ending the process. SIG_DFL brings "
                "back what the signal does by itself.\n\n"
                "signal(SIGCHLD, SIG_IGN) makes ended children vanish at once, without wait().",
        .asks = "Choose what {signum:means} is to do to this process: {handler:means}.",
        .success = "The result is what was chosen before; for the signal, the new choice holds from now on.",
        .man = "signal(2)",
        .see = "kill send wait",
        .topic = "processes",
        .errors = signal_errors,
        .run = run_signal,
    },
    {
        .name = "kill",
        .prototype = "int kill(pid_t pid, int sig)",
        .args = {{.kind = ARG_INT, .name = "pid"},
                 {.kind = ARG_CONST, .name = "sig", .set = &constants_signal, .usual = "SIGTERM"}},
        .flags = CALL_SYSTEM,
        .sysnr = {SYS_kill},
        .sysnr_count = 1,
        .summary = "send a signal to a process",
        .note = "In spite of its name it sends any signal. 0 as signal sends nothing and only asks whether "
                "the process is there. A signal that ends a process closes its sockets as exit() would; the "
                "peer sees the difference only if data was left unread (RST).",
        .asks = "{?sig:Send {sig:means} to|Send nothing, but ask about} "
                "{?pid<1:the process group {pid} (0 is one's own)|process {pid}}.",
        .success = "Whoever it was meant for was there; the signal is on its way (the signal 0 sends "
                   "nothing).",
        .man = "kill(2)",
        .see = "signal getpid wait",
        .topic = "processes",
        .errors = kill_errors,
        .run = run_kill,
    },
    {.name = NULL},
};

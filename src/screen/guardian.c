/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process above the shell; see guardian.h. */
#include "screen/guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cpu.h"
#include "base/mem.h"
#include "base/privilege.h"
#include "screen/terminal.h"

#define PATIENCE_S 10 /* with a shell that was asked to end */

struct guardian {
    struct terminal_state *state; /* shared by both */
    int lifeline;                 /* its other end is the guardian's */
};

static void pass_on_end(const struct terminal_state *state, int status) {
    if (WIFEXITED(status) && state->undo[0] == '\0')
        _exit(WEXITSTATUS(status));
    terminal_restore(state);
    if (WIFEXITED(status))
        _exit(WEXITSTATUS(status));
    const struct rlimit none = {0};
    setrlimit(RLIMIT_CORE, &none); /* the shell's own core is the one of interest */
    int number = WTERMSIG(status);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, number);
    signal(number, SIG_DFL);
    raise(number);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
    _exit(128 + number);
}

/* The shell is stopped: be stopped as well, so that whoever waits for us sees it. SIGTSTP, which the kernel
 * passes over where nobody could continue us (an orphaned process group): then the shell goes on at once. */
static void stop_too(const struct terminal_state *state, pid_t shell) {
    const int ends[] = {SIGTERM, SIGHUP};
    sigset_t mask, pending;
    sigemptyset(&mask);
    sigaddset(&mask, SIGTSTP);
    terminal_restore(state);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    sigpending(&pending);
    for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) /* told first, so that it does not take the terminal */
        if (sigismember(&pending, ends[i]))
            kill(shell, ends[i]);
    kill(shell, SIGCONT);
}

/* The next signal; 0: none has come for a second. */
static int next_signal(const sigset_t *signals, bool ending, siginfo_t *info) {
    const struct timespec second = {.tv_sec = 1};
    int number = sigtimedwait(signals, info, ending ? &second : NULL);
    return number < 0 && errno == EAGAIN ? 0 : number;
}

/* The shell was asked to end, but does not hear it while it waits for the terminal to take what it writes. If that
 * is because of Ctrl-S, it is over now; if nobody reads what the terminal is given, the shell is given up. */
static void hasten_end(pid_t shell, unsigned seconds) {
    terminal_go_on();
    if (seconds >= PATIENCE_S)
        kill(shell, SIGKILL);
}

/* Signals from the terminal go to the whole foreground group, the shell included; only those that somebody sent
 * to us are passed on. When the terminal goes away, its session's leader alone is told by SIGHUP, and that may
 * be us. */
static void guard(const struct terminal_state *state, pid_t shell, const sigset_t *signals) {
    bool ending = false;
    unsigned seconds = 0;
    for (;;) {
        siginfo_t info;
        int status, number = next_signal(signals, ending, &info);
        if (number == 0) {
            hasten_end(shell, ++seconds);
        } else if (number == SIGCHLD) {
            while (waitpid(shell, &status, WNOHANG | WUNTRACED) > 0) {
                if (!WIFSTOPPED(status))
                    pass_on_end(state, status);
                stop_too(state, shell);
            }
        } else if ((number == SIGTERM || number == SIGHUP) && (info.si_code <= 0 || number == SIGHUP)) {
            ending = true;
            kill(shell, number);
            hasten_end(shell, seconds);
        } else if (number > 0 && (info.si_code <= 0 || number == SIGCONT)) {
            kill(shell, number);
        }
    }
}

static void choose_signals(sigset_t *signals) {
    const int numbers[] = {SIGCHLD, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGCONT, SIGUSR1, SIGUSR2, SIGALRM};
    sigemptyset(signals);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
        sigaddset(signals, numbers[i]);
}

struct guardian *guardian_start(void) {
    int ends[2];
    sigset_t signals, old;
    struct cpu cpu;
    struct terminal_state *state = mmap(NULL, sizeof(*state), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (state == MAP_FAILED)
        return NULL;
    if (pipe2(ends, O_CLOEXEC) < 0)
        goto unmap;
    state->known = tcgetattr(STDIN_FILENO, &state->before) == 0;
    choose_signals(&signals);
    sigprocmask(SIG_BLOCK, &signals, &old);
    cpu_pin(&cpu); /* we are about to sleep, and it is awaited */
    pid_t shell = fork();
    cpu_spread(&cpu);
    if (shell > 0) {
        close(ends[0]);
        signal(SIGTTOU, SIG_IGN);
        signal(SIGTTIN, SIG_IGN);
        privilege_keep_only(0); /* root's: whoever it may signal has its own number */
        guard(state, shell, &signals);
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    close(ends[1]);
    if (shell < 0)
        goto close_pipe;
    struct guardian *guardian = mem_alloc(sizeof(*guardian));
    *guardian = (struct guardian){state, ends[0]};
    return guardian;
close_pipe:
    close(ends[0]);
unmap:
    munmap(state, sizeof(*state));
    return NULL;
}

void guardian_free(struct guardian *guardian) {
    if (guardian == NULL)
        return;
    close(guardian->lifeline);
    munmap(guardian->state, sizeof(*guardian->state));
    free(guardian);
}

void guardian_undo(struct guardian *guardian, const char *sequences) {
    if (guardian == NULL || strlen(sequences) >= TERMINAL_UNDO_MAX)
        return;
    guardian->state->undo[0] = '\0'; /* never half of one and half of the other */
    strcpy(guardian->state->undo + 1, *sequences != '\0' ? sequences + 1 : "");
    guardian->state->undo[0] = *sequences;
}

int guardian_fd(const struct guardian *guardian) {
    return guardian != NULL ? guardian->lifeline : -1;
}

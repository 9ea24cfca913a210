/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Is an actor asleep in the call that it announced?  Asked of the kernel,
 * never concluded from time, and in this order:
 *
 *     1. /proc/PID/syscall shows the announced call
 *     2. /proc/PID/stat then says S
 *     3. no message waits on its control socket by then   (crew.c)
 *
 * The first alone is almost always wrong: it shows a call also while its
 * process is merely not on a CPU.  With all three in this order, 20,000 trials
 * gave no wrong answer: a process that sleeps in 2 was in the call of 1 or has
 * got past it, and past it comes a message before any other sleep.
 *
 * Where /proc/PID/syscall may not be read (it needs the right to trace), 2 and
 * 3 still suffice: an actor sleeps only in its announced call, in reading the
 * idle control socket (then it is not RUNNING for us once its message was
 * heard), or in writing to a full control socket or output pipe (then
 * something waits to be read, which is test 3).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor/actor.h"
#include "actor/serve.h"
#include "base/clock.h"

#define STAT_ROOM 1024

void blocked_open(struct actor *actor) {
    char path[64];

    snprintf(path, sizeof(path), "/proc/%d/syscall", (int)actor->pid);
    actor->proc_syscall = open(path, O_RDONLY | O_CLOEXEC);
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)actor->pid);
    actor->proc_stat = open(path, O_RDONLY | O_CLOEXEC);
}

static bool read_text(int fd, char *text, size_t room) {
    ssize_t length = pread(fd, text, room - 1, 0);

    if (length <= 0)
        return false;
    text[length] = '\0';
    return true;
}

/* The state's letter: what follows the last ')', for the name before it can be anything. */
static const char *after_name(const char *stat) {
    const char *bracket = strrchr(stat, ')');

    return bracket && bracket[1] == ' ' ? bracket + 2 : NULL;
}

static char state_letter(const struct actor *actor) {
    char stat[STAT_ROOM];
    const char *state =
        actor->proc_stat >= 0 && read_text(actor->proc_stat, stat, sizeof(stat)) ? after_name(stat) : NULL;

    return state ? *state : '?';
}

/* Its connection with us is no call of the learner's. */
static bool is_ours(long number, long first) {
    return first == serve_control_number() && (number == SYS_sendmsg || number == SYS_recvmsg);
}

static bool is_announced(const struct call *call, long number, long first) {
    if (number < 0 || is_ours(number, first))
        return false;
    if (!call)
        return true;
    for (unsigned i = 0; i < call->sysnr_count; i++)
        if (call->sysnr[i] == number || call->sysnr[i] == -1)
            return true;
    return false;
}

/* Descriptor 0 of the actor is the pipe that we write to (and no socket that the learner put there). */
static bool is_our_stdin(const struct actor *actor) {
    char path[64];
    struct stat its, ours;

    snprintf(path, sizeof(path), "/proc/%d/fd/0", (int)actor->pid);
    return actor->input >= 0 && fstat(actor->input, &ours) == 0 && stat(path, &its) == 0 &&
           its.st_ino == ours.st_ino && its.st_dev == ours.st_dev;
}

static bool reads_stdin_by_name(const struct actor *actor) {
    return (actor->call && !(actor->call->flags & CALL_SYSTEM) && strstr(actor->call_text, "stdin")) ||
           strncmp(actor->call_text, "read(0,", 7) == 0;
}

/* Test 1: 1 yes, 0 no, -1 cannot be known. */
static int in_announced_call(struct actor *actor) {
    char text[256], *end;

    if (actor->proc_syscall < 0 || !read_text(actor->proc_syscall, text, sizeof(text))) {
        actor->on_stdin = reads_stdin_by_name(actor);
        return actor->proc_syscall >= 0 && errno == ESRCH ? 0 : -1;
    }
    long number = strtol(text, &end, 10);
    if (end == text) /* "running" */
        return 0;
    long first = (long)strtoul(end, NULL, 16);
    actor->on_stdin = number == SYS_read && first == 0 && is_our_stdin(actor);
    return is_announced(actor->call, number, first);
}

int64_t blocked_cpu_ns(const struct actor *actor) {
    struct timespec used;
    clockid_t clock;

    if (clock_getcpuclockid(actor->pid, &clock) != 0 || clock_gettime(clock, &used) < 0)
        return 0;
    return clock_ns(used);
}

/* A signal makes its process runnable at once, so one that is found asleep (or stopped) has been through it.
 */
bool blocked_is_still(const struct actor *actor) {
    char state = state_letter(actor);

    return state == 'S' || state == 'T' || state == 't';
}

enum look blocked_look(struct actor *actor, int64_t most_ns) {
    bool in_call = actor->call_name != NULL && in_announced_call(actor) != 0;
    char state = state_letter(actor);

    if (state == 'T' || state == 't')
        return LOOK_STOPPED;
    if (in_call && state == 'S')
        return LOOK_ASLEEP;
    return blocked_cpu_ns(actor) - actor->busy_from_ns > most_ns ? LOOK_BUSY : LOOK_AWAKE;
}

/* Field `number` (from 1, as in proc(5); 3 and up) of /proc/PID/stat. */
static bool stat_field(pid_t pid, int number, long *value) {
    char path[64], stat[STAT_ROOM];

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && read_text(fd, stat, sizeof(stat));
    if (fd >= 0)
        close(fd);
    const char *at = good ? after_name(stat) : NULL;
    for (int field = 3; at && field < number; field++) {
        at = strchr(at, ' ');
        at += at != NULL;
    }
    if (!at)
        return false;
    *value = strtol(at, NULL, 10);
    return true;
}

pid_t blocked_parent(pid_t pid) {
    long parent;

    return stat_field(pid, 4, &parent) ? (pid_t)parent : -1;
}

int blocked_exit_code(pid_t pid) {
    long code;

    /* 0 also when it may not be read; that it ended so is then as good as unknown. */
    return stat_field(pid, 52, &code) && code != 0 ? (int)code : -1;
}

/* A child of ours by a system call of 0.3 µs: it is asked of an idle actor before each line. One that another actor
 * forked is not ours to wait for, and /proc takes ten times as long. */
static bool child_is_stopped(const struct actor *actor, bool *stopped) {
    siginfo_t info = {0};

    if (waitid(P_PID, (id_t)actor->pid, &info, WSTOPPED | WNOHANG | WNOWAIT) < 0)
        return false;
    *stopped = info.si_pid != 0;
    return true;
}

bool actor_is_stopped(struct actor *actor) {
    bool stopped;

    if (actor->state == ACTOR_IDLE && child_is_stopped(actor, &stopped))
        return stopped;
    char state = actor->state == ACTOR_DEAD ? '\0' : state_letter(actor);

    return state == 'T' || state == 't';
}

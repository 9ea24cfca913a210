/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Into a private network, as an ordinary user: a user namespace in which we
 * may make a network namespace (user_namespaces(7), network_namespaces(7)).
 *
 * Entering cannot be undone, and can fail half-way: on Ubuntu 24.04 AppArmor
 * lets unshare() succeed and then forbids setgroups.  So a forked child goes
 * first and reports which step was refused; when none was, it is followed.
 */
#include "net/private.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum step { STEP_NONE, STEP_PROBE, STEP_UNSHARE, STEP_SETGROUPS, STEP_UID_MAP, STEP_GID_MAP, STEP_LOOPBACK };

/* How far it went: STEP_NONE when all was done, else the step refused and its errno. */
struct outcome {
    enum step step;
    int error;
};

/* Sent by the child that goes ahead. */
struct report {
    struct outcome outcome;
    struct network_settings settings;
};

#define LOOPBACK_WAIT_MS 1000

static struct outcome refused(enum step step) {
    return (struct outcome){step, errno};
}

static bool write_text(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    size_t length = strlen(text);
    ssize_t written = write(fd, text, length);
    int saved = errno;
    close(fd);
    errno = written < 0 ? saved : EIO;
    return written == (ssize_t)length;
}

/* "1000 1000 1": inside as outside, for this one id.  A second line would need privilege. */
static bool write_identity(const char *path, unsigned id) {
    char line[64];
    snprintf(line, sizeof(line), "%u %u 1\n", id, id);
    return write_text(path, line);
}

/* A user namespace around the network namespace.  "deny" must come before gid_map since Linux 3.19. */
static struct outcome enter_user(unsigned uid, unsigned gid) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
        return refused(STEP_UNSHARE);
    if (!write_text("/proc/self/setgroups", "deny") && errno != ENOENT)
        return refused(STEP_SETGROUPS);
    if (!write_identity("/proc/self/uid_map", uid))
        return refused(STEP_UID_MAP);
    if (!write_identity("/proc/self/gid_map", gid))
        return refused(STEP_GID_MAP);
    return (struct outcome){STEP_NONE, 0};
}

/* ---- The loopback interface ---- */

static bool loopback_is_up(int fd, struct ifreq *request) {
    return ioctl(fd, SIOCGIFFLAGS, request) == 0 && (request->ifr_flags & IFF_UP) &&
           (request->ifr_flags & IFF_RUNNING);
}

static int64_t now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* The kernel announces each change of a link to those who asked before it happened. */
static bool wait_for_loopback(int fd, int news, struct ifreq *request) {
    int64_t deadline = now_ms() + LOOPBACK_WAIT_MS;
    while (!loopback_is_up(fd, request)) {
        char announcement[4096];
        struct pollfd ready = {.fd = news, .events = POLLIN};
        int64_t left = deadline - now_ms();
        if (left <= 0 || (poll(&ready, 1, (int)left) < 0 && errno != EINTR)) {
            errno = ETIMEDOUT;
            return false;
        }
        while (recv(news, announcement, sizeof(announcement), MSG_DONTWAIT) > 0)
            continue;
    }
    return true;
}

static bool raise_loopback(void) {
    struct ifreq request = {.ifr_name = "lo"};
    struct sockaddr_nl links = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    int news = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    bool up = false;
    if (news >= 0 && fd >= 0 && bind(news, (struct sockaddr *)&links, sizeof(links)) == 0 &&
        ioctl(fd, SIOCGIFFLAGS, &request) == 0) {
        request.ifr_flags = (short)(request.ifr_flags | IFF_UP);
        up = ioctl(fd, SIOCSIFFLAGS, &request) == 0 && wait_for_loopback(fd, news, &request);
    }
    int saved = errno;
    if (news >= 0)
        close(news);
    if (fd >= 0)
        close(fd);
    errno = saved;
    return up;
}

/* ---- All steps in order ---- */

struct way {
    bool user_namespace;
    unsigned uid, gid; /* as seen before entering */
};

static struct outcome enter(const struct way *way, struct network_settings *settings) {
    struct outcome outcome = {.step = STEP_NONE};
    *settings = (struct network_settings){0};
    if (way->user_namespace)
        outcome = enter_user(way->uid, way->gid);
    else if (unshare(CLONE_NEWNET) < 0)
        outcome = refused(STEP_UNSHARE);
    if (outcome.step != STEP_NONE)
        return outcome;
    settings_small_tables(settings);
    if (!raise_loopback())
        return refused(STEP_LOOPBACK);
    settings_make(settings);
    return outcome;
}

/* ---- A child goes ahead ---- */

/* It has made everything; it stays until the other end is closed, so that its namespaces can be joined. */
static void go_ahead(const struct way *way, int end) __attribute__((noreturn));
static void go_ahead(const struct way *way, int end) {
    struct report report = {0};
    char nothing;
    report.outcome = enter(way, &report.settings);
    bool sent = write(end, &report, sizeof(report)) == sizeof(report);
    while (sent && read(end, &nothing, 1) < 0 && errno == EINTR)
        continue;
    _exit(0);
}

/* Into the child's namespaces: one call, which changes both or nothing (setns(2), Linux 5.8).  The owner
 * of a user namespace, seen from its parent, has all capabilities in it. */
static bool join(pid_t child, const struct way *way) {
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    bool joined =
        process >= 0 && setns(process, CLONE_NEWNET | (way->user_namespace ? CLONE_NEWUSER : 0)) == 0;
    if (process >= 0)
        close(process);
    return joined;
}

/* What a child can do this process can: it joins the child there, or where the kernel does not allow that,
 * does the same itself. */
static struct outcome follow_child(const struct way *way, struct network_settings *settings) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return refused(STEP_PROBE);
    pid_t child = fork();
    if (child < 0) {
        struct outcome outcome = refused(STEP_PROBE);
        close(ends[0]);
        close(ends[1]);
        return outcome;
    }
    if (child == 0) {
        close(ends[0]);
        go_ahead(way, ends[1]);
    }
    close(ends[1]);
    struct report report;
    ssize_t got;
    do
        got = read(ends[0], &report, sizeof(report));
    while (got < 0 && errno == EINTR);
    /* A child killed by a seccomp filter has said nothing. */
    if (got != sizeof(report))
        report = (struct report){.outcome = {STEP_UNSHARE, EPERM}};
    bool joined = report.outcome.step == STEP_NONE && join(child, way);
    close(ends[0]);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
    *settings = report.settings;
    return report.outcome.step == STEP_NONE && !joined ? enter(way, settings) : report.outcome;
}

/* ---- Why not ---- */

/* The number in a file of one, or `otherwise`. */
static long read_setting(const char *path, long otherwise) {
    char text[32];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return otherwise;
    ssize_t got = read(fd, text, sizeof(text) - 1);
    close(fd);
    if (got <= 0)
        return otherwise;
    text[got] = '\0';
    return strtol(text, NULL, 10);
}

static const char *step_name(enum step step) {
    switch (step) {
    case STEP_NONE:
        break;
    case STEP_PROBE:
        return "starting a process to try it in";
    case STEP_UNSHARE:
        return "unshare(CLONE_NEWUSER | CLONE_NEWNET)";
    case STEP_SETGROUPS:
        return "writing \"deny\" to /proc/self/setgroups";
    case STEP_UID_MAP:
        return "writing /proc/self/uid_map";
    case STEP_GID_MAP:
        return "writing /proc/self/gid_map";
    case STEP_LOOPBACK:
        return "bringing up the loopback interface";
    }
    return "nothing";
}

/* Is a seccomp filter at work on this process?  "Seccomp: 2" in /proc/self/status. */
static bool is_filtered(void) {
    char line[256];
    bool filtered = false;
    FILE *status = fopen("/proc/self/status", "re");
    while (status && fgets(line, sizeof(line), status))
        filtered = filtered || (strncmp(line, "Seccomp:", 8) == 0 && atoi(line + 8) == 2);
    if (status)
        fclose(status);
    return filtered;
}

static void hint_unshare(int number, struct error *error) {
    switch (number) {
    case ENOSPC:
        if (read_setting("/proc/sys/user/max_user_namespaces", 1) == 0)
            error_hint(error, "user.max_user_namespaces is 0 here; the administrator allows them with: "
                              "sysctl user.max_user_namespaces=10000");
        else
            error_hint(error, "a limit is reached: user.max_user_namespaces or user.max_net_namespaces; "
                              "the administrator raises it with sysctl");
        return;
    case EUSERS:
        error_hint(
            error,
            "namespaces are nested as deep as the kernel allows (32); start sockshell outside of them");
        return;
    case EINVAL:
        error_hint(error, "this kernel was built without CONFIG_USER_NS or CONFIG_NET_NS");
        return;
    default:
        break;
    }
    if (read_setting("/proc/sys/kernel/unprivileged_userns_clone", 1) == 0)
        error_hint(error, "kernel.unprivileged_userns_clone is 0 here; the administrator allows them with: "
                          "sysctl kernel.unprivileged_userns_clone=1");
    else if (is_filtered())
        error_hint(error,
                   "a seccomp filter is at work, as in most containers; start the container with one that "
                   "allows unshare (docker run --security-opt seccomp=unconfined)");
    else
        error_hint(error, "user namespaces are forbidden inside chroot, and by some security modules; "
                          "start sockshell outside of it");
}

static bool explain(struct outcome outcome, struct error *error) {
    error_set(error, ERROR_SYSTEM, (struct span){0}, "no private network: %s failed: %s",
              step_name(outcome.step), strerror(outcome.error));
    switch (outcome.step) {
    case STEP_UNSHARE:
        hint_unshare(outcome.error, error);
        break;
    case STEP_SETGROUPS:
    case STEP_UID_MAP:
    case STEP_GID_MAP:
    case STEP_LOOPBACK:
        if (read_setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) != 0)
            error_hint(
                error,
                "AppArmor restricts user namespaces (Ubuntu 23.10 and later): a profile with \"userns,\" for "
                "sockshell allows them, or: sysctl kernel.apparmor_restrict_unprivileged_userns=0");
        else
            error_hint(error, "a security module or container forbids it; see the system's log");
        break;
    case STEP_NONE:
    case STEP_PROBE:
        break;
    }
    return false;
}

bool network_private(struct network_settings *settings, struct error *error) {
    struct way way = {.user_namespace = true, .uid = geteuid(), .gid = getegid()};
    struct outcome outcome = follow_child(&way, settings);
    /* root needs no user namespace where those are forbidden. */
    if (outcome.step != STEP_NONE && outcome.step != STEP_PROBE && way.uid == 0) {
        struct outcome second = follow_child(&(struct way){.uid = way.uid, .gid = way.gid}, settings);
        if (second.step == STEP_NONE)
            outcome = second;
    }
    return outcome.step == STEP_NONE || explain(outcome, error);
}

/* Whoever has a private network may make others: by its user namespace, or as root. */
bool network_renew(struct network_settings *settings, struct error *error) {
    struct outcome outcome = follow_child(&(struct way){.uid = geteuid(), .gid = getegid()}, settings);
    return outcome.step == STEP_NONE || explain(outcome, error);
}

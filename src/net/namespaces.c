/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Into namespaces, as an ordinary user: a user namespace in which we may make
 * network namespaces (user_namespaces(7), network_namespaces(7)).
 *
 * Entering cannot be undone, and can fail half-way: on Ubuntu 24.04 AppArmor
 * lets unshare() succeed and then forbids setgroups.  So a forked child goes
 * first and reports which step was refused; when none was, it is followed.
 */
#include "net/namespaces.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/rtnetlink.h"

/* Sent by the child that goes ahead. */
struct report {
    struct namespace_outcome outcome;
    struct preset preset;
};

static struct namespace_outcome refused(enum namespace_step step) {
    return (struct namespace_outcome){step, errno};
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
static struct namespace_outcome enter_user(unsigned uid, unsigned gid) {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
        return refused(STEP_UNSHARE);
    if (!write_text("/proc/self/setgroups", "deny") && errno != ENOENT)
        return refused(STEP_SETGROUPS);
    if (!write_identity("/proc/self/uid_map", uid))
        return refused(STEP_UID_MAP);
    if (!write_identity("/proc/self/gid_map", gid))
        return refused(STEP_GID_MAP);
    return (struct namespace_outcome){STEP_NONE, 0};
}

static bool raise_loopback(void) {
    struct mnl_socket *netlink = rtnetlink_open();
    unsigned lo = if_nametoindex("lo");
    bool up = netlink != NULL && lo != 0 && rtnetlink_raise(netlink, lo) && rtnetlink_await(netlink, lo);
    int saved = errno;
    if (netlink != NULL)
        mnl_socket_close(netlink);
    errno = saved;
    return up;
}

/* ---- All steps in order ---- */

struct way {
    bool user_namespace;
    unsigned uid, gid; /* as seen before entering */
};

static struct namespace_outcome enter(const struct way *way, struct preset *preset) {
    struct namespace_outcome outcome = {.step = STEP_NONE};
    *preset = (struct preset){0};
    if (way->user_namespace)
        outcome = enter_user(way->uid, way->gid);
    else if (unshare(CLONE_NEWNET) < 0)
        outcome = refused(STEP_UNSHARE);
    if (outcome.step != STEP_NONE)
        return outcome;
    preset_small_tables(preset);
    if (!raise_loopback())
        return refused(STEP_LOOPBACK);
    preset_loopback(preset);
    return outcome;
}

/* ---- A child goes ahead ---- */

/* It has made everything; it stays until the other end is closed, so that its namespaces can be joined. */
static void go_ahead(const struct way *way, int end) __attribute__((noreturn));
static void go_ahead(const struct way *way, int end) {
    struct report report = {0};
    char nothing;
    report.outcome = enter(way, &report.preset);
    bool sent = write(end, &report, sizeof(report)) == sizeof(report);
    while (sent && read(end, &nothing, 1) < 0 && errno == EINTR)
        continue;
    _exit(0);
}

/* Into the child's namespaces: one call, which changes both or nothing (setns(2), Linux 5.8). The owner of
 * a user namespace, seen from its parent, has all capabilities in it. */
static bool join(pid_t child, const struct way *way) {
    int process = (int)syscall(SYS_pidfd_open, child, 0);
    bool joined =
        process >= 0 && setns(process, CLONE_NEWNET | (way->user_namespace ? CLONE_NEWUSER : 0)) == 0;
    if (process >= 0)
        close(process);
    return joined;
}

static struct ahead send_ahead(const struct way *way) {
    struct ahead ahead = {.child = -1, .end = -1, .uid = way->uid, .gid = way->gid,
                          .user_namespace = way->user_namespace};
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        ahead.error = errno;
        return ahead;
    }
    ahead.child = fork();
    if (ahead.child == 0) {
        close(ends[0]);
        go_ahead(way, ends[1]);
    }
    if (ahead.child < 0)
        ahead.error = errno;
    close(ends[1]);
    ahead.end = ends[0];
    return ahead;
}

void namespaces_abandon(struct ahead *ahead) {
    if (ahead->end >= 0)
        close(ahead->end);
    while (ahead->child > 0 && waitpid(ahead->child, NULL, 0) < 0 && errno == EINTR)
        continue;
    ahead->end = ahead->child = -1;
}

/* What the child can do this process can, if it is to follow: it joins the child there, or where the kernel does not
 * allow that, does the same itself. */
static struct namespace_outcome hear_from(struct ahead *ahead, struct preset *preset, bool follow) {
    const struct way way = {ahead->user_namespace, ahead->uid, ahead->gid};
    struct report report;
    ssize_t got;
    if (ahead->child < 0) {
        namespaces_abandon(ahead);
        return (struct namespace_outcome){STEP_PROBE, ahead->error};
    }
    do
        got = read(ahead->end, &report, sizeof(report));
    while (got < 0 && errno == EINTR);
    /* A child killed by a seccomp filter has said nothing. */
    if (got != sizeof(report))
        report = (struct report){.outcome = {STEP_UNSHARE, EPERM}};
    bool joined = follow && report.outcome.step == STEP_NONE && join(ahead->child, &way);
    namespaces_abandon(ahead);
    *preset = report.preset;
    return follow && report.outcome.step == STEP_NONE && !joined ? enter(&way, preset) : report.outcome;
}

static struct namespace_outcome try_way(const struct way *way, struct preset *preset, bool follow) {
    struct ahead ahead = send_ahead(way);
    return hear_from(&ahead, preset, follow);
}

/* `ahead` tried the usual way; root needs no user namespace where those are forbidden. */
static struct namespace_outcome try_ways(struct ahead *ahead, struct preset *preset, bool follow) {
    struct namespace_outcome outcome = hear_from(ahead, preset, follow);
    if (outcome.step != STEP_NONE && outcome.step != STEP_PROBE && ahead->uid == 0) {
        struct namespace_outcome second =
            try_way(&(struct way){.uid = ahead->uid, .gid = ahead->gid}, preset, follow);
        if (second.step == STEP_NONE) {
            outcome = second;
            ahead->user_namespace = false;
        }
    }
    return outcome;
}

struct ahead namespaces_begin(void) {
    return send_ahead(&(struct way){.user_namespace = true, .uid = geteuid(), .gid = getegid()});
}

struct namespace_outcome namespaces_follow(struct ahead *ahead, struct preset *preset) {
    return try_ways(ahead, preset, true);
}

struct namespace_outcome namespaces_probe(void) {
    struct preset unused;
    struct ahead ahead = namespaces_begin();
    return try_ways(&ahead, &unused, false);
}

/* Whoever is in a user namespace of his own, or is root, needs no other; and they can be nested 32 times
 * only. */
struct namespace_outcome namespaces_renew(struct preset *preset) {
    return try_way(&(struct way){.uid = geteuid(), .gid = getegid()}, preset, true);
}

/* ---- Places ---- */

bool place_here(struct place *place) {
    *place = (struct place){open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC),
                            open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC)};
    if (place->network >= 0 && place->names >= 0)
        return true;
    int saved = errno;
    place_close(place);
    errno = saved;
    return false;
}

void place_close(struct place *place) {
    if (place->network >= 0)
        close(place->network);
    if (place->names >= 0)
        close(place->names);
    *place = NO_PLACE;
}

bool place_go(const struct place *place) {
    return setns(place->network, CLONE_NEWNET) == 0 && setns(place->names, CLONE_NEWUTS) == 0;
}

bool place_new(struct place *place, const struct place *back, struct preset *preset) {
    *place = NO_PLACE;
    /* The tables are made as the namespace says that we are in. */
    bool made = (preset_small_tables(preset) || unshare(CLONE_NEWNET) == 0) && unshare(CLONE_NEWUTS) == 0 &&
                raise_loopback() && place_here(place);
    int saved = errno;
    if (made)
        preset_loopback(preset);
    if (!place_go(back) && made) {
        saved = errno;
        place_close(place);
        made = false;
    }
    errno = saved;
    return made;
}

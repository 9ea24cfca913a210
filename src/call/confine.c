/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What programs may not ask of the kernel; see confine.h. */
#include "call/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#ifdef __GLIBC__
#include <nss.h>
#endif
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "call/caller.h"

static bool refuse(struct invocation *inv, size_t i, const char *why) {
    invocation_fail(inv, i, ERROR_LIMIT, "in a lesson %s", why);
    error_hint(inv->error, "sockshell without --lesson has no such bound");
    return false;
}

/* ---- Addresses ---- */

/* Names without folder lie in the lesson's own; what is abstract is in the network. */
static bool confine_path(struct invocation *inv, size_t i, const char *path, size_t length) {
    const struct confinement *bounds = &inv->caller->bounds;
    size_t text = strnlen(path, length);
    if (text > 0 && memchr(path, '/', text))
        return refuse(inv, i,
                      "the name of a UNIX socket has no / in it: sockets lie in a folder of this run, which "
                      "is removed when it ends");
    if (text == 0 && length > 1 && bounds->loopback_only)
        return refuse(inv, i,
                      "abstract names need a network of its own, and this is the machine's, where other "
                      "programs have such names");
    return true;
}

static bool is_loopback(struct in_addr address) {
    return address.s_addr == INADDR_ANY || ntohl(address.s_addr) >> 24 == 127;
}

static bool is_loopback6(const struct in6_addr *address) {
    struct in_addr mapped;
    memcpy(&mapped, address->s6_addr + 12, sizeof(mapped));
    return IN6_IS_ADDR_LOOPBACK(address) || IN6_IS_ADDR_UNSPECIFIED(address) ||
           (IN6_IS_ADDR_V4MAPPED(address) && is_loopback(mapped));
}

/* INADDR_ANY as a destination is this machine as well (ip(7)). */
static bool is_here(const struct sockaddr_storage *address, size_t length) {
    switch (address->ss_family) {
    case AF_INET:
    case AF_UNSPEC: /* which sendto() of UDP takes for AF_INET */
        return length < offsetof(struct sockaddr_in, sin_zero) ||
               is_loopback(((const struct sockaddr_in *)address)->sin_addr);
    case AF_INET6:
        return length < offsetof(struct sockaddr_in6, sin6_scope_id) ||
               is_loopback6(&((const struct sockaddr_in6 *)address)->sin6_addr);
    default:
        return address->ss_family == AF_UNIX;
    }
}

bool confine_address(struct invocation *inv, size_t i, const void *address, size_t length) {
    const struct confinement *bounds = &inv->caller->bounds;
    const size_t before = offsetof(struct sockaddr_un, sun_path);
    struct sockaddr_storage copy = {0};
    if (!bounds->on || address == NULL || length < sizeof(copy.ss_family))
        return true;
    length = length < sizeof(copy) ? length : sizeof(copy);
    memcpy(&copy, address, length);
    if (copy.ss_family == AF_UNIX && length > before)
        return confine_path(inv, i, (const char *)&copy + before, length - before);
    if (!bounds->loopback_only || is_here(&copy, length))
        return true;
    return refuse(inv, i,
                  "on the machine's own network only the machine itself can be reached, 127.0.0.1 or ::1; "
                  "--network=private gives it one of its own");
}

/* Sockets that reach what no network of one's own holds: the kernel's settings, the wire, the host of this
 * machine. */
static bool confine_socket(struct invocation *inv) {
    const struct confinement *bounds = &inv->caller->bounds;
    int family = (int)inv->raw[0].i, type = (int)inv->raw[1].i & 0xf;
    bool usual = family == AF_INET || family == AF_INET6 || family == AF_UNIX;
    if (family == AF_VSOCK)
        return refuse(inv, 0, "there are no sockets to the host of a virtual machine");
    if (bounds->loopback_only &&
        (!usual || (type != SOCK_STREAM && type != SOCK_DGRAM && type != SOCK_SEQPACKET)))
        return refuse(inv, usual ? 1 : 0,
                      "such sockets need a network of its own, and this is the machine's");
    return true;
}

/* ---- Names ---- */

/* A question to a name server leaves the machine, with whatever the name says: here the files answer, as in a
 * network of its own (nsswitch.conf(5)). It holds for the whole process, which is the actor's; nscd is asked for
 * hosts no more either. */
static bool confine_names(struct invocation *inv) {
#ifdef __GLIBC__
    if (__nss_configure_lookup("hosts", "files") == 0)
        return true;
#endif
    return refuse(inv, 0,
                  "on the machine's own network no names are looked up: this C library cannot do it without "
                  "asking a name server");
}

/* ---- Processes ---- */

/* The fourth field of /proc/PID/stat, after the last ")"; 0: it has none, or is no more. */
static pid_t parent_of(pid_t pid) {
    char path[64], text[512];
    int parent = 0;
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? read(fd, text, sizeof(text) - 1) : 0;
    if (fd >= 0)
        close(fd);
    text[got > 0 ? got : 0] = '\0';
    const char *end = strrchr(text, ')');
    return end && sscanf(end + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

/* A child of the shell, or of such a one. A process that is gone is for the kernel to answer. */
static bool is_family(const struct confinement *bounds, pid_t pid) {
    pid_t parent = parent_of(pid);
    if (parent == 0 && kill(pid, 0) < 0 && errno == ESRCH) /* EPERM: it is there, and nobody of ours */
        return true;
    for (int generations = 0; generations < 1000 && parent > 1; generations++) {
        if (parent == bounds->shell)
            return true;
        parent = parent_of(parent);
    }
    return false;
}

/* As kill(2) takes it: a process, a group (negative), or one's own group (0). Every actor leads its own. */
static bool confine_signal(struct invocation *inv, size_t i, int64_t target) {
    const struct confinement *bounds = &inv->caller->bounds;
    pid_t pid = (pid_t)(target < 0 ? -target : target);
    if (pid == 0 || pid == getpid() || is_family(bounds, pid))
        return true;
    return refuse(inv, i, "signals reach its own programs only, and this process is none of them");
}

/* Nobody means to end his own shell, and its programs and their screen with it. Whoever does has .quit. */
static bool spare_shell(struct invocation *inv, size_t i, int64_t target) {
    pid_t shell = inv->caller->bounds.shell;
    const char *what = NULL;
    if (shell > 0 && target == shell)
        what = "this is the shell itself";
    else if (shell > 0 && target < -1 && -target == getpgid(shell))
        what = "this is the process group of the shell itself";
    else if (target == -1)
        what = "-1 is every process of yours, the shell itself among them";
    if (what == NULL)
        return true;
    invocation_fail(inv, i, ERROR_LIMIT, "%s: a signal might end it, and everything here with it", what);
    error_hint(inv->error, ".quit leaves the shell; .kill server ends an actor");
    return false;
}

/* ---- Which call is it? ---- */

static bool is_call(const struct invocation *inv, const char *name) {
    return strcmp(inv->call->name, name) == 0;
}

static bool confine_anywhere(struct invocation *inv) {
    if (is_call(inv, "kill") && inv->raw[1].i != 0) /* 0 only asks whether there is such a process */
        return spare_shell(inv, 0, (pid_t)inv->raw[0].i);
    /* -1 is group 1 here. */
    if (is_call(inv, "fcntl") && inv->raw[1].i == F_SETOWN && (int)inv->raw[2].i != -1)
        return spare_shell(inv, 2, (int)inv->raw[2].i);
    return true;
}

bool confine_call(struct invocation *inv) {
    if (!inv->caller->bounds.on)
        return confine_anywhere(inv);
    for (size_t i = 0; inv->call->args[i].kind != ARG_END; i++) {
        const struct call_arg *arg = &inv->call->args[i];
        if (arg->kind == ARG_ADDRESS_IN &&
            !confine_address(inv, i, inv->raw[i].cp, (size_t)inv->raw[arg->other].i))
            return false;
    }
    if (is_call(inv, "socket") || is_call(inv, "socketpair"))
        return confine_socket(inv);
    if (inv->caller->bounds.loopback_only &&
        (is_call(inv, "getaddrinfo") || is_call(inv, "gethostbyname") || is_call(inv, "getnameinfo")))
        return confine_names(inv);
    if (is_call(inv, "unlink") && inv->raw[0].cp != NULL)
        return confine_path(inv, 0, inv->raw[0].cp, strlen(inv->raw[0].cp));
    if (is_call(inv, "kill"))
        return confine_anywhere(inv) && confine_signal(inv, 0, inv->raw[0].i);
    /* Whoever owns a socket gets SIGIO and SIGURG. */
    if (is_call(inv, "fcntl") && inv->raw[1].i == F_SETOWN)
        return confine_signal(inv, 2, (int)inv->raw[2].i);
    return true;
}

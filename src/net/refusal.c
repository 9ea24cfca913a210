/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rule forbids a private network here, and what would allow it; see refusal.h. */
#include "net/refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

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

static const char *step_name(enum namespace_step step) {
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

/* Root's number may be mapped only by who has this (user_namespaces(7), since Linux 5.12): not a container's root
 * without it. */
static bool lacks_setfcap(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];
    return geteuid() == 0 && syscall(SYS_capget, &header, sets) == 0 &&
           !(sets[CAP_SETFCAP / 32].effective >> CAP_SETFCAP % 32 & 1);
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

void refusal_explain(struct namespace_outcome outcome, struct error *error) {
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
        if (outcome.step == STEP_UID_MAP && outcome.error == EPERM && lacks_setfcap())
            error_hint(error,
                       "this is root without the capability CAP_SETFCAP, and so may not be root in a user "
                       "namespace either; start sockshell as an ordinary user, or the container with it "
                       "(docker run --cap-add SETFCAP)");
        else if (read_setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 0) != 0)
            error_hint(
                error,
                "AppArmor restricts user namespaces (Ubuntu 23.10 and later): a profile with \"userns,\" for "
                "sockshell allows them (contrib/apparmor/sockshell in its sources), or: "
                "sysctl kernel.apparmor_restrict_unprivileged_userns=0");
        else
            error_hint(error, "a security module or container forbids it; see the system's log");
        break;
    case STEP_NONE:
    case STEP_PROBE:
        break;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a command where private networks are forbidden, for tests/refusal.sh, or few, for tests/crowd.sh:
 *
 *     forbid HOW COMMAND ARGUMENT…        (chroot FOLDER COMMAND ARGUMENT…)
 *
 *     seccomp   by a filter that refuses unshare(), as in containers
 *     clone     by the same, where Debian's setting kernel.unprivileged_userns_clone is 0
 *     apparmor  by a filter that refuses to open files for writing, as AppArmor does in a user namespace, where Ubuntu's
 *               setting kernel.apparmor_restrict_unprivileged_userns is 1
 *     chroot    by another root folder, FOLDER, over which / is mounted
 *     users     by the limit user.max_user_namespaces
 *     networks  by the limit user.max_net_namespaces
 *     hosts     by the same, but there is room for one network without hosts
 *     mount     by a filter that refuses mount(): a network can be had, but no hosts
 *     readonly  not at all, but /proc/sys is read-only, as in containers
 *     caps      not at all, but there are no capabilities, nor any to be had by exec()
 *     fallback  by the limit user.max_user_namespaces, on a "machine" that has nothing but a loopback interface
 *     scarce    twice: first with room for many, then, with one argument more, "last", with room for one network of
 *               three hosts, so that the second can only have it when the first has left no namespace behind
 *
 * Exit status 77: this cannot be staged here.
 */
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SKIPPED 77

static int cannot(const char *what) {
    fprintf(stderr, "skipped: %s: %s\n", what, strerror(errno));
    return SKIPPED;
}

static int put(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return -1;
    ssize_t written = write(fd, text, strlen(text));
    close(fd);
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

/* An ordinary user, but the owner of a user namespace until exec(). */
static int become_owner(void) {
    char line[64];
    unsigned uid = geteuid(), gid = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0 || put("/proc/self/setgroups", "deny") < 0)
        return -1;
    snprintf(line, sizeof(line), "1000 %u 1\n", uid);
    if (put("/proc/self/uid_map", line) < 0)
        return -1;
    snprintf(line, sizeof(line), "1000 %u 1\n", gid);
    return put("/proc/self/gid_map", line);
}

static int install(struct sock_filter *code, size_t count) {
    struct sock_fprog filter = {(unsigned short)count, code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -1
                                                      : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter);
}

static int forbid_call(unsigned number) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return install(code, sizeof(code) / sizeof(*code));
}

/* The lower half of the third argument: its flags. */
#define FLAGS_AT (offsetof(struct seccomp_data, args[2]) + (__BYTE_ORDER == __BIG_ENDIAN ? 4 : 0))

static int forbid_writing(void) {
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat, 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FLAGS_AT),
        BPF_STMT(BPF_ALU | BPF_AND | BPF_K, O_ACCMODE),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, O_WRONLY, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    return install(code, sizeof(code) / sizeof(*code));
}

/* A setting that this kernel need not have: in a folder over that of the others. */
static int pretend(const char *name, const char *value) {
    char path[128];
    snprintf(path, sizeof(path), "/proc/sys/kernel/%s", name);
    int fd = become_owner() == 0 && mount("pretend", "/proc/sys/kernel", "tmpfs", 0, NULL) == 0
                 ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0444)
                 : -1;
    if (fd < 0)
        return -1;
    close(fd);
    return put(path, value);
}

static int make_readonly(const char *folder) {
    return become_owner() < 0 || mount(folder, folder, NULL, MS_BIND | MS_REC, NULL) < 0
               ? -1
               : mount(NULL, folder, NULL,
                       MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static int drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {0};
    for (int number = 0; prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; number++)
        prctl(PR_CAPBSET_DROP, number, 0, 0, 0); /* an ordinary user may not, and need not */
    return (int)syscall(SYS_capset, &header, none);
}

/* Entered with its capabilities; they are gone with exec(). */
static int small_machine(void) {
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    if (become_owner() < 0 || unshare(CLONE_NEWNET) < 0)
        return -1;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &loopback) < 0)
        return -1;
    close(fd);
    return put("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0\n") < 0
               ? -1
               : put("/proc/sys/user/max_user_namespaces", "0\n");
}

static int change_root(const char *folder) {
    char here[4096];
    if (!getcwd(here, sizeof(here)) || become_owner() < 0 ||
        mount("/", folder, NULL, MS_BIND | MS_REC, NULL) < 0 || chroot(folder) < 0)
        return -1;
    return chdir(here);
}

static int limit(const char *path, const char *most) {
    return become_owner() < 0 ? -1 : put(path, most);
}

/* In namespaces that are counted by themselves: of network, user, mount and UTS namespaces so many, so many more for
 * what the kernel needs a moment to give back. */
static int limit_all(int most) {
    static const struct {
        const char *path;
        int needed; /* measured; one of the mount namespaces is our own */
    } limits[] = {{"/proc/sys/user/max_net_namespaces", 5},
                  {"/proc/sys/user/max_user_namespaces", 1},
                  {"/proc/sys/user/max_mnt_namespaces", 2},
                  {"/proc/sys/user/max_uts_namespaces", 5}};
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
        char number[16];
        snprintf(number, sizeof(number), "%d\n", limits[i].needed + most);
        if (put(limits[i].path, number) < 0)
            return -1;
    }
    return 0;
}

/* The first time; its exit status when that is not 0. This process keeps what exec() takes away, and can set the
 * limits anew. */
static int run_with_plenty(char **command) {
    int status;
    if (become_owner() < 0 || limit_all(200) < 0)
        return cannot("scarce");
    pid_t child = fork();
    if (child == 0) {
        execvp(*command, command);
        _exit(cannot(*command));
    }
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return cannot("scarce");
    return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

static int with_argument(char **command, int count, char *last) {
    char **whole = calloc((size_t)count + 2, sizeof(*whole));
    if (whole == NULL || limit_all(0) < 0)
        return cannot("scarce");
    memcpy(whole, command, (size_t)count * sizeof(*whole));
    whole[count] = last;
    execvp(*whole, whole);
    return cannot(*whole);
}

int main(int argc, char **argv) {
    const char *how = argc > 2 ? argv[1] : "";
    char **command = argv + 2;
    int done = -1;
    errno = EINVAL;
    if (strcmp(how, "scarce") == 0) {
        int status = run_with_plenty(command);
        return status != 0 ? status : with_argument(command, argc - 2, "last");
    }
    if (strcmp(how, "seccomp") == 0)
        done = forbid_call(SYS_unshare);
    else if (strcmp(how, "clone") == 0)
        done = pretend("unprivileged_userns_clone", "0\n") < 0 ? -1 : forbid_call(SYS_unshare);
    else if (strcmp(how, "apparmor") == 0)
        done = pretend("apparmor_restrict_unprivileged_userns", "1\n") < 0 ? -1 : forbid_writing();
    else if (strcmp(how, "mount") == 0)
        done = forbid_call(SYS_mount);
    else if (strcmp(how, "readonly") == 0)
        done = make_readonly("/proc/sys");
    else if (strcmp(how, "caps") == 0)
        done = drop_capabilities();
    else if (strcmp(how, "fallback") == 0)
        done = small_machine();
    else if (strcmp(how, "chroot") == 0 && argc > 3)
        done = change_root(*command++);
    else if (strcmp(how, "users") == 0)
        done = limit("/proc/sys/user/max_user_namespaces", "0\n");
    else if (strcmp(how, "networks") == 0)
        done = limit("/proc/sys/user/max_net_namespaces", "0\n");
    else if (strcmp(how, "hosts") == 0)
        done = limit("/proc/sys/user/max_net_namespaces", "2\n");
    if (done < 0)
        return cannot(how);
    execvp(*command, command);
    return cannot(*command);
}

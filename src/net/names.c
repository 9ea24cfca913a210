/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A private /etc/hosts; see names.h. */
#include "net/names.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/buf.h"

#define HOSTS "/etc/hosts"
#define SWITCH "/etc/nsswitch.conf"
#define SWITCH_MOST 65536

static bool refused(struct names *names, const char *step) {
    names->error = errno;
    names->step = step;
    return false;
}

static bool write_all(int fd, const char *text, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, text, length);
        if (written < 0 && errno != EINTR)
            return false;
        text += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    return true;
}

/* The machine's nsswitch.conf, but that hosts are looked up in files only. False: it has none, and the C library
 * decides. */
static bool read_switch(struct buf *out) {
    char bytes[4096];
    ssize_t got;
    struct buf whole = {0};
    int fd = open(SWITCH, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    while ((got = read(fd, bytes, sizeof(bytes))) > 0 && whole.length < SWITCH_MOST)
        buf_add(&whole, bytes, (size_t)got);
    close(fd);
    for (const char *line = buf_text(&whole), *end; *line != '\0'; line = end) {
        end = line + strcspn(line, "\n");
        end += *end == '\n';
        if (strncmp(line + strspn(line, " \t"), "hosts:", 6) != 0)
            buf_add(out, line, (size_t)(end - line));
    }
    buf_add_text(out, "\nhosts: files\n");
    buf_free(&whole);
    return true;
}

/* A file in the current folder that takes the place of another. */
static int make_file(const char *name, const char *text, size_t length, const char *instead_of) {
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd < 0)
        return -1;
    fchmod(fd, 0644); /* whatever the umask */
    if (write_all(fd, text, length) && mount(name, instead_of, NULL, MS_BIND, NULL) == 0)
        return fd;
    int saved = errno;
    close(fd);
    errno = saved;
    return -1;
}

/* Debian's way: the machine's own name is one of loopback's. */
static void local_names(struct buf *out) {
    struct utsname machine;
    buf_add_text(out, NAMES_LOCAL);
    if (uname(&machine) == 0 && machine.nodename[0] != '\0')
        buf_addf(out, "127.0.1.1\t%s\n", machine.nodename);
}

/* The tmpfs is the current folder. */
static bool make_files(struct names *names) {
    struct buf text = {0}, services = {0};
    local_names(&text);
    names->hosts = make_file("hosts", text.data, text.length, HOSTS);
    if (names->hosts < 0)
        refused(names, "mounting over " HOSTS);
    else if (read_switch(&services)) {
        int fd = make_file("nsswitch.conf", services.data, services.length, SWITCH);
        if (fd < 0) {
            refused(names, "mounting over " SWITCH);
            umount2(HOSTS, MNT_DETACH);
            close(names->hosts);
            names->hosts = -1;
        } else {
            close(fd);
        }
    }
    buf_free(&text);
    buf_free(&services);
    return names->hosts >= 0;
}

/* To be reached by its descriptor alone. */
static void make_folder(struct names *names) {
    if (mkdir("folder", 0700) == 0)
        names->folder = open("folder", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Any folder will do to mount the tmpfs on: only we see it there, for a moment. The mounts of its files hold it
 * afterwards. */
static void with_tmpfs(struct names *names) {
    static const char *const folders[] = {"/tmp", "/run", "/mnt"};
    const char *folder = NULL;
    int back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (size_t i = 0; folder == NULL && i < sizeof(folders) / sizeof(*folders); i++)
        if (mount("sockshell", folders[i], "tmpfs", MS_NOSUID | MS_NODEV,
                  "size=1m,nr_inodes=4096,mode=755") == 0)
            folder = folders[i];
    if (folder == NULL) {
        refused(names, "mounting a tmpfs");
    } else if (back < 0 || chdir(folder) < 0) {
        refused(names, "entering it");
        umount2(folder, MNT_DETACH);
    } else {
        if (make_files(names))
            make_folder(names);
        if (fchdir(back) < 0 && names->hosts >= 0) /* cannot fail: we come from there */
            refused(names, "returning");
        umount2(folder, MNT_DETACH);
    }
    if (back >= 0)
        close(back);
}

/* Of this namespace's own root folder: MS_SLAVE, not MS_PRIVATE, so that what the machine unmounts is not held here. */
static bool keep_mounts_here(void) {
    return mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) == 0;
}

/* After chroot(2) to an ordinary folder "/" is no mount point, and what it lies in may be out of sight (EINVAL). Who
 * goes to a mount namespace goes to its root folder, his own namespace's as well (setns(2)): there it is done, and from
 * there it is back to the folder. That takes CAP_SYS_CHROOT both ways: whether we may is asked before. */
static bool keep_mounts_from_above(void) {
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
    bool kept = false;
    int saved;
    if (root >= 0 && here >= 0 && mounts >= 0 && chroot("/") == 0 && setns(mounts, CLONE_NEWNS) == 0) {
        kept = keep_mounts_here();
        saved = errno;
        if (fchdir(root) < 0 || chroot(".") < 0 || fchdir(here) < 0)
            _exit(EXIT_FAILURE); /* outside of what we were confined to nothing goes on */
        errno = saved;
    }
    saved = errno;
    const int opened[] = {root, here, mounts};
    for (size_t i = 0; i < sizeof(opened) / sizeof(*opened); i++)
        if (opened[i] >= 0)
            close(opened[i]);
    errno = saved;
    return kept;
}

void names_enter(struct names *names) {
    *names = (struct names){.hosts = -1, .folder = -1};
    if (unshare(CLONE_NEWNS | CLONE_NEWUTS) < 0)
        refused(names, "unshare(CLONE_NEWNS | CLONE_NEWUTS)");
    /* Nothing of what is mounted here may be seen elsewhere. */
    else if (!keep_mounts_here() && !(errno == EINVAL && keep_mounts_from_above()))
        refused(names, "keeping the mounts from the machine (MS_SLAVE)");
    else
        with_tmpfs(names);
}

bool names_write(const struct names *names, const char *text) {
    size_t length = strlen(text);
    return ftruncate(names->hosts, 0) == 0 && lseek(names->hosts, 0, SEEK_SET) == 0 &&
           write_all(names->hosts, text, length);
}

void names_close(struct names *names) {
    if (names->hosts >= 0)
        close(names->hosts);
    if (names->folder >= 0)
        close(names->folder);
    names->hosts = names->folder = -1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder and its caretaker; see folder.h. */
#include "lesson/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/privilege.h"

#define NAME "sockshell-lesson." /* and six letters, by mkdtemp(3) */
#define ATTEMPTS 100

/* What the caretaker says once. */
struct report {
    int number; /* errno; 0: it is made */
    char path[PATH_MAX];
};

static bool is_socket(int folder, const char *name) {
    struct stat status;
    return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISSOCK(status.st_mode);
}

static void clear(int fd, bool sockets_only) {
    int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = own >= 0 ? fdopendir(own) : NULL;
    const struct dirent *entry;
    while (folder && (entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            (!sockets_only || is_socket(own, entry->d_name)))
            unlinkat(own, entry->d_name, 0);
    if (folder)
        closedir(folder);
    else if (own >= 0)
        close(own);
}

void folder_clear(int fd) {
    clear(fd, false);
}

/* ---- In use, or left behind ---- */

static const char *where(void) {
    const char *place = getenv("TMPDIR");
    return place != NULL && place[0] == '/' ? place : "/tmp";
}

/* Open, and locked as one that is in use. -1 with errno; ENOENT: who clears up was faster, and it is gone. */
static int open_in_use(const char *path) {
    struct stat status;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -1;
    /* Where there are no locks (ENOLCK: NFS may have none), nobody can clear up either. */
    bool being_removed = flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
    if (!being_removed && fstat(fd, &status) == 0 && status.st_nlink > 0)
        return fd;
    close(fd);
    errno = ENOENT;
    return -1;
}

/* One of ours, that no process has locked: the sockets in it, and it if there is nothing else. The place may be /tmp,
 * where anybody can make anything; what is open cannot become something else. */
static void remove_unused(int place, const char *name) {
    struct stat status;
    int fd = openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &status) == 0 && status.st_uid == geteuid() && (status.st_mode & 07777) == 0700 &&
        flock(fd, LOCK_EX | LOCK_NB) == 0) {
        clear(fd, true);
        unlinkat(place, name, AT_REMOVEDIR);
    }
    close(fd);
}

static void remove_left_behind(void) {
    DIR *place = opendir(where());
    const struct dirent *entry;
    while (place && (entry = readdir(place)) != NULL)
        if (strncmp(entry->d_name, NAME, strlen(NAME)) == 0)
            remove_unused(dirfd(place), entry->d_name);
    if (place)
        closedir(place);
}

/* ---- The caretaker ---- */

/* Nothing is kept open: whoever reads what the shell writes must see its end when the shell ends. close_range(2) is
 * there since Linux 5.9. */
static void keep_only(int end) {
    dup2(end, 0);
    if (syscall(SYS_close_range, 1, ~0U, 0) == 0)
        return;
    for (int fd = 1; fd < (int)sysconf(_SC_OPEN_MAX); fd++)
        close(fd);
}

/* The folder, open and locked; -1 with the reason in the report. */
static int make(struct report *report) {
    int fd = -1;
    errno = ENOENT;
    for (int i = 0; fd < 0 && errno == ENOENT && i < ATTEMPTS; i++) {
        int length = snprintf(report->path, sizeof(report->path), "%s/" NAME "XXXXXX", where());
        errno = ENAMETOOLONG;
        if (length >= (int)sizeof(report->path) || mkdtemp(report->path) == NULL)
            break;
        fd = open_in_use(report->path);
        int saved = errno;
        if (fd < 0)
            rmdir(report->path);
        errno = saved;
    }
    report->number = fd < 0 ? errno : 0;
    return fd;
}

/* Signals for the shell's process group, and the end of its terminal, are not for it: it has a session of its own.
 * It waits for one thing: that nobody holds the other end any more, the shell and what it has forked. */
static void take_care(int end) __attribute__((noreturn));
static void take_care(int end) {
    static struct report report;
    char nothing;
    setsid();
    prctl(PR_SET_NAME, "sockshell-tidy");
    keep_only(end);
    privilege_keep_only(PRIVILEGE(CAP_DAC_OVERRIDE)); /* root's: TMPDIR may be somebody's */
    int folder = make(&report);
    bool told = write(0, &report, sizeof(report)) == (ssize_t)sizeof(report);
    remove_left_behind(); /* while the shell goes on */
    if (chdir("/") == 0 && told) /* "/" can be entered by all; and no file system is held */
        while (read(0, &nothing, 1) < 0 && errno == EINTR)
            continue;
    if (folder >= 0) {
        folder_clear(folder);
        rmdir(report.path);
    }
    _exit(0);
}

/* By way of a child that ends at once: a caretaker that were the shell's child could be signalled by a lesson's
 * programs, whose family that is (call/confine.h). All signals are blocked in it. */
static bool start(int ends[2]) {
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        pid_t caretaker = fork();
        if (caretaker == 0)
            take_care(ends[1]);
        _exit(caretaker < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
    }
    int number = errno, status = 0;
    sigprocmask(SIG_SETMASK, &before, NULL);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    errno = child < 0 ? number : EAGAIN;
    return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS;
}

/* ---- The shell ---- */

static bool receive(int fd, struct report *report) {
    ssize_t got;
    do
        got = recv(fd, report, sizeof(*report), MSG_WAITALL);
    while (got < 0 && errno == EINTR);
    if (got == (ssize_t)sizeof(*report))
        errno = report->number;
    else if (got >= 0)
        errno = ECHILD;
    return got == (ssize_t)sizeof(*report) && report->number == 0;
}

bool folder_make(struct folder *folder, struct error *error) {
    static const char *const what = "a folder for the lesson";
    struct report report = {.path = ""};
    int ends[2];
    *folder = NO_FOLDER;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
        return error_set(error, ERROR_SYSTEM, (struct span){0, 0}, "%s cannot be made: %s", what,
                         strerror(errno));
    bool started = start(ends);
    int number = errno;
    close(ends[1]);
    folder->caretaker = ends[0];
    if (started && receive(ends[0], &report) && (folder->fd = open_in_use(report.path)) >= 0)
        return true;
    number = started ? errno : number;
    folder_end(folder);
    error_set(error, ERROR_SYSTEM, (struct span){0, 0}, "%s cannot be made: %s%s%s", what, report.path,
              report.path[0] != '\0' ? ": " : "", strerror(number));
    error_hint(error, "TMPDIR names the folder that it is made in");
    return false;
}

void folder_end(struct folder *folder) {
    struct stat status = {.st_nlink = 0};
    char nothing;
    if (folder->caretaker >= 0) {
        shutdown(folder->caretaker, SHUT_WR);
        while (read(folder->caretaker, &nothing, 1) < 0 && errno == EINTR)
            continue;
        close(folder->caretaker);
    }
    if (folder->fd >= 0) {
        bool left = fstat(folder->fd, &status) == 0 && status.st_nlink > 0;
        close(folder->fd);
        if (left) /* somebody has killed the caretaker */
            remove_left_behind();
    }
    *folder = NO_FOLDER;
}

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
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the caretaker says once. */
struct report {
    int number; /* errno; 0: it is made */
    char path[PATH_MAX];
};

void folder_clear(int fd) {
    int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = own >= 0 ? fdopendir(own) : NULL;
    const struct dirent *entry;
    while (folder && (entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(own, entry->d_name, 0);
    if (folder)
        closedir(folder);
    else if (own >= 0)
        close(own);
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

static void make(struct report *report) {
    const char *place = getenv("TMPDIR");
    int length = snprintf(report->path, sizeof(report->path), "%s/sockshell-lesson.XXXXXX",
                          place != NULL && place[0] == '/' ? place : "/tmp");
    if (length >= (int)sizeof(report->path))
        report->number = ENAMETOOLONG;
    else if (mkdtemp(report->path) == NULL)
        report->number = errno;
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
    make(&report);
    int folder = report.number == 0 ? open(report.path, O_PATH | O_DIRECTORY | O_NOFOLLOW) : -1;
    bool told = write(0, &report, sizeof(report)) == (ssize_t)sizeof(report);
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
    if (started && receive(ends[0], &report) &&
        (folder->fd = open(report.path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) >= 0)
        return true;
    number = started ? errno : number;
    folder_end(folder);
    error_set(error, ERROR_SYSTEM, (struct span){0, 0}, "%s cannot be made: %s%s%s", what, report.path,
              report.path[0] != '\0' ? ": " : "", strerror(number));
    error_hint(error, "TMPDIR names the folder that it is made in");
    return false;
}

void folder_end(struct folder *folder) {
    char nothing;
    if (folder->fd >= 0)
        close(folder->fd);
    if (folder->caretaker >= 0) {
        shutdown(folder->caretaker, SHUT_WR);
        while (read(folder->caretaker, &nothing, 1) < 0 && errno == EINTR)
            continue;
        close(folder->caretaker);
    }
    *folder = NO_FOLDER;
}

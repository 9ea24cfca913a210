/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs a command in a storm of signals, for tests/storms.sh:
 *
 *     storm COMMAND ARGUMENT…
 *
 * From its start to its end the command's process is sent SIGWINCH and SIGCHLD, and is stopped and continued, which
 * interrupts more calls than a signal that is ignored does (signal(7)); and so are those of its family that care for
 * something: all that are called sockshell… but the actors, whose calls are the learner's to see interrupted.  They
 * are those that have a process group of their own.
 *
 * The exit status is the command's; how many rounds there were is told on standard error.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KIN_MOST 64

/* Of /proc/PID/stat: (comm) state ppid pgrp. */
static bool is_kin(pid_t process, const pid_t *kin, size_t count) {
    char path[32], text[512], *end;
    int parent, group;
    char state;
    snprintf(path, sizeof(path), "/proc/%d/stat", (int)process);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t length = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[length] = '\0';
    end = strrchr(text, ')');
    if (!end || !strstr(text, "(sockshell") || sscanf(end + 1, " %c %d %d", &state, &parent, &group) != 3)
        return false;
    bool cares = strstr(text, "(sockshell-tidy") != NULL || group == getpgrp();
    for (size_t i = 0; i < count; i++)
        if (parent == kin[i])
            return cares;
    return cares && parent == getpid(); /* whose parent has ended: it is ours now */
}

static size_t find_kin(pid_t *kin) {
    size_t count = 1;
    DIR *processes = opendir("/proc");
    const struct dirent *entry;
    while (processes && count < KIN_MOST && (entry = readdir(processes)) != NULL)
        if (isdigit((unsigned char)entry->d_name[0]) && atoi(entry->d_name) != kin[0] &&
            is_kin(atoi(entry->d_name), kin, count))
            kin[count++] = atoi(entry->d_name);
    if (processes)
        closedir(processes);
    return count;
}

static void blow(pid_t process) {
    static const int signals[] = {SIGWINCH, SIGCHLD, SIGSTOP, SIGCONT};
    for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
        kill(process, signals[i]);
}

int main(int argc, char **argv) {
    const struct timespec breath = {.tv_nsec = 20000}; /* else it would do nothing but stop */
    pid_t kin[KIN_MOST];
    unsigned long rounds = 0;
    int status;
    if (argc < 2)
        return 99;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    kin[0] = fork();
    if (kin[0] == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    for (pid_t ended; (ended = waitpid(-1, &status, WNOHANG)) != kin[0]; rounds++) {
        size_t count = rounds % 64 == 0 ? find_kin(kin) : 1;
        for (size_t i = 0; i < count; i++)
            blow(kin[i]);
        nanosleep(&breath, NULL);
    }
    fprintf(stderr, "storm: %lu rounds\n", rounds);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

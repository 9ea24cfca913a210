/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Children, by proc(5); see processes.h. */
#include "processes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

const char *processes_children(pid_t pid) {
    static char text[1024];
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
    FILE *file = fopen(path, "r");
    if (file == NULL || fgets(text, sizeof(text), file) == NULL)
        text[0] = '\0';
    if (file != NULL)
        fclose(file);
    return text;
}

pid_t processes_child(pid_t pid) {
    return atoi(processes_children(pid));
}

static bool is_named(long pid, const char *name) {
    char comm[64], path[64];
    snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%63s", comm) != 1)
        comm[0] = '\0';
    if (file != NULL)
        fclose(file);
    return strcmp(comm, name) == 0;
}

pid_t processes_child_named(pid_t pid, const char *name) {
    char *next = (char *)processes_children(pid);
    for (long child; (child = strtol(next, &next, 10)) > 0;)
        if (is_named(child, name))
            return (pid_t)child;
    return 0;
}

static bool look(pid_t pid, siginfo_t *info) {
    *info = (siginfo_t){0};
    return waitid(P_PID, (id_t)pid, info, WEXITED | WNOHANG | WNOWAIT) < 0 || info->si_pid != 0;
}

bool processes_ended(pid_t pid) {
    siginfo_t info;
    return look(pid, &info);
}

const char *processes_end(pid_t pid) {
    static char text[32];
    siginfo_t info;
    look(pid, &info);
    snprintf(text, sizeof(text), "%s %d", info.si_code == CLD_EXITED ? "exit status" : "by signal", info.si_status);
    return text;
}

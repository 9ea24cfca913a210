/* SPDX-License-Identifier: GPL-3.0-or-later */
/* See processes.h. */
#include "processes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_file(pid_t pid, const char *name) {
    char path[128];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    return fopen(path, "re");
}

static void add_schedule(pid_t pid, struct usage *sum) {
    long long cpu, waited, turns;
    FILE *file = open_file(pid, "schedstat");
    if (file != NULL && fscanf(file, "%lld %lld %lld", &cpu, &waited, &turns) == 3) {
        sum->cpu_ns += cpu;
        sum->turns += turns;
    }
    if (file != NULL)
        fclose(file);
}

static void add_memory(pid_t pid, struct usage *sum) {
    char line[256];
    long long kib;
    FILE *file = open_file(pid, "status");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "VmHWM: %lld", &kib) == 1)
            sum->resident_kib += kib;
    if (file != NULL)
        fclose(file);
}

static void add(pid_t pid, struct usage *sum) {
    char path[64];
    int child;
    sum->processes++;
    add_schedule(pid, sum);
    add_memory(pid, sum);
    snprintf(path, sizeof path, "task/%d/children", (int)pid);
    FILE *children = open_file(pid, path);
    while (children != NULL && fscanf(children, "%d", &child) == 1)
        add(child, sum);
    if (children != NULL)
        fclose(children);
}

struct usage usage_of(pid_t pid) {
    struct usage sum = {0};
    add(pid, &sum);
    return sum;
}

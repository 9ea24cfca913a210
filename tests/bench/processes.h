/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What /proc says of a process and all below it, for the benchmark. */
#ifndef SOCKSHELL_BENCH_PROCESSES_H
#define SOCKSHELL_BENCH_PROCESSES_H

#include <sys/types.h>

struct usage {
    int processes;
    long long cpu_ns;      /* on a CPU, since their start (schedstat) */
    long long turns;       /* how often they were given one */
    long long resident_kib; /* the most that each has had in memory, summed (VmHWM) */
};

struct usage usage_of(pid_t pid);

#endif

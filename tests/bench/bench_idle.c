/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What does a program cost while nobody does anything?  It is started on a
 * terminal and left alone, with all its processes.
 *
 *     bench_idle SECONDS PROMPT "COMMAND"
 *     → how often a process of it was given a CPU, microseconds on it, bytes written, processes
 */
#include <stdio.h>
#include <stdlib.h>

#include "processes.h"
#include "typist.h"

#define REST_MS 500

int main(int argc, char **argv) {
    static struct typist typist;
    int seconds = argc == 4 ? atoi(argv[1]) : 0;
    if (seconds < 1) {
        fprintf(stderr, "usage: bench_idle SECONDS PROMPT COMMAND\n");
        return 2;
    }
    if (!typist_start(&typist, argv[3], 24, 80) || !typist_await(&typist, argv[2]) || !typist_rest(&typist, REST_MS))
        return 1;
    struct usage before = usage_of(typist.pid);
    size_t bytes = typist_listen(&typist, seconds * 1000);
    struct usage after = usage_of(typist.pid);
    printf("%lld %lld %zu %d\n", after.turns - before.turns, (after.cpu_ns - before.cpu_ns) / 1000, bytes,
           after.processes);
    typist_end(&typist);
    return 0;
}

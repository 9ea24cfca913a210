/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long from exec to the first prompt on a terminal?  Two programs are
 * started in turn on ptys of their own, so that what disturbs the machine
 * disturbs both; the medians and their ratio are printed.
 *
 *     bench_start RUNS PROMPT-A "COMMAND A" PROMPT-B "COMMAND B"
 *     → microseconds of A, of B, and A divided by B
 */
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "typist.h"

/* Nanoseconds to the prompt; -1 when it did not come. */
static int64_t time_start(const char *command, const char *prompt) {
    struct typist typist;
    if (!typist_start(&typist, command, 24, 80))
        return -1;
    int64_t taken = typist_await(&typist, prompt) ? typist.heard - typist.begun : -1;
    typist_end(&typist);
    return taken;
}

int main(int argc, char **argv) {
    long runs = argc == 6 ? strtol(argv[1], NULL, 10) : 0;
    if (runs < 1 || runs > 10000) {
        fprintf(stderr, "usage: bench_start RUNS PROMPT-A COMMAND-A PROMPT-B COMMAND-B\n");
        return 2;
    }
    int64_t *taken[2];
    for (int which = 0; which < 2; which++) {
        taken[which] = calloc((size_t)runs, sizeof *taken[which]);
        if (taken[which] == NULL)
            return 1;
    }
    for (long run = 0; run < runs; run++)
        for (int which = 0; which < 2; which++) {
            taken[which][run] = time_start(argv[3 + 2 * which], argv[2 + 2 * which]);
            if (taken[which][run] < 0)
                return 1;
        }
    double a = clock_median(taken[0], (size_t)runs), b = clock_median(taken[1], (size_t)runs);
    printf("%.0f %.0f %.2f\n", a / 1000, b / 1000, a / b);
    free(taken[0]);
    free(taken[1]);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time and medians, for the programs of the benchmark. */
#ifndef SOCKSHELL_BENCH_CLOCK_H
#define SOCKSHELL_BENCH_CLOCK_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/* CLOCK_MONOTONIC, in nanoseconds. */
static inline int64_t clock_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static inline int clock_compare(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Sorts the samples. */
static inline double clock_median(int64_t *samples, size_t count) {
    qsort(samples, count, sizeof samples[0], clock_compare);
    return (double)samples[count / 2];
}

#endif

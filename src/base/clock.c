/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time in nanoseconds; see clock.h. */
#include "base/clock.h"

int64_t clock_ns(struct timespec time) {
    return time.tv_sec * SECOND_NS + time.tv_nsec;
}

struct timespec clock_timespec(int64_t ns) {
    return (struct timespec){.tv_sec = ns / SECOND_NS, .tv_nsec = ns % SECOND_NS};
}

static int64_t read_clock(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time); /* cannot fail with these clocks */
    return clock_ns(time);
}

int64_t clock_now_ns(void) {
    return read_clock(CLOCK_MONOTONIC);
}

/* Somebody else may have the CPU between two readings.  Of three tries, that with the least time between them. */
int64_t clock_real_offset_ns(void) {
    int64_t best = 0, least = INT64_MAX;
    for (int i = 0; i < 3; i++) {
        int64_t before = clock_now_ns(), real = read_clock(CLOCK_REALTIME), after = clock_now_ns();
        if (after - before < least) {
            least = after - before;
            best = real - before - (after - before) / 2;
        }
    }
    return best;
}

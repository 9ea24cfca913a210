/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Time as the program keeps it: nanoseconds of CLOCK_MONOTONIC in an int64_t
 * (292 years).  That clock never jumps, and it is the same in every process, so
 * that what actors say of themselves can be put in order with what is seen here.
 */
#ifndef SOCKSHELL_BASE_CLOCK_H
#define SOCKSHELL_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

#define SECOND_NS INT64_C(1000000000)
#define MILLISECOND_NS INT64_C(1000000)

/* CLOCK_MONOTONIC, now. */
int64_t clock_now_ns(void);
/* CLOCK_REALTIME less CLOCK_MONOTONIC, now: what turns a time stamp of the kernel's into one of ours.  It changes
 * whenever the machine's clock is set. */
int64_t clock_real_offset_ns(void);
int64_t clock_ns(struct timespec time);
/* `ns` is not negative. */
struct timespec clock_timespec(int64_t ns);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shell and actors take turns, so they are quickest on one CPU: a round trip
 * takes 6.8 µs there, and 48 µs across two.  Only when an actor turns to bulk
 * work is it given all CPUs back.  Likewise a parent that goes to sleep and its
 * child: on a machine with work for all CPUs it begins within 0.1 ms where the
 * parent was, and after several when another CPU has to take it in.
 */
#ifndef SOCKSHELL_BASE_CPU_H
#define SOCKSHELL_BASE_CPU_H

#include <sched.h>
#include <stdbool.h>

struct cpu {
    bool pinned;   /* false: there is one CPU anyway, or the system would not */
    cpu_set_t all; /* what this process was allowed before */
    cpu_set_t one;
};

/* Pin this process, and the children it forks from now on, to the CPU it runs on. */
void cpu_pin(struct cpu *cpu);
/* Give this process all its CPUs back, or take them away again. */
void cpu_spread(const struct cpu *cpu);
void cpu_gather(const struct cpu *cpu);

#endif

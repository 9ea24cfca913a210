/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One CPU for those who take turns; see cpu.h.  A refusal costs time only, so none is an error. */
#include "base/cpu.h"

void cpu_pin(struct cpu *cpu) {
    int here = sched_getcpu();

    cpu->pinned = false;
    if (here < 0 || here >= CPU_SETSIZE || sched_getaffinity(0, sizeof(cpu->all), &cpu->all) < 0 ||
        CPU_COUNT(&cpu->all) < 2)
        return;
    CPU_ZERO(&cpu->one);
    CPU_SET((size_t)here, &cpu->one);
    cpu->pinned = sched_setaffinity(0, sizeof(cpu->one), &cpu->one) == 0;
}

void cpu_spread(const struct cpu *cpu) {
    if (cpu->pinned)
        sched_setaffinity(0, sizeof(cpu->all), &cpu->all);
}

void cpu_gather(const struct cpu *cpu) {
    if (cpu->pinned)
        sched_setaffinity(0, sizeof(cpu->one), &cpu->one);
}

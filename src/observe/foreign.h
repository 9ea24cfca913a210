/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which program holds a socket that no actor has: by its inode, in /proc, as far as we may look. */
#ifndef SOCKSHELL_OBSERVE_FOREIGN_H
#define SOCKSHELL_OBSERVE_FOREIGN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct foreign {
    pid_t pid;
    int fd;
    char name[64]; /* as /proc/PID/comm has it; not escaped: a program names itself */
};

/* The first process that has a descriptor for it. False: nobody whom we may see. Costs a look at every
 * descriptor of every process, milliseconds: for explanations only. */
bool foreign_find(uint32_t inode, struct foreign *foreign);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * No actor outlives the shell, however the shell dies.
 *
 * The lifeline is a pipe that nothing is ever written to, whose write end only
 * the shell holds.  Every actor opens a description of its own of the read end
 * (signals are set per open file description) and asks the kernel to send it
 * SIGKILL when something happens there (O_ASYNC, F_SETOWN, F_SETSIG): the only
 * thing that can is that the write end goes, with the shell.  No process has to
 * be there to do it, and no actor can be missed: unlike PR_SET_PDEATHSIG it
 * holds for grandchildren and for orphans.
 *
 * Measured (Linux 6.18, as root and as an ordinary user): after SIGKILL of the
 * holder, three generations of processes with all signals ignored and blocked,
 * busy and asleep, were gone.
 */
#ifndef SOCKSHELL_ACTOR_LIFELINE_H
#define SOCKSHELL_ACTOR_LIFELINE_H

#include <stdbool.h>

/* [0] is for the actors, [1] the shell's own; both close-on-exec. */
bool lifeline_new(int ends[2]);
/* Tie this process, now and as descriptor `number`, to the lifeline that `read_end` is one end of
 * (number itself, in a forked child, whose descriptor is still its parent's).  False when that cannot
 * be done because /proc is not there; a first child of the shell then still has PR_SET_PDEATHSIG.
 * Does not return if the shell is gone already. */
bool lifeline_hold(int read_end, int number);

#endif

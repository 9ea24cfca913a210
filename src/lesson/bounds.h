/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bounds in which a lesson is played, since it may be from anybody: those of call/confine.h. */
#ifndef SOCKSHELL_LESSON_BOUNDS_H
#define SOCKSHELL_LESSON_BOUNDS_H

#include "call/confine.h"
#include "base/error.h"

/* Make the folder of this run, and the bounds that the actors are born with. `own_network`: everything that
 * the lesson can reach is its own, or the learner has asked for the machine's. False: the folder cannot be
 * made. The caller ends them with bounds_end() when the actors have ended. */
bool bounds_begin(struct confinement *bounds, bool own_network, struct error *error);
/* The sockets in the folder are removed: the lesson begins afresh. */
void bounds_clear(const struct confinement *bounds);
/* The folder and the sockets in it are removed. */
void bounds_end(struct confinement *bounds);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bounds in which a lesson is played, since it may be from anybody: those of call/confine.h. */
#ifndef SOCKSHELL_LESSON_BOUNDS_H
#define SOCKSHELL_LESSON_BOUNDS_H

#include "call/confine.h"
#include "base/error.h"
#include "lesson/folder.h"

struct bounds {
    struct confinement within; /* that the actors are born with */
    struct folder folder;      /* of this run, where the network has none */
};

/* Make the bounds, with a folder for this run. `own_network`: everything that the lesson can reach is its own, or the
 * learner has asked for the machine's. `private_folder`: one that is gone by itself (network_folder()), or -1. False:
 * no folder can be made. The caller ends them with bounds_end() when the actors have ended. */
bool bounds_begin(struct bounds *bounds, bool own_network, int private_folder, struct error *error);
/* The sockets in the folder are removed: the lesson begins afresh. */
void bounds_clear(const struct bounds *bounds);
/* The folder and the sockets in it are removed. */
void bounds_end(struct bounds *bounds);

#endif

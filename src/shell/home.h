/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the sockets live: on the machine's own network or in a private one. */
#ifndef SOCKSHELL_SHELL_HOME_H
#define SOCKSHELL_SHELL_HOME_H

#include "shell/shell.h"

enum home {
    HOME_MACHINE,
    HOME_PRIVATE_OR_MACHINE, /* where a private network is refused, without one */
    HOME_PRIVATE,
};

/* Before there are actors.  A private network takes about a millisecond; between the two calls there is time for
 * what does not need it.  The error is why there is none, of HOME_PRIVATE only. */
void home_begin(struct shell *shell, enum home home);
bool home_arrive(struct shell *shell, enum home home, struct error *error);

#endif

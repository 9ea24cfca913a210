/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the history lives; see history.h. */
#include "prompt/history.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/mem.h"

char *history_path(void) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state != NULL && state[0] == '/')
        return mem_format("%s/sockshell/history", state);
    if (home != NULL && home[0] == '/')
        return mem_format("%s/.local/state/sockshell/history", home);
    return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where state is kept; see state_file.h. */
#include "base/state_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

char *state_file_path(const char *name) {
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state != NULL && state[0] == '/')
        return mem_format("%s/sockshell/%s", state, name);
    if (home != NULL && home[0] == '/')
        return mem_format("%s/.local/state/sockshell/%s", home, name);
    return NULL;
}

void state_file_folders(const char *path) {
    char *folder = mem_string(path);
    for (char *slash = strchr(folder + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0700);
        *slash = '/';
    }
    free(folder);
}

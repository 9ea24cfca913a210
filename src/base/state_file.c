/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where state is kept; see state_file.h. */
#include "base/state_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"

static char *path_below(const char *variable, const char *usual, const char *name) {
    const char *base = getenv(variable), *home = getenv("HOME");
    if (base != NULL && base[0] == '/')
        return mem_format("%s/sockshell/%s", base, name);
    if (home != NULL && home[0] == '/')
        return mem_format("%s/%s/sockshell/%s", home, usual, name);
    return NULL;
}

char *state_file_path(const char *name) {
    return path_below("XDG_STATE_HOME", ".local/state", name);
}

char *config_file_path(const char *name) {
    return path_below("XDG_CONFIG_HOME", ".config", name);
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

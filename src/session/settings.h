/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a person has set for all sessions, in a file: see THE SCREEN in sockshell(1). */
#ifndef SOCKSHELL_SESSION_SETTINGS_H
#define SOCKSHELL_SESSION_SETTINGS_H

#include <stdbool.h>

#include "base/error.h"

struct settings {
    bool mouse; /* usual: on */
};

/* The usual ones, and over them what the file says; no file, or no name of one (NULL), says nothing. False and error,
 * with the file's name and line, when it cannot be read or says what is not understood. */
bool settings_read(const char *path, struct settings *settings, struct error *error);

#endif

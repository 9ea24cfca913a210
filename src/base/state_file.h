/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is kept from one run to the next, and set for all, where the XDG Base Directory Specification wants it. */
#ifndef SOCKSHELL_BASE_STATE_FILE_H
#define SOCKSHELL_BASE_STATE_FILE_H

#include <stdbool.h>

/* $XDG_STATE_HOME/sockshell/NAME, usually ~/.local/state/sockshell/NAME. The caller frees. NULL when neither
 * XDG_STATE_HOME nor HOME is an absolute path. */
char *state_file_path(const char *name);
/* $XDG_CONFIG_HOME/sockshell/NAME, usually ~/.config/sockshell/NAME: what the person has set. Likewise. */
char *config_file_path(const char *name);
/* The folders above it are made where they are missing, for the user alone (0700). */
void state_file_folders(const char *path);

#endif

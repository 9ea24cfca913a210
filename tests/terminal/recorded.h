/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of recorded screens: each begins with a line `=== NAME`. */
#ifndef SOCKSHELL_TESTS_TERMINAL_RECORDED_H
#define SOCKSHELL_TESTS_TERMINAL_RECORDED_H

#include <stdbool.h>

/* The screen of this name, which the caller frees; NULL: there is none, or no file. */
char *recorded_get(const char *path, const char *name);
/* Write it, behind what is there (`more`) or as the first; false and errno when that is impossible. */
bool recorded_put(const char *path, bool more, const char *name, const char *picture);

#endif

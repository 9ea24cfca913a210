/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drive.c types at random, by random(3). */
#ifndef SOCKSHELL_TESTS_TERMINAL_RANDOM_H
#define SOCKSHELL_TESTS_TERMINAL_RANDOM_H

#include <sys/ioctl.h>

/* A key, half a key, a line, or what is no text. */
const char *random_piece(void);
/* A size that a terminal may have, down to one cell. */
void random_size(struct winsize *size);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What drive.c types at random: the same for the same seed, however fast the program is. */
#ifndef SOCKSHELL_TESTS_TERMINAL_RANDOM_H
#define SOCKSHELL_TESTS_TERMINAL_RANDOM_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>

#define RANDOM_REMEMBERED 64

struct random_act {
    const char *keys;    /* a key, half a key, a line, or what is no text; NULL: the size changes */
    struct winsize size; /* one that a terminal may have, down to one cell */
    int patience_ms;     /* with the answer */
    bool wait;           /* for all that was typed to be read */
};

struct random_keys {
    unsigned short state[3]; /* of nrand48(3) */
    struct winsize size;
    unsigned count; /* so far; the last RANDOM_REMEMBERED of them are kept: */
    struct random_act acts[RANDOM_REMEMBERED];
};

void random_begin(struct random_keys *keys, unsigned seed);
struct random_act random_next(struct random_keys *keys);
/* The last acts, as a scenario has them. */
void random_tell(const struct random_keys *keys, FILE *to);

#endif

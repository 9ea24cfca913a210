/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line; one table feeds parsing, --help and the manual's test. */
#ifndef SOCKSHELL_OPTIONS_H
#define SOCKSHELL_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/preset.h"

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unreleased"
#endif

struct options {
    const char **lessons; /* --lesson, and with --check the operands; the array is owned */
    size_t lesson_count;
    bool check;          /* --check: all of `lessons`, or the whole course when there are none */
    bool tap, accept;    /* --tap, --accept: ways of checking */
    bool list, reset;    /* --list; --reset: `lessons`, or all */
    bool typing;         /* --typing */
    double automatic;    /* --auto: its speed; 0: not */
    const char *report;  /* --report */
    uint64_t seed;       /* --seed; 0: parameters have their first values */
    bool plain;          /* --plain */
    enum { MOUSE_USUAL, MOUSE_ON, MOUSE_OFF } mouse; /* --mouse */
    const char *journal; /* --journal */
    enum { NETWORK_USUAL, NETWORK_HOST, NETWORK_PRIVATE } network;
    struct preset_wish preset; /* --preset */
    const char *script;  /* the operand; NULL: standard input */
    const char *program; /* the operand when it is a source file (FILE.c), */
    char *const *arguments; /* and those behind it */
    size_t argument_count;
};

/* True: go on. False: end with *status (help was shown, or the usage was wrong and told). In any case the
 * caller frees with options_free(). */
bool options_read(int argc, char **argv, struct options *options, int *status);
void options_free(struct options *options);

#endif

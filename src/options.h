/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line; one table feeds parsing, --help and the manual's test. */
#ifndef SOCKSHELL_OPTIONS_H
#define SOCKSHELL_OPTIONS_H

#include <stdbool.h>

#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unreleased"
#endif

struct options {
    const char *lesson;  /* --lesson */
    bool check;          /* --check */
    bool plain;          /* --plain */
    const char *journal; /* --journal */
    enum { NETWORK_USUAL, NETWORK_HOST, NETWORK_PRIVATE } network;
    const char *script;  /* the operand; NULL: standard input */
};

/* True: go on. False: end with *status (help was shown, or the usage was wrong and told). */
bool options_read(int argc, char **argv, struct options *options, int *status);

#endif

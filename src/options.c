/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line; see options.h. */
#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#define EXIT_USAGE 2

static const struct row {
    const char *name, *argument;
    int letter;
    const char *means;
} rows[] = {
    {"lesson", "NAME", 'l', "play a lesson, by name or path (echo.les)"},
    {"check", NULL, 'c', "with --lesson: play it with nobody there and verify every expectation"},
    {"network", "private|host", 'n', "where the sockets live (usual: host; lessons: private)"},
    {"journal", "FILE", 'j', "write every event to FILE as JSON Lines"},
    {"plain", NULL, 'p', "plain lines on the terminal, no panes"},
    {"help", NULL, 'h', "this text"},
    {"version", NULL, 'V', "the version, and where the licence is"},
};
#define ROWS (sizeof(rows) / sizeof(*rows))

static void usage(FILE *out) {
    fputs("usage: sockshell [options] [SCRIPT]\n"
          "A shell for learning sockets: C lines run for real, in one process a role.\n"
          "With a terminal it opens a prompt; otherwise, or with SCRIPT, it carries lines out in order.\n\n",
          out);
    for (size_t i = 0; i < ROWS; i++) {
        char left[40];
        snprintf(left, sizeof(left), "-%c, --%s%s%s", rows[i].letter, rows[i].name,
                 rows[i].argument != NULL ? "=" : "", rows[i].argument != NULL ? rows[i].argument : "");
        fprintf(out, "  %-28s %s\n", left, rows[i].means);
    }
    fputs("\nExit status: 0 all was understood, 1 something was not (or a check failed), 2 wrong usage.\n"
          "man sockshell tells the rest.\n",
          out);
}

static bool take(int letter, const char *argument, struct options *options, int *status) {
    switch (letter) {
    case 'l': options->lesson = argument; return true;
    case 'c': options->check = true; return true;
    case 'j': options->journal = argument; return true;
    case 'p': options->plain = true; return true;
    case 'n':
        if (strcmp(argument, "private") == 0)
            options->network = NETWORK_PRIVATE;
        else if (strcmp(argument, "host") == 0)
            options->network = NETWORK_HOST;
        else {
            fprintf(stderr, "sockshell: --network is private or host, not %s\n", argument);
            *status = EXIT_USAGE;
            return false;
        }
        return true;
    case 'h':
        usage(stdout);
        *status = 0;
        return false;
    case 'V':
        printf("sockshell %s\nGPL-3.0-or-later; there is no warranty.\n", PACKAGE_VERSION);
        *status = 0;
        return false;
    default:
        fputs("sockshell --help lists the options\n", stderr);
        *status = EXIT_USAGE;
        return false;
    }
}

bool options_read(int argc, char **argv, struct options *options, int *status) {
    struct option table[ROWS + 1] = {0};
    char letters[2 * ROWS + 1] = "";
    for (size_t i = 0; i < ROWS; i++) {
        table[i] = (struct option){rows[i].name, rows[i].argument != NULL ? required_argument : no_argument, NULL,
                                   rows[i].letter};
        char letter[3] = {(char)rows[i].letter, rows[i].argument != NULL ? ':' : '\0', '\0'};
        strcat(letters, letter);
    }
    *options = (struct options){0};
    int letter;
    while ((letter = getopt_long(argc, argv, letters, table, NULL)) != -1)
        if (!take(letter, optarg, options, status))
            return false;
    *status = EXIT_USAGE;
    if (options->check && options->lesson == NULL) {
        fputs("sockshell: --check needs --lesson NAME\n", stderr);
        return false;
    }
    if (argc - optind > 1 || (options->lesson != NULL && optind < argc)) {
        fprintf(stderr, "sockshell: %s is one argument too many\nsockshell --help lists the options\n",
                argv[argc - 1]);
        return false;
    }
    options->script = optind < argc ? argv[optind] : NULL;
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line; see options.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define EXIT_USAGE 2

static const struct row {
    const char *name, *argument;
    int letter;
    const char *means;
} rows[] = {
    {"lesson", "NAME", 'l', "play a lesson, by name or path (echo.les)"},
    {"check", NULL, 'c', "play lessons with nobody there and verify them (usual: all of them)"},
    {"tap", NULL, 't', "with --check: tell each test, as TAP 13"},
    {"accept", NULL, 'a', "with --check: write what was really seen to NAME.les.new"},
    {"seed", "NUMBER", 's', "draw the parameters of lessons with it"},
    {"network", "private|host", 'n', "where the sockets live (usual: host; lessons: private)"},
    {"journal", "FILE", 'j', "write every event to FILE as JSON Lines"},
    {"plain", NULL, 'p', "plain lines on the terminal, no panes"},
    {"help", NULL, 'h', "this text"},
    {"version", NULL, 'V', "the version, and where the licence is"},
};
#define ROWS (sizeof(rows) / sizeof(*rows))

static void usage(FILE *out) {
    fputs("usage: sockshell [options] [SCRIPT]\n"
          "       sockshell --check [options] [LESSON...]\n"
          "A shell for learning sockets: C lines run for real, in one process a role.\n"
          "With a terminal it opens a prompt; otherwise, or with SCRIPT, it carries lines out in order.\n\n",
          out);
    for (size_t i = 0; i < ROWS; i++) {
        char left[40];
        snprintf(left, sizeof(left), "-%c, --%s%s%s", rows[i].letter, rows[i].name,
                 rows[i].argument != NULL ? "=" : "", rows[i].argument != NULL ? rows[i].argument : "");
        fprintf(out, "  %-28s %s\n", left, rows[i].means);
    }
    fputs("\nExit status: 0 all was understood, 1 something was not (or a check failed), 2 wrong usage,\n"
          "77 a lesson was skipped by --check.\n"
          "man sockshell tells the rest.\n",
          out);
}

static bool take_seed(const char *argument, struct options *options, int *status) {
    char *end;
    errno = 0;
    unsigned long long seed = strtoull(argument, &end, 10);
    if (*argument >= '0' && *argument <= '9' && *end == '\0' && errno == 0) {
        options->seed = seed;
        return true;
    }
    fprintf(stderr, "sockshell: --seed is a number from 0 on, not %s\n", argument);
    *status = EXIT_USAGE;
    return false;
}

static bool take(int letter, const char *argument, struct options *options, int *status) {
    switch (letter) {
    case 'l': options->lessons[options->lesson_count++] = argument; return true;
    case 't': options->tap = true; return true;
    case 'a': options->accept = true; return true;
    case 's': return take_seed(argument, options, status);
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

/* Are they of use together?  `operands` is how many there are, of which `last` is the last. */
static bool fit_together(const struct options *options, int operands, const char *last) {
    size_t most = options->lesson_count > 0 ? 0 : 1;
    if ((options->tap || options->accept) && !options->check)
        fprintf(stderr, "sockshell: --%s needs --check\n", options->tap ? "tap" : "accept");
    else if (options->lesson_count > 1 && !options->check)
        fputs("sockshell: one lesson at a time is played; --check takes several\n", stderr);
    else if (options->journal != NULL && options->check && options->lesson_count != 1)
        fputs("sockshell: --journal goes with one lesson\n", stderr);
    else if ((size_t)operands > most)
        fprintf(stderr, "sockshell: %s is one argument too many\nsockshell --help lists the options\n", last);
    else
        return true;
    return false;
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
    *options = (struct options){.lessons = mem_alloc((size_t)argc * sizeof(*options->lessons))};
    int letter;
    while ((letter = getopt_long(argc, argv, letters, table, NULL)) != -1)
        if (!take(letter, optarg, options, status))
            return false;
    *status = EXIT_USAGE;
    while (options->check && optind < argc)
        options->lessons[options->lesson_count++] = argv[optind++];
    options->script = optind < argc ? argv[optind] : NULL;
    return fit_together(options, argc - optind, argv[argc - 1]);
}

void options_free(struct options *options) {
    free(options->lessons);
    options->lessons = NULL;
}

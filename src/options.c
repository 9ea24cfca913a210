/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line; see options.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "base/suggest.h"

#define EXIT_USAGE 2

static const struct row {
    const char *name, *argument; /* an argument in brackets may be missing */
    int letter;
    const char *means;
} rows[] = {
    {"lesson", "NAME", 'l', "play a lesson, by name or path (echo.les)"},
    {"check", NULL, 'c', "play lessons with nobody there and verify them (usual: all of them)"},
    {"tap", NULL, 't', "with --check: tell each test, as TAP 13"},
    {"accept", NULL, 'a', "with --check: write what was really seen to NAME.les.new"},
    {"list", NULL, 'L', "list the lessons, and how far you are in them"},
    {"reset", NULL, 'R', "forget how far you are: in LESSON, or in all"},
    {"typing", NULL, 'T', "with --lesson: type each command yourself"},
    {"auto", "[SPEED]", 'A', "with --lesson: a demonstration (usual speed: 1)"},
    {"report", "FILE", 'r', "with --lesson: add what the learner did to FILE"},
    {"seed", "NUMBER", 's', "draw the parameters of lessons with it"},
    {"network", "private|host", 'n', "where the sockets live (usual: host; lessons: private)"},
    {"preset", "SETTINGS", 'P', "of a private network: off, or quickack off, mtu off …"},
    {"journal", "FILE", 'j', "write every event to FILE as JSON Lines"},
    {"mouse", "on|off", 'm', "wheel and clicks are for the panes (usual: on); off: for selecting text"},
    {"plain", NULL, 'p', "plain lines on the terminal, no panes"},
    {"help", NULL, 'h', "this text"},
    {"version", NULL, 'V', "the version, and where the licence is"},
};
#define ROWS (sizeof(rows) / sizeof(*rows))

static bool is_optional(const struct row *row) {
    return row->argument != NULL && row->argument[0] == '[';
}

static void usage(FILE *out) {
    fputs("usage: sockshell [options] [SCRIPT | FILE.c [ARGUMENT...]]\n"
          "       sockshell --check [options] [LESSON...]\n"
          "       sockshell --reset [LESSON...]\n"
          "A shell for learning sockets: C lines run for real, in one process a role.\n"
          "With a terminal it opens a prompt; otherwise, or with SCRIPT, it carries lines out in order.\n"
          "FILE.c is a program, which is run first.\n\n",
          out);
    for (size_t i = 0; i < ROWS; i++) {
        const char *argument = rows[i].argument != NULL ? rows[i].argument : "";
        const char *before = is_optional(&rows[i]) ? "[=" : *argument ? "=" : "";
        char left[40];
        snprintf(left, sizeof(left), "-%c, --%s%s%s", rows[i].letter, rows[i].name, before,
                 argument + is_optional(&rows[i]));
        fprintf(out, "  %-28s %s\n", left, rows[i].means);
    }
    fputs("\nExit status: 0 all was understood, 1 something was not (or a check failed), 2 wrong usage,\n"
          "77 a lesson was skipped by --check.\n"
          "man sockshell tells the rest.\n",
          out);
}

/* `rule`: "--seed is a number from 0 on". */
static bool refuse_value(const char *rule, const char *value, int *status) {
    struct buf safe = {0};
    escape_text(&safe, value, strlen(value));
    fprintf(stderr, "sockshell: %s, not %s\n", rule, safe.length > 0 ? buf_text(&safe) : "nothing");
    buf_free(&safe);
    *status = EXIT_USAGE;
    return false;
}

static bool take_seed(const char *argument, struct options *options, int *status) {
    char *end;
    errno = 0;
    unsigned long long seed = strtoull(argument, &end, 10);
    if (*argument >= '0' && *argument <= '9' && *end == '\0' && errno == 0 && seed <= INT64_MAX) {
        options->seed = seed;
        return true;
    }
    return refuse_value("--seed is a number from 0 on", argument, status);
}

/* NULL: the usual one. */
static bool take_speed(const char *argument, struct options *options, int *status) {
    char *end = NULL;
    options->automatic = argument != NULL ? strtod(argument, &end) : 1;
    bool number = argument == NULL || (end != argument && *end == '\0');
    if (number && options->automatic >= 0.1 && options->automatic <= 1000)
        return true;
    return refuse_value("the speed of --auto is a number from 0.1 to 1000, 1 the usual one", argument,
                        status);
}

static bool take_mouse(const char *argument, struct options *options, int *status) {
    options->mouse = strcmp(argument, "on") == 0 ? MOUSE_ON : MOUSE_OFF;
    if (options->mouse == MOUSE_ON || strcmp(argument, "off") == 0)
        return true;
    return refuse_value("--mouse is on or off", argument, status);
}

static bool take_preset(const char *argument, struct options *options, int *status) {
    bool understood = true;
    for (const char *words = argument; understood && words != NULL;) {
        const char *comma = strchr(words, ',');
        char *copy = comma != NULL ? mem_string_n(words, (size_t)(comma - words)) : mem_string(words);
        understood = preset_wish(&options->preset, copy);
        free(copy);
        words = comma != NULL ? comma + 1 : NULL;
    }
    if (understood)
        return true;
    return refuse_value("--preset is on, off, or some settings with on or off: --preset='quickack off, mtu off'",
                        argument, status);
}

static bool take(int letter, const char *argument, struct options *options, int *status) {
    switch (letter) {
    case 'l': options->lessons[options->lesson_count++] = argument; return true;
    case 't': options->tap = true; return true;
    case 'a': options->accept = true; return true;
    case 'L': options->list = true; return true;
    case 'R': options->reset = true; return true;
    case 'T': options->typing = true; return true;
    case 'A': return take_speed(argument, options, status);
    case 'P': return take_preset(argument, options, status);
    case 'r': options->report = argument; return true;
    case 's': return take_seed(argument, options, status);
    case 'c': options->check = true; return true;
    case 'm': return take_mouse(argument, options, status);
    case 'j': options->journal = argument; return true;
    case 'p': options->plain = true; return true;
    case 'n':
        if (strcmp(argument, "private") == 0)
            options->network = NETWORK_PRIVATE;
        else if (strcmp(argument, "host") == 0)
            options->network = NETWORK_HOST;
        else
            return refuse_value("--network is private or host", argument, status);
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
        *status = EXIT_USAGE;
        return false;
    }
}

/* Behind a complaint, where there is no better remedy. */
static bool point_to_help(void) {
    fputs("    sockshell --help lists the options\n", stderr);
    return false;
}

static const struct row *row_of(int letter) {
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].letter == letter)
            return &rows[i];
    return NULL;
}

/* --reprot=x, or --re, which may be --report and --reset. */
static void complain_of_name(const char *word) {
    char *name = mem_string_n(word, strcspn(word, "="));
    struct suggestion near;
    size_t begun = 0;
    suggest_start(&near, name + 2);
    for (size_t i = 0; i < ROWS; i++) {
        suggest_offer(&near, rows[i].name);
        begun += strncmp(rows[i].name, name + 2, strlen(name + 2)) == 0;
    }
    struct buf safe = {0};
    escape_text(&safe, name, strlen(name));
    if (begun > 1)
        fprintf(stderr, "sockshell: %s begins more than one option\n", buf_text(&safe));
    else
        fprintf(stderr, "sockshell: there is no option %s\n", buf_text(&safe));
    if (begun <= 1 && near.best != NULL)
        fprintf(stderr, "    did you mean --%s?\n", near.best);
    else
        point_to_help();
    buf_free(&safe);
    free(name);
}

/* getopt_long(3) has found something amiss at `word`: with ':' a missing argument, else optopt is the
 * letter of an option that there is and that takes none, or one that there is not, or 0. */
static void complain(int answer, const char *word) {
    const struct row *row = row_of(optopt);
    char letter[] = {(char)optopt, '\0'};
    struct buf safe = {0};
    escape_text(&safe, letter, strlen(letter));
    if (row != NULL && answer == ':')
        fprintf(stderr, "sockshell: --%s needs an argument: --%s=%s\n", row->name, row->name, row->argument);
    else if (row != NULL)
        fprintf(stderr, "sockshell: --%s takes no argument\n", row->name);
    else if (optopt != 0) {
        fprintf(stderr, "sockshell: there is no option -%s\n", buf_text(&safe));
        point_to_help();
    } else
        complain_of_name(word);
    buf_free(&safe);
}

static bool complain_of_operand(const char *operand) {
    struct buf safe = {0};
    escape_text(&safe, operand, strlen(operand));
    fprintf(stderr, "sockshell: %s is one argument too many\n", buf_text(&safe));
    buf_free(&safe);
    return point_to_help();
}

/* Are they of use together?  `operands` is how many there are, of which `last` is the last. */
static bool fit_together(const struct options *options, int operands, const char *last) {
    size_t most = options->lesson_count > 0 || options->list ? 0 : 1;
    if ((options->tap || options->accept) && !options->check)
        fprintf(stderr, "sockshell: --%s needs --check\n", options->tap ? "tap" : "accept");
    else if ((options->typing || options->automatic > 0 || options->report != NULL) &&
             (options->lesson_count == 0 || options->check || options->list || options->reset))
        fprintf(stderr, "sockshell: --%s is for playing a lesson: --lesson NAME\n",
                options->typing ? "typing" : options->report != NULL ? "report" : "auto");
    else if (options->typing && options->automatic > 0)
        fputs("sockshell: with --auto nobody types; --typing is the other way\n", stderr);
    else if (options->check + options->list + options->reset > 1)
        fputs("sockshell: --check, --list and --reset are three different things to do\n", stderr);
    else if (options->lesson_count > 1 && !options->check && !options->reset)
        fputs("sockshell: one lesson at a time is played; --check takes several\n", stderr);
    else if (options->journal != NULL && options->check && options->lesson_count != 1)
        fputs("sockshell: --journal goes with one lesson\n", stderr);
    else if (preset_is_wished(&options->preset) && (options->network == NETWORK_HOST ||
             (options->network == NETWORK_USUAL && options->lesson_count == 0 && !options->check)))
        fputs("sockshell: --preset is for a private network: --network=private, or lessons\n", stderr);
    else if ((size_t)operands > most)
        return complain_of_operand(last);
    else
        return true;
    return false;
}

static bool ends_with_c(const char *path) {
    size_t length = strlen(path);
    return length > 2 && strcmp(path + length - 2, ".c") == 0;
}

bool options_read(int argc, char **argv, struct options *options, int *status) {
    static const char *const colons[] = {
        [no_argument] = "", [required_argument] = ":", [optional_argument] = "::"};
    struct option table[ROWS + 1] = {0};
    char letters[1 + 3 * ROWS + 1] = ":"; /* by which a missing argument is told apart */
    for (size_t i = 0; i < ROWS; i++) {
        int takes = rows[i].argument == NULL  ? no_argument
                    : is_optional(&rows[i]) ? optional_argument
                                            : required_argument;
        table[i] = (struct option){rows[i].name, takes, NULL, rows[i].letter};
        char letter[] = {(char)rows[i].letter, '\0'};
        strcat(strcat(letters, letter), colons[takes]);
    }
    *options = (struct options){.lessons = mem_alloc((size_t)argc * sizeof(*options->lessons))};
    int letter;
    opterr = 0;
    while ((letter = getopt_long(argc, argv, letters, table, NULL)) != -1) {
        if (letter == '?' || letter == ':')
            complain(letter, argv[optind - 1]);
        if (!take(letter, optarg, options, status))
            return false;
    }
    *status = EXIT_USAGE;
    while ((options->check || options->reset) && optind < argc)
        options->lessons[options->lesson_count++] = argv[optind++];
    options->script = optind < argc ? argv[optind] : NULL;
    if (options->script != NULL && ends_with_c(options->script) && options->lesson_count == 0 && !options->list) {
        options->program = options->script;
        options->script = NULL;
        options->arguments = argv + optind + 1;
        options->argument_count = (size_t)(argc - optind - 1);
        optind = argc;
    }
    return fit_together(options, argc - optind, argv[argc - 1]);
}

void options_free(struct options *options) {
    free(options->lessons);
    options->lessons = NULL;
}

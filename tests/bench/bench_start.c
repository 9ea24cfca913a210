/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long from exec to the first prompt on a terminal?  Two programs are
 * started in turn on ptys of their own, so that what disturbs the machine
 * disturbs both; the medians and their ratio are printed.
 *
 *     bench_start RUNS PROMPT-A "COMMAND A" PROMPT-B "COMMAND B"
 *     → microseconds of A, of B, and A divided by B
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "clock.h"

#define ARGUMENTS_MAX 15
#define PATIENCE_MS 10000

/* Splits at blanks; there is no quoting.  Words point into command. */
static void split(char *command, char *words[ARGUMENTS_MAX + 1]) {
    int count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(command, " ", &rest); word && count < ARGUMENTS_MAX;
         word = strtok_r(NULL, " ", &rest))
        words[count++] = word;
    words[count] = NULL;
}

/* Reads until the prompt has come; false when the program ends or says nothing for long. */
static bool await_prompt(int terminal, const char *prompt) {
    char seen[65536];
    size_t length = 0;
    while (length < sizeof seen - 1) {
        struct pollfd wait = {.fd = terminal, .events = POLLIN};
        if (poll(&wait, 1, PATIENCE_MS) != 1)
            return false;
        ssize_t got = read(terminal, seen + length, sizeof seen - 1 - length);
        if (got <= 0)
            return false;
        length += (size_t)got;
        seen[length] = '\0';
        if (memmem(seen, length, prompt, strlen(prompt)))
            return true;
    }
    return false;
}

/* Nanoseconds to the prompt; -1 when it did not come. */
static int64_t time_start(char *const words[], const char *prompt) {
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    int terminal;
    int64_t begun = clock_now();
    pid_t child = forkpty(&terminal, NULL, NULL, &size);
    if (child < 0)
        return -1;
    if (child == 0) {
        setenv("TERM", "xterm", 1);
        execv(words[0], words);
        _exit(127);
    }
    int64_t taken = await_prompt(terminal, prompt) ? clock_now() - begun : -1;
    /* End of file at the prompt is how a person leaves as well. */
    if (write(terminal, "\004", 1) != 1)
        kill(child, SIGKILL);
    char rest[4096];
    struct pollfd wait = {.fd = terminal, .events = POLLIN};
    while (poll(&wait, 1, PATIENCE_MS) == 1 && read(terminal, rest, sizeof rest) > 0)
        continue;
    close(terminal);
    kill(child, SIGHUP);
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
    return taken;
}

int main(int argc, char **argv) {
    long runs = argc == 6 ? strtol(argv[1], NULL, 10) : 0;
    if (runs < 1 || runs > 10000) {
        fprintf(stderr, "usage: bench_start RUNS PROMPT-A COMMAND-A PROMPT-B COMMAND-B\n");
        return 2;
    }
    char *words[2][ARGUMENTS_MAX + 1];
    int64_t *taken[2];
    for (int which = 0; which < 2; which++) {
        split(argv[3 + 2 * which], words[which]);
        taken[which] = calloc((size_t)runs, sizeof *taken[which]);
        if (!taken[which])
            return 1;
    }
    for (long run = 0; run < runs; run++)
        for (int which = 0; which < 2; which++) {
            taken[which][run] = time_start(words[which], argv[2 + 2 * which]);
            if (taken[which][run] < 0) {
                fprintf(stderr, "bench_start: no \"%s\" from %s\n", argv[2 + 2 * which], words[which][0]);
                return 1;
            }
        }
    double a = clock_median(taken[0], (size_t)runs), b = clock_median(taken[1], (size_t)runs);
    printf("%.0f %.0f %.2f\n", a / 1000, b / 1000, a / b);
    free(taken[0]);
    free(taken[1]);
    return 0;
}

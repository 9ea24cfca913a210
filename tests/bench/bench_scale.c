/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What things cost in an actor with 10, 1,000 and 10,000 descriptors, after so
 * many calls that the journal is full.  Three shells in a private network are
 * asked in turn, so that what disturbs the machine disturbs all of them.
 *
 *     bench_scale RUNS
 *     → a line each: microseconds with 10, with 1,000, with 10,000; the last divided by the first; what it was
 *
 * What has to name every descriptor is measured per descriptor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "clock.h"
#include "lang/parse.h"
#include "net/network.h"
#include "prompt/complete.h"
#include "shell/changes.h"
#include "shell/shell.h"
#include "shell/watch.h"
#include "view/plain.h"

enum { SIZES = 3, RUNS_MAX = 1000 };
static const int sizes[SIZES] = {10, 1000, 10000};

static void line(struct shell *shell, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void line(struct shell *shell, const char *format, ...) {
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    if (shell_line(shell, text, strlen(text), "") != LINE_DONE) {
        fprintf(stderr, "bench_scale: refused: %s\n", text);
        exit(1);
    }
    shell_settle(shell);
    if (actor_state(shell->current) != ACTOR_IDLE)
        shell_wait(shell, shell->current);
}

static bool begin(struct shell *shell, int size, FILE *nowhere) {
    static const char *const actors[] = {"server", NULL};
    struct error error = {0};
    shell->journal = journal_new();
    shell->view = view_new(shell->journal, nowhere, nowhere, (struct view_options){0});
    shell->private_network = true;
    if (!shell_start(shell, SHELL_CHECK, actors, NULL, &error)) {
        fprintf(stderr, "bench_scale: %s\n", error.text);
        return false;
    }
    line(shell, "int i");
    line(shell, "int on = 1");
    line(shell, "s = socket(AF_INET, SOCK_DGRAM, 0)");
    line(shell, "bind(s, \"127.0.0.1:0\")");
    line(shell, "l = socket(AF_INET, SOCK_STREAM, 0)");
    line(shell, "bind(l, \"127.0.0.1:0\")");
    line(shell, "listen(l, 3)");
    line(shell, "struct sockaddr_in there");
    line(shell, "socklen_t length = sizeof(there)");
    line(shell, "getsockname(l, (struct sockaddr *)&there, &length)");
    line(shell, "c = socket(AF_INET, SOCK_STREAM, 0)");
    line(shell, "connect(c, (struct sockaddr *)&there, length)");
    line(shell, "a = accept(l)");
    line(shell, "u = socket(AF_UNIX, SOCK_DGRAM, 0)");
    line(shell, "bind(u, \"@bench-%d\")", size);
    line(shell, "for (i = 6; i < %d; i++) socket(AF_INET, SOCK_STREAM, 0)", size);
    line(shell, "for (i = 0; i < 100000; i++) getpid()");
    return true;
}

/* ---- What is measured; each does it once and says how many descriptors it named ---- */

static int touched_snapshot(struct shell *shell) {
    struct touched touched = {.actor = 0, .fd = 3};
    watch_keep(shell, watch_take(shell, &touched, 1, OPTIONS_NEW));
    watch_next_look(shell); /* as a session asks before it shows the prompt */
    return 1;
}

static int option_set(struct shell *shell) {
    line(shell, "setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on))");
    return 1;
}

static int opened_and_closed(struct shell *shell) {
    line(shell, "close(socket(AF_INET, SOCK_STREAM, 0))");
    return 1;
}

static int sent(struct shell *shell) {
    line(shell, "send(c, \"x\", 1, 0)");
    return 1;
}

static int sent_to_a_name(struct shell *shell) {
    int size = sizes[0];
    for (int i = 0; i < SIZES; i++)
        if (snapshot_get(shell->seen, 0, sizes[i] + 2) != NULL)
            size = sizes[i];
    line(shell, "sendto(u, \"x\", 1, MSG_DONTWAIT, \"@bench-%d\")", size);
    line(shell, "recv(u)");
    return 1;
}

static int completion(struct shell *shell) {
    static const char *const names[] = {"server", NULL};
    static const char text[] = "setsockopt(s, SOL_SOCKET, SO_RE";
    struct candidates candidates;
    struct board board;
    struct error error = {0};
    if (!actor_board(shell->current, &board, &error))
        return 1;
    struct world world = {&board, names, NULL};
    complete_line(&world, text, sizeof(text) - 1, &candidates);
    candidates_free(&candidates);
    board_free(&board);
    return 1;
}

static int state_of_one(struct shell *shell) {
    line(shell, ".state s");
    return 1;
}

static int state_of_all(struct shell *shell) {
    int count = 0;
    line(shell, ".state");
    for (const struct descriptor *at = snapshot_next(shell->seen, 0, 0); at != NULL; count++)
        at = snapshot_next(shell->seen, 0, at->fd + 1);
    return count;
}

static const struct {
    const char *name;
    int (*once)(struct shell *shell);
    bool watched;
    long fewer; /* runs are divided by it */
} measures[] = {
    {"a call that is not watched", option_set, false, 1},
    {"a snapshot of what a call touched", touched_snapshot, true, 1},
    {"a watched call", option_set, true, 1},
    {"two watched calls that open and close", opened_and_closed, true, 1},
    {"a watched send()", sent, true, 1},
    {"a watched sendto() to a UNIX name, and recv()", sent_to_a_name, true, 1},
    {"completion", completion, true, 1},
    {".state of one", state_of_one, true, 1},
    {".state, per descriptor", state_of_all, true, 10},
};

int main(int argc, char **argv) {
    long runs = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    struct error error = {0};
    struct rlimit files;
    struct shell shells[SIZES] = {0};
    FILE *nowhere = fopen("/dev/null", "we");
    if (runs < 1 || runs > RUNS_MAX || nowhere == NULL) {
        fprintf(stderr, "usage: bench_scale RUNS\n");
        return 2;
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    struct network *network = network_new(&error); /* to stay in */
    if (network == NULL)
        fprintf(stderr, "bench_scale: %s\n", error.text);
    for (int i = 0; i < SIZES; i++)
        if (!begin(&shells[i], sizes[i], nowhere))
            return 1;
    for (size_t m = 0; m < sizeof(measures) / sizeof(*measures); m++) {
        static int64_t taken[SIZES][RUNS_MAX];
        for (int i = 0; i < SIZES; i++) {
            watch_set(&shells[i], measures[m].watched ? WATCH_CALLS : WATCH_OFF);
            watch_before(&shells[i]);
        }
        long times = runs / measures[m].fewer + 1;
        for (long run = 0; run < times; run++)
            for (int i = 0; i < SIZES; i++) {
                int64_t begun = clock_now();
                int named = measures[m].once(&shells[i]);
                taken[i][run] = (clock_now() - begun) / (named > 0 ? named : 1);
            }
        double medians[SIZES];
        for (int i = 0; i < SIZES; i++)
            medians[i] = clock_median(taken[i], (size_t)times) / 1000;
        printf("%.1f %.1f %.1f %.2f %s\n", medians[0], medians[1], medians[2], medians[2] / medians[0],
               measures[m].name);
        fflush(stdout);
    }
    for (int i = 0; i < SIZES; i++) {
        shell_end(&shells[i]);
        view_free(shells[i].view);
        journal_free(shells[i].journal);
    }
    fclose(nowhere);
    return 0;
}

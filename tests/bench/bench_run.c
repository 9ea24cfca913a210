/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How long do two commands take, from fork to wait?  They run in turn, each
 * with its input on standard input through a pipe, as `cat INPUT | COMMAND`
 * does, and with its output through a pipe to us, as `COMMAND | …` does.
 *
 *     bench_run RUNS INPUT-A "COMMAND A" INPUT-B "COMMAND B"
 *     → microseconds of A and of B (medians)
 *
 * Commands are run by sh.  One that fails ends the benchmark.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "clock.h"

struct bytes {
    char *data;
    size_t length;
};

static bool read_file(const char *path, struct bytes *bytes) {
    bool done = false;
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0)
        goto end;
    bytes->length = (size_t)status.st_size;
    bytes->data = malloc(bytes->length + 1);
    done = bytes->data && read(fd, bytes->data, bytes->length) == (ssize_t)bytes->length;
end:
    if (fd >= 0)
        close(fd);
    if (!done)
        perror(path);
    return done;
}

/* Feeds the input and drops the output, until the output ends. */
static void pump(int to, int from, struct bytes input) {
    size_t fed = 0;
    char output[65536];
    fcntl(to, F_SETFL, O_NONBLOCK);
    for (;;) {
        if (fed == input.length && to >= 0) {
            close(to);
            to = -1;
        }
        struct pollfd wait[2] = {{.fd = from, .events = POLLIN}, {.fd = to, .events = POLLOUT}};
        if (poll(wait, 2, -1) < 0)
            break;
        if (wait[0].revents && read(from, output, sizeof output) <= 0)
            break;
        if (wait[1].revents) {
            ssize_t wrote = write(to, input.data + fed, input.length - fed);
            fed = wrote < 0 ? input.length : fed + (size_t)wrote;
        }
    }
    if (to >= 0)
        close(to);
    close(from);
}

/* Nanoseconds; -1 when it failed. */
static int64_t time_run(const char *command, struct bytes input) {
    int in[2], out[2], status;
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0)
        return -1;
    int64_t begun = clock_now();
    pid_t child = fork();
    if (child < 0)
        return -1;
    if (child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        dup2(out[1], 2);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    pump(in[1], out[0], input);
    if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
        return -1;
    return clock_now() - begun;
}

int main(int argc, char **argv) {
    long runs = argc == 6 ? strtol(argv[1], NULL, 10) : 0;
    if (runs < 1 || runs > 10000) {
        fprintf(stderr, "usage: bench_run RUNS INPUT-A COMMAND-A INPUT-B COMMAND-B\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    struct bytes input[2];
    int64_t *taken[2];
    for (int which = 0; which < 2; which++) {
        taken[which] = calloc((size_t)runs, sizeof *taken[which]);
        if (!taken[which] || !read_file(argv[2 + 2 * which], &input[which]))
            return 1;
    }
    for (long run = 0; run < runs; run++)
        for (int which = 0; which < 2; which++) {
            taken[which][run] = time_run(argv[3 + 2 * which], input[which]);
            if (taken[which][run] < 0) {
                fprintf(stderr, "bench_run: failed: %s\n", argv[3 + 2 * which]);
                return 1;
            }
        }
    printf("%.0f %.0f\n", clock_median(taken[0], (size_t)runs) / 1000,
           clock_median(taken[1], (size_t)runs) / 1000);
    for (int which = 0; which < 2; which++) {
        free(taken[which]);
        free(input[which].data);
    }
    return 0;
}

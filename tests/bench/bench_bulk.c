/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * 1 GiB from actor to actor over TCP, while the screen is up, against the same
 * two loops in C between two processes.  In turn.
 *
 *     bench_bulk RUNS MIB "COMMAND"
 *     MIB: of a piece, as it is sent and, by MSG_WAITALL, received; 0: 1 MiB, received as it comes
 *     → seconds of the actors, of the processes; KiB by which memory has grown, and what it was before
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "processes.h"
#include "typist.h"

#define MEBIBYTE ((size_t)1 << 20)
#define TOTAL (1024 * MEBIBYTE)
#define PIECE_MOST (16 * MEBIBYTE)
#define REST_MS 100
#define RUNS_MAX 100

/* The loops, in C and in the actors' language. */
struct loops {
    size_t piece;
    int flags; /* of recv() */
};

/* A listening socket on a port that the kernel chooses; -1. */
static int new_listener(struct sockaddr_in *address) {
    socklen_t length = sizeof *address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd >= 0 && bind(fd, (struct sockaddr *)address, length) == 0 && listen(fd, 1) == 0 &&
        getsockname(fd, (struct sockaddr *)address, &length) == 0)
        return fd;
    perror("bench_bulk");
    return -1;
}

static void send_all(const struct loops *loops, const struct sockaddr_in *address) __attribute__((noreturn));
static void send_all(const struct loops *loops, const struct sockaddr_in *address) {
    static char out[PIECE_MOST];
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) != 0)
        _exit(1);
    for (size_t i = 0; i < TOTAL / loops->piece; i++)
        send(fd, out, loops->piece, 0);
    _exit(0);
}

/* In C. Nanoseconds; -1. */
static int64_t time_bare(const struct loops *loops) {
    static char in[PIECE_MOST];
    struct sockaddr_in address;
    int64_t total = 0, begun;
    int listener = new_listener(&address);
    pid_t child = listener >= 0 ? fork() : -1;
    if (child == 0)
        send_all(loops, &address);
    int fd = child > 0 ? accept(listener, NULL, NULL) : -1;
    begun = clock_now();
    for (ssize_t got; fd >= 0 && (got = recv(fd, in, loops->piece, loops->flags)) > 0;)
        total += got;
    int64_t taken = clock_now() - begun;
    close(fd);
    close(listener);
    if (child > 0)
        waitpid(child, NULL, 0);
    return total == (int64_t)TOTAL ? taken : -1;
}

static bool do_line(struct typist *typist, const char *line) {
    char entered[512];
    snprintf(entered, sizeof entered, "%s\r", line);
    typist_type(typist, entered);
    return typist_rest(typist, REST_MS);
}

/* A connection from client's c to server's a, on a port that was free just now. */
static bool connect_actors(struct typist *typist) {
    struct sockaddr_in address;
    char line[128];
    int chosen = new_listener(&address);
    if (chosen < 0)
        return false;
    close(chosen);
    snprintf(line, sizeof line, "bind(l, \"127.0.0.1:%u\")", ntohs(address.sin_port));
    if (!do_line(typist, "l = socket(AF_INET, SOCK_STREAM, 0)") || !do_line(typist, line) ||
        !do_line(typist, "listen(l, 1)"))
        return false;
    snprintf(line, sizeof line, "client> connect(c, \"127.0.0.1:%u\")", ntohs(address.sin_port));
    return do_line(typist, "client> c = socket(AF_INET, SOCK_STREAM, 0)") && do_line(typist, line) &&
           do_line(typist, "a = accept(l, NULL, NULL)") && do_line(typist, "close(l)");
}

/* By actors. Nanoseconds; -1. */
static int64_t time_actors(const struct loops *loops, struct typist *typist) {
    char line[256];
    snprintf(line, sizeof line,
             "{ long total = 0; ssize_t n; while ((n = recv(a, in, sizeof(in), %s)) > 0) total += n; "
             "close(a); printf(\"all: %%ld\\n\", total); }",
             loops->flags == MSG_WAITALL ? "MSG_WAITALL" : "0");
    if (!connect_actors(typist) || !do_line(typist, line))
        return -1;
    snprintf(line, sizeof line,
             "client> { for (int i = 0; i < %zu; i++) send(c, out, sizeof(out), 0); close(c); }\r",
             TOTAL / loops->piece);
    int64_t typed = typist_type(typist, line);
    snprintf(line, sizeof line, "all: %zu", TOTAL);
    if (!typist_await(typist, line))
        return -1;
    int64_t taken = typist->heard - typed;
    return typist_rest(typist, REST_MS) ? taken : -1;
}

/* The buffers, and what is sent. */
static bool declare(const struct loops *loops, struct typist *typist) {
    char line[128];
    snprintf(line, sizeof line, "char in[%zu]", loops->piece);
    if (!do_line(typist, line))
        return false;
    snprintf(line, sizeof line, "client> char out[%zu]", loops->piece);
    return do_line(typist, line) && do_line(typist, "client> memset(out, 'x', sizeof(out))");
}

int main(int argc, char **argv) {
    static struct typist typist;
    static int64_t taken[2][RUNS_MAX];
    long runs = argc == 4 ? strtol(argv[1], NULL, 10) : 0, size = argc == 4 ? strtol(argv[2], NULL, 10) : -1;
    if (runs < 1 || runs > RUNS_MAX || size < 0 || (size_t)size > PIECE_MOST / MEBIBYTE) {
        fprintf(stderr, "usage: bench_bulk RUNS MIB COMMAND\n");
        return 2;
    }
    const struct loops loops = {.piece = size > 0 ? (size_t)size * MEBIBYTE : MEBIBYTE,
                                .flags = size > 0 ? MSG_WAITALL : 0};
    if (!typist_start(&typist, argv[3], 24, 80) || !typist_await(&typist, "server> ") ||
        !typist_rest(&typist, REST_MS) || !declare(&loops, &typist))
        return 1;
    struct usage before = {0};
    for (long run = -1; run < runs; run++) { /* the first is for warming up */
        if (run == 0)
            before = usage_of(typist.pid);
        int64_t actors = time_actors(&loops, &typist), bare = time_bare(&loops);
        if (actors < 0 || bare < 0)
            return 1;
        taken[0][run < 0 ? 0 : run] = actors;
        taken[1][run < 0 ? 0 : run] = bare;
    }
    struct usage after = usage_of(typist.pid);
    printf("%.3f %.3f %lld %lld\n", clock_median(taken[0], (size_t)runs) / 1e9,
           clock_median(taken[1], (size_t)runs) / 1e9, after.resident_kib - before.resident_kib, before.resident_kib);
    typist_end(&typist);
    return 0;
}

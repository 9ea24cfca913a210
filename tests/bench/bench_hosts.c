/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hosts of a private network: how long one takes to be made, against the bare
 * system call for its namespaces, unshare(CLONE_NEWNET | CLONE_NEWUTS); and how long
 * a datagram takes there and back over the link between two, against loopback.
 *
 *     bench_hosts RUNS TRIPS
 *     → microseconds for a host, for the namespaces alone; for a trip over the link, over loopback
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cpu.h"
#include "clock.h"
#include "net/network.h"

#define PORT 7777 /* in a private network */
#define RUNS_MAX 200
#define TRIPS_MAX 100000

/* What the children find out. */
struct results {
    int64_t host[RUNS_MAX], namespaces[RUNS_MAX];
    int64_t link[TRIPS_MAX], loopback[TRIPS_MAX];
};

static void fail(const char *what) __attribute__((noreturn));
static void fail(const char *what) {
    fprintf(stderr, "bench_hosts: %s: %s\n", what, strerror(errno));
    _exit(1);
}

static struct network *new_network(void) {
    struct error error = {0};
    struct network *network = network_new(&error);
    if (network != NULL)
        return network;
    fprintf(stderr, "bench_hosts: %s\n", error.text);
    _exit(1);
}

static void add_host(struct network *network, const char *name) {
    struct error error = {0};
    if (network_add_host(network, name, NULL, &error))
        return;
    fprintf(stderr, "bench_hosts: %s\n", error.text);
    _exit(1);
}

static pid_t in_child(void) {
    fflush(stdout);
    pid_t child = fork();
    if (child < 0)
        fail("fork()");
    return child;
}

static void await(pid_t child) {
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    if (status != 0)
        exit(1);
}

/* The third host, as one more; the first also makes what all have in common. */
static void time_host(struct results *results, long run) {
    pid_t child = in_child();
    if (child == 0) {
        struct network *network = new_network();
        add_host(network, "a");
        add_host(network, "b");
        int64_t begun = clock_now();
        add_host(network, "c");
        results->host[run] = clock_now() - begun;
        begun = clock_now();
        if (unshare(CLONE_NEWNET | CLONE_NEWUTS) < 0)
            fail("unshare()");
        results->namespaces[run] = clock_now() - begun;
        _exit(0);
    }
    await(child);
}

static int bound_socket(const struct network *network) {
    const struct sockaddr_in any = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int fd = network_socket(network, 1, AF_INET, SOCK_DGRAM, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&any, sizeof any) < 0)
        fail("bind()");
    return fd;
}

static void echo(int fd) __attribute__((noreturn));
static void echo(int fd) {
    struct sockaddr_in from;
    socklen_t length = sizeof from;
    char byte;
    for (ssize_t got; (got = recvfrom(fd, &byte, 1, 0, (struct sockaddr *)&from, &length)) >= 0;)
        sendto(fd, &byte, 1, 0, (struct sockaddr *)&from, length);
    fail("recvfrom()");
}

static void ask(const char *address, int64_t *taken, long trips) __attribute__((noreturn));
static void ask(const char *address, int64_t *taken, long trips) {
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    char byte = 'x';
    inet_pton(AF_INET, address, &there.sin_addr);
    if (fd < 0 || connect(fd, (struct sockaddr *)&there, sizeof there) < 0)
        fail("connect()");
    for (long i = 0; i < trips; i++) {
        int64_t begun = clock_now();
        if (send(fd, &byte, 1, 0) != 1 || recv(fd, &byte, 1, 0) != 1)
            fail("a datagram");
        taken[i] = clock_now() - begun;
    }
    _exit(0);
}

/* Carry frames, as the shell does, until the child has ended. */
static void carry(struct network *network, pid_t child) {
    struct net_wire *wire = network_wire(network);
    struct pollfd fds[] = {{.fd = net_wire_fd(wire), .events = POLLIN}};
    while (waitpid(child, NULL, WNOHANG) == 0)
        if (poll(fds, 1, 100) > 0)
            net_wire_run(wire);
}

/* An echo in host 1, asked from `from`. */
static void time_trips(struct network *network, size_t from, const char *address, int64_t *taken, long trips) {
    int fd = bound_socket(network);
    pid_t server = in_child();
    if (server == 0)
        echo(fd);
    close(fd);
    pid_t client = in_child();
    if (client == 0) {
        if (!network_enter(network, from, false))
            fail("entering a host");
        ask(address, taken, trips);
    }
    carry(network, client);
    kill(server, SIGKILL);
    while (waitpid(server, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static void time_link(struct results *results, long trips) {
    pid_t child = in_child();
    if (child == 0) {
        struct network *network = new_network();
        add_host(network, "a");
        add_host(network, "b");
        const char *address = network_host(network, 1)->ipv4;
        struct cpu cpu;
        cpu_pin(&cpu); /* as the shell and its actors are */
        time_trips(network, 0, address, results->link, trips);
        time_trips(network, 1, address, results->loopback, trips);
        _exit(0);
    }
    await(child);
}

int main(int argc, char **argv) {
    long runs = argc == 3 ? strtol(argv[1], NULL, 10) : 0, trips = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
    if (runs < 1 || runs > RUNS_MAX || trips < 1 || trips > TRIPS_MAX) {
        fprintf(stderr, "usage: bench_hosts RUNS TRIPS\n");
        return 2;
    }
    struct results *results =
        mmap(NULL, sizeof *results, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (results == MAP_FAILED)
        fail("memory");
    for (long run = 0; run < runs; run++)
        time_host(results, run);
    time_link(results, trips);
    printf("%.0f %.0f %.0f %.0f\n", clock_median(results->host, (size_t)runs) / 1000,
           clock_median(results->namespaces, (size_t)runs) / 1000, clock_median(results->link, (size_t)trips) / 1000,
           clock_median(results->loopback, (size_t)trips) / 1000);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The calls of the benchmark, made directly: nanoseconds for one
 * getsockname() on a bound socket, the median of several rounds.
 * Usage: bare_calls CALLS
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include "clock.h"

#define ROUNDS 9

int main(int argc, char **argv) {
    long calls = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (calls <= 0) {
        fprintf(stderr, "usage: bare_calls CALLS\n");
        return 2;
    }
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        perror("bare_calls");
        return 1;
    }
    int64_t each[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
        int64_t begun = clock_now();
        for (long i = 0; i < calls; i++) {
            socklen_t length = sizeof address;
            getsockname(fd, (struct sockaddr *)&address, &length);
        }
        each[round] = (clock_now() - begun) / calls;
    }
    printf("%.0f\n", clock_median(each, ROUNDS));
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a lesson's system calls cost without sockshell: the calls of an echo
 * server and its client, made by one process; nanoseconds for one of them, the
 * median of several rounds.
 * Usage: bare_conversation ROUNDS
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"

#define ROUNDS_MAX 10000

/* How many calls; 0: one failed. */
static int converse(void) {
    static const struct linger at_once = {.l_onoff = 1}; /* no TIME_WAIT: thousands would take all ports */
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    char bytes[64] = "hello";
    int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server = -1;
    bool done = bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 3) == 0 &&
                getsockname(listener, (struct sockaddr *)&address, &length) == 0 &&
                connect(client, (struct sockaddr *)&address, length) == 0 &&
                (server = accept(listener, NULL, NULL)) >= 0 && send(client, bytes, 5, 0) == 5 &&
                recv(server, bytes, sizeof bytes, 0) == 5 && send(server, bytes, 5, 0) == 5 &&
                recv(client, bytes, sizeof bytes, 0) == 5 &&
                setsockopt(client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0;
    close(client);
    close(server);
    close(listener);
    return done ? 15 : 0;
}

int main(int argc, char **argv) {
    static int64_t each[ROUNDS_MAX];
    long rounds = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    if (rounds < 1 || rounds > ROUNDS_MAX) {
        fprintf(stderr, "usage: bare_conversation ROUNDS\n");
        return 2;
    }
    for (long round = 0; round < rounds; round++) {
        int64_t begun = clock_now();
        int calls = converse();
        if (calls == 0) {
            perror("bare_conversation");
            return 1;
        }
        each[round] = (clock_now() - begun) / calls;
    }
    printf("%.0f\n", clock_median(each, (size_t)rounds));
    return 0;
}

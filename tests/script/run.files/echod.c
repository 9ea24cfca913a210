/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program for .run: it serves as many connections as it is told, and ends with how many lines it gave back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define BACKLOG 5
#define ROOM 64

static int lines;
typedef struct sockaddr SA;

static void die(const char *what);
static int serve(int conn);

int
main(int argc, char *argv[])
{
    struct sockaddr_in address;
    int listener, left;

    if (argc != 3) {
        fprintf(stderr, "usage: %s port connections\n", argv[0]);
        return 64;
    }
    if ((listener = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        die("socket");
    memset(&address, 0, sizeof(address));
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    address.sin_port = htons(atoi(argv[1]));
    if (bind(listener, (SA *)&address, sizeof(address)) < 0)
        die("bind");
    listen(listener, BACKLOG);
    for (left = atoi(argv[2]); left > 0; left--)
        lines += serve(accept(listener, NULL, NULL));
    return lines;
}

static int serve(int conn)
{
    static int served;
    char room[ROOM];
    ssize_t got;
    int here = 0;

    if (conn < 0)
        die("accept");
    while ((got = recv(conn, room, sizeof(room), 0)) > 0) {
        send(conn, room, got, 0);
        here++;
    }
    close(conn);
    printf("connection %d: %d\n", ++served, here);
    return here;
}

static void die(const char *what)
{
    perror(what);
    exit(1);
}

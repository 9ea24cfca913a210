/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program for .run with a mistake in a function. */
#include <sys/socket.h>

int length;

int wait_for(int fd)
{
    struct sockaddr_storage peer;
    socklen_t room;

    length++;
    return accept(fd, (struct sockaddr *)&peer, &room);
}

int main()
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    listen(fd, 1);
    return wait_for(fd) < 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program for `sockshell FILE.c`: it counts the lines of its standard input, and ends with how many are missing. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char *argv[])
{
    char line[80];
    int count = 0;

    for (int i = 1; i < argc; i++)
        printf("argument %d: %s\n", i, argv[i]);
    while (fgets(line, sizeof(line), stdin))
        printf("line %d: %s", ++count, line);
    return atoi(argv[1]) - count;
}

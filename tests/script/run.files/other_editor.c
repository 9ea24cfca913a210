/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program from an editor that begins with a byte order mark and ends its lines with two bytes. */
#include <stdio.h>
#define NOTHING 0
int main(void)
{
    puts("read");
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program without its last bracket. */
int main(void)
{
    return 0;

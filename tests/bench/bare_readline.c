/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least program with a readline prompt: what sockshell's start is measured against. */
#include <stdio.h>
#include <readline/history.h>
#include <readline/readline.h>
#include <stdlib.h>

int main(void) {
    using_history();
    char *line = readline("bare> ");
    free(line);
    return 0;
}

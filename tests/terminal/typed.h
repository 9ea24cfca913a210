/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is typed, as a scenario writes it: \r \n \t \e \xHH \\, and every other character as itself. */
#ifndef SOCKSHELL_TESTS_TERMINAL_TYPED_H
#define SOCKSHELL_TESTS_TERMINAL_TYPED_H

#include <stddef.h>
#include <stdio.h>

/* Makes of the text what it means, in place; how many bytes that are. */
size_t typed_read(char *text);
/* A whole act. */
void typed_write(const char *keys, FILE *to);

#endif

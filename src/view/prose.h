/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prose of a lesson on a terminal: `code` and *emphasis*, wrapped. */
#ifndef SOCKSHELL_VIEW_PROSE_H
#define SOCKSHELL_VIEW_PROSE_H

#include <stdbool.h>
#include <stddef.h>

#include "view/styled.h"

/* Add paragraphs (one a line of `text`) wrapped at `columns`. A list item ("- …", "1. …") is indented, and
 * hangs. With `marks` the marks stay, as they are read in mail and in source: for where styles cannot be
 * seen. */
void prose_add(struct styled *out, bool marks, const char *text, size_t columns);

#endif

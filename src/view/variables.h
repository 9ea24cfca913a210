/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables as .vars shows them: values, and what stands in memory byte by byte. */
#ifndef SOCKSHELL_VIEW_VARIABLES_H
#define SOCKSHELL_VIEW_VARIABLES_H

#include "actor/crew.h"
#include "base/buf.h"

/* The lines for one board. Pure. */
void variables_show(const struct board *board, struct buf *out);

#endif

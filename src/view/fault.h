/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A mistake (EVENT_FAULT) as a compiler tells it: where, what, the source line
 * with a caret under the place, the remedy.
 *
 *     hello.txt:3:7: server: there is no variable or constant sok
 *         close(sok)
 *               ^~~
 *         did you mean sock?
 *
 * Within a function of the learner's, the line is the function's, and below it stands who called it.
 */
#ifndef SOCKSHELL_VIEW_FAULT_H
#define SOCKSHELL_VIEW_FAULT_H

#include "view/plain.h"

void fault_add(const struct event *event, const struct view_options *options, struct styled *out);

#endif

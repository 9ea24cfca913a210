/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements that wait, at the user's wish, until their blocked actor is idle again. */
#ifndef SOCKSHELL_SHELL_QUEUE_H
#define SOCKSHELL_SHELL_QUEUE_H

#include "shell/shell.h"

struct queued {
    struct queued *next;
    struct actor *actor;
    char *source, *place;
};

void queue_add(struct queued **queue, struct actor *actor, const char *source, const char *place);
/* Give each idle actor its oldest statement; true when any was given. */
bool queue_feed(struct shell *shell);
void queue_clear(struct queued **queue);
/* Is anything queued for this actor? */
bool queue_holds(const struct queued *queue, const struct actor *actor);

#endif

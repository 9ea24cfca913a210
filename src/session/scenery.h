/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the panes are filled with: the shell's state as a scene (view/scene.h). */
#ifndef SOCKSHELL_SESSION_SCENERY_H
#define SOCKSHELL_SESSION_SCENERY_H

#include "shell/boards.h"
#include "view/scene.h"

/* A scene and what its texts are kept in; nothing of it outlives the next statement. Free with scenery_free(). */
struct scenery {
    struct scene scene;
    struct boards *boards;
    struct scene_actor actors[CREW_MAX];
    char *doing[CREW_MAX];
    struct buf words; /* of the lesson */
};

/* Fill in all but prompt and wishes. The shell may not have been started yet. */
void scenery_set(struct scenery *scenery, struct shell *shell, uint64_t since);
void scenery_free(struct scenery *scenery);
/* Nanoseconds until a duration that is shown is another (they are shown in whole seconds); -1: none is. */
int64_t scenery_due_ns(const struct shell *shell);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue of statements; see queue.h. */
#include "shell/queue.h"

#include <stdlib.h>

#include "base/mem.h"

static void queued_free(struct queued *queued) {
    free(queued->source);
    free(queued->place);
    free(queued);
}

void queue_add(struct queued **queue, struct actor *actor, const char *source, const char *place) {
    struct queued *queued = mem_alloc(sizeof(*queued));
    queued->actor = actor;
    queued->source = mem_string(source);
    queued->place = mem_string(place);
    while (*queue != NULL)
        queue = &(*queue)->next;
    *queue = queued;
}

bool queue_feed(struct shell *shell) {
    bool fed = false;
    for (struct queued **at = &shell->queue; *at != NULL;) {
        struct queued *queued = *at;
        enum actor_state state = actor_state(queued->actor);
        if (state == ACTOR_RUNNING || state == ACTOR_BLOCKED) {
            at = &queued->next;
            continue;
        }
        struct error error = {0};
        if (state == ACTOR_DEAD)
            error_set(&error, ERROR_USAGE, (struct span){0}, "%s died before this queued statement could run",
                      actor_name(queued->actor));
        else if (actor_run(queued->actor, queued->source, queued->place, &error))
            fed = true;
        if (error.kind != ERROR_NONE)
            shell_fault(shell, queued->source, queued->place, &error);
        *at = queued->next;
        queued_free(queued);
    }
    return fed;
}

void queue_clear(struct queued **queue) {
    while (*queue != NULL) {
        struct queued *queued = *queue;
        *queue = queued->next;
        queued_free(queued);
    }
}

bool queue_holds(const struct queued *queue, const struct actor *actor) {
    for (; queue != NULL; queue = queue->next)
        if (queue->actor == actor)
            return true;
    return false;
}

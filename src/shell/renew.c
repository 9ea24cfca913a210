/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All afresh; see renew.h. */
#include "shell/renew.h"

#include "journal/streams.h"
#include "lesson/bounds.h"
#include "net/private.h"
#include "shell/queue.h"
#include "shell/watch.h"

/* What is in TIME_WAIT holds its port for a minute, and nobody can take it away: another network is the remedy. */
static void renew_network(struct shell *shell) {
    struct network_settings settings;
    struct error error = {0};
    if (!shell->private_network || network_renew(&settings, &error))
        return;
    shell_note(shell, "sockshell: the network stays as it is, ports may still be taken: %s", error.text);
    error_free(&error);
}

bool shell_renew(struct shell *shell, const char *const *actors, struct error *error) {
    enum watch_level level = watch_get(shell);
    shell_drop_pending(shell, false);
    queue_clear(&shell->queue);
    watch_end(shell);
    crew_free(shell->crew);
    bounds_clear(&shell->bounds);
    renew_network(shell);
    /* Cookies of another network may be those of this one (before Linux 5.12 each counts for itself). */
    streams_free(shell->streams);
    shell->streams = streams_new(shell->journal);
    shell->fresh = journal_last(shell->journal);
    shell->timed = false;
    shell->current = NULL;
    shell->crew = crew_new(shell->journal);
    crew_confine(shell->crew, &shell->bounds);
    for (size_t i = 0; actors[i] != NULL; i++) {
        struct actor *actor = crew_spawn(shell->crew, actors[i], error);
        if (actor == NULL)
            return false;
        if (i == 0)
            shell->current = actor;
    }
    watch_set(shell, level);
    return true;
}

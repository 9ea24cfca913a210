/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All afresh; see renew.h. */
#include "shell/renew.h"

#include "journal/streams.h"
#include "lesson/bounds.h"
#include "net/network.h"
#include "shell/hosts.h"
#include "shell/packets.h"
#include "shell/queue.h"
#include "shell/watch.h"

static void forget(struct shell *shell) {
    bool packets = shell->packets != NULL;
    shell_drop_pending(shell, false);
    queue_clear(&shell->queue);
    packets_end(shell);
    if (packets)
        packets_clear(shell); /* those that there were are of the network before */
    watch_end(shell);
    crew_free(shell->crew);
    shell->crew = NULL;
    shell->current = NULL;
    shell->timed = false;
    /* Cookies of another network may be those of this one (before Linux 5.12 each counts for itself). */
    streams_free(shell->streams);
    shell->streams = streams_new(shell->journal);
    shell->fresh = journal_last(shell->journal);
}

/* What is in TIME_WAIT holds its port for a minute, and nobody can take it away: another network is the
 * remedy. */
static bool renew_network(struct shell *shell, const char *const *hosts, struct error *error) {
    struct error refusal = {0};
    if (shell->network == NULL)
        return true;
    if (!network_renew(shell->network, &refusal)) {
        shell_note(shell, "sockshell: the network stays as it is, ports may still be taken: %s",
                   refusal.text);
        error_free(&refusal);
        return true;
    }
    for (size_t i = 0; hosts != NULL && hosts[i] != NULL; i++)
        if (!hosts_add(shell, hosts[i], NULL, error))
            return false;
    return true;
}

bool shell_renew(struct shell *shell, const struct renewal *renewal, struct error *error) {
    enum watch_level level = watch_get(shell);
    forget(shell);
    bounds_clear(&shell->bounds);
    if (!renew_network(shell, renewal->hosts, error) ||
        !shell_populate(shell, renewal->actors, renewal->actor_hosts, error))
        return false;
    watch_set(shell, level);
    return true;
}

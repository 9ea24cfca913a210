/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where actors live; see hosts.h. */
#include "shell/hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "net/network.h"
#include "shell/packets.h"
#include "shell/watch.h"

static const struct span nowhere = {0, 0};

/* ---- What the crew is told ---- */

static void run(void *context) {
    const struct shell *shell = context;
    net_wire_run(network_wire(shell->network));
}

static bool quiet(void *context) {
    const struct shell *shell = context;
    return net_wire_quiet(network_wire(shell->network));
}

static bool enter(void *context, size_t place) {
    const struct shell *shell = context;
    return network_enter(shell->network, place, !shell->no_raw_sockets);
}

bool hosts_surround(struct shell *shell, struct error *error) {
    const struct net_wire *wire = shell->network != NULL ? network_wire(shell->network) : NULL;
    const struct crew_surroundings surroundings = {shell, wire != NULL ? net_wire_fd(wire) : -1, run, quiet,
                                                   enter};
    return crew_surround(shell->crew, &surroundings) ||
           error_set(error, ERROR_SYSTEM, nowhere, "the network cannot be watched: %s", strerror(errno));
}

/* Every frame on its way between hosts. Their names stay valid as long as the network. */
static void see(void *context, const struct net_frame *frame) {
    if (packets_are_seen(context))
        packets_take(context, frame);
}

/* ---- Hosts ---- */

static bool have_network(const struct shell *shell, struct error *error) {
    if (shell->network != NULL)
        return true;
    error_set(error, ERROR_USAGE, nowhere, "hosts are for a private network, and this is the machine's own");
    error_hint(error, "sockshell --network=private has one");
    return false;
}

bool hosts_find(const struct shell *shell, const char *name, size_t *place, struct error *error) {
    if (!have_network(shell, error))
        return false;
    *place = network_host_named(shell->network, name);
    if (*place != SIZE_MAX)
        return true;
    error_set(error, ERROR_USAGE, nowhere, "there is no host called %s", name);
    struct suggestion near;
    suggest_start(&near, name);
    for (size_t i = 0; i < network_hosts(shell->network); i++)
        suggest_offer(&near, network_host(shell->network, i)->name);
    if (near.best != NULL)
        error_hint(error, "did you mean %s?", near.best);
    else
        error_hint(error, ".host %s makes one", name);
    return false;
}

bool hosts_add(struct shell *shell, const char *name, const char *address, struct error *error) {
    if (!have_network(shell, error) || !network_add_host(shell->network, name, address, error))
        return false;
    free(shell->network_note);
    shell->network_note = hosts_note(shell);
    /* The observer asks in each host's network. */
    watch_new_host(shell);
    packets_new_host(shell);
    net_wire_watch(network_wire(shell->network), see, shell);
    return shell->crew == NULL || network_hosts(shell->network) > 1 || hosts_surround(shell, error);
}

char *hosts_note(const struct shell *shell) {
    size_t count = network_hosts(shell->network);
    char *which = count == 0   ? mem_string("only loopback")
                  : count == 1 ? mem_format("the host %s", network_host(shell->network, 0)->name)
                               : mem_format("%zu hosts", count);
    char *note =
        mem_format("in a network of your own: %s, every port is free, and nobody outside can reach it or be "
                   "reached from it",
                   which);
    free(which);
    return note;
}

const char *hosts_of(const struct shell *shell, const struct actor *actor) {
    const struct network_host *host =
        shell->network != NULL ? network_host(shell->network, actor_place(actor)) : NULL;
    return host != NULL ? host->name : NULL;
}

bool hosts_switch(struct shell *shell, const char *name, const char *host, struct error *error) {
    size_t place;
    if (!hosts_find(shell, host, &place, error))
        return false;
    struct actor *actor = crew_find(shell->crew, name);
    if (actor == NULL)
        return shell_start_actor(shell, name, place, error);
    if (actor_place(actor) != place) {
        if (!actor_is_fresh(actor) && actor_state(actor) != ACTOR_DEAD) {
            error_set(error, ERROR_USAGE, nowhere, "%s lives on %s, and a process cannot move", name,
                      hosts_of(shell, actor));
            error_hint(error, ".restart %s on %s begins afresh there", name, host);
            return false;
        }
        if (!crew_restart_at(shell->crew, actor, place, error))
            return false;
    }
    shell->current = actor;
    return true;
}

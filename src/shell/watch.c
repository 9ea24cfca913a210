/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell's eye on the kernel; see watch.h. */
#include "shell/watch.h"

#include "actor/serve.h"

struct observer *shell_observer(struct shell *shell) {
    if (shell->observer == NULL)
        shell->observer = observer_new(shell->private_network);
    return shell->observer;
}

void watch_actor(const struct actor *actor, struct watched *watched) {
    int control = serve_control_number();
    *watched = (struct watched){
        .name = actor_name(actor),
        .pid = actor_state(actor) == ACTOR_DEAD ? 0 : actor_pid(actor),
        .hidden_from = control,
        .hidden_to = control + 2, /* and the lifeline */
    };
}

struct snapshot *shell_snapshot(struct shell *shell) {
    struct watched watched[CREW_MAX];
    struct actor *actor;
    size_t count = 0;
    for (; count < CREW_MAX && (actor = crew_at(shell->crew, count)) != NULL; count++)
        watch_actor(actor, &watched[count]);
    return snapshot_take(shell_observer(shell), watched, count, NULL, 0, shell->seen);
}

const struct snapshot *shell_look(struct shell *shell) {
    struct snapshot *now = shell_snapshot(shell);
    snapshot_free(shell->seen);
    return shell->seen = now;
}

void watch_end(struct shell *shell) {
    snapshot_free(shell->seen);
    observer_free(shell->observer);
    shell->seen = NULL;
    shell->observer = NULL;
}

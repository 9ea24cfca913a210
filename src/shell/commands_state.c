/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .state: what the kernel says, asked when it is wanted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actor/serve.h"
#include "observe/snapshot.h"
#include "shell/boards.h"
#include "shell/commands.h"
#include "shell/descriptor.h"
#include "shell/hosts.h"
#include "shell/watch.h"
#include "view/state.h"

/* What the view asks of the shell: variables, and who is blocked. */
struct asking {
    struct shell *shell;
    struct boards *boards;
};

static const char *variable_of(void *context, const char *name, int fd) {
    const struct asking *asking = context;
    return boards_variable(asking->boards, name, fd);
}

static void add_doing(void *context, const char *name, struct buf *out) {
    const struct asking *asking = context;
    const struct actor *actor = crew_find(asking->shell->crew, name);
    if (actor == NULL)
        return;
    if (hosts_of(asking->shell, actor) != NULL)
        buf_addf(out, " on %s", hosts_of(asking->shell, actor));
    if (actor_state(actor) == ACTOR_DEAD)
        buf_addf(out, " %s", actor_last_words(actor));
    if (actor_state(actor) == ACTOR_BLOCKED) {
        buf_add_text(out, ", ");
        actor_blocked_words(actor, out);
    }
}

static bool show_depth(struct command_line *line, const struct state_context *context, struct buf *out) {
    struct shell *shell = line->shell;
    struct watched watched;
    struct depth depth;
    int fd;
    if (!descriptor_named(line->actor, line->argument, &fd)) {
        command_misused(line, "%s is neither an actor nor a variable that holds a descriptor", line->argument);
        error_hint(line->error, ".state lists the descriptors; .state 3 shows one");
        return false;
    }
    watch_actor(line->actor, &watched);
    bool open = observe_depth(shell_observer(shell), &watched, fd, &depth);
    if (open) {
        const struct snapshot *snapshot = shell_look_at(shell, line->actor, fd);
        state_show_depth(snapshot, snapshot_actor_named(snapshot, actor_name(line->actor)), &depth, context, out);
    } else {
        command_misused(line, "%s has no descriptor %d", actor_name(line->actor), fd);
        error_hint(line->error, ".state lists the descriptors");
    }
    depth_free(&depth);
    return open;
}

bool command_state(struct command_line *line) {
    struct shell *shell = line->shell;
    struct buf out = {0};
    shell_settle(shell);
    struct asking asking = {shell, boards_ask(shell)};
    struct state_context context = {shell->columns, variable_of, add_doing, &asking};
    const struct actor *only = line->argument[0] != '\0' ? crew_find(shell->crew, line->argument) : NULL;
    bool fine = true;
    if (line->argument[0] == '\0' || only != NULL) {
        const struct snapshot *snapshot = shell_look(shell);
        state_show(snapshot, only != NULL ? snapshot_actor_named(snapshot, actor_name(only)) : SIZE_MAX,
                   &context, &out);
    } else {
        fine = show_depth(line, &context, &out);
    }
    observer_complaints(shell_observer(shell), &out);
    if (fine)
        shell_note(shell, "%s", buf_text(&out));
    boards_free(asking.boards);
    buf_free(&out);
    return fine;
}

/* ".watch on": from `off` to `on`; any other argument is refused. */
static bool switch_level(struct command_line *line, const char *name, enum watch_level off, enum watch_level on) {
    struct shell *shell = line->shell;
    bool is_on = watch_get(shell) >= on;
    if (line->argument[0] == '\0') {
        shell_note(shell, ".%s is %s", name, is_on ? "on" : "off");
        return true;
    }
    bool wanted = strcmp(line->argument, "on") == 0;
    if (!wanted && strcmp(line->argument, "off") != 0) {
        command_misused(line, ".%s is switched on or off", name);
        error_hint(line->error, ".%s on, .%s off", name, name);
        return false;
    }
    if (wanted != is_on)
        watch_set(shell, wanted ? on : off);
    return true;
}

bool command_watch(struct command_line *line) {
    if (!switch_level(line, "watch", WATCH_OFF, WATCH_CALLS))
        return false;
    if (strcmp(line->argument, "on") == 0)
        line->shell->unstepped = WATCH_CALLS; /* asked for by itself: it outlasts .step */
    return true;
}

bool command_step(struct command_line *line) {
    struct shell *shell = line->shell;
    enum watch_level before = watch_get(shell);
    if (!switch_level(line, "step", shell->unstepped, WATCH_STEPS))
        return false;
    if (before == WATCH_OFF && watch_get(shell) == WATCH_STEPS)
        shell_note(shell, ".watch is on as well, until .step off");
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that do something to actors. */
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/play.h"
#include "shell/commands.h"
#include "shell/hosts.h"
#include "shell/line.h"
#include "shell/queue.h"
#include "shell/statement.h"
#include "shell/watch.h"

/* "client on laptop": the name, which the caller frees, and the host in the same memory; NULL: none is named. */
static char *without_host(const char *argument, char **host) {
    char *name = mem_string(argument);
    char *word = strstr(name, " on ");
    *host = NULL;
    if (word == NULL)
        return name;
    *host = word + strlen(" on ");
    *host += strspn(*host, " \t");
    while (word > name && isspace((unsigned char)word[-1]))
        word--;
    *word = '\0';
    return name;
}

bool command_actor_switch(struct command_line *line) {
    if (line->argument[0] == '\0')
        return command_misused(line, ".actor needs a name: .actor client");
    char *host, *name = without_host(line->argument, &host);
    bool switched = host != NULL ? hosts_switch(line->shell, name, host, line->error)
                                 : shell_switch(line->shell, name, line->error);
    free(name);
    if (switched) {
        const char *step = NULL;
        if (line->shell->player != NULL && player_ready(line->shell->player, &step) != NULL &&
            strcmp(step, actor_name(line->shell->current)) != 0)
            shell_note(line->shell, "the lesson waits; .actor %s brings its line back", step);
        return true;
    }
    line->error->where =
        (struct span){(uint32_t)(line->argument - line->text), (uint32_t)strlen(line->argument)};
    return false;
}

static void describe(const struct actor *actor, struct buf *out) {
    switch (actor_state(actor)) {
    case ACTOR_IDLE:
        buf_add_text(out, "waits for a line");
        return;
    case ACTOR_RUNNING:
        if (actor_call(actor)[0] != '\0')
            buf_addf(out, "is in %s", actor_call(actor));
        else
            buf_add_text(out, "is running");
        return;
    case ACTOR_BLOCKED:
        buf_add_text(out, "is ");
        actor_blocked_words(actor, out);
        return;
    case ACTOR_DEAD:
        buf_add_text(out, actor_last_words(actor));
        return;
    }
}

bool command_actors(struct command_line *line) {
    struct buf out = {0};
    const struct actor *actor;
    for (size_t i = 0; (actor = crew_at(line->shell->crew, i)) != NULL; i++) {
        buf_addf(&out, "%s %-10s ", actor == line->shell->current ? "*" : " ", actor_name(actor));
        if (line->shell->mode == SHELL_PROMPT && actor_state(actor) != ACTOR_DEAD)
            buf_addf(&out, "pid %-7d ", (int)actor_pid(actor));
        describe(actor, &out);
        if (actor_parent(actor)[0] != '\0')
            buf_addf(&out, " (forked from %s)", actor_parent(actor));
        if (hosts_of(line->shell, actor) != NULL)
            buf_addf(&out, ", on %s", hosts_of(line->shell, actor));
        buf_add_char(&out, '\n');
    }
    shell_note(line->shell, "%s", buf_text(&out));
    buf_free(&out);
    return true;
}

static bool queue_list(struct command_line *line) {
    if (line->shell->queue == NULL)
        shell_note(line->shell, "nothing is queued");
    for (const struct queued *at = line->shell->queue; at != NULL; at = at->next)
        shell_note(line->shell, "%s> %s", actor_name(at->actor), at->source);
    return true;
}

bool command_queue(struct command_line *line) {
    struct shell *shell = line->shell;
    if (line->argument[0] == '\0')
        return queue_list(line);
    if (shell->pending.length > 0)
        return command_misused(line, "a statement is still being typed; finish it first");
    if (strcmp(line->argument, "clear") == 0) {
        queue_clear(&shell->queue);
        return true;
    }
    struct line_parts parts = shell_line_parts(shell, line->argument, strlen(line->argument));
    if (parts.kind != LINE_STATEMENT)
        return command_misused(line, "only C statements can be queued: .queue server> send(4, \"late\")");
    struct actor *actor = parts.actor[0] != '\0' ? crew_find(shell->crew, parts.actor) : line->actor;
    if (statement_give(shell, actor, line->argument + parts.text, line->place, true) == LINE_MORE) {
        shell_drop_pending(shell, false);
        return command_misused(line, "a queued statement must be complete on its line");
    }
    shell->refused_braces = 0; /* what was refused was this line only */
    shell->refused_header = false;
    return true;
}

bool command_wait(struct command_line *line) {
    struct actor *actor = command_actor(line);
    if (actor == NULL)
        return false;
    shell_wait(line->shell, actor);
    return true;
}

bool command_interrupt(struct command_line *line) {
    struct actor *actor = command_actor(line);
    if (actor == NULL)
        return false;
    enum actor_state state = actor_state(actor);
    if (state != ACTOR_BLOCKED && state != ACTOR_RUNNING)
        return command_misused(line, "%s is in no call that could be interrupted", actor_name(actor));
    actor_interrupt(actor);
    return true;
}

bool command_kill(struct command_line *line) {
    struct actor *actor = command_actor(line);
    if (actor == NULL)
        return false;
    if (actor_state(actor) == ACTOR_DEAD)
        return command_misused(line, "%s is dead already: it %s", actor_name(actor), actor_last_words(actor));
    actor_kill(actor, SIGKILL);
    return shell_wait(line->shell, actor);
}

bool command_restart(struct command_line *line) {
    char *host, *name = without_host(line->argument, &host);
    struct actor *actor = host != NULL ? crew_find(line->shell->crew, name) : command_actor(line);
    size_t place = actor != NULL ? actor_place(actor) : 0;
    if (actor == NULL && host != NULL)
        command_misused(line, "there is no actor called %s", name);
    bool known = actor != NULL && (host == NULL || hosts_find(line->shell, host, &place, line->error));
    free(name);
    if (!known)
        return false;
    if (watch_get(line->shell) != WATCH_OFF && actor_state(actor) != ACTOR_DEAD) {
        actor_kill(actor, SIGKILL); /* so that what goes with it is told here, and not under the next call */
        if (!shell_wait(line->shell, actor))
            return false;
    }
    if (!crew_restart_at(line->shell->crew, actor, place, line->error))
        return false;
    shell_note(line->shell, "%s begins afresh: no descriptors, no variables", actor_name(actor));
    return true;
}

bool command_eof(struct command_line *line) {
    struct actor *actor = command_actor(line);
    return actor != NULL && actor_input(actor, "", 0, line->error);
}

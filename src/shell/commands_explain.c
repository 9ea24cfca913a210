/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .explain: the newest result in words, whoever's it is; or the newest of one actor. */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "call/call.h"
#include "call/explain.h"
#include "explain/explain.h"
#include "shell/commands.h"
#include "shell/next.h"
#include "shell/watch.h"

/* Is there something to explain?  What the shell itself refused (a blocked actor's line, a command misused) was
 * explained by its hint, and is not what is asked about. */
static bool is_explainable(const struct event *event) {
    if (event->type == EVENT_FAULT)
        return event->actor[0] != '\0' || event->kind != ERROR_USAGE;
    return event->type == EVENT_RETURNED || event->type == EVENT_DIED || event->type == EVENT_BLOCKED;
}

/* The newest result, mistake, death or sleep, of this actor since it was started or (NULL) of anybody. */
static const struct event *newest(const struct shell *shell, const struct actor *actor) {
    for (uint64_t number = journal_last(shell->journal); number > 0; number--) {
        const struct event *event = journal_at(shell->journal, number);
        if (event == NULL)
            return NULL;
        if (actor != NULL && strcmp(event->actor, actor_name(actor)) != 0)
            continue;
        if (actor != NULL && event->type == EVENT_BORN)
            return NULL;
        if (is_explainable(event))
            return event;
    }
    return NULL;
}

/* The cause of what an event tells, or false. What was found when it happened stands, unless the same is found now
 * again, with newer figures. */
static bool cause_of(struct shell *shell, const struct event *event, const char *general_id, struct buf *cause) {
    char id[EXPLANATION_ID_MAX] = "";
    bool had = event->note[0] != '\0' && event->id[0] != '\0' && strcmp(event->id, general_id) != 0;
    if (watch_because(shell, event, id, cause) && (!had || strcmp(id, event->id) == 0))
        return true;
    buf_clear(cause);
    if (had)
        buf_add_text(cause, event->note);
    return had;
}

/* "server's ", where it is another's than the one who asks. */
static void add_whose(const struct command_line *line, const struct event *event, struct buf *out) {
    if (event->actor[0] != '\0' && strcmp(event->actor, actor_name(line->actor)) != 0)
        buf_addf(out, "%s's ", event->actor);
}

static void explain_result(const struct command_line *line, const struct event *event, struct buf *out) {
    struct outcome outcome = {call_find(event->name), event->text, event->result, (int)event->error,
                              (size_t)event->asked, event->extra};
    char general_id[48] = "";
    struct buf cause = {0};
    explain_short(&outcome, general_id);
    bool found = cause_of(line->shell, event, general_id, &cause);
    add_whose(line, event, out);
    explain_long(&outcome, found ? buf_text(&cause) : NULL, line->shell->columns, out);
    buf_free(&cause);
}

/* Ctrl-C is no mistake, and the learner may wonder how far the line had come. */
static void explain_interrupted(const struct command_line *line, const struct event *event, struct buf *out) {
    buf_addf(out, "%s's line was interrupted\n", event->actor);
    text_wrap("Ctrl-C, or .interrupt, has ended it. What it had done until then stays done: the calls that have "
              "returned, and the values of variables. The rest of it was not carried out.",
              line->shell->columns, 4, out);
}

static void explain_mistake(const struct command_line *line, const struct event *event, struct buf *out) {
    if (event->kind == ERROR_INTERRUPTED) {
        explain_interrupted(line, event, out);
        return;
    }
    add_whose(line, event, out);
    buf_addf(out, "%s%s\n", out->length > 0 ? "mistake: " : "", event->text);
    if (event->extra[0] != '\0')
        text_wrap(event->extra, line->shell->columns, 4, out);
}

/* What a process died of, where that can be told. */
static void explain_end(struct shell *shell, const struct event *died, struct buf *out) {
    char general_id[48] = "";
    struct buf cause = {0};
    const char *general = explain_death((int)died->result, died->name, general_id);
    if (cause_of(shell, died, general_id, &cause) || general != NULL)
        text_wrap(cause.length > 0 ? buf_text(&cause) : general, shell->columns, 4, out);
    buf_free(&cause);
}

static void explain_blocked(struct shell *shell, struct actor *actor, struct buf *out) {
    const struct call *call = call_find(actor_call_name(actor));
    next_advice(shell, actor, out);
    if (call != NULL)
        text_wrap(call->note, shell->columns, 4, out);
}

/* A death says all: what its process did before has nothing to do with it, or led to it and is in the cause. */
static void explain_event(struct command_line *line, const struct event *event, struct actor *actor,
                          struct buf *out) {
    if (actor != NULL && actor_state(actor) == ACTOR_BLOCKED) {
        explain_blocked(line->shell, actor, out);
    } else if (actor != NULL && actor_state(actor) == ACTOR_DEAD) {
        next_advice(line->shell, actor, out);
        if (event != NULL && event->type == EVENT_DIED)
            explain_end(line->shell, event, out);
    } else if (event == NULL) {
        buf_addf(out, actor != NULL ? "%s has made no system call yet\n" : "%s has made a system call yet\n",
                 actor != NULL ? actor_name(actor) : "nobody");
    } else if (event->type == EVENT_FAULT) {
        explain_mistake(line, event, out);
    } else if (event->type == EVENT_DIED) { /* of a child that is no longer here */
        buf_addf(out, "%s %s\n", event->actor, event->text);
        explain_end(line->shell, event, out);
    } else if (event->type == EVENT_RETURNED) {
        explain_result(line, event, out);
    } else { /* EVENT_BLOCKED, and it goes on just now */
        buf_addf(out, "%s was blocked in %s\n", event->actor, event->text);
    }
}

bool command_explain(struct command_line *line) {
    struct shell *shell = line->shell;
    bool named = line->argument[0] != '\0' || line->actor != shell->current;
    struct actor *actor = named ? command_actor(line) : NULL;
    if (named && actor == NULL)
        return false;
    struct buf out = {0};
    shell_settle(shell);
    const struct event *event = newest(shell, actor);
    if (!named && event != NULL && event->actor[0] != '\0')
        actor = crew_find(shell->crew, event->actor);
    explain_event(line, event, actor, &out);
    shell_note(shell, "%s", buf_text(&out));
    buf_free(&out);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A piece of C on its way to an actor: short forms written out, checked for
 * being C at all (so that a mistake is told without troubling the actor),
 * completed from further lines, and given to an actor that is free to take it.
 */
#include "shell/statement.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "call/call.h"
#include "lang/parse.h"
#include "shell/await.h"
#include "shell/queue.h"
#include "shell/watch.h"

static bool is_variable(void *context, const char *name) {
    return actor_has_variable(context, name);
}

int statement_open_braces(const char *text, size_t length) {
    int open = 0;
    for (size_t at = 0; at < length;) {
        struct token token = lex_next(text, length, at);
        if (token.kind == TOKEN_END || token.where.length == 0)
            break;
        if (token.kind == TOKEN_PUNCTUATOR && token.where.length == 1)
            open += text[token.where.at] == '{' ? 1 : text[token.where.at] == '}' ? -1 : 0;
        at = token.where.at + token.where.length;
    }
    return open;
}

void statement_refuse_rest(struct shell *shell, int open) {
    shell->refused_braces = open > 0 ? (unsigned)open : 0;
}

static void refuse_blocked(const struct shell *shell, struct actor *actor, struct error *error) {
    const char *name = actor_name(actor);
    if (actor_wants_input(actor)) {
        error_set(error, ERROR_USAGE, (struct span){0}, "%s waits for a line on its standard input, in %s", name,
                  actor_call(actor));
        error_hint(error, "give it one: %s< some words", name);
        return;
    }
    if (actor_is_stopped(actor)) {
        error_set(error, ERROR_USAGE, (struct span){0}, "%s is stopped by a signal", name);
        error_hint(error, "kill -CONT %d lets it go on; .kill %s ends it, .restart %s begins afresh",
                   (int)actor_pid(actor), name, name);
        return;
    }
    if (actor_state(actor) == ACTOR_BLOCKED)
        error_set(error, ERROR_USAGE, (struct span){0}, "%s is blocked in %s", name, actor_call(actor));
    else
        error_set(error, ERROR_USAGE, (struct span){0}, "%s is still busy with its last statement", name);
    if (shell->mode == SHELL_PROMPT)
        error_hint(error,
                   "send the line to another actor (NAME> …), interrupt the call (Ctrl-C, .interrupt %s), "
                   "or let it wait its turn: .queue %s> …",
                   name, name);
    else
        error_hint(error,
                   "let another actor end the call first, wait for a program that is none of ours with .wait %s, "
                   "or let the line wait its turn: .queue %s> …",
                   name, name);
}

static struct actor *somebody_working(struct shell *shell) {
    struct actor *actor;
    for (size_t i = 0; (actor = crew_at(shell->crew, i)) != NULL; i++)
        if (actor_state(actor) == ACTOR_RUNNING && !actor_is_stopped(actor))
            return actor;
    return NULL;
}

/* In a script a line waits for its own actor, as it would in a program; unless only a later line of the script
 * could end the call that it waits for.  An actor that still works may end it: it drains the socket that a
 * send() waits for. */
static bool wait_for_turn(struct shell *shell, struct actor *actor) {
    struct actor *worker = actor;
    if (shell->mode != SHELL_SCRIPT)
        return false;
    for (; worker != NULL; worker = somebody_working(shell)) {
        shell_wait_until_calm(shell, worker);
        shell_settle(shell);
        if (actor_state(actor) == ACTOR_IDLE || actor_state(actor) == ACTOR_DEAD)
            return true;
        if (actor_is_stopped(actor))
            return false;
        if (actor_state(actor) == ACTOR_BLOCKED && await_may_end(shell, actor))
            return shell_wait(shell, actor);
    }
    return false;
}

enum actor_state statement_await_turn(struct shell *shell, struct actor *actor) {
    enum actor_state state = actor_state(actor);
    if ((state == ACTOR_BLOCKED || state == ACTOR_RUNNING) && wait_for_turn(shell, actor))
        state = actor_state(actor);
    return state;
}

bool statement_is_free(struct shell *shell, struct actor *actor, struct error *error) {
    enum actor_state state = statement_await_turn(shell, actor);
    if (state == ACTOR_DEAD) {
        error_set(error, ERROR_USAGE, (struct span){0}, "%s %s", actor_name(actor), actor_last_words(actor));
        error_hint(error, ".restart %s starts it afresh", actor_name(actor));
        return false;
    }
    if (state != ACTOR_IDLE || actor_is_stopped(actor)) {
        refuse_blocked(shell, actor, error);
        return false;
    }
    return true;
}

static enum line_result run(struct shell *shell, struct actor *actor, const char *source, const char *place,
                            bool queue) {
    struct error error = {0};
    journal_add(shell->journal, &(struct event){.type = EVENT_LINE, .actor = actor_name(actor), .text = source,
                                                .place = place});
    shell_hear(shell);
    enum actor_state state = actor_state(actor);
    bool waits = state == ACTOR_BLOCKED || state == ACTOR_RUNNING || queue_holds(shell->queue, actor);
    if (queue && waits) {
        queue_add(&shell->queue, actor, source, place);
        if (shell->mode == SHELL_PROMPT)
            shell_note(shell, "queued until %s is free", actor_name(actor));
        return LINE_DONE;
    }
    watch_before(shell);
    if (statement_is_free(shell, actor, &error) && actor_run(actor, source, place, &error))
        return LINE_DONE;
    shell_fault(shell, source, place, &error);
    return LINE_BAD;
}

bool statement_is_type(void *context, const char *name) {
    return actor_has_type(context, name);
}

/* Is there anything to run in it?  Comments and #include lines leave an empty program. */
static bool has_statements(const struct tree *tree) {
    return tree->program != NULL && tree->program->list != NULL;
}

/* Words that are no C may begin with a call's name misspelt: `sokcet inet stream`. */
static void suggest_call(const char *text, struct actor *actor, struct error *error) {
    size_t length = strcspn(text, " \t(");
    if (error->kind != ERROR_SYNTAX || length == 0 || (text[length] != ' ' && text[length] != '\t'))
        return;
    char *word = mem_string_n(text, length);
    for (size_t i = 0; lex_keyword(i) != NULL; i++)
        if (strcmp(lex_keyword(i), word) == 0) {
            free(word);
            return;
        }
    struct suggestion near;
    suggest_start(&near, word);
    for (size_t i = 0; call_at(i) != NULL; i++)
        suggest_offer(&near, call_at(i)->name);
    if (near.best != NULL && near.distance > 0 && !is_variable(actor, word)) {
        error_free(error);
        error_set(error, ERROR_NAME, (struct span){0, (uint32_t)length}, "there is no call %s", word);
        error_hint(error, "did you mean %s?", near.best);
    }
    free(word);
}

/* Behind the remedy, which may be a question. */
static void hint_at_rest(struct error *error) {
    size_t length = error->hint != NULL ? strlen(error->hint) : 0;
    bool asks = length > 0 && error->hint[length - 1] == '?';
    char *more = mem_format("%s%s%she lines up to its } are read over", length > 0 ? error->hint : "",
                            asks ? " " : length > 0 ? "; " : "", asks ? "T" : "t");
    free(error->hint);
    error->hint = more;
}

enum line_result statement_give(struct shell *shell, struct actor *actor, const char *text, const char *place,
                                bool queue) {
    struct buf source = {0};
    if (shell->pending.length > 0 || !call_from_words(text, is_variable, actor, &source)) {
        buf_clear(&source);
        buf_add_text(&source, text);
    }
    struct tree tree = {0};
    struct error error = {0};
    enum line_result result = LINE_DONE;
    const struct parse_types types = {statement_is_type, actor};
    if (parse_with(buf_text(&source), source.length, &types, &tree, &error)) {
        if (has_statements(&tree))
            result = run(shell, actor, buf_text(&source), place, queue);
        tree_free(&tree);
    } else if (error.kind == ERROR_INCOMPLETE && source.length < PARSE_SOURCE_MAX) {
        error_free(&error);
        if (shell->pending.length == 0) {
            buf_add(&shell->pending, source.data, source.length);
            shell->pending_for = actor;
            free(shell->pending_place);
            shell->pending_place = mem_string(place);
        }
        result = LINE_MORE;
    } else {
        suggest_call(buf_text(&source), actor, &error);
        int open = statement_open_braces(buf_text(&source), source.length);
        statement_refuse_rest(shell, open);
        shell->refused_header = open == 0 && source.length > 0 && source.data[source.length - 1] == ')';
        if (open > 0)
            hint_at_rest(&error);
        shell_fault(shell, buf_text(&source), place, &error);
        result = LINE_BAD;
    }
    buf_free(&source);
    return result;
}

static void forget_pending(struct shell *shell) {
    buf_free(&shell->pending);
    shell->pending_for = NULL;
}

/* Of one that is refused, the lines up to its } are read over: that stays noted. */
enum line_result statement_continue(struct shell *shell, const char *line, size_t length) {
    buf_add_char(&shell->pending, '\n');
    buf_add(&shell->pending, line, length);
    char *text = mem_string_n(shell->pending.data, shell->pending.length);
    char *place = mem_string(shell->pending_place);
    enum line_result result = statement_give(shell, shell->pending_for, text, place, false);
    if (result != LINE_MORE)
        forget_pending(shell);
    free(text);
    free(place);
    return result;
}

void shell_drop_pending(struct shell *shell, bool told) {
    if (told && shell->pending.length > 0) {
        struct tree tree = {0};
        struct error error = {0};
        const struct parse_types types = {statement_is_type, shell->pending_for};
        if (parse_with(shell->pending.data, shell->pending.length, &types, &tree, &error))
            tree_free(&tree);
        else
            shell_fault(shell, shell->pending.data, shell->pending_place, &error);
    }
    forget_pending(shell);
    shell->refused_braces = 0;
    shell->refused_header = false;
}

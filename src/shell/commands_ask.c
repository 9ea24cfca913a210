/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands that ask: help, variables, what comes next. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/suggest.h"
#include "base/text.h"
#include "call/call.h"
#include "call/constant.h"
#include "call/explain.h"
#include "shell/commands.h"
#include "shell/help_language.h"
#include "shell/help_words.h"
#include "shell/next.h"
#include "view/variables.h"

#define OVERVIEW_COLUMNS 80

static void tell(struct command_line *line, struct buf *out) {
    shell_note(line->shell, "%s", buf_text(out));
    buf_free(out);
}

/* Those that take nothing, or an actor or a program if they are given one, and those of lessons share lines. */
static bool shares_lines(const struct command *command) {
    return command->takes == TAKES_NOTHING || command->takes == TAKES_PROGRAM || command->lesson_only ||
           (command->takes == TAKES_ACTOR && command->arguments[0] == '[');
}

/* ".network: where the sockets live; .kill NAME: …" */
static void help_short(const struct shell *shell, struct buf *out) {
    struct buf text = {0};
    for (size_t i = 0; command_at(i) != NULL; i++) {
        const struct command *command = command_at(i);
        if (!shares_lines(command) || (command->lesson_only && shell->player == NULL) ||
            strcmp(command->name, "exit") == 0)
            continue;
        buf_addf(&text, "%s.%s%s: %s", text.length > 0 ? "; " : "", command->name,
                 command->takes == TAKES_ACTOR ? " [NAME]" : "", command->summary);
    }
    text_wrap(buf_text(&text), OVERVIEW_COLUMNS, 2, out);
    buf_free(&text);
}

/* Those for staging networks have one line. */
static void help_of_networks(struct buf *out) {
    buf_add_char(out, ' ');
    for (size_t i = 0; command_at(i) != NULL; i++)
        if (command_at(i)->takes == TAKES_TEXT)
            buf_addf(out, " .%s", command_at(i)->name);
    buf_add_text(out, ": network, hosts, links\n");
}

/* The overview: fits a screen of 80 × 24, in a lesson too, and with the prompt below. */
static void help_overview(const struct shell *shell, struct buf *out) {
    buf_add_text(out, "A line is C and runs for real, in a process of its own. The ; may be left out.\n"
                      "  sockfd = socket(AF_INET, SOCK_STREAM, 0)   or shorter: socket inet stream\n"
                      "  bind(sockfd, \"127.0.0.1:8888\")             last arguments may be left out\n"
                      "  client> connect(3, \"127.0.0.1:8888\")       one line for another actor\n"
                      "  client< hello                              a line for its standard input\n");
    for (size_t i = 0; command_at(i) != NULL; i++) {
        const struct command *command = command_at(i);
        if (shares_lines(command) || command->takes == TAKES_TEXT)
            continue;
        buf_addf(out, "  .%s %-*s %s\n", command->name, (int)(17 - strlen(command->name)), command->arguments,
                 command->summary);
    }
    help_of_networks(out);
    help_short(shell, out);
    buf_add_text(out, "Tab completes. Ctrl-C interrupts a blocked call. man sockshell tells the rest.\n");
}

static void help_command(const struct command *command, size_t columns, struct buf *out) {
    buf_addf(out, ".%s %s\n    %s\n", command->name, command->arguments, command->summary);
    if (command->details != NULL)
        text_wrap(command->details, columns, 4, out);
    if (out->length > 0 && out->data[out->length - 1] != '\n')
        buf_add_char(out, '\n');
}

static bool help_constant(const char *name, size_t columns, struct buf *out) {
    const struct constant *constant = constant_find(name);
    if (constant == NULL)
        return false;
    buf_addf(out, "%s is %lld", name, (long long)constant->value);
    const char *means = constant->means;
    if (means == NULL && constant_in(&constants_errno, name) != NULL)
        means = call_error_words(NULL, (int)constant->value);
    if (means != NULL)
        buf_addf(out, ": %s", means);
    buf_add_char(out, '\n');
    for (size_t i = 0; constant_set_at(i) != NULL; i++)
        if (constant_in(constant_set_at(i), name) != NULL)
            buf_addf(out, "    one of the %s\n", constant_set_at(i)->name);
    if (constant_in(&constants_errno, name) != NULL)
        help_errno((int)constant->value, columns, out);
    return true;
}

/* Somebody's name. */
static bool help_actor(struct command_line *line, struct buf *out) {
    const struct actor *actor = crew_find(line->shell->crew, line->argument);
    if (actor == NULL)
        return false;
    const char *name = line->argument;
    bool dead = actor_state(actor) == ACTOR_DEAD;
    buf_addf(out, "%s, an actor (%s%d)\n", name, dead ? "dead; it was pid " : "pid ", (int)actor_pid(actor));
    char *words =
        mem_format("A program that you write line by line: a process with descriptors and variables of its "
                   "own. `%s> line` is a line for it, .actor %s makes it the one that lines "
                   "are for. .vars %s, .state %s and .explain %s tell about it.",
                   name, name, name, name, name);
    text_wrap(words, line->shell->columns, 4, out);
    free(words);
    return true;
}

static bool help_unknown(struct command_line *line) {
    if (strcmp(line->argument, "commands") == 0) {
        struct buf out = {0};
        help_overview(line->shell, &out);
        tell(line, &out);
        return true;
    }
    struct suggestion near;
    const char *topic = line->argument;
    if (strncmp(topic, "struct ", 7) == 0)
        topic += 7;
    suggest_start(&near, topic);
    for (size_t i = 0; call_at(i) != NULL; i++)
        suggest_offer(&near, call_at(i)->name);
    for (size_t i = 0; command_at(i) != NULL; i++)
        suggest_offer(&near, command_at(i)->name);
    help_language_offer(&near);
    help_words_offer(&near);
    for (size_t i = 0; constant_set_at(i) != NULL; i++)
        for (size_t k = 0; k < constant_set_at(i)->count; k++)
            suggest_offer(&near, constant_set_at(i)->items[k].name);
    command_misused(line, "there is no help on %s", line->argument);
    if (near.best != NULL)
        error_hint(line->error, "did you mean .help %s?", near.best);
    else
        error_hint(line->error, ".help calls lists all calls, .help the commands");
    return false;
}

bool command_help(struct command_line *line) {
    struct buf out = {0};
    size_t columns = line->shell->columns;
    const char *topic = line->argument;
    const struct call *call = call_find(topic);
    const struct command *command = command_find(topic + (topic[0] == '.'));
    if (topic[0] == '\0')
        help_overview(line->shell, &out);
    else if (strcmp(topic, "calls") == 0)
        help_topics(columns, &out);
    else if (topic[0] != '.' && call != NULL)
        help_call(call, columns, &out);
    else if (command != NULL)
        help_command(command, columns, &out);
    else if (!help_constant(topic, columns, &out) && !help_language(topic, columns, &out) &&
             !help_actor(line, &out) && !help_words(topic, columns, &out) && !help_group(topic, columns, &out))
        return help_unknown(line);
    tell(line, &out);
    return true;
}

/* Leave only the variable of that name; false when there is none. */
static bool keep_only(struct board *board, const char *name) {
    for (size_t i = 0; i < board->count; i++) {
        if (strcmp(board->entries[i].name, name) != 0)
            continue;
        board->entries[0] = board->entries[i];
        board->count = 1;
        board->truncated = false;
        return true;
    }
    return false;
}

/* NAME is a variable, or else an actor. */
bool command_vars(struct command_line *line) {
    struct actor *actor = line->actor;
    struct board board;
    if (!actor_board(actor, &board, line->error))
        return false;
    if (line->argument[0] != '\0' && !keep_only(&board, line->argument)) {
        board_free(&board);
        actor = crew_find(line->shell->crew, line->argument);
        if (actor == NULL) {
            command_misused(line, "%s has no variable, and there is no actor, of the name %s",
                            actor_name(line->actor), line->argument);
            error_hint(line->error, ".vars lists all variables");
            return false;
        }
        if (!actor_board(actor, &board, line->error))
            return false;
    }
    struct buf out = {0};
    variables_show(&board, &out);
    if (board.count == 0)
        buf_addf(&out, "%s has no variables yet\n", actor_name(actor));
    board_free(&board);
    tell(line, &out);
    return true;
}

bool command_next(struct command_line *line) {
    struct actor *actor = command_actor(line);
    if (actor == NULL)
        return false;
    struct buf out = {0};
    shell_settle(line->shell);
    next_advice(line->shell, actor, &out);
    tell(line, &out);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line: whose it is, and which of the three ways it goes; see shell.h. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "call/constant.h"
#include "lang/parse.h"
#include "shell/command.h"
#include "shell/line.h"
#include "shell/shell.h"
#include "shell/statement.h"

static bool is_actor(void *context, const char *name) {
    const struct shell *shell = context;
    return crew_find(shell->crew, name) != NULL;
}

struct line_parts shell_line_parts(struct shell *shell, const char *line, size_t length) {
    return line_split(line, length, is_actor, shell);
}

static enum line_result give_input(struct shell *shell, struct actor *actor, const char *text, size_t length,
                                   const char *place) {
    struct error error = {0};
    struct buf bytes = {0};
    buf_add(&bytes, text, length);
    buf_add_char(&bytes, '\n');
    bool given = actor_input(actor, bytes.data, bytes.length, &error);
    buf_free(&bytes);
    if (given)
        return LINE_DONE;
    char *source = mem_string_n(text, length);
    shell_fault(shell, source, place, &error);
    free(source);
    return LINE_BAD;
}

/* A line longer than a statement may be, or with a NUL in it, never gets further. */
static bool is_acceptable(struct shell *shell, const char *line, size_t length, const char *place) {
    struct error error = {0};
    const char *nul = memchr(line, '\0', length);
    if (length > PARSE_SOURCE_MAX) {
        error_set(&error, ERROR_LIMIT, (struct span){0}, "a line of %zu bytes is too long", length);
        error_hint(&error, "at most %d bytes make a statement; split it", PARSE_SOURCE_MAX);
        shell_fault(shell, "", place, &error);
        return false;
    }
    if (nul != NULL) {
        error_set(&error, ERROR_SYNTAX, (struct span){(uint32_t)(nul - line), 1},
                  "there is a NUL byte in this line");
        error_hint(&error, "C source is text; a NUL in a string is written \\0");
        char *upto = mem_string_n(line, (size_t)(nul - line));
        shell_fault(shell, upto, place, &error);
        free(upto);
        return false;
    }
    return true;
}

/* The rest of a text that was refused with its braces open: were it carried out line
 * by line, the body of a function, or of an else, would do who knows what. */
static enum line_result read_over(struct shell *shell, const char *line, size_t length) {
    statement_refuse_rest(shell, (int)shell->refused_braces + statement_open_braces(line, length));
    return LINE_DONE;
}

/* A line that cannot be taken is missing in the statement it belonged to. */
static void refuse_pending(struct shell *shell) {
    if (shell->pending.length == 0)
        return;
    int open = statement_open_braces(shell->pending.data, shell->pending.length);
    shell_drop_pending(shell, false);
    statement_refuse_rest(shell, open);
}

static size_t trimmed(const char *line, size_t length, size_t *start) {
    *start = 0;
    while (*start < length && isspace((unsigned char)line[*start]))
        (*start)++;
    while (length > *start && isspace((unsigned char)line[length - 1]))
        length--;
    return length - *start;
}

/* `bob> listen(3, 3)`, and there is no bob. */
static bool is_for_nobody(struct shell *shell, struct actor *actor, const char *line, const char *place) {
    size_t start, rest = trimmed(line, strlen(line), &start), name = 0;
    const char *text = line + start;
    while (name < rest && (isalnum((unsigned char)text[name]) || text[name] == '_'))
        name++;
    if (name == 0 || name + 2 >= rest || text[name] != '>' || text[name + 1] != ' ' ||
        isdigit((unsigned char)*text))
        return false;
    char *who = mem_string_n(text, name);
    bool nobody = !actor_has_variable(actor, who) && constant_find(who) == NULL;
    if (nobody) {
        struct error error = {0};
        error_set(&error, ERROR_NAME, (struct span){(uint32_t)start, (uint32_t)name}, "there is no actor %s", who);
        error_hint(&error, ".actor %s starts one; .actors lists those that are there, children of fork() too", who);
        shell_fault(shell, line, place, &error);
    }
    free(who);
    return nobody;
}

enum line_result shell_line(struct shell *shell, const char *line, size_t length, const char *place) {
    char *whole = place[0] != '\0' ? mem_format("%s:1", place) : mem_string("");
    struct line_parts parts = shell_line_parts(shell, line, length);
    bool command = parts.kind == LINE_COMMAND && line[parts.text] == '.';
    bool fine = is_acceptable(shell, line, length, whole);
    free(whole);
    if (!fine) {
        refuse_pending(shell);
        return LINE_BAD;
    }
    bool body = shell->refused_header && parts.kind != LINE_EMPTY && line[parts.text] == '{';
    shell->refused_header &= parts.kind == LINE_EMPTY;
    if ((shell->refused_braces > 0 && !command) || body)
        return read_over(shell, line, length);
    if (shell->pending.length > 0 && !command)
        return statement_continue(shell, line, length);

    struct actor *actor = parts.actor[0] != '\0' ? crew_find(shell->crew, parts.actor) : shell->current;
    char *text = mem_string_n(line + parts.text, length - parts.text);
    char *from =
        place[0] != '\0' ? mem_format("%s:%zu", place, utf8_columns(line, parts.text) + 1) : mem_string("");
    enum line_result result = LINE_DONE;
    switch (parts.kind) {
    case LINE_EMPTY:
    case LINE_RESULT:
        break;
    case LINE_COMMAND:
        result = command_run(shell, actor, text, from) ? LINE_DONE : LINE_BAD;
        break;
    case LINE_INPUT:
        result = give_input(shell, actor, text, strlen(text), from);
        break;
    case LINE_STATEMENT:
        result = is_for_nobody(shell, actor, text, from) ? LINE_BAD
                                                         : statement_give(shell, actor, text, from, false);
        break;
    }
    free(text);
    free(from);
    return shell->pending.length > 0 && result == LINE_DONE ? LINE_MORE : result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line: whose it is, and which of the three ways it goes; see shell.h. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "lang/parse.h"
#include "shell/command.h"
#include "shell/line.h"
#include "shell/shell.h"
#include "shell/statement.h"

static bool is_actor(void *context, const char *name) {
    const struct shell *shell = context;
    return crew_find(shell->crew, name) != NULL;
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
        error_set(&error, ERROR_SYNTAX, (struct span){(uint32_t)(nul - line), 1}, "there is a NUL byte in this line");
        error_hint(&error, "C source is text; a NUL in a string is written \\0");
        char *upto = mem_string_n(line, (size_t)(nul - line));
        shell_fault(shell, upto, place, &error);
        free(upto);
        return false;
    }
    return true;
}

enum line_result shell_line(struct shell *shell, const char *line, size_t length, const char *place) {
    char *whole = place[0] != '\0' ? mem_format("%s:1", place) : mem_string("");
    bool fine = is_acceptable(shell, line, length, whole);
    free(whole);
    if (!fine)
        return LINE_BAD;
    if (shell->pending.length > 0)
        return statement_continue(shell, line, length);

    struct line_parts parts = line_split(line, length, is_actor, shell);
    struct actor *actor = parts.actor[0] != '\0' ? crew_find(shell->crew, parts.actor) : shell->current;
    char *text = mem_string_n(line + parts.text, length - parts.text);
    char *from = place[0] != '\0' ? mem_format("%s:%zu", place, utf8_columns(line, parts.text) + 1) : mem_string("");
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
        result = statement_give(shell, actor, text, from, false);
        break;
    }
    free(text);
    free(from);
    return result;
}

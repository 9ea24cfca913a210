/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking a line apart; see line.h. */
#include "shell/line.h"

#include <ctype.h>
#include <string.h>

static bool is_name_char(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '.';
}

/* `help`, `help bind`, `quit` and `exit` work without their dot; `exit(0)` is C. */
static bool is_bare_command(const char *text, size_t length) {
    static const char *const alone[] = {"help", "quit", "exit"};
    for (size_t i = 0; i < sizeof(alone) / sizeof(*alone); i++)
        if (length == strlen(alone[i]) && memcmp(text, alone[i], length) == 0)
            return true;
    return length > 5 && memcmp(text, "help ", 5) == 0 && text[5] != '=';
}

static bool has_result_words(const char *text, size_t length) {
    static const char *const words[] = {" is blocked in ", " was killed by ", " exited with ",
                                        " was born by fork()", " reads end of file "};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (length >= strlen(words[i]) && memcmp(text, words[i], strlen(words[i])) == 0)
            return true;
    return false;
}

/* The NAME at the beginning and what its mark makes of the line. */
static bool split_name(const char *line, size_t length, size_t start, struct line_parts *parts,
                       bool (*is_actor)(void *context, const char *name), void *context) {
    size_t end = start;
    while (end < length && is_name_char(line[end]))
        end++;
    size_t name = end - start;
    if (name == 0 || name >= sizeof(parts->actor) || end == length)
        return false;
    memcpy(parts->actor, line + start, name);
    parts->actor[name] = '\0';
    if (!is_actor(context, parts->actor))
        return false;
    bool spaced = end + 1 == length || line[end + 1] == ' ' || line[end + 1] == '\t';
    char mark = line[end];
    parts->text = end + 1 < length ? end + 2 : length;
    if (mark == '>' && spaced)
        parts->kind = LINE_STATEMENT;
    else if (mark == '<' && spaced)
        parts->kind = LINE_INPUT;
    else if ((mark == '|' || mark == '!' || mark == ':') && spaced)
        parts->kind = LINE_RESULT;
    else if (has_result_words(line + end, length - end))
        parts->kind = LINE_RESULT;
    else
        return false;
    return true;
}

struct line_parts line_split(const char *line, size_t length, bool (*is_actor)(void *context, const char *name),
                             void *context) {
    struct line_parts parts = {.kind = LINE_STATEMENT};
    size_t start = 0;
    while (start < length && isspace((unsigned char)line[start]))
        start++;
    size_t end = length;
    while (end > start && isspace((unsigned char)line[end - 1]))
        end--;
    if (start == end) {
        parts.kind = LINE_EMPTY;
        return parts;
    }
    if (split_name(line, length, start, &parts, is_actor, context)) {
        size_t text = parts.text;
        while (parts.kind == LINE_STATEMENT && text < end && isspace((unsigned char)line[text]))
            text++;
        if (parts.kind == LINE_STATEMENT) {
            parts.text = text;
            if (text + 1 < end && line[text] == '.' && isalpha((unsigned char)line[text + 1]))
                parts.kind = LINE_COMMAND;
        }
        return parts;
    }
    parts.actor[0] = '\0';
    parts.text = start;
    if ((line[start] == '.' && start + 1 < end && isalpha((unsigned char)line[start + 1])) ||
        is_bare_command(line + start, end - start))
        parts.kind = LINE_COMMAND;
    return parts;
}

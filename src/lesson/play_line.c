/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the learner's line was, compared with the step; see play_parts.h. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "call/call.h"
#include "lang/parse.h"
#include "lesson/patience.h"
#include "lesson/play_parts.h"
#include "shell/line.h"

bool line_next_call(const char *text, size_t *at, struct buf *name) {
    size_t length = strlen(text);
    for (;;) {
        struct token token = lex_next(text, length, *at);
        if (token.kind == TOKEN_END || token.kind == TOKEN_BAD)
            return false;
        *at = token.where.at + token.where.length;
        if (token.kind != TOKEN_NAME)
            continue;
        buf_clear(name);
        buf_add(name, text + token.where.at, token.where.length);
        const struct call *call = call_find(buf_text(name));
        if (call && (call->flags & (CALL_SYSTEM | CALL_BLOCKS)))
            return true;
    }
}

/* ---- The same line ---- */

static bool same_token(const char *a, struct token at_a, const char *b, struct token at_b) {
    return at_a.kind == at_b.kind && at_a.where.length == at_b.where.length &&
           memcmp(a + at_a.where.at, b + at_b.where.at, at_a.where.length) == 0;
}

/* Reads over a `;` that is the last token. */
static bool ends(const char *text, size_t length, struct token token) {
    if (token.kind == TOKEN_PUNCTUATOR && text[token.where.at] == ';')
        token = lex_next(text, length, token.where.at + token.where.length);
    return token.kind == TOKEN_END;
}

/* The same C, white space, comments and the last semicolon apart. */
static bool same_statement(const char *a, const char *b) {
    size_t length_a = strlen(a), length_b = strlen(b), i = 0, j = 0;
    for (;;) {
        struct token at_a = lex_next(a, length_a, i), at_b = lex_next(b, length_b, j);
        if (ends(a, length_a, at_a) && ends(b, length_b, at_b))
            return true;
        if (at_a.kind == TOKEN_END || at_a.kind == TOKEN_BAD || !same_token(a, at_a, b, at_b))
            return false;
        i = at_a.where.at + at_a.where.length;
        j = at_b.where.at + at_b.where.length;
    }
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

/* The same words, whatever blanks stand between and behind them. */
static bool same_words(const char *a, const char *b) {
    for (;;) {
        size_t blanks_a = strspn(a, " \t"), blanks_b = strspn(b, " \t");
        a += blanks_a;
        b += blanks_b;
        if (*a == '\0' || *b == '\0')
            return *a == *b;
        if ((blanks_a > 0) != (blanks_b > 0))
            return false;
        while (*a && *b && !is_blank(*a) && *a == *b) {
            a++;
            b++;
        }
        if ((*a && !is_blank(*a)) || (*b && !is_blank(*b)))
            return false;
    }
}

enum likeness line_likeness(const struct player *player, const struct item *step, const char *line) {
    struct shell *shell = player->shell;
    struct line_parts parts = shell_line_parts(shell, line, strlen(line));
    const char *text = line + parts.text;
    if (parts.kind == LINE_COMMAND)
        return step->step == STEP_COMMAND && same_words(text, step->text) ? LINE_SAME : LINE_ELSEWHERE;
    const char *actor = parts.actor[0] ? parts.actor : shell->current ? actor_name(shell->current) : "";
    if (strcmp(actor, step->actor) != 0)
        return LINE_ELSEWHERE;
    if (parts.kind == LINE_INPUT && step->step == STEP_INPUT)
        return same_words(text, step->text) ? LINE_SAME : LINE_OWN_WORDS;
    if (parts.kind == LINE_STATEMENT && step->step == STEP_STATEMENT)
        return same_statement(text, step->text) ? LINE_SAME : LINE_EDITED;
    return LINE_ELSEWHERE;
}

/* ---- The same effect ---- */

bool line_is_met(struct player *player, const struct item *step, uint64_t before, enum judge_how how) {
    struct evidence evidence = player_evidence(player, before);
    patience_within(&evidence, step, how);
    return judge_step(&evidence, step, how, NULL, NULL) == 0;
}

/* Finds the next `NAME =` from *at on; false when there is none. */
static bool next_assigned(const char *text, size_t *at, struct buf *name) {
    size_t length = strlen(text);
    struct token last = {.kind = TOKEN_END};
    for (;;) {
        struct token token = lex_next(text, length, *at);
        if (token.kind == TOKEN_END || token.kind == TOKEN_BAD)
            return false;
        *at = token.where.at + token.where.length;
        if (last.kind == TOKEN_NAME && token.where.length == 1 && text[token.where.at] == '=') {
            buf_clear(name);
            buf_add(name, text + last.where.at, last.where.length);
            return true;
        }
        last = token;
    }
}

static bool assigns(const char *line, const char *wanted) {
    struct buf name = {0};
    bool found = false;
    for (size_t at = 0; !found && next_assigned(line, &at, &name);)
        found = strcmp(buf_text(&name), wanted) == 0;
    buf_free(&name);
    return found;
}

/* The steps to come use what this one assigns. */
static bool assigns_all(const char *line, const struct item *step) {
    struct buf name = {0};
    bool all = true;
    for (size_t at = 0; all && next_assigned(step->text, &at, &name);)
        all = assigns(line, buf_text(&name));
    buf_free(&name);
    return all;
}

/* ---- The same words, where there is no effect to be judged ---- */

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names, numbers and strings of a statement, sorted; the caller frees them. */
static char **sorted_words(const char *text, size_t *count) {
    size_t length = strlen(text);
    char **words = NULL;
    *count = 0;
    for (size_t at = 0;;) {
        struct token token = lex_next(text, length, at);
        if (token.kind == TOKEN_END || token.kind == TOKEN_BAD)
            break;
        at = token.where.at + token.where.length;
        if (token.kind == TOKEN_PUNCTUATOR)
            continue;
        words = mem_grow(words, *count + 1, sizeof(*words));
        words[(*count)++] = mem_string_n(text + token.where.at, token.where.length);
    }
    if (*count > 1)
        qsort(words, *count, sizeof(*words), by_text);
    return words;
}

static void free_words(char **words, size_t count) {
    for (size_t i = 0; i < count; i++)
        free(words[i]);
    free(words);
}

/* `int received, sock;` for `int sock, received;` */
static bool same_words_in_any_order(const char *a, const char *b) {
    size_t count_a, count_b;
    char **words_a = sorted_words(a, &count_a), **words_b = sorted_words(b, &count_b);
    bool same = count_a == count_b;
    for (size_t i = 0; same && i < count_a; i++)
        same = strcmp(words_a[i], words_b[i]) == 0;
    free_words(words_a, count_a);
    free_words(words_b, count_b);
    return same;
}

/* The statement of a line, without the actor's name before it. */
static const char *statement_of(const struct player *player, const char *line) {
    return line + shell_line_parts(player->shell, line, strlen(line)).text;
}

/* Calls of which one does what the other does, as the kernel sees it. */
static const char *const families[][5] = {
    {"send", "write", "sendto", "sendmsg", NULL},
    {"recv", "read", "recvfrom", "recvmsg", NULL},
    {"accept", "accept4", NULL},
    {"poll", "ppoll", "select", "pselect", NULL},
    {"dup", "dup2", "dup3", NULL},
};

static bool in_family(const char *const *family, const char *call) {
    while (*family && strcmp(*family, call) != 0)
        family++;
    return *family != NULL;
}

static bool same_call(const char *a, const char *b) {
    if (strcmp(a, b) == 0)
        return true;
    for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
        if (in_family(families[i], a))
            return in_family(families[i], b);
    return false;
}

/* It must have made the call that the step is about, assigned what the step assigns, and meet all that is
 * expected. Where there is neither a call nor anything expected, the words must be the same. */
bool line_had_effect(struct player *player, const struct item *step, const char *line, uint64_t before) {
    const struct journal *journal = player->shell->journal;
    struct buf call = {0};
    size_t at = 0;
    const char *made = judge_first_call(journal, step->actor, before);
    bool calls = line_next_call(step->text, &at, &call), about;
    if (calls)
        about = made && same_call(buf_text(&call), made);
    else if (step->expectation_count > 0)
        about = !made;
    else
        about = !made && !strchr(step->text, '=') &&
                same_words_in_any_order(step->text, statement_of(player, line));
    buf_free(&call);
    return about && assigns_all(line, step) && line_is_met(player, step, before, JUDGE_STRICT);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A lesson at the prompt.  The player holds a place in the lesson and nothing
 * else; what the learner's line did is read from the journal.
 *
 *     told ──▶ a step is ready ──▶ a line was carried out ──▶ judged by its effect
 *      ▲                                                        │
 *      └── the step is done: the next passage ◀─────────────────┴─▶ wandered off: it stays ready
 */
#include "lesson/play.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "call/call.h"
#include "lang/parse.h"
#include "lesson/judge.h"
#include "lesson/patience.h"
#include "lesson/question.h"
#include "lesson/task.h"
#include "shell/line.h"

struct player {
    struct shell *shell;
    const struct lesson *lesson;
    size_t passage;     /* the first item of the current passage */
    size_t next;        /* the step it leads to; item_count: none is left */
    char *ready;        /* that step as one would type it, or NULL */
    uint64_t judged_to; /* events up to here belong to steps that are done */
    struct acquaintance known; /* sockets that expectations were about */
    bool warned;        /* the learner knows that the lesson and what is there may differ */
};

/* ---- The place in the lesson ---- */

static void go_to(struct player *player, size_t passage) {
    const struct lesson *lesson = player->lesson;
    player->passage = player->next = passage;
    while (player->next < lesson->item_count && lesson->items[player->next].kind != ITEM_STEP &&
           lesson->items[player->next].kind != ITEM_TASK)
        player->next++;
    free(player->ready);
    bool step = !player_over(player) && lesson->items[player->next].kind == ITEM_STEP;
    player->ready = step ? lesson_step_line(&lesson->items[player->next]) : NULL;
}

struct player *player_new(struct shell *shell, const struct lesson *lesson) {
    struct player *player = mem_alloc(sizeof(*player));
    *player = (struct player){.shell = shell, .lesson = lesson};
    go_to(player, 0);
    return player;
}

void player_free(struct player *player) {
    if (!player)
        return;
    acquaintance_free(&player->known);
    free(player->ready);
    free(player);
}

bool player_over(const struct player *player) {
    return player->next >= player->lesson->item_count;
}

const char *player_ready(struct player *player, const char **actor) {
    if (actor)
        *actor = player_over(player) ? NULL : player->lesson->items[player->next].actor;
    return player->ready;
}

/* ---- Telling ---- */

static void tell_prose(struct player *player, const char *kind, const char *text) {
    journal_add(player->shell->journal, &(struct event){.type = EVENT_PROSE, .name = kind, .text = text});
}

/* The first name from *at on that is a call one watches; false when there is none. */
static bool next_call(const char *text, size_t *at, struct buf *name) {
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

/* " name," for each system call of the lesson, each once, in the order in which they were met. */
static void add_calls(const struct lesson *lesson, struct buf *out) {
    struct buf name = {0}, marked = {0};
    for (size_t i = 0; i < lesson->item_count; i++) {
        const struct item *item = &lesson->items[i];
        if (item->kind != ITEM_STEP || item->step != STEP_STATEMENT)
            continue;
        for (size_t at = 0; next_call(item->text, &at, &name);) {
            buf_clear(&marked);
            buf_addf(&marked, " %s,", buf_text(&name));
            if ((call_find(buf_text(&name))->flags & CALL_SYSTEM) &&
                !strstr(buf_text(out), buf_text(&marked)))
                buf_add(out, marked.data, marked.length);
        }
    }
    buf_free(&marked);
    buf_free(&name);
}

/* The last words: what was learned. */
static void add_end(const struct player *player, struct buf *text) {
    struct buf calls = {0};
    add_calls(player->lesson, &calls);
    buf_addf(text, "That was the whole of \"%s\".", player->lesson->title);
    if (calls.length > 0) {
        calls.data[--calls.length] = '\0'; /* the last comma */
        buf_addf(text, " You have used%s: `.help` and the name of one tells the rest of it.", calls.data);
    }
    buf_add_text(text, " The prompt stays yours, to go on exploring; `.quit` leaves.");
    buf_free(&calls);
}

static void tell_end(struct player *player) {
    struct buf text = {0};
    add_end(player, &text);
    tell_prose(player, "text", buf_text(&text));
    buf_free(&text);
}

/* Lines as they stand, indented. */
static void add_listing(const char *listing, struct buf *text) {
    while (*listing) {
        size_t length = strcspn(listing, "\n");
        buf_addf(text, "%s    %.*s", text->length > 0 ? "\n" : "", (int)length, listing);
        listing += length + (listing[length] == '\n');
    }
}

/* What an item says, as prose. Nobody is asked yet: a question has its choices under it. */
static void add_words(const struct item *item, struct buf *words) {
    static const char *const verdicts[] = {
        [CLAIM_TRUE] = "True.", [CLAIM_FALSE] = "False.", [CLAIM_DEPENDS] = "It depends."};
    switch (item->kind) {
    case ITEM_HEADING:
    case ITEM_PROSE:
    case ITEM_TASK:
        buf_add_text(words, item->text);
        break;
    case ITEM_LISTING:
        add_listing(item->text, words);
        break;
    case ITEM_PREDICT:
    case ITEM_ASK:
        buf_addf(words, "%s%s", item->text, item->question->choice_count > 0 ? "\n" : "");
        question_choices(item->question, words);
        break;
    case ITEM_CLAIM:
        buf_addf(words, "People say: %s", item->text);
        break;
    case ITEM_VERDICT:
        buf_addf(words, "%s %s", verdicts[item->verdict], item->text);
        break;
    case ITEM_STEP:
    case ITEM_PAUSE:
        break;
    }
}

const char *player_place(const struct player *player, struct buf *words, size_t *number, size_t *count) {
    const struct lesson *lesson = player->lesson;
    if (player->passage == 0 && *lesson->summary)
        buf_addf(words, "%s\n\n", lesson->summary);
    for (size_t i = player->passage; i < lesson->item_count && i <= player->next; i++) {
        const struct item *item = &lesson->items[i];
        struct buf said = {0};
        add_words(item, &said);
        if (said.length > 0)
            buf_addf(words, "%s%s\n\n", item->kind == ITEM_HEADING ? "# " : "", buf_text(&said));
        buf_free(&said);
    }
    if (player_over(player))
        add_end(player, words);
    *number = 1;
    *count = 0;
    for (size_t i = 0; i < lesson->item_count; i++) {
        bool counts = lesson->items[i].kind == ITEM_STEP || lesson->items[i].kind == ITEM_TASK;
        *count += counts;
        *number += counts && i < player->next;
    }
    return lesson->title;
}

/* A statement of several lines, which stands ready on one, is easier read as it was written. */
static void tell_listing(struct player *player, const char *listing) {
    struct buf text = {0};
    add_listing(listing, &text);
    tell_prose(player, "step", buf_text(&text));
    buf_free(&text);
}

static void tell_item(struct player *player, const struct item *item) {
    struct buf words = {0};
    add_words(item, &words);
    if (words.length > 0)
        tell_prose(player,
                   item->kind == ITEM_HEADING   ? "heading"
                   : item->kind == ITEM_LISTING ? "step"
                                                : "text",
                   buf_text(&words));
    buf_free(&words);
}

void player_tell(struct player *player) {
    const struct lesson *lesson = player->lesson;
    if (player->passage == 0) {
        tell_prose(player, "title", lesson->title);
        if (*lesson->summary)
            tell_prose(player, "text", lesson->summary);
    }
    for (size_t i = player->passage; i < player->next; i++)
        tell_item(player, &lesson->items[i]);
    if (player_over(player))
        tell_end(player);
    else if (lesson->items[player->next].kind == ITEM_TASK)
        tell_item(player, &lesson->items[player->next]);
    else if (lesson->items[player->next].listing)
        tell_listing(player, lesson->items[player->next].listing);
}

/* "step 7 of 38": where the lesson stands. */
static void note_place(struct player *player) {
    const struct lesson *lesson = player->lesson;
    size_t steps = 0, at = 0;
    for (size_t i = 0; i < lesson->item_count; i++) {
        steps += lesson->items[i].kind == ITEM_STEP || lesson->items[i].kind == ITEM_TASK;
        if (i == player->next)
            at = steps;
    }
    if (player_over(player))
        shell_note(player->shell, "lesson: all %zu steps are done", steps);
    else
        shell_note(player->shell, "lesson: step %zu of %zu", at, steps);
}

void player_again(struct player *player) {
    note_place(player);
    player_tell(player);
}

/* ---- What a line was, compared with the step ---- */

enum likeness {
    LINE_SAME,      /* the step's own line */
    LINE_OWN_WORDS, /* input for the same program, in other words */
    LINE_EDITED,    /* another statement for the same actor */
    LINE_ELSEWHERE,
};

static bool is_actor(void *context, const char *name) {
    const struct shell *shell = context;
    return crew_find(shell->crew, name) != NULL;
}

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

static enum likeness compare(const struct player *player, const struct item *step, const char *line) {
    struct shell *shell = player->shell;
    struct line_parts parts = line_split(line, strlen(line), is_actor, shell);
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

/* ---- Judging ---- */

static void note_verdict(void *context, const struct verdict *verdict) {
    const struct player *player = context;
    char *place = mem_format("%s:%u", player->lesson->path, verdict->line);
    journal_add(player->shell->journal, &(struct event){.type = EVENT_CHECK,
                                                        .result = verdict->met,
                                                        .text = verdict->expected,
                                                        .extra = verdict->seen,
                                                        .place = place});
    free(place);
}

static void advance(struct player *player) {
    player->judged_to = journal_last(player->shell->journal);
    go_to(player, player->next + 1);
    player_tell(player);
}

static struct evidence evidence_of(struct player *player, uint64_t before) {
    return (struct evidence){.journal = player->shell->journal,
                             .before = before,
                             .shell = player->shell,
                             .known = &player->known};
}

/* Is everything that is expected of the step met, now or in the time that it has? */
static bool is_met(struct player *player, const struct item *step, uint64_t before, enum judge_how how) {
    struct evidence evidence = evidence_of(player, before);
    patience_within(&evidence, step, how);
    return judge_step(&evidence, step, how, NULL, NULL) == 0;
}

/* The step's own line was carried out: the lesson goes on, and says so if something is different from what
 * it tells. */
static void accept_same(struct player *player, const struct item *step, uint64_t before) {
    struct evidence evidence = evidence_of(player, before);
    patience_within(&evidence, step, JUDGE_STRICT);
    size_t unmet = judge_step(&evidence, step, JUDGE_STRICT, note_verdict, player);
    if (unmet > 0 && !player->warned) {
        shell_note(player->shell,
                   "lesson: it goes on, but may no longer fit what is there;\n"
                   "lesson: to begin afresh: .quit, and sockshell --lesson %s",
                   player->lesson->name);
        player->warned = true;
    }
    advance(player);
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

/* Did another statement have the effect?  It must have made the call that the step is about, assigned what
 * the step assigns, and meet all that is expected. */
static bool had_effect(struct player *player, const struct item *step, const char *line,
                       uint64_t before) {
    const struct journal *journal = player->shell->journal;
    struct buf call = {0};
    size_t at = 0;
    const char *made = judge_first_call(journal, step->actor, before);
    bool about = next_call(step->text, &at, &call) ? made && strcmp(buf_text(&call), made) == 0
                                                   : !made && step->expectation_count > 0;
    buf_free(&call);
    return about && assigns_all(line, step) && is_met(player, step, before, JUDGE_STRICT);
}

/* However the learner got there. */
static void after_task(struct player *player, const struct item *item) {
    struct evidence evidence = evidence_of(player, player->judged_to);
    patience_within(&evidence, &item->task->goal, JUDGE_STRICT);
    if (task_met(&evidence, item->task, NULL, NULL))
        advance(player);
}

void player_after(struct player *player, const char *line, uint64_t before) {
    if (player_over(player))
        return;
    const struct item *step = &player->lesson->items[player->next];
    struct journal *journal = player->shell->journal;
    if (before < player->judged_to)
        before = player->judged_to;
    if (step->kind == ITEM_TASK) {
        after_task(player, step);
        return;
    }
    enum likeness likeness = compare(player, step, line);
    if (likeness == LINE_ELSEWHERE || judge_refused(journal, before))
        return;
    switch (likeness) {
    case LINE_SAME:
        accept_same(player, step, before);
        break;
    case LINE_OWN_WORDS:
        if (is_met(player, step, before, JUDGE_OWN_WORDS))
            advance(player);
        break;
    case LINE_EDITED:
        if (had_effect(player, step, line, before))
            advance(player);
        break;
    case LINE_ELSEWHERE:
        break;
    }
}

static void skip_task(struct player *player, const struct item *item) {
    size_t task = player->next;
    for (size_t i = 0; i < item->task->solution_count; i++) {
        char *line = lesson_step_line(&item->task->solution[i]);
        shell_note(player->shell, "lesson: done for you: %s", line);
        shell_line(player->shell, line, strlen(line), "");
        shell_settle(player->shell);
        free(line);
    }
    after_task(player, item);
    if (player->next == task)
        advance(player);
}

void player_skip(struct player *player) {
    if (player_over(player)) {
        shell_note(player->shell, "the lesson is over; no step is left");
        return;
    }
    size_t step = player->next;
    if (player->lesson->items[step].kind == ITEM_TASK) {
        skip_task(player, &player->lesson->items[step]);
        return;
    }
    uint64_t before = journal_last(player->shell->journal);
    char *line = mem_string(player->ready);
    shell_note(player->shell, "lesson: done for you: %s", line);
    shell_line(player->shell, line, strlen(line), "");
    shell_settle(player->shell);
    player_after(player, line, before);
    /* Refused (its actor sleeps, or is dead): the step cannot be done for the learner, and is passed over
     * all the same. */
    if (player->next == step) {
        shell_note(player->shell, "lesson: it could not be done, and is passed over");
        advance(player);
    }
    free(line);
}

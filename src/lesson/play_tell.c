/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands at the lesson's place, told in the journal or put into words for a view; see play_parts.h. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "call/call.h"
#include "lesson/play_parts.h"
#include "lesson/question.h"

/* Takes one piece of text; `kind` is EVENT_PROSE's. */
typedef void teller(void *context, const char *kind, const char *text);

static void tell_prose(struct player *player, const char *kind, const char *text) {
    journal_add(player->shell->journal, &(struct event){.type = EVENT_PROSE, .name = kind, .text = text});
}

void player_say(struct player *player, const char *format, ...) {
    struct buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    buf_addv(&text, format, arguments);
    va_end(arguments);
    tell_prose(player, "reply", buf_text(&text));
    buf_free(&text);
}

#define TITLE_MOST 60 /* bytes of a question's words where it is only named */

/* A sentence ends there; a full stop within a name or number (127.0.0.1) ends none. */
static size_t sentence_length(const char *text) {
    size_t length = 0;
    while (text[length] != '\0' && text[length] != '\n' &&
           !(strchr(".?!:", text[length]) != NULL && strchr(" \n", text[length + 1]) != NULL))
        length++;
    return length + (text[length] == '?' || text[length] == '!');
}

/* So many bytes of it, up to the end of a word. */
static size_t cut_length(const char *text, size_t length) {
    if (length <= TITLE_MOST)
        return length;
    length = TITLE_MOST;
    while (length > 0 && text[length] != ' ')
        length--;
    return length > 0 ? length : TITLE_MOST;
}

/* The first sentence that asks something; where none does, the first of all. */
static const char *title_sentence(const char *text) {
    for (const char *at = text; *at != '\0';) {
        size_t length = sentence_length(at);
        if (length > 0 && at[length - 1] == '?')
            return at;
        at += length;
        at += strspn(at, ".!: \n");
    }
    return text;
}

void item_title(const struct item *item, struct buf *out) {
    const char *text = title_sentence(item->text);
    size_t whole = sentence_length(text), length = cut_length(text, whole), quotes = 0;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) /* not within a character */
        length--;
    for (size_t i = 0; i < length; i++)
        quotes += text[i] == '`';
    buf_addf(out, "%.*s%s%s", (int)length, text, quotes % 2 ? "`" : "", length < whole ? " …" : "");
}

/* ---- The end ---- */

/* " name," for each system call of the lesson, each once, in the order in which they were met. */
static void add_calls(const struct lesson *lesson, struct buf *out) {
    struct buf name = {0}, marked = {0};
    for (size_t i = 0; i < lesson->item_count; i++) {
        const struct item *item = &lesson->items[i];
        if (item->kind != ITEM_STEP || item->step != STEP_STATEMENT)
            continue;
        for (size_t at = 0; line_next_call(item->text, &at, &name);) {
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

static void add_calls_used(const struct lesson *lesson, struct buf *text) {
    struct buf calls = {0};
    add_calls(lesson, &calls);
    if (calls.length > 0) {
        calls.data[--calls.length] = '\0'; /* the last comma */
        buf_addf(text, " You have used%s: `.help` and the name of one tells the rest of it.", calls.data);
    }
    buf_free(&calls);
}

/* A title that is something people say has its own. */
static const char *quote_of(const struct lesson *lesson) {
    return *lesson->title == '"' ? "" : "\"";
}

/* With the title, where there is such a lesson. */
static void add_next(const struct lesson *lesson, struct buf *text) {
    struct lesson next = {0};
    struct error error = {0};
    char *path = NULL;
    if (*lesson->next == '\0')
        return;
    if (lesson_find(lesson->next, &path, &error) && lesson_load(path, 0, &next, &error))
        buf_addf(text, "\nNext comes %s%s%s: `sockshell --lesson %s`.", quote_of(&next), next.title, quote_of(&next),
                 lesson->next);
    else
        buf_addf(text, "\nNext comes `%s`.", lesson->next);
    lesson_free(&next);
    error_free(&error);
    free(path);
}

/* So that a teacher can see which values somebody had. */
static void add_parameters(const struct lesson *lesson, struct buf *text) {
    if (lesson->seed == 0 || lesson->parameter_count == 0)
        return;
    buf_addf(text, "\nYour values (seed %llu):", (unsigned long long)lesson->seed);
    for (size_t i = 0; i < lesson->parameter_count; i++)
        buf_addf(text, "%s %s = %s", i > 0 ? "," : "", lesson->parameters[i].name,
                 lesson->parameters[i].value);
    buf_add_text(text, ".");
}

/* The last words: what was learned and what was missed, and what comes next. */
static void tell_end(const struct player *player, teller *tell, void *context) {
    const struct lesson *lesson = player->lesson;
    struct buf text = {0}, missed = {0};
    buf_addf(&text, "That was the whole of %s%s%s.", quote_of(lesson), lesson->title, quote_of(lesson));
    if (*lesson->teaches != '\0')
        buf_addf(&text, " What you have learned: %s%s", lesson->teaches,
                 lesson->teaches[strlen(lesson->teaches) - 1] == '.' ? "" : ".");
    add_calls_used(lesson, &text);
    record_missed(player, &missed);
    if (missed.length > 0)
        buf_addf(&text, "\nWorth another look:%s", buf_text(&missed));
    add_parameters(lesson, &text);
    add_next(lesson, &text);
    buf_add_text(&text, "\nThe prompt stays yours, to go on exploring; `.quit` leaves.");
    tell(context, "text", buf_text(&text));
    buf_free(&missed);
    buf_free(&text);
}

/* ---- One item ---- */

/* A statement of several lines, which stands ready on one, is easier read as it was written. */
static void tell_listing(const char *listing, teller *tell, void *context) {
    struct buf text = {0};
    while (*listing) {
        size_t length = strcspn(listing, "\n");
        buf_addf(&text, "%s    %.*s", text.length > 0 ? "\n" : "", (int)length, listing);
        listing += length + (listing[length] == '\n');
    }
    tell(context, "step", buf_text(&text));
    buf_free(&text);
}

static void tell_question(const struct item *item, teller *tell, void *context) {
    struct buf choices = {0};
    tell(context, "text", item->text);
    question_choices(item->question, &choices);
    if (choices.length > 0)
        tell(context, "choices", buf_text(&choices));
    buf_free(&choices);
}

static void tell_ladder(const struct player *player, teller *tell, void *context) {
    struct buf lines = {0};
    struct buf manner = {0};
    tell(context, "text", player_item(player)->text);
    player_ladder_manner(player, &manner);
    if (manner.length > 0)
        tell(context, "text", buf_text(&manner));
    player_ladder_show(player, &lines);
    if (lines.length > 0)
        tell(context, "step", buf_text(&lines));
    buf_free(&manner);
    buf_free(&lines);
}

static void tell_item(const struct item *item, teller *tell, void *context) {
    static const char *const verdicts[] = {
        [CLAIM_TRUE] = "True.", [CLAIM_FALSE] = "False.", [CLAIM_DEPENDS] = "It depends."};
    struct buf text = {0};
    switch (item->kind) {
    case ITEM_HEADING:
        tell(context, "heading", item->text);
        break;
    case ITEM_PROSE:
    case ITEM_TASK:
        tell(context, "text", item->text);
        break;
    case ITEM_LISTING:
        tell_listing(item->text, tell, context);
        break;
    case ITEM_PREDICT:
    case ITEM_ASK:
        tell_question(item, tell, context);
        break;
    case ITEM_CLAIM:
        buf_addf(&text, "People say: %s", item->text);
        break;
    case ITEM_VERDICT:
        buf_addf(&text, "%s %s", verdicts[item->verdict], item->text);
        break;
    case ITEM_STEP:
    case ITEM_LADDER: /* was passed over */
    case ITEM_PAUSE:
        break;
    }
    if (text.length > 0)
        tell(context, "text", buf_text(&text));
    buf_free(&text);
}

/* ---- The passage ---- */

static void tell_stop(const struct player *player, teller *tell, void *context) {
    const struct item *item = player_item(player);
    if (item == NULL)
        tell_end(player, tell, context);
    else if (item->kind == ITEM_LADDER)
        tell_ladder(player, tell, context);
    else if (item->kind != ITEM_STEP)
        tell_item(item, tell, context);
    else if (item->listing && !player_hides_step(player))
        tell_listing(item->listing, tell, context);
}

static void tell_passage(const struct player *player, teller *tell, void *context) {
    const struct lesson *lesson = player->lesson;
    if (player->passage == 0 && *lesson->summary)
        tell(context, "text", lesson->summary);
    if (player->resume > 0) {
        size_t number, count;
        player_count(player, 0, &number, &count);
        struct buf text = {0};
        buf_addf(&text, "You were at step %zu of %zu: Enter goes on there, `.back 1` begins anew.",
                 player->resume, count);
        tell(context, "text", buf_text(&text));
        buf_free(&text);
        return;
    }
    for (size_t i = player->passage; i < player->next; i++)
        tell_item(&lesson->items[i], tell, context);
    tell_stop(player, tell, context);
}

static void tell_journal(void *context, const char *kind, const char *text) {
    tell_prose(context, kind, text);
}

void player_tell_stop(struct player *player) {
    tell_stop(player, tell_journal, player);
}

void player_tell(struct player *player) {
    if (player->passage == 0)
        tell_prose(player, "title", player->lesson->title);
    tell_passage(player, tell_journal, player);
}

static void add_words(void *context, const char *kind, const char *text) {
    buf_addf(context, "%s%s\n\n", strcmp(kind, "heading") == 0 ? "# " : "", text);
}

void player_count(const struct player *player, size_t at, size_t *number, size_t *count) {
    const struct lesson *lesson = player->lesson;
    *number = 1;
    *count = 0;
    for (size_t i = 0; i < lesson->item_count; i++) {
        *count += is_act(&lesson->items[i]);
        *number += is_act(&lesson->items[i]) && i < at;
    }
}

const char *player_place(const struct player *player, struct buf *words, size_t *number, size_t *count) {
    tell_passage(player, add_words, words);
    player_count(player, player->next, number, count);
    return player->lesson->title;
}

void player_note_place(struct player *player) {
    size_t number, count;
    player_count(player, player->next, &number, &count);
    if (number > count && player_over(player))
        shell_note(player->shell, "lesson: all %zu steps are done", count);
    else
        shell_note(player->shell, "lesson: step %zu of %zu", number > count ? count : number, count);
}

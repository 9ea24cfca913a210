/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be done here, for whoever does not know how to go on: hints,
 * solutions, and what an empty line is answered with; see play_parts.h.
 */
#include <stdlib.h>
#include <string.h>

#include "lesson/play_parts.h"
#include "lesson/question.h"

static size_t hints_left(const struct player *player) {
    const struct item *item = player_item(player);
    size_t given = player->records[player->next].hints;
    return item->hint_count > given ? item->hint_count - given : 0;
}

/* What `.solution` is good for here; NULL: nothing. */
static const char *solution_gives(const struct item *item) {
    return item->kind == ITEM_TASK      ? "shows the steps"
           : item->kind == ITEM_STEP    ? "shows the line"
           : item->kind == ITEM_PREDICT ? NULL
                                        : "gives the answer";
}

void player_add_ways(const struct player *player, const char *before, struct buf *out) {
    const char *solution = solution_gives(player_item(player));
    buf_add_text(out, before);
    if (hints_left(player) > 0)
        buf_add_text(out, "`.hint` helps, ");
    if (solution != NULL)
        buf_addf(out, "`.solution` %s, ", solution);
    buf_add_text(out, "`.skip` goes on.");
}

/* ---- An empty line ---- */

static void add_wanted(const struct player *player, const struct item *item, struct buf *out) {
    switch (item->kind) {
    case ITEM_ASK:
        buf_add_text(out, "An answer is wanted: ");
        question_manner(item->question, out);
        break;
    case ITEM_PREDICT:
        buf_add_text(out, "What do you expect? Say ");
        question_manner(item->question, out);
        buf_add_text(out, "; being wrong costs nothing");
        break;
    case ITEM_LADDER:
        buf_add_text(out, "Wanted: ");
        quiz_manner(&player->sheet, out);
        break;
    case ITEM_TASK:
        buf_add_text(out, "This is yours to do, with lines of your own");
        break;
    case ITEM_STEP:
        buf_add_text(out, "The line that does it is yours to type");
        break;
    case ITEM_HEADING:
    case ITEM_PROSE:
    case ITEM_LISTING:
    case ITEM_CLAIM:
    case ITEM_VERDICT:
    case ITEM_PAUSE:
        break;
    }
}

void player_tell_wanted(struct player *player) {
    const struct item *item = player_item(player);
    struct buf text = {0};
    if (player->wanted_told)
        return;
    player->wanted_told = true;
    add_wanted(player, item, &text);
    if (text.length > 0) {
        player_add_ways(player, ". ", &text);
        player_say(player, "%s", buf_text(&text));
    }
    buf_free(&text);
}

/* ---- Hints ---- */

/* Those of a question or task. */
static void next_hint(struct player *player, const struct item *item) {
    struct record *record = player_record(player);
    struct buf text = {0};
    size_t count = item->hint_count;
    if (record->hints < count) {
        buf_addf(&text, "Hint %zu of %zu: %s", record->hints + 1, count, item->hints[record->hints]);
        record->hints++;
    } else {
        if (count > 0)
            buf_addf(&text, "That was the last hint: %s\n", item->hints[count - 1]);
        else
            buf_add_text(&text, "There is no hint here. ");
        if (item->kind == ITEM_PREDICT)
            buf_add_text(&text, "Say what you expect, and the kernel answers; being wrong costs nothing. ");
        player_add_ways(player, "", &text);
    }
    player_say(player, "%s", buf_text(&text));
    buf_free(&text);
}

/* A line stands ready: what is there to be found out? */
static void hint_at_line(struct player *player) {
    const char *name;
    player_ready(player, &name);
    if (player->shell->current != NULL && strcmp(actor_name(player->shell->current), name) != 0)
        player_say(player, "No hint is needed: the lesson's line is for %s, and `.actor %s` brings it back.",
                   name, name);
    else if (player->predicted > 0)
        player_say(player,
                   "Your prediction stands: you said %s. Enter gives the line, and the kernel answers.",
                   player->prediction);
    else
        player_say(player, "No hint is needed: the line stands ready, and Enter gives it.");
}

/* Where the lesson has neither line nor question. */
static void hint_at_rest(struct player *player) {
    if (player->resume > 0)
        player_say(player, "Enter goes on at step %zu, where you were; `.back 1` begins anew.",
                   player->resume);
    else if (player_item(player) != NULL)
        player_say(player, "Nothing is asked here: Enter goes on.");
    else
        player_say(player, "The lesson is over; there is nothing left to be found out.");
}

void player_hint(struct player *player) {
    const struct item *item = player->resume > 0 ? NULL : player_item(player);
    if (item != NULL && item->kind == ITEM_STEP && player_hides_step(player))
        player_solution(player);
    else if (item != NULL && player->ready != NULL && !player_hides_step(player))
        hint_at_line(player);
    else if (item != NULL && item->kind != ITEM_PAUSE)
        next_hint(player, item);
    else
        hint_at_rest(player);
}

/* ---- Solutions ---- */

static void show_steps(struct player *player, const struct task *task) {
    struct buf lines = {0};
    for (size_t i = 0; i < task->solution_count; i++) {
        char *line = lesson_step_line(&task->solution[i]);
        buf_addf(&lines, "\n- `%s`", line);
        free(line);
    }
    player_say(player, "This does it, and stands ready:%s", buf_text(&lines));
    buf_free(&lines);
}

void player_solution(struct player *player) {
    const struct item *item = player->resume > 0 ? NULL : player_item(player);
    if (item != NULL && item->kind == ITEM_TASK) {
        player_record(player)->shown = true;
        show_steps(player, item->task);
        player->solving = 1;
        player_make_ready(player);
    } else if (item != NULL && (item->kind == ITEM_ASK || item->kind == ITEM_LADDER)) {
        player_record(player)->shown = true;
        player_show_answer(player);
        player_advance(player, "shown");
    } else if (item != NULL && item->kind == ITEM_PREDICT) {
        player_say(player, "The kernel has the answer: say what you think, or `.skip`.");
    } else if (item != NULL && item->kind == ITEM_STEP) {
        player_record(player)->hints += player_hides_step(player);
        player_say(player, "This does it: `%s`", player->ready);
    } else {
        hint_at_rest(player);
    }
}

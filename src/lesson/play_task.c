/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tasks at the prompt: is the goal reached, however the learner got there? And
 * if not, what of it is not yet so. That is told after a line of his, in a
 * sentence, and only when it is another than before: who looks around does not
 * want to read the same each time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "call/constant.h"
#include "lesson/actual.h"
#include "lesson/expect_rows.h"
#include "lesson/play_parts.h"
#include "lesson/task.h"

#define LOOK_NS 50000000  /* between two looks at what a task waits for */
#define SOON_NS 300000000 /* what is not so after this time is told, although it may still come */

/* ---- What is not yet so ---- */

struct lack {
    const struct player *player;
    const struct item *goal;
    size_t met, count;
    struct buf words; /* of the first that is not met */
};

/* The last of the actor's calls that have returned since the task was set, of this name if one is given. */
static const struct event *last_return(const struct player *player, const char *actor, const char *name,
                                       size_t name_length) {
    const struct journal *journal = player->shell->journal;
    for (uint64_t number = journal_last(journal); number > player->judged_to; number--) {
        const struct event *event = journal_at(journal, number);
        if (event != NULL && event->type == EVENT_RETURNED && strcmp(event->actor, actor) == 0 &&
            (name == NULL ||
             (strncmp(event->name, name, name_length) == 0 && event->name[name_length] == '\0')))
            return event;
    }
    return NULL;
}

/* The actor has made the call, and sleeps in it. */
static bool sleeps_in(const struct player *player, const char *actor, const char *name, size_t name_length) {
    const struct actor *found = crew_find(player->shell->crew, actor);
    const struct journal *journal = player->shell->journal;
    if (found == NULL || actor_state(found) != ACTOR_BLOCKED)
        return false;
    for (uint64_t number = journal_last(journal); number > 0; number--) {
        const struct event *event = journal_at(journal, number);
        if (event != NULL && event->type == EVENT_BLOCKED && strcmp(event->actor, actor) == 0)
            return strncmp(event->name, name, name_length) == 0 && event->name[name_length] == '\0';
    }
    return false;
}

/* "recv() returned 6, the goal is 0". False: no such call was made. */
static bool add_return(const struct lack *lack, const struct expectation *e, struct buf *out) {
    bool calls = e->kind == EXPECT_CALLS;
    const char *goal = calls ? strstr(e->wanted, ") = ") : NULL;
    size_t name_length = calls ? strcspn(e->wanted, "(") : 0;
    const struct event *event = last_return(lack->player, e->actor, calls ? e->wanted : NULL, name_length);
    bool sleeps = calls && sleeps_in(lack->player, e->actor, e->wanted, name_length);
    if (sleeps && event == NULL) {
        buf_addf(out, "%s's %.*s() has not returned", e->actor, (int)name_length, e->wanted);
        return true;
    }
    if (event == NULL)
        return false;
    const char *error = event->error != 0 ? constant_name(&constants_errno, event->error) : NULL;
    struct buf result = {0};
    buf_addf(&result, "%lld%s%s", (long long)event->result, error != NULL ? " " : "",
             error != NULL ? error : "");
    goal = !calls ? e->text + e->value_at : goal != NULL ? goal + 4 : buf_text(&result);
    buf_addf(out, "%s's %s() returned %s", e->actor, event->name, buf_text(&result));
    if (strcmp(goal, buf_text(&result)) == 0)
        buf_add_text(out, ", but that is not all that the goal asks of it");
    else
        buf_addf(out, ", the goal is %s", e->any ? "a success" : goal);
    if (sleeps) /* a loop has called it again */
        buf_add_text(out, "; the next one waits");
    buf_free(&result);
    return true;
}

/* What has happened since the task was set cannot be made not to have happened. */
static void add_remedy(const struct player *player, const struct expectation *e, struct buf *out) {
    bool lasts = expect_row(e->kind)->asks == 0 && e->kind != EXPECT_BLOCKS && e->kind != EXPECT_VALUE;
    size_t number, count;
    player_count(player, player->next, &number, &count);
    if (lasts)
        buf_addf(out, "; `.back %zu` begins this step afresh", number);
}

static void add_lack(const struct lack *lack, const struct verdict *verdict, struct buf *out) {
    const struct expectation *e = verdict->of;
    const char *hidden = expect_row(e->kind)->lacking;
    if (e->negated) {
        actual_words(lack->player->lesson, lack->goal, verdict, out);
        buf_add_text(out, ", and that is not to be");
        add_remedy(lack->player, e, out);
    } else if ((e->kind == EXPECT_RETURNS || e->kind == EXPECT_CALLS) && add_return(lack, e, out)) {
        return;
    } else if (hidden != NULL) {
        buf_add_text(out, hidden);
    } else {
        actual_words(lack->player->lesson, lack->goal, verdict, out);
        if (e->kind == EXPECT_STATE && strcmp(e->wanted, "closed") == 0) { /* CLOSE is a state as well */
            buf_add_text(out, ", its descriptor is to be closed");
        } else if (verdict->instead != NULL || e->kind == EXPECT_LOCAL || e->kind == EXPECT_PEER) {
            buf_add_text(out, ", the goal is ");
            expect_value_words(e, out);
        }
    }
}

static void note_lack(void *context, const struct verdict *verdict) {
    struct lack *lack = context;
    lack->count++;
    lack->met += verdict->met;
    if (!verdict->met && lack->words.length == 0)
        add_lack(lack, verdict, &lack->words);
}

static void tell_lack(struct player *player) {
    const struct item *item = player_item(player);
    struct lack lack = {.player = player, .goal = &item->task->goal};
    struct evidence evidence = player_evidence(player, player->judged_to);
    player->lack_ns = 0;
    task_met(&evidence, item->task, note_lack, &lack);
    if (lack.words.length > 0 && lack.met > 0)
        buf_addf(&lack.words, " (%zu of %zu goals reached)", lack.met, lack.count);
    bool other = player->lack == NULL || strcmp(player->lack, buf_text(&lack.words)) != 0;
    if (other && lack.words.length > 0) {
        player_keep(&player->lack, buf_text(&lack.words));
        player_say(player, "Not yet: %s.", player->lack);
    }
    buf_free(&lack.words);
}

/* How long the goals may take, at most. */
static int64_t longest_within_ns(const struct task *task) {
    int64_t most = 0;
    for (size_t i = 0; i < task->goal.expectation_count; i++)
        if (task->goal.expectations[i].within_ms > most)
            most = task->goal.expectations[i].within_ms;
    return most * MILLISECOND_NS;
}

/* At once, or where a goal may come about by itself a moment later: by player_look(). A command is no attempt, and
 * what it may have changed (.deliver) is told only to who knows how it was before. */
static void consider_lack(struct player *player, const struct item *item, const char *line) {
    int64_t within = longest_within_ns(item->task);
    if (player->manner.automatic || (*line == '.' && player->lack == NULL))
        return;
    if (within == 0)
        tell_lack(player);
    else
        player->lack_ns = clock_now_ns() + (within < SOON_NS ? within : SOON_NS);
}

/* ---- Is it done? ---- */

static bool judge_task(struct player *player, const struct item *item) {
    struct evidence evidence = player_evidence(player, player->judged_to);
    player->looked_to = journal_last(player->shell->journal);
    if (!task_met(&evidence, item->task, NULL, NULL))
        return false;
    const struct record *record = player_record(player);
    if (!player->manner.automatic)
        player_say(player, "Done.");
    player_advance(player, record->shown ? "shown" : "right");
    return true;
}

/* Who has just read what was wrong with his line need not be told that it was not the solution. */
static bool was_mistaken(const struct player *player, uint64_t before) {
    const struct journal *journal = player->shell->journal;
    for (uint64_t number = before + 1; number <= journal_last(journal); number++) {
        const struct event *event = journal_at(journal, number);
        if (event != NULL && event->type == EVENT_FAULT)
            return true;
    }
    return false;
}

/* However the learner got there; and what he has begun may still get there. */
void player_after_task(struct player *player, const struct item *item, const char *line, uint64_t before) {
    size_t solving = player->solving;
    const struct item *ready = player->ready != NULL ? &item->task->solution[solving - 1] : NULL;
    enum likeness likeness = ready != NULL ? line_likeness(player, ready, line) : LINE_ELSEWHERE;
    if (line[strspn(line, " \t")] == '\0') {
        player_tell_wanted(player);
        return;
    }
    if (*line != '.')
        player_record(player)->tries++;
    player->patient_ns = clock_now_ns() + longest_within_ns(item->task);
    if (judge_task(player, item) || was_mistaken(player, before))
        return;
    if (likeness == LINE_SAME) {
        player->solving++;
        player_make_ready(player);
    }
    if (player->ready == NULL)
        consider_lack(player, item, line);
}

int64_t player_next_look(const struct player *player) {
    const struct item *item = player_item(player);
    if (item == NULL || item->kind != ITEM_TASK || player->resume > 0)
        return -1;
    if (journal_last(player->shell->journal) != player->looked_to)
        return 0;
    return clock_now_ns() < player->patient_ns || player->lack_ns != 0 ? LOOK_NS : -1;
}

bool player_look(struct player *player) {
    if (player_next_look(player) < 0)
        return false;
    if (judge_task(player, player_item(player)))
        return true;
    if (player->lack_ns != 0 && clock_now_ns() >= player->lack_ns)
        tell_lack(player);
    return false;
}

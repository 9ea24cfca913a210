/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the learner did: for the end, the file of progress and the report; see play_parts.h. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lesson/patience.h"
#include "lesson/play_parts.h"
#include "lesson/progress.h"

/* ---- The report ---- */

static const char *kind_of(const struct item *item) {
    switch (item->kind) {
    case ITEM_STEP:
        return "step";
    case ITEM_PREDICT:
        return "predict";
    case ITEM_ASK:
        return "ask";
    case ITEM_LADDER:
        return "ladder";
    case ITEM_TASK:
        return "task";
    case ITEM_HEADING:
    case ITEM_PROSE:
    case ITEM_LISTING:
    case ITEM_CLAIM:
    case ITEM_VERDICT:
    case ITEM_PAUSE:
        break;
    }
    return NULL;
}

static void add(struct player *player, const struct report_line *line) {
    struct error error = {0};
    if (player->manner.report == NULL || report_add(player->manner.report, line, &error))
        return;
    if (!player->report_fails)
        shell_note(player->shell, "lesson: %s", error.text);
    player->report_fails = true;
    error_free(&error);
}

/* What a demonstration did is nobody's answer. */
void record_report(struct player *player, size_t at, const char *result, int64_t ns) {
    const struct item *item = &player->lesson->items[at];
    const struct record *record = &player->records[at];
    bool demonstrated = player->manner.automatic || record->demonstrated;
    const char *kind = kind_of(item);
    size_t number, count;
    if (kind == NULL)
        return;
    player_count(player, at, &number, &count);
    char *id = item->id != NULL ? mem_string(item->id) : mem_format("%zu", number);
    const char *answer = item->kind == ITEM_PREDICT ? player->prediction : player->answer;
    add(player, &(struct report_line){
                    .lesson = player->lesson->name,
                    .seed = player->lesson->seed,
                    .kind = kind,
                    .id = id,
                    .result = demonstrated ? "shown" : result,
                    .tries = demonstrated ? 0 : record->tries,
                    .hints = record->hints,
                    .ns = ns,
                    .answer = answer != NULL && !demonstrated ? answer : "",
                });
    free(id);
}

void record_lesson(struct player *player, const char *result) {
    size_t number, count, hints = 0;
    player_count(player, player->next, &number, &count);
    for (size_t i = 0; i < player->lesson->item_count; i++)
        hints += player->records[i].hints;
    char *id = mem_format("%zu", number > count ? count : number);
    add(player, &(struct report_line){
                    .lesson = player->lesson->name,
                    .seed = player->lesson->seed,
                    .kind = "lesson",
                    .id = id,
                    .result = result,
                    .hints = hints,
                    .ns = clock_now_ns() - player->began_ns,
                    .answer = "",
                });
    free(id);
}

/* ---- Progress ---- */

void record_progress(struct player *player) {
    size_t number, count;
    struct error error = {0};
    if (player->manner.progress == NULL || player->manner.automatic)
        return;
    player_count(player, player->next, &number, &count);
    bool done = player_over(player);
    if (progress_note(player->manner.progress, player->lesson->name, done, number > count ? 0 : number, count,
                      &error))
        return;
    if (!player->progress_fails)
        shell_note(player->shell, "lesson: your progress is not kept: %s", error.text);
    player->progress_fails = true;
    error_free(&error);
}

size_t record_left_at(const struct player *player) {
    struct progress progress;
    struct error error = {0};
    size_t number, count, at = 0;
    if (player->manner.progress == NULL)
        return 0;
    player_count(player, 0, &number, &count);
    if (progress_read(player->manner.progress, &progress, &error)) {
        const struct progress_entry *entry = progress_find(&progress, player->lesson->name);
        /* One that has as many steps as then is taken for the same lesson. */
        if (entry != NULL && entry->of == count && entry->at > 1)
            at = entry->at;
    }
    progress_free(&progress);
    error_free(&error);
    return at;
}

/* ---- The end ---- */

static void add_missed(const struct record *record, const struct item *item, struct buf *out) {
    struct buf how = {0};
    if (record->skipped)
        buf_add_text(&how, ", skipped");
    else if (record->shown)
        buf_add_text(&how, ", solution shown");
    else if (record->wrong)
        buf_add_text(&how, ", not right at once");
    if (record->hints > 0)
        buf_addf(&how, ", %zu hint%s", record->hints, record->hints == 1 ? "" : "s");
    if (how.length > 0) {
        buf_add_text(out, "\n- ");
        item_title(item, out);
        buf_addf(out, " (%s)", buf_text(&how) + 2);
    }
    buf_free(&how);
}

void record_missed(const struct player *player, struct buf *out) {
    for (size_t i = 0; i < player->lesson->item_count; i++)
        if (player->lesson->items[i].id != NULL)
            add_missed(&player->records[i], &player->lesson->items[i], out);
}

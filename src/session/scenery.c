/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shell's state as a scene; see scenery.h. */
#include "session/scenery.h"

#include <langinfo.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lesson/play.h"
#include "shell/packets.h"

static char *doing(const struct actor *actor) {
    switch (actor_state(actor)) {
    case ACTOR_IDLE:
        return mem_string("");
    case ACTOR_RUNNING:
        return mem_string("running");
    case ACTOR_BLOCKED:
        return mem_format("blocked in %s", actor_call(actor));
    case ACTOR_DEAD:
        return mem_string(actor_last_words(actor));
    }
    return mem_string("");
}

static void set_actors(struct scenery *scenery, const struct shell *shell) {
    struct scene *scene = &scenery->scene;
    const struct actor *actor;
    for (size_t i = 0; i < CREW_MAX && (actor = crew_at(shell->crew, i)) != NULL; i++) {
        scenery->doing[i] = doing(actor);
        scenery->actors[scene->actor_count++] = (struct scene_actor){
            .name = actor_name(actor),
            .current = actor == shell->current,
            .dead = actor_state(actor) == ACTOR_DEAD,
            .failed = actor_failed(actor),
            .doing = scenery->doing[i],
            .doing_ns = actor_blocked_ns(actor),
        };
    }
    scene->actors = scenery->actors;
}

static void set_passage(struct scenery *scenery, const struct shell *shell) {
    struct lesson_passage *passage = &scenery->scene.passage;
    const char *actor;
    passage->title = player_place(shell->player, &scenery->words, &passage->number, &passage->count);
    passage->text = buf_text(&scenery->words);
    passage->step = player_hides_step(shell->player) ? NULL : player_ready(shell->player, &actor);
}

void scenery_set(struct scenery *scenery, struct shell *shell, uint64_t since) {
    *scenery = (struct scenery){.scene = {
        .unicode = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
        .snapshot = shell->seen,
        .journal = shell->journal,
        .streams = shell->streams,
        .wire = shell->wire,
        .wire_after = packets_hidden(shell),
        .wire_asked = shell->player != NULL && player_covers_packets(shell->player),
        .wire_others = packets_others(shell),
        .since = since,
        .variable = boards_variable,
        .network = shell->network_note,
    }};
    if (shell->crew != NULL) {
        set_actors(scenery, shell);
        scenery->boards = boards_ask(shell);
    }
    scenery->scene.context = scenery->boards;
    if (scenery->boards == NULL)
        scenery->scene.variable = NULL;
    if (shell->player != NULL)
        set_passage(scenery, shell);
}

void scenery_free(struct scenery *scenery) {
    for (size_t i = 0; i < scenery->scene.actor_count; i++)
        free(scenery->doing[i]);
    boards_free(scenery->boards);
    buf_free(&scenery->words);
}

int64_t scenery_due_ns(const struct shell *shell) {
    const struct actor *actor;
    int64_t due = -1;
    for (size_t i = 0; shell->crew != NULL && (actor = crew_at(shell->crew, i)) != NULL; i++) {
        if (actor_state(actor) != ACTOR_BLOCKED)
            continue;
        int64_t left = SECOND_NS - actor_blocked_ns(actor) % SECOND_NS;
        if (due < 0 || left < due)
            due = left;
    }
    return due;
}

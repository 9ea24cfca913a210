/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A lesson and its player with real actors, for tests; included behind cmocka.h. */
#ifndef SOCKSHELL_TESTS_ONE_PLAY_H
#define SOCKSHELL_TESTS_ONE_PLAY_H

#include <stdio.h>
#include <string.h>

#include "lesson/play.h"

#define HEAD "sockshell-lesson 1\ntitle: The title\nsummary: The summary\nactors: server, client\n\n"

struct play {
    struct lesson lesson;
    struct shell shell;
    struct player *player;
};

/* What is started here points into *play: it stays where it is. */
static void start(struct play *play, const char *body) {
    *play = (struct play){0};
    struct error error = {0};
    char text[4096];
    snprintf(text, sizeof(text), "%s%s", HEAD, body);
    assert_true(lesson_parse("x.les", text, strlen(text), 0, &play->lesson, &error));
    assert_true(
        shell_start(&play->shell, SHELL_PROMPT, (const char *const *)play->lesson.actors, NULL, &error));
    play->player = play->shell.player = player_new(&play->shell, &play->lesson, NULL);
}

static void end(struct play *play) {
    player_free(play->player);
    shell_end(&play->shell);
    journal_free(play->shell.journal);
    lesson_free(&play->lesson);
}

/* What a session does with a line. */
static void type(struct play *play, const char *line) {
    uint64_t before = journal_last(play->shell.journal);
    if (shell_line(&play->shell, line, strlen(line), "") == LINE_DONE) {
        shell_settle(&play->shell);
        player_after(play->player, line, before);
    }
}

static void assert_ready(struct play *play, const char *expected) {
    const char *line = player_ready(play->player, NULL);
    if (!expected)
        assert_null(line);
    else
        assert_string_equal(line, expected);
}

/* How often an event of this type told this (a part of it is enough) after number `before`. */
static size_t told(struct play *play, enum event_type type, const char *text, uint64_t before) {
    size_t count = 0;
    for (uint64_t number = before + 1; number <= journal_last(play->shell.journal); number++) {
        const struct event *event = journal_at(play->shell.journal, number);
        count += event->type == type && strstr(event->text, text) != NULL;
    }
    return count;
}

#endif

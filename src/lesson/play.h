/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Playing a lesson: step by step at the prompt, or with nobody there (--check). */
#ifndef SOCKSHELL_LESSON_PLAY_H
#define SOCKSHELL_LESSON_PLAY_H

#include "lesson/check_tell.h"
#include "lesson/lesson.h"
#include "shell/shell.h"

struct player;

struct player *player_new(struct shell *shell, const struct lesson *lesson);
void player_free(struct player *player);

/* Tell (into the journal) what stands before the next step. */
void player_tell(struct player *player);
/* The step that is ready: its actor's name and its line as one would type it, prefix "NAME> " or "NAME< "
 * included; NULL when the lesson is over. */
const char *player_ready(struct player *player, const char **actor);
/* Where the lesson is, for a view: the words before the step that is ready, or the last ones, a blank line between
 * paragraphs and "# " before headings; which step of how many (number is count + 1 when it is over). Returns the
 * lesson's title. */
const char *player_place(const struct player *player, struct buf *words, size_t *number, size_t *count);
/* A line (whole statement) was carried out and everybody has settled; `before` is journal_last() from
 * before it. Judges by effect: when it did what the step asks for, the lesson moves on and tells what comes
 * next; when not, the learner has wandered off and the step stays ready. */
void player_after(struct player *player, const char *line, uint64_t before);
/* Go on without doing the step (it is done for the learner, so that the next ones can work). */
void player_skip(struct player *player);
/* Tell the current passage again. */
void player_again(struct player *player);
bool player_over(const struct player *player);

/* --check: play it all, verify every expectation. 0: all met; 1: not, or --accept could not write; CHECK_SKIPPED: this
 * machine cannot play it (77 is what test harnesses take for "skipped"). What is told, and how: check_tell.h. */
#define CHECK_SKIPPED 77
int player_check(struct shell *shell, const struct lesson *lesson, const struct check_manner *manner);

#endif

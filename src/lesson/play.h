/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Playing a lesson: step by step at the prompt, or with nobody there (--check). */
#ifndef SOCKSHELL_LESSON_PLAY_H
#define SOCKSHELL_LESSON_PLAY_H

#include "lesson/check_tell.h"
#include "lesson/lesson.h"
#include "lesson/report.h"
#include "shell/shell.h"

struct player;

struct player_manner {
    bool typing;           /* the learner types each command: nothing stands ready */
    bool automatic;        /* nobody is there to answer (--auto): solutions stand ready by themselves */
    const char *progress;  /* the file of progress; NULL: none is kept. Not owned */
    struct report *report; /* not owned; NULL: none */
};

/* `manner` NULL: in the usual one. */
struct player *player_new(struct shell *shell, const struct lesson *lesson,
                          const struct player_manner *manner);
void player_free(struct player *player);

/* At the beginning: offer to go on where the lesson was left, or tell what stands before the first step. */
void player_begin(struct player *player);
/* Tell (into the journal) what stands before the next step. */
void player_tell(struct player *player);
/* The step that is ready: its actor's name and its line as one would type it, prefix "NAME> " or "NAME< "
 * included; NULL when none is: the lesson is over, asks something, or wants the learner's own lines (a
 * task). */
const char *player_ready(struct player *player, const char **actor);
/* Is it for the learner to type, so that it must not stand in the line? */
bool player_hides_step(const struct player *player);
/* What the prompt says while the lesson wants an answer, and not a command: "your answer: ". NULL: it
 * wants none. */
const char *player_asks(const struct player *player);
/* A line that was typed at that prompt. False: it is no answer, and wants to be carried out as any other
 * line. */
bool player_answer(struct player *player, const char *text);
/* What would answer it; the caller frees. */
char *player_right_answer(const struct player *player);
/* Does the lesson ask about the packets that were captured? Whoever shows packets would show the answer, and waits until
 * it is given. */
bool player_covers_packets(const struct player *player);
/* Where the lesson is, for a view: the words before the step that is ready, or the last ones, a blank line
 * between paragraphs and "# " before headings; which step of how many (number is count + 1 when it is
 * over). Returns the lesson's title. */
const char *player_place(const struct player *player, struct buf *words, size_t *number, size_t *count);
/* A line (whole statement) was carried out, or refused, and everybody has settled; `before` is
 * journal_last() from before it. Judges by effect: when it did what the step asks for, the lesson moves on
 * and tells what comes next; when not, the learner has wandered off and the step stays ready. */
void player_after(struct player *player, const char *line, uint64_t before);
/* What a task asks for may come about by itself, later: nanoseconds until player_look() is worth a call;
 * -1: not. */
int64_t player_next_look(const struct player *player);
/* Judge the task again; true: it is done, and the lesson has moved on. */
bool player_look(struct player *player);

/* Commands. Go on without doing the step (it is done for the learner, so that the next ones can work). */
void player_skip(struct player *player);
/* Tell the current passage again. */
void player_again(struct player *player);
/* The next hint. */
void player_hint(struct player *player);
/* The right answer; of a task its steps, which stand ready then. */
void player_solution(struct player *player);
/* To step `number`, with fresh actors that have done those before it; 0: to the one before this. False and
 * error when there is none, or the actors cannot be started. */
bool player_back(struct player *player, size_t number, struct error *error);
bool player_over(const struct player *player);
/* Nobody answers any more: the learner goes on himself. */
void player_take_over(struct player *player);
/* A number that is another whenever the lesson has moved on. */
size_t player_stop(const struct player *player);
/* How often the lesson has come to a place: another number also when it went back to the same one. */
size_t player_arrivals(const struct player *player);

/* --check: play it all, verify every expectation. 0: all met; 1: not, or --accept could not write;
 * CHECK_SKIPPED: this machine cannot play it (77 is what test harnesses take for "skipped"). What is told,
 * and how: check_tell.h. */
#define CHECK_SKIPPED 77
int player_check(struct shell *shell, const struct lesson *lesson, const struct check_manner *manner);

#endif

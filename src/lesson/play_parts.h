/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of the player; nobody else includes it.
 *
 *     play.c          the place in the lesson, and going on from it
 *     play_tell.c     what stands there, told or for a view; the last words
 *     play_line.c     was the learner's line the step, or did it have its effect?
 *     play_ask.c      questions and their answers
 *     play_predict.c  predictions, compared with what the kernel did
 *     play_task.c     is a task done, and what is not yet so
 *     play_help.c     hints, solutions, and what an empty line is answered with
 *     play_ladder.c   questions about captured packets
 *     play_back.c     to an earlier step, by doing those before it again
 *     play_record.c   what the learner did: for the end, the file of progress and the report
 */
#ifndef SOCKSHELL_LESSON_PLAY_PARTS_H
#define SOCKSHELL_LESSON_PLAY_PARTS_H

#include "base/buf.h"
#include "lesson/judge.h"
#include "lesson/play.h"
#include "lesson/quiz.h"

/* What the learner did at one stop: an item where he has something to do. */
struct record {
    size_t tries; /* answers; lines that missed the step under --typing; lines of a task */
    size_t hints;
    bool wrong;   /* some answer was */
    bool shown;   /* he had the solution shown */
    bool demonstrated; /* a demonstration answered it, or part of it */
    bool skipped;
};

struct player {
    struct shell *shell;
    const struct lesson *lesson;
    struct player_manner manner;
    size_t passage;     /* the first item of the current passage */
    size_t next;        /* the stop it leads to; item_count: none is left */
    size_t arrivals;    /* how often it came to a place */
    size_t solving;     /* of a task's solution the step that stands ready, from 1; 0: it was not asked for */
    size_t resume;      /* the step that it is offered to go on with; 0: no such offer */
    char *ready;        /* the step as one would type it, or NULL */
    uint64_t judged_to; /* events up to here belong to steps that are done */
    uint64_t looked_to; /* the last event when a task was judged last */
    int64_t patient_ns; /* until then its goals may come about by themselves */
    int64_t lack_ns;    /* then it is told what of them is not yet so; 0: it was, or is not to be */
    char *lack;         /* … and what was told last at this stop, or NULL */
    bool wanted_told;   /* an empty line was answered at this stop */
    struct acquaintance known; /* sockets that expectations were about */
    uint64_t begun_at, section_at; /* the last event before the lesson, and before the last heading */
    struct sheet sheet;            /* at a @ladder: what it asks about */
    char *drawn[LESSON_PACKETS_MAX]; /* packets that the learner has drawn so far */
    size_t drawn_count;
    bool warned;        /* the learner knows that the lesson and what is there may differ */
    size_t predicted;   /* the number, from 1, of the item that asked for a prediction of the next step; 0 */
    bool predicting_told; /* once: what becomes of it */
    char *prediction;   /* what was said, */
    int64_t predicted_ns; /* and how long it took */
    char *answer;       /* the last one at this stop, or NULL */
    struct record *records; /* of every item */
    int64_t began_ns, stop_ns; /* when the lesson began, and this stop was reached */
    bool begun, finished; /* its beginning was told; its end was reached */
    bool progress_fails, report_fails; /* told already */
};

/* play.c */
bool is_act(const struct item *item);  /* it counts as a step: a step or a task */
struct record *player_record(struct player *player);
const struct item *player_item(const struct player *player); /* the stop; NULL: it is over */
/* The passage that begins with this item is current. */
void player_go_to(struct player *player, size_t passage);
/* This item is behind the lesson now. */
void player_pass(struct player *player, size_t number);
/* What stands ready follows from the place. */
void player_make_ready(struct player *player);
/* The stop is done, with this result (report.h): to the next one, which is told. */
void player_advance(struct player *player, const char *result);
struct evidence player_evidence(struct player *player, uint64_t before);

/* play_tell.c */
void player_say(struct player *player, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A question or task in its own words: the first sentence that asks, or of all, cut where it is long. */
void item_title(const struct item *item, struct buf *out);
/* The question or task that the lesson is at, as it stands. */
void player_tell_stop(struct player *player);
/* "lesson: step 7 of 38" */
void player_note_place(struct player *player);
/* Which step of how many; count + 1 when it is over. */
void player_count(const struct player *player, size_t at, size_t *number, size_t *count);

/* play_line.c */
enum likeness {
    LINE_SAME,      /* the step's own line */
    LINE_OWN_WORDS, /* input for the same program, in other words */
    LINE_EDITED,    /* another statement for the same actor */
    LINE_ELSEWHERE,
};
enum likeness line_likeness(const struct player *player, const struct item *step, const char *line);
/* Does another statement than the step's own do for it, by its effect? */
bool line_had_effect(struct player *player, const struct item *step, const char *line, uint64_t before);
/* Is everything that is expected of the step met, now or in the time that it has? */
bool line_is_met(struct player *player, const struct item *step, uint64_t before, enum judge_how how);
/* The first name from *at on that is a call one watches; false when there is none. */
bool line_next_call(const char *text, size_t *at, struct buf *name);

/* play_ask.c */
void player_show_answer(struct player *player);
/* "b) It waits.", and why it is right. */
void player_add_right_choices(const struct question *question, struct buf *out);
/* In place of what is kept there. */
void player_keep(char **kept, const char *text);

/* What follows from an answer. `right`: the lesson moves on after `reply`, which was said. */
void player_judged(struct player *player, bool right, const char *text, const char *reply);

/* play_predict.c */
/* It is kept until the kernel has spoken. */
void player_take_prediction(struct player *player, const char *text);
/* The step that was predicted has run: what was said, and what the kernel did. */
void player_tell_outcome(struct player *player, const struct item *step, uint64_t before);

/* play_task.c */
void player_after_task(struct player *player, const struct item *item, const char *line, uint64_t before);

/* play_help.c */
/* "`.hint` helps, `.skip` goes on.", those of them that are good for something here, behind `before`. */
void player_add_ways(const struct player *player, const char *before, struct buf *out);
/* Once a stop, to an empty line: what is wanted here. */
void player_tell_wanted(struct player *player);

/* play_ladder.c */
/* The lesson comes to this @ladder: is it asked? Else it is told why not, and it is passed over. */
bool player_ladder_arrive(struct player *player, size_t item);
void player_ladder_leave(struct player *player);
/* The ladder as it is asked about, and what the learner has drawn: listings for the lesson's text. */
void player_ladder_show(const struct player *player, struct buf *out);
/* How it is to be answered, before the first try, where that cannot be seen from the question. */
void player_ladder_manner(const struct player *player, struct buf *out);
void player_ladder_answer(struct player *player, const char *text);
void player_ladder_show_answer(struct player *player);
char *player_ladder_right_answer(const struct player *player);

/* play_record.c */
/* Into the report; `at` is the number of the item. */
void record_report(struct player *player, size_t at, const char *result, int64_t ns);
void record_lesson(struct player *player, const char *result);
/* Where the lesson is, into the file of progress. */
void record_progress(struct player *player);
/* The step where the lesson was left; 0: nowhere. */
size_t record_left_at(const struct player *player);
/* What did not go well at once, a list item ("\n- ") each with the question's own words; "" when all did. */
void record_missed(const struct player *player, struct buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * @ladder: questions whose answer is what was captured. No author writes it:
 * the packets are read from the journal when the question is reached.
 *
 *     quiz_sheet.c   which packets, and how each reads
 *     quiz_show.c    the ladder with letters, with blanks, or as it was
 *     quiz.c         is the answer right?  Orders and blanks
 *     quiz_words.c   a ladder in the learner's words, read
 *     quiz_draw.c    …and compared
 *     quiz_why.c     what follows from what: the reasons that are told
 */
#ifndef SOCKSHELL_LESSON_QUIZ_H
#define SOCKSHELL_LESSON_QUIZ_H

#include "lesson/judge.h"
#include "lesson/wire.h"
#include "view/rungs.h"

/* One word or two of how a packet reads, and what they tell: FIGURE_…, BLANK_…, or BLANKS for anything else. */
struct sheet_part {
    char *text;
    unsigned what;
};

struct sheet_packet {
    struct wire_packet packet; /* its texts are the sheet's */
    char *sender, *kind, *data;
    struct sheet_part parts[LADDER_PARTS_MOST];
    size_t part_count;
    const struct ladder_rung *rung;
    char *text; /* "client SYN seq 0" */
};

/* What a question is about. */
struct sheet {
    const struct lesson *lesson;
    const struct item *item;
    const struct quiz *quiz; /* the item's */
    struct rungs rungs;
    struct sheet_packet *packets;
    size_t count;
    /* ORDER: the packets from `low` on (from 0) are shown in the order of `letters`: a is packets[low + letters[0]]. */
    size_t low, shuffled, letters[LESSON_RUNGS_MAX];
    /* DRAW, while a drawing is judged: which of its packets each is, from 0, with drawn_count added where that stands in
     * another place; SIZE_MAX: none. Else NULL. */
    const size_t *drawn_as;
    size_t drawn_count;
};

/* The packets behind evidence->before that the item's question is about. False: they cannot be seen, or are too few,
 * too many or not such that it can be asked; `error` says so. The caller frees with sheet_free(), also on failure. */
bool sheet_look(const struct lesson *lesson, const struct item *item, struct evidence *evidence,
                struct sheet *sheet, struct error *error);
/* The same, when packets may still be on their way: a second is given them. */
bool sheet_await(const struct lesson *lesson, const struct item *item, struct evidence *evidence,
                 struct sheet *sheet, struct error *error);
void sheet_free(struct sheet *sheet); /* leaves {0} */

/* The ladder as it is asked about (none where it is to be drawn), and as it was captured: lines of so many columns,
 * 40 at least. */
void sheet_show_question(const struct sheet *sheet, size_t columns, struct buf *out);
void sheet_show(const struct sheet *sheet, size_t columns, struct buf *out);
/* The learner's drawing so far: packets as quiz_drawn() splits them. */
void sheet_show_drawing(const struct sheet *sheet, char *const *drawn, size_t count, size_t columns,
                        struct buf *out);

/* What is asked for, in one sentence for whoever does not know how to answer. */
void quiz_manner(const struct sheet *sheet, struct buf *out);
/* Judge what the learner typed, as question_judge() does: `why` gets the reason, one sentence a line. */
bool quiz_judge(const struct sheet *sheet, const char *answer, bool *understood, struct buf *why);
/* What would have to be typed. */
void quiz_answer(const struct sheet *sheet, struct buf *out);
/* The i-th answer that must be judged wrong, for --check; false behind the last. */
bool quiz_wrong(const struct sheet *sheet, size_t i, struct buf *out);

/* DRAW: the packets of a line that the learner typed, each in words that can be read, into drawn[0] …; the caller frees
 * them. 0: it cannot be understood, and `why` says what of it. */
size_t quiz_drawn(const struct sheet *sheet, const char *line, char *drawn[LESSON_PACKETS_MAX],
                  struct buf *why);

/* DRAW: the numbers that are demanded, and that these packets do not give yet: "Still wanted: the ack of 2." Nothing:
 * they all do. */
void quiz_wanting(const struct sheet *sheet, char *const *drawn, size_t count, struct buf *out);

const char *quiz_sender(const struct sheet_packet *packet); /* "nobody" where it is no actor's */

#endif

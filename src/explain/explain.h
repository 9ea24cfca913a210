/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why: the cause of a failure, or of a result that surprises, as it stands in
 * this machine at this moment.  What an errno means for a call at any time
 * stands in the call's row (call/call.h); here is what it means now.
 *
 *     event, snapshots, journal ──▶ the first row of the tables that holds ──▶ its text, blanks filled in
 *
 *     explain.c        the way to a row, filling in blanks
 *     explain_*.c      the rows by topic, each with the function that finds out whether it holds
 *     past.c           what happened before, from the journal
 *     find.c           who holds an address, who has the other end
 *     story.c          what happened to a connection before
 */
#ifndef SOCKSHELL_EXPLAIN_EXPLAIN_H
#define SOCKSHELL_EXPLAIN_EXPLAIN_H

#include "base/buf.h"
#include "call/call.h"
#include "journal/journal.h"
#include "observe/snapshot.h"

#define EXPLANATION_ID_MAX 48

/* What happened before an event: those the journal has, and those it still holds. */
struct past {
    const struct journal *journal;
    uint64_t last;                   /* the newest of the journal's that came before */
    const struct event *const *held; /* after those; oldest first */
    size_t held_count;
    size_t held_total;               /* with the event itself and those behind it: a death is noticed late */
};
/* Further back nobody looks for causes: each call would cost as much as the session is long. */
#define PAST_MOST 10000
/* The n-th event back, 0 the one immediately before; NULL: no longer kept, or PAST_MOST. */
const struct event *past_at(const struct past *past, uint64_t n);
/* Can all be looked at that ever happened?  Then what is not found there has not happened. */
bool past_is_whole(const struct past *past);
/* The last return of this actor's call on a descriptor, "" or -1 for any; the call may be a list, "close shutdown".
 * From the n-th event back on; *n is where it was. NULL: none is kept. */
const struct event *past_call(const struct past *past, const char *actor, const char *calls, int64_t fd,
                              uint64_t *n);

struct inquiry {
    const struct event *event;     /* EVENT_RETURNED or EVENT_DIED */
    const struct call *call;       /* its row, or NULL */
    const struct snapshot *before; /* the kernel before the call, as far as it was looked at; or NULL */
    const struct snapshot *now;    /* and now, while everybody stands still */
    size_t actor;                  /* event->actor in `now` */
    struct observer *observer;     /* for what snapshots do not tell: other programs */
    struct past past;
};

/* The cause, as far as there is one to be found: true, its id (which begins with the one that explain_short() gives:
 * "bind-EADDRINUSE-time-wait") and its text, sentences without newline. False: nothing but what the row says. */
bool explain_because(const struct inquiry *inquiry, char id[EXPLANATION_ID_MAX], struct buf *text);

/* ---- The rows, for tests and the manual ---- */

/* What a row's text leaves blank: {port}, {holder}. */
#define BLANKS_MAX 8
struct blanks {
    struct {
        const char *name;
        struct buf text;
    } blank[BLANKS_MAX];
    size_t count;
};
/* A blank to be written to; names are static. */
struct buf *blank(struct blanks *blanks, const char *name);

#define EXPLAIN_SURPRISE 0 /* a success that surprises */
#define EXPLAIN_DEATH (-1) /* the process died in the call */
struct explanation {
    const char *id;    /* unique; "*-EBADF-closed" is for every call, whose name stands for the * */
    const char *calls; /* names with blanks between; "*": any */
    int error;         /* errno, or one of the two above */
    /* Does it hold here and now?  Fills in the blanks of its text. */
    bool (*holds)(const struct inquiry *inquiry, struct blanks *blanks);
    const char *text; /* a few sentences: the cause, then what can be done; {name} is a blank */
};
const struct explanation *explanation_at(size_t i); /* NULL ends */

#endif

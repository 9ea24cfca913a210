/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a session:
 *
 *     session.c       what a person does: lines, steps of a lesson, signals; the loop
 *     automatic.c     … or a demonstration does by itself
 *     manner_plain.c  how it is shown: line by line …
 *     manner_panes.c  … or in panes
 *     scenery.c       what the panes are filled with
 *     search.c        the text that is searched for in them
 *     settings.c      what the person has set for all sessions
 *     choosing.c      the connection and the packet that keys choose
 */
#ifndef SOCKSHELL_SESSION_PARTS_H
#define SOCKSHELL_SESSION_PARTS_H

#include <stdint.h>

#include "base/buf.h"
#include "prompt/keys.h"
#include "session/session.h"

struct manner;
struct panes;
struct scene_wishes;

/* A demonstration: the lesson's lines are typed by themselves. */
struct automat {
    double speed; /* 1: the usual; 0: off */
    bool paused;
    enum { AUTO_READ, AUTO_TYPE, AUTO_ENTER } phase;
    int64_t due_ns;   /* CLOCK_MONOTONIC of the next thing to do */
    char *text;       /* being typed */
    size_t typed;     /* so many bytes of it */
    uint64_t read_to; /* events up to here the audience has had time to read */
    size_t stop, tries; /* how often was it tried to get on from here */
};

struct session {
    struct shell *shell;
    const struct session_options *options;
    const struct manner *manner;
    struct panes *panes;   /* NULL while plain */
    struct scene_wishes *wishes; /* how panes were to be seen when they ended; NULL: there were none */
    int signals;           /* signalfd */
    int urgent;            /* readable when those wait of which the person expects something at once */
    char *prefix;          /* what the prompt stands for: "server> " or "client< " */
    struct buf statement;  /* all lines of the statement being typed, for the lesson */
    uint64_t before;       /* the journal's last event before it */
    char *offered;         /* the lesson's step as it was last offered, prefix and all; NULL: none */
    size_t offered_at;     /* player_arrivals() then */
    char *shown;           /* what stood ready in the line at the last prompt, or NULL */
    bool bare;             /* the next prompt is empty although a step is ready (after Ctrl-C) */
    bool offer_explained;  /* that a step's line gives way to what is typed, and comes back, has been told */
    bool input_explained;  /* what the prompt NAME< means has been told */
    bool change_over;      /* to the other manner, as soon as readline is done with the key */
    enum screen_key stray; /* a key of the panes that was pressed where there are none; SCREEN_KEY_NONE */
    uint64_t lines_to;     /* while panes are up: events up to this one have been written as lines */
    struct automat automat;
    bool ended;
    bool leaving;          /* the manner that ends is not followed by another */
};

/* How a session is shown. */
struct manner {
    /* Take the terminal over; false and error when it cannot be. The prompt may be shown already. */
    bool (*begin)(struct session *session, struct error *error);
    void (*end)(struct session *session);
    void (*refresh)(struct session *session); /* before sleeping: bring what is new to the terminal, if it is time */
    int64_t (*due_ns)(struct session *session); /* until refresh() has something to do by itself; -1: nothing */
    void (*key)(struct session *session, enum screen_key key);
    void (*mouse)(struct session *session, enum mouse_act act, size_t row, size_t column);
    bool (*typed)(struct session *session, const char *text, size_t length); /* see prompt.h */
    void (*resized)(struct session *session);
    void (*interrupted)(struct session *session); /* by Ctrl-C: what was on its way to the terminal may be lost */
    void (*suspend)(struct session *session); /* give the terminal back, for being stopped; */
    void (*resume)(struct session *session);  /* … and go on */
};

/* session.c: the line that stands ready, or would; NULL: none. */
const char *session_step(struct session *session);

/* automatic.c */
void auto_begin(struct session *session, double speed);
bool auto_is_on(const struct session *session);
/* The prompt is the person's again. */
void auto_end(struct session *session);
int64_t auto_due_ns(const struct session *session); /* -1: nothing */
/* A key was pressed: pause, or go on. */
void auto_key(struct session *session);
/* The next letter, or line, if it is time. */
void auto_go_on(struct session *session);

extern const struct manner manner_plain, manner_panes;

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shell: the one context that is passed along, and what a line does.
 *
 *   line ──▶ shell_line() ──▶ dot command             .help, .vars …   (shell/command.c)
 *            shell/line.c ├──▶ input for a program     NAME< text
 *                         └──▶ C for an actor          NAME> text, or the current one (shell/statement.c)
 */
#ifndef SOCKSHELL_SHELL_SHELL_H
#define SOCKSHELL_SHELL_SHELL_H

#include <stdbool.h>
#include <poll.h>
#include <stdint.h>
#include "actor/crew.h"
#include "base/buf.h"
#include "journal/journal.h"
#include "lesson/bounds.h"
#include "net/preset.h"

enum shell_mode {
    SHELL_SCRIPT, /* lines one after the other; a line waits for its actor */
    SHELL_PROMPT, /* a person: a line for a blocked actor is refused */
    SHELL_CHECK,  /* a lesson with nobody there */
};

struct view;
struct player;
struct queued;
struct observer;
struct snapshot;
struct guardian;
struct streams;
struct wire;
struct network;
struct packets;

struct shell {
    enum shell_mode mode;
    struct journal *journal;
    struct crew *crew;
    struct view *view;
    struct player *player;   /* the lesson being played, or NULL; not owned */
    struct actor *current;   /* whom lines without NAME> are for */
    struct buf pending;      /* a statement that is not complete yet */
    struct actor *pending_for;
    unsigned refused_braces; /* open braces of a refused text: the lines up to their } are read over */
    bool refused_header;     /* the refused text may be a head whose { follows: of a function, or of a loop */
    char *pending_place;     /* where it began: "file:line:column", or "" at the prompt */
    struct queued *queue;    /* statements the user asked to be queued for blocked actors, oldest first */
    struct guardian *guardian; /* of the terminal (screen/guardian.h); not owned; NULL: none */
    size_t columns;          /* width of the terminal; 80 elsewhere */
    uint64_t fresh;          /* the journal's last event before the actors that there are were started */
    bool quit;               /* .quit was given */
    bool misused;            /* some line was not understood or was misused: exit status 1 */
    int wake_fd;             /* readable: a person wants attention (signals); 0: nobody is there */
    char *network_note;      /* where the sockets live */
    const char *network_why; /* and why there, a sentence; static; NULL: the note says it */
    struct network *network; /* …in one of our own (net/network.h), with its hosts; NULL: the machine's */
    char *no_hosts;          /* why the lesson's hosts could not be made; NULL: they could, or it has none */
    bool private_network;    /* …in one that nobody else has */
    bool preset_off[PRESET_SETTINGS]; /* of its settings those that are off from the first; set before home_arrive() */
    bool no_raw_sockets;     /* for the actors: the lesson did not ask for them; set before shell_start() */
    struct bounds bounds;    /* that the actors keep within; set before shell_start() */
    struct streams *streams; /* what went through every socket (journal/streams.h) */
    struct wire *wire;       /* which events make up the ladder of packets (journal/wire.h) */
    enum watch_level unstepped; /* what was watched before WATCH_STEPS, and will be after .step off */
    struct observer *observer; /* NULL until the kernel is first asked (shell/watch.h) */
    struct snapshot *seen;   /* what it said last, or NULL */
    struct packets *packets; /* that were seen (shell/packets.h); NULL until they are wanted */
    bool timed;              /* look_ns is that of `seen` */
    int64_t look_ns;         /* CLOCK_MONOTONIC when sockets may have changed by themselves; 0: none will */
};

enum line_result {
    LINE_DONE, /* carried out, or given to its actor */
    LINE_MORE, /* more text is needed; the next line continues it */
    LINE_BAD,  /* not understood, or refused; told through the journal (EVENT_FAULT) */
};

/* A shell with its journal, crew and the named actors (NULL ends the list; the
 * first is current). hosts: where each lives; NULL, as a whole or one: at the first. False and error when an
 * actor cannot be started. */
bool shell_start(struct shell *shell, enum shell_mode mode, const char *const *actors, const char *const *hosts,
                 struct error *error);
/* The part of it that makes the crew. */
bool shell_populate(struct shell *shell, const char *const *actors, const char *const *hosts,
                    struct error *error);
/* Ends every actor and frees what the shell owns. */
void shell_end(struct shell *shell);

/* One line of text without its newline. place: "echo.txt:12", or "" at the prompt. */
enum line_result shell_line(struct shell *shell, const char *line, size_t length, const char *place);
/* Give up a statement that waits for more; `told`: as a mistake (end of file), else silently (Ctrl-C). */
void shell_drop_pending(struct shell *shell, bool told);

/* Wait until everybody has settled (crew_settled), reading into the journal, and
 * tell who is blocked. */
void shell_settle(struct shell *shell);
/* Sleep until one of `own` is ready, or an actor says something or is worth another
 * look. As poll(2); `own` may have SHELL_POLL_OWN descriptors. */
#define SHELL_POLL_OWN 3
int shell_poll(struct shell *shell, struct pollfd *own, size_t count);
/* The same, for so long at most (nanoseconds; -1: for ever). */
int shell_poll_for(struct shell *shell, struct pollfd *own, size_t count, int64_t most_ns);
/* Read what the actors have said, without sleeping; but while calls are watched, wait until everybody has settled,
 * for only then can be told what the calls did. */
void shell_hear(struct shell *shell);
/* The same; feed the queue; tell who is blocked when all have settled. */
void shell_listen(struct shell *shell);
/* Wait until this actor is idle or dead. False when interrupted by a signal. */
bool shell_wait(struct shell *shell, struct actor *actor);
/* Wait until it is idle, dead, stopped, or blocked for certain. */
void shell_wait_until_calm(struct shell *shell, struct actor *actor);
/* A new actor, on that host (0: the first, or none), becomes the current one. */
bool shell_start_actor(struct shell *shell, const char *name, size_t host, struct error *error);
/* Switch to an actor, starting it if there is none of that name. */
bool shell_switch(struct shell *shell, const char *name, struct error *error);

/* Tell something in the shell's own voice. */
void shell_note(struct shell *shell, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Tell a mistake, with the text it is in; frees the error. */
void shell_fault(struct shell *shell, const char *source, const char *place, struct error *error);

#endif

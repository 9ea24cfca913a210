/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of the crew, the shell's side of src/actor; nobody else includes it.
 *
 *     crew.c      who there is
 *     settle.c    the loop: hear them all, have they settled?
 *     actor.c     one actor: statements, input and interrupts for it, and what is known of it
 *     hear.c      what it says: messages into events
 *     elsewhere.c where a name is known that it does not know
 *     stream.c    what its program prints, in its true place between the messages
 *     blocked.c   is it asleep in its call?  (/proc)
 *     spawn.c     how it is born: descriptors, fork()
 *     adopt.c     how it is born of another actor's fork()
 *     death.c     how it ends
 *
 *              control (SOCK_SEQPACKET)
 *     shell ◀══════════════════════════▶ actor 900
 *           ──────────── pipe ─────────▶ 0
 *           ◀─────────── pipe ────────── 1
 *           ◀─────────── pipe ────────── 2
 *           ──────── lifeline ─────────▶ 901        (lifeline.h)
 *           ◀════════ board ═══════════▶            (board.h)
 */
#ifndef SOCKSHELL_ACTOR_ACTOR_H
#define SOCKSHELL_ACTOR_ACTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "actor/board.h"
#include "base/cpu.h"
#include "actor/crew.h"
#include "actor/link.h"
#include "base/buf.h"
#include "call/call.h"
#include "call/confine.h"

/* Standard output or standard error. */
struct stream {
    int fd;          /* our end of the pipe, -1 when it has ended */
    int number;      /* 1 or 2 */
    int64_t told;    /* bytes in the journal already */
    struct buf held; /* read, but not told yet: a message may have to come before them */
};

struct actor {
    struct crew *crew;
    char name[ACTOR_NAME_MAX], parent[ACTOR_NAME_MAX];
    enum actor_state state;
    size_t site;  /* its place in the surroundings */
    bool fresh;   /* no statement was given to it */
    bool greeted; /* it has said HELLO: its descriptors are in order */
    pid_t pid;

    /* All -1 when not there. */
    int pidfd; /* how it is signalled and its end is noticed: a number may be given anew, this not;
                  kept after its death while it is another's to wait for */
    int control;
    int input;        /* its stdin */
    int proc_syscall; /* /proc/PID/syscall and /proc/PID/stat, kept open */
    int proc_stat;
    struct stream streams[2];
    struct buf input_waits; /* given, but the pipe was full */
    bool input_ends;        /* …and then end of file */
    struct board_memory *board;

    /* The statement, while not idle. */
    int64_t statement;
    char *source, *place;
    int64_t busy_from_ns; /* its CPU time when it was last known to wait */
    bool restless;        /* it and others keep each other going, it seems without end; see crew_settled() */

    /* The call it is in: all of it empty when in none. */
    const struct call *call; /* the row; NULL for a name that has none */
    char *call_name, *call_text;
    int64_t call_since_ns; /* CLOCK_MONOTONIC when it was entered */
    bool blocked_told, on_stdin;
    bool waits; /* its call has returned, and it stands still until it is let go (MESSAGE_GO) */
    bool runs_on; /* it is not held after its calls, although they are watched: the statement makes too many */

    /* After fork(), until its parent has told what fork() returned there: then it is let go. Else NULL. */
    const struct actor *held_by;
    bool signalled;      /* a signal was sent to it, which may end it although it is idle */
    bool dying;          /* …SIGKILL, which will end it whatever it does */
    int64_t killed_ns;   /* when that was; 0: not */
    bool interrupting;   /* and it has not taken effect yet */
    int64_t said_status; /* what MESSAGE_EXITING announced; -1: nothing */
    char *last_words;
    bool failed; /* it died, and not by ending with status 0 */
    int64_t said_ns; /* when what it said last took effect; never goes back */
};

struct crew {
    struct journal *journal;
    struct actor **actors; /* in order of birth */
    size_t count;
    struct actor **gone; /* dead children of fork() that had to make room; callers may still point to them */
    size_t gone_count;
    int poll; /* epoll: every descriptor of every actor */
    int lifeline[2];
    int64_t statements; /* numbers given out */
    int64_t heard_ns;   /* when anything was last heard */
    int64_t looked_ns;  /* and when all had settled and the kernel was looked at */
    unsigned heard;     /* messages of those who are not restless, since all had last settled */
    bool restless;      /* some of them are, or were when they were last looked at */
    struct cpu cpu;
    char *room; /* MESSAGE_MAX bytes to receive into */
    bool was_subreaper;
    long was_slack;
    enum watch_level watch; /* of statements given from now on */
    struct crew_watcher watcher;
    struct crew_surroundings surroundings; /* enter NULL: there are none */
    struct confinement bounds; /* that actors are born with */
    bool missed; /* events went into the journal that the watcher was not told of */
    bool full_told; /* that there is no room for another actor */
};

void actor_journal(const struct actor *actor, struct event event); /* fills in .actor and .happened_ns */

/* crew.c */
struct actor *crew_add(struct crew *crew, const char *name); /* room permitting, else NULL */
bool crew_watch(struct crew *crew, int fd, struct actor *actor, uint32_t events);
void crew_signalled(struct crew *crew); /* one of them sent a signal, perhaps to another */
void crew_unwatch(struct crew *crew, int fd);
void crew_forget(struct crew *crew, int *fd); /* no longer watched; closed; -1 */

/* elsewhere.c: for a fault at `where` of the actor's source, with this hint or "": the hint when that is the name of
 * another actor's variable, to be freed; NULL: it is not. */
char *elsewhere_hint(const struct actor *actor, struct span where, const char *hint);

/* actor.c */
void actor_leave_call(struct actor *actor);
void actor_end_statement(struct actor *actor);
bool actor_signal(const struct actor *actor, int number);
void actor_feed(struct actor *actor); /* its stdin can take more of what was given */

void actor_let_go(struct actor *actor); /* MESSAGE_GO, if it waits for it */

/* hear.c: everything that waits; false when nothing did. */
bool actor_hear(struct actor *actor);

/* stream.c */
void stream_tell_to(struct actor *actor, struct stream *stream, int64_t count);
void stream_hold(struct actor *actor, struct stream *stream); /* read what is there */
void stream_tell_held(struct actor *actor, struct stream *stream);

/* blocked.c */
void blocked_open(struct actor *actor);
enum look {
    LOOK_AWAKE,   /* not (yet) known to wait */
    LOOK_ASLEEP,  /* in its call */
    LOOK_STOPPED, /* by a signal: it will not go on by itself */
    LOOK_BUSY,    /* neither, but it has used more CPU time than it may */
};
/* The tests that /proc answers; that no message waits is the caller's to test, after this. */
enum look blocked_look(struct actor *actor, int64_t most_ns);
/* It has taken the signals that it was sent, and lives. */
bool blocked_is_still(const struct actor *actor);
int64_t blocked_cpu_ns(const struct actor *actor);
/* From /proc/PID/stat: the parent, or -1; the exit code of a zombie as in wait(2), or -1. */
pid_t blocked_parent(pid_t pid);
int blocked_exit_code(pid_t pid);

/* spawn.c */
/* Take over a started process's descriptors: close-on-exec, not blocking, watched. False with errno: EMFILE also when
 * too few would be left for the shell's own work. */
bool spawn_attach(struct actor *actor, const int ends[CARRIED_MAX]);

/* adopt.c: MESSAGE_FORKED. False (a violation, *error) when what came is not what must come. What it keeps
 * of carried becomes -1 there. */
bool adopt(struct actor *parent, pid_t pid, int carried[CARRIED_MAX], size_t count, struct error *error);

/* The parent's fork() fails with EAGAIN, and the child never was; why, with a remedy or NULL, is told once. */
void adopt_refuse(const struct actor *parent, const char *why, const char *remedy);

void adopt_let_go(const struct actor *parent); /* its children may go on */

/* death.c */
/* It has ended, and all that it said was heard: the rest of its output, EVENT_DIED. */
void actor_bury(struct actor *actor);
/* After SIGKILL: wait, with not a word to the journal; ACTOR_DEAD then, but not reaped. */
void actor_await_end(struct actor *actor);
/* Dead, and perhaps ours to wait for by now. */
void actor_reap(struct actor *actor);
void actor_free(struct actor *actor);

#endif

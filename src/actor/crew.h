/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The crew: all actors, seen from the shell.  Starts them, gives them
 * statements and input, reads what they say into the journal, knows who is
 * idle, running, verifiably blocked, or dead.
 */
#ifndef SOCKSHELL_ACTOR_CREW_H
#define SOCKSHELL_ACTOR_CREW_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>
#include "actor/message.h"
#include "base/buf.h"
#include "base/error.h"
#include "journal/journal.h"

#define ACTOR_NAME_MAX 32 /* with its NUL */
#define CREW_MAX 64
/* What an actor is interrupted with, so that SIGINT stays the learner's. */
#define ACTOR_SIGNAL_INTERRUPT (SIGRTMIN + 2)

enum actor_state {
    ACTOR_IDLE,    /* waits for a statement */
    ACTOR_RUNNING, /* carries one out; may be inside a call */
    ACTOR_BLOCKED, /* verified asleep in its call (blocked.c says how) */
    ACTOR_DEAD,
};

struct crew;
struct actor; /* opaque */

/* Whoever looks at the kernel while everybody stands still. */
struct crew_watcher {
    void *context;
    /* Everybody has settled: those whose call has just returned wait for this to end.  The journal is held, and
     * journal_held() tells what has happened since the last time; `missed` that it does not tell all. */
    void (*settled)(void *context, bool missed);
};

/* What lies between the actors and has to be kept going: a network whose frames somebody must pass on.  Its part in
 * "everybody has settled" is that nothing is on its way there. */
struct crew_surroundings {
    void *context;
    int fd;                       /* readable: there is something to do; -1: there never is */
    void (*run)(void *context);   /* do it, without sleeping */
    bool (*quiet)(void *context); /* nothing is under way */
    /* In the process of an actor that is born: go to its place. False with errno: it cannot be born there. */
    bool (*enter)(void *context, size_t place);
};

/* While there is a crew, this process is the subreaper of its actors and runs, as they do, on one CPU
 * (base/cpu.h). */
struct crew *crew_new(struct journal *journal);
/* Ends every actor (SIGKILL), waits for them all, frees; with not a word to the journal. */
void crew_free(struct crew *crew);

/* For the actors that are born from now on. False with errno. */
bool crew_surround(struct crew *crew, const struct crew_surroundings *surroundings);
/* Actors that are started from now on keep within these bounds (call/confine.h); the folder stays the
 * caller's. */
struct confinement;
void crew_confine(struct crew *crew, const struct confinement *bounds);

/* A name: a letter, then letters, digits, _ - .; not a call's or keyword's (the shell checks that). */
bool actor_name_valid(const char *name);
struct actor *crew_spawn(struct crew *crew, const char *name, struct error *error);
/* The same, in another place of the surroundings than 0. */
struct actor *crew_spawn_at(struct crew *crew, const char *name, size_t place, struct error *error);
struct actor *crew_find(struct crew *crew, const char *name);
struct actor *crew_at(struct crew *crew, size_t i); /* in order of birth, the dead included; NULL ends */
/* A dead (or living: it is killed first) actor begins afresh under its name. */
bool crew_restart(struct crew *crew, struct actor *actor, struct error *error);
/* The same, in another place. */
bool crew_restart_at(struct crew *crew, struct actor *actor, size_t place, struct error *error);

/* From the next statements on. The watcher is told at each settling whatever the level; NULL: none, and then
 * crew_listen() too lets those go on whose statement is still watched. */
void crew_watch_calls(struct crew *crew, enum watch_level level, const struct crew_watcher *watcher);
enum watch_level crew_watch_level(const struct crew *crew);
/* Does anybody wait to be let go on after a call?  Then crew_settle() wants to be called. */
bool crew_waits(const struct crew *crew);

const char *actor_name(const struct actor *actor);
pid_t actor_pid(const struct actor *actor);
size_t actor_place(const struct actor *actor); /* a forked one's is its parent's */
bool actor_is_fresh(const struct actor *actor); /* no statement was ever given to its process */
/* It has said that its descriptors are in order: before that those of the shell, which a child of fork() has inherited
 * from its parent's and moves out of sight, lie among the learner's. */
bool actor_has_greeted(const struct actor *actor);
/* How often it has entered fork() and left it: while this is odd, descriptors that are the shell's lie among the
 * learner's in it as well. It may change at any time. */
uint64_t actor_forks(const struct actor *actor);
enum actor_state actor_state(const struct actor *actor);
const char *actor_parent(const struct actor *actor); /* after fork(); else "" */
/* The call it is inside: "accept(3, …)"; "" when in none. */
const char *actor_call(const struct actor *actor);
const char *actor_call_name(const struct actor *actor);
/* For how long it has been in the call that it is blocked in; 0: it is not blocked. */
int64_t actor_blocked_ns(const struct actor *actor);
/* Of a blocked one: "blocked in accept(3, …) for 12 s", without whole seconds "blocked in accept(3, …)". */
void actor_blocked_words(const struct actor *actor, struct buf *out);
/* Of a dead one: "was killed by SIGPIPE (Broken pipe)", "exited with status 1"; else "". */
const char *actor_last_words(const struct actor *actor);
bool actor_failed(const struct actor *actor); /* dead, and not by ending with status 0 */
/* Is it inside a library call that waits for its standard input (fgets, or read of descriptor 0)? */
bool actor_wants_input(const struct actor *actor);
/* Stopped by a signal (SIGSTOP, SIGTSTP…): it will not go on by itself. */
bool actor_is_stopped(struct actor *actor);

/* Give a statement to an idle actor.  `place` and `source` go to the journal with what comes of it. */
bool actor_run(struct actor *actor, const char *source, const char *place, struct error *error);
/* The same for a whole source file: its main() is called with the arguments, behind each of which is a NUL, and the
 * actor ends with what it returns.  An empty source: the main() that is there. */
bool actor_run_program(struct actor *actor, const char *source, const char *place, const struct buf *arguments,
                       struct error *error);
/* Bytes for its stdin; length 0 closes it (end of file). */
bool actor_input(struct actor *actor, const void *bytes, size_t length, struct error *error);
/* Ctrl-C: interrupts the blocked call (EINTR) or ends the running statement. Resent until it took effect. */
void actor_interrupt(struct actor *actor);
void actor_kill(struct actor *actor, int signal);

/* Variables as last noted down by the actor (after each statement and before each call that may block). */
struct board_entry {
    const char *name, *type; /* type's spelling */
    const char
        *layout; /* with what it consists of, if it is the learner's (type_spell_whole()); else "" or NULL */
    uint64_t address;        /* as in lang/memory.h, for showing &x */
    size_t size;
    uint64_t noted;          /* when a call last gave it a descriptor, memory_descriptor_noted() */
    const unsigned char *bytes, *written; /* `kept` bytes of each; written: 0 or 1 a byte */
    size_t kept;
    const char *shown; /* in words, as value_show() gives it */
};
/* Copies the board of the actor; entries are valid until board_free(). */
struct board {
    struct board_entry *entries;
    size_t count;
    const char **types; /* names of types that the learner has defined */
    size_t type_count;
    bool truncated;
    void *storage;
};
bool actor_board(const struct actor *actor, struct board *board, struct error *error);
/* Is there a variable of this name on its board? */
bool actor_has_variable(const struct actor *actor, const char *name);
/* Is there such a type?  Takes no time while there are none. */
bool actor_has_type(const struct actor *actor, const char *name);
void board_free(struct board *board);
/* What types_from_text() can make its type of. */
const char *board_entry_layout(const struct board_entry *entry);
/* The int that a variable is (index 0), or its index-th element if it is an array of them. False: it is none, or was
 * never written. */
bool board_entry_int(const struct board_entry *entry, size_t index, int *value);
/* The same by name: "sock", or "sv[1]". */
bool board_int(const struct board *board, const char *name, int *value);

/* For the one poll loop: fill in at most `most` pollfds; returns how many (one, an epoll descriptor). */
size_t crew_pollfds(struct crew *crew, struct pollfd *fds, size_t most);
/* Read everything that waits, into the journal, in the order in which it happened; verify who is blocked. Never
 * sleeps. */
void crew_listen(struct crew *crew);
/* Nanoseconds until it is worth calling crew_listen() again although no descriptor is ready
 * (a blocked call wants to be verified, an interrupt resent); -1: no need. */
int64_t crew_next_look(struct crew *crew);

/* Journal EVENT_BLOCKED, once a call, for every actor that is verified blocked
 * now. Only this function journals it (crew_listen and crew_settle do not), and the shell
 * calls it when all have settled, so that calls which sleep for a moment only
 * (a reply is on its way) make no line and transcripts are reproducible. */
void crew_tell_blocked(struct crew *crew);

/* Is everyone idle, dead, verified blocked, stopped by a signal, or busy for long: CREW_BUSY_NS of CPU time
 * (divided by how many are running) since its statement began or it was last seen blocked?  Or are those who are not
 * among the ones that keep each other going without end, as fork() and wait() in a loop do: after 10,000 messages
 * without rest they are no longer waited for.  Everyone who is not idle is looked at anew. */
bool crew_settled(struct crew *crew);
#define CREW_BUSY_NS 50000000
/* Listen and wait (in poll) until crew_settled(), letting those go on who wait after a watched call, then flush the
 * journal's file. Meanwhile the journal is held, so that events come out in the order in which they happened.
 * Returns early when wake_fd (or -1) is readable. */
void crew_settle(struct crew *crew, int wake_fd);

#endif

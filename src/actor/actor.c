/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One actor, seen from the shell: what is known of it, and what it is given. */
#include "actor/actor.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "lang/parse.h"

#define NOWHERE ((struct span){0})
/* Input that the program does not read yet and its pipe cannot hold. */
#define INPUT_MAX ((size_t)16 << 20)

void actor_journal(const struct actor *actor, struct event event) {
    event.actor = actor->name;
    if (!event.place)
        event.place = actor->place;
    event.happened_ns = actor->said_ns;
    journal_add(actor->crew->journal, &event);
}

bool actor_name_valid(const char *name) {
    size_t length = strlen(name);

    if (length == 0 || length >= ACTOR_NAME_MAX || !isascii(name[0]) || !isalpha((unsigned char)name[0]))
        return false;
    for (size_t i = 1; i < length; i++)
        if (!isascii(name[i]) || !(isalnum((unsigned char)name[i]) || strchr("_-.", name[i])))
            return false;
    return true;
}

const char *actor_name(const struct actor *actor) {
    return actor->name;
}

size_t actor_place(const struct actor *actor) {
    return actor->site;
}

bool actor_is_fresh(const struct actor *actor) {
    return actor->fresh;
}

bool actor_has_greeted(const struct actor *actor) {
    return actor->greeted;
}

pid_t actor_pid(const struct actor *actor) {
    return actor->pid;
}

enum actor_state actor_state(const struct actor *actor) {
    return actor->state;
}

const char *actor_parent(const struct actor *actor) {
    return actor->parent;
}

const char *actor_call(const struct actor *actor) {
    return actor->call_text ? actor->call_text : "";
}

const char *actor_call_name(const struct actor *actor) {
    return actor->call_name ? actor->call_name : "";
}

int64_t actor_blocked_ns(const struct actor *actor) {
    return actor->state == ACTOR_BLOCKED ? clock_now_ns() - actor->call_since_ns : 0;
}

void actor_blocked_words(const struct actor *actor, struct buf *out) {
    int64_t seconds = actor_blocked_ns(actor) / SECOND_NS;
    buf_addf(out, "blocked in %s", actor_call(actor));
    if (seconds > 0)
        buf_addf(out, " for %" PRId64 " s", seconds);
}

const char *actor_last_words(const struct actor *actor) {
    return actor->last_words ? actor->last_words : "";
}

bool actor_failed(const struct actor *actor) {
    return actor->state == ACTOR_DEAD && actor->failed;
}

bool actor_wants_input(const struct actor *actor) {
    return actor->state == ACTOR_BLOCKED && actor->on_stdin;
}

bool actor_board(const struct actor *actor, struct board *board, struct error *error) {
    *board = (struct board){0};
    return !actor->board || board_read(actor->board, board, error);
}

uint64_t actor_forks(const struct actor *actor) {
    return actor->board ? board_forks(actor->board) : 0;
}

bool actor_has_variable(const struct actor *actor, const char *name) {
    struct error ignored = {0};
    struct board board;
    bool found = false;

    if (!actor_board(actor, &board, &ignored)) {
        error_free(&ignored);
        return false;
    }
    for (size_t i = 0; i < board.count && !found; i++)
        found = strcmp(board.entries[i].name, name) == 0;
    board_free(&board);
    return found;
}

bool actor_has_type(const struct actor *actor, const char *name) {
    struct error ignored = {0};
    struct board board;
    bool found = false;

    if (!actor->board || !board_has_types(actor->board))
        return false;
    if (!actor_board(actor, &board, &ignored)) {
        error_free(&ignored);
        return false;
    }
    for (size_t i = 0; i < board.type_count && !found; i++)
        found = strcmp(board.types[i], name) == 0;
    board_free(&board);
    return found;
}

void actor_leave_call(struct actor *actor) {
    free(actor->call_name);
    free(actor->call_text);
    actor->call = NULL;
    actor->call_name = actor->call_text = NULL;
    actor->call_since_ns = 0;
    actor->blocked_told = actor->on_stdin = false;
}

void actor_end_statement(struct actor *actor) {
    actor_leave_call(actor);
    free(actor->source);
    free(actor->place);
    actor->source = actor->place = NULL;
    actor->statement = 0;
    actor->interrupting = actor->waits = actor->runs_on = actor->restless = false;
    actor->state = ACTOR_IDLE;
}

static bool give(struct actor *actor, const char *source, const char *place, const struct buf *arguments,
                 struct error *error) {
    struct message run = {
        .type = MESSAGE_RUN, .number = actor->crew->statements + 1, .watch = actor->crew->watch};

    if (actor->state != ACTOR_IDLE || actor->control < 0)
        return error_set(error, ERROR_USAGE, NOWHERE, "%s cannot take a statement now", actor->name);
    if (strlen(source) > PARSE_SOURCE_MAX)
        return error_set(error, ERROR_LIMIT, NOWHERE, "a statement can have %d bytes at most, not %zu",
                         PARSE_SOURCE_MAX, strlen(source));
    run.text = mem_string(source);
    run.place = mem_string(place ? place : "");
    if (arguments) {
        run.data = mem_string_n(arguments->data, arguments->length);
        run.data_length = arguments->length;
    }
    bool sent = link_send(actor->control, &run, NULL, 0, MSG_DONTWAIT, error);
    message_free(&run);
    if (!sent)
        return false;
    actor->statement = ++actor->crew->statements;
    actor->fresh = false;
    actor->source = mem_string(source);
    actor->place = mem_string(place ? place : "");
    actor->state = ACTOR_RUNNING;
    actor->busy_from_ns = blocked_cpu_ns(actor);
    actor->crew->heard_ns = clock_now_ns();
    return true;
}

bool actor_run(struct actor *actor, const char *source, const char *place, struct error *error) {
    return give(actor, source, place, NULL, error);
}

bool actor_run_program(struct actor *actor, const char *source, const char *place, const struct buf *arguments,
                       struct error *error) {
    return give(actor, source, place, arguments, error);
}

/* write(2) on a pipe that may have no reader any more, without SIGPIPE for us and whatever our mask is. */
static ssize_t write_quietly(int fd, const void *bytes, size_t length) {
    sigset_t pipe, before, pending;
    const struct timespec now = {0};

    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    sigprocmask(SIG_BLOCK, &pipe, &before);
    ssize_t written = write(fd, bytes, length);
    int number = errno;
    if (written < 0 && number == EPIPE && !sigismember(&pending, SIGPIPE))
        sigtimedwait(&pipe, NULL, &now);
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = number;
    return written;
}

void actor_feed(struct actor *actor) {
    struct buf *waits = &actor->input_waits;

    while (actor->input >= 0 && waits->length > 0) {
        ssize_t written = write_quietly(actor->input, waits->data, waits->length);
        if (written < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (written < 0) /* nobody will ever read it */
            buf_clear(waits);
        else
            buf_consume(waits, (size_t)written);
    }
    if (actor->input < 0)
        return;
    if (actor->input_ends)
        crew_forget(actor->crew, &actor->input);
    else
        crew_unwatch(actor->crew, actor->input); /* else it would be ready from the moment its reader goes */
}

bool actor_input(struct actor *actor, const void *bytes, size_t length, struct error *error) {
    if (actor->state == ACTOR_DEAD)
        return error_set(error, ERROR_USAGE, NOWHERE, "%s %s", actor->name, actor_last_words(actor));
    if (actor->input < 0 || actor->input_ends)
        return error_set(error, ERROR_USAGE, NOWHERE, "the standard input of %s has ended already",
                         actor->name);
    if (length > INPUT_MAX || actor->input_waits.length > INPUT_MAX - length)
        return error_set(error, ERROR_LIMIT, NOWHERE,
                         "%s does not read its input, and there is too much of it", actor->name);
    journal_add(
        actor->crew->journal,
        &(struct event){.type = EVENT_INPUT, .actor = actor->name, .data = bytes, .data_length = length});
    buf_add(&actor->input_waits, bytes, length);
    actor->input_ends = length == 0;
    if (actor->state == ACTOR_BLOCKED && actor->on_stdin) /* by now it may be awake */
        actor->state = ACTOR_RUNNING;
    actor->crew->heard_ns = clock_now_ns();
    actor_feed(actor);
    if (actor->input_waits.length > 0)
        crew_watch(actor->crew, actor->input, actor, EPOLLOUT);
    return true;
}

/* By its pidfd: its number may be another's by now. */
bool actor_signal(const struct actor *actor, int number) {
    return actor->pidfd >= 0 && syscall(SYS_pidfd_send_signal, actor->pidfd, number, NULL, 0) == 0;
}

void actor_let_go(struct actor *actor) {
    const struct message go = {.type = MESSAGE_GO, .number = actor->statement};
    struct error ignored = {0};

    if (!actor->waits)
        return;
    actor->waits = false;
    /* It reads nothing else, so there is room. Who cannot be told would wait for ever; and should it be gone already,
     * the signal finds nobody. */
    if (actor->control < 0 || !link_send(actor->control, &go, NULL, 0, MSG_DONTWAIT, &ignored))
        actor_signal(actor, SIGKILL);
    error_free(&ignored);
}

void actor_interrupt(struct actor *actor) {
    if (actor->state != ACTOR_RUNNING && actor->state != ACTOR_BLOCKED)
        return;
    actor->interrupting = true;
    actor->crew->heard_ns = clock_now_ns();
    actor_signal(actor, ACTOR_SIGNAL_INTERRUPT);
}

void actor_kill(struct actor *actor, int number) {
    if (actor->state == ACTOR_DEAD)
        return;
    int64_t before = clock_now_ns();
    actor->signalled = actor_signal(actor, number);
    if (actor->signalled && number == SIGKILL) {
        actor->dying = true;
        actor->killed_ns = before;
    }
    actor->crew->heard_ns = clock_now_ns();
}

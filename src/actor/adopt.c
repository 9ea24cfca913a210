/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An actor's fork(): its child, which has made its own connection, becomes an
 * actor of its own.  Both wait for our answer, so a program that forks without
 * end meets the same wall as under a limit of processes: EAGAIN.  The child is
 * answered when its parent has told what fork() returned, so that it is always
 * the parent's line that comes first.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor/actor.h"
#include "base/mem.h"

static bool is_fifo(int fd) {
    struct stat facts;

    return fstat(fd, &facts) == 0 && S_ISFIFO(facts.st_mode);
}

static bool is_control(int fd) {
    int type = 0;
    socklen_t length = sizeof(type);

    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_SEQPACKET;
}

/* Does this descriptor stand for that process?  Yes also when it has ended and been waited for (-1), or when
 * there is no /proc that could tell. */
static bool is_pidfd_of(int pidfd, pid_t pid) {
    char path[64], line[128];
    long shown = 0;

    snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
    FILE *file = fopen(path, "re");
    bool known = file != NULL;
    while (file && fgets(line, sizeof(line), file))
        if (sscanf(line, "Pid: %ld", &shown) == 1)
            break;
    if (file)
        fclose(file);
    return !known || shown == pid || shown == -1;
}

/* What came is from another process, if one that we forked: it must be what it says it is, for we are going
 * to write to it, wait for it, and send it signals. */
static bool is_child(const struct actor *parent, pid_t pid, const int *carried, size_t count) {
    pid_t its_parent = blocked_parent(pid);

    return count == CARRIED_MAX && is_control(carried[CARRIED_CONTROL]) && is_fifo(carried[CARRIED_STDIN]) &&
           is_fifo(carried[CARRIED_STDOUT]) && is_fifo(carried[CARRIED_STDERR]) &&
           is_pidfd_of(carried[CARRIED_PIDFD], pid) &&
           (its_parent == parent->pid || its_parent == getpid() || its_parent == -1);
}

static void answer(int control, int number) {
    struct error ignored = {0};
    struct message message = {.type = MESSAGE_ADOPTED, .error = number};

    /* Whoever is gone by now needs no answer. */
    link_send(control, &message, NULL, 0, MSG_DONTWAIT, &ignored);
    error_free(&ignored);
}

/* "server.1": the next free number, the name cut short if need be. */
static void name_child(struct crew *crew, const struct actor *parent, char name[ACTOR_NAME_MAX]) {
    for (int n = 1; n == 1 || crew_find(crew, name); n++) {
        char number[16];
        int length = snprintf(number, sizeof(number), ".%d", n);
        snprintf(name, ACTOR_NAME_MAX, "%.*s%s", ACTOR_NAME_MAX - 1 - length, parent->name, number);
    }
}

/* It stands where its parent stood: in the same statement, inside fork(). */
static void inherit(struct actor *child, const struct actor *parent) {
    strcpy(child->parent, parent->name);
    child->state = ACTOR_RUNNING;
    child->statement = parent->statement;
    child->source = mem_string(parent->source ? parent->source : "");
    child->place = mem_string(parent->place ? parent->place : "");
    child->call = parent->call;
    child->call_name = mem_string(actor_call_name(parent));
    child->call_text = mem_string(actor_call(parent));
    child->call_since = parent->call_since;
    child->busy_from_ns = blocked_cpu_ns(child);
    child->restless = parent->restless;
}

void adopt_refuse(const struct actor *parent, const char *why, const char *remedy) {
    struct crew *crew = parent->crew;

    answer(parent->control, EAGAIN);
    if (crew->full_told)
        return;
    crew->full_told = true;
    char *text = mem_format("%s cannot fork(): %s%s%s", parent->name, why, remedy ? "; " : "", remedy ? remedy : "");
    journal_add(crew->journal, &(struct event){.type = EVENT_NOTE, .text = text});
    free(text);
}

void adopt_let_go(const struct actor *parent) {
    struct crew *crew = parent->crew;

    for (size_t i = 0; i < crew->count; i++) {
        struct actor *child = crew->actors[i];
        if (child->held_by != parent)
            continue;
        child->held_by = NULL;
        answer(child->control, 0);
    }
}

/* It was the last, and nobody has heard of it; its process is its parent's to end. */
static void disown(struct actor *child) {
    struct crew *crew = child->crew;

    crew->count--;
    crew_forget(crew, &child->control);
    crew_forget(crew, &child->input);
    crew_forget(crew, &child->proc_syscall);
    crew_forget(crew, &child->proc_stat);
    for (size_t i = 0; i < 2; i++)
        crew_forget(crew, &child->streams[i].fd);
    crew_forget(crew, &child->pidfd);
    actor_end_statement(child);
    actor_free(child);
}

bool adopt(struct actor *parent, pid_t pid, int carried[CARRIED_MAX], size_t count, struct error *error) {
    struct board_memory *board = NULL;
    char name[ACTOR_NAME_MAX];

    if (!is_child(parent, pid, carried, count) || !(board = board_map(carried[CARRIED_BOARD])))
        return error_set(error, ERROR_SYSTEM, (struct span){0}, "it told of a child that is none");
    name_child(parent->crew, parent, name);
    struct actor *child = crew_add(parent->crew, name);
    if (!child) {
        char *why = mem_format("there are %d actors, the most there can be", CREW_MAX);
        board_unmap(board);
        adopt_refuse(parent, why, NULL);
        free(why);
        return true;
    }
    child->pid = pid;
    child->board = board;
    child->site = parent->site;
    child->fresh = false;
    inherit(child, parent);
    bool attached = spawn_attach(child, carried);
    for (size_t i = 0; i < count; i++)
        if (i != CARRIED_BOARD)
            carried[i] = -1; /* the child's from here on */
    if (!attached) {
        struct error short_of = {0};
        link_error_short(&short_of);
        disown(child);
        adopt_refuse(parent, short_of.text, short_of.hint);
        error_free(&short_of);
        return true;
    }
    child->said_ns = parent->said_ns;
    actor_journal(child, (struct event){.type = EVENT_BORN, .result = pid, .extra = parent->name});
    child->held_by = parent;
    answer(parent->control, 0);
    return true;
}

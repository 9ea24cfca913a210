/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the calls and the interpreter tell us, passed on to the shell; and what they ask. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "actor/serve_parts.h"
#include "base/clock.h"
#include "base/mem.h"

/* From so many on it is bulk work: a statement of so many system calls, steps of the interpreter, or bytes moved,
 * gains more from a second CPU than it loses in every message. */
#define BULK_CALLS 2000
#define BULK_STEPS 200000
#define BULK_BYTES (1 << 20)
/* Calls of one statement after each of which the kernel can be looked at. */
#define WATCHED_CALLS 200
/* Bytes of a text in a message: three of them, the small ones and the data are less than MESSAGE_MAX. */
#define TEXT_MAX (32 << 10)
#define SMALL_TEXT_MAX (4 << 10) /* of where a mistake is */
_Static_assert(3 * TEXT_MAX + 3 * SMALL_TEXT_MAX + CALL_DATA_MAX + 256 <= MESSAGE_MAX, "every message fits");

/* NULL, or a shortened copy of a text that is too long. */
static char *shorten(char **text, int most) {
    if (!*text || strnlen(*text, (size_t)most + 1) <= (size_t)most)
        return NULL;
    return *text = mem_format("%.*s...", most - 3, *text);
}

void serve_say(struct server *server, struct message message, const int *carried, size_t count) {
    struct error error = {0};
    char *copies[] = {shorten(&message.name, TEXT_MAX),        shorten(&message.text, TEXT_MAX),
                      shorten(&message.extra, TEXT_MAX),       shorten(&message.place, SMALL_TEXT_MAX),
                      shorten(&message.source, SMALL_TEXT_MAX), shorten(&message.calls, SMALL_TEXT_MAX)};

    if (message.time_ns == 0)
        message.time_ns = clock_now_ns();
    message.out_count = server->prints[0].count;
    message.err_count = server->prints[1].count;
    if (message.data_length > CALL_DATA_MAX)
        message.data_length = CALL_DATA_MAX;
    if (!link_send(server->control, &message, carried, count, 0, &error))
        _exit(EXIT_FAILURE); /* the shell is gone, or has given us up */
    for (size_t i = 0; i < sizeof(copies) / sizeof(*copies); i++)
        free(copies[i]);
}

void serve_note_variables(struct server *server) {
    struct interp *interp = caller_interp(server->caller);
    uint64_t changes = interp_changes(interp);

    if (changes == server->noted && !server->never_noted)
        return;
    board_collect(interp, &server->notes);
    board_publish(server->board, &server->notes);
    server->noted = changes;
    server->never_noted = false;
}

static void go_bulk(struct server *server) {
    if (server->spread)
        return;
    cpu_spread(&server->cpu);
    server->spread = true;
}

/* The name that a socket has for life, while the descriptor still stands for it. */
static uint64_t cookie_of(int fd) {
    uint64_t cookie = 0;
    socklen_t length = sizeof(cookie);
    int number = errno;

    if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &length) < 0)
        cookie = 0;
    errno = number;
    return cookie;
}

/* SOCK_STREAM and so on; 0: it is no socket. */
static int type_of(int fd) {
    int type = 0, number = errno;
    socklen_t length = sizeof(type);

    if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) < 0)
        type = 0;
    errno = number;
    return type;
}

/* Until the shell has looked at what the call did.  A statement that makes many calls is not held up for ever:
 * after so many it runs freely. */
static bool shall_wait(const struct server *server) {
    return server->watch != WATCH_OFF && server->calls <= WATCHED_CALLS && server->moved < BULK_BYTES;
}

static void await_go(struct server *server) {
    struct message message;
    struct error error = {0};
    int carried[CARRIED_MAX];
    size_t count;
    bool waiting = true;

    while (waiting) {
        switch (link_receive(server->control, 0, server->room, &message, carried, &count, &error)) {
        case LINK_NONE: /* a signal: what it interrupts is the statement */
            continue;
        case LINK_MESSAGE:
            waiting = message.type != MESSAGE_GO;
            message_free(&message);
            continue;
        case LINK_CUT: /* the shell passes nothing on */
        case LINK_CLOSED:
        case LINK_BROKEN:
            _exit(EXIT_FAILURE);
        }
    }
}

static void entered(void *context, const struct call_record *record) {
    struct server *server = context;

    if (++server->calls == BULK_CALLS || record->asked >= BULK_BYTES)
        go_bulk(server);
    if (record->call->flags & CALL_BLOCKS)
        serve_note_variables(server);
    server->cookie = cookie_of(record->fd);
    server->entered_ns = clock_now_ns();
    serve_say(server,
              (struct message){.type = MESSAGE_ENTERED,
                               .number = server->statement,
                               .time_ns = server->entered_ns,
                               .name = (char *)record->call->name,
                               .text = (char *)record->text,
                               .extra = (char *)record->about},
              NULL, 0);
}

static void returned(void *context, const struct call_record *record) {
    struct server *server = context;

    bool waits = record->call->flags & CALL_BLOCKS && !(record->call->flags & CALL_ACTS);
    server->moved += record->data_total;
    if (server->moved >= BULK_BYTES)
        go_bulk(server);
    if (record->data_out && record->result > 0)
        serve_print_direct(server, record->fd, record->result);
    serve_say(server,
              (struct message){.type = MESSAGE_RETURNED,
                               .time_ns = waits ? 0 : server->entered_ns,
                               .result = record->result,
                               .error = record->error,
                               .fd = record->fd,
                               .asked = (int64_t)record->asked,
                               .data_total = (int64_t)record->data_total,
                               .data_out = record->data_out,
                               .cookie = (int64_t)server->cookie,
                               .socket_type = server->cookie != 0 && record->moves_data
                                                  ? type_of(record->fd)
                                                  : 0,
                               .flags = record->flags,
                               .waits = shall_wait(server),
                               .name = (char *)record->call->name,
                               .text = (char *)record->text,
                               .extra = (char *)record->result_text,
                               .data = (char *)record->data,
                               .data_length = record->data_length,
                               .address = (char *)record->address,
                               .address_length = record->address_length},
              NULL, 0);
    server->cookie = 0;
    if (shall_wait(server))
        await_go(server);
}

static void show(void *context, struct interp *interp, struct value value) {
    struct buf type = {0}, text = {0};

    type_spell(value.type, &type);
    value_show(interp_memory(interp), value, &text);
    serve_say(context, (struct message){.type = MESSAGE_VALUE, .name = type.data, .text = text.data}, NULL,
              0);
    buf_free(&type);
    buf_free(&text);
}

/* Where changes are told, so is this. */
static void defined(void *context, const char *name, const char *head, bool replaced) {
    struct server *server = context;

    if (server->watch != WATCH_OFF)
        serve_say(server,
                  (struct message){.type = MESSAGE_DEFINED, .name = (char *)name, .text = (char *)head,
                                   .result = replaced},
                  NULL, 0);
}

static bool stop(void *context, struct error *error) {
    struct server *server = context;

    if (++server->steps == BULK_STEPS)
        go_bulk(server);
    if (!serve_interrupted)
        return false;
    error_set(error, ERROR_INTERRUPTED, (struct span){0}, "interrupted");
    return true;
}

void serve_exit(void *context, int status) {
    struct server *server = context;

    fflush(stdout);
    fflush(stderr);
    serve_say(server, (struct message){.type = MESSAGE_EXITING, .result = status & 0xff}, NULL, 0);
    _exit(status);
}

struct call_host serve_host(struct server *server) {
    return (struct call_host){
        .context = server,
        .entered = entered,
        .returned = returned,
        .show = show,
        .defined = defined,
        .stop = stop,
        .fork = serve_fork,
        .exit = serve_exit,
    };
}

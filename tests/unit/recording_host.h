/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A caller of calls whose host writes down what it is told, for tests that run
 * lines of C and compare the transcript.  The sockets are real: loopback, ports
 * that the kernel chooses, and pairs.
 */
#ifndef SOCKSHELL_TESTS_RECORDING_HOST_H
#define SOCKSHELL_TESTS_RECORDING_HOST_H

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "call/engine.h"
#include "lang/parse.h"

struct record {
    struct caller *caller;
    struct buf entered, returned, shown; /* one line each */
    struct call_record last;             /* numbers only */
    struct buf data;
    int first_fd; /* lowest free descriptor when the test began */
};

static inline void on_entered(void *context, const struct call_record *record) {
    struct record *r = context;

    buf_addf(&r->entered, "%s\n", record->text);
}

static inline void on_returned(void *context, const struct call_record *record) {
    struct record *r = context;

    buf_addf(&r->returned, "%s = %s\n", record->text, record->result_text);
    r->last = *record;
    buf_clear(&r->data);
    buf_add(&r->data, record->data, record->data_length);
}

static inline void on_show(void *context, struct interp *interp, struct value value) {
    struct record *r = context;

    value_show(interp_memory(interp), value, &r->shown);
    buf_add_char(&r->shown, '\n');
}

static inline bool on_stop(void *context, struct error *error) {
    (void)context;
    (void)error;
    return false;
}

static inline int on_fork(void *context) {
    (void)context;
    return fork();
}

__attribute__((noreturn)) static void on_exit_call(void *context, int status) {
    (void)context;
    _exit(status); /* of a child that a test has forked */
}

static inline int lowest_descriptor(void) {
    int fd = dup(STDERR_FILENO);

    close(fd);
    return fd;
}

static inline int setup(void **state) {
    struct record *r = calloc(1, sizeof *r);
    const struct call_host host = {
        .context = r,
        .entered = on_entered,
        .returned = on_returned,
        .show = on_show,
        .stop = on_stop,
        .fork = on_fork,
        .exit = on_exit_call,
    };

    r->first_fd = lowest_descriptor();
    r->caller = caller_new(&host, MEMORY_LIMIT);
    caller_reserve(r->caller, 900, 901);
    caller_reserve_signal(r->caller, SIGRTMIN + 5);
    *state = r;
    return 0;
}

static inline int teardown(void **state) {
    struct record *r = *state;

    for (int fd = r->first_fd; fd < r->first_fd + 64; fd++)
        close(fd);
    caller_free(r->caller);
    buf_free(&r->entered);
    buf_free(&r->returned);
    buf_free(&r->shown);
    buf_free(&r->data);
    free(r);
    return 0;
}

static inline enum interp_end try(struct record *r, const char *source, struct error *error) {
    struct tree tree = {0};
    int status = 0;
    enum interp_end end = INTERP_FAILED;

    buf_clear(&r->entered);
    buf_clear(&r->returned);
    buf_clear(&r->shown);
    if (parse(source, strlen(source), &tree, error))
        end = interp_run(caller_interp(r->caller), &tree, &status, error);
    tree_free(&tree);
    return end;
}

static inline void run(struct record *r, const char *source) {
    struct error error = {0};

    if (try(r, source, &error) == INTERP_FAILED)
        fail_msg("%s: %s", source, error.text != NULL ? error.text : "?");
}

/* The line fails as the learner's mistake; its text (and hint, if given) contain these words. */
static inline void expect_error(struct record *r, const char *source, enum error_kind kind, const char *place,
                         const char *text, const char *hint) {
    struct error error = {0};

    assert_int_equal(try(r, source, &error), INTERP_FAILED);
    if (strstr(error.text, text) == NULL)
        fail_msg("%s: \"%s\" is not in: %s", source, text, error.text);
    if (error.kind != kind)
        fail_msg("%s: kind is %s", source, error_kind_name(error.kind));
    if (hint != NULL && (error.hint == NULL || strstr(error.hint, hint) == NULL))
        fail_msg("%s: hint \"%s\" is not in: %s", source, hint, error.hint != NULL ? error.hint : "(none)");
    if (error.where.length != strlen(place) ||
        strncmp(source + error.where.at, place, error.where.length) != 0)
        fail_msg("%s: the caret is at %u+%u, not under %s", source, error.where.at, error.where.length,
                 place);
    assert_int_equal(r->entered.length, 0);
    error_free(&error);
}

static inline void expect(struct record *r, const char *source, const char *returned) {
    run(r, source);
    if (strcmp(buf_text(&r->returned), returned) != 0)
        fail_msg("%s\n  expected: %s\n  got:      %s", source, returned, buf_text(&r->returned));
}

static inline int64_t value_of_variable(struct record *r, const char *name) {
    struct variable variable;
    struct value value;
    struct error error = {0};

    assert_true(interp_find(caller_interp(r->caller), name, &variable));
    if (!value_load(interp_memory(caller_interp(r->caller)), variable.type, variable.address, &value, &error))
        fail_msg("%s: %s", name, error.text);
    return (int64_t)value.bits;
}

static inline bool written(struct record *r, const char *name, size_t from, size_t size) {
    struct variable variable;

    assert_true(interp_find(caller_interp(r->caller), name, &variable));
    return memory_is_written(interp_memory(caller_interp(r->caller)), variable.address + from, size);
}

/* Two connected stream sockets, a and b. */
static inline void make_pair(struct record *r) {
    run(r, "int p[2]; socketpair(AF_UNIX, SOCK_STREAM, 0, p); int a = p[0], b = p[1];");
}

/* A listening socket l, its port (network order) in server.sin_port, a client socket s. */
static inline void make_listener(struct record *r) {
    run(r, "struct sockaddr_in server, client; socklen_t len = sizeof(server); int l = socket(AF_INET, "
           "SOCK_STREAM, 0);"
           "bind(l, \"127.0.0.1:0\"); listen(l, 3); getsockname(l, (struct sockaddr *)&server, &len);"
           "int s = socket(AF_INET, SOCK_STREAM, 0);");
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Real actors: statements, blocking, interrupts, output and input, fork(),
 * every way to die, and that nothing is left behind.  Nothing here waits for a
 * time to pass; what must end is waited for by its pidfd.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "actor/crew.h"
#include "actor/serve.h"
#include "call/confine.h"

/* Longer than anything takes; only a failing test ever waits for it. */
#define PATIENCE_MS 20000

struct world {
    struct journal *journal;
    struct crew *crew;
    struct actor *server, *client;
    uint64_t before; /* the journal's last event before the last statement */
};

static struct actor *spawn(struct world *world, const char *name) {
    struct error error = {0};
    struct actor *actor = crew_spawn(world->crew, name, &error);

    if (!actor)
        fail_msg("%s", error.text);
    return actor;
}

static void open_world(struct world *world) {
    *world = (struct world){.journal = journal_new()};
    world->crew = crew_new(world->journal);
    world->server = spawn(world, "server");
    world->client = spawn(world, "client");
}

static void close_world(struct world *world) {
    crew_free(world->crew);
    journal_free(world->journal);
}

static int start(void **state) {
    struct world *world = malloc(sizeof(*world));

    open_world(world);
    *state = world;
    return 0;
}

static int stop(void **state) {
    close_world(*state);
    free(*state);
    return 0;
}

static void settle(struct world *world) {
    crew_settle(world->crew, -1);
    crew_tell_blocked(world->crew);
}

static void give(struct world *world, struct actor *actor, const char *source) {
    struct error error = {0};

    world->before = journal_last(world->journal);
    if (!actor_run(actor, source, "test:1", &error))
        fail_msg("%s", error.text);
}

static void run(struct world *world, struct actor *actor, const char *source) {
    give(world, actor, source);
    settle(world);
}

static void input(struct actor *actor, const char *text) {
    struct error error = {0};

    assert_true(actor_input(actor, text, strlen(text), &error));
}

/* The last such event of that actor (NULL: of anyone) since the last statement. */
static const struct event *find(struct world *world, enum event_type type, const char *actor) {
    for (uint64_t n = journal_last(world->journal); n > world->before; n--) {
        const struct event *event = journal_at(world->journal, n);
        if (event && event->type == type && (!actor || strcmp(event->actor, actor) == 0))
            return event;
    }
    return NULL;
}

static const struct event *must_find(struct world *world, enum event_type type, const char *actor) {
    const struct event *event = find(world, type, actor);

    if (!event)
        fail_msg("no event '%s' of %s", event_type_name(type), actor);
    return event;
}

static void assert_returned(struct world *world, const char *actor, const char *call, int64_t result,
                            int64_t error) {
    const struct event *event = must_find(world, EVENT_RETURNED, actor);

    assert_string_equal(event->name, call);
    assert_int_equal(event->result, result);
    assert_int_equal(event->error, error);
}

/* All that an actor printed since the last statement. */
static char *printed(struct world *world, const char *actor, int stream) {
    struct buf all = {0};

    for (uint64_t n = world->before + 1; n <= journal_last(world->journal); n++) {
        const struct event *event = journal_at(world->journal, n);
        if (event && event->type == EVENT_OUTPUT && event->stream == stream &&
            strcmp(event->actor, actor) == 0)
            buf_add(&all, event->data, event->data_length);
    }
    return buf_take(&all);
}

static void assert_printed(struct world *world, const char *actor, int stream, const char *text) {
    char *all = printed(world, actor, stream);

    assert_string_equal(all, text);
    free(all);
}

static int watch(pid_t pid) {
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

    assert_true(pidfd >= 0);
    return pidfd;
}

/* Wait for the end of a process; its zombie may be another's to wait for. */
static void assert_ends(int pidfd) {
    struct pollfd process = {.fd = pidfd, .events = POLLIN};

    assert_int_equal(poll(&process, 1, PATIENCE_MS), 1);
    close(pidfd);
}

/* Until this actor is in this state: for what happens outside of any statement. */
static void await(struct world *world, const struct actor *actor, enum actor_state wanted) {
    struct pollfd fds[4];

    for (int rounds = 0; rounds < PATIENCE_MS; rounds++) {
        crew_listen(world->crew);
        if (actor_state(actor) == wanted)
            return;
        poll(fds, crew_pollfds(world->crew, fds, 4), 1);
    }
    fail_msg("%s never came into state %d", actor_name(actor), (int)wanted);
}

static void listen_somewhere(struct world *world) {
    char source[128];

    snprintf(source, sizeof(source),
             "s = socket(AF_UNIX, SOCK_STREAM, 0); bind(s, \"@test-crew-%d\"); listen(s, 3)", (int)getpid());
    run(world, world->server, source);
    assert_returned(world, "server", "listen", 0, 0);
    run(world, world->client, "k = socket(AF_UNIX, SOCK_STREAM, 0)");
    assert_returned(world, "client", "socket", 3, 0);
}

static void connect_client(struct world *world) {
    char source[128];

    snprintf(source, sizeof(source), "connect(k, \"@test-crew-%d\")", (int)getpid());
    run(world, world->client, source);
    assert_returned(world, "client", "connect", 0, 0);
}

/* --- statements --- */

static void test_statement(void **state) {
    struct world *world = *state;
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
    run(world, world->server, "x = 1");
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
    must_find(world, EVENT_DONE, "server");
    run(world, world->server, "x + 41");
    const struct event *event = must_find(world, EVENT_VALUE, "server");
    assert_string_equal(event->name, "int");
    assert_string_equal(event->text, "42");
    assert_string_equal(event->place, "test:1");
    assert_null(find(world, EVENT_VALUE, "client"));
}

static void test_fault(void **state) {
    struct world *world = *state;
    run(world, world->server, "y = nonsense + 1");
    const struct event *event = must_find(world, EVENT_FAULT, "server");
    assert_int_equal(event->kind, ERROR_NAME);
    assert_int_equal(event->where.at, 4);
    assert_string_equal(event->source, "y = nonsense + 1");
    assert_string_equal(event->place, "test:1");
    must_find(world, EVENT_DONE, "server");
    run(world, world->server, "y = (");
    assert_int_equal(must_find(world, EVENT_FAULT, "server")->kind, ERROR_INCOMPLETE);
    run(world, world->server, "7");
    must_find(world, EVENT_VALUE, "server");
}

static void test_descriptors_begin_at_3(void **state) {
    struct world *world = *state;
    run(world, world->server, "socket(AF_INET, SOCK_STREAM, 0)");
    assert_returned(world, "server", "socket", 3, 0);
    run(world, world->client, "socket(AF_INET, SOCK_STREAM, 0)");
    assert_returned(world, "client", "socket", 3, 0);
    /* Ours are not there for the learner, not even for those who close everything. */
    run(world, world->server, "for (int i = 3; i < 1024; i++) close(i)");
    assert_returned(world, "server", "close", -1, EBADF);
    run(world, world->server, "1 + 1");
    must_find(world, EVENT_VALUE, "server");
}

static void test_only_an_idle_actor_takes_statements(void **state) {
    struct world *world = *state;
    struct error error = {0};
    listen_somewhere(world);
    run(world, world->server, "accept(s, NULL, NULL)");
    assert_false(actor_run(world->server, "1", "", &error));
    assert_non_null(error.text);
    error_free(&error);
    char *longest = calloc(1, (64 << 10) + 2);
    memset(longest, ' ', (64 << 10) + 1);
    assert_false(actor_run(world->client, longest, "", &error));
    assert_int_equal(error.kind, ERROR_LIMIT);
    error_free(&error);
    longest[64 << 10] = '\0';
    run(world, world->client, longest);
    must_find(world, EVENT_DONE, "client");
    free(longest);
}

static void test_long_texts_are_cut(void **state) {
    struct world *world = *state;
    run(world, world->server, "char big[60000]; memset(big, 'x', 60000); big[59999] = 0;");
    run(world, world->server, "big");
    must_find(world, EVENT_VALUE, "server");
    must_find(world, EVENT_DONE, "server");
}

/* --- blocked --- */

static void test_blocked_is_verified(void **state) {
    struct world *world = *state;
    listen_somewhere(world);
    run(world, world->server, "c = accept(s, NULL, NULL)");
    assert_int_equal(actor_state(world->server), ACTOR_BLOCKED);
    assert_string_equal(actor_call_name(world->server), "accept");
    assert_non_null(strstr(actor_call(world->server), "accept(3"));
    assert_true(actor_blocked_ns(world->server) > 0);
    must_find(world, EVENT_ENTERED, "server");
    must_find(world, EVENT_BLOCKED, "server");
    assert_false(actor_wants_input(world->server));
    assert_true(crew_settled(world->crew));
    assert_int_equal(crew_next_look(world->crew), -1); /* no polling */
    connect_client(world);
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
    assert_returned(world, "server", "accept", 4, 0);
    assert_string_equal(actor_call(world->server), "");
    /* The one who caused it comes first. */
    assert_true(must_find(world, EVENT_RETURNED, "client")->number <
                must_find(world, EVENT_RETURNED, "server")->number);
}

static void test_blocked_is_told_once(void **state) {
    struct world *world = *state;
    int told = 0;
    listen_somewhere(world);
    run(world, world->server, "accept(s, NULL, NULL)");
    uint64_t from = world->before;
    for (int i = 0; i < 10; i++)
        run(world, world->client, "1");
    for (uint64_t n = from + 1; n <= journal_last(world->journal); n++)
        told += journal_at(world->journal, n)->type == EVENT_BLOCKED;
    assert_int_equal(told, 1);
}

/* A request and its answer, over and over: when the crew has settled, the answer is always there. */
static void test_settled_means_settled(void **state) {
    struct world *world = *state;
    listen_somewhere(world);
    run(world, world->server, "c = accept(s, NULL, NULL)");
    connect_client(world);
    run(world, world->client, "char r[16]; int n");
    run(world, world->server,
        "char m[16]; int n; while ((n = recv(c, m, 16, 0)) > 0) { send(c, m, n, 0); memset(m, 0, 16); }");
    for (int i = 0; i < 2000; i++) {
        run(world, world->client, "send(k, \"hello\", 5, 0)");
        assert_int_equal(actor_state(world->server), ACTOR_BLOCKED);
        assert_string_equal(actor_call_name(world->server), "recv");
        assert_int_equal(actor_state(world->client), ACTOR_IDLE);
        run(world, world->client, "n = recv(k, r, 16, MSG_DONTWAIT)");
        assert_returned(world, "client", "recv", 5, 0);
    }
    run(world, world->client, "close(k)");
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
}

static void test_busy_is_settled_in_the_end(void **state) {
    struct world *world = *state;
    run(world, world->server, "while (1) ;");
    assert_int_equal(actor_state(world->server), ACTOR_RUNNING);
    run(world, world->client, "2");
    must_find(world, EVENT_VALUE, "client");
    actor_interrupt(world->server);
    settle(world);
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
    assert_int_equal(must_find(world, EVENT_FAULT, "server")->kind, ERROR_INTERRUPTED);
    /* One that talks all the while. */
    run(world, world->server, "for (;;) listen(99, 1)");
    run(world, world->client, "2");
    must_find(world, EVENT_VALUE, "client");
    actor_interrupt(world->server);
    settle(world);
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
}

static void test_stopped_is_settled(void **state) {
    struct world *world = *state;
    run(world, world->server, "kill(getpid(), SIGSTOP)");
    actor_kill(world->server, SIGCONT);
    await(world, world->server, ACTOR_IDLE);
    assert_returned(world, "server", "kill", 0, 0);
}

/* --- interrupts --- */

static void test_interrupt_gives_eintr(void **state) {
    struct world *world = *state;
    listen_somewhere(world);
    run(world, world->server, "r = accept(s, NULL, NULL)");
    actor_interrupt(world->server);
    settle(world);
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
    assert_returned(world, "server", "accept", -1, EINTR);
    run(world, world->server, "r");
    assert_string_equal(must_find(world, EVENT_VALUE, "server")->text, "-1");
}

/* Sent at any moment, before the call has blocked above all, it is never lost. */
static void test_interrupt_is_never_lost(void **state) {
    struct world *world = *state;
    listen_somewhere(world);
    for (int i = 0; i < 300; i++) {
        give(world, world->server, "accept(s, NULL, NULL)");
        if (i % 3 == 0)
            crew_listen(world->crew);
        actor_interrupt(world->server);
        settle(world);
        assert_int_equal(actor_state(world->server), ACTOR_IDLE);
        const struct event *event = find(world, EVENT_RETURNED, "server");
        if (event)
            assert_int_equal(event->error, EINTR);
        else /* it came before the call was made */
            assert_int_equal(must_find(world, EVENT_FAULT, "server")->kind, ERROR_INTERRUPTED);
        run(world, world->server, "1");
        assert_null(find(world, EVENT_FAULT, "server")); /* it does not reach into the next one */
    }
}

static void test_interrupt_of_an_idle_actor(void **state) {
    struct world *world = *state;
    actor_interrupt(world->server);
    run(world, world->server, "1");
    must_find(world, EVENT_VALUE, "server");
}

/* --- output and input --- */

static void test_output_in_its_place(void **state) {
    struct world *world = *state;
    run(world, world->server,
        "printf(\"one\\n\"); fprintf(stderr, \"two\\n\"); write(1, \"three\\n\", 6); puts(\"four\")");
    assert_printed(world, "server", 1, "one\nthree\nfour\n");
    assert_printed(world, "server", 2, "two\n");
    const char *const order[] = {"one\n", "two\n", "three\n", "four\n"};
    size_t at = 0;
    for (uint64_t n = world->before + 1; n <= journal_last(world->journal); n++) {
        const struct event *event = journal_at(world->journal, n);
        if (event->type == EVENT_OUTPUT) {
            assert_true(at < 4);
            assert_memory_equal(event->data, order[at], strlen(order[at]));
            at++;
        } else if (event->type == EVENT_RETURNED) {
            assert_int_equal(at, 3); /* what write() wrote stands before its line */
        } else if (event->type == EVENT_DONE) {
            assert_int_equal(at, 4);
        }
    }
    run(world, world->server, "printf(\"no newline\")");
    assert_printed(world, "server", 1, "no newline");
}

static void test_much_output(void **state) {
    struct world *world = *state;
    run(world, world->server, "for (int i = 0; i < 20000; i++) printf(\"line %05d\\n\", i)");
    await(world, world->server, ACTOR_IDLE); /* it may count as busy before */
    char *all = printed(world, "server", 1);
    assert_int_equal(strlen(all), 20000 * 11);
    assert_memory_equal(all, "line 00000\nline 00001\n", 22);
    assert_string_equal(all + strlen(all) - 11, "line 19999\n");
    free(all);
}

static void test_output_to_something_else(void **state) {
    struct world *world = *state;
    run(world, world->server, "int p[2]; pipe(p); dup2(p[1], 1)");
    run(world, world->server, "printf(\"into the pipe\\n\"); char r[32]; read(p[0], r, 32)");
    assert_returned(world, "server", "read", 14, 0);
    assert_printed(world, "server", 1, "");
    run(world, world->server, "fprintf(stderr, \"still here\\n\")");
    assert_printed(world, "server", 2, "still here\n");
}

static void test_input(void **state) {
    struct world *world = *state;
    run(world, world->client, "char m[100]; fgets(m, 100, stdin)");
    assert_int_equal(actor_state(world->client), ACTOR_BLOCKED);
    assert_true(actor_wants_input(world->client));
    input(world->client, "some words\nand more\n");
    settle(world);
    assert_int_equal(actor_state(world->client), ACTOR_IDLE);
    assert_memory_equal(must_find(world, EVENT_INPUT, "client")->data, "some words\n", 11);
    run(world, world->client, "fputs(m, stdout)");
    assert_printed(world, "client", 1, "some words\n");
    run(world, world->client, "fgets(m, 100, stdin)"); /* was there already */
    assert_int_equal(actor_state(world->client), ACTOR_IDLE);
    run(world, world->client, "n = read(0, m, 100)");
    assert_true(actor_wants_input(world->client));
    struct error error = {0};
    assert_true(actor_input(world->client, "", 0, &error));
    settle(world);
    assert_returned(world, "client", "read", 0, 0);
    assert_false(actor_input(world->client, "x", 1, &error));
    assert_non_null(error.text);
    error_free(&error);
}

static void test_prompt_without_newline_is_shown_before_input(void **state) {
    struct world *world = *state;
    run(world, world->client, "char m[100]; printf(\"Enter message : \"); fgets(m, 100, stdin)");
    assert_true(actor_wants_input(world->client));
    assert_printed(world, "client", 1, "Enter message : ");
}

static void test_much_input(void **state) {
    struct world *world = *state;
    size_t length = 300000; /* more than the pipe holds */
    char *bytes = malloc(length + 1);
    memset(bytes, 'x', length);
    bytes[length] = '\0';
    struct error error = {0};
    input(world->client, bytes);
    assert_true(actor_input(world->client, "", 0, &error));
    run(world, world->client,
        "char m[4096]; int n, sum = 0; while ((n = read(0, m, 4096)) > 0) sum += n; sum");
    await(world, world->client, ACTOR_IDLE);
    assert_string_equal(must_find(world, EVENT_VALUE, "client")->text, "300000");
    free(bytes);
}

static void test_input_that_nobody_reads(void **state) {
    struct world *world = *state;
    run(world, world->client, "close(0)");
    struct error error = {0};
    /* Like a shell writing to a program that has closed its end: no harm, and no SIGPIPE for us. */
    actor_input(world->client, "x\n", 2, &error);
    error_free(&error);
    settle(world);
    run(world, world->client, "1");
    must_find(world, EVENT_VALUE, "client");
}

/* --- the board --- */

static const struct board_entry *entry(const struct board *board, const char *name) {
    for (size_t i = 0; i < board->count; i++)
        if (strcmp(board->entries[i].name, name) == 0)
            return &board->entries[i];
    fail_msg("no variable %s", name);
    return NULL;
}

static void test_board(void **state) {
    struct world *world = *state;
    struct board board;
    struct error error = {0};
    assert_true(actor_board(world->server, &board, &error));
    assert_int_equal(board.count, 0);
    board_free(&board);
    listen_somewhere(world);
    run(world, world->server,
        "int x = 258, never; char text[1000]; strcpy(text, \"hi\"); accept(s, NULL, NULL)");
    assert_int_equal(actor_state(world->server), ACTOR_BLOCKED);
    assert_true(actor_board(world->server, &board, &error)); /* although it is asleep */
    assert_false(board.truncated);
    const struct board_entry *x = entry(&board, "x"), *never = entry(&board, "never"),
                             *text = entry(&board, "text");
    assert_string_equal(x->type, "int");
    assert_string_equal(x->shown, "258");
    assert_int_equal(x->kept, 4);
    int value;
    memcpy(&value, x->bytes, sizeof(value));
    assert_int_equal(value, 258);
    assert_int_equal(x->written[3], 1);
    assert_int_equal(never->kept, 4);
    assert_int_equal(never->written[0], 0);
    assert_string_equal(text->type, "char[1000]");
    assert_int_equal(text->size, 1000);
    assert_int_equal(text->kept, 512);
    assert_memory_equal(text->bytes, "hi", 3);
    assert_int_equal(text->written[2], 1);
    assert_int_equal(text->written[3], 0);
    board_free(&board);
    actor_kill(world->server, SIGKILL);
    settle(world);
    assert_true(actor_board(world->server, &board, &error)); /* although it is dead */
    entry(&board, "x");
    board_free(&board);
}

static void test_board_that_is_full(void **state) {
    struct world *world = *state;
    struct board board;
    struct error error = {0};
    struct buf source = {0};
    for (int i = 0; i < 400; i++)
        buf_addf(&source, "char v%d[600]; memset(v%d, 'x', 600); ", i, i);
    run(world, world->server, buf_text(&source));
    await(world, world->server, ACTOR_IDLE);
    assert_null(find(world, EVENT_FAULT, "server"));
    assert_true(actor_board(world->server, &board, &error));
    assert_true(board.truncated);
    assert_true(board.count > 50);
    board_free(&board);
    buf_free(&source);
}

/* --- death --- */

static void test_exit_status(void **state) {
    struct world *world = *state;
    run(world, world->server, "printf(\"bye\"); return 7");
    assert_int_equal(actor_state(world->server), ACTOR_DEAD);
    assert_string_equal(actor_last_words(world->server), "exited with status 7");
    assert_printed(world, "server", 1, "bye");
    const struct event *died = must_find(world, EVENT_DIED, "server");
    assert_true(WIFEXITED((int)died->result));
    assert_int_equal(WEXITSTATUS((int)died->result), 7);
    assert_int_equal(must_find(world, EVENT_EXITING, "server")->result, 7);
    run(world, world->client, "exit(0)");
    assert_string_equal(actor_last_words(world->client), "exited with status 0");
    struct error error = {0};
    assert_false(actor_run(world->client, "1", "", &error));
    error_free(&error);
}

static void test_sigpipe_kills(void **state) {
    struct world *world = *state;
    run(world, world->server, "int p[2]; pipe(p); close(p[0]); puts(\"last words\"); write(p[1], \"x\", 1)");
    assert_int_equal(actor_state(world->server), ACTOR_DEAD);
    assert_string_equal(actor_last_words(world->server), "was killed by SIGPIPE (Broken pipe)");
    assert_printed(world, "server", 1, "last words\n");
    const struct event *died = must_find(world, EVENT_DIED, "server");
    assert_int_equal(WTERMSIG((int)died->result), SIGPIPE);
    assert_string_equal(died->name, "write");
    assert_int_equal(actor_state(world->client), ACTOR_IDLE);
}

static void test_killed_from_outside(void **state) {
    struct world *world = *state;
    listen_somewhere(world);
    run(world, world->server, "accept(s, NULL, NULL)");
    kill(actor_pid(world->server), SIGKILL);
    await(world, world->server, ACTOR_DEAD);
    assert_string_equal(actor_last_words(world->server), "was killed by SIGKILL (Killed)");
    actor_kill(world->client, SIGTERM); /* an idle one */
    settle(world);
    assert_string_equal(actor_last_words(world->client), "was killed by SIGTERM (Terminated)");
}

static void test_one_actor_kills_another(void **state) {
    struct world *world = *state;
    char source[64];
    snprintf(source, sizeof(source), "kill(%d, SIGTERM)", (int)actor_pid(world->client));
    run(world, world->server, source);
    assert_int_equal(actor_state(world->client), ACTOR_DEAD);
}

static void test_restart(void **state) {
    struct world *world = *state;
    struct error error = {0};
    run(world, world->server, "x = 5; return 1");
    pid_t before = actor_pid(world->server);
    assert_true(crew_restart(world->crew, world->server, &error));
    assert_int_not_equal(actor_pid(world->server), before);
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
    assert_string_equal(actor_last_words(world->server), "");
    run(world, world->server, "x"); /* begins afresh */
    must_find(world, EVENT_FAULT, "server");
    run(world, world->server, "socket(AF_INET, SOCK_STREAM, 0)");
    assert_returned(world, "server", "socket", 3, 0);
    /* A living one, and in the middle of something. */
    int pidfd = watch(actor_pid(world->client));
    give(world, world->client, "while (1) ;");
    assert_true(crew_restart(world->crew, world->client, &error));
    assert_ends(pidfd);
    run(world, world->client, "1");
    must_find(world, EVENT_VALUE, "client");
}

/* A stretch of way between the actors: what is put on it arrives the third time that it is seen to. */
struct stretch {
    int fd;
    unsigned left;
    size_t places[4], entered;
};

static void see_to_it(void *context) {
    struct stretch *stretch = context;
    uint64_t count;
    if (stretch->left > 0 && --stretch->left == 0)
        assert_int_equal(read(stretch->fd, &count, sizeof(count)), sizeof(count));
}

static bool nothing_is_on_it(void *context) {
    return ((struct stretch *)context)->left == 0;
}

static bool go_to(void *context, size_t place) {
    (void)context;
    errno = ENOENT;
    return place < 2; /* a process that is born in any other is not */
}

static void test_surroundings(void **state) {
    struct world *world = *state;
    struct error error = {0};
    struct stretch stretch = {.fd = eventfd(0, EFD_CLOEXEC), .left = 3};
    const struct crew_surroundings surroundings = {&stretch, stretch.fd, see_to_it, nothing_is_on_it, go_to};
    uint64_t one = 1;
    assert_true(stretch.fd >= 0);
    assert_true(crew_surround(world->crew, &surroundings));
    assert_int_equal(write(stretch.fd, &one, sizeof(one)), sizeof(one));
    assert_false(crew_settled(world->crew)); /* everybody is idle, but something is on its way */
    settle(world);
    assert_int_equal(stretch.left, 0);
    assert_true(crew_settled(world->crew));

    struct actor *there = crew_spawn_at(world->crew, "there", 1, &error);
    assert_non_null(there);
    assert_int_equal(actor_place(there), 1);
    assert_true(actor_is_fresh(there));
    settle(world);
    assert_int_equal(actor_state(there), ACTOR_IDLE);
    run(world, there, "1");
    assert_false(actor_is_fresh(there));
    struct actor *nowhere = crew_spawn_at(world->crew, "nowhere", 7, &error);
    assert_non_null(nowhere);
    await(world, nowhere, ACTOR_DEAD);
    assert_string_equal(actor_last_words(nowhere), "exited with status 1");
    crew_surround(world->crew, &(struct crew_surroundings){.fd = -1});
    close(stretch.fd);
}

static void test_violation(void **state) {
    struct world *world = *state;
    int pidfd = watch(actor_pid(world->server));
    run(world, world->server, "1");
    /* Its end of the connection, borrowed to say something stupid with. */
    int control = (int)syscall(SYS_pidfd_getfd, pidfd, serve_control_number(), 0);
    if (control < 0)
        skip();
    assert_int_equal(send(control, "stupid", 6, 0), 6);
    close(control);
    await(world, world->server, ACTOR_DEAD);
    assert_non_null(strstr(must_find(world, EVENT_NOTE, "server")->text, "broke the rules"));
    assert_ends(pidfd);
    run(world, world->client, "1");
    must_find(world, EVENT_VALUE, "client");
}

/* --- fork() --- */

static void test_fork(void **state) {
    struct world *world = *state;
    run(world, world->server, "x = 1; p = fork(); y = 2");
    struct actor *child = crew_find(world->crew, "server.1");
    assert_non_null(child);
    assert_string_equal(actor_parent(child), "server");
    assert_int_equal(actor_state(child), ACTOR_IDLE); /* it went through the rest of the statement */
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
    const struct event *born = must_find(world, EVENT_BORN, "server.1");
    assert_string_equal(born->extra, "server");
    assert_int_equal(born->result, actor_pid(child));
    assert_returned(world, "server", "fork", actor_pid(child), 0);
    assert_returned(world, "server.1", "fork", 0, 0);
    assert_true(born->number < must_find(world, EVENT_RETURNED, "server")->number);
    assert_true(must_find(world, EVENT_RETURNED, "server")->number <
                must_find(world, EVENT_RETURNED, "server.1")->number);

    struct board board;
    struct error error = {0};
    assert_true(actor_board(child, &board, &error));
    assert_string_equal(entry(&board, "p")->shown, "0");
    assert_string_equal(entry(&board, "y")->shown, "2");
    board_free(&board);
    run(world, child, "x = 99");
    run(world, world->server, "x");
    assert_string_equal(must_find(world, EVENT_VALUE, "server")->text, "1");
    run(world, child, "puts(\"from the child\")");
    assert_printed(world, "server.1", 1, "from the child\n");
    run(world, child, "socket(AF_INET, SOCK_STREAM, 0)");
    assert_returned(world, "server.1", "socket", 3, 0);
    run(world, child, "char m[10]; fgets(m, 10, stdin)");
    assert_true(actor_wants_input(child));
    input(child, "hi\n");
    settle(world);
    assert_int_equal(actor_state(child), ACTOR_IDLE);
    run(world, child, "accept4(77, NULL, NULL, 0); while (1) ;");
    actor_interrupt(child);
    settle(world);
    assert_int_equal(actor_state(child), ACTOR_IDLE);
}

static void test_children_share_descriptors(void **state) {
    struct world *world = *state;
    run(world, world->server, "int p[2]; pipe(p); f = fork()");
    struct actor *child = crew_find(world->crew, "server.1");
    run(world, child, "close(p[0]); write(p[1], \"x\", 1); close(p[1])");
    run(world, world->server, "close(p[1]); char c[4]; read(p[0], c, 4)");
    assert_returned(world, "server", "read", 1, 0);
    run(world, world->server, "read(p[0], c, 4)"); /* no copy of the write end is left anywhere */
    assert_returned(world, "server", "read", 0, 0);
}

static void test_wait_is_the_parents(void **state) {
    struct world *world = *state;
    run(world, world->server, "p = fork()");
    struct actor *child = crew_find(world->crew, "server.1");
    pid_t pid = actor_pid(child);
    run(world, world->server, "int st; w = waitpid(p, &st, 0)");
    assert_int_equal(actor_state(world->server), ACTOR_BLOCKED);
    run(world, child, "return 5");
    assert_int_equal(actor_state(child), ACTOR_DEAD);
    assert_string_equal(actor_last_words(child), "exited with status 5");
    assert_returned(world, "server", "waitpid", pid, 0);
    /* And one that was dead before. */
    run(world, world->server, "p = fork()");
    child = crew_find(world->crew, "server.2");
    pid = actor_pid(child);
    actor_kill(child, SIGKILL);
    settle(world);
    assert_string_equal(actor_last_words(child), "was killed by SIGKILL (Killed)");
    run(world, world->server, "w = wait(NULL)");
    assert_returned(world, "server", "wait", pid, 0);
}

static void test_orphans_are_reaped(void **state) {
    struct world *world = *state;
    run(world, world->server, "p = fork(); if (p == 0) fork()");
    struct actor *child = crew_find(world->crew, "server.1"),
                 *grandchild = crew_find(world->crew, "server.1.1");
    assert_non_null(grandchild);
    pid_t child_pid = actor_pid(child), grandchild_pid = actor_pid(grandchild);
    run(world, grandchild, "return 1"); /* a zombie, for its parent does not wait */
    run(world, world->server, "return 0");
    run(world, child, "return 0");
    assert_int_equal(actor_state(child), ACTOR_DEAD);
    assert_int_equal(kill(child_pid, 0), -1);
    assert_int_equal(errno, ESRCH);
    assert_int_equal(kill(grandchild_pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

static void test_fork_without_end(void **state) {
    struct world *world = *state;
    size_t count = 0;
    run(world, world->server, "int n = 0; while (fork() > 0) n++; n");
    await(world, world->server, ACTOR_IDLE);
    while (crew_at(world->crew, count))
        count++;
    assert_int_equal(count, CREW_MAX);
    /* The wall is fork()'s own. */
    assert_returned(world, "server", "fork", -1, EAGAIN);
    assert_string_equal(must_find(world, EVENT_VALUE, "server")->text, "62");
}

static void test_dead_children_make_room(void **state) {
    struct world *world = *state;
    run(world, world->server, "for (int i = 0; i < 100; i++) if (fork() == 0) exit(0); else wait(NULL);");
    await(world, world->server, ACTOR_IDLE);
    assert_null(find(world, EVENT_NOTE, NULL));
    assert_returned(world, "server", "wait", must_find(world, EVENT_RETURNED, "server")->result, 0);
    assert_int_not_equal(must_find(world, EVENT_RETURNED, "server")->result, -1);
}

/* --- nothing is left behind --- */

static void test_crew_free_leaves_nothing(void **state) {
    (void)state;
    struct world world;
    int pidfds[6];
    open_world(&world);
    run(&world, world.server, "p = fork(); fork()");
    give(&world, world.client, "while (1) ;");
    size_t count = 0;
    for (struct actor *actor; (actor = crew_at(world.crew, count)); count++)
        pidfds[count] = watch(actor_pid(actor));
    assert_int_equal(count, 5);
    close_world(&world);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(syscall(SYS_pidfd_send_signal, pidfds[i], 0, NULL, 0), -1);
        assert_int_equal(errno, ESRCH); /* not even a zombie */
        close(pidfds[i]);
    }
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static int open_descriptors(void) {
    int count = 0;

    for (int fd = 0; fd < 1024; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void test_no_descriptor_is_left_open(void **state) {
    (void)state;
    struct world world;
    struct error error = {0};
    int before = open_descriptors();
    open_world(&world);
    for (int i = 0; i < 5; i++) {
        run(&world, world.server, "if (fork() == 0) exit(0); else wait(NULL);");
        assert_true(crew_restart(world.crew, world.server, &error));
    }
    close_world(&world);
    assert_int_equal(open_descriptors(), before);
}

/* A process that owns a crew with every kind of actor, and tells their pids. */
static void be_a_shell(int tell) {
    struct world world;

    open_world(&world);
    listen_somewhere(&world);
    run(&world, world.server, "p = fork(); q = fork()"); /* 4 now, generations apart */
    run(&world, crew_find(world.crew, "server.1"),
        "signal(SIGTERM, SIG_IGN); signal(SIGIO, SIG_IGN); return 0");
    run(&world, world.server, "accept(s, NULL, NULL)");
    run(&world, crew_find(world.crew, "server.2"), "while (1) ;");
    for (size_t i = 0; crew_at(world.crew, i); i++) {
        pid_t pid = actor_pid(crew_at(world.crew, i));
        if (actor_state(crew_at(world.crew, i)) != ACTOR_DEAD && write(tell, &pid, sizeof(pid)) < 0)
            _exit(1);
    }
    pid_t end = 0;
    if (write(tell, &end, sizeof(end)) < 0)
        _exit(1);
    for (;;)
        pause();
}

static void test_sigkill_of_the_shell_leaves_nothing(void **state) {
    (void)state;
    for (int i = 0; i < 5; i++) {
        int ends[2], pidfds[16], count = 0;
        pid_t shell, pid;
        assert_int_equal(pipe(ends), 0);
        fflush(stdout);
        shell = fork();
        if (shell == 0)
            be_a_shell(ends[1]);
        while (read(ends[0], &pid, sizeof(pid)) == (ssize_t)sizeof(pid) && pid != 0 && count < 16)
            pidfds[count++] = watch(pid);
        assert_int_equal(count, 4);
        kill(shell, SIGKILL);
        waitpid(shell, NULL, 0);
        for (int k = 0; k < count; k++)
            assert_ends(pidfds[k]);
        close(ends[0]);
        close(ends[1]);
    }
}

/* --- odd surroundings --- */

/* Run in a child, for what cannot be undone. */
static void in_a_child(void (*body)(void)) {
    int status;

    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        body();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void work_a_little(void) {
    struct world world;
    struct error error = {0};

    world = (struct world){.journal = journal_new()};
    world.crew = crew_new(world.journal);
    world.server = crew_spawn(world.crew, "server", &error);
    if (!world.server)
        _exit(2);
    give(&world, world.server, "socket(AF_INET, SOCK_STREAM, 0); puts(\"hello\"); accept(3, NULL, NULL)");
    settle(&world);
    const struct event *event = find(&world, EVENT_OUTPUT, "server");
    if (!event || event->data_length != 6)
        _exit(3);
    event = find(&world, EVENT_RETURNED, "server");
    if (!event || event->error != EINVAL) /* not listening: 3 is the socket */
        _exit(4);
    close_world(&world);
}

static void without_standard_descriptors(void) {
    for (int fd = 0; fd < 3; fd++)
        close(fd);
    work_a_little();
}

static void with_few_descriptors(void) {
    const struct rlimit few = {64, 64};

    setrlimit(RLIMIT_NOFILE, &few);
    work_a_little();
}

static void with_a_low_soft_limit(void) {
    struct rlimit files;

    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = 100;
    setrlimit(RLIMIT_NOFILE, &files);
    work_a_little();
}

static void with_signals_ignored_and_blocked(void) {
    sigset_t all;

    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_IGN);
    signal(SIGCHLD, SIG_DFL); /* else our own children could not be waited for, by anyone */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    struct world world;
    open_world(&world);
    give(&world, world.server, "int p[2]; pipe(p); close(p[0]); write(p[1], \"x\", 1)");
    settle(&world);
    if (strcmp(actor_last_words(world.server), "was killed by SIGPIPE (Broken pipe)") != 0)
        _exit(2);
    close_world(&world);
}

static void without_descriptors_at_all(void) {
    const struct rlimit none = {8, 8};

    struct journal *journal = journal_new();
    struct crew *crew = crew_new(journal);
    struct error error = {0};
    setrlimit(RLIMIT_NOFILE, &none);
    if (crew_spawn(crew, "server", &error) || !error.text)
        _exit(2);
    error_free(&error);
    crew_free(crew);
    journal_free(journal);
}

static void test_odd_surroundings(void **state) {
    (void)state;
    in_a_child(without_standard_descriptors);
    in_a_child(with_few_descriptors);
    in_a_child(with_a_low_soft_limit);
    in_a_child(with_signals_ignored_and_blocked);
    in_a_child(without_descriptors_at_all);
}

static void test_names(void **state) {
    struct world *world = *state;
    struct error error = {0};
    assert_true(actor_name_valid("a"));
    assert_true(actor_name_valid("server.1_b-C"));
    assert_false(actor_name_valid(""));
    assert_false(actor_name_valid("1a"));
    assert_false(actor_name_valid("a b"));
    assert_false(actor_name_valid("a\x1b[2J"));
    assert_false(actor_name_valid("\xc3\xa9"));
    assert_true(actor_name_valid("a234567890123456789012345678901"));
    assert_false(actor_name_valid("a2345678901234567890123456789012"));
    assert_null(crew_spawn(world->crew, "server", &error));
    error_free(&error);
    assert_null(crew_spawn(world->crew, "no way", &error));
    error_free(&error);
    for (int i = 0; i < CREW_MAX - 2; i++) {
        char name[16];
        snprintf(name, sizeof(name), "a%d", i);
        assert_non_null(crew_spawn(world->crew, name, &error));
    }
    assert_null(crew_spawn(world->crew, "onetoomany", &error));
    assert_int_equal(error.kind, ERROR_LIMIT);
    error_free(&error);
    /* A long name leaves room for the number of a child. */
    struct actor *actor = crew_find(world->crew, "a61");
    assert_non_null(actor);
}

/* What a lesson's program is born with: where it is, and how much it may take. */
static void test_bounds(void **state) {
    (void)state;
    char folder[] = "/tmp/sockshell-bounds.XXXXXX", path[64], where[sizeof(folder) + 16] = "";
    assert_non_null(mkdtemp(folder));
    const struct confinement bounds = {.on = true, .shell = getpid(), .folder = folder};
    struct world world = {.journal = journal_new()};
    world.crew = crew_new(world.journal);
    crew_confine(world.crew, &bounds);
    world.server = spawn(&world, "server");
    run(&world, world.server, "1");
    snprintf(path, sizeof(path), "/proc/%d/cwd", (int)actor_pid(world.server));
    assert_true(readlink(path, where, sizeof(where) - 1) > 0);
    assert_string_equal(where, folder);

    static const struct {
        __rlimit_resource_t resource;
        rlim_t most;
    } limits[] = {{RLIMIT_CPU, 60}, {RLIMIT_FSIZE, (rlim_t)64 << 20}, {RLIMIT_NOFILE, 1024}};
    struct rlimit limit;
    for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
        assert_int_equal(prlimit(actor_pid(world.server), limits[i].resource, NULL, &limit), 0);
        assert_true(limit.rlim_max <= limits[i].most);
        assert_true(limit.rlim_cur <= limits[i].most);
    }
    assert_int_equal(prlimit(actor_pid(world.server), RLIMIT_DATA, NULL, &limit), 0);
    assert_true(limit.rlim_cur != RLIM_INFINITY);
    run(&world, world.server, "kill(1, 0)");
    assert_int_equal(must_find(&world, EVENT_FAULT, "server")->kind, ERROR_LIMIT);
    /* A child has them as well, and may reach its parent. */
    run(&world, world.server, "if (fork() == 0) kill(getppid(), 0);");
    assert_null(find(&world, EVENT_FAULT, NULL));
    run(&world, world.server, "if (fork() == 0) kill(1, 0);");
    const struct event *fault = find(&world, EVENT_FAULT, NULL);
    assert_non_null(fault);
    assert_int_equal(fault->kind, ERROR_LIMIT);
    close_world(&world);
    assert_int_equal(rmdir(folder), 0);
}

#define WITH_CREW(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_CREW(test_statement),
        WITH_CREW(test_fault),
        WITH_CREW(test_descriptors_begin_at_3),
        WITH_CREW(test_only_an_idle_actor_takes_statements),
        WITH_CREW(test_long_texts_are_cut),
        WITH_CREW(test_blocked_is_verified),
        WITH_CREW(test_blocked_is_told_once),
        WITH_CREW(test_settled_means_settled),
        WITH_CREW(test_busy_is_settled_in_the_end),
        WITH_CREW(test_stopped_is_settled),
        WITH_CREW(test_interrupt_gives_eintr),
        WITH_CREW(test_interrupt_is_never_lost),
        WITH_CREW(test_interrupt_of_an_idle_actor),
        WITH_CREW(test_output_in_its_place),
        WITH_CREW(test_much_output),
        WITH_CREW(test_output_to_something_else),
        WITH_CREW(test_input),
        WITH_CREW(test_prompt_without_newline_is_shown_before_input),
        WITH_CREW(test_much_input),
        WITH_CREW(test_input_that_nobody_reads),
        WITH_CREW(test_board),
        WITH_CREW(test_board_that_is_full),
        WITH_CREW(test_exit_status),
        WITH_CREW(test_sigpipe_kills),
        WITH_CREW(test_killed_from_outside),
        WITH_CREW(test_one_actor_kills_another),
        WITH_CREW(test_restart),
        WITH_CREW(test_surroundings),
        WITH_CREW(test_violation),
        WITH_CREW(test_fork),
        WITH_CREW(test_children_share_descriptors),
        WITH_CREW(test_wait_is_the_parents),
        WITH_CREW(test_orphans_are_reaped),
        WITH_CREW(test_fork_without_end),
        WITH_CREW(test_dead_children_make_room),
        WITH_CREW(test_names),
        cmocka_unit_test(test_crew_free_leaves_nothing),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_no_descriptor_is_left_open),
        cmocka_unit_test(test_sigkill_of_the_shell_leaves_nothing),
        cmocka_unit_test(test_odd_surroundings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

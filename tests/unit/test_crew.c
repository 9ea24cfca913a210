/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Real actors: statements, blocking, interrupts, output and input, the board, names and bounds. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "actor/crew.h"
#include "actor/serve.h"
#include "call/confine.h"
#include "one_crew.h"

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

/* Each of them sleeps time and again, and there is always one awake. */
static void test_without_rest_is_settled_in_the_end(void **state) {
    struct world *world = *state;
    run(world, world->server, "while (1) { if (fork() == 0) exit(0); wait(NULL); }");
    assert_int_not_equal(actor_state(world->server), ACTOR_IDLE);
    crew_tell_blocked(world->crew);
    assert_null(find(world, EVENT_BLOCKED, NULL)); /* it wakes again before this could be read */
    run(world, world->client, "2");
    must_find(world, EVENT_VALUE, "client");
    actor_interrupt(world->server);
    settle(world);
    assert_int_equal(actor_state(world->server), ACTOR_IDLE);
    /* And those that did come to rest are waited for as ever. */
    run(world, world->server, "wait(NULL); if (fork() == 0) sleep(1000); else wait(NULL);");
    assert_int_equal(actor_state(world->server), ACTOR_BLOCKED);
    crew_tell_blocked(world->crew);
    must_find(world, EVENT_BLOCKED, "server");
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
        WITH_CREW(test_without_rest_is_settled_in_the_end),
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
        WITH_CREW(test_names),
        cmocka_unit_test(test_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

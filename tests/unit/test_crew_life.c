/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Real actors: every way to die, fork(), that nothing is left behind, and odd
 * surroundings to be born in.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "actor/crew.h"
#include "actor/serve.h"
#include "one_crew.h"

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

/* fork() is what fails then, as under a limit of processes; the actor lives. */
static void without_descriptors_for_children(void) {
    const struct rlimit few = {100, 100};

    setrlimit(RLIMIT_NOFILE, &few);
    struct world world;
    open_world(&world);
    run(&world, world.server, "int n = 0; while (fork() > 0) n++; n");
    await(&world, world.server, ACTOR_IDLE);
    assert_returned(&world, "server", "fork", -1, EAGAIN);
    assert_int_equal(actor_state(world.server), ACTOR_IDLE);
    const struct event *note = find(&world, EVENT_NOTE, NULL);
    assert_non_null(note);
    assert_non_null(strstr(note->text, "of 100 that it may have open"));
    run(&world, world.server, "errno == EAGAIN");
    assert_string_equal(must_find(&world, EVENT_VALUE, "server")->text, "1");
    close_world(&world);
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
    in_a_child(without_descriptors_for_children);
    in_a_child(with_signals_ignored_and_blocked);
    in_a_child(without_descriptors_at_all);
}

#define WITH_CREW(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void) {
    const struct CMUnitTest tests[] = {
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
        cmocka_unit_test(test_crew_free_leaves_nothing),
        cmocka_unit_test(test_no_descriptor_is_left_open),
        cmocka_unit_test(test_sigkill_of_the_shell_leaves_nothing),
        cmocka_unit_test(test_odd_surroundings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

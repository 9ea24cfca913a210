/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Playing a lesson with real actors: which lines lead on, which leave the step ready, and what is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lesson/play.h"
#include "one_play.h"

static void a_lesson_goes_from_step_to_step(void **state) {
    (void)state;
    struct play play;
    start(&play, "# Heading\n\nBefore.\n\n    server> x = 1\n\nBetween.\n\n    client> y = 2\n\nAfter.\n");
    player_tell(play.player);
    assert_int_equal(told(&play, EVENT_PROSE, "The title", 0), 1);
    assert_int_equal(told(&play, EVENT_PROSE, "The summary", 0), 1);
    assert_int_equal(told(&play, EVENT_PROSE, "Heading", 0), 1);
    assert_int_equal(told(&play, EVENT_PROSE, "Before.", 0), 1);
    assert_int_equal(told(&play, EVENT_PROSE, "Between.", 0), 0);
    const char *actor;
    assert_string_equal(player_ready(play.player, &actor), "server> x = 1");
    assert_string_equal(actor, "server");
    type(&play, "server> x = 1");
    assert_int_equal(told(&play, EVENT_PROSE, "Between.", 0), 1);
    assert_ready(&play, "client> y = 2");
    uint64_t before = journal_last(play.shell.journal);
    player_again(play.player);
    assert_int_equal(told(&play, EVENT_PROSE, "Between.", before), 1);
    assert_int_equal(told(&play, EVENT_NOTE, "step 2 of 2", before), 1);
    assert_false(player_over(play.player));
    type(&play, "client> y = 2");
    assert_true(player_over(play.player));
    assert_ready(&play, NULL);
    assert_int_equal(told(&play, EVENT_PROSE, "After.", 0), 1);
    assert_int_equal(told(&play, EVENT_PROSE, "That was the whole of \"The title\"", 0), 1);
    type(&play, "server> x = 3");
    end(&play);
}

static void white_space_does_not_matter(void **state) {
    (void)state;
    struct play play;
    start(&play, "    server> x = (1 + 2)\n    client> x = 1\n    client< \n    .restart server\n");
    play.shell.current = crew_find(play.shell.crew, "server");
    type(&play, "  x=( 1+2 ) /* three */ ;");
    assert_ready(&play, "client> x = 1");
    type(&play, "x = 1"); /* the current actor is the server */
    assert_ready(&play, "client> x = 1");
    type(&play, "client>   x = 1;");
    assert_ready(&play, "client< ");
    type(&play, "client< ");
    assert_ready(&play, ".restart server");
    type(&play, ".restart   server");
    assert_true(player_over(play.player));
    end(&play);
}

static void wandering_off_leaves_the_step_ready(void **state) {
    (void)state;
    struct play play;
    start(&play, "    server> s = socket(AF_INET, SOCK_STREAM, 0)\n      = 3\n    server> 1\n");
    const char *step = "server> s = socket(AF_INET, SOCK_STREAM, 0)";
    static const char *const elsewhere[] = {
        ".help socket",
        "client> s = socket(AF_INET, SOCK_STREAM, 0)",  /* another actor */
        "server> s = 3",                                /* no call */
        "server> socket(AF_INET, SOCK_STREAM, 0)",      /* not kept in s */
        "server> s = socket(AF_INET, SOCK_STREAM, 0))", /* no C */
        "server> s = socket(AF_INET, SOCK_STREAM",
    };
    for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++) {
        type(&play, elsewhere[i]);
        shell_drop_pending(&play.shell, false);
        assert_ready(&play, step);
    }
    /* 3 is taken by now: the step's own line leads on all the same, and the difference is told. */
    type(&play, step);
    assert_ready(&play, "server> 1");
    assert_int_equal(told(&play, EVENT_CHECK, "= 3", 0), 1);
    assert_int_equal(told(&play, EVENT_NOTE, "comes back here with fresh actors", 0), 1);
    end(&play);
}

static void the_same_effect_leads_on(void **state) {
    (void)state;
    struct play play;
    start(&play, "    server> s = socket(AF_INET, SOCK_STREAM, 0)\n      = 3\n"
                 "    server> printf(\"%d\\n\", s + 1)\n      prints \"4\\n\"\n    server> 1\n");
    type(&play, "server> if ((s = socket(PF_INET, SOCK_STREAM, IPPROTO_TCP)) < 0) perror(\"socket\");");
    assert_ready(&play, "server> printf(\"%d\\n\", s + 1)");
    type(&play, "server> printf(\"%d\\n\", s)");
    assert_ready(&play, "server> printf(\"%d\\n\", s + 1)");
    type(&play, "server> printf(\"%d%c\", 4, 10)");
    assert_ready(&play, "server> 1");
    end(&play);
}

/* Whoever binds another port is not where the next steps call; another way of writing the address does not matter. */
static void another_port_is_another_place(void **state) {
    (void)state;
    struct play play;
    start(&play, "    server> s = socket(AF_INET, SOCK_DGRAM, 0)\n    server> bind(s, \"127.0.0.1:0\")\n      = 0\n"
                 "    client> c = socket(AF_INET, SOCK_DGRAM, 0)\n"
                 "    client> sendto(c, \"x\", 1, 0, \"127.0.0.1:8917\")\n      = 1\n"
                 "    client> connect(c, \"127.0.0.1:8918\")\n      = 0\n    client> 1\n");
    type(&play, "server> s = socket(AF_INET, SOCK_DGRAM, 0)");
    type(&play, "server> struct sockaddr_in a = {0}; a.sin_family = AF_INET; bind(s, &a, sizeof(a))");
    assert_ready(&play, "client> c = socket(AF_INET, SOCK_DGRAM, 0)");
    type(&play, "client> c = socket(AF_INET, SOCK_DGRAM, 0)");
    type(&play, "client> sendto(c, \"x\", 1, 0, \"127.0.0.1:8916\")");
    assert_ready(&play, "client> sendto(c, \"x\", 1, 0, \"127.0.0.1:8917\")");
    type(&play, "client> struct sockaddr_in to = {0}; to.sin_family = AF_INET; to.sin_port = htons(8917); "
                "to.sin_addr.s_addr = htonl(INADDR_LOOPBACK); sendto(c, \"x\", 1, 0, &to, sizeof(to))");
    assert_ready(&play, "client> connect(c, \"127.0.0.1:8918\")");
    type(&play, "client> connect(c, \"127.0.0.1:8919\")");
    assert_ready(&play, "client> connect(c, \"127.0.0.1:8918\")");
    type(&play, "client> connect c 127.0.0.1:8918");
    assert_ready(&play, "client> 1");
    end(&play);
}

static void own_words_lead_on(void **state) {
    (void)state;
    struct play play;
    start(&play,
          "    client> char line[100]; fgets(line, sizeof(line), stdin); puts(line)\n      blocks in fgets\n"
          "    client< hello there\n      prints \"hello there\"\n      not blocks\n    server> 1\n");
    type(&play, player_ready(play.player, NULL));
    assert_ready(&play, "client< hello there");
    type(&play, "client> 1"); /* refused: it is blocked */
    assert_ready(&play, "client< hello there");
    type(&play, "client< something else");
    assert_ready(&play, "server> 1");
    end(&play);
}

static void a_step_can_be_skipped(void **state) {
    (void)state;
    struct play play;
    start(&play, "    server> x = 1\n    server> fgets(line, 10, stdin)\n    server> x = 2\n    client> 1\n");
    type(&play, ".skip");
    assert_int_equal(told(&play, EVENT_NOTE, "done for you: server> x = 1", 0), 1);
    assert_ready(&play, "server> fgets(line, 10, stdin)");
    type(&play, "server> x");
    assert_int_equal(told(&play, EVENT_VALUE, "1", 0), 1);
    type(&play, "server> char line[10]");
    type(&play, ".skip");
    /* The server sleeps now, and cannot do the next one. */
    uint64_t before = journal_last(play.shell.journal);
    type(&play, ".skip");
    assert_int_equal(told(&play, EVENT_NOTE, "it could not be done, and is passed over", before), 1);
    assert_ready(&play, "client> 1");
    type(&play, ".skip");
    assert_true(player_over(play.player));
    type(&play, ".skip");
    end(&play);
}

#define CONNECTED                                                                                            \
    "    server> s = socket(AF_INET, SOCK_STREAM, 0); bind(s, \"127.0.0.1:0\"); listen(s, 1)\n"             \
    "      state s LISTEN\n      queue s accept 0 of 1\n"                                                    \
    "    server> struct sockaddr_in a; socklen_t n = sizeof(a); getsockname(s, (struct sockaddr *)&a, &n)\n" \
    "    server> c = socket(AF_INET, SOCK_STREAM, 0); connect(c, (struct sockaddr *)&a, n)\n"                \
    "      state c ESTABLISHED\n      queue s accept 1\n      peer c s\n"                                    \
    "    server> p = accept(s, NULL, NULL)\n      queue s accept 0\n      peer p c\n"

/* Whoever asks for what is so in the kernel is answered by the kernel, at the prompt too. */
static void the_kernel_is_asked(void **state) {
    (void)state;
    struct play play;
    start(&play, CONNECTED "    server> send(c, \"hello\", 5, 0)\n      queue p receive 5\n      sent c \"hello\"\n"
                           "    server> close(c)\n      within 2s state c FIN_WAIT2\n      state p CLOSE_WAIT\n"
                           "    client> 1\n");
    for (int i = 0; i < 4; i++)
        type(&play, player_ready(play.player, NULL));
    assert_ready(&play, "server> send(c, \"hello\", 5, 0)");
    /* The same call and another effect: the lesson waits. */
    type(&play, "server> send(c, \"hell\", 4, 0)");
    assert_ready(&play, "server> send(c, \"hello\", 5, 0)");
    type(&play, "server> char b[4]; recv(p, b, 4, 0)");
    assert_ready(&play, "server> send(c, \"hello\", 5, 0)");
    type(&play, "server> send(c, \"hello\", strlen(\"hello\"), MSG_NOSIGNAL)");
    assert_ready(&play, "server> close(c)");
    type(&play, "server> close(c)");
    assert_ready(&play, "client> 1");
    assert_int_equal(told(&play, EVENT_CHECK, "state c FIN_WAIT2", 0), 1);
    end(&play);
}

static void several_lines_are_shown_as_written(void **state) {
    (void)state;
    struct play play;
    start(&play, "    server> if (1) {\n            x = 1;\n        }\n");
    player_tell(play.player);
    assert_int_equal(told(&play, EVENT_PROSE, "    if (1) {\n        x = 1;\n    }", 0), 1);
    assert_ready(&play, "server> if (1) { x = 1; }");
    type(&play, "server> if (1) {");
    assert_ready(&play, "server> if (1) { x = 1; }");
    shell_drop_pending(&play.shell, false);
    end(&play);
}

/* A task is judged by its effect; a claim, a question and their answers are told. */
static void tasks_lead_on_by_effect(void **state) {
    (void)state;
    struct play play;
    start(&play, "@claim c\nIt is 3.\n\n    server> s = socket(AF_INET, SOCK_STREAM, 0)\n      = 3\n\nverdict: true -- So it is.\n\n"
                 "@ask a\nWhy?\n( ) Chance\n(x) The kernel\n\n"
                 "@task t\nListen.\ngoal: state server.s LISTEN\nsolution:\n    server> listen(s, 3)\n\nBetween.\n\n"
                 "@task u\nClose.\ngoal: state server.s closed\nsolution:\n    server> close(s)\n\nAfter.\n");
    player_tell(play.player);
    assert_int_equal(told(&play, EVENT_PROSE, "People say: It is 3.", 0), 1);
    assert_int_equal(told(&play, EVENT_PROSE, "So it is.", 0), 0);
    type(&play, "server> s = socket(AF_INET, SOCK_STREAM, 0)");
    assert_int_equal(told(&play, EVENT_PROSE, "True. So it is.", 0), 1);
    assert_int_equal(told(&play, EVENT_PROSE, "Why?", 0), 1);
    assert_int_equal(told(&play, EVENT_PROSE, "a) Chance\nb) The kernel", 0), 1);
    assert_int_equal(told(&play, EVENT_PROSE, "Listen.", 0), 0);
    assert_string_equal(player_asks(play.player), "your answer: ");
    assert_true(player_answer(play.player, "a"));
    assert_int_equal(told(&play, EVENT_PROSE, "Listen.", 0), 0);
    assert_true(player_answer(play.player, "b"));
    assert_null(player_asks(play.player));
    assert_int_equal(told(&play, EVENT_PROSE, "Listen.", 0), 1);
    assert_ready(&play, NULL);
    assert_false(player_over(play.player));
    type(&play, "server> bind(s, \"127.0.0.1:0\")");
    type(&play, "server> no_such_call(s)");
    assert_int_equal(told(&play, EVENT_PROSE, "Between.", 0), 0);
    type(&play, "server> if (listen(s, 5) < 0) perror(\"listen\");");
    assert_int_equal(told(&play, EVENT_PROSE, "Between.", 0), 1);
    player_skip(play.player);
    assert_true(player_over(play.player));
    assert_int_equal(told(&play, EVENT_PROSE, "After.", 0), 1);
    end(&play);
}

#define QUESTIONS                                                                                       \
    "    server> s = socket(AF_INET, SOCK_STREAM, 0)\n      = 3\n\n"                                    \
    "@predict p\nWhat?\n\n    server> listen(s, 3)\n      = 0\n\n"                                    \
    "@ask a\nHow many?\nanswer: 4 | four -- Count them.\nhint: More than 3.\n\n"                      \
    "@task t\nClose it.\ngoal: within 5s state server.s closed\nhint: close()\nsolution:\n    server> close(s)\n"

/* What was done again is there, and nobody is told of it. */
static void steps_are_done_again(void **state) {
    (void)state;
    struct play play;
    struct error error = {0};
    start(&play, QUESTIONS);
    type(&play, "server> s = socket(AF_INET, SOCK_STREAM, 0)");
    player_answer(play.player, "0");
    type(&play, "server> listen(s, 3)");
    type(&play, "server> dup2(1, s)"); /* a muddle */
    assert_false(player_back(play.player, 4, &error));
    assert_non_null(strstr(error.text, "there is no step 4: the lesson has 3"));
    error_free(&error);
    uint64_t before = journal_last(play.shell.journal);
    assert_true(player_back(play.player, 0, &error));
    assert_string_equal(player_asks(play.player), "your prediction: ");
    size_t loud = 0, quiet = 0;
    for (uint64_t number = before + 1; number <= journal_last(play.shell.journal); number++) {
        const struct event *event = journal_at(play.shell.journal, number);
        loud += event->type == EVENT_RETURNED && !event->replayed;
        quiet += event->type == EVENT_RETURNED && event->replayed;
    }
    assert_int_equal(loud, 0);
    assert_int_equal(quiet, 1);
    player_answer(play.player, "0");
    before = journal_last(play.shell.journal);
    type(&play, "server> listen(s, 3)");
    assert_int_equal(told(&play, EVENT_CHECK, "= 0", before), 1);
    assert_int_equal(told(&play, EVENT_NOTE, "may no longer fit", 0), 0);
    end(&play);
}

/* --typing: nothing stands ready; two failures, and the command is shown. */
static void commands_are_typed(void **state) {
    (void)state;
    struct play play;
    start(&play, "    server> s = socket(AF_INET, SOCK_STREAM, 0)\n      = 3\n    server> int a, b;\n    client> 1\n");
    const struct player_manner manner = {.typing = true};
    player_free(play.player);
    play.player = play.shell.player = player_new(&play.shell, &play.lesson, &manner);
    assert_true(player_hides_step(play.player));
    type(&play, "server> s = socket(AF_INET,, 0)");
    player_after(play.player, "server> s = socket(AF_INET,, 0)", 0); /* as a session does with a refused line */
    assert_int_equal(told(&play, EVENT_PROSE, "This would do it", 0), 0);
    type(&play, "client> s = socket(AF_INET, SOCK_STREAM, 0)"); /* elsewhere: it does not count */
    type(&play, "server> x = 1");
    assert_int_equal(told(&play, EVENT_PROSE, "This would do it: `server> s = socket(AF_INET, SOCK_STREAM, 0)`", 0), 1);
    type(&play, "server> s = socket inet stream");
    assert_ready(&play, "server> int a, b;");
    type(&play, "server> int b, a");
    assert_ready(&play, "client> 1");
    end(&play);
}

static void assert_lines(const char *path, const char *const *expected, size_t count) {
    char line[400];
    size_t lines = 0;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    for (; fgets(line, sizeof(line), file) != NULL; lines++) {
        assert_true(lines < count);
        if (strstr(line, expected[lines]) == NULL)
            fail_msg("expected %s in %s", expected[lines], line);
    }
    assert_int_equal(lines, count);
    fclose(file);
}

/* Whoever plays it is in the report, and the file of progress knows where he is. */
static void what_was_done_is_noted_down(void **state) {
    (void)state;
    struct play play;
    struct error error = {0};
    char folder[] = "/tmp/test-play-XXXXXX", report[64], progress[64];
    assert_non_null(mkdtemp(folder));
    snprintf(report, sizeof(report), "%s/report", folder);
    snprintf(progress, sizeof(progress), "%s/progress", folder);
    start(&play, QUESTIONS);
    player_free(play.player);
    const struct player_manner manner = {.progress = progress, .report = report_open(report, &error)};
    play.player = play.shell.player = player_new(&play.shell, &play.lesson, &manner);
    player_begin(play.player);
    type(&play, "server> s = socket(AF_INET, SOCK_STREAM, 0)");
    player_answer(play.player, "0");
    type(&play, "server> listen(s, 3)");
    player_answer(play.player, "5");
    player_skip(play.player);
    player_free(play.player);
    static const char *const expected[] = {"\"kind\":\"lesson\",\"id\":\"1\",\"result\":\"begun\"",
                                           "\"kind\":\"step\",\"id\":\"1\",\"result\":\"done\"",
                                           "\"kind\":\"predict\",\"id\":\"p\",\"result\":\"right\",\"tries\":1",
                                           "\"kind\":\"step\",\"id\":\"2\",\"result\":\"done\"",
                                           "\"kind\":\"ask\",\"id\":\"a\",\"result\":\"skipped\",\"tries\":1",
                                           "\"kind\":\"lesson\",\"id\":\"3\",\"result\":\"left\""};
    assert_lines(report, expected, 6);
    report_close(manner.report);
    /* The next time it is offered to go on there. */
    const struct player_manner again = {.progress = progress};
    play.player = play.shell.player = player_new(&play.shell, &play.lesson, &again);
    player_begin(play.player);
    assert_int_equal(told(&play, EVENT_PROSE, "You were at step 3 of 3", 0), 1);
    assert_string_equal(player_asks(play.player), "Enter goes on there: ");
    assert_false(player_answer(play.player, "1 + 1"));
    assert_true(player_answer(play.player, ""));
    assert_string_equal(player_asks(play.player), "your answer: ");
    end(&play);
    unlink(report);
    unlink(progress);
    assert_int_equal(rmdir(folder), 0);
}

/* What a demonstration does is nobody's answer; what the learner does when it was ended is his. */
static void a_demonstration_is_told_as_one(void **state) {
    (void)state;
    struct play play;
    struct error error = {0};
    char path[] = "/tmp/test-play-XXXXXX";
    close(mkstemp(path));
    start(&play, QUESTIONS);
    player_free(play.player);
    const struct player_manner manner = {.automatic = true, .report = report_open(path, &error)};
    play.player = play.shell.player = player_new(&play.shell, &play.lesson, &manner);
    player_begin(play.player);
    type(&play, "server> s = socket(AF_INET, SOCK_STREAM, 0)");
    player_answer(play.player, "0");
    player_take_over(play.player);
    type(&play, "server> listen(s, 3)");
    player_answer(play.player, "5");
    player_skip(play.player);
    player_free(play.player);
    play.player = NULL;
    static const char *const expected[] = {
        "\"kind\":\"lesson\",\"id\":\"1\",\"result\":\"begun\"",
        "\"kind\":\"step\",\"id\":\"1\",\"result\":\"shown\"",
        "\"kind\":\"predict\",\"id\":\"p\",\"result\":\"shown\",\"tries\":0",
        "\"kind\":\"step\",\"id\":\"2\",\"result\":\"done\"", "\"result\":\"skipped\",\"tries\":1",
        "\"result\":\"left\""};
    assert_lines(path, expected, 6);
    report_close(manner.report);
    unlink(path);
    end(&play);
}

/* Each step may take its time; the whole lesson has an end all the same, and whoever waits for the check hears of it. */
static void a_check_has_an_end(void **state) {
    (void)state;
    struct play play = {0};
    struct error error = {0};
    unsigned tests = 0;
    static const char text[] = HEAD "    server> s = socket(AF_INET, SOCK_STREAM, 0)\n      within 1s state s LISTEN\n"
                                    "    server> 1\n    server> 2\n";
    assert_true(lesson_parse("x.les", text, strlen(text), 0, &play.lesson, &error));
    assert_true(shell_start(&play.shell, SHELL_PROMPT, (const char *const *)play.lesson.actors, NULL, &error));
    assert_int_equal(player_check(&play.shell, &play.lesson, &(struct check_manner){.seconds = 1, .tests = &tests}), 1);
    assert_int_equal(told(&play, EVENT_CHECK, "within 1s state s LISTEN", 0), 1);
    assert_int_equal(told(&play, EVENT_CHECK, "that the lesson is over in 1 seconds", 0), 1);
    assert_int_equal(told(&play, EVENT_VALUE, "", 0), 0); /* the steps behind were not played */
    shell_end(&play.shell);
    journal_free(play.shell.journal);
    lesson_free(&play.lesson);
}

/* It is seen that a program sleeps in what it prints: the line is blocked, and no time has to run out. */
static void a_full_pipe_blocks(void **state) {
    (void)state;
    struct play play = {0};
    struct error error = {0};
    unsigned tests = 0;
    static const char text[] = HEAD "    server> int p[2]; pipe(p); dup2(p[1], 1)\n"
                                    "    server> while (1) puts(\"words\")\n      blocks\n";
    assert_true(lesson_parse("x.les", text, strlen(text), 0, &play.lesson, &error));
    assert_true(shell_start(&play.shell, SHELL_PROMPT, (const char *const *)play.lesson.actors, NULL, &error));
    assert_int_equal(player_check(&play.shell, &play.lesson, &(struct check_manner){.tests = &tests}), 0);
    assert_int_equal(told(&play, EVENT_BLOCKED, "write(1, \"words\\n\", 6)", 0), 1);
    shell_end(&play.shell);
    journal_free(play.shell.journal);
    lesson_free(&play.lesson);
}

static void rest(void *context) {
    (void)context;
}

static bool never(void *context) {
    (void)context;
    return false;
}

/* The shell waits for what never comes to an end: a network that always has something under way. */
static void a_check_ends_at_last(void **state) {
    (void)state;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct play play = {0};
        struct error error = {0};
        unsigned tests = 0;
        static const char text[] = HEAD "    server> 1\n";
        const struct crew_surroundings busy = {.fd = eventfd(0, EFD_CLOEXEC), .run = rest, .quiet = never};
        if (!lesson_parse("x.les", text, strlen(text), 0, &play.lesson, &error) ||
            !shell_start(&play.shell, SHELL_PROMPT, (const char *const *)play.lesson.actors, NULL, &error) ||
            !crew_surround(play.shell.crew, &busy))
            _exit(99);
        player_check(&play.shell, &play.lesson, &(struct check_manner){.seconds = 1, .tests = &tests});
        _exit(98);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_goes_from_step_to_step),
        cmocka_unit_test(tasks_lead_on_by_effect),
        cmocka_unit_test(steps_are_done_again),
        cmocka_unit_test(commands_are_typed),
        cmocka_unit_test(what_was_done_is_noted_down),
        cmocka_unit_test(a_demonstration_is_told_as_one),
        cmocka_unit_test(white_space_does_not_matter),
        cmocka_unit_test(wandering_off_leaves_the_step_ready),
        cmocka_unit_test(the_same_effect_leads_on),
        cmocka_unit_test(another_port_is_another_place),
        cmocka_unit_test(a_check_has_an_end),
        cmocka_unit_test(a_full_pipe_blocks),
        cmocka_unit_test(a_check_ends_at_last),
        cmocka_unit_test(own_words_lead_on),
        cmocka_unit_test(a_step_can_be_skipped),
        cmocka_unit_test(the_kernel_is_asked),
        cmocka_unit_test(several_lines_are_shown_as_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

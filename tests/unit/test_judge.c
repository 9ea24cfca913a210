/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events are judged by expectations. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "journal/journal.h"
#include "lesson/judge.h"
#include "lesson/load.h"
#include "lesson_text.h"

struct told {
    struct buf text; /* "met" or "expected …; seen …" lines */
};

static void tell(void *context, const struct verdict *verdict) {
    struct told *told = context;
    if (verdict->met)
        buf_addf(&told->text, "%u met\n", verdict->line);
    else
        buf_addf(&told->text, "%u expected %s; seen %s\n", verdict->line, verdict->expected, verdict->seen);
}

/* The verdicts on a step of the server with these lines under it. */
static void judged(const struct journal *journal, uint64_t before, enum judge_how how, const char *under,
                   const char *expected) {
    struct buf text = {0};
    buf_addf(&text, HEAD "    server> 1\n%s", under);
    struct lesson lesson = load(buf_text(&text));
    struct told told = {0};
    struct evidence evidence = {.journal = journal, .before = before};
    judge_step(&evidence, &lesson.items[0], how, tell, &told);
    assert_string_equal(buf_text(&told.text), expected);
    buf_free(&told.text);
    buf_free(&text);
    lesson_free(&lesson);
}

static void returned(struct journal *journal, const char *actor, const char *name, const char *text,
                     const char *extra, int64_t result, int error) {
    journal_add(journal, &(struct event){.type = EVENT_RETURNED,
                                         .actor = actor,
                                         .name = name,
                                         .text = text,
                                         .extra = extra,
                                         .result = result,
                                         .error = error});
}

static void happened(struct journal *journal, enum event_type type, const char *actor, const char *name,
                     const char *text) {
    journal_add(journal, &(struct event){.type = type, .actor = actor, .name = name, .text = text});
}

static void printed(struct journal *journal, const char *actor, const char *text) {
    journal_add(
        journal,
        &(struct event){
            .type = EVENT_OUTPUT, .actor = actor, .data = text, .data_length = strlen(text), .stream = 1});
}

static void results_are_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    returned(journal, "server", "socket", "socket(2, 1, 0)", "3", 3, 0);
    uint64_t before = journal_last(journal);
    judged(journal, before, JUDGE_STRICT, "      = 3\n", "6 expected = 3; seen no system call returned\n");
    returned(journal, "client", "socket", "socket(2, 1, 0)", "3", 3, 0);
    returned(journal, "server", "listen", "listen(3, 3)", "0", 0, 0);
    returned(journal, "server", "bind", "bind(3)", "0", 0, 0);
    judged(journal, before, JUDGE_STRICT, "      = 0\n      = ANY\n      not = 3\n      client returns 3\n",
           "6 met\n7 met\n8 met\n9 met\n");
    judged(journal, before, JUDGE_STRICT, "      = 3\n      = -1\n",
           "6 expected = 3; seen bind(3) = 0\n"
           "7 expected = -1; seen bind(3) = 0\n");
    judged(journal, before, JUDGE_STRICT, "      not returns 0\n",
           "6 expected not returns 0; seen listen(3, 3) = 0\n");
    journal_free(journal);
}

static void failures_must_be_expected(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    returned(journal, "server", "connect", "connect(3)", "-1 ECONNREFUSED (Connection refused)", -1,
             ECONNREFUSED);
    judged(journal, 0, JUDGE_STRICT, "",
           "5 expected no call that fails; seen connect(3) = -1 ECONNREFUSED (Connection refused)\n");
    judged(journal, 0, JUDGE_STRICT, "      = -1 ECONNREFUSED\n      = -1\n", "6 met\n7 met\n");
    judged(journal, 0, JUDGE_STRICT, "      calls connect(3) = -1 ECONNREFUSED\n", "6 met\n");
    judged(journal, 0, JUDGE_STRICT, "      calls connect(3)\n",
           "6 met\n5 expected no call that fails; seen connect(3) = -1 ECONNREFUSED (Connection refused)\n");
    judged(journal, 0, JUDGE_STRICT, "      = -1 EADDRINUSE\n",
           "6 expected = -1 EADDRINUSE; seen connect(3) = -1 ECONNREFUSED (Connection refused)\n"
           "5 expected no call that fails; seen connect(3) = -1 ECONNREFUSED (Connection refused)\n");
    journal_free(journal);
}

static void sleep_is_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    happened(journal, EVENT_ENTERED, "server", "accept", "accept(3, …)");
    judged(journal, 0, JUDGE_STRICT, "      blocks\n",
           "6 expected blocks; seen server is in accept(3, …) and not asleep\n");
    assert_null(judge_blocked_in(journal, "server"));
    happened(journal, EVENT_BLOCKED, "server", "accept", "accept(3, …)");
    /* Output read late, and a line that was refused, do not wake it. */
    printed(journal, "server", "late");
    happened(journal, EVENT_LINE, "server", "", "1");
    assert_string_equal(judge_blocked_in(journal, "server"), "accept");
    judged(journal, journal_last(journal), JUDGE_STRICT,
           "      blocks\n      blocks in accept\n      blocks in recv\n",
           "6 met\n7 met\n8 expected blocks in recv; seen server is blocked in accept(3, …)\n");
    returned(journal, "server", "accept", "accept(3)", "4", 4, 0);
    happened(journal, EVENT_DONE, "server", "", "");
    judged(journal, 0, JUDGE_STRICT, "      blocks\n", "6 expected blocks; seen server is in no call\n");
    assert_string_equal(judge_first_call(journal, "server", 0), "accept");
    assert_null(judge_first_call(journal, "client", 0));
    journal_free(journal);
}

static void output_is_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    printed(journal, "server", "before");
    uint64_t before = journal_last(journal);
    judged(journal, before, JUDGE_STRICT, "      prints \"e\"\n",
           "6 expected prints \"e\"; seen server printed nothing\n");
    printed(journal, "server", "Client dis");
    printed(journal, "client", "xx");
    printed(journal, "server", "connected\n\x1b");
    judged(journal, before, JUDGE_STRICT, "      prints \"disconnected\\n\"\n      prints \"before\"\n",
           "6 met\n7 expected prints \"before\"; seen \"Client disconnected\\n\\33\"\n");
    journal_free(journal);
}

static void calls_come_in_order(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    returned(journal, "server", "recv", "recv(4, \"hello\", 2000, 0)", "5", 5, 0);
    returned(journal, "client", "recv", "recv(3, \"hello\", 9, 0)", "5", 5, 0);
    returned(journal, "server", "write", "write(4, \"hello\", 5)", "5", 5, 0);
    judged(journal, 0, JUDGE_STRICT,
           "      calls recv(4, \"hello\", 2000, 0) = 5\n"
           "      calls write(...) = 5\n"
           "      client calls recv(3, ...)\n",
           "6 met\n7 met\n8 met\n");
    judged(journal, 0, JUDGE_STRICT, "      calls write(4, ..., 5)\n      calls recv(...)\n",
           "6 met\n7 expected calls recv(...); seen server made no such call\n");
    judged(journal, 0, JUDGE_STRICT, "      calls recv(4, ...) = 6\n      not calls close(...)\n",
           "6 expected calls recv(4, ...) = 6; seen recv(4, \"hello\", 2000, 0) = 5, write(4, \"hello\", 5) "
           "= 5\n7 met\n");
    journal_free(journal);
}

static void mistakes_must_be_expected(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    journal_add(journal,
                &(struct event){
                    .type = EVENT_FAULT, .actor = "server", .kind = ERROR_MEMORY, .text = "no NUL in it"});
    judged(journal, 0, JUDGE_STRICT, "", "5 expected no mistake; seen server: no NUL in it\n");
    judged(journal, 0, JUDGE_STRICT, "      fault memory\n", "6 met\n");
    judged(journal, 0, JUDGE_STRICT, "      fault type\n",
           "6 expected fault type; seen memory: no NUL in it\n");
    judged(journal, journal_last(journal), JUDGE_STRICT, "      fault type\n",
           "6 expected fault type; seen no mistake\n");
    assert_false(judge_refused(journal, 0));
    journal_add(journal,
                &(struct event){.type = EVENT_FAULT, .kind = ERROR_USAGE, .text = "server is blocked"});
    assert_true(judge_refused(journal, 0));
    judged(journal, 1, JUDGE_STRICT, "      fault usage\n", "6 met\n");
    journal_free(journal);
}

static void deaths_must_be_expected(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    journal_add(journal, &(struct event){.type = EVENT_DIED,
                                         .actor = "server",
                                         .result = SIGPIPE,
                                         .text = "was killed by SIGPIPE"});
    judged(journal, 0, JUDGE_STRICT, "", "5 expected that it lives on; seen server was killed by SIGPIPE\n");
    judged(journal, 0, JUDGE_STRICT, "      killed SIGPIPE\n", "6 met\n");
    judged(journal, 0, JUDGE_STRICT, "      exits 0\n",
           "6 expected exits 0; seen server was killed by SIGPIPE\n");
    judged(journal, 1, JUDGE_STRICT, "      exits 0\n", "6 expected exits 0; seen server lives\n");
    journal_add(journal,
                &(struct event){
                    .type = EVENT_DIED, .actor = "server", .result = 2 << 8, .text = "exited with status 2"});
    judged(journal, 1, JUDGE_STRICT, "      exits 2\n      not killed SIGPIPE\n", "6 met\n7 met\n");
    journal_add(journal, &(struct event){.type = EVENT_EXITING, .actor = "server", .result = 7});
    journal_add(journal,
                &(struct event){.type = EVENT_DIED, .actor = "server", .result = -1, .text = "has ended"});
    judged(journal, 2, JUDGE_STRICT, "      exits 7\n", "6 met\n");
    journal_free(journal);
}

static void restarting_ends_an_actor(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    struct lesson lesson = load(HEAD "    .restart server\n");
    journal_add(journal,
                &(struct event){.type = EVENT_DIED, .actor = "server", .result = SIGKILL, .text = "killed"});
    struct evidence evidence = {.journal = journal};
    assert_int_equal(judge_step(&evidence, &lesson.items[0], JUDGE_STRICT, NULL, NULL), 0);
    journal_add(journal,
                &(struct event){.type = EVENT_DIED, .actor = "client", .result = SIGKILL, .text = "killed"});
    assert_int_equal(judge_step(&evidence, &lesson.items[0], JUDGE_STRICT, NULL, NULL), 1);
    lesson_free(&lesson);
    journal_free(journal);
}

static void values_are_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    happened(journal, EVENT_VALUE, "server", "uint16_t", "47138");
    judged(journal, 0, JUDGE_STRICT, "      value 47138\n      value 8888\n",
           "6 met\n7 expected value 8888; seen 47138\n");
    journal_free(journal);
}

static void carried(struct journal *journal, const char *actor, int64_t fd, uint64_t cookie, bool out,
                    const char *data) {
    journal_add(journal, &(struct event){.type = EVENT_RETURNED,
                                         .actor = actor,
                                         .name = out ? "send" : "recv",
                                         .fd = fd,
                                         .cookie = cookie,
                                         .data_out = out,
                                         .data = data,
                                         .data_length = strlen(data)});
}

static void what_went_through_a_socket(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    carried(journal, "server", 4, 7, true, "before");
    uint64_t before = journal_last(journal);
    carried(journal, "server", 4, 7, false, "old"); /* this 4 is closed, and another socket becomes 4 */
    carried(journal, "server", 4, 8, true, "hel");
    carried(journal, "server", 3, 9, true, "xx");
    carried(journal, "client", 4, 8, true, "yy");
    carried(journal, "server", 4, 8, true, "lo\n");
    judged(journal, before, JUDGE_STRICT,
           "      sent 4 \"hello\\n\"\n      sent 4 \"before\"\n      received 4 \"old\"\n      not sent 3 \"hel\"\n",
           "6 met\n"
           "7 expected sent 4 \"before\"; seen \"hello\\n\"\n"
           "8 expected received 4 \"old\"; seen nothing was received\n9 met\n");
    judged(journal, before, JUDGE_OWN_WORDS, "      sent 4 \"else\"\n      sent client.3 \"else\"\n",
           "6 met\n7 expected sent client.3 \"else\"; seen nothing was sent\n");
    judged(journal, before, JUDGE_STRICT, "      sent sock \"x\"\n      state 4 LISTEN\n",
           "6 expected sent sock \"x\"; seen server has no int sock\n"
           "7 expected state 4 LISTEN; seen nobody who could be asked\n");
    journal_free(journal);
}

static void changes_are_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    judged(journal, 0, JUDGE_STRICT, "      changes \"LISTEN\"\n",
           "6 expected changes \"LISTEN\"; seen nothing changed\n");
    journal_add(journal, &(struct event){.type = EVENT_CHANGE, .actor = "server", .fd = 3,
                                         .text = "fd 3: CLOSE → LISTEN, accept queue 0/3"});
    journal_add(journal, &(struct event){.type = EVENT_CHANGE, .actor = "client", .fd = 4,
                                         .text = "client fd 4: SYN_SENT → CLOSE"});
    judged(journal, 0, JUDGE_STRICT,
           "      changes \"CLOSE -> LISTEN\"\n      changes 3 \"LISTEN...0/3\"\n      client changes \"CLOSE\"\n"
           "      changes 4 \"CLOSE\"\n      changes 3 \"SYN\"\n      not client changes \"LISTEN\"\n",
           "6 met\n7 met\n8 met\n"
           "9 expected changes 4 \"CLOSE\"; seen nothing changed\n"
           "10 expected changes 3 \"SYN\"; seen fd 3: CLOSE → LISTEN, accept queue 0/3\n11 met\n");
    journal_free(journal);
}

static void explanations_are_judged(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    journal_add(journal, &(struct event){.type = EVENT_RETURNED, .actor = "server", .name = "bind",
                                         .text = "bind(3)", .extra = "-1", .result = -1, .error = EADDRINUSE,
                                         .id = "bind-EADDRINUSE-time-wait"});
    /* Who expects the explanation expects the failure. */
    judged(journal, 0, JUDGE_STRICT, "      explains bind-EADDRINUSE\n", "6 met\n");
    judged(journal, 0, JUDGE_STRICT, "      explains listen-EADDRINUSE\n",
           "6 expected explains listen-EADDRINUSE; seen bind-EADDRINUSE-time-wait\n"
           "5 expected no call that fails; seen bind(3) = -1\n");
    judged(journal, 0, JUDGE_STRICT, "      = -1\n      client explains bind-EADDRINUSE\n",
           "6 met\n7 expected client explains bind-EADDRINUSE; seen nothing was explained\n");
    journal_add(journal, &(struct event){.type = EVENT_DIED, .actor = "server", .result = SIGPIPE,
                                         .text = "was killed by SIGPIPE", .id = "send-SIGPIPE"});
    judged(journal, 1, JUDGE_STRICT, "      explains send-SIGPIPE\n", "6 met\n");
    journal_free(journal);
}

static void own_words_are_enough(void **state) {
    (void)state;
    struct journal *journal = journal_new();
    returned(journal, "server", "recv", "recv(4, \"hi\", 2000, 0)", "2", 2, 0);
    printed(journal, "server", "hi\n");
    const char *under =
        "      returns 22\n      calls recv(4, \"hello\", 2000, 0) = 5\n      prints \"hello\"\n";
    judged(journal, 0, JUDGE_OWN_WORDS, under, "6 met\n7 met\n8 met\n");
    judged(journal, 0, JUDGE_OWN_WORDS, "      returns 0\n      calls send(...)\n      client prints \"x\"\n",
           "6 expected returns 0; seen recv(4, \"hi\", 2000, 0) = 2\n"
           "7 expected calls send(...); seen recv(4, \"hi\", 2000, 0) = 2\n"
           "8 expected client prints \"x\"; seen client printed nothing\n");
    journal_free(journal);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_are_judged),
        cmocka_unit_test(failures_must_be_expected),
        cmocka_unit_test(sleep_is_judged),
        cmocka_unit_test(output_is_judged),
        cmocka_unit_test(calls_come_in_order),
        cmocka_unit_test(mistakes_must_be_expected),
        cmocka_unit_test(deaths_must_be_expected),
        cmocka_unit_test(restarting_ends_an_actor),
        cmocka_unit_test(values_are_judged),
        cmocka_unit_test(what_went_through_a_socket),
        cmocka_unit_test(changes_are_judged),
        cmocka_unit_test(explanations_are_judged),
        cmocka_unit_test(own_words_are_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who has a lifeline on the ladder, and where: one an actor, one a host, and always in the same order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "view/lifelines.h"

static const char *const crew[] = {"server", "client", "peer"};

/* Whose, where, on which host ("" for none: a loopback without a name). */
struct seen {
    const char *actor, *endpoint, *host;
    bool loopback;
    const char *cause;
};

/* "server 10.0.0.1:7|client 10.0.0.2:40000 1 0 0 1": the titles, and where each that was added stands. */
static char *arranged(const struct seen *seen, size_t count) {
    struct lifelines *lifelines = lifelines_new();
    size_t to[LADDER_ENDS_MOST], at[LADDER_ENDS_MOST + 2];
    char *titles[LADDER_ENDS_MOST];
    struct buf out = {0};
    for (size_t i = 0; i < count; i++)
        at[i] = lifelines_add(lifelines, &(struct packet_end){.actor = seen[i].actor,
                                                              .endpoint = seen[i].endpoint,
                                                              .host = seen[i].host,
                                                              .host_length = strlen(seen[i].host),
                                                              .cause = seen[i].cause != NULL ? seen[i].cause : "",
                                                              .has_port = strchr(seen[i].endpoint, ':') != NULL,
                                                              .linked = !seen[i].loopback});
    size_t lines = lifelines_arrange(lifelines, crew, sizeof(crew) / sizeof(*crew), to, titles);
    for (size_t i = 0; i < lines; i++) {
        buf_addf(&out, "%s%s", i > 0 ? "|" : "", titles[i]);
        free(titles[i]);
    }
    for (size_t i = 0; i < count; i++)
        buf_addf(&out, " %zu", to[at[i]]);
    lifelines_free(lifelines);
    return buf_take(&out);
}

#define ASSERT_ARRANGED(expected, ...)                                            \
    do {                                                                          \
        const struct seen seen[] = {__VA_ARGS__};                                 \
        char *text = arranged(seen, sizeof(seen) / sizeof(*seen));                \
        assert_string_equal(text, expected);                                      \
        free(text);                                                               \
    } while (0)

/* Whoever sends first. */
static void in_the_order_of_actors(void **state) {
    (void)state;
    ASSERT_ARRANGED("server 127.0.0.1:8888|client 127.0.0.1:40000 1 0",
                    {"client", "127.0.0.1:40000", "", true, NULL}, {"server", "127.0.0.1:8888", "", true, NULL});
    ASSERT_ARRANGED("server 127.0.0.1:8888|client 127.0.0.1:40000 0 1",
                    {"server", "127.0.0.1:8888", "", true, NULL}, {"client", "127.0.0.1:40000", "", true, NULL});
    /* An actor that is not the first stays at the right, whoever the other is. */
    ASSERT_ARRANGED("127.0.0.1:9|client 127.0.0.1:40000 1 0", {"client", "127.0.0.1:40000", "", true, NULL},
                    {"", "127.0.0.1:9", "", true, NULL});
    ASSERT_ARRANGED("server 127.0.0.1:40000|127.0.0.1:9 0 1", {"server", "127.0.0.1:40000", "", true, NULL},
                    {"", "127.0.0.1:9", "", true, NULL});
    /* Strangers by their addresses, numbers as numbers; one the shell does not know any more before them. */
    ASSERT_ARRANGED("client 127.0.0.1:1|gone 127.0.0.1:2|127.0.0.1:9|127.0.0.1:10 3 2 1 0",
                    {"", "127.0.0.1:10", "", true, NULL}, {"", "127.0.0.1:9", "", true, NULL},
                    {"gone", "127.0.0.1:2", "", true, NULL}, {"client", "127.0.0.1:1", "", true, NULL});
}

static void one_a_host(void **state) {
    (void)state;
    /* ARP before the connection, and the other addresses of the actors' hosts. */
    ASSERT_ARRANGED("server 10.0.0.1:7|client 1 0 1 0 1", {"", "10.0.0.2", "laptop", false, "client"},
                    {"", "10.0.0.1", "cheerios", false, "client"}, {"client", "10.0.0.2:40000", "laptop", false, NULL},
                    {"server", "10.0.0.1:7", "cheerios", false, NULL}, {"client", "127.0.0.1:40001", "laptop", true, NULL});
    /* Nobody's there: ARP and the ports that answer for themselves. */
    ASSERT_ARRANGED("cheerios 10.0.0.1:7|client 10.0.0.2:40000 0 1 0", {"", "10.0.0.1", "cheerios", false, NULL},
                    {"client", "10.0.0.2:40000", "laptop", false, NULL}, {"", "10.0.0.1:7", "cheerios", false, NULL});
    ASSERT_ARRANGED("cheerios 10.0.0.1|client 10.0.0.2:40000 1 0 0", {"client", "10.0.0.2:40000", "laptop", false, NULL},
                    {"", "10.0.0.1:8", "cheerios", false, NULL}, {"", "10.0.0.1:7", "cheerios", false, NULL});
    /* Nobody's port is not the actor's that is on the same host. */
    ASSERT_ARRANGED("server 10.0.0.1:7|client 10.0.0.2:40000|cheerios 10.0.0.1:8 0 1 2",
                    {"server", "10.0.0.1:7", "cheerios", false, NULL}, {"client", "10.0.0.2:40000", "laptop", false, NULL},
                    {"", "10.0.0.1:8", "cheerios", false, NULL});
    /* But it is the one that somebody has opened since. */
    ASSERT_ARRANGED("server 10.0.0.1:7 0 0", {"", "10.0.0.1:7", "cheerios", false, NULL},
                    {"server", "10.0.0.1:7", "cheerios", false, NULL});
}

/* Two actors on a host: what the host asks belongs to the one whose call made it ask. */
static void several_on_a_host(void **state) {
    (void)state;
    ASSERT_ARRANGED("client 10.0.0.2:1|peer 10.0.0.2:2 1 0 1", {"peer", "10.0.0.2:2", "laptop", false, NULL},
                    {"client", "10.0.0.2:1", "laptop", false, NULL}, {"", "10.0.0.2", "laptop", false, "peer"});
    ASSERT_ARRANGED("client 10.0.0.2:1|peer 10.0.0.2:2 1 0 0", {"peer", "10.0.0.2:2", "laptop", false, NULL},
                    {"client", "10.0.0.2:1", "laptop", false, NULL}, {"", "10.0.0.2", "laptop", false, "server"});
    /* On a loopback it might be either's. */
    ASSERT_ARRANGED("client 127.0.0.1:1|peer 127.0.0.1:2|127.0.0.1 1 0 2", {"peer", "127.0.0.1:2", "", true, NULL},
                    {"client", "127.0.0.1:1", "", true, NULL}, {"", "127.0.0.1", "", true, "peer"});
    /* And every host has one, with the same addresses. */
    ASSERT_ARRANGED("a 127.0.0.1:8|b 127.0.0.1:8 0 1", {"", "127.0.0.1:8", "a", true, NULL},
                    {"", "127.0.0.1:8", "b", true, NULL});
}

/* What stands on the terminal is safe, and beyond the last column everybody shares it. */
static void titles(void **state) {
    struct seen many[LADDER_ENDS_MOST + 2];
    char endpoints[LADDER_ENDS_MOST + 2][32];
    (void)state;
    ASSERT_ARRANGED("a\\x1bb 127.0.0.1:1 0", {"a\033b", "127.0.0.1:1", "", true, NULL});
    for (size_t i = 0; i < LADDER_ENDS_MOST + 2; i++) {
        snprintf(endpoints[i], sizeof(endpoints[i]), "127.0.0.1:%zu", i + 1);
        many[i] = (struct seen){"", endpoints[i], "", true, NULL};
    }
    char *text = arranged(many, LADDER_ENDS_MOST + 2);
    assert_non_null(strstr(text, "|127.0.0.1:63|127.0.0.1 "));
    assert_string_equal(text + strlen(text) - strlen(" 62 63 63 63"), " 62 63 63 63");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(in_the_order_of_actors),
        cmocka_unit_test(one_a_host),
        cmocka_unit_test(several_on_a_host),
        cmocka_unit_test(titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

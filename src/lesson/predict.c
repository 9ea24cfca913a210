/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Does an answer in free words say what an expectation says?  One function a kind, for expect_rows.c. */
#include <stdlib.h>
#include <string.h>

#include "call/constant.h"
#include "lesson/predict.h"
#include "lesson/words.h"
#include "observe/facts.h"

/* "ECONNREFUSED", or in words: "connection refused". */
static bool names_error(const char *plain, int number) {
    char *name = words_plain(constant_name(&constants_errno, number)), *words = words_plain(strerror(number));
    bool named = words_has(plain, name) || words_has(plain, words);
    free(name);
    free(words);
    return named;
}

bool predicts_blocks(const struct expectation *e, const char *plain) {
    static const char *const words[] = {"blocks", "block", "blocked", "blocking", "waits", "wait", "waiting",
                                        "sleeps", "sleep", "asleep",  "hangs",    "hang",  NULL};
    static const char *const negations[] = {"not", "never", "no", "doesn", "nothing", NULL};
    (void)e;
    return words_has_any(plain, words) && !words_has_any(plain, negations);
}

bool predicts_result(const struct expectation *e, const char *plain) {
    static const char *const failure[] = {"fails", "fail", "error", "failure", NULL};
    static const char *const success[] = {"success", "succeeds", "works", "ok", NULL};
    int64_t number = 0;
    bool numbered = words_last_number(plain, &number);
    if (e->any)
        return (numbered && number >= 0) || (!numbered && words_has_any(plain, success));
    if (e->error != 0)
        return names_error(plain, e->error) && !(numbered && number != -1);
    if (e->number == -1 && !numbered)
        return words_has_any(plain, failure);
    return numbered && number == e->number;
}

/* Is the one contained in the other, punctuation and case apart? */
bool predicts_text(const struct expectation *e, const char *plain) {
    char *wanted = words_plain(e->wanted);
    bool same = words_has(plain, wanted) || (*plain && words_has(wanted, plain));
    free(wanted);
    return same;
}

static bool predicts_name(const char *name, const char *plain) {
    char *wanted = words_plain(name);
    bool same = words_has(plain, wanted);
    free(wanted);
    return same;
}

/* The longest name of a state that the answer has in it, blanks apart: "FIN-WAIT-1"; "close wait" is not
 * CLOSE. */
bool predicts_state(const struct expectation *e, const char *plain) {
    char *squeezed = words_squeezed(plain);
    const char *best = NULL;
    for (int i = 1; i < SOCKET_STATES_END; i++) {
        const char *name = socket_state_name((enum socket_state)i);
        char *plain_name = words_plain(name), *words = words_squeezed(plain_name);
        if (strstr(squeezed, words) && (!best || strlen(name) > strlen(best)))
            best = name;
        free(words);
        free(plain_name);
    }
    free(squeezed);
    return best ? strcmp(best, e->wanted) == 0 : predicts_name(e->wanted, plain);
}

bool predicts_status(const struct expectation *e, const char *plain) {
    int64_t number;
    return words_last_number(plain, &number) && number == e->number;
}

bool predicts_queue(const struct expectation *e, const char *plain) {
    int64_t number;
    return words_last_number(plain, &number) && (e->any ? number > 0 : number == e->number);
}

/* SIGPIPE, or PIPE */
bool predicts_signal(const struct expectation *e, const char *plain) {
    const char *name = constant_name(&constants_signal, e->number);
    return predicts_name(name, plain) || predicts_name(name + strlen("SIG"), plain);
}

bool predicts_fault(const struct expectation *e, const char *plain) {
    return predicts_name(error_kind_name(e->fault), plain);
}

bool predicts_value(const struct expectation *e, const char *plain) {
    return predicts_name(e->wanted, plain);
}

/* That of another socket is not in words. */
bool predicts_address(const struct expectation *e, const char *plain) {
    return e->wanted != NULL && predicts_text(e, plain);
}

/* How many packets? */
bool predicts_wire(const struct expectation *e, const char *plain) {
    static const char *const none[] = {"none", "nothing", "no", NULL};
    int64_t number;
    if (words_last_number(plain, &number))
        return number == (int64_t)e->packet_count;
    return e->packet_count == 0 && words_has_any(plain, none);
}

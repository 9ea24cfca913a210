/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Predictions in free words; see predict.h.
 *
 * Nothing is parsed as a sentence: numbers, names and a few words are looked for
 * in it, since "4", "it returns 4" and "4, the next descriptor" all mean the
 * same. What has none of them is no prediction, and its author is asked again.
 */
#include "lesson/predict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call/constant.h"
#include "lesson/words.h"
#include "observe/facts.h"

/* ---- What is in an answer, whatever it is about ---- */

struct said {
    bool numbered;
    int64_t number;
    int error; /* that is named; 0: none */
    bool blocks, fails, works;
};

/* "ECONNREFUSED", or in words: "connection refused". */
static bool names_error(const char *plain, const struct constant *item) {
    char *name = words_plain(item->name), *words = words_plain(strerror((int)item->value));
    bool named = words_has(plain, name) || words_has(plain, words);
    free(name);
    free(words);
    return named;
}

/* As people say them who do not know the names. */
static const struct {
    const char *words;
    int error;
} error_words[] = {
    {"refused", ECONNREFUSED}, {"refuses", ECONNREFUSED}, {"in use", EADDRINUSE},
    {"taken", EADDRINUSE},     {"invalid", EINVAL},       {"unreachable", ENETUNREACH},
    {"times out", ETIMEDOUT},  {"timed out", ETIMEDOUT},  {"timeout", ETIMEDOUT},
    {"reset", ECONNRESET},     {"denied", EACCES},
};

static int find_error(const char *plain) {
    for (size_t i = 0; i < constants_errno.count; i++)
        if (names_error(plain, &constants_errno.items[i]))
            return (int)constants_errno.items[i].value;
    for (size_t i = 0; i < sizeof(error_words) / sizeof(*error_words); i++)
        if (words_has(plain, error_words[i].words))
            return error_words[i].error;
    return 0;
}

static bool says_blocks(const char *plain) {
    static const char *const words[] = {"blocks", "block", "blocked", "blocking", "waits", "wait", "waiting",
                                        "sleeps", "sleep", "asleep",  "hangs",    "hang",  NULL};
    return words_has_any(plain, words);
}

static bool denies(const char *plain) {
    static const char *const words[] = {"not", "never", "no",     "doesn",   "don",
                                        "won", "isn",   "cannot", "nothing", NULL};
    return words_has_any(plain, words);
}

/* "no bytes" and "none" are a number as well; "no idea" is not. */
static bool counts(const char *plain, int64_t *number) {
    static const char *const none[] = {"none",          "nothing",    "empty",     "no bytes",
                                       "no byte",       "no packets", "no packet", "no connections",
                                       "no connection", NULL};
    if (words_last_number(plain, number))
        return true;
    *number = 0;
    return words_has_any(plain, none);
}

static struct said hear(const char *plain) {
    static const char *const failure[] = {"fails", "fail", "error", "failure", NULL};
    static const char *const success[] = {"success", "succeeds", "succeed", "works", "work", "ok", NULL};
    struct said said = {.error = find_error(plain)};
    bool affirms = !denies(plain);
    said.blocks = affirms && says_blocks(plain);
    said.numbered = says_blocks(plain) ? words_last_number(plain, &said.number) : counts(plain, &said.number);
    said.fails = affirms && words_has_any(plain, failure);
    said.works = affirms && words_has_any(plain, success);
    return said;
}

/* ---- Results of calls, and calls that sleep ---- */

/* Something that is not the answer, as an example of its form. */
static const char *other_number(const struct expectation *e) {
    return e->number == 7 ? "12" : "7";
}

static const char *other_error(const struct expectation *e) {
    return e->error == constant_in(&constants_errno, "EINVAL")->value ? "EPERM" : "EINVAL";
}

static void form_result(const struct expectation *e, struct buf *out) {
    buf_addf(out, "a number (%s), the name of an error (%s), or blocks", other_number(e), other_error(e));
}

static bool understands_result(const struct expectation *e, const char *plain) {
    struct said said = hear(plain);
    (void)e;
    return said.numbered || said.error != 0 || said.blocks || said.fails || said.works;
}

/* A failure need not be called by its name: -1 is what comes back. But the name of another error is wrong. */
static bool agrees_result(const struct expectation *e, const char *plain) {
    struct said said = hear(plain);
    bool fails = said.numbered ? said.number == -1 : said.fails || said.error != 0;
    if (e->any)
        return said.numbered ? said.number >= 0 : said.works && said.error == 0;
    if (e->number == -1)
        return fails && (e->error == 0 || said.error == 0 || said.error == e->error);
    if (!said.numbered)
        return e->number == 0 && said.works && said.error == 0;
    return said.number == e->number && said.error == 0;
}

const struct predictor predict_result = {understands_result, agrees_result, form_result};

static bool understands_blocks(const struct expectation *e, const char *plain) {
    static const char *const at_once[] = {"returns", "return", "immediately", "at once", NULL};
    return says_blocks(plain) || words_has_any(plain, at_once) || understands_result(e, plain);
}

static bool agrees_blocks(const struct expectation *e, const char *plain) {
    (void)e;
    return hear(plain).blocks;
}

const struct predictor predict_blocks = {understands_blocks, agrees_blocks, form_result};

/* ---- States ---- */

/* As one may say them, squeezed; the textbooks have other names than Linux for three of them. */
static const struct {
    const char *said, *name;
} state_words[] = {
    {"closed", "closed"},       {"synrcvd", "SYN_RECV"},        {"synreceived", "SYN_RECV"},
    {"connected", "connected"}, {"unconnected", "unconnected"}, {"notconnected", "unconnected"},
    {"unconn", "unconnected"},  {"connecting", "connecting"},
};

static void take_longer(const char *squeezed, const char *said, const char *name, size_t *longest,
                        const char **best) {
    if (strlen(said) <= *longest || !strstr(squeezed, said))
        return;
    *longest = strlen(said);
    *best = name;
}

/* The longest name of a state that the answer has in it, blanks apart: "FIN-WAIT-1"; "close wait" is not
 * CLOSE. NULL: none. */
static const char *find_state(const char *plain) {
    char *squeezed = words_squeezed(plain);
    const char *best = NULL;
    size_t longest = 0;
    for (int i = 1; i < SOCKET_STATES_END; i++) {
        const char *name = socket_state_name((enum socket_state)i);
        char *plain_name = words_plain(name), *words = words_squeezed(plain_name);
        take_longer(squeezed, words, name, &longest, &best);
        free(words);
        free(plain_name);
    }
    for (size_t i = 0; i < sizeof(state_words) / sizeof(*state_words); i++)
        take_longer(squeezed, state_words[i].said, state_words[i].name, &longest, &best);
    free(squeezed);
    return best;
}

static bool understands_state(const struct expectation *e, const char *plain) {
    (void)e;
    return find_state(plain) != NULL;
}

/* TCP's CLOSE is CLOSED in RFC 9293, and who says so of a descriptor that is gone is right as well. */
static bool is_closed(const char *state) {
    return strcmp(state, "CLOSE") == 0 || strcmp(state, "closed") == 0;
}

static bool agrees_state(const struct expectation *e, const char *plain) {
    const char *state = find_state(plain);
    return state && (strcmp(state, e->wanted) == 0 || (is_closed(state) && is_closed(e->wanted)));
}

static void form_state(const struct expectation *e, struct buf *out) {
    bool other = strcmp(e->wanted, "SYN_RECV") == 0;
    buf_addf(out, "the name of a state (%s, closed)", other ? "SYN_SENT" : "SYN_RECV");
}

const struct predictor predict_state = {understands_state, agrees_state, form_state};

/* ---- Numbers ---- */

static void form_number(const struct expectation *e, struct buf *out) {
    buf_addf(out, "a number (%s)", other_number(e));
}

static bool understands_count(const struct expectation *e, const char *plain) {
    int64_t number;
    (void)e;
    return counts(plain, &number);
}

static bool agrees_count(const struct expectation *e, const char *plain) {
    int64_t number;
    return counts(plain, &number) && (e->any ? number > 0 : number == e->number);
}

const struct predictor predict_count = {understands_count, agrees_count, form_number};

static bool understands_status(const struct expectation *e, const char *plain) {
    int64_t number;
    (void)e;
    return words_last_number(plain, &number);
}

static bool agrees_status(const struct expectation *e, const char *plain) {
    int64_t number;
    return words_last_number(plain, &number) && number == e->number;
}

const struct predictor predict_status = {understands_status, agrees_status, form_number};

/* How many packets? */
static bool agrees_wire(const struct expectation *e, const char *plain) {
    int64_t number;
    return counts(plain, &number) && number == (int64_t)e->packet_count;
}

static void form_wire(const struct expectation *e, struct buf *out) {
    buf_addf(out, "how many packets (%s)", e->packet_count == 7 ? "12" : "7");
}

const struct predictor predict_wire = {understands_count, agrees_wire, form_wire};

/* ---- Names and values ---- */

static bool has_name(const char *name, const char *plain) {
    char *wanted = words_plain(name);
    bool same = words_has(plain, wanted);
    free(wanted);
    return same;
}

/* SIGPIPE, or PIPE */
static bool has_signal(const char *name, const char *plain) {
    return has_name(name, plain) || has_name(name + strlen("SIG"), plain);
}

static bool understands_signal(const struct expectation *e, const char *plain) {
    (void)e;
    for (size_t i = 0; i < constants_signal.count; i++)
        if (has_signal(constants_signal.items[i].name, plain))
            return true;
    return false;
}

static bool agrees_signal(const struct expectation *e, const char *plain) {
    return has_signal(constant_name(&constants_signal, e->number), plain);
}

static void form_signal(const struct expectation *e, struct buf *out) {
    bool other = e->number == constant_in(&constants_signal, "SIGINT")->value;
    buf_addf(out, "the name of a signal (%s)", other ? "SIGTERM" : "SIGINT");
}

const struct predictor predict_signal = {understands_signal, agrees_signal, form_signal};

static bool understands_fault(const struct expectation *e, const char *plain) {
    (void)e;
    for (int i = ERROR_SYNTAX; i < ERROR_SYSTEM; i++)
        if (has_name(error_kind_name((enum error_kind)i), plain))
            return true;
    return false;
}

static bool agrees_fault(const struct expectation *e, const char *plain) {
    return has_name(error_kind_name(e->fault), plain);
}

static void form_fault(const struct expectation *e, struct buf *out) {
    (void)e;
    buf_add_text(out,
                 "a kind of mistake (syntax, name, type, memory, arithmetic, limit, interrupted, usage)");
}

const struct predictor predict_fault = {understands_fault, agrees_fault, form_fault};

static bool understands_value(const struct expectation *e, const char *plain) {
    int64_t number;
    return !words_number(e->wanted, &number) || words_last_number(plain, &number);
}

static bool agrees_value(const struct expectation *e, const char *plain) {
    int64_t wanted, number;
    bool numbers = words_number(e->wanted, &wanted) && words_last_number(plain, &number);
    return numbers ? number == wanted : has_name(e->wanted, plain);
}

static void form_value(const struct expectation *e, struct buf *out) {
    int64_t wanted;
    if (words_number(e->wanted, &wanted))
        buf_addf(out, "a number (%s)", wanted == 7 ? "12" : "7");
    else
        buf_add_text(out, "a value, as it would be shown");
}

const struct predictor predict_value = {understands_value, agrees_value, form_value};

/* ---- Texts ---- */

/* Is the one contained in the other, punctuation and case apart? */
static bool agrees_text(const struct expectation *e, const char *plain) {
    char *wanted = words_plain(e->wanted);
    bool same = words_has(plain, wanted) || (*plain && words_has(wanted, plain));
    free(wanted);
    return same;
}

static void form_text(const struct expectation *e, struct buf *out) {
    (void)e;
    buf_add_text(out, "a few words of it");
}

const struct predictor predict_text = {NULL, agrees_text, form_text};

/* A path or an abstract name may be any words. */
static bool understands_address(const struct expectation *e, const char *plain) {
    bool numbers = e->wanted == NULL || strchr(e->wanted, '"') == NULL;
    return !numbers || strpbrk(plain, "0123456789") != NULL;
}

/* That of another socket is not in words. */
static bool agrees_address(const struct expectation *e, const char *plain) {
    return e->wanted != NULL && agrees_text(e, plain);
}

static void form_address(const struct expectation *e, struct buf *out) {
    (void)e;
    buf_add_text(out, "an address (192.0.2.7:4000)");
}

const struct predictor predict_address = {understands_address, agrees_address, form_address};

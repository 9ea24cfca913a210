/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was answered, and is it right?  See question.h. */
#include "lesson/question.h"

#include <ctype.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "call/constant.h"
#include "observe/facts.h"

/* ---- Showing ---- */

void question_choices(const struct question *question, struct buf *out) {
    for (size_t i = 0; i < question->choice_count; i++)
        buf_addf(out, "%s%c) %s", i > 0 ? "\n" : "", (char)('a' + i), question->choices[i].text);
}

const char *question_manner(const struct question *question) {
    switch (question->kind) {
    case QUESTION_ONE:
        return "the letter of one of them, please";
    case QUESTION_SEVERAL:
        return "the letters of all that are right, please, as in: a c";
    case QUESTION_WORDS:
        return "a number or a few words, please";
    case QUESTION_PREDICT:
        return "what you expect of the kernel, please: a result (3), an error (ECONNREFUSED), blocks, a "
               "state";
    }
    return "";
}

void question_solution(const struct question *question, struct buf *out) {
    bool any = false;
    switch (question->kind) {
    case QUESTION_ONE:
    case QUESTION_SEVERAL:
        for (size_t i = 0; i < question->choice_count; i++) {
            if (!question->choices[i].right)
                continue;
            buf_addf(out, "%s%c) %s", any ? "; " : "", (char)('a' + i), question->choices[i].text);
            any = true;
        }
        break;
    case QUESTION_WORDS:
        buf_add_text(out, question->answers[0]);
        break;
    case QUESTION_PREDICT:
        buf_add_text(out, question->predicted->text);
        break;
    }
}

/* ---- Words, compared ---- */

/* Letters in lower case, everything that is no letter or digit a blank, blanks single: "CLOSE-WAIT." and
 * "close_wait" are the same, and "-1" stays what it is. */
static char *plain_words(const char *text) {
    struct buf out = {0};
    for (const char *c = text; *c; c++) {
        bool sign =
            *c == '-' && isdigit((unsigned char)c[1]) && (c == text || !isalnum((unsigned char)c[-1]));
        if (isalnum((unsigned char)*c) || (unsigned char)*c >= 0x80 || sign)
            buf_add_char(&out, (char)tolower((unsigned char)*c));
        else if (out.length > 0 && out.data[out.length - 1] != ' ')
            buf_add_char(&out, ' ');
    }
    if (out.length > 0 && out.data[out.length - 1] == ' ')
        out.data[--out.length] = '\0';
    return buf_take(&out);
}

/* Without the blanks; the caller frees. */
static char *squeeze(const char *plain) {
    struct buf out = {0};
    for (; *plain; plain++)
        if (*plain != ' ')
            buf_add_char(&out, *plain);
    return buf_take(&out);
}

/* Are these words, in this order, among those? */
static bool has_words(const char *text, const char *words) {
    size_t length = strlen(words);
    for (const char *at = text; length > 0 && (at = strstr(at, words)) != NULL; at++)
        if ((at == text || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

static bool is_number(const char *text, int64_t *number) {
    char *end;
    errno = 0;
    *number = strtoll(text, &end, 0);
    return end != text && *end == '\0' && errno == 0;
}

/* Numbers are compared as such (0x10 is 16), words without case and punctuation, what has neither as it is. */
static bool same_answer(const char *answer, const char *right) {
    int64_t a, b;
    char *plain_a = plain_words(answer), *plain_b = plain_words(right);
    bool numbers = is_number(plain_a, &a) && is_number(plain_b, &b);
    bool same = numbers ? a == b : *plain_b ? strcmp(plain_a, plain_b) == 0 : strcmp(answer, right) == 0;
    free(plain_a);
    free(plain_b);
    return same;
}

/* ---- Choices ---- */

/* "b", "(b)", "2", or the words of a choice; choice_count: it is none. */
static size_t find_choice(const struct question *question, const char *word) {
    char *plain = plain_words(word);
    size_t i = question->choice_count;
    int64_t number;
    if (plain[0] != '\0' && plain[1] == '\0' && isalpha((unsigned char)plain[0]))
        i = (size_t)(plain[0] - 'a');
    else if (is_number(plain, &number) && number >= 1)
        i = (size_t)(number - 1);
    if (i >= question->choice_count)
        for (i = 0; i < question->choice_count && !same_answer(word, question->choices[i].text);)
            i++;
    free(plain);
    return i;
}

static void add_why(struct buf *why, const char *text) {
    if (*text)
        buf_addf(why, "%s%s", why->length > 0 ? "\n" : "", text);
}

static bool judge_one(const struct question *question, const char *answer, bool *understood,
                      struct buf *why) {
    size_t i = find_choice(question, answer);
    *understood = i < question->choice_count;
    if (!*understood)
        return false;
    add_why(why, question->choices[i].why);
    return question->choices[i].right;
}

/* Every word of the answer names one; "ac" is a and c. */
static bool choose_several(const struct question *question, const char *answer,
                           bool chosen[LESSON_CHOICES_MAX]) {
    char *plain = plain_words(answer), *rest = plain, *word;
    bool good = *plain != '\0';
    while (good && (word = strsep(&rest, " ")) != NULL) {
        if (strcmp(word, "and") == 0)
            continue;
        size_t i = find_choice(question, word);
        if (i < question->choice_count) {
            chosen[i] = true;
            continue;
        }
        for (const char *c = word; good && *c; c++) {
            good = isalpha((unsigned char)*c) && (size_t)(*c - 'a') < question->choice_count;
            if (good)
                chosen[*c - 'a'] = true;
        }
    }
    free(plain);
    return good;
}

/* Of what was chosen wrongly the author says why; if nothing was, of what is right. That something was left
 * out is said without saying what. */
static bool judge_several(const struct question *question, const char *answer, bool *understood,
                          struct buf *why) {
    bool chosen[LESSON_CHOICES_MAX] = {false};
    size_t wrong = 0, missing = 0;
    *understood = choose_several(question, answer, chosen);
    if (!*understood)
        return false;
    for (size_t i = 0; i < question->choice_count; i++) {
        wrong += chosen[i] && !question->choices[i].right;
        missing += !chosen[i] && question->choices[i].right;
    }
    for (size_t i = 0; i < question->choice_count; i++)
        if (chosen[i] && question->choices[i].right == (wrong == 0))
            add_why(why, question->choices[i].why);
    if (wrong == 0 && missing > 0)
        add_why(why, "Right, and not all.");
    return wrong == 0 && missing == 0;
}

/* ---- Predictions in free words ---- */

/* The number of the answer: the last word that is one ("it returns 4"). */
static bool number_in(const char *plain, int64_t *number) {
    bool found = false;
    char *copy = mem_string(plain), *rest = copy, *word;
    while ((word = strsep(&rest, " ")) != NULL) {
        int64_t read;
        if (is_number(word, &read)) {
            *number = read;
            found = true;
        }
    }
    free(copy);
    return found;
}

/* "ECONNREFUSED", or in words: "connection refused". */
static bool names_error(const char *plain, int number) {
    char *name = plain_words(constant_name(&constants_errno, number)), *words = plain_words(strerror(number));
    bool named = has_words(plain, name) || has_words(plain, words);
    free(name);
    free(words);
    return named;
}

static bool any_word(const char *plain, const char *const *words) {
    for (size_t i = 0; words[i]; i++)
        if (has_words(plain, words[i]))
            return true;
    return false;
}

static bool says_it_blocks(const char *plain) {
    static const char *const words[] = {"blocks", "block", "blocked", "blocking", "waits", "wait", "waiting",
                                        "sleeps", "sleep", "asleep",  "hangs",    "hang",  NULL};
    static const char *const not [] = {"not", "never", "no", "doesn", "nothing", NULL};
    return any_word(plain, words) && !any_word(plain, not );
}

static bool predicts_result(const struct expectation *e, const char *plain) {
    static const char *const failure[] = {"fails", "fail", "error", "failure", NULL};
    static const char *const success[] = {"success", "succeeds", "works", "ok", NULL};
    int64_t number = 0;
    bool numbered = number_in(plain, &number);
    if (e->any)
        return (numbered && number >= 0) || (!numbered && any_word(plain, success));
    if (e->error != 0)
        return names_error(plain, e->error) && !(numbered && number != -1);
    if (e->number == -1 && !numbered)
        return any_word(plain, failure);
    return numbered && number == e->number;
}

/* Is the one contained in the other, punctuation and case apart? */
static bool predicts_text(const struct expectation *e, const char *plain) {
    char *wanted = plain_words(e->wanted);
    bool same = has_words(plain, wanted) || (*plain && has_words(wanted, plain));
    free(wanted);
    return same;
}

static bool predicts_name(const char *name, const char *plain) {
    char *wanted = plain_words(name);
    bool same = has_words(plain, wanted);
    free(wanted);
    return same;
}

/* The longest name of a state that the answer has in it, blanks apart: "FIN-WAIT-1"; "close wait" is not
 * CLOSE. */
static bool predicts_state(const char *wanted, const char *plain) {
    char *squeezed = squeeze(plain);
    const char *best = NULL;
    for (int i = 1; i < SOCKET_STATES_END; i++) {
        const char *name = socket_state_name((enum socket_state)i);
        char *plain_name = plain_words(name), *words = squeeze(plain_name);
        if (strstr(squeezed, words) && (!best || strlen(name) > strlen(best)))
            best = name;
        free(words);
        free(plain_name);
    }
    free(squeezed);
    return best ? strcmp(best, wanted) == 0 : predicts_name(wanted, plain);
}

static bool is_none(const char *plain) {
    static const char *const words[] = {"none", "nothing", "no", NULL};
    return any_word(plain, words);
}

static bool predicts(const struct expectation *e, const char *plain) {
    int64_t number = 0;
    switch (e->kind) {
    case EXPECT_RESULT:
    case EXPECT_RETURNS:
        return predicts_result(e, plain);
    case EXPECT_BLOCKS:
        return says_it_blocks(plain);
    case EXPECT_EXITS:
        return number_in(plain, &number) && number == e->number;
    case EXPECT_QUEUE:
        return number_in(plain, &number) && (e->any ? number > 0 : number == e->number);
    case EXPECT_KILLED: /* SIGPIPE, or PIPE */
        return predicts_name(constant_name(&constants_signal, e->number), plain) ||
               predicts_name(constant_name(&constants_signal, e->number) + strlen("SIG"), plain);
    case EXPECT_FAULT:
        return predicts_name(error_kind_name(e->fault), plain);
    case EXPECT_STATE:
        return predicts_state(e->wanted, plain);
    case EXPECT_OPTION:
    case EXPECT_VALUE:
        return predicts_name(e->wanted, plain);
    case EXPECT_PRINTS:
    case EXPECT_CALLS:
    case EXPECT_SENT:
    case EXPECT_RECEIVED:
    case EXPECT_CHANGES:
    case EXPECT_EXPLAINS:
        return predicts_text(e, plain);
    case EXPECT_WIRE: /* how many packets? */
        return number_in(plain, &number) ? number == (int64_t)e->packet_count : e->packet_count == 0 && is_none(plain);
    case EXPECT_LOCAL:
    case EXPECT_PEER:
        return e->wanted && predicts_text(e, plain);
    }
    return false;
}

/* The expectation as the author wrote it is right as well. */
static bool judge_prediction(const struct question *question, const char *answer) {
    const struct expectation *e = question->predicted;
    char *plain = plain_words(answer);
    bool same = same_answer(answer, e->text) || predicts(e, plain) != e->negated;
    free(plain);
    return same;
}

/* ---- All kinds ---- */

bool question_judge(const struct question *question, const char *answer, bool *understood, struct buf *why) {
    bool right = false;
    *understood = answer[strspn(answer, " \t")] != '\0';
    if (!*understood) {
        buf_add_text(why, question_manner(question));
        return false;
    }
    switch (question->kind) {
    case QUESTION_ONE:
        right = judge_one(question, answer, understood, why);
        break;
    case QUESTION_SEVERAL:
        right = judge_several(question, answer, understood, why);
        break;
    case QUESTION_WORDS:
        for (size_t i = 0; i < question->answer_count && !right; i++)
            right = same_answer(answer, question->answers[i]);
        add_why(why, question->why);
        break;
    case QUESTION_PREDICT:
        right = judge_prediction(question, answer);
        break;
    }
    if (!*understood)
        buf_add_text(why, question_manner(question));
    return right;
}

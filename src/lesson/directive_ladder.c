/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * @ladder: a question whose answer is what was captured.
 *
 *     packets: client.sock       which of them; words as of .wire
 *     order: 1..3                shuffled
 *     blank: ack of 3, len of 2  not shown
 *     draw: ack                  drawn by the learner, with these numbers
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "lesson/directive.h"
#include "lesson/expect_parts.h"

static const char *const figure_words[] = {[FIGURE_SEQ] = "seq",
                                           [FIGURE_ACK] = "ack",
                                           [FIGURE_LENGTH] = "len",
                                           [FIGURE_WINDOW] = "win",
                                           [FIGURES] = NULL};
static const char *const blank_words[] = {
    [FIGURE_SEQ] = "seq",    [FIGURE_ACK] = "ack",      [FIGURE_LENGTH] = "len", [FIGURE_WINDOW] = "win",
    [BLANK_FLAGS] = "flags", [BLANK_SENDER] = "sender", [BLANKS] = NULL};

/* The next word from *at on, which a comma may end; NULL: none is left. The caller frees. */
static char *next_word(const char **at, const char *value, struct place *place) {
    const char *begin = *at + strspn(*at, " ,");
    size_t length = strcspn(begin, " ,");
    place->column += characters(value, (size_t)(begin - value));
    *at = begin + length;
    return length > 0 ? mem_string_n(begin, length) : NULL;
}

static size_t find(const char *const *words, const char *word) {
    size_t i = 0;
    while (words[i] && strcmp(words[i], word) != 0)
        i++;
    return i;
}

static bool is_number(const char *word, size_t most, size_t *number) {
    size_t digits = strspn(word, "0123456789");
    *number = digits > 0 && digits < 7 ? strtoul(word, NULL, 10) : 0;
    return word[digits] == '\0' && *number > 0 && *number <= most;
}

/* ---- Which packets ---- */

static const char *find_kind(const char *word) {
    static const char *const kinds[] = {"TCP", "UDP", "ICMP", "ICMPv6", "ARP"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (strcasecmp(kinds[i], word) == 0)
            return kinds[i];
    return NULL;
}

static const char *find_actor(const struct lesson *lesson, const char *word) {
    const char *name;
    for (size_t i = 0; (name = lesson_actor(lesson, i)) != NULL; i++)
        if (strcmp(name, word) == 0)
            return name;
    return NULL;
}

static bool take_socket(struct loader *loader, struct quiz *quiz, const char *word, struct place place) {
    char nobody[] = "";
    struct expectation made = {.actor = nobody};
    struct reading reading = {
        .place = place, .text = word, .lesson = loader->lesson, .made = &made, .error = loader->error};
    const char *rest = word;
    if (quiz->socket.actor)
        return load_fail(loader->error, place, "one socket is named already");
    if (!strchr(word, '.')) {
        load_fail(loader->error, place, "\"%s\" does not say which packets", word);
        error_hint(loader->error,
                   "as for .wire: an actor, a socket (%s.sock), a port, TCP, UDP, ICMP, ICMPv6 or ARP",
                   loader->lesson->actors[0]);
        return false;
    }
    return read_named_socket(&reading, &rest, &quiz->socket);
}

static bool take_packet_word(struct loader *loader, struct quiz *quiz, const char *word, struct place place) {
    const char *actor = find_actor(loader->lesson, word), *kind = find_kind(word);
    size_t port;
    if (strcmp(word, "all") == 0)
        quiz->all = true;
    else if (actor)
        quiz->actor = actor;
    else if (kind)
        quiz->packet_kind = kind;
    else if (is_number(word, 65535, &port))
        quiz->port = (unsigned)port;
    else
        return take_socket(loader, quiz, word, place);
    return true;
}

bool take_packets(struct loader *loader, struct item *item, const char *value, struct place place) {
    bool good = *value != '\0' || load_fail(loader->error, place, "which packets is missing here");
    for (const char *at = value; good && *at != '\0';) {
        struct place here = place;
        char *word = next_word(&at, value, &here);
        good = !word || take_packet_word(loader, item->quiz, word, here);
        free(word);
    }
    return good;
}

/* ---- What is asked ---- */

static bool take_kind(struct loader *loader, struct quiz *quiz, enum quiz_kind kind, struct place place) {
    if (quiz->kind != QUIZ_NONE)
        return load_fail(loader->error, place, "a ladder is asked about in one way: order:, blank: or draw:");
    quiz->kind = kind;
    return true;
}

/* "1..3", "all" */
bool take_order(struct loader *loader, struct item *item, const char *value, struct place place) {
    struct quiz *quiz = item->quiz;
    const char *dots = strstr(value, "..");
    if (!take_kind(loader, quiz, QUIZ_ORDER, place))
        return false;
    quiz->low = 1;
    if (strcmp(value, "all") == 0)
        return true;
    char *low = mem_string_n(value, dots ? (size_t)(dots - value) : 0);
    bool good = dots && is_number(low, LESSON_RUNG_MAX, &quiz->low) &&
                is_number(dots + 2, LESSON_RUNG_MAX, &quiz->high) && quiz->low < quiz->high;
    free(low);
    if (!good) {
        load_fail(loader->error, place, "which packets are shuffled is missing here");
        error_hint(loader->error, "order: 1..3, or order: all; the first is 1");
        return false;
    }
    if (quiz->high - quiz->low >= LESSON_RUNGS_MAX)
        return load_fail(loader->error, place, "at most %d packets are shuffled", LESSON_RUNGS_MAX);
    return true;
}

/* "ack of 3" from *at on. */
static bool take_one_blank(struct loader *loader, struct quiz *quiz, const char **at, const char *value,
                           struct place place) {
    struct place what_place = place, of_place = place, rung_place = place;
    char *what = next_word(at, value, &what_place), *of = next_word(at, value, &of_place),
         *rung = next_word(at, value, &rung_place);
    struct quiz_blank blank = {.what = (unsigned)find(blank_words, what ? what : "")};
    bool good = false;
    if (quiz->blank_count == LESSON_BLANKS_MAX) {
        load_fail(loader->error, what_place, "there are at most %d blanks", LESSON_BLANKS_MAX);
    } else if (blank.what == BLANKS) {
        load_fail(loader->error, what_place, "a packet of the ladder has no \"%s\" that could be blanked",
                  what ? what : "");
        load_suggest(loader->error, what ? what : "", list_word, blank_words,
                     "one of seq, ack, len, win, flags and sender: blank: ack of 3");
    } else if (!of || strcmp(of, "of") != 0 || !rung || !is_number(rung, LESSON_RUNG_MAX, &blank.rung)) {
        load_fail(loader->error, of && strcmp(of, "of") == 0 ? rung_place : of_place,
                  "of which packet is missing here");
        error_hint(loader->error, "blank: %s of 3; the first packet is 1", what);
    } else {
        good = true;
        for (size_t i = 0; good && i < quiz->blank_count; i++)
            if (quiz->blanks[i].rung == blank.rung && quiz->blanks[i].what == blank.what)
                good = load_fail(loader->error, what_place, "this is blanked already");
        quiz->blanks[quiz->blank_count++] = blank;
    }
    free(what);
    free(of);
    free(rung);
    return good;
}

/* As they are read on the rungs: flags stand in front. */
static size_t place_of_blank(const struct quiz_blank *blank) {
    return blank->rung * (BLANKS + 1) + (blank->what == BLANK_FLAGS ? 0 : blank->what + 1);
}

static void sort_blanks(struct quiz *quiz) {
    for (size_t i = 1; i < quiz->blank_count; i++)
        for (size_t k = i; k > 0; k--) {
            struct quiz_blank *a = &quiz->blanks[k - 1], *b = &quiz->blanks[k], swapped = *a;
            if (place_of_blank(a) < place_of_blank(b))
                break;
            *a = *b;
            *b = swapped;
        }
}

bool take_blank(struct loader *loader, struct item *item, const char *value, struct place place) {
    struct quiz *quiz = item->quiz;
    bool good = take_kind(loader, quiz, QUIZ_BLANK, place);
    const char *at = value;
    do
        good = good && take_one_blank(loader, quiz, &at, value, place);
    while (good && at[strspn(at, " ,")] != '\0');
    sort_blanks(quiz);
    return good;
}

/* Nothing, or the numbers that must be given: "seq ack". */
bool take_draw(struct loader *loader, struct item *item, const char *value, struct place place) {
    bool good = take_kind(loader, item->quiz, QUIZ_DRAW, place);
    for (const char *at = value; good && *at != '\0';) {
        struct place here = place;
        char *word = next_word(&at, value, &here);
        size_t which = word ? find(figure_words, word) : 0;
        if (word && which < FIGURES) {
            item->quiz->figures |= 1U << which;
        } else if (word) {
            good = load_fail(loader->error, here, "\"%s\" is no number of a packet", word);
            load_suggest(loader->error, word, list_word, figure_words,
                         "draw: alone, or with the numbers that must be given: draw: seq ack len win");
        }
        free(word);
    }
    return good;
}

/* ---- The whole ---- */

/* Something must have been done that packets can come from. */
static bool follows_step(const struct lesson *lesson, const struct item *item) {
    for (const struct item *before = item; before-- > lesson->items;) {
        if (before->kind == ITEM_STEP || before->kind == ITEM_TASK)
            return true;
        if (before->kind == ITEM_HEADING && !item->quiz->all)
            return false;
    }
    return false;
}

bool end_ladder(struct loader *loader, const struct item *item) {
    struct place place = directive_place(loader, item);
    loader->lesson->asks_packets = true;
    if (item->quiz->kind == QUIZ_NONE) {
        load_fail(loader->error, place, "what is asked of this ladder is missing");
        error_hint(loader->error, "order: 1..3, or blank: ack of 3, or draw:");
        return false;
    }
    if (item->quiz->socket.actor && *item->quiz->socket.actor == '\0')
        return load_fail(loader->error, place, "the socket in \"packets:\" names its actor: %s.sock",
                         loader->lesson->actors[0]);
    if (follows_step(loader->lesson, item))
        return true;
    load_fail(loader->error, place,
              "nothing can have been captured: no step stands between the last heading and this");
    error_hint(loader->error, "\"packets: all\" asks about all since the lesson began");
    return false;
}

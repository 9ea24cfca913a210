/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the answer what was captured?  Orders and blanks; see quiz.h. */
#include "lesson/quiz.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "lesson/quiz_parts.h"
#include "packet/packet.h"

static const char *const blank_names[] = {
    [FIGURE_SEQ] = "seq",    [FIGURE_ACK] = "ack",    [FIGURE_LENGTH] = "len",
    [FIGURE_WINDOW] = "win", [BLANK_FLAGS] = "flags", [BLANK_SENDER] = "sender"};

bool quiz_value(const struct sheet_packet *packet, unsigned what, struct buf *out) {
    const struct wire_packet *wire = &packet->packet;
    if (what == BLANK_SENDER) {
        buf_add_text(out, quiz_sender(packet));
        return true;
    }
    if (what == BLANK_FLAGS && strcmp(wire->kind, "TCP") == 0) {
        packet_flags(wire->flags, out);
        return true;
    }
    if (what >= FIGURES || !wire->has[what])
        return false;
    buf_addf(out, "%u", wire->numbers[what]);
    return true;
}

/* ---- Orders ---- */

/* "b a c", "bac", "b, a, c", "b < a < c"; false: not each letter once. `order`: packets of the shuffled ones. */
static bool read_order(const struct sheet *sheet, const char *answer, size_t order[LESSON_RUNGS_MAX]) {
    bool used[LESSON_RUNGS_MAX] = {false};
    size_t count = 0;
    for (const char *c = answer; *c; c++) {
        size_t letter = (size_t)(tolower((unsigned char)*c) - 'a');
        if (!isalnum((unsigned char)*c))
            continue;
        if (letter >= sheet->shuffled || used[letter])
            return false;
        used[letter] = true;
        order[count++] = sheet->letters[letter];
    }
    return count == sheet->shuffled;
}

static const char *text_of(const struct sheet *sheet, size_t shuffled) {
    return sheet->packets[sheet->low + shuffled].text;
}

/* The learner's first pair that is the wrong way round for a reason; else the first that is. */
static void tell_disorder(const struct sheet *sheet, const size_t order[], struct buf *why) {
    size_t first = 0, second = 0;
    for (size_t i = 0; i < sheet->shuffled; i++)
        for (size_t k = i + 1; k < sheet->shuffled; k++) {
            if (order[i] < order[k] || strcmp(text_of(sheet, order[i]), text_of(sheet, order[k])) == 0)
                continue;
            if (why_after(sheet, sheet->low + order[i], sheet->low + order[k], why))
                return;
            if (first == second) {
                first = order[k];
                second = order[i];
            }
        }
    why_name(sheet, sheet->low + first, why);
    buf_add_text(why, " was seen before ");
    why_name(sheet, sheet->low + second, why);
    buf_add_char(why, '.');
}

static bool judge_order(const struct sheet *sheet, const char *answer, bool *understood, struct buf *why) {
    size_t order[LESSON_RUNGS_MAX];
    bool right = true;
    *understood = read_order(sheet, answer, order);
    if (!*understood)
        return false;
    for (size_t i = 0; i < sheet->shuffled; i++) /* those that read the same are the same */
        right = right && strcmp(text_of(sheet, order[i]), text_of(sheet, i)) == 0;
    if (!right)
        tell_disorder(sheet, order, why);
    return right;
}

/* The letter of the i-th packet. */
static char letter_of(const struct sheet *sheet, size_t shuffled) {
    size_t letter = 0;
    while (sheet->letters[letter] != shuffled)
        letter++;
    return (char)('a' + letter);
}

static void answer_order(const struct sheet *sheet, struct buf *out) {
    for (size_t i = 0; i < sheet->shuffled; i++)
        buf_addf(out, "%s%c", i > 0 ? " " : "", letter_of(sheet, i));
}

/* Two that stand beside each other, and do not read the same, the other way round. */
static bool wrong_order(const struct sheet *sheet, size_t wanted, struct buf *out) {
    for (size_t i = 0; i + 1 < sheet->shuffled; i++) {
        if (strcmp(text_of(sheet, i), text_of(sheet, i + 1)) == 0 || wanted-- > 0)
            continue;
        for (size_t k = 0; k < sheet->shuffled; k++)
            buf_addf(out, "%s%c", k > 0 ? " " : "", letter_of(sheet, k == i ? i + 1 : k == i + 1 ? i : k));
        return true;
    }
    return false;
}

/* ---- Blanks ---- */

static const struct sheet_packet *blanked(const struct sheet *sheet, size_t blank) {
    return &sheet->packets[sheet->quiz->blanks[blank].rung - 1];
}

/* The parts of an answer, one for each blank: between commas, or, where each is one word, blanks. */
static bool split(const struct quiz *quiz, char *answer, char *parts[LESSON_BLANKS_MAX]) {
    const char *divides = strpbrk(answer, ",;") || quiz->blank_count == 1 ? ",;" : " \t";
    size_t count = 0;
    for (char *save = NULL, *part = strtok_r(answer, divides, &save); part;
         part = strtok_r(NULL, divides, &save)) {
        part += strspn(part, " \t");
        size_t length = strlen(part);
        while (length > 0 && (part[length - 1] == ' ' || part[length - 1] == '\t'))
            part[--length] = '\0';
        if (length == 0)
            continue;
        if (count == quiz->blank_count)
            return false;
        parts[count++] = part;
    }
    return count == quiz->blank_count;
}

static bool read_figure(const char *text, uint32_t *number) {
    char *end;
    if (!isdigit((unsigned char)*text))
        return false;
    unsigned long long read = strtoull(text, &end, 0);
    *number = (uint32_t)read;
    return *end == '\0' && read <= UINT32_MAX;
}

/* "SYN ACK", "syn/ack", "SYN+ACK" */
static bool read_flags(const char *text, unsigned *flags) {
    *flags = 0;
    while (*text) {
        char name[4] = "";
        size_t length = 0;
        for (; isalpha((unsigned char)text[length]); length++)
            if (length < 3)
                name[length] = (char)toupper((unsigned char)text[length]);
        unsigned flag = length == 3 ? packet_flag(name, 3) : 0;
        if (flag == 0)
            return false;
        *flags |= flag;
        text += length;
        text += strspn(text, " \t+/&-");
    }
    return *flags != 0;
}

/* Which other number of the packet that is. */
static void tell_mistaken(const struct sheet_packet *packet, unsigned what, uint32_t number,
                          struct buf *why) {
    for (unsigned i = FIGURE_SEQ; i <= FIGURE_LENGTH; i++)
        if (i != what && packet->packet.has[i] && packet->packet.numbers[i] == number && number > 0) {
            buf_addf(why, "%u is its %s. ", number, blank_names[i]);
            return;
        }
}

/* Whether a sender pushes is its own affair: without PSH it is right as well. */
static bool judge_flags(unsigned said, unsigned flags, struct buf *why) {
    struct buf wrong = {0};
    bool right = (said | TCP_PSH) == (flags | TCP_PSH) && (flags & TCP_PSH || !(said & TCP_PSH));
    unsigned missing = flags & ~said & ~(unsigned)TCP_PSH;
    if (!right && (said & ~flags) != 0) {
        packet_flags(said & ~flags, &wrong);
        buf_addf(why, "It has no %s.", buf_text(&wrong));
    }
    if (!right && missing != 0)
        buf_addf(why, "%sIt has %s that you have not named.", why->length > 0 ? " " : "",
                 missing & (missing - 1) ? "flags" : "a flag");
    buf_free(&wrong);
    return right;
}

/* *understood is false where it is no such value at all. */
static bool judge_blank(const struct sheet *sheet, size_t number, const char *said, bool *understood,
                        struct buf *why) {
    const struct quiz_blank *blank = &sheet->quiz->blanks[number];
    const struct sheet_packet *packet = blanked(sheet, number);
    bool right;
    unsigned flags;
    uint32_t figure = 0;
    if (blank->what == BLANK_FLAGS) {
        *understood = read_flags(said, &flags);
        return *understood && judge_flags(flags, packet->packet.flags, why);
    }
    if (blank->what == BLANK_SENDER) {
        *understood = strcasecmp(said, "nobody") == 0;
        for (size_t i = 0; lesson_actor(sheet->lesson, i); i++)
            *understood = *understood || strcasecmp(said, lesson_actor(sheet->lesson, i)) == 0;
        right = strcasecmp(said, quiz_sender(packet)) == 0;
    } else {
        *understood = read_figure(said, &figure);
        right = *understood && figure == packet->packet.numbers[blank->what];
    }
    if (!right && *understood && blank->what < FIGURES)
        tell_mistaken(packet, blank->what, figure, why);
    if (!right && *understood)
        why_value(sheet, blank->rung - 1, blank->what, why);
    return right;
}

static bool judge_blanks(const struct sheet *sheet, const char *answer, bool *understood, struct buf *why) {
    char *copy = mem_string(answer), *parts[LESSON_BLANKS_MAX];
    bool right = true;
    *understood = split(sheet->quiz, copy, parts);
    for (size_t i = 0; *understood && i < sheet->quiz->blank_count; i++) {
        struct buf reason = {0};
        bool good = judge_blank(sheet, i, parts[i], understood, &reason);
        if (!good && sheet->quiz->blank_count > 1)
            buf_addf(why, "%s%c is not right.%s%s", why->length > 0 ? "\n" : "", (char)('a' + i),
                     reason.length > 0 ? " " : "", buf_text(&reason));
        else
            buf_add_text(why, buf_text(&reason));
        right = right && good;
        buf_free(&reason);
    }
    if (!*understood)
        buf_clear(why);
    else if (right && sheet->quiz->blank_count == 1)
        why_value(sheet, sheet->quiz->blanks[0].rung - 1, sheet->quiz->blanks[0].what, why);
    free(copy);
    return right && *understood;
}

static void answer_blanks(const struct sheet *sheet, struct buf *out) {
    for (size_t i = 0; i < sheet->quiz->blank_count; i++) {
        buf_add_text(out, i > 0 ? ", " : "");
        quiz_value(blanked(sheet, i), sheet->quiz->blanks[i].what, out);
    }
}

/* The wanted-th blank with another value: one more; a flag more or less; another sender. */
static bool wrong_blank(const struct sheet *sheet, size_t wanted, struct buf *out) {
    if (wanted >= sheet->quiz->blank_count)
        return false;
    for (size_t i = 0; i < sheet->quiz->blank_count; i++) {
        const struct sheet_packet *packet = blanked(sheet, i);
        unsigned what = sheet->quiz->blanks[i].what;
        buf_add_text(out, i > 0 ? ", " : "");
        if (i != wanted)
            quiz_value(packet, what, out);
        else if (what == BLANK_FLAGS)
            packet_flags(packet->packet.flags ^ TCP_URG, out);
        else if (what == BLANK_SENDER)
            buf_add_text(out, packet->sender[0] != '\0' ? "nobody" : sheet->lesson->actors[0]);
        else
            buf_addf(out, "%u", packet->packet.numbers[what] + 1);
    }
    return true;
}

/* ---- All kinds ---- */

static void manner_of_order(const struct sheet *sheet, struct buf *out) {
    buf_addf(out,
             "all %zu letters, each once, the one that came first in front, please, as in:", sheet->shuffled);
    for (size_t i = 0; i < sheet->shuffled; i++)
        buf_addf(out, " %c", (char)('a' + i));
}

static void manner_of_blanks(const struct quiz *quiz, struct buf *out) {
    static const char *const wanted[] = {[FIGURE_SEQ] = "a number",
                                         [FIGURE_ACK] = "a number",
                                         [FIGURE_LENGTH] = "a number",
                                         [FIGURE_WINDOW] = "a number",
                                         [BLANK_FLAGS] = "flags, such as FIN ACK",
                                         [BLANK_SENDER] = "who sent it, or nobody"};
    for (size_t i = 0; i < quiz->blank_count; i++) {
        if (quiz->blank_count > 1)
            buf_addf(out, "%s%c (%s): ", i > 0 ? "; " : "", (char)('a' + i),
                     blank_names[quiz->blanks[i].what]);
        buf_add_text(out, wanted[quiz->blanks[i].what]);
    }
    buf_add_text(out, quiz->blank_count > 1 ? "; with commas between, please" : ", please");
}

void quiz_manner(const struct sheet *sheet, struct buf *out) {
    switch (sheet->quiz->kind) {
    case QUIZ_ORDER:
        manner_of_order(sheet, out);
        return;
    case QUIZ_BLANK:
        manner_of_blanks(sheet->quiz, out);
        return;
    case QUIZ_DRAW:
        quiz_manner_of_drawing(sheet, out);
        return;
    case QUIZ_NONE:
        return;
    }
}

bool quiz_judge(const struct sheet *sheet, const char *answer, bool *understood, struct buf *why) {
    bool right = false;
    *understood = false;
    switch (sheet->quiz->kind) {
    case QUIZ_ORDER:
        right = judge_order(sheet, answer, understood, why);
        break;
    case QUIZ_BLANK:
        right = judge_blanks(sheet, answer, understood, why);
        break;
    case QUIZ_DRAW:
        right = quiz_judge_drawing(sheet, answer, understood, why);
        break;
    case QUIZ_NONE:
        break;
    }
    if (!*understood && why->length == 0)
        quiz_manner(sheet, why);
    return right;
}

void quiz_answer(const struct sheet *sheet, struct buf *out) {
    switch (sheet->quiz->kind) {
    case QUIZ_ORDER:
        answer_order(sheet, out);
        return;
    case QUIZ_BLANK:
        answer_blanks(sheet, out);
        return;
    case QUIZ_DRAW:
        quiz_answer_drawing(sheet, out);
        return;
    case QUIZ_NONE:
        return;
    }
}

bool quiz_wrong(const struct sheet *sheet, size_t i, struct buf *out) {
    switch (sheet->quiz->kind) {
    case QUIZ_ORDER:
        return wrong_order(sheet, i, out);
    case QUIZ_BLANK:
        return wrong_blank(sheet, i, out);
    case QUIZ_DRAW:
        return quiz_wrong_drawing(sheet, i, out);
    case QUIZ_NONE:
        break;
    }
    return false;
}

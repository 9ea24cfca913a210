/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ladder in the learner's words: whatever a person draws on paper is taken,
 * as long as it can mean one thing only, and turned into the words that stand
 * behind `wire` in a lesson.
 *
 *     client SYN                     Client -> server: SYN, seq=0
 *     server SYN-ACK ack 1           client <--[SYN, ACK] ack=1-- server
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "lesson/load.h"
#include "lesson/quiz_parts.h"
#include "packet/packet.h"
#include "packet/track.h"

static const char *const kinds[] = {"UDP", "ICMP", "ICMPv6", "ARP"};
static const struct {
    const char *said, *word;
} figures[] = {{"seq", "seq"}, {"ack", "ack"}, {"len", "len"}, {"length", "len"}, {"win", "win"}, {"window", "win"}};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

/* ---- A line in tokens ---- */

enum token_kind {
    TOKEN_WORD,
    TOKEN_QUOTED,
    TOKEN_ONWARDS, /* an arrow to the right, or a line without a head */
    TOKEN_BACK,    /* an arrow to the left */
    TOKEN_BREAK,   /* , ; and / between blanks: perhaps another packet */
    TOKEN_END,
};

struct token {
    enum token_kind kind;
    const char *text;
    size_t length;
};

/* Dashes, heads, and what ladders are drawn with. */
static bool is_stroke(uint32_t code, bool *back, bool *head) {
    static const uint32_t left[] = {'<', 0x2190, 0x25c0, 0x25c4, 0x27f5}, right[] = {'>', 0x2192, 0x25b6, 0x25ba, 0x27f6};
    for (size_t i = 0; i < COUNT(left); i++) {
        *back |= code == left[i];
        *head |= code == left[i] || code == right[i];
        if (code == left[i] || code == right[i])
            return true;
    }
    *head |= code == 0x2500;
    return code == '-' || code == '=' || code == 0x2500;
}

/* How many bytes of an arrow stand here. One - or = is none: it may join two words. */
static size_t arrow_length(const char *text, bool *back) {
    size_t length = 0, strokes = 0, used, left = strlen(text);
    bool head = false;
    *back = false;
    while (length < left && is_stroke(utf8_decode(text + length, left - length, &used), back, &head)) {
        length += used;
        strokes++;
    }
    return head || strokes > 1 ? length : 0;
}

static size_t quoted_length(const char *text) {
    size_t length = 1;
    while (text[length] != '\0' && text[length] != '"')
        length += text[length] == '\\' && text[length + 1] != '\0' ? 2 : 1;
    return length + (text[length] == '"');
}

static size_t word_length(const char *text) {
    size_t length = 0, used;
    bool back;
    while (text[length] != '\0' && strchr(" \t,;:=()[]\"", text[length]) == NULL &&
           arrow_length(text + length, &back) == 0) {
        utf8_decode(text + length, strlen(text + length), &used);
        length += used;
    }
    return length;
}

static struct token next_token(const char **at) {
    const char *text = *at;
    bool back;
    size_t arrow;
    while ((arrow = arrow_length(text, &back)) == 0 && *text != '\0' && strchr(" \t:=()[]", *text) != NULL)
        text++;
    struct token token = {TOKEN_END, text, 1};
    if (*text == '\0')
        token.length = 0;
    else if (arrow > 0)
        token = (struct token){back ? TOKEN_BACK : TOKEN_ONWARDS, text, arrow};
    else if (*text == ',' || *text == ';' || (*text == '/' && strchr(" \t", text[1]) != NULL))
        token.kind = TOKEN_BREAK;
    else if (*text == '"')
        token = (struct token){TOKEN_QUOTED, text, quoted_length(text)};
    else
        token = (struct token){TOKEN_WORD, text, word_length(text)};
    *at = text + token.length;
    return token;
}

/* ---- Words ---- */

static bool is_number(const struct token *token) {
    size_t digits = strspn(token->text, "0123456789");
    return token->kind == TOKEN_WORD && token->length > 0 && digits >= token->length;
}

/* The first `length` bytes are one of ours; NULL: they are not. */
static const char *find_figure(const char *word, size_t length) {
    for (size_t i = 0; i < COUNT(figures); i++)
        if (strlen(figures[i].said) == length && strncasecmp(figures[i].said, word, length) == 0)
            return figures[i].word;
    return NULL;
}

/* "syn", "SYN-ACK", "SYN/ACK", "synack" → "SYN ACK" */
static bool read_flags(const char *word, size_t length, struct buf *out) {
    for (size_t i = 0; i < length;) {
        char flag[4] = "";
        for (size_t k = 0; k < 3 && i + k < length; k++)
            flag[k] = (char)toupper((unsigned char)word[i + k]);
        if (packet_flag(flag, strlen(flag)) == 0)
            return false;
        buf_addf(out, "%s%s", out->length > 0 ? " " : "", flag);
        i += strlen(flag);
        i += i < length && strchr("-+/&", word[i]) != NULL;
    }
    return true;
}

/* What a packet can be said to be, in our words, "" else. */
static void add_known(const char *word, size_t length, bool number_follows, struct buf *out) {
    size_t letters = 0;
    while (letters < length && isalpha((unsigned char)word[letters]))
        letters++;
    const char *figure = find_figure(word, letters);
    size_t digits = strspn(word + letters, "0123456789");
    if (figure != NULL && letters < length && letters + digits >= length) { /* "ack6" */
        buf_addf(out, "%s %.*s", figure, (int)(length - letters), word + letters);
        return;
    }
    if (figure != NULL && letters == length && (number_follows || strcmp(figure, "ack") != 0)) {
        buf_add_text(out, figure);
        return;
    }
    if (read_flags(word, length, out))
        return;
    buf_clear(out);
    for (size_t i = 0; i < COUNT(kinds); i++)
        if (strlen(kinds[i]) == length && strncasecmp(kinds[i], word, length) == 0)
            buf_add_text(out, kinds[i]);
    struct buf lower = {0};
    for (size_t i = 0; i < length; i++)
        buf_add_char(&lower, (char)tolower((unsigned char)word[i]));
    if (track_mark(buf_text(&lower), length) != 0)
        buf_add_text(out, buf_text(&lower));
    buf_free(&lower);
}

static bool is_known(const struct token *token) {
    struct buf word = {0};
    if (token->kind == TOKEN_WORD)
        add_known(token->text, token->length, true, &word);
    bool known = token->kind == TOKEN_QUOTED || is_number(token) || word.length > 0;
    buf_free(&word);
    return known;
}

/* The actor who is called so, in whatever letters, or by the beginning of one name only; NULL: nobody is. */
static const char *find_name(const struct sheet *sheet, const struct token *token) {
    const char *name, *found = NULL;
    size_t count = 0;
    if (token->kind != TOKEN_WORD)
        return NULL;
    for (size_t i = 0; (name = lesson_actor(sheet->lesson, i)) != NULL; i++) {
        if (strncasecmp(name, token->text, token->length) != 0)
            continue;
        if (strlen(name) == token->length)
            return name;
        found = name;
        count++;
    }
    if (token->length == 6 && strncasecmp(token->text, "nobody", 6) == 0)
        return "nobody";
    return count == 1 ? found : NULL;
}

/* ---- A packet ---- */

struct said {
    const struct token *tokens;
    size_t count;
};

/* Whose name stands beside an arrow, but at the beginning; 0: nobody's does. */
static size_t other_end(const struct sheet *sheet, const struct said *said) {
    for (size_t i = 1; i < said->count; i++) {
        bool after = said->tokens[i - 1].kind == TOKEN_ONWARDS || said->tokens[i - 1].kind == TOKEN_BACK;
        if (after && !is_known(&said->tokens[i]) && find_name(sheet, &said->tokens[i]) != NULL)
            return i;
    }
    return 0;
}

static void add_name(const struct sheet *sheet, const struct token *token, struct buf *out) {
    const char *name = find_name(sheet, token);
    if (name != NULL)
        buf_add_text(out, name);
    else /* which there is not: it is told with the nearest one */
        buf_add(out, token->text, token->length);
}

static void add_rest(const struct said *said, size_t i, struct buf *out) {
    const struct token *token = &said->tokens[i];
    struct buf word = {0};
    if (token->kind == TOKEN_WORD)
        add_known(token->text, token->length, i + 1 < said->count && is_number(token + 1), &word);
    if (token->kind == TOKEN_QUOTED || (token->kind == TOKEN_WORD && word.length == 0))
        buf_add(&word, token->text, token->length);
    if (strncmp(buf_text(&word), "ack", 3) == 0 && strstr(buf_text(out), " ACK") == NULL)
        buf_add_text(out, " ACK"); /* the number counts where the flag is set alone */
    if (word.length > 0)
        buf_addf(out, " %s", buf_text(&word));
    buf_free(&word);
}

/* False: it does not say who sends it, and `why` says so. */
static bool in_our_words(const struct sheet *sheet, const struct said *said, struct buf *out, struct buf *why) {
    size_t other = other_end(sheet, said), sender = 0;
    bool back = false;
    for (size_t i = 0; i < said->count; i++)
        back |= said->tokens[i].kind == TOKEN_BACK;
    if (said->tokens[0].kind != TOKEN_WORD || is_known(&said->tokens[0])) {
        buf_add_text(why, "it says what is sent, and not by whom: that comes first");
        return false;
    }
    if (back && other == 0) {
        buf_add_text(why, "the arrow points to the left, and nobody stands at its other end");
        return false;
    }
    if (back)
        sender = other;
    add_name(sheet, &said->tokens[sender], out);
    for (size_t i = 1; i < said->count; i++)
        if (i != other)
            add_rest(said, i, out);
    return true;
}

/* It must say what it is. */
static bool says_what(const struct expected_packet *packet, struct buf *why) {
    if (packet->flags != 0 || packet->kind != NULL)
        return true;
    buf_add_text(why, "it says who sends it, and not what: flags (SYN, ACK, FIN …), or UDP or ICMP");
    return false;
}

static bool read_packet(const struct sheet *sheet, const struct said *said, struct expectation *made, struct buf *text,
                        struct buf *why) {
    struct error error = {0};
    if (!in_our_words(sheet, said, text, why))
        return false;
    bool good = packets_parse(sheet->lesson, buf_text(text), (struct place){0}, made, &error);
    if (!good) {
        bool near = error.hint != NULL && strncmp(error.hint, "did you mean", 12) == 0;
        buf_add_text(why, error.text);
        if (near)
            buf_addf(why, "; %s", error.hint);
    }
    error_free(&error);
    return good && says_what(&made->packets[made->packet_count - 1], why);
}

/* ---- A line ---- */

/* A packet ends with a break, unless what follows is more about it: "client SYN, seq 0". */
static size_t packet_end(const struct token *tokens, size_t from) {
    size_t end = from;
    while (tokens[end].kind != TOKEN_END && (tokens[end].kind != TOKEN_BREAK || is_known(&tokens[end + 1])))
        end++;
    return end;
}

static struct token *tokens_of(const char *line) {
    struct token *tokens = NULL;
    size_t count = 0, room = 0;
    do {
        if (count == room)
            tokens = mem_grow(tokens, room = room > 0 ? 2 * room : 32, sizeof(*tokens));
        tokens[count] = next_token(&line);
    } while (tokens[count++].kind != TOKEN_END);
    return tokens;
}

/* Without the breaks that stand before it. */
static size_t packet_begin(const struct token *tokens, size_t from) {
    while (tokens[from].kind == TOKEN_BREAK)
        from++;
    return from;
}

/* What is wrong, in which packet where the line has several, and how it would be right. */
static void tell_trouble(const struct sheet *sheet, const struct said *said, size_t number, bool only,
                         const char *trouble, struct buf *why) {
    const struct token *last = &said->tokens[said->count - 1];
    if (!only)
        buf_addf(why, "packet %zu of the line, `%.*s`: ", number,
                 (int)(last->text + last->length - said->tokens->text), said->tokens->text);
    buf_add_text(why, trouble);
    if (strstr(trouble, "did you mean") != NULL)
        return;
    buf_add_text(why, ". What is wanted: ");
    quiz_manner(sheet, why);
}

/* One more packet of the line. */
static bool take_packet(const struct sheet *sheet, const struct said *said, bool only, struct expectation *made,
                        char **drawn, struct buf *why) {
    struct buf text = {0}, trouble = {0};
    size_t number = made->packet_count;
    bool good = number < LESSON_PACKETS_MAX && read_packet(sheet, said, made, &text, &trouble);
    if (good && drawn != NULL)
        drawn[number] = buf_take(&text);
    else if (!good && number == LESSON_PACKETS_MAX)
        buf_addf(why, "more than %d packets", LESSON_PACKETS_MAX);
    else if (!good)
        tell_trouble(sheet, said, number + 1, only, buf_text(&trouble), why);
    for (; !good && drawn != NULL && number > 0; number--)
        free(drawn[number - 1]);
    buf_free(&text);
    buf_free(&trouble);
    return good;
}

bool quiz_read_line(const struct sheet *sheet, const char *line, struct expectation *made,
                    char *drawn[LESSON_PACKETS_MAX], struct buf *why) {
    struct token *tokens = tokens_of(line);
    size_t from = packet_begin(tokens, 0);
    bool good = tokens[from].kind != TOKEN_END, only = true;
    *made = (struct expectation){.kind = EXPECT_WIRE};
    if (!good)
        quiz_manner(sheet, why);
    else
        only = tokens[packet_begin(tokens, packet_end(tokens, from))].kind == TOKEN_END;
    while (good && tokens[from].kind != TOKEN_END) {
        size_t end = packet_end(tokens, from);
        const struct said said = {tokens + from, end - from};
        good = take_packet(sheet, &said, only, made, drawn, why);
        from = packet_begin(tokens, end);
    }
    free(tokens);
    return good;
}

size_t quiz_drawn(const struct sheet *sheet, const char *line, char *drawn[LESSON_PACKETS_MAX],
                  struct buf *why) {
    struct expectation made;
    size_t count = quiz_read_line(sheet, line, &made, drawn, why) ? made.packet_count : 0;
    expectation_free(&made);
    return count;
}

/* ---- What is wanted ---- */

static const char *const figure_words[] = {
    [FIGURE_SEQ] = "seq", [FIGURE_ACK] = "ack", [FIGURE_LENGTH] = "len", [FIGURE_WINDOW] = "win"};

/* Of what these packets are: TCP, unless it is said otherwise, or none of them is. */
static const char *kind_of(const struct sheet *sheet) {
    const char *kind = sheet->quiz->packet_kind;
    for (size_t i = 0; kind == NULL && i < sheet->count; i++)
        if (sheet->packets[i].packet.has[FIGURE_SEQ])
            kind = "TCP";
    return kind != NULL ? kind : sheet->count > 0 ? sheet->packets[0].kind : "TCP";
}

static void add_figures(const struct sheet *sheet, unsigned long seq, unsigned long ack, unsigned long length,
                        struct buf *out) {
    const unsigned long values[FIGURES] = {
        [FIGURE_SEQ] = seq, [FIGURE_ACK] = ack, [FIGURE_LENGTH] = length, [FIGURE_WINDOW] = 64000};
    for (unsigned i = 0; i < FIGURES; i++)
        if (sheet->quiz->figures & 1U << i || (i == FIGURE_LENGTH && length > 0))
            buf_addf(out, " %s %lu", figure_words[i], values[i]);
}

/* Data and its acknowledgement, which say all that has to be said, and belong to no lesson's packets. */
static void add_example(const struct sheet *sheet, struct buf *out) {
    const char *kind = kind_of(sheet), *one = lesson_actor(sheet->lesson, 0), *other = lesson_actor(sheet->lesson, 1);
    other = other != NULL ? other : "nobody";
    if (strcmp(kind, "TCP") == 0) {
        buf_addf(out, "%s PSH ACK", one);
        add_figures(sheet, 3000, 500, 777, out);
        buf_addf(out, ", %s ACK", other);
        add_figures(sheet, 500, 3777, 0, out);
    } else {
        bool lengths = strcmp(kind, "UDP") == 0;
        buf_addf(out, "%s %s%s, %s %s%s", one, kind, lengths ? " len 777" : "", other, kind, lengths ? " len 9" : "");
    }
}

void quiz_manner_of_drawing(const struct sheet *sheet, struct buf *out) {
    unsigned wanted = sheet->quiz->figures & ~(1U << FIGURE_LENGTH);
    bool tcp = strcmp(kind_of(sheet), "TCP") == 0;
    buf_addf(out, "who sends it, %s", tcp ? "its flags" : "what it is");
    for (unsigned i = 0; i < FIGURES && tcp; i++)
        if (wanted & 1U << i)
            buf_addf(out, ", its %s", figure_words[i]);
    if (sheet->quiz->figures & 1U << FIGURE_LENGTH)
        buf_add_text(out, ", and its len");
    else if (tcp)
        buf_add_text(out, ", and with data its len");
    buf_add_text(out, ", as in: `");
    add_example(sheet, out);
    buf_add_char(out, '`');
}

/* Could such a packet have that number?  A SYN alone acknowledges nothing, and of a RST it is not known. */
static bool can_have(const struct expected_packet *packet, unsigned figure) {
    if (packet->kind != NULL)
        return figure == FIGURE_LENGTH && strcmp(packet->kind, "UDP") == 0;
    return figure != FIGURE_ACK || packet->flags & TCP_ACK || !(packet->flags & (TCP_SYN | TCP_RST));
}

void quiz_wanting(const struct sheet *sheet, char *const *drawn, size_t count, struct buf *out) {
    for (unsigned figure = 0; figure < FIGURES; figure++) {
        size_t told = 0;
        for (size_t i = 0; i < count && sheet->quiz->figures & 1U << figure; i++) {
            struct expectation made;
            struct buf why = {0};
            if (quiz_read_line(sheet, drawn[i], &made, NULL, &why) && !made.packets[0].has[figure] &&
                can_have(&made.packets[0], figure)) {
                if (told++ == 0)
                    buf_addf(out, "%s the %s of", out->length > 0 ? ";" : "Still wanted:", figure_words[figure]);
                buf_addf(out, "%s %zu", told > 1 ? "," : "", i + 1);
            }
            expectation_free(&made);
            buf_free(&why);
        }
    }
    if (out->length > 0)
        buf_add_char(out, '.');
}

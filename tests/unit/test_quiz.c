/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers to questions about captured packets, judged with packets that are written down here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/quiz.h"
#include "packet/packet.h"

enum { CLIENT, SERVER };
static char *actors[] = {(char[]){"client"}, (char[]){"server"}, NULL};
static const struct lesson lesson = {.actors = actors, .actor_count = 2};
static struct item item = {.kind = ITEM_LADDER, .id = (char[]){"a"}, .line = 7};

struct row {
    unsigned side, flags;
    uint32_t seq, ack, length;
    const char *text; /* as it reads */
};

static const struct row rows[] = {
    {CLIENT, TCP_SYN, 0, 0, 0, "client SYN seq 0"},
    {SERVER, TCP_SYN | TCP_ACK, 0, 1, 0, "server SYN ACK seq 0 ack 1"},
    {CLIENT, TCP_ACK, 1, 1, 0, "client ACK seq 1 ack 1"},
    {CLIENT, TCP_PSH | TCP_ACK, 1, 1, 5, "client PSH ACK seq 1 ack 1 len 5"},
    {SERVER, TCP_ACK, 1, 6, 0, "server ACK seq 1 ack 6"},
    {CLIENT, TCP_FIN | TCP_ACK, 6, 1, 0, "client FIN ACK seq 6 ack 1"},
    {SERVER, TCP_ACK, 1, 7, 0, "server ACK seq 1 ack 7"},
};
enum { ROWS = sizeof(rows) / sizeof(*rows) };

static const struct ladder_rung rungs[2] = {{.number = 1, .from = CLIENT, .to = SERVER},
                                            {.number = 1, .from = SERVER, .to = CLIENT}};

static void add(struct sheet_packet *packet, unsigned what, char *text) {
    packet->parts[packet->part_count++] = (struct sheet_part){text, what};
}

/* The first `count` of these rows. */
static struct sheet sheet_of(const struct quiz *quiz, const struct row *of, size_t count) {
    struct sheet sheet = {.lesson = &lesson, .item = &item, .quiz = quiz, .count = count};
    sheet.packets = mem_grow(NULL, count, sizeof(*sheet.packets));
    sheet.rungs.ladder = (struct ladder){.ends = {"client", "server"}, .end_count = 2, .ascii = true};
    for (size_t i = 0; i < count; i++) {
        const struct row *row = &of[i];
        struct sheet_packet *packet = &sheet.packets[i];
        struct buf flags = {0};
        packet_flags(row->flags, &flags);
        *packet = (struct sheet_packet){.sender = mem_string(actors[row->side]),
                                        .kind = mem_string("TCP"),
                                        .data = mem_string("hello"),
                                        .rung = &rungs[row->side],
                                        .text = mem_string(row->text)};
        add(packet, BLANK_FLAGS, buf_take(&flags));
        add(packet, FIGURE_SEQ, mem_format("seq %u", row->seq));
        if (row->flags & TCP_ACK)
            add(packet, FIGURE_ACK, mem_format("ack %u", row->ack));
        if (row->length > 0)
            add(packet, FIGURE_LENGTH, mem_format("len %u", row->length));
        packet->packet = (struct wire_packet){.sender = packet->sender,
                                              .kind = packet->kind,
                                              .flags = row->flags,
                                              .numbers = {row->seq, row->ack, row->length, 64000},
                                              .has = {true, (row->flags & TCP_ACK) != 0, true, true},
                                              .data = packet->data,
                                              .data_length = row->length,
                                              .connection = 1,
                                              .side = row->side};
    }
    return sheet;
}

static void judged(const struct sheet *sheet, const char *answer, bool right, const char *why) {
    struct buf said = {0};
    bool understood;
    if (quiz_judge(sheet, answer, &understood, &said) != right || !understood)
        fail_msg("\"%s\": %s", answer, buf_text(&said));
    if (why != NULL)
        assert_string_equal(buf_text(&said), why);
    buf_free(&said);
}

static void not_understood(const struct sheet *sheet, const char *answer, const char *said) {
    struct buf why = {0};
    bool understood;
    assert_false(quiz_judge(sheet, answer, &understood, &why));
    assert_false(understood);
    assert_string_equal(buf_text(&why), said);
    buf_free(&why);
}

/* What --check asks of every question. */
static void check_both_ways(const struct sheet *sheet, size_t wrong) {
    struct buf answer = {0};
    size_t i = 0;
    quiz_answer(sheet, &answer);
    judged(sheet, buf_text(&answer), true, NULL);
    for (buf_clear(&answer); quiz_wrong(sheet, i, &answer); i++) {
        judged(sheet, buf_text(&answer), false, NULL);
        buf_clear(&answer);
    }
    assert_int_equal(i, wrong);
    buf_free(&answer);
}

/* ---- Orders ---- */

/* a is the SYN ACK, b the ACK, c the SYN. */
static struct sheet shuffled(const struct quiz *quiz) {
    struct sheet sheet = sheet_of(quiz, rows, 3);
    sheet.shuffled = 3;
    sheet.letters[0] = 1;
    sheet.letters[1] = 2;
    return sheet;
}

static void orders_are_judged(void **state) {
    (void)state;
    const struct quiz quiz = {.kind = QUIZ_ORDER, .low = 1, .high = 3};
    struct sheet sheet = shuffled(&quiz);
    judged(&sheet, "c a b", true, "");
    judged(&sheet, "cab", true, "");
    judged(&sheet, "C < A, b.", true, "");
    judged(
        &sheet, "c b a", false,
        "b has ack 1, and so acknowledges a with its seq 0 (its SYN takes up a number, as a byte does): it "
        "cannot have come before it.");
    judged(
        &sheet, "a b c", false,
        "a has ack 1, and so acknowledges c with its seq 0 (its SYN takes up a number, as a byte does): it "
        "cannot have come before it.");
    judged(&sheet, "b c a", false,
           "b has seq 1, and c, of the same sender, has seq 0: that was sent before.");
    static const char manner[] =
        "all 3 letters, each once, the one that came first in front, please, as in: a b c";
    not_understood(&sheet, "c a", manner);
    not_understood(&sheet, "c a a", manner);
    not_understood(&sheet, "c a b d", manner);
    not_understood(&sheet, "1 2 3", manner);
    check_both_ways(&sheet, 2);
    sheet_free(&sheet);
}

/* Two that read the same may stand in either order. */
static void equals_are_equal(void **state) {
    (void)state;
    static const struct row twins[] = {
        {CLIENT, TCP_SYN, 0, 0, 0, "client SYN seq 0"},
        {CLIENT, TCP_SYN, 0, 0, 0, "client SYN seq 0"},
        {SERVER, TCP_SYN | TCP_ACK, 0, 1, 0, "server SYN ACK seq 0 ack 1"},
    };
    const struct quiz quiz = {.kind = QUIZ_ORDER, .low = 1};
    struct sheet sheet = sheet_of(&quiz, twins, 3);
    sheet.shuffled = 3;
    sheet.letters[0] = 2;
    sheet.letters[1] = 1;
    judged(&sheet, "b c a", true, "");
    judged(&sheet, "c b a", true, "");
    judged(&sheet, "c a b", false, NULL);
    check_both_ways(&sheet, 1);
    sheet_free(&sheet);
}

/* ---- Blanks ---- */

static void one_blank_is_judged(void **state) {
    (void)state;
    struct quiz quiz = {.kind = QUIZ_BLANK, .blanks = {{5, FIGURE_ACK}}, .blank_count = 1};
    struct sheet sheet = sheet_of(&quiz, rows, ROWS);
    judged(&sheet, "6", true, NULL);
    judged(&sheet, " 0x6 ", true, NULL);
    judged(&sheet, "5", false,
           "It asks for the number that follows on packet 4 (client PSH ACK seq 1 ack 1 len 5): each byte of "
           "its "
           "data takes up a number.");
    judged(&sheet, "1", false,
           "1 is its seq. It asks for the number that follows on packet 4 (client PSH ACK seq 1 ack 1 len "
           "5): each "
           "byte of its data takes up a number.");
    not_understood(&sheet, "six", "a number, please");
    not_understood(&sheet, "5, 6", "a number, please");
    not_understood(&sheet, "99999999999", "a number, please");
    check_both_ways(&sheet, 1);
    quiz.blanks[0] = (struct quiz_blank){6, FIGURE_SEQ};
    judged(&sheet, "5", false,
           "It goes on where its sender ended with packet 4 (client PSH ACK seq 1 ack 1 len 5): each byte of "
           "its data "
           "takes up a number.");
    quiz.blanks[0] = (struct quiz_blank){1, FIGURE_SEQ};
    judged(&sheet, "1", false, "It is its sender's first packet, and numbers are counted from there.");
    quiz.blanks[0] = (struct quiz_blank){4, FIGURE_LENGTH};
    judged(&sheet, "6", false, "It is acknowledged by packet 5 (server ACK seq 1 ack 6).");
    quiz.blanks[0] = (struct quiz_blank){6, BLANK_SENDER};
    judged(&sheet, "Client", true, NULL);
    judged(&sheet, "nobody", false,
           "It acknowledges, for the other side, packet 2 (server SYN ACK seq 0 ack 1).");
    not_understood(&sheet, "peter", "who sent it, or nobody, please");
    check_both_ways(&sheet, 1);
    quiz.blanks[0] = (struct quiz_blank){1, FIGURE_WINDOW};
    check_both_ways(&sheet, 1);
    sheet_free(&sheet);
}

static void flags_are_judged(void **state) {
    (void)state;
    const struct quiz quiz = {.kind = QUIZ_BLANK, .blanks = {{6, BLANK_FLAGS}}, .blank_count = 1};
    struct sheet sheet = sheet_of(&quiz, rows, ROWS);
    judged(&sheet, "FIN ACK", true, NULL);
    judged(&sheet, "ack+fin", true, NULL);
    judged(&sheet, "FIN", false, "It has a flag that you have not named.");
    judged(&sheet, "SYN ACK", false, "It has no SYN. It has a flag that you have not named.");
    not_understood(&sheet, "FINE", "flags, such as FIN ACK, please");
    not_understood(&sheet, "7", "flags, such as FIN ACK, please");
    check_both_ways(&sheet, 1);
    sheet_free(&sheet);
}

/* Whether the sender pushed need not be known. */
static void several_blanks_are_judged(void **state) {
    (void)state;
    const struct quiz quiz = {.kind = QUIZ_BLANK,
                              .blanks = {{2, BLANK_SENDER}, {4, BLANK_FLAGS}, {4, FIGURE_LENGTH}},
                              .blank_count = 3};
    struct sheet sheet = sheet_of(&quiz, rows, ROWS);
    judged(&sheet, "server, PSH ACK, 5", true, "");
    judged(&sheet, "server; ack; 5", true, "");
    judged(&sheet, "server ACK 5", true, "");
    judged(&sheet, "client, ACK, 6", false,
           "a is not right. It acknowledges, for the other side, packet 1 (client SYN seq 0).\n"
           "c is not right. It is acknowledged by packet 5 (server ACK seq 1 ack 6).");
    not_understood(
        &sheet, "server, 5",
        "a (sender): who sent it, or nobody; b (flags): flags, such as FIN ACK; c (len): a number; with "
        "commas between, please");
    check_both_ways(&sheet, 3);
    struct buf out = {0};
    sheet_show_question(&sheet, 50, &out);
    assert_string_equal(buf_text(&out), "  client                                    server\n"
                                        "1 --- SYN seq 0 --------------------------------->\n"
                                        "2 ?-- SYN ACK seq 0 ack 1 from _a_ --------------?\n"
                                        "3 --- ACK seq 1 ack 1 --------------------------->\n"
                                        "4 --- _b_ seq 1 ack 1 len _c_ ------------------->\n"
                                        "5 <-- ACK seq 1 ack 6 ----------------------------\n"
                                        "6 --- FIN ACK seq 6 ack 1 ----------------------->\n"
                                        "7 <-- ACK seq 1 ack 7 ----------------------------\n");
    buf_free(&out);
    sheet_free(&sheet);
}

/* ---- Drawings ---- */

static void drawings_are_compared(void **state) {
    (void)state;
    const struct quiz quiz = {.kind = QUIZ_DRAW};
    struct sheet sheet = sheet_of(&quiz, rows, 3);
    judged(&sheet, "client SYN, server SYN ACK, client ACK", true, "");
    judged(&sheet, "client syn seq 0, server SYN/ACK ack 1, client ack 1", true, "");
    judged(&sheet, "client SYN, server SYN ACK", false,
           "- Behind your last a packet is missing, sent by client.");
    judged(&sheet, "server SYN-ACK", false,
           "- Before your first a packet is missing, sent by client.\n"
           "- Behind your last a packet is missing, sent by client.");
    judged(&sheet, "client SYN, client ACK", false,
           "- Between your 1 and 2 a packet is missing, sent by server.");
    judged(
        &sheet, "client SYN, server SYN ACK ack 2, client ACK, server ACK", false,
        "- 2: that came, with another ack. It asks for the number that follows on your 1: its SYN takes up a "
        "number, as a byte does.\n- 4: no such packet came there.");
    judged(&sheet, "client SYN, client ACK, server SYN ACK", false,
           "- 2: that came, in another place: behind your 3. Your 2 has ack 1, and so acknowledges your 3 "
           "with its seq "
           "0 (its SYN takes up a number, as a byte does): it cannot have come before it.");
    judged(&sheet, "client SYN, client SYN ACK, client ACK", false, "- 2: that came, sent by server.");
    judged(&sheet, "nobody SYN, server SYN ACK, client ACK", false, "- 1: that came, sent by client.");
    check_both_ways(&sheet, 3);
    sheet_free(&sheet);
}

static void data_is_drawn_as_data(void **state) {
    (void)state;
    const struct quiz quiz = {.kind = QUIZ_DRAW};
    struct sheet sheet = sheet_of(&quiz, rows + 3, 2);
    judged(&sheet, "client ACK len 5, server ACK", true, "");
    judged(&sheet, "client PSH, server ACK", true, "");
    judged(&sheet, "client ACK \"hell\", server ACK", true, "");
    judged(&sheet, "client ACK \"a, b\", server ACK", false, "- 1: that came, with another data.");
    judged(&sheet, "client ACK, server ACK", false,
           "- 1: no such packet came there. One that carries data is told by its len.\n"
           "- Before your first a packet is missing, sent by client.");
    check_both_ways(&sheet, 3);
    sheet_free(&sheet);
}

static void numbers_can_be_demanded(void **state) {
    (void)state;
    const struct quiz quiz = {.kind = QUIZ_DRAW, .figures = 1U << FIGURE_ACK | 1U << FIGURE_WINDOW};
    struct sheet sheet = sheet_of(&quiz, rows, 2);
    judged(&sheet, "client SYN win 64000, server SYN ACK ack 1 win 64000", true, "");
    judged(&sheet, "client SYN win 64000, server SYN ACK", false,
           "- 2: that came; its ack and win are to be given as well.");
    check_both_ways(&sheet, 3);
    sheet_free(&sheet);
}

/* As our words, or with "" what cannot be understood. */
static void read_as(const struct sheet *sheet, const char *line, const char *expected) {
    struct buf all = {0}, why = {0};
    char *drawn[LESSON_PACKETS_MAX];
    size_t count = quiz_drawn(sheet, line, drawn, &why);
    for (size_t i = 0; i < count; i++) {
        buf_addf(&all, "%s%s", i > 0 ? ", " : "", drawn[i]);
        free(drawn[i]);
    }
    if (strcmp(buf_text(&all), expected) != 0)
        fail_msg("\"%s\": \"%s\" %s", line, buf_text(&all), buf_text(&why));
    buf_free(&all);
    buf_free(&why);
}

/* Whatever can mean one thing only. */
static void any_words_will_do(void **state) {
    (void)state;
    const struct quiz quiz = {.kind = QUIZ_DRAW};
    struct sheet sheet = sheet_of(&quiz, rows, 3);
    read_as(&sheet, "Client syn", "client SYN");
    read_as(&sheet, "CLIENT: SYN seq=0;server:syn-ack ack=1", "client SYN seq 0, server SYN ACK ack 1");
    read_as(&sheet, "c synack", "client SYN ACK");
    read_as(&sheet, "client -> server: [SYN, ACK] Seq=0, Ack=1, Len=0", "client SYN ACK seq 0 ack 1 len 0");
    read_as(&sheet, "client --- SYN ---> server", "client SYN");
    read_as(&sheet, "client ─── SYN ──▶ server", "client SYN");
    read_as(&sheet, "client → server SYN", "client SYN");
    read_as(&sheet, "client<--SYN ACK--server", "server SYN ACK");
    read_as(&sheet, "server ◀── PSH len5 \"a -> b, c\" ── client", "client PSH len 5 \"a -> b, c\"");
    read_as(&sheet, "client SYN / server SYN ACK 1 / client ack1", "client SYN, server SYN ACK ack 1, client ACK ack 1");
    read_as(&sheet, "client SYN/ACK", "client SYN ACK");
    read_as(&sheet, "  client   FIN  , , server ack length 3 window 9 ,", "client FIN, server ACK len 3 win 9");
    read_as(&sheet, "nobody icmp, Nobody udp len 4", "nobody ICMP, nobody UDP len 4");
    read_as(&sheet, "client ACK Retransmission", "client ACK retransmission");
    read_as(&sheet, "client", "");
    read_as(&sheet, "->", "");
    read_as(&sheet, "x SYN", "");
    read_as(&sheet, "client SYN server", "");
    read_as(&sheet, "client SYNF", "");
    read_as(&sheet, "client ack -1", "");
    sheet_free(&sheet);
}

/* The example is told before the first try: whoever says it so is understood, and nothing is wanting. */
static void the_example_is_complete(void **state) {
    (void)state;
    for (unsigned demanded = 0; demanded < 1U << FIGURES; demanded++) {
        const struct quiz quiz = {.kind = QUIZ_DRAW, .figures = demanded};
        struct sheet sheet = sheet_of(&quiz, rows, 3);
        struct buf manner = {0}, why = {0};
        char *drawn[LESSON_PACKETS_MAX];
        quiz_manner(&sheet, &manner);
        const char *begin = strchr(buf_text(&manner), '`');
        assert_non_null(begin);
        char *example = mem_string_n(begin + 1, strcspn(begin + 1, "`"));
        size_t count = quiz_drawn(&sheet, example, drawn, &why);
        assert_int_equal(count, 2);
        quiz_wanting(&sheet, drawn, count, &why);
        assert_string_equal(buf_text(&why), "");
        while (count > 0)
            free(drawn[--count]);
        free(example);
        buf_free(&manner);
        buf_free(&why);
        sheet_free(&sheet);
    }
}

static void what_is_still_wanted(void **state) {
    (void)state;
    const struct quiz quiz = {.kind = QUIZ_DRAW, .figures = 1U << FIGURE_ACK | 1U << FIGURE_LENGTH};
    struct sheet sheet = sheet_of(&quiz, rows, 3);
    char *drawn[] = {(char[]){"client SYN len 0"}, (char[]){"server SYN ACK"}, (char[]){"client ack 1"},
                     (char[]){"server RST len 0"}, (char[]){"client FIN len 0"}};
    struct buf out = {0};
    quiz_wanting(&sheet, drawn, 1, &out);
    assert_string_equal(buf_text(&out), "");
    quiz_wanting(&sheet, drawn, 5, &out);
    assert_string_equal(buf_text(&out), "Still wanted: the ack of 2, 5; the len of 2, 3.");
    buf_free(&out);
    sheet_free(&sheet);
}

static void what_is_no_drawing(void **state) {
    (void)state;
    const struct quiz quiz = {.kind = QUIZ_DRAW};
    struct sheet sheet = sheet_of(&quiz, rows, 3);
    struct buf why = {0};
    char *drawn[LESSON_PACKETS_MAX];
    not_understood(&sheet, "client SIN", "\"SIN\" says nothing of a packet; did you mean \"SYN\"?");
    not_understood(&sheet, "klient SYN",
                   "no actor is called \"klient\" in this lesson; did you mean \"client\"?");
    not_understood(&sheet, "client seq 5",
                   "it says who sends it, and not what: flags (SYN, ACK, FIN …), or UDP or ICMP. What is wanted: "
                   "who sends it, its flags, and with data its len, as in: `client PSH ACK len 777, server ACK`");
    not_understood(&sheet, "client SYN, server FEN, client ACK",
                   "packet 2 of the line, `server FEN`: \"FEN\" says nothing of a packet; did you mean \"FIN\"?");
    not_understood(&sheet, "client SYN , SYN ACK seq , client ACK",
                   "packet 1 of the line, `client SYN , SYN ACK seq`: a number is missing here. What is wanted: who sends "
                   "it, its flags, and with data its len, as in: `client PSH ACK len 777, server ACK`");
    not_understood(&sheet, "SYN from client",
                   "it says what is sent, and not by whom: that comes first. What is wanted: who sends it, its flags, "
                   "and with data its len, as in: `client PSH ACK len 777, server ACK`");
    not_understood(&sheet, "client <- SYN",
                   "the arrow points to the left, and nobody stands at its other end. What is wanted: "
                   "who sends it, its flags, and with data its len, as in: `client PSH ACK len 777, server ACK`");
    assert_int_equal(quiz_drawn(&sheet, "client SYN,server \"a,b\" ACK , ", drawn, &why), 2);
    assert_string_equal(drawn[0], "client SYN");
    assert_string_equal(drawn[1], "server \"a,b\" ACK");
    free(drawn[0]);
    free(drawn[1]);
    assert_int_equal(quiz_drawn(&sheet, ",,", drawn, &why), 0);
    assert_true(why.length > 0);
    buf_clear(&why);
    for (size_t i = 0; i <= LESSON_PACKETS_MAX; i++)
        buf_add_text(&why, "client ACK,");
    char *many = buf_take(&why);
    assert_int_equal(quiz_drawn(&sheet, many, drawn, &why), 0);
    free(many);
    buf_free(&why);
    sheet_free(&sheet);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(orders_are_judged),         cmocka_unit_test(equals_are_equal),
        cmocka_unit_test(one_blank_is_judged),       cmocka_unit_test(flags_are_judged),
        cmocka_unit_test(several_blanks_are_judged), cmocka_unit_test(drawings_are_compared),
        cmocka_unit_test(data_is_drawn_as_data),     cmocka_unit_test(numbers_can_be_demanded),
        cmocka_unit_test(what_is_no_drawing),        cmocka_unit_test(any_words_will_do),
        cmocka_unit_test(the_example_is_complete),   cmocka_unit_test(what_is_still_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The packets that a question is about; see quiz.h. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/mem.h"
#include "base/mix.h"
#include "lesson/patience.h"
#include "lesson/quiz_parts.h"
#include "packet/words.h"
#include "shell/packets.h"
#include "shell/shell.h"

#define EXCERPT 24 /* bytes of data on a rung */

/* ---- How a packet reads ---- */

static void add_part(struct sheet_packet *packet, unsigned what, char *text) {
    if (packet->part_count < LADDER_PARTS_MOST)
        packet->parts[packet->part_count++] = (struct sheet_part){text, what};
    else
        free(text);
}

static void add_excerpt(struct sheet_packet *packet) {
    struct buf excerpt = {0};
    if (packet->packet.data_length == 0)
        return;
    escape_c_quoted(&excerpt, packet->packet.data, packet->packet.data_length, EXCERPT);
    add_part(packet, FIGURE_LENGTH, buf_take(&excerpt));
}

/* Of TCP what these questions are about; options and windows would hide it. */
static void read_tcp(struct sheet_packet *packet) {
    const struct wire_packet *wire = &packet->packet;
    struct buf flags = {0};
    packet_flags(wire->flags, &flags);
    add_part(packet, BLANK_FLAGS, buf_take(&flags));
    add_part(packet, FIGURE_SEQ, mem_format("seq %u", wire->numbers[FIGURE_SEQ]));
    if (wire->has[FIGURE_ACK])
        add_part(packet, FIGURE_ACK, mem_format("ack %u", wire->numbers[FIGURE_ACK]));
    if (wire->numbers[FIGURE_LENGTH] > 0)
        add_part(packet, FIGURE_LENGTH, mem_format("len %u", wire->numbers[FIGURE_LENGTH]));
    add_excerpt(packet);
    for (unsigned mark = 1; mark < MARKS_END; mark <<= 1)
        if (wire->marks & mark)
            add_part(packet, BLANKS, mem_string(track_mark_name(mark)));
}

static void read_other(struct sheet_packet *packet, const struct event *event) {
    struct packet decoded;
    struct track_note note;
    struct packet_parts parts;
    rungs_packet(event, &decoded, &note);
    packet_parts(&decoded, &note, event->data, &parts);
    for (size_t i = 0; i < parts.count; i++)
        add_part(packet,
                 strncmp(parts.parts[i], "len ", 4) == 0 ? FIGURE_LENGTH
                 : i == 0                                ? BLANK_FLAGS
                                                         : BLANKS,
                 mem_string(parts.parts[i]));
    packet_parts_free(&parts);
    if (packet->packet.has[FIGURE_LENGTH]) /* UDP */
        add_excerpt(packet);
}

static void add_packet(struct sheet *sheet, const struct event *event, const struct ladder_rung *rung) {
    struct sheet_packet *packet;
    struct buf text = {0};
    sheet->packets = mem_grow(sheet->packets, sheet->count + 1, sizeof(*sheet->packets));
    packet = &sheet->packets[sheet->count++];
    *packet = (struct sheet_packet){.rung = rung};
    wire_packet(event, &packet->packet);
    packet->sender = mem_string(packet->packet.sender);
    packet->kind = mem_string(packet->packet.kind);
    packet->data = mem_alloc(packet->packet.data_length + 1);
    memcpy(packet->data, packet->packet.data, packet->packet.data_length);
    packet->packet.sender = packet->sender;
    packet->packet.data = packet->data;
    packet->packet.kind = packet->kind;
    if (strcmp(packet->kind, "TCP") == 0)
        read_tcp(packet);
    else
        read_other(packet, event);
    buf_add_text(&text, quiz_sender(packet));
    for (size_t i = 0; i < packet->part_count; i++)
        buf_addf(&text, " %s", packet->parts[i].text);
    packet->text = buf_take(&text);
}

const char *quiz_sender(const struct sheet_packet *packet) {
    return packet->sender[0] != '\0' ? packet->sender : "nobody";
}

/* ---- Which packets ---- */

static void add_packets(struct sheet *sheet, const struct shell *shell) {
    const struct ladder *ladder = &sheet->rungs.ladder;
    for (size_t i = 0; i < ladder->rung_count; i++) {
        const struct event *event = ladder->rungs[i].number != 0
                                        ? rungs_event(shell->journal, shell->wire, ladder->rungs[i].number)
                                        : NULL;
        if (event != NULL)
            add_packet(sheet, event, &ladder->rungs[i]);
    }
}

static bool can_be_seen(const struct shell *shell, struct error *error) {
    const char *trouble;
    if (shell != NULL && packets_are_seen(shell))
        return true;
    trouble = shell != NULL ? packets_trouble(shell) : NULL;
    error_set(error, ERROR_USAGE, (struct span){0}, "%s",
              trouble != NULL ? trouble
                              : "no packets are looked at here; .wire on begins it, where that is allowed");
    return false;
}

static bool gather(const struct quiz *quiz, struct evidence *evidence, struct sheet *sheet,
                   struct error *error) {
    const char *actors[CREW_MAX];
    struct rungs_filter filter = {.actor = quiz->actor,
                                  .kind = quiz->packet_kind,
                                  .no_arp = quiz->packet_kind == NULL,
                                  .port = quiz->port,
                                  .after = evidence->before,
                                  .actors = actors};
    struct socket_facts facts;
    struct buf why = {0};
    if (!can_be_seen(evidence->shell, error))
        return false;
    filter.actor_count = packets_actors(evidence->shell, actors);
    if (quiz->socket.actor != NULL) {
        if (!judge_socket(evidence, &quiz->socket, &facts, &why)) {
            error_set(error, ERROR_USAGE, (struct span){0},
                      "the socket that they are of is not known any more (%s)", buf_text(&why));
            buf_free(&why);
            return false;
        }
        filter.own = &facts;
    }
    rungs_gather(evidence->journal, evidence->shell->wire, &filter, 80, &sheet->rungs);
    add_packets(sheet, evidence->shell);
    return true;
}

/* ---- Can it be asked? ---- */

/* "2 were seen: client SYN, server RST ACK" */
static void add_seen(const struct sheet *sheet, struct buf *out) {
    buf_addf(out, "%zu %s seen", sheet->count, sheet->count == 1 ? "was" : "were");
    for (size_t i = 0; i < sheet->count && out->length < 300; i++)
        buf_addf(out, "%s %s", i == 0 ? ":" : ",", sheet->packets[i].text);
}

static bool too_few(const struct sheet *sheet, size_t wanted, struct error *error) {
    struct buf seen = {0};
    if (sheet->count >= wanted)
        return false;
    add_seen(sheet, &seen);
    error_set(error, ERROR_USAGE, (struct span){0}, "it needs %zu packet%s, and %s", wanted,
              wanted == 1 ? "" : "s", buf_text(&seen));
    buf_free(&seen);
    return true;
}

static bool blanks_are_there(const struct sheet *sheet, struct error *error) {
    for (size_t i = 0; i < sheet->quiz->blank_count; i++) {
        const struct quiz_blank *blank = &sheet->quiz->blanks[i];
        struct buf value = {0};
        if (too_few(sheet, blank->rung, error))
            return false;
        bool has = quiz_value(&sheet->packets[blank->rung - 1], blank->what, &value);
        buf_free(&value);
        if (!has)
            return error_set(error, ERROR_USAGE, (struct span){0},
                             "packet %zu has nothing that could be blanked so: %s", blank->rung,
                             sheet->packets[blank->rung - 1].text);
    }
    return true;
}

static bool same_in_order(const struct sheet *sheet) {
    for (size_t i = 0; i < sheet->shuffled; i++)
        if (strcmp(sheet->packets[sheet->low + i].text,
                   sheet->packets[sheet->low + sheet->letters[i]].text) != 0)
            return false;
    return true;
}

/* The same for everybody with this seed; and never the order in which they came, if there is another. */
static void shuffle(struct sheet *sheet) {
    uint64_t bits = sheet->lesson->seed;
    for (const char *c = sheet->item->id; *c; c++)
        bits = mix(bits ^ (unsigned char)*c);
    for (size_t i = 0; i < sheet->shuffled; i++)
        sheet->letters[i] = i;
    for (size_t i = sheet->shuffled; i-- > 1;) {
        size_t other = (size_t)((bits = mix(bits)) % (i + 1)), kept = sheet->letters[i];
        sheet->letters[i] = sheet->letters[other];
        sheet->letters[other] = kept;
    }
    for (size_t turn = 1; same_in_order(sheet) && turn < sheet->shuffled; turn++) {
        size_t first = sheet->letters[0];
        memmove(sheet->letters, sheet->letters + 1, (sheet->shuffled - 1) * sizeof(*sheet->letters));
        sheet->letters[sheet->shuffled - 1] = first;
    }
}

static bool can_be_ordered(struct sheet *sheet, struct error *error) {
    const struct quiz *quiz = sheet->quiz;
    if (too_few(sheet, quiz->high > 0 ? quiz->high : 2, error))
        return false;
    sheet->low = quiz->low - 1;
    sheet->shuffled = (quiz->high > 0 ? quiz->high : sheet->count) - sheet->low;
    if (sheet->shuffled > LESSON_RUNGS_MAX)
        return error_set(error, ERROR_USAGE, (struct span){0},
                         "%zu packets are more than the %d that are shuffled", sheet->shuffled,
                         LESSON_RUNGS_MAX);
    shuffle(sheet);
    return !same_in_order(sheet) ||
           error_set(error, ERROR_USAGE, (struct span){0},
                     "its %zu packets all read the same: there is no order", sheet->shuffled);
}

static bool can_be_asked(struct sheet *sheet, struct error *error) {
    switch (sheet->quiz->kind) {
    case QUIZ_ORDER:
        return can_be_ordered(sheet, error);
    case QUIZ_BLANK:
        return blanks_are_there(sheet, error);
    case QUIZ_DRAW:
        if (sheet->count > LESSON_PACKETS_MAX)
            return error_set(error, ERROR_USAGE, (struct span){0},
                             "%zu packets are more than the %d that can be drawn", sheet->count,
                             LESSON_PACKETS_MAX);
        return !too_few(sheet, 1, error);
    case QUIZ_NONE:
        break;
    }
    return false;
}

/* ---- Looking ---- */

bool sheet_look(const struct lesson *lesson, const struct item *item, struct evidence *evidence,
                struct sheet *sheet, struct error *error) {
    *sheet = (struct sheet){.lesson = lesson, .item = item, .quiz = item->quiz};
    return gather(item->quiz, evidence, sheet, error) && can_be_asked(sheet, error);
}

bool sheet_await(const struct lesson *lesson, const struct item *item, struct evidence *evidence,
                 struct sheet *sheet, struct error *error) {
    int64_t deadline = clock_now_ns() + SECOND_NS;
    bool good;
    while (!(good = sheet_look(lesson, item, evidence, sheet, error)) && evidence->shell != NULL &&
           packets_are_seen(evidence->shell) && patience_listen(evidence->shell, deadline)) {
        evidence->now = NULL;
        sheet_free(sheet);
        error_free(error);
    }
    return good;
}

void sheet_free(struct sheet *sheet) {
    for (size_t i = 0; i < sheet->count; i++) {
        for (size_t k = 0; k < sheet->packets[i].part_count; k++)
            free(sheet->packets[i].parts[k].text);
        free(sheet->packets[i].sender);
        free(sheet->packets[i].kind);
        free(sheet->packets[i].data);
        free(sheet->packets[i].text);
    }
    free(sheet->packets);
    rungs_free(&sheet->rungs);
    *sheet = (struct sheet){0};
}

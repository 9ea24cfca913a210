/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Expectations about packets:
 *
 *     wire client SYN, server SYN ACK, client ACK
 *     wire client PSH ACK seq 1 len 5 "hello", server ACK ack 6
 *     wire only client UDP len 5, nobody ICMP
 *     wire nothing
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lesson/expect_parts.h"
#include "packet/track.h"

static const char *const kinds[] = {"UDP", "ICMP", "ICMPv6", "ARP", NULL};
static const char *const number_words[] = {"seq", "ack", "len", "win", NULL};

/* Words of one packet, as they are suggested. */
static const char *packet_word(const void *context, size_t i) {
    static const char *const words[] = {
        "SYN",           "ACK",          "FIN",           "RST",       "PSH",
        "URG",           "UDP",          "ICMP",          "ICMPv6",    "ARP",
        "seq",           "ack",          "len",           "win",       "retransmission",
        "duplicate-ack", "zero-window",  "window-update", "keepalive", "keepalive-answer",
        "window-probe",  "out-of-order", "gap",           NULL};
    return list_word(context != NULL ? context : words, i);
}

/* The word's end; a comma ends it as well. */
static size_t item_word(const char *text) {
    return strcspn(text, " \t,");
}

static size_t find_word(const char *const *list, const char *word, size_t length) {
    size_t i = 0;
    while (list[i] != NULL && (strlen(list[i]) != length || memcmp(list[i], word, length) != 0))
        i++;
    return i;
}

/* "seq 1": which of the four numbers, then the number. */
static bool read_figure(const struct reading *reading, size_t which, const char **rest,
                        struct expected_packet *packet) {
    char *end;
    const char *at = skip_blanks(*rest);
    unsigned long long number = strtoull(at, &end, 10);
    if (end == at || number > UINT32_MAX || item_word(at) != (size_t)(end - at)) {
        load_fail(reading->error, reading_place(reading, at), "a number is missing here");
        error_hint(reading->error,
                   "counted from the connection's beginning: the SYN has seq 0, the first byte seq 1");
        return false;
    }
    packet->has[which] = true;
    packet->numbers[which] = (uint32_t)number;
    *rest = end;
    return true;
}

/* Up to its closing quote, read by the C parser. */
static bool read_data(struct reading *reading, const char **rest, struct expected_packet *packet) {
    const char *end = *rest + 1;
    while (*end != '\0' && *end != '"')
        end += *end == '\\' && end[1] != '\0' ? 2 : 1;
    char *literal = mem_string_n(*rest, (size_t)(end - *rest) + (*end == '"'));
    struct reading part = *reading;
    struct expectation made = {0};
    part.made = &made;
    part.text = literal;
    part.place = reading_place(reading, *rest);
    bool good = packet->data == NULL && read_string(&part, literal, "the data of a packet");
    if (good) {
        packet->data = made.wanted;
        packet->data_length = made.wanted_length;
        *rest = end + 1;
    } else if (packet->data != NULL) {
        load_fail(reading->error, reading_place(reading, *rest), "a packet has its data once");
    }
    free(literal);
    return good;
}

static bool unknown_word(const struct reading *reading, const char *word, size_t length) {
    char *typed = mem_string_n(word, length);
    load_fail(reading->error, reading_place(reading, word), "\"%s\" says nothing of a packet", typed);
    load_suggest(reading->error, typed, packet_word, NULL,
                 "flags (SYN, FIN, RST, PSH, ACK), or UDP, ICMP, ICMPv6, ARP; then seq, ack, len or win with "
                 "a number, "
                 "marks such as retransmission, and data in quotes");
    free(typed);
    return false;
}

/* One more word about the packet. */
static bool read_word(struct reading *reading, const char **rest, struct expected_packet *packet) {
    const char *word = *rest;
    size_t length = item_word(word), which;
    unsigned flag = packet_flag(word, length), mark = track_mark(word, length);
    if (*word == '"')
        return read_data(reading, rest, packet);
    *rest += length;
    if ((which = find_word(number_words, word, length)) < FIGURES)
        return read_figure(reading, which, rest, packet);
    if (flag != 0 && packet->kind == NULL) {
        packet->flags |= flag;
        return true;
    }
    packet->marks |= mark;
    if (mark != 0)
        return true;
    which = find_word(kinds, word, length);
    if (kinds[which] == NULL || packet->kind != NULL || packet->flags != 0)
        return unknown_word(reading, word, length);
    packet->kind = kinds[which];
    return true;
}

/* "client SYN seq 0": whose it is, and what. */
static bool read_packet(struct reading *reading, const char **rest, struct expected_packet *packet) {
    size_t length = item_word(*rest);
    if (length == 0) {
        load_fail(reading->error, reading_place(reading, *rest), "a packet is missing here");
        error_hint(reading->error, "who sends it, and what: wire client SYN, server SYN ACK; or: wire nothing");
        return false;
    }
    if (length == 6 && memcmp(*rest, "nobody", 6) == 0) {
        packet->actor = mem_string("");
    } else {
        const char *actor =
            load_actor(reading->lesson, *rest, length, reading_place(reading, *rest), reading->error);
        if (actor == NULL) {
            error_hint(reading->error,
                       "a packet begins with who sends it: wire client SYN, server SYN ACK; nobody for "
                       "the kernel where no actor has a socket");
            return false;
        }
        packet->actor = mem_string(actor);
    }
    *rest = skip_blanks(*rest + length);
    const char *first = *rest;
    while (**rest != '\0' && **rest != ',') {
        if (!read_word(reading, rest, packet))
            return false;
        *rest = skip_blanks(*rest);
    }
    if (*rest == first)
        return load_fail(reading->error, reading_place(reading, first), "what %s sends is missing here",
                         packet->actor[0] != '\0' ? packet->actor : "nobody");
    return true;
}

static bool read_packets(struct reading *reading, const char *rest) {
    struct expectation *made = reading->made;
    for (;;) {
        if (made->packet_count == LESSON_PACKETS_MAX)
            return load_fail(reading->error, reading_place(reading, rest), "more than %d packets",
                             LESSON_PACKETS_MAX);
        made->packets = mem_grow(made->packets, made->packet_count + 1, sizeof(*made->packets));
        struct expected_packet *packet = &made->packets[made->packet_count++];
        *packet = (struct expected_packet){0};
        if (!read_packet(reading, &rest, packet))
            return false;
        if (*rest != ',')
            return true;
        rest = skip_blanks(rest + 1);
    }
}

bool read_wire(struct reading *reading) {
    struct expectation *made = reading->made;
    const char *rest = reading->rest;
    if (strcmp(rest, "nothing") == 0)
        return true;
    if (strncmp(rest, "only ", 5) == 0) {
        made->any = true;
        rest = skip_blanks(rest + 5);
    }
    return read_packets(reading, rest);
}

bool packets_parse(const struct lesson *lesson, const char *text, struct place place, struct expectation *made,
                   struct error *error) {
    struct reading reading = {.place = place, .text = text, .lesson = lesson, .made = made, .error = error};
    return read_packets(&reading, skip_blanks(text));
}

void expected_packets_free(struct expectation *expectation) {
    for (size_t i = 0; i < expectation->packet_count; i++) {
        free(expectation->packets[i].actor);
        free(expectation->packets[i].data);
    }
    free(expectation->packets);
}

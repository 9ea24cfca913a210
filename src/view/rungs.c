/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the journal to a ladder; see rungs.h. */
#include "view/rungs.h"

#include <langinfo.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "call/call.h"
#include "net/frame.h"
#include "packet/words.h"
#include "view/lifelines.h"
#include "view/rungs_parts.h"

#define EXCERPT 24     /* bytes of data on a rung */
#define NOTE_LENGTH 48 /* bytes of a change beside it */
#define LINK_ARROW " → " /* between the hosts, in what an event says of its link */

struct gathering {
    const struct journal *journal;
    const struct wire *book;
    const struct rungs_filter *filter;
    struct rungs *wire;
    size_t room;
    struct lifelines *lifelines;
    /* The last first fragment: whoever reads the rest of it stands in that alone. */
    struct packet fragmented;
    size_t fragment_from, fragment_to;
    uint64_t cause;    /* of the last rung that a call, or death, brought about; 0: there was none */
    size_t cause_rung; /* the last rung that it brought about */
    int64_t first_ns;
};

bool rungs_is_utf8(void) {
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool rungs_packet(const struct event *event, struct packet *packet, struct track_note *note) {
    const struct event_packet *said = &event->packet;
    if (event->type != EVENT_PACKET || event->data_length == 0)
        return false;
    packet_decode(event->data, event->data_length, (size_t)event->data_total, packet);
    *note = (struct track_note){.relative = said->relative,
                                .seq = said->seq,
                                .ack = said->ack,
                                .window = said->window,
                                .marks = said->marks,
                                .side = said->side,
                                .connection = said->connection};
    for (size_t i = 0; i < packet->tcp.sack_count; i++) {
        note->sacks[i][0] = packet->tcp.sacks[i].from - (packet->tcp.ack - said->ack);
        note->sacks[i][1] = packet->tcp.sacks[i].to - (packet->tcp.ack - said->ack);
    }
    return true;
}

/* ---- Which ---- */

bool rungs_is_between(const struct socket_facts *facts, const struct packet *packet) {
    struct sockaddr_storage from, to, local = facts->local, peer = facts->peer;
    socklen_t from_length = packet_source(packet, &from), to_length = packet_target(packet, &to);
    socklen_t local_length = facts->local_length, peer_length = facts->peer_length;
    address_unmap(&local, &local_length);
    address_unmap(&peer, &peer_length);
    if ((facts->type == SOCK_STREAM && packet->kind != PACKET_TCP) ||
        (facts->type == SOCK_DGRAM && packet->kind != PACKET_UDP)) /* which have the same ports */
        return false;
    if (!socket_has_peer(facts))
        return packet->from_port == address_port(&local) || packet->to_port == address_port(&local);
    return (address_same(&from, from_length, &local, local_length) &&
            address_same(&to, to_length, &peer, peer_length)) ||
           (address_same(&from, from_length, &peer, peer_length) &&
            address_same(&to, to_length, &local, local_length));
}

/* An ICMP error belongs to what it is about. */
static const struct packet *subject(const struct event *event, const struct packet *packet,
                                    struct packet *quoted) {
    packet_decode_quoted(packet, event->data, quoted);
    return quoted->family != 0 ? quoted : packet;
}

static bool is_wanted(const struct rungs_filter *filter, const struct event *event,
                      const struct packet *packet) {
    struct packet quoted;
    const struct packet *about = subject(event, packet, &quoted);
    if (filter->actor != NULL && strcmp(filter->actor, event->actor) != 0 &&
        strcmp(filter->actor, event->extra) != 0)
        return false;
    if (filter->kind != NULL && strcasecmp(filter->kind, event->name) != 0)
        return false;
    if (filter->no_arp && packet->kind == PACKET_ARP)
        return false;
    if (filter->port != 0 && about->from_port != filter->port && about->to_port != filter->port)
        return false;
    return filter->own == NULL || rungs_is_between(filter->own, about);
}

/* ---- Texts ---- */

/* Takes the text over; it lives as long as the wire. */
static const char *keep(struct gathering *gathering, char *text) {
    struct rungs *wire = gathering->wire;
    if ((wire->text_count & (wire->text_count + 1)) == 0) /* 0, 1, 3, 7 …: room is twice that */
        wire->texts = mem_grow(wire->texts, 2 * wire->text_count + 2, sizeof(*wire->texts));
    wire->texts[wire->text_count++] = text;
    return text;
}

/* What there is no room for beside a rung: bare numbers of a packet that has nothing in it. */
static bool is_noise(const struct packet *packet, const char *part) {
    bool pure = packet->kind == PACKET_TCP && packet->tcp.flags == TCP_ACK && packet->payload == 0;
    return packet->kind == PACKET_TCP &&
           ((packet->payload == 0 && strcmp(part, "len 0") == 0) || (pure && strncmp(part, "seq ", 4) == 0));
}

static void add_part(struct ladder_rung *rung, const char *text) {
    if (rung->part_count < LADDER_PARTS_MOST)
        rung->parts[rung->part_count++] = text;
}

static void add_parts(struct gathering *gathering, const struct event *event, const struct packet *packet,
                      const struct track_note *note, struct ladder_rung *rung) {
    struct packet_parts parts;
    bool data = packet->payload_kept > 0 && (packet->kind == PACKET_TCP || packet->kind == PACKET_UDP);
    packet_parts(packet, note, event->data, &parts);
    for (size_t i = 0; i < parts.count; i++) {
        if (is_noise(packet, parts.parts[i]))
            continue;
        add_part(rung, keep(gathering, mem_string(parts.parts[i])));
        if (!data || strncmp(parts.parts[i], "len ", 4) != 0)
            continue;
        struct buf excerpt = {0};
        escape_c_quoted(&excerpt, event->data + packet->payload_at, packet->payload_kept, EXCERPT);
        add_part(rung, keep(gathering, buf_take(&excerpt)));
    }
    packet_parts_free(&parts);
}

/* ---- Ends ---- */

/* Of "laptop → cheerios", "laptop lo" or "lo": the host at this end. */
static void find_host(const char *link, bool source, struct packet_end *end) {
    const char *arrow = strstr(link, LINK_ARROW), *loopback = strstr(link, " lo");
    end->linked = arrow != NULL;
    end->host = link;
    if (arrow != NULL && source)
        end->host_length = (size_t)(arrow - link);
    else if (arrow != NULL)
        end->host_length = strlen(end->host = arrow + strlen(LINK_ARROW));
    else
        end->host_length = loopback != NULL ? (size_t)(loopback - link) : 0;
}

/* IPv6 has the identification in an extension header; hosts and order must do there. */
static bool is_fragment_of(const struct packet *first, const struct packet *packet) {
    return first->family == packet->family && first->identification == packet->identification &&
           memcmp(first->from, packet->from, 16) == 0 && memcmp(first->to, packet->to, 16) == 0;
}

/* The end that sent it, or the one that it is for. What an ICMP error is about says which port that was. Two sockets of
 * the same actor are two ends. */
static size_t find_end(struct gathering *gathering, const struct event *event, const struct packet *packet,
                       const char *cause, bool source) {
    struct packet quoted;
    struct buf endpoint = {0};
    const struct packet *about = subject(event, packet, &quoted);
    bool alone = strcmp(event->actor, event->extra) == 0;
    packet_end(about, source == (about == packet), &endpoint);
    bool ports = about->transport_length != 0 && (about->kind == PACKET_TCP || about->kind == PACKET_UDP);
    struct packet_end end = {.actor = alone ? "" : source ? event->actor : event->extra,
                             .cause = ports ? "" : cause,
                             .endpoint = buf_text(&endpoint),
                             .has_port = ports};
    find_host(event->source, source, &end);
    size_t found = lifelines_add(gathering->lifelines, &end);
    buf_free(&endpoint);
    return found;
}

static void find_ends(struct gathering *gathering, const struct event *event, const struct packet *packet,
                      const struct event *cause, struct ladder_rung *rung) {
    const char *causer = cause != NULL ? cause->actor : "";
    if (packet->fragment_offset != 0 && is_fragment_of(&gathering->fragmented, packet)) {
        rung->from = gathering->fragment_from;
        rung->to = gathering->fragment_to;
        return;
    }
    rung->from = find_end(gathering, event, packet, causer, true);
    rung->to = find_end(gathering, event, packet, causer, false);
    if (packet->more_fragments && packet->fragment_offset == 0) {
        gathering->fragmented = *packet;
        gathering->fragment_from = rung->from;
        gathering->fragment_to = rung->to;
    }
}

/* Every rung is there: now it is known who is the same as whom, and who stands where. */
static void arrange(struct gathering *gathering) {
    const struct rungs_filter *filter = gathering->filter;
    struct rungs *wire = gathering->wire;
    size_t to[LADDER_ENDS_MOST];
    char *titles[LADDER_ENDS_MOST];
    wire->ladder.end_count =
        lifelines_arrange(gathering->lifelines, filter->actors, filter->actor_count, to, titles);
    for (size_t i = 0; i < wire->ladder.end_count; i++)
        wire->ladder.ends[i] = keep(gathering, titles[i]);
    for (size_t i = 0; i < wire->ladder.rung_count; i++) {
        struct ladder_rung *rung = &wire->rungs[i];
        rung->from = rung->number != 0 ? to[rung->from] : 0;
        rung->to = rung->number != 0 ? to[rung->to] : 0;
        for (size_t k = 0; k < rung->note_count; k++)
            if (rung->notes[k].end != SIZE_MAX)
                rung->notes[k].end = to[rung->notes[k].end];
    }
}

/* ---- Notes ---- */

static void add_note(struct gathering *gathering, struct ladder_rung *rung, const struct event *event,
                     char *text) {
    size_t end = lifelines_of_actor(gathering->lifelines, event->actor);
    const char *kept = keep(gathering, text);
    if (end != SIZE_MAX && rung->note_count < LADDER_NOTES_MOST)
        rung->notes[rung->note_count++] =
            (struct ladder_note){.end = end,
                                 .text = kept,
                                 .change = event->type == EVENT_CHANGE,
                                 .fresh = event->number > gathering->filter->since};
}

/* "connect() = -1 ECONNREFUSED": without what it was given, and without strerror's words. */
static char *call_in_short(const struct event *event) {
    struct buf text = {0};
    if (event->type == EVENT_DIED) {
        escape_text(&text, event->text, strlen(event->text));
        return buf_take(&text);
    }
    escape_text(&text, event->name, strlen(event->name));
    buf_add_text(&text, "()");
    if (event->type == EVENT_RETURNED && event->error != 0) {
        const char *name = call_error_name(call_find(event->name), (int)event->error);
        buf_addf(&text, " = -1 %s", name != NULL ? name : "");
    } else if (event->type == EVENT_RETURNED) {
        buf_addf(&text, " = %lld", (long long)event->result);
    }
    return buf_take(&text);
}

/* "server fd 4: ESTABLISHED → CLOSE_WAIT (…), …" → "ESTABLISHED → CLOSE_WAIT": the first thing it says. */
static char *change_in_short(const struct event *event) {
    struct buf safe = {0};
    const char *orphan = strstr(event->text, " goes on without a descriptor, in ");
    if (orphan != NULL) {
        const char *state = strstr(orphan, "in ");
        escape_text(&safe, state, strcspn(state, ",("));
        return buf_take(&safe);
    }
    const char *colon = strstr(event->text, ": "), *text = colon != NULL ? colon + 2 : event->text;
    size_t length = strcspn(text, ",(");
    const char *time = memmem(text, length, " for ", 5); /* TIME_WAIT for 60 s */
    length = time != NULL ? (size_t)(time - text) : length;
    while (length > 0 && text[length - 1] == ' ')
        length--;
    if (length > NOTE_LENGTH)
        for (length = NOTE_LENGTH; length > 0 && text[length] != ' ';)
            length--;
    escape_text(&safe, text, length);
    return buf_take(&safe);
}

/* ---- Rungs ---- */

static struct ladder_rung *new_rung(struct gathering *gathering) {
    struct rungs *wire = gathering->wire;
    if (wire->ladder.rung_count == gathering->room) {
        gathering->room = gathering->room > 0 ? gathering->room * 2 : 64;
        wire->rungs = mem_grow(wire->rungs, gathering->room, sizeof(*wire->rungs));
    }
    struct ladder_rung *rung = &wire->rungs[wire->ladder.rung_count++];
    *rung = (struct ladder_rung){0};
    return rung;
}

static enum ladder_arrow arrow_of(unsigned fate) {
    switch ((enum frame_fate)fate) {
    case FRAME_SENT:
        return LADDER_FLIES;
    case FRAME_HELD:
        return LADDER_HELD;
    case FRAME_DELIVERED:
        return LADDER_ARRIVES;
    case FRAME_DROPPED:
        break;
    }
    return LADDER_LOST;
}

/* A call stands beside packets of its own: what the host asks before by ARP is nobody's. */
static bool is_party(const struct event *packet, const char *actor) {
    return strcmp(packet->actor, actor) == 0 || strcmp(packet->extra, actor) == 0;
}

static void add_packet(struct gathering *gathering, const struct wire_entry *entry,
                       const struct event *event) {
    struct packet packet;
    struct track_note note;
    if (!rungs_packet(event, &packet, &note) || !is_wanted(gathering->filter, event, &packet))
        return;
    if (gathering->wire->packets++ == 0 && gathering->filter->first == 0)
        gathering->first_ns = event->packet.seen_ns;
    struct ladder_rung *rung = new_rung(gathering);
    rung->number = event->packet.number;
    rung->time_ns = event->packet.seen_ns - gathering->first_ns;
    if (rung->time_ns < 0) /* a capture and a link read their clocks apart */
        rung->time_ns = 0;
    rung->arrow = arrow_of(entry->fate);
    rung->fresh = event->number > gathering->filter->since;
    const struct event *cause = entry->cause != 0 ? journal_at(gathering->journal, entry->cause) : NULL;
    find_ends(gathering, event, &packet, cause, rung);
    add_parts(gathering, event, &packet, &note, rung);
    if (cause == NULL || !is_party(event, cause->actor))
        return;
    if (gathering->cause != entry->cause)
        add_note(gathering, rung, cause, call_in_short(cause));
    gathering->cause = entry->cause;
    gathering->cause_rung = gathering->wire->ladder.rung_count - 1;
}

static void add_return(struct gathering *gathering, const struct event *event) {
    const struct rungs_filter *filter = gathering->filter;
    if (lifelines_of_actor(gathering->lifelines, event->actor) == SIZE_MAX || gathering->wire->packets == 0)
        return;
    if (filter->own != NULL && filter->own->cookie != event->cookie)
        return;
    add_note(gathering, new_rung(gathering), event, call_in_short(event));
}

static void add_lost(struct gathering *gathering, const struct event *event) {
    struct ladder_rung *rung = new_rung(gathering);
    rung->notes[rung->note_count++] = (struct ladder_note){.end = SIZE_MAX,
                                                           .text = keep(gathering, mem_string(event->text)),
                                                           .fresh = event->number > gathering->filter->since};
}

static void take(struct gathering *gathering, const struct wire_entry *entry) {
    const struct event *event = journal_at(gathering->journal, entry->event);
    if (event == NULL || !rungs_entry_wanted(gathering->filter, entry))
        return;
    switch (entry->kind) {
    case WIRE_PACKET:
        add_packet(gathering, entry, event);
        break;
    case WIRE_RETURN:
        add_return(gathering, event);
        break;
    case WIRE_CHANGE:
        if (gathering->cause != 0 && gathering->cause == entry->cause)
            add_note(gathering, &gathering->wire->rungs[gathering->cause_rung], event,
                     change_in_short(event));
        break;
    case WIRE_LOST:
        add_lost(gathering, event);
        break;
    }
}

/* The entry behind which no more than `most` wanted packets stand. */
static uint64_t where_to_begin(const struct gathering *gathering, size_t *earlier) {
    const struct rungs_filter *filter = gathering->filter;
    const struct wire_entry *entry;
    struct packet packet;
    struct track_note note;
    size_t found = 0;
    uint64_t begin = 0;
    uint64_t first = rungs_first_entry(gathering->journal, gathering->book, filter->after);
    for (uint64_t number = wire_last(gathering->book); number >= first; number--) {
        entry = wire_at(gathering->book, number);
        const struct event *event = journal_at(gathering->journal, entry->event);
        if (begin == 0 || found < filter->most || filter->most == 0)
            begin = number;
        if (entry->kind != WIRE_PACKET || !rungs_entry_wanted(filter, entry) ||
            !rungs_packet(event, &packet, &note) || !is_wanted(filter, event, &packet))
            continue;
        found++;
    }
    *earlier = filter->most != 0 && found > filter->most ? found - filter->most : 0;
    return begin;
}

/* The call whose first packets stand before the part that is gathered: it is not told of once more. 0: none. */
static uint64_t cause_before(const struct gathering *gathering, uint64_t first) {
    const struct wire_entry *entry = wire_at(gathering->book, first), *before;
    const struct event *cause =
        entry != NULL && entry->cause != 0 ? journal_at(gathering->journal, entry->cause) : NULL;
    for (uint64_t n = first - 1; cause != NULL; n--) {
        before = wire_at(gathering->book, n);
        if (before == NULL || before->event < entry->cause)
            break;
        if (before->kind == WIRE_PACKET && before->cause == entry->cause &&
            rungs_entry_wanted(gathering->filter, before) &&
            is_party(journal_at(gathering->journal, before->event), cause->actor))
            return entry->cause;
    }
    return 0;
}

/* Times of a part of the ladder are counted from its whole's first packet, so that they stand still. */
static int64_t began_ns(const struct gathering *gathering) {
    const struct wire_entry *entry = NULL;
    if (gathering->filter->after == 0)
        return wire_began_ns(gathering->book);
    for (uint64_t n = rungs_first_entry(gathering->journal, gathering->book, gathering->filter->after);
         (entry = wire_at(gathering->book, n)) != NULL && entry->kind != WIRE_PACKET;)
        n++;
    return entry != NULL ? journal_at(gathering->journal, entry->event)->packet.seen_ns : 0;
}

void rungs_gather(const struct journal *journal, const struct wire *book, const struct rungs_filter *filter,
                  size_t columns, struct rungs *wire) {
    struct gathering *gathering = mem_alloc(sizeof(*gathering));
    *wire = (struct rungs){.ladder = {.columns = columns, .ascii = !rungs_is_utf8()}};
    *gathering = (struct gathering){
        .journal = journal, .book = book, .filter = filter, .wire = wire, .lifelines = lifelines_new()};
    if (filter->first != 0) {
        gathering->first_ns = began_ns(gathering);
        gathering->cause = cause_before(gathering, filter->first);
    }
    uint64_t number = filter->first != 0 ? filter->first : where_to_begin(gathering, &wire->earlier);
    uint64_t last = filter->first != 0 ? filter->last : wire_last(book);
    for (const struct wire_entry *entry; number <= last && (entry = wire_at(book, number)) != NULL; number++)
        take(gathering, entry);
    arrange(gathering);
    wire->ladder.rungs = wire->rungs;
    lifelines_free(gathering->lifelines);
    free(gathering);
}

void rungs_free(struct rungs *wire) {
    for (size_t i = 0; i < wire->text_count; i++)
        free(wire->texts[i]);
    free(wire->texts);
    free(wire->rungs);
    *wire = (struct rungs){0};
}

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

#define EXCERPT 24     /* bytes of data on a rung */
#define NOTE_LENGTH 48 /* bytes of a change beside it */

/* One end, as a column. */
struct end {
    char *key;              /* an actor's name, or an address */
    char *endpoint;         /* the only one it was seen with */
    bool is_actor, several; /* …or it was seen with several */
};

struct gathering {
    const struct journal *journal;
    const struct wire *book;
    const struct rungs_filter *filter;
    struct rungs *wire;
    size_t room;
    struct end ends[LADDER_ENDS_MOST];
    /* The last first fragment: whoever reads the rest of it stands in that alone. */
    struct packet fragmented;
    size_t fragment_from, fragment_to;
    size_t end_count;
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

static bool is_between(const struct socket_facts *facts, const struct packet *packet) {
    struct sockaddr_storage from, to, local = facts->local, peer = facts->peer;
    socklen_t from_length = packet_source(packet, &from), to_length = packet_target(packet, &to);
    socklen_t local_length = facts->local_length, peer_length = facts->peer_length;
    address_unmap(&local, &local_length);
    address_unmap(&peer, &peer_length);
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
    return filter->own == NULL || is_between(filter->own, about);
}

/* As far as the book knows. */
static bool is_entry_wanted(const struct rungs_filter *filter, const struct wire_entry *entry) {
    if (entry->event <= filter->after)
        return false;
    if (filter->connection == 0)
        return true;
    switch (entry->kind) {
    case WIRE_PACKET:
        return entry->connection == filter->connection;
    case WIRE_RETURN:
        return entry->cookie == filter->cookies[0] || entry->cookie == filter->cookies[1];
    case WIRE_CHANGE: /* stands beside its packet, or nowhere */
        return true;
    case WIRE_LOST:
        return false;
    }
    return false;
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

static size_t end_of_key(struct gathering *gathering, const char *key, const char *endpoint, bool is_actor) {
    size_t i = 0;
    while (i < gathering->end_count && strcmp(gathering->ends[i].key, key) != 0)
        i++;
    if (i == LADDER_ENDS_MOST) /* the last column is everybody else's */
        i--;
    struct end *end = &gathering->ends[i];
    if (i == gathering->end_count) {
        *end = (struct end){.key = mem_string(key), .endpoint = mem_string(endpoint), .is_actor = is_actor};
        gathering->end_count++;
    }
    end->several |= strcmp(end->endpoint, endpoint) != 0;
    return i;
}

/* IPv6 has the identification in an extension header; hosts and order must do there. */
static bool is_fragment_of(const struct packet *first, const struct packet *packet) {
    return first->family == packet->family && first->identification == packet->identification &&
           memcmp(first->from, packet->from, 16) == 0 && memcmp(first->to, packet->to, 16) == 0;
}

/* Two sockets of the same actor are two ends. */
static void find_ends(struct gathering *gathering, const struct event *event, const struct packet *packet,
                      struct ladder_rung *rung) {
    struct packet quoted;
    struct buf from = {0}, to = {0};
    const struct packet *about = subject(event, packet, &quoted);
    bool answers = about != packet;
    if (packet->fragment_offset != 0 && is_fragment_of(&gathering->fragmented, packet)) {
        rung->from = gathering->fragment_from;
        rung->to = gathering->fragment_to;
        return;
    }
    bool alone = strcmp(event->actor, event->extra) == 0;
    packet_end(about, !answers, &from);
    packet_end(about, answers, &to);
    bool named = event->actor[0] != '\0' && !alone;
    rung->from = end_of_key(gathering, named ? event->actor : buf_text(&from), buf_text(&from), named);
    named = event->extra[0] != '\0' && !alone;
    rung->to = end_of_key(gathering, named ? event->extra : buf_text(&to), buf_text(&to), named);
    buf_free(&from);
    buf_free(&to);
    if (packet->more_fragments && packet->fragment_offset == 0) {
        gathering->fragmented = *packet;
        gathering->fragment_from = rung->from;
        gathering->fragment_to = rung->to;
    }
}

static void make_titles(struct gathering *gathering) {
    struct ladder *ladder = &gathering->wire->ladder;
    ladder->end_count = gathering->end_count;
    for (size_t i = 0; i < gathering->end_count; i++) {
        const struct end *end = &gathering->ends[i];
        struct buf title = {0};
        escape_text(&title, end->key, strlen(end->key));
        if (end->is_actor && !end->several)
            buf_addf(&title, " %s", end->endpoint);
        ladder->ends[i] = keep(gathering, buf_take(&title));
        free(end->key);
        free(end->endpoint);
    }
}

static size_t end_named(const struct gathering *gathering, const char *name) {
    for (size_t i = 0; i < gathering->end_count; i++)
        if (gathering->ends[i].is_actor && strcmp(gathering->ends[i].key, name) == 0)
            return i;
    return SIZE_MAX;
}

/* ---- Notes ---- */

static void add_note(struct gathering *gathering, struct ladder_rung *rung, const struct event *event, char *text) {
    size_t end = end_named(gathering, event->actor);
    const char *kept = keep(gathering, text);
    if (end != SIZE_MAX && rung->note_count < LADDER_NOTES_MOST)
        rung->notes[rung->note_count++] = (struct ladder_note){.end = end,
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

static void add_packet(struct gathering *gathering, const struct wire_entry *entry, const struct event *event) {
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
    find_ends(gathering, event, &packet, rung);
    add_parts(gathering, event, &packet, &note, rung);
    const struct event *cause = entry->cause != 0 ? journal_at(gathering->journal, entry->cause) : NULL;
    if (cause == NULL)
        return;
    if (gathering->cause != entry->cause)
        add_note(gathering, rung, cause, call_in_short(cause));
    gathering->cause = entry->cause;
    gathering->cause_rung = gathering->wire->ladder.rung_count - 1;
}

static void add_return(struct gathering *gathering, const struct event *event) {
    const struct rungs_filter *filter = gathering->filter;
    if (end_named(gathering, event->actor) == SIZE_MAX || gathering->wire->packets == 0)
        return;
    if (filter->own != NULL && filter->own->cookie != event->cookie)
        return;
    add_note(gathering, new_rung(gathering), event, call_in_short(event));
}

static void add_lost(struct gathering *gathering, const struct event *event) {
    struct ladder_rung *rung = new_rung(gathering);
    rung->notes[rung->note_count++] = (struct ladder_note){
        .end = SIZE_MAX, .text = keep(gathering, mem_string(event->text)), .fresh = event->number > gathering->filter->since};
}

static void take(struct gathering *gathering, const struct wire_entry *entry) {
    const struct event *event = journal_at(gathering->journal, entry->event);
    if (event == NULL || !is_entry_wanted(gathering->filter, entry))
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
            add_note(gathering, &gathering->wire->rungs[gathering->cause_rung], event, change_in_short(event));
        break;
    case WIRE_LOST:
        add_lost(gathering, event);
        break;
    }
}

/* The first entry whose event stands behind `after` and is still kept; last + 1: there is none. Both are so from some
 * entry on, so that few events are looked at: whoever goes through the book needs no event to know where to stop. */
static uint64_t first_entry(const struct journal *journal, const struct wire *book, uint64_t after) {
    uint64_t low = 1, high = wire_last(book) + 1; /* the one that is sought is one of these */
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        const struct wire_entry *entry = wire_at(book, middle);
        if (entry != NULL && entry->event > after && journal_at(journal, entry->event) != NULL)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* The entry behind which no more than `most` wanted packets stand. */
static uint64_t where_to_begin(const struct gathering *gathering, size_t *earlier) {
    const struct rungs_filter *filter = gathering->filter;
    const struct wire_entry *entry;
    struct packet packet;
    struct track_note note;
    size_t found = 0;
    uint64_t begin = 0;
    uint64_t first = first_entry(gathering->journal, gathering->book, filter->after);
    for (uint64_t number = wire_last(gathering->book); number >= first; number--) {
        entry = wire_at(gathering->book, number);
        const struct event *event = journal_at(gathering->journal, entry->event);
        if (begin == 0 || found < filter->most || filter->most == 0)
            begin = number;
        if (entry->kind != WIRE_PACKET || !is_entry_wanted(filter, entry) ||
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
    for (uint64_t n = first - 1; entry != NULL && entry->cause != 0; n--) {
        before = wire_at(gathering->book, n);
        if (before == NULL || before->event < entry->cause)
            break;
        if (before->kind == WIRE_PACKET && before->cause == entry->cause &&
            is_entry_wanted(gathering->filter, before))
            return entry->cause;
    }
    return 0;
}

void rungs_gather(const struct journal *journal, const struct wire *book, const struct rungs_filter *filter,
                  size_t columns, struct rungs *wire) {
    struct gathering *gathering = mem_alloc(sizeof(*gathering));
    *wire = (struct rungs){.ladder = {.columns = columns, .ascii = !rungs_is_utf8()}};
    *gathering = (struct gathering){.journal = journal, .book = book, .filter = filter, .wire = wire};
    if (filter->first != 0) {
        gathering->first_ns = wire_began_ns(book);
        gathering->cause = cause_before(gathering, filter->first);
    }
    uint64_t number = filter->first != 0 ? filter->first : where_to_begin(gathering, &wire->earlier);
    uint64_t last = filter->first != 0 ? filter->last : wire_last(book);
    for (const struct wire_entry *entry; number <= last && (entry = wire_at(book, number)) != NULL; number++)
        take(gathering, entry);
    make_titles(gathering);
    wire->ladder.rungs = wire->rungs;
    free(gathering);
}

void rungs_free(struct rungs *wire) {
    for (size_t i = 0; i < wire->text_count; i++)
        free(wire->texts[i]);
    free(wire->texts);
    free(wire->rungs);
    *wire = (struct rungs){0};
}

/* ---- Parts of it ---- */

/* Does the entry have a rung of its own? */
static bool is_rung(const struct rungs_filter *filter, const struct wire_entry *entry) {
    return entry->kind != WIRE_CHANGE && is_entry_wanted(filter, entry);
}

/* At which end a call stands is known from the packets before it. */
static void begin_with_packet(const struct journal *journal, const struct wire *book,
                              const struct rungs_filter *filter, struct rungs_window *window) {
    const struct wire_entry *entry = wire_at(book, window->first);
    if (window->first == 0 || entry->kind != WIRE_RETURN)
        return;
    for (uint64_t n = window->first - 1, oldest = first_entry(journal, book, filter->after); n >= oldest; n--) {
        entry = wire_at(book, n);
        if (entry->kind != WIRE_PACKET || !is_entry_wanted(filter, entry))
            continue;
        window->first = n;
        return;
    }
}

void rungs_find(const struct journal *journal, const struct wire *book, const struct rungs_filter *filter,
                struct rungs_window *window) {
    const struct wire_entry *entry;
    uint64_t newer = wire_last(book); /* the last entry that does not belong to a newer rung */
    size_t most = window->skip + 2 * window->most;
    window->chosen_at = SIZE_MAX;
    window->count = 0;
    window->first = window->last = 0;
    for (uint64_t n = newer, oldest = first_entry(journal, book, filter->after); n >= oldest; n--) {
        if (!is_rung(filter, entry = wire_at(book, n)))
            continue;
        if (window->count >= window->skip && window->count < window->skip + window->most) {
            window->last = window->last != 0 ? window->last : newer;
            window->first = n;
        }
        if (window->chosen != 0 && entry->packet == window->chosen)
            window->chosen_at = window->count;
        newer = n - 1;
        if (++window->count >= most && (window->chosen == 0 || window->chosen_at != SIZE_MAX))
            break;
    }
    begin_with_packet(journal, book, filter, window);
}

const struct event *rungs_neighbour(const struct journal *journal, const struct wire *book,
                                    const struct rungs_filter *filter, uint64_t number, bool back) {
    const struct wire_entry *newer = NULL, *entry;
    bool passed = number == 0;
    for (uint64_t n = wire_last(book), oldest = first_entry(journal, book, filter->after); n >= oldest; n--) {
        entry = wire_at(book, n);
        if (entry->kind != WIRE_PACKET || !is_entry_wanted(filter, entry))
            continue;
        if (passed)
            return journal_at(journal, entry->event);
        passed = entry->packet == number;
        if (passed && !back)
            break;
        newer = entry;
    }
    return passed && !back && newer != NULL ? journal_at(journal, newer->event) : NULL;
}

const struct event *rungs_event(const struct journal *journal, const struct wire *book, uint64_t number) {
    const struct wire_entry *entry;
    for (uint64_t n = wire_last(book); (entry = wire_at(book, n)) != NULL; n--)
        if (entry->kind == WIRE_PACKET && entry->packet == number)
            return journal_at(journal, entry->event);
    return NULL;
}

uint64_t rungs_connection(const struct journal *journal, const struct wire *book, const struct socket_facts *facts) {
    const struct wire_entry *entry;
    struct packet packet;
    struct track_note note;
    for (uint64_t n = wire_last(book); (entry = wire_at(book, n)) != NULL; n--) {
        const struct event *event = entry->kind == WIRE_PACKET ? journal_at(journal, entry->event) : NULL;
        if (event != NULL && entry->connection != 0 && rungs_packet(event, &packet, &note) &&
            is_between(facts, &packet))
            return entry->connection;
    }
    return 0;
}

uint64_t rungs_connection_of(const struct journal *journal, const struct wire *book, uint64_t cookie) {
    const struct wire_entry *entry;
    for (uint64_t n = wire_last(book); cookie != 0 && (entry = wire_at(book, n)) != NULL; n--) {
        const struct event *cause = entry->cause != 0 ? journal_at(journal, entry->cause) : NULL;
        if (entry->kind == WIRE_PACKET && entry->connection != 0 && cause != NULL && cause->cookie == cookie)
            return entry->connection;
    }
    return 0;
}

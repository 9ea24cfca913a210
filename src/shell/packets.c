/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gathering packets and putting them behind their calls; see packets.h. Whose they are: packets_names.c. */
#include "shell/packets.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "call/call.h"
#include "lesson/play.h"
#include "packet/words.h"
#include "shell/captures.h"
#include "shell/packets_names.h"
#include "shell/watch.h"

/* Of the capture's at a time, while somebody goes on sending. */
#define READ_MOST 4096
/* Gathered at most before everybody has settled; beyond that they are counted as lost. */
#define GATHERED_MOST 8192
/* Told of in the journal: so many at once, and then so many a second. Who sends a gigabyte wants the
 * gigabyte, and nobody reads a million rungs; the others are followed, so that the numbers stay right, and
 * counted. */
#define TOLD_AT_ONCE 4096
#define TOLD_A_SECOND 4096
/* Bytes of the others that are kept until then: all headers. */
#define SILENT_KEEP 160
/* A link tells of a frame twice at most, but of many at a time. */
#define TOLD_MOST 1024

/* A frame with its bytes, until everybody has settled. */
struct gathered {
    struct net_frame frame;
    size_t order;
    bool silent; /* it is only followed and counted */
    uint8_t bytes[];
};

struct packets {
    struct captures *captures; /* NULL: none */
    struct tracker *tracker;
    bool refused;  /* .wire off was said, */
    char *trouble; /* or opening it failed */
    struct gathered **gathered;
    size_t count, room;
    uint64_t lost;   /* and not told yet; */
    int64_t lost_ns; /* when the last of them was seen */
    int64_t
        budget_ns; /* up to when as many were told of as may be; time that went by beyond it is room for more */
    uint64_t numbers; /* given to packets so far */
    uint64_t cleared;
    bool all;        /* everybody's are wanted; else */
    uint64_t others; /* so many were of others, since it was cleared */
    uint64_t round;  /* of naming */
    /* The numbers of packets of which a link may tell once more. */
    struct {
        uint64_t link, own;
    } told[TOLD_MOST];
};

static struct packets *packets_of(struct shell *shell) {
    if (shell->packets == NULL) {
        shell->packets = mem_alloc(sizeof(*shell->packets));
        shell->packets->tracker = tracker_new();
    }
    return shell->packets;
}

/* ---- On and off ---- */

bool packets_start(struct shell *shell, struct error *error) {
    struct packets *packets = packets_of(shell);
    packets->refused = false;
    if (packets->captures == NULL)
        packets->captures = captures_open(shell->network, error);
    watch_renew(shell);
    return packets->captures != NULL;
}

void packets_want_all(struct shell *shell, bool all) {
    packets_of(shell)->all = all;
}

uint64_t packets_others(const struct shell *shell) {
    return shell->packets != NULL ? shell->packets->others : 0;
}

void packets_stop(struct shell *shell) {
    struct packets *packets = packets_of(shell);
    packets->refused = true;
    captures_close(packets->captures);
    packets->captures = NULL;
    watch_renew(shell);
}

bool packets_are_seen(const struct shell *shell) {
    return shell->packets != NULL && shell->packets->captures != NULL;
}

void packets_usual(struct shell *shell) {
    struct error error = {0};
    if (!shell->private_network)
        return;
    struct packets *packets = packets_of(shell);
    if (packets->captures != NULL || packets->refused || packets->trouble != NULL)
        return;
    if (!packets_start(shell, &error))
        packets->trouble = mem_string(error.text);
    error_free(&error);
}

void packets_new_host(struct shell *shell) {
    struct packets *packets = shell->packets;
    struct error error = {0};
    if (!packets_are_seen(shell) || captures_add_host(packets->captures, &error))
        return;
    shell_note(shell, "sockshell: on the new host's loopback: %s", error.text);
    error_free(&error);
}

const char *packets_trouble(const struct shell *shell) {
    return shell->packets != NULL ? shell->packets->trouble : NULL;
}

int packets_fd(const struct shell *shell) {
    return packets_are_seen(shell) ? captures_fd(shell->packets->captures) : -1;
}

void packets_clear(struct shell *shell) {
    packets_of(shell)->cleared = journal_last(shell->journal);
    packets_of(shell)->others = 0;
}

uint64_t packets_cleared(const struct shell *shell) {
    return shell->packets != NULL ? shell->packets->cleared : 0;
}

uint64_t packets_hidden(const struct shell *shell) {
    bool asked = shell->player != NULL && player_covers_packets(shell->player);
    return asked ? journal_last(shell->journal) : packets_cleared(shell);
}

size_t packets_actors(const struct shell *shell, const char *names[CREW_MAX]) {
    const struct actor *actor;
    size_t count = 0;
    while (shell->crew != NULL && count < CREW_MAX && (actor = crew_at(shell->crew, count)) != NULL)
        names[count++] = actor_name(actor);
    return count;
}

static void forget_gathered(struct packets *packets) {
    while (packets->count > 0)
        free(packets->gathered[--packets->count]);
}

void packets_end(struct shell *shell) {
    struct packets *packets = shell->packets;
    if (packets == NULL)
        return;
    captures_close(packets->captures);
    tracker_free(packets->tracker);
    forget_gathered(packets);
    free(packets->gathered);
    free(packets->trouble);
    free(packets);
    shell->packets = NULL;
}

/* ---- Gathering ---- */

/* Each packet takes its share of a second; who is silent for a while saves up for TOLD_AT_ONCE. */
static bool may_tell(struct packets *packets, int64_t time_ns) {
    const int64_t share = SECOND_NS / TOLD_A_SECOND, most = share * TOLD_AT_ONCE;
    if (packets->budget_ns < time_ns - most)
        packets->budget_ns = time_ns - most;
    if (packets->budget_ns + share > time_ns)
        return false;
    packets->budget_ns += share;
    return true;
}

void packets_take(void *context, const struct net_frame *frame) {
    const struct shell *shell = context;
    struct packets *packets = packets_of(context);
    if (packets->count == GATHERED_MOST) {
        packets->lost++;
        packets->lost_ns = frame->time_ns;
        return;
    }
    if (packets->count == packets->room) {
        packets->room = packets->room > 0 ? packets->room * 2 : 64;
        packets->gathered = mem_grow(packets->gathered, packets->room, sizeof(struct gathered *));
    }
    /* On the machine's network it is not known yet whether it counts: strangers do not use up our share. */
    bool silent = shell->private_network && !may_tell(packets, frame->time_ns);
    size_t most = silent ? SILENT_KEEP : PACKET_KEEP, kept = frame->kept < most ? frame->kept : most;
    struct gathered *gathered = mem_alloc(sizeof(*gathered) + kept);
    gathered->frame = *frame;
    gathered->frame.kept = kept;
    gathered->frame.bytes = gathered->bytes;
    gathered->order = packets->count;
    gathered->silent = silent;
    if (kept > 0)
        memcpy(gathered->bytes, frame->bytes, kept);
    packets->gathered[packets->count++] = gathered;
}

/* While somebody goes on sending, only so many at a time. */
static void read_capture(struct shell *shell) {
    struct packets *packets = shell->packets;
    struct net_frame frame;
    size_t most = READ_MOST;
    if (packets->captures == NULL)
        return;
    while (most-- > 0 && captures_next(packets->captures, &frame)) {
        frame.number = 0; /* a capture tells of each once */
        packets_take(shell, &frame);
    }
    uint64_t lost = captures_lost(packets->captures);
    packets->lost += lost;
    packets->lost_ns = lost > 0 ? clock_now_ns() : packets->lost_ns;
}

static int seen_first(const void *left, const void *right) {
    const struct gathered *a = *(struct gathered *const *)left, *b = *(struct gathered *const *)right;
    if (a->frame.time_ns != b->frame.time_ns)
        return a->frame.time_ns < b->frame.time_ns ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

/* ---- The call that caused it ---- */

/* When a call that has returned began. One that may wait is announced; where that was before these events,
 * or any other, it began at the time that it has (call/call.h, CALL_ACTS). */
static int64_t began_ns(const struct event *const *events, size_t i, bool waits) {
    if (!waits)
        return events[i]->happened_ns;
    for (size_t k = i; k-- > 0;)
        if (events[k]->type == EVENT_ENTERED && strcmp(events[k]->actor, events[i]->actor) == 0)
            return events[k]->happened_ns;
    return INT64_MIN;
}

/* Of all calls that were being made at that moment, that which began last: the others sleep. NULL: none was;
 * it came by itself, or with a death. */
static const struct event *cause_of(const struct event *const *events, size_t count, int64_t time_ns) {
    const struct event *best = NULL;
    int64_t latest = INT64_MIN;
    for (size_t i = 0; i < count; i++) {
        const struct event *event = events[i];
        bool returned = event->type == EVENT_RETURNED;
        const struct call *call = returned || event->type == EVENT_ENTERED ? call_find(event->name) : NULL;
        if (call == NULL || !(call->flags & CALL_SYSTEM))
            continue;
        bool waits = (call->flags & CALL_BLOCKS) && !(call->flags & CALL_ACTS);
        int64_t began = returned ? began_ns(events, i, waits) : event->happened_ns;
        if (began > time_ns || began < latest || (returned && waits && event->happened_ns < time_ns))
            continue;
        /* It was announced, and has returned before: then it is not the one. */
        if (!returned && best != NULL && best->type == EVENT_RETURNED &&
            strcmp(best->actor, event->actor) == 0 && began == latest)
            continue;
        latest = began;
        best = event;
    }
    return best;
}

/* What an actor's death sends is its own doing, whatever call was made last. */
static const struct event *death_of(const struct event *const *events, size_t count, const char *actor) {
    for (size_t i = 0; actor[0] != '\0' && i < count; i++)
        if (events[i]->type == EVENT_DIED && strcmp(events[i]->actor, actor) == 0)
            return events[i];
    return NULL;
}

/* ---- Into the journal ---- */

/* What happens to a packet that was told of already; 0: it was not. */
static uint64_t told_before(struct packets *packets, const struct net_frame *frame) {
    uint64_t link = frame->number;
    if (link == 0 || packets->told[link % TOLD_MOST].link != link)
        return 0;
    return packets->told[link % TOLD_MOST].own;
}

static void tell_lost(struct shell *shell) {
    struct packets *packets = shell->packets;
    if (packets->lost == 0)
        return;
    char *text = mem_format("%llu packets are not shown here: more came at a time than can be told of",
                            (unsigned long long)packets->lost);
    journal_add(shell->journal,
                &(struct event){
                    .type = EVENT_PACKET,
                    .happened_ns = packets->lost_ns,
                    .name = "lost",
                    .text = text,
                    .fd = -1,
                    .packet = {.number = packets->lost, .seen_ns = packets->lost_ns, .fate = FRAME_DROPPED}});
    free(text);
    packets->lost = 0;
}

/* "lo"; of named hosts, "laptop lo", "laptop → cheerios". */
static void add_link(const struct net_frame *frame, struct buf *out) {
    if (!frame->loopback)
        buf_addf(out, "%s → %s", frame->from, frame->to);
    else
        buf_addf(out, "%s%slo", frame->from, frame->from[0] != '\0' ? " " : "");
}

/* A frame as it is understood. */
struct sighting {
    const struct net_frame *frame;
    uint64_t before; /* the number under which it was told of already; 0: it was not */
    struct packet packet;
    struct track_note note;
    const struct event *cause;
    struct packet_names names;
};

static void look_at(struct shell *shell, const struct net_frame *frame, struct packet_naming *naming,
                    struct sighting *seen) {
    struct packets *packets = shell->packets;
    *seen = (struct sighting){.frame = frame, .before = told_before(packets, frame)};
    packet_decode(frame->bytes, frame->kept, frame->length, &seen->packet);
    if (seen->before == 0)
        tracker_see(packets->tracker, &seen->packet, packet_network(shell, frame), &seen->note);
    else
        seen->note = (struct track_note){
            .seq = seen->packet.tcp.seq, .ack = seen->packet.tcp.ack, .window = seen->packet.tcp.window};
    seen->cause = seen->before == 0 ? cause_of(naming->events, naming->count, frame->sent_ns) : NULL;
    seen->names = packet_names(naming, packets->tracker, &seen->packet, frame, &seen->note, seen->cause);
    const struct event *death = death_of(naming->events, naming->count, seen->names.from);
    if (seen->before == 0 && death != NULL)
        seen->cause = death;
}

/* Without ports it cannot be known whose a packet is, but who was calling: a raw socket's are its actor's. */
static bool is_of_others(const struct shell *shell, const struct sighting *seen) {
    if (shell->private_network || shell->packets->all)
        return false;
    bool ports = seen->note.connection != 0;
    return seen->names.from[0] == '\0' && seen->names.to[0] == '\0' && (ports || seen->cause == NULL);
}

static uint64_t number_of(struct packets *packets, const struct sighting *seen) {
    uint64_t link = seen->frame->number, number = seen->before != 0 ? seen->before : ++packets->numbers;
    if (link != 0) {
        packets->told[link % TOLD_MOST].link = link;
        packets->told[link % TOLD_MOST].own = number;
    }
    return number;
}

static void tell(struct shell *shell, const struct sighting *seen) {
    const struct net_frame *frame = seen->frame;
    const struct track_note *note = &seen->note;
    struct buf ends = {0}, text = {0}, link = {0};
    bool first = seen->before == 0;
    packet_ends(&seen->packet, &ends);
    add_link(frame, &link);
    if (first)
        packet_line(&seen->packet, note, frame->bytes, &text);
    else
        buf_addf(&text, "%s %s", buf_text(&ends), packet_fate_name(frame->fate));
    if (first && packet_is_copy(shell, frame))
        buf_addf(&text, ", to %s", frame->to);
    struct event event = {
        .type = EVENT_PACKET,
        .happened_ns = seen->cause != NULL ? seen->cause->happened_ns : frame->time_ns,
        .actor = seen->names.from,
        .extra = seen->names.to,
        .name = packet_kind_name(&seen->packet),
        .text = buf_text(&text),
        .id = buf_text(&ends),
        .source = buf_text(&link),
        .fd = -1,
        .data = first ? frame->bytes : NULL,
        .data_length = first ? frame->kept : 0,
        .data_total = first ? (int64_t)frame->length : 0,
        .packet = {.number = number_of(shell->packets, seen),
                   .seen_ns = frame->time_ns,
                   .connection = note->connection,
                   .seq = note->seq,
                   .ack = note->ack,
                   .window = note->window,
                   .marks = note->marks,
                   .side = note->side,
                   .fate = frame->fate,
                   .why = frame->why,
                   .relative = note->relative,
                   .checksum_missing = frame->checksum_missing,
                   .caused = seen->cause != NULL,
                   .link_number = frame->number},
    };
    journal_add(shell->journal, &event);
    buf_free(&link);
    buf_free(&ends);
    buf_free(&text);
}

static void only_count(struct packets *packets, const struct net_frame *frame) {
    packets->numbers++;
    packets->lost++;
    packets->lost_ns = frame->time_ns;
}

static void take_gathered(struct shell *shell, const struct gathered *gathered,
                          struct packet_naming *naming) {
    struct packets *packets = shell->packets;
    const struct net_frame *frame = &gathered->frame;
    if (gathered->silent) {
        struct packet packet;
        struct track_note note;
        packet_decode(frame->bytes, frame->kept, frame->length, &packet);
        tracker_see(packets->tracker, &packet, packet_network(shell, frame), &note);
        only_count(packets, frame);
        return;
    }
    struct sighting seen;
    look_at(shell, frame, naming, &seen);
    if (is_of_others(shell, &seen)) {
        packets->others++;
    } else if (!shell->private_network && !may_tell(packets, frame->time_ns)) {
        only_count(packets, frame);
    } else {
        tell_lost(shell);
        tell(shell, &seen);
    }
}

/* May a socket be somebody else's, or have another address, since these happened?  What only sends through a stream or
 * reads from it changes nothing of that. */
static bool owners_may_differ(const struct event *const *events, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const struct call *call = events[i]->type == EVENT_RETURNED ? call_find(events[i]->name) : NULL;
        bool passes = call != NULL && (call->flags & CALL_GIVES_MORE);
        if (events[i]->type == EVENT_BORN || events[i]->type == EVENT_DIED || passes ||
            (call != NULL && events[i]->socket_type != SOCK_STREAM))
            return true;
    }
    return false;
}

void packets_settled(struct shell *shell, const struct event *const *events, size_t count,
                     const struct snapshot *before, const struct snapshot *now) {
    struct packets *packets = shell->packets;
    if (packets == NULL)
        return;
    packets->round += owners_may_differ(events, count) || packets->round == 0;
    read_capture(shell);
    if (packets->count == 0 && packets->lost == 0)
        return;
    struct packet_naming naming = {.shell = shell,
                                   .events = events,
                                   .count = count,
                                   .round = packets->round,
                                   .before = before,
                                   .now = now};
    qsort(packets->gathered, packets->count, sizeof(*packets->gathered), seen_first);
    for (size_t i = 0; i < packets->count; i++)
        take_gathered(shell, packets->gathered[i], &naming);
    tell_lost(shell);
    forget_gathered(packets);
    snapshot_free(naming.taken);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* .wire and .packet: what went over the network. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "journal/streams.h"
#include "lesson/play.h"
#include "observe/peer.h"
#include "shell/commands.h"
#include "shell/descriptor.h"
#include "shell/packets.h"
#include "shell/watch.h"
#include "view/packet.h"
#include "view/plain.h"
#include "view/rungs.h"

#define RUNGS_USUAL 60

/* The question would be answered. */
static bool is_covered(struct command_line *line) {
    if (line->shell->player == NULL || !player_covers_packets(line->shell->player))
        return false;
    shell_note(line->shell, "the lesson asks about these packets; .hint helps, .skip goes on");
    return true;
}

/* ---- Which packets ---- */

static bool is_kind(const char *word) {
    static const char *const kinds[] = {"TCP", "UDP", "ICMP", "ICMPv6", "ARP", NULL};
    for (size_t i = 0; kinds[i] != NULL; i++)
        if (strcasecmp(kinds[i], word) == 0)
            return true;
    return false;
}

static bool read_port(const char *word, unsigned *port) {
    char *end;
    unsigned long number = strtoul(word, &end, 10);
    *port = (unsigned)number;
    return isdigit((unsigned char)word[0]) && *end == '\0' && number > 0 && number <= 65535;
}

/* One that the kernel has forgotten is known by the packets that its calls, or its other end's, have sent. */
static bool find_forgotten(const struct shell *shell, uint64_t cookie, struct rungs_filter *filter) {
    const struct stream *stream = streams_find(shell->streams, cookie);
    filter->cookies[0] = cookie;
    filter->cookies[1] = stream != NULL ? stream->peer : 0;
    for (size_t i = 0; i < 2 && filter->connection == 0; i++)
        filter->connection = rungs_connection_of(shell->journal, shell->wire, filter->cookies[i]);
    return filter->connection != 0;
}

/* The socket that is meant, now or, when it is closed, what it was last. */
static bool read_socket(struct command_line *line, const char *word, struct rungs_filter *filter,
                        struct socket_facts *facts) {
    struct shell *shell = line->shell;
    struct actor *actor = line->actor;
    const char *rest = descriptor_owner(shell->crew, word, &actor);
    int fd;
    if (!descriptor_named(actor, rest, &fd)) {
        command_misused(line, "%s is no actor, no port, and no variable of %s that holds a descriptor", rest,
                        actor_name(actor));
        error_hint(line->error,
                   ".wire alone shows all packets; .wire 8888 those of a port, .wire client.sock those "
                   "of a connection");
        return false;
    }
    const struct snapshot *snapshot = shell_look(shell);
    const struct descriptor *now =
        snapshot_get(snapshot, snapshot_actor_named(snapshot, actor_name(actor)), fd);
    const struct socket_facts *found =
        now != NULL && now->kind == DESCRIPTOR_SOCKET && now->facts_known ? &now->socket : NULL;
    uint64_t before = now == NULL ? journal_last_cookie(shell->journal, actor_name(actor), fd) : 0;
    if (now == NULL)
        found = snapshot_facts(snapshot, before);
    if (found == NULL && find_forgotten(shell, before, filter))
        return true;
    if (found == NULL || address_port(&found->local) == 0) {
        command_misused(line, "descriptor %d of %s has no address, or the kernel has forgotten it", fd,
                        actor_name(actor));
        error_hint(line->error, "name the port instead: .wire 8888");
        return false;
    }
    *facts = *found;
    filter->own = facts;
    return true;
}

/* Every word narrows it down. */
static bool read_filter(struct command_line *line, char *words, struct rungs_filter *filter,
                        struct socket_facts *facts) {
    char *save = NULL;
    for (char *word = strtok_r(words, " \t", &save); word != NULL; word = strtok_r(NULL, " \t", &save)) {
        struct actor *actor = crew_find(line->shell->crew, word);
        if (strcmp(word, "all") == 0)
            filter->most = 0;
        else if (actor != NULL)
            filter->actor = actor_name(actor);
        else if (is_kind(word))
            filter->kind = word;
        else if (isdigit((unsigned char)word[0])) {
            if (!read_port(word, &filter->port))
                return command_misused(line, "%s is not a port: they are numbers from 1 to 65535", word);
        } else if (!read_socket(line, word, filter, facts))
            return false;
    }
    return true;
}

/* ---- .wire ---- */

/* "7 packets of other programs were passed over; …", or nothing. */
static void add_others(const struct shell *shell, struct buf *out) {
    unsigned long long others = packets_others(shell);
    if (others > 0)
        buf_addf(out, "%llu packet%s of other programs %s passed over; .wire on all takes everybody's from then on\n",
                 others, others == 1 ? "" : "s", others == 1 ? "was" : "were");
}

static void tell_nothing(struct shell *shell, const struct buf *others) {
    const char *trouble = packets_trouble(shell);
    if (packets_are_seen(shell) && others->length > 0)
        shell_note(shell, "no such packets have been seen yet; %s", buf_text(others));
    else if (packets_are_seen(shell))
        shell_note(shell, "no such packets have been seen yet");
    else if (trouble != NULL)
        shell_note(shell, "%s", trouble);
    else
        shell_note(shell, "no packets have been seen: .wire on begins to look");
}

static bool show_ladder(struct command_line *line) {
    struct shell *shell = line->shell;
    const char *actors[CREW_MAX];
    struct rungs_filter filter = {.after = packets_cleared(shell),
                                  .most = RUNGS_USUAL,
                                  .actors = actors,
                                  .actor_count = packets_actors(shell, actors)};
    struct socket_facts facts;
    struct rungs wire;
    struct buf out = {0}, others = {0};
    char *words = mem_string(line->argument);
    shell_settle(shell);
    bool fine = read_filter(line, words, &filter, &facts);
    if (fine) {
        rungs_gather(shell->journal, shell->wire, &filter, shell->columns, &wire);
        if (wire.earlier > 0)
            buf_addf(&out, "%zu earlier packets; .wire%s%s all\n", wire.earlier,
                     line->argument[0] != '\0' ? " " : "", line->argument);
        if (wire.packets > 0)
            ladder_show(&wire.ladder, &out);
        add_others(shell, &others);
        if (out.length > 0)
            shell_note(shell, "%s%s", buf_text(&out), buf_text(&others));
        else
            tell_nothing(shell, &others);
        rungs_free(&wire);
    }
    buf_free(&others);
    buf_free(&out);
    free(words);
    return fine;
}

static bool begin_to_look(struct command_line *line, bool all) {
    struct shell *shell = line->shell;
    if (!packets_start(shell, line->error))
        return false;
    packets_want_all(shell, all);
    view_show_packets(shell->view, true);
    if (!shell->private_network && !all)
        shell_note(shell, "packets of the actors' sockets are looked at; .wire on all: other programs' too");
    return true;
}

bool command_wire(struct command_line *line) {
    struct shell *shell = line->shell;
    if (strcmp(line->argument, "on") == 0 || strcmp(line->argument, "on all") == 0)
        return begin_to_look(line, line->argument[2] != '\0');
    if (strcmp(line->argument, "off") == 0) {
        packets_stop(shell);
        view_show_packets(shell->view, false);
        return true;
    }
    if (strcmp(line->argument, "clear") == 0) {
        shell_settle(shell);
        packets_clear(shell);
        return true;
    }
    if (is_covered(line))
        return true;
    return show_ladder(line);
}

/* ---- .packet ---- */

bool command_packet(struct command_line *line) {
    struct shell *shell = line->shell;
    char *end;
    unsigned long long wanted = strtoull(line->argument, &end, 10);
    if (line->argument[0] != '\0' &&
        (*end != '\0' || wanted == 0 || !isdigit((unsigned char)line->argument[0]))) {
        command_misused(line, "%s is not the number of a packet", line->argument);
        error_hint(line->error, ".wire shows their numbers at the left");
        return false;
    }
    if (is_covered(line))
        return true;
    shell_settle(shell);
    const struct rungs_filter any = {0};
    const struct event *event = wanted != 0 ? rungs_event(shell->journal, shell->wire, wanted)
                                            : rungs_neighbour(shell->journal, shell->wire, &any, 0, true);
    if (event == NULL) {
        command_misused(line,
                        wanted == 0 ? "no packet has been seen yet"
                                    : "packet %s has not been seen, or is forgotten",
                        line->argument);
        error_hint(line->error, ".wire shows those there are");
        return false;
    }
    struct packet packet;
    struct track_note note;
    struct buf out = {0};
    rungs_packet(event, &packet, &note);
    buf_addf(&out, "packet %llu, %s: %s\n", (unsigned long long)event->packet.number, event->source,
             event->text);
    packet_show(&packet, &note, event->data, event->packet.checksum_missing, shell->columns, &out);
    shell_note(shell, "%s", buf_text(&out));
    buf_free(&out);
    return true;
}

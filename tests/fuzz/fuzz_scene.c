/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any journal, sockets, wishes and size as a screen: every cell must be whole,
 * every row as wide as the screen, nothing in it a terminal would obey.
 */
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "observe/snapshot_parts.h"
#include "view/scene.h"

#define ACTORS 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input, eaten from its front; zeros behind its end. */
struct input {
    const uint8_t *data;
    size_t size;
};

static uint8_t eat(struct input *input) {
    if (input->size == 0)
        return 0;
    input->size--;
    return *input->data++;
}

/* A text of its own, as long as the next byte says. */
static char *eat_text(struct input *input) {
    size_t length = eat(input);
    length = length < input->size ? length : input->size;
    char *text = mem_string_n((const char *)input->data, length);
    input->data += length;
    input->size -= length;
    return text;
}

static void eat_event(struct input *input, struct journal *journal, const char *const *names) {
    static const char *const kinds[] = {"state", "receive-queue", "closed", "appeared local peer", "waiting",
                                        "x"};
    uint8_t type = eat(input), flags = eat(input);
    char *texts[4];
    for (size_t i = 0; i < 4; i++)
        texts[i] = eat_text(input);
    struct event event = {
        .type = (enum event_type)(type % EVENT_TYPES_END),
        .actor = names[flags % ACTORS],
        .name = type % EVENT_TYPES_END == EVENT_CHANGE ? kinds[flags % 6] : texts[3],
        .text = texts[0],
        .extra = texts[1],
        .note = texts[2],
        .source = texts[0],
        .place = texts[3],
        .where = {flags, type},
        .fd = flags % 8,
        .result = (int8_t)flags,
        .cookie = 1 + flags % 8,
        .socket_type = flags & 16   ? SOCK_STREAM
                       : flags & 32 ? SOCK_DGRAM
                                    : 0,
        .data_out = flags & 64,
        .stream = 1 + (flags & 1),
        .data = texts[1],
        .data_length = strlen(texts[1]),
        .data_total = (int64_t)strlen(texts[1]),
    };
    journal_add(journal, &event);
    for (size_t i = 0; i < 4; i++)
        free(texts[i]);
}

static void eat_descriptor(struct input *input, struct snapshot *snapshot) {
    struct descriptor descriptor = {.facts_known = true, .flags_known = true};
    descriptor.fd = eat(input) % 64;
    uint8_t kind = eat(input);
    descriptor.kind = (enum descriptor_kind)(kind % 5);
    descriptor.nonblocking = kind & 8;
    struct socket_facts *facts = &descriptor.socket;
    facts->cookie = 1 + eat(input) % 8;
    facts->family = kind & 16 ? AF_INET : kind & 32 ? AF_INET6 : AF_UNIX;
    facts->type = kind & 64 ? SOCK_STREAM : SOCK_DGRAM;
    facts->protocol = facts->type == SOCK_STREAM && facts->family != AF_UNIX ? IPPROTO_TCP : 0;
    facts->state = (enum socket_state)(eat(input) % SOCKET_STATES_END);
    facts->queues_known = true;
    facts->receive_queue = (uint32_t)eat(input) << (kind & 31);
    facts->send_queue = eat(input);
    facts->local.ss_family = facts->peer.ss_family = (sa_family_t)facts->family;
    facts->local_length = sizeof(struct sockaddr_in6);
    facts->peer_length = kind & 128 ? sizeof(struct sockaddr_in6) : 0;
    for (size_t i = 2; i < sizeof(struct sockaddr_in6); i++)
        ((uint8_t *)&facts->local)[i] = ((uint8_t *)&facts->peer)[i] = eat(input);
    memcpy(descriptor.target, &facts->local, 16);
    table_set(&snapshot->actors[kind % ACTORS].table, &descriptor);
}

static void check(const struct canvas *canvas, const struct scene_result *result) {
    size_t rows = canvas_rows(canvas), columns = canvas_columns(canvas), used;
    for (size_t row = 0; row < rows; row++) {
        size_t taken = 0;
        for (size_t column = 0; column < columns; column++) {
            const char *text = canvas_cell(canvas, row, column)->text;
            size_t length = strnlen(text, CELL_BYTES);
            if (length == CELL_BYTES)
                abort();
            for (size_t i = 0; i < length; i += used) {
                uint32_t code = utf8_decode(text + i, length - i, &used);
                if (code == UTF8_INVALID || utf8_width(code) < 0)
                    abort();
            }
            taken += utf8_columns(text, length);
        }
        if (taken != columns)
            abort();
    }
    if (result->cursor_shown && (result->cursor_row >= rows || result->cursor_column >= columns))
        abort();
}

static void eat_wishes(struct input *input, struct scene *scene) {
    uint8_t flags = eat(input);
    scene->unicode = flags & 1;
    scene->wishes.zoomed = flags & 2;
    scene->wishes.help = flags & 4;
    scene->wishes.hex = flags & 8;
    scene->wishes.large = flags & 16;
    scene->wishes.focus = (enum pane)(eat(input) % PANES_END);
    for (size_t i = 0; i < PANES_END; i++)
        scene->wishes.scroll[i] = flags & 32 ? eat(input) : 0;
    scene->wishes.stream = flags & 64 ? eat(input) % 8 : 0;
    scene->since = eat(input) % 16;
}

static void draw(struct input *input, struct snapshot *snapshot, struct journal *journal,
                 struct streams *streams, const char *const *names) {
    struct scene scene = {
        .snapshot = snapshot, .journal = journal, .streams = streams, .actor_count = ACTORS};
    struct scene_actor actors[ACTORS];
    char *texts[5];
    size_t rows = 1 + eat(input) % 70, columns = 1 + eat(input) % 220;
    eat_wishes(input, &scene);
    for (size_t i = 0; i < 5; i++)
        texts[i] = eat_text(input);
    for (size_t i = 0; i < ACTORS; i++)
        actors[i] =
            (struct scene_actor){.name = names[i], .current = i == 1, .dead = eat(input) & 1,
                                 .doing = texts[i], .doing_ns = (int64_t)eat(input) << 30};
    scene.actors = actors;
    scene.wishes.search = texts[0];
    if (eat(input) & 1)
        scene.passage = (struct lesson_passage){texts[1], texts[2], texts[3], 1, 2};
    const char *candidates[] = {texts[1], texts[4]};
    scene.prompt = (struct scene_prompt){.prompt = texts[3], .line = texts[4], .point = eat(input)};
    scene.prompt.candidates = candidates;
    scene.prompt.candidate_count = eat(input) % 3;
    while (input->size > 0) {
        if (eat(input) & 1)
            eat_event(input, journal, names);
        else
            eat_descriptor(input, snapshot);
    }
    struct canvas *canvas = canvas_new(rows, columns);
    struct scene_result result;
    scene_draw(&scene, canvas, &result);
    check(canvas, &result);
    canvas_free(canvas);
    for (size_t i = 0; i < 5; i++)
        free(texts[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct input input = {data, size};
    const char *names[ACTORS] = {"server", "client", ""};
    char *odd = eat_text(&input);
    odd[strnlen(odd, SNAPSHOT_NAME_MAX - 1)] = '\0';
    if (strlen(odd) > 0)
        names[2] = odd;
    struct journal *journal = journal_new();
    struct streams *streams = streams_new(journal);
    struct snapshot *snapshot = mem_alloc(sizeof(*snapshot));
    snapshot->actor_count = ACTORS;
    snapshot->actors = mem_alloc(ACTORS * sizeof(*snapshot->actors));
    for (size_t i = 0; i < ACTORS; i++) {
        size_t length = strnlen(names[i], SNAPSHOT_NAME_MAX - 1);
        memcpy(snapshot->actors[i].name, names[i], length);
    }
    draw(&input, snapshot, journal, streams, names);
    snapshot_free(snapshot);
    streams_free(streams);
    journal_free(journal);
    free(odd);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who stands where on the ladder; see lifelines.h. */
#include "view/lifelines.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/escape.h"
#include "base/mem.h"

struct lifeline {
    char *actor, *cause, *endpoint, *host; /* as in struct packet_end; endpoint: the first it was seen with */
    bool has_port, linked;
    bool several, moved; /* it was seen with several endpoints; with several addresses */
};

struct lifelines {
    struct lifeline of[LADDER_ENDS_MOST];
    size_t count;
};

struct lifelines *lifelines_new(void) {
    return mem_alloc(sizeof(struct lifelines));
}

void lifelines_free(struct lifelines *lifelines) {
    for (size_t i = 0; i < lifelines->count; i++) {
        free(lifelines->of[i].actor);
        free(lifelines->of[i].cause);
        free(lifelines->of[i].endpoint);
        free(lifelines->of[i].host);
    }
    free(lifelines);
}

static bool is_actor(const struct lifeline *line) {
    return line->actor[0] != '\0';
}

/* ---- Addresses ---- */

struct span_of {
    const char *text;
    size_t length;
};

/* Of "10.0.0.1:80", "10.0.0.1", "[::1]:80" or "::1" the address, without brackets. */
static struct span_of address_of(const char *endpoint) {
    const char *first = strchr(endpoint, ':'), *last = strrchr(endpoint, ':');
    if (endpoint[0] == '[')
        return (struct span_of){endpoint + 1, strcspn(endpoint + 1, "]")};
    return (struct span_of){endpoint,
                            first != NULL && first == last ? (size_t)(first - endpoint) : strlen(endpoint)};
}

static bool same_address(const char *endpoint, const char *other) {
    struct span_of a = address_of(endpoint), b = address_of(other);
    return a.length == b.length && strncmp(a.text, b.text, a.length) == 0;
}

/* By name where hosts have names: an actor may be seen with several addresses of its own. */
static bool same_host(const struct lifeline *line, const struct lifeline *other) {
    if (line->host[0] != '\0' && other->host[0] != '\0')
        return strcmp(line->host, other->host) == 0;
    return !line->moved && !other->moved && same_address(line->endpoint, other->endpoint);
}

/* ---- Ends ---- */

static bool is_at(const struct lifeline *line, const struct packet_end *end) {
    if (end->actor[0] != '\0' || is_actor(line))
        return strcmp(line->actor, end->actor) == 0;
    return strcmp(line->endpoint, end->endpoint) == 0 && strcmp(line->cause, end->cause) == 0 &&
           strlen(line->host) == end->host_length &&
           memcmp(line->host, end->host, end->host_length) == 0;
}

size_t lifelines_add(struct lifelines *lifelines, const struct packet_end *end) {
    size_t i = 0;
    while (i < lifelines->count && !is_at(&lifelines->of[i], end))
        i++;
    if (i == LADDER_ENDS_MOST)
        i--;
    struct lifeline *line = &lifelines->of[i];
    if (i == lifelines->count) {
        *line = (struct lifeline){.actor = mem_string(end->actor),
                                  .cause = mem_string(end->cause),
                                  .endpoint = mem_string(end->endpoint),
                                  .host = mem_string_n(end->host, end->host_length),
                                  .has_port = end->has_port};
        lifelines->count++;
    }
    line->linked |= end->linked;
    line->several |= strcmp(line->endpoint, end->endpoint) != 0;
    line->moved |= !same_address(line->endpoint, end->endpoint);
    return i;
}

size_t lifelines_of_actor(const struct lifelines *lifelines, const char *actor) {
    for (size_t i = 0; i < lifelines->count; i++)
        if (is_actor(&lifelines->of[i]) && strcmp(lifelines->of[i].actor, actor) == 0)
            return i;
    return SIZE_MAX;
}

/* ---- Which of them are one ---- */

struct arranging {
    const struct lifelines *lifelines;
    size_t order[LADDER_ENDS_MOST]; /* as they are to stand */
    size_t same[LADDER_ENDS_MOST];  /* the one that it is as well; itself: none */
};

/* At an address that was nobody's an actor's socket is by now. */
static size_t actor_at(const struct lifelines *lifelines, const struct lifeline *line) {
    for (size_t i = 0; i < lifelines->count; i++) {
        const struct lifeline *other = &lifelines->of[i];
        if (is_actor(other) && !other->several && strcmp(other->endpoint, line->endpoint) == 0 &&
            same_host(other, line))
            return i;
    }
    return SIZE_MAX;
}

/* The actor that caused it, if it lives on the host, or the first that does. Loopback says nothing of who is meant: only
 * one that is alone there is. */
static size_t actor_on_host(const struct arranging *arranging, const struct lifeline *line) {
    const struct lifelines *lifelines = arranging->lifelines;
    size_t first = SIZE_MAX, count = 0;
    for (size_t i = 0; i < lifelines->count; i++) {
        const struct lifeline *other = &lifelines->of[arranging->order[i]];
        if (!is_actor(other) || !same_host(other, line))
            continue;
        if (line->linked && strcmp(other->actor, line->cause) == 0)
            return arranging->order[i];
        if (count++ == 0)
            first = arranging->order[i];
    }
    return count == 1 || line->linked ? first : SIZE_MAX;
}

/* The first of those on the host that are nobody's; one with a port gives the better title. */
static size_t nobody_on_host(const struct arranging *arranging, size_t own) {
    const struct lifelines *lifelines = arranging->lifelines;
    const struct lifeline *line = &lifelines->of[own];
    size_t found = own;
    for (size_t i = lifelines->count; i-- > 0 && line->linked;) {
        size_t at = arranging->order[i];
        const struct lifeline *other = &lifelines->of[at];
        if (!is_actor(other) && other->linked && same_host(other, line) &&
            actor_at(lifelines, other) == SIZE_MAX && (other->has_port || !lifelines->of[found].has_port))
            found = at;
    }
    return found;
}

static size_t find_same(const struct arranging *arranging, size_t own) {
    const struct lifeline *line = &arranging->lifelines->of[own];
    size_t found = is_actor(line) ? own : actor_at(arranging->lifelines, line);
    if (found == SIZE_MAX && !line->has_port)
        found = actor_on_host(arranging, line);
    return found != SIZE_MAX ? found : nobody_on_host(arranging, own);
}

/* ---- In which order ---- */

static size_t place_of(const struct lifeline *line, const char *const *actors, size_t count) {
    size_t i = 0;
    while (i < count && (!is_actor(line) || strcmp(actors[i], line->actor) != 0))
        i++;
    return i + (i == count && !is_actor(line));
}

/* Numbers in addresses count as numbers: 10.0.0.9 is before 10.0.0.10. */
static bool stands_before(const struct lifeline *a, const struct lifeline *b, const char *const *actors,
                          size_t count) {
    size_t left = place_of(a, actors, count), right = place_of(b, actors, count);
    return left != right ? left < right : strverscmp(a->endpoint, b->endpoint) < 0;
}

static void sort(struct arranging *arranging, const char *const *actors, size_t actor_count) {
    const struct lifeline *of = arranging->lifelines->of;
    for (size_t i = 0; i < arranging->lifelines->count; i++) {
        size_t k = i;
        for (; k > 0 && stands_before(&of[i], &of[arranging->order[k - 1]], actors, actor_count); k--)
            arranging->order[k] = arranging->order[k - 1];
        arranging->order[k] = i;
    }
}

/* ---- Titles ---- */

/* How many endpoints have become this one. */
static bool is_of_several(const struct arranging *arranging, size_t own) {
    const struct lifelines *lifelines = arranging->lifelines;
    bool several = lifelines->of[own].several;
    for (size_t i = 0; i < lifelines->count; i++)
        several |= i != own && arranging->same[i] == own && lifelines->of[i].has_port;
    return several;
}

/* "client 10.0.0.2:40000", "client", "cheerios 10.0.0.1:7", "cheerios 10.0.0.1"; where hosts have no names "127.0.0.1:80" */
static char *title_of(const struct arranging *arranging, size_t own) {
    const struct lifeline *line = &arranging->lifelines->of[own];
    const char *name = is_actor(line) ? line->actor : line->host;
    struct span_of address = address_of(line->endpoint);
    struct buf title = {0};
    escape_text(&title, name, strlen(name));
    if (is_actor(line) && line->several)
        return buf_take(&title);
    buf_add_text(&title, name[0] != '\0' ? " " : "");
    if (!is_actor(line) && is_of_several(arranging, own))
        escape_text(&title, address.text, address.length);
    else
        escape_text(&title, line->endpoint, strlen(line->endpoint));
    return buf_take(&title);
}

/* ---- All ---- */

/* Of two, an actor that is not the first stands at the right, whoever the other is. */
static bool must_change_sides(const struct arranging *arranging, const size_t stand[], size_t count,
                              const char *const *actors, size_t actor_count) {
    const struct lifeline *of = arranging->lifelines->of;
    if (count != 2 || is_actor(&of[stand[1]]))
        return false;
    size_t place = place_of(&of[stand[0]], actors, actor_count);
    return place > 0 && place < actor_count;
}

size_t lifelines_arrange(const struct lifelines *lifelines, const char *const *actors, size_t actor_count,
                         size_t to[LADDER_ENDS_MOST], char *titles[LADDER_ENDS_MOST]) {
    struct arranging arranging = {.lifelines = lifelines};
    size_t stand[LADDER_ENDS_MOST], count = 0;
    sort(&arranging, actors, actor_count);
    for (size_t i = 0; i < lifelines->count; i++)
        arranging.same[i] = find_same(&arranging, i);
    for (size_t i = 0; i < lifelines->count; i++)
        if (arranging.same[arranging.order[i]] == arranging.order[i])
            stand[count++] = arranging.order[i];
    if (must_change_sides(&arranging, stand, count, actors, actor_count)) {
        size_t actor = stand[0];
        stand[0] = stand[1];
        stand[1] = actor;
    }
    for (size_t i = 0; i < count; i++) {
        to[stand[i]] = i;
        titles[i] = title_of(&arranging, stand[i]);
    }
    for (size_t i = 0; i < lifelines->count; i++)
        to[i] = to[arranging.same[i]];
    return count;
}

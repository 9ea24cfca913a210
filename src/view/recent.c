/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened since the last call; see panes.h. */
#include <string.h>

#include "view/panes.h"

#define EVENTS_MOST 4096 /* looked back at */
#define WAKE_MOST 512    /* events between a call's beginning to wait and its return */

/* The kinds whose names are in the text, which has them with blanks between. */
static unsigned kinds_in(const char *names) {
    unsigned kinds = 0;
    while (*names != '\0') {
        size_t length = strcspn(names, " ");
        for (enum change_type type = CHANGE_APPEARED; type <= CHANGE_UNOWNED_GONE; type++)
            if (strlen(change_name(type)) == length && strncmp(change_name(type), names, length) == 0)
                kinds |= CHANGE_BIT(type);
        names += length;
        names += strspn(names, " ");
    }
    return kinds;
}

void recent_find(const struct scene *scene, struct recent *recent) {
    recent->count = 0;
    recent->last = scene->journal != NULL ? journal_last(scene->journal) : 0;
    recent->from = scene->since + 1;
    if (recent->last >= EVENTS_MOST && recent->from <= recent->last - EVENTS_MOST)
        recent->from = recent->last - EVENTS_MOST + 1;
    for (uint64_t n = recent->last; n >= recent->from && n > 0 && recent->count < RECENT_MOST; n--) {
        const struct event *event = journal_at(scene->journal, n);
        if (event == NULL)
            return;
        if (event->type == EVENT_CHANGE)
            recent->changes[recent->count++] = (struct recent_change){
                .actor = event->actor,
                .fd = (int)event->fd,
                .cookie = event->cookie,
                .kinds = kinds_in(event->name) | kinds_in(event->extra),
            };
    }
}

unsigned recent_of(const struct recent *recent, const char *actor, int fd) {
    unsigned kinds = 0;
    for (size_t i = 0; i < recent->count; i++)
        if (recent->changes[i].fd == fd && strcmp(recent->changes[i].actor, actor) == 0)
            kinds |= recent->changes[i].kinds;
    return kinds;
}

unsigned recent_of_cookie(const struct recent *recent, uint64_t cookie) {
    unsigned kinds = 0;
    for (size_t i = 0; i < recent->count && cookie != 0; i++)
        if (recent->changes[i].cookie == cookie)
            kinds |= recent->changes[i].kinds;
    return kinds;
}

/* The actor's newest event of a type since the last call. */
static const struct event *newest(const struct scene *scene, const struct recent *recent, const char *actor,
                                  enum event_type type) {
    for (uint64_t n = recent->last; n >= recent->from && n > 0; n--) {
        const struct event *event = journal_at(scene->journal, n);
        if (event == NULL)
            return NULL;
        if (event->type == type && strcmp(event->actor, actor) == 0)
            return event;
    }
    return NULL;
}

bool recent_has(const struct scene *scene, const struct recent *recent, const char *actor, enum event_type type) {
    return newest(scene, recent, actor, type) != NULL;
}

const struct event *recent_wake(const struct scene *scene, const struct recent *recent, const char *actor) {
    const struct event *returned = newest(scene, recent, actor, EVENT_RETURNED);
    if (returned == NULL)
        return NULL;
    for (uint64_t n = returned->number - 1; n > 0 && n + WAKE_MOST > returned->number; n--) {
        const struct event *event = journal_at(scene->journal, n);
        if (event == NULL)
            return NULL;
        if (strcmp(event->actor, actor) != 0)
            continue;
        if (event->type == EVENT_BLOCKED && strcmp(event->name, returned->name) == 0)
            return returned;
        if (event->type == EVENT_RETURNED || event->type == EVENT_LINE)
            return NULL;
    }
    return NULL;
}

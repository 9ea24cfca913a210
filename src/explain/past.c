/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened before; see explain.h. */
#include <string.h>

#include "explain/explain.h"
#include "explain/rows.h"

const struct event *past_at(const struct past *past, uint64_t n) {
    if (n >= PAST_MOST)
        return NULL;
    if (n < past->held_count)
        return past->held[past->held_count - 1 - n];
    n -= past->held_count;
    return n < past->last ? journal_at(past->journal, past->last - n) : NULL;
}

bool past_is_whole(const struct past *past) {
    return past->held_count + past->last <= PAST_MOST && (past->last == 0 || journal_at(past->journal, 1) != NULL);
}

const struct event *past_call(const struct past *past, const char *actor, const char *calls, int64_t fd,
                              uint64_t *n) {
    const struct event *event;
    for (; (event = past_at(past, *n)) != NULL; (*n)++)
        if (event->type == EVENT_RETURNED && (actor[0] == '\0' || strcmp(event->actor, actor) == 0) &&
            (calls[0] == '\0' || word_among(calls, event->name)) && (fd < 0 || event->fd == fd))
            return event;
    return NULL;
}

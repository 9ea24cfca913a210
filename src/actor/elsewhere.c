/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name that its actor does not know, but another does: the line went to the wrong one. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "actor/actor.h"
#include "base/mem.h"

#define LINE_MOST 60 /* a longer one is not repeated */

static const struct actor *owner_of(const struct actor *stranger, const char *name) {
    for (size_t i = 0; i < stranger->crew->count; i++) {
        const struct actor *actor = stranger->crew->actors[i];
        if (actor != stranger && actor->state != ACTOR_DEAD && actor_has_variable(actor, name))
            return actor;
    }
    return NULL;
}

char *elsewhere_hint(const struct actor *actor, struct span where, const char *hint) {
    const char *source = actor->source != NULL ? actor->source : "";
    size_t length = strlen(source);

    if (where.length == 0 || where.at >= length || where.length > length - where.at)
        return NULL;
    char *name = mem_string_n(source + where.at, where.length);
    const struct actor *owner = isalpha((unsigned char)*name) || *name == '_' ? owner_of(actor, name) : NULL;
    char *text = NULL;
    if (owner != NULL) {
        bool repeated = length <= LINE_MOST && strchr(source, '\n') == NULL;
        text = mem_format("%s has a %s: %s> %s%s%s", owner->name, name, owner->name, repeated ? source : "…",
                          hint[0] != '\0' ? "; or " : "", hint);
    }
    free(name);
    return text;
}

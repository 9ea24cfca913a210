/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which connection the bytes' pane shows, and its two ends, from the book of streams and the snapshot. */
#ifndef SOCKSHELL_VIEW_STREAM_ENDS_H
#define SOCKSHELL_VIEW_STREAM_ENDS_H

#include "view/ends.h"
#include "view/scene.h"

/* `own` is the end whose socket is older, so that a connection looks the same whichever end was used last. */
struct stream_ends {
    bool datagrams; /* no connection: `other` is nobody */
    struct known_end own, other;
};

/* The one that is wished for, else the one used last. False: none has moved anything yet. */
bool stream_ends_find(const struct scene *scene, struct stream_ends *ends);
void stream_ends_free(struct stream_ends *ends);

#endif

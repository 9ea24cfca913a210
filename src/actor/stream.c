/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an actor's program prints, told in its true place.  Every message says
 * how many bytes were printed before it, so those are told first.  Bytes that
 * no message has accounted for yet are held until the control socket, looked at
 * after they were read, has nothing more to say: only then can no message come
 * before them.
 */
#include <errno.h>
#include <unistd.h>

#include "actor/actor.h"

#define CHUNK 65536

static void tell(struct actor *actor, struct stream *stream, size_t length) {
    if (length == 0)
        return;
    actor_journal(actor, (struct event){.type = EVENT_OUTPUT,
                                        .stream = stream->number,
                                        .data = stream->held.data,
                                        .data_length = length});
    buf_consume(&stream->held, length);
    stream->told += (int64_t)length;
}

/* At most `most` bytes of what waits in the pipe; false when nothing does. */
static bool read_some(struct actor *actor, struct stream *stream, size_t most) {
    char bytes[CHUNK];

    if (stream->fd < 0)
        return false;
    ssize_t length = read(stream->fd, bytes, most < sizeof(bytes) ? most : sizeof(bytes));
    if (length > 0)
        buf_add(&stream->held, bytes, (size_t)length);
    else if (length == 0 || (errno != EAGAIN && errno != EINTR))
        crew_forget(actor->crew, &stream->fd);
    return length > 0;
}

/* A pipe's worth at a time: who prints without end must not keep us from listening to others. */
void stream_hold(struct actor *actor, struct stream *stream) {
    read_some(actor, stream, CHUNK);
}

void stream_tell_held(struct actor *actor, struct stream *stream) {
    tell(actor, stream, stream->held.length);
}

void stream_tell_to(struct actor *actor, struct stream *stream, int64_t count) {
    /* The count is the actor's word: when the pipe has less, that is all there is. */
    while (count > stream->told) {
        size_t due = (uint64_t)(count - stream->told) < CHUNK ? (size_t)(count - stream->told) : CHUNK;
        if (stream->held.length < due && read_some(actor, stream, due - stream->held.length))
            continue;
        if (stream->held.length == 0)
            break;
        tell(actor, stream, stream->held.length < due ? stream->held.length : due);
    }
}

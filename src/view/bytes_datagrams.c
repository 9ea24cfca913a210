/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A datagram socket message by message; see bytes.h.  The kernel numbers no
 * datagrams: that one sent here is one read there is known because both are
 * recorded, the addresses agree, and so do length and bytes, in their order.
 */
#include <inttypes.h>
#include <netinet/in.h>
#include <string.h>

#include "base/address.h"
#include "view/bytes.h"

struct listing {
    const struct bytes_end *own, *others;
    size_t other_count;
    const struct bytes_options *options;
    struct buf *out;
    size_t lines, all; /* as in bytes.c */
    uint64_t hidden;
};

/* ---- Who has read it ---- */

static struct sockaddr_storage address_of(const struct stream_chunk *chunk) {
    struct sockaddr_storage address = {0};
    memcpy(&address, chunk->address, chunk->address_length);
    return address;
}

static bool is_any(const struct sockaddr_storage *address) {
    if (address->ss_family == AF_INET)
        return ((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr == INADDR_ANY;
    return address->ss_family == AF_INET6 &&
           IN6_IS_ADDR_UNSPECIFIED(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr);
}

/* Does a datagram for this address come to that socket?  Bound to no host, it gets those for all. */
static bool reaches(const struct sockaddr_storage *to, socklen_t length, const struct socket_facts *facts) {
    if (is_any(&facts->local) || is_any(to))
        return address_port(to) != 0 && address_port(to) == address_port(&facts->local);
    return length > sizeof(sa_family_t) && address_same(to, length, &facts->local, facts->local_length);
}

static bool goes_to(const struct listing *l, const struct stream_chunk *sent, const struct bytes_end *other) {
    const struct socket_facts *own = l->own->facts;
    uint64_t peer = l->own->stream->peer;
    if (other->stream == l->own->stream)
        return false;
    if (peer != 0 && sent->address_length == 0)
        return other->stream != NULL && other->stream->cookie == peer;
    if (other->facts == NULL)
        return false;
    if (sent->address_length > 0) {
        struct sockaddr_storage to = address_of(sent);
        return reaches(&to, (socklen_t)sent->address_length, other->facts);
    }
    return own != NULL && own->peer_length > 0 && reaches(&own->peer, own->peer_length, other->facts);
}

static bool comes_from(const struct listing *l, const struct stream_chunk *received) {
    if (received->address_length <= sizeof(sa_family_t) || l->own->facts == NULL)
        return true; /* the call did not ask from whom */
    struct sockaddr_storage from = address_of(received);
    return reaches(&from, (socklen_t)received->address_length, l->own->facts);
}

static bool is_same(const struct stream_chunk *sent, const struct stream_chunk *received) {
    size_t both = sent->kept < received->kept ? sent->kept : received->kept;
    bool cut = received->length < sent->length; /* the reader's buffer was shorter */
    return (received->whole == sent->length || cut) && received->length <= sent->length &&
           memcmp(sent->bytes, received->bytes, both) == 0;
}

enum fate { FATE_UNKNOWN, FATE_READ, FATE_CUT, FATE_WAITS, FATE_LOST };

/* Goes through both records side by side, up to this datagram. */
static enum fate fate_of(const struct listing *l, const struct stream_chunk *wanted,
                         const struct bytes_end *other) {
    const struct stream_history *sent = &l->own->stream->sent;
    const struct stream_history *received = other->stream != NULL ? &other->stream->received : NULL;
    if (sent->dropped > 0 || (received != NULL && received->dropped > 0))
        return FATE_UNKNOWN;
    const struct stream_chunk *next = received != NULL ? received->first : NULL;
    for (const struct stream_chunk *at = sent->first; at != NULL; at = at->next) {
        const struct stream_chunk *match = goes_to(l, at, other) ? next : NULL;
        while (match != NULL && !(is_same(at, match) && comes_from(l, match)))
            match = match->next;
        if (at == wanted && match != NULL)
            return match->length < at->length ? FATE_CUT : FATE_READ;
        if (at == wanted)
            break;
        next = match != NULL ? match->next : next;
    }
    if (other->facts == NULL || !other->facts->queues_known)
        return FATE_LOST;
    return other->facts->receive_queue > 0 ? FATE_WAITS : FATE_LOST;
}

static void add_fate(const struct listing *l, const struct stream_chunk *sent, struct buf *out) {
    for (size_t i = 0; i < l->other_count; i++) {
        const struct bytes_end *other = &l->others[i];
        if (!goes_to(l, sent, other))
            continue;
        switch (fate_of(l, sent, other)) {
        case FATE_UNKNOWN:
            break;
        case FATE_READ:
            buf_addf(out, ", read by %s", other->name);
            break;
        case FATE_CUT:
            buf_addf(out, ", read by %s, whose buffer was shorter: the rest is lost", other->name);
            break;
        case FATE_WAITS:
            buf_addf(out, ", not read yet: %s's receive queue is not empty", other->name);
            break;
        case FATE_LOST:
            buf_addf(out, ", never read by %s, and not in its receive queue", other->name);
            break;
        }
        return;
    }
}

/* ---- Lines ---- */

static bool is_hidden(const struct listing *l) {
    size_t rows = l->options->rows;
    return rows > 0 && l->all > rows && l->lines >= rows / 2 && l->lines < l->all - (rows - rows / 2);
}

static void tell_hidden(struct listing *l) {
    if (l->hidden == 0)
        return;
    buf_addf(l->out, "  … %" PRIu64 " message%s left out", l->hidden, l->hidden == 1 ? "" : "s");
    if (l->options->more != NULL)
        buf_addf(l->out, ", see %s", l->options->more);
    buf_add_text(l->out, " …\n");
    l->hidden = 0;
}

static void add_heading(const struct listing *l, const struct stream_chunk *chunk, bool sent) {
    struct buf text = {0}, *out = &text;
    buf_add_text(out, sent ? "sent" : "received");
    if (chunk->address_length > sizeof(sa_family_t)) {
        buf_add_text(out, sent ? " to " : " from ");
        address_endpoint(chunk->address, chunk->address_length, out);
    }
    buf_add_text(out, ": ");
    bytes_add_count(chunk->length, out);
    if (chunk->whole > chunk->length)
        buf_addf(out, " of %" PRIu64 ", cut off by the buffer's length", chunk->whole);
    if (sent)
        add_fate(l, chunk, out);
    bytes_add_prose(l->options, "  ", &text, l->out);
}

static void show_bytes(struct listing *l, const struct stream_chunk *chunk) {
    for (size_t at = 0, length; at < chunk->kept; at += length) {
        length = bytes_line_length(l->options, chunk->bytes + at, chunk->kept - at);
        bytes_add_line(l->options, at, at == 0, chunk->bytes + at, length, l->out);
    }
    if (chunk->kept < chunk->length) {
        buf_add_text(l->out, "          … ");
        bytes_add_count(chunk->length - chunk->kept, l->out);
        buf_add_text(l->out, " not kept …\n");
    }
}

/* Rows of data that it takes; one without any takes one. */
static size_t count_rows(const struct listing *l, const struct stream_chunk *chunk) {
    size_t rows = chunk->kept < chunk->length || chunk->kept == 0;
    for (size_t at = 0; at < chunk->kept; rows++)
        at += bytes_line_length(l->options, chunk->bytes + at, chunk->kept - at);
    return rows;
}

/* In the order in which they came and went. */
static void pass_all(struct listing *l) {
    const struct stream_chunk *sent = l->own->stream->sent.first, *received = l->own->stream->received.first;
    while (sent != NULL || received != NULL) {
        bool out = received == NULL || (sent != NULL && sent->event < received->event);
        const struct stream_chunk *chunk = out ? sent : received;
        if (l->out != NULL && is_hidden(l)) {
            l->hidden++;
        } else if (l->out != NULL) {
            tell_hidden(l);
            add_heading(l, chunk, out);
            show_bytes(l, chunk);
        }
        l->lines += count_rows(l, chunk);
        sent = out ? sent->next : sent;
        received = out ? received : received->next;
    }
    if (l->out != NULL)
        tell_hidden(l);
}

static void add_total(const char *what, const struct stream_history *history, struct buf *out) {
    buf_addf(out, "%" PRIu64 " message%s %s", history->calls, history->calls == 1 ? "" : "s", what);
    if (history->calls > 0) {
        buf_add_text(out, ", ");
        bytes_add_count(history->total, out);
    }
}

static void add_title(const struct bytes_end *own, const struct bytes_options *options, struct buf *out) {
    const struct stream *stream = own->stream;
    struct buf text = {0};
    buf_add_text(&text, own->name);
    if (own->note[0] != '\0')
        buf_addf(&text, " (%s)", own->note);
    if (stream == NULL || stream->sent.calls + stream->received.calls == 0) {
        buf_add_text(&text, ": no message yet");
    } else {
        buf_add_text(&text, ": ");
        add_total("sent", &stream->sent, &text);
        buf_add_text(&text, "; ");
        add_total("received", &stream->received, &text);
    }
    bytes_add_prose(options, "", &text, out);
}

static void add_remarks(const struct stream *stream, const struct bytes_options *options, struct buf *out) {
    uint64_t dropped = stream->sent.dropped + stream->received.dropped;
    struct buf text = {0};
    if (stream->received.peeked > 0) {
        buf_addf(&text, "looked at with MSG_PEEK, which takes nothing: %" PRIu64 " time%s",
                 stream->received.peeked, stream->received.peeked == 1 ? "" : "s");
        bytes_add_prose(options, "  ", &text, out);
    }
    if (dropped > 0) {
        buf_addf(&text, "%" PRIu64 " of the messages %s not kept", dropped, dropped == 1 ? "is" : "are");
        bytes_add_prose(options, "  ", &text, out);
    }
}

void bytes_show_datagrams(const struct bytes_end *own, const struct bytes_end *others, size_t other_count,
                          const struct bytes_options *options, struct buf *out) {
    add_title(own, options, out);
    if (own->facts != NULL && own->facts->queues_known && own->facts->receive_queue > 0)
        buf_add_text(out, "  its receive queue is not empty: something waits to be read\n");
    if (own->stream == NULL)
        return;
    add_remarks(own->stream, options, out);
    struct listing count = {.own = own, .options = options};
    pass_all(&count);
    struct listing show = {.own = own,
                           .others = others,
                           .other_count = other_count,
                           .options = options,
                           .out = out,
                           .all = count.lines};
    pass_all(&show);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A connection's two directions as offsets, hex and text; see bytes.h. */
#include "view/bytes.h"

#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "base/utf8.h"
#include "view/style.h"

#define OFFSET_COLUMNS 10 /* ">", blanks, and the offset: bytes of a gigabyte have ten digits */
#define SIZES_MOST 8      /* of calls, told one by one */

/* ---- Lines ---- */

void bytes_add_count(uint64_t bytes, struct buf *out) {
    static const struct {
        uint64_t size;
        const char *name;
    } units[] = {{UINT64_C(1) << 40, "TiB"}, {UINT64_C(1) << 30, "GiB"}, {UINT64_C(1) << 20, "MiB"}};
    buf_addf(out, "%" PRIu64 " byte%s", bytes, bytes == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
        if (bytes < units[i].size)
            continue;
        buf_addf(out, " (%.1f %s)", (double)bytes / (double)units[i].size, units[i].name);
        return;
    }
}

/* As many as fit: each takes three columns of hex and one of text. */
static size_t hex_width(const struct bytes_options *options) {
    size_t room = options->columns > OFFSET_COLUMNS + 5 ? (options->columns - OFFSET_COLUMNS - 5) / 4 : 0;
    return room >= 16 ? 16 : room >= 8 ? 8 : room >= 4 ? 4 : room >= 2 ? 2 : 1;
}

/* The characters that fit between two quotes; a line of text ends with its newline. */
static size_t text_length(const struct bytes_options *options, const char *bytes, size_t length) {
    size_t room = options->columns > OFFSET_COLUMNS + 12 ? options->columns - OFFSET_COLUMNS - 4 : 8, used,
           columns = 0, at = 0;
    struct buf shown = {0};
    while (at < length) {
        utf8_decode(bytes + at, length - at, &used);
        buf_clear(&shown);
        escape_c(&shown, bytes + at, used);
        columns += utf8_columns(buf_text(&shown), shown.length);
        if (at > 0 && columns > room)
            break;
        at += used;
        if (bytes[at - 1] == '\n')
            break;
    }
    buf_free(&shown);
    return at;
}

size_t bytes_line_length(const struct bytes_options *options, const char *bytes, size_t length) {
    if (options->text)
        return text_length(options, bytes, length);
    size_t width = hex_width(options);
    return length < width ? length : width;
}

static void add_hex(const char *bytes, size_t length, size_t width, struct buf *out) {
    for (size_t i = 0; i < width; i++) {
        if (i < length)
            buf_addf(out, "%02x ", (unsigned char)bytes[i]);
        else
            buf_add_text(out, "   ");
    }
    buf_add_text(out, " |");
    for (size_t i = 0; i < length; i++)
        buf_add_char(out, bytes[i] >= 0x20 && bytes[i] < 0x7f ? bytes[i] : '.');
    buf_add_char(out, '|');
}

static void add_offset(uint64_t offset, bool begins, struct buf *out) {
    buf_addf(out, "%c%*" PRIu64 "  ", begins ? '>' : ' ', OFFSET_COLUMNS - 3, offset);
}

void bytes_add_line(const struct bytes_options *options, uint64_t offset, bool begins, const char *bytes,
                    size_t length, struct buf *out) {
    add_offset(offset, begins, out);
    if (options->text)
        escape_c_quoted(out, bytes, length, length);
    else
        add_hex(bytes, length, hex_width(options), out);
    buf_add_char(out, '\n');
}

void bytes_add_prose(const struct bytes_options *options, const char *lead, struct buf *text,
                     struct buf *out) {
    style_wrapped(out, false, STYLE_PLAIN, lead, buf_text(text), options->columns);
    buf_free(text);
}

/* ---- Which lines ---- */

/* The bytes of a direction go by, line for line: first they are counted, then the beginning and the end are
 * shown. */
struct passage {
    const struct bytes_flow *flow;
    const struct bytes_options *options;
    struct buf *out;   /* NULL: count */
    size_t lines;      /* so far */
    size_t all;        /* of them there are so many */
    size_t place;      /* of flow->places: where we are */
    size_t told;       /* places whose heading was shown; counts from 1 */
    uint64_t hidden;   /* bytes left out, not told yet */
    const char *actor; /* who wrote last, as far as it was told */
};

static void add_place_words(const struct passage *p, struct buf *out) {
    const struct bytes_flow *flow = p->flow;
    switch (flow->places[p->place].place) {
    case BYTES_READ:
        buf_addf(out, "read by %s", flow->reader->who);
        break;
    case BYTES_RECEIVED:
        if (flow->reader->standing == END_WAITING)
            buf_add_text(out, "received on a connection that nobody has accepted yet");
        else
            buf_addf(out, "in %s's receive queue", flow->reader->name);
        break;
    case BYTES_ACKNOWLEDGED:
        buf_add_text(
            out, "received by the peer's kernel (acknowledged); what its program has read is not seen here");
        break;
    case BYTES_WRITTEN:
        buf_add_text(out, "written; how far they came cannot be known any more");
        break;
    case BYTES_LOST:
        buf_addf(out, "never read by %s, and lost", flow->reader->who);
        break;
    case BYTES_FLYING:
        buf_add_text(out, "in flight, or not acknowledged yet");
        break;
    case BYTES_UNSENT:
        buf_addf(out, "in %s's send queue, not sent yet", flow->writer->name);
        break;
    case BYTES_PLACES_END:
        break;
    }
}

static void tell_hidden(struct passage *p) {
    if (p->hidden == 0)
        return;
    buf_add_text(p->out, "          … ");
    bytes_add_count(p->hidden, p->out);
    buf_add_text(p->out, " left out");
    if (p->options->more != NULL)
        buf_addf(p->out, ", see %s", p->options->more);
    buf_add_text(p->out, " …\n");
    p->hidden = 0;
}

static void tell_place(struct passage *p) {
    const struct bytes_flow *flow = p->flow;
    if (p->told == p->place + 1)
        return;
    tell_hidden(p);
    p->told = p->place + 1;
    struct buf text = {0};
    add_place_words(p, &text);
    buf_add_text(&text, ": ");
    bytes_add_count(flow->places[p->place].end - (p->place > 0 ? flow->places[p->place - 1].end : 0), &text);
    bytes_add_prose(p->options, "  ", &text, p->out);
}

/* Is this line between the beginning and the end? */
static bool is_hidden(const struct passage *p) {
    size_t rows = p->options->rows;
    if (rows == 0 || p->all <= rows)
        return false;
    return p->lines >= rows / 2 && p->lines < p->all - (rows - rows / 2);
}

static const char *why_missing(const struct passage *p, uint64_t offset) {
    const struct bytes_flow *flow = p->flow;
    if (flow->content != NULL && offset < flow->content->total)
        return " not kept …\n";
    return flow->writer->stream == NULL ? " that will be seen when they are read …\n"
                                        : " that no call recorded here has moved …\n";
}

/* `bytes` NULL: so many that are not here. */
static void pass_line(struct passage *p, uint64_t offset, bool begins, const char *bytes, uint64_t length) {
    if (p->out != NULL) {
        tell_place(p);
        if (is_hidden(p)) {
            p->hidden += length;
        } else if (bytes != NULL) {
            tell_hidden(p);
            bytes_add_line(p->options, offset, begins, bytes, (size_t)length, p->out);
        } else {
            tell_hidden(p);
            add_offset(offset, begins, p->out);
            buf_add_text(p->out, "… ");
            bytes_add_count(length, p->out);
            buf_add_text(p->out, why_missing(p, offset));
        }
    }
    p->lines++;
}

/* Bytes next to each other that one call moved, or a gap; divided where they have come to different places.
 */
static void pass_span(struct passage *p, uint64_t offset, bool begins, const char *bytes, uint64_t length) {
    while (length > 0 && p->place < p->flow->place_count) {
        uint64_t room = p->flow->places[p->place].end - offset;
        if (p->flow->places[p->place].end <= offset) {
            p->place++;
            continue;
        }
        uint64_t now = length < room ? length : room;
        if (bytes != NULL)
            now = bytes_line_length(p->options, bytes, (size_t)now);
        pass_line(p, offset, begins, bytes, now);
        begins = false;
        offset += now;
        length -= now;
        bytes = bytes != NULL ? bytes + now : NULL;
    }
}

/* Where a descriptor is shared after fork(), several actors write to one stream. */
static void tell_writer(struct passage *p, const struct stream_chunk *chunk) {
    const struct stream *writer = p->flow->writer->stream;
    bool written = writer != NULL && p->flow->content == &writer->sent;
    if (p->out != NULL && p->actor != NULL && strcmp(p->actor, chunk->actor) != 0 && !is_hidden(p)) {
        tell_hidden(p);
        buf_addf(p->out, "          %s by %s:\n", written ? "written" : "read", chunk->actor);
    }
    p->actor = chunk->actor;
}

static void pass_all(struct passage *p) {
    const struct stream_history *content = p->flow->content;
    uint64_t at = 0;
    for (const struct stream_chunk *chunk = content != NULL ? content->first : NULL; chunk != NULL;
         chunk = chunk->next) {
        if (chunk->offset > at)
            pass_span(p, at, false, NULL, chunk->offset - at);
        tell_writer(p, chunk);
        pass_span(p, chunk->offset, true, chunk->bytes, chunk->kept);
        if (chunk->length > chunk->kept)
            pass_span(p, chunk->offset + chunk->kept, chunk->kept == 0, NULL, chunk->length - chunk->kept);
        at = chunk->offset + chunk->length;
    }
    if (content != NULL && content->total > at) {
        pass_span(p, at, false, NULL, content->total - at);
        at = content->total;
    }
    if (p->flow->total > at)
        pass_span(p, at, false, NULL, p->flow->total - at);
    if (p->out != NULL)
        tell_hidden(p);
}

/* ---- A direction ---- */

/* "written in 2 calls: 5, 7": where one side's calls began and ended is not seen by the other. */
static void add_calls(const char *what, const struct stream_history *history,
                      const struct bytes_options *options, struct buf *out) {
    struct buf text = {0};
    if (history->calls == 0)
        return;
    buf_addf(&text, "%s in %" PRIu64 " call%s", what, history->calls, history->calls == 1 ? "" : "s");
    if (history->calls <= SIZES_MOST && history->dropped == 0) {
        const char *before = ": ";
        for (const struct stream_chunk *at = history->first; at != NULL; at = at->next, before = ", ")
            buf_addf(&text, "%s%" PRIu64, before, at->length);
    }
    if (history->discarded > 0) {
        buf_add_text(&text, "; thrown away by MSG_TRUNC: ");
        bytes_add_count(history->discarded, &text);
    }
    bytes_add_prose(options, "  ", &text, out);
}

/* What the kernel counts and the record of calls do not agree on. */
static void add_differences(const struct bytes_flow *flow, const struct bytes_options *options,
                            struct buf *out) {
    struct buf text = {0};
    if (flow->extra > 0) {
        buf_add_text(&text, "the kernel has ");
        bytes_add_count(flow->extra, &text);
        buf_add_text(
            &text,
            " more than the calls that have returned wrote: one is still under way, or another program "
            "wrote");
        bytes_add_prose(options, "  ", &text, out);
    }
    if (!flow->differs)
        return;
    buf_add_text(&text, "the kernel has handed out ");
    bytes_add_count(flow->kernel_read, &text);
    buf_add_text(&text, "; the calls recorded here have read ");
    bytes_add_count(flow->recorded_read, &text);
    if (flow->reader->facts->type == SOCK_SEQPACKET)
        buf_add_text(&text, " (a message longer than the buffer is cut, and its rest lost)");
    else if (flow->kernel_read > flow->recorded_read)
        buf_add_text(&text, ": one is still under way, or another program read");
    bytes_add_prose(options, "  ", &text, out);
}

static void add_remarks(const struct bytes_flow *flow, const struct bytes_options *options, struct buf *out) {
    const struct stream_history *read = flow->reader->stream != NULL ? &flow->reader->stream->received : NULL;
    const struct stream_history *written = flow->writer->stream != NULL ? &flow->writer->stream->sent : NULL;
    struct buf text = {0};
    if (written != NULL)
        add_calls("written", written, options, out);
    if (read != NULL)
        add_calls("read", read, options, out);
    if (read != NULL && read->peeked > 0) {
        buf_addf(&text, "looked at by %s with MSG_PEEK, which takes nothing: %" PRIu64 " time%s",
                 flow->reader->who, read->peeked, read->peeked == 1 ? "" : "s");
        bytes_add_prose(options, "  ", &text, out);
    }
    if (written != NULL && written->urgent > 0) {
        buf_add_text(&text, "sent as urgent (MSG_OOB): ");
        bytes_add_count(written->urgent, &text);
        bytes_add_prose(options, "  ", &text, out);
    }
    if (read != NULL && read->urgent > 0) {
        buf_addf(&text, "read apart by %s with MSG_OOB: ", flow->reader->who);
        bytes_add_count(read->urgent, &text);
        bytes_add_prose(options, "  ", &text, out);
    }
    add_differences(flow, options, out);
}

static void add_name(const struct bytes_end *end, struct buf *out) {
    buf_add_text(out, end->name);
    if (end->note[0] != '\0')
        buf_addf(out, " (%s)", end->note);
}

static void show_flow(const struct bytes_end *writer, const struct bytes_end *reader,
                      const struct bytes_options *options, struct buf *out) {
    struct bytes_flow flow;
    struct buf title = {0};
    bytes_find_places(writer, reader, &flow);
    add_name(writer, &title);
    buf_add_text(&title, " → ");
    add_name(reader, &title);
    buf_add_text(&title, ": ");
    if (flow.total == 0)
        buf_add_text(&title, "nothing yet");
    else
        bytes_add_count(flow.total, &title);
    bytes_add_prose(options, "", &title, out);
    add_remarks(&flow, options, out);
    struct passage count = {.flow = &flow, .options = options};
    if (options->rows > 0)
        pass_all(&count);
    struct passage show = {.flow = &flow, .options = options, .out = out, .all = count.lines};
    pass_all(&show);
}

void bytes_show_stream(const struct bytes_end *own, const struct bytes_end *peer,
                       const struct bytes_options *options, struct buf *out) {
    show_flow(own, peer, options, out);
    show_flow(peer, own, options, out);
}

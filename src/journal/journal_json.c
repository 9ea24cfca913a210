/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event as a line of JSON.  sockshell(1), JOURNAL, is written from this table.
 *
 *     all        n (from 1), t_ns (since the start), type; actor, where it has one; place
 *                ("echo.txt:12"), where it came from a file
 *     line       text
 *     born       pid, parent (after fork() only)
 *     entered    call, args; hint (in step mode: what it is about to ask)
 *     blocked    call, args
 *     returned   call, args, result, text (what stands after "= "), errno and error (its
 *                name and number, failures only), fd (-1: none); for calls that carry data
 *                asked (their length argument), bytes (how many were carried), direction ("out",
 *                "in"), data (the first 4096 of them); cookie (of the socket that fd is);
 *                address (given to the call, or filled in by it); explanation (id) and hint
 *                (its words), where there is one
 *     value      kind (the C type), text
 *     output     stream (1 stdout, 2 stderr), bytes, data
 *     input      bytes, data; bytes 0 is end of file
 *     fault      kind, text, hint, calls (of functions, the last one first; a line each), source (the statement), line and column (both from 1, in
 *                the source), where (offset in bytes), length
 *     done
 *     exiting    status
 *     died       text; one of: status (it exited), signal (it was killed), neither (unknown);
 *                call, args, when it was in one; explanation and hint, where there is one
 *     prose      kind ("title", "heading", "text", "step"), text
 *     check      met, expected, seen
 *     change     fd (-1: a socket without descriptor), cookie, peer (the cookie of the other end,
 *                when a connection came about), kind ("state", "receive-queue" …), text
 *     packet     number (from 1; the same again when more is told of it), kind ("TCP" …), text, seen_ns
 *                (since the start: when it was seen; t_ns is that of the call that caused it), to (the
 *                actor for whom it is), link, bytes (its length), data (up to 1600 of them), fate
 *                ("delivered", "sent", "held", "dropped"); connection (its number), seq, ack,
 *                window, for TCP; marks, where there are any. kind "lost": that many were not seen
 *     note       text
 *
 * Bytes that are no valid UTF-8 are written as the code point of their value.
 */
#include <string.h>
#include <sys/wait.h>

#include "base/address.h"
#include "base/json.h"
#include "call/call.h"
#include "journal/journal.h"
#include "packet/track.h"
#include "packet/words.h"

static void add(struct buf *out, const char *key, const char *text) {
    json_bytes(out, key, text ? text : "", text ? strlen(text) : 0);
}

static void add_if(struct buf *out, const char *key, const char *text) {
    if (text && text[0] != '\0')
        add(out, key, text);
}

/* "accept(3, …)": the name, and what is between the brackets. */
static void add_call(struct buf *out, const char *name, const char *text) {
    const char *open = text ? strchr(text, '(') : NULL;
    const char *args = open ? open + 1 : text ? text : "";
    size_t length = strlen(args);

    if (open && length > 0 && args[length - 1] == ')')
        length--;
    add(out, "call", name);
    json_bytes(out, "args", args, length);
}

static void add_data(struct buf *out, const struct event *event) {
    json_bytes(out, "data", event->data ? event->data : "", event->data_length);
}

static void add_address(struct buf *out, const struct event *event) {
    struct buf text = {0};

    address_show(event->address, event->address_length, &text);
    add(out, "address", buf_text(&text));
    buf_free(&text);
}

static void add_returned(struct buf *out, const struct event *event) {
    add_call(out, event->name, event->text);
    json_number(out, "result", event->result);
    add(out, "text", event->extra);
    if (event->error != 0) {
        const char *name = call_error_name(call_find(event->name), (int)event->error);
        add_if(out, "errno", name);
        json_number(out, "error", event->error);
    }
    json_number(out, "fd", event->fd);
    if (event->asked != 0 || event->data_total != 0) {
        json_number(out, "asked", event->asked);
        json_number(out, "bytes", event->data_total);
        json_text(out, "direction", event->data_out ? "out" : "in");
        add_data(out, event);
    }
    if (event->cookie != 0)
        json_number(out, "cookie", (int64_t)event->cookie);
    if (event->address_length > 0)
        add_address(out, event);
    add_if(out, "explanation", event->id);
    add_if(out, "hint", event->note);
}

static void add_fault(struct buf *out, const struct event *event) {
    const char *source = event->source ? event->source : "";
    unsigned line, column;
    size_t length = strlen(source);

    error_place(source, event->where.at < length ? event->where.at : length, &line, &column);
    json_text(out, "kind", error_kind_name(event->kind));
    add(out, "text", event->text);
    add_if(out, "hint", event->extra);
    add_if(out, "calls", event->note);
    add(out, "source", source);
    json_number(out, "line", line);
    json_number(out, "column", column);
    json_number(out, "where", event->where.at);
    json_number(out, "length", event->where.length);
}

static void add_died(struct buf *out, const struct event *event) {
    int status = (int)event->result;

    add(out, "text", event->text);
    if (status != -1 && WIFEXITED(status))
        json_number(out, "status", WEXITSTATUS(status));
    else if (status != -1 && WIFSIGNALED(status))
        json_number(out, "signal", WTERMSIG(status));
    if (event->name && event->name[0] != '\0')
        add_call(out, event->name, event->extra);
    add_if(out, "explanation", event->id);
    add_if(out, "hint", event->note);
}

static void add_marks(struct buf *out, unsigned marks) {
    struct buf names = {0};

    for (unsigned mark = 1; mark < MARKS_END; mark <<= 1)
        if (marks & mark)
            buf_addf(&names, "%s%s", names.length > 0 ? ", " : "", track_mark_name(mark));
    add_if(out, "marks", buf_text(&names));
    buf_free(&names);
}

static void add_packet(struct buf *out, const struct event *event) {
    const struct event_packet *packet = &event->packet;

    json_number(out, "number", (int64_t)packet->number);
    add(out, "kind", event->name);
    add(out, "text", event->text);
    json_number(out, "seen_ns", packet->seen_ns - event->happened_ns + event->time_ns);
    add_if(out, "to", event->extra);
    add_if(out, "link", event->source);
    if (event->data_total > 0) {
        json_number(out, "bytes", event->data_total);
        add_data(out, event);
    }
    json_text(out, "fate", packet_fate_name(packet->fate));
    if (packet->connection != 0) {
        json_number(out, "connection", (int64_t)packet->connection);
        json_number(out, "seq", packet->seq);
        json_number(out, "ack", packet->ack);
        json_number(out, "window", packet->window);
    }
    add_marks(out, packet->marks);
}

static void add_change(struct buf *out, const struct event *event) {
    json_number(out, "fd", event->fd);
    json_number(out, "cookie", (int64_t)event->cookie);
    if (event->peer != 0)
        json_number(out, "peer", (int64_t)event->peer);
    add(out, "kind", event->name);
    add(out, "text", event->text);
}

static void add_check(struct buf *out, const struct event *event) {
    json_bool(out, "met", event->result != 0);
    add(out, "expected", event->text);
    add(out, "seen", event->extra);
}

static void add_fields(struct buf *out, const struct event *event) {
    switch (event->type) {
    case EVENT_BORN:
        json_number(out, "pid", event->result);
        add_if(out, "parent", event->extra);
        break;
    case EVENT_ENTERED:
        add_call(out, event->name, event->text);
        add_if(out, "hint", event->note);
        break;
    case EVENT_CHANGE:
        add_change(out, event);
        break;
    case EVENT_BLOCKED:
        add_call(out, event->name, event->text);
        break;
    case EVENT_RETURNED:
        add_returned(out, event);
        break;
    case EVENT_VALUE:
    case EVENT_PROSE:
        add(out, "kind", event->name);
        add(out, "text", event->text);
        break;
    case EVENT_OUTPUT:
        json_number(out, "stream", event->stream);
        json_number(out, "bytes", (int64_t)event->data_length);
        add_data(out, event);
        break;
    case EVENT_INPUT:
        json_number(out, "bytes", (int64_t)event->data_length);
        add_data(out, event);
        break;
    case EVENT_FAULT:
        add_fault(out, event);
        break;
    case EVENT_EXITING:
        json_number(out, "status", event->result);
        break;
    case EVENT_DIED:
        add_died(out, event);
        break;
    case EVENT_CHECK:
        add_check(out, event);
        break;
    case EVENT_PACKET:
        add_packet(out, event);
        break;
    case EVENT_LINE:
    case EVENT_NOTE:
        add(out, "text", event->text);
        break;
    case EVENT_DONE:
    case EVENT_TYPES_END:
        break;
    }
}

void event_to_json(const struct event *event, struct buf *out) {
    json_begin(out);
    json_number(out, "n", (int64_t)event->number);
    json_number(out, "t_ns", event->time_ns);
    json_text(out, "type", event_type_name(event->type));
    add_if(out, "actor", event->actor);
    add_if(out, "place", event->place);
    add_fields(out, event);
    if (event->replayed)
        json_bool(out, "replayed", true);
    json_end(out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writing pcapng; see pcapng.h.  A file is a section header, a description of
 * each interface, a block for each packet, and what was lost at the end.  Every
 * block has its length at both ends and is padded to 4 bytes; numbers are in
 * this machine's order, which the section header tells.
 */
#include "export/pcapng.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "packet/track.h"
#include "packet/words.h"

#define INTERFACES_MOST 64
#define COMMENT_MOST 1000 /* bytes of one */
#define FLUSH_AT ((size_t)64 << 10)

enum block { BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_STATISTICS = 5, BLOCK_PACKET = 6 };
enum { LINKTYPE_ETHERNET = 1, NANOSECONDS = 9 };
enum option {
    OPTION_END = 0,
    OPTION_COMMENT = 1,
    SECTION_PROGRAM = 4,
    INTERFACE_NAME = 2,
    INTERFACE_RESOLUTION = 9,
    STATISTICS_DROPPED = 5
};

struct writing {
    const struct journal *journal;
    int64_t clocks_ns; /* CLOCK_REALTIME minus CLOCK_MONOTONIC */
    struct buf out;    /* what was not taken yet */
    bool (*take)(void *context, const void *bytes, size_t length);
    void *context;
    bool failed;
    const char *interfaces[INTERFACES_MOST]; /* names, the journal's */
    uint32_t interface_count;
    uint64_t lost;
    size_t packets;
    const struct event *cause;
    /* The packet that is written next: what comes behind it may be a comment on it. */
    const struct event *packet;
    struct buf comments; /* its options so far */
};

/* ---- Blocks ---- */

static void add16(struct buf *out, uint16_t number) {
    buf_add(out, &number, sizeof(number));
}

static void add32(struct buf *out, uint32_t number) {
    buf_add(out, &number, sizeof(number));
}

static void pad(struct buf *out) {
    while (out->length % 4 != 0)
        buf_add_char(out, '\0');
}

static void add_option(struct buf *out, enum option code, const void *value, size_t length) {
    add16(out, (uint16_t)code);
    add16(out, (uint16_t)length);
    buf_add(out, value, length);
    pad(out);
}

static void flush(struct writing *writing) {
    if (writing->out.length > 0 && !writing->failed)
        writing->failed = !writing->take(writing->context, writing->out.data, writing->out.length);
    buf_clear(&writing->out);
}

static void add_block(struct writing *writing, enum block type, const struct buf *body) {
    uint32_t length = (uint32_t)body->length + 12;
    add32(&writing->out, type);
    add32(&writing->out, length);
    buf_add(&writing->out, body->data, body->length);
    add32(&writing->out, length);
    if (writing->out.length >= FLUSH_AT)
        flush(writing);
}

static void add_section(struct writing *writing) {
    struct buf body = {0};
    int64_t unknown = -1;
    add32(&body, 0x1a2b3c4d);
    add16(&body, 1); /* version 1.0 */
    add16(&body, 0);
    buf_add(&body, &unknown, sizeof(unknown)); /* the section's length: until the file ends */
    add_option(&body, SECTION_PROGRAM, PACKAGE_STRING, strlen(PACKAGE_STRING));
    add_option(&body, OPTION_END, NULL, 0);
    add_block(writing, BLOCK_SECTION, &body);
    buf_free(&body);
}

static void add_interface(struct writing *writing, const char *name) {
    struct buf body = {0};
    const uint8_t resolution = NANOSECONDS;
    add16(&body, LINKTYPE_ETHERNET);
    add16(&body, 0);
    add32(&body, PACKET_KEEP);
    add_option(&body, INTERFACE_NAME, name, strlen(name));
    add_option(&body, INTERFACE_RESOLUTION, &resolution, 1);
    add_option(&body, OPTION_END, NULL, 0);
    add_block(writing, BLOCK_INTERFACE, &body);
    buf_free(&body);
}

static void add_time(const struct writing *writing, int64_t monotonic_ns, struct buf *body) {
    uint64_t time = (uint64_t)(monotonic_ns + writing->clocks_ns);
    add32(body, (uint32_t)(time >> 32));
    add32(body, (uint32_t)time);
}

static void add_statistics(struct writing *writing, int64_t monotonic_ns) {
    struct buf body = {0};
    add32(&body, 0);
    add_time(writing, monotonic_ns, &body);
    add_option(&body, STATISTICS_DROPPED, &writing->lost, sizeof(writing->lost));
    add_option(&body, OPTION_END, NULL, 0);
    add_block(writing, BLOCK_STATISTICS, &body);
    buf_free(&body);
}

/* ---- Packets ---- */

/* Of more links than there is room for, the last has the rest. */
static uint32_t interface_of(struct writing *writing, const char *name) {
    uint32_t i = 0;
    while (i < writing->interface_count && strcmp(writing->interfaces[i], name) != 0)
        i++;
    if (i == INTERFACES_MOST)
        return i - 1;
    if (i == writing->interface_count) {
        writing->interfaces[writing->interface_count++] = name;
        add_interface(writing, name); /* may stand anywhere before its first packet */
    }
    return i;
}

static void comment(struct writing *writing, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void comment(struct writing *writing, const char *format, ...) {
    struct buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    buf_addv(&text, format, arguments);
    va_end(arguments);
    size_t length = text.length < COMMENT_MOST ? text.length : COMMENT_MOST;
    while (length < text.length && length > 0 && ((uint8_t)text.data[length] & 0xc0) == 0x80)
        length--; /* it must stay UTF-8 */
    add_option(&writing->comments, OPTION_COMMENT, text.data, length);
    buf_free(&text);
}

static void write_packet(struct writing *writing) {
    const struct event *event = writing->packet;
    struct buf body = {0};
    if (event == NULL)
        return;
    add32(&body, interface_of(writing, event->source));
    add_time(writing, event->packet.seen_ns, &body);
    add32(&body, (uint32_t)event->data_length);
    add32(&body, (uint32_t)event->data_total);
    buf_add(&body, event->data, event->data_length);
    pad(&body);
    if (writing->comments.length > 0) {
        buf_add(&body, writing->comments.data, writing->comments.length);
        add_option(&body, OPTION_END, NULL, 0);
    }
    add_block(writing, BLOCK_PACKET, &body);
    buf_free(&body);
    buf_clear(&writing->comments);
    writing->packet = NULL;
    writing->packets++;
}

static bool came_with_cause(const struct writing *writing, const struct event *event) {
    return writing->cause != NULL && writing->cause->happened_ns == event->happened_ns;
}

static void comment_packet(struct writing *writing, const struct event *event, bool first) {
    const struct event *cause = writing->cause;
    if (first && event->packet.caused && came_with_cause(writing, event)) {
        if (cause->type == EVENT_RETURNED)
            comment(writing, "%s> %s = %s", cause->actor, cause->text, cause->extra);
        else if (cause->type == EVENT_ENTERED)
            comment(writing, "%s> %s", cause->actor, cause->text);
        else
            comment(writing, "%s %s", cause->actor, cause->text);
    }
    if (event->actor[0] != '\0' || event->extra[0] != '\0')
        comment(writing, "from %s to %s", event->actor[0] != '\0' ? event->actor : "nobody",
                event->extra[0] != '\0' ? event->extra : "nobody");
    for (unsigned mark = 1; mark < MARKS_END; mark <<= 1)
        if (event->packet.marks & mark)
            comment(writing, "%s", track_mark_name(mark));
}

/* What changed on the peer's side says whose it is itself: "server fd 4: …". */
static void comment_change(struct writing *writing, const struct event *event) {
    bool named = strncmp(event->text, event->actor, strlen(event->actor)) == 0;
    comment(writing, "%s%s%s", named ? "" : event->actor, named ? "" : ": ", event->text);
}

static void take_event(struct writing *writing, const struct event *event) {
    switch (event->type) {
    case EVENT_ENTERED:
    case EVENT_RETURNED:
    case EVENT_DIED:
        write_packet(writing);
        writing->cause = event;
        break;
    case EVENT_CHANGE:
        if (writing->packet != NULL && came_with_cause(writing, event))
            comment_change(writing, event);
        break;
    case EVENT_PACKET:
        if (strcmp(event->name, "lost") == 0)
            writing->lost += event->packet.number;
        else if (event->data_length > 0) {
            bool first = writing->packet == NULL;
            write_packet(writing);
            writing->packet = event;
            comment_packet(writing, event, first);
        } else if (writing->packet != NULL && writing->packet->packet.number == event->packet.number) {
            comment(writing, "%s", packet_fate_name(event->packet.fate));
        }
        break;
    default: /* says nothing of packets */
        break;
    }
}

void pcapng_write(const struct journal *journal, uint64_t after, int64_t clocks_ns, size_t *count,
                  bool (*take)(void *context, const void *bytes, size_t length), void *context) {
    struct writing writing = {.journal = journal, .clocks_ns = clocks_ns, .take = take, .context = context};
    const struct event *event;
    int64_t last_ns = 0;
    add_section(&writing);
    for (uint64_t number = after; number < journal_last(journal);) {
        if ((event = journal_at(journal, ++number)) == NULL)
            continue;
        take_event(&writing, event);
        if (event->type == EVENT_PACKET)
            last_ns = event->happened_ns;
    }
    write_packet(&writing);
    if (writing.lost > 0 && writing.interface_count > 0)
        add_statistics(&writing, last_ns);
    flush(&writing);
    *count = writing.packets;
    buf_free(&writing.out);
    buf_free(&writing.comments);
}

/* ---- The file ---- */

struct file {
    int fd;
    int failed; /* errno */
};

static bool write_all(void *context, const void *bytes, size_t length) {
    struct file *file = context;
    for (const char *at = bytes; length > 0;) {
        ssize_t written = write(file->fd, at, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            file->failed = errno;
            return false;
        }
        at += written;
        length -= (size_t)written;
    }
    return true;
}

static bool has_packets(const struct journal *journal, uint64_t after) {
    const struct event *event;
    for (uint64_t number = journal_last(journal);
         number > after && (event = journal_at(journal, number)) != NULL; number--)
        if (event->type == EVENT_PACKET && event->data_length > 0)
            return true;
    return false;
}

bool pcapng_save(const struct journal *journal, uint64_t after, const char *path, size_t *count,
                 struct error *error) {
    const struct span nowhere = {0};
    if (!has_packets(journal, after)) {
        error_set(error, ERROR_USAGE, nowhere, "no packets have been seen that could be saved");
        error_hint(error, ".wire on begins to look; .wire shows what there is");
        return false;
    }
    struct file file = {.fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)};
    if (file.fd < 0) {
        int number = errno;
        error_set(error, ERROR_SYSTEM, nowhere, "%s cannot be written: %s", path, strerror(number));
        error_hint(error, number == EEXIST ? "what is there is never written over: name another file"
                                           : "name a file in a folder you may write to");
        return false;
    }
    pcapng_write(journal, after, clock_real_offset_ns(), count, write_all, &file);
    if (close(file.fd) < 0 && file.failed == 0)
        file.failed = errno;
    if (file.failed == 0)
        return true;
    unlink(path);
    return error_set(error, ERROR_SYSTEM, nowhere, "%s could not be written: %s; it is gone again", path,
                     strerror(file.failed));
}

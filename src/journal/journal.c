/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The journal: a ring of the newest events, its readers, and the file they
 * are written to.  An event is one block of memory: the struct and behind it
 * the bytes that it points to.
 */
#include "journal/journal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"

#define FLUSH_AT ((size_t)64 << 10)
#define HELD_MOST 4096 /* events */

struct reader {
    journal_reader *call;
    void *context;
};

struct kept {
    struct event *event;
    size_t bytes;
};

struct held {
    struct event *event;
    size_t bytes, order;
};

struct journal {
    struct kept *ring; /* `room` places; event n stands at n % room */
    size_t room, count, bytes;
    uint64_t last;
    int64_t began_ns;
    struct reader *readers;
    size_t reader_count;
    bool adding, replayed;
    /* Events that wait for journal_release(). */
    bool holding;
    struct held *held;
    size_t held_count, held_room;
    int64_t held_since_ns; /* when the first of them was added: it may have happened long before, as a blocked call */
    const struct event **held_view; /* as journal_held() gave it last */
    /* The file of --journal; fd -1 when there is none (any more). */
    int fd;
    char *path;
    struct buf unwritten;
    off_t whole; /* bytes of whole lines in the file, so that a torn one can be cut off */
    char *trouble;
    bool trouble_told;
};

struct journal *journal_new(void) {
    struct journal *journal = mem_alloc(sizeof(*journal));

    journal->began_ns = clock_now_ns();
    journal->fd = -1;
    return journal;
}

static void drop_oldest(struct journal *journal) {
    struct kept *oldest = &journal->ring[(journal->last - journal->count + 1) % journal->room];

    journal->bytes -= oldest->bytes;
    free(oldest->event);
    *oldest = (struct kept){0};
    journal->count--;
}

static void end_writing(struct journal *journal) {
    if (journal->fd >= 0)
        close(journal->fd);
    journal->fd = -1;
    buf_free(&journal->unwritten);
}

void journal_free(struct journal *journal) {
    if (!journal)
        return;
    journal_release(journal);
    journal_flush(journal);
    end_writing(journal);
    free(journal->held);
    free(journal->held_view);
    while (journal->count > 0)
        drop_oldest(journal);
    free(journal->ring);
    free(journal->readers);
    free(journal->path);
    free(journal->trouble);
    free(journal);
}

/* The ring grows by doubling up to JOURNAL_KEEP places, so that a short session stays small. */
static void make_room(struct journal *journal) {
    if (journal->room == JOURNAL_KEEP || journal->count < journal->room)
        return;
    size_t room = journal->room ? journal->room * 2 : 256;
    if (room > JOURNAL_KEEP)
        room = JOURNAL_KEEP;
    struct kept *ring = mem_alloc(room * sizeof(*ring));
    for (uint64_t n = journal->last - journal->count + 1; n <= journal->last; n++)
        ring[n % room] = journal->ring[n % journal->room];
    free(journal->ring);
    journal->ring = ring;
    journal->room = room;
}

/* The texts of an event, so that they can be gone through. */
#define EVENT_TEXTS 8
static void list_texts(struct event *event, const char **texts[EVENT_TEXTS]) {
    const char **all[EVENT_TEXTS] = {&event->actor, &event->name, &event->text,   &event->extra,
                                     &event->id,    &event->note, &event->source, &event->place};

    memcpy(texts, all, sizeof(all));
}

static struct event *copy_event(const struct event *event, size_t *bytes) {
    struct event source = *event;
    const char **from[EVENT_TEXTS], **to[EVENT_TEXTS];
    size_t total = sizeof(source) + event->address_length + event->data_length + 1;

    list_texts(&source, from);
    for (size_t i = 0; i < EVENT_TEXTS; i++)
        total += (*from[i] ? strlen(*from[i]) : 0) + 1;

    struct event *copy = mem_alloc(total);
    char *at = (char *)(copy + 1);
    *copy = source;
    copy->address = at; /* first, where it is aligned */
    if (event->address_length > 0)
        at = mempcpy(at, event->address, event->address_length);
    list_texts(copy, to);
    for (size_t i = 0; i < EVENT_TEXTS; i++) {
        *to[i] = at;
        at = stpcpy(at, *from[i] ? *from[i] : "") + 1;
    }
    if (event->data_length > 0)
        memcpy(at, event->data, event->data_length);
    copy->data = at;
    *bytes = total;
    return copy;
}

/* Into the ring, to the file and to the readers. */
static void publish(struct journal *journal, struct event *copy, size_t bytes) {
    assert(!journal->adding);
    while (journal->count > 0 &&
           (journal->count == JOURNAL_KEEP || journal->bytes + bytes > JOURNAL_KEEP_BYTES))
        drop_oldest(journal);
    make_room(journal);
    copy->number = ++journal->last;
    journal->ring[copy->number % journal->room] = (struct kept){copy, bytes};
    journal->count++;
    journal->bytes += bytes;

    if (journal->fd >= 0) {
        event_to_json(copy, &journal->unwritten);
        if (journal->unwritten.length >= FLUSH_AT)
            journal_flush(journal);
    }
    journal->adding = true;
    for (size_t i = 0; i < journal->reader_count; i++)
        journal->readers[i].call(journal->readers[i].context, copy);
    journal->adding = false;
}

void journal_add(struct journal *journal, const struct event *event) {
    size_t bytes;
    struct event *copy = copy_event(event, &bytes);

    if (copy->happened_ns == 0)
        copy->happened_ns = clock_now_ns();
    copy->time_ns = copy->happened_ns - journal->began_ns;
    copy->replayed = journal->replayed;
    if (!journal->holding) {
        publish(journal, copy, bytes);
        return;
    }
    if (journal->held_count == journal->held_room) {
        journal->held_room = journal->held_room ? journal->held_room * 2 : 64;
        journal->held = mem_grow(journal->held, journal->held_room, sizeof(*journal->held));
    }
    if (journal->held_count == 0)
        journal->held_since_ns = clock_now_ns();
    journal->held[journal->held_count] = (struct held){copy, bytes, journal->held_count};
    journal->held_count++;
}

void journal_replay(struct journal *journal, bool replayed) {
    journal->replayed = replayed;
}

void journal_hold(struct journal *journal) {
    journal->holding = true;
}

static int happened_first(const void *left, const void *right) {
    const struct held *a = left, *b = right;

    if (a->event->happened_ns != b->event->happened_ns)
        return a->event->happened_ns < b->event->happened_ns ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

static void sort_held(struct journal *journal) {
    if (journal->held_count > 1)
        qsort(journal->held, journal->held_count, sizeof(*journal->held), happened_first);
    for (size_t i = 0; i < journal->held_count; i++)
        journal->held[i].order = i;
}

size_t journal_held(struct journal *journal, const struct event *const **events) {
    sort_held(journal);
    journal->held_view = mem_grow(journal->held_view, journal->held_count + 1, sizeof(*journal->held_view));
    for (size_t i = 0; i < journal->held_count; i++)
        journal->held_view[i] = journal->held[i].event;
    *events = journal->held_view;
    return journal->held_count;
}

void journal_explain_held(struct journal *journal, size_t i, const char *id, const char *note) {
    struct held *held = &journal->held[i];
    struct event explained = *held->event;

    explained.id = id;
    explained.note = note;
    struct event *copy = copy_event(&explained, &held->bytes);
    journal->held_view[i] = copy;
    free(held->event);
    held->event = copy;
}

void journal_release(struct journal *journal) {
    journal->holding = false;
    sort_held(journal);
    for (size_t i = 0; i < journal->held_count; i++)
        publish(journal, journal->held[i].event, journal->held[i].bytes);
    journal->held_count = 0;
}

bool journal_release_old(struct journal *journal, int64_t age_ns) {
    bool due = journal->held_count > HELD_MOST ||
               (journal->held_count > 0 && clock_now_ns() - journal->held_since_ns > age_ns);
    if (!journal->holding || !due)
        return false;
    journal_release(journal);
    journal_hold(journal);
    return true;
}

void journal_read(struct journal *journal, journal_reader *reader, void *context) {
    journal->readers = mem_grow(journal->readers, journal->reader_count + 1, sizeof(*journal->readers));
    journal->readers[journal->reader_count++] = (struct reader){reader, context};
}

void journal_unread(struct journal *journal, journal_reader *reader, void *context) {
    size_t kept = 0;

    for (size_t i = 0; i < journal->reader_count; i++)
        if (journal->readers[i].call != reader || journal->readers[i].context != context)
            journal->readers[kept++] = journal->readers[i];
    journal->reader_count = kept;
}

uint64_t journal_last(const struct journal *journal) {
    return journal->last;
}

const struct event *journal_at(const struct journal *journal, uint64_t number) {
    if (number > journal->last || number == 0 || journal->last - number >= journal->count)
        return NULL;
    return journal->ring[number % journal->room].event;
}

uint64_t journal_last_cookie(const struct journal *journal, const char *actor, int fd) {
    const struct event *event;
    for (uint64_t number = journal_last(journal); (event = journal_at(journal, number)) != NULL; number--)
        if (event->type == EVENT_RETURNED && event->fd == fd && event->cookie != 0 &&
            strcmp(event->actor, actor) == 0)
            return event->cookie;
    return 0;
}

bool journal_write_to(struct journal *journal, const char *path, struct error *error) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);

    if (fd < 0) {
        error_set(error, ERROR_SYSTEM, (struct span){0}, "the journal cannot be written to %s: %s", path,
                  strerror(errno));
        error_hint(error, "name a file in a folder you may write to");
        return false;
    }
    end_writing(journal);
    journal->fd = fd;
    free(journal->path);
    journal->path = mem_string(path);
    free(journal->trouble);
    journal->trouble = NULL;
    journal->trouble_told = false;
    journal->whole = 0;
    return true;
}

/* A line cut in two would make the whole file unreadable for some: leave whole ones only. */
static void give_up_writing(struct journal *journal, size_t written, int number) {
    const char *last = written > 0 ? memrchr(journal->unwritten.data, '\n', written) : NULL;

    if (last)
        journal->whole += last + 1 - journal->unwritten.data;
    int cut = ftruncate(journal->fd, journal->whole); /* refused for what is no file: a pipe, /dev/full */
    (void)cut;
    journal->trouble =
        mem_format("the journal ends here, %s can take no more: %s", journal->path, strerror(number));
    end_writing(journal);
}

void journal_flush(struct journal *journal) {
    size_t written = 0;

    if (journal->fd < 0)
        return;
    while (written < journal->unwritten.length) {
        ssize_t n =
            write(journal->fd, journal->unwritten.data + written, journal->unwritten.length - written);
        if (n >= 0) {
            written += (size_t)n;
        } else if (errno != EINTR) {
            give_up_writing(journal, written, errno);
            return;
        }
    }
    journal->whole += (off_t)written;
    buf_clear(&journal->unwritten);
}

const char *journal_trouble(struct journal *journal) {
    if (!journal->trouble || journal->trouble_told)
        return NULL;
    journal->trouble_told = true;
    return journal->trouble;
}

const char *event_type_name(enum event_type type) {
    switch (type) {
    case EVENT_LINE:
        return "line";
    case EVENT_BORN:
        return "born";
    case EVENT_ENTERED:
        return "entered";
    case EVENT_BLOCKED:
        return "blocked";
    case EVENT_RETURNED:
        return "returned";
    case EVENT_VALUE:
        return "value";
    case EVENT_OUTPUT:
        return "output";
    case EVENT_INPUT:
        return "input";
    case EVENT_FAULT:
        return "fault";
    case EVENT_DONE:
        return "done";
    case EVENT_EXITING:
        return "exiting";
    case EVENT_DIED:
        return "died";
    case EVENT_PROSE:
        return "prose";
    case EVENT_CHECK:
        return "check";
    case EVENT_CHANGE:
        return "change";
    case EVENT_PACKET:
        return "packet";
    case EVENT_NOTE:
        return "note";
    case EVENT_TYPES_END:
        break;
    }
    return "unknown";
}

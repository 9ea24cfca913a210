/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages between shell and actor to bytes and back; one table says which fields each type has. */
#include "actor/message.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* In the order of struct message, which is the order in a body. */
enum field {
    HAS_NUMBER = 1 << 0,
    HAS_RESULT = 1 << 1,
    HAS_ERROR = 1 << 2,
    HAS_FD = 1 << 3,
    HAS_ASKED = 1 << 4,
    HAS_TOTAL = 1 << 5,
    HAS_OUT = 1 << 6,
    HAS_KIND = 1 << 7,
    HAS_WHERE = 1 << 8,
    HAS_COUNTS = 1 << 9,
    HAS_NAME = 1 << 10,
    HAS_TEXT = 1 << 11,
    HAS_EXTRA = 1 << 12,
    HAS_DATA = 1 << 13,
    HAS_COOKIE = 1 << 14,
    HAS_WATCH = 1 << 15,
    HAS_WAITS = 1 << 16,
    HAS_ADDRESS = 1 << 17,
    HAS_SOCKET_TYPE = 1 << 18,
    HAS_FLAGS = 1 << 19,
    HAS_PLACE = 1 << 20,
    HAS_SOURCE = 1 << 21, /* and calls */
};

static unsigned fields_of(enum message_type type) {
    switch (type) {
    case MESSAGE_RUN:
        return HAS_NUMBER | HAS_WATCH | HAS_TEXT | HAS_DATA | HAS_PLACE;
    case MESSAGE_GO:
        return HAS_NUMBER;
    case MESSAGE_ADOPTED:
        return HAS_ERROR;
    case MESSAGE_HELLO:
    case MESSAGE_FORKED:
    case MESSAGE_DONE:
        return HAS_NUMBER | HAS_COUNTS;
    case MESSAGE_ENTERED:
        return HAS_NUMBER | HAS_COUNTS | HAS_NAME | HAS_TEXT | HAS_EXTRA;
    case MESSAGE_RETURNED:
        return HAS_RESULT | HAS_ERROR | HAS_FD | HAS_ASKED | HAS_TOTAL | HAS_OUT | HAS_COOKIE |
               HAS_SOCKET_TYPE | HAS_FLAGS | HAS_WAITS | HAS_COUNTS | HAS_NAME | HAS_TEXT | HAS_EXTRA |
               HAS_DATA | HAS_ADDRESS;
    case MESSAGE_VALUE:
        return HAS_COUNTS | HAS_NAME | HAS_TEXT;
    case MESSAGE_FAULT:
        return HAS_KIND | HAS_WHERE | HAS_COUNTS | HAS_TEXT | HAS_EXTRA | HAS_PLACE | HAS_SOURCE;
    case MESSAGE_DEFINED:
        return HAS_RESULT | HAS_COUNTS | HAS_NAME | HAS_TEXT;
    case MESSAGE_WROTE:
        return HAS_COUNTS;
    case MESSAGE_EXITING:
        return HAS_RESULT | HAS_COUNTS;
    case MESSAGE_TYPES_END:
        break;
    }
    return 0;
}

struct header {
    uint16_t version, type;
    uint32_t length;
};

static void put_integer(struct buf *out, int64_t value) {
    buf_add(out, &value, sizeof(value));
}

static void put_bytes(struct buf *out, const char *bytes, size_t length) {
    uint32_t prefix = (uint32_t)length;

    buf_add(out, &prefix, sizeof(prefix));
    buf_add(out, bytes, length);
}

static void put_text(struct buf *out, const char *text) {
    put_bytes(out, text ? text : "", text ? strlen(text) : 0);
}

static size_t text_size(const char *text) {
    return sizeof(uint32_t) + (text ? strlen(text) : 0);
}

/* Never less than the body will take; exact but for the few integers. */
static size_t body_bound(const struct message *message) {
    return 18 * sizeof(int64_t) + text_size(message->name) + text_size(message->text) +
           text_size(message->extra) + text_size(message->place) + text_size(message->source) +
           text_size(message->calls) + 2 * sizeof(uint32_t) + message->data_length + message->address_length;
}

static void put_body(struct buf *out, const struct message *m, unsigned fields) {
    const struct {
        unsigned bit;
        int64_t value;
    } integers[] = {
        {HAS_NUMBER, m->number},    {HAS_RESULT, m->result},
        {HAS_ERROR, m->error},      {HAS_FD, m->fd},
        {HAS_ASKED, m->asked},      {HAS_TOTAL, m->data_total},
        {HAS_OUT, m->data_out},     {HAS_COOKIE, m->cookie},
        {HAS_SOCKET_TYPE, m->socket_type}, {HAS_FLAGS, m->flags},
        {HAS_WATCH, m->watch},      {HAS_WAITS, m->waits},
        {HAS_KIND, m->kind},
        {HAS_WHERE, m->where.at},   {HAS_WHERE, m->where.length},
        {HAS_COUNTS, m->out_count}, {HAS_COUNTS, m->err_count},
        {HAS_COUNTS, m->time_ns},
    };

    for (size_t i = 0; i < sizeof(integers) / sizeof(*integers); i++)
        if (fields & integers[i].bit)
            put_integer(out, integers[i].value);
    if (fields & HAS_NAME)
        put_text(out, m->name);
    if (fields & HAS_TEXT)
        put_text(out, m->text);
    if (fields & HAS_EXTRA)
        put_text(out, m->extra);
    if (fields & HAS_DATA)
        put_bytes(out, m->data, m->data_length);
    if (fields & HAS_ADDRESS)
        put_bytes(out, m->address, m->address_length);
    if (fields & HAS_PLACE)
        put_text(out, m->place);
    if (fields & HAS_SOURCE) {
        put_text(out, m->source);
        put_text(out, m->calls);
    }
}

bool message_encode(const struct message *message, struct buf *out, struct error *error) {
    unsigned fields = fields_of(message->type);

    if (!fields)
        return error_set(error, ERROR_SYSTEM, (struct span){0}, "there is no message of type %d",
                         (int)message->type);
    if (message->data_length > MESSAGE_MAX || message->address_length > MESSAGE_MAX ||
        sizeof(struct header) + body_bound(message) > MESSAGE_MAX)
        return error_set(error, ERROR_LIMIT, (struct span){0},
                         "a message of more than %d bytes cannot be passed between the shell and an actor",
                         MESSAGE_MAX);

    size_t start = out->length;
    struct header header = {MESSAGE_VERSION, (uint16_t)message->type, 0};
    buf_add(out, &header, sizeof(header));
    put_body(out, message, fields);
    header.length = (uint32_t)(out->length - start - sizeof(header));
    memcpy(out->data + start, &header, sizeof(header));
    return true;
}

/* What is left to be read of a body. */
struct cursor {
    const char *at, *end;
};

static bool take(struct cursor *cursor, void *to, size_t size) {
    if ((size_t)(cursor->end - cursor->at) < size)
        return false;
    memcpy(to, cursor->at, size);
    cursor->at += size;
    return true;
}

/* An integer between least and most; an absent one (fields lacks bit) stays 0. */
static bool take_integer(struct cursor *cursor, bool present, int64_t least, int64_t most, int64_t *value) {
    *value = 0;
    return !present || (take(cursor, value, sizeof(*value)) && *value >= least && *value <= most);
}

/* Bytes, with a NUL after them; owned by the caller. */
static bool take_bytes(struct cursor *cursor, bool present, char **bytes, size_t *length) {
    uint32_t size = 0;

    if (present && !take(cursor, &size, sizeof(size)))
        return false;
    if ((size_t)(cursor->end - cursor->at) < size)
        return false;
    *bytes = mem_string_n(cursor->at, size);
    *length = size;
    cursor->at += size;
    return true;
}

static bool take_text(struct cursor *cursor, bool present, char **text) {
    size_t length;

    return take_bytes(cursor, present, text, &length) && !memchr(*text, '\0', length);
}

static bool take_integers(struct cursor *cursor, unsigned fields, struct message *m) {
    int64_t out, watch, waits, kind, at, length;
    bool good = take_integer(cursor, fields & HAS_NUMBER, INT64_MIN, INT64_MAX, &m->number) &&
                take_integer(cursor, fields & HAS_RESULT, INT64_MIN, INT64_MAX, &m->result) &&
                take_integer(cursor, fields & HAS_ERROR, INT32_MIN, INT32_MAX, &m->error) &&
                take_integer(cursor, fields & HAS_FD, INT32_MIN, INT32_MAX, &m->fd) &&
                take_integer(cursor, fields & HAS_ASKED, INT64_MIN, INT64_MAX, &m->asked) &&
                take_integer(cursor, fields & HAS_TOTAL, 0, INT64_MAX, &m->data_total) &&
                take_integer(cursor, fields & HAS_OUT, 0, 1, &out) &&
                take_integer(cursor, fields & HAS_COOKIE, INT64_MIN, INT64_MAX, &m->cookie) &&
                take_integer(cursor, fields & HAS_SOCKET_TYPE, 0, INT32_MAX, &m->socket_type) &&
                take_integer(cursor, fields & HAS_FLAGS, INT32_MIN, INT32_MAX, &m->flags) &&
                take_integer(cursor, fields & HAS_WATCH, WATCH_OFF, WATCH_STEPS, &watch) &&
                take_integer(cursor, fields & HAS_WAITS, 0, 1, &waits) &&
                take_integer(cursor, fields & HAS_KIND, ERROR_NONE, ERROR_SYSTEM, &kind) &&
                take_integer(cursor, fields & HAS_WHERE, 0, UINT32_MAX, &at) &&
                take_integer(cursor, fields & HAS_WHERE, 0, UINT32_MAX, &length) &&
                take_integer(cursor, fields & HAS_COUNTS, 0, INT64_MAX, &m->out_count) &&
                take_integer(cursor, fields & HAS_COUNTS, 0, INT64_MAX, &m->err_count) &&
                take_integer(cursor, fields & HAS_COUNTS, 0, INT64_MAX, &m->time_ns);

    if (!good)
        return false;
    m->data_out = out;
    m->watch = (enum watch_level)watch;
    m->waits = waits;
    m->kind = (enum error_kind)kind;
    m->where = (struct span){(uint32_t)at, (uint32_t)length};
    return true;
}

static bool take_body(struct cursor *cursor, unsigned fields, struct message *m) {
    return take_integers(cursor, fields, m) && take_text(cursor, fields & HAS_NAME, &m->name) &&
           take_text(cursor, fields & HAS_TEXT, &m->text) &&
           take_text(cursor, fields & HAS_EXTRA, &m->extra) &&
           take_bytes(cursor, fields & HAS_DATA, &m->data, &m->data_length) &&
           take_bytes(cursor, fields & HAS_ADDRESS, &m->address, &m->address_length) &&
           take_text(cursor, fields & HAS_PLACE, &m->place) &&
           take_text(cursor, fields & HAS_SOURCE, &m->source) &&
           take_text(cursor, fields & HAS_SOURCE, &m->calls) &&
           cursor->at == cursor->end;
}

bool message_decode(const void *bytes, size_t length, struct message *message, struct error *error) {
    struct cursor cursor = {bytes, (const char *)bytes + length};
    struct header header = {0};

    *message = (struct message){0};
    if (length > MESSAGE_MAX)
        return error_set(error, ERROR_LIMIT, (struct span){0}, "a message of %zu bytes is too long", length);
    if (!take(&cursor, &header, sizeof(header)))
        return error_set(error, ERROR_SYSTEM, (struct span){0}, "a message of %zu bytes is too short",
                         length);
    if (header.version != MESSAGE_VERSION)
        return error_set(error, ERROR_SYSTEM, (struct span){0}, "a message of version %u, not %u",
                         (unsigned)header.version, (unsigned)MESSAGE_VERSION);
    unsigned fields = header.type < MESSAGE_TYPES_END ? fields_of((enum message_type)header.type) : 0;
    if (!fields)
        return error_set(error, ERROR_SYSTEM, (struct span){0}, "a message of the unknown type %u",
                         (unsigned)header.type);
    message->type = (enum message_type)header.type;
    if (header.length != length - sizeof(header) || !take_body(&cursor, fields, message)) {
        message_free(message);
        return error_set(error, ERROR_SYSTEM, (struct span){0}, "a message of type %u with a malformed body",
                         (unsigned)header.type);
    }
    return true;
}

void message_free(struct message *message) {
    free(message->name);
    free(message->text);
    free(message->extra);
    free(message->data);
    free(message->address);
    free(message->place);
    free(message->source);
    free(message->calls);
    *message = (struct message){0};
}

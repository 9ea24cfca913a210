/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checked strings and static objects for library functions: see library.h. */
#include "call/library.h"

#include <string.h>

#include "call/caller.h"
#include "call/format.h"

static bool place(struct invocation *inv, size_t i) {
    if (inv->error->where.length == 0)
        inv->error->where = invocation_span(inv, i);
    return false;
}

bool library_string(struct invocation *inv, size_t i, const char **text, size_t *length) {
    size_t unused;

    return memory_string(inv->memory, inv->value[i].bits, text, length != NULL ? length : &unused,
                         inv->error) ||
           place(inv, i);
}

bool library_string_most(struct invocation *inv, size_t i, size_t most, const char **text, size_t *length) {
    return format_string(inv->memory, inv->value[i].bits, most, text, length, inv->error) || place(inv, i);
}

bool library_put(struct invocation *inv, size_t i, const char *text, size_t length) {
    uint64_t address = inv->value[i].bits;
    const char *label = memory_label(inv->memory, address);
    size_t room = memory_room(inv->memory, address);
    unsigned char *bytes;

    if (label != NULL && memory_offset(address) >= 0 && room < length + 1) {
        invocation_fail(inv, i, ERROR_MEMORY,
                        "%s() needs %zu bytes (%zu and the NUL), but %s has room for %zu%s", inv->call->name,
                        length + 1, length, label, room, memory_offset(address) > 0 ? " from here on" : "");
        error_hint(inv->error, "a larger array, or snprintf(), which is told the room and stops there");
        return false;
    }
    bytes = memory_write(inv->memory, address, length + 1, inv->error);
    if (bytes == NULL)
        return place(inv, i);
    memmove(bytes, text, length); /* text may be of the same object */
    bytes[length] = '\0';
    memory_mark(inv->memory, address, length + 1, true);
    return true;
}

void library_show(struct invocation *inv, size_t i) {
    if (inv->texts[i].length == 0)
        invocation_show_pointer(inv, i, &inv->texts[i]);
}

bool library_same(struct invocation *inv, size_t i) {
    return library_quietly(inv, (int64_t)inv->value[i].bits);
}

bool library_quietly(struct invocation *inv, int64_t result) {
    inv->result = result;
    interp_quiet(inv->interp);
    return true;
}

FILE *library_output(struct invocation *inv, size_t i) {
    FILE *stream = caller_stream(inv->caller, inv->value[i]);

    if (stream != NULL && stream != stdin)
        return stream;
    if (stream == stdin)
        invocation_fail(inv, i, ERROR_TYPE, "stdin is for reading, and %s() writes", inv->call->name);
    else if (invocation_null(inv, i))
        invocation_fail(inv, i, ERROR_MEMORY, "%s(): this stream is NULL", inv->call->name);
    else
        invocation_fail(inv, i, ERROR_TYPE, "%s() wants a stream, a FILE *", inv->call->name);
    error_hint(inv->error, "the streams to write to are stdout and stderr; write() takes a descriptor");
    return NULL;
}

uint64_t library_static(struct invocation *inv, enum library_static which, size_t size, const char *label,
                        unsigned char **bytes) {
    _Static_assert(STATIC_GAI_STRERROR < CALLER_STATICS_MAX, "a place for each");
    uint64_t *object = &inv->caller->statics[which];

    if (*object == 0)
        *object = memory_make(inv->memory, size, MEMORY_LIBRARY, label, inv->error);
    if (*object == 0)
        return 0;
    memory_mark(inv->memory, *object, size, false);
    *bytes = memory_write(inv->memory, *object, size, inv->error);
    return *bytes != NULL ? *object : 0;
}

bool library_static_text(struct invocation *inv, enum library_static which, size_t size, const char *label,
                         const char *text) {
    size_t length = strnlen(text, size - 1);
    unsigned char *bytes;
    uint64_t object = library_static(inv, which, size, label, &bytes);

    if (object == 0)
        return false;
    memcpy(bytes, text, length);
    bytes[length] = '\0';
    memory_mark(inv->memory, object, length + 1, true);
    inv->result = (int64_t)object;
    return true;
}

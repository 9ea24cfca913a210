/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any format over any values: no crash, no byte outside its object, and every
 * refusal has a sentence.  The first byte says how many values there are, one
 * byte chooses each; what is left is the format.
 */
#include <stdlib.h>
#include <string.h>

#include "call/format.h"

enum { VALUES_MOST = 8 };

struct things {
    struct memory *memory;
    struct types *types;
    uint64_t text, raw, never;
};

static uint64_t make(struct memory *memory, const char *label, const char *bytes, size_t written,
                     size_t size) {
    struct error error = {0};
    uint64_t object = memory_make(memory, size, MEMORY_VARIABLE, label, &error);
    unsigned char *room = memory_write(memory, object, size, &error);

    if (room == NULL)
        abort();
    memcpy(room, bytes, written);
    memory_mark(memory, object, written, true);
    return object;
}

static struct value choose(const struct things *things, uint8_t choice) {
    const struct type *text = types_pointer(things->types, &type_char);
    static const struct type *const integers[] = {&type_char, &type_uchar, &type_short, &type_int, &type_uint,
                                                  &type_long, &type_ulong, &type_llong, &type_bool};

    switch (choice % 8) {
    case 0:
        return (struct value){text, things->text};
    case 1:
        return (struct value){text, things->raw};
    case 2:
        return (struct value){text, things->never + choice / 8};
    case 3:
        return (struct value){text, things->text + (uint64_t)choice}; /* outside, mostly */
    case 4:
        return (struct value){text, (uint64_t)choice << 40}; /* no object, mostly */
    case 5:
        return (struct value){types_pointer(things->types, type_struct("sockaddr_in")), things->text};
    default:
        return value_of(integers[choice % (sizeof integers / sizeof *integers)],
                        (uint64_t)choice * 0x0102040810204081u);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct things things = {memory_new(1 << 20), types_new(), 0, 0, 0};
    struct value values[VALUES_MOST];
    struct span spans[VALUES_MOST] = {{0, 0}};
    size_t count = size > 0 ? data[0] % (VALUES_MOST + 1) : 0, at = size > 0;
    struct buf out = {0};
    struct error error = {0};

    things.text = make(things.memory, "text", "some words", sizeof "some words", 16);
    things.raw = make(things.memory, "raw", "rrrr", 4, 4);
    things.never = make(things.memory, "never", "", 0, 8);
    for (size_t i = 0; i < count; i++)
        values[i] = choose(&things, at < size ? data[at++] : 0);

    const struct format format = {.function = "printf",
                                  .memory = things.memory,
                                  .text = (const char *)data + at,
                                  .length = size - at,
                                  .values = values,
                                  .spans = spans,
                                  .count = count};
    bool made = format_make(&format, &out, &error);
    if (made != (error.kind == ERROR_NONE) || (!made && (error.text == NULL || error.text[0] == '\0')))
        abort();
    if (out.length > 3 * FORMAT_OUTPUT_MAX)
        abort();

    error_free(&error);
    buf_free(&out);
    memory_free(things.memory);
    types_free(things.types);
    return 0;
}

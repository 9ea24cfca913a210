/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Variables as .vars shows them; see variables.h. */
#include "view/variables.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/mem.h"
#include "call/constant.h"
#include "lang/type.h"

#define BYTES_A_LINE 16
#define NAME_COLUMN 16

static bool all_written(const unsigned char *written, size_t length) {
    return length > 0 && memchr(written, 0, length) == NULL;
}

static bool none_written(const unsigned char *written, size_t length) {
    return memchr(written, 1, length) == NULL;
}

static void add_hex(const struct board_entry *entry, size_t from, size_t count, struct buf *out) {
    for (size_t i = from; i < from + count; i++) {
        if (i >= entry->kept)
            break;
        if (entry->written[i])
            buf_addf(out, "%02x ", entry->bytes[i]);
        else
            buf_add_text(out, "?? ");
    }
}

static uint64_t integer_at(const unsigned char *bytes, size_t size) {
    union {
        uint8_t b;
        uint16_t h;
        uint32_t w;
        uint64_t d;
    } v = {0};
    memcpy(&v, bytes, size);
    switch (size) {
    case 1: return v.b;
    case 2: return v.h;
    case 4: return v.w;
    default: return v.d;
    }
}

static void add_plain_integer(const struct type *type, const unsigned char *bytes, struct buf *out) {
    uint64_t v = integer_at(bytes, type->size);
    if (!type->is_signed) {
        buf_addf(out, "%llu", (unsigned long long)v);
        return;
    }
    unsigned shift = 64 - 8 * (unsigned)type->size;
    buf_addf(out, "%lld", (long long)((int64_t)(v << shift) >> shift));
}

/* What the bytes of a field mean, read the way the network or the kernel reads them. */
static void add_meaning(const struct field *field, const unsigned char *bytes, struct buf *out) {
    const struct type *type = field->type;
    const char *type_name = type->name != NULL ? type->name : "";
    char text[INET6_ADDRSTRLEN];
    switch (field->style) {
    case FIELD_PORT_BE: {
        unsigned port = ntohs((uint16_t)integer_at(bytes, 2)), raw = (unsigned)integer_at(bytes, 2);
        buf_addf(out, "port %u (read as an integer: %u)", port, raw);
        return;
    }
    case FIELD_IPV4_BE:
        buf_add_text(out, inet_ntop(AF_INET, bytes, text, sizeof(text)));
        return;
    case FIELD_FAMILY: {
        const char *name = constant_name(&constants_family, (int64_t)integer_at(bytes, 2));
        buf_addf(out, "%s (%llu)", name != NULL ? name : "?", (unsigned long long)integer_at(bytes, 2));
        return;
    }
    case FIELD_BE:
    case FIELD_PLAIN:
        break;
    }
    if (strcmp(type_name, "struct in_addr") == 0)
        buf_add_text(out, inet_ntop(AF_INET, bytes, text, sizeof(text)));
    else if (strcmp(type_name, "struct in6_addr") == 0)
        buf_add_text(out, inet_ntop(AF_INET6, bytes, text, sizeof(text)));
    else if (type->kind == TYPE_INTEGER && type_enumerator(type, integer_at(bytes, type->size)))
        buf_addf(out, "%s (%d)", type_enumerator(type, integer_at(bytes, type->size)),
                 (int)integer_at(bytes, type->size));
    else if (type->kind == TYPE_INTEGER && type->size <= 8)
        add_plain_integer(type, bytes, out);
    else if (type->kind == TYPE_ARRAY && type->of->size == 1)
        escape_c_quoted(out, (const char *)bytes, strnlen((const char *)bytes, type->size), 32);
}

/* The bytes of a field at `offset`, and what they mean. */
static void add_field(const struct board_entry *entry, const struct field *field, const char *name,
                      size_t offset, struct buf *out) {
    size_t size = field->type->size, start = out->length;
    buf_addf(out, "    .%-*s ", NAME_COLUMN - 1, name);
    if (offset + size > entry->kept) {
        buf_addf(out, "(%zu bytes further on)\n", size);
        return;
    }
    size_t shown = size < 8 ? size : 8;
    add_hex(entry, offset, shown, out);
    if (shown < size)
        buf_add_text(out, "… ");
    while (out->length - start < 45)
        buf_add_char(out, ' ');
    const unsigned char *written = entry->written + offset;
    const unsigned char *nul = memchr(entry->bytes + offset, '\0', size);
    size_t text = nul != NULL ? (size_t)(nul - (entry->bytes + offset)) + 1 : size;
    bool is_text = field->type->kind == TYPE_ARRAY && field->type->of == &type_char && all_written(written, text);
    if (none_written(written, size))
        buf_add_text(out, "never written");
    else if (!is_text && !all_written(written, size))
        buf_add_text(out, "written in part");
    else
        add_meaning(field, entry->bytes + offset, out);
    buf_add_char(out, '\n');
}

/* Padding is worth a line: it is sent with the rest, and is where two machines' ideas of a struct part. */
static void add_padding(const struct board_entry *entry, size_t from, size_t to, struct buf *out) {
    size_t start = out->length;
    if (from >= to || to > entry->kept)
        return;
    buf_addf(out, "    %-*s ", NAME_COLUMN, "(padding)");
    add_hex(entry, from, to - from < 8 ? to - from : 8, out);
    bool written = !none_written(entry->written + from, to - from);
    while (!written && out->length - start < 45)
        buf_add_char(out, ' ');
    if (written)
        out->length--; /* the blank after the last byte */
    buf_add_text(out, written ? "\n" : "never written\n");
}

/* Those of a struct at `base`; a learner's struct within one of theirs is listed by its members, .head.type. */
static void add_fields(const struct board_entry *entry, const struct type *type, const char *before,
                       size_t base, struct buf *out) {
    size_t end = base;
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        char *name = mem_format("%s%s", before, field->name);
        size_t offset = base + field->offset;
        if (type_is_own(type))
            add_padding(entry, end, offset, out);
        if (field->type->kind == TYPE_STRUCT && type_is_own(field->type)) {
            char *inner = mem_format("%s.", name);
            add_fields(entry, field->type, inner, offset, out);
            free(inner);
        } else {
            add_field(entry, field, name, offset, out);
        }
        free(name);
        end = offset + field->type->size > end ? offset + field->type->size : end;
    }
    if (type_is_own(type))
        add_padding(entry, end, base + type->size, out);
}

/* A dump of the written part of an array of bytes. */
static void add_dump(const struct board_entry *entry, struct buf *out) {
    size_t used = entry->kept;
    while (used > 0 && (!entry->written[used - 1] || entry->bytes[used - 1] == 0))
        used--;
    used += used < entry->kept; /* the NUL after a text is worth seeing */
    if (used > 64)
        used = 64;
    for (size_t at = 0; at < used; at += BYTES_A_LINE) {
        size_t count = used - at < BYTES_A_LINE ? used - at : BYTES_A_LINE;
        buf_addf(out, "    %04zx  ", at);
        add_hex(entry, at, count, out);
        for (size_t i = count; i < BYTES_A_LINE; i++)
            buf_add_text(out, "   ");
        buf_add_char(out, ' ');
        for (size_t i = at; i < at + count; i++) {
            unsigned char c = entry->bytes[i];
            buf_add_char(out, entry->written[i] && c >= 0x20 && c < 0x7F ? (char)c : '.');
        }
        buf_add_char(out, '\n');
    }
}

/* "struct sockaddr_in server", "char message[1000]": the name inside its type. */
static void add_declaration(const struct board_entry *entry, struct buf *out) {
    const char *bracket = strchr(entry->type, '[');
    size_t length = bracket != NULL ? (size_t)(bracket - entry->type) : strlen(entry->type);
    escape_text(out, entry->type, length);
    if (length > 0 && entry->type[length - 1] != '*')
        buf_add_char(out, ' ');
    escape_text(out, entry->name, strlen(entry->name));
    if (bracket != NULL)
        escape_text(out, bracket, strlen(bracket));
}

static void add_entry(const struct board_entry *entry, struct types *types, struct buf *out) {
    struct error error = {0};
    const struct type *type = types_from_text(types, board_entry_layout(entry), &error);
    error_free(&error);
    add_declaration(entry, out);
    bool is_struct = type != NULL && type->kind == TYPE_STRUCT;
    bool is_bytes = type != NULL && type->kind == TYPE_ARRAY && type->of->size == 1;
    bool all_known = entry->kept == entry->size || strcmp(entry->shown, "?") == 0;
    if (entry->kept > 0 && none_written(entry->written, entry->kept) && all_known) {
        buf_add_text(out, "    never written\n");
        return;
    }
    if (!is_struct) {
        buf_add_text(out, " = ");
        escape_text(out, entry->shown, strlen(entry->shown));
    }
    if (is_struct || is_bytes)
        buf_addf(out, "    %zu bytes", entry->size);
    buf_add_char(out, '\n');
    if (is_struct)
        add_fields(entry, type, "", 0, out);
    else if (is_bytes)
        add_dump(entry, out);
}

void variables_show(const struct board *board, struct buf *out) {
    struct types *types = types_new();
    for (size_t i = 0; i < board->count; i++)
        add_entry(&board->entries[i], types, out);
    if (board->truncated)
        buf_add_text(out, "… there are more than fit here\n");
    types_free(types);
}

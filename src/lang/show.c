/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Values in words.  Fields whose bytes are in network byte order read as the C
 * that would give them, htons(8888) or inet_addr("127.0.0.1"), as in strace.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/address.h"
#include "base/escape.h"
#include "lang/value.h"

#define TEXT_MAX 64     /* bytes of a string */
#define ELEMENTS_MAX 16 /* of an array */
#define SHOWN_MAX 2000  /* bytes of the whole: arrays of arrays of arrays grow fast */

struct showing {
    const struct memory *memory;
    struct buf *out;
    size_t start; /* length of out before */
};

static void show_place(struct showing *showing, const struct type *type, enum field_style style,
                       uint64_t address);

static bool is_full(const struct showing *showing) {
    return showing->out->length - showing->start > SHOWN_MAX;
}

/* The bytes at an address, `size` of them written, or NULL. */
static const unsigned char *written(const struct memory *memory, uint64_t address, size_t size) {
    struct error ignored = {0};
    const unsigned char *bytes = memory_read(memory, address, size, MEMORY_WRITTEN, &ignored);

    error_free(&ignored);
    return bytes;
}

static void show_character(uint64_t bits, struct buf *out) {
    char c = (char)bits;

    if (c == '\'')
        buf_add_text(out, " '\\''");
    else if (c == '"')
        buf_add_text(out, " '\"'");
    else {
        buf_add_text(out, " '");
        escape_c(out, &c, 1);
        buf_add_char(out, '\'');
    }
}

static void show_number(struct value v, struct buf *out) {
    const char *constant = type_enumerator(v.type, v.bits);

    if (constant) {
        buf_addf(out, "%s (%lld)", constant, (long long)v.bits);
        return;
    }
    if (v.type->is_signed)
        buf_addf(out, "%lld", (long long)v.bits);
    else
        buf_addf(out, "%llu", (unsigned long long)v.bits);
    if (v.type->size == 1 && !v.type->is_bool)
        show_character(v.bits, out);
}

static void show_ipv4(uint64_t bits, struct buf *out) {
    struct in_addr in = {.s_addr = (in_addr_t)bits};
    char text[INET_ADDRSTRLEN];

    buf_addf(out, "inet_addr(\"%s\")", inet_ntop(AF_INET, &in, text, sizeof(text)));
}

static void show_styled(struct value v, enum field_style style, struct buf *out) {
    const char *family =
        style == FIELD_FAMILY && v.bits < 1000 ? address_family_name((unsigned)v.bits) : NULL;

    if (family)
        buf_add_text(out, family);
    else if ((style == FIELD_PORT_BE || style == FIELD_BE) && v.type->size == 2)
        buf_addf(out, "htons(%u)", ntohs((uint16_t)v.bits));
    else if (style == FIELD_BE && v.type->size == 4)
        buf_addf(out, "htonl(%u)", ntohl((uint32_t)v.bits));
    else if (style == FIELD_IPV4_BE && v.type->size == 4)
        show_ipv4(v.bits, out);
    else
        show_number(v, out);
}

static bool is_text(const struct type *type) {
    return type->kind == TYPE_INTEGER && type->size == 1 && !type->is_bool;
}

/* The string at an address: up to its NUL, its end, or the first byte never written. That it is longer than is shown
 * is all that is wanted of the rest. */
static void show_text(const struct memory *memory, uint64_t address, size_t most, struct buf *out) {
    size_t length = memory_written(memory, address, most < 2 * TEXT_MAX ? most : 2 * TEXT_MAX);
    const unsigned char *bytes = length > 0 ? written(memory, address, length) : NULL;

    if (!bytes)
        buf_add_char(out, '?');
    else
        escape_c_quoted(out, (const char *)bytes, strnlen((const char *)bytes, length), TEXT_MAX);
}

static void show_stream(uint64_t bits, struct buf *out) {
    static const char *const names[] = {
        [VALUE_STDIN] = "stdin", [VALUE_STDOUT] = "stdout", [VALUE_STDERR] = "stderr"};

    if (bits >= VALUE_STDIN && bits <= VALUE_STDERR)
        buf_add_text(out, names[bits]);
    else
        buf_addf(out, "0x%llx", (unsigned long long)bits);
}

static void show_pointer(const struct memory *memory, struct value v, struct buf *out) {
    const char *label = memory_label(memory, v.bits);
    bool to_text = is_text(v.type->of) && memory_written(memory, v.bits, 1) == 1;
    int64_t offset = memory_offset(v.bits);

    if (v.bits == 0) {
        buf_add_text(out, "NULL");
    } else if (v.type->of->kind == TYPE_FILE) {
        show_stream(v.bits, out);
    } else if (!label) {
        if (memory_dangles(memory, v.bits))
            buf_add_text(out, "dangling: what it pointed to is gone");
        else
            buf_addf(out, "0x%llx", (unsigned long long)v.bits);
    } else if (to_text && memory_is_literal(memory, v.bits)) {
        show_text(memory, v.bits, SIZE_MAX, out); /* its label is its text */
    } else {
        buf_addf(out, "&%s", label);
        if (offset != 0)
            buf_addf(out, "%+lld", (long long)offset);
        if (to_text) {
            buf_add_char(out, ' ');
            show_text(memory, v.bits, SIZE_MAX, out);
        }
    }
}

static void show_scalar(const struct memory *memory, struct value v, enum field_style style,
                        struct buf *out) {
    if (v.type->kind == TYPE_INTEGER)
        show_styled(v, style, out);
    else
        show_pointer(memory, v, out);
}

static void show_array(struct showing *showing, const struct type *type, uint64_t address) {
    if (is_text(type->of)) {
        show_text(showing->memory, address, type->size, showing->out);
        return;
    }
    buf_add_char(showing->out, '{');
    for (size_t i = 0; i < type->count; i++) {
        if (i > 0)
            buf_add_text(showing->out, ", ");
        if (i == ELEMENTS_MAX || is_full(showing)) {
            buf_add_text(showing->out, "...");
            break;
        }
        show_place(showing, type->of, FIELD_PLAIN, address + i * type->of->size);
    }
    buf_add_char(showing->out, '}');
}

static bool is_socket_address(const struct type *type) {
    static const char *const names[] = {"struct sockaddr", "struct sockaddr_in", "struct sockaddr_in6",
                                        "struct sockaddr_un", "struct sockaddr_storage"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strcmp(type->name, names[i]) == 0)
            return true;
    return false;
}

/* How many bytes a UNIX address has: a path to its NUL, an abstract name to its last byte that is not 0. */
static size_t unix_length(const struct sockaddr_un *un, size_t path_length) {
    size_t length = strnlen(un->sun_path, path_length);

    if (length == 0) {
        length = path_length;
        while (length > 0 && un->sun_path[length - 1] == '\0')
            length--;
    }
    return offsetof(struct sockaddr_un, sun_path) + length;
}

/* By its family, when all that the family needs has been written (padding need not be). */
static bool show_socket_address(struct showing *showing, const struct type *type, uint64_t address) {
    union {
        struct sockaddr_storage storage;
        struct sockaddr any;
        struct sockaddr_un un;
    } copy = {0};
    size_t length = memory_written(showing->memory, address, type->size);
    const unsigned char *bytes = written(showing->memory, address, length);

    if (!bytes || length < sizeof(sa_family_t))
        return false;
    memcpy(&copy, bytes, length < sizeof(copy) ? length : sizeof(copy));
    switch (copy.any.sa_family) {
    case AF_INET:
        if (length < offsetof(struct sockaddr_in, sin_zero))
            return false;
        address_show(&copy, sizeof(struct sockaddr_in), showing->out);
        return true;
    case AF_INET6:
        if (length < sizeof(struct sockaddr_in6))
            return false;
        address_show(&copy, sizeof(struct sockaddr_in6), showing->out);
        return true;
    case AF_UNIX:
        length = length < sizeof(struct sockaddr_un) ? length : sizeof(struct sockaddr_un);
        if (strcmp(type->name, "struct sockaddr_in") == 0 || strcmp(type->name, "struct sockaddr_in6") == 0)
            return false;
        address_show(&copy, unix_length(&copy.un, length - offsetof(struct sockaddr_un, sun_path)),
                     showing->out);
        return true;
    default:
        return false;
    }
}

/* {3, 4}: the descriptors that are in the set. */
static bool show_fd_set(struct showing *showing, const struct type *type, uint64_t address) {
    const unsigned char *bytes = written(showing->memory, address, type->size);
    const char *between = "";
    fd_set set;

    if (!bytes || type->size != sizeof(set))
        return false;
    memcpy(&set, bytes, sizeof(set));
    buf_add_char(showing->out, '{');
    for (int fd = 0; fd < FD_SETSIZE && !is_full(showing); fd++) {
        if (FD_ISSET(fd, &set)) {
            buf_addf(showing->out, "%s%d", between, fd);
            between = ", ";
        }
    }
    buf_add_char(showing->out, '}');
    return true;
}

static bool show_in6_addr(struct showing *showing, uint64_t address) {
    const unsigned char *bytes = written(showing->memory, address, sizeof(struct in6_addr));
    struct in6_addr in6;
    char text[INET6_ADDRSTRLEN];

    if (!bytes)
        return false;
    memcpy(&in6, bytes, sizeof(in6));
    buf_addf(showing->out, "inet_pton(AF_INET6, \"%s\")", inet_ntop(AF_INET6, &in6, text, sizeof(text)));
    return true;
}

static void show_fields(struct showing *showing, const struct type *type, uint64_t address) {
    buf_add_char(showing->out, '{');
    for (size_t i = 0; i < type->field_count; i++) {
        const struct field *field = &type->fields[i];
        if (i > 0)
            buf_add_text(showing->out, ", ");
        if (is_full(showing)) {
            buf_add_text(showing->out, "...");
            break;
        }
        buf_addf(showing->out, "%s = ", field->name);
        show_place(showing, field->type, field->style, address + field->offset);
    }
    buf_add_char(showing->out, '}');
}

static void show_struct(struct showing *showing, const struct type *type, uint64_t address) {
    if (is_socket_address(type) && show_socket_address(showing, type, address))
        return;
    if (strcmp(type->name, "fd_set") == 0 && show_fd_set(showing, type, address))
        return;
    if (strcmp(type->name, "struct in6_addr") == 0 && show_in6_addr(showing, address))
        return;
    show_fields(showing, type, address);
}

static void show_place(struct showing *showing, const struct type *type, enum field_style style,
                       uint64_t address) {
    const unsigned char *bytes;

    switch (type->kind) {
    case TYPE_INTEGER:
    case TYPE_POINTER:
        bytes = written(showing->memory, address, type->size);
        if (bytes)
            show_scalar(showing->memory, value_from_bytes(type, bytes), style, showing->out);
        else
            buf_add_char(showing->out, '?');
        break;
    case TYPE_ARRAY:
        show_array(showing, type, address);
        break;
    case TYPE_STRUCT:
        show_struct(showing, type, address);
        break;
    case TYPE_VOID:
    case TYPE_FILE:
        buf_add_char(showing->out, '?'); /* there are no bytes to show */
        break;
    }
}

void value_show_at(const struct memory *memory, const struct type *type, uint64_t address, struct buf *out) {
    struct showing showing = {memory, out, out->length};

    show_place(&showing, type, FIELD_PLAIN, address);
}

void value_show(const struct memory *memory, struct value v, struct buf *out) {
    if (v.type->kind == TYPE_VOID)
        buf_add_text(out, "(void)");
    else if (type_is_scalar(v.type))
        show_scalar(memory, v, FIELD_PLAIN, out);
    else
        value_show_at(memory, v.type, v.bits, out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Between the learner's memory and the kernel.  Before the call: everything
 * that the kernel will read was written, everything that it may write has
 * room.  After it: exactly the bytes that it wrote are marked as written.
 *
 * Null pointers pass: the kernel answers them itself, with EFAULT or by
 * leaving something out, as it does for a C program.
 */
#include <inttypes.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/address.h"
#include "call/caller.h"

static bool place(struct invocation *inv, size_t i) {
    if (inv->error->where.length == 0)
        inv->error->where = invocation_span(inv, i);
    return false;
}

static void show_null(struct invocation *inv, size_t i) {
    buf_add_text(&inv->texts[i], "NULL");
}

static void show_bytes(struct invocation *inv, size_t i, const void *bytes, size_t length) {
    buf_clear(&inv->texts[i]);
    print_bytes(bytes, length, &inv->texts[i]);
}

static size_t length_of(const struct invocation *inv, size_t i) {
    return (size_t)inv->raw[inv->call->args[i].other].i;
}

/* The remedy for a length that is too large. */
static void hint_size(struct invocation *inv, size_t i, size_t asked) {
    const char *label = memory_label(inv->memory, inv->value[i].bits);

    if (label != NULL && memory_offset(inv->value[i].bits) == 0 &&
        asked > memory_room(inv->memory, inv->value[i].bits))
        error_hint(inv->error, "sizeof(%s) is the most that fits", label);
}

static bool check_bytes_in(struct invocation *inv, size_t i) {
    if (invocation_null(inv, i)) {
        show_null(inv, i);
        return true;
    }
    inv->raw[i].cp = invocation_read(inv, i, length_of(inv, i));
    if (inv->raw[i].cp == NULL) {
        if (memory_written(inv->memory, inv->value[i].bits, 1) > 0)
            error_hint(inv->error, "the length may be strlen() of a string, or what recv() returned");
        return false;
    }
    show_bytes(inv, i, inv->raw[i].cp, length_of(inv, i));
    return true;
}

static bool check_bytes_out(struct invocation *inv, size_t i) {
    if (invocation_left_out(inv, i)) {
        uint64_t object = invocation_scratch(inv, length_of(inv, i), inv->call->args[i].name);
        if (object == 0)
            return place(inv, i);
        inv->value[i] = (struct value){types_pointer(interp_types(inv->interp), &type_char), object};
    }
    if (invocation_null(inv, i))
        return true;
    inv->raw[i].p = invocation_write(inv, i, length_of(inv, i));
    if (inv->raw[i].p == NULL)
        hint_size(inv, i, length_of(inv, i));
    return inv->raw[i].p != NULL;
}

static bool check_string(struct invocation *inv, size_t i) {
    const char *text;
    size_t length;

    if (!memory_string(inv->memory, inv->value[i].bits, &text, &length, inv->error))
        return place(inv, i);
    inv->raw[i].cp = text;
    show_bytes(inv, i, text, length);
    return true;
}

/* A field of an address that the kernel will look at must have been given a value. */
static bool field_known(struct invocation *inv, size_t i, size_t offset, size_t size, const char *field,
                        const char *remedy) {
    uint64_t address = inv->value[i].bits;
    const char *label = memory_label(inv->memory, address);

    if (offset + size > length_of(inv, i) || memory_is_written(inv->memory, address + offset, size))
        return true;
    if (label == NULL || memory_offset(address) != 0)
        label = inv->call->args[i].name;
    invocation_fail(inv, i, ERROR_MEMORY, "%s.%s was never given a value", label, field);
    error_hint(inv->error, "use %s", remedy);
    return false;
}

/* sun_path: up to its NUL, or, for an abstract name, which begins with one, up to the length. */
static bool path_known(struct invocation *inv, size_t i, const unsigned char *bytes) {
    const size_t start = offsetof(struct sockaddr_un, sun_path);
    size_t length = length_of(inv, i);
    const unsigned char *path = bytes + start;

    if (length <= start)
        return true;
    if (!field_known(inv, i, start, 1, "sun_path", "strcpy() to give it a path"))
        return false;
    if (path[0] == '\0')
        return true; /* what follows and was never written is zeros, for the kernel as well */
    size_t text = strnlen((const char *)path, length - start);
    if (text < length - start && !memory_is_written(inv->memory, inv->value[i].bits + start + text, 1)) {
        invocation_fail(inv, i, ERROR_MEMORY, "sun_path has no NUL behind the %zu bytes that were written",
                        text);
        error_hint(inv->error, "strcpy() writes one; or leave it out of the length");
        return false;
    }
    return true;
}

/* sin_family, sun_family… if the struct is a variable that was cast to the general type, as usual. */
static const char *family_field(const struct invocation *inv, size_t i) {
    const char *label = memory_label(inv->memory, inv->value[i].bits);
    const struct type *type = inv->value[i].type->of;
    struct variable variable;

    if (label != NULL && interp_find(inv->interp, label, &variable) && variable.address == inv->value[i].bits)
        type = variable.type;
    return type->kind == TYPE_STRUCT && type->field_count > 0 ? type->fields[0].name : "sa_family";
}

static bool fields_known(struct invocation *inv, size_t i, const unsigned char *bytes) {
    sa_family_t family;

    if (length_of(inv, i) < sizeof family)
        return true; /* the kernel's to refuse: EINVAL */
    memcpy(&family, bytes, sizeof family);
    if (!field_known(inv, i, 0, sizeof family, family_field(inv, i), "AF_INET, or the family of the socket"))
        return false;
    switch (family) {
    case AF_INET:
        return field_known(inv, i, offsetof(struct sockaddr_in, sin_port), sizeof(in_port_t), "sin_port",
                           "htons(8888)") &&
               field_known(inv, i, offsetof(struct sockaddr_in, sin_addr), sizeof(struct in_addr), "sin_addr",
                           "INADDR_ANY, or inet_addr(\"127.0.0.1\"), for sin_addr.s_addr");
    case AF_INET6:
        return field_known(inv, i, offsetof(struct sockaddr_in6, sin6_port), sizeof(in_port_t), "sin6_port",
                           "htons(8888)") &&
               field_known(inv, i, offsetof(struct sockaddr_in6, sin6_addr), sizeof(struct in6_addr),
                           "sin6_addr", "inet_pton(AF_INET6, \"::1\", &…)");
    case AF_UNIX:
        return path_known(inv, i, bytes);
    default:
        return true;
    }
}

static bool check_address_in(struct invocation *inv, size_t i) {
    size_t length = length_of(inv, i);

    if (invocation_null(inv, i)) {
        show_null(inv, i);
        return true;
    }
    /* A length beyond any address is refused by the kernel before it reads anything. */
    if (length > sizeof(struct sockaddr_storage))
        length = 0;
    const char *label = memory_label(inv->memory, inv->value[i].bits);
    size_t room = memory_room(inv->memory, inv->value[i].bits);
    if (label != NULL && memory_offset(inv->value[i].bits) >= 0 && length > room) {
        invocation_fail(inv, i, ERROR_MEMORY, "%s() reads %zu bytes, but %s has only %zu", inv->call->name,
                        length, label, room);
        error_hint(inv->error, "the length is sizeof(%s)", label);
        return false;
    }
    const unsigned char *bytes =
        memory_read(inv->memory, inv->value[i].bits, length, MEMORY_BOUNDS, inv->error);
    if (bytes == NULL)
        return place(inv, i);
    if (length > 0 && !fields_known(inv, i, bytes))
        return false;
    inv->raw[i].cp = bytes;
    if (length >= sizeof(sa_family_t))
        address_show(bytes, length, &inv->texts[i]);
    else
        invocation_show_pointer(inv, i, &inv->texts[i]);
    return true;
}

/* A socklen_t of the call's own, for one that was left out. */
static bool make_length(struct invocation *inv, size_t i, size_t room) {
    socklen_t length = (socklen_t)room;
    uint64_t object = invocation_scratch(inv, sizeof length, inv->call->args[i].name);
    unsigned char *bytes = object != 0 ? memory_write(inv->memory, object, sizeof length, inv->error) : NULL;

    if (bytes == NULL)
        return place(inv, i);
    memcpy(bytes, &length, sizeof length);
    memory_mark(inv->memory, object, sizeof length, true);
    inv->value[i] = (struct value){types_pointer(interp_types(inv->interp), &type_uint), object};
    return true;
}

/* The value-result length: set before, or the kernel would take garbage for the room. */
static bool check_length(struct invocation *inv, size_t i) {
    size_t of = inv->call->args[i].other;

    if (invocation_left_out(inv, i) && !make_length(inv, i, memory_room(inv->memory, inv->value[of].bits)))
        return false;
    if (invocation_null(inv, i) || invocation_null(inv, of))
        return true; /* without an address the kernel does not look at the length */
    inv->raw[i].p = invocation_write(inv, i, sizeof inv->length_before);
    if (inv->raw[i].p == NULL)
        return false;
    if (!memory_is_written(inv->memory, inv->value[i].bits, sizeof inv->length_before)) {
        const char *label = memory_label(inv->memory, inv->value[i].bits);
        const char *room = memory_label(inv->memory, inv->value[of].bits);
        invocation_fail(inv, i, ERROR_MEMORY,
                        "%s goes in with the room and comes out with the size; %s was never set",
                        inv->call->args[i].name, label != NULL ? label : "it");
        error_hint(inv->error, "%s = sizeof(%s)", label != NULL ? label : "length",
                   room != NULL ? room : "address");
        return false;
    }
    memcpy(&inv->length_before, inv->raw[i].p, sizeof inv->length_before);
    return true;
}

static bool check_address_out(struct invocation *inv, size_t i) {
    size_t length = inv->call->args[i].other;

    if (invocation_left_out(inv, i)) {
        uint64_t object = invocation_scratch(inv, sizeof(struct sockaddr_storage), inv->call->args[i].name);
        if (object == 0)
            return place(inv, i);
        inv->value[i] =
            (struct value){types_pointer(interp_types(inv->interp), type_struct("sockaddr")), object};
    }
    if (invocation_null(inv, i))
        return true;
    if (!check_length(inv, length))
        return false;
    /* Without a length, or with a negative one, the kernel refuses and writes nothing. */
    bool fails = invocation_null(inv, length) || inv->length_before < 0;
    size_t room = fails ? 0 : (size_t)inv->length_before;
    inv->raw[i].p = invocation_write(inv, i, room);
    if (inv->raw[i].p == NULL)
        hint_size(inv, i, room);
    return inv->raw[i].p != NULL;
}

bool argument_check(struct invocation *inv, size_t i) {
    const struct call_arg *arg = &inv->call->args[i];

    switch (arg->kind) {
    case ARG_INT:
    case ARG_FD:
    case ARG_CONST:
    case ARG_FLAGS:
    case ARG_SIZE:
        print_integer(arg, inv->raw[i].i, &inv->texts[i]);
        return true;
    case ARG_BYTES_IN:
        return check_bytes_in(inv, i);
    case ARG_BYTES_OUT:
        return check_bytes_out(inv, i);
    case ARG_STRING:
        return check_string(inv, i);
    case ARG_ADDRESS_IN:
        return check_address_in(inv, i);
    case ARG_ADDRESS_OUT:
        return check_address_out(inv, i);
    case ARG_LENGTH:
        return check_length(inv, i);
    case ARG_INT_OUT:
        inv->raw[i].p = invocation_null(inv, i) ? NULL : invocation_write(inv, i, sizeof(int));
        return invocation_null(inv, i) || inv->raw[i].p != NULL;
    case ARG_END:
    case ARG_POINTER:
    case ARG_MORE:
        break;
    }
    return true;
}

int message_flags(const struct invocation *inv) {
    for (size_t i = 0; inv->call->args[i].kind != ARG_END; i++)
        if (inv->call->args[i].set == &constants_message)
            return (int)inv->raw[i].i;
    return 0;
}

/* tcp(7): with MSG_TRUNC, TCP throws the bytes away instead of handing them over. */
bool bytes_discarded(const struct invocation *inv) {
    int type = 0, protocol = 0;
    socklen_t length = sizeof type;

    if (!(message_flags(inv) & MSG_TRUNC))
        return false;
    int fd = (int)inv->raw[0].i;
    return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) == 0 && type == SOCK_STREAM &&
           getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &length) == 0 && protocol == IPPROTO_TCP;
}

static void written_bytes(struct invocation *inv, size_t i) {
    size_t length = length_of(inv, i);

    if (inv->result < 0 || invocation_null(inv, i) || bytes_discarded(inv)) {
        invocation_show_pointer(inv, i, &inv->texts[i]);
        return;
    }
    if ((size_t)inv->result < length) /* MSG_TRUNC gives the length of a longer datagram */
        length = (size_t)inv->result;
    memory_mark(inv->memory, inv->value[i].bits, length, true);
    show_bytes(inv, i, inv->raw[i].p, length);
}

size_t address_filled(const struct invocation *inv, size_t i) {
    const void *given = inv->raw[inv->call->args[i].other].cp;
    int32_t length;

    if (inv->result < 0 || inv->raw[i].p == NULL || given == NULL)
        return 0;
    memcpy(&length, given, sizeof length);
    length = length < inv->length_before ? length : inv->length_before;
    return length > 0 ? (size_t)length : 0;
}

static void written_address(struct invocation *inv, size_t i) {
    size_t length = address_filled(inv, i);

    if (length < sizeof(sa_family_t)) {
        invocation_show_pointer(inv, i, &inv->texts[i]);
        return;
    }
    memory_mark(inv->memory, inv->value[i].bits, length, true);
    address_show(inv->raw[i].p, length, &inv->texts[i]);
}

static void written_length(struct invocation *inv, size_t i) {
    int32_t after;

    if (inv->raw[i].p == NULL) {
        invocation_show_pointer(inv, i, &inv->texts[i]);
        return;
    }
    memcpy(&after, inv->raw[i].p, sizeof after);
    if (inv->result >= 0)
        memory_mark(inv->memory, inv->value[i].bits, sizeof after, true);
    if (after == inv->length_before)
        buf_addf(&inv->texts[i], "[%" PRId32 "]", after);
    else
        buf_addf(&inv->texts[i], "[%" PRId32 " => %" PRId32 "]", inv->length_before, after);
}

void argument_written(struct invocation *inv, size_t i) {
    int number;

    if (inv->texts[i].length > 0)
        return;
    switch (inv->call->args[i].kind) {
    case ARG_BYTES_OUT:
        written_bytes(inv, i);
        break;
    case ARG_ADDRESS_OUT:
        written_address(inv, i);
        break;
    case ARG_LENGTH:
        written_length(inv, i);
        break;
    case ARG_INT_OUT:
        if (inv->result >= 0 && inv->raw[i].p != NULL) {
            memory_mark(inv->memory, inv->value[i].bits, sizeof number, true);
            memcpy(&number, inv->raw[i].p, sizeof number);
            buf_addf(&inv->texts[i], "[%d]", number);
            break;
        }
        invocation_show_pointer(inv, i, &inv->texts[i]);
        break;
    case ARG_POINTER:
        invocation_show_pointer(inv, i, &inv->texts[i]);
        break;
    case ARG_END:
    case ARG_INT:
    case ARG_FD:
    case ARG_CONST:
    case ARG_FLAGS:
    case ARG_SIZE:
    case ARG_BYTES_IN:
    case ARG_STRING:
    case ARG_ADDRESS_IN:
    case ARG_MORE:
        break;
    }
}

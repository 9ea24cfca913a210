/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What handlers need of a call under way: announcing, reporting, and checked
 * access to what arguments point to.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "call/caller.h"

static int about_descriptor(const struct invocation *inv) {
    for (size_t i = 0; inv->call->args[i].kind != ARG_END; i++)
        if (inv->call->args[i].kind == ARG_FD)
            return (int)inv->raw[i].i;
    return -1;
}

/* The number of its buffer argument, in or out; -1: it has none. */
static int buffer_of(const struct call *call) {
    for (int i = 0; call->args[i].kind != ARG_END; i++)
        if (call->args[i].kind == ARG_BYTES_IN || call->args[i].kind == ARG_BYTES_OUT)
            return i;
    return -1;
}

/* The bytes that a call with a buffer argument is about: at most, for one that receives. */
static size_t asked_for(const struct invocation *inv) {
    int i = buffer_of(inv->call);
    return i >= 0 ? (size_t)inv->raw[inv->call->args[i].other].i : 0;
}

void invocation_enter(struct invocation *inv) {
    const struct call_host *host = &inv->caller->host;
    struct buf text = {0}, about = {0};

    if (!(inv->call->flags & (CALL_SYSTEM | CALL_BLOCKS)))
        return;
    print_call(inv, &text);
    if (inv->caller->narrate && !inv->announced) /* the child of fork() asks for nothing */
        print_about(inv, &about);
    inv->announced = true;
    inv->caller->announced = inv;
    const struct call_record record = {
        .call = inv->call,
        .text = buf_text(&text),
        .fd = about_descriptor(inv),
        .asked = asked_for(inv),
        .about = about.length > 0 ? buf_text(&about) : NULL,
    };
    host->entered(host->context, &record);
    buf_free(&text);
    buf_free(&about);
}

/* The bytes of a call that has a buffer argument, unless its handler has told them. */
static void find_data(struct invocation *inv) {
    int i = buffer_of(inv->call);
    if (inv->moves_data || i < 0)
        return;
    inv->asked = asked_for(inv);
    inv->moves_data = true;
    inv->data_out = inv->call->args[i].kind == ARG_BYTES_IN;
    if (inv->result > 0 && inv->raw[i].cp != NULL && (inv->data_out || !bytes_discarded(inv)))
        invocation_data(inv, inv->raw[i].cp,
                        (size_t)inv->result < inv->asked ? (size_t)inv->result : inv->asked, inv->data_out);
}

/* The address argument, unless the handler has told it (sendmsg). */
static void find_address(struct invocation *inv) {
    for (size_t i = 0; inv->address_length == 0 && inv->call->args[i].kind != ARG_END; i++) {
        const struct call_arg *arg = &inv->call->args[i];
        if (inv->raw[i].cp == NULL)
            continue;
        if (arg->kind == ARG_ADDRESS_IN)
            invocation_address(inv, inv->raw[i].cp, (size_t)inv->raw[arg->other].i);
        if (arg->kind == ARG_ADDRESS_OUT)
            invocation_address(inv, inv->raw[i].cp, address_filled(inv, i));
    }
}

static void report(struct invocation *inv, int error) {
    const struct call_host *host = &inv->caller->host;
    struct buf text = {0};

    find_data(inv);
    find_address(inv);
    print_call(inv, &text);
    if (inv->result_text.length == 0)
        print_result(inv->result, error, &inv->result_text);
    const struct call_record record = {
        .call = inv->call,
        .text = buf_text(&text),
        .result = inv->result,
        .error = error,
        .result_text = buf_text(&inv->result_text),
        .fd = about_descriptor(inv),
        .data = buf_text(&inv->data),
        .data_length = inv->data.length,
        .data_total = inv->data_total,
        .data_out = inv->data_out,
        .asked = inv->asked,
        .moves_data = inv->moves_data,
        .flags = inv->moves_data ? message_flags(inv) : 0,
        .address = &inv->address,
        .address_length = inv->address_length,
    };
    host->returned(host->context, &record);
    buf_free(&text);
}

void invocation_leave(struct invocation *inv, int64_t result, int error) {
    inv->result = result;
    inv->caller->announced = NULL;
    if (error != 0 && inv->call->failures == NULL)
        inv->saved_errno = error;
    for (size_t i = 0; inv->call->args[i].kind != ARG_END && i < CALL_ARGS_MAX; i++)
        argument_written(inv, i);
    if (!(inv->call->flags & (CALL_SYSTEM | CALL_TOLD)))
        return;
    report(inv, error);
    interp_quiet(inv->interp);
}

void invocation_leave_failed(struct invocation *inv, int64_t result, const char *shown, int failure) {
    const char *name = call_error_name(inv->call, failure), *words = call_error_words(inv->call, failure);

    buf_addf(&inv->result_text, "%s %s (%s)", shown, name != NULL ? name : "?", words != NULL ? words : "?");
    invocation_leave(inv, result, failure);
}

void invocation_leave_libc(struct invocation *inv, long result) {
    int error = errno;

    invocation_leave(inv, result, result == -1 ? error : 0);
}

struct span invocation_span(const struct invocation *inv, size_t i) {
    const struct node *node = inv->node->list;

    while (node != NULL && i-- > 0)
        node = node->next;
    if (node != NULL)
        return node->where;
    return inv->node->operator.length> 0 ? inv->node->operator: inv->node->where;
}

bool invocation_fail(struct invocation *inv, size_t i, enum error_kind kind, const char *format, ...) {
    struct buf text = {0};
    va_list arguments;

    va_start(arguments, format);
    buf_addv(&text, format, arguments);
    va_end(arguments);
    error_set(inv->error, kind, invocation_span(inv, i), "%s", buf_text(&text));
    buf_free(&text);
    return false;
}

bool invocation_null(const struct invocation *inv, size_t i) {
    return inv->value[i].bits == 0;
}

bool invocation_left_out(const struct invocation *inv, size_t i) {
    return inv->value[i].type == NULL;
}

/* Errors of the memory know no place; give them the argument's. */
static void place(struct invocation *inv, size_t i) {
    if (inv->error->where.length == 0)
        inv->error->where = invocation_span(inv, i);
}

/* An object that is too small is said in the call's terms; everything else by the memory itself. */
static bool fits(struct invocation *inv, size_t i, size_t size, bool writes) {
    uint64_t address = inv->value[i].bits;
    size_t room = memory_room(inv->memory, address);
    const char *label = memory_label(inv->memory, address);

    if (label == NULL || memory_offset(address) < 0 || size <= room)
        return true;
    return invocation_fail(inv, i, ERROR_MEMORY, "%s() %s %zu byte%s, but %s has %s %zu%s", inv->call->name,
                           writes ? "may write" : "reads", size, size == 1 ? "" : "s", label,
                           writes ? "room for" : "only", room,
                           memory_offset(address) > 0 ? " from here on" : "");
}

/* The compiler put a byte between two members that the program cannot name, and so could not write. */
static bool refuse_padding(struct invocation *inv, size_t i, size_t written, const char *label) {
    invocation_fail(inv, i, ERROR_MEMORY, "%s() reads byte %zu of %s, which is padding and was never written",
                    inv->call->name, written, label);
    error_hint(inv->error,
               "C would send what happens to lie there: memset() all of it to 0 before its members are "
               "set, or send them one by one");
    return false;
}

static bool known(struct invocation *inv, size_t i, size_t size) {
    uint64_t address = inv->value[i].bits;
    size_t written = memory_written(inv->memory, address, size);
    const char *label = memory_label(inv->memory, address);

    if (written == size || label == NULL)
        return true;
    const struct type *pointer = inv->value[i].type, *type = pointer->of;
    if (written > 0 && pointer->kind == TYPE_POINTER && type_is_own(type) &&
        type_is_padding(type, written % type->size))
        return refuse_padding(inv, i, written, label);
    if (written == 0)
        return invocation_fail(inv, i, ERROR_MEMORY, "%s() reads %s, which was never given a value",
                               inv->call->name, label);
    return invocation_fail(inv, i, ERROR_MEMORY,
                           "%s() reads %zu bytes of %s, but only the first %zu were ever written",
                           inv->call->name, size, label, written);
}

const unsigned char *invocation_read(struct invocation *inv, size_t i, size_t size) {
    const unsigned char *bytes = NULL;

    if (fits(inv, i, size, false) && known(inv, i, size))
        bytes = memory_read(inv->memory, inv->value[i].bits, size, MEMORY_WRITTEN, inv->error);
    if (bytes == NULL)
        place(inv, i);
    return bytes;
}

unsigned char *invocation_write(struct invocation *inv, size_t i, size_t size) {
    unsigned char *bytes = NULL;

    if (fits(inv, i, size, true))
        bytes = memory_write(inv->memory, inv->value[i].bits, size, inv->error);
    if (bytes == NULL)
        place(inv, i);
    return bytes;
}

uint64_t invocation_scratch(struct invocation *inv, size_t size, const char *label) {
    if (inv->scratch_count == CALL_ARGS_MAX) {
        error_set(inv->error, ERROR_LIMIT, inv->node->where, "this call needs too many objects of its own");
        return 0;
    }
    uint64_t object = memory_make(inv->memory, size, MEMORY_LIBRARY, label, inv->error);
    if (object != 0)
        inv->scratch[inv->scratch_count++] = object;
    return object;
}

void invocation_address(struct invocation *inv, const void *address, size_t length) {
    inv->address_length = length < sizeof inv->address ? length : sizeof inv->address;
    memcpy(&inv->address, address, inv->address_length);
}

void invocation_data(struct invocation *inv, const void *bytes, size_t length, bool out) {
    size_t room = CALL_DATA_MAX - inv->data.length;

    buf_add(&inv->data, bytes, length < room ? length : room);
    inv->data_total += length;
    inv->data_out = out;
    inv->moves_data = true;
}
